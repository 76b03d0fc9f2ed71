package capture

import (
	"math/rand/v2"
	"time"
)

// Record begins to record into the files of o, nil if there are none. Close or Stop
// ends it. It does not wait: the files are opened in a task.
func (fs *Files) Record(o Options, s Socket, begin Beginning) *Recorder {
	if o.None() {
		return nil
	}
	r := &Recorder{files: fs, begin: begin, socket: s, label: string(appendCut(nil, s.Label, mostLabel)), ends: fs.endsOf(s.Local, s.Peer)}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.switchLocked(o, s.Midway)
	return r
}

// Switch records into the files of o from now on. A file that stays goes on, but
// for the capture of another side of TLS, which begins anew.
func (r *Recorder) Switch(o Options) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		r.switchLocked(o, true)
	}
}

// switchLocked is Switch; midway tells that what is recorded has begun before.
func (r *Recorder) switchLocked(o Options, midway bool) {
	before := r.options
	r.options = o
	last := "recording ends; the connection goes on"
	if r.begin == Datagrams {
		last = "recording of datagrams ends"
	}
	if o.Trace != before.Trace {
		r.leaveLocked(&r.text, func() { r.lineLocked(Sent, last) })
		if o.Trace != "" {
			r.text = r.files.use(name{o.Trace, text})
			r.beginTraceLocked(midway)
		}
		r.traces.Store(r.text != nil)
	}
	other := o.BelowTLS != before.BelowTLS && r.begin < Datagrams
	if other && o.Trace == before.Trace {
		r.lineLocked(Sent, "what passes on the other side of TLS is recorded from now on")
	}
	if o.Capture == before.Capture && !other {
		return
	}
	if o.Capture != before.Capture {
		r.leaveLocked(&r.packets, r.endCaptureLocked)
	} else if r.packets != nil {
		r.endCaptureLocked()
	}
	if o.Capture != "" {
		if r.packets == nil {
			r.packets = r.files.use(name{o.Capture, packets})
		}
		r.beginCaptureLocked(midway)
	}
}

// leaveLocked ends the use of a file, after its last records.
func (r *Recorder) leaveLocked(of **file, last func()) {
	if *of != nil {
		last()
		r.files.release(*of)
		*of = nil
	}
}

// beginTraceLocked records in the trace how it began.
func (r *Recorder) beginTraceLocked(midway bool) {
	switch {
	case r.begin == Attempt:
	case r.begin == Datagrams:
		r.lineLocked(Sent, "recording of datagrams begins")
	case midway:
		r.lineLocked(Sent, "recording begins; the connection was there already")
	case r.begin == Accepted:
		r.lineLocked(Sent, "accepted")
	default:
		r.lineLocked(Sent, "connected")
	}
}

// beginCaptureLocked records the packets that a connection begins with. They come
// in any case: numbers that begin anew without them would be no other conversation
// to the tools.
func (r *Recorder) beginCaptureLocked(midway bool) {
	r.described, r.remark = false, ""
	if r.begin >= Datagrams {
		return
	}
	r.next = [2]uint32{rand.Uint32(), rand.Uint32()}
	if midway {
		r.remarkLocked("the capture begins inside the connection; its beginning is made up")
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

// endCaptureLocked records that the connection goes on and the capture does not.
func (r *Recorder) endCaptureLocked() {
	if r.begin < Datagrams {
		r.remarkLocked("the capture ends here; the connection goes on")
		r.segmentLocked(Sent, flagACK, nil)
	}
}
