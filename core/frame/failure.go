package frame

import (
	"fmt"
	"strconv"

	"wdsocket/core/fault"
)

// shownBytes is how many offending bytes an error text shows.
const shownBytes = 16

// hexBytes writes bytes as "47 45 54", at most shownBytes of them.
func hexBytes(p []byte) string {
	if len(p) > shownBytes {
		return fmt.Sprintf("% X ...", p[:shownBytes])
	}
	return fmt.Sprintf("% X", p)
}

func failure(code fault.Code, note fault.Note, args ...string) *fault.Error {
	return fault.New(code, fault.PhaseFrame, "").With(note, args...)
}

// announcedTooLong is the error for bytes that announce size bytes.
func announcedTooLong(p []byte, size int64, limit int) *fault.Error {
	return failure(fault.TooLong, noteAnnounced, Shown(p), strconv.FormatInt(size, 10), strconv.Itoa(limit))
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
	text := noteNoEnd
	if HasMarkers(f) {
		text = noteNoEndMarker
	}
	return failure(fault.TooLong, text, shown, strconv.Itoa(limit), hexBytes(end))
}

// checkLimit is the error of a message with n bytes that is over the limit.
func checkLimit(n, limit int) error {
	if n <= limit {
		return nil
	}
	return failure(fault.TooLong, noteOverLimit, strconv.Itoa(n), strconv.Itoa(limit))
}
