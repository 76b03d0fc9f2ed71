package core

import (
	"net/netip"
	"slices"
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/hostname"
	"wdsocket/core/layer"
	"wdsocket/core/layer/proxy"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
	"wdsocket/core/poll"
	"wdsocket/core/route"
	"wdsocket/core/transport"
)

// dial makes a connection with its layers.
func (s *Socket) dial(w *poll.Call, a *openAttempt) (*stream, error) {
	o := s.options()
	c, err := s.clientChain(a.at, o)
	if err != nil {
		return nil, err
	}
	proxies, err := o.ProxiesTo(c.bottom)
	if err != nil {
		return nil, err
	}
	if len(proxies) == 0 {
		return a.reach(w, o, c)
	}
	return (&journey{openAttempt: a, o: o, direct: c, target: c.bottom, proxies: proxies}).run(w)
}

// reach makes a connection with the layers of c.
func (a *openAttempt) reach(w *poll.Call, o *option.Settings, c *chain) (*stream, error) {
	conn, err := a.connect(w, o, c.bottom)
	if err != nil {
		a.s.traceAttempt(a, err)
		return nil, err
	}
	return a.build(w, o, c, conn)
}

// connect makes a connection to a place.
func (a *openAttempt) connect(w *poll.Call, o *option.Settings, to endpoint.Location) (transport.Conn, error) {
	return transport.Dial(w, &transport.Target{Location: to, Family: o.Family,
		LocalAddr: o.LocalAddress, LocalPort: o.LocalPort, Resolver: o.Resolver(), Options: &o.System})
}

// build puts the layers of c on a connection.
func (a *openAttempt) build(w *poll.Call, o *option.Settings, c *chain, conn transport.Conn) (*stream, error) {
	st := newStream(a.s, conn)
	err := a.s.lib.recoverPanic("the handshake", func() error { return st.buildLayers(w, c, o.HandshakeTimeout) })
	if err != nil {
		a.noteEnds(st)
		a.s.closeAfterHandshake(st)
		return nil, err
	}
	return st, nil
}

// proxyPatience is the most that the handshakes with proxies may take, as systems try
// to connect for about as long.
const proxyPatience = 2 * time.Minute

// leastShare is the least time for one of several addresses, while there is any.
const leastShare = 2 * time.Second

// journey is a way to a target by proxies. Where one takes addresses alone (socks5://),
// the name that it is to connect to is looked up here, and its addresses are tried in
// the order of RFC 6724: each with a connection of its own, which share the time.
type journey struct {
	*openAttempt
	o       *option.Settings
	direct  *chain // without the proxies
	target  endpoint.Location
	proxies []route.Proxy

	next  [][]endpoint.Addr // what each proxy may be asked to connect to, in order
	tried []int             // which of them it is asked for now
	at    int               // the proxy that is spoken to
}

func (j *journey) run(w *poll.Call) (*stream, error) {
	defer shorten(w, proxyPatience)()
	end, _ := w.Deadline()
	if err := j.resolve(w); err != nil {
		return nil, err
	}
	var told error
	for {
		w.SetDeadline(j.share(end))
		st, err := j.attempt(w)
		if err == nil {
			j.s.lib.log(levelTraffic, st, "connected through %s", route.Labels(j.proxies))
			return st, nil
		}
		if told == nil || fault.CodeOf(err) != fault.Timeout { // which says less
			told = err
		}
		if !j.nextAddress(err) || !time.Now().Before(end) {
			return nil, told
		}
		j.s.lib.log(levelTraffic, j, "%v; its next address is tried", err)
	}
}

// attempt makes a connection by the addresses that are chosen now.
func (j *journey) attempt(w *poll.Call) (*stream, error) {
	c, err := j.chain()
	if err != nil {
		return nil, err
	}
	j.at = -1
	conn, err := j.connect(w, j.o, c.bottom)
	if err != nil {
		err = proxy.NotConnected(err, j.proxies[0].Label(), j.target.String())
		j.s.traceAttempt(j.openAttempt, err)
		return nil, err
	}
	way := &proxied{way: &route.Taken{Proxies: j.proxies, First: conn.PeerAddr()}}
	last := len(j.proxies) - 1
	conn.SetPeer(j.next[last][j.tried[last]])
	st, err := j.build(w, j.o, c, conn)
	if err == nil {
		st.proxied = way
	}
	return st, err
}

// resolve finds out what each proxy is to be asked for.
func (j *journey) resolve(w *poll.Call) error {
	j.next, j.tried = make([][]endpoint.Addr, len(j.proxies)), make([]int, len(j.proxies))
	for i := range j.proxies {
		addrs, err := j.addresses(w, i, j.place(i))
		if err != nil {
			return err
		}
		j.next[i] = addrs
	}
	return nil
}

// place is what proxy i connects to.
func (j *journey) place(i int) endpoint.Location {
	if i+1 < len(j.proxies) {
		return j.proxies[i+1].Location()
	}
	return j.target
}

// addresses are those of a place, as proxy i takes them.
func (j *journey) addresses(w *poll.Call, i int, to endpoint.Location) ([]endpoint.Addr, error) {
	if ip, err := netip.ParseAddr(to.Host); err == nil {
		return []endpoint.Addr{endpoint.FromIP(ip, to.Port)}, nil
	}
	if j.proxies[i].Protocol != route.SOCKS5 {
		name, err := hostname.ASCII(to.Host)
		if err != nil || len(name) > 255 || !printable(name) {
			return nil, fault.New(fault.HostUnknown, fault.PhaseResolve, to.Host)
		}
		return []endpoint.Addr{endpoint.FromName(name, to.Port)}, nil
	}
	ips, err := j.o.Resolver().Lookup(w, to.Host, j.o.Family)
	if err != nil {
		return nil, err
	}
	addrs := make([]endpoint.Addr, len(ips))
	for n, ip := range ips {
		addrs[n] = endpoint.FromIP(ip, to.Port)
	}
	return addrs, nil
}

// printable tells whether a name has nothing that could end or divide a line.
func printable(name string) bool {
	for i := range len(name) {
		if name[i] <= ' ' || name[i] >= 0x7F {
			return false
		}
	}
	return name != ""
}

// share is until when the present attempt may take: those that may follow have as much.
func (j *journey) share(end time.Time) time.Time {
	attempts := 1
	for i, addrs := range j.next {
		attempts += len(addrs) - 1 - j.tried[i]
	}
	left := time.Until(end)
	return time.Now().Add(min(left, max(left/time.Duration(attempts), leastShare)))
}

// nextAddress chooses what the proxy that err is of is asked for next; false: nothing,
// or that would not help.
func (j *journey) nextAddress(err error) bool {
	switch fault.CodeOf(err) {
	case fault.ProxyTarget, fault.ProxyRefused, fault.ProxyUnreachable, fault.Timeout:
	default:
		return false
	}
	if j.at < 0 || j.tried[j.at]+1 >= len(j.next[j.at]) {
		return false
	}
	j.tried[j.at]++
	clear(j.tried[j.at+1:])
	return true
}

// chain is the layers of the next attempt: the handshakes with the proxies, then those
// that the target has.
func (j *journey) chain() (*chain, error) {
	c := *j.direct
	c.bottom = j.proxies[0].Location()
	for i := range j.proxies {
		layers, err := j.layers(i)
		if err != nil {
			return nil, err
		}
		c.lower = append(slices.Clip(c.lower), layers...)
	}
	return &c, nil
}

// layers are those of proxy i.
func (j *journey) layers(i int) (layers []layer.Layer, err error) {
	p := &j.proxies[i]
	hop := proxy.Hop{Proxy: p.Label(), Next: j.next[i][j.tried[i]], Target: j.target.String(),
		User: p.User, Password: p.Password, Known: p.Known}
	if i+1 < len(j.proxies) {
		hop.NextName = j.proxies[i+1].Label()
	}
	if p.Protocol == route.HTTPS {
		party, err := tlslayer.NewProxyClient(j.o.TLS, p.Host, &j.s.lib.sessions)
		if err != nil {
			return nil, err
		}
		layers = append(layers, stage{proxy.Secured(party.ClientLayer(), hop), j, i})
	}
	shake := proxy.Connect
	if p.Protocol == route.SOCKS5 || p.Protocol == route.SOCKS5H {
		shake = proxy.SOCKS5
	}
	return append(layers, stage{shake(hop), j, i}), nil
}

// stage is a layer of a proxy that tells when its handshake begins.
type stage struct {
	layer.Layer
	of *journey
	i  int
}

// Limit is that of proxies: what a proxy connects to takes its time.
func (stage) Limit() time.Duration { return proxyPatience }

// Handshake makes the layer's.
func (s stage) Handshake(base layer.Base, who string) (layer.Conn, error) {
	s.of.at = s.i
	return s.Layer.Handshake(base, who)
}
