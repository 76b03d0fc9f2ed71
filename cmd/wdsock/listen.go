package main

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"wdsocket/core"
	"wdsocket/core/fault"
)

type listenCommand struct {
	Address string   `arg:"" help:"Where to listen: port, host:port, tls://:port, ws://:port/path, unix:/path, local:name."`
	Message []string `arg:"" optional:"" help:"Messages that each client is sent when it comes."`
	typed
	common
	Echo     bool     `group:"Messages" help:"Send each message back."`
	Reply    []string `sep:"none" group:"Messages" placeholder:"REGEXP=>TEXT" help:"Answer messages that fit; may be repeated, the first that fits answers."`
	Script   string   `type:"existingfile" group:"Messages" placeholder:"FILE" help:"Play a script to each client: lines send TEXT, expect REGEXP, wait TIME, repeat, close."`
	Simulate string   `group:"Messages" placeholder:"NAME" help:"Be a device: scale, barcode, terminal, printer, hl7, modbus, redis. Doctor and programs can be tried with it."`
	Once     bool     `group:"Messages" help:"End when the first client has gone."`

	plc bool // a simulator with registers
}

func (listenCommand) Help() string {
	return `Takes any number of clients at the same time and shows what they send. Lines of standard
input go to all of them.

  wdsock listen 5000                           show what comes
  wdsock listen --echo 127.0.0.1:5000          an echo server for this machine only
  wdsock listen -f line --reply 'PING => PONG' --reply 'ADD (.*) => OK $1' 5000
                                               a device made of two rules
  wdsock listen --every 1s --repeat 0 5000 "S S     100.00 g"
                                               a device that sends once a second
  wdsock listen --simulate scale 4001          a scale; wdsock doctor 127.0.0.1:4001 --ask sics finds it
  wdsock listen --script day.txt 5000          what a file says: send, expect, wait, repeat, close
  wdsock listen --cert server.pfx tls://:5001  with TLS
  wdsock listen --echo ws://:8080              a WebSocket for browsers`
}

// clients are those of a server.
type clients struct {
	mu   sync.Mutex
	all  map[*conversation]struct{}
	busy sync.WaitGroup
}

// serve calls f, which serves a client, in a goroutine of its own.
func (c *clients) serve(t *conversation, f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all[t] = struct{}{}
	c.busy.Go(func() {
		defer c.remove(t)
		f()
	})
}

func (c *clients) remove(t *conversation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.all, t)
}

// each calls f for every client that there is, for all at the same time, and waits for that.
func (c *clients) each(f func(*conversation)) {
	var calls sync.WaitGroup
	defer calls.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	for t := range c.all {
		calls.Go(func() { f(t) })
	}
}

// listening is what a client's conversation needs.
type listening struct {
	*session
	command  *listenCommand
	clients  clients
	greeting [][]byte
	rules    []rule
	steps    []step
	texts    bool // messages of WebSockets are text, where they may be
}

func (c *listenCommand) Run(s *session) error {
	if err := c.simulate(); err != nil {
		return err
	}
	l := &listening{session: s, command: c, texts: c.webSocketMessages(addressOf(c.Address)), clients: clients{all: make(map[*conversation]struct{})}}
	var err error
	if l.greeting, err = c.given(c.Message, c.framing, s.stdin); err != nil {
		return err
	}
	if l.rules, err = c.rules(c.Reply, c.framing); err != nil {
		return err
	}
	if l.steps, err = c.script(c.Script, c.framing); err != nil {
		return err
	}
	s.out.hex = c.Hex
	server, err := c.open(s, core.KindServer, addressOf(c.Address))
	if err != nil {
		return err
	}
	defer l.clients.busy.Wait()
	defer server.Close()
	where := c.Address
	if end, err := server.Local(); err == nil {
		where = end.String()
	}
	s.out.note("listening", where, sayf("listening at %s", "à l'écoute sur %s", where).in(s.lib.Language()))
	defer s.interactive(c.History)()
	go l.broadcast()
	return l.accept(server)
}

// addressOf lets a port alone be an address.
func addressOf(text string) string {
	if text != "" && strings.Trim(text, "0123456789") == "" { // one that is too large is told as a port
		return "tcp://:" + text
	}
	return text
}

// broadcast sends the lines of standard input to all clients. One that does not read delays
// the others once.
func (l *listening) broadcast() {
	err := l.command.sendLines(l, l.stdin, l.command.framing, func(data []byte) error {
		l.clients.each(func(t *conversation) {
			err := t.put(data)
			l.unsent(t.k, err)
			if fault.CodeOf(err) == fault.Timeout {
				_ = t.k.Abort()
			}
		})
		return nil
	})
	if err != nil && l.Err() == nil {
		l.out.wrong("", textOf(err, l.lib.Language()))
	}
}

// unsent tells why a message was not written, unless reading tells it: the end of the connection.
func (l *listening) unsent(k *core.Socket, err error) {
	code := fault.CodeOf(err)
	if err == nil || isEnd(err) || code != fault.Timeout && k.Scope(code, fault.PhaseNone) == fault.ScopeConnection {
		return
	}
	l.out.wrong(nameOf(k), textOf(err, l.lib.Language()))
}

func (l *listening) accept(server *core.Socket) error {
	for number := 1; ; number++ {
		k, err := l.next(server)
		if k == nil {
			return err
		}
		t := &conversation{s: l.session, k: k, peer: nameOf(k), rules: l.rules, inbox: newInbox(), texts: l.texts}
		if l.command.Once {
			l.serve(t, number)
			return nil
		}
		l.clients.serve(t, func() { l.serve(t, number) })
	}
}

// next waits for a client of a server. Without one the program ends, or the server has. A client
// that cannot be accepted, by its certificate for instance, delays none of the others.
func (s *session) next(server *core.Socket) (*core.Socket, error) {
	for {
		k, err := server.Accept(-1, nil)
		code := fault.CodeOf(err)
		switch {
		case err == nil:
			return k, nil
		case s.Err() != nil:
			return nil, nil
		case server.Scope(code, fault.PhaseAccept) >= fault.ScopeServer:
			return nil, err
		}
		s.out.wrong("", textOf(err, s.lib.Language()))
		if lacking := code == fault.Descriptors || code == fault.Memory || code == fault.System; lacking && !pause(s, 100*time.Millisecond) {
			return nil, nil
		}
	}
}

// serve talks with one client until it has gone.
func (l *listening) serve(t *conversation, number int) {
	k, peer, lang := t.k, t.peer, l.lib.Language()
	defer k.Close()
	ctx, stop := context.WithCancel(l)
	defer stop()
	context.AfterFunc(ctx, func() { _ = k.Close() })
	prefix := "[" + strconv.Itoa(number) + "] "
	l.out.note("accepted", peer, prefix+sayf("%s has connected%s", "%s s'est connecté%s", peer, security{}.summary(k)).in(lang))
	if l.steps != nil {
		go func() {
			if err := play(ctx, l.steps, t.inbox, 0, t.write); errors.Is(err, errScriptClosed) {
				_ = k.CloseAndWait(l.command.Timeout)
			} // otherwise reading tells
		}()
	}
	if len(l.greeting) > 0 {
		go func() {
			if err := l.command.send(ctx, nil, l.greeting, l.command.framing, t.write); ctx.Err() == nil {
				l.unsent(k, err)
			}
		}()
	}
	err := t.each(func(data []byte) error {
		l.out.received(peer, prefix, data)
		if l.steps != nil {
			t.inbox.put(data)
		}
		answer, fits := answerTo(t.rules, data)
		if !fits && l.command.plc {
			answer = registers(data)
			fits = answer != nil
		}
		if !fits && l.command.Echo {
			answer, fits = data, true
		}
		if !fits {
			return nil
		}
		return t.answer(answer)
	})
	text := said{"has gone", "est parti"}.in(lang)
	if !isEnd(err) {
		text = textOf(err, lang)
	}
	if l.Err() == nil {
		l.out.note("closed", peer, prefix+text)
	}
}
