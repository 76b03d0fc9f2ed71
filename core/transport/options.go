package transport

import (
	"slices"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/syserr"
)

// Options are the settings of the system's socket.
type Options struct {
	NoDelay           bool          // small writes leave at once (Nagle off)
	KeepAlive         bool          // notice a dead peer
	KeepAliveIdle     time.Duration // silence before the first probe, whole seconds
	KeepAliveInterval time.Duration // between probes, whole seconds
	KeepAliveCount    int           // unanswered probes that end the connection
	SendBuffer        int           // bytes, 0: the system's choice
	ReceiveBuffer     int           // bytes, 0: the system's choice
	Linger            time.Duration // that a close is held for unsent data; negative: off, 0: reset
	Shared            bool          // share the local port with other sockets
	Backlog           int           // clients that wait for accept
	Broadcast         bool          // datagrams may go to broadcast addresses
	ReportUnreachable bool          // datagram sockets report "port unreachable"
	MulticastTTL      int           // hops of multicast datagrams
	MulticastLoop     bool          // own multicast is heard on this machine
	UnixMode          UnixMode      // permissions of the file of a Unix socket
	UnixOwner         UnixOwner     // whose it is; of a client, as whom the server must run
	PipeSecurity      string        // security descriptor of a named pipe in SDDL, "" for the usual one
	MulticastFrom     string        // interface for outgoing multicast, "": the system's choice

	explicit []string                         // names of the options that the program set itself
	Refused  func(option string, cause error) // told of others that the system refuses to set, if not nil
}

// SetExplicit notes that the program set an option itself: if the system refuses it,
// that is an error. A default is given up for a socket without it.
func (o *Options) SetExplicit(option string) {
	if !slices.Contains(o.explicit, option) {
		o.explicit = append(slices.Clip(o.explicit), option)
	}
}

// allow tells what the system's refusal to set an option means: an error of an
// option that the program set itself or of a connection that is gone, or nothing.
func (o *Options) allow(option string, cause error) error {
	if cause == nil {
		return nil
	}
	err := syserr.Wrap(cause, fault.PhaseOption, option)
	if err.Code == fault.Reset || slices.Contains(o.explicit, option) {
		return err
	}
	if o.Refused != nil {
		o.Refused(option, err)
	}
	return nil
}

// memberFailed is the error of a multicast group: the system says that the
// socket is a member already, or is none, in its words for ports and addresses.
func memberFailed(err error, group string) error {
	e := syserr.Wrap(err, fault.PhaseOption, group)
	if e.Code == fault.PortTaken || e.Code == fault.LocalAddress {
		e.Code = fault.State
	}
	return e
}
