package selftest

import (
	"errors"
	"fmt"
	"time"

	"wdsocket/core"
	"wdsocket/core/charset"
	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
	"wdsocket/core/task"
)

// trials are all that is tried, in the order of the report.
func trials() []trial {
	all := []trial{
		{said{"characters of the host text", "caractères du texte hôte"}, (*stage).characters},
		{said{"a refused connection", "une connexion refusée"}, (*stage).refused},
		{said{"a wait is ended by another thread", "une attente interrompue par un autre thread"}, (*stage).cancelled},
		{said{"two threads at once", "deux threads à la fois"}, (*stage).twoThreads},
	}
	for _, m := range modes() {
		all = append(all, trial{said{"mode " + m.name.english, "mode " + m.name.french}, m.run})
	}
	return append(all,
		trial{said{"TLS", "TLS"}, (*stage).tls},
		trial{said{"TLS with an unknown certificate", "TLS avec un certificat inconnu"}, (*stage).tlsUnknown},
		trial{said{"UDP", "UDP"}, (*stage).udp},
		trial{said{"events of a queue", "événements d'une file"}, (*stage).events},
		trial{said{"events by a callback", "événements par callback"}, (*stage).callback},
	)
}

// characters goes through the host's encoding and back.
func (s *stage) characters() (string, error) {
	const text = "é à ç ü ß"
	if back := charset.Decode(s.enc, charset.Encode(s.enc, text)); back != text {
		return "", said{"they become " + back, "ils deviennent " + back}
	}
	return text, nil
}

// refused connects to a port that nobody listens on: a negative result with a
// code, a text and the system's number.
func (s *stage) refused() (string, error) {
	server, port, err := s.listen(scene{})
	if err != nil {
		return "", err
	}
	if err := server.Close(); err != nil {
		return "", err
	}
	_, err = s.connect(scene{}, port)
	if wrong := expect(err, fault.Refused); wrong != nil {
		return "", wrong
	}
	var e *fault.Error
	if !errors.As(err, &e) {
		return "", err
	}
	return fmt.Sprintf("%d %s, %s", int32(e.Code), e.Code.Name(), e.Text(s.lang)), nil
}

// beside runs f in another thread.
func beside(f func() error) <-chan error {
	done := make(chan error, 1)
	const name = "a thread of the self-test"
	task.Go(name, nil, func() {
		var err error
		if fell := task.Catch(name, func() { err = f() }); fell != nil {
			err = fell
		}
		done <- err
	})
	return done
}

// cancelled wakes a thread that waits, again and again until it has begun to.
func (s *stage) cancelled() (string, error) {
	client, channel, err := s.pair(scene{})
	if err != nil {
		return "", err
	}
	limit := s.left()
	waiting := beside(func() error {
		_, err := client.Read(make([]byte, 1), limit)
		return err
	})
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-waiting:
			if wrong := expect(err, fault.Cancelled); wrong != nil {
				return "", wrong
			}
			return "", s.converse(client, channel, []byte("it is open still"))
		case <-tick.C:
			client.Cancel()
		}
	}
}

// twoThreads lets one thread write and another one echo.
func (s *stage) twoThreads() (string, error) {
	client, channel, err := s.pair(scene{})
	if err != nil {
		return "", err
	}
	const rounds = 200
	limit := s.left()
	echo := beside(func() error {
		buf := make([]byte, 100)
		for range rounds {
			n, err := channel.Read(buf, limit)
			if err != nil {
				return err
			}
			if _, err := channel.Write(buf[:n]); err != nil {
				return err
			}
		}
		return nil
	})
	defer client.Close() // which ends the other thread, too
	got := make([]byte, 100)
	for i := range rounds {
		msg := []byte(fmt.Sprintf("message %d", i))
		if _, err := client.Write(msg); err != nil {
			return "", err
		}
		if err := s.receive(client, got, msg); err != nil {
			return "", err
		}
	}
	return "", <-echo
}

// mode is a transmission mode.
type mode struct {
	name  said
	mode  frame.Mode
	set   map[option.ID]int32
	text  string // the description of mode 8
	sizes []int
}

const (
	rawMode   = int32(frame.Raw)
	fixedSize = 64
)

func modes() []mode {
	some := []int{1, 64, 20000}
	return []mode{
		{said{"0, end tag", "0, marqueur de fin"}, frame.EndTag, nil, "", some},
		{said{"1, size", "1, taille"}, frame.Size, nil, "", some},
		{said{"2, end tag in a buffer", "2, marqueur de fin dans un buffer"}, frame.EndTagBuffer, nil, "", some},
		{said{"3, raw", "3, brut"}, frame.Raw, nil, "", some},
		{said{"4, length field", "4, champ de longueur"}, frame.Length, nil, "", some},
		{said{"5, fixed length", "5, longueur fixe"}, frame.Fixed, map[option.ID]int32{option.FrameLength: fixedSize}, "", []int{fixedSize, fixedSize}},
		{said{"6, markers", "6, marqueurs"}, frame.Markers, nil, "", some},
		{said{"7, silence", "7, silence"}, frame.Gap, map[option.ID]int32{option.FrameGap: 60}, "", []int{1, 64}},
		{said{"8, described", "8, décrit"}, frame.Described, nil, "02 len:u32be=d d=data crc-16/modbus/hex(d) 03", some},
	}
}

func (m mode) prepare(k *core.Socket) error {
	for id, value := range m.set {
		if err := k.SetOption(id, value); err != nil {
			return err
		}
	}
	if m.text != "" {
		return k.SetText(option.TextFrame, m.text)
	}
	return k.SetMode(m.mode, nil)
}

// run holds a conversation in the mode.
func (m mode) run(s *stage) (string, error) {
	client, channel, err := s.pair(both(m.prepare))
	if err != nil {
		return "", err
	}
	for _, size := range m.sizes {
		if err := s.converse(client, channel, pattern(size)); err != nil {
			return "", err
		}
	}
	return "", s.closeAndCheck(client, channel)
}

// closeAndCheck closes one end and sees that the other is told.
func (s *stage) closeAndCheck(client, channel *core.Socket) error {
	if err := client.Close(); err != nil {
		return err
	}
	_, err := channel.Read(make([]byte, 1), s.left())
	return expect(err, fault.PeerClosed)
}

// pattern is a message without the bytes that end one.
func pattern(size int) []byte {
	p := make([]byte, size)
	for i := range p {
		p[i] = byte('A' + i%26)
	}
	return p
}

// udp sends a datagram there and back.
func (s *stage) udp() (string, error) {
	var ends [2]*core.Socket
	var ports [2]int
	for i := range ends {
		ends[i] = s.socket()
		if err := ends[i].Open(core.KindUDP, 0, 0, here, 0); err != nil {
			return "", err
		}
		var err error
		if ports[i], err = portOf(ends[i]); err != nil {
			return "", err
		}
	}
	msg := pattern(500)
	buf := make([]byte, 1000)
	for i := range ends {
		if _, err := ends[i].WriteTo(msg, here, ports[1-i]); err != nil {
			return "", err
		}
		var from endpoint.Addr
		n, err := ends[1-i].ReadFrom(buf, s.left(), func(a endpoint.Addr) error { from = a; return nil })
		if err != nil {
			return "", err
		}
		if int(from.Port()) != ports[i] {
			return "", said{"it came from " + from.String(), "il vient de " + from.String()}
		}
		if err := same(buf[:n], msg); err != nil {
			return "", err
		}
	}
	return "", nil
}
