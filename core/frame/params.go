package frame

import (
	"bytes"
	"math"
	"strconv"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/frame/description"
)

// Params says which transmission mode and with which figures. Start from
// Defaults: the zero value is not valid. The ranges are those of the C
// interface (WDS_OPT_FRAME_ and WDS_TEXT_FRAME_).
type Params struct {
	Mode         Mode
	Tag          []byte        // the end tag, 1 to 64 bytes
	TagAsIs      bool          // the end tag is neither appended nor refused on write
	Limit        int           // bytes of the longest message, both ways, 1..2147483647
	Offset       int           // where the length field begins, 0..255
	Width        int           // bytes of the length field: 1, 2 or 4
	LittleEndian bool          // the length field has its low byte first
	Adjustment   int           // bytes behind the length field = its value + this, -65536..65536
	KeepHeader   bool          // messages include everything up to and with the length field
	CheckField   bool          // with KeepHeader: a message whose length field does not fit is refused, and not put right
	Header       []byte        // what stands before a length field that is not kept, at most 255 bytes
	Length       int           // length of a fixed message, 1..2147483647
	Gap          time.Duration // silence that ends a message, 1 ms to 60 s
	Start        []byte        // start marker, at most 16 bytes
	End          []byte        // end marker, 1 to 16 bytes
	Escape       []byte        // escape byte, none or one
	Check        Check         // check bytes behind the end marker
	CheckSpan    int           // what the check covers besides the message: 0 nothing, 1 start marker, 2 end marker, 3 both
	Restart      bool          // a start marker inside a message begins it anew
	Records      bool          // a layer below keeps messages apart: all modes but Raw are that of records
	RecordsText  bool          // with Records: what is written is text

	Description     *description.Description // how messages are told apart in Described
	DescriptionText string                   // the same in words

	preset   string // that set the mode and its figures: PresetInUse
	restarts bool   // Restart is the preset's, and goes with its markers
	modbus   bool   // set by the preset "modbus-tcp": messages begin with a transaction number
}

// What CheckSpan is made of.
const (
	spanStart = 1
	spanEnd   = 2
)

// Defaults gives the size mode with a limit of 16 MiB, and what the header
// states as defaults for the figures of the other modes.
func Defaults() Params {
	return Params{
		Mode:      Size,
		Tag:       []byte{0x1A},
		Limit:     16 << 20,
		Width:     2,
		Length:    1,
		Gap:       50 * time.Millisecond,
		Start:     []byte{0x02},
		End:       []byte{0x03},
		CheckSpan: spanEnd,
	}
}

// Validate checks the range of every figure, also of those that the mode does
// not use, and for the mode in use that its figures fit together. The error is
// a *fault.Error with fault.Argument whose Who is the option's name in the C
// interface.
func (p Params) Validate() error {
	for _, r := range p.ranges() {
		if r.value < r.low || r.value > r.high {
			return outside(r.name, r.value, r.low, r.high)
		}
	}
	if p.Width == 3 {
		return wrongArgument("WDS_OPT_FRAME_WIDTH").With(noteOption, "3", "1, 2, 4")
	}
	switch p.Mode {
	case Fixed:
		if p.Length > p.Limit {
			return wrongArgument("WDS_OPT_FRAME_LENGTH").With(noteFixedOverLimit, strconv.Itoa(p.Length), strconv.Itoa(p.Limit))
		}
	case Markers:
		return p.validateEscape()
	}
	return nil
}

// numbered is a figure with the range it must be in.
type numbered struct {
	name             string
	value, low, high int64
}

func (p Params) ranges() [14]numbered {
	return [...]numbered{
		{"WDS_OPT_MODE", int64(p.Mode), 0, int64(Described)},
		{"WDS_TEXT_TAG", int64(len(p.Tag)), 1, 64},
		{"WDS_OPT_MAX_MESSAGE", int64(p.Limit), 1, math.MaxInt32},
		{"WDS_OPT_FRAME_OFFSET", int64(p.Offset), 0, 255},
		{"WDS_OPT_FRAME_WIDTH", int64(p.Width), 1, 4},
		{"WDS_OPT_FRAME_ADJUSTMENT", int64(p.Adjustment), -65536, 65536},
		{"WDS_TEXT_FRAME_HEADER", int64(len(p.Header)), 0, 255},
		{"WDS_OPT_FRAME_LENGTH", int64(p.Length), 1, math.MaxInt32},
		{"WDS_OPT_FRAME_GAP", p.Gap.Milliseconds(), 1, 60000},
		{"WDS_TEXT_FRAME_START", int64(len(p.Start)), 0, 16},
		{"WDS_TEXT_FRAME_END", int64(len(p.End)), 1, 16},
		{"WDS_TEXT_FRAME_ESCAPE", int64(len(p.Escape)), 0, 1},
		{"WDS_OPT_FRAME_CHECK", int64(p.Check), int64(CheckNone), int64(CheckCRC16CCITT)},
		{"WDS_OPT_FRAME_CHECK_SPAN", int64(p.CheckSpan), 0, spanStart | spanEnd},
	}
}

// validateEscape refuses an escape byte that cannot be told from the end
// marker. An end marker may begin with the escape byte (DLE ETX with DLE as
// escape) if its second byte never follows an escape inside a message.
func (p Params) validateEscape() error {
	if len(p.Escape) == 0 || p.Escape[0] != p.End[0] {
		return nil
	}
	if len(p.End) > 1 && p.End[1] != p.Escape[0] && (len(p.Start) == 0 || p.End[1] != p.Start[0]) {
		return nil
	}
	return wrongArgument("WDS_TEXT_FRAME_ESCAPE").With(noteEscape, hexBytes(p.Escape), hexBytes(p.End))
}

// OwnMarkers notes that a marker was chosen: what a preset says of a start marker
// inside a message holds for its own markers only.
func (p *Params) OwnMarkers() {
	if p.restarts {
		p.Restart, p.restarts = false, false
	}
}

// SetRestart chooses what a start marker inside a message does, whatever the
// markers are.
func (p *Params) SetRestart(on bool) { p.Restart, p.restarts = on, false }

// restart tells whether a start marker inside a message can be told from all that
// may stand there: that is to be done, there is one, and it is neither the end
// marker nor what an escape byte and the byte that it protects look like.
func (p Params) restart() bool {
	if !p.Restart || len(p.Start) == 0 || bytes.Equal(p.Start, p.End) {
		return false
	}
	if len(p.Escape) == 0 || p.Start[0] != p.Escape[0] {
		return true
	}
	return len(p.Start) > 1 && p.Start[1] != p.Escape[0] && p.Start[1] != p.End[0]
}

func wrongArgument(name string) *fault.Error {
	return fault.New(fault.Argument, fault.PhaseOption, name)
}

func outside(name string, value, low, high int64) error {
	span := strconv.FormatInt(low, 10) + ".." + strconv.FormatInt(high, 10)
	return wrongArgument(name).With(noteOption, strconv.FormatInt(value, 10), span)
}
