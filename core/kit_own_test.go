package core

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
)

// ownCase is a protocol that no description tells, with messages of it: their contents
// are not free, so that the tests of all modes cannot make them.
type ownCase struct {
	name     string
	messages []string
}

// ownCases are all of them, made when they are asked for.
func ownCases() []ownCase {
	return []ownCase{
		{"dnp3", []string{"\xc0\x01\x00\x0a\x00", "\xc4\x0a\x00\x01\x00" + strings.Repeat("0123456789", 25)}},
		{"hdlc", []string{"\xff\x03\xc0\x21", "\x7e\x7d" + strings.Repeat("\x7e~}A", 2000)}},
		{"modbus-rtu", []string{"\x11\x83\x02", "\x11\x03\xfa" + strings.Repeat("ab", 125)}},
		{"modbus-rtu-slave", []string{"\x11\x03\x00\x6b\x00\x03", "\x11\x10\x00\x01\x00\x02\x04\x00\x0a\x01\x02"}},
		{"postgres", []string{"S\x00\x00\x00\x04", "D\x00\x00\x4e\x24" + strings.Repeat("row ", 5000)}},
		{"redis", []string{"+OK\r\n", "*2\r\n*1\r\n$20000\r\n" + strings.Repeat("\r\n$1\r", 4000) + "\r\n:1\r\n"}},
		{"slip", []string{"A", strings.Repeat("\xc0\xdb\xdc", 3000)}},
	}
}

// shortCase is a protocol whose messages are found by their length alone, many at a time.
func shortCase() ownCase {
	return ownCase{"mysql", []string{"\x00\x00", "\x01" + strings.Repeat("column", 30000)}}
}

// wireOf is what is on the wire of a message.
func wireOf(k *kit, name, message string) string {
	p, known := frame.Protocol(frame.Defaults(), name)
	require.True(k, known, name)
	f, err := frame.New(p)
	require.NoError(k, err)
	head, body, tail, _, err := f.Encode(nil, []byte(message))
	require.NoError(k, err)
	return string(head) + string(body) + string(tail)
}

// overOwn goes over every transport and every such protocol.
func overOwn(t *testing.T, f func(k *kit, set func(*Socket), messages, wires []string)) {
	for _, tr := range rows() {
		for _, c := range append(ownCases(), shortCase()) {
			if !applies(t.Name(), tr) {
				continue
			}
			t.Run(tr.name+"/"+c.name, func(t *testing.T) {
				k := newKit(t, tr)
				var wires []string
				for _, m := range c.messages {
					wires = append(wires, wireOf(k, c.name, m))
				}
				f(k, must(k, withText(option.TextFramePreset, c.name)), c.messages, wires)
			})
		}
	}
}

func TestEveryProtocolOfItsOwnIsTried(t *testing.T) {
	var tried []string
	for _, c := range ownCases() {
		tried = append(tried, c.name)
	}
	names := frame.PresetNames()
	assert.Equal(t, names[len(names)-len(tried):], tried)
	p, _ := frame.Protocol(frame.Defaults(), names[len(names)-len(tried)-1])
	assert.NotNil(t, p.Description, "the one in front has a description")
}

func TestProtocolsWithFramersOfTheirOwn(t *testing.T) {
	overOwn(t, func(k *kit, set func(*Socket), messages, wires []string) {
		s, p := k.raw(k, set)
		for i, m := range messages {
			k.write(s, m)
			p.expect(wires[i])
			p.send(wires[i])
			n, err := s.Size(patienceOfTests)
			require.NoError(k, err)
			require.Equal(k, len(m), n)
			if n > 1 {
				_, err = s.Read(make([]byte, n-1), patienceOfTests)
				k.fails(err, fault.Buffer)
			}
			k.expect(s, m)
		}
		all := messages[0] + messages[0] + messages[1]
		sent := k.start(func() error { _, err := io.WriteString(p, wires[0]+wires[0]+wires[1]); return err })
		buf, lengths := make([]byte, len(all)), make([]int32, 3)
		for got, used := 0, 0; got < 3; {
			n, err := s.ReadMany(buf[used:], lengths[got:], patienceOfTests)
			require.NoError(k, err)
			for _, length := range lengths[got : got+n] {
				used += int(length)
			}
			got += n
		}
		assert.Equal(k, all, string(buf))
		require.NoError(k, k.await(sent))
		lentMessage := k.start(func() error { _, err := io.WriteString(p, wires[1]); return err })
		m, err := s.ReadMessage(patienceOfTests)
		require.NoError(k, err)
		assert.Equal(k, messages[1], lent(m))
		require.NoError(k, k.await(lentMessage))
		p.send(wires[0][:len(wires[0])-1])
		k.readFails(s, moment, fault.Timeout)
		p.send(wires[0][len(wires[0])-1:])
		k.expect(s, messages[0])
	})
}

func TestProtocolsWithFramersOfTheirOwnInAQueue(t *testing.T) {
	overOwn(t, func(k *kit, set func(*Socket), messages, wires []string) {
		r := newRig(k)
		s, p := k.raw(k, set)
		r.attach(s, false)
		stream := wires[0] + wires[1] + wires[0] + wires[0]
		sent := k.start(func() error {
			for at := 0; at < len(stream); {
				n := 1
				if at > 40 {
					n = 1000
				}
				n = min(n, len(stream)-at)
				if _, err := io.WriteString(p, stream[at:at+n]); err != nil {
					return err
				}
				at += n
				time.Sleep(50 * time.Microsecond) // so that most pieces are segments of their own
			}
			return nil
		})
		for _, i := range []int{0, 1, 0, 0} {
			r.message(s, messages[i])
		}
		require.NoError(k, k.await(sent))
		r.silent()
		require.NoError(k, p.Close())
		r.expectEvent(s, EventPeerClosed)
	})
}
