package transport

import (
	"math"
	"os/user"
	"strconv"

	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
	"wdsocket/core/syserr"
)

// unchanged is a user or group that the system is to leave as it is.
const unchanged = -1

// ids are the numbers of the user and the group; unchanged for one that is not named.
func (o UnixOwner) ids() (uid, gid int, err error) {
	if uid, err = idOf(o.user, func() (string, error) {
		u, err := user.Lookup(o.user)
		if err != nil {
			return "", err
		}
		return u.Uid, nil
	}); err == nil {
		gid, err = idOf(o.group, func() (string, error) {
			g, err := user.LookupGroup(o.group)
			if err != nil {
				return "", err
			}
			return g.Gid, nil
		})
	}
	return uid, gid, err
}

// idOf is the number that a text is, or that look finds for it. Where an int has 32 bits, one
// above the highest int is negative.
func idOf(text string, look func() (string, error)) (int, error) {
	if text == "" {
		return unchanged, nil
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		var number string
		if number, err = look(); err == nil {
			n, err = strconv.ParseUint(number, 10, 32)
		}
	}
	if id := int(uint32(n)); err == nil && n != math.MaxUint32 { // which is none: -1 for the system
		return id, nil
	}
	return 0, fault.New(fault.Argument, fault.PhaseOption, text).With(textNoUser, text)
}

// permit gives the file its owner and its permissions, whatever stands at its path now.
func (f *socketFile) permit(l *Local) error {
	uid, gid, err := l.Options.UnixOwner.ids()
	if err != nil {
		return err
	}
	fd, err := unix.Open(f.path, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return listenFailed(err, l)
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil || uint64(st.Dev) != f.dev || st.Ino != f.ino {
		return fault.New(fault.Access, fault.PhaseListen, l.Label())
	}
	if uid != unchanged || gid != unchanged {
		if err := unix.Fchownat(fd, "", uid, gid, unix.AT_EMPTY_PATH); err != nil {
			e := syserr.Wrap(err, fault.PhaseListen, l.Label())
			return e.With(textMayNotGive, userName(uint32(unix.Geteuid())), l.Options.UnixOwner.String())
		}
	}
	if err := unix.Chmod("/proc/self/fd/"+strconv.Itoa(fd), l.Options.UnixMode.Bits()); err != nil {
		return listenFailed(err, l)
	}
	return nil
}

// checkNoFile refuses permissions of a name that has no file.
func (l *Local) checkNoFile() error {
	if !l.Options.UnixMode.chosen && l.Options.UnixOwner.none() {
		return nil
	}
	return fault.New(fault.Argument, fault.PhaseListen, l.Label()).With(textNoPermissions)
}

// checkServer refuses a server that does not run as the user whom the options name: in a
// folder where everybody may make files it may be anybody's.
func (t *Target) checkServer(fd int) error {
	want, _, err := t.Options.UnixOwner.ids()
	if err != nil || want == unchanged {
		return err
	}
	if _, uid, _ := processAt(fd).Process(); uid != uint32(want) {
		return fault.New(fault.Access, fault.PhaseConnect, t.Label()).With(textOtherServer, userName(uid), t.Options.UnixOwner.user)
	}
	return nil
}

// checkSecurity takes whatever is meant for Windows.
func checkSecurity(string) error { return nil }
