package main

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"wdsocket/core"
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
)

type proxyCommand struct {
	Listen string `arg:"" help:"Where clients connect to: port, host:port, tls://:port with --cert."`
	Target string `arg:"" help:"Where they are led to: host:port, tls://host:port, unix:/path."`
	common
	Hex  bool `short:"x" group:"Messages" help:"Show bytes in hexadecimal."`
	Once bool `group:"Messages" help:"End when the first client has gone."`
}

func (proxyCommand) Help() string {
	return `Stands between two programs and shows what they say: > from the client, < from the target. The
bytes are passed on as they are; --frame only says where one message ends in what is shown.

  wdsock proxy 5001 10.0.0.5:4001            let the program connect to port 5001 of this machine
  wdsock proxy -f line 5001 10.0.0.5:4001    one line for each message
  wdsock proxy -x -f modbus-tcp 5502 10.0.0.5:502
                                             bytes of whole messages
  wdsock proxy --capture talk.pcapng 5001 10.0.0.5:4001
                                             for Wireshark, too
  wdsock proxy 5001 tls://10.0.0.5:8883      a client without TLS, and what is in TLS
  wdsock proxy --set FAULTS="send:partial=1..3" 5001 10.0.0.5:4001
                                             a bad network (docs/capture.md)`
}

func (c *proxyCommand) Run(s *session) error {
	framer, err := c.framer()
	if err != nil {
		return err
	}
	s.out.hex = c.Hex
	c.Frame = "" // bytes are passed on
	trial, err := c.socket(s)
	if err != nil { // now, and not when the first client is there
		return err
	}
	_ = trial.Close()
	plain := c.common // of clients: what is recorded, and goes wrong, is the connection to the target
	plain.Capture, plain.Set, plain.Proxy, plain.TLS = "", nil, "", false
	server, err := plain.open(s, core.KindServer, addressOf(c.Listen))
	if err != nil {
		return err
	}
	defer server.Close()
	end, _ := server.Local() // it is open
	s.out.note("listening", end.String(), sayf("listening at %s, to %s", "à l'écoute sur %s, vers %s", end, c.Target).in(s.lib.Language()))
	var busy sync.WaitGroup
	defer busy.Wait()
	for number := 1; ; number++ {
		k, err := s.next(server)
		if k == nil {
			return err
		}
		if c.Once {
			c.lead(s, k, number, framer)
			return nil
		}
		busy.Go(func() { c.lead(s, k, number, framer) })
	}
}

// framer is what --frame says, nil for bytes as they come.
func (c *proxyCommand) framer() (frame.Framer, error) {
	if c.raw() {
		return nil, nil
	}
	p := frame.Defaults()
	if preset, is := frame.Preset(p, c.Frame); is {
		p = preset
	} else if protocol, is := frame.Protocol(p, c.Frame); is {
		p = protocol
	} else if !strings.EqualFold(c.Frame, "size") {
		var err error
		if p, err = frame.Describe(p, c.Frame); err != nil {
			return nil, err
		}
	}
	return frame.New(p)
}

// lead passes on what a client and the target say, until both have ended.
func (c *proxyCommand) lead(s *session, client *core.Socket, number int, framer frame.Framer) {
	defer client.Close()
	ctx, ended := context.WithCancel(s)
	defer ended() // nothing waits for Ctrl-C in its place any more
	own := *s
	own.Context = ctx
	s = &own
	context.AfterFunc(s, func() { _ = client.Close() })
	lang, prefix := s.lib.Language(), "["+strconv.Itoa(number)+"] "
	peer := nameOf(client)
	s.out.note("accepted", peer, prefix+sayf("%s has connected", "%s s'est connecté", peer).in(lang))
	target, err := c.open(s, core.KindClient, c.Target)
	if err != nil {
		s.out.wrong(peer, prefix+textOf(err, lang))
		_ = client.Abort() // as the target does
		return
	}
	defer target.Close()
	for _, k := range []*core.Socket{client, target} { // one that does not read makes the other wait, as it does without a proxy
		if err := k.SetOption(option.WriteTimeout, -1); err != nil {
			s.out.wrong(peer, prefix+textOf(err, lang))
		}
	}
	ways := []*way{
		{out: s.out, peer: peer, from: client, to: target, event: "client", prefix: prefix + "> ", colour: colourSent, framer: framer},
		{out: s.out, peer: peer, from: target, to: client, event: "target", prefix: prefix + "< ", colour: colourReceived, framer: framer},
	}
	var both sync.WaitGroup
	for _, w := range ways {
		w.lang = lang
		both.Go(w.pass)
	}
	both.Wait()
	if s.Err() == nil {
		s.out.note("closed", peer, prefix+said{"has ended", "est terminé"}.in(lang))
	}
}

// way is one direction of a connection that is led on.
type way struct {
	out      *printer
	lang     fault.Language
	peer     string // the client, also of what the target says
	from, to *core.Socket
	event    string
	prefix   string
	colour   string
	framer   frame.Framer // nil: pieces are shown as they come
	pending  []byte       // of a message that is not whole
	scanned  int          // of it
}

// pass reads and writes until the end, which it passes on as well.
func (w *way) pass() {
	buf := make([]byte, 65536)
	for {
		n, err := w.from.Read(buf, -1)
		if err == nil {
			w.look(buf[:n])
			if _, err = w.to.Write(buf[:n]); err == nil {
				continue
			}
		}
		if len(w.pending) > 0 {
			w.show(w.pending)
		}
		if fault.CodeOf(err) == fault.PeerClosed {
			if w.to.CloseWrite(-1) == nil {
				return
			}
		} else if !isEnd(err) {
			w.out.wrong(w.peer, w.prefix+textOf(err, w.lang))
		}
		_ = w.to.Abort()
		_ = w.from.Close()
		return
	}
}

// look shows the messages in what has come.
func (w *way) look(data []byte) {
	if w.framer == nil || w.framer.Stream() || w.framer.Gap() != 0 {
		w.show(data)
		return
	}
	w.pending = append(w.pending, data...)
	for len(w.pending) > 0 {
		f, err := w.framer.Decode(w.pending, w.scanned)
		if err != nil {
			w.out.wrong(w.peer, w.prefix+textOf(err, w.lang))
		}
		if f.Total == 0 && err != nil { // it cannot be understood any more
			w.framer = nil
			f.Total = len(w.pending)
		}
		if f.Total == 0 {
			w.scanned = f.Scanned
			return
		}
		w.scanned = 0
		w.show(w.pending[:f.Total])
		w.pending = w.pending[f.Total:]
	}
	w.pending = nil
}

func (w *way) show(data []byte) {
	w.out.show(happening{Event: w.event, Peer: w.peer, data: append([]byte{}, data...), colour: w.colour, prefix: w.prefix})
}
