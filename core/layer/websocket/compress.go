package websocket

import (
	"bytes"
	"compress/flate"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"wdsocket/core/fault"
)

// Per-message compression (RFC 7692), without context from one message to the next: a
// connection that waits has no memory for it.

const extensionName = "permessage-deflate"

// offered is what a client asks for, and what a server agrees to.
const offered = extensionName + "; server_no_context_takeover; client_no_context_takeover"

// parameters takes an extension apart; ok is false if it is not this one, has a parameter
// twice, or has one that does not fit. window tells that of others than those which both
// sides may say.
func parameters(extension string, window func(key, value string) bool) (list map[string]string, ok bool) {
	name, rest, more := strings.Cut(extension, ";")
	if !strings.EqualFold(strings.Trim(name, " \t"), extensionName) {
		return nil, false
	}
	list = make(map[string]string)
	for more {
		var one string
		one, rest, more = strings.Cut(rest, ";")
		key, value, _ := strings.Cut(one, "=")
		key, value = strings.ToLower(strings.Trim(key, " \t")), strings.Trim(strings.Trim(value, " \t"), `"`)
		fits := false
		switch key {
		case "server_no_context_takeover", "client_no_context_takeover":
			fits = value == ""
		default:
			fits = window(key, value)
		}
		if _, twice := list[key]; twice || !fits {
			return nil, false
		}
		list[key] = value
	}
	return list, true
}

func isWindow(value string) bool {
	bits, err := strconv.Atoi(value)
	return err == nil && bits >= 8 && bits <= 15 && value == strconv.Itoa(bits)
}

// isAgreed tells whether a server agrees to what was offered.
func isAgreed(extension string) bool {
	list, ok := parameters(extension, func(key, value string) bool {
		return key == "server_max_window_bits" && isWindow(value) // the client's was not offered
	})
	_, fresh := list["server_no_context_takeover"]
	return ok && fresh
}

// isOffer tells whether a client's offer can be agreed to. This side's window has 15
// bits.
func isOffer(extension string) bool {
	_, ok := parameters(extension, func(key, value string) bool {
		switch key {
		case "client_max_window_bits":
			return value == "" || isWindow(value)
		case "server_max_window_bits":
			return value == "15"
		}
		return false
	})
	return ok
}

// fewToCompress is a message that compression makes longer.
const fewToCompress = 64

// deflater compresses a message.
type deflater struct {
	w   *flate.Writer
	out bytes.Buffer
}

var deflaters = sync.Pool{New: func() any {
	d := new(deflater)
	d.w, _ = flate.NewWriter(&d.out, flate.BestSpeed)
	return d
}}

func (d *deflater) release() {
	const largest = 256 << 10
	if d.out.Cap() > largest {
		d.out = bytes.Buffer{}
	}
	deflaters.Put(d)
}

// syncEnd is what the end of a flush is. At the end of a message it is left out.
var syncEnd = []byte{0, 0, 0xFF, 0xFF}

// compressLocked compresses a part of a message. The result holds until the deflater is
// used again.
func (w *writer) compressLocked(first, flags byte, p []byte) (byte, []byte) {
	if !w.begun {
		if flags&FlagMore == 0 && len(p) < fewToCompress {
			return first, p
		}
		w.deflater = deflaters.Get().(*deflater)
		w.deflater.w.Reset(&w.deflater.out)
		first |= bitRSV1
	}
	if w.deflater == nil {
		return first, p
	}
	d := w.deflater
	d.out.Reset()
	d.w.Write(p)
	d.w.Flush()
	out := d.out.Bytes()
	if flags&FlagMore == 0 {
		out = bytes.TrimSuffix(out, syncEnd)
	}
	return first, out
}

// inflater decompresses a message: all of it has to come first, because flate cannot go
// on after waiting. It is as long as a message may be at most.
type inflater struct {
	in    []byte
	at    int
	flate io.ReadCloser // while the message is read
	size  int64         // what was made of it
}

// active tells whether a message is being read.
func (f *inflater) active() bool { return f != nil && f.flate != nil }

// room makes room for so many bytes more.
func (f *inflater) room(n int) []byte {
	at := len(f.in)
	f.in = slices.Grow(f.in, n)[:at+n]
	return f.in[at:]
}

// lastBlock ends a stream: the end of a flush, which the sender left out, and an empty
// last block.
const lastBlock = "\x00\x00\xff\xff\x01\x00\x00\xff\xff"

var inflates = sync.Pool{New: func() any { return flate.NewReader(nil) }}

// begin begins to read a message that has come.
func (f *inflater) begin() {
	f.in = append(f.in, lastBlock...)
	f.at, f.size = 0, 0
	f.flate = inflates.Get().(io.ReadCloser)
	f.flate.(flate.Resetter).Reset(f, nil)
}

// Read gives the compressed bytes, for flate.
func (f *inflater) Read(p []byte) (int, error) {
	if f.at == len(f.in) {
		return 0, io.EOF
	}
	n := copy(p, f.in[f.at:])
	f.at += n
	return n, nil
}

// ReadByte is for flate too: it keeps no buffer of its own then.
func (f *inflater) ReadByte() (byte, error) {
	if f.at == len(f.in) {
		return 0, io.EOF
	}
	f.at++
	return f.in[f.at-1], nil
}

// inflaters are those of no message: a connection has one while a message comes.
var inflaters = sync.Pool{New: func() any { return new(inflater) }}

// release gives the memory of a message back.
func (f *inflater) release() {
	const largest = 64 << 10
	if inflates.Put(f.flate); cap(f.in) > largest {
		f.in = nil
	}
	f.flate, f.in = nil, f.in[:0]
	inflaters.Put(f)
}

// inflate reads a part of a compressed message.
func (r *reader) inflate(p []byte) int {
	if len(p) >= fewBytes {
		return r.inflateInto(p)
	}
	buf := buffers.Get().(*buffer)
	n := r.inflateInto(buf.b[:fewBytes])
	if n <= len(p) {
		copy(p, buf.b[:n])
		buffers.Put(buf)
		return n
	}
	r.made = &kept{buf: buf, n: n}
	return r.giveMade(p)
}

// giveMade gives what was decoded and had no room.
func (r *reader) giveMade(p []byte) int {
	k := r.made
	n := copy(p, k.buf.b[k.at:k.n])
	if k.at += n; k.at == k.n {
		buffers.Put(k.buf)
		r.made = nil
	}
	return n
}

// inflateInto is inflate with room enough.
func (r *reader) inflateInto(p []byte) int {
	f := r.inflater
	head := 0
	if r.c.config.Records {
		head = RecordHeader
	}
	n, last, ok := f.fill(p[head:])
	f.size += int64(n)
	switch {
	case !ok:
		r.fail(&wrongFrame{close: CloseText, code: fault.WebSocketProtocol, note: noteDeflate})
	case f.size > r.most:
		r.fail(tooLong(uint64(f.size), r.most))
	case r.text && !(r.check.add(p[head:head+n]) && (!last || r.check.end())):
		r.fail(&wrongFrame{close: CloseText, code: fault.WebSocketText})
	}
	if last || r.failed != nil {
		r.inflater = nil
		f.release()
	}
	if r.failed != nil {
		return 0
	}
	if head > 0 {
		putRecord(p, n, r.text, !last)
	}
	return head + n
}

// fill fills p, as far as the message goes; last tells that this was its end.
func (f *inflater) fill(p []byte) (n int, last, ok bool) {
	for n < len(p) {
		m, err := f.flate.Read(p[n:])
		n += m
		switch {
		case err == io.EOF:
			return n, true, true
		case err != nil:
			return n, true, false
		}
	}
	return n, false, true
}
