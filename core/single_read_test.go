package core

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/mem"
	"wdsocket/core/option"
)

// singly connects a channel, in a mode where there are several, with a peer.
func (k *kit) singly(mode frame.Mode) (*Socket, *peer) {
	k.Helper()
	if k.websocket {
		mode = frame.Raw
	}
	return k.raw(k, must(k, inMode(mode, "")))
}

func (k *kit) exactly(s *Socket, want string) {
	k.Helper()
	got := make([]byte, len(want)+1)
	n, err := s.ReadExactly(got[:len(want)], len(want), patienceOfTests)
	require.NoError(k, err)
	require.Equal(k, want, string(got[:n]))
	require.Zero(k, got[len(want)], "nothing is written behind it")
}

func (k *kit) until(s *Socket, tag, want string) {
	k.Helper()
	got := make([]byte, len(want)+10)
	n, err := s.ReadUntil(got, []byte(tag), patienceOfTests)
	require.NoError(k, err)
	require.Equal(k, want, string(got[:n]))
}

// Single reads take what is asked for in every mode, which they leave as it is: the
// messages behind it are read in it.
func TestSingleReads(t *testing.T) {
	overTransports(t, func(k *kit) {
		for _, mode := range frame.Modes() {
			if k.websocket && mode != frame.Raw {
				continue
			}
			s, p := k.singly(mode)
			p.send("HEAD:a line\r\n\r\n123tail5\r\nwhole" + "\x1a")
			k.exactly(s, "HEAD:")
			k.until(s, "\r\n", "a line")
			k.until(s, "\r\n", "")
			k.exactly(s, "123")
			k.until(s, "il", "ta")
			told, err := s.Option(option.Mode)
			require.NoError(k, err)
			require.EqualValues(k, mode, told)
			switch mode {
			case frame.Size:
				k.expect(s, "whole")
				k.exactly(s, "\x1a")
			case frame.EndTag:
				k.expect(s, "5\r\nwhole")
			default:
				k.exactly(s, "5\r\nwhole\x1a")
			}
			require.NoError(k, s.Close())
		}
	})
}

func TestSingleReadsAtTheEdges(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.singly(frame.Size)
		n, err := s.ReadExactly([]byte{}, 0, atOnce)
		require.NoError(k, err, "of nothing, at once")
		require.Zero(k, n)
		buf := make([]byte, 100)
		_, err = s.ReadExactly(buf, 5, moment)
		k.fails(err, fault.Timeout)
		assert.ErrorContains(k, err, "nothing came")
		_, err = s.ReadUntil(buf, []byte("\r\n"), moment)
		k.fails(err, fault.Timeout)
		p.send("abc")
		k.eventually(func() bool {
			_, err = s.ReadExactly(buf, 5, atOnce)
			k.fails(err, fault.Timeout)
			return strings.Contains(err.Error(), "3 of the 5 bytes")
		}, "what there is")
		_, err = s.ReadUntil(buf, []byte(";"), atOnce)
		k.fails(err, fault.Timeout)
		assert.ErrorContains(k, err, "3 bytes came")
		p.send("de;fg")
		n, err = s.ReadExactly(nil, 5, patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, 5, n, "it is asked only")
		n, err = s.ReadUntil(nil, []byte(";"), patienceOfTests)
		require.NoError(k, err)
		require.Equal(k, 5, n)
		_, err = s.ReadUntil(buf[:4], []byte(";"), patienceOfTests)
		k.fails(err, fault.Buffer)
		k.until(s, ";", "abcde")
		k.exactly(s, "fg")
		_, err = s.ReadExactly(buf, 17<<20, patienceOfTests)
		k.fails(err, fault.TooLong)
	})
}

const atOnce = 0

// However the bytes come, each is looked at once.
func TestSingleReadsByteByByte(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.singly(frame.Raw)
		text := digits(300) + "<end>" + digits(50)
		sent := k.start(func() error {
			for i := range len(text) {
				p.send(text[i : i+1])
			}
			return nil
		})
		buf, n, err := make([]byte, 400), 0, error(nil)
		k.eventually(func() bool { // of many calls that do not wait
			n, err = s.ReadUntil(buf, []byte("<end>"), atOnce)
			return err == nil
		}, "the tag")
		require.Equal(k, digits(300), string(buf[:n]))
		k.exactly(s, digits(50))
		require.NoError(k, k.await(sent))
	})
}

// What is long is received straight into the reader's memory, and kept when that is
// interrupted.
func TestLongSingleReads(t *testing.T) {
	overTransports(t, func(k *kit) {
		for _, mode := range []frame.Mode{frame.Raw, frame.Size} {
			s, p := k.singly(mode)
			long := digits(300 << 10)
			p.send(long[:100])
			k.exactly(s, long[:50])
			_, err := s.ReadExactly(make([]byte, len(long)), len(long)-50, moment)
			k.fails(err, fault.Timeout)
			sent := k.start(func() error {
				p.send(long[100:200000])
				return nil
			})
			k.eventually(func() bool {
				_, err := s.ReadExactly(make([]byte, len(long)), len(long)-50, moment)
				k.fails(err, fault.Timeout)
				return k.number(s, NumBuffered) == 200000-50
			}, "what came is kept")
			require.NoError(k, k.await(sent))
			sent = k.start(func() error {
				p.send(long[200000:] + "x;")
				return nil
			})
			k.exactly(s, long[50:])
			k.until(s, ";", "x")
			require.NoError(k, k.await(sent))
			require.NoError(k, s.Close())
		}
	})
}

// The end in the middle is told, and what came before it can be read.
func TestTheEndInsideASingleRead(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.singly(frame.Size)
		p.send("rest")
		require.NoError(k, p.Close())
		for range 2 {
			_, err := s.ReadExactly(make([]byte, 10), 10, patienceOfTests)
			k.fails(err, fault.PeerClosed)
			assert.ErrorContains(k, err, "4 of the 10 bytes")
			_, err = s.ReadUntil(make([]byte, 10), []byte("\n"), patienceOfTests)
			k.fails(err, fault.PeerClosed)
		}
		require.Equal(k, 4, k.number(s, NumBuffered))
		k.exactly(s, "rest")
		_, err := s.ReadExactly(make([]byte, 10), 1, patienceOfTests)
		k.fails(err, fault.PeerClosed)
	})
}

// A simplified server keeps the client until its rest was read, or the end told twice.
func TestSingleReadsOfASimplifiedServer(t *testing.T) {
	overTransports(t, func(k *kit) {
		mode := frame.Size
		if k.websocket {
			mode = frame.Raw
		}
		server, port := k.listen(must(k, inMode(mode, "")))
		for range 2 {
			client := k.connect(port, must(k, inMode(frame.Raw, "")))
			k.write(client, "a;rest")
			require.NoError(k, client.Close())
			k.until(server, ";", "a")
			_, err := server.ReadExactly(make([]byte, 10), 10, patienceOfTests)
			k.fails(err, fault.PeerClosed)
			k.exactly(server, "rest")
			_, err = server.ReadExactly(make([]byte, 10), 10, patienceOfTests)
			k.fails(err, fault.PeerClosed)
		}
		client := k.connect(port, must(k, inMode(frame.Raw, "")))
		k.write(client, "rest")
		require.NoError(k, client.Close())
		for range 2 {
			_, err := server.ReadUntil(make([]byte, 10), []byte(";"), patienceOfTests)
			k.fails(err, fault.PeerClosed)
		}
		_, err := server.ReadUntil(make([]byte, 10), []byte(";"), moment)
		k.fails(err, fault.Timeout)
	})
}

func TestTheLimitOfSingleReads(t *testing.T) {
	k := newKit(t, transports[0])
	s, p := k.singly(frame.Raw)
	require.NoError(k, s.SetOption(option.MaxMessage, 100))
	p.send(digits(100) + ";")
	k.until(s, ";", digits(100))
	p.send(digits(101) + ";")
	_, err := s.ReadUntil(make([]byte, 200), []byte(";"), patienceOfTests)
	k.fails(err, fault.TooLong)
	k.exactly(s, digits(100))
	k.until(s, ";", digits(101)[100:])
	_, err = s.ReadExactly(make([]byte, 101), 101, patienceOfTests)
	k.fails(err, fault.TooLong)
}

// Behind a framing error the bytes can be read, and the mode begins anew.
func TestSingleReadsBehindAFramingError(t *testing.T) {
	k := newKit(t, transports[0])
	s, p := k.singly(frame.Size)
	p.send("no length at all\n5\r\nwhole")
	k.readFails(s, patienceOfTests, fault.Frame)
	k.readFails(s, patienceOfTests, fault.Frame)
	k.until(s, "\n", "no length at all")
	k.expect(s, "whole")
}

func TestSingleReadsAreForConnections(t *testing.T) {
	k := newKit(t, transports[0])
	udp := k.socket(nil)
	require.NoError(k, udp.Open(KindUDP, 0, 0, "127.0.0.1", 0))
	_, err := udp.ReadExactly(make([]byte, 1), 1, moment)
	k.fails(err, fault.Kind)
	_, err = udp.ReadUntil(make([]byte, 1), []byte("x"), moment)
	k.fails(err, fault.Kind)
	_, err = k.socket(nil).ReadExactly(make([]byte, 1), 1, moment)
	k.fails(err, fault.NotConnected)
}

// A WebSocket with messages has no stream of bytes to read.
func TestSingleReadsOfMessagesOfAWebSocket(t *testing.T) {
	overTransports(t, func(k *kit) {
		if !k.websocket {
			return
		}
		client, channel := k.pair(k, nil)
		k.write(client, "message")
		_, err := channel.ReadExactly(make([]byte, 3), 3, moment)
		k.fails(err, fault.State)
		k.expect(channel, "message")
	})
}

// In a queue, an event comes when what was asked for is there.
func TestSingleReadsInAQueue(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.singly(frame.Raw)
		r := newRig(k)
		r.attach(s, false)
		p.send("abc")
		require.Equal(k, EventMessage, r.next().Kind)
		buf := make([]byte, 20)
		k.eventually(func() bool { return k.number(s, NumBuffered) == 3 }, "three bytes")
		_, err := s.ReadExactly(buf, 10, patienceOfTests)
		k.fails(err, fault.Timeout)
		p.send("def")
		_, told := r.within(moment)
		require.False(k, told, "too few")
		p.send("ghijkl")
		e := r.next()
		require.Equal(k, EventMessage, e.Kind)
		require.GreaterOrEqual(k, int(e.Value), 10)
		k.exactly(s, "abcdefghij")
		require.Equal(k, EventMessage, r.next().Kind, "there is more")
		k.eventually(func() bool { return k.number(s, NumBuffered) == 2 }, "two bytes")
		_, err = s.ReadUntil(buf, []byte(";"), patienceOfTests)
		k.fails(err, fault.Timeout)
		p.send(";")
		require.Equal(k, EventMessage, r.next().Kind)
		k.until(s, ";", "kl")
		p.send("end")
		require.NoError(k, p.Close())
		require.Equal(k, EventMessage, r.next().Kind)
		_, err = s.ReadExactly(buf, 10, patienceOfTests)
		for kind := EventMessage; kind == EventMessage; {
			kind = r.next().Kind
			if kind != EventMessage {
				require.Equal(k, EventPeerClosed, kind)
			}
		}
		require.Error(k, err)
		k.exactly(s, "end")
	})
}

// Messages behind a single read are told.
func TestSingleReadsBetweenMessagesInAQueue(t *testing.T) {
	k := newKit(t, transports[0])
	s, p := k.singly(frame.Size)
	r := newRig(k)
	p.send("1\r\na" + "xyz" + "1\r\nb" + "1\r\nc")
	k.eventually(func() bool { return s.stream.Load().conn.Buffered() == 15 }, "all of it")
	k.expect(s, "a")
	r.attach(s, false)
	require.Equal(k, EventError, r.next().Kind, "the letters are no length")
	k.exactly(s, "xyz")
	k.expect(s, "b")
	k.expect(s, "c")
}

// What came by two connections is never put together.
func TestSingleReadsAcrossReconnects(t *testing.T) {
	for _, wanted := range []struct {
		name string
		read func(s *Socket, p []byte) (int, error)
		send string
		get  string
	}{
		{"exactly", func(s *Socket, p []byte) (int, error) { return s.ReadExactly(p, 5, patienceOfTests) }, "12345", "12345"},
		{"until", func(s *Socket, p []byte) (int, error) { return s.ReadUntil(p, []byte(";"), patienceOfTests) }, "1234;", "1234"},
	} {
		t.Run(wanted.name, func(t *testing.T) {
			k := newKit(t, transports[0])
			h := k.reconnecting(nil, map[option.ID]int32{option.ReconnectWait: 1}, must(k, inMode(frame.Raw, "")))
			require.NoError(k, h.channel.SetMode(frame.Raw, nil))
			k.write(h.channel, "old")
			k.untilBuffered(h.client, 3)
			got := make(chan string, 1)
			reads := k.start(func() error {
				buf := make([]byte, 10)
				n, err := wanted.read(h.client, buf)
				got <- string(buf[:n])
				return err
			})
			k.untilReadLocked(h.client)
			require.NoError(k, h.channel.Abort())
			h.accept()
			require.NoError(k, h.channel.SetMode(frame.Raw, nil))
			k.write(h.channel, wanted.send)
			require.NoError(k, k.await(reads))
			require.Equal(k, wanted.get, <-got)
		})
	}
}

// Single reads of any sizes give the bytes that were sent, whatever pieces they come in.
func TestSingleReadsOfAnySize(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.singly(frame.Fixed)
		random := rand.New(rand.NewPCG(1, 2))
		var all bytes.Buffer
		var parts []string
		for i := range 100 {
			part := fmt.Sprint(i, digits(random.IntN(3*mem.SmallestBlock)))
			parts = append(parts, part)
			all.WriteString(part + "\r\n")
		}
		sent := k.start(func() error {
			for b := all.Bytes(); len(b) > 0; {
				n := min(1+random.IntN(5000), len(b))
				p.send(string(b[:n]))
				b = b[n:]
			}
			return nil
		})
		for i, part := range parts {
			if i%2 == 0 {
				k.exactly(s, part+"\r\n")
			} else {
				k.until(s, "\r\n", part)
			}
		}
		require.NoError(k, k.await(sent))
	})
}

// A heartbeat of the peer that a single read meets is bytes like the others.
func TestSingleReadsAndHeartbeats(t *testing.T) {
	k := newKit(t, transports[0])
	s, p := k.singly(frame.EndTag)
	require.NoError(k, both(inMode(frame.EndTag, ";"), withText(option.TextHeartbeat, "hb"), withInts(map[option.ID]int32{option.Heartbeat: 3600000}))(s))
	p.send("12hb;34hb;m;")
	k.exactly(s, "12")
	k.exactly(s, "hb;34")
	k.expect(s, "m")
}
