package route

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	winhttp        = windows.NewLazySystemDLL("winhttp.dll")
	procOfUser     = winhttp.NewProc("WinHttpGetIEProxyConfigForCurrentUser")
	procOfMachine  = winhttp.NewProc("WinHttpGetDefaultProxyConfiguration")
	procGlobalFree = windows.NewLazySystemDLL("kernel32.dll").NewProc("GlobalFree")
)

// accessNamed is WINHTTP_ACCESS_TYPE_NAMED_PROXY.
const accessNamed = 3

// userConfig is WINHTTP_CURRENT_USER_IE_PROXY_CONFIG.
type userConfig struct {
	autoDetect int32
	autoConfig *uint16
	proxy      *uint16
	bypass     *uint16
}

// machineConfig is WINHTTP_PROXY_INFO.
type machineConfig struct {
	accessType uint32
	proxy      *uint16
	bypass     *uint16
}

// settings are those of the user, or else those of the machine (netsh winhttp). A
// script that chooses a proxy is not run.
func settings() (proxies, bypass string) {
	if procOfUser.Find() != nil || procOfMachine.Find() != nil {
		return "", ""
	}
	var user userConfig
	if ok, _, _ := procOfUser.Call(uintptr(unsafe.Pointer(&user))); ok != 0 {
		taken(user.autoConfig)
		proxies, bypass = taken(user.proxy), taken(user.bypass)
	}
	if proxies != "" {
		return proxies, bypass
	}
	var machine machineConfig
	if ok, _, _ := procOfMachine.Call(uintptr(unsafe.Pointer(&machine))); ok != 0 {
		proxies, bypass = taken(machine.proxy), taken(machine.bypass)
		if machine.accessType != accessNamed {
			return "", ""
		}
	}
	return proxies, bypass
}

// taken is a text that the system has allocated, which is given back.
func taken(text *uint16) string {
	if text == nil {
		return ""
	}
	s := windows.UTF16PtrToString(text)
	procGlobalFree.Call(uintptr(unsafe.Pointer(text)))
	return s
}
