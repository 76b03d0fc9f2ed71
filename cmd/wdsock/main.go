// Wdsock tries sockets out from the command line: it connects, listens, stands between two
// programs, measures, and tells what is at an address. It does so with the library wdsocket, so
// that what it shows is what a program that uses the library gets.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/alecthomas/kong"

	"wdsocket/core"
	"wdsocket/core/fault"
	"wdsocket/core/option"
	"wdsocket/core/syserr"
)

// The exit codes, which --help lists.
const (
	exitFailed     = 1 // the connection or the output failed, or ended in an error
	exitUsage      = 2 // the command line is wrong
	exitUnexpected = 3 // what --expect waits for has not come
)

// cli is the command line.
type cli struct {
	Language   string           `name:"language" enum:",en,fr" default:"" placeholder:"en|fr" help:"Language of errors and reports; that of the system unless given."`
	JSON       bool             `name:"json" help:"One JSON object a line instead of text, for other programs."`
	Color      string           `enum:"auto,always,never" default:"auto" help:"Colours: auto (on a terminal), always, never."`
	Version    kong.VersionFlag `help:"Show the version."`
	Man        manFlag          `name:"man" hidden:"" help:"Write the page for man."`
	Bash       completionFlag   `name:"completion" hidden:"" help:"Write what completes command lines in bash."`
	PowerShell powerShellFlag   `name:"completion-powershell" hidden:"" help:"Write what completes command lines in PowerShell."`

	Connect connectCommand `cmd:"" help:"Connect, send what is typed and show what comes."`
	Listen  listenCommand  `cmd:"" help:"Be a server: show what clients send, echo or answer it."`
	Doctor  doctorCommand  `cmd:"" help:"Tell what is at an address: name, port, TLS, framing."`
	Proxy   proxyCommand   `cmd:"" help:"Stand between two programs and show what they say."`
	Bench   benchCommand   `cmd:"" help:"Measure an echo server: messages a second, latencies."`
	WS      wsCommand      `cmd:"" name:"ws" help:"Connect to a WebSocket: as connect, message by message."`
	UDP     udpCommand     `cmd:"" name:"udp" help:"Send and receive datagrams."`
}

const description = `Tries sockets out: devices, servers, framings, TLS.

Examples:

  wdsock connect 10.0.0.5:4001                 talk to a device line by line
  wdsock connect tls://mail.example.com:993    the same over TLS
  wdsock connect --frame "02 data 03" 10.0.0.5:4001 S
                                               send one message, show the answer
  wdsock listen --echo 5000                    a server that sends back what comes
  wdsock listen --reply 'PING.* => PONG' 5000  a server that answers
  wdsock doctor 10.0.0.5:4001                  what is there, and how does it talk?
  wdsock proxy -f line 5001 10.0.0.5:4001      look at what two programs say

Addresses are those of the library: host:port, [::1]:port, tls://host:port, ws://host:port/path,
wss://..., unix:/path, local:name, and pipe:name on Windows. "wdsock COMMAND --help" tells the rest.

Exit codes: 0 done, 1 the connection or the output failed, 2 the command line is wrong, 3 what
--expect waits for has not come.`

// session is what a command works with.
type session struct {
	context.Context
	stop   context.CancelFunc // as Ctrl-C does
	lib    *core.Library
	stdin  io.Reader
	stdout io.Writer
	out    *printer
	stderr io.Writer
}

// failure is an error with the exit code that it leads to.
type failure struct {
	exit int
	error
}

func (f failure) Unwrap() error { return f.error }

// said is a text in both languages, and an error.
type said struct{ english, french string }

func (s said) Error() string { return s.english }

func (s said) in(lang fault.Language) string {
	if lang == fault.French {
		return s.french
	}
	return s.english
}

// sayf is said with arguments.
func sayf(english, french string, args ...any) said {
	return said{fmt.Sprintf(english, args...), fmt.Sprintf(french, args...)}
}

// usage is an error of the command line.
func usage(english, french string, args ...any) error {
	return failure{exitUsage, sayf(english, french, args...)}
}

// textOf is an error for the user.
func textOf(err error, lang fault.Language) string {
	var known *fault.Error
	var own said
	var code fault.Code
	var file *fs.PathError
	switch {
	case errors.As(err, &known):
		return known.Text(lang)
	case errors.As(err, &own):
		return own.in(lang)
	case errors.As(err, &code):
		return code.Text(lang)
	case errors.As(err, &file):
		return syserr.Wrap(file.Err, fault.PhaseNone, file.Path).Text(lang)
	}
	return err.Error()
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C does not wait for what the first one ends
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// ended is how kong's --help and --version leave.
type ended int

// run does what a command line says, and gives the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) (exit int) {
	var c cli
	lang, help := languageOf(args), &watched{Writer: stdout}
	defer func() {
		if p := recover(); p != nil {
			code, is := p.(ended)
			if !is {
				panic(p)
			}
			exit = int(code)
			if help.failed != nil {
				exit = outputLost(stderr, help.failed, lang)
			}
		}
	}()
	parsed, err := newParser(&c, lang, help, stderr).Parse(args)
	if help.failed != nil {
		return outputLost(stderr, help.failed, lang)
	}
	if err != nil {
		text := mistake(err, lang)
		if slices.Contains(args, "--json") { // it is not understood yet
			newPrinter(stdout, stderr, true, "never", func() {}).wrong("", text)
		}
		_, _ = fmt.Fprintf(stderr, "wdsock: %s\nwdsock --help\n", text)
		return exitUsage
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	s := &session{Context: ctx, stop: stop, stdin: stdin, stdout: stdout, out: newPrinter(stdout, stderr, c.JSON, c.Color, stop), stderr: stderr}
	s.lib = core.NewLibrary(func(err error) { s.out.wrong("", textOf(err, s.lib.Language())) })
	defer s.lib.CloseAll()
	if err := s.lib.SetText(option.TextLanguage, c.Language); err != nil {
		panic(err)
	}
	return s.exitCode(parsed.Run(s))
}

// watched remembers that something could not be written.
type watched struct {
	io.Writer
	failed error
}

func (w *watched) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	w.failed = cmp.Or(w.failed, err)
	return n, err
}

// outputLost tells why the output could not be written.
func outputLost(stderr io.Writer, err error, lang fault.Language) int {
	_, _ = fmt.Fprintf(stderr, "wdsock: %s%s\n", said{"the output cannot be written: ", "la sortie ne peut pas être écrite : "}.in(lang), textOf(err, lang))
	return exitFailed
}

// exitCode shows an error that ends the program.
func (s *session) exitCode(err error) int {
	if lost := s.out.lost(); lost != nil {
		return outputLost(s.stderr, lost, s.lib.Language())
	}
	if err == nil || s.Err() != nil { // Ctrl-C has closed what failed
		return 0
	}
	if s.out.json { // for the program that reads it
		s.out.wrong("", textOf(err, s.lib.Language()))
	}
	_, _ = fmt.Fprintf(s.stderr, "wdsock: %s\n", textOf(err, s.lib.Language()))
	var f failure
	if errors.As(err, &f) {
		return f.exit
	}
	if code := fault.CodeOf(err); code == fault.Argument {
		return exitUsage
	}
	return exitFailed
}
