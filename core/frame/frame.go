// Package frame holds the transmission modes: how messages are told apart in
// a stream of bytes. It is made of pure functions, knows no socket, and never
// waits.
//
// A Params says which mode and with which figures, New makes a Framer of it:
//
//	f, err := frame.New(frame.Defaults())
//	head, body, tail, scratch, err := f.Encode(nil, []byte("Hello World"))
//	// head "11\r\n", body "Hello World", tail nil
//	got, err := f.Decode([]byte("11\r\nHello World"), 0)
//	// got.Start 4, got.Len 11, got.Total 15
package frame

import "time"

// Check is a kind of check bytes behind an end marker. The numbers are those
// of the C interface (WDS_CHECK_).
type Check int32

// The kinds of check bytes, in the order of the header.
const (
	CheckNone       Check = 0
	CheckXOR        Check = 1 // BCC: one byte, all bytes XORed
	CheckSum        Check = 2 // one byte, sum modulo 256
	CheckLRC        Check = 3 // one byte, two's complement of the sum
	CheckCRC16      Check = 4 // two bytes, CRC-16/MODBUS, low byte first
	CheckCRC16CCITT Check = 5 // two bytes, CRC-16/XMODEM, high byte first
)

// Frame is what Decode found at the front of the bytes p it was given.
type Frame struct {
	Start   int   // where the payload begins in p, escapes included
	Len     int   // bytes of the payload as it stands in p: p[Start:Start+Len]
	Size    int   // length of the message that Extract gives, -1 while it is not known
	Total   int   // bytes of p to consume, 0 while the message is not whole
	Need    int   // while not whole: at least so many bytes are needed in all, always > len(p)
	Scanned int   // while not whole: give it to the next Decode of the same bytes and more
	Escaped bool  // the payload holds escape bytes: Len > Size, and only Extract gives the message
	Text    bool  // the message says of itself that it is text: Params.Records
	Marks   Marks // what else is to be known of it
}

// Marks are what else is to be known of a message. They are one byte, so that a Frame is given
// back in registers: every Decode of every mode would be a tenth slower.
type Marks uint8

const (
	IsControl Marks = 1 << iota // the message is a control byte of a description
	IsWrong                     // the check bytes are wrong; beside an error, or of a description that keeps such messages
	IsClosed                    // where Gap is not 0: the message has ended, and no silence is to be waited for
)

// Control tells whether it has IsControl.
func (f Frame) Control() bool { return f.Marks&IsControl != 0 }

// Wrong tells whether it has IsWrong.
func (f Frame) Wrong() bool { return f.Marks&IsWrong != 0 }

// Closed tells whether it has IsClosed.
func (f Frame) Closed() bool { return f.Marks&IsClosed != 0 }

// Framer takes messages out of a stream and puts them into one. A Framer never
// changes and may be used by any number of goroutines at the same time.
type Framer interface {
	// Decode looks for one message at the front of p and never changes p.
	//
	// scanned is 0, or Scanned of the last Decode when p is the same bytes with
	// more behind them; it only saves looking at the same bytes again.
	//
	// A message that is not whole gives Total 0 and no error. Bytes that are no
	// message give a *fault.Error (Frame, Check or TooLong, phase PhaseFrame,
	// Who empty). If then Total > 0, so many bytes are to be consumed, the error
	// is told once and reading goes on behind them; with Total 0 the stream
	// cannot be understood any more.
	//
	// Raw and Gap take all of p as one message, if there is any: it is the
	// caller who knows how much was asked for and when the line fell silent.
	Decode(p []byte, scanned int) (Frame, error)

	// Extract copies the message of a whole Frame that Decode found in p into
	// dst, without escape bytes, and returns its length, f.Size. dst must have
	// room for f.Size bytes.
	Extract(dst, p []byte, f Frame) int

	// Encode gives what to write for message m, in three parts, each of which
	// may be empty. They hold until scratch is used again: head and tail live
	// in newScratch, body is (a part of) m or lives there too when it had to be
	// changed. m is never changed and must not overlap scratch. scratch may be nil; newScratch
	// is to be given to the next Encode.
	//
	// The errors are fault.TagInMessage, fault.TooLong and fault.Frame (m does
	// not fit the mode); nothing is to be sent then.
	Encode(scratch, m []byte) (head, body, tail, newScratch []byte, err error)

	// Gap is the silence that ends a message, 0 in all modes but Gap.
	Gap() time.Duration

	// Stream is true for Raw: there are no messages, any number of bytes may be
	// taken.
	Stream() bool

	// Contiguous tells whether a message stands in the stream byte for byte, as
	// the last thing of what Total counts, and says its length in front: once
	// Decode gives a Size of a message that is not whole, p[Need-Size:Need] is
	// going to be that message, and may be received where it is wanted.
	Contiguous() bool

	// EndMark is what ends a message on the wire, empty where nothing does.
	EndMark() []byte

	// String names the mode and its figures, for texts.
	String() string

	// Resync tells how the next message is found when the one at the front is
	// given up before it is whole.
	Resync() Resync
}

// Place is where a message stands in bytes, and how many of them are over with it.
type Place struct{ Start, Length, Total int32 }

// Bulk deals with many messages at a time in less time than one by one. None of them is text
// or has marks.
type Bulk interface {
	// TakeMany copies the whole messages at the front of p into dst, one behind
	// the other, and the length of each into lengths, as long as both have
	// room. It stops at the first message that is not whole, does not fit or is
	// none: Decode tells what it is. It gives their number, their bytes in dst,
	// and what to consume of p.
	TakeMany(dst []byte, lengths []int32, p []byte) (count, used, taken int)

	// Locate fills in where the whole messages at the front of p stand, as long as there are
	// places, and stops as TakeMany does. It gives their number, and how many bytes of p they
	// are.
	Locate(places []Place, p []byte) (count, taken int)
}

// BulkOf gives the Bulk of a framer that has one, that of Size and of descriptions with a
// binary length in front of all that is looked at; else nil.
func BulkOf(f Framer) Bulk {
	if f, is := f.(*described); is {
		if f.read.short == nil {
			return nil
		}
		return f.read.short
	}
	bulk, _ := f.(Bulk)
	return bulk
}

// FollowerOf gives the Follower of a framer whose messages go by what is in front of them, else
// nil.
func FollowerOf(f Framer) Follower {
	if f, is := f.(*described); is && len(f.read.follow) == 0 && len(f.read.ignore) == 0 && !f.read.noise {
		return nil
	}
	follower, _ := f.(Follower)
	return follower
}

// Put encodes message m into b for a mode that can do so without more memory,
// that of Size and records, and tells how long it is. 0: Encode has to do it.
func Put(f Framer, b, m []byte) int {
	switch f := f.(type) {
	case *sizeFramer:
		return f.put(b, m)
	case *recordFramer:
		return f.put(b, m)
	}
	return 0
}

// Correlator is implemented by framers of protocols whose messages say which
// request they answer: that of the preset "modbus-tcp", and
// of a Field.
type Correlator interface {
	// Answers tells whether reply belongs to request, both as whole messages.
	Answers(request, reply []byte) bool

	// Asked names a request.
	Asked(request []byte) string

	// Answered names the request that a message answers.
	Answered(reply []byte) string

	// Meant tells whether p, bytes that are no message, is the answer to request,
	// damaged, as far as its beginning shows.
	Meant(request, p []byte) bool

	// Find looks for the answer to request behind the beginning of p, which is
	// another message, or a part of one. It gives where that answer begins, and
	// the error of what stands in front of it; or 0.
	Find(request, p []byte) (at int, err error)
}

// New makes the Framer for p, or gives p.Validate's error. It keeps copies of
// p's slices.
func New(p Params) (Framer, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if p.Records && p.Mode.Whole() {
		return &recordFramer{limit: p.Limit, text: p.RecordsText}, nil
	}
	if p.Mode == Described {
		return newDescribed(p)
	}
	return framers[p.Mode](p), nil
}

// whole is what framers have in common whose messages stand in the stream as
// they are and which know no silence.
type whole struct{}

func (whole) Extract(dst, p []byte, f Frame) int { return copy(dst, p[f.Start:f.Start+f.Len]) }
func (whole) Gap() time.Duration                 { return 0 }
func (whole) Stream() bool                       { return false }

// announced is what framers have in common whose messages say their length in
// front, or need not say it, and are the last thing of what they stand in.
type announced struct{ whole }

func (announced) Contiguous() bool { return true }
func (announced) Resync() Resync   { return ResyncLength }

// incomplete is a message that is not whole yet.
func incomplete(size, need, scanned int) Frame {
	return Frame{Size: size, Need: need, Scanned: scanned}
}

// bad is the Frame beside an error: consume total bytes, 0 for none.
func bad(total int) Frame { return Frame{Size: -1, Total: total} }
