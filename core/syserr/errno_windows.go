package syserr

import (
	"syscall"

	"golang.org/x/sys/windows"

	"wdsocket/core/fault"
)

const sysTimedOut = int32(windows.WSAETIMEDOUT)

// isUserTimeout tells whether the system ended an open connection because its
// peer did not answer.
func isUserTimeout(errno int32) bool {
	switch syscall.Errno(errno) {
	case windows.WSAETIMEDOUT, windows.ERROR_SEM_TIMEOUT, windows.WSAENETRESET, windows.WSAEHOSTUNREACH, windows.WSAENETUNREACH:
		return true
	}
	return false
}

// CodeOf tells what a system error means to a user of a socket.
func CodeOf(errno syscall.Errno, phase fault.Phase) fault.Code {
	switch errno {
	case windows.WSAECONNREFUSED, windows.ERROR_CONNECTION_REFUSED, windows.ERROR_PORT_UNREACHABLE:
		if phase == fault.PhaseRead || phase == fault.PhaseWrite {
			return fault.PortUnreachable
		}
		return fault.Refused
	case windows.WSAEHOSTUNREACH, windows.WSAENETUNREACH, windows.WSAEHOSTDOWN, windows.WSAENETDOWN,
		windows.ERROR_HOST_UNREACHABLE, windows.ERROR_NETWORK_UNREACHABLE:
		if phase == fault.PhaseRead {
			return fault.Reset
		}
		return fault.Unreachable
	case windows.WSAETIMEDOUT, windows.ERROR_SEM_TIMEOUT:
		if phase == fault.PhaseConnect {
			return fault.Timeout
		}
		return fault.Reset
	case windows.WSAECONNRESET, windows.WSAECONNABORTED, windows.WSAENETRESET, windows.WSAESHUTDOWN, windows.WSAENOTCONN,
		windows.ERROR_NETNAME_DELETED, windows.ERROR_CONNECTION_ABORTED, windows.ERROR_BROKEN_PIPE,
		windows.ERROR_NO_DATA, windows.ERROR_PIPE_NOT_CONNECTED:
		return fault.Reset
	case windows.WSAEADDRINUSE:
		return fault.PortTaken
	case windows.WSAEADDRNOTAVAIL:
		if phase == fault.PhaseWrite {
			return fault.Unreachable // this machine has no address that leads there
		}
		return fault.LocalAddress
	case windows.WSAEAFNOSUPPORT: // that version of IP is off
		switch phase {
		case fault.PhaseConnect, fault.PhaseWrite:
			return fault.Unreachable
		case fault.PhaseListen:
			return fault.LocalAddress
		}
	case windows.WSAEACCES, windows.ERROR_ACCESS_DENIED:
		if phase == fault.PhaseListen {
			return fault.PortTaken // an exclusive socket has the port
		}
		return fault.Access
	case windows.WSAEMFILE, windows.ERROR_TOO_MANY_OPEN_FILES:
		return fault.Descriptors
	case windows.WSAEMSGSIZE:
		return fault.DatagramSize
	}
	return fault.System
}
