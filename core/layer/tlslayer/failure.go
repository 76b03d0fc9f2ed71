package tlslayer

import (
	"crypto/tls"
	"errors"
	"net"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"wdsocket/core/fault"
)

// The alerts of RFC 8446, section 6, that mean something of their own here.
const (
	alertBadRecordMAC    = 20
	alertRecordOverflow  = 22
	alertHandshake       = 40
	alertBadCertificate  = 42
	alertUnknownIssue    = 46
	alertUnknownCA       = 48
	alertAccessDenied    = 49
	alertDecrypt         = 51
	alertProtocolVersion = 70
	alertCertRequired    = 116
	alertNoALPN          = 120
)

// aboutCertificates tells whether an alert says that a certificate is not
// accepted.
func aboutCertificates(number int) bool {
	switch {
	case number >= alertBadCertificate && number <= alertUnknownIssue:
		return true
	case number == alertUnknownCA, number == alertAccessDenied, number == alertCertRequired:
		return true
	}
	return false
}

// alertFault makes an error of TLS.
func (c *Conn) alertFault(code fault.Code, cause error, note fault.Note, args ...string) *fault.Error {
	e := fault.New(code, fault.PhaseTLS, c.who).With(note, args...)
	e.Cause = cause
	return e
}

// asFault finds an error that is this library's already: from below or of the
// verification.
func (c *Conn) asFault(err error) *fault.Error {
	var e *fault.Error
	if !errors.As(err, &e) {
		return nil
	}
	if e.Who != "" {
		return e
	}
	named := *e
	named.Who = c.who
	return &named
}

// alertOf finds an alert. crypto/tls does not export its type, but it is a
// number. remote: the peer sent it.
func alertOf(err error) (number int, text string, remote, ok bool) {
	var op *net.OpError
	if !errors.As(err, &op) || op.Err == nil {
		return 0, "", false, false
	}
	v := reflect.ValueOf(op.Err)
	if v.Kind() != reflect.Uint8 {
		return 0, "", false, false
	}
	return int(v.Uint()), plainText(op.Err), op.Op == "remote error", true
}

// handshakeFailed makes the error of a handshake.
func (c *Conn) handshakeFailed(err error) error {
	if e := c.asFault(err); e != nil {
		return c.below.cutOff(e)
	}
	if e := c.notTLS(err); e != nil {
		return e
	}
	if number, text, remote, ok := alertOf(err); ok {
		if remote {
			return c.refused(err, number, text)
		}
		return c.misheard(err, number, text)
	}
	return c.said(err)
}

// notTLS is about a peer that speaks something else.
func (c *Conn) notTLS(err error) error {
	var header tls.RecordHeaderError
	if !errors.As(err, &header) {
		return nil
	}
	switch first := c.below.first; {
	case header.RecordHeader[0]&0x80 != 0 && strings.Contains(header.Msg, "SSLv2"):
		return c.alertFault(fault.TLSNoCommonVersion, err, noteReason, "SSL 2")
	case len(first) > 0:
		return c.alertFault(fault.TLSPlainText, err, plainNote(first), strconv.QuoteToASCII(string(first))).Advise(c.below.withoutTLS(), "")
	case strings.Contains(header.Msg, "does not look like"):
		return c.alertFault(fault.TLSPlainText, err, noteFirstBytes, strconv.QuoteToASCII(string(header.RecordHeader[:]))).Advise(c.below.withoutTLS(), "")
	default:
		return c.notRecord(err, header)
	}
}

// notRecord is about bytes inside of TLS that are no record of it: what a server
// says in plain text before it gives up, say.
func (c *Conn) notRecord(err error, header tls.RecordHeaderError) error {
	if text := c.below.inside; len(text) > 0 && !isRecordType(text[0]) { // else it is a damaged record, and no text
		return c.alertFault(fault.TLSRecord, err, noteInside, strconv.QuoteToASCII(string(text)))
	}
	return c.alertFault(fault.TLSRecord, err, noteReason, header.Msg)
}

// plainNote tells what a peer speaks.
func plainNote(first []byte) fault.Note {
	word, _, _ := strings.Cut(string(first), " ")
	switch {
	case strings.HasPrefix(word, "HTTP/"):
		return noteHTTPAnswer
	case slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PRI"}, word):
		return noteHTTPRequest
	}
	return noteFirstBytes
}

// refused is about an alert of the peer.
func (c *Conn) refused(err error, number int, text string) error {
	switch {
	case number == alertProtocolVersion:
		return c.alertFault(fault.TLSNoCommonVersion, err, noteAlert, text)
	case c.client && c.asked && (aboutCertificates(number) || number == alertDecrypt):
		return c.ownNotAccepted(err, text)
	case c.client && c.asked && !c.presented && number == alertHandshake:
		return c.ownNotAccepted(err, text)
	case aboutCertificates(number):
		return c.alertFault(fault.TLSHandshake, err, noteOwnRefused, text)
	case number == alertHandshake:
		return c.alertFault(fault.TLSHandshake, err, noteNothingCommon, text)
	case number == alertNoALPN:
		return c.alertFault(fault.TLSHandshake, err, noteNoALPN)
	case number == alertBadRecordMAC, number == alertRecordOverflow:
		return c.alertFault(fault.TLSRecord, err, noteAlert, text)
	default:
		return c.alertFault(fault.TLSHandshake, err, noteAlert, text)
	}
}

func (c *Conn) ownNotAccepted(err error, text string) error {
	if !c.presented {
		return c.alertFault(fault.TLSNoClientCertificate, err, noteAlert, text)
	}
	return c.alertFault(fault.TLSBadClientCertificate, err, noteAlert, text)
}

// misheard is about an alert of this end: what came was wrong. A client on
// OpenSSL that refuses a server's certificate says so in plain text where TLS
// 1.3 expects an encrypted record.
func (c *Conn) misheard(err error, number int, text string) error {
	if plain := c.below.alert; plain != 0 {
		return c.refused(err, int(plain), plainText(tls.AlertError(plain)))
	}
	switch number {
	case alertBadRecordMAC, alertRecordOverflow:
		return c.alertFault(fault.TLSRecord, err, noteReason, text)
	default:
		return c.alertFault(fault.TLSHandshake, err, noteReason, text)
	}
}

// said is about what crypto/tls says in words only.
func (c *Conn) said(err error) error {
	text := plainText(err)
	has := func(words string) bool { return strings.Contains(text, words) }
	switch {
	case text == "EOF" || has("unexpected EOF"): // close_notify inside the handshake
		return c.alertFault(fault.TLSHandshake, err, noteEndedInside)
	case has("offered only unsupported versions"), has("selected unsupported protocol version"):
		return c.alertFault(fault.TLSNoCommonVersion, err, noteReason, text)
	case has("client didn't provide a certificate"):
		return c.alertFault(fault.TLSNoClientCertificate, err, fault.NoNote)
	case has("failed to parse certificate") && c.client:
		return c.alertFault(fault.TLSBadCertificate, err, noteUnreadable, parseReason(text))
	case has("failed to parse client certificate"):
		return c.alertFault(fault.TLSBadClientCertificate, err, noteUnreadable, parseReason(text))
	case has("server sent certificate"), has("server's certificate"):
		return c.alertFault(fault.TLSBadCertificate, err, noteReason, text)
	case has("client sent certificate"),
		has("client certificate"), has("invalid signature by the client"):
		return c.alertFault(fault.TLSBadClientCertificate, err, noteReason, text)
	case has("unsupported application protocols"):
		return c.alertFault(fault.TLSHandshake, err, noteNoALPN)
	default:
		return c.alertFault(fault.TLSHandshake, err, noteReason, text)
	}
}

// parseReason is what crypto/x509 says of a certificate that crypto/tls cannot
// parse.
func parseReason(text string) string {
	if _, reason, ok := strings.Cut(text, "x509: "); ok {
		return reason
	}
	return text
}

// streamFailed makes the error of a read or write after the handshake.
func (c *Conn) streamFailed(err error, phase fault.Phase) error {
	if e := c.asFault(err); e != nil {
		return e
	}
	var header tls.RecordHeaderError
	if errors.As(err, &header) {
		return c.notRecord(err, header)
	}
	number, text, remote, ok := alertOf(err)
	switch {
	case !ok && strings.Contains(err.Error(), "protocol is shutdown"):
		return fault.New(fault.WriteClosed, phase, c.who)
	case !ok && strings.Contains(err.Error(), "before handshake complete"):
		return fault.New(fault.State, phase, c.who).With(noteHandshakeFirst)
	case !ok:
		return c.alertFault(fault.TLSRecord, err, noteReason, plainText(err))
	case remote && c.client && c.asked && (aboutCertificates(number) || number == alertDecrypt || number == alertHandshake && !c.presented):
		return c.ownNotAccepted(err, text) // in TLS 1.3 the server's word comes after the handshake
	case remote && aboutCertificates(number):
		return c.alertFault(fault.TLSHandshake, err, noteOwnRefused, text)
	case remote:
		return c.alertFault(fault.TLSRecord, err, noteAlert, text)
	default:
		return c.alertFault(fault.TLSRecord, err, noteReason, text)
	}
}
