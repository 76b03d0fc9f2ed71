package main

import "os"

// understandsSequences tells whether a terminal takes sequences of ANSI, for colours and
// for the line that is edited.
func understandsSequences(*os.File) bool {
	return os.Getenv("TERM") != "" && os.Getenv("TERM") != "dumb"
}
