package core

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
	"wdsocket/core/poll"
	"wdsocket/core/transport"
)

const late = 6 * patienceOfTests // a promised time may be so late on a machine with other work

// onTime checks that something took a promised time.
func (k *kit) onTime(since time.Time, promised time.Duration) {
	k.Helper()
	took := time.Since(since)
	assert.GreaterOrEqual(k, took, promised, "too early")
	assert.Less(k, took, promised+late, "too late")
}

func withOption(k *kit, id option.ID, value int32) func(*Socket) {
	return must(k, func(s *Socket) error { return s.SetOption(id, value) })
}

const idleTime = 300

func TestIdleLimitInAQueue(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, must(r, inMode(frame.Size, "")))
		p.send("3\r\none")
		r.attach(s, false)
		r.message(s, "one")
		for range 5 {
			p.send("1\r\nx") // which keeps it alive
			r.message(s, "x")
			_, reported := r.within(idleTime / 2 * time.Millisecond)
			require.False(r, reported)
		}
		begun := time.Now()
		require.NoError(r, s.SetOption(option.IdleLimit, idleTime)) // at once
		p.send("3\r\ntwo")
		e := r.expectEvent(s, EventMessage)
		require.Equal(r, int32(3), e.Value)
		e = r.expectEvent(s, EventTimeout)
		require.Equal(r, int32(SilentIdle), e.Value)
		require.Equal(r, int32(fault.Silent), e.Code)
		r.onTime(begun, idleTime*time.Millisecond)
		r.take(s, "two") // what came stays
		r.readFails(s, forever, fault.Silent)
		require.Equal(r, StateReset, s.State())
		p.expectReset()
		r.silent()
	})
}

func TestIdleLimitOfAReader(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, withOption(k, option.IdleLimit, idleTime))
		k.readFails(s, 20*time.Millisecond, fault.Timeout)
		p.send("1\r\nx")
		k.expect(s, "x")
		begun := time.Now()
		k.readFails(s, forever, fault.Silent)
		k.onTime(begun, (idleTime-5)*time.Millisecond)
		k.readFails(s, forever, fault.Silent)
		p.expectReset()
	})
}

func TestASlowHostIsNoSilence(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, nil)
		r.attach(s, false)
		r.silent()
		require.NoError(r, s.SetOption(option.IdleLimit, idleTime))
		begun := time.Now()
		for time.Since(begun) < 2*idleTime*time.Millisecond { // the host is busy, and does not ask
			p.send("1\r\nx")
			time.Sleep(10 * time.Millisecond)
		}
		for range 3 {
			r.message(s, "x")
		}
	})
}

func TestHeartbeats(t *testing.T) {
	modes := map[string]struct {
		set  func(*Socket) error
		text string
		sign string
	}{
		"size":    {inMode(frame.Size, ""), "", "0\r\n"},
		"tag":     {inMode(frame.EndTag, "\n"), "", "\n"},
		"text":    {inMode(frame.EndTag, "\n"), "ping", "ping\n"},
		"markers": {inMode(frame.Markers, ""), "alive", "\x02alive\x03"},
		"raw":     {inMode(frame.Raw, ""), "still here", "still here"},
	}
	for name, m := range modes {
		t.Run(name, func(t *testing.T) {
			prepare := func(k *kit) func(*Socket) {
				return must(k, func(s *Socket) error {
					if err := m.set(s); err != nil {
						return err
					}
					if err := s.SetText(option.TextHeartbeat, m.text); err != nil {
						return err
					}
					return s.SetOption(option.Heartbeat, 100)
				})
			}
			t.Run("queue", func(t *testing.T) {
				overQueues(t, func(r *rig) {
					s, p := r.raw(r.kit, prepare(r.kit))
					r.attach(s, false)
					done := r.start(func() error {
						for range 3 {
							p.expect(m.sign)
						}
						return nil
					})
					for waiting := true; waiting; {
						select {
						case err := <-done:
							require.NoError(r, err)
							waiting = false
						default:
							r.silent()
						}
					}
				})
			})
			t.Run("reader", func(t *testing.T) {
				overTransports(t, func(k *kit) {
					s, p := k.raw(k, prepare(k))
					begun := time.Now()
					done := k.start(func() error { _, err := s.Read(make([]byte, 10), forever); return err })
					p.expect(m.sign)
					k.onTime(begun, 90*time.Millisecond)
					p.expect(m.sign)
					p.expect(m.sign)
					s.Cancel()
					k.fails(k.await(done), fault.Cancelled)
				})
			})
		})
	}
}

// TestHeartbeatsAreNotTold checks every way in which messages are taken out of
// a stream.
func TestHeartbeatsAreNotTold(t *testing.T) {
	prepare := func(k *kit) func(*Socket) {
		return must(k, func(s *Socket) error {
			if err := s.SetMode(frame.EndTag, []byte("\n")); err != nil {
				return err
			}
			if err := s.SetText(option.TextHeartbeat, "hb"); err != nil {
				return err
			}
			return s.SetOption(option.Heartbeat, 60000)
		})
	}
	const stream = "hb\none\nhb\nhb\ntwo\nhbx\nhb\nthree\nhb\n"
	messages := []string{"one", "two", "hbx", "three"}
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, prepare(k))
		p.send(stream)
		for _, m := range messages {
			k.expect(s, m)
		}
		k.readFails(s, moment, fault.Timeout)
		require.Zero(k, k.number(s, NumBuffered), "heartbeats do not gather")
		n, err := s.Available()
		require.NoError(k, err)
		require.Zero(k, n)

		p.send(stream)
		p.send("end\n")
		var got []string
		lengths := make([]int32, 16)
		for len(got) < 5 {
			buf := make([]byte, 100)
			n, err := s.ReadMany(buf, lengths, patienceOfTests)
			require.NoError(k, err)
			for _, l := range lengths[:n] {
				got = append(got, string(buf[:l]))
				buf = buf[l:]
			}
		}
		require.Equal(k, append(messages, "end"), got)

		p.send("hb\nlent\nhb\n")
		m, err := s.ReadMessage(patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, "lent", string(m.Bytes()))
		m.Free()
		k.readFails(s, moment, fault.Timeout)
	})
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, prepare(r.kit))
		r.attach(s, false)
		for range 3 {
			p.send(stream)
			for _, m := range messages {
				r.message(s, m)
			}
			r.silent()
			require.Zero(r, r.number(s, NumBuffered))
		}
		for range len(stream) / 3 { // byte by byte
			p.send("h")
			p.send("b")
			p.send("\n")
		}
		r.silent()
	})
}

// TestHeartbeatsDoNotPileUp checks it with a peer that does not read.
func TestHeartbeatsDoNotPileUp(t *testing.T) {
	overQueues(t, func(r *rig) {
		sign := strings.Repeat("s", 60000)
		s, _ := r.raw(r.kit, must(r, func(s *Socket) error {
			if err := s.SetText(option.TextHeartbeat, sign); err != nil {
				return err
			}
			return s.SetOption(option.Heartbeat, 100)
		}))
		r.attach(s, false)
		conn := s.stream.Load().conn
		r.silent()
		const run = 64 << 10
		const stuck = 5                                                                 // rounds in which nothing more is written: the peer has not taken what was
		for round, pos, same := 0, int64(-1), 0; round < 200 && same < stuck; round++ { // as if the time had come again and again
			s.stream.Load().activity().lastSent.Store(1)
			s.wakeQueue()
			reg := s.registration.Load()
			reg.livenessTimer().fired.Store(true)
			r.silent()
			if conn.Unsent() > 0 {
				break
			}
			if same++; conn.WritePos() != pos {
				pos, same = conn.WritePos(), 0
			}
		}
		held := conn.Unsent()
		require.Less(r, held, 2*run)
		for range 5 {
			s.stream.Load().activity().lastSent.Store(1)
			s.registration.Load().livenessTimer().fired.Store(true)
			s.wakeQueue()
			r.silent()
		}
		require.LessOrEqual(r, conn.Unsent(), held)
		require.NoError(r, s.Abort()) // what is kept is not waited for
	})
}

// What is published while a heartbeat is being written leaves right behind it.
func TestPublishBesideHeartbeats(t *testing.T) {
	k := newKit(t, setup{direct: true})
	server, clients, channels := k.clientsOf(1, withOption(k, option.Heartbeat, 3600000))
	r := newRig(k)
	r.attach(channels[0], false)
	st, lc := channels[0].stream.Load(), channels[0].config.Load().liveness
	const rounds = 3000
	beaten := make(chan struct{})
	for range rounds {
		go func() {
			st.sendHeartbeat(lc)
			beaten <- struct{}{}
		}()
		k.publish(server, "", "news", 1)
		<-beaten
		require.False(k, st.needsFlush(), "it waits for nobody")
		k.expect(clients[0], "news")
	}
}

// readings counts how often a reader has looked for something to read.
type readings struct {
	transport.Conn
	n atomic.Int32
}

func (r *readings) UseReader(w *poll.Call) {
	r.n.Add(1)
	r.Conn.UseReader(w)
}

// A heartbeat that is due while a call writes is tried again in a while: the reader does
// not ask all the time whether the writer is done.
func TestAHeartbeatDuringALongWriteIsTriedAgainLater(t *testing.T) {
	overTransports(t, func(k *kit) {
		const interval, pauses = 100, 10
		s, _ := k.raw(k, withOption(k, option.Heartbeat, interval))
		w, st := s.gate.EnterTask(), s.stream.Load()
		defer w.Leave()
		require.NoError(k, st.lockWrite(w), "a long write")
		defer st.unlockWrite()
		r := &readings{Conn: st.conn}
		st.conn = r
		st.activity().lastSent.Store(1)
		k.readFails(s, 2*interval*time.Millisecond, fault.Timeout)
		require.LessOrEqual(k, int(r.n.Load()), 10*pauses)
		st.conn = r.Conn
	})
}
