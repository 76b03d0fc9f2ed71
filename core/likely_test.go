package core

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
)

// What comes where no mode of the program fits is compared with the descriptions, and the
// text of the error gives the one to set.
func TestErrorsNameADescriptionThatFits(t *testing.T) {
	for name, mode := range map[string]struct {
		mode frame.Mode
		tag  string
		code fault.Code
	}{
		"a message that has no end":    {frame.EndTag, "\r\n", fault.Timeout},
		"bytes that are of no message": {frame.Size, "", fault.Frame},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t, setup{direct: true})
			client, channel := plainPair(k, must(k, inMode(mode.mode, mode.tag)))
			client.SetMode(frame.Raw, nil)
			_, err := client.Write([]byte("5:first,6:second,5:third,"))
			require.NoError(t, err)
			buf := make([]byte, 256)
			require.Eventually(t, func() bool {
				_, err := channel.Read(buf, 10*time.Millisecond)
				return fault.CodeOf(err) == mode.code && strings.Contains(err.Error(), `WDS_TEXT_FRAME "`)
			}, patienceOfTests, time.Millisecond)
			_, err = channel.Read(buf, 0)
			_, text, _ := strings.Cut(err.Error(), `WDS_TEXT_FRAME "`)
			text, _, _ = strings.Cut(text, `": set that text`)
			require.NoError(t, channel.SetText(option.TextFrame, text), "as it says")
			for _, message := range []string{"first", "second", "third"} {
				n, err := channel.Read(buf, patienceOfTests)
				require.NoError(t, err)
				assert.Equal(t, message, string(buf[:n]))
			}
		})
	}
}

// Guessing takes milliseconds: a connection whose bytes never fit is guessed at so many
// times, however often it is read.
func TestGuessesAreCounted(t *testing.T) {
	k := newKit(t, setup{direct: true})
	client, channel := plainPair(k, must(k, inMode(frame.EndTag, "\r\n")))
	client.SetMode(frame.Raw, nil)
	buf := make([]byte, 256)
	for i := range 2 * mostGuesses {
		_, err := client.Write([]byte{0})
		require.NoError(t, err)
		require.Eventually(t, func() bool {
			_, err := channel.Read(buf, 0)
			return strings.Contains(err.Error(), fmt.Sprintf("%d bytes", i+1))
		}, patienceOfTests, time.Millisecond)
	}
	assert.EqualValues(t, mostGuesses, channel.stream.Load().cold.guesses)
}
