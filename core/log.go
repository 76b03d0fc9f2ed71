package core

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"wdsocket/core/endpoint"
	"wdsocket/core/escape"
	"wdsocket/core/fault"
	"wdsocket/core/layer/capture"
)

// Each line of the log says first what it is about, in one form, which a program
// can take apart and traces have too:
//
//	#12 "scale" client 127.0.0.1:40123 -> 10.0.0.5:5000: 11 bytes written
//
// handle, name, kind, own end, direction, peer. What a socket has not is left out;
// an end that is not known is "-". The arrow shows who connected, or which way a
// datagram went.

// subject is what a line of the log is about.
type subject interface {
	appendSubject(line []byte) []byte
}

// log keeps an event as a line of the log, nil about the whole process.
func (lib *Library) log(level int32, about subject, format string, args ...any) {
	if !lib.journal.Enabled(level) {
		return
	}
	const usual = 128
	line := make([]byte, 0, usual)
	if about == nil {
		line = append(line, "process"...)
	} else {
		line = about.appendSubject(line)
	}
	line = append(line, ": "...)
	lib.journal.Log(level, "%s", fmt.Appendf(line, format, args...))
}

// warn logs what is no error but should be looked at.
func (lib *Library) warn(e *fault.Error) { lib.log(levelError, nil, "warning: %v", e) }

// warn is the Library's, about this socket.
func (s *Socket) warn(e *fault.Error) { s.lib.log(levelError, s, "warning: %v", e) }

// The kinds of sockets, as lines and traces name them.
const (
	wordSocket  = "socket" // not open
	wordClient  = "client"
	wordChannel = "channel"
	wordServer  = "server"
	wordUDP     = "udp"
)

// mostName bounds the bytes of a name, and of a host, in a line.
const mostName = 128

// appendLabel appends handle, name and kind: what a line says of a socket without
// its ends.
func (s *Socket) appendLabel(line []byte, word string) []byte {
	if id := s.ID(); id != 0 {
		line = strconv.AppendInt(append(line, '#'), int64(id), 10)
		line = append(line, ' ')
	}
	if name := s.name.Load(); name != nil && *name != "" {
		line = append(appendQuoted(append(line, '"'), *name), `" `...)
	}
	return append(line, word...)
}

// appendQuoted appends what stands between quotation marks: it has none that could
// end it.
func appendQuoted(line []byte, text string) []byte {
	return escape.Append(line, inQuotes.Replace(truncate(text)), len(line)+8*mostName)
}

var inQuotes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// truncate is the beginning of a long text.
func truncate(text string) string {
	if len(text) <= mostName {
		return text
	}
	at := mostName
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	return text[:at] + "..."
}

// label is what traces say of a socket.
func (s *Socket) label(word string) string { return string(s.appendLabel(nil, word)) }

// appendEnds appends both ends; accepted tells that it was the peer that connected,
// or sent.
func appendEnds(line []byte, local endpoint.Addr, accepted bool, peer endpoint.Addr) []byte {
	line = capture.AppendEnd(append(line, ' '), local)
	return capture.AppendEnd(append(line, arrow(accepted)...), peer)
}

func arrow(accepted bool) string {
	if accepted {
		return " <- "
	}
	return " -> "
}

// appendSubject names the socket with its ends. It locks nothing.
func (s *Socket) appendSubject(line []byte) []byte {
	if st := s.stream.Load(); st != nil {
		return st.appendSubject(line)
	}
	if v := s.server.Load(); v != nil {
		return capture.AppendEnd(append(s.appendLabel(line, wordServer), ' '), v.ln.LocalAddr())
	}
	if u := s.udp.Load(); u != nil {
		return capture.AppendEnd(append(s.appendLabel(line, wordUDP), ' '), u.sock.LocalAddr())
	}
	return s.appendLabel(line, wordSocket)
}

// appendSubject names the connection: its socket, or the server while it has none,
// and its ends.
func (st *stream) appendSubject(line []byte) []byte {
	return appendEnds(st.owner.Load().appendLabel(line, st.kindWord()), st.conn.LocalAddr(), st.server() != nil, st.conn.PeerAddr())
}

// kindWord is the kind of the socket that the connection is of.
func (st *stream) kindWord() string {
	switch {
	case st.server() == nil:
		return wordClient
	case st.owner.Load().parent == nil:
		return wordServer
	}
	return wordChannel
}

// cacheLocalEnd makes sure that log lines can name the local end after the close. Its
// descriptor must be open: the caller is inside the gate, or holds a lock.
func (st *stream) cacheLocalEnd() {
	if st.lib.journal.Enabled(levelTraffic) {
		st.conn.LocalAddr()
	}
}

// openAttempt is an opening that has not succeeded yet.
type openAttempt struct {
	s           *Socket
	kind        Kind
	at          endpoint.Location
	local, peer endpoint.Addr // of a connection whose handshake failed
}

func (a *openAttempt) appendSubject(line []byte) []byte {
	switch {
	case a.peer.IsValid():
		return appendEnds(a.s.appendLabel(line, wordClient), a.local, false, a.peer)
	case a.kind == KindClient:
		line = append(a.s.appendLabel(line, wordClient), " - -> "...)
	case a.kind == KindServer:
		line = append(a.s.appendLabel(line, wordServer), ' ')
	default:
		line = append(a.s.appendLabel(line, wordUDP), ' ')
	}
	return appendLocation(line, a.at)
}

// noteEnds notes the ends of a connection that was made.
func (a *openAttempt) noteEnds(st *stream) {
	if st.lib.journal.Enabled(levelError) {
		a.local, a.peer = st.conn.LocalAddr(), st.conn.PeerAddr()
	}
}

// appendLocation appends an address that a program wrote as "host:port"; it has no
// spaces.
func appendLocation(line []byte, at endpoint.Location) []byte {
	if at.Kind != endpoint.IP {
		return escape.Append(line, inHost.Replace(truncate(at.String())), len(line)+8*mostName)
	}
	line = append(line, at.Scheme.String()...)
	host := at.Host
	if host == "" {
		host = "*"
	}
	host = inHost.Replace(truncate(host))
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	line = escape.Append(line, host, len(line)+8*mostName)
	line = strconv.AppendInt(append(line, ':'), int64(at.Port), 10)
	if at.PortTo != 0 {
		line = strconv.AppendInt(append(line, '-'), int64(at.PortTo), 10)
	}
	return line
}

var inHost = strings.NewReplacer(`\`, `\\`, " ", `\x20`)

// loggedDatagram is one that was sent or received.
type loggedDatagram struct {
	u        *udpSocket
	local    endpoint.Addr
	received bool
	peer     endpoint.Addr
}

func (d loggedDatagram) appendSubject(line []byte) []byte {
	return appendEnds(d.u.socket.appendLabel(line, wordUDP), d.local, d.received, d.peer)
}

// logRead logs a datagram that reached its reader.
func (u *udpSocket) logRead() {
	if !u.lib.journal.Enabled(levelAll) {
		return
	}
	local := u.sock.LocalAddr()
	if u.ends.Own.IsValid() {
		local = endpoint.FromIP(u.ends.Own, local.Port())
	}
	u.lib.log(levelAll, loggedDatagram{u, local, true, u.ends.From}, "%d bytes read", u.n)
}

// logWritten logs a datagram that the system took.
func (u *udpSocket) logWritten(bytes int, own netip.Addr, to endpoint.Addr) {
	if !u.lib.journal.Enabled(levelAll) {
		return
	}
	local := u.sock.LocalAddr()
	if own.IsValid() {
		local = endpoint.FromIP(own, local.Port())
	}
	u.lib.log(levelAll, loggedDatagram{u, local, false, to}, "%d bytes written", bytes)
}
