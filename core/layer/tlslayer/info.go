package tlslayer

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"strconv"

	"wdsocket/core/escape"
	"wdsocket/core/fault"
)

// What Info tells, as in the header.
const (
	InfoVersion    int32 = 4020
	InfoCipher     int32 = 4021
	InfoALPN       int32 = 4022
	InfoResumed    int32 = 4023
	InfoGroup      int32 = 4024
	InfoServerName int32 = 4025
	InfoVerify     int32 = 4026
	InfoCount      int32 = 4027
	InfoSubject    int32 = 4030
	InfoIssuer     int32 = 4031
	InfoNames      int32 = 4032
	InfoFrom       int32 = 4033
	InfoUntil      int32 = 4034
	InfoSHA1       int32 = 4035
	InfoSHA256     int32 = 4036
	InfoPin        int32 = 4037
	InfoSerial     int32 = 4038
	InfoPEM        int32 = 4039
)

// Info tells about the connection. index counts the peer's certificates from 0
// and matters from InfoSubject on; number 0 of a peer that sent none is "". Errors:
// fault.State before the handshake and fault.Argument for what there is not. It is
// safe for concurrent use after the handshake.
func (c *Conn) Info(what int32, index int) (string, error) {
	state := c.tls.ConnectionState()
	if !state.HandshakeComplete {
		return "", fault.New(fault.State, fault.PhaseCall, c.who).With(noteHandshakeFirst)
	}
	if text, ok := c.general(&state, what); ok {
		return text, nil
	}
	sent := state.PeerCertificates
	switch {
	case what < InfoSubject || what > InfoPEM:
		return "", fault.New(fault.Argument, fault.PhaseCall, "what").With(noteNoSuchInfo, strconv.Itoa(int(what)))
	case index >= 0 && index < len(sent):
		return ofCertificate(sent[index], what), nil
	case index == 0:
		return "", nil
	}
	return "", fault.New(fault.Argument, fault.PhaseCall, "index").
		With(noteNoSuchCertificate, strconv.Itoa(index), strconv.Itoa(len(sent)))
}

func (c *Conn) general(state *tls.ConnectionState, what int32) (string, bool) {
	switch what {
	case InfoVersion:
		return tls.VersionName(state.Version), true
	case InfoCipher:
		return tls.CipherSuiteName(state.CipherSuite), true
	case InfoALPN:
		return escape.Text(state.NegotiatedProtocol), true
	case InfoResumed:
		if state.DidResume {
			return "1", true
		}
		return "0", true
	case InfoGroup:
		return groupName(state.CurveID), true
	case InfoServerName:
		return escape.Text(state.ServerName), true
	case InfoVerify:
		if wrong := c.verdict(state); wrong != nil {
			return wrong.Error(), true
		}
		return "", true
	case InfoCount:
		return strconv.Itoa(len(state.PeerCertificates)), true
	}
	return "", false
}

// verdict is what is wrong with the peer's certificate, nil if it was verified: of
// interest where any certificate is accepted. It verifies anew.
func (c *Conn) verdict(state *tls.ConnectionState) *fault.Error {
	t := c.below.trust
	var wrong *fault.Error
	switch {
	case len(state.PeerCertificates) == 0:
		wrong = fault.New(fault.TLSBadCertificate, fault.PhaseTLS, "").With(notePeerSentNone)
		if t.client && t.asked {
			wrong.Code = fault.TLSNoClientCertificate
		}
	case !t.any:
		return nil // it would not be here otherwise
	default:
		_, wrong = t.verify(state.PeerCertificates)
	}
	if wrong != nil && wrong.Who == "" {
		wrong.Who = c.who
	}
	return wrong
}

// ofCertificate is one of InfoSubject to InfoPEM.
func ofCertificate(cert *x509.Certificate, what int32) string {
	switch what {
	case InfoSubject:
		return escape.Text(cert.Subject.String())
	case InfoIssuer:
		return escape.Text(cert.Issuer.String())
	case InfoNames:
		return escape.List(names(cert))
	case InfoFrom:
		return instant(cert.NotBefore)
	case InfoUntil:
		return instant(cert.NotAfter)
	case InfoSHA1:
		sum := sha1.Sum(cert.Raw)
		return hex.EncodeToString(sum[:])
	case InfoSHA256:
		sum := sha256.Sum256(cert.Raw)
		return hex.EncodeToString(sum[:])
	case InfoPin:
		return pinOf(cert)
	case InfoSerial:
		return hex.EncodeToString(cert.SerialNumber.Bytes())
	case InfoPEM:
		return pemOf(cert)
	}
	return ""
}
