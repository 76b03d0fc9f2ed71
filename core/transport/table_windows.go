package transport

import (
	"encoding/binary"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"wdsocket/core/endpoint"
)

// The system's table of connections tells what no call on a socket does: once
// the end of our side has been acknowledged, the state of the connection is
// FIN-WAIT-2 or later (RFC 9293, section 3.3.2), and everything before that end
// has reached the peer's system.

var getExtendedTCPTable = windows.NewLazySystemDLL("iphlpapi.dll").NewProc("GetExtendedTcpTable")

const (
	tableAll      = 5 // TCP_TABLE_OWNER_PID_ALL
	stateFinWait2 = 7 // MIB_TCP_STATE_FIN_WAIT2
	stateTimeWait = 11
)

// A row of each family: MIB_TCPROW_OWNER_PID and MIB_TCP6ROW_OWNER_PID.
type row4 struct {
	state             uint32
	local             [4]byte
	localPort         [4]byte
	remote            [4]byte
	remotePort, owner [4]byte
}

type row6 struct {
	local        [16]byte
	localZone    uint32
	localPort    [4]byte
	remote       [16]byte
	remoteZone   uint32
	remotePort   [4]byte
	state, owner uint32
}

// acknowledged tells whether the end of our side has reached the peer's
// system. ended: the peer has ended its side too; the connection may then have
// left the table, and where there is no table that has to do.
func acknowledged(local, remote endpoint.Addr, ended bool) bool {
	state := uint32(0)
	if remote.IP().Is4() {
		for _, r := range tables.four.since(time.Now(), windows.AF_INET) {
			if port(r.localPort) == local.Port() && port(r.remotePort) == remote.Port() &&
				netip.AddrFrom4(r.local) == local.IP() && netip.AddrFrom4(r.remote) == remote.IP() {
				state = r.state
			}
		}
	} else {
		for _, r := range tables.six.since(time.Now(), windows.AF_INET6) {
			if port(r.localPort) == local.Port() && port(r.remotePort) == remote.Port() &&
				netip.AddrFrom16(r.local) == local.IP().WithZone("") && netip.AddrFrom16(r.remote) == remote.IP().WithZone("") {
				state = r.state
			}
		}
	}
	return state == stateFinWait2 || state == stateTimeWait || state == 0 && ended
}

// tables are the last ones read. A thousand connections that are being closed
// ask at the same time: all that wait for one answer share the next.
var tables struct {
	four lastTable[row4]
	six  lastTable[row6]
	cost atomic.Int64 // nanoseconds that the last one took
}

// tableCost is the time that reading the table takes.
func tableCost() time.Duration { return time.Duration(tables.cost.Load()) }

type lastTable[R row4 | row6] struct {
	mu    sync.Mutex
	begun time.Time // when the system was asked
	rows  []R
}

// since gives a table that was asked for at that time or later.
func (t *lastTable[R]) since(when time.Time, family uint32) []R {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.begun.After(when) {
		t.begun = time.Now()
		t.rows = connections[R](family)
		tables.cost.Store(int64(time.Since(t.begun)))
	}
	return t.rows
}

// port reads a port number: the first two bytes, in network order.
func port(b [4]byte) uint16 { return binary.BigEndian.Uint16(b[:2]) }

// connections reads the table of one family; nil if the system has none.
func connections[R row4 | row6](family uint32) []R {
	size := uint32(64 << 10)
	for range 8 { // it may grow between two calls
		table := make([]uint64, size/8+1) // aligned
		size = uint32(len(table) * 8)
		result, _, _ := getExtendedTCPTable.Call(uintptr(unsafe.Pointer(&table[0])), uintptr(unsafe.Pointer(&size)), 0, uintptr(family), tableAll, 0)
		switch windows.Errno(result) {
		case windows.ERROR_SUCCESS:
			// The number of rows, then the rows.
			start := unsafe.Add(unsafe.Pointer(&table[0]), 4)
			count := int(*(*uint32)(unsafe.Pointer(&table[0])))
			rows := make([]R, min(count, (len(table)*8-4)/int(unsafe.Sizeof(*new(R)))))
			for i := range rows {
				rows[i] = *(*R)(unsafe.Add(start, uintptr(i)*unsafe.Sizeof(rows[0])))
			}
			return rows
		case windows.ERROR_INSUFFICIENT_BUFFER:
			size += size / 4
		default:
			return nil
		}
	}
	return nil
}
