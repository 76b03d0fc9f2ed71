package frame

import (
	"bytes"
	"math/bits"
	"strconv"

	"wdsocket/core/fault"
)

// redisFramer is that of RESP, the protocol of Redis, versions 2 and 3, both ways: a message is
// one value with all that is in it, as it stands on the wire, or a command as a line of text.
//
// How deep arrays are nested makes no difference: what has to be known is how many values are
// still to come. Values that are told but cannot be within the limit are an error at once.
type redisFramer struct {
	announced
	limit int
}

func newRedis(limit int) Framer { return &redisFramer{limit: limit} }

func (*redisFramer) String() string { return presetText("redis") }

// shortestRESP is how many bytes a value has at least: a type, CR LF.
const shortestRESP = 3

// respState is how far a message was understood.
type respState struct {
	pos     int  // where the next value begins
	pending int  // values to come, with that one
	line    bool // pos is inside that one, which is a line: CR LF is looked for from there on
}

// What respState takes as one number: where an int has 32 bits, it is of short messages only,
// and of others each value is passed again when more bytes come.
const (
	respPosBits     = bits.UintSize / 2
	respPendingBits = bits.UintSize - 2 - respPosBits
)

// packed is the state as one number, 0 where it is too much.
func (s *respState) packed() int {
	if s.pos>>respPosBits != 0 || s.pending>>respPendingBits != 0 {
		return 0
	}
	n := s.pos<<respPendingBits | s.pending
	if s.line {
		return n<<1 | 1
	}
	return n << 1
}

// respStateOf is the state that a number is, that of the beginning for 0.
func respStateOf(packed int) respState {
	if packed <= 0 {
		return respState{pending: 1}
	}
	n := packed >> 1
	return respState{pos: n >> respPendingBits, pending: n & (1<<respPendingBits - 1), line: packed&1 != 0}
}

func (f *redisFramer) Decode(p []byte, scanned int) (Frame, error) {
	s := respStateOf(scanned)
	for s.pending > 0 {
		if need, whole, err := f.value(p, &s); err != nil {
			return bad(0), err
		} else if need > 0 {
			fr := incomplete(-1, need, s.packed())
			if whole {
				fr.Size = need
			}
			return fr, nil
		}
	}
	return Frame{Len: s.pos, Size: s.pos, Total: s.pos}, nil
}

// value passes the next value. need above 0: so many bytes are needed in all, whole: and they
// are all there are of the message.
func (f *redisFramer) value(p []byte, s *respState) (need int, whole bool, err error) {
	at := s.pos
	switch {
	case s.line:
		return f.lineEnd(p, s)
	case at == 0 && len(p) == 0:
		return 2, false, nil // a letter and LF
	case at == len(p):
		return at + shortestRESP*s.pending, false, nil
	}
	switch p[at] {
	case '+', '-', ':', '_', ',', '#', '(':
		s.pos, s.line = at+1, true
		return f.lineEnd(p, s)
	case '$', '!', '=':
		return f.blob(p, s)
	case '*', '~', '>':
		return f.aggregate(p, s, 1, 0)
	case '%':
		return f.aggregate(p, s, 2, 0)
	case '|': // stands in front of a value
		return f.aggregate(p, s, 2, 1)
	}
	if at > 0 || !isLetter(p[at]) {
		return 0, false, failure(fault.Frame, noteRedis, Shown(p[at:]))
	}
	s.pos, s.line = 1, true
	return f.lineEnd(p, s)
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// fits tells whether a value that ends at end, and the shortest ones that are still to come,
// are within the limit. The error is that they are not.
func (f *redisFramer) fits(p []byte, s *respState, end int64) error {
	if size := end + shortestRESP*int64(s.pending-1); size > int64(f.limit) {
		return announcedTooLong(p[:min(s.pos, len(p))], size, f.limit, maxMessage)
	}
	return nil
}

// lineEnd passes a line, of which all up to s.pos was looked at.
func (f *redisFramer) lineEnd(p []byte, s *respState) (need int, whole bool, err error) {
	typed := !isLetter(p[0])
	n := bytes.IndexByte(p[s.pos:], '\n')
	if n < 0 {
		end := len(p) + 2
		if typed && p[len(p)-1] == '\r' && s.pos < len(p) || !typed {
			end = len(p) + 1
		}
		if err := f.fits(p, s, int64(end)); err != nil {
			return 0, false, err
		}
		if s.pos < len(p) {
			s.pos = len(p)
			if p[len(p)-1] == '\r' {
				s.pos--
			}
		}
		return end + shortestRESP*(s.pending-1), false, nil
	}
	end, lone := s.pos+n, typed && (n == 0 || p[s.pos+n-1] != '\r')
	least := end + 1
	if lone { // what it would have to be
		least++
	}
	if err := f.fits(p, s, int64(least)); err != nil {
		return 0, false, err
	}
	if lone {
		return 0, false, failure(fault.Frame, noteRedis, Shown(p[end:]))
	}
	s.pos, s.line = end+1, false
	s.pending--
	return 0, false, nil
}

// blob passes a value whose length is told.
func (f *redisFramer) blob(p []byte, s *respState) (need int, whole bool, err error) {
	length, begin, need, err := f.number(p, s, p[s.pos] == '$')
	if need > 0 || err != nil {
		return need, false, err
	}
	end := int64(begin)
	if length >= 0 {
		end += length + 2
	}
	if err := f.fits(p, s, end); err != nil {
		return 0, false, err
	}
	if end > int64(len(p)) {
		return int(end) + shortestRESP*(s.pending-1), s.pending == 1, nil
	}
	if length >= 0 && (p[end-2] != '\r' || p[end-1] != '\n') {
		return 0, false, failure(fault.Frame, noteRedis, Shown(p[end-2:]))
	}
	s.pos = int(end)
	s.pending--
	return 0, false, nil
}

// aggregate passes the beginning of a value with others in it, times so many as it tells; with
// those that follow it besides.
func (f *redisFramer) aggregate(p []byte, s *respState, times int64, besides int) (need int, whole bool, err error) {
	count, begin, need, err := f.number(p, s, p[s.pos] == '*')
	if need > 0 || err != nil {
		return need, false, err
	}
	count = max(count, 0) * times
	if err := f.fits(p, s, int64(begin)+shortestRESP*(count+int64(besides))); err != nil {
		return 0, false, err
	}
	s.pos = begin
	s.pending += int(count) + besides - 1
	return 0, false, nil
}

// number reads the number behind a type, and tells where what is behind it begins. mayBeNull: it
// may be -1.
func (f *redisFramer) number(p []byte, s *respState, mayBeNull bool) (value int64, begin, need int, err error) {
	const most = 18 // digits
	first := s.pos + 1
	for i := first; ; i++ {
		least := int64(i + 2)
		switch {
		case i > first && i <= len(p) && p[i-1] == '\r':
			least--
		case i == first || p[i-1] == '-':
			least++
		}
		if err := f.fits(p, s, least); err != nil {
			return 0, 0, 0, err
		}
		if i == len(p) {
			return 0, 0, int(least) + shortestRESP*(s.pending-1), nil
		}
		switch b := p[i]; {
		case b >= '0' && b <= '9' && p[first] != '-' && p[i-1] != '\r' && i-first < most:
			value = value*10 + int64(b-'0')
		case b == '-' && i == first && mayBeNull:
		case b == '1' && i == first+1 && p[first] == '-':
		case b == '\r' && i > first && p[i-1] != '-' && p[i-1] != '\r':
		case b == '\n' && p[i-1] == '\r':
			if p[first] == '-' {
				value = -1
			}
			return min(value, 1<<50), i + 1, 0, nil // twice which is no overflow
		default:
			return 0, 0, 0, failure(fault.Frame, noteRedis, Shown(p[i:]))
		}
	}
}

func (f *redisFramer) Encode(scratch, m []byte) (head, body, tail, newScratch []byte, err error) {
	if err := checkLimit(len(m), f.limit); err != nil {
		return nil, nil, nil, scratch, err
	}
	fr, err := f.Decode(m, 0)
	if err == nil && (len(m) == 0 || fr.Total != len(m)) {
		err = failure(fault.Frame, noteRedisWhole, strconv.Itoa(len(m)), strconv.Itoa(max(fr.Total, fr.Need)))
	}
	if err != nil {
		return nil, nil, nil, scratch, err
	}
	return nil, m, nil, scratch, nil
}
