package transport

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wdsocket/core/poll/polltest"
)

// ownTable is the table of IPv4 that a test makes.
type ownTable struct{ make func() []row4 }

func (o ownTable) read() []row4 { return o.make() }

// use makes it the system's, and waits at the end until it is not read any more.
func (o ownTable) use(t *testing.T) {
	table := &tables.four
	idle := func() bool {
		table.mu.Lock()
		defer table.mu.Unlock()
		return table.reading == nil
	}
	polltest.Eventually(t, idle, "it is not read")
	system := table.source
	table.source = o
	t.Cleanup(func() {
		polltest.Eventually(t, idle, "it has been read")
		table.source, table.took = system, 0
	})
}

func always(when time.Time) func() time.Time { return func() time.Time { return when } }

func nothingMore() bool { return false }

// Where there are thousands of connections the system may take minutes for its table.
func TestACloseIsOverInTimeWhateverTheTableTakes(t *testing.T) {
	release := make(chan struct{})
	ownTable{func() []row4 { <-release; return nil }}.use(t)
	c, _ := dialed(t, true)
	defer c.Close()
	closed := polltest.Start(func() error {
		c.AwaitAcked(always(time.Now().Add(polltest.Moment)), true, nothingMore)
		return nil
	})
	defer close(release)
	require.NoError(t, polltest.Await(t, closed))
}

// Its answer counts all the same, where the peer reads and does not close.
func TestADearTableIsAskedEarlyEnough(t *testing.T) {
	var c *tcpConn
	ownTable{func() []row4 {
		time.Sleep(2 * dearTable)
		local, remote := c.local, c.remoteAddr()
		row := row4{state: stateFinWait2, local: local.IP().As4(), remote: remote.IP().As4()}
		binary.BigEndian.PutUint16(row.localPort[:], local.Port())
		binary.BigEndian.PutUint16(row.remotePort[:], remote.Port())
		return []row4{row}
	}}.use(t)
	for range 2 { // the second knows what it costs
		c, _ = dialed(t, true)
		require.Equal(t, StatePeerClosed, c.AwaitAcked(always(time.Now().Add(polltest.Patience)), true, nothingMore))
		require.NoError(t, c.Close())
	}
}
