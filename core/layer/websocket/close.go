package websocket

import (
	"encoding/binary"
	"strconv"
	"unicode/utf8"

	"wdsocket/core/fault"
)

// The close codes of RFC 6455, section 7.4, that are used here.
const (
	CloseNormal    = 1000
	CloseGoingAway = 1001
	CloseProtocol  = 1002
	CloseNone      = 1005 // the peer's close frame had no code; never sent
	CloseText      = 1007
	ClosePolicy    = 1008
	CloseTooLong   = 1009
	CloseExtension = 1010
)

// longestReason is how many bytes a close frame has for the reason.
const longestReason = mostControl - 2

// mayClose tells whether a close frame may have a code: those that are registered, of
// libraries (3000) and of programs (4000).
func mayClose(code uint16) bool {
	switch {
	case code >= 3000 && code <= 4999:
		return true
	case code >= 1000 && code <= 1014:
		return code != 1004 && code != CloseNone && code != 1006
	}
	return false
}

// closed is what a close frame said.
type closed struct {
	code   uint16
	reason string
}

// parseClose reads the payload of a close frame.
func parseClose(p []byte) (closed, *wrongFrame) {
	if len(p) == 0 {
		return closed{code: CloseNone}, nil
	}
	if len(p) == 1 {
		return closed{}, broken(noteCloseLength)
	}
	c := closed{code: binary.BigEndian.Uint16(p), reason: string(p[2:])}
	if !mayClose(c.code) {
		return c, broken(noteBadCode, strconv.Itoa(int(c.code)))
	}
	if !utf8.ValidString(c.reason) {
		return c, &wrongFrame{CloseText, fault.WebSocketText, noteReasonText, [2]string{}}
	}
	return c, nil
}

// err is how Read tells of a close frame.
func (c *closed) err(who string) *fault.Error {
	switch {
	case c.code == CloseNormal, c.code == CloseGoingAway, c.code == CloseNone:
		return fault.New(fault.PeerClosed, fault.PhaseRead, who)
	case c.reason == "":
		return fault.New(fault.WebSocketClosed, fault.PhaseRead, who).With(noteCode, codeText(c.code))
	}
	return fault.New(fault.WebSocketClosed, fault.PhaseRead, who).With(noteCodeReason, codeText(c.code), c.reason)
}

// codeText is a code with its name, if it has one.
func codeText(code uint16) string {
	text := strconv.Itoa(int(code))
	if name := codeName(code); name != "" {
		text += " (" + name + ")"
	}
	return text
}

// codeName is what the registry of RFC 6455, section 11.7, calls a code, "" for others.
func codeName(code uint16) string {
	switch code {
	case CloseGoingAway:
		return "Going Away"
	case CloseProtocol:
		return "Protocol error"
	case 1003:
		return "Unsupported Data"
	case CloseText:
		return "Invalid frame payload data"
	case ClosePolicy:
		return "Policy Violation"
	case CloseTooLong:
		return "Message Too Big"
	case CloseExtension:
		return "Mandatory Ext."
	case 1011:
		return "Internal Error"
	case 1012:
		return "Service Restart"
	case 1013:
		return "Try Again Later"
	case 1014:
		return "Bad Gateway"
	}
	return ""
}

// wrongFrame is what is wrong with what the peer sent: the code that it is told, and
// the error.
type wrongFrame struct {
	close uint16
	code  fault.Code
	note  fault.Note
	args  [2]string
}

// broken makes one about a rule of the protocol.
func broken(note fault.Note, args ...string) *wrongFrame {
	w := &wrongFrame{close: CloseProtocol, code: fault.WebSocketProtocol, note: note}
	copy(w.args[:], args)
	return w
}

var (
	noteCode = fault.NewNote(
		"code {0}",
		"code {0}")
	noteCodeReason = fault.NewNote(
		"code {0}, \"{1}\"",
		"code {0}, « {1} »")
	noteCloseLength = fault.NewNote(
		"its close frame has half a code (1002)",
		"sa trame de fermeture a un demi-code (1002)")
	noteBadCode = fault.NewNote(
		"its close frame has the code {0}, which must not be sent (1002)",
		"sa trame de fermeture a le code {0}, qui ne doit pas être envoyé (1002)")
	noteReasonText = fault.NewNote(
		"the reason in its close frame (1007)",
		"la raison dans sa trame de fermeture (1007)")
	noteReserved = fault.NewNote(
		"a frame has reserved bits that mean nothing here, first byte {0} (1002)",
		"une trame a des bits réservés sans signification ici, premier octet {0} (1002)")
	noteOpcode = fault.NewNote(
		"a frame has the opcode {0}, which does not exist (1002)",
		"une trame a le code opération {0}, qui n'existe pas (1002)")
	noteControl = fault.NewNote(
		"a ping, pong or close frame is longer than 125 bytes or fragmented (1002)",
		"une trame ping, pong ou de fermeture dépasse 125 octets ou est fragmentée (1002)")
	noteMask = fault.NewNote(
		"a frame of a client is not masked (1002)",
		"une trame d'un client n'est pas masquée (1002)")
	noteNoMask = fault.NewNote(
		"a frame of a server is masked (1002)",
		"une trame d'un serveur est masquée (1002)")
	noteLength = fault.NewNote(
		"a frame has a length of {0}, which does not exist (1002)",
		"une trame a une longueur de {0}, qui n'existe pas (1002)")
	noteContinuation = fault.NewNote(
		"a fragment belongs to no message (1002)",
		"un fragment n'appartient à aucun message (1002)")
	noteInterrupted = fault.NewNote(
		"a message begins inside another one (1002)",
		"un message commence au milieu d'un autre (1002)")
	noteMessageLong = fault.NewNote(
		"{0} bytes at least, {1} are allowed (1009)",
		"au moins {0} octets, {1} sont permis (1009)")
	noteFlood = fault.NewNote(
		"it sends pings, pongs or empty fragments without end (1008)",
		"il envoie sans fin des pings, des pongs ou des fragments vides (1008)")
	noteDeflate = fault.NewNote(
		"a compressed message is damaged (1007)",
		"un message compressé est endommagé (1007)")
)
