package charset

import (
	"strings"
	"sync"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"

	"wdsocket/core/fault"
)

// aliases are names that are in use but in neither index, or there with
// another meaning.
var aliases = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"ascii":   "us-ascii",
		"utf8":    "utf-8",
		"utf16le": "utf-16le",
		"utf16be": "utf-16be",
		"latin-1": "iso-8859-1",
		"cp858":   "ibm00858",
		"cp874":   "windows-874",
		"cp932":   "shift_jis",
		"cp936":   "gbk",
		"cp949":   "euc-kr",
		"cp950":   "big5",
		"cp1140":  "ibm01140",
		"cp1200":  "utf-16le",
		"cp1201":  "utf-16be",
		"cp10000": "macintosh",
		"cp20127": "us-ascii",
		"cp20866": "koi8-r",
		"cp20932": "euc-jp",
		"cp21866": "koi8-u",
		"cp28603": "iso-8859-13",
		"cp28605": "iso-8859-15",
		"cp51932": "euc-jp",
		"cp51949": "euc-kr",
		"cp54936": "gb18030",
		"cp65001": "utf-8",
	}
})

// Lookup finds a character set by name: the names of IANA and of the WHATWG
// Encoding Standard, and "cp" or "ibm" or "windows-" with a code page number.
// Case does not matter. ISO-8859 names mean exactly those sets, not the Windows
// sets that browsers take for them.
//
// Errors: fault.Unsupported (no such set, or not one that can be used here).
func Lookup(name string) (*Charset, error) {
	wanted := canonical(name)
	coder, _ := ianaindex.MIME.Encoding(wanted) // nil if registered but not there
	if _, iso := isoPart(wanted); coder == nil && !iso {
		coder, _ = htmlindex.Get(wanted)
	}
	if coder == nil || coder == encoding.Replacement {
		return nil, fault.New(fault.Unsupported, fault.PhaseOption, name).With(noteCharset)
	}
	return newCharset(nameOf(coder, wanted), coder), nil
}

// canonical brings the many ways to write a name down to one that an index
// knows.
func canonical(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	if part, ok := isoPart(name); ok {
		return "iso-8859-" + part
	}
	if number, ok := codePageNumber(name); ok {
		return codePageName(number)
	}
	if alias, ok := aliases()[name]; ok {
		return alias
	}
	return name
}

// isoPart gives the "15" of "iso-8859-15". (Package regexp would be linked for
// this and the next alone, and loading the library would take a tenth longer.)
func isoPart(name string) (string, bool) {
	part, ok := cutWord(name, "iso")
	if ok {
		part, ok = cutWord(part, "8859")
	}
	return part, ok && isNumber(part, 1, 2)
}

// codePageNumber gives the "1252" of "cp1252".
func codePageNumber(name string) (string, bool) {
	for _, word := range [...]string{"cp", "ibm", "windows"} {
		if number, ok := cutWord(name, word); ok {
			return number, isNumber(number, 3, 5)
		}
	}
	return "", false
}

// cutWord takes a word off the front, and a "-", "_" or space behind it.
func cutWord(name, word string) (rest string, found bool) {
	rest, found = strings.CutPrefix(name, word)
	if found && rest != "" && strings.Contains("-_ ", rest[:1]) {
		rest = rest[1:]
	}
	return rest, found
}

// isNumber tells whether a text is so many decimal digits.
func isNumber(text string, least, most int) bool {
	return least <= len(text) && len(text) <= most && strings.Trim(text, "0123456789") == ""
}

func codePageName(number string) string {
	if alias, ok := aliases()["cp"+number]; ok {
		return alias
	}
	// 28591 to 28599 are ISO 8859-1 to 9, 1250 to 1258 the sets of Windows.
	if iso, ok := strings.CutPrefix(number, "2859"); ok && len(iso) == 1 {
		return "iso-8859-" + iso
	}
	if strings.HasPrefix(number, "125") && len(number) == 4 {
		return "windows-" + number
	}
	return "ibm" + number
}

// nameOf is the usual name of an encoding in lower case: Lookup finds it again
// by it.
func nameOf(coder encoding.Encoding, wanted string) string {
	if name, err := ianaindex.MIME.Name(coder); err == nil && name != "" {
		return strings.ToLower(name)
	}
	if name, err := htmlindex.Name(coder); err == nil && name != "" {
		return name
	}
	return wanted
}
