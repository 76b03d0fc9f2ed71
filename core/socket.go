package core

import (
	"net"
	"net/netip"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/secure"
	"wdsocket/core/wire"
)

// Socket is a client, a server's channel, a server or a UDP socket, or one of
// them to be: it is made first, gets its options, and is opened then.
type Socket struct {
	lib  *Library
	name atomic.Pointer[string]
	gate wire.Gate

	reading  atomic.Bool                // somebody has the reader's role
	attached atomic.Pointer[attachment] // the place in a queue, if there is one

	mu    sync.Mutex // guards what follows up to the pointers
	opts  settings
	kind  Kind
	state State        // until it is open
	why   *fault.Error // why opening failed
	takes time.Duration
	host  string // that a client was connected to

	live    atomic.Pointer[live]
	stream  atomic.Pointer[stream]
	server  atomic.Pointer[server]
	packets atomic.Pointer[datagrams]

	parent *server    // of a channel
	from   netip.Addr // of a channel
	id     atomic.Int32
}

func newSocket(lib *Library, name string, opts settings) *Socket {
	s := &Socket{lib: lib, opts: opts, state: StateNew}
	s.SetName(name)
	lv, err := newLive(&opts)
	if err != nil { // options are checked when they are set
		lv, _ = newLive(&settings{frame: frame.Defaults()})
	}
	s.live.Store(lv)
	return s
}

// channel makes the socket of an accepted client.
func (s *Socket) channel(v *server, st *stream) *Socket {
	s.mu.Lock()
	opts := s.opts
	s.mu.Unlock()
	ch := newSocket(s.lib, "", opts)
	ch.kind, ch.state, ch.parent, ch.from = KindClient, StateOpen, v, st.from.Addr()
	if st.sec != nil {
		ch.kind = KindClientSSL
	}
	ch.stream.Store(st)
	return ch
}

// SetName gives the socket the name that texts use.
func (s *Socket) SetName(name string) {
	s.name.Store(&name)
}

// SetID keeps a number that the user of the package knows the socket by.
func (s *Socket) SetID(id int32) { s.id.Store(id) }

// ID is the number given to SetID, 0 if there is none.
func (s *Socket) ID() int32 { return s.id.Load() }

func (s *Socket) title() string { return *s.name.Load() }

// Label names the socket in texts.
func (s *Socket) Label() string {
	if st := s.stream.Load(); st != nil {
		return st.who()
	}
	return s.title()
}

// enter begins a call that may wait for timeout.
func (s *Socket) enter(timeout time.Duration, phase fault.Phase) (*wire.Wait, error) {
	if w := s.gate.Enter(timeout, s.lib.Direct); w != nil {
		return w, nil
	}
	return nil, fault.New(fault.Closed, phase, s.Label())
}

// takeRole gives the reader's role to the caller, or says who has it.
func (s *Socket) takeRole(phase fault.Phase) error {
	for !s.reading.CompareAndSwap(false, true) {
		if s.attached.Load() == nil {
			return fault.New(fault.Busy, phase, s.Label()).With(fault.NoteReader)
		}
		runtime.Gosched() // its queue is looking at it, which takes no time
	}
	return nil
}

func (s *Socket) dropRole() { s.reading.Store(false) }

// Open opens a socket that was made, or whose opening failed. For a client
// port and address are the peer's and timeout covers all of connecting; with 0
// it goes on in the background. For the others they are the own.
//
// Errors: fault.State (open already), what connecting or listening may give,
// fault.Closed, fault.Cancelled, fault.Argument.
func (s *Socket) Open(kind Kind, port int, address string, timeout time.Duration) error {
	host, port, err := splitAddress(address, port)
	if err != nil {
		return err
	}
	if kind < KindClient || kind > KindServerSSL {
		return argument("kind", decimal(int(kind)))
	}
	if kind.client() && port == 0 {
		return argumentNote("port", noteNoPort, "0")
	}
	w, err := s.enter(timeout, fault.PhaseConnect)
	if err != nil {
		return err
	}
	if err := s.begin(kind); err != nil {
		w.Leave()
		return err
	}
	if kind.client() && timeout == 0 {
		w.SetDeadline(time.Time{})
		s.lib.task(func() {
			defer w.Leave()
			s.finishOpen(s.connect(w, host, port))
		})
		return nil
	}
	defer w.Leave()
	switch {
	case kind.client():
		err = s.connect(w, host, port)
	case kind.server():
		err = s.listen(w, host, port)
	default:
		err = s.bind(w, host, port)
	}
	return s.finishOpen(err)
}

func (k Kind) client() bool { return k == KindClient || k == KindClientSSL }
func (k Kind) server() bool { return k == KindServer || k == KindServerSSL }

// begin makes sure that one call at a time opens the socket.
func (s *Socket) begin(kind Kind) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != StateNew && s.state != StateFailed {
		return fault.New(fault.State, fault.PhaseCall, s.title())
	}
	s.kind, s.state, s.why = kind, StateConnecting, nil
	return nil
}

func (s *Socket) finishOpen(err error) error {
	err = s.opened(err)
	if a := s.attached.Load(); a != nil {
		if err != nil {
			a.post(EventError, 0, fault.CodeOf(err))
		} else if s.stream.Load() != nil {
			a.post(EventConnected, 0, fault.OK)
		}
		s.stir()
	}
	return err
}

// opened notes how opening ended.
func (s *Socket) opened(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		e := wire.Wrap(err, fault.PhaseConnect, s.title())
		s.state, s.why = StateFailed, e
		s.lib.log(levelError, "%s: %v", s.title(), e)
		return e
	}
	s.state = StateOpen
	if s.kind.server() {
		s.state = StateListening
	}
	return nil
}

// stir makes the queue that the socket is attached to look at it.
func (s *Socket) stir() {
	if a := s.attached.Load(); a != nil {
		a.input.Store(true)
		a.q.heat(a)
	}
}

// patience is the time-out of a read: a socket that a queue reads for never
// waits.
func (s *Socket) patience(timeout time.Duration) time.Duration {
	if s.attached.Load() != nil {
		return 0
	}
	return timeout
}

func (s *Socket) userNumber() int32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opts.userNumber
}

func (s *Socket) options() settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opts
}

func (s *Socket) connect(w *wire.Wait, host string, port int) error {
	o := s.options()
	began := time.Now()
	conn, err := wire.Dial(w, &wire.Target{Host: host, Port: port, Family: o.family,
		LocalAddr: o.localAddress, LocalPort: o.localPort, Resolver: o.resolver(), Options: &o.wire})
	if err != nil {
		return err
	}
	st := newStream(s.lib, conn, netip.AddrPort{})
	if s.Kind() == KindClientSSL {
		if err := s.secureClient(w, st, host, &o); err != nil {
			st.giveUp()
			return err
		}
	}
	s.mu.Lock()
	s.takes, s.host = time.Since(began), host
	s.stream.Store(st)
	s.mu.Unlock()
	s.lib.log(levelTraffic, "%s: connected to %s in %v", s.title(), conn.Peer(), s.takes)
	return nil
}

func (s *Socket) local(host string, port int) *wire.Local {
	o := s.options()
	if port == 0 {
		port = o.localPort
	}
	if host == "" {
		host = o.localAddress
	}
	return &wire.Local{Host: host, Port: port, Family: o.family, Options: &o.wire}
}

// ownAddress looks the name of an own address up, as the options say and within
// their time.
func (s *Socket) ownAddress(w *wire.Wait, host string) (string, error) {
	if host == "" || isAddress(host) {
		return host, nil
	}
	o := s.options()
	w.SetTimeout(o.resolveTimeout)
	addrs, err := o.resolver().Lookup(w, host, o.family)
	if fault.CodeOf(err) == fault.Timeout {
		return "", fault.New(fault.Resolver, fault.PhaseResolve, host)
	}
	if err != nil {
		return "", err
	}
	for _, a := range addrs { // as the system chooses among them
		if a.Is4() {
			return a.String(), nil
		}
	}
	return addrs[0].String(), nil
}

func (s *Socket) listen(w *wire.Wait, host string, port int) error {
	var party *secure.Party
	if s.Kind() == KindServerSSL {
		var err error
		if party, err = secure.NewServer(s.options().tls); err != nil {
			return err
		}
	}
	host, err := s.ownAddress(w, host)
	if err != nil {
		return err
	}
	ln, err := wire.Listen(s.local(host, port))
	if err != nil {
		return err
	}
	v := newServer(s, ln)
	if party != nil {
		v.door = newDoor(v, party)
	}
	s.server.Store(v)
	if v.door != nil {
		if w := s.gate.EnterTask(); w != nil {
			v.door.open(w)
		}
	}
	s.lib.log(levelTraffic, "%s: listening on %s", s.title(), ln.LocalEnd())
	return nil
}

func (s *Socket) bind(w *wire.Wait, host string, port int) error {
	host, err := s.ownAddress(w, host)
	if err != nil {
		return err
	}
	sock, err := wire.ListenPacket(s.local(host, port))
	if err != nil {
		return err
	}
	s.packets.Store(&datagrams{lib: s.lib, sock: sock})
	s.lib.log(levelTraffic, "%s: UDP on %s", s.title(), sock.LocalEnd())
	return nil
}

// notOpen is the error of using a socket that is not open.
func (s *Socket) notOpen(phase fault.Phase) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == StateFailed && s.why != nil {
		return s.why
	}
	return fault.New(fault.NotConnected, phase, s.title())
}

// partner borrows the stream that this socket reads and writes; giveBack must
// follow. A simplified server takes a client for a reader.
func (s *Socket) partner(w *wire.Wait, reads bool, phase fault.Phase) (*stream, error) {
	if st := s.stream.Load(); st != nil {
		return st, nil
	}
	if v := s.server.Load(); v != nil {
		return v.borrow(w, reads)
	}
	if s.packets.Load() != nil {
		return nil, fault.New(fault.Kind, phase, s.Label())
	}
	return nil, s.notOpen(phase)
}

// giveBack ends the use of a partner. err is what the call returns: an error
// that ends a simplified server's client ends it here.
func (s *Socket) giveBack(st *stream, err error) {
	if s.stream.Load() == st {
		return
	}
	if v := s.server.Load(); v != nil {
		v.giveBack(st, err != nil && (st.ended.Load() != nil || st.lost != nil) && endsClient(err))
	}
}

// endsClient tells whether an error of a read is the client's end, and not one
// of the call.
func endsClient(err error) bool {
	switch fault.CodeOf(err) {
	case fault.Timeout, fault.Cancelled, fault.Closed, fault.Buffer, fault.Memory, fault.Text:
		return false
	}
	return true
}

// reader runs f with the reader's role on the stream.
func (s *Socket) reader(timeout time.Duration, f func(*wire.Wait, *stream, *live) (int, error)) (n int, err error) {
	w, err := s.enter(s.patience(timeout), fault.PhaseRead)
	if err != nil {
		return 0, err
	}
	defer w.Leave()
	if err := s.takeRole(fault.PhaseRead); err != nil {
		return 0, err
	}
	defer s.dropRole()
	st, err := s.partner(w, true, fault.PhaseRead)
	if err != nil {
		return 0, err
	}
	n, err = f(w, st, s.live.Load())
	s.giveBack(st, err)
	return n, err
}

// Read reads one message into p; in raw mode the bytes that are there, at most
// len(p). On a simplified server the first read takes the client.
//
// Errors: fault.Timeout, fault.PeerClosed, fault.Reset, fault.Buffer (nothing
// consumed), fault.Frame, fault.Check, fault.TooLong, fault.Text,
// fault.Memory, fault.StandardServer, fault.NotConnected, fault.Busy,
// fault.Closed, fault.Cancelled.
func (s *Socket) Read(p []byte, timeout time.Duration) (int, error) {
	if n, ok := s.readBuffered(p); ok {
		return n, nil
	}
	w, err := s.enter(s.patience(timeout), fault.PhaseRead)
	if err != nil {
		return 0, err
	}
	defer w.Leave()
	if err := s.takeRole(fault.PhaseRead); err != nil {
		return 0, err
	}
	defer s.dropRole()
	if u := s.packets.Load(); u != nil {
		return u.readFrom(w, s.live.Load(), p, nil)
	}
	st, err := s.partner(w, true, fault.PhaseRead)
	if err != nil {
		return 0, err
	}
	n, err := st.readMessage(w, s.live.Load(), p)
	s.giveBack(st, err)
	return n, err
}

// readBuffered reads a message that has arrived already, if there is one.
func (s *Socket) readBuffered(p []byte) (int, bool) {
	st := s.stream.Load()
	if st == nil || st.held.Load() == 0 || !s.reading.CompareAndSwap(false, true) {
		return 0, false
	}
	n, ok := st.tryBuffered(s.live.Load(), p)
	s.dropRole()
	return n, ok
}

// seize takes the reader's role for good: the socket is being closed, and only
// a read of what has arrived already may still be under way.
func (s *Socket) seize() {
	for !s.reading.CompareAndSwap(false, true) {
		runtime.Gosched()
	}
}

// Size waits as Read does and tells the length of the next message without
// taking it; in raw mode the bytes that are there. Errors as Read.
func (s *Socket) Size(timeout time.Duration) (int, error) {
	if u := s.packets.Load(); u != nil {
		return s.datagram(timeout, func(w *wire.Wait, lv *live) (int, error) { return u.size(w, lv) })
	}
	return s.reader(timeout, func(w *wire.Wait, st *stream, lv *live) (int, error) { return st.size(w, lv) })
}

// datagram runs f with the reader's role on a UDP socket.
func (s *Socket) datagram(timeout time.Duration, f func(*wire.Wait, *live) (int, error)) (int, error) {
	w, err := s.enter(s.patience(timeout), fault.PhaseRead)
	if err != nil {
		return 0, err
	}
	defer w.Leave()
	if err := s.takeRole(fault.PhaseRead); err != nil {
		return 0, err
	}
	defer s.dropRole()
	return f(w, s.live.Load())
}

// ReadMany reads one message as Read does and with it every further whole one
// that has arrived and fits. They stand one behind the other in p; lengths,
// which has room for one at least, receives the length of each. It returns
// their number.
func (s *Socket) ReadMany(p []byte, lengths []int32, timeout time.Duration) (int, error) {
	if u := s.packets.Load(); u != nil {
		return s.datagram(timeout, func(w *wire.Wait, lv *live) (int, error) { return u.readMany(w, lv, p, lengths) })
	}
	return s.reader(timeout, func(w *wire.Wait, st *stream, lv *live) (int, error) {
		return st.readMany(w, lv, p, lengths)
	})
}

// ReadMessage reads one message and lends it; its Free must be called. In raw
// mode it is what is there, at most 65536 bytes.
func (s *Socket) ReadMessage(timeout time.Duration) (*Message, error) {
	var m *Message
	if u := s.packets.Load(); u != nil {
		_, err := s.datagram(timeout, func(w *wire.Wait, lv *live) (n int, err error) {
			m, err = u.lend(w, lv)
			return 0, err
		})
		return m, err
	}
	_, err := s.reader(timeout, func(w *wire.Wait, st *stream, lv *live) (n int, err error) {
		m, err = st.lendMessage(w, lv)
		return 0, err
	})
	return m, err
}

// Available tells how many bytes reads would give now: in raw mode bytes, in
// the others those of whole messages. Errors as Read.
func (s *Socket) Available() (int, error) {
	if u := s.packets.Load(); u != nil {
		n, err := s.Size(0)
		if fault.CodeOf(err) == fault.Timeout {
			return 0, nil
		}
		return n, err
	}
	if v := s.server.Load(); v != nil {
		if st, err := v.present(); st == nil {
			if err == nil {
				err = fault.New(fault.NoClient, fault.PhaseRead, s.Label())
			}
			return 0, err
		} else {
			v.giveBack(st, false)
		}
	}
	return s.reader(0, func(w *wire.Wait, st *stream, lv *live) (int, error) { return st.available(w, lv) })
}

// Write writes one message and waits while the peer does not read, at most for
// the write time-out; on a UDP socket one datagram to the sender of the last
// one read. It returns len(msg).
//
// Errors: fault.Timeout, fault.Reset, fault.Broken, fault.WriteClosed,
// fault.TagInMessage, fault.TooLong, fault.Frame, fault.Text, fault.NoClient,
// fault.StandardServer, fault.NoDestination, fault.DatagramSize,
// fault.NotConnected, fault.Closed, fault.Cancelled.
func (s *Socket) Write(msg []byte) (int, error) {
	lv := s.live.Load()
	w, err := s.enter(lv.writeTimeout, fault.PhaseWrite)
	if err != nil {
		return 0, err
	}
	defer w.Leave()
	if u := s.packets.Load(); u != nil {
		return s.reply(w, lv, u, msg)
	}
	st, err := s.partner(w, false, fault.PhaseWrite)
	if err != nil {
		return 0, err
	}
	n, err := st.write(w, lv, msg)
	if lv.sendQueue > 0 && st.conn.Holds() {
		s.sendOn(st)
	}
	s.giveBack(st, nil)
	return n, err
}

// sendOn makes sure that somebody sends what the send queue holds: the queue
// that the socket is attached to, or a task.
func (s *Socket) sendOn(st *stream) {
	if s.attached.Load() != nil || !st.sending.CompareAndSwap(false, true) {
		return
	}
	w := s.gate.EnterTask()
	if w == nil {
		st.sending.Store(false)
		return
	}
	s.lib.task(func() {
		defer w.Leave()
		defer st.sending.Store(false)
		if st.conn.Flush(w) == nil {
			st.refused.Store(false)
		}
	})
}

// Flush waits until everything written is with the system, and no longer in
// the send queue. Errors: fault.Timeout, fault.Reset, fault.Kind,
// fault.NotConnected, fault.Closed, fault.Cancelled.
func (s *Socket) Flush(timeout time.Duration) error {
	w, err := s.enter(timeout, fault.PhaseWrite)
	if err != nil {
		return err
	}
	defer w.Leave()
	st := s.stream.Load()
	if st == nil {
		if s.server.Load() != nil || s.packets.Load() != nil {
			return fault.New(fault.Kind, fault.PhaseWrite, s.Label())
		}
		return s.notOpen(fault.PhaseWrite)
	}
	return st.conn.Flush(w)
}

// reply sends a datagram to the sender of the last one read.
func (s *Socket) reply(w *wire.Wait, lv *live, u *datagrams, msg []byte) (int, error) {
	to := u.last.Load()
	if to == nil {
		return 0, fault.New(fault.NoDestination, fault.PhaseWrite, s.Label())
	}
	return u.write(w, lv, msg, *to)
}

// Exchange writes a request and reads its answer into reply, within timeout.
// What arrived before is thrown away, and an answer that comes after its
// exchange has timed out is never taken for the next one's. Errors as Write
// and Read; fault.Kind for a UDP socket.
func (s *Socket) Exchange(request, reply []byte, timeout time.Duration) (int, error) {
	if v := s.server.Load(); v != nil {
		st, err := v.present()
		if err != nil {
			return 0, err
		}
		if st == nil {
			return 0, fault.New(fault.NoClient, fault.PhaseWrite, s.Label())
		}
		v.giveBack(st, false)
	}
	return s.reader(timeout, func(w *wire.Wait, st *stream, lv *live) (int, error) {
		return st.exchange(w, lv, request, reply)
	})
}

// WriteTo sends one datagram; address "" is the sender of the last one read.
// Errors: fault.Kind on other sockets, fault.NoDestination, and those of
// looking up and sending.
func (s *Socket) WriteTo(msg []byte, address string, port int) (int, error) {
	lv := s.live.Load()
	w, err := s.enter(lv.writeTimeout, fault.PhaseWrite)
	if err != nil {
		return 0, err
	}
	defer w.Leave()
	u, err := s.udp(fault.PhaseWrite)
	if err != nil {
		return 0, err
	}
	if address == "" {
		return s.reply(w, lv, u, msg)
	}
	host, port, err := splitAddress(address, port)
	if err != nil {
		return 0, err
	}
	if port == 0 {
		return 0, argumentNote("port", noteNoPort, "0")
	}
	opts := s.options()
	addr, err := u.resolve(w, &opts, host)
	if err != nil {
		return 0, err
	}
	return u.write(w, lv, msg, netip.AddrPortFrom(addr, uint16(port)))
}

func (s *Socket) udp(phase fault.Phase) (*datagrams, error) {
	if u := s.packets.Load(); u != nil {
		return u, nil
	}
	s.mu.Lock()
	kind := s.kind
	s.mu.Unlock()
	if kind == 0 || kind == KindUDP {
		return nil, s.notOpen(phase)
	}
	return nil, fault.New(fault.Kind, phase, s.Label())
}

// ReadFrom reads one datagram and its sender. accept, which may be nil, is
// asked with the sender first; if it refuses, nothing is taken.
func (s *Socket) ReadFrom(p []byte, timeout time.Duration, accept func(netip.AddrPort) error) (int, error) {
	u, err := s.udp(fault.PhaseRead)
	if err != nil {
		return 0, err
	}
	return s.datagram(timeout, func(w *wire.Wait, lv *live) (int, error) { return u.readFrom(w, lv, p, accept) })
}

// listening gives the server, or the error that fits the socket.
func (s *Socket) listening(phase fault.Phase) (*server, error) {
	if v := s.server.Load(); v != nil {
		return v, nil
	}
	s.mu.Lock()
	kind := s.kind
	s.mu.Unlock()
	if kind.server() {
		return nil, s.notOpen(phase)
	}
	return nil, fault.New(fault.Kind, phase, s.Label())
}

// WaitForConnection waits until a client asks to connect, and leaves the
// request pending. The socket is a standard server from then on.
//
// Errors: fault.Timeout, fault.Busy, fault.Descriptors, fault.Kind,
// fault.State (a simplified client is being served), fault.Closed,
// fault.Cancelled.
func (s *Socket) WaitForConnection(timeout time.Duration) error {
	v, err := s.listening(fault.PhaseAccept)
	if err != nil {
		return err
	}
	w, err := s.enter(timeout, fault.PhaseAccept)
	if err != nil {
		return err
	}
	defer w.Leave()
	return v.await(w)
}

// Accept accepts the pending request, or waits for one. The channel has the
// options of its server and lives on when the server is closed. register,
// which may be nil, is called with the channel before anybody else can see it;
// if it fails the request stays pending. Errors as WaitForConnection.
func (s *Socket) Accept(timeout time.Duration, register func(*Socket) error) (*Socket, error) {
	v, err := s.listening(fault.PhaseAccept)
	if err != nil {
		return nil, err
	}
	w, err := s.enter(timeout, fault.PhaseAccept)
	if err != nil {
		return nil, err
	}
	defer w.Leave()
	return v.accept(w, func(ch *Socket) error {
		s.lib.adopt(ch)
		if register == nil {
			return nil
		}
		err := register(ch)
		if err != nil {
			s.lib.forget(ch)
		}
		return err
	})
}

// Deny refuses the pending request by a reset; a simplified server sends its
// present client away. Errors: fault.NoRequest, fault.Kind.
func (s *Socket) Deny() error {
	v, err := s.listening(fault.PhaseAccept)
	if err != nil {
		return err
	}
	w, err := s.enter(0, fault.PhaseAccept)
	if err != nil {
		return err
	}
	defer w.Leave()
	return v.deny()
}

// Cancel wakes every call that waits on this socket now, with fault.Cancelled.
func (s *Socket) Cancel() { s.gate.Cancel() }

func (s *Socket) clientLimits() (most, perAddress int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opts.maxClients, s.opts.maxClientsPerAddress
}

// handshakes tells how long one may take on a server, and how many there may be.
func (s *Socket) handshakes() (limit time.Duration, most int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opts.handshakeTimeout, s.opts.handshakesPending
}

func (s *Socket) backlog() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opts.wire.Backlog
}

// closing tells how long data may take to leave, and how long the system was
// told to see to it: negative for not at all.
func (s *Socket) closing() (patience, linger time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opts.closeTimeout, s.opts.wire.Linger
}

// wakePatience is how long a close waits for the calls it woke.
const wakePatience = time.Second

// Close ends the socket. It returns at once; what was written still goes out
// in the background, at most for the close time-out. Calls that wait return
// fault.Closed. Only the first Close counts; others give fault.Handle.
func (s *Socket) Close() error {
	if !s.gate.Close(s.tearDown, wakePatience) {
		return fault.New(fault.Handle, fault.PhaseClose, s.Label())
	}
	return nil
}

// leave takes the socket out of the library and its server.
func (s *Socket) leave() {
	if s.parent != nil {
		s.parent.leave(s, s.from)
	}
	s.lib.log(levelTraffic, "%s: closed", s.Label())
	s.lib.forget(s)
}

// unhook takes the socket out of its queue: no event of it is told any more.
func (s *Socket) unhook() {
	if a := s.attached.Load(); a != nil {
		a.leave()
	}
}

// tearDown gives everything back; nobody is inside.
func (s *Socket) tearDown() {
	s.unhook()
	patience, linger := s.closing()
	if st := s.stream.Load(); st != nil {
		s.seize()
		st.finish(patience, linger)
	}
	if v := s.server.Load(); v != nil {
		v.close(func(st *stream) { st.finish(patience, linger) })
	}
	if u := s.packets.Load(); u != nil {
		u.close()
	}
	s.leave()
}

// Abort ends the socket by a reset; what was not sent is thrown away.
func (s *Socket) Abort() error {
	closed := s.gate.Close(func() {
		s.unhook()
		if st := s.stream.Load(); st != nil {
			s.seize()
			st.abort()
			s.leave()
			return
		}
		if v := s.server.Load(); v != nil {
			v.close((*stream).abort)
			s.leave()
			return
		}
		s.tearDown()
	}, wakePatience)
	if !closed {
		return fault.New(fault.Handle, fault.PhaseClose, s.Label())
	}
	return nil
}

// CloseAndWait ends the socket and waits until what was written has reached
// the peer's system. fault.Timeout: it did not in time, and the connection was
// reset; fault.Reset: the connection was cut before.
func (s *Socket) CloseAndWait(timeout time.Duration) error {
	st := s.stream.Load()
	if st == nil {
		return s.Close()
	}
	handed := make(chan struct{})
	if !s.gate.Close(func() { s.unhook(); s.leave(); close(handed) }, wakePatience) {
		return fault.New(fault.Handle, fault.PhaseClose, s.Label())
	}
	s.lib.running.Add(1)
	defer s.lib.running.Add(-1)
	<-handed
	s.seize()
	until := time.Now().Add(timeout)
	if timeout < 0 {
		const forever = 100 * 365 * 24 * time.Hour
		until = time.Now().Add(forever)
	}
	if st.settle(until) {
		return nil
	}
	if time.Now().Before(until) {
		return fault.New(fault.Reset, fault.PhaseClose, st.who())
	}
	return fault.New(fault.Timeout, fault.PhaseClose, st.who())
}

// CloseWrite ends the own sending side; the peer may still send. Errors:
// fault.Timeout, fault.Kind, fault.NotConnected.
func (s *Socket) CloseWrite(timeout time.Duration) error {
	w, err := s.enter(timeout, fault.PhaseClose)
	if err != nil {
		return err
	}
	defer w.Leave()
	if s.server.Load() != nil || s.packets.Load() != nil {
		return fault.New(fault.Kind, fault.PhaseClose, s.Label())
	}
	st := s.stream.Load()
	if st == nil {
		return s.notOpen(fault.PhaseClose)
	}
	return st.halfClose(w)
}

// Closed tells whether the socket was closed, by its user or by CloseAll.
func (s *Socket) Closed() bool { return s.gate.Closed() }

// State tells the truth about the socket; 0 if it is closed.
func (s *Socket) State() State {
	w := s.gate.Enter(0, s.lib.Direct)
	if w == nil {
		return 0
	}
	defer w.Leave()
	if st := s.stream.Load(); st != nil {
		return st.state()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// Why tells why the connection ended or why opening failed; nil if neither.
func (s *Socket) Why() *fault.Error {
	if st := s.stream.Load(); st != nil {
		if e := st.ended.Load(); e != nil {
			return e
		}
		if e := st.astray.Load(); e != nil {
			return e
		}
		return st.broken.Load()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.why
}

// Peer tells the other end: of a server who asks to connect or is served, of
// a UDP socket the sender of the last datagram read. Errors:
// fault.NotConnected, fault.NoRequest, fault.NoDestination.
func (s *Socket) Peer() (netip.AddrPort, error) {
	w, err := s.enter(0, fault.PhaseCall)
	if err != nil {
		return netip.AddrPort{}, err
	}
	defer w.Leave()
	if st := s.stream.Load(); st != nil {
		return parseEnd(st.who()), nil
	}
	if v := s.server.Load(); v != nil {
		return v.peer()
	}
	if u := s.packets.Load(); u != nil {
		if last := u.last.Load(); last != nil {
			return *last, nil
		}
		return netip.AddrPort{}, fault.New(fault.NoDestination, fault.PhaseCall, s.Label())
	}
	return netip.AddrPort{}, s.notOpen(fault.PhaseCall)
}

// parseEnd reads an end back from the text it was kept as: the system forgets
// the peer of a connection that was reset.
func parseEnd(text string) netip.AddrPort {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return netip.AddrPort{}
	}
	addr, _ := netip.ParseAddr(host)
	n, _ := strconv.ParseUint(port, 10, 16)
	return netip.AddrPortFrom(addr.Unmap(), uint16(n))
}

// Local tells the own end. Error: fault.NotConnected.
func (s *Socket) Local() (netip.AddrPort, error) {
	w, err := s.enter(0, fault.PhaseCall)
	if err != nil {
		return netip.AddrPort{}, err
	}
	defer w.Leave()
	if st := s.stream.Load(); st != nil {
		return st.conn.LocalEnd(), nil
	}
	if v := s.server.Load(); v != nil {
		return v.ln.LocalEnd(), nil
	}
	if u := s.packets.Load(); u != nil {
		return u.sock.LocalEnd(), nil
	}
	return netip.AddrPort{}, s.notOpen(fault.PhaseCall)
}

// Channels lists the open channels of a server. Error: fault.Kind.
func (s *Socket) Channels() ([]*Socket, error) {
	v, err := s.listening(fault.PhaseCall)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	out := make([]*Socket, 0, len(v.channels))
	for ch := range v.channels {
		out = append(out, ch)
	}
	return out, nil
}

// Server is the server of a channel, nil for other sockets.
func (s *Socket) Server() *Socket {
	if s.parent == nil {
		return nil
	}
	return s.parent.sock
}

// Kind of the socket, 0 while it was not opened.
func (s *Socket) Kind() Kind {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kind
}

// Number tells a figure. Errors: fault.Kind (the figure is of another kind of
// socket), fault.Argument.
func (s *Socket) Number(what Number) (int64, error) {
	if what < NumBytesRead || what > NumRefused {
		return 0, argument("what", decimal(int(what)))
	}
	if what >= NumClients {
		return s.serverNumber(what)
	}
	if what == NumConnectMicros {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.takes.Microseconds(), nil
	}
	if u := s.packets.Load(); u != nil {
		return [...]int64{NumBytesRead: u.bytesIn.Load(), NumBytesWritten: u.bytesOut.Load(), NumMessagesRead: u.read.Load(),
			NumMessagesWritten: u.written.Load(), NumBuffered: u.held.Load()}[what], nil
	}
	st := s.stream.Load()
	if v := s.server.Load(); v != nil {
		v.mu.Lock()
		st = v.client
		v.mu.Unlock()
	}
	if st == nil {
		return 0, nil
	}
	return [...]int64{NumBytesRead: st.conn.In.Load(), NumBytesWritten: st.conn.Out.Load(), NumMessagesRead: st.read.Load(),
		NumMessagesWritten: st.written.Load(), NumBuffered: st.held.Load()}[what], nil
}

func (s *Socket) serverNumber(what Number) (int64, error) {
	v := s.server.Load()
	if v == nil {
		return 0, fault.New(fault.Kind, fault.PhaseCall, s.Label())
	}
	channels, pending := v.counts()
	return [...]int64{NumClients: int64(channels), NumPending: int64(pending), NumRefused: v.refused.Load()}[what], nil
}
