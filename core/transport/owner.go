package transport

import (
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
)

// What the system tells of a port: where it is listened at, and which program has
// it. It is asked once, when opening has failed, and for a short time only.

// ownerPatience is how long the owner of a port is looked for.
const ownerPatience = 100 * time.Millisecond

// bound is a socket of this machine that has a port.
type bound struct {
	at  endpoint.Addr
	key string // by which the system finds its owner
}

// owner is a process.
type owner struct {
	pid  int
	name string // "" if the system does not tell
}

// explain says of a port that is taken which program has it, if the system tells.
func (l *Local) explain(e *fault.Error, tcp bool) *fault.Error {
	if e.Code != fault.PortTaken || l.Options != nil && l.Options.Shared {
		return e
	}
	found := boundTo(uint16(l.Port), tcp)
	until := time.Now().Add(ownerPatience)
	for _, b := range found {
		if !l.concerns(b.at.IP()) {
			continue
		}
		if by, known := b.owner(until); known && by.pid == os.Getpid() {
			return e.With(textTakenHere)
		} else if known && by.name == "" {
			return e.With(textTakenByProcess, strconv.Itoa(by.pid))
		} else if known {
			return e.With(textTakenBy, by.name, strconv.Itoa(by.pid))
		}
		if time.Now().After(until) {
			break
		}
	}
	return e
}

// concerns tells whether a socket at an address may be in the way of this one: at
// the same one, or one of both is at all.
func (l *Local) concerns(at netip.Addr) bool {
	own, err := netip.ParseAddr(l.Host)
	return err != nil || own.IsUnspecified() || at.IsUnspecified() || own.Unmap() == at
}

// listenersAt lists where on this machine a port is listened at, "" for nowhere.
func listenersAt(port uint16) string {
	var list []string
	for _, b := range boundTo(port, true) {
		list = append(list, b.at.String())
	}
	return strings.Join(slices.Compact(list), ", ")
}
