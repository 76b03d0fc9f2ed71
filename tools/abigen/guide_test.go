package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// guides are the guide for WINDEV in both languages.
func guides(t *testing.T) (english, french string) {
	_, root := realHeader(t)
	return readText(t, root, "docs/windev.md"), readText(t, root, "docs/windev.fr.md")
}

var (
	guideProcedure = regexp.MustCompile(`\bwd(?:[A-Z][\p{L}\d]*|sLibrary)`)
	guideFunction  = regexp.MustCompile(`\bWDSocket\w+`)
	guideConstant  = regexp.MustCompile(`\bWDS_\w+`)
)

func names(expression *regexp.Regexp, text string) []string {
	all := expression.FindAllString(text, -1)
	slices.Sort(all)
	return slices.Compact(all)
}

func TestWhatTheGuidesNameExists(t *testing.T) {
	h, root := realHeader(t)
	module := parseWL("module", windevCompat(h)) // which has all that the module has
	functions := map[string]bool{}
	for _, f := range h.Functions() {
		functions[f.Name] = true
	}
	for _, file := range []string{"docs/windev.md", "docs/windev.fr.md", "docs/devices.md", "docs/appareils.md", "docs/framing.md", "docs/framing.fr.md"} {
		text := readText(t, root, file)
		for _, name := range names(guideProcedure, text) {
			if name == "wdSocket" { // what is put in front
				continue
			}
			_, constant := module.constants[name]
			assert.True(t, constant || module.procedures[strings.ToLower(name)] != nil, "%s: %s", file, name)
		}
		for _, name := range names(guideFunction, text) {
			assert.True(t, functions[name], "%s: %s", file, name)
		}
		for _, name := range names(guideConstant, text) {
			if !strings.HasSuffix(name, "_") { // a whole family
				assert.Contains(t, module.constants, name, file)
			}
		}
		for _, link := range regexp.MustCompile(`\]\(([^)#]+)`).FindAllStringSubmatch(text, -1) {
			_, err := os.Stat(filepath.Join(root, "docs", filepath.FromSlash(link[1])))
			assert.NoError(t, err, file)
		}
	}
}

// Procedures for hosts come in English, and after them those with French names.
func TestTheGuidesNameEveryProcedure(t *testing.T) {
	h, _ := realHeader(t)
	english, french := guides(t)
	module := windevModule(h)
	before, _, _ := strings.Cut(module, frenchNames)
	for _, p := range parseWL("module", module).order {
		inFrench := p.line > strings.Count(before, "\n")
		if p.name == "" || strings.HasPrefix(p.name, "wds") {
			continue
		}
		if inFrench {
			assert.Contains(t, names(guideProcedure, french), p.name)
		} else if !strings.HasPrefix(p.name, "wdEvent") { // "-Kind" in the French guide
			assert.Contains(t, names(guideProcedure, english), p.name)
		}
	}
	for _, name := range []string{"wdEventSocket", "wdEventKind", "wdEventValue", "wdEventCode", "wdEventUser", "wdEventDetail", "wdEventCount"} {
		assert.Contains(t, english, name)
	}
}

// The functions of WLanguage, each with its place in both guides.
func TestTheGuidesTellOfEveryFunctionOfWLanguage(t *testing.T) {
	english, french := guides(t)
	for _, name := range strings.Fields(`SocketConnect SocketConnectSSL SocketCreate SocketCreateSSL SocketCreateUDP SocketWaitForConnection
		SocketAccept SocketDeny SocketRead SocketWrite SocketClose SocketExist SocketClientInfo SocketChangeTransmissionMode Socket.Option
		ErrorInfo ErrorOccurred WebSocketClientConnect WebSocketClientConnectSSL`) {
		assert.Contains(t, english, "\n| "+name+" | ")
	}
	for _, name := range strings.Fields(`SocketConnecte SocketConnecteSSL SocketCrée SocketCréeSSL SocketCréeUDP SocketAttendConnexion
		SocketAccepte SocketRefuse SocketLit SocketEcrit SocketFerme SocketExiste SocketClientInfo SocketChangeModeTransmission Socket.Option
		ErreurInfo ErreurDétectée WebSocketClientConnecte WebSocketClientConnecteSSL`) {
		assert.Contains(t, french, "\n| "+name+" | ")
	}
	for _, name := range strings.Fields("SocketConnectBluetooth SocketConnectInfrared") {
		assert.Contains(t, english, name)
		assert.Contains(t, french, name)
	}
}
