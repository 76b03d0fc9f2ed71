package frame

import "bytes"

// Field is the Correlator of messages that say in a field which request they answer:
// Width bytes, At bytes behind the beginning of a request and AnswerAt bytes behind that
// of its answer.
type Field struct{ At, AnswerAt, Width int }

// Fits tells whether a request is long enough to have the field.
func (f Field) Fits(request []byte) bool { return len(request) >= f.At+f.Width }

// Answers tells whether both have the same field.
func (f Field) Answers(request, reply []byte) bool {
	return f.Fits(request) && len(reply) >= f.AnswerAt+f.Width &&
		bytes.Equal(request[f.At:f.At+f.Width], reply[f.AnswerAt:f.AnswerAt+f.Width])
}

// Asked shows the field of a request.
func (f Field) Asked(request []byte) string { return shownField(request, f.At, f.Width) }

// Answered shows the field of an answer.
func (f Field) Answered(reply []byte) string { return shownField(reply, f.AnswerAt, f.Width) }

func shownField(message []byte, at, width int) string {
	return Shown(message[min(at, len(message)):min(at+width, len(message))])
}

// Meant knows nothing of what is no message.
func (Field) Meant(_, _ []byte) bool { return false }

// Find finds no answer inside other messages.
func (Field) Find(_, _ []byte) (at int, err error) { return 0, nil }
