package core

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"wdsocket/core/frame"
)

// webSocketPeer is the test's own end of a WebSocket, a client. What a test writes and
// reads are the bytes of the mode of the other end, as on the other transports: each
// message of them is one of the WebSocket. What there is of a message that says its
// length first goes out as a fragment.
type webSocketPeer struct {
	net.Conn
	k      *kit
	end    func() *Socket // whose mode it is
	unread []byte         // of the connection
	parts  []byte         // of a message that is arriving
	given  []byte         // for the test to read

	mu       sync.Mutex
	written  []byte // by the test, and no whole message yet
	sentOf   int    // bytes of it that went out
	closed   bool   // the own close frame is sent
	received bool   // the peer's has come
}

const (
	opContinuation, opBinary, opClose, opPing = 0, 2, 8, 9
	finBit, maskBit                           = 0x80, 0x80
)

// webSocketRequest asks for a WebSocket, with the key of RFC 6455.
const webSocketRequest = "GET /kit HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

// upgrade makes the handshake.
func (k *kit) upgrade(c net.Conn, end func() *Socket) net.Conn {
	k.Helper()
	require.NoError(k, c.SetDeadline(time.Now().Add(patienceOfTests)))
	_, err := io.WriteString(c, webSocketRequest)
	require.NoError(k, err)
	r := bufio.NewReader(c)
	answer, err := http.ReadResponse(r, nil)
	require.NoError(k, err)
	require.Equal(k, http.StatusSwitchingProtocols, answer.StatusCode)
	require.Equal(k, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", answer.Header.Get("Sec-WebSocket-Accept"))
	require.NoError(k, c.SetDeadline(time.Time{}))
	unread, _ := r.Peek(r.Buffered())
	return &webSocketPeer{Conn: c, k: k, end: end, unread: append([]byte(nil), unread...)}
}

// framer is that of the mode.
func (p *webSocketPeer) framer() frame.Framer {
	f, err := frame.New(p.end().options().Frame)
	if err != nil {
		panic(err)
	}
	return f
}

func (p *webSocketPeer) frame(op byte, fin bool, payload []byte) error {
	b := []byte{op, maskBit}
	if fin {
		b[0] |= finBit
	}
	switch n := len(payload); {
	case n < 126:
		b[1] |= byte(n)
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16([]byte{b[0], maskBit | 126}, uint16(n))
	default:
		b = binary.BigEndian.AppendUint64([]byte{b[0], maskBit | 127}, uint64(n))
	}
	mask := [4]byte{0x12, 0x34, 0x56, 0x78}
	b = append(b, mask[:]...)
	for i, c := range payload {
		b = append(b, c^mask[i%4])
	}
	_, err := p.Conn.Write(b)
	return err
}

// part sends what is new of a message.
func (p *webSocketPeer) part(fin bool, message []byte) error {
	op := byte(opBinary)
	if p.sentOf > 0 {
		op = opContinuation
	}
	err := p.frame(op, fin, message[p.sentOf:])
	p.sentOf = len(message)
	if fin {
		p.sentOf = 0
	}
	return err
}

func (p *webSocketPeer) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return 0, net.ErrClosed
	}
	f := p.framer()
	p.written = append(p.written, b...)
	for len(p.written) > 0 {
		got, err := f.Decode(p.written, 0)
		if err != nil {
			return 0, err
		}
		if got.Total == 0 {
			if have := len(p.written) - (got.Need - got.Size); f.Contiguous() && got.Size >= 0 && have > p.sentOf {
				return len(b), p.part(false, p.written[got.Need-got.Size:])
			}
			break
		}
		message := make([]byte, got.Size)
		f.Extract(message, p.written, got)
		if err := p.part(true, message); err != nil {
			return 0, err
		}
		p.written = p.written[got.Total:]
	}
	return len(b), nil
}

func (p *webSocketPeer) Read(b []byte) (int, error) {
	for len(p.given) == 0 {
		if p.received {
			return 0, io.EOF
		}
		if !p.takeFrame() {
			more := make([]byte, 64<<10)
			n, err := p.Conn.Read(more)
			p.unread = append(p.unread, more[:n]...)
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			if err != nil {
				return 0, err
			}
		}
	}
	n := copy(b, p.given)
	p.given = p.given[n:]
	return n, nil
}

// takeFrame takes a frame that has come; false if it is not whole.
func (p *webSocketPeer) takeFrame() bool {
	u := p.unread
	if len(u) < 2 {
		return false
	}
	n, head := int(u[1]), 2
	switch {
	case n == 126 && len(u) >= 4:
		n, head = int(binary.BigEndian.Uint16(u[2:])), 4
	case n == 127 && len(u) >= 10:
		n, head = int(binary.BigEndian.Uint64(u[2:])), 10
	case n >= 126:
		return false
	}
	if len(u) < head+n {
		return false
	}
	p.unread = u[head+n:]
	payload := u[head : head+n]
	switch u[0] &^ finBit {
	case opContinuation, 1, opBinary:
		p.parts = append(p.parts, payload...)
		if u[0]&finBit != 0 || p.framer().Stream() {
			first, body, last, _, err := p.framer().Encode(nil, p.parts)
			if err != nil {
				panic(err)
			}
			p.given = append(append(append(p.given, first...), body...), last...)
			p.parts = nil
		}
	case opClose:
		p.received = true
	case opPing:
		p.mu.Lock()
		defer p.mu.Unlock()
		p.frame(10, true, payload)
	}
	return true
}

// CloseWrite sends the close frame.
func (p *webSocketPeer) CloseWrite() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil
	}
	p.closed = true
	return p.frame(opClose, true, []byte{0x03, 0xE8})
}

func (p *webSocketPeer) Close() error {
	p.CloseWrite()
	return p.Conn.Close()
}

// serverAt finds the server on a port.
func (k *kit) serverAt(port int) *Socket {
	k.lib.mu.Lock()
	defer k.lib.mu.Unlock()
	for s := range k.lib.sockets {
		if v := s.server.Load(); v != nil && portOfAddr(k, v.ln.LocalAddr()) == port {
			return s
		}
	}
	return nil
}

// withoutWebSocket are the tests of the kit that say nothing of a WebSocket, and why.
var withoutWebSocket = map[string]string{
	"TestTagsInMessages":                             noFraming,
	"TestExchangeSkipsNoise":                         noFraming,
	"TestNoiseSettlesNothing":                        noFraming,
	"TestADamagedAnswerHasCome":                      noFraming,
	"TestExchangeWritesNothingToALostStream":         noFraming,
	"TestModbusNamesTheOtherTransaction":             noFraming,
	"TestModbusSkipsNoiseBeforeTheAnswer":            noFraming,
	"TestModbusReadsOnBehindADamagedHeader":          noFraming,
	"TestExchangeWithModbusGoesByTheTransaction":     noFraming,
	"TestReadManyLeavesAnErrorToTheNextCall":         noFraming,
	"TestAvailableTellsWhatReadWould":                noFraming,
	"TestAMessageOfTheLimitAndOneAbove":              noFraming,
	"TestWrongCheckIsToldOnce":                       noFraming,
	"TestQueueBadFraming":                            noFraming,
	"TestQueueBadCheckBytes":                         noFraming,
	"TestQueueNoise":                                 noFraming,
	"TestQueueNoiseIsNotTheReadersError":             noFraming,
	"TestQueueNothingDroppedBehindAnError":           noFraming,
	"TestStatisticsOfErrors":                         noFraming,
	"TestModbusGoesOnBehindADamagedAnswer":           noFraming,
	"TestBadBytes":                                   noFraming,
	"TestAvailable":                                  noFraming,
	"TestALateAnswerThatSilenceEnds":                 noSilence,
	"TestANoiseBeforeGapMessages":                    noSilence,
	"TestQueueGapMode":                               noSilence,
	"TestReadGapGivesAMessageThatBeganMoreTime":      noSilence,
	"TestHeartbeats":                                 pingsInstead,
	"TestALateAnswerIsNeverTheNextOnes":              noSilence,
	"TestPublishInEveryMode":                         staysRaw,
	"TestZeroLengthAndNulBytes":                      staysRaw,
	"TestModeChangeKeepsSurplus":                     staysRaw,
	"TestCharsetManyAndRaw":                          staysRaw,
	"TestRandomEventsOfEveryKind":                    staysRaw,
	"TestQueueOptionsWhileAttached":                  staysRaw,
	"TestPartsOfMessagesGoWithTheConnection":         staysRaw,
	"TestMessagesBehindNoiseOutliveTheirConnection":  staysRaw,
	"TestChannelsInheritTheOptionsOfTheirServer":     staysRaw,
	"TestModeChangeOnASimplifiedServer":              staysRaw,
	"TestTakenOutside":                               staysRaw,
	"TestDealsEndWithWhatElseIsDone":                 staysRaw,
	"TestMemoryFollowsWhatCameAndNotWhatIsAnnounced": otherBytes,
	"TestPeerClosedInsideAMessage":                   otherBytes,
	"TestFigures":                                    otherBytes,
	"TestStatisticsOfAConversation":                  otherBytes,
	"TestAConnectionIsRecorded":                      otherBytes,
	"TestRecordingIsSwitchedWhileOpen":               otherBytes,
	"TestCollectedOutside":                           nothingLent,
	"TestLoansKeepTheOrder":                          nothingLent,
	"TestHalfCloseBothWays":                          bothEnd,
	"TestQueueHalfClose":                             bothEnd,
}

const (
	noFraming    = "messages are told apart by frames: none is damaged, and there is no noise; see core/layer/websocket for what a peer may do wrong"
	noSilence    = "no silence ends a message"
	staysRaw     = "raw is chosen before it is opened"
	otherBytes   = "the test counts the bytes of a mode, or looks at them"
	nothingLent  = "small writes are collected in Go: the tray knows the modes' envelopes only"
	pingsInstead = "a heartbeat without a text is a ping, which the peer answers: see TestPingsKeepAWebSocketAlive"
	bothEnd      = "a close frame is answered, and ends both directions"
)
