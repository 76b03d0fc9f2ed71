package core

import "math"

// ledger knows of the messages written to a link that heals which of them are
// not known to have arrived, and keeps those that the host wants kept. Messages
// count from 1 in the order of writing, over all connections.
//
// It belongs to whoever holds the writer's role of the socket's stream.
type ledger struct {
	last int64   // number of the last message
	rows []entry // messages that may not be acknowledged, up to the last one
	data []byte  // the encoded bytes of those that are kept, one behind the other

	base     int64 // number of the last message before this connection
	heard    int64 // how much had come from the peer when it was last looked at
	answered int64 // number of the last message behind which something came

	marks []mark // where messages of this connection end, thinned out
	step  int64  // distance of the marks

	lookRows, lookData int // from where on it is worth asking what is acknowledged
}

// entry is a message that may not be acknowledged.
type entry struct {
	end  int64 // where it ends in what the connection has sent
	size int32 // bytes of it in data, or one of the two below
}

const (
	notKept = -1 // it is not in data
	given   = -2 // and was told to be lost
)

// notSent is the end of a message that waits for a connection.
const notSent = math.MaxInt64

type mark struct{ end, number int64 }

const (
	// peerHolds is how many bytes a peer's system may hold that its program has
	// not read: more than the systems give a connection unless they are told to.
	peerHolds = 8 << 20

	markStep  = 64 << 10
	mostMarks = 2 * peerHolds / markStep
	fewRows   = 1024
)

// first is the number of the oldest message that may not be acknowledged.
func (l *ledger) first() int64 { return l.last - int64(len(l.rows)) + 1 }

// hears is told how much has come from the peer, before each message and at the
// end: what came since the last message was written may answer it.
func (l *ledger) hears(came int64) {
	if came != l.heard {
		l.heard, l.answered = came, l.last
	}
}

// add notes a message that ends at end and is not kept.
func (l *ledger) add(end int64) {
	l.last++
	l.rows = append(l.rows, entry{end, notKept})
	l.mark(end)
}

// keep notes a message and keeps its bytes; sent tells later where it ends.
func (l *ledger) keep(parts ...[]byte) {
	size := 0
	for _, p := range parts {
		size += len(p)
		l.data = append(l.data, p...)
	}
	l.last++
	l.rows = append(l.rows, entry{notSent, int32(size)})
}

// sent notes where the last message ends.
func (l *ledger) sent(end int64) {
	l.rows[len(l.rows)-1].end = end
	l.mark(end)
}

// mark remembers where the last message ends, if the last mark is far enough.
func (l *ledger) mark(end int64) {
	l.step = max(l.step, markStep)
	if n := len(l.marks); n > 0 && end-l.marks[n-1].end < l.step {
		return
	}
	if len(l.marks) >= 2*mostMarks { // much is on its way: less precisely, then
		kept := l.marks[:0]
		for i := 1; i < len(l.marks); i += 2 {
			kept = append(kept, l.marks[i])
		}
		l.marks, l.step = kept, 2*l.step
	}
	l.marks = append(l.marks, mark{end, l.last})
}

// settle forgets the messages that end within the first acked bytes.
func (l *ledger) settle(acked int64) {
	n, bytes := 0, 0
	for n < len(l.rows) && l.rows[n].end <= acked {
		bytes += int(max(l.rows[n].size, 0))
		n++
	}
	l.rows, l.data = l.rows[n:], l.data[bytes:]
	if len(l.rows) == 0 {
		l.rows = nil
	}
	if len(l.data) == 0 {
		l.data = nil
	}
	for len(l.marks) > 1 && l.marks[1].end <= acked-peerHolds {
		l.marks = l.marks[1:]
	}
	l.lookRows = max(2*len(l.rows), fewRows)
}

// full tells whether it is time to settle.
func (l *ledger) full() bool { return len(l.rows) > max(l.lookRows, fewRows) }

// room tells whether a message of size bytes may be kept where most bytes may
// be. acked is asked only when it matters.
func (l *ledger) room(size, most int, acked func() int64) bool {
	if len(l.data)+size > most || len(l.data) > max(l.lookData, most/2) || l.full() {
		l.settle(acked())
		const steps = 8
		l.lookData = len(l.data) + most/steps
	}
	return len(l.data)+size <= most
}

// stretch is a row of messages.
type stretch struct {
	first int64
	count int
}

// unsure tells of the messages that the peer's system has taken, of which its
// program may not have read the last ones; settle comes before. After an end in
// order these are the ones that nothing came behind.
func (l *ledger) unsure(acked int64, orderly bool) stretch {
	from := l.base + 1
	if orderly {
		from = max(from, l.answered+1)
	}
	for _, m := range l.marks {
		if m.end <= acked-peerHolds {
			from = max(from, m.number+1)
		}
	}
	return stretch{from, int(max(l.first()-from, 0))}
}

// lost gives up the messages that are not kept, or all of them, and tells
// which.
func (l *ledger) lost(all bool) (spans []stretch) {
	number := l.first()
	for i := range l.rows {
		r := &l.rows[i]
		if r.size == notKept || all && r.size >= 0 {
			r.size = given
			if n := len(spans); n > 0 && spans[n-1].first+int64(spans[n-1].count) == number {
				spans[n-1].count++
			} else {
				spans = append(spans, stretch{number, 1})
			}
		}
		number++
	}
	if all {
		l.data = nil
	}
	return spans
}

// again begins a new connection: write is called with the kept messages, one or
// many at a time, and tells where they end. Those behind one that fails are
// kept for the connection after it.
func (l *ledger) again(single bool, write func([]byte) (end int64, err error)) error {
	for len(l.rows) > 0 && l.rows[0].size == given {
		l.rows = l.rows[1:]
	}
	l.base, l.marks, l.step = l.first()-1, nil, markStep
	l.answered = l.base
	l.lookRows, l.lookData = 0, 0
	at, end := 0, int64(0)
	for from := 0; from < len(l.rows); {
		to, size := from, 0
		for to < len(l.rows) && (to == from || !single && size < markStep) {
			size += int(max(l.rows[to].size, 0))
			to++
		}
		if size > 0 { // else there are none of theirs in data
			var err error
			if end, err = write(l.data[at : at+size]); err != nil {
				return err
			}
		}
		last := end
		for i := to - 1; i >= from; i-- {
			l.rows[i].end = last
			if !single {
				last -= int64(max(l.rows[i].size, 0))
			}
		}
		l.marks = append(l.marks, mark{l.rows[to-1].end, l.first() + int64(to) - 1})
		at += size
		from = to
	}
	return nil
}
