package frame

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

// fuzzStreamLimit keeps a stream short enough to be read byte by byte.
const fuzzStreamLimit = 512

// fuzzMode is what every target checks: data as a stream gives the same however
// it is cut, and data as a message comes back as it was written.
func fuzzMode(t *testing.T, p Params, data []byte, cut uint16) {
	if len(data) > fuzzStreamLimit {
		return
	}
	f, err := New(p)
	if err != nil {
		require.ErrorIs(t, err, fault.Argument)
		return
	}
	if len(data) > 0 {
		sameInPieces(t, f, data, int(cut)%len(data))
	}
	wire := tryEncode(t, p, f, data)
	if wire == nil {
		return
	}
	stream := append(bytes.Clone(wire), wire...)
	got := sameInPieces(t, f, stream, int(cut)%len(stream))
	want := asRead(p, data, wire)
	require.Len(t, got.events, 2)
	require.True(t, bytes.Equal(want, got.messages[0]) && bytes.Equal(want, got.messages[1]))
	require.Empty(t, got.buffer)
}

func FuzzDecodeSize(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte, limit, cut uint16) {
		p := Defaults()
		p.Limit = int(limit)
		fuzzMode(t, p, data, cut)
	})
}

func FuzzDecodeEndTag(f *testing.F) {
	f.Fuzz(func(t *testing.T, data, tag []byte, limit, cut uint16) {
		p := Defaults()
		p.Mode, p.Tag, p.Limit = EndTag, tag, int(limit)
		fuzzMode(t, p, data, cut)
	})
}

func FuzzDecodeLength(f *testing.F) {
	f.Fuzz(func(t *testing.T, data, header []byte, offset, width uint8, adjustment int32, flags uint8, limit, cut uint16) {
		p := Defaults()
		p.Mode, p.Header, p.Offset, p.Width = Length, header, int(offset), int(width)
		p.Adjustment, p.Limit = int(adjustment), int(limit)
		p.LittleEndian, p.KeepHeader, p.CheckField = flags&1 != 0, flags&2 != 0, flags&8 != 0
		if flags&4 != 0 {
			p, _ = Preset(p, "modbus-tcp")
		}
		fuzzMode(t, p, data, cut)
	})
}

func FuzzDecodeFixed(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte, length, cut uint16) {
		p := Defaults()
		p.Mode, p.Length = Fixed, int(length)
		fuzzMode(t, p, data, cut)
	})
}

func FuzzDecodeMarkers(f *testing.F) {
	const anew = 0x80 // of check: a start marker begins a message anew
	f.Fuzz(func(t *testing.T, data, start, end, escape []byte, check, span uint8, limit, cut uint16) {
		p := Defaults()
		p.Mode, p.Start, p.End, p.Escape = Markers, start, end, escape
		p.Check, p.CheckSpan, p.Limit, p.Restart = Check(check&^anew), int(span), int(limit), check&anew != 0
		fuzzMode(t, p, data, cut)
	})
}

// FuzzDecodeGap and FuzzDecodeRaw have no cuts: what there is is the message.
func FuzzDecodeGap(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte, limit, ms uint16) {
		p := Defaults()
		p.Mode, p.Limit, p.Gap = Gap, int(limit), time.Duration(ms)*time.Millisecond
		fuzzPlain(t, p, data)
	})
}

func FuzzDecodeRaw(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte, limit uint16) {
		p := Defaults()
		p.Mode, p.Limit = Raw, int(limit)
		fuzzPlain(t, p, data)
	})
}

func fuzzPlain(t *testing.T, p Params, data []byte) {
	f, err := New(p)
	if err != nil {
		require.ErrorIs(t, err, fault.Argument)
		return
	}
	fr, err := f.Decode(data, 0)
	checkFrame(t, data, fr, err)
	_, body, _, _, encodeErr := f.Encode(nil, data)
	require.Equal(t, len(data) > p.Limit, encodeErr != nil)
	require.Equal(t, p.Mode == Gap && encodeErr != nil, err != nil)
	if err == nil && len(data) > 0 {
		require.Equal(t, len(data), fr.Total)
	}
	require.True(t, encodeErr != nil || bytes.Equal(data, body))
}
