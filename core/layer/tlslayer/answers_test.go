package tlslayer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
)

// stuck is a layer.Base of which nothing leaves any more.
type stuck struct {
	layer.Base
	why fault.Code
}

func (stuck) Unsent() int { return 2 * mostAnswers }

func (s stuck) Drain(time.Time) error { return fault.New(s.why, fault.PhaseWrite, "peer") }

// TestWhatHasComeIsReadAlthoughNoAnswerLeaves has answers pile up on a connection
// that its peer has left: that ends no reading, while the ends of a wait do.
func TestWhatHasComeIsReadAlthoughNoAnswerLeaves(t *testing.T) {
	for why, want := range map[fault.Code]fault.Code{fault.Reset: fault.OK, fault.Timeout: fault.Timeout,
		fault.Cancelled: fault.Cancelled, fault.Closed: fault.Closed} {
		a := answers{out: stuck{why: why}}
		a.note(2 * mostAnswers)
		require.Equal(t, want, fault.CodeOf(a.await("peer")), "%v", why)
	}
}
