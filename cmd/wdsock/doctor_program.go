package main

import (
	"runtime"
	"slices"
	"strings"

	"wdsocket/core/frame"
	"wdsocket/core/option"
)

// shown is the beginning of what came.
func shown(data []byte) string {
	const most = 100
	text, more := frame.Shown(data[:min(len(data), most)]), ""
	if len(data) > most {
		more = " ..."
	}
	if strings.HasPrefix(text, `"`) {
		text = `"` + escaped(data[:min(len(data), most)]) + `"`
	}
	return text + more
}

// program writes the lines of programs that choose a framing.
func (e *examination) program(name string) {
	id, text := "WDS_TEXT_FRAME", name
	if slices.Contains(frame.PresetNames(), name) {
		id = option.Texts()[option.TextFramePreset].Name
	}
	inC := "WDSocketSetText(socket, " + id + ", \"" + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + "\");"
	inWLanguage := "wdSocketSetText(nSocket, " + id + ", \"" + strings.ReplaceAll(text, `"`, `""`) + "\")"
	if name == "raw" {
		inC = "WDSocketChangeTransmissionMode(socket, WDS_MODE_RAW, NULL, 0);"
		inWLanguage = "wdSocketChangeTransmissionMode(nSocket, WDS_MODE_RAW)"
	}
	e.tell("c", plain("C"), plain(inC))
	e.tell("wlanguage", said{"WLanguage", "WLangage"}, plain(inWLanguage))
	if e.command.Listen {
		return
	}
	set := ""
	if e.header {
		e.tell("c", plain("C"), plain("WDSocketSetOption(socket, WDS_OPT_"+headerOption+", 2);"))
		e.tell("wlanguage", said{"WLanguage", "WLangage"}, plain("wdSocketSetOption(nSocket, WDS_OPT_"+headerOption+", 2)"))
		set = "--set " + headerOption + "=2 "
	}
	e.tell("try", said{"try it", "à essayer"}, plain("wdsock connect "+set+"-f "+quoted(name)+" "+e.address))
}

// quoted is a text as an argument in a shell, or on Windows of its command lines. It comes from
// what a peer has sent: nothing in it ends the argument.
func quoted(text string) string {
	if runtime.GOOS == "windows" {
		return `"` + strings.ReplaceAll(text, `"`, `\"`) + `"`
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
