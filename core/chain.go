package core

import (
	"slices"
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer"
	"wdsocket/core/layer/capture"
	"wdsocket/core/layer/proxyheader"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
	"wdsocket/core/transport"
)

// chain is the layers that a connection gets on its bottom, the lowest first. TLS
// has a place of its own, because it may come and go while a connection is open.
type chain struct {
	lower []layer.Layer
	tls   layer.Layer // nil without; what records stands below it
	upper []layer.Layer

	websocket layer.Layer // nil without; what records its frames stands below it

	header *proxyheader.Server // the one in lower that reads a PROXY header, nil without
	bottom endpoint.Location   // what a client's transport connects to
	sock   *Socket             // whose options they follow: the client, or the server

	sendHeader int // the version of the PROXY header that goes on top of lower, 0 for none
}

// chain is what all connections have.
func (s *Socket) chain() *chain { return &chain{lower: s.lib.Lower, upper: s.lib.Upper, sock: s} }

// clientChain is for a client's connections to a place, which the transport connects
// to itself. Where proxies are on the way (dial.go), the first is the bottom, and the
// handshakes with them are layers in lower.
func (s *Socket) clientChain(to endpoint.Location, o *option.Settings) (*chain, error) {
	c := s.chain()
	c.bottom = to
	c.sendHeader = o.ProxyHeader.Send
	if s.Layers().has(LayerTLS) {
		party, err := tlslayer.NewClient(o.TLS, hostOf(to), &s.lib.sessions)
		if err != nil {
			return nil, err
		}
		c.tls = party.ClientLayer()
	}
	if s.Layers().has(LayerWebSocket) {
		ws, err := clientWebSocket(to, o, c.tls != nil)
		if err != nil {
			return nil, err
		}
		c.websocket = ws
	}
	return c, nil
}

// hostOf is the host that a client asks for at a place.
func hostOf(to endpoint.Location) string {
	if to.Host == "" { // this machine
		return "localhost"
	}
	return to.Host
}

// chain is for a client of a server, nil for what any of them may have.
func (v *server) chain(st *stream) *chain {
	c := v.sock.chain()
	if c.header = headerOf(v, st); c.header != nil {
		c.lower = append(slices.Clip(c.lower), c.header)
	}
	if v.party != nil {
		c.tls = v.party.ServerLayer()
	}
	ws, err := v.ws.layer(v.sock.Layers(), v.sock.options())
	if err != nil {
		v.sock.lib.log(levelError, v.sock, "%v", err)
	}
	c.websocket = ws
	return c
}

// layersOf are the layers that connections get whose address a program has written, and
// for which it asks for some.
func layersOf(kind Kind, asked Layers, at endpoint.Location) (Layers, error) {
	scheme := at.Scheme
	switch {
	case kind == KindUDP:
		return asked, checkDatagrams(at)
	case scheme.Plain() && asked.has(LayerTLS):
		return 0, fault.New(fault.Argument, fault.PhaseCall, at.String()).With(textPlainScheme, scheme.String())
	}
	if scheme.Secure() {
		asked |= LayerTLS
	}
	if scheme.WebSocket() {
		asked |= LayerWebSocket
	}
	return asked, nil
}

// checkDatagrams refuses an address that is none of a UDP socket.
func checkDatagrams(at endpoint.Location) error {
	if at.Scheme == endpoint.Bare && at.Kind == endpoint.IP {
		return nil
	}
	return fault.New(fault.Unsupported, fault.PhaseCall, at.String()).With(textNoDatagrams)
}

// datagramsTo is where a program sends a datagram to.
func datagramsTo(address string, port int) (endpoint.Location, error) {
	to, err := endpoint.ParseLocation(address, port)
	if err == nil {
		err = checkDatagrams(to)
	}
	if err != nil {
		return to, err
	}
	return peerAt(to)
}

// peerAt is where a peer is: at one port, which it needs.
func peerAt(at endpoint.Location) (endpoint.Location, error) {
	at = at.WithDefaultPort()
	switch {
	case at.PortTo != 0:
		return at, at.NoRange()
	case at.Port == 0 && at.HasPort():
		return at, endpoint.NoPort()
	}
	return at, nil
}

// empty tells whether there are none of them.
func (c *chain) empty() bool {
	return c.tls == nil && c.websocket == nil && len(c.lower)+len(c.upper) == 0
}

// layerStack is the layers of a connection. Each with TLS has one, and pays for what is
// in it.
type layerStack struct {
	layer.Stack
	st           *stream
	top          layer.Conn // the uppermost
	belowTLS     int32      // how many stand below the place of TLS
	recordsBelow bool       // the uppermost of those records, TLS stands on it
	frames       bool       // those of a WebSocket are recorded below it
}

// side is where what passes above all layers does: above TLS, if there is TLS. Above a
// WebSocket it is neither: its frames are what is recorded.
func (k *layerStack) side() capture.Side {
	if k != nil && k.frames {
		return capture.Neither
	}
	return k.sideOfTLS()
}

// sideOfTLS is where what passes above the place of TLS does.
func (k *layerStack) sideOfTLS() capture.Side {
	if k != nil && k.recordsBelow {
		return capture.Above
	}
	return capture.Both
}

// buildLayers puts the layers of c on a new connection, within the time of w; limit is
// as in changeLayers. The caller holds both locks. Layers that leave once their
// handshake is done do not count: without any other the connection is plain.
func (st *stream) buildLayers(w *poll.Call, c *chain, limit time.Duration) error {
	st.addFaults(c)
	st.record(c.sock.options().Record, false)
	if c.sendHeader != 0 {
		c.lower = append(slices.Clip(c.lower), proxyheader.NewClient(c.sendHeader, st.conn.LocalAddr(), st.conn.PeerAddr()))
	}
	if c.empty() {
		return nil
	}
	stack := newLayerStack(st)
	return st.changeLayers(w, stack, limit, func(t handshakeTime) error {
		err := stack.put(t, c.lower...)
		if stack.belowTLS = int32(stack.Len()); err == nil && c.tls != nil {
			err = stack.insertTLS(t, c.tls, false)
		}
		if err == nil {
			err = stack.put(t, c.upper...)
		}
		if err == nil && c.websocket != nil {
			err = stack.putWebSocket(t, c.websocket)
		}
		return err
	})
}

// newLayerStack begins the stack of a connection.
func newLayerStack(st *stream) *layerStack {
	return &layerStack{Stack: *layer.New(st.conn, st.peerLabel()), st: st}
}

// insertTLS puts TLS into an open connection, as buildLayers does.
func (st *stream) insertTLS(w *poll.Call, tls layer.Layer, limit time.Duration) error {
	stack := st.layers
	if stack == nil {
		stack = newLayerStack(st)
	}
	return st.changeLayers(w, stack, limit, func(t handshakeTime) error { return stack.insertTLS(t, tls, true) })
}

// removeTLS takes TLS, both sides of which are closed, out of the connection, and
// goes on with what came behind it; the caller holds both locks.
func (st *stream) removeTLS() error {
	stack := st.layers
	err := stack.Remove(int(stack.belowTLS))
	rest := stack.Rest()
	st.recording.recorder().Note("TLS has ended")
	if err == nil {
		stack.belowTLS, stack.recordsBelow = stack.belowTLS-1, false
		err = stack.Remove(int(stack.belowTLS))
	}
	st.layersChanged(stack)
	st.takeRest(capture.Above, rest)
	return err
}

// handshakeTime is the time that the handshakes of a connection have: that of a call
// for all of them, and at most limit for each that is not layer.Limited.
type handshakeTime struct {
	w     *poll.Call
	limit time.Duration
}

// of tells how long the handshake of l may take.
func (t handshakeTime) of(l layer.Layer) time.Duration {
	if own, is := l.(layer.Limited); is && own.Limit() > 0 {
		return own.Limit()
	}
	return t.limit
}

// changeLayers runs change, which puts layers on the connection, within the time of w
// and at most limit for each handshake that has no time of its own.
func (st *stream) changeLayers(w *poll.Call, stack *layerStack, limit time.Duration, change func(handshakeTime) error) error {
	st.conn.UseReader(w)
	if err := change(handshakeTime{w, limit}); err != nil {
		st.recording.recorder().Note(err.Error())
		return err
	}
	st.layersChanged(stack)
	st.traceTLS()
	return nil
}

// put puts layers on top, the lowest first.
func (k *layerStack) put(t handshakeTime, layers ...layer.Layer) error {
	for _, l := range layers {
		if err := k.insert(t, k.Len(), l); err != nil {
			return err
		}
	}
	return nil
}

// putWebSocket puts a WebSocket on top, on a layer that records its frames.
func (k *layerStack) putWebSocket(t handshakeTime, ws layer.Layer) error {
	k.frames = true
	return k.put(t, k.st.recording.layer(k.sideOfTLS()), ws)
}

// insertTLS puts TLS at its place, on a layer that records below it. open tells whether the
// connection was used before, so that it was agreed to begin TLS now.
func (k *layerStack) insertTLS(t handshakeTime, tls layer.Layer, open bool) error {
	if err := k.insert(t, int(k.belowTLS), k.st.recording.layer(capture.Below)); err != nil {
		return err
	}
	k.belowTLS, k.recordsBelow = k.belowTLS+1, true
	before := k.st.conn.BytesIn()
	err := k.insert(t, int(k.belowTLS), tls)
	return overdueHandshake(k.st, t.w, t.of(tls), err, before, open)
}

// insert puts a layer at a place. Errors are in the layer's phase, for which its time
// counts.
func (k *layerStack) insert(t handshakeTime, at int, l layer.Layer) error {
	if !l.Instant() {
		defer shorten(t.w, t.of(l))()
	}
	began := time.Now()
	peer, err := k.Insert(at, l)
	if !l.Instant() {
		k.st.noteHandshake(l.Phase(), began)
	}
	if err == nil && peer.IsValid() {
		err = k.setPeer(peer)
	}
	if err != nil {
		return syserr.Wrap(err, l.Phase(), k.st.peerLabel())
	}
	return nil
}

// setPeer records who the peer is, as a layer has found out.
func (k *layerStack) setPeer(peer endpoint.Addr) error {
	if v := k.st.server(); v != nil {
		return v.setClientPeer(k.st, peer)
	}
	k.st.conn.SetPeer(peer)
	return nil
}

// layersChanged updates what depends on the layers.
func (st *stream) layersChanged(stack *layerStack) {
	var tls *tlslayer.Conn
	if at := int(stack.belowTLS); stack.Len() > at {
		tls, _ = stack.At(at).(*tlslayer.Conn)
	}
	st.tls.Store(tls)
	st.ws.Store(newWebSocket(stack.Top(), st.ws.Load()))
	side, rest := stack.side(), stack.Rest()
	if stack.top = stack.Top(); stack.top == nil {
		stack = nil
	}
	st.layers = stack
	if st.in.Len() == 0 {
		st.lastByte = 0 // of what came otherwise
	}
	st.takeRest(side, rest)
}

// takeRest takes into the buffer what a layer that has left had read too much: no layer
// reads it.
func (st *stream) takeRest(side capture.Side, rest []byte) {
	if len(rest) == 0 {
		return
	}
	st.recording.recorder().Bytes(side, capture.Received, rest)
	if !st.timings.HasFirstByte() {
		st.noteFirstByte()
	}
	cfg := st.owner.Load().config.Load()
	st.noteArrival(cfg)
	st.in.Append(rest)
	st.dropUnread(cfg)
	st.buffered.Store(int64(st.in.Len()))
}

// transparent tells whether what is written is what leaves, and what the system
// has for reading is what is read.
func (st *stream) transparent() bool { return st.layers == nil }

// stopped tells until when a layer reads no further, because it waits for its
// peer; the zero time if none does.
func (st *stream) stopped() time.Time {
	if st.layers == nil {
		return time.Time{}
	}
	return st.layers.Stopped()
}

// tookAll tells whether a read has left nothing, with the system or with a layer: what comes
// later, the end too, makes an event. in is what the bottom had received before it: where
// the layers gave of what they held, nothing is known of the system.
func (k *layerStack) tookAll(in int64) bool {
	return k != nil && k.st.conn.BytesIn() != in && transport.Drained(k.st.conn) && k.Idle()
}

// closeLayers ends the sending sides of the layers. It never blocks.
func (st *stream) closeLayers() {
	if st.writeClosed.Load() || st.broken.Load() != nil {
		return
	}
	if e := st.ended.Load(); e != nil && e.Code != fault.PeerClosed {
		return
	}
	if st.layers != nil {
		st.ws.Load().prepareClose(st.owner.Load().options())
		st.layers.CloseWrite()
	}
	st.recording.recorder().End(capture.Sent, nil)
}

// closeAfterHandshake closes a connection whose handshake failed, after what a layer
// told the peer about that was sent: an alert of TLS, a refusal.
func (s *Socket) closeAfterHandshake(st *stream) {
	closeTimeout, _ := s.closeLimits()
	st.closeInOrder(min(closeTimeout, time.Second), -1)
}
