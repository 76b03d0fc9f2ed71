package core

import (
	"testing"

	"golang.org/x/sys/unix"

	"wdsocket/core/layer/tlslayer"
)

func init() {
	transports = append(transports,
		setup{name: "Unix socket direct", unix: true, direct: true, exact: true, pair: plainPair, raw: plainRaw},
		setup{name: "Unix socket parked", unix: true, alike: true, exact: true, pair: plainPair, raw: plainRaw},
		setup{name: "TLS 1.3 direct, over a Unix socket", unix: true, tls: tlslayer.TLS13, direct: true, pair: plainPair, raw: plainRaw})
}

// leaveUnread makes sure that the peer of a Unix socket has something unread: when it
// closes then it resets.
func leaveUnread(t testing.TB, s *Socket) {
	t.Helper()
	err := unix.Sendto(s.stream.Load().conn.Source().FD(), []byte{0}, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, nil)
	if err != nil && err != unix.EAGAIN { // which says that there is more than enough
		t.Log(err)
	}
}
