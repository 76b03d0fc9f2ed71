package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWindevModuleFitsTheHeader(t *testing.T) {
	h, root := realHeader(t)
	require.NoError(t, CheckWindev(h, root))
	calls := 0
	for _, p := range parseWL("module", windevModule(h)).order {
		for _, line := range p.lines {
			for _, call := range wlCalls(line.text) {
				if call.name == "API" {
					calls++
				}
			}
		}
	}
	assert.GreaterOrEqual(t, calls, 50, "the checker sees the calls")
}

func TestBlocksAreCountedInBothLanguages(t *testing.T) {
	for text, want := range map[string]int{
		"IF a THEN\nRESULT 1\nEND\n":                                 0,
		"IF a THEN RESULT 1\n":                                       0,
		"SI a ALORS\nRENVOYER 1\nFIN\n":                              0,
		"SI a ALORS RENVOYER 1\n":                                    0,
		"SELON wdEvénementType(b, 1)\n\tCAS 1\n\tTANTQUE a\n\tFIN\n": 1,
		"IF a THEN\n":                                                1,
		"SI a ALORS\n":                                               1,
		"POUR i = 1 À 2\n":                                           1,
		"FIN\n":                                                      1,
	} {
		assert.Len(t, parseWL("text", text).faults, want, text)
	}
}

func TestSeededMistakesInTheModuleAreFound(t *testing.T) {
	h, _ := realHeader(t)
	good := windevModule(h)
	for name, test := range map[string]struct{ old, new, want string }{
		"wrong name":            {`"WDSocketFind"`, `"WDSocketFnd"`, "no function"},
		"case of a name":        {`"WDSocketFind"`, `"WDSocketfind"`, "no function"},
		"argument missing":      {`"WDSocketCreate", &sName, nPort, &sHost)`, `"WDSocketCreate", &sName, nPort)`, "2 arguments, want 3"},
		"argument too many":     {`"WDSocketClose", nSocket)`, `"WDSocketClose", nSocket, 0)`, "2 arguments, want 1"},
		"arguments confused":    {`"WDSocketConnect", &sName, nPort, &sHost, nWait)`, `"WDSocketConnect", &sName, &sHost, nPort, nWait)`, "is not an int"},
		"string by value":       {`"WDSocketFind", &sName)`, `"WDSocketFind", sName)`, "not the address"},
		"string variable":       {`"WDSocketNew", &sName)`, `"WDSocketNew", &sSocketName)`, "is a string"},
		"small buffer":          {`sName is ASCIIZ string on 1024` + "\n" + `nResult is int = API(wdsLibrary(), "WDSocketName"`, `sName is ASCIIZ string on 100` + "\n" + `nResult is int = API(wdsLibrary(), "WDSocketName"`, "has 100 bytes"},
		"records without room":  {"WDS_RECORDS = 64", "WDS_RECORDS = 65", "has 2048 bytes, 2080 are needed"},
		"figures without room":  {"bufFigures is Buffer on 256", "bufFigures is Buffer on 100", "has 100 bytes, 200 are needed"},
		"figures in a number":   {"&bufFigures, WDS_STAT_COUNT", "&nSocket, WDS_STAT_COUNT", "not the address of a buffer"},
		"window in an int":      {"nWindow is system int", "nWindow is int", "system int"},
		"short figure":          {`nValue is 8-byte int`, `nValue is int`, "8-byte int"},
		"list without room":     {"WDS_LIST = 1024", "WDS_LIST = 1025", "has 4096 bytes, 4100 are needed"},
		"room of another size":  {"bufLong is Buffer = wdsRoom(nLength)", "bufLong is Buffer = wdsRoom(nWait)", "is a buffer without a size"},
		"handles in a number":   {"&bufList, WDS_LIST", "&nResult, WDS_LIST", "not the address of a buffer"},
		"result too wide":       {`nResult is int = API(wdsLibrary(), "WDSocketVersion")`, `nResult is 8-byte int = API(wdsLibrary(), "WDSocketVersion")`, "does not go to"},
		"result thrown away":    {`nResult is int = API(wdsLibrary(), "WDSocketVersion")`, `API(wdsLibrary(), "WDSocketVersion")`, "does not go to"},
		"unknown variable":      {`"WDSocketDeny", nServer)`, `"WDSocketDeny", nServeur)`, "not declared"},
		"constant changed":      {"\tWDS_E_TIMEOUT = -1 ", "\tWDS_E_TIMEOUT = -2 ", "WDS_E_TIMEOUT"},
		"unknown constant":      {"RESULT nResult = WDS_OK", "RESULT nResult = WDS_OKAY", "no constant WDS_OKAY"},
		"procedure unknown":     {"RESULT wdSocketDeny(xServeur)", "RESULT wdSocketDenie(xServeur)", "no procedure"},
		"procedure arguments":   {"RESULT wdSocketExist(xSocket)", "RESULT wdSocketExist()", "0 arguments"},
		"block open":            {"\tRESULT False\nEND\ngsWdsLibrary", "\tRESULT False\ngsWdsLibrary", "still open"},
		"called before it is":   {"PROCEDURE wdSocketVersion() : int\n", "PROCEDURE wdSocketEarly()\nRESULT wdSocketVersion()\n\nPROCEDURE wdSocketVersion() : int\n", "stands below"},
		"a procedure twice":     {"PROCEDURE wdSocketVersion() : int\n", "PROCEDURE wdSocketVersion() : int\nRESULT 1\n\nPROCEDURE wdSocketVersion() : int\n", "twice"},
		"constants too late":    {"// " + frenchNames, "\nCONSTANT\n\tX = 1\nEND\n", "behind a procedure"},
		"text in a buffer":      {"bufRoom is Buffer = sRoom", `bufRoom is Buffer = RepeatString(" ", nSize)`, "two bytes a character"},
		"a string as bytes":     {"bufMessage = sAnsi", "bufMessage = sMessage", "two bytes a character"},
		"unknown to WLanguage":  {"IF NOT fFileExist(", "IF NOT FileExist(", "WLanguage has no function FileExist"},
		"no result at the end":  {"RESULT bufMessage\n", "\n", "without a RESULT"},
		"report without room":   {"WDS_REPORT_ROOM = 16384", "WDS_REPORT_ROOM = 20000", "has 16384 bytes"},
		"default in the middle": {"PROCEDURE wdSocketDeny(xServer)", "PROCEDURE wdSocketDeny(nA is int = 1, xServer)", "without a default"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, good, test.old)
			bad := strings.Replace(good, test.old, test.new, 1)
			err := errors.Join(parseWL("module", bad).check(h, nil)...)
			require.Error(t, err)
			assert.ErrorContains(t, err, test.want)
		})
	}
}

func TestSeededMistakesInAnExampleAreFound(t *testing.T) {
	h, _ := realHeader(t)
	module := parseWL("module", windevModule(h))
	for text, want := range map[string]string{
		`wdSocketConnect("a", 1, "b", 2)`:                       "",
		`wdSocketConnekt("a", 1)`:                               "no procedure",
		`wdSocketConnect("a")`:                                  "1 arguments",
		`Info(wdSocketRead("a, b", True), wdErrorInfo())`:       "",
		`Info(wdErrorInfo(1, 2))`:                               "2 arguments",
		`wdSocketChangeTransmissionMode("a", WDS_MODE_ROW)`:     "no constant",
		"IF wdErrorOccurred() THEN\n\tInfo(\"IF\")":             "blocks are open",
		"PROCEDURE wdMine()\nRESULT 1\nPROCEDURE B()\nwdMine()": "",
		`// wdSocketConnekt("a")`:                               "",
		`Info("wdSocketConnekt(")`:                              "",
		"b is Buffer = Charact(1) + Charact(200)":               "two bytes a character",
		"b is Buffer\nb += Charact(1)":                          "two bytes a character",
		"b is Buffer\nb[[1]] = 200":                             "",
		"b is Buffer = wdSocketReadBuffer(1)\nb = b[[1 TO 2]]":  "",
		`Infos("a")`:                                     "no function Infos",
		"b is Buffer = StringToUTF8(s)":                  "",
		"b is Buffer = StringToUTF8(s) + Charact(0)":     "two bytes a character",
		"s is ANSI string = Charact(1)\nb is Buffer = s": "",
	} {
		err := errors.Join(parseWL("example", text).check(h, module)...)
		if want == "" {
			assert.NoError(t, err, text)
		} else {
			assert.ErrorContains(t, err, want, text)
		}
	}
}

func TestEndsThatAreNotClosedAreFound(t *testing.T) {
	good := strings.Join([]string{
		`wdSocketAttach(1, "chat", True)`,
		"SWITCH wdEventKind(b, 1)",
		"CASE WDS_EVENT_MESSAGE: wdSocketWrite(n, wdSocketRead(n))",
		"CASE WDS_EVENT_PEER_CLOSED, WDS_EVENT_RESET, WDS_EVENT_TIMEOUT",
		"IF True THEN",
		"wdSocketClose(n)",
		"END",
		"CASE WDS_EVENT_ERROR",
		"IF wdEventDetail(b, 1) >= WDS_SCOPE_CONNECTION THEN wdSocketClose(n)",
		"END",
	}, "\n")
	french := strings.NewReplacer("SWITCH wdEventKind", "SELON wdEvénementType", "wdEventDetail", "wdEvénementDétail", "CASE ", "CAS ", "IF ", "SI ", "THEN", "ALORS",
		"END", "FIN", "wdSocketClose", "wdSocketFerme", "wdSocketAttach", "wdSocketAttache", "True", "Vrai", ": ", " : ")
	for name, test := range map[string]struct{ old, new, want string }{
		"all is closed":            {"", "", ""},
		"a client only":            {", True)", ")", ""},
		"a time-out is left out":   {", WDS_EVENT_TIMEOUT", "", "WDS_EVENT_TIMEOUT"},
		"a reset is left out":      {", WDS_EVENT_RESET", "", "WDS_EVENT_RESET"},
		"an end is not closed":     {"wdSocketClose(n)\nEND", "Trace(1)\nEND", "WDS_EVENT_PEER_CLOSED"},
		"an error is left out":     {"CASE WDS_EVENT_ERROR", "CASE WDS_EVENT_NOISE", "WDS_EVENT_ERROR"},
		"the server is closed":     {"IF wdEventDetail(b, 1) >= WDS_SCOPE_CONNECTION THEN wdSocketClose(n)", "wdSocketClose(n)", "one client could not be accepted"},
		"closed behind the switch": {"wdSocketClose(n)\nEND\n", "END\n", "WDS_EVENT_RESET"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, good, test.old)
			text := strings.Replace(good, test.old, test.new, 1)
			for language, text := range map[string]string{"English": text, "French": french.Replace(text)} {
				program := parseWL("example", text)
				program.faults = nil // of the French words, which the module's parser does not know
				program.checkEvents(program.manages())
				if test.want == "" {
					assert.NoError(t, errors.Join(program.faults...), language)
				} else {
					assert.ErrorContains(t, errors.Join(program.faults...), test.want, language)
				}
			}
		})
	}
}

func TestHostsDeclareTheWholeHeader(t *testing.T) {
	h, root := realHeader(t)
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(root, "hosts", filepath.FromSlash(name)))
		require.NoError(t, err)
		return string(text)
	}
	for name, test := range map[string]struct {
		all   []Declared
		times int
	}{
		"vba":    {declaredVBA(read("vba/wdsocket.bas")), 3},
		"pascal": {declaredPascal(read("pascal/wdsocket.pas")), 1},
		"csharp": {declaredCSharp(read("csharp/WDSocket.cs")), 3},
	} {
		count := map[string]int{}
		for _, d := range test.all {
			assert.Len(t, function(t, h, d.Name).Params, d.Arguments, "%s %s", name, d.Name)
			count[d.Name]++
		}
		for _, f := range h.Functions() {
			assert.Equal(t, test.times, count[f.Name], "%s %s", name, f.Name)
		}
	}
	for _, f := range h.Functions() {
		assert.Contains(t, read("python/wdsocket.py"), "# "+f.Signature()+"\n    \""+f.Name+"\": [")
		assert.Contains(t, read("python/wdsocket.py"), "        def "+f.Name+"(self") // for checkers of types
	}
	for _, c := range h.Constants() {
		for _, name := range []string{"vba/wdsocket.bas", "pascal/wdsocket.pas", "csharp/WDSocket.cs", "python/wdsocket.py"} {
			assert.Contains(t, read(name), c.Name, name)
		}
	}
}

func TestBuffersAndTokensAreToldApart(t *testing.T) {
	h, _ := realHeader(t)
	for name, want := range map[string]role{
		"WDSocketRead 1": roleBytesOut, "WDSocketWrite 1": roleBytesIn, "WDSocketChangeTransmissionMode 2": roleBytesIn, "WDSocketExchange 3": roleBytesOut,
		"WDSocketMessageFree 0": roleToken, "WDSocketReadMessage 4": roleAddress, "WDSocketNextEvents 2": roleBytesOut, "WDSocketGetNumber 2": roleLong,
	} {
		f, i, _ := strings.Cut(name, " ")
		assert.Equal(t, want, roleOf(function(t, h, f), int(i[0]-'0')), name)
	}
	for _, f := range h.Functions() {
		for i, p := range f.Params {
			if roleOf(f, i) == roleToken {
				assert.Contains(t, []string{"message", "user", "window", "callback"}, p.Name, "%s: a buffer without a length, or a token of a new name?", f.Name)
			}
		}
	}
}

// Every type that a parameter may have must have a place in the declarations.
func TestEveryTypeHasARole(t *testing.T) {
	for kind := range goTypes {
		f := Function{Name: "WDSocketX", Params: []Param{{Type: kind, Name: "data"}, {Type: "int32_t", Name: "length"}}}
		if kind != "int32_t" {
			assert.NotEqual(t, roleNumber, roleOf(f, 0), kind)
		}
		assert.NotContains(t, vbaFunction(f, "PtrSafe ", "wdsocket64", "LongLong", "LongPtr"), "(,", kind)
	}
}

func TestNoLineOfVBAIsTooLong(t *testing.T) {
	h, _ := realHeader(t)
	for line := range strings.Lines(vbaModule(h)) {
		assert.LessOrEqual(t, len(line), 1023, line)
	}
}
