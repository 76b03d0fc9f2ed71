package main

import (
	"context"
	"net"
	"strconv"
	"time"

	"wdsocket/core"
	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/option"
)

type udpCommand struct {
	Address string   `arg:"" help:"Where to send to, host:port; with --listen where to receive: port or host:port."`
	Message []string `arg:"" optional:"" help:"Datagrams to send; without any and without --file, the lines of standard input."`
	typed
	Listen bool              `short:"l" help:"Receive at the address, and show what comes from anywhere."`
	Echo   bool              `group:"Messages" help:"Send each datagram back."`
	Reply  []string          `sep:"none" group:"Messages" placeholder:"REGEXP=>TEXT" help:"Answer datagrams that fit; may be repeated."`
	Wait   time.Duration     `short:"w" default:"2s" group:"Messages" help:"How long to wait for datagrams after the last one was sent or came."`
	Set    map[string]string `mapsep:"none" group:"Connection" placeholder:"NAME=VALUE" help:"Any option of the library by its name in wdsocket.h: --set BROADCAST=1, --set MULTICAST_JOIN=239.1.1.1."`
}

func (udpCommand) Help() string {
	return `A datagram is a message as it is: nothing is added to it, and it may get lost.

  wdsock udp 10.0.0.5:161 -x "30 26 02 01 ..."         a question in bytes, and the answer
  wdsock udp --listen 5000                             show what comes
  wdsock udp --listen --reply 'WHO => ME' 5000         answer
  wdsock udp --set BROADCAST=1 255.255.255.255:30303 DISCOVER
                                                       who is there?`
}

// datagrams are bytes as they are.
var datagrams = framing{Frame: "datagram"}

func (c *udpCommand) Run(s *session) error {
	given, err := c.given(c.Message, datagrams, s.stdin)
	if err != nil {
		return err
	}
	rules, err := c.rules(c.Reply, datagrams)
	if err != nil {
		return err
	}
	s.out.hex = c.Hex
	own, host, port := addressOf(c.Address), "", 0
	if !c.Listen {
		if host, port, err = target(c.Address); err != nil {
			return err
		}
		own = ""
	}
	k, err := c.open(s, own)
	if err != nil {
		return err
	}
	defer k.Close()
	if c.Listen {
		end, _ := k.Local() // it is open
		s.out.note("listening", end.String(), sayf("listening at %s", "à l'écoute sur %s", end).in(s.lib.Language()))
		return c.receive(s, k, rules, make(chan struct{}, 1))
	}
	if len(given) == 0 {
		defer s.interactive(c.History)()
	}
	return c.converse(s, k, host, port, given, rules)
}

// target takes an address apart, as the library reads it.
func target(address string) (host string, port int, err error) {
	at, err := endpoint.ParseLocation(address, 0)
	if err != nil {
		return "", 0, err
	}
	if at.Port == 0 {
		return "", 0, errNoPort(address)
	}
	return at.Host, int(at.Port), nil
}

// open makes a socket for datagrams; address "" has any port.
func (c *udpCommand) open(s *session, address string) (*core.Socket, error) {
	k := s.lib.NewSocket("")
	context.AfterFunc(s, func() { _ = k.Close() })
	err := k.SetOption(option.UDPErrors, 1)
	if err == nil {
		err = c.set(s.lib, k, false)
	}
	if err == nil {
		err = k.Open(core.KindUDP, 0, 0, address, 0)
	}
	if err == nil {
		err = c.set(s.lib, k, true)
	}
	if err != nil {
		_ = k.Close()
		return nil, err
	}
	return k, nil
}

// set sets the options that are to be set before the socket is open, or then: the memberships.
func (c *udpCommand) set(lib *core.Library, k *core.Socket, open bool) error {
	for name, value := range c.Set {
		if short := shortName(name); open != (short == "MULTICAST_JOIN" || short == "MULTICAST_LEAVE") {
			continue
		}
		if err := setByName(lib, k, name, value); err != nil {
			return err
		}
	}
	return nil
}

// converse sends and shows what comes until nothing does.
func (c *udpCommand) converse(s *session, k *core.Socket, host string, port int, given [][]byte, rules []rule) error {
	ctx, stop := context.WithCancel(s)
	defer stop()
	activity, received, sent := make(chan struct{}, 1), make(chan error, 1), make(chan error, 1)
	go func() { received <- c.receive(s, k, rules, activity) }()
	go func() {
		sent <- c.send(ctx, s.stdin, given, datagrams, func(data []byte) error {
			if s.out.json {
				s.out.show(happening{Event: "sent", Peer: net.JoinHostPort(host, strconv.Itoa(port)), data: data})
			}
			_, err := k.WriteTo(data, host, port)
			return err
		})
	}()
	var quiet <-chan time.Time
	for {
		select {
		case err := <-received:
			return err
		case err := <-sent:
			if err != nil {
				return err
			}
			sent, quiet = nil, time.After(c.Wait)
		case <-activity:
			if quiet != nil {
				quiet = time.After(c.Wait)
			}
		case <-quiet:
			return nil
		}
	}
}

// receive shows datagrams and answers them, until the socket is closed.
func (c *udpCommand) receive(s *session, k *core.Socket, rules []rule, activity chan<- struct{}) error {
	buf := make([]byte, 65536)
	for {
		var from endpoint.Addr
		n, err := k.ReadFrom(buf, -1, func(a endpoint.Addr) error { from = a; return nil })
		switch {
		case isEnd(err):
			return nil
		case c.Listen && fault.CodeOf(err) == fault.PortUnreachable: // an answer came too late
			continue
		case c.Listen && err != nil && k.Scope(fault.CodeOf(err), fault.PhaseRead) <= fault.ScopeMessage:
			s.out.wrong("", textOf(err, s.lib.Language()))
			if !pause(s, 100*time.Millisecond) { // of memory there may be more then
				return nil
			}
			continue
		case err != nil:
			return err
		}
		data := append([]byte{}, buf[:n]...)
		s.out.received(from.String(), from.String()+"  ", data)
		select {
		case activity <- struct{}{}:
		default:
		}
		answer, fits := answerTo(rules, data)
		if !fits && c.Echo {
			answer, fits = data, true
		}
		if !fits {
			continue
		}
		switch _, err := k.WriteTo(answer, "", 0); {
		case isEnd(err):
			return nil
		case err != nil && c.Listen: // of one peer: it must not end the service for the others
			s.out.wrong(from.String(), textOf(err, s.lib.Language()))
		case err != nil:
			return err
		}
	}
}
