package main

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"wdsocket/core/fault"
)

// silent lists the functions that never touch the calling thread's error record.
var silent = map[string]bool{
	"WDSocketErrorInfo":  true,
	"WDSocketErrorCode":  true,
	"WDSocketErrorText":  true,
	"WDSocketErrorScope": true,
	"WDSocketExist":      true,
	"WDSocketState":      true,
	"WDSocketVersion":    true,
}

// quiet lists the functions whose success does not clear the calling thread's
// error record, beside those: they clean up, which a host does before it asks
// what went wrong.
var quiet = map[string]bool{
	"WDSocketClose":       true,
	"WDSocketCloseEx":     true,
	"WDSocketMessageFree": true,
	"WDSocketDetach":      true,
}

// native lists the functions that may be called in a signal handler: they never
// enter Go and touch nothing that belongs to a thread.
var native = map[string]bool{
	"WDSocketWakeup": true,
}

//go:embed shim.h.txt
var shimHeaderText string

//go:embed shim.c.txt
var shimSourceText string

// shimHeader declares the record and the Go exports.
func shimHeader(h *Header) string {
	var b strings.Builder
	for _, f := range h.Functions() {
		if !native[f.Name] {
			fmt.Fprintf(&b, "extern int32_t %s(%s);\n", f.GoName(), paramList(goParams(f)))
		}
	}
	return strings.Replace(shimHeaderText, "@PROTOTYPES@\n", b.String(), 1)
}

// shimSource defines the public functions.
func shimSource(h *Header) string {
	constants := shimConstants(h, []string{"WDS_E_ARGUMENT", "WDS_E_FORKED", "WDS_INFO_MESSAGE", "WDS_INFO_NAME", "WDS_INFO_CODE", "WDS_INFO_SYSTEM", "WDS_INFO_PHASE",
		"WDS_INFO_DETAIL", "WDS_PHASE_CALL", "WDS_SCOPE_NONE", "WDS_SCOPE_LIBRARY", "WDSOCKET_VERSION"})
	text := strings.NewReplacer("@CONSTANTS@", constants, "@PHASE@", strconv.Quote(fault.PhaseCall.Text(fault.English)),
		"@REFUSALS@\n", refusals()).Replace(shimSourceText)
	var b strings.Builder
	for _, f := range h.Functions() {
		b.WriteString("\n" + shimFunction(f))
	}
	return strings.Replace(text, "@FUNCTIONS@\n", b.String(), 1)
}

// shimConstants defines constants of the header again.
func shimConstants(h *Header, names []string) string {
	var lines []string
	for _, name := range names {
		c, ok := h.Constant(name)
		if !ok {
			panic("wdsocket.h lacks " + name)
		}
		lines = append(lines, fmt.Sprintf("#define %s (%d)", name, c.Value))
	}
	return strings.Join(lines, "\n")
}

// refusals are the texts of the errors that are told without Go, in English: no
// other language can have been chosen yet.
func refusals() string {
	var b strings.Builder
	for _, code := range []fault.Code{fault.Descriptors, fault.Access, fault.System, fault.Internal} {
		note := fault.NoteFirstCall
		if code == fault.Internal {
			note = fault.NoNote
		}
		fmt.Fprintf(&b, "    {%d, %d, %q, %q},\n", int32(code), int32(note), code.Name(), fault.New(code, fault.PhaseCall, "").With(note).Text(fault.English))
	}
	return b.String()
}

// refused is what functions give when Go cannot be entered, if it is not the
// reason.
var refused = map[string]string{
	"WDSocketErrorInfo": "wds_refusal_text(socket, what, text, capacity)",
	"WDSocketErrorCode": "wds_refusal_number(socket, what)",
	"WDSocketExist":     "0", // 0 or 1, whatever happens
	"WDSocketVersion":   "WDSOCKET_VERSION",

	"WDSocketErrorScope": "WDS_SCOPE_LIBRARY",
}

// shimFunction writes one public function.
func shimFunction(f Function) string {
	var b strings.Builder
	fmt.Fprintf(&b, "WDS_PUBLIC intptr_t WDSOCKET_CALL %s(%s)\n{\n", f.Name, paramList(f.Params))
	if native[f.Name] {
		fmt.Fprintf(&b, "    if (wds_forked)\n        return WDS_E_FORKED;\n    return %s(%s);\n}\n",
			"wds_"+strings.ToLower(strings.TrimPrefix(f.Name, "WDSocket")), argumentNames(f))
		return b.String()
	}
	isQuiet := quiet[f.Name] || silent[f.Name]
	b.WriteString("    wds_record *rec;\n    wds_float host;\n    int32_t result;\n\n")
	forked, ok := shimForked[f.Name]
	if !ok {
		forked = "WDS_E_FORKED"
	}
	fmt.Fprintf(&b, "    if (wds_forked)\n        return %s;\n", forked)
	failed := refused[f.Name]
	if failed == "" {
		failed = "wds_refusal()"
	}
	fmt.Fprintf(&b, "    rec = wds_thread_record();\n    if (rec == NULL)\n        return %s;\n", failed)
	if !isQuiet {
		b.WriteString("    rec->code = 0;\n")
	}
	b.WriteString(shimAlone[f.Name])
	fmt.Fprintf(&b, "    host = wds_float_enter();\n    result = %s(%s);\n    wds_float_leave(host);\n",
		f.GoName(), strings.Join(goArguments(f), ", "))
	if !silent[f.Name] {
		fmt.Fprintf(&b, "    if (result < 0)\n        rec->socket = %s;\n", handleOf(f))
	}
	b.WriteString("    return result;\n}\n")
	return b.String()
}

// shimForked is what functions return in a forked child, where it is not
// WDS_E_FORKED.
var shimForked = map[string]string{
	"WDSocketExist":     "0", // 0 or 1, whatever happens
	"WDSocketErrorInfo": "socket == 0 ? wds_forked_info(what, text, capacity) : WDS_E_FORKED",
	"WDSocketErrorCode": "socket == 0 ? wds_forked_code(what) : WDS_E_FORKED",
	"WDSocketErrorText": "wds_forked_text(code, what, text, capacity)",

	"WDSocketErrorScope": "WDS_SCOPE_LIBRARY",
}

// shimAlone is what functions do before they enter Go, and often instead: on
// Windows an entry is expensive.
var shimAlone = map[string]string{
	// see export_tray.h
	"WDSocketWrite": `    if (wds_tray_put(socket, data, length))
        return length;
`,
	"WDSocketRead": `    if (timeout_ms >= -1) {
        int32_t length = wds_tray_take(socket, buffer, capacity);
        if (length >= 0)
            return length;
    }
`,
	// from the thread's record: hosts ask after each call
	"WDSocketErrorCode": `    if (socket == 0 && (what == WDS_INFO_CODE || what == WDS_INFO_SYSTEM || what == WDS_INFO_PHASE)) {
        if (rec->code == 0)
            return 0;
        return what == WDS_INFO_CODE ? rec->code : what == WDS_INFO_SYSTEM ? rec->system : rec->phase;
    }
`,
	"WDSocketErrorScope": `    if (code > 0 || (code == 0 && socket == 0 && rec->code == 0))
        return WDS_SCOPE_NONE;
`,
}

// handleOf is the parameter that is the handle of what the function is about, "0"
// if there is none.
func handleOf(f Function) string {
	if len(f.Params) > 0 {
		switch name := f.Params[0].Name; name {
		case "socket", "server", "channel", "queue":
			return name
		}
	}
	return "0"
}

// argumentNames are the parameters as they are passed on.
func argumentNames(f Function) string {
	var names []string
	for _, p := range f.Params {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

// goParams are the parameters of the Go export. cgo knows no const, so its own
// declaration has none, and a second one must be the same.
func goParams(f Function) []Param {
	params := []Param{{Type: "wds_record *", Name: "rec"}}
	for _, p := range f.Params {
		if p.numeric() {
			p.Type = "uintptr_t"
		}
		params = append(params, Param{Type: strings.TrimPrefix(p.Type, "const "), Name: p.Name})
	}
	return params
}

// goArguments are what the shim passes on.
func goArguments(f Function) []string {
	args := []string{"rec"}
	for _, p := range f.Params {
		if p.numeric() {
			args = append(args, "(uintptr_t)"+p.Name)
		} else if plain, isConst := strings.CutPrefix(p.Type, "const "); isConst {
			args = append(args, "("+plain+")"+p.Name)
		} else {
			args = append(args, p.Name)
		}
	}
	return args
}
