package transport

import (
	"context"
	"net"
	"sync"

	"wdsocket/core/task"
)

// nameServers are the connections of one look-up to the name servers. Package net goes
// on with a look-up that was cut short, in a goroutine of its own: what that holds is
// closed before the look-up returns, and it opens nothing more.
type nameServers struct {
	mu     sync.Mutex
	over   bool
	held   sync.WaitGroup // what is being opened, or is open
	closes []func() error
}

// open connects by dial. The query ends with ctx: package net would leave it behind
// until the server's time is over.
func (n *nameServers) open(ctx context.Context, dial func() (net.Conn, error)) (net.Conn, error) {
	if !n.begin() {
		return nil, net.ErrClosed
	}
	var conn net.Conn
	defer func() {
		if conn == nil {
			n.held.Done()
		}
	}()
	conn, err := dial()
	if err != nil {
		return nil, err
	}
	closeOnce := sync.OnceValue(func() error {
		defer n.held.Done()
		return conn.Close()
	})
	if !n.keep(closeOnce) {
		closeOnce()
		return nil, net.ErrClosed
	}
	task.AfterDone("a look-up", nil, ctx, func() { closeOnce() })
	if udp, ok := conn.(*net.UDPConn); ok { // package net goes by the type
		return datagramQuery{udp, closeOnce}, nil
	}
	return streamQuery{conn, closeOnce}, nil
}

// begin says that something is going to be opened; false when the look-up is over.
func (n *nameServers) begin() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.over {
		n.held.Add(1)
	}
	return !n.over
}

// keep takes what closes a connection; false when the look-up is over.
func (n *nameServers) keep(closeOnce func() error) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.over {
		n.closes = append(n.closes, closeOnce)
	}
	return !n.over
}

// end closes what is open, and waits for what is being opened.
func (n *nameServers) end() {
	n.mu.Lock()
	n.over = true
	closes := n.closes
	n.mu.Unlock()
	for _, c := range closes {
		c()
	}
	n.held.Wait()
}

type datagramQuery struct {
	*net.UDPConn
	close func() error
}

func (q datagramQuery) Close() error { return q.close() }

type streamQuery struct {
	net.Conn
	close func() error
}

func (q streamQuery) Close() error { return q.close() }
