package selftest

import (
	"sync/atomic"
	"time"

	"wdsocket/core"
	"wdsocket/core/fault"
)

// party is a server that a queue manages, a timer, and a client that talks to
// the server.
type party struct {
	stage   *stage
	queue   *core.Queue
	client  *core.Socket
	channel *core.Socket
	heard   [4]atomic.Int32 // events by kind: accepted, message, end, timer
}

var partyHello = []byte("hello, queue")

// invite makes a party; the client has sent its message. Its queue is closed by
// the caller.
func (s *stage) invite() (*party, error) {
	p := &party{stage: s}
	var err error
	p.queue, err = s.lib.NewQueue(func(channel *core.Socket) error {
		p.channel = channel
		return nil
	})
	if err != nil {
		return nil, err
	}
	p.queue.SetID(1)
	if err = p.arrive(); err != nil {
		_ = p.queue.Close()
		return nil, err
	}
	return p, nil
}

func (p *party) arrive() error {
	server, port, err := p.stage.listen(scene{})
	if err != nil {
		return err
	}
	if err := p.queue.Attach(server, true); err != nil {
		return err
	}
	if _, err := p.queue.NewTimer(time.Millisecond, 0, 0, 0); err != nil {
		return err
	}
	if p.client, err = p.stage.connect(scene{}, port); err != nil {
		return err
	}
	_, err = p.client.Write(partyHello)
	return err
}

// answer does what an event leads to.
func (p *party) answer(e *core.Event) error {
	switch e.Kind {
	case core.EventAccepted:
		p.heard[0].Add(1)
	case core.EventMessage:
		p.heard[1].Add(1)
		buf := make([]byte, 100)
		n, err := p.channel.Read(buf, 0)
		if err != nil {
			return err
		}
		_, err = p.channel.Write(buf[:n])
		return err
	case core.EventPeerClosed:
		p.heard[2].Add(1)
		return p.channel.Close()
	case core.EventTimer:
		p.heard[3].Add(1)
	default:
		return fault.Code(e.Code)
	}
	return nil
}

// leave makes the client read the answer and go.
func (p *party) leave() error {
	if err := p.stage.receive(p.client, make([]byte, 100), partyHello); err != nil {
		return err
	}
	return p.client.Close()
}

// complete tells whether each event has come.
func (p *party) complete() bool {
	for i := range p.heard {
		if p.heard[i].Load() == 0 {
			return false
		}
	}
	return true
}

// once is nil if each event has come one time.
func (p *party) once() error {
	for i := range p.heard {
		if p.heard[i].Load() != 1 {
			return said{"events came more than once", "des événements sont venus plusieurs fois"}
		}
	}
	return nil
}

// events fetches the events of a queue.
func (s *stage) events() (string, error) {
	p, err := s.invite()
	if err != nil {
		return "", err
	}
	defer p.queue.Close()
	out := make([]core.Event, 16)
	gone := false
	for !p.complete() {
		n, err := p.queue.Next(out, s.left())
		if err != nil {
			return "", err
		}
		for i := range out[:n] {
			if err := p.answer(&out[i]); err != nil {
				return "", err
			}
		}
		if p.heard[1].Load() > 0 && !gone {
			gone = true
			if err := p.leave(); err != nil {
				return "", err
			}
		}
	}
	return "", p.once()
}

// callback has the same events told by calls.
func (s *stage) callback() (string, error) {
	p, err := s.invite()
	if err != nil {
		return "", err
	}
	defer p.queue.Close()
	over := make(chan error, 1)
	tell := func(err error) {
		select {
		case over <- err:
		default: // only the first counts
		}
	}
	err = p.queue.SetCallback(func(e *core.Event) {
		if err := p.answer(e); err != nil {
			tell(err)
		} else if p.complete() {
			tell(nil)
		}
	}, core.NoCallback)
	if err != nil {
		return "", err
	}
	if err := p.leave(); err != nil {
		return "", err
	}
	select {
	case err = <-over:
	case <-time.After(s.left()):
		err = fault.Timeout
	}
	if err != nil {
		return "", err
	}
	return "", p.once()
}
