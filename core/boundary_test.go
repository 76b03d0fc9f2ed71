package core

import (
	"testing"

	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
)

// What came by one connection is no part of what comes by the next: neither its bytes, nor what
// is known of them.

// again ends the connection and waits for the next, whose server writes bytes as they are.
func (h *reconnecting) again() {
	h.Helper()
	require.NoError(h, h.channel.Abort())
	h.accept()
	require.NoError(h, h.channel.SetMode(frame.Raw, nil))
}

// writesUntilReconnected has a write notice the end.
func (h *reconnecting) writesUntilReconnected() {
	h.Helper()
	h.eventually(func() bool {
		_, err := h.client.Write([]byte("x"))
		require.NoError(h, err)
		_, reconnects := h.client.reconnector.Load().status()
		return reconnects > 0
	}, "reconnecting")
}

// plainly goes over both ways to wait: what is tested here no layer changes.
func plainly(t *testing.T, f func(k *kit)) { bothWaits(t, f) }

func TestAnEndOfLineBelongsToItsConnection(t *testing.T) {
	plainly(t, func(k *kit) {
		h := k.reconnecting(nil, map[option.ID]int32{option.ReconnectWait: 1}, must(k, withText(option.TextFrame, "data (0D0A|0A|0D)")))
		require.NoError(k, h.channel.SetMode(frame.Raw, nil))
		h.write(h.channel, "one\r")
		k.expect(h.client, "one")
		h.write(h.channel, "\ntwo\r")
		k.expect(h.client, "two")
		done := k.start(func() error {
			buf := make([]byte, 10)
			n, err := h.client.Read(buf, patienceOfTests)
			if err == nil && n != 0 {
				return errUnexpected
			}
			return err
		})
		k.untilReadLocked(h.client)
		h.again()
		h.write(h.channel, "\nthree\r")
		require.NoError(k, k.await(done), "the LF is an empty line of its own")
		k.expect(h.client, "three")
	})
}

func TestAnEndOfLineBelongsToItsConnectionInAQueue(t *testing.T) {
	plainly(t, func(k *kit) {
		h := k.reconnecting(newRig(k), nil, must(k, withText(option.TextFrame, "data (0D0A|0A|0D)")))
		require.NoError(k, h.channel.SetMode(frame.Raw, nil))
		h.write(h.channel, "one\r")
		h.r.expectEvent(h.client, EventMessage)
		h.again()
		h.expectReconnected()
		h.write(h.channel, "\ntwo\r")
		k.eventually(func() bool { h.r.collect(); return len(h.r.waiting) == 2 }, "both are told, behind the one that is unread")
		h.r.take(h.client, "one")
		h.r.message(h.client, "")
		h.r.message(h.client, "two")
		h.r.silent()
	})
}

// TestAHalfMessageIsForgottenWithItsConnection: how far its end was looked for, too.
func TestAHalfMessageIsForgottenWithItsConnection(t *testing.T) {
	for name, text := range map[string]string{"end": "data 0D0A", "ignored": "data 0D0A ; ignore=00"} {
		t.Run(name, func(t *testing.T) {
			plainly(t, func(k *kit) {
				h := k.reconnecting(newRig(k), nil, must(k, withText(option.TextFrame, text)))
				require.NoError(k, h.channel.SetMode(frame.Raw, nil))
				h.write(h.channel, "one\r\n")
				h.r.expectEvent(h.client, EventMessage)
				h.write(h.channel, "\x00\x00\x00half of a message")
				k.eventually(func() bool { h.r.collect(); return h.client.stream.Load().buffered.Load() > 20 }, "the half message has come")
				h.again()
				h.expectReconnected()
				h.write(h.channel, "x\r\nlonger than that\r\n")
				h.r.expectEvent(h.client, EventMessage)
				h.r.take(h.client, "one")
				h.r.take(h.client, "x")
				h.r.message(h.client, "longer than that")
				h.r.silent()
			})
		})
	}
}

// TestAFramingErrorBelongsToItsConnection: the next one is understood.
func TestAFramingErrorBelongsToItsConnection(t *testing.T) {
	plainly(t, func(k *kit) {
		h := k.reconnecting(nil, map[option.ID]int32{option.ReconnectWait: 1}, must(k, inMode(frame.Size, "")))
		require.NoError(k, h.channel.SetMode(frame.Raw, nil))
		h.write(h.channel, "no size")
		k.readFails(h.client, patienceOfTests, fault.Frame)
		k.readFails(h.client, patienceOfTests, fault.Frame)
		require.NoError(k, h.channel.Abort())
		h.writesUntilReconnected()
		h.accept()
		require.NoError(k, h.channel.SetMode(frame.Raw, nil))
		h.write(h.channel, "3\r\nyes")
		k.expect(h.client, "yes")
	})
}

// TestAMessageEndedByTheEndOfItsConnection: in a mode with a gap the next one does not go on
// with it.
func TestAMessageEndedByTheEndOfItsConnection(t *testing.T) {
	for name, set := range map[string]func(*Socket) error{
		"gap":        both(inMode(frame.Gap, ""), withInts(map[option.ID]int32{option.FrameGap: 60000})),
		"end or gap": withText(option.TextFrame, "data 03 ; gap=60000"),
	} {
		t.Run(name, func(t *testing.T) {
			plainly(t, func(k *kit) {
				h := k.reconnecting(nil, map[option.ID]int32{option.ReconnectWait: 1}, must(k, set))
				require.NoError(k, h.channel.SetMode(frame.Raw, nil))
				received := func(n int) {
					k.Helper()
					k.eventually(func() bool {
						_, err := h.client.Available()
						return err == nil && h.client.stream.Load().buffered.Load() == int64(n)
					}, "it has come")
				}
				h.write(h.channel, "the first")
				received(9)
				require.NoError(k, h.channel.Abort())
				h.writesUntilReconnected()
				h.accept()
				require.NoError(k, h.channel.SetMode(frame.Raw, nil))
				h.write(h.channel, "the second")
				received(19)
				k.expect(h.client, "the first")
				k.readFails(h.client, moment, fault.Timeout)
			})
		})
	}
}

// TestHalfACharacterIsForgottenWithItsConnection reads text without messages.
func TestHalfACharacterIsForgottenWithItsConnection(t *testing.T) {
	plainly(t, func(k *kit) {
		h := k.reconnecting(newRig(k), nil, must(k, both(inMode(frame.Raw, ""), withText(option.TextCharset, "UTF-16LE"))))
		require.NoError(k, h.channel.SetMode(frame.Raw, nil))
		h.write(h.channel, "a\x00b")
		h.r.message(h.client, "a")
		h.again()
		h.expectReconnected()
		h.write(h.channel, "c\x00")
		h.r.message(h.client, "c")
		h.r.silent()
	})
}

// TestTLSBeginsAnew: the LF behind the line that led to TLS is no end of one that came before.
func TestTLSBeginsAnew(t *testing.T) {
	plainly(t, func(k *kit) {
		client, channel := k.pair(k, must(k, both(withText(option.TextFrame, "data (0D0A|0A|0D)"), func(s *Socket) error {
			k.secured(s, 0)
			return nil
		})))
		require.NoError(k, channel.SetMode(frame.Raw, nil))
		k.write(channel, "go ahead\r")
		k.expect(client, "go ahead")
		done := k.start(func() error { return channel.StartTLS(RoleServer, patienceOfTests) })
		require.NoError(k, client.StartTLS(RoleClient, patienceOfTests))
		require.NoError(k, k.await(done))
		k.write(channel, "\nsecret\r")
		k.expect(client, "")
		k.expect(client, "secret")
	})
}

// TestAvailableLooksAtIgnoredBytesOnce: behind a whole message.
func TestAvailableLooksAtIgnoredBytesOnce(t *testing.T) {
	plainly(t, func(k *kit) {
		client, channel := k.pair(k, must(k, withText(option.TextFrame, "data (0D0A|0D) ; ignore=(00|0A0B)")))
		require.NoError(k, channel.SetMode(frame.Raw, nil))
		available := func(more string, messages, between int) {
			k.Helper()
			had := client.stream.Load().conn.BytesIn()
			k.write(channel, more)
			k.eventually(func() bool {
				n, err := client.Available()
				require.NoError(k, err)
				return n == messages && client.stream.Load().conn.BytesIn() == had+int64(len(more))
			}, "what is available")
			n, err := client.Available()
			require.NoError(k, err)
			require.Equal(k, messages, n)
			require.Equal(k, between, client.stream.Load().front.between)
		}
		available("one\r", 3, 0)
		available("\n\x00\x00\x00\x0a", 3, 4)
		available("\x0b\x00two", 3, 7)
		available("\r\x00", 6, 1)
		k.expect(client, "one")
		available("\x00\x00", 3, 3)
		k.expect(client, "two")
		available("three\r\n", 5, 0)
		k.expect(client, "three")
	})
}

// TestIgnoredBytesAreLookedAtOnce: behind a message that stays unread, too. Nothing is told of
// what is no message until that one is read.
func TestIgnoredBytesAreLookedAtOnce(t *testing.T) {
	plainly(t, func(k *kit) {
		r := newRig(k)
		client, channel := k.pair(k, must(k, withText(option.TextFrame, "02 data 03 ; ignore=(00|0A0B) control=06")))
		r.attach(client, false)
		require.NoError(k, channel.SetMode(frame.Raw, nil))
		k.write(channel, "\x02one\x03\x00\x0A")
		r.expectEvent(client, EventMessage)
		reg := client.registration.Load()
		for i := range 50 {
			k.write(channel, "\x0B\x00\x00\x0A")
			want := int64(7 + 4*(i+1))
			k.eventually(func() bool { r.collect(); return client.stream.Load().buffered.Load() >= want }, "more has come")
			require.Equal(k, int(want)-6, reg.between, "all but the first of two bytes")
		}
		k.write(channel, "\x0B\x02two\x03\x00noise")
		r.expectEvent(client, EventMessage)
		k.eventually(func() bool { r.collect(); return reg.invalid }, "what is no message is known")
		r.take(client, "one")
		r.take(client, "two")
		r.expectEvent(client, EventNoise)
		k.write(channel, "\x06\x02three\x03")
		r.message(client, "\x06")
		r.message(client, "three")
		r.silent()
	})
}
