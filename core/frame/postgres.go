package frame

import (
	"encoding/binary"
	"slices"
	"strconv"

	"wdsocket/core/fault"
)

// postgresFramer is that of PostgreSQL's protocol, both ways: a type, and a length that
// counts itself; the first message of a client, which asks for the connection or for TLS, has
// no type. Its length is small, so that its first byte is 0, which is no type. Messages have
// type and length in front; writing puts the length right.
type postgresFramer struct {
	announced
	limit int
}

// What the first message has at least and at most: a length and a number, and as much as the
// server takes.
const (
	postgresFirstLeast = 8
	postgresFirstMost  = 10000
	postgresLength     = 4
)

func newPostgres(limit int) Framer { return &postgresFramer{limit: limit} }

func (*postgresFramer) String() string { return presetText("postgres") }

func (f *postgresFramer) Decode(p []byte, _ int) (Frame, error) {
	if len(p) <= postgresLength {
		return incomplete(-1, postgresLength+1, 0), nil
	}
	at, least, most := postgresField(p)
	length := int64(binary.BigEndian.Uint32(p[at:]))
	if length < least || length > most {
		return bad(0), failure(fault.Frame, notePostgres, Shown(p))
	}
	size := int64(at) + length
	if size > int64(f.limit) {
		return bad(0), announcedTooLong(p[:postgresLength+1], size, f.limit, maxMessage)
	}
	n := int(size)
	if n > len(p) {
		return incomplete(n, n, 0), nil
	}
	return Frame{Len: n, Size: n, Total: n}, nil
}

// postgresField tells where the length stands in a message, and what it may say.
func postgresField(p []byte) (at int, least, most int64) {
	if p[0] == 0 {
		return 0, postgresFirstLeast, postgresFirstMost
	}
	return 1, postgresLength, 1 << 31
}

func (f *postgresFramer) Encode(scratch, m []byte) (head, body, tail, newScratch []byte, err error) {
	if err := checkLimit(len(m), f.limit); err != nil {
		return nil, nil, nil, scratch, err
	}
	if len(m) <= postgresLength {
		return nil, nil, nil, scratch, failure(fault.Frame, noteShortHeader, strconv.Itoa(len(m)), strconv.Itoa(postgresLength+1))
	}
	at, least, most := postgresField(m)
	length := int64(len(m) - at)
	if length < least || length > most {
		return nil, nil, nil, scratch, failure(fault.Frame, notePostgres, Shown(m))
	}
	scratch = append(slices.Grow(scratch[:0], at+postgresLength), m[:at]...)
	scratch = binary.BigEndian.AppendUint32(scratch, uint32(length))
	return scratch, m[at+postgresLength:], nil, scratch, nil
}
