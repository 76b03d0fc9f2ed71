package core

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pires/go-proxyproto"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/layer"
	"wdsocket/core/layer/proxyheader"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/mem"
	"wdsocket/core/option"
	"wdsocket/core/poll"
)

// The conformance kit: tests that hold for every way in which two sockets can
// be connected. A new transport is one more row of transports, or of localTransports.

// setup is one such way.
type setup struct {
	name   string
	direct bool  // calls wait in their thread
	exact  bool  // the bytes on the wire are those of the framing and no others
	tls    int32 // the version's bit of option.SSLOptions, 0 without TLS
	masked bool  // layers below and above TLS change every byte
	leaves bool  // a layer below TLS is a handshake and nothing else
	alike  bool  // to another row, for the race detector, which is slow
	record bool  // into a capture and a trace
	below  bool  // of TLS
	faults string

	websocket   bool
	proxyScheme string // the scheme of the one that clients go through, "" for none
	header      bool   // servers require a PROXY header, and clients send one
	unix        bool   // Unix sockets, on Windows named pipes; a port is the number of a file or pipe then

	// pair connects a client with a channel; prepare, which may be nil, is
	// called with the client and the server before they are opened.
	pair func(k *kit, prepare func(*Socket)) (client, channel *Socket)

	// raw connects a channel with a peer that is no socket of the library.
	raw func(k *kit, prepare func(*Socket)) (*Socket, *peer)
}

var transports = []setup{
	{name: "plain parked", exact: true, pair: plainPair, raw: plainRaw},
	{name: "plain direct", direct: true, exact: true, pair: plainPair, raw: plainRaw},
	{name: "TLS 1.3 parked", tls: tlslayer.TLS13, pair: plainPair, raw: plainRaw},
	{name: "TLS 1.3 direct", tls: tlslayer.TLS13, direct: true, pair: plainPair, raw: plainRaw},
	{name: "TLS 1.2 direct", alike: true, tls: tlslayer.TLS12, direct: true, pair: plainPair, raw: plainRaw},
	{name: "TLS 1.3 parked, recorded above TLS, nothing injected below", record: true, faults: "at=bottom", tls: tlslayer.TLS13, pair: plainPair, raw: plainRaw},
	{name: "TLS 1.3 direct, recorded below TLS, nothing injected above", alike: true, record: true, below: true, faults: "at=top", tls: tlslayer.TLS13, direct: true, pair: plainPair, raw: plainRaw},
	{name: "TLS 1.3 direct, on a layer that has left", alike: true, leaves: true, tls: tlslayer.TLS13, direct: true, pair: plainPair, raw: plainRaw},
	{name: "plain direct, through a proxy", proxyScheme: "http", direct: true, exact: true, pair: plainPair, raw: plainRaw},
	{name: "plain parked, PROXY header required", alike: true, header: true, pair: plainPair, raw: plainRaw},
	{name: "TLS 1.3 parked, through a proxy", alike: true, proxyScheme: "socks5h", tls: tlslayer.TLS13, pair: plainPair, raw: plainRaw},
	{name: "TLS 1.3 direct, PROXY header required", header: true, tls: tlslayer.TLS13, direct: true, pair: plainPair, raw: plainRaw},
	{name: "WebSocket direct", websocket: true, direct: true, pair: plainPair, raw: plainRaw},
	{name: "WebSocket above TLS 1.3 parked", websocket: true, alike: true, tls: tlslayer.TLS13, pair: plainPair, raw: plainRaw},
	{name: "TLS 1.3 masked direct", alike: true, masked: true, tls: tlslayer.TLS13, direct: true, pair: plainPair, raw: plainRaw},
}

// kitGreeting is what each end says in the handshake of the layer that leaves.
const kitGreeting = "hello\n"

// layers are those of both ends.
func (tr setup) layers() (l Layers) {
	if tr.tls != 0 {
		l |= LayerTLS
	}
	if tr.websocket {
		l |= LayerWebSocket
	}
	return l
}

// patienceOfTests is how long a test waits for what must happen.
const patienceOfTests = 60 * time.Second

// moment is a time-out that is meant to end.
const moment = 30 * time.Millisecond

// kit is the surroundings of one test: a library that must be empty at its end.
type kit struct {
	*testing.T
	setup
	lib    *Library
	busy   sync.WaitGroup // the test's own goroutines
	folder string         // of the files of Unix sockets, "" without
	files  atomic.Int32   // how many of them there were
}

func newKit(t *testing.T, tr setup) *kit {
	k := &kit{T: t, setup: tr, lib: NewLibrary()}
	k.lib.Direct = tr.direct
	if tr.masked {
		k.lib.Lower, k.lib.Upper = []layer.Layer{mask(0x55)}, []layer.Layer{mask(0x33)}
	}
	if tr.leaves {
		k.lib.Lower = []layer.Layer{greeting{text: kitGreeting}}
	}
	if tr.record {
		folder, err := os.MkdirTemp("", "kit")
		require.NoError(t, err)
		capture, trace := filepath.Join(folder, "capture.pcapng"), filepath.Join(folder, "trace")
		k.record(capture, trace, tr.below)
		t.Cleanup(func() { // after leave; what TempDir does at its end Wine cannot do
			files, err := os.ReadDir(folder) // a trace may have been turned over
			assert.NoError(t, err)
			for _, file := range files {
				assert.NoError(t, os.Remove(filepath.Join(folder, file.Name())))
			}
			assert.NoError(t, os.Remove(folder))
		})
	}
	if tr.unix && localFiles {
		folder, err := os.MkdirTemp("", "kit") // TempDir may be too long for a socket
		require.NoError(t, err)
		k.folder = folder
		t.Cleanup(func() { assert.NoError(t, os.Remove(folder)) }) // after leave: no file is left
	}
	require.NoError(t, k.lib.SetText(option.TextFaults, tr.faults))
	t.Cleanup(k.leave)
	if tr.proxyScheme != "" {
		require.NoError(t, k.lib.SetText(option.TextProxy, k.proxy(tr.proxyScheme, nil).bare()))
	}
	if tr.header {
		require.NoError(t, k.lib.SetText(option.TextProxyTrusted, "127.0.0.1"))
		require.NoError(t, k.lib.SetOption(option.ProxyHeader, int32(proxyheader.Required)))
		require.NoError(t, k.lib.SetOption(option.ProxyHeaderSend, 2))
	}
	return k
}

// record makes the sockets that are made afterwards record.
func (k *kit) record(capture, trace string, below bool) {
	k.Helper()
	require.NoError(k, k.lib.SetText(option.TextCaptureFile, capture))
	require.NoError(k, k.lib.SetText(option.TextTraceFile, trace))
	if below {
		require.NoError(k, k.lib.SetOption(option.CaptureBelowTLS, 1))
	}
}

// logFile is the log of a test.
type logFile struct {
	k    *kit
	path string
}

// logs makes the library write a log.
func (k *kit) logs() *logFile {
	k.Helper()
	l := &logFile{k, filepath.Join(k.TempDir(), "log")}
	require.NoError(k, k.lib.SetText(option.TextLogFile, l.path))
	k.Cleanup(func() { k.lib.journal.Close() })
	return l
}

// text is what was logged.
func (l *logFile) text() string {
	l.k.Helper()
	require.True(l.k, l.k.lib.journal.Flush(patienceOfTests))
	text, err := os.ReadFile(l.path)
	require.NoError(l.k, err)
	return string(text)
}

// awaits waits until the log has text.
func (l *logFile) awaits(text string) {
	l.k.Helper()
	l.k.eventually(func() bool { return strings.Contains(l.text(), text) }, "the log has "+text)
}

// lends makes a library that lends memory to the host's side, which does not go
// with a trace.
func (k *kit) lends(d Trays) {
	k.Helper()
	require.NoError(k, k.lib.SetText(option.TextTraceFile, ""))
	k.lib.Trays = d
}

// leave checks that nothing is left.
func (k *kit) leave() {
	k.lib.CloseAll()
	k.busy.Wait()
	k.lib.CloseAll()
	for _, what := range []Number{NumSockets, NumGoroutines, NumDescriptors, NumBufferedBytes} {
		n, err := k.lib.Number(what)
		assert.NoError(k, err)
		assert.Zero(k, n, "figure %d", what)
	}
	goleak.VerifyNone(k, goleak.IgnoreAnyFunction("wdsocket/core/transport.readTable")) // Windows may take long for its table
}

// rows are the transports that tests go over.
func rows() []setup {
	return slices.DeleteFunc(slices.Concat(transports, localTransports), func(tr setup) bool { return raceEnabled && tr.alike })
}

// withoutProxy are the tests of the kit that say nothing of a client behind a proxy, and why.
var withoutProxy = map[string]string{
	"TestPublishPolicies":                   proxyTakes,
	"TestFlushOfPublishedTimesOut":          proxyTakes,
	"TestPublishedIsFlushedAndClosedBehind": proxyTakes,
	"TestWhatIsDroppedIsTold":               proxyTakes,
	"TestStatisticsOfAConversation":         proxyBytes,
	"TestRandomEventsOfEveryKind":           proxyAddress,
	"TestAConnectionIsRecorded":             proxyAddress,
}

// withoutUnix are the tests of the kit that say nothing of a Unix socket, and why.
var withoutUnix = map[string]string{
	"TestAbortResetsThePeer":                 unixReset,
	"TestCloseAndWaitGivesUp":                unixAtOnce,
	"TestCloseTimeoutGivesUpInTheBackground": unixAtOnce,
	"TestRandomEventsOfEveryKind":            unixAddress,
	"TestAConnectionIsRecorded":              unixAddress,
	"TestRecordingIsSwitchedWhileOpen":       unixAddress,

	"TestLongRowsOfMessagesOutliveTheirConnection": unixRoom,
}

// inOneWrite is a test whose peer sends many short messages at once. One of a WebSocket
// sends each of them by itself, for which Unix sockets have no room.
const inOneWrite = "TestQueueManyMessagesUnread"

const (
	unixReset   = "an end of a Unix socket is a reset only where something that was sent to it is unread"
	unixAtOnce  = "what is sent over a Unix socket is with the peer at once: a message cut short has nothing to wait for"
	unixRoom    = "the test writes many short messages that nobody reads: each takes the room of a long one in the buffers of a Unix socket"
	unixAddress = "the test tells connections apart by the client's own address, and all of one process have the same"
)

const (
	proxyTakes   = "a proxy takes, and confirms, what the peer does not read: how much fits is the proxy's affair"
	proxyBytes   = "the test compares the bytes of both ends, and the client has spoken to the proxy before"
	proxyAddress = "the test tells connections apart by the client's own address, and the server sees that of the proxy"
)

// applies tells whether a test is for a row.
func applies(test string, tr setup) bool {
	test, _, _ = strings.Cut(test, "/")
	return (!tr.unix || withoutUnix[test] == "") && (!tr.unix || !tr.websocket || test != inOneWrite) && (!tr.websocket || withoutWebSocket[test] == "") && (tr.proxyScheme == "" || withoutProxy[test] == "")
}

// overTransports runs a test over every transport.
func overTransports(t *testing.T, f func(k *kit)) {
	for _, tr := range rows() {
		if applies(t.Name(), tr) {
			t.Run(tr.name, func(t *testing.T) { f(newKit(t, tr)) })
		}
	}
}

// bothWaits runs a test that needs no transport with both ways to wait.
func bothWaits(t *testing.T, f func(k *kit)) {
	for _, direct := range []bool{false, true} {
		t.Run("direct "+strconv.FormatBool(direct), func(t *testing.T) {
			f(newKit(t, setup{direct: direct, exact: true, pair: plainPair, raw: plainRaw}))
		})
	}
}

func (k *kit) socket(prepare func(*Socket)) *Socket {
	s := k.lib.NewSocket("test")
	if k.tls != 0 {
		k.secured(s, k.tls)
	}
	if prepare != nil {
		prepare(s)
	}
	return s
}

// listen opens a server on a port of this machine.
func (k *kit) listen(prepare func(*Socket)) (server *Socket, port int) {
	k.Helper()
	server = k.socket(prepare)
	if k.unix {
		port = int(k.files.Add(1))
	}
	require.NoError(k, k.open(server, KindServer, k.layers(), port, 0))
	return server, portOf(k, server)
}

// open opens a socket at a port of this machine.
func (k *kit) open(s *Socket, kind Kind, layers Layers, port int, timeout time.Duration) error {
	if k.unix {
		return s.Open(kind, layers, 0, k.localAddress(port), timeout)
	}
	return s.Open(kind, layers, port, "127.0.0.1", timeout)
}

func portOf(t require.TestingT, s *Socket) int {
	end, err := s.Local()
	require.NoError(t, err)
	return portOfAddr(t, end)
}

// portOfAddr is the port, or the number of the file.
func portOfAddr(t require.TestingT, end endpoint.Addr) int {
	if kind := end.Kind(); kind == endpoint.UnixPath || kind == endpoint.PipeName {
		text := end.Host()
		port, err := strconv.Atoi(text[strings.LastIndexAny(text, "/-")+1:])
		require.NoError(t, err)
		return port
	}
	return int(end.Port())
}

func (k *kit) connect(port int, prepare func(*Socket)) *Socket {
	k.Helper()
	client := k.socket(prepare)
	require.NoError(k, k.open(client, KindClient, k.layers(), port, patienceOfTests))
	return client
}

// refusal is how a client is told that nothing listens at its target.
func (k *kit) refusal() fault.Code {
	if k.proxyScheme != "" {
		return fault.ProxyTarget
	}
	return fault.Refused
}

func plainPair(k *kit, prepare func(*Socket)) (client, channel *Socket) {
	k.Helper()
	server, port := k.listen(prepare)
	client = k.connect(port, prepare)
	channel, err := server.Accept(patienceOfTests, nil)
	require.NoError(k, err)
	require.NoError(k, server.Close())
	return client, channel
}

func plainRaw(k *kit, prepare func(*Socket)) (*Socket, *peer) {
	k.Helper()
	server, port := k.listen(prepare)
	p := k.dial(port)
	channel, err := server.Accept(patienceOfTests, nil)
	require.NoError(k, err)
	require.NoError(k, server.Close())
	p.end = channel
	return channel, p
}

// peer is the other end of a raw connection.
type peer struct {
	net.Conn            // what it speaks through
	tcp      systemConn // what that stands on
	end      *Socket    // the other end of a WebSocket: its server, or the channel
	t        testing.TB
}

// systemConn is a socket of the system, of TCP or a Unix socket.
type systemConn interface {
	net.Conn
	CloseWrite() error
	SetReadBuffer(bytes int) error
	SetWriteBuffer(bytes int) error
}

func (k *kit) dial(port int) *peer {
	k.Helper()
	c, err := k.dialSystem(port)
	require.NoError(k, err)
	k.Cleanup(func() { c.Close() })
	p := &peer{Conn: c, tcp: c.(systemConn), t: k}
	k.introduces(p)
	if k.masked {
		p.Conn = maskedConn{p.Conn, 0x55}
	}
	if k.leaves {
		p.Conn = &greetingConn{Conn: p.Conn, says: kitGreeting, hears: kitGreeting}
	}
	if k.tls != 0 {
		p.Conn = k.secureDialed(p.Conn)
	}
	if k.masked {
		p.Conn = maskedConn{p.Conn, 0x33}
	}
	if k.websocket {
		server := k.serverAt(port)
		p.end = server
		p.Conn = k.upgrade(p.Conn, func() *Socket { return p.end })
	}
	return p
}

// dialSystem connects a socket of the system to a port of this machine.
func (k *kit) dialSystem(port int) (net.Conn, error) {
	if k.unix {
		return k.dialLocal(port)
	}
	return net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
}

// introduces sends the header of a client that is no socket of the library, where servers
// require one.
func (k *kit) introduces(p *peer) {
	k.Helper()
	if k.header {
		h := proxyproto.HeaderProxyFromAddrs(2, p.tcp.LocalAddr(), p.tcp.RemoteAddr())
		_, err := h.WriteTo(p.tcp)
		require.NoError(k, err)
	}
}

func (p *peer) send(text string) {
	p.t.Helper()
	_, err := p.Write([]byte(text))
	require.NoError(p.t, err)
}

// expect reads exactly text.
func (p *peer) expect(text string) {
	p.t.Helper()
	got := make([]byte, len(text))
	require.NoError(p.t, p.SetReadDeadline(time.Now().Add(patienceOfTests)))
	n, err := io.ReadFull(p, got)
	require.NoError(p.t, err, "%q", got[:n])
	require.Equal(p.t, text, string(got))
}

// expectEnd reads the orderly end.
func (p *peer) expectEnd() {
	p.t.Helper()
	require.NoError(p.t, p.SetReadDeadline(time.Now().Add(patienceOfTests)))
	n, err := p.Read(make([]byte, 1))
	require.ErrorIs(p.t, err, io.EOF)
	require.Zero(p.t, n)
}

// expectReset reads until the connection is cut.
func (p *peer) expectReset() {
	p.t.Helper()
	require.NoError(p.t, p.SetReadDeadline(time.Now().Add(patienceOfTests)))
	_, err := io.Copy(io.Discard, p.Conn)
	if p.isUnix() {
		require.NotErrorIs(p.t, err, os.ErrDeadlineExceeded, "an end, unless something is unread")
		return
	}
	require.ErrorContains(p.t, err, "reset")
}

// isUnix tells whether it is a Unix socket, or a named pipe.
func (p *peer) isUnix() bool { _, is := p.tcp.(*net.TCPConn); return !is }

// name is what the other end calls it.
func (p *peer) name() string {
	if p.isUnix() {
		return localPeer().String()
	}
	return p.LocalAddr().String()
}

// reset cuts the connection.
func (p *peer) reset() {
	p.t.Helper()
	if p.isUnix() {
		require.NotNil(p.t, p.end, "the other end is not known")
		leaveUnread(p.t, p.end)
	} else {
		require.NoError(p.t, p.tcp.(*net.TCPConn).SetLinger(0))
	}
	require.NoError(p.t, p.tcp.Close())
}

// start runs f beside the test; await gives its error.
func (k *kit) start(f func() error) <-chan error {
	done := make(chan error, 1)
	k.busy.Add(1)
	go func() {
		defer k.busy.Done()
		done <- f()
	}()
	return done
}

func (k *kit) await(done <-chan error) error {
	k.Helper()
	select {
	case err := <-done:
		return err
	case <-time.After(patienceOfTests):
		require.FailNow(k, "a call does not return")
		return nil
	}
}

func (k *kit) eventually(ok func() bool, what string) {
	k.Helper()
	until := time.Now().Add(patienceOfTests)
	for !ok() {
		if time.Now().After(until) {
			require.FailNow(k, "it does not happen: "+what)
		}
		time.Sleep(time.Millisecond)
	}
}

// untilReadLocked waits until the read lock is held.
func (k *kit) untilReadLocked(s *Socket) {
	k.Helper()
	k.eventually(s.readLock.Load, "reading")
}

// untilBuffered waits until n bytes of what the peer sent at once are with the
// system.
func (k *kit) untilBuffered(s *Socket, n int) {
	k.Helper()
	conn := s.stream.Load().conn
	k.eventually(func() bool { return conn.Buffered() == n || !k.exact && conn.Buffered() > n }, "the beginning")
}

// untilStuck waits until a writer has filled the system's buffers.
func (k *kit) untilStuck(s *Socket) {
	k.Helper()
	st := s.stream.Load()
	least := int64(64 << 10) // more than a handshake
	if k.unix {              // whose buffers hold fewer of short messages: each takes the room of a long one
		least = 2 << 10
	}
	last, since := int64(-1), time.Now()
	k.eventually(func() bool {
		if out := st.conn.BytesOut(); out != last {
			last, since = out, time.Now()
		}
		return last > least && time.Since(since) > 50*time.Millisecond
	}, "a stuck writer")
}

func (k *kit) write(s *Socket, msg string) {
	k.Helper()
	n, err := s.Write([]byte(msg))
	require.NoError(k, err)
	require.Equal(k, len(msg), n)
}

func (k *kit) expect(s *Socket, msg string) {
	k.Helper()
	buf := make([]byte, len(msg)+1)
	n, err := s.Read(buf, patienceOfTests)
	require.NoError(k, err)
	require.Equal(k, msg, string(buf[:n]))
}

// fails checks that an error is of a code.
func (k *kit) fails(err error, code fault.Code) {
	k.Helper()
	require.ErrorIs(k, err, code, "%v", err)
	var e *fault.Error
	require.ErrorAs(k, err, &e)
}

// readFails checks that reading gives an error and nothing else.
func (k *kit) readFails(s *Socket, timeout time.Duration, code fault.Code) {
	k.Helper()
	n, err := s.Read(make([]byte, 100), timeout)
	k.fails(err, code)
	require.Zero(k, n)
}

func (k *kit) number(s *Socket, what Number) int {
	k.Helper()
	n, err := s.Number(what)
	require.NoError(k, err)
	return int(n)
}

func (k *kit) buffered() int {
	k.Helper()
	n, err := k.lib.Number(NumBufferedBytes)
	require.NoError(k, err)
	return int(n)
}

func inMode(mode frame.Mode, tag string) func(*Socket) error {
	return func(s *Socket) error {
		if tag == "" {
			return s.SetMode(mode, nil)
		}
		return s.SetMode(mode, []byte(tag))
	}
}

func withInts(options map[option.ID]int32) func(*Socket) error {
	return func(s *Socket) error {
		for id, v := range options {
			if err := s.SetOption(id, v); err != nil {
				return err
			}
		}
		return nil
	}
}

func withText(id option.TextID, value string) func(*Socket) error {
	return func(s *Socket) error { return s.SetText(id, value) }
}

// both runs settings one after the other and fails with the first error.
func both(steps ...func(*Socket) error) func(*Socket) error {
	return func(s *Socket) error {
		for _, step := range steps {
			if err := step(s); err != nil {
				return err
			}
		}
		return nil
	}
}

// must makes a preparation of a setting.
func must(t require.TestingT, set func(*Socket) error) func(*Socket) {
	return func(s *Socket) { require.NoError(t, set(s)) }
}

// modeCase is a transmission mode under test.
type modeCase struct {
	name  string
	set   func(*Socket) error
	fixed int  // the only length there is, 0 for any
	most  int  // the longest message worth trying
	any   bool // messages may hold any byte
	whole bool // messages are told apart by what is in the stream alone
	wire  func(msg string) string
}

func modeCases() []modeCase {
	return []modeCase{
		{name: "size", set: inMode(frame.Size, ""), any: true, whole: true,
			wire: func(m string) string { return strconv.Itoa(len(m)) + "\r\n" + m }},
		{name: "end tag", set: inMode(frame.EndTag, "\r\n"), whole: true,
			wire: func(m string) string { return m + "\r\n" }},
		{name: "end tag buffer", set: inMode(frame.EndTagBuffer, "<<end>>"), whole: true,
			wire: func(m string) string { return m + "<<end>>" }},
		{name: "default tag", set: inMode(frame.EndTag, ""), whole: true,
			wire: func(m string) string { return m + "\x1a" }},
		{name: "length 4 little", whole: true, any: true,
			set: both(withInts(map[option.ID]int32{option.FrameWidth: 4, option.FrameOrder: 1}), inMode(frame.Length, "")),
			wire: func(m string) string {
				n := len(m)
				return string([]byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)}) + m
			}},
		{name: "tpkt", set: withText(option.TextFramePreset, "tpkt"), most: 60000, whole: true, any: true,
			wire: func(m string) string {
				n := len(m) + 4
				return string([]byte{3, 0, byte(n >> 8), byte(n)}) + m
			}},
		{name: "fixed short", set: both(inMode(frame.Fixed, ""), withInts(map[option.ID]int32{option.FrameLength: 7})),
			fixed: 7, whole: true, any: true, wire: func(m string) string { return m }},
		{name: "fixed long", set: both(inMode(frame.Fixed, ""), withInts(map[option.ID]int32{option.FrameLength: 100000})),
			fixed: 100000, whole: true, any: true, wire: func(m string) string { return m }},
		{name: "markers", set: inMode(frame.Markers, ""), whole: true,
			wire: func(m string) string { return "\x02" + m + "\x03" }},
		{name: "escaped", set: both(inMode(frame.Markers, ""), withText(option.TextFrameEscape, "\x10")), whole: true, any: true,
			wire: func(m string) string {
				out := []byte{2}
				for _, c := range []byte(m) {
					if c == 2 || c == 3 || c == 0x10 {
						out = append(out, 0x10)
					}
					out = append(out, c)
				}
				return string(append(out, 3))
			}},
		{name: "described lines", set: withText(option.TextFrame, "data (0A|0D0A)"), whole: true,
			wire: func(m string) string { return m + "\n" }},
		{name: "described dle", set: withText(option.TextFrame, "1002 d=data~~10 1003 sum(d)"), whole: true, any: true,
			wire: func(m string) string {
				sum := byte(0)
				for _, c := range []byte(m) {
					sum += c
				}
				return "\x10\x02" + strings.ReplaceAll(m, "\x10", "\x10\x10") + "\x10\x03" + string([]byte{sum})
			}},
		{name: "stx etx bcc", set: withText(option.TextFramePreset, "stx-etx-bcc"), whole: true,
			wire: func(m string) string {
				check := byte(3)
				for _, c := range []byte(m) {
					check ^= c
				}
				return "\x02" + m + "\x03" + string([]byte{check})
			}},
		{name: "gap", set: both(inMode(frame.Gap, ""), withInts(map[option.ID]int32{option.FrameGap: 40})), most: 4096, any: true,
			wire: func(m string) string { return m }},
		{name: "raw", set: inMode(frame.Raw, ""), any: true,
			wire: func(m string) string { return m }},
	}
}

// sizes are the lengths worth trying in a mode.
func (m modeCase) sizes() []int {
	if m.fixed > 0 {
		return []int{m.fixed, m.fixed}
	}
	all := []int{0, 1, 2, 3, 100, 4094, 4095, 4096, 4097, 16383, 16384, 16385, 65535, 65536, 1<<20 + 3}
	out := all[:0:0]
	for _, n := range all {
		if (m.most == 0 || n <= m.most) && (n > 0 || m.whole) {
			out = append(out, n)
		}
	}
	return out
}

// message makes n bytes that the mode can carry.
func (m modeCase) message(n int) string {
	b := make([]byte, n)
	for i := range b {
		switch {
		case m.any:
			b[i] = byte(i*7 + i/256)
		default:
			b[i] = 'a' + byte(i%26)
		}
	}
	return string(b)
}

// wholeModes are the modes whose messages stand in the stream.
func wholeModes() []modeCase {
	var out []modeCase
	for _, m := range modeCases() {
		if m.whole {
			out = append(out, m)
		}
	}
	return out
}

// overModes runs a test over every transport and mode.
func overModes(t *testing.T, modes []modeCase, f func(k *kit, m modeCase)) {
	for _, tr := range rows() {
		for _, m := range modes {
			if !applies(t.Name(), tr) {
				continue
			}
			t.Run(tr.name+"/"+m.name, func(t *testing.T) { f(newKit(t, tr), m) })
		}
	}
}

// lent takes the text of a message and gives the message back.
func lent(m *mem.Message) string {
	defer m.Free()
	return string(bytes.Clone(m.Bytes()))
}

// random is a source that is the same in each run, and told when a test fails.
func random(t testing.TB, seed uint64) *rand.Rand {
	t.Helper()
	return rand.New(rand.NewPCG(seed, 1))
}

var errUnexpected = errors.New("not what was expected")

func unexpected(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errUnexpected, fmt.Sprintf(format, args...))
}

var forever = poll.Forever
