package transport

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/sys/windows"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/overlapped"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
)

// pipeName is a name of which this process has servers' ends.
type pipeName struct {
	name      string
	ends      int
	listening bool
}

// pipeNames are they, in lower case: the system makes no difference.
var pipeNames struct {
	mu  sync.Mutex
	all map[string]*pipeName
}

// abandoned tells whether no server of this process listens at a name any more of which
// it has connections: the system says that the server is busy.
func abandoned(name string) bool {
	pipeNames.mu.Lock()
	defer pipeNames.mu.Unlock()
	n := pipeNames.all[strings.ToLower(name)]
	return n != nil && !n.listening
}

// take makes a name this listener's. first tells that no other end of it is this
// process's: only then the system can say that it is another's.
func takeName(l *Local) (n *pipeName, first bool, err error) {
	pipeNames.mu.Lock()
	defer pipeNames.mu.Unlock()
	key := strings.ToLower(l.Path)
	n = pipeNames.all[key]
	if n == nil {
		n = &pipeName{name: key}
		if pipeNames.all == nil {
			pipeNames.all = make(map[string]*pipeName)
		}
		pipeNames.all[key] = n
	}
	if n.listening {
		return nil, false, fault.New(fault.PortTaken, fault.PhaseListen, l.Label()).With(textPipeTaken)
	}
	n.listening = true
	return n, n.ends == 0, nil
}

// leave is for when nothing listens at the name any more.
func (n *pipeName) leave() {
	pipeNames.mu.Lock()
	defer pipeNames.mu.Unlock()
	n.listening = false
	n.forgetLocked()
}

func (n *pipeName) endOpened() {
	pipeNames.mu.Lock()
	defer pipeNames.mu.Unlock()
	n.ends++
}

// endClosed is for an end that was closed; n is nil of a client's.
func (n *pipeName) endClosed() {
	if n == nil {
		return
	}
	pipeNames.mu.Lock()
	defer pipeNames.mu.Unlock()
	n.ends--
	n.forgetLocked()
}

func (n *pipeName) forgetLocked() {
	if n.ends == 0 && !n.listening {
		delete(pipeNames.all, n.name)
	}
}

// pipeListener is a Listener of a named pipe. Each client gets an instance of the pipe
// that has waited for it.
type pipeListener struct {
	source   poll.Source
	signal   *overlapped.Signal
	path     *uint16
	security *windows.SecurityAttributes
	label    string
	addr     endpoint.Addr
	name     *pipeName

	mu     sync.Mutex
	opts   *Options
	free   []*pipeConn // instances that wait
	ready  []*pipeConn // that have a client
	closed bool
}

// maxFree is how many instances wait for clients at most: as many clients connect at
// once, others try again.
const maxFree = 4

// listen opens a server.
func (pipes) listen(l *Local) (Listener, error) {
	path, err := pipePath(l.Location)
	if err != nil {
		return nil, listenFailed(err, l)
	}
	security, err := pipeSecurity(l)
	if err != nil {
		return nil, err
	}
	name, first, err := takeName(l)
	if err != nil {
		return nil, err
	}
	out := &pipeListener{path: path, security: security, label: l.Label(), addr: l.Addr(), name: name, opts: l.Options}
	out.signal = overlapped.NewSignal(out.asked)
	out.source.Init(out.signal)
	out.mu.Lock()
	err = out.addLocked(first)
	refused := err == nil && out.refillLocked() == windows.ERROR_ACCESS_DENIED
	out.mu.Unlock()
	if refused {
		out.Close()
		return nil, fault.New(fault.Access, fault.PhaseListen, l.Label()).With(textOwnPipe)
	}
	if err != nil {
		out.Close()
		if err == windows.ERROR_ACCESS_DENIED || err == windows.ERROR_PIPE_BUSY {
			return nil, fault.New(fault.PortTaken, fault.PhaseListen, l.Label()).With(textPipeTaken)
		}
		return nil, listenFailed(err, l)
	}
	return out, nil
}

// addLocked adds an instance that waits for a client.
func (l *pipeListener) addLocked(first bool) error {
	const pipeBuffer = 128 << 10 // a write waits once more is unread than this
	out, in := uint32(pipeBuffer), uint32(pipeBuffer)
	if l.opts.SendBuffer > 0 {
		out = uint32(l.opts.SendBuffer)
	}
	if l.opts.ReceiveBuffer > 0 {
		in = uint32(l.opts.ReceiveBuffer)
	}
	open := uint32(windows.PIPE_ACCESS_DUPLEX | windows.FILE_FLAG_OVERLAPPED)
	if first {
		open |= windows.FILE_FLAG_FIRST_PIPE_INSTANCE
	}
	const mode = windows.PIPE_TYPE_BYTE | windows.PIPE_READMODE_BYTE | windows.PIPE_WAIT | windows.PIPE_REJECT_REMOTE_CLIENTS
	h, err := windows.CreateNamedPipe(l.path, open, mode, windows.PIPE_UNLIMITED_INSTANCES, out, in, 0, l.security)
	if err != nil {
		return err
	}
	c, err := newPipeConn(h)
	if err != nil {
		return err
	}
	c.name = l.name
	l.name.endOpened()
	c.listener.Store(l)
	switch err := c.handle.Connect(&c.probe); err {
	case windows.ERROR_IO_PENDING:
		l.free = append(l.free, c)
	case nil, windows.ERROR_PIPE_CONNECTED, windows.ERROR_NO_DATA: // there already, or gone again
		l.ready = append(l.ready, c)
	default:
		c.Close()
		return err
	}
	return nil
}

// refillLocked adds instances, as long as there may be clients that are not accepted.
func (l *pipeListener) refillLocked() error {
	for len(l.free) < min(maxFree, max(l.opts.Backlog, 1)-len(l.ready)) {
		if err := l.addLocked(false); err != nil {
			return err
		}
	}
	return nil
}

// came is told that an instance has a client.
func (l *pipeListener) came(c *pipeConn, err error) {
	l.mu.Lock()
	at := slices.Index(l.free, c)
	if l.closed || at < 0 {
		l.mu.Unlock()
		return // who closes it closes the instance
	}
	l.free = slices.Delete(l.free, at, at+1)
	if err == nil {
		l.ready = append(l.ready, c)
	} else {
		c.Close()
	}
	l.refillLocked()
	l.mu.Unlock()
	l.signal.Tell(false)
}

// asked is called when a call or a queue waits for a client.
func (l *pipeListener) asked(output bool) {
	l.mu.Lock()
	there := len(l.ready) > 0
	l.mu.Unlock()
	if there && !output {
		l.signal.Tell(false)
	}
}

// Source is what calls and queues wait for.
func (l *pipeListener) Source() *poll.Source { return &l.source }

// Accept takes the next client, or waits for one as w says.
func (l *pipeListener) Accept(w *poll.Call) (Conn, endpoint.Addr, error) {
	for {
		c, err := l.next()
		if err != nil {
			return nil, endpoint.Addr{}, syserr.Wrap(err, fault.PhaseAccept, l.label)
		}
		if c != nil {
			return c, c.peer, nil
		}
		if w.MayNotWait() {
			err = w.Expired()
		} else {
			_, err = l.source.Await(w, true, false)
		}
		if err != nil {
			return nil, endpoint.Addr{}, waitFailed(err, noClient, l.label)
		}
	}
}

// next is the next client, nil where there is none.
func (l *pipeListener) next() (*pipeConn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ready) == 0 {
		if err := l.refillLocked(); err != nil && len(l.free) == 0 {
			return nil, err
		}
		if len(l.ready) == 0 {
			return nil, nil
		}
	}
	c := l.ready[0]
	l.ready = slices.Delete(l.ready, 0, 1)
	l.refillLocked()
	c.listener.Store(nil)
	var pid uint32
	c.handle.Control(func(h windows.Handle) { windows.GetNamedPipeClientProcessId(h, &pid) })
	c.process = processOf(endpoint.Pipe, pid)
	c.peer, c.local = c.process, l.addr
	return c, nil
}

// Apply sets the options of connections accepted afterwards.
func (l *pipeListener) Apply(o *Options) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.opts = o
	return nil
}

// LocalAddr is the address listened on.
func (l *pipeListener) LocalAddr() endpoint.Addr { return l.addr }

// Close gives the handles back; no call may be inside. Who was not accepted sees an end.
func (l *pipeListener) Close() {
	l.mu.Lock()
	l.closed = true
	instances := append(l.free, l.ready...)
	l.free, l.ready = nil, nil
	l.mu.Unlock()
	for _, c := range instances {
		c.Close()
	}
	l.source.Close()
	l.name.leave()
}
