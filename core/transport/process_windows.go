package transport

import (
	"golang.org/x/sys/windows"

	"wdsocket/core/endpoint"
)

// processOf is a process of this machine, with its user if that can be learnt: a program
// without special rights learns it of its own user's processes.
func processOf(s endpoint.Scheme, pid uint32) endpoint.Addr {
	return endpoint.FromWindowsProcess(s, pid, sidOf(pid))
}

// ownProcess is this process as a peer sees it.
func ownProcess(s endpoint.Scheme) endpoint.Addr { return processOf(s, windows.GetCurrentProcessId()) }

// sidOf is the user of a process, "" where the system does not tell.
func sidOf(pid uint32) string {
	process, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, pid)
	if err != nil {
		return ""
	}
	defer windows.CloseHandle(process)
	var token windows.Token
	if windows.OpenProcessToken(process, windows.TOKEN_QUERY, &token) != nil {
		return ""
	}
	defer token.Close()
	user, err := token.GetTokenUser()
	if err != nil {
		return ""
	}
	return user.User.Sid.String()
}
