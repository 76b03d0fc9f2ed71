package tlslayer

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
)

const headerSize = 5

// records is the conn under tls.Conn. It hands over at most one TLS record per
// Read, so that tls.Conn never holds bytes that belong to what follows TLS, and
// makes the transport's end an error.
//
// It reads into the memory of tls.Conn. Only what comes behind the end of the
// record that is wanted goes into memory of its own, taken from a pool and
// given back once it is read: a connection that waits holds none.
type records struct {
	base  layer.Base
	who   string
	trust *trust

	open   bool // the handshake is done
	server bool // this is its end
	begun  bool
	alert  byte             // an alert of the handshake that was not encrypted
	head   [headerSize]byte // of the record being handed over

	excess *[]byte // what came too early, nil if nothing
	at     int     // how much of it is handed over

	got  int // bytes of head that are known
	left int // bytes of its body still to hand over

	first   []byte // the first bytes, if they are no TLS
	inside  []byte // bytes further on that are no record of TLS
	answers answers
}

// excessPool has memory for what comes too early.
var excessPool = sync.Pool{New: func() any { return new([]byte) }}

// mostAtOnce bounds what can come too early: two full records.
const mostAtOnce = 2 * (16<<10 + 2048 + headerSize)

// Read hands over bytes up to the end of a record.
func (r *records) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if r.excess != nil {
		rest := (*r.excess)[r.at:]
		n := r.span(rest[:min(len(rest), len(p))])
		copy(p, rest[:n])
		r.drop(n)
		return n, nil
	}
	if err := r.answers.await(r.who); err != nil {
		return 0, err
	}
	n, err := r.base.Read(p[:min(len(p), r.worth())])
	if n == 0 {
		return 0, r.ended(err)
	}
	r.rememberFirst(p[:n])
	whole := r.span(p[:n])
	if whole < n {
		r.keep(p[whole:n])
	}
	return whole, nil
}

// Write passes on what tls.Conn writes, for the host or as an answer. An answer that
// cannot leave does not end the reading of what has come: tls.Conn would take the
// next record for damaged. Nor does what a server sends in the handshake, of which
// a ticket comes last: a client that is done may have sent all it had to say.
// Reading or the next write meets the end itself.
func (r *records) Write(p []byte) (int, error) {
	if !r.open {
		n, err := r.base.Write(p)
		if r.server && fault.CodeOf(err) == fault.Reset {
			return len(p), nil
		}
		return n, err
	}
	answer := r.answers.note(len(p))
	n, err := r.base.Write(p)
	if answer && err != nil {
		return len(p), nil
	}
	return n, err
}

// worth tells how many bytes to ask for. Of a large record it is what is left
// and the next header: more would only be moved aside and back.
func (r *records) worth() int {
	const large = 4 << 10
	if r.left >= large {
		return r.left + headerSize
	}
	return mostAtOnce
}

// ended makes an error of the transport's end that is not TLS's own.
func (r *records) ended(err error) error {
	var e *fault.Error
	switch {
	case err == nil:
		return io.ErrNoProgress
	case errors.As(err, &e) && e.Code != fault.PeerClosed:
		return e
	case e == nil && !errors.Is(err, io.EOF):
		return err
	case r.open:
		return fault.New(fault.TLSTruncated, fault.PhaseRead, r.who)
	case r.begun || r.server:
		return fault.New(fault.TLSHandshake, fault.PhaseTLS, r.who).With(noteEndedInside)
	default:
		return fault.New(fault.TLSHandshake, fault.PhaseTLS, r.who).With(noteEndedInside).Advise(hintNoTLSServer, "")
	}
}

// cutOff adds to the error of a server that has cut the connection off, without a word of
// TLS, what that may mean.
func (r *records) cutOff(e *fault.Error) error {
	if e.Code != fault.Reset || r.server || r.begun {
		return e
	}
	return e.Advised(hintNoTLSServer, "")
}

// withoutTLS says what may help against a peer that does not speak TLS.
func (r *records) withoutTLS() fault.Note {
	if r.server {
		return hintNoTLSClient
	}
	return hintNoTLSServer
}

// span tells how many bytes at the front of p belong to the present record.
func (r *records) span(p []byte) int {
	n := 0
	if r.left == 0 {
		n = copy(r.head[r.got:], p)
		r.got += n
		if r.got < headerSize {
			return n
		}
		r.got = 0
		r.left = int(binary.BigEndian.Uint16(r.head[3:]))
		if !isRecord(r.head) && r.inside == nil {
			r.inside = append(slices.Clone(r.head[:]), p[n:min(len(p), n+bytesShown-headerSize)]...)
		}
	}
	body := min(r.left, len(p)-n)
	r.left -= body
	n += body
	if !r.open && r.head[0] == typeAlert && r.left == 0 && binary.BigEndian.Uint16(r.head[3:]) == plainAlertSize && body > 0 {
		r.alert = p[n-1]
	}
	return n
}

func (r *records) keep(p []byte) {
	r.excess, r.at = excessPool.Get().(*[]byte), 0
	*r.excess = append((*r.excess)[:0], p...)
}

func (r *records) drop(n int) {
	if r.at += n; r.at == len(*r.excess) {
		excessPool.Put(r.excess)
		r.excess, r.at = nil, 0
	}
}

// Content types of TLS records: from change_cipher_spec to application_data.
const (
	typeLowest  = 20
	typeAlert   = 21
	typeHighest = 23
)

// plainAlertSize is the size of an alert that is not encrypted.
const plainAlertSize = 2

// bytesShown is how much is told of what is no TLS.
const bytesShown = 120

// isRecordType tells whether a record of TLS may begin with b.
func isRecordType(b byte) bool { return b >= typeLowest && b <= typeHighest }

// isRecord tells whether a header may be that of a TLS record.
func isRecord(head [headerSize]byte) bool {
	const major = 3 // of every version from SSL 3 to TLS 1.3
	return isRecordType(head[0]) && head[1] == major
}

// rememberFirst remembers the first bytes of a peer that does not speak TLS.
func (r *records) rememberFirst(p []byte) {
	if !r.begun && isRecordType(p[0]) || r.begun && len(r.first) == 0 {
		r.begun = true
		return
	}
	r.begun = true
	r.first = append(r.first, p[:min(len(p), bytesShown-len(r.first))]...)
}

// waiting tells how many bytes came too early.
func (r *records) waiting() []byte {
	if r.excess == nil {
		return nil
	}
	return (*r.excess)[r.at:]
}

// LocalAddr says nothing: crypto/tls does not ask.
func (r *records) LocalAddr() net.Addr { return address("") }

// RemoteAddr is what crypto/tls tells sessions apart by where no name is asked
// for.
func (r *records) RemoteAddr() net.Addr { return address(r.who) }

// address is a peer as errors name it.
type address string

func (address) Network() string  { return "tcp" }
func (a address) String() string { return string(a) }

// Close does nothing: the connection belongs to its owner.
func (r *records) Close() error { return nil }

// SetDeadline does nothing: Read waits as its owner arranged.
func (r *records) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing, as SetDeadline.
func (r *records) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing: Write never waits, and tls.Conn would leave a
// deadline behind that outlives TLS.
func (r *records) SetWriteDeadline(time.Time) error { return nil }
