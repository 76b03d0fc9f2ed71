package core

import (
	"errors"
	"strings"
	"time"

	"wdsocket/core/layer"
	"wdsocket/core/layer/capture"
	"wdsocket/core/layer/inject"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
)

// recordingTimeout is how long CloseAll waits for the disk.
const recordingTimeout = time.Second

// recording is what is recorded of a connection, and done to it on purpose.
type recording struct {
	recorder *capture.Recorder // nil: nothing is recorded
	faults   *inject.Conn      // nil: nothing is done
}

// errAborted is recorded of a connection that this side has reset.
var errAborted = errors.New("this program has reset the connection")

// addRecording puts the layers into a chain that the options of its socket ask for.
// What is recorded stands above what is injected: it is what the program meets.
func (st *stream) addRecording(c *chain) {
	o := c.sock.options()
	if o.Record == (capture.Options{}) && o.Faults == nil {
		return
	}
	rec := &recording{}
	var lower []layer.Layer
	place := func(l layer.Layer, top bool) {
		if top {
			c.upper = append(c.upper[:len(c.upper):len(c.upper)], l)
		} else {
			lower = append(lower, l)
		}
	}
	if o.Faults != nil {
		rec.faults = inject.New(o.Faults, inject.Outside{
			Wait:   st.conn.Pause,
			Push:   func() { st.conn.TryFlush() },
			Cut:    st.conn.Reset,
			Report: st.lib.Report,
		}, st.peerLabel())
		place(rec.faults, o.Faults.Top)
	}
	begin := capture.Connected
	if st.server() != nil {
		begin = capture.Accepted
	}
	rec.recorder = st.lib.recordings.Record(o.Record,
		capture.Socket{Label: st.owner.Load().label(st.kindWord()), Local: st.conn.LocalAddr(), Peer: st.conn.PeerAddr()}, begin)
	if rec.recorder != nil {
		place(capture.Layer{Recorder: rec.recorder}, !o.RecordBelowTLS)
	}
	c.lower = append(lower, c.lower...)
	st.recording.Store(rec)
}

// recorder records the connection; nil, which may be called, records nothing.
func (st *stream) recorder() *capture.Recorder {
	if rec := st.recording.Load(); rec != nil {
		return rec.recorder
	}
	return nil
}

// traceMessage records the border of a message.
func (st *stream) traceMessage(d capture.Direction, msg []byte) {
	if rec := st.recording.Load(); rec != nil {
		rec.recorder.Message(d, msg)
	}
}

// traceTLS records what TLS has agreed on, if it is there.
func (st *stream) traceTLS() {
	r, tls := st.recorder(), st.tls.Load()
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
	r := s.lib.recordings.Record(o, capture.Socket{Label: s.label(wordClient), Target: string(appendHost(nil, a.host, a.port))}, capture.Attempt)
	r.Note("not connected: " + err.Error())
	r.Close(nil)
}

// reset resets the connection and releases it; unsent data is lost.
func (st *stream) reset() {
	st.endLayers()
	st.conn.Abort()
	st.recorder().Close(errAborted)
}

// release closes the connection.
func (st *stream) release() {
	st.endLayers()
	st.conn.Close()
	st.recorder().Close(nil)
}

// endLayers keeps the layers from touching a connection that is given back.
func (st *stream) endLayers() {
	if rec := st.recording.Load(); rec != nil && rec.faults != nil {
		rec.faults.Close()
	}
}

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
