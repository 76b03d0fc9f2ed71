package core

import "time"

// coldState holds read state that most connections never need, allocated on first use.
type coldState struct {
	messageBegan   time.Time    // when the message at the front began, with a read gap
	lastReceived   time.Time    // when something last came, with gaps
	pendingReplies int          // replies to timed-out exchanges
	pendingUntil   time.Time    // until when they may arrive; zero: for ever
	awaited        awaitedReply // by the exchange in progress
	lastTimeout    lastTimeout  // of a read
	guesses        int8         // at what bytes are that are no message: see likely
	tag            []byte       // that was looked for by a single read
	tagScanned     int          // where looking for it goes on
	inherited      int          // bytes at the front that came by an earlier connection
	inVain         int          // bytes that came and were dropped, since something was kept
	restTold       int          // bytes at the end of a simplified server's client that an error has told of
}

// coldState returns st.cold, allocating it on first use.
func (st *stream) coldState() *coldState {
	if st.cold == nil {
		st.cold = new(coldState)
	}
	return st.cold
}

// frontMoved notes that n bytes have left the front of the buffer.
func (c *coldState) frontMoved(n int) {
	c.tagScanned = 0
	c.inherited = max(c.inherited-n, 0)
}

// inherit takes over what was buffered for the reader of another stream, in front of
// what has arrived for this one. Nothing that is not whole goes on in this one: neither how
// far it was looked at, nor what could not be understood, nor, where all was read, the last
// byte of it.
func (st *stream) inherit(from *stream) {
	st.decodedWith, st.registration = from.decodedWith, from.registration
	had := st.in.Len()
	st.in.TakeOver(&from.in)
	from.buffered.Store(0)
	if n := st.in.Len() - had; n > 0 {
		st.coldState().inherited = n
		st.lastByte = from.lastByte
	}
	if reg := st.registration; reg != nil {
		reg.between, reg.scanned, reg.invalid = 0, 0, false
	}
	st.buffered.Store(int64(st.in.Len()))
}
