package core

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
	"wdsocket/core/resendlog"
	"wdsocket/core/stats"
	"wdsocket/core/transport"
)

// reconnecting is a client that reconnects, and the server that it is connected to,
// which may come and go.
type reconnecting struct {
	*kit
	r       *rig // nil: the client is in no queue
	port    int
	server  *Socket
	client  *Socket
	channel *Socket
	try     int32 // the last that was told
}

// reconnecting makes one; options are those of the client, beside quick tries.
func (k *kit) reconnecting(r *rig, options map[option.ID]int32, prepare func(*Socket)) *reconnecting {
	k.Helper()
	h := &reconnecting{kit: k, r: r}
	h.listen()
	h.client = k.connect(h.port, func(s *Socket) {
		require.NoError(k, s.SetOption(option.ReconnectFirst, 20))
		require.NoError(k, s.SetOption(option.ReconnectMost, 100))
		require.NoError(k, s.SetOption(option.Reconnect, 1))
		for id, value := range options {
			require.NoError(k, s.SetOption(id, value))
		}
		if prepare != nil {
			prepare(s)
		}
	})
	if r != nil {
		r.attach(h.client, false)
	}
	h.accept()
	return h
}

// listen opens the server, on the same port as before.
func (h *reconnecting) listen() {
	h.Helper()
	if h.port == 0 {
		h.server, h.port = h.kit.listen(nil)
		return
	}
	h.eventually(func() bool {
		h.server = h.socket(nil)
		err := h.open(h.server, KindServer, h.layers(), h.port, 0)
		if err != nil {
			h.server.Close()
		}
		return err == nil
	}, "the port is free")
}

// accept takes the client; its queue is asked meanwhile, because who asks it
// finds that a connection is down.
func (h *reconnecting) accept() {
	h.Helper()
	h.eventually(func() bool {
		var err error
		if h.channel, err = h.server.Accept(moment, nil); err == nil {
			return true
		}
		h.fails(err, fault.Timeout)
		if h.r != nil {
			h.r.collect()
		}
		return false
	}, "the client comes")
}

// collect asks for events and leaves them for later.
func (r *rig) collect() {
	out := make([]Event, 16)
	n, err := r.q.Next(out, 0)
	if err == nil {
		r.waiting = append(slices.Clone(r.waiting), out[:n]...)
	}
}

// settled waits until the server's system has acknowledged what was written.
func (h *reconnecting) settled() {
	h.Helper()
	h.eventually(func() bool {
		conn := h.client.stream.Load().conn
		return transport.Acknowledged(conn) == conn.WritePos()
	}, "an acknowledgement")
}

// expectClientEvent expects an event of the client.
func (h *reconnecting) expectClientEvent(kind EventKind) Event {
	h.Helper()
	return h.r.expectEvent(h.client, kind)
}

// expectReconnected expects the events of tries up to the last, which succeeds. They
// count on from the connection before, unless that lasted.
func (h *reconnecting) expectReconnected() {
	h.Helper()
	for first := true; ; {
		e := h.r.next()
		switch e.Kind {
		case EventUnsure, EventDropped:
		case EventReconnected:
			require.False(h, first)
			require.Equal(h, h.try, e.Value)
			return
		default:
			require.Equal(h, EventReconnecting, e.Kind)
			if first && e.Value == 1 {
				h.try = 0
			}
			h.try++
			require.Equal(h, h.try, e.Value)
			first = false
		}
	}
}

// talk checks both directions.
func (h *reconnecting) talk() {
	h.Helper()
	h.write(h.client, "to the server")
	h.kit.expect(h.channel, "to the server")
	h.write(h.channel, "to the client")
	if h.r != nil {
		h.r.message(h.client, "to the client")
	} else {
		h.kit.expect(h.client, "to the client")
	}
}

// ends are the ways in which a server's program ends a connection.
var ends = map[string]func(*Socket) error{"closed": (*Socket).Close, "reset": (*Socket).Abort}

func overEnds(t *testing.T, f func(k *kit, end func(*Socket) error)) {
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			overTransports(t, func(k *kit) { f(k, end) })
		})
	}
}

func TestReconnectInAQueue(t *testing.T) {
	overEnds(t, func(k *kit, end func(*Socket) error) {
		h := k.reconnecting(newRig(k), nil, nil)
		h.talk()
		for range 3 {
			h.write(h.channel, "the last words")
			require.NoError(k, h.channel.CloseWrite(patienceOfTests))
			require.NoError(k, end(h.channel))
			h.r.message(h.client, "the last words")
			h.accept()
			h.expectReconnected()
			require.Equal(k, StateOpen, h.client.State())
			h.talk()
		}
		f, err := h.client.Statistics()
		require.NoError(k, err)
		require.Equal(k, int64(3), f[stats.Reconnects])
		require.Equal(k, int64(4), f[stats.MessagesWritten])
		h.r.silent()
	})
}

func TestReconnectForAWaitingReader(t *testing.T) {
	overEnds(t, func(k *kit, end func(*Socket) error) {
		h := k.reconnecting(nil, map[option.ID]int32{option.ReconnectWait: 1}, nil)
		for range 3 {
			got := make(chan string, 1)
			done := k.start(func() error {
				buf := make([]byte, 100)
				n, err := h.client.Read(buf, patienceOfTests)
				got <- string(buf[:n])
				return err
			})
			k.untilReadLocked(h.client)
			require.NoError(k, end(h.channel))
			h.accept()
			h.write(h.channel, "hello again")
			require.NoError(k, k.await(done))
			require.Equal(k, "hello again", <-got)
			h.talk()
		}
	})
}

func TestAReaderThatDoesNotWaitIsToldSo(t *testing.T) {
	overEnds(t, func(k *kit, end func(*Socket) error) {
		h := k.reconnecting(nil, nil, nil)
		require.NoError(k, h.server.Close())
		require.NoError(k, end(h.channel))
		k.readFails(h.client, patienceOfTests, fault.Reconnecting)
		k.readFails(h.client, patienceOfTests, fault.Reconnecting)
		_, err := h.client.Write([]byte("x"))
		k.fails(err, fault.Reconnecting)
		_, err = h.client.Size(patienceOfTests)
		k.fails(err, fault.Reconnecting)
		_, err = h.client.Exchange([]byte("x"), make([]byte, 10), patienceOfTests)
		k.fails(err, fault.Reconnecting)
		k.fails(h.client.Flush(patienceOfTests), fault.Reconnecting)
		require.Equal(k, StateConnecting, h.client.State())
		_, err = h.client.Local()
		k.fails(err, fault.NotConnected)
		require.NoError(k, h.client.SetOption(option.NoDelay, 0))
		h.listen()
		h.accept()
		h.eventually(func() bool { return h.client.State() == StateOpen }, "reconnecting")
		h.talk()
	})
}

func TestAWaitForReconnectEndsInTime(t *testing.T) {
	overTransports(t, func(k *kit) {
		h := k.reconnecting(nil, map[option.ID]int32{option.ReconnectWait: 1, option.WriteTimeout: 150}, nil)
		require.NoError(k, h.server.Close())
		require.NoError(k, h.channel.Abort())
		begun := time.Now()
		k.readFails(h.client, 100*time.Millisecond, fault.Timeout)
		k.onTime(begun, 100*time.Millisecond)
		begun = time.Now()
		_, err := h.client.Write([]byte("x"))
		k.fails(err, fault.Timeout)
		k.onTime(begun, 150*time.Millisecond)
		k.readFails(h.client, 0, fault.Reconnecting)
		done := k.start(func() error { _, err := h.client.Read(make([]byte, 10), forever); return err })
		k.eventually(func() bool { h.client.Cancel(); return len(done) > 0 }, "cancelled")
		k.fails(k.await(done), fault.Cancelled)
		require.NoError(k, h.client.SetOption(option.WriteTimeout, int32(patienceOfTests/time.Millisecond)))
		h.listen()
		h.accept()
		h.write(h.client, "waits for it")
		h.kit.expect(h.channel, "waits for it")
	})
}

// TestSilenceBreaksConnectionsAgainAndAgain has an idle limit, which holds for each
// connection.
func TestSilenceBreaksConnectionsAgainAndAgain(t *testing.T) {
	overTransports(t, func(k *kit) {
		h := k.reconnecting(newRig(k), map[option.ID]int32{option.IdleLimit: 400}, nil)
		for range 3 {
			begun := time.Now()
			h.talk()
			e := h.expectClientEvent(EventReconnecting)
			require.Equal(k, int32(fault.Silent), e.Code)
			k.onTime(begun, 400*time.Millisecond)
			h.accept()
			for e.Kind != EventReconnected {
				e = h.r.next()
			}
		}
		require.Equal(k, 3, k.number(h.client, NumMessagesWritten))
		require.Equal(k, 3, k.number(h.client, NumMessagesRead))
	})
}

// TestAnExchangeIsNotRepeated breaks the connection after the request was read.
func TestAnExchangeIsNotRepeated(t *testing.T) {
	overEnds(t, func(k *kit, end func(*Socket) error) {
		h := k.reconnecting(nil, map[option.ID]int32{option.ReconnectWait: 1, option.ReconnectKeep: 1000}, nil)
		reply := make([]byte, 100)
		for range 3 {
			done := k.start(func() error { _, err := h.client.Exchange([]byte("pay"), reply, patienceOfTests); return err })
			h.kit.expect(h.channel, "pay")
			h.settled()
			require.NoError(k, end(h.channel))
			k.fails(k.await(done), fault.Reconnecting)
			h.accept()
			answer := k.start(func() error {
				if _, err := h.channel.Read(make([]byte, 10), patienceOfTests); err != nil {
					return err
				}
				_, err := h.channel.Write([]byte("done"))
				return err
			})
			n, err := h.client.Exchange([]byte("ask"), reply, patienceOfTests) // waits for the connection
			require.NoError(k, err)
			require.Equal(k, "done", string(reply[:n]))
			require.NoError(k, k.await(answer))
		}
	})
}

// TestPausesBetweenTries checks that no try is early and none too late.
func TestPausesBetweenTries(t *testing.T) {
	overQueues(t, func(r *rig) {
		h := r.reconnecting(r, map[option.ID]int32{option.ReconnectFirst: 100, option.ReconnectMost: 300, option.ReconnectTries: 5}, nil)
		require.NoError(r, h.server.Close())
		begun := time.Now() // an event may be told late, and the next one in time: all is measured from here
		require.NoError(r, h.channel.Close())
		due := time.Duration(0)
		for i, pause := range []time.Duration{100, 200, 300, 300, 300} {
			e := h.expectClientEvent(EventReconnecting)
			require.Equal(r, int32(i+1), e.Value)
			if i > 0 {
				require.Equal(r, int32(r.refusal()), e.Code)
				assert.GreaterOrEqual(r, time.Since(begun), due, "try %d is early", i+1)
			}
			due += pause * time.Millisecond
		}
		e := h.expectClientEvent(EventError)
		require.Equal(r, int32(r.refusal()), e.Code)
		r.onTime(begun, due) // chance adds up to half of it, which is less than the tolerance
		r.readFails(h.client, forever, r.refusal())
		_, err := h.client.Write([]byte("x"))
		r.fails(err, r.refusal())
		require.Equal(r, StateReset, h.client.State())
		require.Equal(r, r.refusal(), h.client.Why().Code)
		h.listen()
		r.silent()
	})
}

func TestPauseDoublesAndIsLeftToChance(t *testing.T) {
	o := option.Defaults()
	for try, base := range map[int]time.Duration{1: 200, 2: 400, 3: 800, 7: 12800, 8: 25600, 9: 30000, 100000: 30000} {
		least, largest := time.Hour, time.Duration(0)
		for range 200 {
			p := backoff(&o, try)
			least, largest = min(least, p), max(largest, p)
		}
		base *= time.Millisecond
		require.GreaterOrEqual(t, least, base)
		require.LessOrEqual(t, largest, base+base/2)
		require.Greater(t, largest-least, base/4, "chance")
	}
}

// TestKeptMessagesArrive writes while the connection is up, down, and up again.
func TestKeptMessagesArrive(t *testing.T) {
	overTransports(t, func(k *kit) {
		h := k.reconnecting(newRig(k), map[option.ID]int32{option.ReconnectKeep: 1000}, must(k, inMode(frame.EndTag, "\n")))
		require.NoError(k, h.channel.SetMode(frame.EndTag, []byte("\n")))
		h.write(h.client, "0")
		h.kit.expect(h.channel, "0")
		h.settled()
		require.NoError(k, h.server.Close())
		require.NoError(k, h.channel.Abort())
		h.expectClientEvent(EventReconnecting)
		for i := 1; i <= 100; i++ {
			h.write(h.client, strconv.Itoa(i))
		}
		_, err := h.client.Write([]byte(strings.Repeat("x", 1000)))
		k.fails(err, fault.Full)
		h.listen()
		h.accept()
		require.NoError(k, h.channel.SetMode(frame.EndTag, []byte("\n")))
		for i := 1; i <= 100; i++ {
			h.kit.expect(h.channel, strconv.Itoa(i))
		}
		for reported := 0; ; reported++ {
			e := h.r.next()
			if e.Kind == EventReconnected {
				break
			}
			if e.Kind == EventUnsure {
				require.Equal(k, int32(1), e.Value)
				require.Equal(k, int32(1), e.Detail)
			}
		}
		h.expectClientEvent(EventWritable)
		h.write(h.client, "and on")
		h.kit.expect(h.channel, "and on")
	})
}

// TestWhatIsDroppedIsTold writes to a peer that does not read, which is reset.
func TestWhatIsDroppedIsTold(t *testing.T) {
	overTransports(t, func(k *kit) {
		h := k.reconnecting(newRig(k), map[option.ID]int32{option.SendQueue: 64 << 20}, nil)
		h.talk()
		msg := make([]byte, 10_000)
		written := 1
		for range 2000 {
			_, err := h.client.Write(msg)
			require.NoError(k, err)
			written++
		}
		require.NoError(k, h.channel.Abort())
		reported := h.expectClientEvent(EventReconnecting)
		require.Equal(k, int32(fault.Reset), reported.Code)
		dropped := h.expectClientEvent(EventDropped)
		require.Equal(k, int32(fault.Reconnecting), dropped.Code)
		require.Equal(k, int32(written), dropped.Detail+dropped.Value-1, "up to the last one")
		unsure := h.expectClientEvent(EventUnsure)
		require.Equal(k, dropped.Detail, unsure.Detail+unsure.Value, "one behind the other")
		require.LessOrEqual(k, unsure.Detail, int32(2))
		require.Less(k, int(unsure.Value), resendlog.MaxPeerUnread/len(msg)+20)
		f, err := h.client.Statistics()
		require.NoError(k, err)
		require.Equal(k, int64(dropped.Value), f[stats.Dropped])
		h.accept()
		h.expectUp()
		h.talk()
	})
}

// expectUp is expectReconnected after the first try was told.
func (h *reconnecting) expectUp() {
	h.Helper()
	for {
		e := h.r.next()
		if e.Kind == EventReconnected {
			return
		}
		require.Equal(h, EventReconnecting, e.Kind)
	}
}

// TestPartsOfMessagesGoWithTheConnection checks that whole messages stay.
func TestPartsOfMessagesGoWithTheConnection(t *testing.T) {
	overTransports(t, func(k *kit) {
		h := k.reconnecting(newRig(k), nil, must(k, inMode(frame.Size, "")))
		require.NoError(k, h.channel.SetMode(frame.Raw, nil))
		h.write(h.channel, "3\r\none3\r\ntwo10\r\nthr")
		h.r.expectEvent(h.client, EventMessage)
		h.r.expectEvent(h.client, EventMessage)
		require.NoError(k, h.channel.Abort())
		h.accept()
		h.expectReconnected()
		h.r.take(h.client, "one")
		h.r.take(h.client, "two")
		h.talk()
		h.r.silent()
	})
}

// TestMessagesBehindNoiseOutliveTheirConnection checks that noise is no end of them.
func TestMessagesBehindNoiseOutliveTheirConnection(t *testing.T) {
	overTransports(t, func(k *kit) {
		h := k.reconnecting(newRig(k), nil, must(k, inMode(frame.Markers, "")))
		require.NoError(k, h.channel.SetMode(frame.Raw, nil))
		h.write(h.channel, "\x02one\x03noise\x02two\x03\x02thr")
		h.r.expectEvent(h.client, EventMessage)
		require.NoError(k, h.channel.Abort())
		h.accept()
		h.expectReconnected()
		h.r.take(h.client, "one")
		require.Equal(k, int32(5), h.r.expectEvent(h.client, EventNoise).Value)
		h.r.expectEvent(h.client, EventMessage)
		h.r.take(h.client, "two")
		require.NoError(k, h.channel.SetMode(frame.Markers, nil))
		h.talk()
	})
}

// TestLongRowsOfMessagesOutliveTheirConnection has more of them than are told at once.
func TestLongRowsOfMessagesOutliveTheirConnection(t *testing.T) {
	overEnds(t, func(k *kit, end func(*Socket) error) {
		h := k.reconnecting(newRig(k), nil, nil)
		const many = 3 * maxUnreadEvents
		for i := range many {
			h.write(h.channel, strconv.Itoa(i))
		}
		k.eventually(func() bool {
			return transport.Acknowledged(h.channel.stream.Load().conn) == h.channel.stream.Load().conn.WritePos()
		}, "all is there")
		require.NoError(k, h.channel.CloseWrite(patienceOfTests))
		require.NoError(k, end(h.channel))
		got, up := 0, false
		for got < many || !up {
			switch e := h.r.next(); e.Kind {
			case EventMessage:
				h.r.take(h.client, strconv.Itoa(got))
				got++
			case EventReconnected:
				up = true
			case EventReconnecting: // the messages that were told of can be read later
				h.accept()
			default:
				require.Equal(k, EventUnsure, e.Kind)
			}
		}
		h.talk()
	})
}

// TestReconnectingIsClosedInEachPhase checks that nothing is left.
func TestReconnectingIsClosedInEachPhase(t *testing.T) {
	closings := map[string]func(*kit, *Socket){
		"close": func(k *kit, s *Socket) { require.NoError(k, s.Close()) },
		"abort": func(k *kit, s *Socket) { require.NoError(k, s.Abort()) },
		"graceful": func(k *kit, s *Socket) {
			if err := s.CloseAndWait(patienceOfTests); err != nil { // else it was there again in time
				k.fails(err, fault.Reset)
			}
		},
		"all": func(k *kit, _ *Socket) { k.lib.CloseAll() },
	}
	phases := map[string]func(h *reconnecting){
		"pause": func(h *reconnecting) { require.NoError(h, h.client.SetOption(option.ReconnectFirst, 3600_000)) },
		"try":   func(h *reconnecting) { require.NoError(h, h.client.SetOption(option.ReconnectFirst, 1)) },
	}
	for name, closing := range closings {
		for phase, prepare := range phases {
			t.Run(name+" "+phase, func(t *testing.T) {
				overTransports(t, func(k *kit) {
					h := k.reconnecting(newRig(k), map[option.ID]int32{option.ReconnectMost: 3600_000, option.ReconnectKeep: 1 << 20, option.ReconnectWait: 1}, nil)
					prepare(h)
					require.NoError(k, h.server.Close())
					hole, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", h.port)) // connects, and is silent
					for errors.Is(err, net.ErrClosed) {
						hole, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", h.port))
					}
					if err == nil {
						defer hole.Close()
					}
					require.NoError(k, h.channel.Abort())
					h.expectClientEvent(EventReconnecting)
					h.write(h.client, "kept")
					require.NoError(k, h.client.Detach())
					waiting := k.start(func() error { _, err := h.client.Read(make([]byte, 10), forever); return err })
					if phase == "try" {
						time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
					}
					closing(k, h.client)
					if err := k.await(waiting); fault.CodeOf(err) != fault.Handle { // it had begun
						k.fails(err, fault.Closed)
					}
					k.eventually(func() bool { n, _ := k.lib.Number(NumGoroutines); return n == 0 }, "no task")
				})
			})
		}
	}
}

// TestACertificateThatIsRefusedEndsReconnecting changes the server's certificate.
func TestACertificateThatIsRefusedEndsReconnecting(t *testing.T) {
	for _, tr := range rows() {
		if tr.tls == 0 {
			continue
		}
		t.Run(tr.name, func(t *testing.T) {
			k := newKit(t, tr)
			h := k.reconnecting(newRig(k), map[option.ID]int32{option.ReconnectKeep: 1000}, nil)
			require.NoError(k, h.client.SetText(option.TextSSLServerName, "other.example"))
			h.write(h.client, "x")
			h.kit.expect(h.channel, "x")
			h.settled()
			require.NoError(k, h.channel.Abort())
			h.expectClientEvent(EventReconnecting)
			h.write(h.client, "kept")
			for {
				e := h.r.next()
				if e.Kind == EventDropped {
					require.Equal(k, int32(1), e.Value)
					require.Equal(k, int32(2), e.Detail)
					break
				}
				require.Contains(k, []EventKind{EventReconnecting, EventUnsure}, e.Kind)
			}
			e := h.expectClientEvent(EventError)
			require.Equal(k, int32(fault.TLSWrongHost), e.Code)
			k.readFails(h.client, forever, fault.TLSWrongHost)
		})
	}
}

func TestAnEndOfThisProgramsDoingDoesNotReconnect(t *testing.T) {
	overTransports(t, func(k *kit) {
		h := k.reconnecting(newRig(k), nil, nil)
		require.NoError(k, h.client.CloseWrite(patienceOfTests))
		require.NoError(k, h.channel.Close())
		h.expectClientEvent(EventPeerClosed)
		h.r.silent()
	})
	overTransports(t, func(k *kit) { // switched off while it is down
		h := k.reconnecting(newRig(k), nil, nil)
		require.NoError(k, h.server.Close())
		require.NoError(k, h.channel.Close())
		h.expectClientEvent(EventReconnecting)
		require.NoError(k, h.client.SetOption(option.Reconnect, 0))
		for {
			e := h.r.next()
			if e.Kind == EventError {
				break
			}
			require.Equal(k, EventReconnecting, e.Kind)
		}
		h.r.silent()
	})
}

func TestReconnectMayBeSetLater(t *testing.T) {
	overTransports(t, func(k *kit) {
		r := newRig(k)
		server, port := k.listen(nil)
		client := k.connect(port, nil)
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		k.write(client, "one")
		k.expect(channel, "one")
		require.NoError(k, client.SetOption(option.Reconnect, 1))
		require.NoError(k, client.SetOption(option.ReconnectKeep, 100))
		k.write(client, "two")
		k.expect(channel, "two")
		(&reconnecting{kit: k, client: client}).settled()
		r.attach(client, false)
		require.NoError(k, channel.Abort())
		r.expectEvent(client, EventReconnecting)
		e := r.expectEvent(client, EventUnsure)
		require.Equal(k, [2]int32{1, 2}, [2]int32{e.Value, e.Detail})
		r.expectEvent(client, EventReconnected)
		channel, err = server.Accept(patienceOfTests, nil)
		require.NoError(k, err)
		k.write(client, "three")
		k.expect(channel, "three")
	})
}

// TestNoMessageIsLostUnreported writes numbers from several threads while the
// connection is cut again and again.
func TestNoMessageIsLostUnreported(t *testing.T) {
	for _, keep := range []int32{0, 20_000} {
		t.Run(fmt.Sprintf("keep %d", keep), func(t *testing.T) {
			overTransports(t, func(k *kit) {
				r := newRig(k)
				h := k.reconnecting(r, map[option.ID]int32{option.ReconnectKeep: keep, option.ReconnectWait: 1, option.ReconnectFirst: 1, option.ReconnectMost: 5},
					must(k, inMode(frame.EndTag, "\n")))
				newStorm(h).run()
			})
		})
	}
}

// storm is a client that writes numbers, and a server that cuts it off.
type storm struct {
	*reconnecting
	accepted int            // messages taken
	number   map[string]int // by text
	read     map[string]int // times that the server read it
	reported map[int]bool   // numbers in events
	order    []string       // what the server read, of the present connection
	stop     chan struct{}  // the writer is to stop
	calm     chan struct{}  // the server breaks no more
}

func newStorm(h *reconnecting) *storm {
	return &storm{reconnecting: h, number: map[string]int{}, read: map[string]int{}, reported: map[int]bool{}, stop: make(chan struct{}), calm: make(chan struct{})}
}

const stormBreaks = 12

func (s *storm) run() {
	done := s.start(s.serve)
	writer := s.start(s.writeAll)
	for over := false; !over; {
		select {
		case <-s.calm:
			close(s.stop)
			require.NoError(s, s.await(writer))
			over = true
		default:
		}
		s.listenTo()
	}
	require.NoError(s, s.client.CloseAndWait(patienceOfTests))
	require.NoError(s, s.await(done))
	missing := 0
	for text, n := range s.number {
		if s.read[text] == 0 && !s.reported[n] {
			missing++
			assert.Less(s, missing, 5, "message %d is lost", n)
		}
	}
	require.Zero(s, missing)
	s.Logf("%d messages, %d reported, %d read", s.accepted, len(s.reported), len(s.read))
}

// listenTo takes the events that there are.
func (s *storm) listenTo() {
	for {
		e, ok := s.r.within(moment)
		if !ok {
			return
		}
		if e.Kind == EventDropped || e.Kind == EventUnsure {
			for i := range int(e.Value) {
				s.reported[int(e.Detail)+i] = true
			}
		}
	}
}

// writeAll writes until it is stopped. One thread: the numbers are those of its
// successes.
func (s *storm) writeAll() error {
	for i := 0; ; i++ {
		select {
		case <-s.stop:
			return nil
		default:
		}
		text := strconv.Itoa(i)
		_, err := s.client.Write([]byte(text))
		switch fault.CodeOf(err) {
		case fault.OK:
			s.accepted++
			s.number[text] = s.accepted
		case fault.Full:
			time.Sleep(time.Millisecond)
		default:
			return err
		}
	}
}

// serve reads, and now and then cuts the connection.
func (s *storm) serve() error {
	buf := make([]byte, 100)
	for breaks := 0; ; {
		if err := s.channel.SetMode(frame.EndTag, []byte("\n")); err != nil {
			return err
		}
		last := breaks >= stormBreaks
		for range rand.IntN(3000) {
			n, err := s.channel.Read(buf, patienceOfTests)
			if err != nil {
				return ignore(err, last)
			}
			s.read[string(buf[:n])]++
			s.order = append(s.order, string(buf[:n]))
		}
		if last {
			continue
		}
		breaks++
		if err := s.channel.Abort(); err != nil {
			return err
		}
		var err error
		if s.channel, err = s.server.Accept(patienceOfTests, nil); err != nil {
			return err
		}
		if breaks == stormBreaks {
			close(s.calm)
		}
		if !slices.IsSortedFunc(s.order, func(a, b string) int {
			x, _ := strconv.Atoi(a)
			y, _ := strconv.Atoi(b)
			return x - y
		}) {
			return errors.New("out of order")
		}
		s.order = s.order[:0]
	}
}

// ignore drops the orderly end of the last connection.
func ignore(err error, last bool) error {
	if last && fault.CodeOf(err) == fault.PeerClosed {
		return nil
	}
	return err
}

// A queue is closed while a connection in it breaks: the task that reconnects must not
// be the one that takes it down, which waits for the lock that the task holds.
func TestAQueueIsClosedWhileAConnectionBreaks(t *testing.T) {
	k := newKit(t, setup{direct: true})
	s, _ := plainRaw(k, nil)
	const rounds = 1000
	for range rounds {
		q, err := k.lib.NewQueue(nil)
		require.NoError(k, err)
		require.NoError(k, q.Attach(s, false))
		reg := s.registration.Load()
		closed := k.start(func() error { return q.Close() })
		left := k.start(func() error {
			if err := s.lockRead(fault.PhaseCall); err == nil {
				reg.stopWatching(s.stream.Load())
				s.unlockRead()
			}
			return nil
		})
		require.NoError(k, k.await(left))
		require.NoError(k, k.await(closed))
		k.eventually(func() bool { return s.registration.Load() == nil }, "detached")
	}
}

// TestTheReadLockOfReconnectingIsNotBusy has the task that reconnects take the
// read lock all the time: no call fails because another thread is reading.
func TestTheReadLockOfReconnectingIsNotBusy(t *testing.T) {
	k := newKit(t, transports[0])
	h := k.reconnecting(nil, nil, nil)
	s := h.client
	rc := s.reconnector.Load()
	w := s.gate.EnterTask()
	require.NotNil(t, w)
	defer w.Leave()
	var over atomic.Bool
	task := k.start(func() error {
		for !over.Load() {
			rc.acquireReadLock(w)
			rc.releaseReadLock()
		}
		return nil
	})
	for rc.readLockCount.Load() == 0 {
		runtime.Gosched()
	}
	for until := time.Now().Add(300 * time.Millisecond); time.Now().Before(until); {
		require.NoError(t, s.lockRead(fault.PhaseRead))
		s.unlockRead()
	}
	over.Store(true)
	require.NoError(t, k.await(task))
}
