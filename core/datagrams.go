package core

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"wdsocket/core/capture"
	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/mem"
	"wdsocket/core/option"
	"wdsocket/core/poll"
	"wdsocket/core/transport"
)

// datagrams is a UDP socket in use. The first fields belong to whoever has the
// reader's role.
type datagrams struct {
	lib  *Library
	of   *Socket
	sock *transport.Packet

	recorder *capture.Recorder // nil: nothing is recorded

	bl   *mem.Block // a datagram that nobody took yet
	n    int
	ends transport.PacketInfo
	att  *attachment // of the queue that reads for the host

	last struct { // the ends of the last one read
		mu   sync.Mutex
		ends transport.PacketInfo // without a sender: none was read
	}

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
func (u *datagrams) receive(w *poll.Call) error {
	if u.bl != nil {
		return nil
	}
	bl := mem.NewBlock(transport.MaxDatagram)
	u.lib.money.ForceReserve(len(bl.Bytes()))
	n, ends, err := u.sock.ReadFrom(w, bl.Bytes()[:transport.MaxDatagram])
	if err != nil {
		u.faulty(err)
		u.lib.money.Release(len(bl.Bytes()))
		bl.Recycle()
		return err
	}
	u.bl, u.n, u.ends = bl, n, ends
	u.recorder.Datagram(capture.Received, ends.From, bl.Bytes()[:n])
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
		return u.bl.Bytes()[:u.n], nil
	}
	text, err := lv.charset.FromWire(u.lib.HostText(), nil, u.bl.Bytes()[:u.n])
	if err != nil {
		return nil, textFault(err, u.ends.From.String())
	}
	return text, nil
}

// taken lets go of the held datagram: it was delivered.
func (u *datagrams) taken() {
	u.last.mu.Lock()
	u.last.ends = u.ends
	u.last.mu.Unlock()
	u.read.Add(1)
	u.logRead()
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

// lastEnds tells the ends of the last datagram read; ok is false before one was.
func (u *datagrams) lastEnds() (ends transport.PacketInfo, ok bool) {
	u.last.mu.Lock()
	defer u.last.mu.Unlock()
	return u.last.ends, u.last.ends.From.IsValid()
}

func (u *datagrams) drop() {
	if u.bl != nil {
		u.lib.money.Release(len(u.bl.Bytes()))
		u.bl.Recycle()
		u.bl = nil
		u.held.Store(0)
	}
}

// readFrom reads one datagram; accept may refuse it, then it stays.
func (u *datagrams) readFrom(w *poll.Call, lv *live, p []byte, accept func(endpoint.Addr) error) (int, error) {
	if err := u.receive(w); err != nil {
		return 0, err
	}
	data, err := u.content(lv)
	if err != nil {
		return 0, err
	}
	if len(data) > len(p) {
		return 0, fault.New(fault.Buffer, fault.PhaseRead, u.ends.From.String()).
			With(noteSmallBuffer, decimal(len(data)), decimal(len(p)))
	}
	if accept != nil {
		if err := accept(u.ends.From); err != nil {
			return 0, err
		}
	}
	copy(p, data)
	u.taken()
	return len(data), nil
}

// size waits for a datagram and tells its length.
func (u *datagrams) size(w *poll.Call, lv *live) (int, error) {
	if err := u.receive(w); err != nil {
		return 0, err
	}
	data, err := u.content(lv)
	return len(data), err
}

// lend reads one datagram and lends it.
func (u *datagrams) lend(w *poll.Call, lv *live) (*mem.Message, error) {
	if err := u.receive(w); err != nil {
		return nil, err
	}
	data, err := u.content(lv)
	if err != nil {
		return nil, err
	}
	m := mem.NewMessage(&u.lib.money, len(data))
	copy(m.Bytes(), data)
	u.taken()
	return m, nil
}

// write sends one datagram.
func (u *datagrams) write(w *poll.Call, lv *live, msg []byte, to endpoint.Addr) (int, error) {
	body, err := u.encode(lv, msg)
	if err != nil {
		return 0, u.faulty(textFault(err, to.String()))
	}
	return u.sent(msg, body, u.send(w, body, to))
}

// encode turns a message into the character set of the wire.
func (u *datagrams) encode(lv *live, msg []byte) ([]byte, error) {
	if lv.charset == nil {
		return msg, nil
	}
	return lv.charset.ToWire(u.lib.HostText(), nil, msg)
}

// sent counts a datagram; err is what sending it gave.
func (u *datagrams) sent(msg, body []byte, err error) (int, error) {
	if err != nil {
		return 0, u.faulty(err)
	}
	u.written.Add(1)
	u.bytesOut.Add(int64(len(body)))
	return len(msg), nil
}

// send gives a datagram to the system. To the sender of the last one read it
// leaves from the own address which that one came to: a peer takes an answer
// from no other.
func (u *datagrams) send(w *poll.Call, body []byte, to endpoint.Addr) error {
	var own netip.Addr
	if last, ok := u.lastEnds(); ok && last.From == to {
		own = last.Own
	}
	u.recorder.Datagram(capture.Sent, to, body) // before an answer can be
	err := u.sock.WriteTo(w, body, to, own)
	if err == nil {
		u.logWritten(len(body), own, to)
	} else if u.recorder != nil {
		u.recorder.Note("the last datagram was not sent: " + err.Error())
	}
	return err
}

// writeNamed sends one datagram to a host, numeric or a name. The addresses of
// a name are tried in their order until one can be reached from this socket;
// that one is remembered.
func (u *datagrams) writeNamed(w *poll.Call, s *option.Settings, lv *live, msg []byte, host string, port uint16) (int, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return u.write(w, lv, msg, endpoint.FromIP(a, port))
	}
	body, err := u.encode(lv, msg)
	if err != nil {
		return 0, u.faulty(textFault(err, host))
	}
	if a, ok := u.known(host); ok {
		err := u.send(w, body, endpoint.FromIP(a, port))
		if fault.CodeOf(err) != fault.Unreachable {
			return u.sent(msg, body, err)
		}
		u.forget(host)
	}
	w.SetTimeout(s.ResolveTimeout)
	addrs, err := s.Resolver().Lookup(w, host, s.Family)
	w.SetTimeout(s.WriteTimeout)
	if err != nil {
		return 0, err
	}
	return u.sent(msg, body, u.sendFirst(w, s, body, host, addrs, port))
}

// sendFirst sends to the first of the addresses that can be reached.
func (u *datagrams) sendFirst(w *poll.Call, s *option.Settings, body []byte, host string, addrs []netip.Addr, port uint16) error {
	var failed error
	for _, a := range addrs {
		err := u.send(w, body, endpoint.FromIP(a, port))
		if err == nil {
			u.remember(host, a, s.ResolveCache)
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

// known is the address of a name that is remembered.
func (u *datagrams) known(host string) (netip.Addr, bool) {
	u.names.mu.Lock()
	defer u.names.mu.Unlock()
	known, ok := u.names.known[host]
	return known.addr, ok && time.Now().Before(known.until)
}

func (u *datagrams) forget(host string) {
	u.names.mu.Lock()
	defer u.names.mu.Unlock()
	delete(u.names.known, host)
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
	u.recorder.Close(nil)
}

// readMany reads one datagram and what others are there and fit.
func (u *datagrams) readMany(w *poll.Call, lv *live, p []byte, lengths []int32) (int, error) {
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
