package wire

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
// or a Wait gave. who is the one concerned.
func Wrap(err error, phase fault.Phase, who string) *fault.Error {
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
		e.Code, e.Sys = codeOfErrno(errno, phase), int32(errno)
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

// Gone tells whether a connection ended because its peer answered no more: the
// system gave it up.
func Gone(e *fault.Error) bool { return e.Code == fault.Reset && gaveUp(e.Sys) }

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

// memberFailed is the error of a multicast group: the system says that the
// socket is a member already, or is none, in its words for ports and addresses.
func memberFailed(err error, group string) error {
	e := Wrap(err, fault.PhaseOption, group)
	if e.Code == fault.PortTaken || e.Code == fault.LocalAddress {
		e.Code = fault.State
	}
	return e
}

func wrapResolve(err error, host string) *fault.Error { return Wrap(err, fault.PhaseResolve, host) }
