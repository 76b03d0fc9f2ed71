package selftest

import (
	"bytes"
	"fmt"
	"time"

	"wdsocket/core"
	"wdsocket/core/charset"
	"wdsocket/core/fault"
	"wdsocket/core/option"
)

// stage is what the trials play on: sockets of a library of their own.
type stage struct {
	lib   *core.Library
	enc   charset.Encoding
	lang  fault.Language
	until time.Time
	each  time.Duration // that a call may take
	open  []*core.Socket
}

const here = "127.0.0.1"

// left is how long the next call may take.
func (s *stage) left() time.Duration {
	return max(min(s.each, time.Until(s.until)), 0)
}

// socket makes a socket that is closed when the trial is over.
func (s *stage) socket() *core.Socket {
	k := s.lib.NewSocket("")
	s.open = append(s.open, k)
	return k
}

// clear closes what a trial has left open.
func (s *stage) clear() {
	for _, k := range s.open {
		_ = k.Close() // the trial may have closed it
	}
	s.open = nil
}

// leftovers tells whether the library holds something after all was closed.
func (s *stage) leftovers() error {
	for _, what := range []core.Number{core.NumSockets, core.NumGoroutines, core.NumBufferedBytes} {
		if n, err := s.lib.Number(what); err != nil || n != 0 {
			return fmt.Errorf("WDS_NUM %d = %d", what, n)
		}
	}
	return nil
}

// scene is how the sockets of a conversation are set up.
type scene struct {
	secure bool
	server func(*core.Socket) error
	client func(*core.Socket) error
}

// both sets server and client up in the same way.
func both(set func(*core.Socket) error) scene { return scene{server: set, client: set} }

// layers are those of both ends.
func (sc scene) layers() core.Layers {
	if sc.secure {
		return core.LayerTLS
	}
	return 0
}

// listen opens a server on loopback.
func (s *stage) listen(sc scene) (server *core.Socket, port int, err error) {
	server = s.socket()
	if sc.server != nil {
		if err := sc.server(server); err != nil {
			return nil, 0, err
		}
	}
	if err := server.Open(core.KindServer, sc.layers(), 0, here, 0); err != nil {
		return nil, 0, err
	}
	port, err = portOf(server)
	return server, port, err
}

func portOf(k *core.Socket) (int, error) {
	end, err := k.Local()
	return int(end.Port()), err
}

// connect opens a client.
func (s *stage) connect(sc scene, port int) (*core.Socket, error) {
	client := s.socket()
	if sc.client != nil {
		if err := sc.client(client); err != nil {
			return nil, err
		}
	}
	return client, client.Open(core.KindClient, sc.layers(), port, here, s.left())
}

// pair connects a client with a server's channel.
func (s *stage) pair(sc scene) (client, channel *core.Socket, err error) {
	server, port, err := s.listen(sc)
	if err != nil {
		return nil, nil, err
	}
	if client, err = s.connect(sc, port); err != nil {
		return nil, nil, err
	}
	if channel, err = server.Accept(s.left(), nil); err != nil {
		return nil, nil, err
	}
	s.open = append(s.open, channel)
	return client, channel, nil
}

// converse sends a message there and back.
func (s *stage) converse(client, channel *core.Socket, msg []byte) error {
	got := make([]byte, len(msg)+1)
	for _, way := range [2][2]*core.Socket{{client, channel}, {channel, client}} {
		if _, err := way[0].Write(msg); err != nil {
			return err
		}
		if err := s.receive(way[1], got, msg); err != nil {
			return err
		}
	}
	return nil
}

// receive reads a message, in raw mode piece by piece, and compares it.
func (s *stage) receive(k *core.Socket, got, msg []byte) error {
	have := 0
	for have < len(msg) {
		n, err := k.Read(got[have:], s.left())
		if err != nil {
			return err
		}
		have += n
		if !raw(k) {
			break
		}
	}
	return same(got[:have], msg)
}

func raw(k *core.Socket) bool {
	mode, err := k.Option(option.Mode)
	return err == nil && mode == rawMode
}

// same is nil if the bytes are those that were sent.
func same(got, msg []byte) error {
	if bytes.Equal(got, msg) {
		return nil
	}
	return said{
		fmt.Sprintf("%d bytes came that are not the %d sent", len(got), len(msg)),
		fmt.Sprintf("%d octets reçus, qui ne sont pas les %d envoyés", len(got), len(msg)),
	}
}

// expect is nil if an error is the one that had to come.
func expect(err error, code fault.Code) error {
	if fault.CodeOf(err) == code {
		return nil
	}
	if err != nil {
		return err
	}
	return said{
		"an error had to come: " + code.Name(),
		"une erreur était attendue : " + code.Name(),
	}
}
