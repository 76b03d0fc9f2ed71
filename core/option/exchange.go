package option

import (
	"strconv"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
)

// Exchange says what stands before the answer to a request, and how an answer is known.
type Exchange struct {
	Echo    bool   // the request comes back before its answer
	Ack     []byte // what confirms a request before its answer, empty for nothing
	Nak     []byte // what refuses one, empty for nothing
	Repeats int    // how often a refused request is written again

	fieldAt, answerAt, fieldWidth int // -1: no field; -1: the same place
}

// noField are the settings without one.
var noField = Exchange{fieldAt: -1, answerAt: -1, fieldWidth: 2}

// Plain tells whether nothing stands before an answer.
func (e *Exchange) Plain() bool { return !e.Echo && len(e.Ack) == 0 && len(e.Nak) == 0 }

// Field is the field by which answers are known; false if there is none.
func (e *Exchange) Field() (frame.Field, bool) {
	f := frame.Field{At: e.fieldAt, AnswerAt: e.answerAt, Width: e.fieldWidth}
	if f.AnswerAt < 0 {
		f.AnswerAt = f.At
	}
	return f, f.At >= 0
}

// beforeAnswer is an option of bytes that may stand before an answer.
func beforeAnswer(name string, field func(*Exchange) *[]byte) Text {
	const longest = 16
	return Text{Name: name, binary: true, Effect: Anytime,
		Get: func(s *Settings) string { return string(*field(&s.Exchange)) },
		Set: func(s *Settings, v string) error {
			if len(v) > longest {
				return fault.New(fault.Argument, fault.PhaseOption, "text").
					With(fault.NoteRange, strconv.Itoa(len(v)), "0.."+strconv.Itoa(longest)+" "+name)
			}
			*field(&s.Exchange) = []byte(v)
			return nil
		}}
}
