package main

import (
	"os"
	"os/signal"
	"sync"
	"syscall"

	"golang.org/x/sys/windows"
)

// ownConsole gives these tests a console of their own: Ctrl-C goes to all processes of a console,
// and is not for those that started the tests.
var ownConsole = sync.OnceFunc(func() {
	signal.Notify(make(chan os.Signal, 1), os.Interrupt) // these tests go on
	kernel := windows.NewLazySystemDLL("kernel32.dll")
	_, _, _ = kernel.NewProc("FreeConsole").Call()  // there may be none
	_, _, _ = kernel.NewProc("AllocConsole").Call() // interrupt tells if there is none now
})

// interruptible is how a process is started that interrupt ends.
func interruptible() *syscall.SysProcAttr {
	ownConsole()
	return nil
}

// interrupt is Ctrl-C, for all programs of these tests that run. Ctrl-Break, which could be sent to
// one, is not known to Wine.
func interrupt(*os.Process) error {
	return windows.GenerateConsoleCtrlEvent(windows.CTRL_C_EVENT, 0)
}
