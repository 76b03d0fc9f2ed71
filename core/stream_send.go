package core

import (
	"time"

	"wdsocket/core/poll"
)

// Sending and flushing through the layers, whichever they are.

const (
	firstPiece = 16 << 10  // of a message, written at once: what one record of TLS holds
	layerChunk = 128 << 10 // written through the layers before the system has to take it
)

// send hands the parts of a message to the uppermost layer and waits until the
// system has them. It returns how much went out before an error; what a layer has
// taken counts as sent.
func (st *stream) send(w *poll.Call, head, body, tail []byte) (int, error) {
	if st.layers == nil && st.recording.recorder() == nil {
		return st.conn.Send(w, head, body, tail)
	}
	if err := st.conn.Flush(w); err != nil {
		return 0, err
	}
	sc := scratches.Get().(*scratch)
	defer sc.recycle()
	sent := 0
	first := min(len(body), max(firstPiece-len(head), 0))
	sc.b = append(append(sc.b[:0], head...), body[:first]...)
	body = body[first:]
	if len(body) == 0 {
		sc.b = append(sc.b, tail...)
		tail = nil
	}
	for _, part := range [][]byte{sc.b, body, tail} {
		for len(part) > 0 {
			n := min(len(part), layerChunk)
			made, err := st.sendThroughLayers(w, part[:n])
			sent += made
			if err != nil {
				return sent, err
			}
			part = part[n:]
		}
	}
	return sent, nil
}

// sendThroughLayers sends a part of a message through the layers.
func (st *stream) sendThroughLayers(w *poll.Call, p []byte) (int, error) {
	if n, err := st.write(p); err != nil {
		return n, err
	}
	return len(p), st.conn.Flush(w)
}

// flushUpToLocked sends what was written, and published up to message number last,
// within the time of w and at most limit: it belongs to the layers that were there when
// it was written. The caller holds the write lock.
func (st *stream) flushUpToLocked(w *poll.Call, limit time.Duration, last int64) error {
	defer shorten(w, limit)()
	for {
		if err := st.tryFlushUpToLocked(last); err != nil {
			return err
		}
		if !st.conn.HasUnsent() {
			return nil
		}
		if err := st.conn.Flush(w); err != nil {
			return st.markBroken(err)
		}
	}
}
