package frame

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/frame/description"
)

// shortDescriptions have the short way.
var shortDescriptions = []string{
	"len:u24le+1 data", "len:u8 data", "len:u16be data", "len:u32le data", "len:u64be data", "len:u64le data", "len:u40be data",
	"hdr:4 len:u16be data ; keep", "hdr:6 len:u16be-8 data ; keep", "0300 len:u16be-4 data", "0610 hdr:2 len:u16be-6 data ; keep",
	"len:u32be&00FFFFFF>>4 data", "len:u16le&0FFF data ; keep", "hdr:3 len:u16le hdr:1 data", "len:u24le hdr:1 data", "l=len:u16be=l..d d=data",
	"len:u8=d d=data ; max=20", "len:u16be data ; max=3 keep", "hdr:1000 len:u8 data ; max=100 keep",
}

// longWay is the framer without its short way.
func longWay(f Framer) *described {
	d := f.(*described)
	read := *d.read
	read.short = nil
	return &described{read: &read, write: d.write, text: d.text}
}

// shortStreams are messages one behind the other, whole and cut, and bytes of all kinds.
func shortStreams(t *testing.T, f Framer, r *rand.Rand) (streams [][]byte) {
	t.Helper()
	for range 40 {
		var p []byte
		for range r.IntN(6) {
			m := make([]byte, r.IntN(40)+r.IntN(2)*16)
			for i := range m {
				m[i] = byte(r.IntN(4))
			}
			if head, body, tail, _, err := f.Encode(nil, m); err == nil {
				p = append(append(append(p, head...), body...), tail...)
			}
		}
		streams = append(streams, p, p[:r.IntN(len(p)+1)])
		random := make([]byte, r.IntN(30))
		for i := range random {
			random[i] = byte(r.IntN(256) >> (8 * r.IntN(2)))
		}
		streams = append(streams, random, append(p, random...))
	}
	return streams
}

// TestTheShortWayIsTheLongWay compares both, on the preset of every protocol that has it too.
func TestTheShortWayIsTheLongWay(t *testing.T) {
	texts := shortDescriptions
	for _, p := range description.Protocols() {
		texts = append(texts, p.Text)
	}
	r := rand.New(rand.NewPCG(16, 1))
	has := 0
	for i, text := range texts {
		f := framerFor(t, text)
		if f.read.short == nil {
			assert.Nil(t, BulkOf(f), text)
			assert.False(t, i < len(shortDescriptions), text)
			continue
		}
		has++
		bulk, long := BulkOf(f), longWay(f)
		for _, p := range shortStreams(t, f, r) {
			got, err := f.Decode(p, 0)
			want, wantErr := long.Decode(p, 0)
			require.Equal(t, want, got, "%s: %x", text, p)
			require.Equal(t, wantErr, err, "%s: %x", text, p)
			compareBulk(t, bulk, long, p, r.IntN(len(p)+2), r.IntN(8))
		}
	}
	assert.Greater(t, has, len(shortDescriptions)+15, "protocols that have it")
}

// TestOnlyWhatIsSimpleGoesTheShortWay: the others have something to be looked at.
func TestOnlyWhatIsSimpleGoesTheShortWay(t *testing.T) {
	for _, text := range []string{
		"len:u16be data ; control=06", "len:u16be data ; ignore=00", "02 len:u16be data ; noise", "(02|03) len:u8 data", "len:u8 02 data", "len:u16be data 03",
		"len:u8=d d=data xor(d)", "len:varint data", "len:dec4 data", "data:8", "len:u8=d hdr:1 len:u8=d d=data", "data 03",
	} {
		assert.Nil(t, BulkOf(framerFor(t, text)), text)
	}
}

// TestFollowersAreThoseThatNeedIt: all others need not look at what is between messages.
func TestFollowersAreThoseThatNeedIt(t *testing.T) {
	for text, follows := range map[string]bool{
		"len:u24le+1 data": false, "data 0D": false, "02 data 03 ; control=06": false, "data (0D0A|0D)": true, "data 0D ; ignore=0A": true, "02 data 03 ; noise": true,
		"slip": true, "postgres": false,
	} {
		p, err := Describe(Defaults(), text)
		require.NoError(t, err, text)
		f, err := New(p)
		require.NoError(t, err, text)
		assert.Equal(t, follows, FollowerOf(f) != nil, text)
	}
}

func BenchmarkManyShortMessages(b *testing.B) {
	for _, text := range []string{"len:u24le+1 data", "len:u24le+1 data ; control=FF", "len:dec~0D0A data", "data 0D0A"} {
		f := framerFor(b, text)
		var p []byte
		for len(p) < 64<<10 {
			head, body, tail, _, err := f.Encode(nil, []byte("\x0112345\x0cxxxxxxxxxxxx"))
			require.NoError(b, err)
			p = append(append(append(p, head...), body...), tail...)
		}
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for rest := p; b.Loop(); {
				fr, err := f.Decode(rest, 0)
				if err != nil || fr.Total == 0 {
					b.Fatal(err)
				}
				if rest = rest[fr.Total:]; len(rest) < 100 {
					rest = p
				}
			}
		})
		if bulk := BulkOf(f); bulk != nil {
			b.Run(text+", many", func(b *testing.B) {
				places := make([]Place, 256)
				b.ReportAllocs()
				for rest, left := p, 0; b.Loop(); left-- {
					if left == 0 {
						n, taken := bulk.Locate(places, rest)
						if left, rest = n, rest[taken:]; len(rest) < 100 {
							rest = p
						}
					}
				}
			})
		}
	}
}
