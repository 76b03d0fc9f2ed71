package core

import (
	"math"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/poll"
	"wdsocket/core/task"
)

// service receives whatever is available on a ready socket and queues its events. It
// never blocks. w is the queue's own non-blocking call.
func (reg *registration) service(w *poll.Call) {
	s := reg.s
	if !s.gate.EnterPollFast(w) {
		return
	}
	defer w.LeavePollFast()
	if s.registration.Load() != reg || s.opening.Load() {
		return
	}
	if !s.tryLockRead() {
		if !s.handshaking.Load() { // a handshake marks it ready at its end
			reg.q.markReady(reg) // a call reads its messages
		}
		return
	}
	defer s.unlockRead()
	if err := reg.startWatching(); err != nil {
		reg.postFinal(EventError, err)
		return
	}
	if reg.certCheckDue.Load() {
		reg.checkCertExpiry()
	}
	if st := s.stream.Load(); st != nil {
		reg.flushIfWritable(st)
		reg.serviceStream(w, st)
		reg.checkLiveness(w, st, s.config.Load())
	} else if v := s.server.Load(); v != nil {
		reg.serviceServer(w, v)
	} else if u := s.udp.Load(); u != nil {
		reg.serviceUDP(w, u)
	}
}

// postFinal posts the last event of a socket.
func (reg *registration) postFinal(kind EventKind, err error) {
	reg.postFinalValue(kind, 0, err)
}

// postFinalValue is postFinal for an event with a value.
func (reg *registration) postFinalValue(kind EventKind, value int, err error) {
	if reg.finalPosted {
		return
	}
	reg.finalPosted = true
	reg.postEvent(reg.newEvent(reg.s.userNumber.Load(), kind, value, fault.CodeOf(err)), true)
}

// reopenEvents takes the last event back: with another framing there may be more.
func (reg *registration) reopenEvents() {
	reg.finalPosted = false
	reg.q.mu.Lock()
	reg.finalQueued = false
	reg.q.mu.Unlock()
}

// flushIfWritable flushes if the system has room, and posts that there is room again.
// While nothing is pending the mark of room stays: a write that keeps something has
// found none since, and the system reports it then.
func (reg *registration) flushIfWritable(st *stream) {
	if !reg.writable.Load() || !st.conn.HasUnsent() && st.sendq.Load() == nil && !st.writeRefused.Load() {
		return
	}
	reg.writable.Store(false)
	left, err := st.conn.TryFlush() // also if it seems to hold nothing: a write may be keeping just now
	if st.markBroken(err) == nil && left == 0 && st.tryFlush() == nil && st.unsentBytes() == st.coalescedBytes() {
		reg.s.postWritable(st)
	}
}

// serviceStream receives and posts messages until the system has no more, the host has
// enough to read, or the socket's quota is used up.
func (reg *registration) serviceStream(w *poll.Call, st *stream) {
	cfg := reg.s.config.Load()
	if reg.codecGeneration != cfg.codecGeneration { // the bytes are other messages now
		reg.codecGeneration, reg.unreadBytes, reg.scanned, reg.unread = cfg.codecGeneration, 0, 0, 0
		if st.ended.Load() == nil {
			reg.reopenEvents()
		}
		reg.forgetMessages(0)
	}
	st.useConfig(cfg)
	st.registration = reg
	received := 0
	for !reg.finalPosted {
		if err := reg.postMessages(st, cfg); err != nil {
			reg.postFinal(EventError, err)
			return
		}
		if reg.unread >= maxUnreadEvents || reg.unread > 0 && (st.in.Len() >= readQuota || cfg.Gap() > 0) {
			reg.paused = true
			return // reading marks it ready again
		}
		if st.ended.Load() == nil && !reg.input.Load() {
			return
		}
		if received >= readQuota {
			reg.q.markReady(reg)
			return
		}
		before, came := st.in.Len(), st.conn.BytesIn()
		if err := st.fill(w, cfg); err != nil {
			reg.fillFailed(st, cfg, err)
			return
		}
		reg.gotMemory()
		received += max(st.in.Len()-before, int(st.conn.BytesIn()-came)) // some may have been dropped
		if (st.transparent() && !st.filledAll || st.layers.tookAll(came)) && !reg.ended.Load() && !reg.urgent.Load() {
			reg.rearm()
		}
	}
}

// rearm notes that the system has no more to read; more makes an event.
func (reg *registration) rearm() {
	reg.input.Store(false)
	reg.q.watcher.Rearm(reg.number)
}

// fillFailed handles a fill that received nothing.
func (reg *registration) fillFailed(st *stream, cfg *ioConfig, err error) {
	e := st.ended.Load()
	switch {
	case e == nil && fault.CodeOf(err) == fault.Timeout:
		if until := st.stopped(); !until.IsZero() { // until there is room, or it has waited too long
			reg.q.markReadyAt(reg, until)
		} else {
			reg.rearm()
		}
	case e == nil: // no memory now
		reg.requestMemory(st)
	case cfg.Stream() && reg.unread > 0 && st.in.Len() > reg.unreadBytes:
		reg.paused = true // what has no event comes before the end
	default:
		if cfg.Gap() > 0 {
			reg.postMessages(st, cfg)
		}
		reg.postEnd(st, e)
	}
}

// postMessages posts an event for each whole message that has none yet.
func (reg *registration) postMessages(st *stream, cfg *ioConfig) error {
	if cfg.Stream() {
		if st.in.Len() >= max(reg.enough, 1) && reg.unread == 0 {
			reg.enough = 0
			reg.postBytes(st, cfg)
		}
		return nil
	}
	for reg.unread < maxUnreadEvents && st.in.Len() > reg.unreadBytes {
		if reg.unread > 0 && reg.invalid {
			return nil
		}
		f, err := decodeNext(reg, st, cfg)
		if reg.invalid = err != nil; err != nil {
			if reg.unread > 0 {
				return nil // reported when those before it are read
			}
			if _, err = st.decodeFront(cfg); err != nil {
				return err
			}
			continue // it was skipped, and an event tells of it
		}
		if f.Total == 0 {
			searched(reg, st, f)
			return nil
		}
		if gap := cfg.Gap(); gap > 0 && !f.Closed() && lateEnd(st) != nil {
			return nil
		} else if gap > 0 && !f.Closed() && st.ended.Load() == nil {
			if silent := st.coldState().lastReceived.Add(gap); st.cold.inherited == 0 && time.Now().Before(silent) {
				searched(reg, st, f)
				reg.q.markReadyAt(reg, silent)
				return nil
			}
		}
		if f.Wrong() && !f.Closed() {
			at := reg.unreadBytes + reg.between
			if f, err = cfg.judgeSilent(st, at); err != nil {
				if reg.unread > 0 {
					return nil // as above
				}
				st.skipInvalid(st.framingError(err), f)
				continue // an event tells of it
			}
		}
		st.in.MarkWhole()
		at := reg.unreadBytes + reg.between
		reg.unreadBytes = at + f.Total
		reg.between, reg.scanned = 0, 0
		reg.unread++
		event := reg.newEvent(reg.s.userNumber.Load(), EventMessage, st.hostSize(cfg, f, at), fault.OK)
		if event.Detail = messageKind(f); event.Detail == 0 {
			event.Detail = st.ws.Load().kind(f.Text)
		}
		reg.postEvent(event, false)
	}
	return nil
}

// postNoise posts that bytes were skipped; more: they belong to the noise posted last.
func (reg *registration) postNoise(bytes int, code fault.Code, more bool) {
	if !more {
		reg.post(EventNoise, bytes, code)
		reg.q.markReady(reg) // it may be a reader who met it
		return
	}
	q := reg.q
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := len(q.events) - 1; i >= q.head; i-- {
		if p := &q.events[i]; p.about == reg && p.event.Kind == EventNoise {
			p.event.Value += int32(min(bytes, math.MaxInt32-int(p.event.Value)))
			return
		}
	}
}

// postBytes posts an event for the received bytes of a raw mode, as far as they are
// whole characters.
func (reg *registration) postBytes(st *stream, cfg *ioConfig) {
	size, used := st.in.Len(), st.in.Len()
	if cfg.charset != nil {
		n, err := st.bufferedTextSize(cfg)
		if n == 0 && err == nil {
			return
		}
		if err == nil {
			size, used = n, st.front.wire
		}
	}
	reg.unread, reg.unreadBytes = 1, used
	reg.post(EventMessage, size, fault.OK)
}

// hostSize is how long the message at an offset is for the host.
func (st *stream) hostSize(cfg *ioConfig, f frame.Frame, at int) int {
	if cfg.charset == nil {
		return f.Size
	}
	text, err := st.convert(cfg, f, st.in.Bytes()[at:])
	if err != nil { // reading it tells
		return f.Size
	}
	return len(text)
}

// markReadyAt makes the queue service a socket at a certain time.
func (q *Queue) markReadyAt(reg *registration, when time.Time) {
	if reg.wakeScheduled.Swap(true) {
		return // it is serviced then, which finds out how long to wait further
	}
	task.AfterFunc("the timer of a queue", q.lib.Report, time.Until(when), func() {
		reg.wakeScheduled.Store(false)
		q.markReady(reg)
	})
}

// serviceServer posts a request, or accepts it.
func (reg *registration) serviceServer(w *poll.Call, v *server) {
	if reg.finalPosted {
		return
	}
	for range 64 { // the others are serviced, too
		v.mu.Lock()
		pending := v.pending != nil
		v.mu.Unlock()
		if pending && !reg.manage {
			return // accepting or denying it marks the server ready again
		}
		err := v.awaitRequest(w)
		if err != nil {
			reg.acceptFailed(err)
			return
		}
		if !reg.manage {
			reg.post(EventRequest, 0, fault.OK)
			return
		}
		if err := reg.acceptChannel(w, v); err != nil {
			reg.post(EventError, 0, fault.CodeOf(err))
			if st := v.takePending(); st != nil {
				v.refused.Add(1)
				st.abort()
			}
		}
	}
	reg.q.markReady(reg)
}

func (reg *registration) acceptFailed(err error) {
	switch fault.CodeOf(err) {
	case fault.Timeout:
		reg.rearm()
	case fault.Descriptors:
		reg.post(EventError, 0, fault.Descriptors)
		const pause = 100 * time.Millisecond
		reg.q.markReadyAt(reg, time.Now().Add(pause))
	case fault.Busy: // a call is accepting
		const pause = 10 * time.Millisecond
		reg.q.markReadyAt(reg, time.Now().Add(pause))
	case fault.Cancelled:
		reg.q.markReady(reg)
	case fault.Closed:
	default: // it is used as a simplified server
		reg.postFinal(EventError, err)
	}
}

// acceptChannel accepts the pending request and attaches the channel.
func (reg *registration) acceptChannel(w *poll.Call, v *server) error {
	ch, err := v.accept(w, func(ch *Socket) error {
		if err := reg.q.Attach(ch, false); err != nil { // first: a handle may not be made for nothing
			return err
		}
		reg.s.lib.addSocket(ch)
		if reg.q.adopt == nil {
			return nil
		}
		err := reg.q.adopt(ch)
		if err != nil {
			ch.Detach()
			reg.s.lib.removeSocket(ch)
		}
		return err
	})
	if err != nil {
		return err
	}
	if b := ch.registration.Load(); b != nil {
		b.post(EventAccepted, int(reg.s.ID()), fault.OK)
	}
	return nil
}

// serviceUDP posts that a datagram was received.
func (reg *registration) serviceUDP(w *poll.Call, u *udpSocket) {
	u.registration = reg
	if reg.unread > 0 {
		return
	}
	err := u.receive(w)
	switch fault.CodeOf(err) {
	case fault.OK:
		reg.unread = 1
		size := u.n
		if text, err := u.content(reg.s.config.Load()); err == nil {
			size = len(text)
		}
		reg.post(EventMessage, size, fault.OK)
	case fault.Timeout:
		reg.rearm()
	case fault.Cancelled:
		reg.q.markReady(reg)
	case fault.Closed:
	default:
		reg.post(EventError, 0, fault.CodeOf(err))
		reg.q.markReady(reg)
	}
}

// noteConsumed counts messages that have left the buffer.
func (reg *registration) noteConsumed(st *stream, messages int) {
	reg.unread, reg.enough = max(reg.unread-messages, 0), 0
	if reg.paused || reg.unread == 0 && (reg.input.Load() || st.in.Len() > 0 || layerHolds(st)) {
		reg.paused = false
		reg.q.markReady(reg)
	}
}
