package core

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer/capture"
	"wdsocket/core/mem"
	"wdsocket/core/option"
	"wdsocket/core/poll"
	"wdsocket/core/stats"
	"wdsocket/core/transport"
)

// udpSocket is a UDP socket in use. The read lock guards the first fields.
type udpSocket struct {
	lib    *Library
	socket *Socket
	sock   *transport.Packet

	tap capture.Tap // records it

	block        *mem.Block // a datagram that was not read yet
	n            int
	ends         transport.PacketInfo
	registration *registration // of the queue that reads for the host
	lastTimeout  lastTimeout   // of a read

	last struct { // the ends of the last one read
		mu   sync.Mutex
		ends transport.PacketInfo // without a sender: none was read
	}

	names struct {
		mu    sync.Mutex
		known map[string]cachedName
	}
	read, written     atomic.Int64
	bytesIn, bytesOut atomic.Int64
	buffered          atomic.Int64
	timings           stats.Timings
	counters          stats.Counters
}

type cachedName struct {
	addr  netip.Addr
	until time.Time
}

// receive makes sure that a datagram is held.
func (u *udpSocket) receive(w *poll.Call) error {
	if u.block != nil {
		return nil
	}
	bl := mem.NewBlock(transport.MaxDatagram)
	u.lib.budget.ForceReserve(len(bl.Bytes()))
	n, ends, err := u.sock.ReadFrom(w, bl.Bytes()[:transport.MaxDatagram])
	if err != nil {
		u.counters.CountError(err)
		u.lib.budget.Release(len(bl.Bytes()))
		bl.Recycle()
		return err
	}
	u.block, u.n, u.ends = bl, n, ends
	u.tap.Recorder().Datagram(capture.Received, ends.From, bl.Bytes()[:n])
	u.bytesIn.Add(int64(n))
	if !u.timings.HasFirstByte() {
		u.timings.FirstByte(u.lib.micros())
	}
	u.buffered.Store(int64(n))
	return nil
}

// content is the held datagram in the host's character set.
func (u *udpSocket) content(cfg *ioConfig) ([]byte, error) {
	if cfg.charset == nil {
		return u.block.Bytes()[:u.n], nil
	}
	text, err := cfg.charset.FromWire(u.lib.HostText(), nil, u.block.Bytes()[:u.n])
	if err != nil {
		return nil, textFault(err, u.ends.From.String())
	}
	return text, nil
}

// markRead releases the held datagram: it was delivered.
func (u *udpSocket) markRead() {
	u.last.mu.Lock()
	u.last.ends = u.ends
	u.last.mu.Unlock()
	u.read.Add(1)
	u.logRead()
	u.releaseHeld()
}

// releaseHeld releases the held datagram, whatever became of it.
func (u *udpSocket) releaseHeld() {
	u.free()
	if u.registration != nil {
		u.registration.unread = 0
		u.registration.q.markReady(u.registration)
	}
}

// lastEnds tells the ends of the last datagram read; ok is false before one was.
func (u *udpSocket) lastEnds() (ends transport.PacketInfo, ok bool) {
	u.last.mu.Lock()
	defer u.last.mu.Unlock()
	return u.last.ends, u.last.ends.From.IsValid()
}

func (u *udpSocket) free() {
	if u.block != nil {
		u.lib.budget.Release(len(u.block.Bytes()))
		u.block.Recycle()
		u.block = nil
		u.buffered.Store(0)
	}
}

// readFrom reads one datagram; accept may refuse it, then it stays.
func (u *udpSocket) readFrom(w *poll.Call, cfg *ioConfig, p []byte, accept func(endpoint.Addr) error) (int, error) {
	if err := u.receive(w); err != nil {
		return 0, err
	}
	data, err := u.content(cfg)
	if err != nil {
		return 0, err
	}
	if len(data) > len(p) {
		return 0, fault.New(fault.Buffer, fault.PhaseRead, u.ends.From.String()).
			With(fault.TextSmallForMessage, decimal(len(data)), decimal(len(p)))
	}
	if accept != nil {
		if err := accept(u.ends.From); err != nil {
			return 0, err
		}
	}
	copy(p, data)
	u.markRead()
	return len(data), nil
}

// size waits for a datagram and tells its length.
func (u *udpSocket) size(w *poll.Call, cfg *ioConfig) (int, error) {
	if err := u.receive(w); err != nil {
		return 0, err
	}
	data, err := u.content(cfg)
	return len(data), err
}

// lend reads one datagram and lends it.
func (u *udpSocket) lend(w *poll.Call, cfg *ioConfig) (*mem.Message, error) {
	if err := u.receive(w); err != nil {
		return nil, err
	}
	data, err := u.content(cfg)
	if err != nil {
		return nil, err
	}
	m := mem.NewMessage(&u.lib.budget, len(data))
	copy(m.Bytes(), data)
	u.markRead()
	return m, nil
}

// write sends one datagram.
func (u *udpSocket) write(w *poll.Call, cfg *ioConfig, msg []byte, to endpoint.Addr) (int, error) {
	body, err := u.encode(cfg, msg)
	if err != nil {
		return 0, u.counters.CountError(textFault(err, to.String()))
	}
	return u.countSent(msg, body, u.send(w, body, to))
}

// encode turns a message into the character set of the wire.
func (u *udpSocket) encode(cfg *ioConfig, msg []byte) ([]byte, error) {
	if cfg.charset == nil {
		return msg, nil
	}
	return cfg.charset.ToWire(u.lib.HostText(), nil, msg)
}

// countSent counts a datagram; err is that of sending it.
func (u *udpSocket) countSent(msg, body []byte, err error) (int, error) {
	if err != nil {
		return 0, u.counters.CountError(err)
	}
	u.written.Add(1)
	u.bytesOut.Add(int64(len(body)))
	return len(msg), nil
}

// send gives a datagram to the system. To the sender of the last one read it
// leaves from the own address which that one came to: a peer takes an answer
// from no other.
func (u *udpSocket) send(w *poll.Call, body []byte, to endpoint.Addr) error {
	var own netip.Addr
	if last, ok := u.lastEnds(); ok && last.From == to {
		own = last.Own
	}
	r := u.tap.Recorder()
	r.Datagram(capture.Sent, to, body) // before an answer can be
	err := u.sock.WriteTo(w, body, to, own)
	if err == nil {
		u.logWritten(len(body), own, to)
	} else if r != nil {
		r.Note("the last datagram was not sent: " + err.Error())
	}
	return err
}

// writeNamed sends one datagram to a host, numeric or a name. The addresses of
// a name are tried in their order until one can be reached from this socket;
// that one is remembered.
func (u *udpSocket) writeNamed(w *poll.Call, s *option.Settings, cfg *ioConfig, msg []byte, host string, port uint16) (int, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return u.write(w, cfg, msg, endpoint.FromIP(a, port))
	}
	body, err := u.encode(cfg, msg)
	if err != nil {
		return 0, u.counters.CountError(textFault(err, host))
	}
	if a, ok := u.cachedAddr(host); ok {
		err := u.send(w, body, endpoint.FromIP(a, port))
		if fault.CodeOf(err) != fault.Unreachable {
			return u.countSent(msg, body, err)
		}
		u.forgetAddr(host)
	}
	w.SetTimeout(s.ResolveTimeout)
	addrs, err := s.Resolver().Lookup(w, host, s.Family)
	w.SetTimeout(s.WriteTimeout)
	if err != nil {
		return 0, err
	}
	return u.countSent(msg, body, u.sendFirst(w, s, body, host, addrs, port))
}

// sendFirst sends to the first of the addresses that can be reached.
func (u *udpSocket) sendFirst(w *poll.Call, s *option.Settings, body []byte, host string, addrs []netip.Addr, port uint16) error {
	var failed error
	for _, a := range addrs {
		err := u.send(w, body, endpoint.FromIP(a, port))
		if err == nil {
			u.rememberAddr(host, a, s.ResolveCache)
			return nil
		}
		if failed == nil || u.sock.Reaches(a) {
			failed = err
		}
		if fault.CodeOf(err) != fault.Unreachable {
			break
		}
	}
	return failed
}

// cachedAddr is the cached address of a name.
func (u *udpSocket) cachedAddr(host string) (netip.Addr, bool) {
	u.names.mu.Lock()
	defer u.names.mu.Unlock()
	known, ok := u.names.known[host]
	return known.addr, ok && time.Now().Before(known.until)
}

func (u *udpSocket) forgetAddr(host string) {
	u.names.mu.Lock()
	defer u.names.mu.Unlock()
	delete(u.names.known, host)
}

func (u *udpSocket) rememberAddr(host string, addr netip.Addr, keep time.Duration) {
	if keep <= 0 {
		return
	}
	u.names.mu.Lock()
	defer u.names.mu.Unlock()
	const mostNames = 1000
	if u.names.known == nil || len(u.names.known) >= mostNames {
		u.names.known = make(map[string]cachedName)
	}
	u.names.known[host] = cachedName{addr, time.Now().Add(keep)}
}

func (u *udpSocket) close() {
	u.free()
	u.sock.Close()
	u.tap.Close(nil)
}

// readMany reads one datagram and what others are there and fit.
func (u *udpSocket) readMany(w *poll.Call, cfg *ioConfig, p []byte, lengths []int32) (int, error) {
	n, err := u.readFrom(w, cfg, p, nil)
	if err != nil {
		return 0, err
	}
	lengths[0] = int32(n)
	used, got := n, 1
	w.SetTimeout(0)
	for got < len(lengths) {
		n, err := u.readFrom(w, cfg, p[used:], nil)
		if err != nil { // the next call tells
			break
		}
		lengths[got] = int32(n)
		used += n
		got++
	}
	return got, nil
}
