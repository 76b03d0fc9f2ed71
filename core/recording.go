package core

import (
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"wdsocket/core/layer"
	"wdsocket/core/layer/capture"
	"wdsocket/core/layer/inject"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
	"wdsocket/core/transport"
)

// recordingTimeout is how long CloseAll waits for the disk.
const recordingTimeout = time.Second

// recording is what is recorded of a connection, and done to it on purpose.
type recording struct {
	tap    capture.Tap
	faults *inject.Conn // nil: nothing is done
}

// released is the recording of a connection that is closed: nothing is recorded any
// more.
var released = func() *recording {
	rec := new(recording)
	rec.tap.Close(nil)
	return rec
}()

// errAborted is recorded of a connection that this side has reset.
var errAborted = errors.New("this program has reset the connection")

// lazyRecording has a recording, allocated on first use: most connections do not pay
// for it.
type lazyRecording struct{ made atomic.Pointer[recording] }

// use returns the recording, to put something into it.
func (l *lazyRecording) use() *recording {
	if rec := l.made.Load(); rec != nil {
		return rec
	}
	l.made.CompareAndSwap(nil, new(recording))
	return l.made.Load()
}

// recorder records the connection; nil, which may be called, records nothing.
func (l *lazyRecording) recorder() *capture.Recorder {
	if rec := l.made.Load(); rec != nil {
		return rec.tap.Recorder()
	}
	return nil
}

// layer is one that records, if that is to be done on its side of TLS.
func (l *lazyRecording) layer(at capture.Side) layer.Layer {
	return capture.Layer{Tap: &l.use().tap, Side: at}
}

// end ends a connection by a function, and what is recorded of it. No layer touches
// it afterwards: it is given back.
func (l *lazyRecording) end(by func(), why error) {
	rec := l.made.Swap(released)
	if rec != nil && rec.faults != nil {
		rec.faults.Close()
	}
	by()
	if rec != nil {
		rec.tap.Close(why)
	}
}

// addFaults puts the layer into a chain that injects faults, if the options of its
// socket ask for it. What is recorded stands above it: it is what the program meets.
func (st *stream) addFaults(c *chain) {
	o := c.sock.options()
	if o.Faults == nil {
		return
	}
	faults := inject.New(o.Faults, inject.Owner{
		Wait:   st.conn.Pause,
		Push:   func() { st.conn.TryFlush() },
		Cut:    st.conn.Reset,
		Report: st.lib.Report,
	}, st.peerLabel())
	st.recording.use().faults = faults
	if o.Faults.Top {
		c.upper = append(slices.Clip(c.upper), faults)
	} else {
		c.lower = append([]layer.Layer{faults}, c.lower...)
	}
}

// record records the connection as o says from now on; midway tells that it is open
// already. It may be called while other calls read and write, but not beside itself:
// the mutex of the socket whose options they are is held once that has the
// connection.
func (st *stream) record(o capture.Options, midway bool) {
	before := st.recording.recorder()
	if before == nil && o.None() || transport.IsPlaceholder(st.conn) {
		return
	}
	traced := before.Traces()
	begin := capture.Connected
	if st.server() != nil {
		begin = capture.Accepted
	}
	st.recording.use().tap.Switch(st.lib.recordings, o, begin, func() capture.Socket {
		return capture.Socket{Label: st.owner.Load().label(st.kindWord()), Local: st.conn.LocalAddr(), Peer: st.conn.PeerAddr(), Midway: midway}
	})
	if !traced && st.recording.recorder().Traces() {
		st.traceTLS()
	}
}

// recordLocked records what the socket has open as its options say from now on; s.mu is
// held.
func (s *Socket) recordLocked() {
	o := s.options().Record
	if st := s.stream.Load(); st != nil {
		st.record(o, true)
	}
	if v := s.server.Load(); v != nil {
		v.mu.Lock()
		defer v.mu.Unlock()
		if v.client != nil {
			v.client.record(o, true)
		}
	}
	if u := s.udp.Load(); u != nil {
		u.tap.Switch(s.lib.recordings, o, capture.Datagrams, func() capture.Socket {
			return capture.Socket{Label: s.label(wordUDP), Local: u.sock.LocalAddr()}
		})
	}
}

// traceMessage records the border of a message.
func (st *stream) traceMessage(d capture.Direction, msg []byte) {
	if r := st.recording.recorder(); r != nil {
		r.Message(d, msg)
	}
}

// traceTLS records what TLS has agreed on, if it is there.
func (st *stream) traceTLS() {
	r, tls := st.recording.recorder(), st.tls.Load()
	if r == nil || tls == nil {
		return
	}
	var said []string
	for _, what := range []struct {
		name string
		info int32
	}{{"", tlslayer.InfoVersion}, {"", tlslayer.InfoCipher}, {"", tlslayer.InfoGroup}, {"ALPN ", tlslayer.InfoALPN}, {"peer ", tlslayer.InfoSubject}} {
		if text, err := tls.Info(what.info, 0); err == nil && text != "" {
			said = append(said, what.name+text)
		}
	}
	r.Note("TLS is there: " + strings.Join(said, ", "))
}

// traceAttempt records a connection that could not be made.
func (s *Socket) traceAttempt(a *openAttempt, err error) {
	o := capture.Options{Trace: s.options().Record.Trace}
	if o == (capture.Options{}) {
		return
	}
	r := s.lib.recordings.Record(o, capture.Socket{Label: s.label(wordClient), Target: string(appendLocation(nil, a.at))}, capture.Attempt)
	r.Note("not connected: " + err.Error())
	r.Close(nil)
}

// reset resets the connection and releases it; unsent data is lost.
func (st *stream) reset() { st.recording.end(st.conn.Abort, errAborted) }

// closeConn closes the connection.
func (st *stream) closeConn() { st.recording.end(func() { st.conn.Close() }, nil) }

// RecordAll makes the sockets that are made afterwards record into a file: into a
// capture if its name ends in .pcapng, otherwise into a trace. It is for the
// environment: no file is touched before there is something to record, and what is
// wrong with it is told in the log alone.
func (lib *Library) RecordAll(path string) error {
	id := option.TextTraceFile
	if strings.HasSuffix(strings.ToLower(path), ".pcapng") {
		id = option.TextCaptureFile
	}
	set := option.Texts()[id].Set
	return lib.change(func(s *option.Settings) error { return set(s, path) })
}
