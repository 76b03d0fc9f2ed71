package main

import "os"

// understandsColours tells whether a terminal takes sequences of ANSI.
func understandsColours(*os.File) bool { return os.Getenv("TERM") != "dumb" }
