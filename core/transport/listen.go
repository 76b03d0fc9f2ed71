package transport

import (
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// Local is an own address to listen on.
type Local struct {
	endpoint.Location
	Family  Family
	Options *Options
}

// Label names the address in texts.
func (l *Local) Label() string { return l.Listening() }

// labelAt is Label with the port that the system chose.
func (l *Local) labelAt(end endpoint.Addr) string {
	at := *l
	at.Port = end.Port()
	return at.Label()
}

// firstFree opens the port or, of a range, the first that can be opened. Which program
// has one that is taken is told of a single port.
func firstFree[T any](l *Local, tcp bool, open func(*Local) (T, error)) (opened T, err error) {
	if l.PortTo == 0 {
		opened, err = open(l)
		if e, is := err.(*fault.Error); is && l.HasPort() {
			return opened, l.explain(e, tcp)
		}
		return opened, err
	}
	var fell error
	for port := int(l.Port); port <= int(l.PortTo); port++ {
		at := *l
		at.Port, at.PortTo = uint16(port), 0
		opened, err = open(&at)
		switch code := fault.CodeOf(err); {
		case code == fault.PortTaken:
			fell = fault.New(code, fault.PhaseListen, l.Label()).With(textRangeTaken)
		case code != fault.Access: // which the system has reserved
			return opened, err
		case fell == nil:
			fell = err
		}
	}
	return opened, fell
}

// Listener is a server that clients connect to. One call at a time accepts.
type Listener interface {
	poll.Pollable

	// Accept takes the next client, or waits for one as w says. A lack of
	// descriptors is told after at most a second; the clients stay in the
	// system's queue.
	Accept(w *poll.Call) (Conn, endpoint.Addr, error)

	// Apply sets the options that connections accepted afterwards have.
	Apply(o *Options) error

	// LocalAddr is the address listened on.
	LocalAddr() endpoint.Addr

	// Close gives the descriptor back; no call may be inside.
	Close()
}

// LocalAddr is the address listened on.
func (l *tcpListener) LocalAddr() endpoint.Addr { return l.addr }

// maxEMFILEWait is how long a lack of descriptors is borne before it is told.
const maxEMFILEWait = time.Second

// Time-outs of waits that hosts repeat again and again: shared, and without an
// address.
var (
	noClient   = fault.New(fault.Timeout, fault.PhaseAccept, "")
	noDatagram = fault.New(fault.Timeout, fault.PhaseRead, "")
)

// waitFailed is the error of a wait for who: timedOut where its time was over.
func waitFailed(err error, timedOut *fault.Error, who string) *fault.Error {
	if err == fault.Timeout {
		return timedOut
	}
	return syserr.Wrap(err, timedOut.Phase, who)
}
