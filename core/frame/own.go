package frame

import (
	"slices"
	"sync"

	"wdsocket/core/frame/checksum"
)

// own are the protocols that no description tells, with framers of their own. Each name is
// one for WDS_TEXT_FRAME_PRESET, and the whole text of WDS_TEXT_FRAME. In them the mode is
// Described, without a Description.
var own = [...]ownProtocol{
	{"dnp3", "IEEE 1815-2012, 9: data link layer", "crc-16/dnp", newDNP3},
	{"hdlc", "RFC 1662, 4: octet-stuffed framing with a 16-bit FCS", "crc-16/x-25", newHDLC},
	{"modbus-rtu", "MODBUS application protocol V1.1b3, 6; MODBUS over serial line V1.02, 2.5.1", "crc-16/modbus", newRTUMaster},
	{"modbus-rtu-slave", "MODBUS application protocol V1.1b3, 6; MODBUS over serial line V1.02, 2.5.1", "crc-16/modbus", newRTUSlave},
	{"postgres", "PostgreSQL, frontend/backend protocol: message formats", "", newPostgres},
	{"redis", "Redis serialization protocol specification: RESP2 and RESP3", "", newRedis},
	{"slip", "RFC 1055", "", newSLIP},
}

// ownProtocol is a protocol with a framer of its own.
type ownProtocol struct {
	name   string
	source string // where the protocol is described
	check  string // the check bytes by which a guess knows it, "" for a protocol that none shows
	make   func(limit int) Framer
}

// lazyTable finds an algorithm of package checksum when it is first needed: its tables are
// not to be made by loading the library.
func lazyTable(name string) func() *checksum.Algorithm {
	return sync.OnceValue(func() *checksum.Algorithm {
		algorithm, _ := checksum.Find(name)
		return algorithm
	})
}

// hasOwn tells whether a text is the name of a protocol with a framer of its own.
func hasOwn(text string) bool {
	return slices.Contains(ownNames(), text)
}

// ownNames are the names of the protocols with framers of their own.
func ownNames() []string {
	names := make([]string, len(own))
	for i := range own {
		names[i] = own[i].name
	}
	return names
}

// newOwn makes the framer of its own that a protocol has, nil for none.
func newOwn(name string, limit int) Framer {
	for i := range own {
		if own[i].name == name {
			return own[i].make(limit)
		}
	}
	return nil
}
