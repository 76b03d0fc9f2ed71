package transport

import (
	"net/netip"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/windows"

	"wdsocket/core/endpoint"
)

// tablePatience is how long a listener is looked for.
const tablePatience = 5 * time.Second

// boundTo lists the sockets of TCP that listen at a port.
func boundTo(local uint16, tcp bool) []bound {
	const listening = 2 // MIB_TCP_STATE_LISTEN
	var found []bound
	if !tcp {
		return nil
	}
	four, _ := tables.four.since(time.Now(), tablePatience)
	for _, r := range four {
		if r.state == listening && port(r.localPort) == local {
			found = append(found, bound{endpoint.FromIP(netip.AddrFrom4(r.local), local), strconv.Itoa(int(uint32LE(r.owner)))})
		}
	}
	six, _ := tables.six.since(time.Now(), tablePatience)
	for _, r := range six {
		if r.state == listening && port(r.localPort) == local {
			found = append(found, bound{endpoint.FromIP(netip.AddrFrom16(r.local), local), strconv.Itoa(int(r.owner))})
		}
	}
	return found
}

// uint32LE reads a number of the system's.
func uint32LE(b [4]byte) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

// owner names the process.
func (b bound) owner(time.Time) (owner, bool) {
	const system = 4 // the kernel, which listens for other programs: http.sys
	pid, err := strconv.Atoi(b.key)
	if err != nil || pid <= system {
		return owner{}, false
	}
	process, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(pid))
	if err != nil {
		return owner{pid: pid}, true
	}
	defer windows.CloseHandle(process)
	path := make([]uint16, windows.MAX_PATH)
	size := uint32(len(path))
	if windows.QueryFullProcessImageName(process, 0, &path[0], &size) != nil {
		return owner{pid: pid}, true
	}
	return owner{pid, filepath.Base(windows.UTF16ToString(path[:size]))}, true
}
