package architecture

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// replaced are private words that the tree once had, in all their forms, and what it
// says now: the field's terms. Words with a use of their own are not here, though one
// use of them was replaced too: link, turn, role, tell, look, watch, wire (the wire
// format), home, live, part, patience.
var replaced = map[string]string{
	"astray":                            "a framing error",
	"audience audiences":                "recipients, members",
	"baton batons":                      "the lock, waitmutex.Mutex",
	"bell bells":                        "the wake-up descriptor, a wake",
	"catchup clearout lastwords":        "flush",
	"debt debts owe owed owes owing":    "pending, expected, unacknowledged",
	"door doors":                        "handshaker, server",
	"doze dozed dozes dozing":           "sleep, park",
	"edition editions":                  "encoding",
	"farewell farewells":                "close",
	"forsake forsaken forsakes forsook": "discard",
	"giveback standin standins":         "release, placeholder",
	"glance glanced glances glancing":   "poll",
	"heal healed healing heals":         "reconnect",
	"heat heated heating heats":         "mark ready",
	"hurried hurries hurry hurrying":    "schedule a flush",
	"hushbell ringbell letgo":           "clear, wake, release",
	"keepwatch watchover overlink":      "check liveness, repeat across connections",
	"lapse lapsed lapses lapsing":       "time out, user timeout",
	"ledger ledgers":                    "resend log",
	"letout lettingout":                 "flush",
	"lookaround":                        "poll once",
	"mend mended mending mends":         "reconnect; of other things repair, correct",
	"money":                             "memory, the budget",
	"pulse pulses":                      "activity",
	"rouse roused rouses rousing":       "wake",
	"seize seized seizes seizing":       "lock",
	"seldom":                            "cold state; in texts rarely",
	"stir stirred stirring stirs":       "wake the queue",
	"tallied tallies tally tallying":    "count, counters",
	"unclaim unclaimed unclaims":        "unlock",
	"untold":                            "unreported",
	"vigil vigilant vigils":             "liveness timer",
}

// excepted keeps names of its own until it is replaced: the memory lent to C and the
// quick write. The other is this list.
var excepted = regexp.MustCompile(`^(export_tray\.\w+|core/(tray|quick)(_test)?\.go|internal/architecture/words_test\.go)$`)

// sayInstead is what replaced has, by each form.
var sayInstead = func() map[string]string {
	out := make(map[string]string)
	for forms, term := range replaced {
		for _, form := range strings.Fields(forms) {
			out[form] = term
		}
	}
	return out
}()

// wordParts are the words of a name: of look_around and lookAround look and around.
func wordParts(name string) (out []string) {
	upper := func(i int) bool { return i < len(name) && name[i] >= 'A' && name[i] <= 'Z' }
	lower := func(i int) bool { return i < len(name) && name[i] != '_' && !upper(i) }
	begin := 0
	for i := range len(name) + 1 {
		if i == len(name) || name[i] == '_' || upper(i) && i > begin && (lower(i-1) || lower(i+1)) {
			if i > begin {
				out = append(out, strings.ToLower(name[begin:i]))
			}
			if begin = i; i < len(name) && name[i] == '_' {
				begin++
			}
		}
	}
	return out
}

// privateWords gives the private words of a text: words, parts of names, and two parts
// that are one. Bytes beyond ASCII count as letters.
func privateWords(text string) (out []string) {
	isNone := func(r rune) bool { return r < utf8.RuneSelf && r != '_' && (r|0x20 < 'a' || r|0x20 > 'z') }
	for name := range strings.FieldsFuncSeq(text, isNone) {
		parts := wordParts(name)
		for i, part := range parts {
			if sayInstead[part] != "" {
				out = append(out, part)
			}
			if i > 0 && len(parts[i-1]) > 1 && sayInstead[parts[i-1]+part] != "" {
				out = append(out, parts[i-1]+part)
			}
		}
	}
	return out
}

func TestPrivateWordsAreFoundInNamesAndTexts(t *testing.T) {
	for text, want := range map[string][]string{
		"TEST(a_link_that_heals)":        {"heals"},
		"func (s *Socket) lookAround()":  {"lookaround"},
		"let_out(1)":                     {"letout"},
		"type HTTPDoor struct":           {"door"},
		"untoldDrops, Vigil, BELL_2":     {"untold", "vigil", "bell"},
		"// It is seldom mended; heated": {"seldom", "mended", "heated"},
		"a_stray impulse wheat amend belly health recommended édition letOut2": {"letout"},
	} {
		assert.Equal(t, want, privateWords(text), text)
	}
}

// The field's terms stay: what they replaced does not come back, in names, comments,
// texts and names of files.
func TestNoPrivateWords(t *testing.T) {
	files := 0
	require.NoError(t, fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			if slices.Contains([]string{".git", "build", "dist", "testdata", "__pycache__"}, entry.Name()) {
				return fs.SkipDir
			}
			return nil
		case excepted.MatchString(name) || path.Ext(name) == ".svg" || path.Base(name) == "go.sum":
			return nil
		}
		for _, word := range privateWords(name) {
			assert.Fail(t, "a private word", "the name of %s: %q, say %s", name, word, sayInstead[word])
		}
		text, err := os.ReadFile(root + "/" + name)
		if err != nil || !utf8.Valid(text) {
			return err
		}
		files++
		line := 0
		for text := range strings.Lines(string(text)) {
			line++
			for _, word := range privateWords(text) {
				assert.Fail(t, "a private word", "%s:%d: %q, say %s", name, line, word, sayInstead[word])
			}
		}
		return nil
	}))
	assert.Greater(t, files, 300)
}
