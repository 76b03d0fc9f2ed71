package frame

import (
	"strconv"

	"wdsocket/core/fault"
	"wdsocket/core/frame/checksum"
)

// summing computes check bytes over bytes, or over those that pairs of hexadecimal digits
// stand for, as Modbus ASCII does.
type summing struct {
	state checksum.State
	pairs bool
	half  bool // a pair has begun
	high  byte
	odd   bool // there was what is no digit
}

func (c *summing) update(p []byte) {
	if !c.pairs {
		c.state.Update(p)
		return
	}
	for i, b := range p {
		digit := digitOf(b)
		switch {
		case digit > 15:
			c.odd = true
		case !c.half:
			c.high, c.half = byte(digit), true
		default:
			one := [1]byte{c.high<<4 | byte(digit)}
			c.state.Update(one[:])
			c.half = false
		}
		if c.odd {
			c.state.Update(p[i : i+1])
		}
	}
}

// whole tells whether it was pairs of digits throughout, where it is to be.
func (c *summing) whole() bool { return !c.odd && !c.half }

// refusePairs is the error of a message that is no pairs of digits.
func (d *draft) refusePairs(c *summing) error {
	if c.whole() {
		return nil
	}
	return failure(fault.Frame, notePairs, Shown(d.m), strconv.Itoa(len(d.m)))
}
