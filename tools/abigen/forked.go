package main

import (
	_ "embed"
	"fmt"
	"strings"

	"wdsocket/core/charset"
	"wdsocket/core/fault"
)

//go:embed forked.c.txt
var forkedText string

var forkedLanguages = []fault.Language{fault.English, fault.French}

// forkedSource is what the error functions tell in a forked child, where only C
// can run.
func forkedSource(h *Header) string {
	names := []string{"WDS_E_ARGUMENT", "WDS_E_FORKED", "WDS_INFO_MESSAGE", "WDS_INFO_NAME", "WDS_INFO_CODE",
		"WDS_INFO_SYSTEM", "WDS_INFO_PHASE", "WDS_INFO_DETAIL", "WDS_PHASE_CALL"}
	var b strings.Builder
	for _, what := range names[2:8] {
		fmt.Fprintf(&b, "    {%s,\n     {", what)
		for i, lang := range forkedLanguages {
			if i > 0 {
				b.WriteString(",\n      ")
			}
			b.WriteString("{")
			for enc := charset.UTF8; enc <= charset.UTF16; enc++ {
				if enc > charset.UTF8 {
					b.WriteString(",\n       ")
				}
				encoded := charset.Encode(enc, forkedSays(what, lang))
				fmt.Fprintf(&b, "{%s, %d}", cString(encoded), len(encoded))
			}
			b.WriteString("}")
		}
		b.WriteString("}},\n")
	}
	return strings.NewReplacer(
		"@CONSTANTS@", shimConstants(h, names),
		"@LANGUAGES@", fmt.Sprint(len(forkedLanguages)),
		"@TEXTS@\n", b.String(),
	).Replace(forkedText)
}

// forkedSays is what WDSocketErrorInfo tells about WDS_E_FORKED.
func forkedSays(what string, lang fault.Language) string {
	const code, phase = fault.Forked, fault.PhaseCall
	switch what {
	case "WDS_INFO_MESSAGE":
		return code.Text(lang)
	case "WDS_INFO_NAME":
		return code.Name()
	case "WDS_INFO_CODE":
		return fmt.Sprint(int32(code))
	case "WDS_INFO_SYSTEM":
		return "0"
	case "WDS_INFO_PHASE":
		return phase.Text(lang)
	}
	return fmt.Sprintf("%s\n%s (%d)\n%s", code.Text(lang), code.Name(), int32(code), phase.Text(lang))
}

// cString writes bytes as a literal of C, every one that is no plain character
// in octal.
func cString(text []byte) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range text {
		if c < ' ' || c > '~' || c == '"' || c == '\\' || c == '?' {
			fmt.Fprintf(&b, `\%03o`, c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
