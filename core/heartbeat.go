package core

import (
	"bytes"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
	"wdsocket/core/poll"
	"wdsocket/core/syserr"
	"wdsocket/core/transport"
)

// Heartbeats: what they look like, when they are sent, and those of the peer, which are no messages.

// livenessConfig is what the settings say of idle limits, the time of messages, and heartbeats;
// nil in an ioConfig without any.
type livenessConfig struct {
	idleLimit, heartbeatInterval time.Duration // 0: none
	messageLimit                 time.Duration // the same
	messageTime                  time.Duration // it, and the silence that ends a message
	stream                       bool          // there are no messages
	heartbeat                    []byte        // a heartbeat with its framing, nil if there is none
	received                     []byte        // one of the peer, which frames its messages as they are read here
	payload                      []byte        // what a reader would get of it
	recognizable                 bool          // the peer's heartbeats differ from its messages
	pings                        bool          // a ping of the WebSocket instead
}

// newLivenessConfig makes it, nil if there is nothing to check.
func newLivenessConfig(s *option.Settings, c *codec) *livenessConfig {
	if s.IdleLimit == 0 && s.Heartbeat == 0 && s.MessageLimit == 0 {
		return nil
	}
	lc := &livenessConfig{idleLimit: s.IdleLimit, heartbeatInterval: s.Heartbeat,
		messageLimit: s.MessageLimit, messageTime: s.MessageLimit + c.Gap(), stream: c.Stream()}
	if s.WebSocket.On && len(s.HeartbeatText) == 0 {
		lc.pings = true
		return lc
	}
	if lc.heartbeatInterval == 0 {
		return lc
	}
	lc.heartbeat = framed(c.writer, s.HeartbeatText)
	lc.recognize(c.Framer, s.HeartbeatText)
	return lc
}

// framed is a message with its framing; nil if there is nothing to write of it.
func framed(framer frame.Framer, message []byte) []byte {
	head, body, tail, _, err := framer.Encode(nil, message)
	if err != nil || len(head)+len(body)+len(tail) == 0 {
		return nil
	}
	return bytes.Join([][]byte{head, body, tail}, nil)
}

// recognize finds out what the peer's heartbeats look like, where they differ from its
// messages.
func (lc *livenessConfig) recognize(framer frame.Framer, heartbeat []byte) {
	peer := framer
	if described, is := framer.(interface{ AsRead() frame.Framer }); is {
		peer = described.AsRead()
	}
	if lc.received = framed(peer, heartbeat); lc.received == nil || framer.Stream() || framer.Gap() > 0 {
		return
	}
	if f, err := framer.Decode(lc.received, 0); err == nil && f.Total == len(lc.received) {
		lc.payload = make([]byte, f.Size)
		framer.Extract(lc.payload, lc.received, f)
		lc.recognizable = true
	}
}

// heartbeatDue is when the next heartbeat is sent. A ping is when nothing was received,
// too: it asks whether the peer is there.
func (lc *livenessConfig) heartbeatDue(act *activity) int64 {
	since := act.lastSent.Load()
	if lc.pings {
		since = min(since, max(act.lastReceived, act.lastPing))
	}
	return since + int64(lc.heartbeatInterval)
}

// sendHeartbeat sends a heartbeat unless something is unsent or unacknowledged: where
// the peer does not read, heartbeats must not pile up. It never blocks: while a call
// writes, it is tried again later.
func (st *stream) sendHeartbeat(lc *livenessConfig) {
	if lc.pings {
		lc.ping(st)
		return
	}
	last := &st.activity().lastSent
	before := last.Load()
	if !st.tryLockWrite() {
		last.CompareAndSwap(before, clock()-int64(lc.heartbeatInterval-lc.heartbeatInterval/10))
		return
	}
	defer func() {
		st.unlockWrite()
		st.tryFlush() // what came meanwhile
	}()
	last.Store(clock())
	if lc.heartbeat == nil || st.checkWritable() != nil || !st.nothingUnsent() || st.conn.WritePos() > transport.Acknowledged(st.conn) {
		return
	}
	st.write(lc.heartbeat)
	// If it failed the connection is over, which reading it tells.
}

// ping sends a ping unless the last one is still on its way: where the peer is gone,
// pings must not pile up. What else is unsent, or being written, holds it up by no more
// than a frame: a peer that takes a long message, or one after the other, is asked, too.
func (lc *livenessConfig) ping(st *stream) {
	act := st.activity()
	act.lastPing = clock()
	act.lastSent.Store(act.lastPing)
	if act.pingEnd > transport.Acknowledged(st.conn) {
		return
	}
	st.ws.Load().ping()
	act.pingEnd = st.conn.WritePos()
}

// decode decodes the next message, behind a byte. Heartbeats in front of it are no messages of their
// own but count as its beginning, so that readers need not know of them.
func (cfg *ioConfig) decode(before int, p []byte, scanned int) (frame.Frame, error) {
	f, err := cfg.codec.decode(before, p, scanned)
	if lc := cfg.liveness; lc == nil || !lc.recognizable || !lc.isHeartbeat(cfg, p, f) || err != nil {
		return f, err
	}
	return cfg.skipHeartbeats(p, f)
}

// skipHeartbeats decodes the message behind the heartbeat f at the front of p.
func (cfg *ioConfig) skipHeartbeats(p []byte, f frame.Frame) (frame.Frame, error) {
	skip := 0
	for {
		skip += f.Total
		if skip == len(p) {
			return frame.Frame{Size: -1, Need: skip + 1}, nil
		}
		var err error
		f, err = cfg.codec.decode(int(p[skip-1]), p[skip:], 0)
		if err == nil && cfg.liveness.isHeartbeat(cfg, p[skip:], f) {
			continue
		}
		f.Start += skip
		f.Need += skip
		f.Scanned = 0
		if f.Total > 0 {
			f.Total += skip
		}
		return f, err
	}
}

// isHeartbeat tells whether the whole message f of p is a heartbeat.
func (lc *livenessConfig) isHeartbeat(cfg *ioConfig, p []byte, f frame.Frame) bool {
	if f.Total == 0 || f.Size != len(lc.payload) {
		return false
	}
	if !f.Escaped {
		return bytes.Equal(p[f.Start:f.Start+f.Len], lc.payload)
	}
	got := make([]byte, f.Size)
	cfg.Extract(got, p, f)
	return bytes.Equal(got, lc.payload)
}

// mayBeHeartbeat tells whether a message of that length may be a heartbeat.
func (cfg *ioConfig) mayBeHeartbeat(size int) bool {
	return cfg.liveness != nil && cfg.liveness.recognizable && size == len(cfg.liveness.payload)
}

// dropUnread drops what is at the front of the buffer and no reader gets, so that it does not
// pile up while no message is received: heartbeats, and bytes between messages.
func (st *stream) dropUnread(cfg *ioConfig) {
	if !cfg.dropsUnread || st.discardNext || st.asBytes || st.in.Len() == 0 || st.registration != nil && st.registration.unreadBytes > 0 {
		return
	}
	for {
		n := cfg.unread(st)
		if n == 0 {
			return
		}
		if st.front != nil {
			st.frontTaken(n, 0)
		}
		st.in.Consume(n)
		st.scanned = 0
		if st.cold != nil {
			st.cold.frontMoved(n)
		}
		st.lastByte = 0
	}
}

// cameInVain is the time-out of a call whose time is over, and for which much has come of
// which no reader gets anything: a peer that sends without end must not keep it. A queue goes
// on to its other sockets by itself.
func (cfg *ioConfig) cameInVain(w *poll.Call, st *stream, came, kept int) error {
	switch {
	case !cfg.dropsUnread:
		return nil
	case kept > 0:
		if st.cold != nil {
			st.cold.inVain = 0
		}
		return nil
	}
	c := st.coldState()
	c.inVain += came
	if c.inVain < readQuota || st.registration != nil && w == st.registration.q.pollCall || !w.TimeIsUp() {
		return nil
	}
	c.inVain = 0
	return syserr.Wrap(w.Expired(), fault.PhaseRead, st.peerLabel())
}

// unread tells how much no reader gets of what is at the front.
func (cfg *ioConfig) unread(st *stream) int {
	if cfg.follower != nil {
		if n := cfg.follower.Between(before(st, 0), st.in.Bytes()); n > 0 {
			return n
		}
	}
	if lc := cfg.liveness; lc != nil && lc.recognizable && bytes.HasPrefix(st.in.Bytes(), lc.received) {
		return len(lc.received)
	}
	return 0
}
