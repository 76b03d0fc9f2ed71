package frame

import (
	"encoding/hex"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/frame/description"
)

// rows are the tables of a section of a guide, cell by cell, without heads.
func rows(t *testing.T, file, section string) (all [][]string) {
	text, err := os.ReadFile("../../docs/" + file)
	require.NoError(t, err)
	_, text2, found := strings.Cut(string(text), "\n## "+section+"\n")
	require.True(t, found, "%s: %s", file, section)
	text2, _, _ = strings.Cut(text2, "\n## ")
	for line := range strings.Lines(text2) {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		line = strings.ReplaceAll(strings.TrimSpace(line), `\|`, "\x00")
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		for i := range cells {
			cells[i] = strings.ReplaceAll(cells[i], "\x00", "|")
		}
		all = append(all, cells)
	}
	require.NotEmpty(t, all)
	return all
}

var inTicks = regexp.MustCompile("`([^`]*)`")

// ticked are the texts in backticks.
func ticked(cell string) (all []string) {
	for _, m := range inTicks.FindAllStringSubmatch(cell, -1) {
		all = append(all, m[1])
	}
	return all
}

func bytesOf(t *testing.T, text string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	require.NoError(t, err, text)
	return b
}

func framerOfText(t *testing.T, text string) Framer {
	p := Defaults()
	d, err := description.Parse(text)
	require.NoError(t, err, text)
	p.Description = d
	f, err := newDescribed(p)
	require.NoError(t, err, text)
	return f
}

// The guide to framings shows bytes that are framed as it says, and has all protocols.
func TestTheGuideToFramings(t *testing.T) {
	for _, guide := range []struct{ file, modes, examples, presets, own, none string }{
		{"framing.md", "The modes", "Examples", "Presets", "Presets without a description", "What no description says"},
		{"framing.fr.md", "Les modes", "Exemples", "Préréglages", "Préréglages sans description", "Ce qu'aucune description ne dit"},
	} {
		for _, row := range rows(t, guide.file, guide.examples) {
			f := framerOfText(t, ticked(row[0])[0])
			message := bytesOf(t, ticked(row[2])[0])
			for _, wire := range ticked(row[1]) {
				got := sameInPieces(t, f, bytesOf(t, wire), 1)
				assert.Equal(t, []string{"message " + hex.EncodeToString(message)}, got.events, "%q", row)
			}
		}
		for _, row := range rows(t, guide.file, guide.modes) {
			f := framerOfText(t, ticked(row[3])[0])
			head, body, tail, _, err := f.Encode(nil, []byte("Hello"))
			require.NoError(t, err, row)
			assert.Equal(t, bytesOf(t, ticked(row[1])[0]), append(append(append([]byte{}, head...), body...), tail...), "%q", row)
		}
		var presets, none []string
		for _, row := range rows(t, guide.file, guide.presets) {
			presets = append(presets, strings.Join(append(ticked(row[0]), ticked(row[1])[0], row[2]), " / "))
		}
		var owns, wantOwns []string
		for _, row := range rows(t, guide.file, guide.own) {
			owns = append(owns, ticked(row[0])[0]+" / "+row[2])
		}
		for _, p := range own {
			wantOwns = append(wantOwns, p.name+" / "+p.source)
		}
		assert.Equal(t, wantOwns, owns, guide.file)
		for _, row := range rows(t, guide.file, guide.none) {
			none = append(none, ticked(row[0])[0])
		}
		var wantPresets, wantNone []string
		for _, p := range description.Protocols() {
			wantPresets = append(wantPresets, p.Name+" / "+p.Text+" / "+p.Source)
		}
		for _, p := range description.Inexpressible() {
			wantNone = append(wantNone, p.Name)
		}
		assert.Equal(t, wantPresets, presets, guide.file)
		assert.Equal(t, wantNone, none, guide.file)
	}
}

// What the guide calls a preset is one, by its own mode or by its description.
func TestEveryProtocolIsAPreset(t *testing.T) {
	for _, protocol := range description.Protocols() {
		assert.Contains(t, PresetNames(), protocol.Name)
		p, known := Preset(Defaults(), protocol.Name)
		if !known {
			p, known = Protocol(Defaults(), protocol.Name)
		}
		require.True(t, known, protocol.Name)
		_, err := New(p)
		require.NoError(t, err, protocol.Name)
	}
	for _, name := range ownNames() {
		assert.Contains(t, PresetNames(), name)
		_, described := description.Find(name)
		assert.False(t, described, name)
	}
	for _, protocol := range description.Inexpressible() {
		assert.NotContains(t, PresetNames(), protocol.Name)
	}
}

// The pages about devices show for each a description, bytes of the device and the messages that
// they are, the same in both languages.
func TestTheDescriptionsOfDevices(t *testing.T) {
	var described [2][]string
	for i, page := range []struct{ file, head string }{
		{"devices.md", "| description | on the wire | messages |"},
		{"appareils.md", "| description | sur le réseau | messages |"},
	} {
		text, err := os.ReadFile("../../docs/" + page.file)
		require.NoError(t, err)
		tables := strings.Split(string(text), page.head+"\n| --- | --- | --- |\n")[1:]
		require.Len(t, tables, strings.Count(string(text), "\n## ")-1, "each device has one")
		for _, table := range tables {
			table, _, _ = strings.Cut(table, "\n\n")
			for row := range strings.Lines(table) {
				described[i] = append(described[i], row)
				cells := strings.Split(strings.ReplaceAll(row, `\|`, "\x00"), " | ")
				require.Len(t, cells, 3, row)
				var stream []byte
				for _, wire := range ticked(cells[1]) {
					stream = append(stream, bytesOf(t, wire)...)
				}
				var want []string
				for _, message := range ticked(cells[2]) {
					want = append(want, "message "+hex.EncodeToString(bytesOf(t, message)))
				}
				f := framerOfText(t, strings.ReplaceAll(ticked(cells[0])[0], "\x00", "|"))
				assert.Equal(t, want, everyCut(t, f, stream).events, row)
			}
		}
	}
	assert.Equal(t, described[0], described[1])
}
