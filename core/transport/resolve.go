package transport

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/hostname"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
	"wdsocket/core/task"
)

// Resolver says how names are looked up.
type Resolver struct {
	System bool   // with the system's functions
	Server string // "address:port" of the name server to ask, "" for the system's

	asked *atomic.Pointer[string] // the name server that was asked last, for texts; may be nil
}

// lookup is the answer for one family.
type lookup struct {
	addrs []netip.Addr
	err   error
}

// start looks a name up for each family at the same time. The channel's
// capacity is the number of answers that come.
func (r Resolver) start(ctx context.Context, host string, family Family) chan lookup {
	networks := []string{"ip6", "ip4"}
	switch family {
	case IPv4:
		networks = networks[1:]
	case IPv6:
		networks = networks[:1]
	}
	answers := make(chan lookup, len(networks))
	for _, network := range networks {
		task.Go("a look-up", nil, func() { answers <- r.ask(ctx, network, host) })
	}
	return answers
}

// ask looks a name up: "ip4" and "ip6" for one family, "ip" for both. The
// addresses of an answer are in the order of RFC 6724. A name with letters
// beyond ASCII is asked for in its form of the DNS.
func (r Resolver) ask(ctx context.Context, network, host string) (l lookup) {
	if fell := task.Catch("a look-up", func() { l.addrs, l.err = r.resolve(ctx, network, host) }); fell != nil {
		return lookup{err: fell}
	}
	return l
}

func (r Resolver) resolve(ctx context.Context, network, host string) ([]netip.Addr, error) {
	if strings.ContainsAny(host, " \t") {
		return nil, fault.New(fault.HostUnknown, fault.PhaseResolve, host).With(textBlank)
	}
	if r.asked == nil {
		r.asked = new(atomic.Pointer[string])
	}
	began := time.Now()
	name, err := hostname.ASCII(host)
	if err != nil {
		return nil, fault.New(fault.HostUnknown, fault.PhaseResolve, host).With(noteNoName, host)
	}
	var servers nameServers
	defer servers.end()
	addrs, err := r.resolver(&servers).LookupNetIP(ctx, network, name)
	if err != nil {
		return addrs, r.failed(err, host, began)
	}
	for i := range addrs {
		addrs[i] = addrs[i].Unmap()
	}
	return addrs, nil
}

// resolver asks a name server itself, unless the system is to do it. Windows
// always is: only its own functions know localhost, the names of machines
// nearby and the suffixes that short names get.
func (r Resolver) resolver(servers *nameServers) *net.Resolver {
	system := r.System || runtime.GOOS == "windows"
	return &net.Resolver{PreferGo: !system || r.Server != "", Dial: func(ctx context.Context, network, address string) (conn net.Conn, err error) {
		// It runs in a goroutine of package net.
		fell := task.Catch("a look-up", func() {
			conn, err = servers.open(ctx, func() (net.Conn, error) { return r.dial(ctx, network, address) })
		})
		if fell != nil {
			return nil, fell
		}
		return conn, err
	}}
}

// dial connects to a name server.
func (r Resolver) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if r.Server != "" {
		address = r.Server
	}
	r.asked.Store(&address)
	if strings.HasPrefix(network, "udp") {
		return dialUDP(address)
	}
	var d net.Dialer
	return d.DialContext(ctx, network, address)
}

// failed is the error of a look-up. Of a name that is unknown it tells who was
// asked: the system may know more.
func (r Resolver) failed(err error, host string, began time.Time) error {
	e := syserr.Wrap(err, fault.PhaseResolve, host)
	if e.Code == fault.Resolver {
		return r.serverFailed(e, err, began)
	}
	if e.Code != fault.HostUnknown || runtime.GOOS == "windows" && r.Server == "" {
		return e
	}
	switch {
	case r.Server != "":
		return e.With(noteOnlyServer, r.Server)
	case !r.System:
		return e.With(noteOwnResolver)
	}
	return e
}

// serverFailed says of an error of the name server which one it was.
func (r Resolver) serverFailed(e *fault.Error, err error, began time.Time) error {
	var dns *net.DNSError
	if !errors.As(err, &dns) || dns.IsTimeout || strings.Contains(dns.Err, net.ErrClosed.Error()) { // closed here: its time was over
		return r.silent(e.Who, time.Since(began))
	}
	one, all := textServerUseless, textServersUseless
	if dns.IsTemporary && dns.Err == "server misbehaving" { // what package net says for SERVFAIL, and only that for a while
		one, all = textServerFailed, textServersFailed
	}
	if server := r.asked.Load(); server != nil {
		return e.With(one, *server)
	}
	return e.With(all)
}

// silent is the error of a look-up that got no answer in a time.
func (r Resolver) silent(host string, waited time.Duration) *fault.Error {
	e, ms := fault.New(fault.Resolver, fault.PhaseResolve, host), strconv.FormatInt(waited.Milliseconds(), 10)
	if server := r.asked.Load(); server != nil {
		return e.With(textServerSilent, *server, ms)
	}
	return e.With(textServersSilent, "", ms)
}

// Lookup gives the addresses of a name within the time of w, all families
// together, in the order of preference of RFC 6724; a numeric address gives
// itself.
func (r Resolver) Lookup(w *poll.Call, host string, family Family) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a.Unmap()}, nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r.asked = new(atomic.Pointer[string])
	began := time.Now()
	var l lookup
	done := make(chan struct{})
	task.Go("a look-up", nil, func() {
		defer close(done)
		l = r.ask(ctx, family.network("ip"), host)
	})
	if err := w.For(done); err != nil {
		cancel()
		<-done
		if err == fault.Timeout {
			return nil, r.silent(host, time.Since(began))
		}
		return nil, syserr.Wrap(err, fault.PhaseResolve, host)
	}
	if l.err != nil {
		return nil, syserr.Wrap(l.err, fault.PhaseResolve, host)
	}
	return l.addrs, nil
}
