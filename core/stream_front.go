package core

import (
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/poll"
)

// How much is buffered and unread. Each byte is looked at once, however often that is
// asked.

// frontInfo caches what has been decoded at the front of a buffer: wire bytes of it,
// whole characters or whole messages, are host bytes for the host. Behind them, between are
// between messages, and there Decode goes on at scanned.
type frontInfo struct{ wire, host, between, scanned int }

// frontInfo returns st.front, allocating it on first use.
func (st *stream) frontInfo() *frontInfo {
	if st.front == nil {
		st.front = new(frontInfo)
	}
	return st.front
}

// frontTaken notes that n bytes leave the front, which are host bytes for the host.
func (st *stream) frontTaken(n, host int) {
	k := st.front
	if k == nil || n >= k.wire {
		*st.frontInfo() = frontInfo{}
		return
	}
	k.wire -= n
	k.host = max(k.host-host, 0)
}

// frontHostSize returns what the first n bytes, which are decoded, are for the host.
func (st *stream) frontHostSize(n int) int {
	if n >= st.front.wire {
		return st.front.host
	}
	if cfg := st.decodedWith; cfg != nil && !cfg.Stream() {
		host, at := 0, 0
		for at < n {
			f, err := cfg.decodeAt(st, at, 0)
			if err != nil || f.Total == 0 {
				break
			}
			host += st.hostSize(cfg, f, at)
			at += f.Total
		}
		if at == n {
			return host
		}
	}
	*st.front = frontInfo{} // it is found out anew
	return 0
}

// available returns how many bytes reads would give now.
func (st *stream) available(w *poll.Call, cfg *ioConfig) (int, error) {
	st.useConfig(cfg)
	if cfg.Stream() {
		return st.availableRaw(w, cfg)
	}
	failed := st.fillForMessage(w, cfg)
	if total, some := st.wholeMessages(cfg); some {
		return total, nil
	}
	if _, err := st.decodeFront(cfg); err != nil {
		return 0, err
	}
	if fault.CodeOf(failed) == fault.Timeout {
		return 0, nil
	}
	return 0, failed
}

// fillForMessage receives what is available, until that is much and has a whole
// message. Half of the buffer stays free then for what arrives while the host reads.
func (st *stream) fillForMessage(w *poll.Call, cfg *ioConfig) error {
	const much = 512 << 10
	for {
		if st.in.Len() >= much {
			if _, some := st.wholeMessages(cfg); some || cfg.Gap() > 0 || st.frontIsInvalid(cfg) {
				return nil
			}
		}
		if err := st.fill(w, cfg); err != nil {
			return err
		}
	}
}

// frontIsInvalid tells whether the front is no message.
func (st *stream) frontIsInvalid(cfg *ioConfig) bool {
	_, err := cfg.decodeAt(st, 0, st.scanned)
	return err != nil || st.framingErr != nil
}

func (st *stream) availableRaw(w *poll.Call, cfg *ioConfig) (int, error) {
	if cfg.charset != nil {
		return st.availableText(w, cfg)
	}
	if st.in.Len() == 0 {
		if err := st.fill(w, cfg); err != nil && fault.CodeOf(err) != fault.Timeout {
			return 0, err
		}
	}
	return st.in.Len() + st.unreadInSystem(), nil
}

// availableText is availableRaw in a character set.
func (st *stream) availableText(w *poll.Call, cfg *ioConfig) (int, error) {
	const much = 64 << 10
	var failed error
	for st.in.Len() < much && failed == nil {
		failed = st.fill(w, cfg)
	}
	n, err := st.bufferedTextSize(cfg)
	if err == nil && n == 0 && fault.CodeOf(failed) != fault.Timeout {
		err = failed
	}
	return n, err
}

// unreadInSystem returns how many bytes the system holds that can be read as they are.
func (st *stream) unreadInSystem() int {
	if !st.transparent() {
		return 0
	}
	return st.conn.Buffered()
}

// wholeMessages adds up the whole messages in the buffer without taking them; some
// tells whether there are any.
func (st *stream) wholeMessages(cfg *ioConfig) (total int, some bool) {
	if gap := cfg.Gap(); gap > 0 {
		if st.in.Len() == 0 {
			return 0, false
		}
		f, err := cfg.decodeAt(st, 0, 0)
		if !f.Closed() && (lateEnd(st) != nil || time.Since(st.coldState().lastReceived) < gap && st.ended.Load() == nil) || f.Total == 0 {
			return 0, false
		}
		if f.Wrong() && !f.Closed() && err == nil {
			f, err = cfg.judgeSilent(st, 0)
		}
		return st.hostSize(cfg, f, 0), err == nil
	}
	k := st.frontInfo()
	for b := st.in.Bytes(); k.wire < len(b); {
		var f frame.Frame
		var err error
		if k.wire == 0 {
			f, err = cfg.decodeAt(st, 0, st.scanned)
		} else {
			f, err = decodeBehind(st, cfg, k.wire, &k.between, k.scanned)
		}
		if err != nil {
			break
		}
		if f.Total == 0 {
			if k.wire == 0 {
				st.scanned = f.Scanned
			}
			k.scanned = f.Scanned
			break
		}
		k.host += st.hostSize(cfg, f, k.wire+k.between)
		k.wire += k.between + f.Total
		k.between, k.scanned = 0, 0
	}
	return k.host, k.wire > 0
}

// wholeBytes returns how many bytes at the front are whole messages, and noise between
// them: the rest of the others is never received. The caller holds the read lock.
func (st *stream) wholeBytes(cfg *ioConfig) int {
	b := st.in.Bytes()
	if cfg.Gap() > 0 && lateEnd(st) != nil { // which completes no message
		if reg := st.registration; reg != nil {
			return min(reg.unreadBytes, len(b))
		}
		if f, err := cfg.decodeAt(st, 0, 0); err == nil && f.Closed() {
			return f.Total
		}
		return 0
	}
	if cfg.Stream() || cfg.Gap() > 0 {
		return wholeCharacters(st, cfg)
	}
	n, discarding := 0, st.discardNext
	for at := 0; at < len(b); {
		f, err := cfg.decodeAt(st, at, 0)
		if f.Total == 0 {
			break
		}
		at += f.Total
		if err != nil { // what follows is understood again
			discarding = false
			continue
		}
		n = at
		if discarding {
			st.advance(n)
			st.discardNext = false
			return st.wholeBytes(cfg)
		}
	}
	return n
}
