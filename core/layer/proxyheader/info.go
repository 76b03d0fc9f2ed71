package proxyheader

import (
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/pires/go-proxyproto"
	"github.com/pires/go-proxyproto/tlvparse"

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
		return escape.Text(h.value(proxyproto.PP2_TYPE_AUTHORITY))
	case InfoALPN:
		return escape.Text(h.value(proxyproto.PP2_TYPE_ALPN))
	case InfoUniqueID:
		return hex.EncodeToString([]byte(h.value(proxyproto.PP2_TYPE_UNIQUE_ID)))
	case InfoTLSVersion:
		return h.tls(tlvparse.PP2SSL.SSLVersion)
	case InfoTLSCipher:
		return h.tls(tlvparse.PP2SSL.SSLCipher)
	case InfoTLSClient:
		if h.ssl != nil && h.ssl.Verified() && (h.ssl.ClientCertConn() || h.ssl.ClientCertSess()) {
			return h.tls(tlvparse.PP2SSL.ClientCN)
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

func (h *Header) value(of proxyproto.PP2Type) string {
	for _, t := range h.tlvs {
		if t.Type == of {
			return string(t.Value)
		}
	}
	return ""
}

func (h *Header) tls(of func(tlvparse.PP2SSL) (string, bool)) string {
	if h.ssl == nil {
		return ""
	}
	text, _ := of(*h.ssl)
	return escape.Text(text)
}
