package transport

import (
	"unsafe"

	"golang.org/x/sys/windows"

	"wdsocket/core/fault"
	"wdsocket/core/syserr"
)

// checkSecurity tells whether a text is a security descriptor.
func checkSecurity(sddl string) error {
	if sddl == "" {
		return nil
	}
	_, err := windows.SecurityDescriptorFromString(sddl)
	return err
}

// pipeSecurity says who may connect: by default the server's own user, administrators and
// the system itself.
func pipeSecurity(l *Local) (*windows.SecurityAttributes, error) {
	text := l.Options.PipeSecurity
	if text == "" {
		user, err := windows.GetCurrentProcessToken().GetTokenUser()
		if err != nil {
			return nil, syserr.Wrap(err, fault.PhaseListen, l.Label())
		}
		text = "D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;" + user.User.Sid.String() + ")"
	}
	descriptor, err := windows.SecurityDescriptorFromString(text)
	if err != nil {
		return nil, syserr.Wrap(err, fault.PhaseListen, l.Label())
	}
	out := &windows.SecurityAttributes{SecurityDescriptor: descriptor}
	out.Length = uint32(unsafe.Sizeof(*out))
	return out, nil
}
