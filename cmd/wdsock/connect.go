package main

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"wdsocket/core"
	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer/tlslayer"
)

type connectCommand struct {
	Address string   `arg:"" help:"Where to connect to: host:port, tls://host:port, ws://host/path, unix:/path, local:name."`
	Message []string `arg:"" optional:"" help:"Messages to send; without any and without --file, the lines of standard input."`
	typed
	common
	Expect string        `group:"Messages" placeholder:"REGEXP" help:"Succeed as soon as a message fits, fail with exit code 3 if none does within --wait."`
	Reply  []string      `sep:"none" group:"Messages" placeholder:"REGEXP=>TEXT" help:"Answer messages that fit; may be repeated."`
	Script string        `type:"existingfile" group:"Messages" placeholder:"FILE" help:"Play a script: lines send TEXT, expect REGEXP, wait TIME, repeat, close. Exit code 3 if something expected does not come within --wait."`
	Wait   time.Duration `short:"w" default:"2s" group:"Messages" help:"How long to wait for messages after the last one was sent or came."`
}

func (connectCommand) Help() string {
	return `Sends messages and shows what comes, until the peer closes, or nothing comes for --wait
after the last message was sent. What is typed and shown has escapes: \r, \n, \x02.

  wdsock connect 10.0.0.5:4001                    lines from the keyboard, each ended by CR LF
  wdsock connect --end lf 10.0.0.5:4001 "S"       one line, ended by LF
  wdsock connect -f "02 data 03" 10.0.0.5:4001 S  one message between STX and ETX
  wdsock connect -x 10.0.0.5:9100 "1b 40"         bytes
  wdsock connect -f line --every 1s --repeat 0 10.0.0.5:4001 SI
                                                  a question a second, until Ctrl-C
  wdsock connect --expect '^S S' 10.0.0.5:4001 S  exit code 0 if the answer fits, else 3
  wdsock connect --script login.txt -f line 10.0.0.5:4001
                                                  what a file says: send, expect, wait, close
  wdsock connect --insecure tls://10.0.0.5:8883   TLS, whatever the certificate is
  wdsock connect ws://localhost:8080/chat hello   a message of a WebSocket

Without --frame bytes are shown as they come: a message may come in pieces.`
}

// conversation is a connection whose messages are shown.
type conversation struct {
	s        *session
	k        *core.Socket
	peer     string
	expect   *regexp.Regexp
	rules    []rule
	steps    []step        // of a script
	inbox    *inbox        // for it
	activity chan struct{} // a message came or went
	texts    bool          // of a WebSocket: what is UTF-8 is sent as text

	mu sync.Mutex // what a message is sent as, and the message
}

func (c *connectCommand) Run(s *session) error {
	t := &conversation{s: s, texts: c.webSocketMessages(c.Address), activity: make(chan struct{}, 1)}
	given, err := c.given(c.Message, c.framing, s.stdin)
	if err != nil {
		return err
	}
	if t.rules, err = c.rules(c.Reply, c.framing); err != nil {
		return err
	}
	if c.Expect != "" {
		if t.expect, err = patternOf(c.Expect); err != nil {
			return err
		}
	}
	if t.steps, err = c.script(c.Script, c.framing); err != nil {
		return err
	}
	if t.steps != nil && (len(given) > 0 || t.expect != nil) {
		return usage("a script says what is sent and expected: no messages, --file and --expect beside it",
			"un script dit ce qui est envoyé et attendu : pas de messages, de --file ni de --expect à côté")
	}
	t.inbox = newInbox()
	if t.k, err = c.open(s, core.KindClient, c.Address); err != nil {
		return err
	}
	defer t.k.Close()
	s.out.hex = c.Hex
	t.peer = nameOf(t.k)
	s.out.note("connected", t.peer, sayf("connected to %s%s%s", "connecté à %s%s%s", t.peer, security{}.summary(t.k), summaryOfWebSocket(t.k)).in(s.lib.Language()))
	if len(given) == 0 && t.steps == nil {
		defer s.interactive(c.History)()
	}
	return t.run(c, given)
}

// open makes a socket and opens it; Ctrl-C ends that, and later its calls.
func (c *common) open(s *session, kind core.Kind, address string) (*core.Socket, error) {
	if at, err := endpoint.ParseLocation(address, 0); err == nil && kind == core.KindClient && lacksPort(at) {
		return nil, errNoPort(address)
	}
	k, err := c.socket(s)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(s, func() { _ = k.Close() })
	if err := k.Open(kind, c.layers(), 0, address, c.Timeout); err != nil {
		_ = k.Close()
		return nil, err
	}
	return k, nil
}

// lacksPort tells whether an address has no port though it needs one.
func lacksPort(at endpoint.Location) bool { return at.HasPort() && at.WithDefaultPort().Port == 0 }

// errNoPort is told of an address without a port.
func errNoPort(address string) error {
	return usage("\"%s\" has no port: write host:port, and [::1]:port of an IPv6 address", "« %s » n'a pas de port : écrivez hôte:port, et [::1]:port pour une adresse IPv6", address)
}

// nameOf is the other end of a socket.
func nameOf(k *core.Socket) string {
	if end, err := k.Peer(); err == nil {
		return end.String()
	}
	return k.Label()
}

// summary tells of TLS, where there is some.
func (security) summary(k *core.Socket) string {
	version, err := k.LayerInfo(tlslayer.InfoVersion, 0)
	if err != nil {
		return ""
	}
	cipher, _ := k.LayerInfo(tlslayer.InfoCipher, 0) // there is TLS
	return ", " + version + ", " + cipher
}

// run reads and writes at the same time.
func (t *conversation) run(c *connectCommand, given [][]byte) error {
	ctx, stop := context.WithCancel(t.s)
	defer stop()
	received, sent := make(chan error, 1), make(chan error, 1)
	go func() { received <- t.receive() }()
	go func() {
		if t.steps != nil {
			sent <- play(ctx, t.steps, t.inbox, c.Wait, t.write)
			return
		}
		sent <- c.send(ctx, t.s.stdin, given, c.framing, t.write)
	}()
	var quiet <-chan time.Time
	for {
		select {
		case err := <-received:
			if t.steps != nil && sent != nil && isEnd(err) {
				t.inbox.end()
				if missed := <-sent; missed != nil && !errors.Is(missed, errScriptClosed) {
					return missed
				}
			}
			if isEnd(err) {
				t.tellRest()
			}
			return t.verdict(err)
		case err := <-sent:
			sent = nil
			if errors.Is(err, errScriptClosed) {
				_ = t.k.CloseAndWait(c.Timeout)
				return t.verdict(<-received)
			}
			if err != nil {
				return t.writeFailed(err, received)
			}
			quiet = time.After(c.Wait)
		case <-t.activity:
			if quiet != nil && t.expect == nil {
				quiet = time.After(c.Wait)
			}
		case <-quiet:
			t.tellRest()
			late := t.k.CloseAndWait(c.Timeout)
			err := t.verdict(<-received)
			if err == nil && fault.CodeOf(late) == fault.Timeout { // the peer has not got what was sent
				return late
			}
			return err
		}
	}
}

// tellRest tells of bytes that have come and are no whole message: the framing may be another.
func (t *conversation) tellRest() {
	n, err := t.k.Number(core.NumBuffered)
	if err != nil || n == 0 || t.s.Err() != nil {
		return
	}
	t.s.out.note("rest", t.peer, sayf("%d bytes came that are no whole message: messages may end otherwise than --frame says; without it bytes are shown as they come, and wdsock doctor guesses",
		"%d octets sont arrivés sans former un message entier : les messages finissent peut-être autrement que --frame le dit ; sans lui, les octets sont montrés comme ils viennent, et wdsock doctor devine", n).in(t.s.lib.Language()))
}

// writeFailed prefers what reading says of a connection that has ended.
func (t *conversation) writeFailed(err error, received <-chan error) error {
	var f failure
	if errors.As(err, &f) || t.s.Err() != nil {
		return err
	}
	select {
	case why := <-received:
		if !isEnd(why) {
			return t.verdict(why)
		}
	default:
	}
	return err
}

var errFound = errors.New("found")

// verdict is how the conversation went.
func (t *conversation) verdict(err error) error {
	switch {
	case errors.Is(err, errFound):
		return nil
	case !isEnd(err):
		return err
	case fault.CodeOf(err) == fault.PeerClosed:
		t.s.out.note("closed", t.peer, said{"the peer has closed the connection", "le correspondant a fermé la connexion"}.in(t.s.lib.Language()))
	}
	if t.expect != nil {
		return failure{exitUnexpected, sayf("no message fits %s", "aucun message ne correspond à %s", strings.TrimPrefix(t.expect.String(), everyByte))}
	}
	return nil
}

// receive shows messages until there are no more, or one is what was expected.
func (t *conversation) receive() error {
	return t.each(func(data []byte) error {
		t.s.out.received(t.peer, "", data)
		select {
		case t.activity <- struct{}{}:
		default:
		}
		if t.steps != nil {
			t.inbox.put(data)
		}
		if t.expect != nil {
			if _, fits := fitting(t.expect, data); fits {
				return errFound
			}
		}
		if answer, fits := answerTo(t.rules, data); fits {
			return t.answer(answer)
		}
		return nil
	})
}

// each calls f for each message that comes, until there are no more or f fails. What reaches
// no further than a message is shown.
func (t *conversation) each(f func(data []byte) error) error {
	for {
		m, err := t.k.ReadMessage(-1)
		if err != nil {
			if t.k.Scope(fault.CodeOf(err), fault.PhaseFrame) < fault.ScopeConnection {
				t.s.out.wrong(t.peer, textOf(err, t.s.lib.Language()))
				continue
			}
			return err
		}
		data := append([]byte{}, m.Bytes()...)
		m.Free()
		if err := f(data); err != nil {
			return err
		}
	}
}

// write sends a message.
func (t *conversation) write(data []byte) error {
	t.tell(data)
	return t.put(data)
}

// tell tells of a message in front of its answer, in JSON alone: what was typed is on the screen.
func (t *conversation) tell(data []byte) {
	if t.s.out.json {
		t.s.out.show(happening{Event: "sent", Peer: t.peer, data: append([]byte{}, data...)})
	}
}

// answer sends a message as an answer: from where the socket is read.
func (t *conversation) answer(data []byte) error {
	if !t.texts || utf8.Valid(data) {
		return t.write(data)
	}
	t.tell(data)
	return t.putBinary(data)
}

// put sends a message.
func (t *conversation) put(data []byte) error {
	if t.texts {
		t.mu.Lock()
		defer t.mu.Unlock()
		if !utf8.Valid(data) {
			return errNoText
		}
	}
	_, err := t.k.Write(data)
	return err
}
