package frame

import (
	"math"
	"strconv"

	"wdsocket/core/fault"
)

// maxDigits is the longest length prefix of the size mode. Ten digits fit into
// an int64, so that reading them needs no check for overflow.
const maxDigits = 10

// sizeFramer is the size mode: length in ASCII decimal, CR LF, message.
type sizeFramer struct {
	announced
	limit int
}

func (f *sizeFramer) Decode(p []byte, _ int) (Frame, error) {
	size, prefix, ok := readSize(p)
	if !ok {
		return bad(0), failure(fault.Frame, noteSizePrefix, Shown(p))
	}
	if size < 0 {
		return incomplete(-1, prefix, 0), nil
	}
	if size > int64(f.limit) || size > int64(math.MaxInt-prefix) {
		return bad(0), announcedTooLong(p[:prefix], size, f.limit, maxMessage)
	}
	n := int(size)
	if len(p)-prefix < n {
		return incomplete(n, prefix+n, 0), nil
	}
	return Frame{Start: prefix, Len: n, Size: n, Total: prefix + n}, nil
}

// readSize reads the prefix of the size mode. It gives the size and the length
// of the prefix; or size -1 and the length the prefix has at least, if it is
// not whole; or false at the first byte that does not belong there.
func readSize(p []byte) (size int64, prefix int, ok bool) {
	digits := 0
	for digits < len(p) && p[digits] >= '0' && p[digits] <= '9' {
		if digits == maxDigits {
			return 0, 0, false
		}
		size = size*10 + int64(p[digits]-'0')
		digits++
	}
	end := p[digits:]
	switch {
	case len(end) == 0:
		return -1, max(digits, 1) + 2, true
	case digits == 0 || end[0] != '\r':
		return 0, 0, false
	case len(end) == 1:
		return -1, digits + 2, true
	case end[1] != '\n':
		return 0, 0, false
	}
	return size, digits + 2, true
}

// TakeMany takes many messages at a time.
func (f *sizeFramer) TakeMany(dst []byte, lengths []int32, p []byte) (count, used, taken int) {
	for count < len(lengths) {
		rest := p[taken:]
		prefix, size := f.next(rest)
		if prefix == 0 || size > len(dst)-used {
			break
		}
		copy(dst[used:], rest[prefix:prefix+size])
		lengths[count] = int32(size)
		count++
		used += size
		taken += prefix + size
	}
	return count, used, taken
}

// Locate tells where many messages stand.
func (f *sizeFramer) Locate(places []Place, p []byte) (count, taken int) {
	for count < len(places) {
		prefix, size := f.next(p[taken:])
		if prefix == 0 {
			break
		}
		places[count] = Place{Start: int32(taken + prefix), Length: int32(size), Total: int32(prefix + size)}
		count++
		taken += prefix + size
	}
	return count, taken
}

// next finds a whole message at the front of p: how long its prefix is, and how long it is.
// Prefix 0: there is none.
func (f *sizeFramer) next(p []byte) (prefix, size int) {
	n, at := int64(0), 0
	for at < len(p) && at < maxDigits {
		digit := p[at] - '0'
		if digit > 9 {
			break
		}
		n = n*10 + int64(digit)
		at++
	}
	if at == 0 || len(p) < at+2 || p[at] != '\r' || p[at+1] != '\n' || n > int64(f.limit) || n > int64(len(p)-at-2) {
		return 0, 0
	}
	return at + 2, int(n)
}

func (f *sizeFramer) Encode(scratch, m []byte) (head, body, tail, newScratch []byte, err error) {
	if err := checkLimit(len(m), f.limit); err != nil {
		return nil, nil, nil, scratch, err
	}
	scratch = strconv.AppendInt(scratch[:0], int64(len(m)), 10)
	scratch = append(scratch, '\r', '\n')
	return scratch, m, nil, scratch, nil
}

// put is Encode into b; 0: it does not fit, or Encode fails.
func (f *sizeFramer) put(b, m []byte) int {
	const longest = maxDigits + 2
	if len(m) > len(b)-longest || checkLimit(len(m), f.limit) != nil {
		return 0
	}
	n := len(strconv.AppendInt(b[:0], int64(len(m)), 10))
	n += copy(b[n:], "\r\n")
	return n + copy(b[n:], m)
}
