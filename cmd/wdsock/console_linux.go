package main

import (
	"os"
	"path/filepath"
)

// understandsSequences tells whether a terminal takes sequences of ANSI, for colours and
// for the line that is edited.
func understandsSequences(*os.File) bool {
	return os.Getenv("TERM") != "" && os.Getenv("TERM") != "dumb"
}

// stateFolder is where programs keep what is between settings and data (XDG Base Directory
// Specification), "" for nowhere.
func stateFolder() string {
	if folder := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(folder) {
		return folder
	}
	home, err := os.UserHomeDir()
	if err != nil || !filepath.IsAbs(home) {
		return ""
	}
	return filepath.Join(home, ".local", "state")
}
