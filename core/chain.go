package core

import (
	"slices"
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer"
	"wdsocket/core/option"
	"wdsocket/core/poll"
	"wdsocket/core/secure"
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
		party, err := secure.NewClient(o.TLS, host, &s.lib.sessions)
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

// stacked is the layers of a connection.
type stacked struct {
	*layer.Stack
	top      layer.Conn // the uppermost
	belowTLS int        // how many stand below the place of TLS
}

// build puts the layers of c on a new connection, within the time of w and at
// most limit; the caller has both roles.
func (st *stream) build(w *poll.Call, c *chain, limit time.Duration) error {
	st.observe(c)
	all := c.layers()
	if len(all) == 0 {
		return nil
	}
	on := st.noLayers(len(c.lower))
	on.Renamed = st.renamed
	return st.insert(w, on, 0, all, limit)
}

// noLayers begins a stack.
func (st *stream) noLayers(belowTLS int) *stacked {
	return &stacked{Stack: layer.New(st.conn, st.who()), belowTLS: belowTLS}
}

// insertTLS puts TLS into an open connection, as build does.
func (st *stream) insertTLS(w *poll.Call, tls layer.Layer, limit time.Duration) error {
	on := st.on
	if on == nil {
		on = st.noLayers(0)
	}
	return st.insert(w, on, on.belowTLS, []layer.Layer{tls}, limit)
}

// removeTLS takes TLS, both sides of which are closed, out of the connection, and
// goes on with what came behind it; the caller has both roles.
func (st *stream) removeTLS() error {
	rest, err := st.on.Remove(st.on.belowTLS)
	st.recorder().Note("TLS has ended")
	st.changed(st.on)
	st.in.Append(rest)
	st.held.Store(int64(st.in.Len()))
	return err
}

// insert puts layers on the connection, the lowest at a place of on, within the time
// of w and at most limit.
func (st *stream) insert(w *poll.Call, on *stacked, at int, layers []layer.Layer, limit time.Duration) error {
	own, ends := w.Deadline()
	if end := time.Now().Add(limit); !ends || own.After(end) {
		w.SetDeadline(end)
		defer w.SetDeadline(own) // the zero time for ever
	}
	st.conn.UseReader(w)
	began := time.Now()
	var err error
	for i := 0; i < len(layers) && err == nil; i++ {
		err = on.Insert(at+i, layers[i])
	}
	if slices.ContainsFunc(layers, func(l layer.Layer) bool { return !l.Instant() }) {
		st.handshakeTook(began)
	}
	if err != nil {
		st.recorder().Note(err.Error())
		return syserr.Wrap(err, fault.PhaseTLS, st.who())
	}
	st.changed(on)
	st.traceTLS()
	return nil
}

// renamed is told by a layer who the peer is.
func (st *stream) renamed(peer endpoint.Addr) error {
	if v := st.home(); v != nil {
		return v.renameClient(st, peer)
	}
	st.conn.SetPeer(peer)
	return nil
}

// changed notes what there is after the layers have changed.
func (st *stream) changed(on *stacked) {
	var tls *secure.Conn
	if on.Len() > on.belowTLS {
		tls, _ = on.At(on.belowTLS).(*secure.Conn)
	}
	st.tls.Store(tls)
	if on.top = on.Top(); on.top == nil {
		on = nil
	}
	st.on = on
}

// transparent tells whether what is written is what leaves, and what the system
// has for reading is what is read.
func (st *stream) transparent() bool { return st.on == nil }

// stopped tells until when a layer reads no further, because it waits for its
// peer; the zero time if none does.
func (st *stream) stopped() time.Time {
	if st.on == nil {
		return time.Time{}
	}
	return st.on.Stopped()
}

// farewell ends the sending sides of the layers. It never waits.
func (st *stream) farewell() {
	if st.on == nil || st.shut.Load() || st.broken.Load() != nil {
		return
	}
	if e := st.ended.Load(); e != nil && e.Code != fault.PeerClosed {
		return
	}
	st.on.CloseWrite()
}
