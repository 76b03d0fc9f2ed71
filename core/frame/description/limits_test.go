package description

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// limits are those of the language, in the order in which the guides list them: a text with so
// many of something is understood from low to high, and not beyond.
var limits = []struct {
	low, high int
	text      func(n int) string
}{
	{len("data 02"), MaxText, func(n int) string { return "data" + strings.Repeat(" ", n-len("data02")) + "02" }},
	{1, MaxParts, func(n int) string { return "data" + strings.Repeat(" 02", n-1) }},
	{1, maxAlternatives, func(n int) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf("%02X", i))
		}
		return "data (" + strings.Join(all, "|") + ")"
	}},
	{1, maxLiteral, func(n int) string { return "data " + strings.Repeat("41", n) }},
	{1, maxLabel, func(n int) string { return strings.Repeat("a", n) + "=data 03" }},
	{1, maxHeader, func(n int) string { return fmt.Sprintf("hdr:%d data 03", n) }},
	{1, maxAdjust, func(n int) string { return fmt.Sprintf("len:u32be+%d data", n) }},
	{1, maxAdjust, func(n int) string { return fmt.Sprintf("len:u32be-%d data", n) }},
	{1, 63, func(n int) string { return fmt.Sprintf("len:u64be>>%d data", n) }},
	{1, 18, func(n int) string { return fmt.Sprintf("len:dec%d data", n) }},
	{1, 16, func(n int) string { return fmt.Sprintf("len:hex%d data", n) }},
	{1, 9, func(n int) string { return fmt.Sprintf("len:bcd%d data", 2*n) }},
	{1, 8, func(n int) string { return fmt.Sprintf("len:u%d data", 8*n) }},
	{1, maxNumber, func(n int) string { return fmt.Sprintf("data:%d", n) }},
	{1, maxNumber, func(n int) string { return fmt.Sprintf("data 03 ; max=%d", n) }},
	{1, maxGap, func(n int) string { return fmt.Sprintf("data ; gap=%d", n) }},
}

func TestLimits(t *testing.T) {
	for _, l := range limits {
		for n, ok := range map[int]bool{l.low: true, l.high: true, l.high + 1: false} {
			_, err := Parse(l.text(n))
			assert.Equal(t, ok, err == nil, "%.60q: %v", l.text(n), err)
		}
		if l.low == 1 && !strings.Contains(l.text(1), "(") && len(l.text(1)) > len("data 41") {
			_, err := Parse(l.text(0))
			assert.Error(t, err, l.text(0))
		}
	}
}

// TestTheGuidesTellTheLimits, in their order, and the header tells those that are met first.
func TestTheGuidesTellTheLimits(t *testing.T) {
	span := func(low, high int) string { return strconv.Itoa(low) + ".." + strconv.Itoa(high) }
	want := []string{
		strconv.Itoa(MaxText), strconv.Itoa(MaxParts), strconv.Itoa(maxAlternatives), span(1, maxLiteral), strconv.Itoa(maxLabel), span(1, maxHeader),
		span(1, maxAdjust), span(1, 63), span(8, 64), span(1, 18), span(1, 16), span(2, 18), span(1, 10), span(1, maxNumber), span(1, maxGap), "4096",
	}
	number := regexp.MustCompile("`([0-9.]+)`")
	for file, section := range map[string]string{"framing.md": "\n### Limits\n", "framing.fr.md": "\n### Limites\n"} {
		text, err := os.ReadFile("../../../docs/" + file)
		require.NoError(t, err)
		_, table, found := strings.Cut(string(text), section)
		require.True(t, found, file)
		table, _, _ = strings.Cut(table, "\n#")
		var told []string
		for _, m := range number.FindAllStringSubmatch(table, -1) {
			told = append(told, m[1])
		}
		assert.Equal(t, want, told, file)
	}
	header, err := os.ReadFile("../../../include/wdsocket.h")
	require.NoError(t, err)
	plain := strings.Join(strings.Fields(string(header)), " ")
	for _, sentence := range []string{
		"text 1.." + strconv.Itoa(MaxText) + " bytes, " + strconv.Itoa(MaxParts) + " parts in each direction, " + strconv.Itoa(maxAlternatives) + " alternatives",
		"bytes and texts " + span(1, maxLiteral) + ", labels " + strconv.Itoa(maxLabel) + ", hdr " + span(1, maxHeader),
		"data and max " + span(1, maxNumber) + ", gap " + span(1, maxGap) + ", + and - " + span(1, maxAdjust),
	} {
		assert.Contains(t, plain, sentence)
	}
}
