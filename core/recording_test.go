package core

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
)

// recorded is what a capture has of one source's sending, by its port, and all
// comments.
func recorded(t require.TestingT, path string) (sent map[uint16][]byte, comments string) {
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	r, err := pcapgo.NewNgReader(bytes.NewReader(data), pcapgo.DefaultNgReaderOptions)
	require.NoError(t, err)
	sent = make(map[uint16][]byte)
	for {
		raw, _, options, err := r.ReadPacketDataWithOptions()
		if err == io.EOF {
			return sent, comments
		}
		require.NoError(t, err)
		comments += strings.Join(options.Comments, "\n") + "\n"
		p := gopacket.NewPacket(raw, layers.LayerTypeIPv4, gopacket.Default)
		switch l := p.TransportLayer().(type) {
		case *layers.TCP:
			sent[uint16(l.SrcPort)] = append(sent[uint16(l.SrcPort)], l.Payload...)
		case *layers.UDP:
			sent[uint16(l.SrcPort)] = append(sent[uint16(l.SrcPort)], l.Payload...)
		}
	}
}

// recordedParts is what a capture has of one source's sending, conversation by
// conversation, of which a handshake begins each.
func recordedParts(t require.TestingT, path string, port uint16) (parts []string) {
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	r, err := pcapgo.NewNgReader(bytes.NewReader(data), pcapgo.DefaultNgReaderOptions)
	require.NoError(t, err)
	for {
		raw, _, err := r.ReadPacketData()
		if err == io.EOF {
			return parts
		}
		require.NoError(t, err)
		p := gopacket.NewPacket(raw, layers.LayerTypeIPv4, gopacket.Default).TransportLayer().(*layers.TCP)
		if p.SYN && !p.ACK {
			parts = append(parts, "")
		}
		if uint16(p.SrcPort) == port {
			parts[len(parts)-1] += string(p.Payload)
		}
	}
}

// recordedPair talks over a pair that records, and gives the files it made and the
// ports.
func recordedPair(k *kit, below bool) (capture, trace string, client, channel uint16) {
	folder := k.TempDir()
	capture, trace = filepath.Join(folder, "c.pcapng"), filepath.Join(folder, "trace")
	k.record(capture, trace, below)
	c, ch := k.pair(k, func(s *Socket) { require.NoError(k, s.SetMode(frame.EndTag, []byte("\r\n"))) })
	client, channel = endPort(k, c.Local), endPort(k, c.Peer)
	p := make([]byte, 100)
	for i := range 50 {
		_, err := c.Write(fmt.Appendf(nil, "question %d", i))
		require.NoError(k, err)
		_, err = ch.Read(p, patienceOfTests)
		require.NoError(k, err)
		_, err = ch.Write(fmt.Appendf(nil, "answer %d", i))
		require.NoError(k, err)
		_, err = c.Read(p, patienceOfTests)
		require.NoError(k, err)
	}
	require.NoError(k, c.Close())
	_, err := ch.Read(p, patienceOfTests)
	require.ErrorIs(k, err, fault.PeerClosed)
	k.lib.CloseAll()
	return capture, trace, client, channel
}

func endPort(k *kit, of func() (endpoint.Addr, error)) uint16 {
	end, err := of()
	require.NoError(k, err)
	return end.Port()
}

func TestAConnectionIsRecorded(t *testing.T) {
	overTransports(t, func(k *kit) {
		if k.masked || k.faults != "" {
			k.lib.Lower, k.lib.Upper = nil, nil
		}
		capture, trace, client, channel := recordedPair(k, false)
		var questions, answers string
		for i := range 50 {
			questions += fmt.Sprintf("question %d\r\n", i)
			answers += fmt.Sprintf("answer %d\r\n", i)
		}
		sent, comments := recorded(k, capture)
		if k.below {
			assert.Equal(k, byte(22), sent[client][0], "a record of TLS")
			assert.NotContains(k, string(sent[client]), "question")
		} else { // both ends record, into one file
			assert.Equal(k, 2*len(questions), len(sent[client]))
			assert.Equal(k, 2*len(answers), len(sent[channel]))
			assert.True(k, bytes.HasPrefix(sent[client], []byte("question 0\r\n")))
		}
		assert.Contains(k, comments, `socket "test" `)
		text, err := os.ReadFile(trace)
		require.NoError(k, err)
		for _, line := range []string{"  connected\n", "  accepted\n", "message sent, 11 bytes: question 49\n", "message received, 11 bytes: question 49\n",
			"message received, 9 bytes: answer 49\n", "closed\n"} {
			assert.True(k, strings.Contains(string(text), line), line)
		}
		// Below TLS nothing is read behind its end.
		assert.Equal(k, !k.below, strings.Contains(string(text), "the peer has ended its sending\n"))
		for _, what := range []string{"message sent, ", "message received, "} {
			assert.Equal(k, 100, strings.Count(string(text), what), what)
		}
		assert.Equal(k, k.tls != 0, strings.Contains(string(text), "TLS is there: TLS 1."))
	})
}

// Recording is switched on while a call waits for input, to another file, and off
// again: the files have what passed meanwhile, and nothing twice.
func TestRecordingIsSwitchedWhileOpen(t *testing.T) {
	inBothKinds := func(k *kit, f func(client, channel *Socket, read func() <-chan string)) {
		client, channel := k.pair(k, func(s *Socket) { require.NoError(k, s.SetMode(frame.EndTag, []byte(";"))) })
		f(client, channel, func() <-chan string {
			got := make(chan string, 1)
			k.busy.Go(func() {
				p := make([]byte, 100)
				n, err := client.Read(p, patienceOfTests)
				assert.NoError(k, err)
				got <- string(p[:n])
			})
			k.eventually(client.readLock.Load, "it waits")
			return got
		})
	}
	overTransports(t, func(k *kit) {
		if k.setup.record {
			k.setup.record = false
			for _, id := range []option.TextID{option.TextCaptureFile, option.TextTraceFile} {
				require.NoError(k, k.lib.SetText(id, ""))
			}
		}
		folder := k.TempDir()
		capture, other, trace := filepath.Join(folder, "a.pcapng"), filepath.Join(folder, "b.pcapng"), filepath.Join(folder, "trace")
		inBothKinds(k, func(client, channel *Socket, read func() <-chan string) {
			set := func(id option.TextID, path string) { require.NoError(k, client.SetText(id, path)) }
			p := make([]byte, 100)
			talk := func(word string, during func()) {
				got := read()
				during()
				_, err := channel.Write([]byte(word + " answer"))
				require.NoError(k, err)
				require.Equal(k, word+" answer", <-got)
				_, err = client.Write([]byte(word + " question"))
				require.NoError(k, err)
				n, err := channel.Read(p, patienceOfTests)
				require.NoError(k, err)
				require.Equal(k, word+" question", string(p[:n]))
			}
			talk("zero", func() {})
			talk("one", func() {
				set(option.TextCaptureFile, capture)
				set(option.TextTraceFile, trace)
			})
			talk("two", func() { set(option.TextTraceFile, "") })
			talk("three", func() { set(option.TextCaptureFile, other) })
			talk("four", func() { set(option.TextCaptureFile, "") })
			require.Nil(k, client.stream.Load().recording.recorder())
			if k.exact { // the quick way again
				done, err := client.writeQuick([]byte("quick"))
				require.NoError(k, err)
				require.True(k, done)
				_, err = channel.Read(p, patienceOfTests)
				require.NoError(k, err)
			}
			talk("five", func() { set(option.TextCaptureFile, capture) })
			mine, theirs := endPort(k, client.Local), endPort(k, client.Peer)
			require.NoError(k, client.Close())
			k.lib.CloseAll()
			if k.below {
				for _, part := range recordedParts(k, capture, mine) {
					assert.Equal(k, "\x17\x03\x03", part[:3], "a record of TLS")
				}
				return
			}
			assert.Equal(k, []string{"one question;two question;", "five question;"}, recordedParts(k, capture, mine))
			assert.Equal(k, []string{"one answer;two answer;", "five answer;"}, recordedParts(k, capture, theirs))
			assert.Equal(k, []string{"three question;"}, recordedParts(k, other, mine))
			assert.Equal(k, []string{"three answer;"}, recordedParts(k, other, theirs))
			text, err := os.ReadFile(trace)
			require.NoError(k, err)
			for line, n := range map[string]int{"recording begins; the connection was there already\n": 1, "message received, 10 bytes: one answer\n": 1,
				"message sent, 12 bytes: one question\n": 1, "two answer": 0, "recording ends; the connection goes on\n": 1, "closed\n": 0} {
				assert.Equal(k, n, strings.Count(string(text), line), line)
			}
			assert.Equal(k, k.tls != 0, strings.Contains(string(text), "TLS is there: TLS 1."))
		})
	})
}

func TestDatagramsAreRecorded(t *testing.T) {
	bothWaits(t, func(k *kit) {
		path := filepath.Join(k.TempDir(), "c.pcapng")
		k.record(path, path+".txt", false)
		a, b := k.lib.NewSocket("a"), k.lib.NewSocket("b")
		for _, s := range []*Socket{a, b} {
			require.NoError(k, s.Open(KindUDP, 0, 0, "127.0.0.1", 0))
		}
		_, err := a.WriteTo([]byte("datagram"), "127.0.0.1", portOf(k, b))
		require.NoError(k, err)
		_, err = b.ReadFrom(make([]byte, 100), patienceOfTests, nil)
		require.NoError(k, err)
		port := portOf(k, a)
		k.lib.CloseAll()
		sent, comments := recorded(k, path)
		assert.Equal(k, "datagramdatagram", string(sent[uint16(port)]))
		assert.Contains(k, comments, `socket "a" udp`+"\n")
		assert.Contains(k, comments, `socket "b" udp`+"\n")
		text, err := os.ReadFile(path + ".txt")
		require.NoError(k, err)
		assert.Contains(k, string(text), "datagram sent, 8 bytes")
		assert.Contains(k, string(text), "datagram received, 8 bytes")
	})
}

func TestWhatIsNotConnectedIsTraced(t *testing.T) {
	bothWaits(t, func(k *kit) {
		path := filepath.Join(k.TempDir(), "trace")
		s := k.lib.NewSocket("lost")
		require.NoError(k, s.SetText(option.TextTraceFile, path))
		ln, port := k.listen(nil)
		require.NoError(k, ln.Close())
		require.ErrorIs(k, k.open(s, KindClient, 0, port, patienceOfTests), fault.Refused)
		k.lib.CloseAll()
		text, err := os.ReadFile(path)
		require.NoError(k, err)
		assert.Regexp(k, `Z "lost" client - -> 127\.0\.0\.1:\d+  not connected: .*127\.0\.0\.1:\d+.*\n$`, string(text))
	})
}

// A capture that has come to its size, or whose folder is gone, never fails a call.
func TestRecordingNeverFailsACall(t *testing.T) {
	bothWaits(t, func(k *kit) {
		log := filepath.Join(k.TempDir(), "log")
		require.NoError(k, k.lib.SetText(option.TextLogFile, log))
		defer k.lib.SetText(option.TextLogFile, "")
		require.NoError(k, k.lib.SetOption(option.CaptureSize, 65536))
		size, err := k.lib.Option(option.CaptureSize)
		require.NoError(k, err)
		assert.EqualValues(k, 65536, size)
		path := filepath.Join(k.TempDir(), "c.pcapng")
		client, channel := k.pair(k, func(s *Socket) {
			require.NoError(k, s.SetText(option.TextCaptureFile, path))
			require.NoError(k, s.SetMode(frame.Raw, nil))
		})
		block, p := make([]byte, 10_000), make([]byte, 20_000)
		for range 20 {
			_, err := client.Write(block)
			require.NoError(k, err)
			for got := 0; got < len(block); {
				n, err := channel.Read(p, patienceOfTests)
				require.NoError(k, err)
				got += n
			}
		}
		k.lib.CloseAll()
		info, err := os.Stat(path)
		require.NoError(k, err)
		assert.LessOrEqual(k, info.Size(), int64(65536))
		require.True(k, k.lib.journal.Flush(patienceOfTests))
		text, err := os.ReadFile(log)
		require.NoError(k, err)
		assert.Equal(k, 1, strings.Count(string(text), "the capture has reached its size and ends"))
	})
}

func TestFilesThatCannotBeRecordedInto(t *testing.T) {
	k := newKit(t, transports[0])
	folder := k.TempDir()
	s := k.socket(nil)
	for _, id := range []option.TextID{option.TextCaptureFile, option.TextTraceFile} {
		require.ErrorIs(k, s.SetText(id, folder), fault.Access)
		require.ErrorIs(k, k.lib.SetText(id, filepath.Join(folder, "no", "such")), fault.System)
		value, err := s.Text(id)
		require.NoError(k, err)
		assert.Empty(k, value)
	}
	require.ErrorIs(k, s.SetText(option.TextFaults, "delay=x"), fault.Argument)
	require.NoError(k, s.SetText(option.TextFaults, " seed=4"))
	value, err := s.Text(option.TextFaults)
	require.NoError(k, err)
	assert.Equal(k, " seed=4", value)
	require.NoError(k, k.lib.RecordAll(filepath.Join(folder, "a.PCAPNG")))
	require.NoError(k, k.lib.RecordAll(filepath.Join(folder, "a.txt")))
	for id, name := range map[option.TextID]string{option.TextCaptureFile: "a.PCAPNG", option.TextTraceFile: "a.txt"} {
		value, err := k.lib.Text(id)
		require.NoError(k, err)
		assert.Equal(k, filepath.Join(folder, name), value)
	}
}

// What is injected is what the program meets.
func TestInjectedFaults(t *testing.T) {
	over := func(name string, tls bool, faults string, f func(k *kit, client, channel *Socket)) {
		tr := setup{name: name, faults: "", direct: true, pair: plainPair, raw: plainRaw}
		if tls {
			tr.tls = tlslayer.TLS13
		}
		t.Run(fmt.Sprintf("%s, TLS %v", name, tls), func(t *testing.T) {
			k := newKit(t, tr)
			server, port := k.listen(func(s *Socket) { require.NoError(k, s.SetMode(frame.Raw, nil)) })
			client := k.connect(port, func(s *Socket) {
				require.NoError(k, s.SetMode(frame.Raw, nil))
				require.NoError(k, s.SetText(option.TextFaults, faults))
			})
			channel, err := server.Accept(patienceOfTests, nil)
			require.NoError(k, err)
			f(k, client, channel)
		})
	}
	p := make([]byte, 1000)
	for _, tls := range []bool{false, true} {
		over("pieces", tls, "receive:partial=1 at=top", func(k *kit, client, channel *Socket) {
			_, err := channel.Write([]byte("abc"))
			require.NoError(k, err)
			for i := range 3 {
				n, err := client.Read(p, patienceOfTests)
				require.NoError(k, err)
				assert.Equal(k, "abc"[i:i+1], string(p[:n]))
			}
		})
		over("a delay", tls, "send:delay=30 receive:delay=30 at=top", func(k *kit, client, channel *Socket) {
			began := time.Now()
			_, err := client.Write([]byte("there"))
			require.NoError(k, err)
			n, err := channel.Read(p, patienceOfTests)
			require.NoError(k, err)
			assert.Equal(k, "there", string(p[:n]))
			assert.GreaterOrEqual(k, time.Since(began), 30*time.Millisecond)
			_, err = channel.Write([]byte("back"))
			require.NoError(k, err)
			n, err = client.Read(p, patienceOfTests)
			require.NoError(k, err)
			assert.Equal(k, "back", string(p[:n]))
			assert.GreaterOrEqual(k, time.Since(began), 60*time.Millisecond)
		})
		over("a stall", tls, "receive:stall=2 at=top", func(k *kit, client, channel *Socket) {
			_, err := channel.Write([]byte("abc"))
			require.NoError(k, err)
			n, err := client.Read(p, patienceOfTests)
			require.NoError(k, err)
			assert.Equal(k, "ab", string(p[:n]))
			for range 2 {
				_, err = client.Read(p, moment)
				require.ErrorIs(k, err, fault.Timeout)
			}
		})
		over("a cut of what is sent", tls, "send:cut=3 at=top", func(k *kit, client, channel *Socket) {
			client.Write([]byte("abcdef"))
			var got []byte
			for {
				n, err := channel.Read(p, patienceOfTests)
				if err != nil {
					require.ErrorIs(k, err, fault.Reset)
					break
				}
				got = append(got, p[:n]...)
			}
			assert.True(k, bytes.HasPrefix([]byte("abc"), got), "%q", got)
			_, err := client.Write([]byte("more"))
			require.Error(k, err)
		})
		over("a cut of what is received", tls, "receive:cut=3 at=top", func(k *kit, client, channel *Socket) {
			_, err := channel.Write([]byte("abcdef"))
			require.NoError(k, err)
			n, err := client.Read(p, patienceOfTests)
			require.NoError(k, err)
			assert.Equal(k, "abc", string(p[:n]))
			_, err = client.Read(p, patienceOfTests)
			require.ErrorIs(k, err, fault.Reset)
		})
		over("damage", tls, "receive:corrupt=1 at=top", func(k *kit, client, channel *Socket) {
			_, err := channel.Write([]byte("abc"))
			require.NoError(k, err)
			n, err := client.Read(p, patienceOfTests)
			require.NoError(k, err)
			assert.Equal(k, 3, n)
			assert.NotEqual(k, "abc", string(p[:n]))
		})
	}
	over("what is late leaves before the end", false, "send:delay=20000", func(k *kit, client, channel *Socket) {
		_, err := client.Write([]byte("late"))
		require.NoError(k, err)
		require.NoError(k, client.Close())
		n, err := channel.Read(p, patienceOfTests)
		require.NoError(k, err)
		assert.Equal(k, "late", string(p[:n]))
		_, err = channel.Read(p, patienceOfTests)
		require.ErrorIs(k, err, fault.PeerClosed)
	})
}

// TLS notices what is damaged below it.
func TestDamageBelowTLS(t *testing.T) {
	k := newKit(t, setup{name: "TLS", tls: tlslayer.TLS13, pair: plainPair, raw: plainRaw})
	server, port := k.listen(nil)
	client := k.socket(func(s *Socket) { require.NoError(k, s.SetText(option.TextFaults, "receive:corrupt=1")) })
	require.Error(k, k.open(client, KindClient, LayerTLS, port, patienceOfTests))
	require.NoError(k, server.Close())
}

// What the host's side collected by itself would not be in a trace.
func TestNothingIsLentWithATrace(t *testing.T) {
	k := newKit(t, setup{direct: true, pair: plainPair, raw: plainRaw})
	d := &fakeFastPath{}
	k.lends(d)
	path := filepath.Join(t.TempDir(), "trace")
	require.NoError(t, k.lib.SetText(option.TextTraceFile, path))
	client, channel := k.pair(k, coalescing(k, longest))
	channel.SetID(7)
	for i := range 20 {
		require.NoError(t, d.write(channel, fmt.Sprint(i)))
	}
	assert.Zero(t, d.loans(Outgoing))
	for i := range 20 {
		k.expect(client, fmt.Sprint(i))
	}
	k.lib.CloseAll()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, 20, strings.Count(string(text), "message sent, "))
	assert.Equal(t, 20, strings.Count(string(text), "message received, "))
}
