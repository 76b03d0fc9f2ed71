package frame

import (
	"bytes"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// takeOneByOne is what TakeMany has to give.
func takeOneByOne(f Framer, dst []byte, lengths []int32, p []byte) (count, used, taken int) {
	for count < len(lengths) {
		found, err := f.Decode(p[taken:], 0)
		if err != nil || found.Total == 0 || found.Size > len(dst)-used {
			break
		}
		used += f.Extract(dst[used:], p[taken:], found)
		lengths[count] = int32(found.Size)
		taken += found.Total
		count++
	}
	return count, used, taken
}

// checkBulk compares both ways on the same bytes.
func checkBulk(t *testing.T, f Framer, p []byte, room, most int) {
	t.Helper()
	bulk := BulkOf(f)
	require.NotNil(t, bulk)
	compareBulk(t, bulk, f, p, room, most)
}

func compareBulk(t *testing.T, bulk Bulk, f Framer, p []byte, room, most int) {
	t.Helper()
	dst, want := make([]byte, room), make([]byte, room)
	lengths, wanted := make([]int32, most), make([]int32, most)
	count, used, taken := bulk.TakeMany(dst, lengths, p)
	wantCount, wantUsed, wantTaken := takeOneByOne(f, want, wanted, p)
	assert.Equal(t, [3]int{wantCount, wantUsed, wantTaken}, [3]int{count, used, taken}, "%q, room %d, %d messages", p, room, most)
	assert.Equal(t, want, dst, "%q", p)
	assert.Equal(t, wanted, lengths, "%q", p)
	places := make([]Place, most)
	count, taken = bulk.Locate(places, p)
	at := 0
	for i, place := range places[:count] {
		found, err := f.Decode(p[at:], 0)
		require.NoError(t, err)
		require.Equal(t, Place{int32(at + found.Start), int32(found.Size), int32(found.Total)}, place, "%q, message %d", p, i)
		at += found.Total
	}
	require.Equal(t, at, taken, "%q", p)
	if found, err := f.Decode(p[at:], 0); count < most {
		require.True(t, err != nil || found.Total == 0, "%q: one is left", p)
	}
}

func sizeOf(t *testing.T, limit int) Framer {
	p := Defaults()
	p.Mode, p.Limit = Size, limit
	f, err := New(p)
	require.NoError(t, err)
	return f
}

func TestManyAtATimeAreTheSameAsOneByOne(t *testing.T) {
	f := sizeOf(t, 1000)
	for _, text := range []string{
		"", "3", "3\r", "3\r\n", "3\r\nab", "3\r\nabc", "0\r\n0\r\n1\r\nx", "3\r\nabc5\r\nhello", "3\r\nabc5\r\nhell",
		"x", "3\r\nabcx", "-1\r\n", "1001\r\n", "3\nabc", "3\rxabc", "00000000003\r\nabc", "0000000003\r\nabc", "99999999999\r\n",
		"9999999999\r\n", "2147483648\r\n", "\r\nabc",
	} {
		for _, room := range []int{0, 2, 3, 4, 8, 100} {
			for most := range 4 {
				checkBulk(t, f, []byte(text), room, most)
			}
		}
	}
}

func TestManyAtATimeWithRandomBytes(t *testing.T) {
	f := sizeOf(t, 300)
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var p bytes.Buffer
		for range random.IntN(8) {
			size := random.IntN(310)
			p.WriteString(strconv.Itoa(size) + "\r\n")
			if random.IntN(20) == 0 {
				size += random.IntN(3) // a length that is not right
			}
			p.Write(bytes.Repeat([]byte{byte(random.IntN(256))}, size))
		}
		checkBulk(t, f, p.Bytes(), random.IntN(1500), random.IntN(9))
	}
}

func TestPutIsTheSameAsEncode(t *testing.T) {
	const limit, room = 1000, 512
	records := func(text bool) Framer {
		return framerWith(t, func(p *Params) { p.Records, p.RecordsText, p.Limit = true, text, limit })
	}
	for _, f := range []Framer{sizeOf(t, limit), records(false), records(true)} {
		for size := range 600 {
			m := bytes.Repeat([]byte{byte(size % 128)}, size)
			b := make([]byte, room)
			if n := Put(f, b, m); n > 0 {
				require.Equal(t, encode(t, f, m), b[:n])
				require.Equal(t, make([]byte, room-n), b[n:], "nothing behind it")
			} else {
				require.Greater(t, size+len("600\r\n"), room-10, "it would fit")
			}
		}
		assert.Zero(t, Put(f, make([]byte, 2*limit), make([]byte, limit+1)), "too long for the mode")
		assert.Zero(t, Put(f, nil, nil))
	}
	assert.Zero(t, Put(records(true), make([]byte, room), []byte("\xff")), "no text")
	assert.Zero(t, Put(framerWith(t, func(p *Params) { p.Mode = EndTag }), make([]byte, room), []byte("x")), "Encode has to do it")
}
