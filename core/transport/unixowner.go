package transport

import (
	"strings"

	"wdsocket/core/fault"
)

// UnixMode is the permissions of the file of a Unix socket. The zero UnixMode is
// privateMode, unless an option says otherwise.
type UnixMode struct {
	bits   uint32
	chosen bool
}

// privateMode lets nobody but the owner connect.
const privateMode = 0o600

// UnixModeOf is the permissions that a program has chosen.
func UnixModeOf(bits uint32) UnixMode { return UnixMode{bits, true} }

// Bits are the permissions.
func (m UnixMode) Bits() uint32 {
	if !m.chosen {
		return privateMode
	}
	return m.bits
}

// UnixOwner is a user and a group, each by its name or number, or neither.
type UnixOwner struct{ user, group string }

// ParseOwner reads "user", "user:group" and ":group"; "" for neither.
func ParseOwner(text string) (UnixOwner, error) {
	user, group, both := strings.Cut(text, ":")
	if strings.ContainsAny(text, " \t\r\n\x00/") || strings.Contains(group, ":") || both && group == "" {
		return UnixOwner{}, fault.New(fault.Argument, fault.PhaseOption, "text").With(noteOwnerForm, text)
	}
	return UnixOwner{user, group}, nil
}

// String is the text that was read.
func (o UnixOwner) String() string {
	if o.group == "" {
		return o.user
	}
	return o.user + ":" + o.group
}

// none tells whether nobody was named.
func (o UnixOwner) none() bool { return o == UnixOwner{} }

// SetPipeSecurity sets the security descriptor of a named pipe. Only Windows knows whether
// it is one.
func SetPipeSecurity(o *Options, sddl string) error {
	if err := checkSecurity(sddl); err != nil {
		return fault.New(fault.Argument, fault.PhaseOption, "text").With(noteDescriptorForm, sddl)
	}
	o.PipeSecurity = sddl
	return nil
}
