package option

import (
	"strconv"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
)

// WriteFrame says how the framing of what is written differs from that of what is read.
type WriteFrame struct {
	Mode frame.Mode // asReading: no other
	Tag  []byte     // empty: no other
}

// asReading is the mode of writing that is that of reading.
const asReading frame.Mode = -1

// NewFramers makes the framings of what is read and of what is written, one and the same
// where they do not differ. On a WebSocket it is what stands for the modes there, both
// ways.
func (s *Settings) NewFramers() (read, write frame.Framer, err error) {
	params := s.Frame
	params.Records, params.RecordsText = s.WebSocket.On, s.WebSocket.Kind == MessageText
	if read, err = frame.New(params); err != nil {
		return nil, nil, err
	}
	other := s.Write.of(params)
	if params.Records || other.Mode == params.Mode && string(other.Tag) == string(params.Tag) {
		return read, read, nil
	}
	write, err = frame.New(other)
	return read, write, err
}

// of is what is written with, where p is what is read with.
func (w *WriteFrame) of(p frame.Params) frame.Params {
	if w.Mode != asReading {
		p.Mode = w.Mode
	}
	if len(w.Tag) > 0 {
		p.Tag = w.Tag
	}
	return p
}

func setWriteTag(s *Settings, v string) error {
	const longest = 64
	if len(v) > longest {
		return fault.New(fault.Argument, fault.PhaseOption, "text").
			With(fault.NoteRange, strconv.Itoa(len(v)), "0.."+strconv.Itoa(longest)+" WDS_TEXT_WRITE_TAG")
	}
	s.Write.Tag = []byte(v)
	return nil
}
