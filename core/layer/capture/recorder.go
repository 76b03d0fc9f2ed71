package capture

import (
	"sync"
	"sync/atomic"
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
)

// Direction of what passes, seen from this program.
type Direction byte

// The directions.
const (
	Sent     Direction = 0
	Received Direction = 1
)

// Beginning says how what is recorded began.
type Beginning byte

// The beginnings.
const (
	Connected Beginning = iota // this program connected
	Accepted                   // the peer did
	Datagrams                  // no connection
	Attempt                    // there is none: only Note says something
)

// Side of TLS.
type Side byte

// The sides; without TLS they are one.
const (
	Neither Side = 0 // what passes there is recorded elsewhere
	Above   Side = 1
	Below   Side = 2
	Both         = Above | Below
)

// Socket is what is told of the one that is recorded.
type Socket struct {
	Label       string // how records name it: `#12 "scale" client`
	Local, Peer endpoint.Addr
	Target      string // what an Attempt was to reach, as lines of the log name it
	Midway      bool   // it was open before: packets of its beginning are made up
}

// Recorder records one connection, or the datagrams of one socket. All methods
// may be called from any goroutine, and all may be called of a nil Recorder,
// which records nothing.
type Recorder struct {
	files  *Files
	begin  Beginning
	socket Socket
	traces atomic.Bool // there is a trace, readable without the lock

	mu        sync.Mutex // before the file's
	options   Options    // what is recorded now
	label     string
	text      *file // nil without
	packets   *file // nil without
	ends      ends
	next      [2]uint32 // the sequence number that follows, by direction; of datagrams the first is counted
	ended     [2]bool   // FIN or RST was there
	described bool      // a packet has said which socket it is
	remark    string    // for the next packet
	closed    bool
}

// commentLocked is the comment of the next packet.
func (r *Recorder) commentLocked() string {
	comment := ""
	if !r.described {
		r.described = true
		comment = "socket"
		if r.label != "" {
			comment += " " + r.label
		}
	}
	if comment != "" && r.remark != "" {
		comment += "; "
	}
	comment += r.remark
	r.remark = ""
	return comment
}

// remarkLocked adds text to the comment of the next packet.
func (r *Recorder) remarkLocked(text string) {
	switch {
	case len(r.remark) > mostComment:
		return
	case r.remark != "":
		r.remark += "; "
	}
	r.remark += text
}

// Named tells that the socket is another one from now on: a client that a server
// has accepted is a channel of its own.
func (r *Recorder) Named(label string) {
	if r == nil {
		return
	}
	r.Note("from now on " + label)
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		r.label = string(appendCut(nil, label, mostLabel))
	}
}

// mostLabel bounds the bytes of a label in each record.
const mostLabel = 256

// Bytes records bytes of a connection that pass on a side of TLS, if that is the
// one that is recorded.
func (r *Recorder) Bytes(at Side, d Direction, p []byte) {
	if r == nil || len(p) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if at&r.options.side() == 0 {
		return
	}
	if r.text != nil {
		r.dumpLocked(d, r.socket.Peer, p, "sent ", "received ")
	}
	for r.packets != nil && len(p) > 0 {
		n := min(len(p), segment)
		flags := byte(flagACK)
		if n == len(p) {
			flags |= flagPSH
		}
		r.segmentLocked(d, flags, p[:n])
		p = p[n:]
	}
}

// segmentLocked records one packet of a connection. One that is dropped counts:
// the tools see a gap then, and how large it is.
func (r *Recorder) segmentLocked(d Direction, flags byte, payload []byte) {
	seq, ack := r.next[d], r.next[1-d]
	described, remark := r.described, r.remark
	comment := r.commentLocked()
	done := r.packets.add(overhead+len(payload)+len(comment), func(b *batch, at time.Time) {
		b.tcp(&r.ends, at, d, flags, seq, ack, payload, comment)
	})
	if !done {
		r.described, r.remark = described, remark
	}
	r.next[d] += uint32(len(payload))
}

// Traces tells whether there is a trace, which each message is to be told to.
func (r *Recorder) Traces() bool { return r != nil && r.traces.Load() }

// Message records the border of a message, in the trace: p is the message.
func (r *Recorder) Message(d Direction, p []byte) {
	if !r.Traces() {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.text != nil {
		r.messageLocked(d, p)
	}
}

// Datagram records a datagram, sent to peer or received from it.
func (r *Recorder) Datagram(d Direction, peer endpoint.Addr, p []byte) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.text != nil {
		r.dumpLocked(d, peer, p, "datagram sent, ", "datagram received, ")
	}
	if r.packets == nil {
		return
	}
	e := r.files.endsOf(r.socket.Local, peer)
	described := r.described
	comment := r.commentLocked()
	r.next[0]++
	id := r.next[0]
	if !r.packets.add(overhead+len(p)+len(comment), func(b *batch, at time.Time) { b.udp(&e, at, d, id, p, comment) }) {
		r.described = described
	}
}

// Note records a line of text: what TLS agreed on, what failed.
func (r *Recorder) Note(text string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lineLocked(Sent, text)
	if r.packets != nil {
		r.remarkLocked(text)
	}
}

// Received records what a read on a side of TLS gave, which is bytes or the end.
func (r *Recorder) Received(at Side, p []byte, err error) {
	r.Bytes(at, Received, p)
	if len(p) == 0 && r.records(at) {
		r.End(Received, err)
	}
}

// SendFailed records that what was recorded last as sent was not.
func (r *Recorder) SendFailed(at Side, err error) {
	if err != nil && r.records(at) {
		r.Note("the last write failed: " + err.Error())
	}
}

// records tells whether a side of TLS is recorded.
func (r *Recorder) records(at Side) bool {
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return at&r.options.side() != 0
}

// End records that nothing more comes in a direction: nil and fault.PeerClosed
// are an orderly end, a call that ends is none, all else a reset. Each direction
// ends once.
func (r *Recorder) End(d Direction, why error) {
	if r == nil {
		return
	}
	switch fault.CodeOf(why) {
	case fault.Timeout, fault.Cancelled, fault.Closed:
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.endLocked(d, why)
}

func (r *Recorder) endLocked(d Direction, why error) {
	if r.ended[d] || r.closed {
		return
	}
	orderly := why == nil || fault.CodeOf(why) == fault.PeerClosed
	r.ended[d] = true
	if !orderly {
		r.ended = [2]bool{true, true}
		r.remarkLocked(why.Error())
	}
	switch {
	case !orderly:
		r.lineLocked(d, "ended: "+why.Error())
	case d == Sent:
		r.lineLocked(d, "end of sending")
	default:
		r.lineLocked(d, "the peer has ended its sending")
	}
	if r.packets == nil {
		return
	}
	if orderly {
		r.segmentLocked(d, flagFIN|flagACK, nil)
		r.next[d]++
		return
	}
	r.segmentLocked(d, flagRST|flagACK, nil)
}

// Close ends recording with the connection, whose ends it records that were not
// there yet, why as for End. It does not wait for the disk.
func (r *Recorder) Close(why error) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	if r.begin < Datagrams {
		r.endLocked(Sent, why)
	}
	r.leaveLocked(&r.packets, func() {})
	r.leaveLocked(&r.text, func() {
		if r.begin != Attempt {
			r.lineLocked(Sent, "closed")
		}
	})
	r.traces.Store(false)
	r.closed = true
}
