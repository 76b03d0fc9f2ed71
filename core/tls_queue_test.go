package core

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
	"wdsocket/core/stats"
)

// plainQueues runs a test with both ways to wait and a queue.
func plainQueues(t *testing.T, f func(r *rig)) {
	bothWaits(t, func(k *kit) { f(newRig(k)) })
}

// upgradable is a client and its channel in the queue, with what a handshake
// needs.
func (r *rig) upgradable() (client, channel *Socket) {
	r.Helper()
	client, channel = plainPair(r.kit, func(s *Socket) { r.secured(s, tlslayer.TLS13) })
	r.attach(client, false)
	r.attach(channel, false)
	return client, channel
}

// oneEach takes so many events of different sockets, all of one kind.
func (r *rig) oneEach(kind EventKind, sockets ...*Socket) {
	r.Helper()
	seen := map[int32]bool{}
	for range sockets {
		e := r.next()
		require.Equal(r, kind, e.Kind, "%+v", e)
		require.False(r, seen[e.Socket])
		seen[e.Socket] = true
	}
	for _, s := range sockets {
		require.True(r, seen[s.ID()])
	}
}

func TestQueueStartTLS(t *testing.T) {
	plainQueues(t, func(r *rig) {
		client, channel := r.upgradable()
		require.NoError(r, channel.StartTLS(RoleServer, 0))
		_, err := channel.Read(r.buf, 0)
		r.fails(err, fault.Busy)
		r.fails(channel.Detach(), fault.Busy)
		r.fails(channel.StartTLS(RoleServer, 0), fault.Busy)
		r.silent()
		require.NoError(r, client.StartTLS(RoleClient, 0))
		r.oneEach(EventTLSDone, client, channel)
		r.write(client, "to the channel")
		r.message(channel, "to the channel")
		r.write(channel, "and back")
		r.message(client, "and back")
		r.fails(client.StartTLS(RoleClient, 0), fault.State)
		require.NoError(r, client.Close())
		r.expectEvent(channel, EventPeerClosed)
	})
}

// What was collected or published before leaves in plain text, what is published
// during the handshake leaves behind it.
func TestQueueStartTLSBehindWhatWaits(t *testing.T) {
	plainQueues(t, func(r *rig) {
		server, port := r.listen(func(s *Socket) {
			r.secured(s, tlslayer.TLS13)
			require.NoError(r, s.SetOption(option.Coalesce, 1000))
		})
		client := r.connect(port, func(s *Socket) { r.secured(s, tlslayer.TLS13) })
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(r, err)
		r.attach(client, false)
		r.attach(channel, false)
		require.NoError(r, channel.GroupJoin("all"))
		r.write(channel, "go on")
		require.NoError(r, channel.StartTLS(RoleServer, 0))
		r.message(client, "go on")
		n, err := server.GroupPublish("all", []byte("news"))
		require.NoError(r, err)
		require.Equal(r, 1, n)
		require.NoError(r, client.StartTLS(RoleClient, 0))
		r.oneEach(EventTLSDone, client, channel)
		r.message(client, "news")
		r.write(client, "last")
		r.message(channel, "last")

		require.NoError(r, client.Detach())
		require.NoError(r, channel.Detach())
		r.write(channel, "secret still")
		done := r.start(func() error { return channel.StopTLS(patienceOfTests) })
		require.NoError(r, client.StopTLS(patienceOfTests))
		require.NoError(r, r.await(done))
		r.expect(client, "secret still")
		r.write(client, "plain again")
		r.expect(channel, "plain again")
	})
}

// A handshake that fails is the end of the socket, told once.
func TestQueueStartTLSFails(t *testing.T) {
	plainQueues(t, func(r *rig) {
		client, channel := r.upgradable()
		require.NoError(r, client.SetText(option.TextSSLServerName, "elsewhere.example"))
		require.NoError(r, channel.Detach())
		done := r.start(func() error { return channel.StartTLS(RoleServer, patienceOfTests) })
		require.NoError(r, client.StartTLS(RoleClient, 0))
		e := r.expectEvent(client, EventError)
		require.Equal(r, int32(fault.TLSWrongHost), e.Code)
		r.silent()
		r.await(done)
		_, err := client.Read(r.buf, 0)
		r.fails(err, fault.TLSWrongHost)
		r.silent()
		r.counted(r.figures(client), map[stats.ID]int64{stats.ErrorsTLS: 1})
	})
}

// The connection of a client that upgrades itself is not made again.
func TestQueueStartTLSFailsWithReconnect(t *testing.T) {
	plainQueues(t, func(r *rig) {
		server, port := r.listen(func(s *Socket) { r.secured(s, tlslayer.TLS13) })
		client := r.socket(must(r, withInts(map[option.ID]int32{option.Reconnect: 1, option.ReconnectFirst: 1, option.ReconnectKeep: 1 << 20})))
		r.attach(client, false)
		require.NoError(r, r.open(client, KindClient, 0, port, 0))
		r.expectEvent(client, EventConnected)
		_, err := server.Accept(patienceOfTests, nil)
		require.NoError(r, err)
		r.write(client, "kept")
		require.NoError(r, client.SetOption(option.SSLHandshakeTimeout, 20))
		require.NoError(r, client.StartTLS(RoleClient, 0))
		e := r.next()
		for e.Kind == EventDropped {
			require.Equal(r, int32(1), e.Value)
			e = r.next()
		}
		require.Equal(r, EventError, e.Kind, "%+v", e)
		r.silent()
		_, err = client.Write([]byte("x"))
		r.fails(err, fault.TLSHandshake)
		_, err = client.Read(r.buf, 0)
		r.fails(err, fault.TLSHandshake)
		r.silent()
	})
}

// Sockets and queues that are closed in the middle of a handshake.
func TestQueueStartTLSAndClose(t *testing.T) {
	plainQueues(t, func(r *rig) {
		client, channel := r.upgradable()
		require.NoError(r, channel.StartTLS(RoleServer, 0))
		require.NoError(r, channel.Close())
		r.expectEvent(client, EventReset)
		client, channel = r.upgradable()
		require.NoError(r, channel.StartTLS(RoleServer, 0))
		require.NoError(r, r.q.Close())
		require.NoError(r, client.StartTLS(RoleClient, patienceOfTests))
		r.write(channel, "without a queue")
		r.expect(client, "without a queue")
		r.write(client, "either way")
		r.eventually(func() bool { n, err := channel.Read(r.buf, 0); return err == nil && n == 10 }, "the answer")
	})
}

// The end of a certificate is told again and again, of a server and not of its
// channels.
func TestQueueWarnsOfCertificates(t *testing.T) {
	overTransports(t, func(k *kit) {
		if k.tls == 0 {
			return
		}
		r := newRig(k)
		r.q.certCheckEvery = moment
		server, port := r.listen(must(k, withInts(map[option.ID]int32{option.SSLWarnDays: 60, option.UserNumber: 5})))
		r.attach(server, true)
		for range 3 {
			e := r.expectEvent(server, EventCertificate)
			require.Equal(r, int32(59), e.Value)
			require.Equal(r, int32(5), e.User)
		}
		require.NoError(r, server.SetOption(option.SSLWarnDays, 30))
		for quiet := time.Now().Add(4 * moment); time.Now().Before(quiet); {
			if e, reported := r.within(moment); reported { // was on its way
				require.Equal(r, EventCertificate, e.Kind)
				quiet = time.Now().Add(4 * moment)
			}
		}
		require.NoError(r, server.SetOption(option.SSLWarnDays, 60))
		client := r.connect(port, nil)
		channels := 0
		for warned := 0; warned < 3 || channels == 0; {
			switch e := r.next(); e.Kind {
			case EventCertificate:
				require.Equal(r, server.ID(), e.Socket)
				warned++
			case EventAccepted:
				channels++
			default:
				require.Fail(r, "unexpected", "%+v", e)
			}
		}
		require.NoError(r, server.Detach())
		r.waiting = nil
		r.q.mu.Lock()
		require.Empty(r, r.q.certTimers)
		r.q.mu.Unlock()
		require.NoError(r, client.Close())
	})
}
