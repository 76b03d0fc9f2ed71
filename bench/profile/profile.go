//go:build benchprofile

// This file becomes part of the library only when the benchmarks are run with
// --cpuprofile: it is laid over the library's own sources while they are built.
package main

import "C"

import (
	"os"
	"runtime/pprof"
)

// init starts the profile as soon as the library is loaded, when the driver
// has named a file for it.
func init() {
	path := os.Getenv("WDS_BENCH_PROFILE")
	if path == "" {
		return
	}
	file, err := os.Create(path)
	if err != nil {
		return
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		_ = file.Close()
	}
}

// WDSBenchProfileStop writes the profile's rest. A host calls it as its last
// act, because nothing in Go runs when the host ends.
//
//export WDSBenchProfileStop
func WDSBenchProfileStop() {
	pprof.StopCPUProfile()
}
