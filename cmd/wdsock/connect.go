package main

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"wdsocket/core"
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
	activity chan struct{} // a message came or went
}

func (c *connectCommand) Run(s *session) error {
	given, err := c.given(c.Message, c.framing, s.stdin)
	if err != nil {
		return err
	}
	t := &conversation{s: s, activity: make(chan struct{}, 1)}
	if t.rules, err = c.rules(c.Reply, c.framing); err != nil {
		return err
	}
	if c.Expect != "" {
		if t.expect, err = patternOf(c.Expect); err != nil {
			return err
		}
	}
	if t.k, err = c.open(s, core.KindClient, c.Address); err != nil {
		return err
	}
	defer t.k.Close()
	s.out.hex = c.Hex
	t.peer = nameOf(t.k)
	s.out.note("connected", t.peer, sayf("connected to %s%s", "connecté à %s%s", t.peer, security{}.summary(t.k)).in(s.lib.Language()))
	if len(given) == 0 {
		defer s.interactive()()
	}
	return t.run(c, given)
}

// open makes a socket and opens it; Ctrl-C ends that, and later its calls.
func (c *common) open(s *session, kind core.Kind, address string) (*core.Socket, error) {
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
	go func() { sent <- c.send(ctx, t.s.stdin, given, c.framing, t.write) }()
	var quiet <-chan time.Time
	for {
		select {
		case err := <-received:
			return t.verdict(err)
		case err := <-sent:
			sent = nil
			if err != nil {
				return t.writeFailed(err, received)
			}
			quiet = time.After(c.Wait)
		case <-t.activity:
			if quiet != nil && t.expect == nil {
				quiet = time.After(c.Wait)
			}
		case <-quiet:
			late := t.k.CloseAndWait(c.Timeout)
			err := t.verdict(<-received)
			if err == nil && fault.CodeOf(late) == fault.Timeout { // the peer has not got what was sent
				return late
			}
			return err
		}
	}
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
		if t.expect != nil && t.expect.Match(data) {
			return errFound
		}
		if answer, fits := answerTo(t.rules, data); fits {
			return t.write(answer)
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

// write sends a message; only JSON tells of it, in front of its answer: what was typed is on
// the screen.
func (t *conversation) write(data []byte) error {
	if t.s.out.json {
		t.s.out.show(happening{Event: "sent", Peer: t.peer, data: append([]byte{}, data...)})
	}
	_, err := t.k.Write(data)
	return err
}
