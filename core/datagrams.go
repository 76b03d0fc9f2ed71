package core

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/wire"
)

// datagrams is a UDP socket in use. The first fields belong to whoever has the
// reader's role.
type datagrams struct {
	lib  *Library
	sock *wire.Packet

	bl   *block // a datagram that nobody took yet
	n    int
	from netip.AddrPort
	att  *attachment // of the queue that reads for the host

	last atomic.Pointer[netip.AddrPort] // sender of the last one read

	names struct {
		mu    sync.Mutex
		known map[string]knownName
	}
	read, written     atomic.Int64
	bytesIn, bytesOut atomic.Int64
	held              atomic.Int64
	clocks            clocks
	tallied
}

type knownName struct {
	addr  netip.Addr
	until time.Time
}

// receive makes sure that a datagram is held.
func (u *datagrams) receive(w *wire.Wait) error {
	if u.bl != nil {
		return nil
	}
	bl := newBlock(wire.MaxDatagram)
	u.lib.money.force(len(bl.b))
	n, from, err := u.sock.ReadFrom(w, bl.b[:wire.MaxDatagram])
	if err != nil {
		u.faulty(err)
		u.lib.money.give(len(bl.b))
		bl.recycle()
		return err
	}
	u.bl, u.n, u.from = bl, n, from
	u.bytesIn.Add(int64(n))
	if u.clocks.first.Load() == 0 {
		u.clocks.first.Store(max(u.lib.micros()-u.clocks.opened, 1))
	}
	u.held.Store(int64(n))
	return nil
}

// content is the held datagram in the host's character set.
func (u *datagrams) content(lv *live) ([]byte, error) {
	if lv.charset == nil {
		return u.bl.b[:u.n], nil
	}
	text, err := lv.charset.FromWire(u.lib.HostText(), nil, u.bl.b[:u.n])
	if err != nil {
		return nil, textFault(err, u.from.String())
	}
	return text, nil
}

// taken lets go of the held datagram: it was delivered.
func (u *datagrams) taken() {
	if last := u.last.Load(); last == nil || *last != u.from {
		from := u.from
		u.last.Store(&from)
	}
	u.read.Add(1)
	u.gone()
}

// gone lets go of the held datagram, whatever became of it.
func (u *datagrams) gone() {
	u.drop()
	if u.att != nil {
		u.att.announced = 0
		u.att.q.heat(u.att)
	}
}

func (u *datagrams) drop() {
	if u.bl != nil {
		u.lib.money.give(len(u.bl.b))
		u.bl.recycle()
		u.bl = nil
		u.held.Store(0)
	}
}

// readFrom reads one datagram; accept may refuse it, then it stays.
func (u *datagrams) readFrom(w *wire.Wait, lv *live, p []byte, accept func(netip.AddrPort) error) (int, error) {
	if err := u.receive(w); err != nil {
		return 0, err
	}
	data, err := u.content(lv)
	if err != nil {
		return 0, err
	}
	if len(data) > len(p) {
		return 0, fault.New(fault.Buffer, fault.PhaseRead, u.from.String()).
			With(noteSmallBuffer, decimal(len(data)), decimal(len(p)))
	}
	if accept != nil {
		if err := accept(u.from); err != nil {
			return 0, err
		}
	}
	copy(p, data)
	u.taken()
	return len(data), nil
}

// size waits for a datagram and tells its length.
func (u *datagrams) size(w *wire.Wait, lv *live) (int, error) {
	if err := u.receive(w); err != nil {
		return 0, err
	}
	data, err := u.content(lv)
	return len(data), err
}

// lend reads one datagram and lends it.
func (u *datagrams) lend(w *wire.Wait, lv *live) (*Message, error) {
	if err := u.receive(w); err != nil {
		return nil, err
	}
	data, err := u.content(lv)
	if err != nil {
		return nil, err
	}
	m := newMessage(&u.lib.money, len(data))
	copy(m.data, data)
	u.taken()
	return m, nil
}

// write sends one datagram.
func (u *datagrams) write(w *wire.Wait, lv *live, msg []byte, to netip.AddrPort) (int, error) {
	body := msg
	if lv.charset != nil {
		text, err := lv.charset.ToWire(u.lib.HostText(), nil, msg)
		if err != nil {
			return 0, u.faulty(textFault(err, to.String()))
		}
		body = text
	}
	if err := u.sock.WriteTo(w, body, to); err != nil {
		return 0, u.faulty(err)
	}
	u.written.Add(1)
	u.bytesOut.Add(int64(len(body)))
	return len(msg), nil
}

// resolve finds the address of a host, numeric or a name; names are remembered.
func (u *datagrams) resolve(w *wire.Wait, s *settings, host string) (netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap(), nil
	}
	u.names.mu.Lock()
	known, ok := u.names.known[host]
	u.names.mu.Unlock()
	if ok && time.Now().Before(known.until) {
		return known.addr, nil
	}
	w.SetTimeout(s.resolveTimeout)
	addrs, err := s.resolver().Lookup(w, host, s.family)
	w.SetTimeout(s.writeTimeout)
	if err != nil {
		return netip.Addr{}, err
	}
	addr := u.reachable(addrs)
	u.remember(host, addr, s.resolveCache)
	return addr, nil
}

// reachable prefers an address of the family that the socket itself has.
func (u *datagrams) reachable(addrs []netip.Addr) netip.Addr {
	own := u.sock.LocalEnd().Addr()
	for _, a := range addrs {
		if a.Is4() == own.Is4() || a.Is4() && own.IsUnspecified() {
			return a
		}
	}
	return addrs[0]
}

func (u *datagrams) remember(host string, addr netip.Addr, keep time.Duration) {
	if keep <= 0 {
		return
	}
	u.names.mu.Lock()
	defer u.names.mu.Unlock()
	const mostNames = 1000
	if u.names.known == nil || len(u.names.known) >= mostNames {
		u.names.known = make(map[string]knownName)
	}
	u.names.known[host] = knownName{addr, time.Now().Add(keep)}
}

func (u *datagrams) close() {
	u.drop()
	u.sock.Close()
}

// readMany reads one datagram and what others are there and fit.
func (u *datagrams) readMany(w *wire.Wait, lv *live, p []byte, lengths []int32) (int, error) {
	n, err := u.readFrom(w, lv, p, nil)
	if err != nil {
		return 0, err
	}
	lengths[0] = int32(n)
	used, got := n, 1
	w.SetTimeout(0)
	for got < len(lengths) {
		n, err := u.readFrom(w, lv, p[used:], nil)
		if err != nil { // the next call tells
			break
		}
		lengths[got] = int32(n)
		used += n
		got++
	}
	return got, nil
}
