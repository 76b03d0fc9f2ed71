package main

import (
	"regexp"
	"strings"
)

var wlAssignment = regexp.MustCompile(`(?i)^([\p{L}\d_]+)(?:\s+(?:is|est)\s+(?:an?\s+|une?\s+)?buffer)?\s*\+?=\s*(.+)$`)

// wlFunctions are the functions of WLanguage itself that the module, the examples
// and the guides use, in lower case, in English and in French. One that
// is not here is a slip, or has to be looked up in PC SOFT's documentation and added.
var wlFunctions = known(`API ArrayAdd Asc BinaryAND BufferToHexa Charact Compile Error ErrorInfo Event ExceptionThrow Execute ExtractString fExeDir fFileExist Handle HexaToBuffer In64bitMode Info IntegerPart Left Length
	LoadDLL Middle NumToString Position Random RepeatString SocketConnectBluetooth SocketConnectInfrared SocketCreateBluetooth
	SocketCreateInfrared StringToUTF8 ThreadExecute ToClipboard Trace Transfer TypeVar UTF8ToString Upper Val
	BufferVersHexa Caract ChaîneVersUTF8 Erreur Evénement ExtraitChaîne fRepExe HexaVersBuffer NumériqueVersChaîne PartieEntière
	Taille VersPressePapier
	ChargeDLL ChronoDébut ChronoFin ChronoValeur EnMode64bits ExceptionInfo FenEnCours fFichierExiste FinEvénement fSauveTexte Hasard Multitâche OuvreSoeur
	TableAjouteLigne TableOccurrence TableSelect TableSupprime TableSupprimeTout ThreadExécute
	Transfert UTF8VersChaîne
	ArrayAdd ErrorInfo SocketAccept SocketClose SocketCreate SocketRead SocketWaitForConnection SocketWrite ThreadWait
	ErreurInfo SocketAccepte SocketAttendConnexion SocketCrée SocketEcrit SocketFerme SocketLit TableauAjoute ThreadAttend`)

func known(names string) map[string]bool {
	all := map[string]bool{}
	for _, name := range strings.Fields(names) {
		all[strings.ToLower(name)] = true
	}
	return all
}

// bytesOf are WLanguage's own functions whose result is bytes in ANSI and in
// UNICODE projects alike.
var bytesOf = map[string]bool{"stringtoutf8": true, "chaîneversutf8": true, "hexatobuffer": true, "hexaversbuffer": true}

// checkBytes finds text that is put into a buffer as it stands: in a UNICODE
// project each of its characters has two bytes there.
func (w *wlText) checkBytes(module *wlText, p *wlProcedure, line wlLine) {
	m := wlAssignment.FindStringSubmatch(line.text)
	if m == nil || !strings.HasPrefix(p.variables[strings.ToLower(m[1])], "buffer") {
		return
	}
	if !p.areBytes(module, m[2]) {
		w.fault(line.number, "%s gets text, which has two bytes a character in UNICODE projects", m[1])
	}
}

// areBytes tells whether an expression is bytes: a buffer, a part of one, an
// ANSI string, or what a procedure of the module gives.
func (p *wlProcedure) areBytes(module *wlText, expression string) bool {
	name, _, _ := strings.Cut(expression, "[[")
	switch kind := p.variables[strings.ToLower(name)]; {
	case kind == "ansi string", strings.HasPrefix(kind, "buffer"):
		return true
	}
	calls := wlCalls(expression)
	if len(calls) == 0 || !strings.HasPrefix(expression, calls[0].name+"(") || wlClosing(expression, len(calls[0].name)+1) != len(expression)-1 {
		return false
	}
	called := strings.ToLower(calls[0].name)
	return bytesOf[called] || module.procedures[called] != nil
}

// checkEnd finds a procedure whose last line gives no result: WLanguage ends it
// without one, and the caller goes on with nothing.
func (w *wlText) checkEnd(p *wlProcedure) {
	if p.name == "" {
		return
	}
	if n := len(p.lines); n == 0 || !strings.HasPrefix(strings.ToUpper(p.lines[n-1].text), "RESULT ") {
		w.fault(p.line, "%s can end without a RESULT", p.name)
	}
}
