package main

import (
	"bytes"
	"regexp"
	"unicode/utf8"
)

// fit is a message that a pattern fits. In one that is no UTF-8 each byte is a character, so that
// \xFF fits the byte FF.
type fit struct {
	pattern *regexp.Regexp
	data    []byte
	at      []int // of the groups, in data
	wide    bool  // data has a character for each byte
}

// fitting tells whether a pattern fits.
func fitting(pattern *regexp.Regexp, data []byte) (f fit, fits bool) {
	f = fit{pattern: pattern, data: data}
	if f.wide = !utf8.Valid(data); f.wide {
		f.data = widened(data)
	}
	f.at = pattern.FindSubmatchIndex(f.data)
	return f, f.at != nil
}

// expand replaces $1 in an answer by the first group.
func (f fit) expand(answer []byte) []byte {
	if bytes.IndexByte(answer, '$') < 0 {
		return answer
	}
	if !f.wide {
		return f.pattern.Expand(nil, answer, f.data, f.at)
	}
	var narrow []byte
	for _, r := range string(f.pattern.Expand(nil, widened(answer), f.data, f.at)) {
		narrow = append(narrow, byte(r))
	}
	return narrow
}

// widened has a character for each byte, that of its number.
func widened(data []byte) []byte {
	out := make([]byte, 0, 2*len(data))
	for _, b := range data {
		out = utf8.AppendRune(out, rune(b))
	}
	return out
}
