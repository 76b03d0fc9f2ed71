package tlslayer

import (
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
)

var noteAnswers = fault.NewNote(
	"the peer has made this side answer again and again (key updates) and does not read the answers",
	"le correspondant a exigé réponse sur réponse (renouvellements de clés) et ne lit pas ces réponses")

const (
	mostAnswers     = 16 << 10        // bytes of answers that may wait
	answersPatience = 2 * time.Second // for a peer that takes none of them
)

// answers counts what reading itself makes this side write: RFC 8446, section 4.6.3,
// has each key update answered. Where a peer does not read them, reading stops, and
// a peer that goes on not reading is ended. What the host writes does not count:
// both sides may have much of that on its way.
type answers struct {
	out    layer.Base
	host   atomic.Bool  // what is written now is the host's
	given  atomic.Int64 // bytes written so far
	mark   atomic.Int64 // given behind the last answer
	unread atomic.Int64 // bytes of answers since none waited

	stopped time.Time // when reading stopped, or something last left since; belongs to the reader
	left    int64     // how much had left then; the same
}

// note counts n bytes that are about to be written, and tells whether they are an
// answer.
func (a *answers) note(n int) bool {
	given := a.given.Add(int64(n))
	if a.host.Load() {
		return false
	}
	a.unread.Add(int64(n))
	a.mark.Store(given)
	return true
}

// await waits, as Read does, until few enough answers wait for reading to go on.
func (a *answers) await(who string) error {
	for a.unread.Load() > mostAnswers {
		left, now := a.given.Load()-int64(a.out.Unsent()), time.Now()
		switch {
		case left >= a.mark.Load():
			a.unread.Store(0)
			a.stopped = time.Time{}
			return nil
		case a.stopped.IsZero(), left > a.left:
			a.stopped, a.left = now, left
		case now.Sub(a.stopped) >= answersPatience:
			return fault.New(fault.TLSRecord, fault.PhaseRead, who).With(noteAnswers)
		}
		until := a.stopped.Add(answersPatience)
		switch err := a.out.Drain(until); fault.CodeOf(err) {
		case fault.OK:
		case fault.Timeout:
			if time.Now().Before(until) {
				return err
			}
		case fault.Cancelled, fault.Closed:
			return err
		default: // nothing leaves any more: what has come is read all the same
			a.unread.Store(0)
			a.stopped = time.Time{}
			return nil
		}
	}
	return nil
}

// Stopped tells until when reading waits for a peer to take answers, the zero time
// if it does not. Only the reader may ask.
func (c *Conn) Stopped() time.Time {
	a := &c.below.answers
	if a.unread.Load() <= mostAnswers || a.stopped.IsZero() {
		return time.Time{}
	}
	return a.stopped.Add(answersPatience)
}
