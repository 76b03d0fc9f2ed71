package main

import (
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

var vbaTargets = []vbaTarget{{vba7: true, win64: true}, {vba7: true}, {}}

// vbaFiles are the modules that a program imports together.
func vbaFiles(t *testing.T) map[string]string {
	t.Helper()
	_, root := realHeader(t)
	files := map[string]string{}
	for _, name := range []string{"wdsocket.bas", "wdsocketPolling.bas", "WDSocketClient.cls", "examples/ScaleReader.cls", "examples/ScaleMacros.bas"} {
		files[path.Base(name)] = readText(t, root, "hosts/vba/"+name)
	}
	return files
}

// There is no VBA here that could run them: they are read as its compiler would.
func TestVBAModulesFitTheirDeclarations(t *testing.T) {
	files := vbaFiles(t)
	for _, target := range vbaTargets {
		assert.Empty(t, vbaProblems(files, target))
	}
	for name, text := range files {
		for i, r := range text {
			assert.Less(t, r, rune(0x80), "%s, byte %d", name, i)
		}
		base := strings.TrimSuffix(name, path.Ext(name))
		if name != "wdsocket.bas" {
			assert.Contains(t, text, "Attribute VB_Name = \""+base+"\"\n", name)
		}
		// The editor imports a class without its head as a module.
		assert.Equal(t, strings.HasSuffix(name, ".cls"), strings.HasPrefix(text, "VERSION 1.0 CLASS\nBEGIN\n  MultiUse = -1  'True\nEND\nAttribute VB_Name"), name)
	}
}

func TestSeededMistakesInVBAAreFound(t *testing.T) {
	client, polling := "WDSocketClient.cls", "wdsocketPolling.bas"
	for name, test := range map[string]struct{ file, old, new, want string }{
		"an undeclared variable":       {client, "Dim queue As Long, result As Long", "Dim queue As Long", "result is not declared"},
		"a constant that is not there": {client, "WDS_DISCARD_MESSAGE", "WDS_DISCARD_ONE", "WDS_DISCARD_ONE is not declared"},
		"an argument too few":          {client, "WDSocketDiscard socketHandle, WDS_DISCARD_MESSAGE", "WDSocketDiscard socketHandle", "has 2 arguments, not 1"},
		"an argument too many":         {client, "WDSocketState(socketHandle)", "WDSocketState(socketHandle, 0)", "has 1 arguments, not 2"},
		"a text for a number":          {client, "WDSocketClose queue", "WDSocketClose \"queue\"", `is "String", not Long`},
		"a number for a text":          {client, "WDSocketNew(vbNullString)", "WDSocketNew(0)", `is "Long", not String`},
		"NULL of 4 bytes":              {client, "Private nowhere As LongPtr", "Private nowhere As Long", "no address"},
		"NULL by reference":            {client, "ByVal nowhere, 0, timeoutMs", "nowhere, 0, timeoutMs", "the first element"},
		"an array instead of bytes":    {client, "WDSocketWrite(Handle, data(0), ", "WDSocketWrite(Handle, data, ", "the first element"},
		"a block without its end":      {client, "    Loop\n", "", "Do has no end"},
		"an If without its end":        {client, "        Checked result\n    End If\n", "        Checked result\n", "If has no end"},
		"an end too many":              {client, "    Receive = length\n", "    Receive = length\n    End If\n", "does not fit"},
		"the end of something else":    {client, "    ReadText = StrConv(data, vbUnicode)\nEnd Function", "    ReadText = StrConv(data, vbUnicode)\nEnd Sub", "ends something else"},
		"without Option Explicit":      {client, "Option Explicit\n", "", "no Option Explicit"},
		"a word of the language":       {client, "Public Sub Disconnect()", "Public Sub Close()", "word of the language"},
		"a variable twice":             {client, "Private failedCode As Long", "Private queueHandle As Long", "declared twice"},
		"no PtrSafe":                   {polling, "Declare PtrSafe Function LoadLibraryA", "Declare Function LoadLibraryA", "PtrSafe"},
		"PtrSafe in VBA6":              {polling, "    Private Declare Function LoadLibraryA", "    Private Declare PtrSafe Function LoadLibraryA", "PtrSafe"},
		"a branch without its end":     {polling, "#End If\n\nPrivate loaded", "\nPrivate loaded", "the end is inside"},
		"a library that is not loaded": {polling, "LoadLibraryA(fileName)", "LoadLibraryA()", "has 1 arguments, not 0"},
		"a parameter called on":        {"wdsocket.bas", "ByVal switch_on As Long", "ByVal on As Long", "on is a word of the language"},
		"a handler with another name":  {"ScaleReader.cls", "target.Range(\"A1\").Value = reason", "target.Range(\"A1\").Value = reasons", "reasons is not declared"},
	} {
		t.Run(name, func(t *testing.T) {
			files := vbaFiles(t)
			if !assert.Contains(t, files[test.file], test.old) {
				return
			}
			files[test.file] = strings.Replace(files[test.file], test.old, test.new, 1)
			var all []string
			for _, target := range vbaTargets {
				all = append(all, vbaProblems(files, target)...)
			}
			assert.Contains(t, strings.Join(all, "\n"), test.want)
		})
	}
}
