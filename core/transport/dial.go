package transport

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"sync/atomic"
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
	"wdsocket/core/task"
)

// Family restricts addresses to one version of IP.
type Family int32

// The families, by the numbers of WDS_OPT_ADDRESS_FAMILY.
const (
	AnyFamily Family = 0
	IPv4      Family = 4
	IPv6      Family = 6
)

func (f Family) allows(a netip.Addr) bool {
	switch f {
	case IPv4:
		return a.Is4()
	case IPv6:
		return a.Is6()
	}
	return true
}

// refuse says in an error that the address is of the other version of IP.
func (f Family) refuse(e *fault.Error) *fault.Error {
	if f == IPv4 {
		return e.With(textFamily, "IPv6", "IPv4")
	}
	return e.With(textFamily, "IPv4", "IPv6")
}

// network names a network of package net for the family: "tcp", "tcp4", "tcp6".
func (f Family) network(base string) string {
	if f != AnyFamily {
		return base + strconv.Itoa(int(f))
	}
	return base
}

// Target is what a client connects to, and how.
type Target struct {
	endpoint.Location
	Family    Family
	LocalAddr string // address to leave from, "" for any
	LocalPort int    // port to leave from, 0 for any
	Resolver  Resolver
	Options   *Options
}

// Label names the target in texts.
func (t *Target) Label() string { return t.String() }

// dialTCP connects within the time of w. All addresses of a name are tried, IPv6
// and IPv4 in turn, a quarter of a second apart, and the first that answers
// wins (RFC 8305).
func dialTCP(w *poll.Call, t *Target) (Conn, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r := &happyEyeballs{target: t, ctx: ctx, began: time.Now(), resolver: t.Resolver}
	r.resolver.asked = new(atomic.Pointer[string])
	if t.LocalAddr != "" {
		local, err := netip.ParseAddr(t.LocalAddr)
		if err != nil {
			return nil, fault.New(fault.LocalAddress, fault.PhaseConnect, t.LocalAddr)
		}
		r.local = local
	}
	done := make(chan struct{})
	var fell *fault.Error
	task.Go("connecting", nil, func() {
		defer close(done)
		fell = task.Catch("connecting", r.run)
	})
	if err := w.For(done); err != nil {
		cancel()
		<-done
		if r.won != nil {
			r.won.Close()
		}
		return nil, r.interrupted(w, err)
	}
	if r.won == nil {
		return nil, r.failure(fell)
	}
	conn, err := attach(r.won, addrFrom(r.won.RemoteAddr()))
	if err != nil {
		return nil, syserr.Wrap(err, fault.PhaseConnect, t.Label())
	}
	if err := conn.Apply(t.Options); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

const (
	attemptDelay    = 250 * time.Millisecond // RFC 8305, section 5
	resolutionDelay = 50 * time.Millisecond  // RFC 8305, section 3
)

// happyEyeballs is one run of RFC 8305: look-ups and connection attempts side by side.
type happyEyeballs struct {
	target *Target
	local  netip.Addr
	ctx    context.Context
	began  time.Time

	resolver   Resolver
	lookups    int // still running
	found      chan lookup
	untried    [2][]netip.Addr // addresses not tried yet: IPv6, IPv4
	nextFamily int             // which of the two is next
	notBefore  time.Time       // no attempt before
	running    int             // running
	attempted  int
	results    chan attempt

	won        net.Conn
	connectErr error // the most telling failure of an attempt
	resolveErr error // the most telling failure of a look-up
}

type attempt struct {
	conn net.Conn
	err  error
}

// phase tells what was being done, for an error from outside.
func (r *happyEyeballs) phase() fault.Phase {
	if r.attempted > 0 || r.target.Host == "" || endpoint.IsIP(r.target.Host) {
		return fault.PhaseConnect
	}
	return fault.PhaseResolve
}

func (r *happyEyeballs) run() {
	ctx, cancel := context.WithCancel(r.ctx)
	r.results = make(chan attempt)
	defer r.drain(cancel)
	r.begin(ctx)
	for r.won == nil && r.ctx.Err() == nil && (r.lookups > 0 || r.running > 0 || r.candidates()) {
		r.step(ctx)
	}
}

// drain waits for the look-ups and attempts that are still running.
func (r *happyEyeballs) drain(cancel func()) {
	cancel()
	for r.running > 0 { // losers end at once
		res := <-r.results
		r.running--
		if res.conn != nil {
			res.conn.Close()
		}
	}
	for r.lookups > 0 {
		<-r.found
		r.lookups--
	}
}

// begin sorts out literal addresses and starts the look-ups for names.
func (r *happyEyeballs) begin(ctx context.Context) {
	t := r.target
	if t.Host == "" {
		r.add([]netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()})
		r.nextFamily = 1
		return
	}
	if a, err := netip.ParseAddr(t.Host); err == nil {
		r.add([]netip.Addr{a.Unmap()})
		if !r.candidates() {
			r.connectErr = t.Family.refuse(fault.New(fault.Unreachable, fault.PhaseConnect, t.Host))
		}
		return
	}
	r.found = r.resolver.start(ctx, t.Host, t.Family)
	r.lookups = cap(r.found)
}

func (r *happyEyeballs) add(addrs []netip.Addr) {
	for _, a := range addrs {
		switch {
		case !r.target.Family.allows(a):
		case a.Is6():
			r.untried[0] = append(r.untried[0], a)
		default:
			r.untried[1] = append(r.untried[1], a)
		}
	}
}

func (r *happyEyeballs) candidates() bool { return len(r.untried[0])+len(r.untried[1]) > 0 }

// step waits for one event and deals with it.
func (r *happyEyeballs) step(ctx context.Context) {
	var start <-chan time.Time
	if r.candidates() {
		timer := time.NewTimer(time.Until(r.notBefore))
		defer timer.Stop()
		start = timer.C
	}
	select {
	case l := <-r.found:
		r.lookups--
		r.lookupDone(l)
	case <-start:
		r.startAttempt(ctx)
	case res := <-r.results:
		r.running--
		r.won = res.conn
		if res.err != nil {
			r.connectErr = mostSpecific(r.connectErr, syserr.Wrap(res.err, fault.PhaseConnect, r.target.Label()))
			r.notBefore = time.Time{}
		}
	case <-r.ctx.Done():
	}
}

func (r *happyEyeballs) lookupDone(l lookup) {
	if l.err != nil {
		r.resolveErr = mostSpecific(r.resolveErr, syserr.Wrap(l.err, fault.PhaseResolve, r.target.Host))
	}
	r.add(l.addrs)
	if r.attempted > 0 {
		return // the delay between attempts goes on
	}
	r.notBefore = time.Time{}
	if len(r.untried[0]) == 0 && r.lookups > 0 {
		r.notBefore = time.Now().Add(resolutionDelay) // IPv6 gets its chance, until its answer is here
	}
}

// startAttempt starts an attempt at the next address, the families in turn.
func (r *happyEyeballs) startAttempt(ctx context.Context) {
	if len(r.untried[r.nextFamily]) == 0 {
		r.nextFamily = 1 - r.nextFamily
	}
	addr := r.untried[r.nextFamily][0]
	r.untried[r.nextFamily] = r.untried[r.nextFamily][1:]
	r.nextFamily = 1 - r.nextFamily
	r.running++
	r.attempted++
	r.notBefore = time.Now().Add(attemptDelay)
	dialer := r.dialer()
	to := netip.AddrPortFrom(addr, r.target.Port).String()
	task.Go("connecting", nil, func() {
		var res attempt
		if fell := task.Catch("connecting", func() { res.conn, res.err = dialOne(ctx, dialer, to, r.target.Label()) }); fell != nil {
			res.err = fell
		}
		r.results <- res
	})
}

// dialOne makes one connection; who names the peer in errors. Where nothing listens, a socket whose own
// port is the one it connects to meets itself (simultaneous open, RFC 9293,
// section 3.5): that is a refusal.
func dialOne(ctx context.Context, d *net.Dialer, to, who string) (net.Conn, error) {
	conn, err := d.DialContext(ctx, "tcp", to)
	if err != nil {
		return nil, withoutSource(syserr.Wrap(err, fault.PhaseConnect, who), d, to)
	}
	if conn.LocalAddr().String() != conn.RemoteAddr().String() {
		return conn, nil
	}
	if itself, err := attach(conn, endpoint.Parse(to)); err == nil {
		itself.Abort() // an orderly close would hold the port
	}
	return nil, fault.New(fault.Refused, fault.PhaseConnect, who).With(noteMetItself)
}

// withoutSource corrects an error of the system that has no own address to
// reach a peer from (no IPv6, say): unless the host chose an own address, that
// is a matter of the peer's.
func withoutSource(e *fault.Error, d *net.Dialer, to string) error {
	if e.Code == fault.LocalAddress && d.LocalAddr == nil && !hasRoute(to) {
		e.Code = fault.Unreachable
	}
	return e
}

// hasRoute tells whether this machine has an address to reach another one from.
func hasRoute(to string) bool {
	conn, err := dialUDP(to) // sends nothing
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

func (r *happyEyeballs) dialer() *net.Dialer {
	d := &net.Dialer{KeepAlive: -1, Control: controlClient(r.target)}
	if r.local.IsValid() || r.target.LocalPort != 0 {
		d.LocalAddr = &net.TCPAddr{IP: r.local.AsSlice(), Zone: r.local.Zone(), Port: r.target.LocalPort}
	}
	return d
}

// failure is the error where no attempt succeeded; fell is that of a race that
// could not be run.
func (r *happyEyeballs) failure(fell *fault.Error) error {
	switch {
	case fell != nil:
		return fell
	case r.connectErr != nil:
		return r.explain(r.connectErr)
	case r.resolveErr != nil:
		return r.resolveErr
	}
	return fault.New(fault.HostUnknown, fault.PhaseResolve, r.target.Host)
}

// interrupted is the error of a call that ended with err before an attempt did.
func (r *happyEyeballs) interrupted(w *poll.Call, err error) error {
	waited := time.Since(r.began)
	if poll.Allowed(w) > 0 {
		waited = poll.Allowed(w)
	}
	switch {
	case err != fault.Timeout:
		return syserr.Wrap(err, r.phase(), r.target.Label())
	case r.phase() == fault.PhaseResolve:
		return r.resolver.silent(r.target.Host, waited)
	}
	return noAnswer(fault.New(fault.Timeout, fault.PhaseConnect, r.target.Label()), waited, isLoopback(r.target.Host))
}

// explain says more of why no attempt succeeded: how long the system waited, or
// where else on this machine something listens.
func (r *happyEyeballs) explain(err error) error {
	e, ok := err.(*fault.Error)
	switch {
	case !ok || e.Note != fault.NoNote:
	case e.Code == fault.Timeout:
		return noAnswer(e, time.Since(r.began), isLoopback(r.target.Host))
	case e.Code == fault.Refused && isLoopback(r.target.Host):
		if at := listenersAt(uint16(r.target.Port)); at != "" {
			return e.Advise(hintListensAt, at)
		}
	}
	return err
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

// mostSpecific picks the error that tells a user more about why nothing worked.
func mostSpecific(a, b error) error {
	rank := func(err error) int {
		switch fault.CodeOf(err) {
		case fault.OK:
			return 0
		case fault.HostUnknown:
			return 1
		case fault.Timeout:
			return 2
		case fault.Unreachable:
			return 3
		case fault.System:
			return 4
		}
		return 5
	}
	if rank(b) > rank(a) {
		return b
	}
	return a
}
