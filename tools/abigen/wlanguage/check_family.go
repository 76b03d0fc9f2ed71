package wlanguage

import "strings"

// families are the constants that parameters of the module take: procedure, place of the
// parameter, beginning of the names. A number or a variable is not checked.
var families = map[string][]struct {
	place  int
	prefix string
}{}

// results are the constants that procedures of the module give.
var results = map[string]string{}

func init() {
	for line := range strings.Lines(familyText) {
		fields := strings.Fields(line)
		if len(fields) != 3 {
			continue
		}
		for name := range strings.SplitSeq(fields[0], "/") {
			if fields[1] == "=" {
				results[fold(name)] = fields[2]
				continue
			}
			families[fold(name)] = append(families[fold(name)], struct {
				place  int
				prefix string
			}{int(fields[1][0] - '1'), fields[2]})
		}
	}
}

const familyText = `
	wdSocketSetOption/wdSocketFixeOption 2 WDS_OPT_
	wdSocketGetOption/wdSocketLitOption 2 WDS_OPT_
	wdSocketSetText/wdSocketFixeTexte 2 WDS_TEXT_
	wdSocketGetText/wdSocketLitTexte 2 WDS_TEXT_
	wdSocketSetBytes/wdSocketFixeOctets 2 WDS_TEXT_
	wdSocketGetBytes/wdSocketLitOctets 2 WDS_TEXT_
	wdSocketOpen/wdSocketOuvre 2 WDS_KIND_
	wdErrorText/wdErreurTexte 1 WDS_E_,WDS_OK
	wdErrorText/wdErreurTexte 2 WDS_INFO_
	wdSocketChangeTransmissionMode/wdSocketChangeModeTransmission 2 WDS_MODE_
	wdErrorInfo/wdErreurInfo 1 WDS_INFO_
	wdSocketErrorInfo/wdSocketErreurInfo 2 WDS_INFO_
	wdSocketClientInfo/wdSocketInfoClient 2 WDS_INFO_
	wdSocketLocalInfo/wdSocketInfoLocale 2 WDS_INFO_
	wdSocketSSLInfo/wdSocketInfoSSL 2 WDS_INFO_SSL_
	wdWebSocketInfo 2 WDS_INFO_WEBSOCKET_
	wdSocketNumber/wdSocketNombre 2 WDS_NUM_
	wdSocketStatistic/wdSocketStatistique 2 WDS_STAT_
	wdSocketDiscard/wdSocketSupprime 2 WDS_DISCARD_
	wdSocketCloseEx/wdSocketFermeEx 2 WDS_CLOSE_
	wdSocketStartSSL/wdSocketDémarreSSL 2 WDS_ROLE_
	wdSocketConnectSSL/wdSocketConnecteSSL 4 WDS_SSL_
	wdSocketCreateSSL/wdSocketCréeSSL 4 WDS_SSL_
	wdErrorCode/wdErreurCode = WDS_E_,WDS_OK
	wdEventCode/wdEvénementCode = WDS_E_,WDS_OK
	wdErrorScope/wdErreurPortée = WDS_SCOPE_
	wdSocketErrorScope/wdSocketErreurPortée = WDS_SCOPE_
	wdSocketState/wdSocketEtat = WDS_STATE_
	wdEventKind/wdEvénementType = WDS_EVENT_
`

// eventFamily are the constants that procedures of wdSocketOn get as their third parameter.
const eventFamily = "WDSOCKETOPENING,WDSOCKETMESSAGE,WDSOCKETCLOSING,WDSOCKETERROR,WDSOCKETOUVERTURE,WDSOCKETFERMETURE,WDSOCKETERREUR"

// ofFamily tells whether a constant begins as one of a list.
func ofFamily(name, prefixes string) bool {
	for prefix := range strings.SplitSeq(prefixes, ",") {
		if strings.HasPrefix(strings.ToUpper(name), prefix) {
			return true
		}
	}
	return false
}

func shownFamily(prefixes string) string { return strings.ReplaceAll(prefixes, "_,", "_..., ") + "..." }

// constantIn gives the constant of the library, or of the originals, that a value is.
func (c *scope) constantIn(e *expression) (name string, isOurs, isTheirs bool) {
	if e.kind != exName {
		return "", false, false
	}
	if v := c.locals[fold(e.name)]; v != nil {
		original := c.origin[v]
		return original, false, original != ""
	}
	ours := strings.HasPrefix(strings.ToUpper(e.name), "WDS") && c.constants[fold(e.name)] != nil
	return e.name, ours, !ours && isOriginal(e) && c.constants[fold(e.name)] == nil
}

// families checks that constants among the arguments are those that the procedure takes.
func (c *values) families(e *expression, p *procedure) {
	if !strings.HasPrefix(p.name, "wd") {
		return
	}
	for i, arg := range e.args[1:] {
		name, isOurs, isTheirs := c.constantIn(arg)
		takes := i < len(p.params) && c.translate[p.params[i]]
		if i < len(p.params) && c.outputs[p.params[i]] && !c.isVariable(arg) {
			c.fault(arg.line, msgOutput, p.params[i].name, p.name, shown(arg))
		}
		if isTheirs && !takes {
			c.fault(arg.line, msgOriginal, name, p.name, builtins().originals[fold(name)].instead)
		}
		if !isOurs {
			continue
		}
		for _, family := range families[fold(p.name)] {
			if family.place == i && !ofFamily(name, family.prefix) && i < len(p.params) {
				c.fault(arg.line, msgFamily, p.params[i].name, p.name, shownFamily(family.prefix), name)
			}
		}
	}
}

// isVariable tells whether a procedure can store a result in an argument.
func (c *scope) isVariable(e *expression) bool {
	switch e.kind {
	case exName:
		_, constant := builtins().constants[fold(e.name)]
		return !constant && c.constants[fold(e.name)] == nil
	case exIndex, exMember, exIndirect, exUnknown, exOmitted, exList:
		return true
	}
	return false
}

// comparedFamily checks a constant that the result of a procedure is compared with.
func (c *values) comparedFamily(call, value *expression) {
	if call.kind == exName && c.event != nil && c.locals[fold(call.name)] == c.event {
		if name, isOurs, _ := c.constantIn(value); isOurs && !ofFamily(name, eventFamily) {
			c.fault(value.line, msgFamily, c.event.name, c.current.name, message{"wdSocketOpening, wdSocketMessage, wdSocketClosing, wdSocketError", "wdSocketOuverture, wdSocketMessage, wdSocketFermeture, wdSocketErreur"}, name)
		}
		return
	}
	called, ok := call.calls()
	if !ok || c.procedures[fold(called)] == nil {
		return
	}
	if value.kind == exUnary && value.name == "case" {
		value = value.args[0]
	}
	name, isOurs, isTheirs := c.constantIn(value)
	prefix := results[fold(called)]
	if option := call.at(2); prefix == "" && option != nil && option.kind == exName && ofFamily(called, "WDSOCKETGETOPTION,WDSOCKETLITOPTION") {
		prefix = optionFamilies[strings.ToUpper(option.name)]
	}
	switch {
	case isTheirs && strings.HasPrefix(called, "wd"):
		c.fault(value.line, msgOriginal, name, called, builtins().originals[fold(name)].instead)
	case isOurs && ofFamily(name, "WDS_OK,WDS_E_") && prefix == "" && c.givesSuccess(called):
		gives := kindNames[kBoolean]
		if makes[fold(called)] {
			gives = message{"True, or a handle, on success", "Vrai, ou un handle, en cas de succès"}
		}
		c.fault(value.line, msgStatus, called, gives, name, called)
	case isOurs && prefix != "" && !ofFamily(name, prefix):
		c.fault(value.line, msgCompared, called, shownFamily(prefix), name)
	}
}

// givesSuccess tells whether a procedure of the module gives True, or a handle, where it succeeds.
func (c *values) givesSuccess(called string) bool {
	return strings.HasPrefix(called, "wd") && (makes[fold(called)] || c.symbols.result(c.procedures[fold(called)]).kind == kBoolean)
}

// optionFamilies are options whose values are constants.
var optionFamilies = map[string]string{
	"WDS_OPT_MODE": "WDS_MODE_", "WDS_OPT_WRITE_MODE": "WDS_MODE_", "WDS_OPT_KIND": "WDS_KIND_",
	"WDS_OPT_WEBSOCKET_KIND": "WDS_WEBSOCKET_", "WDS_OPT_WEBSOCKET_MESSAGE": "WDS_WEBSOCKET_",
}

// sockets notes the names under which procedures of the module make sockets.
func (c *checker) sockets(p *procedure) {
	eachStatement(p.body, func(s *statement) {
		for _, e := range s.expressions() {
			e.each(func(e *expression) {
				name, ok := e.calls()
				if first := e.at(1); ok && strings.HasPrefix(name, "wd") && c.procedures[fold(name)] != nil && first != nil && first.kind == exText && first.name != "" && makes[fold(name)] {
					c.opened[first.name] = name
				}
			})
		}
	})
}

// makes are the procedures that make a socket with the name that they are given.
var makes = words(`wdsocketnew wdsocketconnect wdsocketconnectssl wdsocketcreate wdsocketcreatessl wdsocketcreateudp wdwebsocketclientconnect wdwebsocketclientconnectssl
	wdwebsocketclientconnectevents wdwebsocketclientconnectsslevents wdsocketnouveau wdsocketconnecte wdsocketconnectessl wdsocketcree wdsocketcreessl wdsocketcreeudp
	wdwebsocketclientconnecte wdwebsocketclientconnectessl wdwebsocketclientconnecteevenements wdwebsocketclientconnectesslevenements`)

// originalCall finds PC SOFT's own functions that are called for a socket of the library.
func (c *values) originalCall(e *expression, f *builtin) {
	first := e.at(1)
	if f.instead == "" || first == nil || first.kind != exText {
		return
	}
	if made := c.opened[first.name]; made != "" {
		name, _ := e.calls()
		c.fault(e.line, msgOriginalCall, name, first.name, made, f.instead)
	}
}

// errors finds ErrorInfo and ErrorOccurred where the error is one of the library: in the
// statement of a call of the module, or the one behind it.
func (c *checker) errors(s *statement) {
	var ours, theirs *expression
	others := false // a function with errors of its own
	for _, e := range s.expressions() {
		e.each(func(e *expression) {
			name, ok := e.calls()
			switch {
			case e.kind == exName && withoutCall[fold(e.name)] && c.locals[fold(e.name)] == nil, ok && builtins().functions[fold(name)] != nil && c.procedures[fold(name)] == nil && isErrorQuestion(name):
				if theirs == nil {
					theirs = e
				}
			case ok && strings.HasPrefix(name, "wd") && c.procedures[fold(name)] != nil && !strings.HasPrefix(fold(name), "wderr"):
				ours = e
			case ok && !errorFree[fold(name)]:
				others = true
			}
		})
	}
	about := c.before
	if ours != nil {
		about = ours
	}
	if theirs != nil && about != nil {
		name := shown(theirs)
		called, _ := about.calls()
		instead := builtins().functions[fold(strings.TrimSuffix(name, "()"))].instead
		c.fault(theirs.line, msgOriginalError, strings.TrimSuffix(name, "()"), called, instead+"()")
	}
	if c.before = ours; others {
		c.before = nil
	}
}

// errorFree are functions of which no error is asked for.
var errorFree = words("info error trace erreur avertissement warning numtostring numeriqueverschaine charact caract length taille position extractstring extraitchaine val")

func isErrorQuestion(name string) bool {
	f := builtins().functions[fold(name)]
	return f != nil && strings.HasPrefix(fold(f.instead), "wderr")
}
