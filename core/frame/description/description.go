// Package description is the language of WDS_TEXT_FRAME: the parts of a message in the
// order in which they stand on the wire. Parse reads a text, String prints it in canonical
// form. It knows what may be said, not how it is decoded: package frame does that.
package description

// Description says how messages are told apart, for each direction.
type Description struct {
	Read  *Frame
	Write *Frame // nil: as Read
}

// Frame is one direction.
type Frame struct {
	Parts   []Part
	Options Options
}

// Kind is what a Part is.
type Kind uint8

// The kinds of parts.
const (
	Literal Kind = iota // one of Alternatives
	Header              // Bytes bytes that the description does not explain: read over, written as 0
	Length              // a length field
	Data                // the message
	Check               // check bytes
)

// Part is one part of a frame. Which fields count, Kind says.
type Part struct {
	Kind  Kind
	Label string // "" for none

	// Literal: at least one, none empty, none twice. The first is written; of those that
	// fit, the longest is read. Where the bytes that came are one and may become a longer
	// one (CR of CR LF), the message is given at once, and the rest is swallowed if it
	// comes.
	Alternatives [][]byte

	Bytes int // Header: how many; Data: how many, 0 for what length, end marker or silence say

	Length LengthField // Length
	Escape Escape      // Data
	Check  CheckField  // Check
}

// Encoding is how a number is written.
type Encoding uint8

// The encodings of a number.
const (
	Binary  Encoding = iota // Width bytes, 1 to 8
	Decimal                 // Width ASCII digits; 0: 1 to 10 digits and then the Delimiter
	Hex                     // Width hexadecimal digits, written in capitals
	BCD                     // Width digits, an even number, two a byte
	Varint                  // base 128, low group first: MQTT, protobuf
	VLQ                     // base 128, high group first
	BER                     // X.690: one byte below 128, or 80+n and n bytes
	ZVT                     // one byte, or FF and two bytes, low byte first
)

// LengthField is how a length is read and what it counts.
type LengthField struct {
	Encoding     Encoding
	Width        int
	LittleEndian bool   // Binary
	Delimiter    []byte // Decimal with Width 0
	Mask         uint64 // 0 for none; only Binary, within its width
	Shift        int    // to the right, after Mask; only Binary. Written, all other bits are 0
	Span         *Span  // which parts it counts, Data among them; nil: everything behind it
	Adjust       int    // added to the value to give the count
}

// Span is parts from From to To, both included: indexes of Frame.Parts.
type Span struct{ From, To int }

// Escape is how data may contain what ends it. Only data that an end marker ends has one.
type Escape struct {
	Byte byte
	Mode EscapeMode
}

// EscapeMode is what an escape byte does.
type EscapeMode uint8

// The escape modes.
const (
	NoEscape EscapeMode = iota
	Protect             // "~10": the byte behind it is data
	Double              // "~~10": it is data when it stands twice (DLE stuffing)
	Quote               // "~'22": between two of them nothing ends the message; they belong to it
)

// CheckField is check bytes: a name of package checksum, how they are written, and over what.
type CheckField struct {
	Name     string   // in small letters: "crc-16/modbus", "xor", or "crc(16,8005,...)"
	Encoding Encoding // Binary, Hex or Decimal: as many digits as the highest value has
	Order    Order    // of the bytes, before they are written as digits
	Wire     bool     // over the bytes on the wire, escape bytes among them; otherwise without these
	Pairs    bool     // over the bytes that pairs of hexadecimal digits there stand for: Modbus ASCII
	Span     Span     // neither itself nor a check behind it
}

// Order is an order of bytes.
type Order uint8

// The orders of check bytes.
const (
	Natural Order = iota // the catalogue's own
	LowFirst
	HighFirst
)

// Wrong is what happens to a message with wrong check bytes.
type Wrong uint8

// What bad= says.
const (
	Skip Wrong = iota // an error, and reading goes on behind it
	NAK               // the same, and the control byte NAK (15) is sent
	Keep              // the message is given, and the host is told
)

// Options are what stands behind ";". Those of writing are Keep and Max.
type Options struct {
	Keep    bool     // messages include everything in front of the data
	Restart bool     // a start marker inside a message begins it anew
	Noise   bool     // what stands before a start marker is dropped without an error
	Max     int      // bytes of a message at most, 0: WDS_OPT_MAX_MESSAGE
	Gap     int      // milliseconds of silence that end a message, 0: none. An end marker may come first
	Ignore  [][]byte // dropped between messages
	Control []byte   // bytes that are messages of their own between messages
	Wrong   Wrong
}

// Raw tells whether a frame has no messages: it is data and nothing says where it ends.
func (f *Frame) Raw() bool {
	return len(f.Parts) == 1 && f.Parts[0].Kind == Data && f.Parts[0].Bytes == 0 && f.Options.Gap == 0
}

// Data is the index of the one part that is the message.
func (f *Frame) Data() int { return f.first(func(p *Part) bool { return p.Kind == Data }) }

// Deciding is the index of the length that says where the data ends: the first, with
// which all others must agree. -1 if there is none.
func (f *Frame) Deciding() int { return f.first(func(p *Part) bool { return p.Kind == Length }) }

// End is the index of the literal that ends the data where no length and no number of
// bytes does. Only check bytes in digits may stand between the two. -1 if there is none.
func (f *Frame) End() int {
	data := f.Data()
	if data < 0 || f.Deciding() >= 0 || f.Parts[data].Bytes > 0 {
		return -1
	}
	for i := data + 1; i < len(f.Parts); i++ {
		switch p := &f.Parts[i]; {
		case p.Kind == Literal:
			return i
		case p.Kind != Check || p.Check.Encoding == Binary:
			return -1
		}
	}
	return -1
}

// first is the index of the first part of which is says so, -1 for none.
func (f *Frame) first(is func(p *Part) bool) int {
	for i := range f.Parts {
		if is(&f.Parts[i]) {
			return i
		}
	}
	return -1
}
