package transport

import (
	"net"
	"strconv"
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
func (l *Local) Label() string {
	if l.Host == "" {
		return "port " + strconv.Itoa(int(l.Port))
	}
	return net.JoinHostPort(l.Host, strconv.Itoa(int(l.Port)))
}

// labelAt is Label with the port that the system chose.
func (l *Local) labelAt(end endpoint.Addr) string {
	at := *l
	at.Port = end.Port()
	return at.Label()
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
