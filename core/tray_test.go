package core

import (
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
	"wdsocket/core/stats"
)

// fakeFastPath is Trays with one place for each way, and the host's side of them.
type fakeFastPath struct {
	mu       sync.Mutex
	trays    [2]tray
	room     []byte
	envelope frame.Envelope
	memory   []byte
	places   [256]Place
	count    int

	meanwhile func(moment string) // what other threads do while it is lent, nil for nothing
}

// tray is what both ways have in common.
type tray struct {
	owner      int32
	open, over bool
	bytes      int
	messages   int
	loans      int
}

func (d *fakeFastPath) begin(way Way, socket int32) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	t := &d.trays[way]
	if t.owner != 0 {
		return false
	}
	*t = tray{owner: socket, loans: t.loans + 1}
	return true
}

func (d *fakeFastPath) Lend(socket int32, room []byte, e frame.Envelope) bool {
	if !d.begin(Outgoing, socket) {
		return false
	}
	d.room, d.envelope = room, e
	d.others("lent")
	return true
}

func (d *fakeFastPath) Deal(socket int32, memory []byte) []Place {
	if !d.begin(Incoming, socket) {
		return nil
	}
	d.memory, d.count = memory, 0
	d.others("lent")
	return d.places[:]
}

func (d *fakeFastPath) others(moment string) {
	if d.meanwhile != nil {
		d.meanwhile(moment)
	}
}

func (d *fakeFastPath) Open(way Way, socket int32, count int) {
	d.others("opening")
	d.mu.Lock()
	t := &d.trays[way]
	t.open, d.count = t.owner == socket && !t.over, count
	d.mu.Unlock()
	d.others("opened")
}

func (d *fakeFastPath) Close(way Way, socket int32) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if t := &d.trays[way]; t.owner == socket {
		t.open, t.over = false, true
	}
}

func (d *fakeFastPath) Count(way Way, socket int32) (bytes, messages int, lent bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t := &d.trays[way]
	return t.bytes, t.messages, t.owner == socket
}

func (d *fakeFastPath) Take(way Way, socket int32) (bytes, messages int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t := &d.trays[way]
	if t.owner != socket {
		return 0, 0
	}
	t.owner, t.open = 0, false
	return t.bytes, t.messages
}

// loans tells how often something was lent.
func (d *fakeFastPath) loans(way Way) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.trays[way].loans
}

// put is a write of the host's side: false sends it the usual way.
func (d *fakeFastPath) put(socket int32, m string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, e := &d.trays[Outgoing], d.envelope
	if !t.open || t.owner != socket || len(m) > e.Limit || len(e.Tail) > 0 && strings.IndexByte(m, e.Tail[0]) >= 0 {
		return false
	}
	whole := m + string(e.Tail)
	if e.Sized {
		whole = strconv.Itoa(len(m)) + "\r\n" + whole
	}
	if len(whole) > len(d.room)-t.bytes {
		return false
	}
	t.bytes += copy(d.room[t.bytes:], whole)
	t.messages++
	return true
}

// take is a read of the host's side: false reads in the usual way.
func (d *fakeFastPath) take(socket int32, p []byte) (int, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t := &d.trays[Incoming]
	if !t.open || t.owner != socket || t.messages == d.count {
		return 0, false
	}
	at := d.places[t.messages]
	if int(at.Length) > len(p) {
		return 0, false
	}
	t.messages++
	t.bytes += int(at.Total)
	return copy(p, d.memory[at.Start:at.Start+at.Length]), true
}

// read is what a host's read comes to.
func (d *fakeFastPath) read(s *Socket, p []byte, timeout time.Duration) (int, error) {
	if n, ok := d.take(s.ID(), p); ok {
		return n, nil
	}
	return s.Read(p, timeout)
}

// write is what a host's write comes to.
func (d *fakeFastPath) write(s *Socket, m string) error {
	if d.put(s.ID(), m) {
		return nil
	}
	_, err := s.Write([]byte(m))
	return err
}

// withFastPath is a pair whose channel's writes are collected outside too.
func withFastPath(k *kit, ms int32) (d *fakeFastPath, client, channel *Socket) {
	d = &fakeFastPath{}
	k.lends(d)
	client, channel = k.pair(k, coalescing(k, ms))
	channel.SetID(7)
	return d, client, channel
}

func TestCollectedOutside(t *testing.T) {
	overTransports(t, func(k *kit) {
		d, client, channel := withFastPath(k, longest)
		began := time.Now()
		for i := range 20 {
			require.NoError(k, d.write(channel, strconv.Itoa(i)))
		}
		assert.Equal(k, 1, d.loans(Outgoing))
		assert.Equal(k, 20, k.number(channel, NumMessagesWritten))
		figures, err := channel.Statistics()
		require.NoError(k, err)
		assert.EqualValues(k, 20, figures[stats.MessagesWritten])
		if time.Since(began) < longest*time.Millisecond/2 {
			assert.EqualValues(k, 10*4+10*5, figures[stats.SendQueue])
		}
		for i := range 20 {
			k.expect(client, strconv.Itoa(i))
		}
		assert.Less(k, time.Since(began), longest*time.Millisecond+late)
		_, _, lent := d.Count(Outgoing, channel.ID())
		assert.False(k, lent, "taken back when it left")
	})
}

// What is set for a socket holds for the next message, wherever it is collected.
func TestLoansEndWithTheirSettings(t *testing.T) {
	for name, change := range map[string]func(k *kit, s *Socket){
		"mode":     func(k *kit, s *Socket) { require.NoError(k, s.SetMode(frame.EndTag, []byte("+"))) },
		"limit":    func(k *kit, s *Socket) { require.NoError(k, s.SetOption(option.MaxMessage, 1)) },
		"coalesce": func(k *kit, s *Socket) { require.NoError(k, s.SetOption(option.Coalesce, 0)) },
		"queue":    func(k *kit, s *Socket) { require.NoError(k, s.SetOption(option.SendQueue, 100)) },
		"end":      func(k *kit, s *Socket) { require.NoError(k, s.CloseWrite(patienceOfTests)) },
		"close":    func(k *kit, s *Socket) { require.NoError(k, s.Close()) },
		"abort":    func(k *kit, s *Socket) { require.NoError(k, s.Abort()) },
		"wait":     func(k *kit, s *Socket) { require.NoError(k, s.CloseAndWait(patienceOfTests)) },
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t, transports[0])
			d, _, channel := withFastPath(k, longest)
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
		d, client, channel := withFastPath(k, 1)
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
			for i, before := int32(0), 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				// Every other time there is a loan to take back, however slow the writer.
				if i%2 == 0 && d.loans(Outgoing) == before {
					runtime.Gosched()
					i--
					continue
				}
				before = d.loans(Outgoing)
				channel.SetOption(option.Coalesce, 1+i/2%2)
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
		assert.Positive(k, d.loans(Outgoing))
	})
}

// A setting that is changed by one thread while another one's write makes the
// loan holds as soon as the change has returned.
func TestLoansBeginWithTheSettingsOfTheirTime(t *testing.T) {
	for name, change := range map[string]func(k *kit, s *Socket){
		"mode":      func(k *kit, s *Socket) { require.NoError(k, s.SetMode(frame.EndTag, []byte("+"))) },
		"coalesce":  func(k *kit, s *Socket) { require.NoError(k, s.SetOption(option.Coalesce, 0)) },
		"queue":     func(k *kit, s *Socket) { require.NoError(k, s.SetOption(option.SendQueue, 100)) },
		"reset":     func(_ *kit, s *Socket) { s.disconnectSlow(s.stream.Load()) },
		"published": func(_ *kit, s *Socket) { s.sendPublication(&publication{lib: s.lib, server: s, msg: []byte("news")}) },
	} {
		for _, when := range []string{"lent", "opening", "opened"} {
			t.Run(name+" "+when, func(t *testing.T) {
				k := newKit(t, transports[0])
				d, _, channel := withFastPath(k, longest)
				d.meanwhile = func(moment string) {
					if moment == when {
						change(k, channel)
						assert.False(t, d.put(channel.ID(), "small"))
					}
				}
				for range lendAfter {
					k.write(channel, "small")
				}
				assert.Equal(t, 1, d.loans(Outgoing))
				assert.False(t, d.put(channel.ID(), "small"))
			})
		}
	}
}

// A thread that publishes, and then writes, finds its messages in that order,
// also where another thread holds the write lock and does not know of it yet.
func TestLoansEndWithWhatIsPublished(t *testing.T) {
	k := newKit(t, transports[0])
	d, client, channel := withFastPath(k, longest)
	for range lendAfter {
		k.write(channel, "first")
	}
	require.True(t, d.put(channel.ID(), "first"))
	st := channel.stream.Load()
	require.True(t, st.writeLock.TryLock(), "the other thread, which has just lent")
	assert.True(t, channel.sendPublication(&publication{lib: k.lib, server: channel, msg: []byte("news")}))
	assert.False(t, d.put(channel.ID(), "last"))
	st.unlockWrite()
	channel.ensureFlush(st)
	k.write(channel, "last")
	for range lendAfter + 1 {
		k.expect(client, "first")
	}
	k.expect(client, "news")
	k.expect(client, "last")
}

// Messages of a reconnecting socket are counted from the first one that was written,
// wherever it was collected.
func TestLinksCountWhatIsCollectedOutside(t *testing.T) {
	k := newKit(t, transports[0])
	d := &fakeFastPath{}
	k.lends(d)
	client, channel := k.pair(k, nil)
	coalescing(k, longest)(client)
	client.SetID(7)
	for range 20 {
		require.NoError(t, d.write(client, "small"))
	}
	require.Positive(t, d.loans(Outgoing))
	require.NoError(t, client.SetOption(option.Reconnect, 1))
	assert.EqualValues(t, 20, client.reconnector.Load().log.Last())
	assert.False(t, d.put(client.ID(), "small"))
	require.NoError(t, d.write(client, "small"))
	assert.EqualValues(t, 21, client.reconnector.Load().log.Last())
	for range 21 {
		k.expect(channel, "small")
	}
}

// dealing is a pair whose channel has count messages waiting, "0", "1" and so on.
// The first are read; the rest, from the number next, is dealt.
func dealing(k *kit, d *fakeFastPath, count int) (client, channel *Socket, next int) {
	k.lends(d)
	client, channel = k.pair(k, nil)
	channel.SetID(7)
	var all []byte
	for i := range count {
		text := strconv.Itoa(i)
		all = append(all, strconv.Itoa(len(text))+"\r\n"+text...)
	}
	require.NoError(k, client.SetMode(frame.Raw, nil))
	k.write(client, string(all))
	require.NoError(k, client.SetMode(frame.Size, nil))
	k.eventually(func() bool {
		_, err := channel.Available()
		require.NoError(k, err)
		return k.number(channel, NumBuffered) == len(all)
	}, "all is here")
	for d.loans(Incoming) == 0 {
		require.Less(k, next, count)
		k.expect(channel, strconv.Itoa(next))
		next++
	}
	return client, channel, next
}

// expectRest reads the messages from next to count, wherever they are.
func (d *fakeFastPath) expectRest(k *kit, s *Socket, next, count int) {
	k.Helper()
	for ; next < count; next++ {
		buf := make([]byte, 100)
		n, err := d.read(s, buf, patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, strconv.Itoa(next), string(buf[:n]))
	}
	assert.Equal(k, count, k.number(s, NumMessagesRead))
	assert.Zero(k, k.number(s, NumBuffered))
}

// When all is read nothing is held, whoever took the last of it.
func TestTheLastOneGivesTheMemoryBack(t *testing.T) {
	for _, count := range []int{10, 11, 100, 300} {
		t.Run(strconv.Itoa(count), func(t *testing.T) {
			k := newKit(t, transports[0])
			d := &fakeFastPath{}
			_, channel, next := dealing(k, d, count)
			d.expectRest(k, channel, next, count)
			assert.Zero(t, k.lib.budget.Used())
		})
	}
}

func TestTakenOutside(t *testing.T) {
	overTransports(t, func(k *kit) {
		d := &fakeFastPath{}
		const count = 700 // more than are dealt at a time
		_, channel, next := dealing(k, d, count)
		buf := make([]byte, 100)
		for range 5 {
			held := k.number(channel, NumBuffered)
			n, ok := d.take(channel.ID(), buf)
			require.True(k, ok)
			require.Equal(k, strconv.Itoa(next), string(buf[:n]))
			next++
			assert.Equal(k, next, k.number(channel, NumMessagesRead))
			assert.Equal(k, held-n-3, k.number(channel, NumBuffered))
			figures, err := channel.Statistics()
			require.NoError(k, err)
			assert.EqualValues(k, next, figures[stats.MessagesRead])
			assert.EqualValues(k, held-n-3, figures[stats.ReceiveQueue])
		}
		n, err := d.read(channel, buf[:0], 0)
		k.fails(err, fault.Buffer) // and nothing is lost
		require.Zero(k, n)
		d.expectRest(k, channel, next, count)
		assert.Greater(k, d.loans(Incoming), 1, "what is read one after the other is dealt again")
	})
}

// What else is done with the receiving side finds all that was not taken, and
// what is set holds for the next message.
func TestDealsEndWithWhatElseIsDone(t *testing.T) {
	const count = 100
	for name, f := range map[string]func(k *kit, s *Socket, next int) (reads int){
		"size": func(k *kit, s *Socket, next int) int {
			n, err := s.Size(0)
			require.NoError(k, err)
			assert.Equal(k, len(strconv.Itoa(next)), n)
			return 0
		},
		"available": func(k *kit, s *Socket, next int) int {
			n, err := s.Available()
			require.NoError(k, err)
			all := 0
			for i := next; i < count; i++ {
				all += len(strconv.Itoa(i))
			}
			assert.Equal(k, all, n)
			return 0
		},
		"read": func(k *kit, s *Socket, next int) int {
			k.expect(s, strconv.Itoa(next))
			return 1
		},
		"many": func(k *kit, s *Socket, next int) int {
			lengths := make([]int32, 10)
			n, err := s.ReadMany(make([]byte, 1000), lengths, 0)
			require.NoError(k, err)
			assert.Equal(k, 10, n)
			return n
		},
		"lent": func(k *kit, s *Socket, next int) int {
			m, err := s.ReadMessage(0)
			require.NoError(k, err)
			assert.Equal(k, strconv.Itoa(next), string(m.Bytes()))
			m.Free()
			return 1
		},
		"option": func(k *kit, s *Socket, _ int) int {
			require.NoError(k, s.SetOption(option.ReadGap, 1))
			return 0
		},
		"mode": func(k *kit, s *Socket, next int) int {
			require.NoError(k, s.SetMode(frame.EndTag, []byte("\r\n")))
			k.expect(s, "2")
			k.expect(s, strconv.Itoa(next)+"2") // and the length of the one behind it
			require.NoError(k, s.SetMode(frame.Raw, nil))
			buf := make([]byte, len(strconv.Itoa(next+1)))
			_, err := s.Read(buf, 0)
			require.NoError(k, err)
			require.NoError(k, s.SetMode(frame.Size, nil))
			return 2
		},
		"limit": func(k *kit, s *Socket, next int) int {
			require.NoError(k, s.SetOption(option.MaxMessage, 1))
			_, err := s.Read(make([]byte, 100), 0)
			k.fails(err, fault.TooLong)
			require.NoError(k, s.SetOption(option.MaxMessage, 1000))
			return 0
		},
		"queue": func(k *kit, s *Socket, next int) int {
			q, err := k.lib.NewQueue(nil)
			require.NoError(k, err)
			defer q.Close()
			require.NoError(k, q.Attach(s, false))
			var e [4]Event
			k.eventually(func() bool { n, _ := q.Next(e[:1], 0); return n == 1 }, "an event")
			assert.Equal(k, EventMessage, e[0].Kind)
			require.NoError(k, s.Detach())
			return 0
		},
	} {
		t.Run(name, func(t *testing.T) {
			overTransports(t, func(k *kit) {
				d, buf := &fakeFastPath{}, make([]byte, 100)
				_, channel, next := dealing(k, d, count)
				for ; next < 12; next++ { // two digits
					_, ok := d.take(channel.ID(), buf)
					require.True(k, ok)
				}
				read := f(k, channel, next)
				_, ok := d.take(channel.ID(), buf)
				assert.False(k, ok)
				for next += read; next < count; next++ {
					n, err := d.read(channel, buf, patienceOfTests)
					require.NoError(k, err)
					require.Equal(k, strconv.Itoa(next), string(buf[:n]))
				}
			})
		})
	}
}

func TestDealsEndWithTheSocket(t *testing.T) {
	for name, f := range map[string]func(s *Socket) error{
		"close": (*Socket).Close,
		"abort": (*Socket).Abort,
		"wait":  func(s *Socket) error { return s.CloseAndWait(patienceOfTests) },
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t, transports[0])
			d := &fakeFastPath{}
			_, channel, _ := dealing(k, d, 100)
			require.NoError(t, f(channel))
			_, ok := d.take(channel.ID(), make([]byte, 100))
			assert.False(t, ok)
			k.eventually(func() bool { _, _, lent := d.Count(Incoming, channel.ID()); return !lent }, "taken back")
		})
	}
}

// What one thread sets while another one's read deals holds as soon as it is set.
func TestDealsBeginWithTheSettingsOfTheirTime(t *testing.T) {
	for name, change := range map[string]func(k *kit, s *Socket) <-chan error{
		"gap": func(k *kit, s *Socket) <-chan error {
			return k.start(func() error { return s.SetOption(option.ReadGap, 1000) })
		},
		"close": func(k *kit, s *Socket) <-chan error { // it returns when the read has
			done := k.start(s.Close)
			k.eventually(s.Closed, "closed")
			return done
		},
	} {
		for _, when := range []string{"lent", "opening", "opened"} {
			t.Run(name+" "+when, func(t *testing.T) {
				k := newKit(t, transports[0])
				d := &fakeFastPath{}
				var channel *Socket
				var done <-chan error
				d.meanwhile = func(moment string) {
					if moment != when {
						return
					}
					d.meanwhile = nil
					k.lib.mu.Lock()
					for s := range k.lib.sockets {
						if s.ID() == 7 {
							channel = s
						}
					}
					k.lib.mu.Unlock()
					done = change(k, channel)
					k.eventually(func() bool { _, ok := d.take(7, make([]byte, 100)); return !ok }, "nothing more is taken")
				}
				dealing(k, d, 100)
				require.NoError(t, k.await(done))
				_, ok := d.take(7, make([]byte, 100))
				assert.False(t, ok)
			})
		}
	}
}

// One thread reads while others look, set and ask: each message once, in order.
func TestDealsKeepTheOrder(t *testing.T) {
	overTransports(t, func(k *kit) {
		d := &fakeFastPath{}
		k.lends(d)
		client, channel := k.pair(k, nil)
		channel.SetID(7)
		const count = 20000
		require.NoError(k, client.SetOption(option.Coalesce, 1))
		written := k.start(func() error {
			for i := range count {
				if _, err := client.Write([]byte(strconv.Itoa(i))); err != nil {
					return err
				}
			}
			return client.Flush(patienceOfTests)
		})
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			for i := int32(0); ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				channel.Statistics()
				switch i % 64 {
				case 0:
					channel.SetOption(option.MaxMessage, 1000+i%2)
				case 32:
					channel.Size(0)
				}
				time.Sleep(10 * time.Microsecond)
			}
		}()
		buf := make([]byte, 100)
		for i := 0; i < count; {
			n, err := d.read(channel, buf, patienceOfTests)
			if fault.CodeOf(err) == fault.Busy { // the other one looks
				continue
			}
			require.NoError(k, err)
			require.Equal(k, strconv.Itoa(i), string(buf[:n]))
			i++
		}
		close(stop)
		<-stopped
		require.NoError(k, k.await(written))
		assert.Equal(k, count, k.number(channel, NumMessagesRead))
		assert.Positive(k, d.loans(Incoming))
	})
}

// A host that asks for the size of each message before it reads it has no cost of leasing.
func TestDealsPauseWhereNobodyTakes(t *testing.T) {
	k := newKit(t, transports[0])
	d := &fakeFastPath{}
	const count = 600
	_, channel, next := dealing(k, d, count)
	for ; next < count; next++ {
		_, err := channel.Size(0)
		require.NoError(t, err)
		k.expect(channel, strconv.Itoa(next))
	}
	assert.LessOrEqual(t, d.loans(Incoming), 2+count/dealPause)
}
