package tlslayer

import (
	"bytes"
	"encoding/asn1"
	"encoding/pem"
	"strconv"
	"strings"
	"unicode"

	utf16 "golang.org/x/text/encoding/unicode"

	"wdsocket/core/fault"
)

// PEM is read line by line here and not by pem.Decode alone, which passes over
// what it cannot read: a certificate that is damaged, or behind a byte order
// mark, would be absent without a word.

// pemBlock is a block of a PEM text, nil inside if it is damaged.
type pemBlock struct {
	*pem.Block
	label string
	line  int // where it begins, from 1
}

// isCertificate tells whether the block is a certificate by its label.
func (b *pemBlock) isCertificate() bool { return certificateLabel(b.label) }

func certificateLabel(label string) bool {
	return label == "CERTIFICATE" || label == "X509 CERTIFICATE"
}

func (b *pemBlock) isKey() bool { return strings.HasSuffix(b.label, "PRIVATE KEY") }

// at is the number of its line, for a text.
func (b *pemBlock) at() string { return strconv.Itoa(b.line) }

// damaged is the error of a block that cannot be read.
func (b *pemBlock) damaged(who string, cause error) error {
	return bad(fault.TLSCertificateFile, who, cause, noteDamaged, b.at(), b.label)
}

// refused is the error of a certificate that crypto/x509 does not take.
func (b *pemBlock) refused(who string, err error) error {
	if _, ok := wellFormed(b.Bytes); !ok {
		return b.damaged(who, err)
	}
	return bad(fault.TLSCertificateFile, who, err, noteLine, b.at(), plainText(err))
}

const pemBegin = "-----BEGIN "

func isPEM(text string) bool { return strings.Contains(text, pemBegin) }

// inUTF16 is pemBegin as UTF-16 has it: low byte first, and high byte first.
var inUTF16 = [2][]byte{wide(pemBegin, 0), wide(pemBegin, 1)}

func wide(text string, at int) []byte {
	b := make([]byte, 2*len(text))
	for i := range len(text) {
		b[2*i+at] = text[i]
	}
	return b
}

// pemText gives the content of a file as text if it is PEM, in UTF-8 or, as some
// editors save it, in UTF-16. No PEM: ok is false.
func pemText(data []byte, who string) (text string, ok bool, err error) {
	if isDER(data) {
		return "", false, nil
	}
	low, high := bytes.Index(data, inUTF16[0]), bytes.Index(data, inUTF16[1])
	narrow := isPEM(string(data))
	if low < 0 && high < 0 {
		return string(data), narrow, nil
	}
	if low%2 != 0 { // the other one is found there, a byte off
		low = -1
	}
	if high%2 != 0 {
		high = -1
	}
	if narrow || (low < 0) == (high < 0) {
		return "", true, bad(fault.TLSCertificateFile, who, nil, noteTwoEncodings)
	}
	order := utf16.LittleEndian
	if high >= 0 {
		order = utf16.BigEndian
	}
	plain, err := utf16.UTF16(order, utf16.IgnoreBOM).NewDecoder().Bytes(data)
	if err != nil || !isPEM(string(plain)) {
		return "", true, bad(fault.TLSCertificateFile, who, err, noteTwoEncodings)
	}
	return string(plain), true, nil
}

// isDER tells whether data is one element of DER.
func isDER(data []byte) bool {
	var whole asn1.RawValue
	rest, err := asn1.Unmarshal(data, &whole)
	return err == nil && len(rest) == 0 && whole.IsCompound && whole.Tag == asn1.TagSequence
}

// pemBlocks takes a PEM text apart, as the lax grammar of RFC 7468 allows it:
// blanks, byte order marks and line ends of any system do not matter. Damaged
// blocks are among the result.
func pemBlocks(text string) []pemBlock {
	var blocks []pemBlock
	var body []string
	begun, line := -1, 0 // the block that is being read
	damaged := func(label string, line int) {
		blocks = append(blocks, pemBlock{label: label, line: line})
	}
	for full := range pemLines(text) {
		line++
		for _, l := range apart(full) {
			label, end, exact := pemMark(l)
			switch {
			case label == "" && begun >= 0:
				body = append(body, l)
			case label == "":
			case !end:
				blocks = append(blocks, pemBlock{label: label, line: line})
				begun, body = len(blocks)-1, []string{l}
				if !exact {
					begun = -1
				}
			case begun >= 0:
				whole := strings.Join(append(body, l, ""), "\n")
				blocks[begun].Block, _ = pem.Decode([]byte(whole))
				begun = -1
			case endsDamaged(blocks, label):
			default:
				damaged(label, line)
			}
		}
	}
	return blocks
}

// endsDamaged tells whether the last block is one whose beginning is damaged, so
// that the end of it, which has that label, is no further one.
func endsDamaged(blocks []pemBlock, label string) bool {
	last := len(blocks) - 1
	return last >= 0 && blocks[last].Block == nil && blocks[last].label == label
}

// pemLines gives the lines of a text without what surrounds them.
func pemLines(text string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for text != "" {
			n := strings.IndexAny(text, "\r\n")
			line := text
			switch {
			case n < 0:
				text = ""
			case strings.HasPrefix(text[n:], "\r\n"):
				line, text = text[:n], text[n+2:]
			default:
				line, text = text[:n], text[n+1:]
			}
			if !yield(strings.TrimFunc(line, invisible)) {
				return
			}
		}
	}
}

// invisible is true of blanks and of marks that editors leave, as that of the
// byte order.
func invisible(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) }

// apart parts a line in which a block ends and the next begins: files were put
// together of which the first has no line end.
func apart(line string) []string {
	end, next := strings.Index(line, "-----END "), strings.LastIndex(line, pemBegin)
	if end != 0 || next <= 0 {
		return []string{line}
	}
	return []string{strings.TrimFunc(line[:next], invisible), line[next:]}
}

// pemMark tells what block begins or ends in a line; "" for none. exact: it is
// written as it has to be.
func pemMark(line string) (label string, end, exact bool) {
	text := strings.TrimLeft(line, "-")
	if text == line && !strings.HasSuffix(text, "-----") {
		return "", false, false
	}
	text = strings.TrimSpace(text)
	verb := "BEGIN"
	if strings.HasPrefix(text, "END ") {
		verb, end = "END", true
	} else if !strings.HasPrefix(text, "BEGIN ") {
		return "", false, false
	}
	label, _, _ = strings.Cut(text[len(verb):], "-")
	label = strings.TrimSpace(label)
	return label, end, line == "-----"+verb+" "+label+"-----"
}

// outline is as much of a certificate as any has.
type outline struct {
	TBS struct {
		Version   int `asn1:"optional,explicit,default:0,tag:0"`
		Serial    asn1.RawValue
		Algorithm asn1.RawValue
		Issuer    asn1.RawValue
		Validity  asn1.RawValue
		Subject   asn1.RawValue
		Key       asn1.RawValue
	}
	Algorithm asn1.RawValue
	Signature asn1.BitString
}

// wellFormed tells whether der, which crypto/x509 refuses, is a certificate all
// the same, and by what subject it can be named.
func wellFormed(der []byte) (subject string, ok bool) {
	var cert outline
	rest, err := asn1.Unmarshal(der, &cert)
	if err != nil || len(rest) != 0 {
		return "", false
	}
	for _, v := range []asn1.RawValue{cert.TBS.Algorithm, cert.TBS.Issuer, cert.TBS.Validity, cert.TBS.Subject, cert.TBS.Key} {
		if v.Tag != asn1.TagSequence || !v.IsCompound {
			return "", false
		}
	}
	if cert.TBS.Serial.Tag != asn1.TagInteger {
		return "", false
	}
	return subjectOf(cert.TBS.Subject.FullBytes), true
}

// subjectOf gives the texts of a name, whatever characters they have.
func subjectOf(der []byte) string {
	var sets []asn1.RawValue
	if _, err := asn1.Unmarshal(der, &sets); err != nil {
		return ""
	}
	var parts []string
	for _, set := range sets {
		var pair struct {
			Type  asn1.ObjectIdentifier
			Value asn1.RawValue
		}
		if _, err := asn1.Unmarshal(set.Bytes, &pair); err == nil {
			parts = append(parts, string(pair.Value.Bytes))
		}
	}
	return strings.Join(parts, ", ")
}
