package checksum

import (
	"strings"
	"sync"
)

// simple are the algorithms that are no CRC.
var simple = []struct {
	names string
	kind  kind
	bits  int
	begin uint64
}{
	{"xor bcc", xor, 8, 0},
	{"sum sum-8", sum, 8, 0},
	{"sum-16", sum, 16, 0},
	{"sum-32", sum, 32, 0},
	// The LRC of Modbus ASCII: two's complement of the sum. The LRC of ISO 1155 is xor.
	{"lrc sum-8/neg", negated, 8, 0},
	{"sum-16/neg", negated, 16, 0},
	{"sum-8/not", inverted, 8, 0},
	{"sum-16/not", inverted, 16, 0},
	{"fletcher-16", fletcher, 16, 0},
	{"fletcher-32", fletcher, 32, 0},
	{"adler-32", adler, 32, 1}, // RFC 1950
}

// crcs is what the catalogue of parametrised CRC algorithms (G. Cook, reveng.sourceforge.io)
// has of those that protocols use. The first name is canonical, the others are aliases.
var crcs = []struct {
	names         string
	width         int
	poly, init    uint64
	refIn, refOut bool
	xorOut        uint64
}{
	{"crc-4/g-704 crc-4/itu", 4, 0x3, 0, true, true, 0},
	{"crc-5/usb", 5, 0x05, 0x1f, true, true, 0x1f},
	{"crc-6/g-704 crc-6/itu", 6, 0x03, 0, true, true, 0},
	{"crc-7/mmc crc-7", 7, 0x09, 0, false, false, 0},

	{"crc-8/smbus crc-8", 8, 0x07, 0, false, false, 0},
	{"crc-8/autosar", 8, 0x2f, 0xff, false, false, 0xff},
	{"crc-8/bluetooth", 8, 0xa7, 0, true, true, 0},
	{"crc-8/cdma2000", 8, 0x9b, 0xff, false, false, 0},
	{"crc-8/darc", 8, 0x39, 0, true, true, 0},
	{"crc-8/dvb-s2", 8, 0xd5, 0, false, false, 0},
	{"crc-8/gsm-a", 8, 0x1d, 0, false, false, 0},
	{"crc-8/i-432-1 crc-8/itu", 8, 0x07, 0, false, false, 0x55},
	{"crc-8/i-code", 8, 0x1d, 0xfd, false, false, 0},
	{"crc-8/lte", 8, 0x9b, 0, false, false, 0},
	{"crc-8/maxim-dow crc-8/maxim dow-crc", 8, 0x31, 0, true, true, 0},
	{"crc-8/nrsc-5", 8, 0x31, 0xff, false, false, 0},
	{"crc-8/opensafety", 8, 0x2f, 0, false, false, 0},
	{"crc-8/rohc", 8, 0x07, 0xff, true, true, 0},
	{"crc-8/sae-j1850", 8, 0x1d, 0xff, false, false, 0xff},
	{"crc-8/tech-3250 crc-8/aes crc-8/ebu", 8, 0x1d, 0xff, true, true, 0},
	{"crc-8/wcdma", 8, 0x9b, 0, true, true, 0},

	{"crc-12/umts crc-12/3gpp", 12, 0x80f, 0, false, true, 0},
	{"crc-14/darc", 14, 0x0805, 0, true, true, 0},
	{"crc-15/can crc-15", 15, 0x4599, 0, false, false, 0},

	{"crc-16/arc crc-16 crc-16/lha crc-ibm", 16, 0x8005, 0, true, true, 0},
	{"crc-16/cdma2000", 16, 0xc867, 0xffff, false, false, 0},
	{"crc-16/cms", 16, 0x8005, 0xffff, false, false, 0},
	{"crc-16/dds-110", 16, 0x8005, 0x800d, false, false, 0},
	{"crc-16/dect-r r-crc-16", 16, 0x0589, 0, false, false, 0x0001},
	{"crc-16/dect-x x-crc-16", 16, 0x0589, 0, false, false, 0},
	{"crc-16/dnp", 16, 0x3d65, 0, true, true, 0xffff},
	{"crc-16/en-13757", 16, 0x3d65, 0, false, false, 0xffff},
	{"crc-16/genibus crc-16/darc crc-16/epc crc-16/epc-c1g2 crc-16/i-code", 16, 0x1021, 0xffff, false, false, 0xffff},
	{"crc-16/gsm", 16, 0x1021, 0, false, false, 0xffff},
	{"crc-16/ibm-3740 crc-16/ccitt-false crc-16/autosar", 16, 0x1021, 0xffff, false, false, 0},
	{"crc-16/ibm-sdlc crc-16/x-25 crc-16/iso-hdlc crc-16/iso-iec-14443-3-b crc-b x-25", 16, 0x1021, 0xffff, true, true, 0xffff},
	{"crc-16/iso-iec-14443-3-a crc-a", 16, 0x1021, 0xc6c6, true, true, 0},
	{"crc-16/kermit crc-16/ccitt crc-16/ccitt-true crc-16/bluetooth crc-16/v-41-lsb crc-ccitt kermit", 16, 0x1021, 0, true, true, 0},
	{"crc-16/lj1200", 16, 0x6f63, 0, false, false, 0},
	{"crc-16/maxim-dow crc-16/maxim", 16, 0x8005, 0, true, true, 0xffff},
	{"crc-16/mcrf4xx", 16, 0x1021, 0xffff, true, true, 0},
	{"crc-16/modbus modbus", 16, 0x8005, 0xffff, true, true, 0},
	{"crc-16/nrsc-5", 16, 0x080b, 0xffff, true, true, 0},
	{"crc-16/opensafety-a", 16, 0x5935, 0, false, false, 0},
	{"crc-16/opensafety-b", 16, 0x755b, 0, false, false, 0},
	{"crc-16/profibus crc-16/iec-61158-2", 16, 0x1dcf, 0xffff, false, false, 0xffff},
	{"crc-16/riello", 16, 0x1021, 0xb2aa, true, true, 0},
	{"crc-16/spi-fujitsu crc-16/aug-ccitt", 16, 0x1021, 0x1d0f, false, false, 0},
	{"crc-16/t10-dif", 16, 0x8bb7, 0, false, false, 0},
	{"crc-16/teledisk", 16, 0xa097, 0, false, false, 0},
	{"crc-16/tms37157", 16, 0x1021, 0x89ec, true, true, 0},
	{"crc-16/umts crc-16/buypass crc-16/verifone", 16, 0x8005, 0, false, false, 0},
	{"crc-16/usb", 16, 0x8005, 0xffff, true, true, 0xffff},
	{"crc-16/xmodem crc-16/acorn crc-16/lte crc-16/v-41-msb xmodem zmodem", 16, 0x1021, 0, false, false, 0},

	{"crc-24/openpgp crc-24", 24, 0x864cfb, 0xb704ce, false, false, 0},
	{"crc-24/ble", 24, 0x00065b, 0x555555, true, true, 0},
	{"crc-24/flexray-a", 24, 0x5d6dcb, 0xfedcba, false, false, 0},
	{"crc-24/flexray-b", 24, 0x5d6dcb, 0xabcdef, false, false, 0},
	{"crc-24/interlaken", 24, 0x328b63, 0xffffff, false, false, 0xffffff},
	{"crc-24/lte-a", 24, 0x864cfb, 0, false, false, 0},
	{"crc-24/lte-b", 24, 0x800063, 0, false, false, 0},
	{"crc-24/os-9", 24, 0x800063, 0xffffff, false, false, 0xffffff},

	{"crc-32/iso-hdlc crc-32 crc-32/adccp crc-32/v-42 crc-32/xz pkzip", 32, 0x04c11db7, 0xffffffff, true, true, 0xffffffff},
	{"crc-32/aixm crc-32q", 32, 0x814141ab, 0, false, false, 0},
	{"crc-32/autosar", 32, 0xf4acfb13, 0xffffffff, true, true, 0xffffffff},
	{"crc-32/base91-d crc-32d", 32, 0xa833982b, 0xffffffff, true, true, 0xffffffff},
	{"crc-32/bzip2 crc-32/aal5 crc-32/dect-b b-crc-32", 32, 0x04c11db7, 0xffffffff, false, false, 0xffffffff},
	{"crc-32/cd-rom-edc", 32, 0x8001801b, 0, true, true, 0},
	{"crc-32/cksum crc-32/posix cksum", 32, 0x04c11db7, 0, false, false, 0xffffffff},
	{"crc-32/iscsi crc-32c crc-32/castagnoli crc-32/interlaken", 32, 0x1edc6f41, 0xffffffff, true, true, 0xffffffff},
	{"crc-32/jamcrc jamcrc", 32, 0x04c11db7, 0xffffffff, true, true, 0},
	{"crc-32/mef", 32, 0x741b8cd7, 0xffffffff, true, true, 0},
	{"crc-32/mpeg-2", 32, 0x04c11db7, 0xffffffff, false, false, 0},
	{"crc-32/xfer xfer", 32, 0x000000af, 0, false, false, 0},

	{"crc-64/ecma-182 crc-64", 64, 0x42f0e1eba9ea3693, 0, false, false, 0},
	{"crc-64/go-iso", 64, 0x000000000000001b, 0xffffffffffffffff, true, true, 0xffffffffffffffff},
	{"crc-64/redis", 64, 0xad93d23594c935a9, 0, true, true, 0},
	{"crc-64/we", 64, 0x42f0e1eba9ea3693, 0xffffffffffffffff, false, false, 0xffffffffffffffff},
	{"crc-64/xz crc-64/go-ecma", 64, 0x42f0e1eba9ea3693, 0xffffffffffffffff, true, true, 0xffffffffffffffff},
}

// known holds all names and the order of the canonical ones. It is made when a name is first
// asked for.
var known = sync.OnceValue(func() (k struct {
	byName map[string]*Algorithm
	order  []string
}) {
	k.byName = map[string]*Algorithm{}
	add := func(names []string, a *Algorithm) {
		k.order = append(k.order, names[0])
		for _, name := range names {
			k.byName[name] = a
		}
	}
	for _, s := range simple {
		names := strings.Fields(s.names)
		add(names, &Algorithm{name: names[0], kind: s.kind, bits: s.bits, begin: s.begin})
	}
	for _, c := range crcs {
		names := strings.Fields(c.names)
		add(names, Params{c.width, c.poly, c.init, c.refIn, c.refOut, c.xorOut}.algorithm(names[0]))
	}
	return k
})

// Find gives the algorithm of a name, whatever the case of its letters: one of Names, an alias
// of the catalogue, or "crc(width,poly,init,refin,refout,xorout)", in which the width is
// decimal, refin and refout are 0 or 1, and the others are hexadecimal.
func Find(name string) (*Algorithm, bool) {
	name = strings.ToLower(name)
	if a, ok := known().byName[name]; ok {
		return a, true
	}
	return parse(name)
}

// Names are the canonical names of the algorithms that have one.
func Names() []string { return append([]string(nil), known().order...) }
