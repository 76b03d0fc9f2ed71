package wlanguage

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const windev = "../../../hosts/windev"

func read(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(windev, filepath.FromSlash(name)))
	require.NoError(t, err)
	return string(text)
}

// module is the module as new programs see it.
func module(t testing.TB) []*File {
	t.Helper()
	return []*File{Parse("wdsocket.wl", read(t, "wdsocket.wl"))}
}

// mistake is a program, or an edit of one, and what is to be found: the line, and words of the text.
type mistake struct {
	name     string
	file     string // of the examples; "": the text is the program
	old, new string // the text is new where file is ""
	line     int    // 0: the first line that the edit changes, or that of standsAt
	want     string
}

// standsAt is what the line of a mistake begins with, where that is not the edit.
var standsAt = map[string]string{
	"own procedure":                     "Listen(1)",
	"undeclared variable":               "\t\tnClient = nClient + 1",
	"no END":                            "\t\t\tIF wdEventDetail(",
	"no END of the loop":                "LOOP\n\tsMessage is string",
	"line behind BREAK":                 "\tnScope is int",
	"a callback with parameters":        "Event(",
	"a follower without its parameters": "wdSocketOn(",
}

var mistakes = []mistake{
	// Calls: number and types of the arguments.
	{"argument missing", "client.wl", `wdSocketConnect("client", 5000, "127.0.0.1", 3000)`, `wdSocketConnect("client")`, 0, "wants 2-4: nPort is missing"},
	{"argument too many", "client.wl", `wdSocketClose("client")`, `wdSocketClose("client", 5000)`, 0, "gets 2 arguments, and wants 1"},
	{"argument left out", "client.wl", `wdSocketWrite("client", "Hello World")`, `wdSocketWrite("client", , "127.0.0.1")`, 0, "cannot be left out in a call of wdSocketWrite"},
	{"text for a port", "client.wl", `"client", 5000, "127.0.0.1"`, `"client", "127.0.0.1", 5000`, 0, "nPort of wdSocketConnect is an int, and gets a string"},
	{"port in quotation marks", "tls.wl", `"secure", 443,`, `"secure", "443",`, 0, "write the number without quotation marks"},
	{"a time where for ever is meant", "client.wl", `wdSocketRead("client", False, 5000)`, `wdSocketRead("client", 5000)`, 0, "bForever of wdSocketRead is a boolean, and gets the number 5000"},
	{"a variable where for ever is meant", "", "", "nTime is int = 500\nTrace(wdSocketRead(1, nTime))", 2, "is a boolean, and gets the number nTime"},
	{"a Buffer for text", "", "", "bufA is Buffer\nbufA[[1]] = 65\nwdSocketNew(bufA)", 3, "sSocketName of wdSocketNew is a string, and gets a Buffer"},
	{"text for a Buffer", "event_ticker.wl", "wdEventCount(bufEvents)", `wdEventCount("events")`, 0, "bufEvents of wdEventCount is a Buffer, and gets a string, which has two bytes a character"},
	{"number for a Buffer", "event_ticker.wl", "wdEventSocket(bufEvents, nEvent)", "wdEventSocket(nEvent, bufEvents)", 0, "bufEvents of wdEventSocket is a Buffer, and gets an int"},
	{"number for a name", "", "", "nA is int = 5\nwdSocketConnect(nA, 5000)", 2, "sSocketName of wdSocketConnect is a string, and gets an int: write NumToString()"},
	{"duration for an int", "event_chat.wl", "WDS_OPT_PEER_GONE, 30000)", "WDS_OPT_PEER_GONE, 30 s)", 0, "nValue of wdSocketSetOption is an int, and gets a Duration: write the milliseconds"},
	{"a result without type for a number", "", "", "wdSocketSetOption(1, WDS_OPT_MAX_CLIENTS, wdErrorInfo())", 1, "nValue of wdSocketSetOption is an int, and gets a string"},
	{"text for a time", "client.wl", `"127.0.0.1", 3000)`, `"127.0.0.1", "soon")`, 0, "and gets a string"},
	{"a number for a message", "client.wl", `"Hello World"`, "12", 0, "and gets an int: write NumToString()"},
	{"a Buffer for a socket", "", "", "bufA is Buffer\nwdSocketClose(bufA)", 2, "xSocket of wdSocketClose is a socket, its name or its handle, and gets a Buffer"},
	{"a time for a socket", "", "", "wdSocketRead(500ms)", 1, "is a socket, its name or its handle, and gets a Duration"},
	{"WLanguage's function", "plc.wl", `NumToString(Asc(sRegister[[1]]) * 256 + Asc(sRegister[[2]]))`, `NumToString()`, 0, "NumToString gets 0 arguments, and wants 1-2"},
	{"text for a number in WLanguage's function", "", "", `Trace(RepeatString("-", "ten"))`, 1, "argument 2 of RepeatString is an int, and gets a string"},
	{"own procedure", "standard_server.wl", "PROCEDURE Serve(sChannel is string)", "PROCEDURE Serve(sChannel is string)\nListen(1)", 0, "Listen gets 1 arguments, and wants 0"},

	{"a result into a text", "", "", "nPort is int\nbufA is Buffer = wdSocketReadUDP(1, \"\", nPort)\nTrace(nPort)", 2, "xAddress of wdSocketReadUDP receives a value"},
	{"a result into a constant in French", "", "", "sA est une chaîne\nbufA est un Buffer = wdSocketLitUDP(1, sA, Vrai)", 2, "of wdSocketLitUDP receives a value, and Vrai is no variable"},

	// Calls of the DLL.
	{"a function that the DLL lacks", "", "", `nA is int = API(wdsLibrary(), "WDSocketTeleport")`, 1, "the DLL has no function WDSocketTeleport"},
	{"a function of the DLL misspelt", "", "", `nA is int = API(wdsLibrary(), "WDSocketfind", &nA)`, 1, "is WDSocketFind meant? Capitals count"},
	{"an argument of the DLL missing", "", "", `nA is int = API(wdsLibrary(), "WDSocketClose")`, 1, "WDSocketClose gets 0 arguments, and wants 1"},
	{"a text as it is for the DLL", "", "", `nA is int = API(wdsLibrary(), "WDSocketFind", "chat")`, 1, "write sUTF8 is ASCIIZ string on 1024"},
	{"a string's address for the DLL", "", "", "sA is string = \"é\"\nnA is int = API(wdsLibrary(), \"WDSocketFind\", &sA)", 2, "parameter 1 of WDSocketFind is the address of a text in UTF-8, and gets &sA"},

	// Names.
	{"undeclared variable", "standard_server.wl", "nClient is int = 0\n", "", 0, "nClient is not declared: write nClient is int"},
	{"misspelt variable", "client.wl", `+ sAnswer)`, `+ sAnwser)`, 0, "is sAnswer meant?"},
	{"misspelt in French", "", "", "nPort est un entier = 5000\nwdSocketCrée(\"a\", nPrt)", 2, "is nPort meant?"},
	{"used above its declaration", "", "", "Trace(sText)\nsText is string = \"a\"", 1, "used above its declaration in line 2"},
	{"declared twice", "", "", "PROCEDURE F(nA is int)\nnA is string", 2, "declared in line 1 already"},
	{"misspelt procedure", "client.wl", `wdSocketClose("client")`, `wdSocketClsoe("client")`, 0, "is wdSocketClose meant?"},
	{"procedure of another version", "client.wl", `wdSocketClose("client")`, `wdSocketShutEverything("client")`, 0, "there is no procedure wdSocketShutEverything"},
	{"misspelt function", "client.wl", "\t\tInfo(", "\t\tInfos(", 0, "is Info meant?"},
	{"a function of the DLL", "client.wl", `wdSocketClose("client")`, `WDSocketNewSocket("client")`, 0, `API(wdsLibrary(), "WDSocketNewSocket"`},
	{"misspelt constant", "event_chat.wl", "WDS_OPT_SEND_QUEUE", "WDS_OPT_SEND_QEUE", 0, "is WDS_OPT_SEND_QUEUE meant?"},
	{"constant of another version", "event_chat.wl", "WDS_OPT_SEND_QUEUE", "WDS_OPT_TELEPATHY", 0, "there is no constant WDS_OPT_TELEPATHY"},
	{"misspelt type", "standard_server.wl", "nClient is int = 0", "nClient is itn = 0", 0, "there is no type itn: is int meant?"},
	{"a member that is not there", "", "", "Place is Structure\n\tnX is int\nEND\np is Place\np.nY = 1", 5, "the structure Place has no member nY"},
	{"constant changed", "", "", "WDS_OK = 5", 1, "WDS_OK is a constant and cannot be changed"},
	{"constant twice", "", "", "CONSTANT\n\tA = 1\n\tA = 2\nEND", 3, "A is there already, in line 2"},

	// Parentheses.
	{"parentheses missing in a condition", "client.wl", "IF wdErrorOccurred() THEN", "IF wdErrorOccurred THEN", 0, "wdErrorOccurred is a procedure: write wdErrorOccurred()"},
	{"parentheses missing in an argument", "client.wl", "\tError(wdErrorInfo())\n\tRETURN", "\tError(wdErrorInfo)\n\tRETURN", 0, "write wdErrorInfo() to call it"},
	{"parentheses missing in a line", "event_ticker.wl", "\nwdSocketCloseAll()", "\nwdSocketCloseAll", 43, "write wdSocketCloseAll() to call it"},
	{"parentheses missing in a value", "event_chat.wl", "gnQueue = wdSocketNewQueue()", "gnQueue = wdSocketNewQueue", 0, "write wdSocketNewQueue() to call it"},
	{"parentheses of a function missing", "tls.wl", `fExeDir() + "\server.pem"`, `fExeDir + "\server.pem"`, 0, "fExeDir is a function of WLanguage: write fExeDir()"},
	{"a variable called", "client.wl", `Info("The server answers: " + sAnswer)`, `Info("The server answers: " + sAnswer())`, 0, "sAnswer is no procedure and cannot be called: it is a string"},

	// Constants and functions of the originals.
	{"the original's mode", "plc.wl", `"device", WDS_MODE_LENGTH`, `"device", SocketNoEndTag`, 0, "WDS_MODE_RAW"},
	{"the original's mode in French", "", "", `wdSocketSetOption("a", WDS_OPT_WRITE_MODE, SocketSansMarqueurFin)`, 1, "SocketSansMarqueurFin is a constant of WLanguage's own socket functions"},
	{"the original's mode in a variable", "", "", "nMode is int = SocketEndTag\nwdSocketSetOption(1, WDS_OPT_WRITE_MODE, nMode)", 2, "SocketEndTag is a constant of WLanguage's own"},
	{"the original's mode compared", "", "", "IF wdSocketGetOption(1, WDS_OPT_MODE) = SocketNoEndTag THEN Trace(1)", 1, "write WDS_MODE_RAW"},
	{"the original's error detail", "", "", "Trace(wdSocketErrorInfo(1, errMessage))", 1, "write WDS_INFO_MESSAGE"},
	{"the original's function", "client.wl", `wdSocketClose("client")`, `SocketClose("client")`, 0, `SocketClose is WLanguage's own function, and does not know the socket "client"`},
	{"the original's function in French", "", "", "wdSocketCrée(\"s\", 5000)\nSocketFerme(\"s\")", 2, "write wdSocketFerme"},
	{"the original's error", "client.wl", "Error(wdErrorInfo())", "Error(ErrorInfo())", 0, "ErrorInfo does not know the errors of wdSocketConnect: write wdErrorInfo()"},
	{"the original's flag", "", "", "sA is string = wdSocketLit(1)\nSI ErreurDétectée ALORS SORTIR", 2, "write wdErreurDétectée()"},

	// Constants of another kind.
	{"an option for a text", "tls.wl", `wdSocketSetText("own", WDS_TEXT_SSL_AUTHORITIES`, `wdSocketSetOption("own", WDS_TEXT_SSL_AUTHORITIES`, 0, "nValue of wdSocketSetOption is an int, and gets a string"},
	{"a text for an option", "event_chat.wl", `"chat", WDS_OPT_SEND_QUEUE,`, `"chat", WDS_TEXT_CHARSET,`, 0, "nOption of wdSocketSetOption is one of WDS_OPT_..., and gets WDS_TEXT_CHARSET"},
	{"an option for a mode", "plc.wl", `"device", WDS_MODE_LENGTH`, `"device", WDS_OPT_MODE`, 0, "is one of WDS_MODE_"},
	{"an error as an event", "event_chat.wl", "CASE WDS_EVENT_MESSAGE", "CASE WDS_E_TIMEOUT", 0, "the result of wdEventKind is one of WDS_EVENT_..., and is compared with WDS_E_TIMEOUT"},
	{"a scope as an error", "simple_server.wl", "wdErrorCode() = WDS_E_CANCELLED", "wdErrorScope() = WDS_E_CANCELLED", 0, "is one of WDS_SCOPE_"},

	{"a success as a code", "client.wl", `IF wdSocketWrite("client", "Hello World") THEN`, `IF wdSocketWrite("client", "Hello World") = WDS_OK THEN`, 0, "wdSocketWrite gives a boolean, and WDS_OK is a code of errors"},
	{"a handle as a code", "client.wl", `IF NOT wdSocketConnect("client", 5000, "127.0.0.1", 3000) THEN`, `IF wdSocketConnect("client", 5000, "127.0.0.1", 3000) <> WDS_OK THEN`, 0, "wdSocketConnect gives True, or a handle, on success"},

	// Procedures that others call.
	{"a callback misspelt", "event_chat.wl", `Event("OnSockets"`, `Event("OnSocket"`, 0, "there is no procedure OnSocket, which Event is to call: is OnSockets meant?"},
	{"a callback that is not there", "event_chat.wl", `Event("OnSockets"`, `Event("Received"`, 0, "there is no procedure Received, which Event is to call"},
	{"a callback with parameters", "event_chat.wl", "PROCEDURE OnSockets()", "PROCEDURE OnSockets(nQueue is int)", 0, "OnSockets is called by Event with 0 arguments, and wants 1"},
	{"a window in a thread", "standard_server.wl", `Trace("client " + wdSocketClientInfo`, `Info("client " + wdSocketClientInfo`, 0, "Serve runs in a thread of its own (line"},

	{"an event of a queue", "asynchronous.wl", "CASE wdSocketMessage", "CASE WDS_EVENT_MESSAGE", 0, "nEvent of OnClient is one of wdSocketOpening, wdSocketMessage, wdSocketClosing, wdSocketError, and gets WDS_EVENT_MESSAGE"},
	{"an event of a procedure", "event_chat.wl", "CASE WDS_EVENT_MESSAGE", "CASE wdSocketMessage", 0, "the result of wdEventKind is one of WDS_EVENT_..., and is compared with wdSocketMessage"},
	{"a follower misspelt", "three_lines.wl", `"OnClient"`, `"OnCleint"`, 0, "which wdSocketOn is to call: is OnClient meant?"},
	{"a follower without its parameters", "three_lines.wl", "(nSocket is int, sMessage is string, nEvent is int)\nIF nEvent = wdSocketMessage THEN ", "(nSocket is int, sMessage is string)\n", 0, "OnClient is called by wdSocketOn with 3 arguments, and wants 2"},

	// Values.
	{"text in a number", "standard_server.wl", "nClient is int = 0", `nClient is int = "none"`, 0, "nClient is an int, and gets a string"},
	{"text in a Buffer", "plc.wl", "bufQuestion is Buffer\n", `bufQuestion is Buffer = "abc"` + "\n", 0, "bufQuestion is a Buffer, and gets a string"},
	{"a Buffer in text", "plc.wl", `bufMessage is Buffer = wdSocketReadBuffer`, `bufMessage is string = wdSocketReadBuffer`, 0, "bufMessage is a string, and gets a Buffer: put it into an ANSI string first"},
	{"text for a boolean", "", "", `bA is boolean = "yes"`, 1, "write True or False"},
	{"a number compared with text", "", "", "nA is int = wdSocketNewQueue()\nIF nA = \"\" THEN Trace(nA)", 2, "they are never equal"},
	{"a place in a number", "", "", "nA is int = 5\nTrace(nA[[1]])", 2, "[[ ]] takes parts of texts and Buffers"},
	{"no result", "", "", "PROCEDURE F()\nTrace(1)\n\nPROCEDURE G()\nnA is int = F()", 5, "F gives no result"},
	{"result of another type", "", "", "PROCEDURE F(): int\nRESULT \"many\"", 2, "F gives an int, as its head says, and this is a string"},
	{"result missing at the end", "", "", "PROCEDURE F(nA is int): boolean\nIF nA > 1 THEN\n\tRESULT True\nEND", 3, "can end here without one"},
	{"computing with a Buffer", "", "", "bufA is Buffer\nnA is int = bufA * 2", 2, "bufA cannot be computed with"},

	// Lines and blocks.
	{"no END", "event_chat.wl", "\t\t\t\twdSocketGroupPublish(\"chat\", \"\", sWho + \" leaves\")\n\t\t\tEND\n", "\t\t\t\twdSocketGroupPublish(\"chat\", \"\", sWho + \" leaves\")\n", 0, "IF has no END"},
	{"no END of the loop", "standard_server.wl", "\t\tTrace(wdErrorInfo())\n\t\tBREAK\n\tEND\nEND\n", "\t\tTrace(wdErrorInfo())\n\t\tBREAK\n\tEND\n", 0, "LOOP has no END"},
	{"an END too many", "client.wl", "wdSocketClose(\"client\")", "END\nwdSocketClose(\"client\")", 0, "END without a beginning"},
	{"THEN missing", "client.wl", "IF wdErrorOccurred() THEN", "IF wdErrorOccurred() Trace(1)", 0, "does not end with THEN"},
	{"bracket missing", "client.wl", `Info("The server answers: " + sAnswer)`, `Info("The server answers: " + sAnswer`, 0, `")" is missing`},
	{"text without end", "client.wl", `"Hello World"`, `"Hello World`, 0, "the text has no end"},
	{"comma missing", "client.wl", `"client", 5000,`, `"client" 5000,`, 0, `")" is missing`},
	{"= missing", "plc.wl", "bufQuestion[[1]] = 0", "bufQuestion[[1]] 0", 0, "cannot stand here"},
	{"value missing", "standard_server.wl", "nClient = nClient + 1", "nClient = nClient +", 0, "a value is missing at the end of the line"},
	{"BREAK outside", "client.wl", "\tRETURN\n", "\tBREAK\n", 0, "stands in none"},
	{"line behind BREAK", "simple_server.wl", "\tnScope is int = wdErrorScope()", "\tCONTINUE\n\tnScope is int = wdErrorScope()", 0, "never reached"},
	{"a case twice", "event_chat.wl", "CASE WDS_EVENT_MESSAGE", "CASE WDS_EVENT_ACCEPTED", 0, "WDS_EVENT_ACCEPTED is a case of line 31 already"},
	{"a value alone", "standard_server.wl", "nClient = nClient + 1", "nClient + 1", 0, "cannot stand here"},
	{"default in front", "standard_server.wl", "Serve(sChannel is string)", `Serve(sName is string = "", sChannel is string)`, 0, "sChannel has no default"},
}

func (m mistake) apply(t testing.TB) (text string, line int) {
	t.Helper()
	if m.file == "" {
		return m.new, m.line
	}
	good := strings.ReplaceAll(read(t, "examples/"+m.file), "\r\n", "\n")
	require.Contains(t, good, m.old)
	at := strings.Index(good, m.old)
	same := 0 // what the edit leaves as it is in front
	for same < len(m.old) && same < len(m.new) && m.old[same] == m.new[same] {
		same++
	}
	if line = m.line; line == 0 {
		line = 1 + strings.Count(good[:at+same], "\n")
	}
	text = strings.Replace(good, m.old, m.new, 1)
	if begin, is := standsAt[m.name]; is {
		before, _, found := strings.Cut(text, "\n"+begin)
		require.True(t, found, begin)
		line = 2 + strings.Count(before, "\n")
	}
	return text, line
}

// library is a part of the DLL's functions.
var library = []Function{{"WDSocketFind", []bool{true}}, {"WDSocketClose", []bool{false}}}

func TestSeededMistakesAreFound(t *testing.T) {
	known := module(t)
	assert.GreaterOrEqual(t, len(mistakes), 40)
	for _, m := range mistakes {
		t.Run(m.name, func(t *testing.T) {
			text, line := m.apply(t)
			faults := Parse("p.wl", text).Check(known, Options{Library: library})
			require.NotEmpty(t, faults)
			assert.Contains(t, faults[0].English, m.want)
			assert.Equal(t, line, faults[0].Line, faults[0].English)
			assert.NotEmpty(t, faults[0].French)
			assert.LessOrEqual(t, len(faults), 2, "one mistake is not told many times: %v", faults)
		})
	}
}

func TestTheModulesAndTheirProgramsHaveNoMistakes(t *testing.T) {
	modules, err := filepath.Glob(windev + "/*.wl")
	require.NoError(t, err)
	require.NotEmpty(t, modules)
	for _, path := range modules {
		name := filepath.Base(path)
		assert.Empty(t, Parse(name, read(t, name)).Check(nil, Options{}))
	}
	programs, err := filepath.Glob(windev + "/examples/*.wl")
	require.NoError(t, err)
	require.NotEmpty(t, programs)
	known := module(t)
	for _, path := range programs {
		name := "examples/" + filepath.Base(path)
		for _, o := range []Options{{}, {Foreign: true}, {Snippet: true}} {
			assert.Empty(t, Parse(name, read(t, name)).Check(known, o))
		}
	}
}

// A line that breaks a rule on purpose says so.
func TestAMistakeOnPurposeIsNone(t *testing.T) {
	for text, want := range map[string]int{
		"nA = 1":                                  1,
		"nA = 1 // on purpose":                    0,
		"nA = 1 // l'inconnue est là exprès":      0,
		"nA = 1 // on purposes\nnB = 2 // exprès": 1,
	} {
		assert.Len(t, Parse("p.wl", text).Check(nil, Options{}), want, text)
	}
}

// What the language allows, in both of its languages, is no mistake.
func TestWhatIsAllowedIsNoMistake(t *testing.T) {
	known := module(t)
	for _, text := range []string{
		"POUR nI = 1 A 10 PAS 2\n\tTrace(nI)\nFIN",
		"FOR nI = 1 TO 3\nEND\n\nPROCEDURE F()\nFOR nI = 1 TO 2\n\tTrace(nI)\nEND",
		"sA est une chaîne = \"un \"\"mot\"\" // non\" + ...\n\t\"deux\"\nSI PAS sA = \"\" ET Taille(sA) > 2 OU Vrai ALORS Trace(sA[[2 À]]) SINON Trace(sA[[À 2]])",
		"SI Vrai ALORS\n\tSI Faux ALORS Trace(1)\nSINON\n\tTrace(2)\nFIN",
		"IF True THEN\n\tTrace(1)\nELSE IF False THEN\n\tTrace(2)\nELSE\n\tTrace(3)\nEND",
		"tA est un tableau de 5 entiers\ntA[2] = 3\nPOUR TOUT nX, nRang DE tA\n\tTrace(nX, nRang)\nFIN",
		"nA est un entier sur 8 octets\nnB est un entier système\nnC is unsigned 4-byte int = 5\nnD, nE are int\nTrace(nA, nB, nC, nD, nE)",
		"sA is string = [\n\tas it \"is\n]\nTrace(sA)",
		"dA is Duration = 1 min 30 s\ndB is Duration = 500ms\ndC is Duration = 20\nnMs is int = dA\nTrace(dA, dB, dC, nMs)",
		"PROCEDURE F(nA: int, LOCAL sB is string = \"\", *): (int, string)\nRESULT (nA, sB)",
		"PROCEDURE Called(pProcedure is procedure)\npProcedure(1)\n\nPROCEDURE F()\nCalled(F)\nThreadExecute(\"a\", threadNormal, F)",
		"QUAND EXCEPTION DANS\n\tTrace(1)\nFAIRE\n\tTrace(ExceptionInfo())\nFIN",
		"SWITCH Length(\"abc\")\n\tCASE 1, 2: Trace(1)\n\tCASE 3 TO 5\n\t\tTrace(2)\n\tCASE > 9\n\t\tTrace(4)\n\tOTHER CASE\n\t\tTrace(3)\nEND",
		"PROCEDURE F(): int\nLOOP\n\tIF Random(1, 2) = 1 THEN RESULT 1\nEND\n\nPROCEDURE G(): boolean\nIF F() = 1 THEN\n\tRESULT True\nELSE\n\tRESULT False\nEND",
		"nA est un entier\nTANTQUE nA < 5\n\tnA++\n\tSI nA = 3 ALORS CONTINUER\nFIN\nBOUCLE (3)\n\tSORTIR\nFIN",
		"POUR TOUTE CHAÎNE sMot DE \"a b\" SÉPARÉE PAR \" \"\n\tTrace(sMot)\nFIN\nPOUR nA = 3 _À_ 1 PAS -1\n\tTrace(nA)\nFIN",
		"aaA is associative array of string\naaA[\"x\"] = \"y\"\ntB is array of 8-byte int\ntC est un tableau de chaînes\nAdd(tC, \"a\")\nTrace(aaA[\"x\"], tB[1], tC[1] = \"a\")",
		"cA is Certificate\njB is JSON\njB.name.first = 1\nqC is queue of int\nTrace(cA..Name, jB.name[1], qC)",
		"IF Left(\"abc\", 1) [= \"a\" AND NOT \"b\" [=] \"c\" THEN Trace(-(1 + 2) * 3 / 4 modulo 5, 2 ^ 3, 0xFF, 1.5e3)",
		"bufA is Buffer = \"\"\nbufA = \"\"\nTrace(bufA)",
		"<COMPILE IF Configuration=\"Linux\">\nTrace(1)\n<COMPILE ELSE>\nTrace(2)\n<COMPILE END>",
		"STPlace est une Structure\n\tnX est un entier\n\tsNom est une chaîne\nFIN\ngPlace est un STPlace\ngPlace.sNom = \"ici\"\nTrace(gPlace.nX + 1)",
		"bufA is Buffer on 16\nbufA[[1]] = 200\nbufB is Buffer = bufA[[1 TO 4]] + bufA[[9 ON 2]]\nsA is ANSI string = bufB\nTrace(UTF8ToString(bufB), sA, bufA = bufB)",
		"nA is int = Val(EDT_Port)\nEDT_Answer = \"x\" + nA\nWIN_Main..Title = \"a\"\nMyWindow..Name = \"b\"\n{\"EDT_\" + nA} = 1",
		"PROCEDURE F()\nTrace(1)\nRETURN\nCASE ERROR:\nTrace(ErrorInfo())",
		"nMode est un entier = SocketMarqueurFin\nSocketCrée(\"s\", 5000)\nSocketChangeModeTransmission(\"s\", nMode, RC)\nSI ErreurDétectée ALORS Erreur(ErreurInfo(errComplet))",
		"sA is string = \"[%nB%] and [%Length(sC)%]\"\nnB is int = 1",
		"INTERNAL PROCEDURE Inner(nA is int)\n\tTrace(nA)\nEND\nInner(1)",
		"nA is int = wdSocketRead(1) = \"\" ? 1 ELSE 2\nnA++\nnA -= 2; Trace(nA)",
		"wdSocketRead(1, True)\nwdSocketRead(1, , 500)\nwdSocketConnect(\"a\", 1, \"b\" + 5, -1)",
	} {
		if strings.Contains(text, "[%") {
			assert.Len(t, Parse("p.wl", text).Check(known, Options{}), 2, "what stands in a text is read, too: %s", text)
			continue
		}
		assert.Empty(t, Parse("p.wl", text).Check(known, Options{}), text)
	}
}

// A file of a project uses what others of it declare: windows, data files, globals, classes, and
// functions and constants of WLanguage that are not in the table.
func TestAFileOfAProjectIsReadAlone(t *testing.T) {
	const program = `procédure virtuelle lit(LOCAL msg est chaine, client CClient dynamique, nRang entier = 1) : buffer
Trace(:reçu[nRang À nRang + 2], :reçu[2 À], client.nom)
buf est un buffer = SocketLit(:canal, faux, 10ms)
SI ErreurDétectée ALORS
	monJournal.Ecrit(ErreurInfo(errMessage))
	SignalModifie(:nom, signalOuvert)
	renvoyer buf
FIN
SI :canal <> "" _et_ SocketExiste(:canal) ALORS SocketFerme(:canal)
renvoyer buf

PROCÉDURE Envoie(sAction est une chaîne,
	nNuméro est un entier = 0, // le client
	stDonnées = Null)
jMessage est un JSON
jMessage.action = sAction
jMessage.utilisateur = gsUtilisateur
requête est une restRequête
requête.Méthode = httpPost
requête..Entête["Accept"] = "application/json"
SI HLitRecherchePremier(Client, Nom, jMessage.nom) ET Client.Ville <> "" ALORS
	TableAjouteLigne(TABLE_Clients, Client.Nom, nNuméro)
FIN
ThreadExécute("écoute", threadNormal, () => {
	BOUCLE
		SI SignalAttend(nomThread, 1cs) ALORS SORTIR
		:Ecoute()
	FIN
})
TableauTrie(gtabClients, ttFonction, (a, b) => a.nom < b.nom)
sCommande est une chaîne = ChaîneConstruit(
[
	"%1" "%2"
],
gsOutil, jMessage.chemin)
SI PAS LanceAppli(sCommande, exeIconise, exeBloquant) ALORS ouvreFenêtre(FEN_Erreur, MAX_ESSAIS)
pClient est un CClient(nNuméro)
pAutre est un CClient dynamique = allouer un CClient
pClient.Nom = pAutre:Nom
tabNoms est un tableau de chaînes = ["un", "deux"]
POUR i = tabNoms..Occurrence À 1 PAS -1
	Supprime(tabNoms, i)
FIN
`
	assert.Empty(t, Parse("p.wl", program).Check(module(t), Options{Foreign: true}))
	for text, want := range map[string]string{
		"Trace(nAbsent)": "nAbsent is not declared",
		"nPort is int\nPROCEDURE F()\nsText is string\nTrace(sTxet)": "is sText meant?",
		"wdSocketClsoe(1)": "is wdSocketClose meant?",
	} {
		faults := Parse("p.wl", text).Check(module(t), Options{Foreign: true})
		require.Len(t, faults, 1, text)
		assert.Contains(t, faults[0].English, want)
	}
	assert.Len(t, Parse("p.wl", "Trace(1,\n2)").Check(nil, Options{}), 1, "older versions want ... at the end of the line")
}

// The files of a project have their code between other lines; it keeps its place.
func TestCodeInTheFilesOfAProjectIsRead(t *testing.T) {
	const project = `#To edit and compare internal_properties, use WINDEV integrated tools.
info :
 name : FEN_A
window :
 code_elements :
  p_codes :
   -
     code : |1-
      // globals
      PROCÉDURE MaFenêtre()
      GLOBAL
      	gnFile est un entier

     type : 34
   -
     code : |1+
      gnFile = wdSocketCréeFile()
      SI gnFile = 0 ALORS RETOUR
      Trace(nAbsent)
     type : 14
   -
     code : |1-
      RETOUR
     type : 18
  procedures :
   -
     name : Note
     code : |1-
      PROCÉDURE PRIVÉE Note(sTexte est une chaîne)
      Trace(sTexte + nAutre)
     type : 458752
`
	faults := Parse("FEN_A.wdw", project).Check(module(t), Options{})
	require.Len(t, faults, 2)
	assert.Equal(t, "FEN_A.wdw:19: nAbsent is not declared: write nAbsent is int, or another type, above", faults[0].Error())
	assert.Equal(t, 30, faults[1].Line)
}

func TestAResultWithoutItsTypeIsFoundWhereItIsAskedFor(t *testing.T) {
	const program = "PROCEDURE F(nA is int)\nRESULT nA = 5\n\nPROCEDURE G() : string\nRESULT \"\"\n\nPROCEDURE H()\nTrace(1)"
	assert.Empty(t, Parse("p.wl", program).Check(nil, Options{}))
	faults := Parse("p.wl", program).Check(nil, Options{Typed: true})
	require.Len(t, faults, 1)
	assert.Contains(t, faults[0].English, "write PROCEDURE F(...): boolean")
}

// The same mistakes in French words.
func TestMistakesInFrenchAreToldInFrench(t *testing.T) {
	for text, want := range map[string]string{
		"SI wdErreurDétectée ALORS Trace(1)":  "p.wl:1: wdErreurDétectée est une procédure : écrivez wdErreurDétectée() pour l'appeler",
		"Trace(1)\nSI Vrai ALORS\n\tTrace(2)": "p.wl:2: SI n'a pas de FIN",
		"nPort est un entire = 5":             "p.wl:1: il n'y a pas de type entire : s'agit-il de entier ?",
		"wdSocketLit(1, 500)":                 "p.wl:1: bInfini de wdSocketLit est un booléen, et reçoit le nombre 500",
		"Trace(nAbsent)":                      "p.wl:1: nAbsent n'est pas déclarée : écrivez nAbsent est un entier, ou un autre type, au-dessus",
		"SELON wdEvénementType(wdSocketEvénements(1), 1)\n\tCAS WDS_OK\nFIN": "p.wl:2: le résultat de wdEvénementType est une des WDS_EVENT_..., et il est comparé à WDS_OK",
		"bufA est un Buffer = \"é\"":                                         "ou écrivez ChaîneVersUTF8()",
		"wdSocketCrée(\"s\", 5000)\nSocketLit(\"s\")":                        "écrivez wdSocketLit",
	} {
		faults := Parse("p.wl", text).Check(module(t), Options{})
		require.Len(t, faults, 1, text)
		assert.Contains(t, faults[0].InFrench(), want)
		assert.NotEqual(t, faults[0].Error(), faults[0].InFrench())
	}
}

// Texts that are no programs are read to their end, too.
func TestNestedTextsAreBounded(t *testing.T) {
	for _, text := range []string{"x = " + strings.Repeat("(", 100000), "x = " + strings.Repeat("-", 100000), strings.Repeat("NOT ", 100000), "x" + strings.Repeat("[1", 100000),
		strings.Repeat("IF a\n", 20000), strings.Repeat("SWITCH a\nCASE 1\n", 20000), strings.Repeat("INTERNAL PROCEDURE f()\n", 5000), "x = {" + strings.Repeat("[", 100000)} {
		assert.NotEmpty(t, Parse("p.wl", text).Check(nil, Options{}))
	}
}
