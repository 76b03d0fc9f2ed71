package frame

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"wdsocket/core/frame/checksum"
	"wdsocket/core/frame/description"
)

// candidates are the descriptions that may fit p, each once.
func candidates(p []byte) (out []candidate) {
	for _, protocol := range description.Protocols() {
		out = append(out, candidate{name: protocol.Name, text: protocol.Text, doubt: 1})
	}
	for _, end := range [...]string{"0D0A", "0A", "0D", "(0D0A|0A|0D)", "00", "03", "04", `";"`, `"#"`} {
		out = append(out, candidate{text: "data " + end, doubt: 1})
	}
	out = append(out, candidate{text: View(Defaults())})
	for _, number := range [...]string{"dec2", "dec3", "dec4", "dec5", "dec6", "dec8", "hex2", "hex4", "hex8", "bcd2", "bcd4", "ber", "vlq"} {
		out = append(out, candidate{text: "len:" + number + " data", doubt: 4})
	}
	return append(append(out, markerCandidates(p)...), lengthCandidates(p)...)
}

// markerCandidates are those with the byte that p begins with as start marker, and end
// markers that occur, with the check bytes of the first message.
func markerCandidates(p []byte) (out []candidate) {
	if len(p) == 0 || p[0] != 0x01 && p[0] != 0x02 && bytes.IndexByte([]byte(":$#@!/"), p[0]) < 0 {
		return nil
	}
	for _, end := range [...]string{"03", "04", "(03|17)", "0D", "0D0A", "0A"} {
		d, err := description.Parse("data " + end)
		if err != nil {
			continue
		}
		for _, marker := range d.Read.Parts[1].Alternatives {
			at := bytes.Index(p[1:], marker) + 1
			if at == 0 {
				continue
			}
			out = append(out, candidate{text: fmt.Sprintf("%02X data %s", p[0], end), doubt: 3})
			out = append(out, checkCandidates(p, at, len(marker), end)...)
		}
	}
	return out
}

// guessChecks are the check bytes that devices have.
var guessChecks = [...]string{
	"xor", "sum", "lrc", "sum-16", "crc-8", "crc-16/modbus", "crc-16/arc", "crc-16/xmodem", "crc-16/ccitt-false",
	"crc-16/kermit", "crc-16/x-25", "crc-32",
}

// guessSpan is what check bytes may cover: p[from:to], and how a description says so.
type guessSpan struct {
	text     string
	from, to int
}

// checkCandidates are those with check bytes that are right in the first message, which ends
// at p[at:] by size bytes.
func checkCandidates(p []byte, at, size int, end string) (out []candidate) {
	add := func(format string, args ...any) {
		out = append(out, candidate{text: fmt.Sprintf("s=%02X ", p[0]) + fmt.Sprintf(format, args...), doubt: 5})
	}
	for _, name := range guessChecks {
		algorithm, known := checksum.Find(name)
		if !known {
			continue
		}
		over := func(p []byte) []byte {
			state := algorithm.New()
			state.Update(p)
			return binary.BigEndian.AppendUint64(nil, state.Sum())[8-algorithm.Size():]
		}
		for _, span := range [...]guessSpan{{"d", 1, at}, {"d..e", 1, at + size}, {"s..e", 0, at + size}, {"s..d", 0, at}} {
			for _, how := range written(over(p[span.from:span.to])) {
				if rest, is := bytes.CutPrefix(p[at+size:], how.bytes); is {
					add("d=data e=%s %s%s(%s)%s", end, name, how.suffix, span.text, ending(rest))
				}
			}
		}
		digits := 2 * algorithm.Size()
		if at-digits < 1 {
			continue
		}
		for _, span := range [...]guessSpan{{"d", 1, at - digits}, {"s..d", 0, at - digits}} {
			for _, how := range written(over(p[span.from:span.to])) {
				if how.digits && bytes.Equal(how.bytes, p[at-digits:at]) {
					add("d=data %s%s(%s) e=%s", name, how.suffix, span.text, end)
				}
			}
		}
	}
	return out
}

// asWritten is a way to write check bytes.
type asWritten struct {
	bytes  []byte
	suffix string // in a description
	digits bool
}

// written are check bytes, high byte first, in all ways.
func written(sum []byte) []asWritten {
	if len(sum) == 1 {
		return []asWritten{{sum, "", false}, {hexDigits(sum), "/hex", true}}
	}
	low := bytes.Clone(sum)
	slices.Reverse(low)
	return []asWritten{{sum, "/be", false}, {low, "/le", false}, {hexDigits(sum), "/hex/be", true}, {hexDigits(low), "/hex/le", true}}
}

func hexDigits(p []byte) []byte { return fmt.Appendf(nil, "%X", p) }

// ending is the literal that stands behind check bytes.
func ending(p []byte) string {
	switch {
	case bytes.HasPrefix(p, []byte("\r\n")):
		return " 0D0A"
	case bytes.HasPrefix(p, []byte("\r")):
		return " 0D"
	}
	return ""
}

// lengthCandidates are those with a binary length field that makes p whole messages: they are
// walked through before they are described.
func lengthCandidates(p []byte) (out []candidate) {
	const farthest = 16
	for offset := 0; offset <= farthest; offset++ {
		for width := 1; width <= 4; width++ {
			for _, little := range [...]bool{false, true} {
				if little && width == 1 {
					continue
				}
				prefix := offset + width
				tried := map[int]bool{}
				for _, adjust := range [...]int{0, -prefix, -width, 1, 2, 4} {
					if tried[adjust] {
						continue
					}
					tried[adjust] = true
					if !walks(p, offset, width, little, adjust) {
						continue
					}
					doubt := 2 + float64(offset)
					switch adjust {
					case 0:
					case -prefix:
						doubt++
					default:
						doubt += 3
					}
					out = append(out, candidate{text: lengthText(offset, width, little, adjust), doubt: doubt})
				}
			}
		}
	}
	return out
}

func lengthText(offset, width int, little bool, adjust int) string {
	p := Defaults()
	p.Mode, p.Offset, p.Width, p.LittleEndian, p.Adjustment, p.KeepHeader = Length, offset, width, little, adjust, offset > 0
	return View(p)
}

// walks tells whether p is whole messages of a length field, up to its end, or at least two
// and a part of one.
func walks(p []byte, offset, width int, little bool, adjust int) bool {
	messages := 0
	for at := 0; at < len(p); messages++ {
		if len(p)-at < offset+width {
			return messages >= 2
		}
		rest := uintOf(p[at+offset:at+offset+width], little) + int64(adjust)
		if rest < 0 || rest > math.MaxInt32 {
			return false
		}
		if rest > int64(len(p)-at-offset-width) {
			return messages >= 2
		}
		at += offset + width + int(rest)
	}
	return messages > 0
}

// uintOf reads up to 4 bytes as a number.
func uintOf(p []byte, little bool) int64 {
	var room [8]byte
	if little {
		copy(room[:], p)
		return int64(binary.LittleEndian.Uint64(room[:]))
	}
	copy(room[8-len(p):], p)
	return int64(binary.BigEndian.Uint64(room[:]))
}
