package frame

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

// records puts the framing of records in place of a mode.
func records(p *Params) { p.Records = true }

func textRecords(p *Params) { p.Records, p.RecordsText = true, true }

// record is one, as a layer makes it.
func record(flags byte, payload string) string {
	n := len(payload)
	return string([]byte{flags, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) + payload
}

func TestRecordsAreWrittenWhole(t *testing.T) {
	assert.Equal(t, record(0, "Hello"), string(encode(t, framerWith(t, records), []byte("Hello"))))
	assert.Equal(t, record(RecordText, "é"), string(encode(t, framerWith(t, textRecords), []byte("é"))))
	assert.Equal(t, record(0, ""), string(encode(t, framerWith(t, records), nil)))
	for _, m := range Modes() {
		f := framerWith(t, func(p *Params) { records(p); p.Mode = m })
		if m == Raw {
			assert.True(t, f.Stream(), "raw stays raw")
			continue
		}
		assert.Equal(t, record(0, "\x1a"), string(encode(t, f, []byte("\x1a"))), "mode %d", m)
		assert.True(t, f.Contiguous())
		assert.Equal(t, ResyncLength, f.Resync())
		assert.Empty(t, f.EndMark())
	}
}

func TestTextRecordsAreUTF8(t *testing.T) {
	_, _, _, _, err := framerWith(t, textRecords).Encode(nil, []byte("Caf\xe9 au lait"))
	e := framedError(t, err)
	assert.Equal(t, fault.Text, e.Code)
	assert.Contains(t, e.Text(fault.English), "E9 20 61 75 20 6C 61 69 74")
	assert.NotEmpty(t, encode(t, framerWith(t, records), []byte("Caf\xe9")))
}

func TestRecordsOverTheLimit(t *testing.T) {
	small := func(p *Params) { records(p); p.Limit = 4 }
	_, _, _, _, err := framerWith(t, small).Encode(nil, []byte("Hello"))
	assert.Equal(t, fault.TooLong, framedError(t, err).Code)
	for name, stream := range map[string]string{
		"in one":         record(0, "Hello"),
		"in parts":       record(RecordMore, "Hel") + record(0, "lo"),
		"the last":       record(RecordMore, "H") + record(0, "elloo"),
		"as many empty":  string(bytes.Repeat([]byte(record(RecordMore, "")), 20)),
		"more than ever": "\x00\xff\xff\xff\xff",
	} {
		t.Run(name, func(t *testing.T) {
			got := sameInPieces(t, framerWith(t, small), []byte(stream), 3)
			require.Len(t, got.events, 1)
			assert.True(t, got.dead)
			assert.Equal(t, "error -61", got.events[0])
		})
	}
	got := sameInPieces(t, framerWith(t, small), []byte(record(RecordMore, "He")+record(0, "ll")+record(0, "")), 9)
	assert.Equal(t, []string{"message 48656c6c", "message "}, got.events)
}

func TestRecordsTellTextFromBinary(t *testing.T) {
	f := framerWith(t, records)
	for stream, text := range map[string]bool{
		record(RecordText, "a"): true,
		record(0, "a"):          false,
		record(RecordText|RecordMore, "a") + record(RecordText, "b"): true,
		record(RecordMore, "a") + record(0, "b"):                     false,
	} {
		got, err := f.Decode([]byte(stream), 0)
		require.NoError(t, err)
		assert.Equal(t, text, got.Text, "%q", stream)
	}
}

// Parts are joined wherever the stream is cut, and no part is looked at twice before the
// message is whole.
func TestRecordsAreJoined(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var stream, want []byte
		for range 1 + r.IntN(6) {
			flags := byte(r.IntN(2))
			for parts := r.IntN(4); parts >= 0; parts-- {
				payload := fewBytes(r, 0, 20)
				more := byte(0)
				if parts > 0 {
					more = RecordMore
				}
				stream = append(stream, record(flags|more, string(payload))...)
				want = append(want, payload...)
			}
		}
		got := sameInPieces(t, framerWith(t, records), stream, r.IntN(len(stream)))
		require.Equal(t, string(want), string(bytes.Join(got.messages, nil)))
		require.Empty(t, got.buffer)
	}
	f := framerWith(t, records)
	parts := bytes.Repeat([]byte(record(RecordMore, "x")), 1000)
	got, err := f.Decode(parts, 0)
	require.NoError(t, err)
	assert.Equal(t, len(parts), got.Scanned)
	assert.Equal(t, len(parts)+RecordHeader, got.Need)
	assert.Equal(t, -1, got.Size)
}

// A message in one part may be received where it is wanted.
func TestARecordSaysItsSizeFirst(t *testing.T) {
	got, err := framerWith(t, records).Decode([]byte(record(0, "Hello World")[:RecordHeader]), 0)
	require.NoError(t, err)
	assert.Equal(t, Frame{Size: 11, Need: RecordHeader + 11}, got)
}

func FuzzDecodeRecords(f *testing.F) {
	f.Add([]byte(record(RecordMore, "Hel")+record(0, "lo")), uint16(100), uint16(7))
	f.Add([]byte(record(RecordText, "Hello")), uint16(5), uint16(1))
	f.Add([]byte("\x02\x00\x00\x00\x00\x02\x00\x00\x00\x00"), uint16(1), uint16(1))
	f.Fuzz(func(t *testing.T, data []byte, limit, cut uint16) {
		p := Defaults()
		p.Records, p.Limit = true, int(limit)
		fuzzMode(t, p, data, cut)
	})
}
