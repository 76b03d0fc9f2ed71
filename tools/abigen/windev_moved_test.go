package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/tools/abigen/wlanguage"
)

// Programs as they are written for WLanguage's own functions: every function, all their
// parameters, their constants, durations and buffers.
const (
	originalProgram = `PROCEDURE Client()
IF NOT SocketConnect("client", 5000, "192.168.1.10", 3 s) THEN
	Error(ErrorInfo(errMessage))
	RETURN
END
SocketChangeTransmissionMode("client", SocketEndTag, CRLF)
SocketWrite("client", "LIST")
bufAnswer is Buffer = SocketRead("client", False, 10 ms, 4096, 200)
IF ErrorOccurred THEN
	Error(ErrorInfo(errFullDetails))
END
SocketWrite("client", bufAnswer)
SocketChangeTransmissionMode("client", SocketNoEndTag)
sAnswer is string = SocketRead("client", True)
Trace(sAnswer, SocketClientInfo("client", SocketAddress), SocketClientInfo("client", SocketPort))
WHILE SocketExist("client")
	sAnswer = SocketRead("client", False, 20)
	IF ErrorOccurred THEN SocketClose("client")
END

PROCEDURE Server()
IF NOT SocketCreateSSL("tls", 5043, "9d a4 84 fc f6 62 92 90 9a 62", CertificateHash + ProtocolTLS1_2, "", "MY") THEN Error(ErrorInfo())
IF NOT SocketCreate("server", 5000) THEN Error(ErrorInfo())
IF SocketWaitForConnection("server", 500) THEN
	sChannel is string = SocketAccept("server")
	SocketChangeTransmissionMode(sChannel, SocketEndTagBuffer)
	SocketWrite(sChannel, SocketRead(sChannel, False))
	SocketClose(sChannel)
ELSE
	SocketDeny("server")
END
SocketClose("server")

PROCEDURE Others()
SocketCreateUDP("udp", 6000)
SocketWrite("udp", "hello", "192.168.1.255", 6000)
SocketConnectSSL("secure", 443, "www.example.com", ProtocolTLS1_1 + ProtocolTLS1_2, 5 s)
IF WebSocketClientConnect("web", "192.168.1.10", 80, "/chat") THEN SocketWrite("web", "hello")
WebSocketClientConnect("web2", "OnWebSocket", "192.168.1.10", 80, "/chat")
WebSocketClientConnectSSL("web3", "192.168.1.10")

PROCEDURE OnWebSocket(nEvent, sMessage)
SWITCH nEvent
	CASE SocketOpening: SocketWrite("web2", "hello")
	CASE SocketMessage: Trace(sMessage)
	CASE SocketClosing, SocketError: SocketClose("web2")
END
`
	originalFrench = `PROCÉDURE Client()
SI PAS SocketConnecte("client", 5000, "192.168.1.10", 3 s) ALORS
	Erreur(ErreurInfo(errMessage))
	RETOUR
FIN
SocketChangeModeTransmission("client", SocketMarqueurFin, RC)
SocketEcrit("client", "LIST")
bufRéponse est un Buffer = SocketLit("client", Faux, 10 ms, 4096, 200)
SI ErreurDétectée ALORS
	Erreur(ErreurInfo(errComplet))
FIN
SocketEcrit("client", bufRéponse)
SocketChangeModeTransmission("client", SocketTailleDébut)
sRéponse est une chaîne = SocketLit("client", Vrai)
Trace(sRéponse, SocketClientInfo("client", SocketAdresse), SocketClientInfo("client", SocketPort))
SI SocketExiste("client") ALORS SocketFerme("client")

PROCÉDURE Serveur()
SI PAS SocketCréeSSL("tls", 5043, "mon serveur", NomCertificat + ProtocoleTLS1_2) ALORS Erreur(ErreurInfo())
SocketCrée("serveur", 5000)
SI SocketAttendConnexion("serveur", 500) ALORS
	sCanal est une chaîne = SocketAccepte("serveur")
	SocketEcrit(sCanal, SocketLit(sCanal, Faux, 1 s))
SINON
	SocketRefuse("serveur")
FIN
SocketCréeUDP("udp", 6000)
SocketConnecteSSL("sûr", 443, "www.example.com", ProtocoleTLS1_2)
WebSocketClientConnecte("web", "SurWebSocket", "192.168.1.10", 80, "/discussion")
WebSocketClientConnecteSSL("web2", "192.168.1.10")

PROCÉDURE SurWebSocket(nEvénement, sMessage)
SI nEvénement = SocketMessage ALORS Trace(sMessage)
`
)

var (
	originalCall     = regexp.MustCompile(`(^|[^\p{L}\d_])((?:WebSocketClient|Socket|ErrorInfo|ErreurInfo)[\p{L}\d_]*)\(`)
	originalOccurred = regexp.MustCompile(`\b(?:ErrorOccurred|ErreurDétectée)(?:\(\))?`)
)

// moved is a program after the one step of the guide: "wd" in front of the functions, and
// brackets behind ErrorOccurred.
func moved(program string) string {
	program = originalCall.ReplaceAllString(program, "${1}wd${2}(")
	return originalOccurred.ReplaceAllStringFunc(program, func(name string) string { return "wd" + strings.TrimSuffix(name, "()") + "()" })
}

func TestAProgramMovesOverWordForWord(t *testing.T) {
	_, root := realHeader(t)
	modules, err := wlModules(root)
	require.NoError(t, err)
	programs := map[string]string{"in English": originalProgram, "in French": originalFrench}
	for _, name := range []string{"chat_before.wl", "discussion_avant.wl"} {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(windevFolder), "examples", name))
		require.NoError(t, err)
		programs[name] = string(text)
	}
	for name, program := range programs {
		after := moved(program)
		assert.NotEqual(t, program, after, name)
		for _, fault := range wlanguage.Parse(name, after).Check([]*wlanguage.File{modules[compatFile]}, wlanguage.Options{}) {
			assert.Fail(t, "a program that was moved over is refused", "%s: %v", name, fault)
		}
	}
	// The module for new programs does not know what the originals know.
	assert.NotEmpty(t, wlanguage.Parse("text", moved(originalProgram)).Check([]*wlanguage.File{modules[moduleFile]}, wlanguage.Options{}))
}

// What a moved program calls is all there is: the functions of the table of originals.
func TestTheMovedProgramsCallEveryOriginal(t *testing.T) {
	for text, french := range map[string]bool{originalProgram: false, originalFrench: true} {
		var called []string
		for _, m := range originalCall.FindAllStringSubmatch(text, -1) {
			called = append(called, m[2])
		}
		for english, inFrench := range originals {
			name := english
			if french {
				name = inFrench
			}
			switch {
			case strings.HasSuffix(english, "Bluetooth"), strings.HasSuffix(english, "Infrared"), english == "ErrorOccurred", inFrench == "SocketInfoClient" && french:
			default:
				assert.True(t, slices.Contains(called, name), fmt.Sprintf("nothing calls %s", name))
			}
		}
	}
}
