package capture

import (
	"math/rand/v2"
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
	Midway                     // the connection was open already: there are no packets of its beginning
	Datagrams                  // no connection
	Attempt                    // there is none: only Note says something
)

// Socket is what is told of the one that is recorded.
type Socket struct {
	Label       string // how records name it: `#12 "scale" client`
	Local, Peer endpoint.Addr
	Target      string // what an Attempt was to reach, as lines of the log name it
}

// Recorder records one connection, or the datagrams of one socket. All methods
// may be called from any goroutine, and all may be called of a nil Recorder,
// which records nothing.
type Recorder struct {
	files  *Files
	begin  Beginning
	socket Socket
	label  atomic.Pointer[string]

	packets *file // nil without
	text    *file // nil without

	mu     sync.Mutex // of the packets, before the file's
	ends   ends
	next   [2]uint32 // the sequence number that follows, by direction; of datagrams the first is counted
	ended  [2]bool   // FIN or RST was there
	told   bool      // a packet has said which socket it is
	remark string    // for the next packet

	closed atomic.Bool
}

// Record begins to record into the files of o, nil if there are none. Close ends
// it. It does not wait: the files are opened in a task.
func (fs *Files) Record(o Options, s Socket, begin Beginning) *Recorder {
	if o == (Options{}) {
		return nil
	}
	r := &Recorder{files: fs, begin: begin, socket: s, ends: fs.endsOf(s.Local, s.Peer)}
	r.relabel(s.Label)
	for _, n := range o.names() {
		switch n.kind {
		case packets:
			r.packets = fs.use(n)
		case text:
			r.text = fs.use(n)
		}
	}
	if begin != Datagrams {
		r.next = [2]uint32{rand.Uint32(), rand.Uint32()}
	}
	r.opening()
	return r
}

// opening records how it began.
func (r *Recorder) opening() {
	word := "connected"
	switch r.begin {
	case Accepted:
		word = "accepted"
	case Midway:
		word = "recording begins; the connection was there already"
	case Datagrams:
		word = "recording of datagrams begins"
	case Attempt:
		return
	}
	r.line(Sent, word)
	if r.packets == nil || r.begin == Datagrams {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.begin == Midway {
		r.remarkLocked("the capture begins inside the connection")
		return
	}
	first, second := Sent, Received
	if r.begin == Accepted {
		first, second = Received, Sent
	}
	comment := r.commentLocked()
	r.packets.add(3*overhead+len(comment), func(b *batch, at time.Time) {
		b.tcp(&r.ends, at, first, flagSYN, r.next[first], 0, nil, comment)
		r.next[first]++
		b.tcp(&r.ends, at, second, flagSYN|flagACK, r.next[second], r.next[first], nil, "")
		r.next[second]++
		b.tcp(&r.ends, at, first, flagACK, r.next[first], r.next[second], nil, "")
	})
}

// commentLocked is the comment of the next packet.
func (r *Recorder) commentLocked() string {
	comment := ""
	if !r.told {
		r.told = true
		comment = "socket"
		if label := *r.label.Load(); label != "" {
			comment += " " + label
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
	r.relabel(label)
}

// mostLabel bounds the bytes of a label in each record.
const mostLabel = 256

func (r *Recorder) relabel(label string) {
	label = string(appendCut(nil, label, mostLabel))
	r.label.Store(&label)
}

// Bytes records bytes of a connection that pass.
func (r *Recorder) Bytes(d Direction, p []byte) {
	if r == nil || len(p) == 0 {
		return
	}
	if r.text != nil {
		r.dump(d, p)
	}
	if r.packets == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(p) > 0 {
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
	told, remark := r.told, r.remark
	comment := r.commentLocked()
	done := r.packets.add(overhead+len(payload)+len(comment), func(b *batch, at time.Time) {
		b.tcp(&r.ends, at, d, flags, seq, ack, payload, comment)
	})
	if !done {
		r.told, r.remark = told, remark
	}
	r.next[d] += uint32(len(payload))
}

// Traces tells whether there is a trace, which each message is to be told to.
func (r *Recorder) Traces() bool { return r != nil && r.text != nil }

// Message records the border of a message, in the trace: p is the message.
func (r *Recorder) Message(d Direction, p []byte) {
	if r.Traces() {
		r.message(d, p)
	}
}

// Datagram records a datagram, sent to peer or received from it.
func (r *Recorder) Datagram(d Direction, peer endpoint.Addr, p []byte) {
	if r == nil {
		return
	}
	if r.text != nil {
		r.datagram(d, peer, p)
	}
	if r.packets == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.files.endsOf(r.socket.Local, peer)
	told := r.told
	comment := r.commentLocked()
	r.next[0]++
	id := r.next[0]
	if !r.packets.add(overhead+len(p)+len(comment), func(b *batch, at time.Time) { b.udp(&e, at, d, id, p, comment) }) {
		r.told = told
	}
}

// Note records a line of text: what TLS agreed on, what failed.
func (r *Recorder) Note(text string) {
	if r == nil {
		return
	}
	r.line(Sent, text)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.remarkLocked(text)
}

// End records that nothing more comes in a direction: nil and fault.PeerClosed
// are an orderly end, all else a reset. Each direction ends once.
func (r *Recorder) End(d Direction, why error) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended[d] {
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
		r.line(d, "ended: "+why.Error())
	case d == Sent:
		r.line(d, "end of sending")
	default:
		r.line(d, "the peer has ended its sending")
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

// Close ends recording: of a connection it records the ends that were not there
// yet, why as for End. It does not wait for the disk.
func (r *Recorder) Close(why error) {
	if r == nil || r.closed.Swap(true) {
		return
	}
	if r.begin < Datagrams {
		r.End(Sent, why)
	}
	if r.begin != Attempt {
		r.line(Sent, "closed")
	}
	for _, f := range []*file{r.packets, r.text} {
		if f != nil {
			r.files.release(f)
		}
	}
}
