package transport

import (
	"net"
	"strconv"
)

// zoneName is the name of an interface by its number, or the number.
func zoneName(index uint32) string {
	if nif, err := net.InterfaceByIndex(int(index)); err == nil {
		return nif.Name
	}
	return strconv.FormatUint(uint64(index), 10)
}

// zoneNumber is the number of an interface by its name; 0 for none.
func zoneNumber(zone string) uint32 {
	if zone == "" {
		return 0
	}
	if nif, err := net.InterfaceByName(zone); err == nil {
		return uint32(nif.Index)
	}
	n, _ := strconv.ParseUint(zone, 10, 32)
	return uint32(n)
}
