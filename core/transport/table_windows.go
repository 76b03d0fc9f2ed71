package transport

import (
	"encoding/binary"
	"net/netip"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"wdsocket/core/endpoint"
	"wdsocket/core/task"
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

// arrival asks of one connection, again and again, whether the end of our side has
// reached the peer's system. It begins when that end was sent.
type arrival struct {
	local, remote endpoint.Addr
	began         time.Time
	since         time.Time // only a table asked for later can tell more
	next          time.Time // the table is not asked before, but for the last time
}

func newArrival(local, remote endpoint.Addr) *arrival {
	now := time.Now()
	return &arrival{local: local, remote: remote, began: now, since: now}
}

// What reading the table may take until closing is careful with it, and how long an
// answer is waited for: the reading goes on, and a later question gets what it finds.
const (
	dearTable      = 100 * time.Millisecond
	answerPatience = dearTable
)

// told tells whether it has, as far as that is known; left is the time after which it
// is not asked any more. ended: the peer has ended its side too. Where the table is dear
// it is asked for late, after a quarter of the time at the latest, and that has to do.
func (a *arrival) told(ended bool, left time.Duration) bool {
	cost, now := tables.cost(a.remote), time.Now()
	waited := now.Sub(a.began)
	switch {
	case cost >= dearTable && ended:
		return true
	case cost >= dearTable && waited <= 10*cost && left > max(3*waited, 2*cost+answerPatience): // one reading, and one that began before
		return false
	case left > 0 && now.Before(a.next):
		return false
	}
	acked, known := acknowledged(a.local, a.remote, ended, a.since)
	if known && !acked {
		a.since = time.Now()
		a.next = a.since.Add(cost)
	}
	return acked
}

// acknowledged tells whether the end of our side has reached the peer's
// system, after a table that was asked for later than since; known is false if there is
// none in time. ended: the peer has ended its side too; the connection may then have
// left the table, and where there is no table that has to do.
func acknowledged(local, remote endpoint.Addr, ended bool, since time.Time) (acked, known bool) {
	state := uint32(0)
	if remote.IP().Is4() {
		var rows []row4
		rows, known = tables.four.since(since, answerPatience)
		for _, r := range rows {
			if port(r.localPort) == local.Port() && port(r.remotePort) == remote.Port() &&
				netip.AddrFrom4(r.local) == local.IP() && netip.AddrFrom4(r.remote) == remote.IP() {
				state = r.state
			}
		}
	} else {
		var rows []row6
		rows, known = tables.six.since(since, answerPatience)
		for _, r := range rows {
			if port(r.localPort) == local.Port() && port(r.remotePort) == remote.Port() &&
				netip.AddrFrom16(r.local) == local.IP().WithZone("") && netip.AddrFrom16(r.remote) == remote.IP().WithZone("") {
				state = r.state
			}
		}
	}
	return known && (state == stateFinWait2 || state == stateTimeWait || state == 0 && ended), known
}

// tables are the last ones read. A thousand connections that are being closed
// ask at the same time: all that wait for one answer share the next.
var tables = tablesOf{
	four: lastTable[row4]{source: family[row4](windows.AF_INET)},
	six:  lastTable[row6]{source: family[row6](windows.AF_INET6)},
}

type tablesOf struct {
	four lastTable[row4]
	six  lastTable[row6]
}

// cost is the time that reading the table of an address's family takes.
func (t *tablesOf) cost(of endpoint.Addr) time.Duration {
	if of.IP().Is4() {
		return t.four.cost()
	}
	return t.six.cost()
}

// lastTable is the table of one family. It is read beside those who ask: where there
// are thousands of connections that may take long, and a close has a time.
type lastTable[R row4 | row6] struct {
	source interface{ read() []R }

	mu      sync.Mutex
	begun   time.Time // when the system was asked for rows
	took    time.Duration
	rows    []R
	reading chan struct{} // closed when the one that is being read is there; nil: none is
	started time.Time     // when the system was asked for that
}

// since gives a table that was asked for after that time, if there is one within
// patience.
func (t *lastTable[R]) since(when time.Time, patience time.Duration) (rows []R, known bool) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for {
		t.mu.Lock()
		if t.begun.After(when) {
			defer t.mu.Unlock()
			return t.rows, true
		}
		if t.reading == nil {
			t.reading, t.started = make(chan struct{}), time.Now()
			task.Go("the table of connections", nil, func() { readTable(t.finish) })
		}
		reading := t.reading
		t.mu.Unlock()
		select {
		case <-reading:
		case <-timer.C:
			return nil, false
		}
	}
}

// readTable is the goroutine; tests know it by its name, which is in no stack if it is
// inlined.
//
//go:noinline
func readTable(finish func()) { finish() }

// finish reads the table.
func (t *lastTable[R]) finish() {
	var rows []R
	defer func() { // after a panic too: it is waited for
		t.mu.Lock()
		defer t.mu.Unlock()
		t.begun, t.took, t.rows = t.started, time.Since(t.started), rows
		close(t.reading)
		t.reading = nil
	}()
	rows = t.source.read()
}

// cost is the time that reading takes, as far as that is known.
func (t *lastTable[R]) cost() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.reading != nil {
		return max(t.took, time.Since(t.started))
	}
	return t.took
}

// port reads a port number: the first two bytes, in network order.
func port(b [4]byte) uint16 { return binary.BigEndian.Uint16(b[:2]) }

// family is the number of a family, whose rows are R.
type family[R row4 | row6] uint32

// read gives the table of the family; nil if the system has none.
func (f family[R]) read() []R {
	size := uint32(64 << 10)
	for range 8 { // it may grow between two calls
		table := make([]uint64, size/8+1) // aligned
		size = uint32(len(table) * 8)
		result, _, _ := getExtendedTCPTable.Call(uintptr(unsafe.Pointer(&table[0])), uintptr(unsafe.Pointer(&size)), 0, uintptr(f), tableAll, 0)
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
