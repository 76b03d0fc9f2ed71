package core

import (
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/poll"
)

// What has arrived and was not read, for those who ask how much it is. However
// often they ask, each byte is looked at once.

// known is what has been found out about the front of a buffer: wire bytes of it,
// whole characters or whole messages, are host bytes for the host. Decode goes on
// behind them at scanned.
type known struct{ wire, host, scanned int }

// front is the stream's known, made when it is first asked for.
func (st *stream) front() *known {
	if st.known == nil {
		st.known = new(known)
	}
	return st.known
}

// knownTaken notes that n bytes leave the front, which are host bytes for the
// host.
func (st *stream) knownTaken(n, host int) {
	k := st.known
	if k == nil || n >= k.wire {
		*st.front() = known{}
		return
	}
	k.wire -= n
	k.host = max(k.host-host, 0)
}

// knownOf tells what the first n bytes, which are known, are for the host.
func (st *stream) knownOf(n int) int {
	if n >= st.known.wire {
		return st.known.host
	}
	if lv := st.mode; lv != nil && !lv.Stream() {
		b, host, at := st.in.Bytes(), 0, 0
		for at < n {
			f, err := lv.Decode(b[at:], 0)
			if err != nil || f.Total == 0 {
				break
			}
			host += st.hostSize(lv, f, at)
			at += f.Total
		}
		if at == n {
			return host
		}
	}
	*st.known = known{} // it is found out anew
	return 0
}

// available tells the bytes that reads would give now.
func (st *stream) available(w *poll.Call, lv *live) (int, error) {
	st.follow(lv)
	if lv.Stream() {
		return st.availableRaw(w, lv)
	}
	failed := st.fillSome(w, lv)
	if total, some := st.wholeThere(lv); some {
		return total, nil
	}
	if _, err := st.decode(lv); err != nil {
		return 0, err
	}
	if fault.CodeOf(failed) == fault.Timeout {
		return 0, nil
	}
	return 0, failed
}

// fillSome reads what is there, until that is much and has a whole message. Half
// of the buffer stays free then for what comes while the host reads on.
func (st *stream) fillSome(w *poll.Call, lv *live) error {
	const much = 512 << 10
	for {
		if st.in.Len() >= much {
			if _, some := st.wholeThere(lv); some || lv.Gap() > 0 || st.wrong(lv) {
				return nil
			}
		}
		if err := st.fill(w, lv); err != nil {
			return err
		}
	}
}

// wrong tells whether what is at the front is no message.
func (st *stream) wrong(lv *live) bool {
	_, err := lv.Decode(st.in.Bytes(), st.scanned)
	return err != nil || st.lost != nil
}

func (st *stream) availableRaw(w *poll.Call, lv *live) (int, error) {
	if lv.charset != nil {
		return st.availableText(w, lv)
	}
	if st.in.Len() == 0 {
		if err := st.fill(w, lv); err != nil && fault.CodeOf(err) != fault.Timeout {
			return 0, err
		}
	}
	return st.in.Len() + st.behind(), nil
}

// availableText is availableRaw in a character set.
func (st *stream) availableText(w *poll.Call, lv *live) (int, error) {
	const much = 64 << 10
	var failed error
	for st.in.Len() < much && failed == nil {
		failed = st.fill(w, lv)
	}
	n, err := st.textThere(lv)
	if err == nil && n == 0 && fault.CodeOf(failed) != fault.Timeout {
		err = failed
	}
	return n, err
}

// behind tells how many bytes the system holds that can be read as they are.
func (st *stream) behind() int {
	if !st.transparent() {
		return 0
	}
	return st.conn.Buffered()
}

// wholeThere adds up the messages in the buffer that are whole, without taking
// them; some tells whether there are any.
func (st *stream) wholeThere(lv *live) (total int, some bool) {
	if gap := lv.Gap(); gap > 0 {
		if st.in.Len() == 0 || time.Since(st.odd().last) < gap && st.ended.Load() == nil {
			return 0, false
		}
		f, err := lv.Decode(st.in.Bytes(), 0)
		return st.hostSize(lv, f, 0), err == nil
	}
	k := st.front()
	for b := st.in.Bytes(); k.wire < len(b); {
		scanned := k.scanned
		if k.wire == 0 {
			scanned = st.scanned
		}
		f, err := lv.Decode(b[k.wire:], scanned)
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
		k.host += st.hostSize(lv, f, k.wire)
		k.wire += f.Total
		k.scanned = 0
	}
	return k.host, k.wire > 0
}
