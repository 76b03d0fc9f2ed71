package core

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/frame"
)

// desk is Trays with one place, and the host's side of it.
type desk struct {
	mu       sync.Mutex
	owner    int32
	open     bool
	room     []byte
	used     int
	messages int
	envelope frame.Envelope
	loans    int
	over     bool

	meanwhile func(moment string) // what other threads do while it is lent, nil for nothing
}

func (d *desk) Lend(socket int32, room []byte, e frame.Envelope) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.owner != 0 {
		return false
	}
	d.owner, d.over, d.room, d.used, d.messages, d.envelope = socket, false, room, 0, 0, e
	d.loans++
	d.mu.Unlock()
	defer d.mu.Lock()
	d.others("lent")
	return true
}

func (d *desk) others(moment string) {
	if d.meanwhile != nil {
		d.meanwhile(moment)
	}
}

func (d *desk) Open(socket int32) {
	d.others("opening")
	d.mu.Lock()
	d.open = d.owner == socket && !d.over
	d.mu.Unlock()
	d.others("opened")
}

func (d *desk) Close(socket int32) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.owner == socket {
		d.open, d.over = false, true
	}
}

func (d *desk) Count(socket int32) (bytes, messages int, lent bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.used, d.messages, d.owner == socket
}

func (d *desk) Take(socket int32) (bytes, messages int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.owner != socket {
		return 0, 0
	}
	d.owner, d.open, d.room = 0, false, nil
	return d.used, d.messages
}

// put is a write of the host's side: false sends it the usual way.
func (d *desk) put(socket int32, m string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.envelope
	if !d.open || d.owner != socket || len(m) > e.Limit || len(e.Tail) > 0 && strings.IndexByte(m, e.Tail[0]) >= 0 {
		return false
	}
	whole := m + string(e.Tail)
	if e.Sized {
		whole = strconv.Itoa(len(m)) + "\r\n" + whole
	}
	if len(whole) > len(d.room)-d.used {
		return false
	}
	d.used += copy(d.room[d.used:], whole)
	d.messages++
	return true
}

// write is what a host's write comes to.
func (d *desk) write(s *Socket, m string) error {
	if d.put(s.ID(), m) {
		return nil
	}
	_, err := s.Write([]byte(m))
	return err
}

// atDesk is a pair whose channel's writes are collected outside too.
func atDesk(k *kit, ms int32) (d *desk, client, channel *Socket) {
	d = &desk{}
	k.lib.Trays = d
	client, channel = k.pair(k, coalescing(k, ms))
	channel.SetID(7)
	return d, client, channel
}

func TestCollectedOutside(t *testing.T) {
	overTransports(t, func(k *kit) {
		d, client, channel := atDesk(k, longest)
		began := time.Now()
		for i := range 20 {
			require.NoError(k, d.write(channel, strconv.Itoa(i)))
		}
		assert.Equal(k, 1, d.loans)
		assert.Equal(k, 20, k.number(channel, NumMessagesWritten))
		figures, err := channel.Statistics()
		require.NoError(k, err)
		assert.EqualValues(k, 20, figures[StatMessagesWritten])
		if time.Since(began) < longest*time.Millisecond/2 {
			assert.EqualValues(k, 10*4+10*5, figures[StatSendQueue])
		}
		for i := range 20 {
			k.expect(client, strconv.Itoa(i))
		}
		assert.Less(k, time.Since(began), longest*time.Millisecond+2*time.Second)
		_, _, lent := d.Count(channel.ID())
		assert.False(k, lent, "taken back when it left")
	})
}

// What is set for a socket holds for the next message, wherever it is collected.
func TestLoansEndWithTheirSettings(t *testing.T) {
	for name, change := range map[string]func(k *kit, s *Socket){
		"mode":     func(k *kit, s *Socket) { require.NoError(k, s.SetMode(frame.EndTag, []byte("+"))) },
		"limit":    func(k *kit, s *Socket) { require.NoError(k, s.SetOption(OptMaxMessage, 1)) },
		"coalesce": func(k *kit, s *Socket) { require.NoError(k, s.SetOption(OptCoalesce, 0)) },
		"queue":    func(k *kit, s *Socket) { require.NoError(k, s.SetOption(OptSendQueue, 100)) },
		"end":      func(k *kit, s *Socket) { require.NoError(k, s.CloseWrite(patienceOfTests)) },
		"close":    func(k *kit, s *Socket) { require.NoError(k, s.Close()) },
		"abort":    func(k *kit, s *Socket) { require.NoError(k, s.Abort()) },
		"wait":     func(k *kit, s *Socket) { require.NoError(k, s.CloseAndWait(patienceOfTests)) },
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t, transports[0])
			d, _, channel := atDesk(k, longest)
			for range lendAfter {
				k.write(channel, "small")
			}
			require.True(t, d.put(channel.ID(), "small"))
			change(k, channel)
			assert.False(t, d.put(channel.ID(), "small"))
		})
	}
}

// Somebody writes while everything happens that takes the memory back: all
// arrives, in order.
func TestLoansKeepTheOrder(t *testing.T) {
	overTransports(t, func(k *kit) {
		d, client, channel := atDesk(k, 1)
		const count = 20000
		written := make(chan error, 1)
		go func() {
			for i := range count {
				if err := d.write(channel, strconv.Itoa(i)); err != nil {
					written <- err
					return
				}
			}
			written <- channel.Flush(patienceOfTests)
		}()
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			for i := int32(0); ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				channel.SetOption(OptCoalesce, 1+i%2)
				channel.Statistics()
				channel.Flush(patienceOfTests)
			}
		}()
		for i := range count {
			k.expect(client, strconv.Itoa(i))
		}
		close(stop)
		<-stopped
		require.NoError(k, <-written)
		assert.Equal(k, count, k.number(channel, NumMessagesWritten))
		assert.Positive(k, d.loans)
	})
}

// A setting that is changed by one thread while another one's write makes the
// loan holds as soon as the change has returned.
func TestLoansBeginWithTheSettingsOfTheirTime(t *testing.T) {
	for name, change := range map[string]func(k *kit, s *Socket){
		"mode":      func(k *kit, s *Socket) { require.NoError(k, s.SetMode(frame.EndTag, []byte("+"))) },
		"coalesce":  func(k *kit, s *Socket) { require.NoError(k, s.SetOption(OptCoalesce, 0)) },
		"queue":     func(k *kit, s *Socket) { require.NoError(k, s.SetOption(OptSendQueue, 100)) },
		"reset":     func(_ *kit, s *Socket) { s.expel(s.stream.Load()) },
		"published": func(_ *kit, s *Socket) { s.hear(&publication{lib: s.lib, who: s, msg: []byte("news")}) },
	} {
		for _, when := range []string{"lent", "opening", "opened"} {
			t.Run(name+" "+when, func(t *testing.T) {
				k := newKit(t, transports[0])
				d, _, channel := atDesk(k, longest)
				d.meanwhile = func(moment string) {
					if moment == when {
						change(k, channel)
						assert.False(t, d.put(channel.ID(), "small"))
					}
				}
				for range lendAfter {
					k.write(channel, "small")
				}
				assert.Equal(t, 1, d.loans)
				assert.False(t, d.put(channel.ID(), "small"))
			})
		}
	}
}

// A thread that publishes, and then writes, finds its messages in that order,
// also where another thread has the writer's role and does not know of it yet.
func TestLoansEndWithWhatIsPublished(t *testing.T) {
	k := newKit(t, transports[0])
	d, client, channel := atDesk(k, longest)
	for range lendAfter {
		k.write(channel, "first")
	}
	require.True(t, d.put(channel.ID(), "first"))
	st := channel.stream.Load()
	require.True(t, st.turn.try(), "the other thread, which has just lent")
	assert.True(t, channel.hear(&publication{lib: k.lib, who: channel, msg: []byte("news")}))
	assert.False(t, d.put(channel.ID(), "last"))
	st.dropTurn()
	channel.carryOn(st)
	k.write(channel, "last")
	for range lendAfter + 1 {
		k.expect(client, "first")
	}
	k.expect(client, "news")
	k.expect(client, "last")
}

// Messages of a link that heals are counted from the first one that was written,
// wherever it was collected.
func TestLinksCountWhatIsCollectedOutside(t *testing.T) {
	k := newKit(t, transports[0])
	d := &desk{}
	k.lib.Trays = d
	client, channel := k.pair(k, nil)
	coalescing(k, longest)(client)
	client.SetID(7)
	for range 20 {
		require.NoError(t, d.write(client, "small"))
	}
	require.Positive(t, d.loans)
	require.NoError(t, client.SetOption(OptReconnect, 1))
	assert.EqualValues(t, 20, client.link.Load().last)
	assert.False(t, d.put(client.ID(), "small"))
	require.NoError(t, d.write(client, "small"))
	assert.EqualValues(t, 21, client.link.Load().last)
	for range 21 {
		k.expect(channel, "small")
	}
}
