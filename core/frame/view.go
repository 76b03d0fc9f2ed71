package frame

import (
	"bytes"
	"time"

	"wdsocket/core/frame/description"
)

// View is the description, as WDS_TEXT_FRAME has it, of the mode and the figures of p, which
// are valid: messages are told apart and written the same. It is "" for p.Records. What p
// says besides is none of a framing: its limit is max=, and CheckField refuses what the
// host writes.
func View(p Params) string {
	switch {
	case p.Records && p.Mode.Whole():
		return ""
	case p.Mode == Described:
		return p.DescriptionText
	}
	d := description.Description{Read: &description.Frame{}}
	switch p.Mode {
	case EndTag, EndTagBuffer:
		d.Read.Parts = []description.Part{{Kind: description.Data}, literal("", p.Tag)}
		if p.TagAsIs {
			d.Write = &description.Frame{Parts: []description.Part{{Kind: description.Data}}}
		}
	case Size:
		field := description.LengthField{Encoding: description.Decimal, Delimiter: []byte("\r\n")}
		d.Read.Parts = []description.Part{{Kind: description.Length, Length: field}, {Kind: description.Data}}
	case Raw:
		d.Read.Parts = []description.Part{{Kind: description.Data}}
	case Length:
		d.Read = lengthView(p)
	case Fixed:
		d.Read.Parts = []description.Part{{Kind: description.Data, Bytes: p.Length}}
	case Markers:
		d.Read = markersView(p)
	case Gap:
		d.Read.Parts = []description.Part{{Kind: description.Data}}
		d.Read.Options.Gap = int(p.Gap / time.Millisecond)
	}
	return d.String()
}

// literal is a part that stands there as it is.
func literal(label string, p []byte) description.Part {
	return description.Part{Label: label, Alternatives: [][]byte{bytes.Clone(p)}}
}

func lengthView(p Params) *description.Frame {
	f := &description.Frame{Options: description.Options{Keep: p.KeepHeader}}
	header := p.Header[:min(len(p.Header), p.Offset)]
	if p.KeepHeader {
		header = nil
	}
	if len(header) > 0 {
		f.Parts = append(f.Parts, literal("", header))
	}
	if n := p.Offset - len(header); n > 0 {
		f.Parts = append(f.Parts, description.Part{Kind: description.Header, Bytes: n})
	}
	field := description.LengthField{Width: p.Width, LittleEndian: p.LittleEndian && p.Width > 1, Adjust: p.Adjustment}
	f.Parts = append(f.Parts, description.Part{Kind: description.Length, Length: field}, description.Part{Kind: description.Data})
	return f
}

// checkNames are the names of check bytes in descriptions.
var checkNames = map[Check]string{
	CheckXOR:        "xor",
	CheckSum:        "sum",
	CheckLRC:        "lrc",
	CheckCRC16:      "crc-16/modbus",
	CheckCRC16CCITT: "crc-16/xmodem",
}

func markersView(p Params) *description.Frame {
	f := &description.Frame{Options: description.Options{Restart: p.restart()}}
	data := description.Part{Kind: description.Data}
	if len(p.Escape) > 0 {
		data.Escape = description.Escape{Byte: p.Escape[0], Mode: description.Protect}
	}
	if p.Check == CheckNone {
		if len(p.Start) > 0 {
			f.Parts = append(f.Parts, literal("", p.Start))
		}
		f.Parts = append(f.Parts, data, literal("", p.End))
		return f
	}
	if len(p.Start) > 0 {
		f.Parts = append(f.Parts, literal("s", p.Start))
	}
	data.Label = "d"
	at := len(f.Parts)
	span := description.Span{From: at, To: at}
	if p.CheckSpan&spanStart != 0 {
		span.From = 0
	}
	if p.CheckSpan&spanEnd != 0 {
		span.To = at + 1
	}
	check := description.CheckField{Name: checkNames[p.Check], Span: span}
	f.Parts = append(f.Parts, data, literal("e", p.End), description.Part{Kind: description.Check, Check: check})
	return f
}
