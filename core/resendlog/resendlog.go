// Package resendlog is the log of the messages that a reconnecting client has written
// and that may not have arrived.
package resendlog

import "math"

// Log tells which messages written to a reconnecting client are not known to have
// arrived, and keeps the bytes of those that are to be sent again. Messages count
// from 1 in the order of writing, over all connections. Positions are bytes that a
// connection has sent.
//
// It is not safe for concurrent use: the writer's lock of the connection guards it.
type Log struct {
	last    int64   // number of the last message
	entries []entry // messages that may not be acknowledged, up to the last one
	data    []byte  // the encoded bytes of the kept ones, one behind the other

	firstOnConn  int64 // number of the first message on this connection
	received     int64 // bytes that had come from the peer at the last NoteReceived
	lastAnswered int64 // number of the last message after which something came

	checkpoints []checkpoint // where some messages of this connection end
	spacing     int64        // distance of the checkpoints in bytes

	ackAtEntries, ackAtBytes int // from how much on ShouldAck and HasRoom ask what is acknowledged
}

// entry is a message that may not be acknowledged.
type entry struct {
	end  int64 // where it ends in what the connection has sent
	size int32 // bytes of it in data, or one of the two below
}

const (
	notKept      = -1 // it is not in data
	reportedLost = -2 // and was reported as lost
)

// notSent is the end of a message that waits for a connection.
const notSent = math.MaxInt64

// checkpoint says where a message ends.
type checkpoint struct{ end, number int64 }

const (
	// MaxPeerUnread is how many bytes a peer's system may hold that its program has
	// not read: more than systems give a connection unless they are configured to.
	MaxPeerUnread = 8 << 20

	minSpacing     = 64 << 10
	maxCheckpoints = 2 * MaxPeerUnread / minSpacing
	minEntries     = 1024
)

// Start begins an empty log, before which written messages were written.
func (l *Log) Start(written int64) { l.last, l.firstOnConn = written, written+1 }

// Last is the number of the last message.
func (l *Log) Last() int64 { return l.last }

// Kept is how many bytes are kept to be sent again.
func (l *Log) Kept() int { return len(l.data) }

// first is the number of the oldest message that may not be acknowledged.
func (l *Log) first() int64 { return l.last - int64(len(l.entries)) + 1 }

// NoteReceived notes how many bytes have come from the peer. It is called before each
// message and at the end: what came since the last message was written may answer it.
func (l *Log) NoteReceived(came int64) {
	if came != l.received {
		l.received, l.lastAnswered = came, l.last
	}
}

// Add notes a message that ends at end and is not kept.
func (l *Log) Add(end int64) {
	l.last++
	l.entries = append(l.entries, entry{end, notKept})
	l.addCheckpoint(end)
}

// Keep notes a message and keeps its bytes; Sent tells later where it ends.
func (l *Log) Keep(parts ...[]byte) {
	size := 0
	for _, p := range parts {
		size += len(p)
		l.data = append(l.data, p...)
	}
	l.last++
	l.entries = append(l.entries, entry{notSent, int32(size)})
}

// Sent notes where the last message ends.
func (l *Log) Sent(end int64) {
	l.entries[len(l.entries)-1].end = end
	l.addCheckpoint(end)
}

// addCheckpoint remembers where the last message ends, if the last checkpoint is far enough.
func (l *Log) addCheckpoint(end int64) {
	l.spacing = max(l.spacing, minSpacing)
	if n := len(l.checkpoints); n > 0 && end-l.checkpoints[n-1].end < l.spacing {
		return
	}
	if len(l.checkpoints) >= 2*maxCheckpoints { // much is on its way: fewer will do
		kept := l.checkpoints[:0]
		for i := 1; i < len(l.checkpoints); i += 2 {
			kept = append(kept, l.checkpoints[i])
		}
		l.checkpoints, l.spacing = kept, 2*l.spacing
	}
	l.checkpoints = append(l.checkpoints, checkpoint{end, l.last})
}

// Ack forgets the messages that end within the first acked bytes.
func (l *Log) Ack(acked int64) {
	n, bytes := 0, 0
	for n < len(l.entries) && l.entries[n].end <= acked {
		bytes += int(max(l.entries[n].size, 0))
		n++
	}
	l.entries, l.data = l.entries[n:], l.data[bytes:]
	if len(l.entries) == 0 {
		l.entries = nil
	}
	if len(l.data) == 0 {
		l.data = nil
	}
	for len(l.checkpoints) > 1 && l.checkpoints[1].end <= acked-MaxPeerUnread {
		l.checkpoints = l.checkpoints[1:]
	}
	l.ackAtEntries = max(2*len(l.entries), minEntries)
}

// ShouldAck tells whether there are so many entries that Ack should be called.
func (l *Log) ShouldAck() bool { return len(l.entries) > max(l.ackAtEntries, minEntries) }

// HasRoom tells whether a message of size bytes may be kept where most bytes may
// be. acked is asked only when it matters.
func (l *Log) HasRoom(size, most int, acked func() int64) bool {
	if len(l.data)+size > most || len(l.data) > max(l.ackAtBytes, most/2) || l.ShouldAck() {
		l.Ack(acked())
		const steps = 8
		l.ackAtBytes = len(l.data) + most/steps
	}
	return len(l.data)+size <= most
}

// Range is Count messages from number First on.
type Range struct {
	First int64
	Count int
}

// Uncertain is the range of messages that the peer's system has acknowledged and its
// program may not have read. Ack comes before. After an orderly end only those count
// after which nothing came.
func (l *Log) Uncertain(acked int64, orderly bool) Range {
	from := l.firstOnConn
	if orderly {
		from = max(from, l.lastAnswered+1)
	}
	for _, m := range l.checkpoints {
		if m.end <= acked-MaxPeerUnread {
			from = max(from, m.number+1)
		}
	}
	return Range{from, int(max(l.first()-from, 0))}
}

// ReportLost gives up the messages that are not kept, or all of them, and returns
// those that were not reported before.
func (l *Log) ReportLost(all bool) (spans []Range) {
	number := l.first()
	for i := range l.entries {
		r := &l.entries[i]
		if r.size == notKept || all && r.size >= 0 {
			r.size = reportedLost
			if n := len(spans); n > 0 && spans[n-1].First+int64(spans[n-1].Count) == number {
				spans[n-1].Count++
			} else {
				spans = append(spans, Range{number, 1})
			}
		}
		number++
	}
	if all {
		l.data = nil
	}
	return spans
}

// Replay begins a new connection. write is called with the kept messages, several at
// a time unless single is set, and returns where they end. When it fails, the
// messages from there on are kept for the connection after this one.
func (l *Log) Replay(single bool, write func([]byte) (end int64, err error)) error {
	for len(l.entries) > 0 && l.entries[0].size == reportedLost {
		l.entries = l.entries[1:]
	}
	l.firstOnConn, l.checkpoints, l.spacing = l.first(), nil, minSpacing
	l.lastAnswered = l.first() - 1
	l.ackAtEntries, l.ackAtBytes = 0, 0
	at, end := 0, int64(0)
	for from := 0; from < len(l.entries); {
		to, size := from, 0
		for to < len(l.entries) && (to == from || !single && size < minSpacing) {
			size += int(max(l.entries[to].size, 0))
			to++
		}
		if size > 0 { // else none of them is kept
			var err error
			if end, err = write(l.data[at : at+size]); err != nil {
				return err
			}
		}
		last := end
		for i := to - 1; i >= from; i-- {
			l.entries[i].end = last
			if !single {
				last -= int64(max(l.entries[i].size, 0))
			}
		}
		l.checkpoints = append(l.checkpoints, checkpoint{l.entries[to-1].end, l.first() + int64(to) - 1})
		at += size
		from = to
	}
	return nil
}
