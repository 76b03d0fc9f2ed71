package transport

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"

	"wdsocket/core/endpoint"
	"wdsocket/core/poll"
)

// rawSocket is a socket of package net on which calls are made that do not wait.
// It is set not to block, which concerns calls without OVERLAPPED only: those
// of package net go on as ever.
//
// One call at a time receives, and one sends: what they hand to the system has
// its place here, so that nothing is allocated for a call.
type rawSocket struct {
	poll.Source
	rx struct {
		buf   windows.WSABuf
		n     uint32
		flags uint32
		name  windows.RawSockaddrAny
		size  int32
		from  bool // with the sender
		msg   windows.WSAMsg
		extra controlData
		told  int // bytes of extra
		errno syscall.Errno
		call  func(uintptr)
	}
	tx struct {
		bufs  [3]windows.WSABuf
		used  int
		n     uint32
		errno syscall.Errno
		call  func(uintptr)
	}
}

// sendAtOnce is how much is given to the system in one call: what does not fit
// is taken into its memory all the same.
const sendAtOnce = 128 << 10

func (s *rawSocket) init(c syscall.Conn) error {
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	s.rx.call, s.tx.call = s.receiveNow, s.sendNow
	err = control(raw, func(h windows.Handle) error {
		const fionbio = 0x8004667e
		yes := uint32(1)
		if r, _, errno := ioctlSocket.Call(uintptr(h), fionbio, uintptr(unsafe.Pointer(&yes))); int32(r) != 0 {
			return errno
		}
		return nil
	})
	if err == nil {
		s.Init(raw)
	}
	return err
}

// receive takes what is there. The errno is 0, WSAEWOULDBLOCK when there is
// nothing, or the system's.
func (s *rawSocket) receive(p []byte, from bool) (int, syscall.Errno) {
	r := &s.rx
	r.buf = windows.WSABuf{Len: uint32(min(len(p), 1<<30)), Buf: &p[0]}
	r.n, r.flags, r.errno, r.from = 0, 0, 0, from
	r.size = int32(unsafe.Sizeof(r.name))
	err := s.Control(r.call)
	r.buf.Buf = nil
	if err != nil {
		return 0, windows.WSAECONNABORTED // closed meanwhile
	}
	return int(r.n), r.errno
}

// receiveFrom takes the datagram that is there, and, if with is true, what the
// system tells about it.
func (s *rawSocket) receiveFrom(p []byte, with bool) (int, []byte, syscall.Errno) {
	s.rx.told = 0
	if with {
		s.rx.told = len(s.rx.extra.bytes())
	}
	n, errno := s.receive(p, true)
	return n, s.rx.extra.bytes()[:s.rx.told], errno
}

func (s *rawSocket) receiveNow(fd uintptr) {
	r := &s.rx
	if r.told > 0 {
		s.receiveMessage(windows.Handle(fd))
		return
	}
	var name, size uintptr
	if r.from {
		name, size = uintptr(unsafe.Pointer(&r.name)), uintptr(unsafe.Pointer(&r.size))
	}
	failed, _, errno := syscall.SyscallN(wsaRecvFrom.Addr(), fd, uintptr(unsafe.Pointer(&r.buf)), 1, uintptr(unsafe.Pointer(&r.n)),
		uintptr(unsafe.Pointer(&r.flags)), name, size, 0, 0)
	if failed != 0 {
		r.n, r.errno = 0, errno
	}
}

// receiveMessage is receiveNow with what the system tells about the datagram.
func (s *rawSocket) receiveMessage(h windows.Handle) {
	r := &s.rx
	r.msg = windows.WSAMsg{Name: (*syscall.RawSockaddrAny)(unsafe.Pointer(&r.name)), Namelen: r.size, Buffers: &r.buf, BufferCount: 1,
		Control: windows.WSABuf{Len: uint32(r.told), Buf: (*byte)(unsafe.Pointer(&r.extra))}}
	err := windows.WSARecvMsg(h, &r.msg, &r.n, nil, nil)
	r.told = int(r.msg.Control.Len)
	if err != nil {
		r.n, r.told = 0, 0
		r.errno = windows.WSAEINVAL
		errors.As(err, &r.errno)
	}
}

// sender is who sent the datagram received last.
func (s *rawSocket) sender() endpoint.Addr {
	name := &s.rx.name
	switch name.Addr.Family {
	case windows.AF_INET:
		a := (*windows.RawSockaddrInet4)(unsafe.Pointer(name))
		return endpoint.FromIP(netip.AddrFrom4(a.Addr), networkOrder(a.Port))
	case windows.AF_INET6:
		a := (*windows.RawSockaddrInet6)(unsafe.Pointer(name))
		addr := netip.AddrFrom16(a.Addr)
		if a.Scope_id != 0 && !addr.Is4In6() {
			addr = addr.WithZone(zoneName(a.Scope_id))
		}
		return endpoint.FromIP(addr.Unmap(), networkOrder(a.Port))
	}
	return endpoint.Addr{}
}

func networkOrder(port uint16) uint16 {
	var b [2]byte
	binary.NativeEndian.PutUint16(b[:], port)
	return binary.BigEndian.Uint16(b[:])
}

// send gives the system what is left of the parts after skip bytes, as much as
// it takes at once.
func (s *rawSocket) send(skip int, parts ...[]byte) (int, syscall.Errno) {
	t := &s.tx
	t.used, t.n, t.errno = 0, 0, 0
	room := sendAtOnce
	for _, part := range parts {
		if skip >= len(part) {
			skip -= len(part)
			continue
		}
		part = part[skip:]
		skip = 0
		part = part[:min(len(part), room)]
		if room -= len(part); len(part) == 0 {
			break
		}
		t.bufs[t.used] = windows.WSABuf{Len: uint32(len(part)), Buf: &part[0]}
		t.used++
	}
	err := s.Control(t.call)
	t.bufs = [3]windows.WSABuf{}
	if err != nil {
		return 0, windows.WSAECONNABORTED // closed meanwhile
	}
	return int(t.n), t.errno
}

func (s *rawSocket) sendNow(fd uintptr) {
	t := &s.tx
	failed, _, errno := syscall.SyscallN(wsaSend.Addr(), fd, uintptr(unsafe.Pointer(&t.bufs[0])), uintptr(t.used),
		uintptr(unsafe.Pointer(&t.n)), 0, 0, 0)
	if failed != 0 {
		t.n, t.errno = 0, errno
	}
}
