package core

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
)

// allocations counts those of f once it runs warm.
func allocations(t *testing.T, f func()) float64 {
	t.Helper()
	for range 20 {
		f()
	}
	return testing.AllocsPerRun(200, f)
}

func TestNothingIsAllocatedPerMessage(t *testing.T) {
	if raceEnabled {
		return // the detector makes pools forget on purpose
	}
	modes := []modeCase{
		{name: "size", set: inMode(frame.Size, "")},
		{name: "end tag", set: inMode(frame.EndTag, "\r\n")},
		{name: "raw", set: inMode(frame.Raw, "")},
		{name: "described lines", set: withText(option.TextFrame, "data (0D0A|0A|0D)")},
		{name: "described lengths", set: withText(option.TextFramePreset, "mysql")},
		{name: "described checks", set: withText(option.TextFrame, "02 d=data 03 crc-16/modbus(d) ; control=06 ignore=00")},
		{name: "length", set: inMode(frame.Length, "")},
		{name: "fixed", set: both(inMode(frame.Fixed, ""), withInts(map[option.ID]int32{option.FrameLength: 64}))},
	}
	for _, m := range modes {
		t.Run(m.name, func(t *testing.T) {
			k := newKit(t, setup{direct: true})
			client, channel := plainPair(k, must(k, m.set))
			msg := []byte(m.message(64))
			buf := make([]byte, 256)
			lengths := make([]int32, 4)
			assert.Zero(t, allocations(t, func() {
				if _, err := client.Write(msg); err != nil {
					panic(err)
				}
				if n, err := channel.Read(buf, patienceOfTests); err != nil || n != 64 {
					panic(err)
				}
			}), "write and read")
			assert.Zero(t, allocations(t, func() {
				if _, err := client.Write(msg); err != nil {
					panic(err)
				}
				if n, err := channel.ReadMany(buf, lengths, patienceOfTests); err != nil || n != 1 {
					panic(err)
				}
			}), "write and read many")
		})
	}
}

func TestNothingIsAllocatedPerDatagram(t *testing.T) {
	if raceEnabled {
		return
	}
	k := newKit(t, setup{direct: true})
	a, portA := k.udp(nil)
	b, portB := k.udp(nil)
	k.sendTo(b, "first", portA)
	k.expect(a, "first")
	k.sendTo(a, "first", portB)
	k.expect(b, "first")
	msg, buf := []byte("a datagram"), make([]byte, 100)
	accept := func(endpoint.Addr) error { return nil }
	assert.Zero(t, allocations(t, func() {
		if _, err := a.Write(msg); err != nil {
			panic(err)
		}
		if _, err := b.ReadFrom(buf, patienceOfTests, accept); err != nil {
			panic(err)
		}
		if _, err := b.WriteTo(msg, "127.0.0.1", portA); err != nil {
			panic(err)
		}
		if _, err := a.Read(buf, patienceOfTests); err != nil {
			panic(err)
		}
	}))
}

// BenchmarkRoundTrip is a message of 64 bytes there and back, between two
// goroutines of one process.
func BenchmarkRoundTrip(b *testing.B) {
	for _, direct := range []bool{false, true} {
		name := map[bool]string{false: "parked", true: "direct"}[direct]
		b.Run(name, func(b *testing.B) { benchmarkRoundTrip(b, direct) })
	}
}

func benchmarkRoundTrip(b *testing.B, direct bool) {
	lib := NewLibrary()
	lib.Direct = direct
	defer lib.CloseAll()
	server := lib.NewSocket("server")
	require.NoError(b, server.Open(KindServer, 0, 0, "127.0.0.1", 0))
	client := lib.NewSocket("client")
	require.NoError(b, client.Open(KindClient, 0, portOf(b, server), "127.0.0.1", patienceOfTests))
	over := make(chan struct{})
	go func() { // a simplified server's echo
		defer close(over)
		buf := make([]byte, 256)
		for {
			n, err := server.Read(buf, patienceOfTests)
			if err != nil {
				return
			}
			if _, err := server.Write(buf[:n]); err != nil {
				return
			}
		}
	}()
	msg, buf := make([]byte, 64), make([]byte, 256)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.Write(msg); err != nil {
			b.Fatal(err)
		}
		if _, err := client.Read(buf, patienceOfTests); err != nil {
			b.Fatal(err)
		}
	}
	client.Close()
	<-over
}

func TestNothingIsAllocatedByAReadThatTimesOut(t *testing.T) {
	if raceEnabled {
		return
	}
	k := newKit(t, setup{direct: true})
	client, channel := plainPair(k, must(k, inMode(frame.EndTag, "\r\n")))
	udp, _ := k.udp(nil)
	buf := make([]byte, 256)
	reads := func(s *Socket) float64 {
		return allocations(t, func() {
			if _, err := s.Read(buf, 0); fault.CodeOf(err) != fault.Timeout {
				panic(err)
			}
		})
	}
	assert.Zero(t, reads(channel), "nothing is there")
	client.SetMode(frame.Raw, nil)
	_, err := client.Write([]byte("no end"))
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		_, err := channel.Read(buf, 0)
		return strings.Contains(err.Error(), "6 bytes")
	}, patienceOfTests, time.Millisecond)
	assert.Zero(t, reads(channel), "no whole message is there")
	assert.Zero(t, reads(udp), "no datagram is there")
}

func TestATimeoutTellsWhatIsThereNow(t *testing.T) {
	k := newKit(t, setup{direct: true})
	client, channel := plainPair(k, must(k, inMode(frame.EndTag, "\r\n")))
	client.SetMode(frame.Raw, nil)
	buf := make([]byte, 256)
	for _, part := range []string{"one", "two", "six"} { // as many bytes each time, without its end
		_, err := client.Write([]byte(part))
		require.NoError(t, err)
		require.Eventually(t, func() bool {
			_, err := channel.Read(buf, 0)
			return strings.Contains(err.Error(), part)
		}, patienceOfTests, time.Millisecond)
		_, err = client.Write([]byte("\r\n"))
		require.NoError(t, err)
		n, err := channel.Read(buf, patienceOfTests)
		require.NoError(t, err)
		assert.Equal(t, part, string(buf[:n]))
	}
	_, err := channel.Read(buf, 0)
	assert.Contains(t, err.Error(), "nothing came")
	_, err = channel.Read(buf, 2*time.Millisecond)
	assert.Contains(t, err.Error(), "2 ms")
}
