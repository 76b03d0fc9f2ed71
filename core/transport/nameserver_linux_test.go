package transport

import (
	"context"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func sockets(t *testing.T) (n int) {
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	for _, e := range entries {
		if to, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && strings.HasPrefix(to, "socket:") {
			n++
		}
	}
	return n
}

// Package net goes on with them in goroutines of its own.
func TestALookupThatIsCutShortLeavesNoSocket(t *testing.T) {
	d := newNameServer(t)
	d.set("silent.test", silent)
	before := sockets(t)
	for range 500 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(rand.IntN(300))*time.Microsecond)
		l := d.resolver().ask(ctx, "ip", "silent.test")
		cancel()
		require.Error(t, l.err)
		require.Equal(t, before, sockets(t))
	}
}

func TestNameServersThatAreOpenedLateAreClosed(t *testing.T) {
	a, b := net.Pipe()
	defer b.Close()
	var n nameServers
	opening, goOn := make(chan struct{}), make(chan struct{})
	opened := make(chan error)
	go func() {
		_, err := n.open(context.Background(), func() (net.Conn, error) { close(opening); <-goOn; return a, nil })
		opened <- err
	}()
	<-opening
	ended := make(chan struct{})
	go func() { n.end(); close(ended) }()
	close(goOn)
	<-opened
	<-ended
	_, err := b.Read(make([]byte, 1))
	assert.Error(t, err, "closed")
	_, err = n.open(context.Background(), func() (net.Conn, error) { panic("not asked") })
	assert.ErrorIs(t, err, net.ErrClosed)
}
