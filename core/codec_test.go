package core

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
)

// asymmetric are settings of both ends of a conversation whose ways differ: what the
// client writes is read by the channel, and the other way round. On a WebSocket all of
// them are whole messages.
func asymmetric() map[string][2]func(*Socket) error {
	writing := func(mode frame.Mode) func(*Socket) error {
		return withInts(map[option.ID]int32{option.WriteMode: int32(mode)})
	}
	return map[string][2]func(*Socket) error{
		"end tags": {
			both(inMode(frame.EndTag, "\r\n"), withText(option.TextWriteTag, "\r")),
			both(inMode(frame.EndTag, "\r"), withText(option.TextWriteTag, "\r\n"))},
		"length and tag": {
			both(inMode(frame.Length, ""), writing(frame.EndTag), withText(option.TextWriteTag, ";")),
			both(inMode(frame.EndTag, ";"), writing(frame.Length))},
		"size and markers": {
			both(inMode(frame.Markers, ""), writing(frame.Size)),
			both(inMode(frame.Size, ""), writing(frame.Markers))},
	}
}

// Everything that writes uses the framing of writing, everything that reads that of
// reading.
func TestTwoDirections(t *testing.T) {
	waysToWrite := map[string]map[option.ID]int32{
		"at once":    {},
		"coalesced":  {option.Coalesce: 10},
		"queued":     {option.SendQueue: 1 << 20},
		"kept":       {option.Reconnect: 1, option.ReconnectKeep: 1 << 20},
		"heartbeats": {option.Heartbeat: 3600000},
	}
	overTransports(t, func(k *kit) {
		for _, ends := range asymmetric() {
			for _, way := range waysToWrite {
				client, channel := k.pair(k, nil)
				require.NoError(k, ends[0](client))
				require.NoError(k, ends[1](channel))
				require.NoError(k, withInts(way)(client))
				for _, n := range []int{1, 10, 600, 5000} {
					k.write(client, digits(n))
					k.write(client, "q")
					k.expect(channel, digits(n))
					k.expect(channel, "q")
					k.write(channel, digits(n))
					k.expect(client, digits(n))
				}
				answered := k.start(func() error {
					k.expect(channel, "question")
					k.write(channel, "answer")
					return nil
				})
				answer := make([]byte, 10)
				n, err := client.Exchange([]byte("question"), answer, patienceOfTests)
				require.NoError(k, err)
				require.Equal(k, "answer", string(answer[:n]))
				require.NoError(k, k.await(answered))
				require.NoError(k, client.Close())
				require.NoError(k, channel.Close())
			}
		}
	})
}

// digits is a message of n bytes without a byte that marks anything.
func digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + i%10)
	}
	return string(b)
}

// Groups encode in the framing of writing, once for all members alike.
func TestPublishInTheModeOfWriting(t *testing.T) {
	k := newKit(t, transports[0])
	server, port := k.listen(must(k, both(inMode(frame.EndTag, ";"), withInts(map[option.ID]int32{option.WriteMode: int32(frame.Length)}))))
	client := k.connect(port, must(k, inMode(frame.Length, "")))
	channel, err := server.Accept(patienceOfTests, nil)
	require.NoError(k, err)
	_, err = server.GroupPublish("", []byte("to all"))
	require.NoError(k, err)
	k.expect(client, "to all")
	require.NoError(k, client.SetOption(option.WriteMode, int32(frame.EndTag)))
	require.NoError(k, client.SetText(option.TextWriteTag, ";"))
	k.write(client, "to one")
	k.expect(channel, "to one")
}

// Heartbeats are written in the framing of writing, and those of the peer are known by
// that of reading.
func TestHeartbeatsOfTwoDirections(t *testing.T) {
	k := newKit(t, transports[0])
	s, p := k.raw(k, must(k, both(inMode(frame.EndTag, "\r\n"), withText(option.TextWriteTag, "\r"), withText(option.TextHeartbeat, "hb"))))
	require.NoError(k, s.SetOption(option.Heartbeat, 100))
	waits := k.start(func() error {
		k.expect(s, "message")
		return nil
	})
	p.expect("hb\r")
	p.send("hb\r\nhb\r\nhb\r\nmessage\r\n")
	require.NoError(k, k.await(waits))
}

// The mode of writing changes while a reader waits, which goes on.
func TestTheModeOfWritingWhileAReaderWaits(t *testing.T) {
	overTransports(t, func(k *kit) {
		client, channel := k.pair(k, must(k, inMode(frame.EndTag, ";")))
		waits := k.start(func() error {
			k.expect(client, "answer")
			return nil
		})
		k.untilReadLocked(client)
		require.NoError(k, client.SetOption(option.WriteMode, int32(frame.Length)))
		k.fails(client.SetMode(frame.Length, nil), fault.Busy)
		require.NoError(k, channel.SetMode(frame.Length, nil))
		require.NoError(k, channel.SetOption(option.WriteMode, int32(frame.EndTag)))
		k.write(client, "question")
		k.expect(channel, "question")
		k.write(channel, "answer")
		require.NoError(k, k.await(waits))
	})
}

// What was found for a queue stays found when only writing changes.
func TestTheModeOfWritingLeavesEvents(t *testing.T) {
	k := newKit(t, transports[0])
	client, channel := k.pair(k, must(k, inMode(frame.EndTag, ";")))
	r := newRig(k)
	r.attach(client, false)
	k.write(channel, "one")
	k.write(channel, "two")
	k.eventually(func() bool {
		n, err := client.Available()
		return err == nil && n == 6
	}, "two messages")
	require.NoError(k, client.SetOption(option.WriteMode, int32(frame.Raw)))
	for range 2 {
		require.Equal(k, EventMessage, r.next().Kind)
	}
	k.expect(client, "one")
	k.expect(client, "two")
}

func TestTheModeOfWritingIsToldAndRefused(t *testing.T) {
	k := newKit(t, transports[0])
	client, channel := k.pair(k, must(k, inMode(frame.EndTag, ";")))
	for _, bad := range []int32{-2, int32(len(frame.Modes()))} {
		k.fails(client.SetOption(option.WriteMode, bad), fault.Argument)
	}
	k.fails(client.SetText(option.TextWriteTag, digits(65)), fault.Argument)
	require.NoError(k, client.SetOption(option.WriteMode, int32(frame.EndTag)))
	_, err := client.Write([]byte("a;b"))
	k.fails(err, fault.TagInMessage)
	require.NoError(k, client.SetText(option.TextWriteTag, "<>"))
	_, err = client.Write([]byte("a<>b"))
	k.fails(err, fault.TagInMessage)
	require.NoError(k, client.SetOption(option.WriteMode, int32(frame.Raw)))
	k.write(client, "a;b;")
	k.expect(channel, "a")
	k.expect(channel, "b")
	require.NoError(k, client.SetText(option.TextWriteTag, ""))
	require.NoError(k, client.SetOption(option.WriteMode, -1))
	k.write(client, "c")
	k.expect(channel, "c")
	k.readFails(channel, moment, fault.Timeout)
	// What says the mode of reading says it of reading alone.
	require.NoError(k, client.SetOption(option.WriteMode, int32(frame.Raw)))
	require.NoError(k, client.SetText(option.TextFramePreset, "tpkt"))
	told, err := client.Option(option.WriteMode)
	require.NoError(k, err)
	assert.EqualValues(k, frame.Raw, told)
	require.NoError(k, client.SetOption(option.WriteMode, -1))
	preset, err := client.Text(option.TextFramePreset)
	require.NoError(k, err)
	assert.Equal(k, "tpkt", preset, "the preset is that of reading")
}
