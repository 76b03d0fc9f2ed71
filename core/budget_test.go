package core

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/mem"
	"wdsocket/core/option"
	"wdsocket/core/transport"
)

func TestMemoryFollowsWhatCameAndNotWhatIsAnnounced(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		p.send("15728640\r\n0123456789")
		_, err := s.ReadMessage(moment)
		k.fails(err, fault.Timeout)
		assert.LessOrEqual(k, k.buffered(), 128<<10)
		_, err = s.Read(make([]byte, 15<<20), moment)
		k.fails(err, fault.Timeout)
		assert.LessOrEqual(k, k.buffered(), 128<<10)
		assert.Equal(k, 20, k.number(s, NumBuffered))
	})
}

func TestTheBudgetIsReachedAndLeftAgain(t *testing.T) {
	const limit, size = 1 << 20, 3 << 20
	overTransports(t, func(k *kit) {
		require.NoError(k, k.lib.SetOption(option.TotalBuffer, limit))
		client, channel := k.pair(k, nil)
		other, p := k.raw(k, nil)
		msg := strings.Repeat("x", size)
		sent := k.start(func() error { _, err := client.Write([]byte(msg)); return err })
		used := func() bool {
			_, err := channel.ReadMessage(10 * moment)
			return fault.CodeOf(err) == fault.Memory
		}
		k.eventually(used, "a reader that finds the budget used up")
		assert.LessOrEqual(k, k.buffered(), limit)
		p.send("5\r\nsmall")
		k.expect(other, "small")

		require.NoError(k, k.lib.SetOption(option.TotalBuffer, 64<<20))
		m, err := channel.ReadMessage(patienceOfTests)
		require.NoError(k, err, "what came was kept")
		require.True(k, msg == lent(m))
		require.NoError(k, k.await(sent))
		assert.Zero(k, k.buffered())
	})
}

func TestARaisedBudgetLetsAWaitingReaderGoOn(t *testing.T) {
	overTransports(t, func(k *kit) {
		require.NoError(k, k.lib.SetOption(option.TotalBuffer, 1<<20))
		client, channel := k.pair(k, nil)
		msg := strings.Repeat("x", 3<<20)
		sent := k.start(func() error { _, err := client.Write([]byte(msg)); return err })
		read := k.start(func() error {
			m, err := channel.ReadMessage(patienceOfTests)
			if err == nil && msg != lent(m) {
				err = unexpected("another message")
			}
			return err
		})
		k.eventually(k.lib.budget.Waiting, "a reader that waits for memory")
		require.NoError(k, k.lib.SetOption(option.TotalBuffer, 64<<20))
		require.NoError(k, k.await(read))
		require.NoError(k, k.await(sent))
	})
}

func TestFreedMessagesMakeRoom(t *testing.T) {
	overTransports(t, func(k *kit) {
		require.NoError(k, k.lib.SetOption(option.TotalBuffer, 1<<20))
		client, channel := k.pair(k, nil)
		msg := strings.Repeat("x", 100<<10)
		sent := k.start(func() error {
			for range 8 {
				if _, err := client.Write([]byte(msg)); err != nil {
					return err
				}
			}
			return nil
		})
		var kept []*mem.Message
		for len(kept) < 8 {
			m, err := channel.ReadMessage(3 * moment)
			if err == nil {
				kept = append(kept, m)
				continue
			}
			if fault.CodeOf(err) == fault.Timeout { // the peer has not got so far
				continue
			}
			k.fails(err, fault.Memory)
			require.NotEmpty(k, kept)
			waiting := k.start(func() error {
				m, err := channel.ReadMessage(patienceOfTests)
				if err == nil && msg != lent(m) {
					err = unexpected("another message")
				}
				return err
			})
			for _, m := range kept {
				m.Free()
			}
			kept = nil
			require.NoError(k, k.await(waiting))
			break
		}
		for _, m := range kept {
			m.Free()
		}
		require.NoError(k, channel.Close())
		k.await(sent)
	})
}

func TestAClosedReaderLeavesTheQueueForMemory(t *testing.T) {
	overTransports(t, func(k *kit) {
		require.NoError(k, k.lib.SetOption(option.TotalBuffer, 1<<20))
		client, channel := k.pair(k, nil)
		sent := k.start(func() error { _, err := client.Write(make([]byte, huge)); return err })
		read := k.start(func() error { _, err := channel.ReadMessage(forever); return err })
		k.eventually(k.lib.budget.Waiting, "a reader that waits for memory")
		require.NoError(k, channel.Close())
		k.fails(k.await(read), fault.Closed)
		k.await(sent) // by a reset, or because the close has thrown all of it away
	})
}

// The peer has ended, and what it sent does not make its message whole: that needs no
// memory to find out, however much of it was not read. What may make one whole is
// waited for.
func TestTheEndInsideAMessageNeedsNoMemory(t *testing.T) {
	const limit = 1 << 20
	lent := func(s *Socket, atMost time.Duration) error { _, err := s.ReadMessage(atMost); return err }
	copied := func(s *Socket, atMost time.Duration) error {
		_, err := s.Read(make([]byte, 200000), atMost)
		return err
	}
	for _, c := range []struct {
		name     string
		read     func(s *Socket, atMost time.Duration) error
		mode     frame.Mode
		length   string
		patience time.Duration
		want     fault.Code
	}{
		{"lent", lent, frame.Size, "100000", forever, fault.PeerClosed},
		{"copied", copied, frame.Size, "100000", forever, fault.PeerClosed},
		{"the next read looks at once", lent, frame.Size, "100000", 0, fault.PeerClosed},
		{"an end tag may be among what was not read", lent, frame.EndTag, "100000", 3 * moment, fault.Memory},
		{"whole", lent, frame.Size, "20000", 3 * moment, fault.Memory},
	} {
		t.Run(c.name, func(t *testing.T) {
			bothWaits(t, func(k *kit) {
				require.NoError(k, k.lib.SetOption(option.TotalBuffer, limit))
				s, p := k.raw(k, must(k, func(s *Socket) error { return s.SetMode(c.mode, []byte("#")) }))
				k.lib.budget.ForceReserve(limit)
				p.send(c.length + "\r\n" + strings.Repeat("x", 20000))
				require.NoError(k, p.tcp.CloseWrite())
				k.eventually(func() bool { return s.stream.Load().conn.State() == transport.StatePeerClosed }, "the end has come")
				k.fails(k.await(k.start(func() error { return c.read(s, c.patience) })), c.want)
				k.lib.budget.Release(limit)
				if c.want == fault.Memory && c.mode == frame.Size {
					k.expect(s, strings.Repeat("x", 20000))
				}
			})
		})
	}
}
