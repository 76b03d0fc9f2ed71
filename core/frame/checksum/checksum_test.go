package checksum

import (
	"fmt"
	"hash/adler32"
	"hash/crc32"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func find(t testing.TB, name string) *Algorithm {
	t.Helper()
	a, ok := Find(name)
	require.True(t, ok, name)
	return a
}

func of(a *Algorithm, p []byte) uint64 {
	s := a.New()
	s.Update(p)
	return s.Sum()
}

// checks are what the catalogue states for "123456789", and what the definitions give for
// those that it does not have.
var checks = map[string]uint64{
	"xor": 0x31, "sum": 0xdd, "sum-16": 0x1dd, "sum-32": 0x1dd, "lrc": 0x23, "sum-16/neg": 0xfe23, "sum-8/not": 0x22, "sum-16/not": 0xfe22,
	"fletcher-16": 0x1ede, "fletcher-32": 0xdf09d509, "adler-32": 0x091e01de,

	"crc-4/g-704": 0x7, "crc-5/usb": 0x19, "crc-6/g-704": 0x06, "crc-7/mmc": 0x75,
	"crc-8/smbus": 0xf4, "crc-8/autosar": 0xdf, "crc-8/bluetooth": 0x26, "crc-8/cdma2000": 0xda, "crc-8/darc": 0x15, "crc-8/dvb-s2": 0xbc,
	"crc-8/gsm-a": 0x37, "crc-8/i-432-1": 0xa1, "crc-8/i-code": 0x7e, "crc-8/lte": 0xea, "crc-8/maxim-dow": 0xa1, "crc-8/nrsc-5": 0xf7,
	"crc-8/opensafety": 0x3e, "crc-8/rohc": 0xd0, "crc-8/sae-j1850": 0x4b, "crc-8/tech-3250": 0x97, "crc-8/wcdma": 0x25,
	"crc-12/umts": 0xdaf, "crc-14/darc": 0x082d, "crc-15/can": 0x059e,
	"crc-16/arc": 0xbb3d, "crc-16/cdma2000": 0x4c06, "crc-16/cms": 0xaee7, "crc-16/dds-110": 0x9ecf, "crc-16/dect-r": 0x007e, "crc-16/dect-x": 0x007f,
	"crc-16/dnp": 0xea82, "crc-16/en-13757": 0xc2b7, "crc-16/genibus": 0xd64e, "crc-16/gsm": 0xce3c, "crc-16/ibm-3740": 0x29b1,
	"crc-16/ibm-sdlc": 0x906e, "crc-16/iso-iec-14443-3-a": 0xbf05, "crc-16/kermit": 0x2189, "crc-16/lj1200": 0xbdf4, "crc-16/maxim-dow": 0x44c2,
	"crc-16/mcrf4xx": 0x6f91, "crc-16/modbus": 0x4b37, "crc-16/nrsc-5": 0xa066, "crc-16/opensafety-a": 0x5d38, "crc-16/opensafety-b": 0x20fe,
	"crc-16/profibus": 0xa819, "crc-16/riello": 0x63d0, "crc-16/spi-fujitsu": 0xe5cc, "crc-16/t10-dif": 0xd0db, "crc-16/teledisk": 0x0fb3,
	"crc-16/tms37157": 0x26b1, "crc-16/umts": 0xfee8, "crc-16/usb": 0xb4c8, "crc-16/xmodem": 0x31c3,
	"crc-24/openpgp": 0x21cf02, "crc-24/ble": 0xc25a56, "crc-24/flexray-a": 0x7979bd, "crc-24/flexray-b": 0x1f23b8,
	"crc-24/interlaken": 0xb4f3e6, "crc-24/lte-a": 0xcde703, "crc-24/lte-b": 0x23ef52, "crc-24/os-9": 0x200fa5,
	"crc-32/iso-hdlc": 0xcbf43926, "crc-32/aixm": 0x3010bf7f, "crc-32/autosar": 0x1697d06a, "crc-32/base91-d": 0x87315576, "crc-32/bzip2": 0xfc891918,
	"crc-32/cd-rom-edc": 0x6ec2edc4, "crc-32/cksum": 0x765e7680, "crc-32/iscsi": 0xe3069283, "crc-32/jamcrc": 0x340bc6d9, "crc-32/mef": 0xd2c22f51,
	"crc-32/mpeg-2": 0x0376e6e7, "crc-32/xfer": 0xbd0be338,
	"crc-64/ecma-182": 0x6c40df5f0b497347, "crc-64/go-iso": 0xb90956c775a41001, "crc-64/redis": 0xe9c6d914c4b8d9ca, "crc-64/we": 0x62ec59e3f1a4f00a,
	"crc-64/xz": 0x995dc9bbdf1939fa,
}

// TestCatalogue compares every name with the value that the catalogue states.
func TestCatalogue(t *testing.T) {
	assert.Len(t, Names(), len(checks))
	for _, name := range Names() {
		a := find(t, name)
		assert.Equal(t, name, a.Name())
		assert.Equal(t, fmt.Sprintf("%x", checks[name]), fmt.Sprintf("%x", of(a, []byte("123456789"))), name)
	}
}

// TestAliases takes the names that people use.
func TestAliases(t *testing.T) {
	for alias, name := range map[string]string{
		"CRC-16/CCITT-FALSE": "crc-16/ibm-3740", "CRC-16/X-25": "crc-16/ibm-sdlc", "CRC-16/ARC": "crc-16/arc", "CRC-16": "crc-16/arc",
		"CRC-8": "crc-8/smbus", "CRC-8/MAXIM": "crc-8/maxim-dow", "CRC-32": "crc-32/iso-hdlc", "CRC-32C": "crc-32/iscsi", "BCC": "xor", "Sum-8": "sum",
	} {
		assert.Equal(t, name, find(t, alias).Name())
	}
	for _, wrong := range []string{"", "crc", "crc-16/none", "crc()", "crc(16,8005)", "crc(0,1,0,0,0,0)", "crc(65,1,0,0,0,0)", "crc(8,107,0,0,0,0)",
		"crc(8,7,0,2,0,0)", "crc(8,7,0,0,0,0", "crc(8,0,0,0,0,0)", "crc(8,x,0,0,0,0)", "crc(8,7,100,0,0,0)"} {
		_, ok := Find(wrong)
		assert.False(t, ok, wrong)
	}
}

// TestByParameters makes each CRC of the catalogue from its parameters, whose text gives it
// again.
func TestByParameters(t *testing.T) {
	for _, c := range crcs {
		p := Params{c.width, c.poly, c.init, c.refIn, c.refOut, c.xorOut}
		a, ok := CRC(p)
		require.True(t, ok)
		assert.Equal(t, p.String(), a.Name())
		again := find(t, a.Name())
		assert.Equal(t, a.Name(), again.Name())
		assert.Equal(t, c.width, a.Bits())
		assert.Equal(t, (c.width+7)/8, a.Size())
		name := find(t, firstName(c.names))
		assert.Equal(t, of(name, []byte("123456789")), of(again, []byte("123456789")), name.Name())
		assert.Equal(t, name.LowFirst(), again.LowFirst())
		assert.Equal(t, c.refOut, name.LowFirst())
	}
}

func firstName(names string) string {
	var name string
	_, _ = fmt.Sscan(names, &name)
	return name
}

// TestKnownMessages are sentences and frames of devices, from their descriptions.
func TestKnownMessages(t *testing.T) {
	// NMEA 0183: XOR of what stands between $ and *.
	assert.Equal(t, uint64(0x47), of(find(t, "xor"), []byte("GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,")))
	// ASTM E1381: sum modulo 256 of all behind STX up to and with ETX.
	assert.Equal(t, uint64(0x06), of(find(t, "sum"), []byte("3L|1|N\r\x03")))
	// Modbus ASCII: of ":010300000001" the LRC is FB.
	assert.Equal(t, uint64(0xFB), of(find(t, "lrc"), []byte{0x01, 0x03, 0x00, 0x00, 0x00, 0x01}))
	assert.Equal(t, uint64(0xc8f0), of(find(t, "fletcher-16"), []byte("abcde")))
	assert.Equal(t, uint64(0xf04fc729), of(find(t, "fletcher-32"), []byte("abcde")))
	assert.Equal(t, uint64(0x56502d2a), of(find(t, "fletcher-32"), []byte("abcdef")))
}

// TestInPieces cuts random bytes anywhere, and compares with the standard library where it has
// the same.
func TestInPieces(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, name := range Names() {
		a := find(t, name)
		for range 50 {
			p := make([]byte, r.IntN(40))
			for i := range p {
				p[i] = byte(r.Uint32())
			}
			cut := r.IntN(len(p) + 1)
			s := a.New()
			s.Update(p[:cut])
			s.Sum()
			s.Update(p[cut:])
			require.Equal(t, of(a, p), s.Sum(), name)
			switch name {
			case "crc-32/iso-hdlc":
				require.Equal(t, uint64(crc32.ChecksumIEEE(p)), s.Sum())
			case "adler-32":
				require.Equal(t, uint64(adler32.Checksum(p)), s.Sum())
			}
		}
	}
}

func TestNothingIsAllocated(t *testing.T) {
	p := []byte("123456789")
	for _, name := range Names() {
		a := find(t, name)
		of(a, p)
		assert.Zero(t, testing.AllocsPerRun(10, func() { of(a, p) }), name)
	}
}
