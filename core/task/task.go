// Package task starts everything that runs beside the calls of the host:
// goroutines, timers, finalizers. A panic in one of them would end the process
// of the host; here it is caught, and reported. Nothing else in the library
// starts one: a test of this package looks through the whole source.
//
// What a task holds is released by its own deferred calls, which run before
// the report.
package task

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"wdsocket/core/fault"
)

// Report is told of a panic that was caught: a fault.Internal that names the
// task and has a *Panic as its cause. A nil Report is told nothing. One that
// panics itself is caught as well.
type Report func(err *fault.Error)

// Panic is what was caught, with the stack of its goroutine.
type Panic struct {
	Value any
	Stack []byte
}

// Error is the value of the panic as text.
func (p *Panic) Error() string { return fmt.Sprint(p.Value) }

// Go runs f in a goroutine. name says in errors what f is, "the handshake".
func Go(name string, report Report, f func()) {
	go run(name, report, f)
}

// AfterFunc runs f after a time, as time.AfterFunc does; the timer may be
// stopped and reset.
func AfterFunc(name string, report Report, d time.Duration, f func()) *time.Timer {
	return time.AfterFunc(d, func() { run(name, report, f) })
}

// AfterDone runs f once ctx is done, as context.AfterFunc does.
func AfterDone(name string, report Report, ctx context.Context, f func()) (stop func() bool) {
	return context.AfterFunc(ctx, func() { run(name, report, f) })
}

// SetFinalizer runs f once the collector finds obj unreachable, as
// runtime.SetFinalizer does. f must not hold obj.
func SetFinalizer[T any](name string, report Report, obj *T, f func(*T)) {
	runtime.SetFinalizer(obj, func(obj *T) { run(name, report, func() { f(obj) }) })
}

// AddCleanup runs f with arg after obj has become unreachable, as
// runtime.AddCleanup does.
func AddCleanup[T, S any](name string, report Report, obj *T, f func(S), arg S) {
	runtime.AddCleanup(obj, func(arg S) { run(name, report, func() { f(arg) }) }, arg)
}

func run(name string, report Report, f func()) {
	err := Catch(name, f)
	if err != nil && report != nil {
		_ = Catch(name, func() { report(err) })
	}
}

// Catch runs f in the goroutine of the caller: nil, or the error of a panic.
func Catch(name string, f func()) (err *fault.Error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.Internal, fault.PhaseCall, name).With(fault.NoteSystem, fmt.Sprint(p))
			err.Cause = &Panic{Value: p, Stack: debug.Stack()}
		}
	}()
	f()
	return nil
}

// StackOf is the stack of the panic that err stands for, "" if it is another
// error.
func StackOf(err error) string {
	for err != nil {
		if p, ok := err.(*Panic); ok {
			return string(p.Stack)
		}
		wrapped, ok := err.(interface{ Unwrap() error })
		if !ok {
			return ""
		}
		err = wrapped.Unwrap()
	}
	return ""
}
