package frame

import (
	"bytes"

	"wdsocket/core/frame/description"
)

// validate tells what of a description contradicts itself. What is only written need not be
// found again: that is for the peer.
func validate(s *side, write bool) error {
	announced := s.announced()
	for i := range s.parts {
		p := &s.parts[i]
		switch {
		case p.Kind == description.Length && i > s.data,
			p.Kind == description.Length && (p.span.From > s.data || p.span.To < s.data):
			return impossible(noteLengthPlace)
		case (p.Kind == description.Length || p.Kind == description.Check) && (p.span.From < 0 || p.span.To >= len(s.parts) || p.span.From > p.span.To):
			return impossible(noteSpan)
		case i > s.data && !p.fixed && (announced && s.inLength(i) || s.silent() && !write):
			return impossible(noteVaryingEnd)
		}
	}
	switch {
	case s.ambiguous:
		return impossible(noteControlStart)
	case announced && s.gap > 0:
		return impossible(noteLengthGap)
	case s.silent() && !write && s.gap == 0 && len(s.parts) > 1:
		return impossible(noteNoEndAtAll)
	case s.escape.Mode != description.NoEscape && s.end < 0:
		return impossible(noteEscapeNoEnd)
	}
	return validateMarks(s)
}

// validateMarks tells what of the markers cannot be told apart.
func validateMarks(s *side) error {
	if s.end < 0 {
		return nil
	}
	escape := s.escape.Byte
	for _, a := range s.parts[s.end].Alternatives {
		switch s.escape.Mode {
		case description.Double:
			if len(a) < 2 || a[0] != escape || a[1] == escape {
				return impossible(noteDouble, hexBytes([]byte{escape}), hexBytes(a))
			}
		case description.Protect:
			if !s.told(a) {
				return impossible(noteEscape, hexBytes([]byte{escape}), hexBytes(a))
			}
		case description.Quote:
			if a[0] == escape {
				return impossible(noteEscape, hexBytes([]byte{escape}), hexBytes(a))
			}
		}
		if s.restart {
			for _, start := range s.start.Alternatives {
				if bytes.Equal(start, a) || s.escape.Mode == description.Protect && !s.told(start) || s.escape.Mode == description.Quote && start[0] == escape ||
					s.escape.Mode == description.Double && start[0] == escape && (len(start) < 2 || start[1] == escape) {
					return impossible(noteRestartMarks, hexBytes(start), hexBytes(a))
				}
			}
		}
	}
	return nil
}

// told tells whether a marker can be told from the escape byte and what it protects: it begins
// with another byte, or goes on with one that is never protected.
func (s *escaping) told(marker []byte) bool {
	return marker[0] != s.escape.Byte || len(marker) > 1 && !s.special[marker[1]]
}
