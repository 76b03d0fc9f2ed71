package core

import (
	"bytes"
	"encoding/binary"
	"errors"
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

// huge is more than the system's buffers of a connection hold.
const huge = 16 << 20

func TestConcurrentWritersNeverInterleaveAndReadingGoesOn(t *testing.T) {
	const writers, rounds = 4, 60
	overTransports(t, func(k *kit) {
		client, channel := k.pair(k, nil)
		send := func(s *Socket, writer byte) error {
			rng := random(k, uint64(writer))
			for i := range rounds {
				msg := bytes.Repeat([]byte{writer}, 5+rng.IntN(30000))
				binary.BigEndian.PutUint32(msg[1:], uint32(i))
				if _, err := s.Write(msg); err != nil {
					return err
				}
			}
			return nil
		}
		receive := func(s *Socket) error {
			buf := make([]byte, 1<<17)
			var next [writers]uint32
			for range writers * rounds {
				n, err := s.Read(buf, patienceOfTests)
				if err != nil {
					return err
				}
				writer := buf[0]
				if i := binary.BigEndian.Uint32(buf[1:]); i != next[writer] {
					return unexpected("message %d of writer %d, not %d", i, writer, next[writer])
				}
				next[writer]++
				if bytes.Count(buf[5:n], []byte{writer}) != n-5 {
					return unexpected("mixed")
				}
			}
			return nil
		}
		var all []<-chan error
		for _, s := range []*Socket{client, channel} {
			all = append(all, k.start(func() error { return receive(s) }))
			for w := range byte(writers) {
				all = append(all, k.start(func() error { return send(s, w) }))
			}
		}
		for _, done := range all {
			require.NoError(k, k.await(done))
		}
		for _, s := range []*Socket{client, channel} {
			assert.Equal(k, writers*rounds, k.number(s, NumMessagesWritten))
			assert.Equal(k, writers*rounds, k.number(s, NumMessagesRead))
		}
		if k.proxyScheme == "" { // which read more
			assert.Equal(k, k.number(client, NumBytesWritten), k.number(channel, NumBytesRead))
		}
	})
}

func TestSecondReaderIsBusy(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		reader := k.start(func() error { _, err := s.Read(make([]byte, 10), forever); return err })
		k.untilReadLocked(s)
		buf := make([]byte, 10)
		calls := map[string]func() error{
			"read":     func() error { _, err := s.Read(buf, forever); return err },
			"size":     func() error { _, err := s.Size(forever); return err },
			"many":     func() error { _, err := s.ReadMany(buf, make([]int32, 1), forever); return err },
			"message":  func() error { _, err := s.ReadMessage(forever); return err },
			"exchange": func() error { _, err := s.Exchange(buf, buf, forever); return err },
			"avail":    func() error { _, err := s.Available(); return err },
			"mode":     func() error { return s.SetMode(frame.Raw, nil) },
			"limit":    func() error { return s.SetOption(option.MaxMessage, 5) },
			"charset":  func() error { return s.SetText(option.TextCharset, "windows-1252") },
			"preset":   func() error { return s.SetText(option.TextFramePreset, "mllp") },
		}
		for name, call := range calls {
			require.ErrorIs(k, call(), fault.Busy, name)
		}
		k.write(s, "while it waits")
		p.expect("14\r\nwhile it waits")
		require.NoError(k, s.SetOption(option.NoDelay, 0), "does not touch the stream")
		p.send("4\r\ndone")
		require.NoError(k, k.await(reader))
	})
}

func TestPeerClosedComesAfterAllThatWasSent(t *testing.T) {
	overTransports(t, func(k *kit) {
		client, channel := k.pair(k, nil)
		big := strings.Repeat("big", 20000)
		k.write(client, "one")
		k.write(client, "")
		k.write(client, big)
		require.NoError(k, client.Close())
		k.eventually(func() bool { return channel.State() == StatePeerClosed }, "the state tells without a read")
		k.expect(channel, "one")
		k.expect(channel, "")
		k.expect(channel, big)
		for range 3 {
			k.readFails(channel, forever, fault.PeerClosed)
			_, err := channel.Size(0)
			k.fails(err, fault.PeerClosed)
			_, err = channel.ReadMessage(forever)
			k.fails(err, fault.PeerClosed)
			_, err = channel.Available()
			k.fails(err, fault.PeerClosed)
		}
		require.ErrorIs(k, channel.Why(), fault.PeerClosed)
		require.Equal(k, StatePeerClosed, channel.State())
		require.NoError(k, channel.Close())
	})
}

func TestPeerClosedInsideAMessage(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		p.send("2\r\nok100\r\npart")
		require.NoError(k, p.Close())
		k.expect(s, "ok")
		for range 2 {
			_, err := s.Read(make([]byte, 100), forever)
			k.fails(err, fault.PeerClosed)
			require.ErrorContains(k, err, "4 of 100 bytes")
		}
		require.NoError(k, s.SetMode(frame.Raw, nil))
		k.expect(s, "100\r\npart")
		k.readFails(s, forever, fault.PeerClosed)
	})
}

func TestHalfCloseBothWays(t *testing.T) {
	overTransports(t, func(k *kit) {
		client, channel := k.pair(k, nil)
		k.write(client, "the question")
		require.NoError(k, client.CloseWrite(patienceOfTests))
		require.NoError(k, client.CloseWrite(0), "again")
		require.Equal(k, StateWriteClosed, client.State())
		_, err := client.Write([]byte("more"))
		k.fails(err, fault.WriteClosed)
		k.expect(channel, "the question")
		k.readFails(channel, forever, fault.PeerClosed)
		require.Equal(k, StatePeerClosed, channel.State())
		k.write(channel, "the answer")
		require.NoError(k, channel.CloseWrite(patienceOfTests))
		require.Equal(k, StatePeerClosed, channel.State())
		k.eventually(func() bool { return client.State() == StatePeerClosed }, "both sides have ended, and it is no reset")
		k.expect(client, "the answer")
		k.readFails(client, forever, fault.PeerClosed)
		require.Equal(k, StatePeerClosed, client.State())
		require.Equal(k, StatePeerClosed, channel.State())
	})
}

func TestReset(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		reader := k.start(func() error { _, err := s.Read(make([]byte, 10), forever); return err })
		k.untilReadLocked(s)
		p.reset()
		k.fails(k.await(reader), fault.Reset)
		for range 2 {
			k.readFails(s, forever, fault.Reset)
		}
		_, err := s.Write([]byte("a host must survive this"))
		k.fails(err, fault.Reset)
		require.Equal(k, StateReset, s.State())
		require.ErrorIs(k, s.Why(), fault.Reset)
		end, err := s.Peer()
		require.NoError(k, err, "who it was")
		require.Equal(k, p.name(), end.String())
		require.NoError(k, s.CloseWrite(0))
	})
}

func TestResetInsideAMessage(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		p.send("2\r\nok100\r\npart")
		k.expect(s, "ok")
		p.reset()
		k.eventually(func() bool { return s.State() == StateReset }, "the state tells without a read")
		k.readFails(s, forever, fault.Reset)
		require.Equal(k, StateReset, s.State())
	})
}

func TestWriteAfterTheReset(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		p.reset()
		k.eventually(func() bool { _, err := s.Write([]byte("x")); return fault.CodeOf(err) == fault.Reset }, "a write fails")
		_, err := s.Write([]byte("x"))
		k.fails(err, fault.Reset)
		require.Equal(k, StateReset, s.State(), "though the system has told of it once already")
	})
}

// waiters are calls that wait for something that never comes.
func waiters(s *Socket) map[string]func() error {
	buf := make([]byte, 100)
	return map[string]func() error{
		"read":     func() error { _, err := s.Read(buf, forever); return err },
		"size":     func() error { _, err := s.Size(forever); return err },
		"many":     func() error { _, err := s.ReadMany(buf, make([]int32, 1), patienceOfTests); return err },
		"message":  func() error { _, err := s.ReadMessage(forever); return err },
		"exchange": func() error { _, err := s.Exchange([]byte("?"), buf, forever); return err },
	}
}

func TestCloseCancelAndAbortWakeEveryWaiter(t *testing.T) {
	wakes := []struct {
		name string
		wake func(*Socket) error
		code fault.Code
	}{
		{"close", (*Socket).Close, fault.Closed},
		{"abort", (*Socket).Abort, fault.Closed},
		{"close and wait", func(s *Socket) error { return s.CloseAndWait(patienceOfTests) }, fault.Closed},
		{"cancel", func(s *Socket) error { s.Cancel(); return nil }, fault.Cancelled},
	}
	for _, wake := range wakes {
		for _, call := range []string{"read", "size", "many", "message", "exchange"} {
			t.Run(wake.name+" "+call, func(t *testing.T) {
				overTransports(t, func(k *kit) {
					s, p := k.raw(k, nil)
					done := k.start(waiters(s)[call])
					k.untilReadLocked(s)
					time.Sleep(time.Millisecond) // either moment is right: before it waits and while
					require.NoError(k, wake.wake(s))
					k.fails(k.await(done), wake.code)
					if wake.code == fault.Closed {
						k.readFails(s, 0, fault.Closed)
						require.Zero(k, s.State())
						k.fails(s.Close(), fault.Handle)
						k.fails(s.Abort(), fault.Handle)
						k.fails(s.CloseAndWait(0), fault.Handle)
						return
					}
					require.Equal(k, StateOpen, s.State())
					k.write(s, "still open")
					p.send("5\r\nHello") // reading goes on: crypto/tls takes an error for the end unless it is temporary
					n, err := s.Size(patienceOfTests)
					require.NoError(k, err)
					require.Equal(k, 5, n)
				})
			})
		}
	}
}

// stuckWriter starts a writer that cannot go on.
func stuckWriter(k *kit, s *Socket) <-chan error {
	k.Helper()
	done := k.start(func() error { _, err := s.Write(make([]byte, huge)); return err })
	k.untilStuck(s)
	return done
}

func TestCancelWakesAWriterAndItsQueue(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, _ := k.raw(k, nil)
		first := stuckWriter(k, s)
		second := k.start(func() error { _, err := s.Write([]byte("behind")); return err })
		half := k.start(func() error { return s.CloseWrite(forever) })
		s.Cancel()
		k.fails(k.await(first), fault.Cancelled)
		var codes []fault.Code
		for _, done := range []<-chan error{second, half} {
			select { // they may have begun after the cancel
			case err := <-done:
				codes = append(codes, fault.CodeOf(err))
			case <-time.After(10 * moment):
				s.Cancel()
				codes = append(codes, fault.CodeOf(k.await(done)))
			}
		}
		assert.Contains(k, []fault.Code{fault.Cancelled, fault.Broken, fault.WriteClosed}, codes[0])
		assert.Contains(k, []fault.Code{fault.Cancelled, fault.OK, fault.Broken}, codes[1])
		_, err := s.Write([]byte("more"))
		require.Error(k, err)
	})
}

func TestCloseWakesAWriter(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		done := stuckWriter(k, s)
		require.NoError(k, s.Close())
		k.fails(k.await(done), fault.Closed)
		p.SetReadDeadline(time.Now().Add(patienceOfTests))
		_, err := io.Copy(io.Discard, p)
		assert.False(k, errors.Is(err, io.ErrNoProgress), "it ends, in one way or another")
	})
}

func TestWriteTimeoutThenBroken(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, withInts(map[option.ID]int32{option.WriteTimeout: 60})))
		_, err := s.Write(make([]byte, huge))
		k.fails(err, fault.Timeout)
		require.Equal(k, StateBroken, s.State())
		for range 2 {
			_, err = s.Write([]byte("more"))
			k.fails(err, fault.Broken)
		}
		_, err = s.Exchange([]byte("?"), make([]byte, 10), patienceOfTests)
		k.fails(err, fault.Broken)
		p.send("7\r\nreading")
		k.expect(s, "reading")
		require.ErrorIs(k, s.Why(), fault.Broken)
	})
}

func TestAWriteThatTimesOutBeforeItBeganBreaksNothing(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, inMode(frame.Raw, "")))
		require.NoError(k, s.SetOption(option.WriteTimeout, 0))
		chunk := make([]byte, 1<<16)
		total := 0
		for { // until not one byte more fits
			n, err := s.Write(chunk)
			total += n
			if err != nil {
				k.fails(err, fault.Timeout)
				break
			}
		}
		if s.State() == StateBroken {
			return // the last one fitted in part, which is another test's subject
		}
		require.NoError(k, s.SetOption(option.WriteTimeout, int32(patienceOfTests.Milliseconds())))
		read := k.start(func() error { _, err := io.CopyN(io.Discard, p, int64(total+4)); return err })
		k.write(s, "more")
		require.NoError(k, k.await(read))
	})
}

func TestCloseDeliversAllThatWasWritten(t *testing.T) {
	ways := map[string]func(*Socket) error{
		"close":          (*Socket).Close,
		"close and wait": func(s *Socket) error { return s.CloseAndWait(patienceOfTests) },
	}
	for name, end := range ways {
		t.Run(name, func(t *testing.T) {
			overTransports(t, func(k *kit) {
				s, p := k.raw(k, must(k, both(inMode(frame.Raw, ""), withInts(map[option.ID]int32{option.SendBuffer: 1 << 20}))))
				p.send("input that nobody reads must not turn the close into a reset")
				msg := bytes.Repeat([]byte("0123456789"), 300000)
				read := k.start(func() error {
					time.Sleep(moment) // so that the close comes first
					got, err := io.ReadAll(p)
					if err == nil && !bytes.Equal(got, msg) {
						err = unexpected("%d bytes", len(got))
					}
					return err
				})
				_, err := s.Write(msg)
				require.NoError(k, err)
				require.NoError(k, end(s))
				require.NoError(k, k.await(read))
			})
		})
	}
}

func TestCloseAndWaitGivesUp(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, both(inMode(frame.Raw, ""), withInts(map[option.ID]int32{option.WriteTimeout: 0}))))
		for {
			if _, err := s.Write(make([]byte, 1<<16)); err != nil {
				break
			}
		}
		k.fails(s.CloseAndWait(moment), fault.Timeout)
		p.expectReset()
	})
}

func TestCloseTimeoutGivesUpInTheBackground(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, both(inMode(frame.Raw, ""), withInts(map[option.ID]int32{option.WriteTimeout: 0, option.CloseTimeout: 50}))))
		for {
			if _, err := s.Write(make([]byte, 1<<16)); err != nil {
				break
			}
		}
		require.NoError(k, s.Close())
		p.expectReset()
	})
}

func TestCloseOfAResetConnectionIsPrompt(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, both(inMode(frame.Raw, ""),
			withInts(map[option.ID]int32{option.WriteTimeout: 0, option.CloseTimeout: 3600000}))))
		for {
			if _, err := s.Write(make([]byte, 1<<16)); err != nil {
				break
			}
		}
		p.reset()
		k.readFails(s, patienceOfTests, fault.Reset)
		began := time.Now()
		k.lib.CloseAll()
		require.Less(k, time.Since(began), patienceOfTests)
	})
}

func TestAbortResetsThePeer(t *testing.T) {
	overTransports(t, func(k *kit) {
		client, channel := k.pair(k, nil)
		k.write(client, "lost with the reset, or not")
		require.NoError(k, client.Abort())
		k.eventually(func() bool { return channel.State() == StateReset }, "the reset")
		for {
			_, err := channel.Read(make([]byte, 100), patienceOfTests)
			if err != nil {
				k.fails(err, fault.Reset)
				break
			}
		}
	})
}

func TestLingerZeroResets(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		require.NoError(k, s.SetOption(option.Linger, 0))
		require.NoError(k, s.Close())
		p.expectReset()
	})
}

func TestStateAtEachStep(t *testing.T) {
	overTransports(t, func(k *kit) {
		s := k.lib.NewSocket("step")
		require.Equal(k, StateNew, s.State())
		require.Zero(k, s.Kind())
		k.readFails(s, 0, fault.NotConnected)
		_, err := s.Write(nil)
		k.fails(err, fault.NotConnected)
		_, err = s.Peer()
		k.fails(err, fault.NotConnected)
		_, err = s.Local()
		k.fails(err, fault.NotConnected)
		k.fails(s.CloseWrite(0), fault.NotConnected)
		require.NoError(k, s.Close())
		require.Zero(k, s.State())

		client, channel := k.pair(k, nil)
		for _, s := range []*Socket{client, channel} {
			require.Equal(k, StateOpen, s.State())
			require.Equal(k, KindClient, s.Kind())
			require.Equal(k, k.layers(), s.Layers())
			require.Nil(k, s.Why())
			k.fails(s.Open(KindClient, 0, 1, "", 0), fault.State)
		}
		own, err := client.Local()
		require.NoError(k, err)
		seen, err := channel.Peer()
		require.NoError(k, err)
		require.Equal(k, k.proxyScheme == "", own == seen, "who connects is the proxy")
	})
}

func TestFigures(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, nil)
		k.write(s, "Hello World")
		p.expect("11\r\nHello World")
		p.send("5\r\nHello5\r\nWo")
		k.expect(s, "Hello")
		k.readFails(s, moment, fault.Timeout)
		assert.Equal(k, 1, k.number(s, NumMessagesWritten))
		assert.Equal(k, 1, k.number(s, NumMessagesRead))
		assert.Equal(k, 5, k.number(s, NumBuffered))
		if k.exact {
			assert.Equal(k, 15, k.number(s, NumBytesWritten))
			assert.Equal(k, 13, k.number(s, NumBytesRead))
		}
		assert.NotZero(k, k.buffered())
		p.send("rld")
		k.expect(s, "World")
		assert.Zero(k, k.number(s, NumBuffered))
		for _, what := range []Number{NumClients, NumPending, NumRefused} {
			_, err := s.Number(what)
			k.fails(err, fault.Kind)
		}
		for _, what := range []Number{0, -1, 10, NumSockets, NumTokens, 99} {
			_, err := s.Number(what)
			k.fails(err, fault.Argument)
		}
		_, err := k.lib.Number(NumBytesRead)
		k.fails(err, fault.Argument)
		n, err := k.lib.Number(NumSockets)
		require.NoError(k, err)
		assert.EqualValues(k, 1, n)
		n, err = k.lib.Number(NumDescriptors)
		require.NoError(k, err)
		assert.Positive(k, n)
	})
}

func TestZeroLengthAndNulBytes(t *testing.T) {
	overTransports(t, func(k *kit) {
		client, channel := k.pair(k, nil)
		for _, msg := range []string{"", "\x00", "a\x00b\x00", ""} {
			k.write(client, msg)
			k.expect(channel, msg)
		}
		require.NoError(k, client.SetMode(frame.Raw, nil))
		k.write(client, "")
		k.write(client, "0\r\n")
		k.expect(channel, "")
		assert.Equal(k, 5, k.number(channel, NumMessagesRead))
	})
}

func TestTagsInMessages(t *testing.T) {
	overTransports(t, func(k *kit) {
		s, p := k.raw(k, must(k, inMode(frame.EndTag, "ab")))
		_, err := s.Write([]byte("xaby"))
		k.fails(err, fault.TagInMessage)
		require.NoError(k, s.SetOption(option.TagAsIs, 1))
		k.write(s, "xaby")
		p.expect("xaby")
		p.send("xa")
		k.readFails(s, moment, fault.Timeout)
		p.send("by")
		k.expect(s, "x")
	})
}

func TestManyRoundsLeaveNothing(t *testing.T) {
	overTransports(t, func(k *kit) {
		for i := range 150 {
			client, channel := k.pair(k, nil)
			k.write(client, "x")
			if i%3 == 0 {
				k.expect(channel, "x")
			}
			require.NoError(k, client.Close())
			require.NoError(k, channel.Close())
		}
		k.lib.CloseAll()
		n, err := k.lib.Number(NumSockets)
		require.NoError(k, err)
		require.Zero(k, n)
	})
}

// CloseAll keeps its promise whatever keeps a task: of a socket that is closed, or of an
// orderly close.
func TestCloseAllDoesNotWaitForATaskThatDoesNotEnd(t *testing.T) {
	bothWaits(t, func(k *kit) {
		require.NoError(k, k.lib.SetOption(option.CloseTimeout, 0))
		release := make(chan struct{})
		s := k.lib.NewSocket("")
		k.lib.goTask("a task", s, func() { <-release })
		k.lib.goLinger(newLingering(forever, 0), func() { <-release })
		closed := k.start(func() error { k.lib.CloseAll(); return nil })
		require.NoError(k, k.await(closed))
		running, err := k.lib.Number(NumGoroutines)
		require.NoError(k, err)
		require.EqualValues(k, 2, running)
		close(release)
		k.eventually(func() bool { return k.lib.tasksRunning.Load() == 0 }, "they end")
	})
}

func TestCloseAllMeetsTheServersThatAccept(t *testing.T) {
	bothWaits(t, func(k *kit) {
		for range 20 {
			server, port := k.listen(nil)
			accepting := k.start(func() error {
				for {
					if _, err := server.Accept(forever, nil); err != nil {
						return err
					}
				}
			})
			stop := make(chan struct{})
			flood := k.start(func() error {
				for {
					select {
					case <-stop:
						return nil
					default:
					}
					s := k.lib.NewSocket("flood")
					err := k.open(s, KindClient, 0, port, patienceOfTests)
					s.Close()
					if err != nil {
						return nil
					}
				}
			})
			k.eventually(func() bool { return k.number(server, NumClients) > 2 }, "some clients")
			k.lib.CloseAll()
			close(stop)
			k.fails(k.await(accepting), fault.Closed)
			require.NoError(k, k.await(flood))
			for s := range k.lib.sockets {
				require.NotEqual(k, "", s.ownLabel(), "a channel that was accepted meanwhile is open")
			}
		}
	})
}

func TestOthersCloseAtTheSameTime(t *testing.T) {
	overTransports(t, func(k *kit) {
		for range 30 {
			client, channel := k.pair(k, nil)
			var all []<-chan error
			for _, s := range []*Socket{client, channel} {
				all = append(all,
					k.start(func() error { _, err := s.Read(make([]byte, 10), forever); return err }),
					k.start(func() error { _, err := s.Write([]byte("hello")); return err }),
					k.start(func() error { s.State(); s.Peer(); s.Available(); return nil }),
					k.start(s.Close), k.start(s.Abort))
			}
			for _, done := range all {
				k.await(done)
			}
		}
	})
}
