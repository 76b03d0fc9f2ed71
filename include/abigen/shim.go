package main

import (
	_ "embed"
	"fmt"
	"strings"

	"wdsocket/core/fault"
)

// quiet lists the functions that leave the calling thread's error record
// alone, with what they return in a forked child.
var quiet = map[string]string{
	"WDSocketErrorInfo": "wds_forked_info(socket, what, text, capacity)",
	"WDSocketErrorCode": "wds_forked_number(socket, what)",
	"WDSocketErrorText": "wds_forked_text(code, what, text, capacity)",
	"WDSocketExist":     "0",
	"WDSocketState":     "WDS_E_FORKED",
	"WDSocketVersion":   "WDSOCKET_VERSION",
}

//go:embed shim.h.txt
var shimHeaderText string

//go:embed shim.c.txt
var shimSourceText string

// shimHeader declares the record and the Go exports.
func shimHeader(h *Header) string {
	var b strings.Builder
	for _, f := range h.Functions() {
		fmt.Fprintf(&b, "extern int32_t %s(%s);\n", f.GoName(), paramList(goParams(f)))
	}
	return strings.Replace(shimHeaderText, "@PROTOTYPES@\n", b.String(), 1)
}

// shimSource defines the public functions.
func shimSource(h *Header) string {
	text := shimSourceText
	for _, name := range []string{
		"WDSOCKET_VERSION", "WDS_OK", "WDS_E_HANDLE", "WDS_E_ARGUMENT", "WDS_E_FORKED",
		"WDS_INFO_MESSAGE", "WDS_INFO_NAME", "WDS_INFO_CODE", "WDS_INFO_SYSTEM", "WDS_INFO_PHASE", "WDS_INFO_DETAIL",
		"WDS_PHASE_CALL", "WDS_OPT_HOST_TEXT", "WDS_HOST_TEXT_UTF16",
	} {
		if !strings.Contains(text, "@"+name+"@") {
			continue
		}
		c, ok := h.Constant(name)
		if !ok {
			panic("wdsocket.h lacks " + name)
		}
		text = strings.ReplaceAll(text, "@"+name+"@", fmt.Sprintf("#define %s (%d)", name, c.Value))
	}
	text = strings.NewReplacer(
		"@FORKED@", fault.Forked.Text(fault.English), "@NAME@", fault.Forked.Name(),
		"@CODE@", fmt.Sprint(int32(fault.Forked)), "@PHASE@", fault.PhaseCall.Text(fault.English),
	).Replace(text)
	var b strings.Builder
	for _, f := range h.Functions() {
		b.WriteString("\n" + shimFunction(f))
	}
	return strings.Replace(text, "@FUNCTIONS@\n", b.String(), 1)
}

// shimFunction writes one public function.
func shimFunction(f Function) string {
	var b strings.Builder
	fmt.Fprintf(&b, "WDS_PUBLIC intptr_t WDSOCKET_CALL %s(%s)\n{\n", f.Name, paramList(f.Params))
	forked, isQuiet := quiet[f.Name]
	if !isQuiet {
		forked = "WDS_E_FORKED"
		b.WriteString("    wds_record *rec;\n\n")
	}
	fmt.Fprintf(&b, "    if (wds_forked)\n        return %s;\n", forked)
	if !isQuiet {
		b.WriteString("    rec = wds_own();\n    rec->code = 0;\n")
	}
	call := fmt.Sprintf("%s(%s)", f.GoName(), strings.Join(goArguments(f, isQuiet), ", "))
	if f.Name == "WDSocketSetOption" {
		fmt.Fprintf(&b, "    return wds_note_option(socket, option, value, %s);\n}\n", call)
	} else {
		fmt.Fprintf(&b, "    return %s;\n}\n", call)
	}
	return b.String()
}

// goParams are the parameters of the Go export. cgo knows no const, so its own
// declaration has none, and a second one must be the same.
func goParams(f Function) []Param {
	params := []Param{{Type: "wds_record *", Name: "rec"}}
	for _, p := range f.Params {
		params = append(params, Param{Type: strings.TrimPrefix(p.Type, "const "), Name: p.Name})
	}
	return params
}

// goArguments are what the shim passes on.
func goArguments(f Function, isQuiet bool) []string {
	args := []string{"rec"}
	if isQuiet {
		args[0] = "wds_own()"
	}
	for _, p := range f.Params {
		if plain, isConst := strings.CutPrefix(p.Type, "const "); isConst {
			args = append(args, "("+plain+")"+p.Name)
		} else {
			args = append(args, p.Name)
		}
	}
	return args
}
