// Package syserr tells what errors of the system, of package net and of waits mean
// to a user of a socket.
package syserr

import (
	"context"
	"errors"
	"net"
	"os"
	"strconv"
	"syscall"

	"wdsocket/core/fault"
)

// Wrap makes an error of package fault from whatever the system, package net
// or a wait gave. who is the one concerned.
func Wrap(err error, phase fault.Phase, who string) *fault.Error {
	if own, ok := err.(*fault.Error); ok { // at no cost: calls that time out come here
		return own
	}
	var known *fault.Error
	if errors.As(err, &known) {
		return known
	}
	var code fault.Code
	if errors.As(err, &code) {
		return fault.New(code, phase, who)
	}
	e := fault.New(fault.System, phase, who)
	e.Cause = err
	var errno syscall.Errno
	if errors.As(err, &errno) {
		e.Code, e.Sys = CodeOf(errno, phase), int32(errno)
		if e.Code == fault.System {
			e.With(fault.NoteSystem, errno.Error()+" ("+strconv.Itoa(int(errno))+")")
		}
		return e
	}
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return wrapDNS(e, dns)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		e.Code = fault.Timeout
	case errors.Is(err, net.ErrClosed):
		e.Code = fault.Closed
	default:
		e.With(fault.NoteSystem, err.Error())
	}
	return e
}

// IsUserTimeout tells whether a connection ended because its peer answered no more: the
// system gave it up.
func IsUserTimeout(e *fault.Error) bool { return e.Code == fault.Reset && isUserTimeout(e.Sys) }

func wrapDNS(e *fault.Error, dns *net.DNSError) *fault.Error {
	switch {
	case dns.IsNotFound:
		e.Code = fault.HostUnknown
	default:
		e.Code = fault.Resolver
		e.With(fault.NoteSystem, dns.Err)
	}
	return e
}

// UserTimeout is the error of a connection to who that was given up because its
// peer answered no more, as the system gives it.
func UserTimeout(who string) *fault.Error {
	e := fault.New(fault.Reset, fault.PhaseRead, who)
	e.Sys = sysTimedOut
	return e
}
