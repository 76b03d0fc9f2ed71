package frame

import (
	"strconv"
	"time"

	"wdsocket/core/fault"
)

// plain is what Raw and Gap have in common: all bytes there are, unchanged.
type plain struct{ limit int }

func (plain) Contiguous() bool { return false }
func (plain) Resync() Resync   { return ResyncAnywhere }

func (plain) Extract(dst, p []byte, f Frame) int { return copy(dst, p[f.Start:f.Start+f.Len]) }

func (f plain) Encode(scratch, m []byte) (head, body, tail, newScratch []byte, err error) {
	if err := checkLimit(len(m), f.limit); err != nil {
		return nil, nil, nil, scratch, err
	}
	return nil, m, nil, scratch, nil
}

// everything takes all of p.
func everything(p []byte) Frame {
	if len(p) == 0 {
		return incomplete(-1, 1, 0)
	}
	return Frame{Len: len(p), Size: len(p), Total: len(p)}
}

// rawFramer is the mode without messages. The limit does not apply to reading:
// the reader says how much it takes.
type rawFramer struct{ plain }

func (rawFramer) Gap() time.Duration                    { return 0 }
func (rawFramer) Stream() bool                          { return true }
func (rawFramer) Decode(p []byte, _ int) (Frame, error) { return everything(p), nil }

// gapFramer is the mode whose messages end by silence.
type gapFramer struct {
	plain
	gap time.Duration
}

func (f gapFramer) Gap() time.Duration { return f.gap }
func (gapFramer) Stream() bool         { return false }

func (f gapFramer) Decode(p []byte, _ int) (Frame, error) {
	if len(p) > f.limit {
		return bad(0), endlessError(f, p, f.limit)
	}
	return everything(p), nil
}

// fixedFramer is the mode in which every message has the same length.
type fixedFramer struct {
	announced
	length int
}

func (f fixedFramer) Decode(p []byte, _ int) (Frame, error) {
	if len(p) < f.length {
		return incomplete(f.length, f.length, 0), nil
	}
	return Frame{Len: f.length, Size: f.length, Total: f.length}, nil
}

func (f fixedFramer) Encode(scratch, m []byte) (head, body, tail, newScratch []byte, err error) {
	if len(m) != f.length {
		err := failure(fault.Frame, noteFixedLength, strconv.Itoa(len(m)), strconv.Itoa(f.length))
		return nil, nil, nil, scratch, err
	}
	return nil, m, nil, scratch, nil
}
