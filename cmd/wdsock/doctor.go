package main

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"time"

	"wdsocket/core"
	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/hostname"
	"wdsocket/core/route"
)

type doctorCommand struct {
	Address string        `arg:"" help:"What to look at: host:port, tls://host:port, unix:/path."`
	Port    int           `arg:"" optional:"" help:"The port, where it is not in the address."`
	Ask     []string      `sep:"," placeholder:"NAME" help:"Ask a harmless question of a protocol: all, or s7, modbus, hl7, length, enq, sics, zpl, escpos, redis, mqtt, ldap, http; several with commas. A printer prints what it does not understand."`
	Send    string        `placeholder:"TEXT" help:"Send this and look at the answer: text with escapes."`
	Hex     bool          `short:"x" help:"What --send has is hexadecimal."`
	Wait    time.Duration `short:"w" default:"2s" help:"How long to wait for bytes."`
	Listen  bool          `short:"l" help:"The device is the one that connects: wait for it at the address, and answer with --send."`
	common
}

func (doctorCommand) Help() string {
	return `Tells what is at an address, step by step: name, way, port, greeting, TLS with its certificate,
and how messages are told apart there, with the line of C and of WLanguage that says so.

  wdsock doctor 10.0.0.5 4001               only listens: nothing is sent
  wdsock doctor 10.0.0.5:4001 --send 'SI\r\n'
                                            the answer tells more
  wdsock doctor 10.0.0.5:502 --ask modbus   a harmless question of a protocol
  wdsock doctor 10.0.0.5:4001 --ask all     all of them, each on a connection of its own
  wdsock doctor --listen 5027               look at a device that connects to this machine
  wdsock doctor mail.example.com:993        the certificate, and whether it is trusted

TLS is tried with tls://, with --tls, and at ports that have it by custom. The framing is a
guess: more messages make it a better one.`
}

// examination is what doctor finds out, line by line.
type examination struct {
	*session
	command *doctorCommand
	address string
	at      endpoint.Location
	hasTLS  bool // there is TLS: all connections have it
	header  bool // connections begin with the header of the PROXY protocol
	ended   bool // the other end has closed one
}

// tell writes a line of the report.
func (e *examination) tell(event string, label, text said) {
	lang := e.lib.Language()
	name := label.in(lang)
	e.out.show(happening{Event: event, Text: text.in(lang), prefix: name + strings.Repeat(" ", max(14-len([]rune(name)), 1)), result: true})
}

// plain is a text that is the same in both languages.
func plain(text string) said { return said{text, text} }

// failed is an error as a text of the report.
func failed(err error) said {
	return said{textOf(err, fault.English), textOf(err, fault.French)}
}

func (c *doctorCommand) Run(s *session) error {
	c.Frame = "" // it looks at the bytes
	send, err := typed{Hex: c.Hex, End: "none"}.message(c.Send, framing{})
	if err != nil {
		return err
	}
	if c.Listen {
		return (&examination{session: s, command: c}).visit(send)
	}
	at, err := endpoint.ParseLocation(c.Address, c.Port)
	if err != nil {
		return err
	}
	if at.Port == 0 && at.Kind == endpoint.IP {
		at = at.WithDefaultPort()
	}
	if lacksPort(at) {
		return errNoPort(c.Address)
	}
	ask, err := asked(c.Ask)
	if err != nil {
		return err
	}
	e := &examination{session: s, command: c, address: at.String(), at: at}
	e.name()
	if err := e.port(); err != nil {
		return err
	}
	if e.wantsTLS() && !e.tls() && at.Scheme.Secure() {
		return failure{exitFailed, said{"no connection with TLS", "pas de connexion avec TLS"}}
	}
	if at.Scheme.WebSocket() {
		return e.webSocket(send)
	}
	return e.framing(ask, send)
}

// name looks the name up.
func (e *examination) name() {
	label := said{"name", "nom"}
	if !e.at.HasPort() || e.at.Host == "" || endpoint.IsIP(e.at.Host) {
		return
	}
	name, err := hostname.ASCII(e.at.Host)
	var found []net.IP
	if err == nil {
		ctx, stop := context.WithTimeout(e, e.command.Timeout)
		defer stop()
		found, err = net.DefaultResolver.LookupIP(ctx, "ip", name)
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		code := fault.Resolver
		switch {
		case dns.IsNotFound:
			code = fault.HostUnknown
		case dns.IsTimeout:
			code = fault.Timeout
		}
		err = fault.New(code, fault.PhaseResolve, e.at.Host)
	}
	if err != nil {
		e.tell("name", label, failed(err))
		return
	}
	all := make([]string, len(found))
	for i, ip := range found {
		all[i] = ip.String()
	}
	e.tell("name", label, plain(e.at.Host+" = "+strings.Join(all, ", ")))
}

// port connects, and tells by which way.
func (e *examination) port() error {
	label := said{"port", "port"}
	begun := time.Now()
	k, err := e.connect(false, false)
	if err != nil {
		e.tell("port", label, stateOf(err))
		e.tell("advice", said{"what to do", "à faire"}, failed(err))
		e.systemProxy()
		return failure{exitFailed, said{"the address cannot be reached", "l'adresse ne peut pas être atteinte"}}
	}
	defer k.Close()
	took := time.Since(begun).Round(10 * time.Microsecond)
	e.tell("port", label, sayf("open: connected to %s in %s", "ouvert : connecté à %s en %s", nameOf(k), took))
	if way, err := k.LayerInfo(route.InfoProxies, 0); err == nil && way != "" {
		e.tell("route", said{"route", "route"}, sayf("by %s", "par %s", way))
	} else if e.at.HasPort() {
		e.tell("route", said{"route", "route"}, said{"direct, no proxy", "directe, sans proxy"})
	}
	return nil
}

// stateOf is what a failure to connect says of a port.
func stateOf(err error) said {
	switch fault.CodeOf(err) {
	case fault.Refused:
		return said{"closed: the machine is there and refuses", "fermé : la machine est là et refuse"}
	case fault.Timeout:
		return said{"filtered: no answer at all; a firewall drops it, or the machine is off", "filtré : aucune réponse ; un pare-feu l'écarte, ou la machine est éteinte"}
	case fault.Unreachable:
		return said{"no way there", "pas de chemin"}
	case fault.HostUnknown, fault.Resolver:
		return said{"unknown: the name has no address", "inconnu : le nom n'a pas d'adresse"}
	}
	return said{"cannot be reached", "ne peut pas être atteint"}
}

// systemProxy tells of the proxy that the system would take, where none is used.
func (e *examination) systemProxy() {
	if e.command.Proxy != "" || !e.at.HasPort() {
		return
	}
	way, err := route.Parse("system")
	if err != nil {
		return
	}
	if proxies, err := way.To(e.at, nil); err == nil && len(proxies) > 0 {
		e.tell("route", said{"route", "route"}, sayf("the system has the proxy %s for it: try --proxy system",
			"le système a le proxy %s pour elle : essayez --proxy system", route.Labels(proxies)))
	}
}

// connect opens a connection, with TLS or without, whatever the scheme says.
func (e *examination) connect(secure, verify bool) (*core.Socket, error) {
	c := e.command.common
	c.TLS, c.Insecure, c.Set = secure, !verify, e.withHeader(c.Set)
	at := e.at
	if at.HasPort() {
		at.Scheme, at.Path = endpoint.Bare, ""
	}
	return c.open(e.session, core.KindClient, at.String())
}

// enough is how many bytes are looked at.
const enough = 4096

// collect reads what comes until it is enough to tell, or nothing comes any more. fits, nil for
// none, knows an answer.
func (e *examination) collect(k *core.Socket, fits func([]byte) bool) (data []byte, err error) {
	const grace = 500 * time.Millisecond // behind bytes that tell something: others may follow a second later
	wait, until := e.command.Wait, time.Now().Add(e.command.Wait)
	buf := make([]byte, enough)
	for len(data) < enough {
		n, err := k.Read(buf, max(min(wait, time.Until(until)), 0))
		data = append(data, buf[:n]...)
		if err != nil {
			return data, err
		}
		found := frame.Guess(data)
		if len(found) > 0 && found[0].Messages >= 3 && found[0].Rest == 0 {
			break
		}
		if len(found) > 0 || fits != nil && fits(data) {
			wait = grace
		}
	}
	return data, nil
}

// framing looks at what comes, and at the answers to questions.
func (e *examination) framing(ask []question, send []byte) error {
	if len(send) > 0 {
		ask = append([]question{{name: "send", what: plain(escaped(send)), send: send}}, ask...)
	}
	q, data, err := e.look(ask)
	if len(data) == 0 && e.mayWantHeader() {
		if again, more, wanted := e.lookBehindHeader(ask); wanted {
			q, data, err = again, more, nil
		}
	}
	return e.conclude(q, data, err)
}

// look gives what comes by itself or, to questions, the answer that fits one, which is given as
// well, or else the first answer.
func (e *examination) look(ask []question) (q question, data []byte, err error) {
	if len(ask) == 0 || slices.Contains(e.command.Ask, "all") {
		data, err := e.listen()
		if err != nil || len(data) > 0 {
			found, _ := greetingOf(data)
			return question{frame: found.frame}, data, err
		}
	}
	for _, q := range ask {
		answer, err := e.ask(q)
		if err != nil {
			return question{}, nil, err
		}
		if len(answer) > 0 && (q.fits == nil || q.fits(answer)) {
			return q, answer, nil
		}
		if len(data) == 0 {
			data = answer
		}
	}
	return question{}, data, nil
}

// listen waits for a greeting.
func (e *examination) listen() ([]byte, error) {
	label := said{"greeting", "accueil"}
	k, err := e.connect(e.hasTLS, false)
	if err != nil {
		return nil, err
	}
	defer k.Close()
	data, err := e.collect(k, nil)
	switch {
	case len(data) > 0:
		e.tell("greeting", label, plain(shown(data)))
		if found, known := greetingOf(data); known {
			e.tell("protocol", said{"protocol", "protocole"}, found.what)
		}
	case fault.CodeOf(err) == fault.Timeout:
		e.tell("greeting", label, sayf("none within %s: it waits to be asked", "aucun en %s : il attend qu'on lui parle", e.command.Wait))
	case fault.CodeOf(err).IsTLS(): // as TLS 1.3 does behind the handshake
		e.tell("greeting", label, failed(err))
		return nil, failure{exitFailed, said{"it refuses this client: --cert takes a certificate to show", "il refuse ce client : --cert prend un certificat à présenter"}}
	default:
		e.ended = true
		e.tell("greeting", label, failed(err))
		return nil, failure{exitFailed, said{
			"it ends the connection at once: it may take clients of other addresses only, have no room for another one, or want TLS (--tls)",
			"il ferme aussitôt la connexion : il n'accepte peut-être que d'autres adresses, n'a plus de place ou veut du TLS (--tls)"}}
	}
	return data, nil
}

// ask asks a question on a connection of its own.
func (e *examination) ask(q question) ([]byte, error) {
	k, err := e.connect(e.hasTLS, false)
	if err != nil {
		return nil, err
	}
	defer k.Close()
	if _, err := k.Write(q.send); err != nil {
		return nil, err
	}
	data, err := e.collect(k, q.fits)
	answer := plain(shown(data))
	if len(data) == 0 {
		answer = said{"no answer", "pas de réponse"}
		if code := fault.CodeOf(err); code != fault.Timeout {
			e.ended = true
			answer = failed(err)
		}
	}
	e.tell("asked", said{"asked", "demandé"}, said{q.what.english + " -> " + answer.english, q.what.french + " -> " + answer.french})
	if len(q.leave) > 0 && len(data) > 0 {
		_, _ = k.Write(q.leave) // it may have gone
	}
	return data, nil
}

// conclude names the framing.
func (e *examination) conclude(q question, data []byte, err error) error {
	label := said{"framing", "découpage"}
	if err != nil {
		return err
	}
	found := frame.Guess(data)
	name, reason := q.frame, said{"it speaks as that protocol does", "il parle comme ce protocole"}
	if name == "" && len(found) > 0 {
		g := found[0]
		name, reason = g.Text, said{g.Reason(fault.English), g.Reason(fault.French)}
		if len(g.Names) > 0 {
			reason = said{reason.english + " (" + strings.Join(g.Names, ", ") + ")", reason.french + " (" + strings.Join(g.Names, ", ") + ")"}
		}
		if name == "" { // HTTP, TLS
			e.tell("framing", label, reason)
			return nil
		}
	}
	if name == "" {
		if len(data) > 0 {
			e.tell("framing", label, said{"nothing fits: docs/framing.md tells how to find it", "rien ne convient : docs/framing.fr.md dit comment le trouver"})
		} else {
			e.tell("framing", label, sayf("nothing came to tell it by: send something with --send, or try --ask all (%s)",
				"rien n'est arrivé pour le reconnaître : envoyez quelque chose avec --send, ou essayez --ask all (%s)", questionNames()))
		}
		return nil
	}
	e.tell("framing", label, plain(name))
	e.tell("reason", said{"because", "parce que"}, reason)
	for _, g := range found[min(1, len(found)):] {
		if q.frame == "" && g.Text != "" {
			e.tell("or", said{"or", "ou"}, said{g.Text + ": " + g.Reason(fault.English), g.Text + " : " + g.Reason(fault.French)})
		}
	}
	e.program(name)
	return nil
}
