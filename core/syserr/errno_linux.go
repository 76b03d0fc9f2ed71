package syserr

import (
	"syscall"

	"wdsocket/core/fault"
)

const sysTimedOut = int32(syscall.ETIMEDOUT)

// isUserTimeout tells whether the system ended an open connection because its
// peer did not answer: it says so with what the network last told it, if it did.
func isUserTimeout(errno int32) bool {
	switch syscall.Errno(errno) {
	case syscall.ETIMEDOUT, syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EHOSTDOWN, syscall.ENETDOWN:
		return true
	}
	return false
}

// CodeOf tells what a system error means to a user of a socket.
func CodeOf(errno syscall.Errno, phase fault.Phase) fault.Code {
	switch errno {
	case syscall.ECONNREFUSED:
		if phase == fault.PhaseRead || phase == fault.PhaseWrite {
			return fault.PortUnreachable
		}
		return fault.Refused
	case syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EHOSTDOWN, syscall.ENETDOWN:
		if phase == fault.PhaseRead {
			return fault.Reset // the network told an open connection so
		}
		return fault.Unreachable
	case syscall.ETIMEDOUT:
		if phase == fault.PhaseConnect {
			return fault.Timeout
		}
		return fault.Reset
	case syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED, syscall.ENOTCONN:
		return fault.Reset
	case syscall.EADDRINUSE:
		return fault.PortTaken
	case syscall.EADDRNOTAVAIL:
		if phase == fault.PhaseWrite {
			return fault.Unreachable // this machine has no address that leads there
		}
		return fault.LocalAddress
	case syscall.EAFNOSUPPORT: // that version of IP is off
		switch phase {
		case fault.PhaseConnect, fault.PhaseWrite:
			return fault.Unreachable
		case fault.PhaseListen:
			return fault.LocalAddress
		}
	case syscall.EACCES, syscall.EPERM:
		return fault.Access
	case syscall.EMFILE, syscall.ENFILE:
		return fault.Descriptors
	case syscall.EMSGSIZE:
		return fault.DatagramSize
	}
	return fault.System
}
