package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// step is a line of a script.
type step struct {
	line    int
	verb    string
	pattern *regexp.Regexp // expect
	data    []byte         // send
	pause   time.Duration  // wait
}

// The verbs of scripts.
const (
	verbSend   = "send"
	verbExpect = "expect"
	verbWait   = "wait"
	verbRepeat = "repeat"
	verbClose  = "close"
)

// errScriptClosed is how a script ends that says so.
var errScriptClosed = errors.New("closed by the script")

// script reads a script from a file; name "" has no steps.
func (t typed) script(name string, f framing) ([]step, error) {
	if name == "" {
		return nil, nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, failure{exitUsage, err}
	}
	var all []step
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		s := step{line: number}
		var rest string
		s.verb, rest, _ = strings.Cut(line, " ")
		rest = strings.TrimSpace(rest)
		switch s.verb {
		case verbSend:
			s.data, err = t.message(rest, f)
		case verbExpect:
			s.pattern, err = patternOf(rest)
		case verbWait:
			if s.pause, err = time.ParseDuration(rest); err != nil || s.pause < 0 {
				err = usage("wait has a time behind it: wait 500ms", "wait est suivi d'une durée : wait 500ms")
			}
		case verbRepeat, verbClose:
			if rest != "" {
				err = usage("nothing stands behind %s", "rien ne suit %s", s.verb)
			}
		default:
			err = usage("a line begins with send, expect, wait, repeat or close", "une ligne commence par send, expect, wait, repeat ou close")
		}
		if err != nil {
			var why said
			if !errors.As(err, &why) {
				return nil, err
			}
			return nil, failure{exitUsage, said{fmt.Sprintf("%s:%d: %s", name, number, why.english), fmt.Sprintf("%s:%d : %s", name, number, why.french)}}
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		return nil, usage("%s has no steps", "%s n'a pas d'étapes", name)
	}
	if last := all[len(all)-1]; last.verb == verbRepeat && !slices.ContainsFunc(all, step.waits) {
		return nil, usage("%s:%d: what is repeated has to wait or to expect something", "%s:%d : ce qui est répété doit attendre quelque chose (wait, expect)", name, last.line)
	}
	return all, nil
}

// waits tells whether the step takes its time.
func (s step) waits() bool { return s.verb == verbExpect || s.pause > 0 }

// inbox keeps messages until a script asks for them: the last ones, if it never does.
type inbox struct {
	mu       sync.Mutex
	messages [][]byte
	bytes    int // of them
	ended    bool
	more     chan struct{} // a message came, or the end
}

// What an inbox keeps at most: a peer may send more than a script looks at.
const (
	inboxMessages = 1000
	inboxBytes    = 64 << 20
)

func newInbox() *inbox { return &inbox{more: make(chan struct{}, 1)} }

func (b *inbox) put(data []byte) {
	b.mu.Lock()
	b.messages, b.bytes = append(b.messages, data), b.bytes+len(data)
	for len(b.messages) > inboxMessages || len(b.messages) > 1 && b.bytes > inboxBytes {
		b.dropLocked()
	}
	b.mu.Unlock()
	b.notify()
}

// end says that no more messages come.
func (b *inbox) end() {
	b.mu.Lock()
	b.ended = true
	b.mu.Unlock()
	b.notify()
}

func (b *inbox) notify() {
	select {
	case b.more <- struct{}{}:
	default:
	}
}

// dropLocked takes the first message away.
func (b *inbox) dropLocked() (data []byte) {
	data = b.messages[0]
	b.messages[0] = nil // the memory behind it is in use longer
	b.messages, b.bytes = b.messages[1:], b.bytes-len(data)
	return data
}

// take gives the first message, and whether there will be more.
func (b *inbox) take() (data []byte, there, ended bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.messages) == 0 {
		return nil, false, b.ended
	}
	return b.dropLocked(), true, false
}

// next waits for a message that fits; others are passed over.
func (b *inbox) next(ctx context.Context, pattern *regexp.Regexp, wait <-chan time.Time) (found fit, inTime bool) {
	for {
		data, there, ended := b.take()
		if ended {
			return fit{}, false
		}
		if there {
			if found, fits := fitting(pattern, data); fits {
				return found, true
			}
			continue
		}
		select {
		case <-b.more:
		case <-wait:
			return fit{}, false
		case <-ctx.Done():
			return fit{}, false
		}
	}
}

// play plays a script. $1 in what is sent is the first group of what was expected last. wait is
// how long it waits for a message, 0 for ever.
func play(ctx context.Context, steps []step, in *inbox, wait time.Duration, write func([]byte) error) error {
	var last fit
	for i := 0; i < len(steps); i++ {
		switch s := steps[i]; s.verb {
		case verbSend:
			message := s.data
			if last.pattern != nil {
				message = last.expand(message)
			}
			if err := write(message); err != nil {
				return err
			}
		case verbExpect:
			var late <-chan time.Time
			if wait > 0 {
				late = time.After(wait)
			}
			var inTime bool
			if last, inTime = in.next(ctx, s.pattern, late); !inTime {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				return failure{exitUnexpected, sayf("line %d of the script: no message fits %s", "ligne %d du script : aucun message ne correspond à %s",
					s.line, strings.TrimPrefix(s.pattern.String(), everyByte))}
			}
		case verbWait:
			if !pause(ctx, s.pause) {
				return ctx.Err()
			}
		case verbRepeat:
			if ctx.Err() != nil {
				return ctx.Err()
			}
			i = -1
		case verbClose:
			return errScriptClosed
		}
	}
	return nil
}
