package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// understandsSequences tells whether a console takes sequences of ANSI, and makes it do so: that
// of Windows 10 and later has to be asked.
func understandsSequences(file *os.File) bool {
	var mode uint32
	console := windows.Handle(file.Fd())
	if windows.GetConsoleMode(console, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(console, mode|windows.ENABLE_PROCESSED_OUTPUT|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}

// stateFolder is where programs keep what belongs to this machine and user, "" for nowhere.
func stateFolder() string { return os.Getenv("LOCALAPPDATA") }
