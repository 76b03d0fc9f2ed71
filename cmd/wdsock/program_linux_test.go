package main

import (
	"os"
	"syscall"
)

// interruptible is how a process is started that interrupt ends.
func interruptible() *syscall.SysProcAttr { return nil }

// interrupt is Ctrl-C.
func interrupt(p *os.Process) error { return p.Signal(os.Interrupt) }
