package transport

import (
	"encoding/hex"
	"io"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"wdsocket/core/endpoint"
)

// boundTo lists the sockets that have a port: of TCP those that listen.
func boundTo(port uint16, tcp bool) []bound {
	tables := []string{"/proc/net/udp", "/proc/net/udp6"}
	if tcp {
		tables = []string{"/proc/net/tcp", "/proc/net/tcp6"}
	}
	var found []bound
	for _, table := range tables {
		f, err := os.Open(table)
		if err != nil {
			continue
		}
		const most = 1 << 20 // listeners come first
		text, _ := io.ReadAll(io.LimitReader(f, most))
		f.Close()
		for line := range strings.Lines(string(text)) {
			if b, is := boundLine(line, port, tcp); is {
				found = append(found, b)
			}
		}
	}
	return found
}

// boundLine reads a line of a table: the number, the own address, the peer's, the
// state, five more columns, and the inode.
func boundLine(line string, port uint16, tcp bool) (bound, bool) {
	const own, state, inode, listening = 1, 3, 9, "0A"
	fields := strings.Fields(line)
	if len(fields) <= inode || tcp && fields[state] != listening {
		return bound{}, false
	}
	host, text, _ := strings.Cut(fields[own], ":")
	if n, err := strconv.ParseUint(text, 16, 16); err != nil || uint16(n) != port {
		return bound{}, false
	}
	b, err := hex.DecodeString(host)
	if err != nil {
		return bound{}, false
	}
	for word := range slices.Chunk(b, 4) { // in the order of the processor
		slices.Reverse(word)
	}
	addr, ok := netip.AddrFromSlice(b)
	return bound{endpoint.FromIP(addr, port), "socket:[" + fields[inode] + "]"}, ok
}

// owner finds the process that has the socket among its descriptors, this one
// first and whatever the time is. Those of other users cannot be seen.
func (b bound) owner(until time.Time) (owner, bool) {
	own := os.Getpid()
	if by, known := b.ownedBy(own, time.Time{}); known {
		return by, true
	}
	processes, _ := os.ReadDir("/proc")
	for _, p := range processes {
		pid, err := strconv.Atoi(p.Name())
		if err != nil || pid == own {
			continue
		}
		if time.Now().After(until) {
			break
		}
		if by, known := b.ownedBy(pid, until); known {
			return by, true
		}
	}
	return owner{}, false
}

// ownedBy looks for the socket among the descriptors of a process, until a time;
// the zero time: among so many that it takes some milliseconds.
func (b bound) ownedBy(pid int, until time.Time) (owner, bool) {
	const atOnce, most = 100, 10_000
	folder := "/proc/" + strconv.Itoa(pid)
	f, err := os.Open(folder + "/fd")
	if err != nil {
		return owner{}, false
	}
	defer f.Close()
	for seen := 0; until.IsZero() && seen < most || time.Now().Before(until); seen += atOnce {
		names, err := f.Readdirnames(atOnce)
		if err != nil {
			break
		}
		for _, name := range names {
			if to, err := os.Readlink(folder + "/fd/" + name); err == nil && to == b.key {
				name, _ := os.ReadFile(folder + "/comm")
				return owner{pid, strings.TrimSpace(string(name))}, true
			}
		}
	}
	return owner{}, false
}
