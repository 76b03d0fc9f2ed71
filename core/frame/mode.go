package frame

// Mode is a transmission mode. The numbers are those of the C interface
// (WDS_MODE_).
type Mode int32

// The modes, in the order of the header.
const (
	EndTag       Mode = 0 // message, then the end tag
	Size         Mode = 1 // length in decimal digits, CR LF, message
	EndTagBuffer Mode = 2 // the same bytes as EndTag
	Raw          Mode = 3 // bytes as they come, no messages
	Length       Mode = 4 // a binary length field
	Fixed        Mode = 5 // every message has the same length
	Markers      Mode = 6 // start and end markers, escape, check bytes
	Gap          Mode = 7 // a silence ends a message
	Described    Mode = 8 // as a description says: WDS_TEXT_FRAME
)

// framers makes the framer of each mode. What else is to be known of a mode, its
// Framer says: no list of modes is kept anywhere else.
var framers = [...]func(Params) Framer{
	EndTag:       newTagFramer,
	Size:         func(p Params) Framer { return &sizeFramer{limit: p.Limit} },
	EndTagBuffer: newTagFramer,
	Raw:          func(p Params) Framer { return rawFramer{plain{p.Limit}} },
	Length:       newLengthFramer,
	Fixed:        func(p Params) Framer { return fixedFramer{length: p.Length} },
	Markers:      newMarkerFramer,
	Gap:          func(p Params) Framer { return gapFramer{plain{p.Limit}, p.Gap} },
}

// Modes are the modes that have figures, in the order of the header: from 0 on without a
// gap. Described has a description.
func Modes() []Mode {
	all := make([]Mode, len(framers))
	for i := range all {
		all[i] = Mode(i)
	}
	return all
}

// last is the one with the highest number.
const last = Mode(len(framers) - 1)

// Highest is the mode with the highest number there is.
func Highest() Mode { return Described }

// Valid tells whether there is such a mode.
func (m Mode) Valid() bool { return m >= 0 && m <= last || m == Described }

// Whole tells whether the mode has messages: Raw has none.
func (m Mode) Whole() bool { return m != Raw }

// Tagged tells whether the mode has an end tag.
func (m Mode) Tagged() bool { return m == EndTag || m == EndTagBuffer }

// Resync is how the next message is found when the one at the front is given up
// before it is whole.
type Resync uint8

const (
	// ResyncLength: behind it, and nowhere else. It has to come to its end before
	// it can be thrown away.
	ResyncLength Resync = iota
	// ResyncTag: behind the next end tag, or at the next start marker. What there
	// is of the message may be thrown away at once.
	ResyncTag
	// ResyncAnywhere: nothing in the bytes says where a message begins. What there
	// is may be thrown away at once.
	ResyncAnywhere
)
