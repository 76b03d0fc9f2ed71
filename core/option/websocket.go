package option

import (
	"strconv"
	"unicode/utf8"

	"wdsocket/core/fault"
)

// The kinds of a WebSocket's messages (WDS_WEBSOCKET_).
const (
	MessageText   = 1
	MessageBinary = 2
)

// WebSocket are the options of WebSockets. Lists are kept as they were written, and are
// known to be right.
type WebSocket struct {
	On          bool // the socket is one: no option, the way it was opened decides it
	Kind        int  // of messages that are written
	Compression bool
	CloseCode   int
	CloseReason string

	Paths, Protocols, Origins, Headers, Page string
}

const (
	closeNormal   = 1000 // the close code of an end in order
	longestReason = 123  // bytes
	longestPage   = 1 << 20
)

// websocketText is an option of WebSockets whose value check looks at.
func websocketText(name string, field func(*WebSocket) *string, check func(name, text string) error) Text {
	o := text("WDS_TEXT_WEBSOCKET_"+name, Anytime, func(s *Settings) *string { return field(&s.WebSocket) })
	set := o.Set
	o.Set = func(s *Settings, v string) error {
		if err := check(o.Name, v); err != nil {
			return err
		}
		return set(s, v)
	}
	return o
}

// list is the check of a value with several parts.
func list(parse func(name, text string) ([]string, error)) func(name, text string) error {
	return func(name, text string) error {
		_, err := parse(name, text)
		return err
	}
}

func checkPage(name, text string) error { return checkText(name, text, longestPage) }

func checkReason(name, text string) error { return checkText(name, text, longestReason) }

// checkText refuses what is longer than most bytes, or is not UTF-8.
func checkText(name, text string, most int) error {
	switch {
	case len(text) > most:
		return fault.New(fault.TooLong, fault.PhaseOption, name).With(fault.NoteTooLong, strconv.Itoa(len(text)), strconv.Itoa(most))
	case !utf8.ValidString(text):
		return fault.New(fault.Text, fault.PhaseOption, name)
	}
	return nil
}

// setCloseCode takes the codes that RFC 6455 lets a program send.
func setCloseCode(s *Settings, v int32) error {
	switch {
	case v >= 1000 && v <= 1003, v >= 1007 && v <= 1014, v >= 3000:
		s.WebSocket.CloseCode = int(v)
		return nil
	}
	return fault.New(fault.Argument, fault.PhaseOption, "value").
		With(fault.NoteRange, strconv.Itoa(int(v)), "1000..1003, 1007..1014, 3000..4999 WDS_OPT_WEBSOCKET_CLOSE_CODE")
}
