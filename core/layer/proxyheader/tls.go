package proxyheader

import (
	"encoding/binary"
	"errors"
	"unicode"
	"unicode/utf8"

	"github.com/pires/go-proxyproto"
)

// The bits of what the TLV of TLS says of the client.
const (
	clientTLS         = 1 << iota // it speaks TLS
	clientCertConn                // with a certificate, on this connection
	clientCertSession             // or on an earlier one of the same session
)

// errTLS is that of a TLV of TLS that is not as the protocol says (section 2.2.6).
var errTLS = errors.New("malformed TLV of TLS")

// tlsFacts is what a proxy tells of the TLS that its client speaks with it. Package tlvparse
// of go-proxyproto reads it, too, but makes every host load regular expressions.
type tlsFacts struct {
	client   byte
	verified bool // the certificate, if there is one
	tlvs     []proxyproto.TLV
}

// parseTLS reads the value of a TLV of TLS.
func parseTLS(b []byte) (*tlsFacts, error) {
	const fixed = 1 + 4 // the bits, and how the certificate was verified: 0 is well
	if len(b) < fixed {
		return nil, errTLS
	}
	tlvs, err := proxyproto.SplitTLVs(b[fixed:])
	if err != nil {
		return nil, err
	}
	f := &tlsFacts{client: b[0], verified: binary.BigEndian.Uint32(b[1:]) == 0, tlvs: tlvs}
	for _, t := range tlvs {
		well := true
		switch t.Type {
		case proxyproto.PP2_SUBTYPE_SSL_VERSION, proxyproto.PP2_SUBTYPE_SSL_CIPHER:
			well = len(t.Value) > 0 && isASCII(t.Value)
		case proxyproto.PP2_SUBTYPE_SSL_CN:
			well = len(t.Value) > 0 && utf8.Valid(t.Value)
		}
		if !well {
			return nil, errTLS
		}
	}
	if f.spoken() && f.text(proxyproto.PP2_SUBTYPE_SSL_VERSION) == "" {
		return nil, errTLS
	}
	return f, nil
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c > unicode.MaxASCII {
			return false
		}
	}
	return true
}

// spoken tells whether the client speaks TLS.
func (f *tlsFacts) spoken() bool { return f.client&clientTLS != 0 }

// certified tells whether the client has shown a certificate that the proxy has verified.
func (f *tlsFacts) certified() bool {
	return f.verified && f.client&(clientCertConn|clientCertSession) != 0
}

// text is one of the facts, "" without.
func (f *tlsFacts) text(of proxyproto.PP2Type) string {
	if f == nil {
		return ""
	}
	return first(f.tlvs, of)
}

// first is the value of the first TLV of a type, "" without.
func first(tlvs []proxyproto.TLV, of proxyproto.PP2Type) string {
	for _, t := range tlvs {
		if t.Type == of {
			return string(t.Value)
		}
	}
	return ""
}
