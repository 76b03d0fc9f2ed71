package frame

import (
	"fmt"
	"strconv"
	"strings"

	"wdsocket/core/fault"
)

// maxMessage is the option that limits messages.
const maxMessage = "WDS_OPT_MAX_MESSAGE"

// shownBytes is how many offending bytes an error text shows.
const shownBytes = 16

// hexBytes writes bytes as "47 45 54", at most shownBytes of them.
func hexBytes(p []byte) string {
	if len(p) > shownBytes {
		return fmt.Sprintf("% X ...", p[:shownBytes])
	}
	return fmt.Sprintf("% X", p)
}

// hexAny writes alternatives as "0D 0A | 0A".
func hexAny(alternatives [][]byte) string {
	texts := make([]string, len(alternatives))
	for i, a := range alternatives {
		texts[i] = hexBytes(a)
	}
	return strings.Join(texts, " | ")
}

func failure(code fault.Code, note fault.Note, args ...string) *fault.Error {
	return fault.New(code, fault.PhaseFrame, "").With(note, args...)
}

// announcedTooLong is the error for bytes that announce size bytes; option sets the limit.
func announcedTooLong(p []byte, size int64, limit int, option string) *fault.Error {
	return failure(fault.TooLong, noteAnnounced, Shown(p), strconv.FormatInt(size, 10), strconv.Itoa(limit), option)
}

// endlessError is the error for a message whose end does not come.
func endlessError(f Framer, p []byte, limit int) error {
	end, shown := f.EndMark(), Shown(p)
	if !HasMarkers(f) { // whose start marker does not count
		shown = Shown(p[:min(limit, len(p))])
	}
	if len(end) == 0 {
		return failure(fault.TooLong, noteNoSilence, shown, strconv.Itoa(limit))
	}
	if m, is := f.(*markerFramer); is {
		return failure(fault.TooLong, noteNoEndMarker, shown, strconv.Itoa(limit), hexBytes(end), m.by())
	}
	return failure(fault.TooLong, noteNoEnd, shown, strconv.Itoa(limit), hexBytes(end))
}

// checkLimit is the error of a message with n bytes that is over the limit.
func checkLimit(n, limit int) error {
	if n <= limit {
		return nil
	}
	return overLimit(n, limit, maxMessage)
}

// overLimit is the error of a message with n bytes, more than the limit that option sets.
func overLimit(n, limit int, option string) error {
	return failure(fault.TooLong, noteOverLimit, strconv.Itoa(n), strconv.Itoa(limit), option)
}
