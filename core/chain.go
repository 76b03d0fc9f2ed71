package core

import (
	"slices"
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// chain is the layers that a connection gets on its bottom, the lowest first. TLS
// has a place of its own, because it may come and go while a connection is open.
type chain struct {
	lower []layer.Layer
	tls   layer.Layer // nil without
	upper []layer.Layer

	sock *Socket // whose options they follow: the client, or the server
}

// chain is what all connections have.
func (s *Socket) chain() *chain { return &chain{lower: s.lib.Lower, upper: s.lib.Upper, sock: s} }

// clientChain is for a client's connections to host.
func (s *Socket) clientChain(host string, o *option.Settings) (*chain, error) {
	c := s.chain()
	if s.Layers().Has(LayerTLS) {
		if host == "" { // this machine
			host = "localhost"
		}
		party, err := tlslayer.NewClient(o.TLS, host, &s.lib.sessions)
		if err != nil {
			return nil, err
		}
		c.tls = party.ClientLayer()
	}
	return c, nil
}

// chain is for the clients of a server.
func (v *server) chain() *chain {
	c := v.sock.chain()
	if v.party != nil {
		c.tls = v.party.ServerLayer()
	}
	return c
}

// layers are all of them.
func (c *chain) layers() []layer.Layer {
	all := append([]layer.Layer(nil), c.lower...)
	if c.tls != nil {
		all = append(all, c.tls)
	}
	return append(all, c.upper...)
}

// empty tells whether there are none of them.
func (c *chain) empty() bool { return c.tls == nil && len(c.lower)+len(c.upper) == 0 }

// layerStack is the layers of a connection.
type layerStack struct {
	*layer.Stack
	top      layer.Conn // the uppermost
	belowTLS int        // how many stand below the place of TLS
}

// buildLayers puts the layers of c on a new connection, within the time of w and at
// most limit; the caller holds both locks.
func (st *stream) buildLayers(w *poll.Call, c *chain, limit time.Duration) error {
	st.addRecording(c)
	all := c.layers()
	if len(all) == 0 {
		return nil
	}
	stack := st.newLayerStack(len(c.lower))
	stack.Renamed = st.setPeer
	return st.insert(w, stack, 0, all, limit)
}

// newLayerStack begins a stack.
func (st *stream) newLayerStack(belowTLS int) *layerStack {
	return &layerStack{Stack: layer.New(st.conn, st.peerLabel()), belowTLS: belowTLS}
}

// insertTLS puts TLS into an open connection, as buildLayers does.
func (st *stream) insertTLS(w *poll.Call, tls layer.Layer, limit time.Duration) error {
	stack := st.layers
	if stack == nil {
		stack = st.newLayerStack(0)
	}
	return st.insert(w, stack, stack.belowTLS, []layer.Layer{tls}, limit)
}

// removeTLS takes TLS, both sides of which are closed, out of the connection, and
// goes on with what came behind it; the caller holds both locks.
func (st *stream) removeTLS() error {
	rest, err := st.layers.Remove(st.layers.belowTLS)
	st.recorder().Note("TLS has ended")
	st.layersChanged(st.layers)
	st.in.Append(rest)
	st.buffered.Store(int64(st.in.Len()))
	return err
}

// insert puts layers on the connection, the lowest at a place of on, within the time
// of w and at most limit.
func (st *stream) insert(w *poll.Call, stack *layerStack, at int, layers []layer.Layer, limit time.Duration) error {
	own, ends := w.Deadline()
	if end := time.Now().Add(limit); !ends || own.After(end) {
		w.SetDeadline(end)
		defer w.SetDeadline(own) // the zero time for ever
	}
	st.conn.UseReader(w)
	began := time.Now()
	var err error
	for i := 0; i < len(layers) && err == nil; i++ {
		err = stack.Insert(at+i, layers[i])
	}
	if slices.ContainsFunc(layers, func(l layer.Layer) bool { return !l.Instant() }) {
		st.noteHandshake(began)
	}
	if err != nil {
		st.recorder().Note(err.Error())
		return syserr.Wrap(err, fault.PhaseTLS, st.peerLabel())
	}
	st.layersChanged(stack)
	st.traceTLS()
	return nil
}

// setPeer records who the peer is, as a layer has found out.
func (st *stream) setPeer(peer endpoint.Addr) error {
	if v := st.server(); v != nil {
		return v.setClientPeer(st, peer)
	}
	st.conn.SetPeer(peer)
	return nil
}

// layersChanged updates what depends on the layers.
func (st *stream) layersChanged(stack *layerStack) {
	var tls *tlslayer.Conn
	if stack.Len() > stack.belowTLS {
		tls, _ = stack.At(stack.belowTLS).(*tlslayer.Conn)
	}
	st.tls.Store(tls)
	if stack.top = stack.Top(); stack.top == nil {
		stack = nil
	}
	st.layers = stack
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

// closeLayers ends the sending sides of the layers. It never blocks.
func (st *stream) closeLayers() {
	if st.layers == nil || st.writeClosed.Load() || st.broken.Load() != nil {
		return
	}
	if e := st.ended.Load(); e != nil && e.Code != fault.PeerClosed {
		return
	}
	st.layers.CloseWrite()
}
