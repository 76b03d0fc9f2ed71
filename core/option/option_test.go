package option

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/poll"
)

func TestAValueIsCheckedAgainstTheRange(t *testing.T) {
	for id, o := range Ints() {
		if o.Effect == GetOnly {
			_, _, err := id.Check(0)
			assert.Equal(t, fault.Argument, fault.CodeOf(err), o.Name)
			continue
		}
		for _, inside := range []int32{o.Low, o.High} {
			_, value, err := id.Check(inside)
			require.NoError(t, err, o.Name)
			assert.LessOrEqual(t, value, o.High, o.Name)
			assert.GreaterOrEqual(t, value, inside, o.Name)
		}
		for _, outside := range []int64{int64(o.Low) - 1, int64(o.High) + 1} {
			if outside >= math.MinInt32 && outside <= math.MaxInt32 {
				_, _, err := id.Check(int32(outside))
				assert.Equal(t, fault.Argument, fault.CodeOf(err), "%s %d", o.Name, outside)
			}
		}
	}
}

func TestTimesOfWholeSecondsAreRoundedUp(t *testing.T) {
	for given, want := range map[int32]int32{1000: 1000, 1001: 2000, 1999: 2000} {
		_, value, err := KeepAliveIdle.Check(given)
		require.NoError(t, err)
		assert.Equal(t, want, value)
	}
}

func TestASettingThatIsStoredIsGiven(t *testing.T) {
	for id, o := range Ints() {
		if o.Get == nil || o.Effect == GetOnly {
			continue
		}
		s, value := Defaults(), o.High
		if id == SSLOptions {
			value = 32 // TLS 1.3: not all bits have a meaning
		}
		require.NoError(t, o.Store(&s, value), o.Name)
		assert.Equal(t, value, o.Get(&s), o.Name)
	}
}

func TestANumberOfAnotherFamilyIsNamed(t *testing.T) {
	_, _, err := ID(TextTag).Check(1)
	assert.ErrorContains(t, err, "WDS_TEXT_TAG is for WDSocketSetText")
	_, _, err = ID(1).Check(1)
	assert.ErrorContains(t, err, "WDS_OPT_NODELAY = 1001")
	_, _, err = ID(-5).Check(1)
	assert.Equal(t, fault.Argument, fault.CodeOf(err))
}

func TestMinusOneMillisecondIsForEver(t *testing.T) {
	assert.Equal(t, poll.Forever, Milliseconds(-1))
	assert.Equal(t, 1500*time.Millisecond, Milliseconds(1500))
}
