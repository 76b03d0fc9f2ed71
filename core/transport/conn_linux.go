package transport

import (
	"encoding/binary"
	"net/netip"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/lockorder"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// tcpConn is a Conn over TCP: a descriptor that never blocks the calls of the
// system, unless they say so.
type tcpConn struct {
	source    poll.Source // what every message needs comes first
	reader    *poll.Call
	shortRead bool            // the last read took all there was: wait first
	unix      bool            // it is what a unixConn stands on
	blockIn   poll.BlockingIO // the reader's
	hasUnsent atomic.Bool     // unsent is not empty

	bytesIn, bytesOut atomic.Int64

	peer endpoint.Addr // the other end

	blockOut poll.BlockingIO // the writer's

	outMu  lockorder.Mutex[lockorder.Output]
	unsent []byte // kept by Write

	acked atomic.Int64 // one more than Acknowledged when this side reset the connection, 0: it did not

	userTimeout atomic.Int64 // ns without an acknowledgement after which the peer counts as gone, 0: never
	reset       atomic.Bool  // the system has told of a reset, which it does once
	writeClosed atomic.Bool  // this side has ended its sending

	waitErrs atomic.Pointer[waitErrors]
	local    atomic.Pointer[endpoint.Addr] // nil until it is asked for
}

// waitErrors are the errors of waits, made once: by code, of reading and of
// writing.
type waitErrors [2][3]atomic.Pointer[fault.Error]

func newConn(fd int, from endpoint.Addr) *tcpConn {
	c := &tcpConn{peer: from, blockIn: poll.NewBlockingIO(), blockOut: poll.NewBlockingIO()}
	c.source.Init(fd)
	return c
}

// Peer names the other end in texts, "10.0.0.5:5000".
func (c *tcpConn) Peer() string { return c.peer.String() }

// SetPeer says who the other end is where a layer knows better than the system,
// before anything else uses the connection.
func (c *tcpConn) SetPeer(peer endpoint.Addr) {
	c.peer = peer
}

// PeerAddr is the other end as it was when the connection was made: the system
// forgets it with a reset.
func (c *tcpConn) PeerAddr() endpoint.Addr { return c.peer }

// Read takes what is there, at least one byte, or waits for it.
func (c *tcpConn) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	w := c.reader
	for {
		n, errno := 0, syscall.EAGAIN
		if !c.shortRead || w.NonBlocking() {
			n, errno = recv(c.source.FD(), p)
		}
		if errno == unix.EAGAIN && !c.hasUnsent.Load() && c.mayBlock(&c.blockIn, w, unix.SO_RCVTIMEO) {
			n, errno = c.recvBlocking(p)
		}
		switch errno {
		case 0:
			if n == 0 {
				return 0, c.eofError()
			}
			c.shortRead = n < len(p)
			c.bytesIn.Add(int64(n))
			return n, nil
		case unix.EINTR:
			continue
		case unix.EAGAIN:
		default:
			return 0, c.fail(errno, fault.PhaseRead)
		}
		if w.NonBlocking() && !c.hasUnsent.Load() {
			return 0, c.waitFail(w, w.Expired(), fault.PhaseRead)
		}
		c.blockIn.Skipped()
		if err := c.awaitInput(w); err != nil {
			return 0, err
		}
		c.shortRead = false
	}
}

// Drained tells whether the last Read that gave bytes took all there was: less than it
// had room for.
func (c *tcpConn) Drained() bool { return c.shortRead }

// eofError is the error of a stream that is over: the peer's end, unless the
// connection was reset before that had come. The system tells of a reset only
// once, and that may have been a writer.
func (c *tcpConn) eofError() error {
	info := c.tcpInfo()
	if (c.reset.Load() || !c.writeClosed.Load() && info.State == unix.BPF_TCP_CLOSE) && !c.finReceived(&info, 0) {
		c.reset.Store(true)
		return fault.New(fault.Reset, fault.PhaseRead, c.Peer())
	}
	return fault.New(fault.PeerClosed, fault.PhaseRead, c.Peer())
}

// finReceived tells whether the peer's end has arrived, which counts as a byte of
// what was received. unread is how much of the rest is still to be read. A peer
// that has closed, and is asked later whether it is still there, answers with a
// reset: what came before that stays true.
func (c *tcpConn) finReceived(info *unix.TCPInfo, unread int) bool {
	return info.Bytes_received > uint64(c.bytesIn.Load())+uint64(unread)
}

// awaitInput waits for something to read, and sends what Write kept meanwhile.
func (c *tcpConn) awaitInput(w *poll.Call) error {
	for {
		events := int16(unix.POLLIN)
		if c.hasUnsent.Load() {
			events |= unix.POLLOUT
		}
		got, err := c.await(w, events)
		if err != nil {
			return c.waitFail(w, err, fault.PhaseRead)
		}
		if got&unix.POLLOUT != 0 && events&unix.POLLOUT != 0 {
			c.TryFlush()
		}
		if got&^unix.POLLOUT != 0 {
			return nil
		}
	}
}

// await waits for one of events, and looks now and then whether the peer is
// still there: while data is on its way the system sends no keep-alive probes,
// and would go on for a quarter of an hour.
func (c *tcpConn) await(w *poll.Call, events int16) (int16, error) {
	pause := time.Duration(0)
	for {
		gone := c.UserTimeout()
		if gone <= 0 {
			return c.source.Wait(w, events)
		}
		if pause == 0 {
			pause = UserTimeoutCheck(gone)
		}
		got, err := c.source.WaitAtMost(w, events, pause)
		if err != nil || got != 0 {
			return got, err
		}
		left, unacked := c.UserTimeoutLeft()
		if unacked && left <= 0 {
			if !c.ResetUnanswered() && events&unix.POLLIN != 0 {
				return unix.POLLIN, nil
			}
			return 0, unix.ETIMEDOUT
		}
		pause = UserTimeoutCheck(gone)
		if unacked {
			pause = min(pause, left)
		}
	}
}

// mayBlock is BlockingIO.MayBlock of one direction of a connection. None begins in one
// that is being reset: some kernels refuse the reset while a thread sleeps.
func (c *tcpConn) mayBlock(s *poll.BlockingIO, w *poll.Call, option int) bool {
	return !c.reset.Load() && s.MayBlock(w, c.source.FD(), option)
}

// recvBlocking is a receive that sleeps: EAGAIN if nothing has come after a tick.
func (c *tcpConn) recvBlocking(p []byte) (int, syscall.Errno) {
	n, _, errno := unix.Syscall6(unix.SYS_RECVFROM, uintptr(c.source.FD()), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)), 0, 0, 0)
	c.blockIn.Blocked(errno == unix.EAGAIN)
	return int(n), errno
}

// recv is a receive that does not wait. It does not tell the scheduler: the
// system answers at once.
func recv(fd int, p []byte) (int, syscall.Errno) {
	const large = 64 << 10
	if len(p) > large {
		n, _, errno := unix.Syscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)), unix.MSG_DONTWAIT, 0, 0)
		return int(n), errno
	}
	n, _, errno := syscall.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)), unix.MSG_DONTWAIT, 0, 0)
	return int(n), errno
}

// Send writes head, body and tail as one piece and waits as w says. It returns
// how many bytes the system took; fewer than all come with an error. What
// Write kept earlier goes first.
func (c *tcpConn) Send(w *poll.Call, head, body, tail []byte) (int, error) {
	if c.hasUnsent.Load() {
		if err := c.Flush(w); err != nil {
			return 0, err
		}
	}
	total := len(head) + len(body) + len(tail)
	if total <= smallSend {
		// One piece is cheaper for the system than a list of them.
		var small [smallSend]byte
		n := copy(small[:], head)
		n += copy(small[n:], body)
		copy(small[n:], tail)
		return c.sendAll(w, small[:total])
	}
	sent := 0
	for tight := total > rawSend; sent < total; tight = true {
		n, errno := c.sendmsg(w, tight, sent, head, body, tail)
		if errno == unix.EAGAIN && !tight {
			continue
		}
		if err := c.sentSome(w, n, errno); err != nil {
			return sent, err
		}
		sent += n
	}
	return sent, nil
}

const smallSend = 512

// sendAll is Send for one short piece.
func (c *tcpConn) sendAll(w *poll.Call, p []byte) (int, error) {
	sent := 0
	for sent < len(p) {
		n, errno := send(c.source.FD(), p[sent:])
		if err := c.sentSome(w, n, errno); err != nil {
			return sent, err
		}
		sent += n
	}
	return sent, nil
}

// sentSome deals with the result of a send: it waits for room if there was
// none.
func (c *tcpConn) sentSome(w *poll.Call, n int, errno syscall.Errno) error {
	switch errno {
	case 0:
		c.bytesOut.Add(int64(n))
	case unix.EINTR:
	case unix.EAGAIN:
		c.blockOut.Skipped()
		if _, err := c.await(w, unix.POLLOUT); err != nil {
			return c.waitFail(w, err, fault.PhaseWrite)
		}
	default:
		return c.fail(errno, fault.PhaseWrite)
	}
	return nil
}

// rawSend is how much is sent without telling the scheduler: it takes its place
// away from a thread that is in the system often and long.
const rawSend = 128 << 10

// send is a send of one piece that does not wait; it is cheaper for the system
// than sendmsg. p must not be empty.
func send(fd int, p []byte) (int, syscall.Errno) {
	const flags = unix.MSG_DONTWAIT | unix.MSG_NOSIGNAL
	var n uintptr
	var errno syscall.Errno
	if len(p) > rawSend {
		n, _, errno = unix.Syscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)), flags, 0, 0)
	} else {
		n, _, errno = syscall.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)), flags, 0, 0)
	}
	if errno != 0 {
		return 0, errno
	}
	return int(n), 0
}

// sendmsg sends what is left of the parts after skip bytes. It does not wait,
// unless room is tight, when it may sleep in the send itself.
func (c *tcpConn) sendmsg(w *poll.Call, tight bool, skip int, parts ...[]byte) (int, syscall.Errno) {
	var iov [3]unix.Iovec
	var msg unix.Msghdr
	used, size := 0, 0
	for _, part := range parts {
		if skip >= len(part) {
			skip -= len(part)
			continue
		}
		part = part[skip:]
		skip = 0
		iov[used].Base = &part[0]
		iov[used].SetLen(len(part))
		used++
		size += len(part)
	}
	msg.Iov = &iov[0]
	msg.SetIovlen(used)
	const flags = unix.MSG_DONTWAIT | unix.MSG_NOSIGNAL
	var n uintptr
	var errno syscall.Errno
	switch {
	case tight && c.mayBlock(&c.blockOut, w, unix.SO_SNDTIMEO):
		n, _, errno = unix.Syscall(unix.SYS_SENDMSG, uintptr(c.source.FD()), uintptr(unsafe.Pointer(&msg)), unix.MSG_NOSIGNAL)
		c.blockOut.Blocked(errno == unix.EAGAIN || errno == 0 && int(n) < size)
	case size <= rawSend:
		n, _, errno = syscall.RawSyscall(unix.SYS_SENDMSG, uintptr(c.source.FD()), uintptr(unsafe.Pointer(&msg)), flags)
	default:
		n, _, errno = unix.Syscall(unix.SYS_SENDMSG, uintptr(c.source.FD()), uintptr(unsafe.Pointer(&msg)), flags)
	}
	runtime.KeepAlive(parts)
	if errno != 0 {
		return 0, errno
	}
	return int(n), 0
}

// Write takes all of p and never waits: what the system does not take is kept
// for Flush.
func (c *tcpConn) Write(p []byte) (int, error) {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	rest := p
	if len(c.unsent) == 0 {
		n, err := c.TrySend(p)
		if err != nil {
			return n, err
		}
		rest = p[n:]
	}
	if len(rest) == 0 {
		return len(p), nil
	}
	c.unsent = append(c.unsent, rest...)
	if !c.hasUnsent.Swap(true) { // room that came before the mark made an event too early
		if _, err := c.tryFlushLocked(); err != nil {
			return len(p) - len(rest), err
		}
	}
	return len(p), nil
}

// TrySend sends what the system takes at once, and keeps nothing. Nothing that
// Write kept may wait.
func (c *tcpConn) TrySend(p []byte) (int, error) {
	sent := 0
	for sent < len(p) {
		n, errno := send(c.source.FD(), p[sent:])
		switch errno {
		case 0:
			sent += n
			c.bytesOut.Add(int64(n))
		case unix.EINTR:
		case unix.EAGAIN:
			return sent, nil
		default:
			return sent, c.fail(errno, fault.PhaseWrite)
		}
	}
	return sent, nil
}

// Unsent tells how many bytes Write keeps.
func (c *tcpConn) Unsent() int {
	if !c.hasUnsent.Load() {
		return 0
	}
	c.outMu.Lock()
	defer c.outMu.Unlock()
	return len(c.unsent)
}

// TryFlush sends what it can of what Write kept, without waiting, and tells how
// much is left.
func (c *tcpConn) TryFlush() (left int, err error) {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	return c.tryFlushLocked()
}

// tryFlushLocked is TryFlush with outMu held.
func (c *tcpConn) tryFlushLocked() (left int, err error) {
	if len(c.unsent) == 0 {
		return 0, nil
	}
	n, err := c.TrySend(c.unsent)
	c.unsent = c.unsent[n:]
	if len(c.unsent) == 0 {
		c.unsent = nil
		c.hasUnsent.Store(false)
	}
	return len(c.unsent), err
}

// Flush waits until what Write kept is with the system.
func (c *tcpConn) Flush(w *poll.Call) error {
	for c.hasUnsent.Load() {
		left, err := c.TryFlush()
		if err != nil {
			return err
		}
		if left == 0 {
			return nil
		}
		if _, err := c.await(w, unix.POLLOUT); err != nil {
			return c.waitFail(w, err, fault.PhaseWrite)
		}
	}
	return nil
}

// fail makes the error of a system call.
func (c *tcpConn) fail(errno syscall.Errno, phase fault.Phase) error {
	err := syserr.Wrap(errno, phase, c.Peer())
	if err.Code == fault.PortUnreachable {
		err.Code = fault.Reset
	}
	if err.Code == fault.Reset && (errno != unix.EPIPE || !c.unix) { // which is no more than an end of the peer
		c.reset.Store(true)
	}
	return err
}

// pollErrs are the errors of calls that are polls, shared and without an address.
var pollErrs = [...]*fault.Error{fault.New(fault.Timeout, fault.PhaseRead, ""),
	fault.New(fault.Closed, fault.PhaseRead, ""), fault.New(fault.Cancelled, fault.PhaseRead, "")}

// waitFail makes the error of a wait; the three usual ones are made once.
func (c *tcpConn) waitFail(w *poll.Call, err error, phase fault.Phase) error {
	code, ok := err.(fault.Code)
	if !ok {
		return syserr.Wrap(err, phase, c.Peer())
	}
	at := -int(code) - 1 // Timeout -1, Closed -2, Cancelled -3
	if w.IsPoll() {
		return pollErrs[at]
	}
	made := c.waitErrs.Load()
	if made == nil {
		c.waitErrs.CompareAndSwap(nil, new(waitErrors))
		made = c.waitErrs.Load()
	}
	of := &made[0][at]
	if phase == fault.PhaseWrite {
		of = &made[1][at]
	}
	if of.Load() == nil {
		of.Store(fault.New(code, phase, c.Peer()))
	}
	return of.Load()
}

// Source is what calls and queues wait for.
func (c *tcpConn) Source() *poll.Source { return &c.source }

// Buffered tells how many bytes the system holds for reading.
func (c *tcpConn) Buffered() int {
	n, err := unix.IoctlGetInt(c.source.FD(), unix.SIOCINQ)
	if err != nil {
		return 0
	}
	return n
}

// unacknowledged tells how many bytes have not reached the peer's system.
func (c *tcpConn) unacknowledged() int {
	n, err := unix.IoctlGetInt(c.source.FD(), unix.SIOCOUTQ)
	if err != nil || c.unix { // which counts until the peer's program has read it
		return 0
	}
	return n
}

// State asks the system how the connection is, and changes nothing. Of a
// connection that was reset behind the peer's end it tells the end, as reading
// does.
func (c *tcpConn) State() State {
	info := c.tcpInfo()
	switch info.State {
	case unix.BPF_TCP_CLOSE:
		if c.wasReset(&info) && !c.finReceived(&info, c.Buffered()) {
			return StateReset
		}
		return StatePeerClosed
	case unix.BPF_TCP_CLOSE_WAIT, unix.BPF_TCP_LAST_ACK, unix.BPF_TCP_CLOSING, unix.BPF_TCP_TIME_WAIT:
		return StatePeerClosed
	}
	return StateOpen
}

// WasReset tells whether the connection was reset, also behind the peer's end:
// the peer did not take all that was sent, or has gone.
func (c *tcpConn) WasReset() bool {
	info := c.tcpInfo()
	return c.wasReset(&info)
}

// wasReset is WasReset of what the system tells. Where both sides have ended in
// order the system's state is the same.
func (c *tcpConn) wasReset(info *unix.TCPInfo) bool {
	return info.State == unix.BPF_TCP_CLOSE && (c.reset.Load() || !c.writeClosed.Load() || c.source.HasError())
}

// tcpInfo is what the system knows of the connection; its State is 0 if that is
// nothing.
func (c *tcpConn) tcpInfo() unix.TCPInfo {
	info, err := unix.GetsockoptTCPInfo(c.source.FD(), unix.SOL_TCP, unix.TCP_INFO)
	if err != nil {
		return unix.TCPInfo{}
	}
	return *info
}

// Apply sets the options that an open connection has.
func (c *tcpConn) Apply(o *Options) error {
	c.setUserTimeout(o)
	return applyStream(c.source.FD(), o)
}

// setUserTimeout makes waits notice a peer that is gone, as keep-alive does.
func (c *tcpConn) setUserTimeout(o *Options) {
	c.userTimeout.Store(0)
	if o.KeepAlive {
		c.userTimeout.Store(int64(o.KeepAliveIdle + time.Duration(o.KeepAliveCount)*o.KeepAliveInterval))
	}
}

// CloseWrite tells the peer that nothing more comes.
func (c *tcpConn) CloseWrite() error {
	c.writeClosed.Store(true)
	if err := unix.Shutdown(c.source.FD(), unix.SHUT_WR); err != nil {
		return syserr.Wrap(err, fault.PhaseClose, c.Peer())
	}
	return nil
}

// Abort closes by a reset; what was not sent is thrown away.
func (c *tcpConn) Abort() {
	if setLinger(c.source.FD(), 0) != nil {
		c.Reset() // the system refuses the usual way
	}
	c.Close()
}

// Close gives the descriptor back. It never waits; no call may be inside.
func (c *tcpConn) Close() error {
	c.source.Close()
	return nil
}

// AllAcked tells whether Close would lose nothing: all that was written has
// reached the peer's system, and no unread input would turn the close into a
// reset.
func (c *tcpConn) AllAcked() bool {
	return !c.hasUnsent.Load() && c.Buffered() == 0 && c.unacknowledged() == 0
}

// AwaitAcked waits until all that was written has reached the peer's system,
// throwing away what still comes in. If whole it ends the sending side first,
// so that the peer sees an orderly end; otherwise the end is left to Abort.
// feed is asked again and again for what is still to be written: it writes what
// it can and tells whether there is more. until, asked again and again too, tells
// when the time is over. It was StateReset if it did not within the time, or the
// connection broke; StateOpen, where something came in and more may follow, is for
// AwaitEnd.
func (c *tcpConn) AwaitAcked(until func() time.Time, whole bool, feed func() bool) State {
	pause := firstPause
	scrap := make([]byte, 4096)
	came := false
	for out := c.bytesOut.Load(); ; {
		if c.hasUnsent.Load() {
			if _, err := c.TryFlush(); err != nil {
				return StateReset
			}
		}
		more := feed()
		if whole && !more && !c.hasUnsent.Load() && !c.writeClosed.Load() {
			c.CloseWrite()
		}
		n, ended, broke := c.discardInput(scrap)
		if broke {
			return StateReset
		}
		came = came || n > 0
		if !more && !c.hasUnsent.Load() && c.unacknowledged() == 0 {
			if came && !ended {
				return StateOpen
			}
			return StatePeerClosed
		}
		if !time.Now().Before(until()) || c.WasReset() {
			return StateReset
		}
		time.Sleep(pause)
		pause = min(pause*2, 20*time.Millisecond)
		if now := c.bytesOut.Load(); now != out || n > 0 { // the peer takes it, or sends
			out, pause = now, firstPause
		}
	}
}

// firstPause is the first pause between two looks at a connection that is closed.
const firstPause = 200 * time.Microsecond

// AwaitEnd throws away what still comes in until the peer has ended, at most until
// what until tells, asked again and again, and only as long as something comes
// within silence: the system answers what comes in behind Close by a reset, which
// takes from the peer what it has not read yet.
func (c *tcpConn) AwaitEnd(until func() time.Time, silence time.Duration) {
	pause := firstPause
	scrap := make([]byte, 4096)
	last := time.Now()
	for now := last; now.Before(until()) && now.Sub(last) < silence; now = time.Now() {
		n, ended, broke := c.discardInput(scrap)
		if ended || broke {
			return
		}
		if n > 0 {
			last, pause = now, firstPause
		}
		time.Sleep(pause)
		pause = min(pause*2, 50*time.Millisecond)
	}
}

// discardInput throws away what is there to read, or much of it.
func (c *tcpConn) discardInput(scrap []byte) (n int, ended, broke bool) {
	for n < maxDiscard {
		got, errno := recv(c.source.FD(), scrap)
		switch {
		case errno == unix.EINTR:
		case errno == unix.EAGAIN:
			return n, false, false
		case errno != 0:
			return n, false, true
		case got == 0:
			return n, true, false
		}
		n += got
	}
	return n, false, false
}

// LocalAddr is the own address. The system is asked once; after that the descriptor
// may be closed.
func (c *tcpConn) LocalAddr() endpoint.Addr {
	if end := c.local.Load(); end != nil {
		return *end
	}
	end := addrOf(c.source.FD(), unix.SYS_GETSOCKNAME)
	if end.IsValid() {
		c.local.Store(&end)
	}
	return end
}

// addrOf asks for an address without allocating.
func addrOf(fd int, call uintptr) endpoint.Addr {
	var raw unix.RawSockaddrAny
	size := uint32(unsafe.Sizeof(raw))
	_, _, errno := unix.RawSyscall(call, uintptr(fd), uintptr(unsafe.Pointer(&raw)), uintptr(unsafe.Pointer(&size)))
	if errno != 0 {
		return endpoint.Addr{}
	}
	return fromRaw(&raw)
}

// fromRaw turns the system's form of an address into ours; IPv4 in IPv6 is
// shown as IPv4.
func fromRaw(raw *unix.RawSockaddrAny) endpoint.Addr {
	switch raw.Addr.Family {
	case unix.AF_INET:
		in := (*unix.RawSockaddrInet4)(unsafe.Pointer(raw))
		return endpoint.FromIP(netip.AddrFrom4(in.Addr), portOf(&in.Port))
	case unix.AF_INET6:
		in := (*unix.RawSockaddrInet6)(unsafe.Pointer(raw))
		addr := netip.AddrFrom16(in.Addr).Unmap()
		if in.Scope_id != 0 && addr.Is6() {
			addr = addr.WithZone(zoneName(in.Scope_id))
		}
		return endpoint.FromIP(addr, portOf(&in.Port))
	}
	return endpoint.Addr{}
}

func portOf(p *uint16) uint16 {
	return binary.BigEndian.Uint16((*[2]byte)(unsafe.Pointer(p))[:])
}

// toRaw fills in the system's form for a socket of the given family and
// returns its length, 0 if the family cannot reach the address.
func toRaw(raw *unix.RawSockaddrAny, to endpoint.Addr, six bool) uint32 {
	*raw = unix.RawSockaddrAny{}
	if six {
		in := (*unix.RawSockaddrInet6)(unsafe.Pointer(raw))
		in.Family = unix.AF_INET6
		in.Addr = to.IP().As16()
		in.Scope_id = zoneNumber(to.IP().Zone())
		binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(&in.Port))[:], to.Port())
		return unix.SizeofSockaddrInet6
	}
	if !to.IP().Unmap().Is4() {
		return 0
	}
	in := (*unix.RawSockaddrInet4)(unsafe.Pointer(raw))
	in.Family = unix.AF_INET
	in.Addr = to.IP().Unmap().As4()
	binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(&in.Port))[:], to.Port())
	return unix.SizeofSockaddrInet4
}

// Reset resets the connection at once. Calls inside return, and it may run beside
// them; the descriptor stays until Close.
func (c *tcpConn) Reset() {
	c.snapshotAcked()
	c.reset.Store(true)
	none := unix.RawSockaddrAny{Addr: unix.RawSockaddr{Family: unix.AF_UNSPEC}}
	for end := time.Now().Add(10 * poll.LongestBlock); ; time.Sleep(time.Millisecond) {
		_, _, errno := unix.RawSyscall(unix.SYS_CONNECT, uintptr(c.source.FD()), uintptr(unsafe.Pointer(&none)), unsafe.Sizeof(none.Addr))
		if errno != unix.EBUSY || time.Now().After(end) { // some kernels refuse while a thread sleeps in a call
			return
		}
	}
}
