package core

import (
	"net"
	"os"
	"strconv"
	"testing"

	"golang.org/x/sys/windows"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer/tlslayer"
)

// localTransports are those between programs of one machine.
var localTransports = []setup{
	{name: "named pipe direct", unix: true, direct: true, exact: true, pair: plainPair, raw: plainRaw},
	{name: "named pipe parked", unix: true, alike: true, exact: true, pair: plainPair, raw: plainRaw},
	{name: "TLS 1.3 direct, over a named pipe", unix: true, tls: tlslayer.TLS13, direct: true, pair: plainPair, raw: plainRaw},
	{name: "WebSocket direct, over a named pipe", unix: true, websocket: true, alike: true, direct: true, pair: plainPair, raw: plainRaw},
}

func init() {
	for _, test := range []string{"TestReset", "TestResetInsideAMessage", "TestWriteAfterTheReset", "TestCloseOfAResetConnectionIsPrompt",
		"TestWhatIsDroppedIsTold", "TestStatisticsOfErrors", "TestQueueReset"} {
		withoutUnix[test] = pipeReset
	}
	for _, test := range []string{"TestHalfCloseBothWays", "TestAnEndOfThisProgramsDoingDoesNotReconnect", "TestStatisticsOfClientsThatHaveGone"} {
		withoutUnix[test] = pipeHalf
	}
}

const (
	pipeReset = "an end of a named pipe is one, whether the peer has closed or broken off"
	pipeHalf  = "a named pipe has no end for one direction alone: closing one is refused"
)

// A pipe cannot be closed in one direction: that is refused, and the connection goes on.
func TestHalfCloseOfAPipeIsRefused(t *testing.T) {
	k := newKit(t, setup{unix: true, exact: true, pair: plainPair, raw: plainRaw})
	client, channel := k.pair(k, nil)
	k.fails(client.CloseWrite(patienceOfTests), fault.Unsupported)
	k.write(client, "question")
	k.expect(channel, "question")
	k.write(channel, "answer")
	k.expect(client, "answer")
}

// localFiles tells that local addresses are files.
const localFiles = false

func (k *kit) localAddress(port int) string { return "pipe:" + k.pipe(port) }

// pipe is the name of a pipe: no other test and no other process has it.
func (k *kit) pipe(port int) string {
	return "kit " + strconv.Itoa(os.Getpid()) + "-" + strconv.Itoa(port)
}

// dialLocal connects a client that is no socket of the library.
func (k *kit) dialLocal(port int) (net.Conn, error) {
	path, err := windows.UTF16PtrFromString(`\\.\pipe\` + k.pipe(port))
	if err != nil {
		return nil, err
	}
	for {
		h, err := windows.CreateFile(path, windows.GENERIC_READ|windows.GENERIC_WRITE, 0, nil, windows.OPEN_EXISTING, windows.FILE_FLAG_OVERLAPPED, 0)
		switch err {
		case nil:
			return pipePeer{os.NewFile(uintptr(h), k.pipe(port)), h}, nil
		case windows.ERROR_PIPE_BUSY: // until an instance waits
		default:
			return nil, err
		}
	}
}

// pipePeer is a client of package os.
type pipePeer struct {
	*os.File
	handle windows.Handle
}

func (p pipePeer) LocalAddr() net.Addr  { return pipeAddr{} }
func (p pipePeer) RemoteAddr() net.Addr { return pipeAddr{} }

// A pipe has one end, and the buffers that it was made with.
func (p pipePeer) CloseWrite() error        { return p.Close() }
func (p pipePeer) SetReadBuffer(int) error  { return nil }
func (p pipePeer) SetWriteBuffer(int) error { return nil }

// pipeAddr is no address.
type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return localPeer().String() }

// localPeer is this process as the other end of a pipe.
func localPeer() endpoint.Addr {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		panic(err)
	}
	return endpoint.FromWindowsProcess(endpoint.Pipe, uint32(os.Getpid()), user.User.Sid.String())
}

// leaveUnread does nothing: an end of a pipe is one, whatever is unread.
func leaveUnread(testing.TB, *Socket) {}
