package core

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
	"wdsocket/core/stats"
)

// rig is a queue under test and the sockets that it tells of, by their IDs.
type rig struct {
	*kit
	q *Queue

	mu      sync.Mutex
	sockets map[int32]*Socket
	last    int32 // ID given

	waiting  []Event // handed out and not asked for yet
	sequence int32
	over     map[int32]bool // sockets whose end was told
	buf      []byte
}

func newRig(k *kit) *rig {
	k.Helper()
	r := &rig{kit: k, sockets: make(map[int32]*Socket), over: make(map[int32]bool), buf: make([]byte, 2<<20)}
	var err error
	r.q, err = k.lib.NewQueue(func(s *Socket) error { r.know(s); return nil })
	require.NoError(k, err)
	r.q.SetID(7)
	return r
}

// know gives a socket its ID.
func (r *rig) know(s *Socket) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last++
	s.SetID(r.last)
	r.sockets[r.last] = s
}

func (r *rig) socketOf(e Event) *Socket {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sockets[e.Socket]
}

func (r *rig) attach(s *Socket, manage bool) {
	r.Helper()
	if s.ID() == 0 {
		r.know(s)
	}
	require.NoError(r, r.q.Attach(s, manage))
}

// next gives the next event and checks what holds for every one.
func (r *rig) next() Event {
	r.Helper()
	e, ok := r.within(patienceOfTests)
	require.True(r, ok, "an event")
	return e
}

func (r *rig) within(timeout time.Duration) (Event, bool) {
	r.Helper()
	if len(r.waiting) == 0 {
		out := make([]Event, 16)
		n, err := r.q.Next(out, timeout)
		if err != nil {
			r.fails(err, fault.Timeout)
			return Event{}, false
		}
		require.Positive(r, n)
		r.waiting = out[:n]
	}
	e := r.waiting[0]
	r.waiting = r.waiting[1:]
	r.sequence++
	require.Equal(r, r.sequence, e.Sequence)
	require.Equal(r, int32(7), e.Queue)
	switch {
	case e.Kind == EventMessage && r.websocket:
		require.Contains(r, []int32{0, option.MessageBinary}, e.Detail, "raw bytes, or a binary message")
		e.Detail = 0
	case e.Kind == EventMessage && e.Detail == MessageControl: // of a description
	case e.Kind != EventDropped && e.Kind != EventUnsure:
		require.Equal(r, e.Code != 0, e.Detail != 0, "how far it reaches: %+v", e)
	}
	require.False(r, r.over[e.Socket], "an event after the end: %+v", e)
	r.over[e.Socket] = e.Kind == EventPeerClosed || e.Kind == EventReset
	return e, true
}

func (r *rig) expectEvent(s *Socket, kind EventKind) Event {
	r.Helper()
	e := r.next()
	require.Equal(r, kind, e.Kind, "%+v", e)
	require.Equal(r, s.ID(), e.Socket)
	return e
}

// silent checks that nothing is told.
func (r *rig) silent() {
	r.Helper()
	e, reported := r.within(moment)
	require.False(r, reported, "%+v", e)
}

// message expects the event of a message and reads it.
func (r *rig) message(s *Socket, text string) {
	r.Helper()
	e := r.expectEvent(s, EventMessage)
	require.Equal(r, len(text), int(e.Value))
	r.take(s, text)
}

// take reads the message that an event has told of.
func (r *rig) take(s *Socket, text string) {
	r.Helper()
	n, err := s.Read(r.buf, forever)
	require.NoError(r, err)
	require.Equal(r, len(text), n)
	require.True(r, text == string(r.buf[:n]), "the bytes")
}

// rawText collects so many bytes as events in raw mode tell of them.
func (r *rig) rawText(s *Socket, text string) {
	r.Helper()
	var got []byte
	for len(got) < len(text) {
		e := r.expectEvent(s, EventMessage)
		n, err := s.Read(r.buf, forever)
		require.NoError(r, err)
		require.GreaterOrEqual(r, n, int(e.Value))
		got = append(got, r.buf[:n]...)
	}
	require.Equal(r, text, string(got))
}

func overQueues(t *testing.T, f func(r *rig)) {
	overTransports(t, func(k *kit) { f(newRig(k)) })
}

func TestQueueTellsWholeMessages(t *testing.T) {
	overModes(t, wholeModes(), func(k *kit, m modeCase) {
		r := newRig(k)
		s, p := k.raw(k, must(k, m.set))
		r.attach(s, false)
		var all []string
		var stream string
		for _, n := range m.sizes() {
			if n > 70000 && !k.exact {
				continue
			}
			all = append(all, m.message(n))
			stream += m.wire(m.message(n))
		}
		sent := k.start(func() error { _, err := p.Write([]byte(stream)); return err })
		for _, msg := range all {
			r.message(s, msg)
		}
		require.NoError(k, k.await(sent))
		r.silent()
		k.readFails(s, 0, fault.Timeout)
		require.NoError(k, p.Close())
		e := r.expectEvent(s, EventPeerClosed)
		require.Equal(k, int32(fault.PeerClosed), e.Code)
		r.silent()
		k.readFails(s, forever, fault.PeerClosed)
	})
}

func TestQueueByteAtATime(t *testing.T) {
	overModes(t, wholeModes(), func(k *kit, m modeCase) {
		if m.fixed > 1000 {
			return
		}
		r := newRig(k)
		s, p := k.raw(k, must(k, m.set))
		r.attach(s, false)
		first, second := m.message(max(m.fixed, 5)), m.message(max(m.fixed, 3))
		stream := m.wire(first) + m.wire(second)
		sent := k.start(func() error {
			for i := range len(stream) {
				if _, err := p.Write([]byte{stream[i]}); err != nil {
					return err
				}
				time.Sleep(200 * time.Microsecond)
			}
			return nil
		})
		r.message(s, first)
		r.message(s, second)
		require.NoError(k, k.await(sent))
		r.silent()
	})
}

func TestQueueManyMessagesUnread(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, nil)
		r.attach(s, false)
		const count = 3*maxUnreadEvents + 5
		p.send(string(bytes.Repeat([]byte("2\r\nab"), count)))
		reported := 0
		for {
			if _, ok := r.within(moment); !ok {
				break
			}
			reported++
		}
		require.Equal(r, maxUnreadEvents, reported, "more wait until some are read")
		for read := 0; read < count; {
			for ; read < reported; read++ {
				r.take(s, "ab")
			}
			if reported < count {
				r.expectEvent(s, EventMessage)
				reported++
			}
		}
		require.Equal(r, count, reported)
		r.silent()
	})
}

func TestQueueRawMode(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, must(r, inMode(frame.Raw, "")))
		r.attach(s, false)
		p.send("hello")
		e := r.expectEvent(s, EventMessage)
		require.Equal(r, int32(5), e.Value)
		n, err := s.Read(r.buf[:2], 0)
		require.NoError(r, err)
		require.Equal(r, "he", string(r.buf[:n]))
		r.rawText(s, "llo")
		p.send("more")
		r.expectEvent(s, EventMessage)
		p.send(" and the end") // while the first is told and not read
		require.NoError(r, p.Close())
		e, reported := r.within(moment)
		require.False(r, reported, "bytes that were not told come before the end: %+v", e)
		n, err = s.Read(r.buf[:4], 0)
		require.NoError(r, err)
		require.Equal(r, "more", string(r.buf[:n]))
		r.rawText(s, " and the end")
		r.expectEvent(s, EventPeerClosed)
	})
}

func TestQueueGapMode(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, must(r, both(inMode(frame.Gap, ""), withInts(map[option.ID]int32{option.FrameGap: 60}))))
		r.attach(s, false)
		for _, text := range []string{"first", "second", "third"} {
			p.send(text)
			r.message(s, text)
		}
		p.send("told")
		r.expectEvent(s, EventMessage)
		p.send("later") // it must not change what was told
		time.Sleep(moment)
		r.take(s, "told")
		r.message(s, "later")
		p.send("last")
		require.NoError(r, p.Close())
		r.message(s, "last")
		r.expectEvent(s, EventPeerClosed)
	})
}

func TestQueueCharsets(t *testing.T) {
	overQueues(t, func(r *rig) {
		for _, mode := range []frame.Mode{frame.EndTag, frame.Raw} {
			s, p := r.raw(r.kit, must(r, both(inMode(mode, ""), withText(option.TextCharset, "windows-1252"))))
			r.attach(s, false)
			end := "\x1a"
			if mode == frame.Raw {
				end = ""
			}
			p.send("\xe9t\xe9" + end)
			r.message(s, "été")
			require.NoError(r, s.Close())
		}
	})
}

func TestQueueBadFraming(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, nil)
		r.attach(s, false)
		p.send("2\r\nok" + "nonsense\r\n")
		r.expectEvent(s, EventMessage)
		r.silent()
		r.take(s, "ok")
		e := r.expectEvent(s, EventError)
		require.Equal(r, int32(fault.Frame), e.Code)
		r.readFails(s, 0, fault.Frame)
		r.silent()
	})
}

func TestQueueBadCheckBytes(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, must(r, withText(option.TextFramePreset, "stx-etx-bcc")))
		r.attach(s, false)
		p.send("\x02a\x03\x62" + "\x02a\x03\x00" + "\x02b\x03\x61")
		r.message(s, "a")
		e := r.expectEvent(s, EventNoise)
		require.Equal(r, int32(fault.Check), e.Code)
		require.Equal(r, int32(4), e.Value)
		r.message(s, "b")
	})
}

// Noise is one event however it arrives, and a message ends the stretch. The
// conversation goes on.
func TestQueueNoise(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, must(r, inMode(frame.Markers, "")))
		r.attach(s, false)
		for _, piece := range []string{"x", "yz", "noise"} {
			before := r.number(s, NumBytesRead)
			p.send(piece)
			if piece == "x" {
				e := r.expectEvent(s, EventNoise)
				require.Equal(r, int32(fault.Frame), e.Code)
				require.Equal(r, int32(1), e.Value)
				continue
			}
			for r.number(s, NumBytesRead) < before+len(piece) {
				r.silent()
			}
		}
		p.send("\x02a\x03")
		r.message(s, "a")
		p.send("12\x02b\x03\x02c\x03345\x02d\x03")
		require.Equal(r, int32(2), r.expectEvent(s, EventNoise).Value)
		r.message(s, "b")
		r.message(s, "c")
		require.Equal(r, int32(3), r.expectEvent(s, EventNoise).Value)
		r.message(s, "d")
		require.Equal(r, int64(3), r.figures(s)[stats.ErrorsFrame])
		p.send("6789")
		require.Equal(r, int32(4), r.expectEvent(s, EventNoise).Value)
		require.NoError(r, p.Close())
		r.expectEvent(s, EventPeerClosed)
	})
}

// A reader who drains a socket in a queue meets no error of noise: the event
// tells of it.
func TestQueueNoiseIsNotTheReadersError(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, must(r, inMode(frame.Markers, "")))
		r.attach(s, false)
		p.send("\x02a\x03noise\x02b\x03more")
		r.expectEvent(s, EventMessage)
		r.take(s, "a")
		r.take(s, "b")
		r.readFails(s, 0, fault.Timeout)
		require.Equal(r, int32(5), r.expectEvent(s, EventNoise).Value)
		require.Equal(r, int32(4), r.expectEvent(s, EventNoise).Value)
		r.silent()
	})
}

func TestQueueReset(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, nil)
		r.attach(s, false)
		p.send("2\r\nab")
		r.message(s, "ab")
		p.reset()
		e := r.expectEvent(s, EventReset)
		require.Negative(r, e.Code)
		r.silent()
	})
}

// A peer that has ended its side may still be written to.
func TestQueueHalfClose(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, must(r, inMode(frame.Size, "")))
		r.attach(s, false)
		p.send("1\r\nx")
		r.message(s, "x")
		require.NoError(r, p.Conn.(interface{ CloseWrite() error }).CloseWrite())
		r.expectEvent(s, EventPeerClosed)
		require.Equal(r, StatePeerClosed, s.State())
		for range 3 {
			r.write(s, "answer")
			p.expect("6\r\nanswer")
		}
		r.silent()
	})
}

func TestQueueBackPressure(t *testing.T) {
	overQueues(t, func(r *rig) {
		slow, flood := r.raw(r.kit, nil)
		other, p := r.raw(r.kit, nil)
		r.attach(slow, false)
		r.attach(other, false)
		msg := bytes.Repeat([]byte("x"), 1000)
		framed := append([]byte("1000\r\n"), msg...)
		const count = 20000
		var sent atomic.Int64
		feed := r.start(func() error {
			for range count {
				if _, err := flood.Write(framed); err != nil {
					return err
				}
				sent.Add(1)
			}
			return nil
		})
		reported := 0 // of slow
		for range 200 {
			p.send("4\r\nping")
			for {
				e := r.next()
				if e.Socket == slow.ID() {
					reported++
					continue
				}
				r.take(other, "ping")
				break
			}
		}
		require.Less(r, r.buffered(), 2<<20)
		require.LessOrEqual(r, reported, maxUnreadEvents)
		require.Less(r, sent.Load(), int64(count), "the peer had to wait")
		for read := 0; read < count; {
			for ; reported > 0; reported-- {
				r.take(slow, string(msg))
				read++
			}
			if read < count {
				r.expectEvent(slow, EventMessage)
				reported++
			}
		}
		require.NoError(r, r.await(feed))
		r.silent()
	})
}

func TestQueueFairness(t *testing.T) {
	overQueues(t, func(r *rig) {
		var stop atomic.Bool
		var feeds []<-chan error
		for range 4 { // they send without end
			s, p := r.raw(r.kit, must(r, inMode(frame.Raw, "")))
			r.attach(s, false)
			feeds = append(feeds, r.start(func() error {
				for !stop.Load() {
					if _, err := p.Write(make([]byte, 1<<16)); err != nil {
						return err
					}
				}
				return nil
			}))
		}
		quiet, p := r.raw(r.kit, nil)
		r.attach(quiet, false)
		buf := make([]byte, 1<<16)
		for range 50 {
			p.send("1\r\n.")
			for e := r.next(); e.Socket != quiet.ID(); e = r.next() {
				_, err := r.socketOf(e).Read(buf, 0)
				require.NoError(r, err)
			}
			r.take(quiet, ".")
		}
		stop.Store(true)
		r.lib.CloseAll()
		for _, feed := range feeds {
			r.await(feed)
		}
	})
}

func TestQueueRequests(t *testing.T) {
	overQueues(t, func(r *rig) {
		server, port := r.listen(nil)
		r.attach(server, false)
		for range 3 {
			first := r.start(func() error { return r.tryConnect(port) })
			r.expectEvent(server, EventRequest)
			r.silent()
			require.NoError(r, server.WaitForConnection(forever))
			require.NoError(r, server.Deny())
			r.await(first)
			client := r.start(func() error { return r.tryConnect(port) })
			r.expectEvent(server, EventRequest)
			ch, err := server.Accept(forever, nil)
			require.NoError(r, err)
			require.NoError(r, r.await(client))
			require.NoError(r, ch.Close())
		}
		_, err := server.Accept(forever, nil)
		r.fails(err, fault.Timeout)
		r.silent()
	})
}

// tryConnect connects and leaves.
func (k *kit) tryConnect(port int) error {
	s := k.socket(nil)
	err := k.open(s, KindClient, k.layers(), port, patienceOfTests)
	return first(err, s.Close())
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestQueueManagedServer(t *testing.T) {
	overQueues(t, func(r *rig) {
		server, port := r.listen(must(r, withInts(map[option.ID]int32{option.UserNumber: 42})))
		r.attach(server, true)
		const clients, rounds = 20, 20
		var jobs []<-chan error
		for range clients {
			jobs = append(jobs, r.start(func() error { return r.echoClient(port, rounds) }))
		}
		for ended := 0; ended < clients; {
			switch e := r.next(); e.Kind {
			case EventAccepted:
				require.Equal(r, server.ID(), e.Value)
				require.Equal(r, int32(42), e.User)
			case EventMessage:
				s := r.socketOf(e)
				n, err := s.Read(r.buf, 0)
				require.NoError(r, err)
				require.Equal(r, int(e.Value), n)
				_, err = s.Write(r.buf[:n])
				require.NoError(r, err)
			case EventPeerClosed:
				require.NoError(r, r.socketOf(e).Close())
				ended++
			default:
				require.Fail(r, "unexpected", "%+v", e)
			}
		}
		for _, job := range jobs {
			require.NoError(r, r.await(job))
		}
	})
}

func (k *kit) echoClient(port, rounds int) error {
	s := k.socket(nil)
	defer s.Close()
	if err := k.open(s, KindClient, k.layers(), port, patienceOfTests); err != nil {
		return err
	}
	got := make([]byte, 100000)
	for i := range rounds {
		msg := bytes.Repeat([]byte{byte(i)}, i*i*100)
		if _, err := s.Write(msg); err != nil {
			return err
		}
		n, err := s.Read(got, patienceOfTests)
		if err != nil {
			return err
		}
		if !bytes.Equal(msg, got[:n]) {
			return unexpected("%d bytes, not %d", n, len(msg))
		}
	}
	return s.CloseAndWait(patienceOfTests)
}

func TestQueueManagedLimit(t *testing.T) {
	overQueues(t, func(r *rig) {
		server, port := r.listen(must(r, withInts(map[option.ID]int32{option.MaxClients: 1})))
		r.attach(server, true)
		p := r.dialTo(port)
		ch := r.socketOf(r.next())
		second := r.start(func() error { return r.tryConnect(port) })
		r.silent()
		r.await(second) // refused, or taken by the system and reset
		p.send("2\r\nhi")
		r.message(ch, "hi")
		require.NoError(r, ch.Close())
		third := r.dialTo(port)
		e := r.next()
		require.Equal(r, EventAccepted, e.Kind)
		third.send("2\r\nyo")
		r.message(r.socketOf(e), "yo")
	})
}

// dialTo dials while the queue is asked, as a handshake needs nobody.
func (r *rig) dialTo(port int) *peer {
	r.Helper()
	return r.dial(port)
}

func TestQueueManagedRegistrationFails(t *testing.T) {
	bothWaits(t, func(k *kit) {
		q, err := k.lib.NewQueue(func(*Socket) error { return fault.New(fault.Limit, fault.PhaseCall, "") })
		require.NoError(k, err)
		server, port := k.listen(nil)
		require.NoError(k, q.Attach(server, true))
		p := k.dial(port)
		out := make([]Event, 8)
		n, err := q.Next(out, patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, 1, n)
		require.Equal(k, EventError, out[0].Kind)
		require.Equal(k, int32(fault.Limit), out[0].Code)
		p.expectReset()
		_, err = q.Next(out, moment)
		k.fails(err, fault.Timeout)
	})
}

func TestQueueSimplifiedServer(t *testing.T) {
	overQueues(t, func(r *rig) {
		server, port := r.listen(nil)
		client := r.start(func() error { return r.tryConnect(port) })
		r.readFails(server, patienceOfTests, fault.PeerClosed) // that makes it one
		require.NoError(r, r.await(client))
		p := r.dial(port)
		p.send("1\r\nx")
		r.expect(server, "x")
		r.attach(server, false)
		e := r.expectEvent(server, EventError)
		require.Equal(r, int32(fault.State), e.Code)
		r.silent()
		require.NoError(r, server.Detach())
		p.send("1\r\ny")
		r.expect(server, "y")
	})
}

func TestQueueUDP(t *testing.T) {
	bothWaits(t, func(k *kit) {
		r := newRig(k)
		s, other := k.lib.NewSocket(""), k.lib.NewSocket("")
		require.NoError(k, s.Open(KindUDP, 0, 0, "127.0.0.1", 0))
		require.NoError(k, other.Open(KindUDP, 0, 0, "127.0.0.1", 0))
		r.attach(s, false)
		for _, text := range []string{"one", "", "three"} {
			_, err := other.WriteTo([]byte(text), "127.0.0.1", portOf(k, s))
			require.NoError(k, err)
		}
		for _, text := range []string{"one", "", "three"} {
			r.message(s, text)
		}
		r.silent()
		k.write(s, "back")
		k.expect(other, "back")
		_, err := other.WriteTo([]byte("kept"), "127.0.0.1", portOf(k, s))
		require.NoError(k, err)
		r.expectEvent(s, EventMessage)
		require.NoError(k, s.Detach())
		k.expect(s, "kept")
	})
}

func TestQueueClientOpening(t *testing.T) {
	overQueues(t, func(r *rig) {
		server, port := r.listen(nil)
		client := r.socket(nil)
		r.attach(client, false)
		require.NoError(r, r.open(client, KindClient, r.layers(), port, 0))
		ch, err := server.Accept(patienceOfTests, nil)
		require.NoError(r, err)
		r.write(ch, "welcome")
		r.expectEvent(client, EventConnected)
		r.message(client, "welcome")
		require.NoError(r, ch.Close())
		r.expectEvent(client, EventPeerClosed)

		require.NoError(r, server.Close())
		again := r.socket(nil)
		r.attach(again, false)
		require.NoError(r, r.open(again, KindClient, r.layers(), port, 0))
		e := r.expectEvent(again, EventError)
		require.Equal(r, int32(r.refusal()), e.Code)
		r.silent()
	})
}

func TestQueueSendQueue(t *testing.T) {
	overQueues(t, func(r *rig) {
		const limit = 1 << 20
		for _, attached := range []bool{true, false} {
			s, p := r.raw(r.kit, must(r, withInts(map[option.ID]int32{option.SendQueue: limit})))
			if attached {
				r.attach(s, false)
			}
			msg := bytes.Repeat([]byte("0123456789"), 1000)
			want := bytes.Buffer{}
			for i := 0; ; i++ {
				require.Less(r, i, 100000)
				msg[0] = byte('a' + i%26)
				begun := time.Now()
				_, err := s.Write(msg)
				require.Less(r, time.Since(begun), patienceOfTests/2)
				if err != nil {
					r.fails(err, fault.Full)
					break
				}
				want.WriteString("10000\r\n")
				want.Write(msg)
			}
			require.LessOrEqual(r, s.stream.Load().conn.Unsent(), limit+limit/10)
			r.fails(s.Flush(moment), fault.Timeout)
			got := r.start(func() error { return p.expectBytes(want.Bytes()) })
			if attached {
				r.expectEvent(s, EventWritable)
			} else {
				require.NoError(r, s.Flush(patienceOfTests))
			}
			require.NoError(r, r.await(got))
			r.write(s, "after")
			require.NoError(r, s.Flush(patienceOfTests))
			p.expect("5\r\nafter")
			require.NoError(r, s.Close())
		}
	})
}

// TestQueueSendQueueOfASlowReader has room come and go all the time, also in the
// moment in which a write begins to keep something.
func TestQueueSendQueueOfASlowReader(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, must(r, withInts(map[option.ID]int32{option.SendQueue: 64 << 20, option.SendBuffer: 4096})))
		r.attach(s, false)
		var over atomic.Bool
		served := r.start(func() error {
			out := make([]Event, 4)
			for !over.Load() {
				if n, err := r.q.Next(out, moment); fault.CodeOf(err) != fault.Timeout {
					return fmt.Errorf("%v, %v", out[:n], err)
				}
			}
			return nil
		})
		msg := strings.Repeat("0123456789", 40)
		framed := "400\r\n" + msg
		const rounds = 200
		for round := range rounds {
			messages := 40 + round
			got := r.start(func() error { return p.expectBytes([]byte(strings.Repeat(framed, messages))) })
			for range messages {
				r.write(s, msg)
			}
			require.NoError(r, r.await(got))
		}
		over.Store(true)
		require.NoError(r, r.await(served))
	})
}

func (p *peer) expectBytes(want []byte) error {
	got := make([]byte, 0, len(want))
	buf := make([]byte, 1<<16)
	for len(got) < len(want) {
		n, err := p.Read(buf[:min(len(buf), len(want)-len(got))])
		got = append(got, buf[:n]...)
		if err != nil && len(got) < len(want) {
			return err
		}
	}
	if !bytes.Equal(got, want) {
		return unexpected("other bytes")
	}
	return nil
}

func TestQueueDetachedOrClosedWithSendQueue(t *testing.T) {
	overQueues(t, func(r *rig) {
		for _, closes := range []bool{false, true} {
			s, p := r.raw(r.kit, must(r, withInts(map[option.ID]int32{option.SendQueue: 64 << 20, option.CloseTimeout: int32(patienceOfTests / time.Millisecond)})))
			r.attach(s, false)
			msg := bytes.Repeat([]byte("x"), 8<<20)
			r.write(s, string(msg))
			require.True(r, s.stream.Load().conn.HasUnsent())
			if closes {
				require.NoError(r, s.Close())
			} else {
				require.NoError(r, s.Detach())
			}
			require.NoError(r, p.expectBytes(append([]byte("8388608\r\n"), msg...)))
		}
	})
}

func TestSendQueueOfAPeerThatIsGone(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, withInts(map[option.ID]int32{option.SendQueue: 64 << 20})))
		msg := make([]byte, 8<<20)
		k.write(s, string(msg))
		p.reset()
		k.eventually(func() bool { _, err := s.Write([]byte("x")); return err != nil }, "an error")
		_, err := s.Write([]byte("x"))
		k.fails(err, fault.Reset)
	})
}

func TestTimers(t *testing.T) {
	bothWaits(t, func(k *kit) {
		r := newRig(k)
		begun := time.Now()
		_, err := r.q.NewTimer(50*time.Millisecond, 0, 5, 1001)
		require.NoError(k, err)
		repeated, err := r.q.NewTimer(20*time.Millisecond, 20*time.Millisecond, 6, 1002)
		require.NoError(k, err)
		stopped, err := r.q.NewTimer(time.Millisecond, 0, 7, 1003)
		require.NoError(k, err)
		stopped.Stop()
		once, times := 0, 0
		for once == 0 || times < 5 {
			e := r.next()
			require.Equal(k, EventTimer, e.Kind)
			require.Positive(k, e.Value)
			switch e.Socket {
			case 1001:
				once++
				require.Equal(k, int32(5), e.User)
				require.GreaterOrEqual(k, time.Since(begun), 50*time.Millisecond)
			case 1002:
				times += int(e.Value)
				require.Equal(k, int32(6), e.User)
				require.GreaterOrEqual(k, time.Since(begun), time.Duration(times)*20*time.Millisecond)
			default:
				require.Fail(k, "a stopped timer")
			}
		}
		require.Equal(k, 1, once)
		repeated.Stop()
		repeated.Stop()
		r.waiting = nil
		_, err = r.q.Next(make([]Event, 1), moment)
		k.fails(err, fault.Timeout)
	})
}

func TestTimerMadeWhileWaiting(t *testing.T) {
	bothWaits(t, func(k *kit) {
		r := newRig(k)
		got := k.start(func() error { _, err := r.q.Next(make([]Event, 1), forever); return err })
		k.eventually(r.q.polling.Load, "waiting")
		_, err := r.q.NewTimer(time.Millisecond, 0, 0, 1)
		require.NoError(k, err)
		require.NoError(k, k.await(got))
	})
}

func TestQueueIsWoken(t *testing.T) {
	for _, c := range []struct {
		name string
		wake func(*Queue)
		code fault.Code
	}{
		{"cancel", (*Queue).Cancel, fault.Cancelled},
		{"close", func(q *Queue) { q.Close() }, fault.Closed},
	} {
		t.Run(c.name, func(t *testing.T) {
			bothWaits(t, func(k *kit) {
				r := newRig(k)
				s, _ := k.raw(k, nil)
				r.attach(s, false)
				got := k.start(func() error { _, err := r.q.Next(make([]Event, 1), forever); return err })
				k.eventually(r.q.polling.Load, "waiting")
				_, err := r.q.Next(make([]Event, 1), 0)
				k.fails(err, fault.Busy)
				c.wake(r.q)
				k.fails(k.await(got), c.code)
			})
		})
	}
}

func TestQueueArguments(t *testing.T) {
	bothWaits(t, func(k *kit) {
		r := newRig(k)
		_, err := r.q.Next(nil, 0)
		k.fails(err, fault.Argument)
		s, _ := k.raw(k, nil)
		k.fails(s.Detach(), fault.State)
		reader := k.start(func() error { _, err := s.Read(r.buf, forever); return err })
		k.untilReadLocked(s)
		k.fails(r.q.Attach(s, false), fault.Busy)
		s.Cancel()
		k.fails(k.await(reader), fault.Cancelled)
		r.attach(s, false)
		k.fails(r.q.Attach(s, false), fault.State)
		_, err = s.Exchange([]byte("x"), r.buf, forever)
		k.fails(err, fault.Busy)
		k.fails(s.StopTLS(forever), fault.Busy)
		require.NoError(k, r.q.Close())
		k.fails(r.q.Close(), fault.Handle)
		k.fails(s.Detach(), fault.State)
		k.fails(r.q.Attach(s, false), fault.Closed)
		_, err = r.q.Next(make([]Event, 1), 0)
		k.fails(err, fault.Closed)
		_, err = r.q.NewTimer(0, 0, 0, 1)
		k.fails(err, fault.Closed)
	})
}

func TestQueueHandsOver(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, nil)
		p.send("1\r\na1\r\nb1\r\nc")
		r.expect(s, "a") // and the others are buffered
		r.attach(s, false)
		r.message(s, "b")
		r.expectEvent(s, EventMessage)
		require.NoError(r, s.Detach())
		r.silent()
		r.expect(s, "c")
		reader := r.start(func() error {
			buf := make([]byte, 10)
			n, err := s.Read(buf, patienceOfTests)
			if err == nil && string(buf[:n]) != "d" {
				return unexpected("%q", buf[:n])
			}
			return err
		})
		p.send("1\r\nd")
		require.NoError(r, r.await(reader))
		p.send("1\r\ne")
		r.attach(s, false)
		r.message(s, "e")
		require.NoError(r, s.Close())
		r.silent()
	})
}

func TestQueueOptionsWhileAttached(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, nil)
		r.attach(s, false)
		p.send("1\r\na1\r\nb")
		r.expectEvent(s, EventMessage)
		r.expectEvent(s, EventMessage)
		require.NoError(r, s.SetOption(option.UserNumber, 9))
		p.send("1\r\nc")
		e := r.expectEvent(s, EventMessage)
		require.Equal(r, int32(9), e.User)
		r.silent() // nothing is told twice
		for _, text := range []string{"a", "b", "c"} {
			r.take(s, text)
		}
		p.send("6\r\nswitch" + "line one\r\nline two\r\n")
		r.message(s, "switch")
		for e, reported := r.within(moment); reported; e, reported = r.within(moment) {
			require.Equal(r, EventError, e.Kind, "what the old mode makes of it")
		}
		require.NoError(r, s.SetMode(frame.EndTag, []byte("\r\n")))
		r.message(s, "line one")
		r.message(s, "line two")
		p.send("line three\r\n")
		r.message(s, "line three")
	})
}

func TestQueueClosedWhileSocketsLive(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, nil)
		r.attach(s, false)
		p.send("1\r\na")
		r.expectEvent(s, EventMessage)
		require.NoError(r, r.q.Close())
		r.expect(s, "a")
		p.send("1\r\nb")
		r.expect(s, "b")
		second := newRig(r.kit)
		second.attach(s, false)
		p.send("1\r\nc")
		second.message(s, "c")
	})
}

func TestQueueNothingAfterClose(t *testing.T) {
	overQueues(t, func(r *rig) {
		s, p := r.raw(r.kit, nil)
		t, p2 := r.raw(r.kit, nil)
		r.attach(s, false)
		r.attach(t, false)
		p.send("1\r\na1\r\nb")
		p2.send("1\r\na1\r\nb")
		one := make([]Event, 1)
		_, err := r.q.Next(one, patienceOfTests)
		require.NoError(r, err)
		closed := r.socketOf(one[0])
		require.NoError(r, closed.Close())
		for {
			n, err := r.q.Next(one, moment)
			if err != nil {
				break
			}
			require.Equal(r, 1, n)
			require.NotEqual(r, closed.ID(), one[0].Socket)
		}
	})
}

func TestQueueSocketsClosedByOthers(t *testing.T) {
	overQueues(t, func(r *rig) {
		server, port := r.listen(nil)
		r.attach(server, true)
		const clients = 60
		jobs := r.start(func() error {
			for range clients {
				r.tryConnect(port)
			}
			return nil
		})
		var closers sync.WaitGroup
		accepted := 0
		for accepted < clients {
			e := r.next()
			s := r.socketOf(e)
			if e.Kind == EventAccepted {
				accepted++
				closers.Add(1)
				go func() {
					defer closers.Done()
					if s.ID()%2 == 0 {
						s.Detach()
					}
					s.Close()
				}()
			}
		}
		closers.Wait()
		require.NoError(r, r.await(jobs))
		got := r.start(func() error { _, err := r.q.Next(make([]Event, 9), forever); return err })
		r.eventually(r.q.polling.Load, "waiting")
		r.lib.CloseAll()
		r.await(got)
	})
}

func TestQueueWithoutMemory(t *testing.T) {
	overQueues(t, func(r *rig) {
		require.NoError(r, r.lib.SetOption(option.TotalBuffer, 1<<20))
		const size = 400 << 10
		msg := modeCase{}.message(size)
		first, p := r.raw(r.kit, nil)
		second, p2 := r.raw(r.kit, nil)
		r.attach(first, false)
		r.attach(second, false)
		feeds := []<-chan error{r.start(func() error { return p.say("409600\r\n" + msg) }), r.start(func() error { return p2.say("409600\r\n" + msg) })}
		for range 2 { // one of them may have to wait until the other is read
			e := r.next()
			require.Equal(r, EventMessage, e.Kind)
			for range 5 {
				begun := time.Now()
				more, reported := r.within(moment)
				require.Less(r, time.Since(begun), patienceOfTests/2, "a time-out holds without memory too")
				if reported {
					r.waiting = append(r.waiting, more)
					r.sequence-- // it is looked at again
					break
				}
			}
			r.take(r.socketOf(e), msg)
		}
		for _, feed := range feeds {
			require.NoError(r, r.await(feed))
		}
		r.silent()
	})
}

func (p *peer) say(text string) error {
	_, err := p.Write([]byte(text))
	return err
}

// A host that is never done with its events must not make the queue grow.
func TestQueueOfAHostThatIsNeverDone(t *testing.T) {
	bothWaits(t, func(k *kit) {
		r := newRig(k)
		const timers, rounds = 4, 2000
		for id := range int32(timers) {
			_, err := r.q.NewTimer(0, time.Microsecond, 0, id+1)
			require.NoError(k, err)
		}
		out, reported := make([]Event, 1), make(map[int32]int)
		for range rounds {
			n, err := r.q.Next(out, forever)
			require.NoError(k, err)
			require.Equal(k, 1, n)
			require.Equal(k, EventTimer, out[0].Kind)
			require.Positive(k, out[0].Value)
			reported[out[0].Socket]++
		}
		require.Less(k, cap(r.q.events), 1000, "room for %d timers", timers)
		for id := range int32(timers) {
			require.GreaterOrEqual(k, reported[id+1], rounds/timers-1, "each has its turn")
		}
	})
}

// The events of timers that wait to be handed out count in one.
func TestTimerToldLate(t *testing.T) {
	bothWaits(t, func(k *kit) {
		r := newRig(k)
		begun := time.Now()
		_, err := r.q.NewTimer(0, time.Millisecond, 0, 1)
		require.NoError(k, err)
		_, err = r.q.NewTimer(0, time.Millisecond, 0, 2)
		require.NoError(k, err)
		k.eventually(func() bool { return time.Since(begun) > moment }, "time has passed")
		times := make(map[int32]time.Duration)
		for range 64 {
			out := make([]Event, 1)
			_, err := r.q.Next(out, forever)
			require.NoError(k, err)
			times[out[0].Socket] += time.Duration(out[0].Value)
		}
		for id := range int32(2) {
			require.LessOrEqual(k, times[id+1]-1, time.Since(begun)/time.Millisecond)
			require.Greater(k, times[id+1], moment/time.Millisecond/2)
		}
	})
}

// A socket that has gone to another queue stays there when the first is closed.
func TestQueueClosedBehindASocketThatLeft(t *testing.T) {
	bothWaits(t, func(k *kit) {
		first, second := newRig(k), newRig(k)
		s, _ := plainRaw(k, nil)
		first.attach(s, false)
		former := s.registration.Load()
		require.NoError(k, s.Detach())
		second.attach(s, false)
		k.fails(s.detach(former), fault.State) // as closing first does, if it knows of it still
		require.NoError(k, first.q.Close())
		require.NotNil(k, s.registration.Load())
		require.NoError(k, s.Detach())
		k.fails(s.Detach(), fault.State)
	})
}

// What is thrown away behind an error that was the end is not told.
func TestQueueNothingDroppedBehindAnError(t *testing.T) {
	overQueues(t, func(r *rig) {
		server, port := r.listen(func(s *Socket) { require.NoError(r, s.SetOption(option.PublishQueue, 1)) })
		p := r.dial(port)
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(r, err)
		r.attach(channel, false)
		require.NoError(r, channel.GroupJoin("all"))
		p.send("no length\r\n")
		r.expectEvent(channel, EventError)
		for r.figures(channel)[stats.Dropped] == 0 {
			_, err := server.GroupPublish("all", make([]byte, 1<<20))
			require.NoError(r, err)
		}
		r.silent()
	})
}
