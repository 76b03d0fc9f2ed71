package proxyheader

import (
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/pires/go-proxyproto"

	"wdsocket/core/escape"
)

// What Info tells, by the numbers of the header (WDS_INFO_PROXY_).
const (
	InfoEndpoint    = 4050
	InfoDestination = 4051
	InfoVersion     = 4052
	InfoTLVs        = 4053
	InfoAuthority   = 4054
	InfoALPN        = 4055
	InfoUniqueID    = 4056
	InfoTLSVersion  = 4057
	InfoTLSCipher   = 4058
	InfoTLSClient   = 4059
)

// IsInfo tells whether a number is one of what Info tells.
func IsInfo(what int32) bool { return what >= InfoEndpoint && what <= InfoTLSClient }

// Info tells one of the facts, "" where there is none, as in a nil Header.
func (h *Header) Info(what int32) string {
	if h == nil {
		return ""
	}
	switch what {
	case InfoEndpoint:
		return h.Proxy.String()
	case InfoDestination:
		return h.Destination.String()
	case InfoVersion:
		return strconv.Itoa(h.Version)
	case InfoTLVs:
		return h.allTLVs()
	case InfoAuthority:
		return escape.Text(first(h.tlvs, proxyproto.PP2_TYPE_AUTHORITY))
	case InfoALPN:
		return escape.Text(first(h.tlvs, proxyproto.PP2_TYPE_ALPN))
	case InfoUniqueID:
		return hex.EncodeToString([]byte(first(h.tlvs, proxyproto.PP2_TYPE_UNIQUE_ID)))
	case InfoTLSVersion:
		return escape.Text(h.tls.text(proxyproto.PP2_SUBTYPE_SSL_VERSION))
	case InfoTLSCipher:
		return escape.Text(h.tls.text(proxyproto.PP2_SUBTYPE_SSL_CIPHER))
	case InfoTLSClient:
		if h.tls != nil && h.tls.certified() {
			return escape.Text(h.tls.text(proxyproto.PP2_SUBTYPE_SSL_CN))
		}
	}
	return ""
}

// allTLVs are all facts of version 2: "02=6578616d706c65,E0=01", each its type and its
// bytes, hexadecimal.
func (h *Header) allTLVs() string {
	var out []string
	for _, t := range h.tlvs {
		out = append(out, strings.ToUpper(hex.EncodeToString([]byte{byte(t.Type)}))+"="+hex.EncodeToString(t.Value))
	}
	return strings.Join(out, ",")
}
