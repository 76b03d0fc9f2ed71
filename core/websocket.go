package core

import (
	"net"
	"strconv"
	"strings"
	"sync/atomic"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/hostname"
	"wdsocket/core/layer"
	"wdsocket/core/layer/websocket"
	"wdsocket/core/lockorder"
	"wdsocket/core/option"
	"wdsocket/core/poll"
)

// WebSockets: what their layer is made with, and what is asked of it. Their messages
// pass the layer as records, in the framing that stands for all modes but raw (see
// option.WebSocket); all else knows only that.

// setWebSocketLocked makes the framing that of a WebSocket, or of none; s.mu is held.
func (s *Socket) setWebSocketLocked(on bool) error {
	o := s.opts.Load()
	if o == nil || o.WebSocket.On == on { // nil: what opens it says so
		return nil
	}
	next := *o
	next.WebSocket.On = on
	cfg, err := newIOConfig(&next, s.config.Load(), option.ToFraming)
	if err != nil {
		return err
	}
	s.opts.Store(&next)
	s.config.Store(cfg)
	return nil
}

// checkWebSocketMode refuses a change between raw and the other modes while a WebSocket
// is open: its messages pass it differently then.
func (s *Socket) checkWebSocketMode(next *option.Settings) error {
	before := s.opts.Load()
	if !next.WebSocket.On || s.state == StateFailed || before.Frame.Mode.Whole() == next.Frame.Mode.Whole() {
		return nil
	}
	return fault.New(fault.State, fault.PhaseOption, s.ownLabel()).With(noteRawWebSocket)
}

// webSocketConfig is what both ends have in common.
func webSocketConfig(o *option.Settings) websocket.Config {
	return websocket.Config{Records: o.Frame.Mode.Whole(), MaxMessage: int64(o.Frame.Limit), Compression: o.WebSocket.Compression}
}

// clientWebSocket is the layer of a client of a place; secure: it stands on TLS.
func clientWebSocket(to endpoint.Location, o *option.Settings, secure bool) (layer.Layer, error) {
	w := &o.WebSocket
	protocols, _ := websocket.Tokens("", w.Protocols) // looked at when it was set
	headers, _ := websocket.HeaderLines("", w.Headers)
	host, err := hostHeader(to)
	if err != nil {
		return nil, err
	}
	return websocket.NewClient(websocket.ClientConfig{Config: webSocketConfig(o), Host: host, Path: websocket.EncodePath(to.WebPath()), Protocols: protocols, Headers: headers, Origin: w.Origins, Secure: secure})
}

// hostHeader names a place in a request, in ASCII and without the zone of an address,
// which means something on this machine only. Error: fault.HostUnknown.
func hostHeader(to endpoint.Location) (string, error) {
	host, _, _ := strings.Cut(hostOf(to), "%")
	host, err := hostname.ASCII(host)
	if err != nil {
		return "", fault.New(fault.HostUnknown, fault.PhaseResolve, to.Host)
	}
	if to.DefaultPort() || !to.HasPort() {
		return strings.TrimSuffix(net.JoinHostPort(host, ""), ":"), nil
	}
	return net.JoinHostPort(host, strconv.Itoa(int(to.Port))), nil
}

// serverWebSocket is the layer of a server's clients, made anew when options have
// changed.
type serverWebSocket struct {
	path string // of the address that it listens on, "" for any

	mu    lockorder.Mutex[lockorder.Leaf]
	made  layer.Layer
	after *option.Settings // that it was made by
}

// layer is that of the next client of a server; nil if it is none of WebSockets. With an
// error it is what it was.
func (w *serverWebSocket) layer(of Layers, o *option.Settings) (layer.Layer, error) {
	if !of.has(LayerWebSocket) {
		return nil, nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.after == o {
		return w.made, nil
	}
	w.after = o
	made, err := websocket.NewServer(serverConfig(o, w.path))
	if err == nil {
		w.made = made
	}
	return w.made, err
}

// serverConfig is for a server on a path, "" for those of the options.
func serverConfig(o *option.Settings, path string) websocket.ServerConfig {
	w := &o.WebSocket
	c := websocket.ServerConfig{Config: webSocketConfig(o)}
	c.Paths, _ = websocket.Paths("", w.Paths) // looked at when they were set
	c.Protocols, _ = websocket.Tokens("", w.Protocols)
	c.Origins, _ = websocket.Origins("", w.Origins)
	c.Headers, _ = websocket.HeaderLines("", w.Headers)
	if path != "" && len(c.Paths) == 0 {
		c.Paths = []string{websocket.EncodePath(path)}
	}
	c.Page = page(w.Page)
	return c
}

// page is what plain HTTP requests are answered with.
func page(text string) websocket.Page {
	p := websocket.Page{Type: "text/plain; charset=utf-8", Body: text}
	if strings.HasPrefix(strings.TrimSpace(text), "<") {
		p.Type = "text/html; charset=utf-8"
	}
	return p
}

// webSocket is the layer that is a WebSocket, and what its reader knows of it. A
// connection that is none has nil, which may be asked.
type webSocket struct {
	*websocket.Conn
	lastWasText atomic.Bool  // the message read last: see frame.Frame
	reserved    atomic.Int64 // of the budget, for a compressed message that the layer collects; changed by the reader
	since       atomic.Int64 // when it began to be, 0: there is none
}

// reserve gets memory of the budget for a compressed message, before more of it is
// received. It waits, and fails, as room does.
func (w *webSocket) reserve(c *poll.Call, st *stream) error {
	more, have := w.missing(), int(w.reserved.Load())
	if w.since.Load() == 0 {
		w.since.Store(clock())
	}
	if more > 0 {
		if err := st.reserve(c, more, st.in.Size()+have, 0); err != nil {
			return err
		}
	}
	w.reserved.Store(int64(have + more))
	w.Grant(have + more)
	return nil
}

// missing is how much memory is to be reserved before more is received.
func (w *webSocket) missing() int {
	if w == nil || w.since.Load() == 0 && w.Held() == 0 {
		return 0
	}
	return max(w.Needs()-int(w.reserved.Load()), 0)
}

// settle gives memory back once a compressed message has been collected and read.
func (w *webSocket) settle(st *stream) {
	if w != nil && w.since.Load() != 0 && w.Held() == 0 {
		w.free(st)
	}
}

// release gives memory back where nothing more is read.
func (w *webSocket) release(st *stream) {
	if w != nil && w.since.Load() != 0 {
		w.Forget()
		w.free(st)
	}
}

func (w *webSocket) free(st *stream) {
	st.lib.budget.Release(int(w.reserved.Swap(0)))
	w.since.Store(0)
	w.Grant(0)
}

// newWebSocket is for the uppermost layer, nil if that is no WebSocket. before is what the
// connection had.
func newWebSocket(top layer.Conn, before *webSocket) *webSocket {
	if c, is := top.(*websocket.Conn); is && before != nil && before.Conn == c {
		return before
	} else if is {
		c.Grant(0)
		return &webSocket{Conn: c}
	}
	return nil
}

// useLimit is for its reader: the layer tells the peer of a message that is too long.
func (w *webSocket) useLimit(cfg *ioConfig) {
	if w != nil {
		w.SetMaxMessage(int64(cfg.limit))
	}
}

// hasRecords tells whether what was read is records: they are the layer's own, and
// nothing of them belongs into a text.
func (w *webSocket) hasRecords(cfg *ioConfig) bool { return w != nil && cfg != nil && !cfg.Stream() }

// ping sends a ping, which the peer answers.
func (w *webSocket) ping() {
	if w != nil {
		_ = w.Ping() // if it failed the connection is over, which reading it tells
	}
}

// prepareClose tells the layer what to close with.
func (w *webSocket) prepareClose(o *option.Settings) {
	if w != nil {
		_ = w.SetClose(uint16(o.WebSocket.CloseCode), o.WebSocket.CloseReason) // both were looked at when they were set
	}
}

// delivered notes a message that is given to its reader.
func (w *webSocket) delivered(f frame.Frame) {
	if w != nil && w.lastWasText.Load() != f.Text {
		w.lastWasText.Store(f.Text)
	}
}

// gaveText tells whether the message read last was text.
func (w *webSocket) gaveText() bool { return w != nil && w.lastWasText.Load() }

// kind is what hosts call a message that is text, or is not; 0 where messages do not
// say.
func (w *webSocket) kind(text bool) int32 {
	switch {
	case w == nil:
		return 0
	case text:
		return option.MessageText
	}
	return option.MessageBinary
}

// lastMessageKind is the kind of the message that was read last; 0 while none was.
func (s *Socket) lastMessageKind() int32 {
	st, err := s.inspect()
	if err != nil {
		return 0
	}
	ws := st.ws.Load()
	if _, read := st.incoming(); read == 0 || s.config.Load().Stream() {
		return 0
	}
	return ws.kind(ws.gaveText())
}

// What WebSocketInfo tells (WDS_INFO_WEBSOCKET_).
const (
	InfoWebSocketPath        int32 = 4060
	InfoWebSocketHost        int32 = 4061
	InfoWebSocketProtocol    int32 = 4062
	InfoWebSocketOrigin      int32 = 4063
	InfoWebSocketHeaders     int32 = 4064
	InfoWebSocketCloseCode   int32 = 4065
	InfoWebSocketCloseReason int32 = 4066
)

// WebSocketInfo tells what the opening of a WebSocket said, and how its peer has closed
// it. Errors: fault.Kind (it is none), fault.NotConnected, fault.Argument.
func (s *Socket) WebSocketInfo(what int32) (string, error) {
	if what < InfoWebSocketPath || what > InfoWebSocketCloseReason {
		return "", option.WrongNumber("what", option.FamilyInfo, what)
	}
	w, err := s.enter(0, fault.PhaseCall)
	if err != nil {
		return "", err
	}
	defer w.Leave()
	st, err := s.inspect()
	if err != nil {
		return "", err
	}
	ws := st.ws.Load()
	if ws == nil {
		return "", s.wrongKind(fault.PhaseCall, textNeedsWebSocket)
	}
	facts := ws.Facts()
	switch what {
	case InfoWebSocketPath:
		return facts.Path, nil
	case InfoWebSocketHost:
		return facts.Host, nil
	case InfoWebSocketProtocol:
		return facts.Protocol, nil
	case InfoWebSocketOrigin:
		return facts.Origin, nil
	case InfoWebSocketHeaders:
		return facts.Headers, nil
	}
	code, reason, closed := ws.Closed()
	switch {
	case !closed:
		return "", nil
	case what == InfoWebSocketCloseCode:
		return strconv.Itoa(int(code)), nil
	}
	return reason, nil
}
