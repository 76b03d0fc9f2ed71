package core

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/stretchr/testify/require"
)

// fakeProxy is a proxy on this machine: it connects where it is asked to, knows the
// names that it was told, and can be made to stall, to lie and to refuse.
type fakeProxy struct {
	scheme string // of its URL
	ln     net.Listener
	port   int

	user, password string            // that it wants, "" for none
	names          map[string]string // names that it knows, beside addresses
	pieces         bool              // its answers come in pieces of one byte
	behind         string            // comes in one piece with its answer
	answers        string            // what it sends to anything, instead
	silent         bool              // it answers nothing

	mu    sync.Mutex
	asked []string // what it was asked to connect to
	conns []net.Conn
}

// proxy starts one of a scheme; prepare, which may be nil, is called before that.
func (k *kit) proxy(scheme string, prepare func(*fakeProxy)) *fakeProxy {
	k.Helper()
	p := &fakeProxy{scheme: scheme, names: map[string]string{}}
	if prepare != nil {
		prepare(p)
	}
	p.ln, p.port = k.listensRaw()
	done := k.start(func() error {
		for {
			c, err := p.ln.Accept()
			if err != nil {
				return nil
			}
			p.hold(c)
			k.start(func() error { p.serve(c); return nil })
		}
	})
	k.Cleanup(func() {
		p.ln.Close()
		<-done
		p.cut()
	})
	return p
}

// url is that of the proxy, with its user and password.
func (p *fakeProxy) url() string {
	if p.user == "" {
		return p.bare()
	}
	return strings.Replace(p.bare(), "://", "://"+p.user+":"+p.password+"@", 1)
}

func (p *fakeProxy) bare() string {
	return p.scheme + "://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(p.port))
}

// hold keeps a connection, to be cut.
func (p *fakeProxy) hold(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns = append(p.conns, c)
}

// cut ends all its connections.
func (p *fakeProxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		c.Close()
	}
	p.conns = nil
}

// requests are what it was asked to connect to.
func (p *fakeProxy) requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

func (p *fakeProxy) serve(c net.Conn) {
	if p.scheme == "https" {
		c = secureAccepted(c)
	}
	defer c.Close()
	in := bufio.NewReader(c)
	switch {
	case p.silent:
		io.Copy(io.Discard, in)
	case p.answers != "":
		in.ReadByte()
		p.say(c, p.answers)
		io.Copy(io.Discard, in)
	case strings.HasPrefix(p.scheme, "http"):
		p.serveHTTP(c, in)
	default:
		p.serveSOCKS(c, in)
	}
}

// say sends text, in pieces if it is to.
func (p *fakeProxy) say(c net.Conn, text string) {
	if !p.pieces {
		c.Write([]byte(text))
		return
	}
	for i := range len(text) {
		c.Write([]byte{text[i]})
	}
}

// dial connects to a target.
func (p *fakeProxy) dial(at string) (net.Conn, error) {
	p.mu.Lock()
	p.asked = append(p.asked, at)
	p.mu.Unlock()
	host, port, err := net.SplitHostPort(at)
	if err != nil {
		return nil, err
	}
	if known := p.names[host]; known != "" {
		host = known
	}
	if net.ParseIP(host) == nil {
		return nil, fmt.Errorf("%s is not known", host)
	}
	c, err := net.Dial("tcp", net.JoinHostPort(host, port))
	if err == nil {
		p.hold(c)
	}
	return c, err
}

func (p *fakeProxy) serveHTTP(c net.Conn, in *bufio.Reader) {
	r, err := http.ReadRequest(in)
	if err != nil || r.Method != http.MethodConnect {
		return
	}
	if p.user != "" && r.Header.Get("Proxy-Authorization") != "Basic "+base64.StdEncoding.EncodeToString([]byte(p.user+":"+p.password)) {
		p.say(c, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\nContent-Length: 0\r\n\r\n")
		return
	}
	target, err := p.dial(r.Host)
	if err != nil {
		p.say(c, "HTTP/1.1 502 no such luck\r\nContent-Length: 0\r\n\r\n")
		return
	}
	p.say(c, "HTTP/1.1 200 Connection established\r\n\r\n"+p.behind)
	relay(c, in, target)
}

func (p *fakeProxy) serveSOCKS(c net.Conn, in *bufio.Reader) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(in, head); err != nil || head[0] != 5 {
		return
	}
	methods := make([]byte, head[1])
	if _, err := io.ReadFull(in, methods); err != nil {
		return
	}
	if p.user != "" && !p.knows(c, in, methods) {
		return
	}
	if p.user == "" {
		p.say(c, "\x05\x00")
	}
	at, err := readSOCKS(in)
	if err != nil {
		return
	}
	target, err := p.dial(at)
	if err != nil {
		p.say(c, "\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00")
		return
	}
	p.say(c, "\x05\x00\x00\x03\x05bound\x00\x01"+p.behind)
	relay(c, in, target)
}

// knows tells whether a client has user and password.
func (p *fakeProxy) knows(c net.Conn, in *bufio.Reader, methods []byte) bool {
	if !slices.Contains(methods, 2) {
		p.say(c, "\x05\xff")
		return false
	}
	p.say(c, "\x05\x02")
	want := "\x01" + string(rune(len(p.user))) + p.user + string(rune(len(p.password))) + p.password
	got := make([]byte, len(want))
	if _, err := io.ReadFull(in, got); err != nil || string(got) != want {
		p.say(c, "\x01\x01")
		return false
	}
	p.say(c, "\x01\x00")
	return true
}

// readSOCKS reads a request.
func readSOCKS(in *bufio.Reader) (string, error) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(in, head); err != nil {
		return "", err
	}
	length := map[byte]int{1: 4, 4: 16}[head[3]]
	if head[3] == 3 {
		n, err := in.ReadByte()
		if err != nil {
			return "", err
		}
		length = int(n)
	}
	host, port := make([]byte, length), make([]byte, 2)
	if _, err := io.ReadFull(in, host); err != nil {
		return "", err
	}
	if _, err := io.ReadFull(in, port); err != nil {
		return "", err
	}
	name := string(host)
	if head[3] != 3 {
		name = net.IP(host).String()
	}
	return net.JoinHostPort(name, strconv.Itoa(int(binary.BigEndian.Uint16(port)))), nil
}

// relay passes bytes both ways, and the end of each; what cuts one connection cuts the
// other.
func relay(c net.Conn, in io.Reader, target net.Conn) {
	defer target.Close()
	pass := func(to net.Conn, from io.Reader) {
		if _, err := io.Copy(to, from); err != nil {
			reset(c)
			reset(target)
			return
		}
		endWriting(to)
	}
	back := make(chan struct{})
	go func() {
		defer close(back)
		pass(c, target)
	}()
	pass(target, in)
	<-back
}

// reset cuts a connection.
func reset(c net.Conn) {
	if c, ok := c.(*net.TCPConn); ok {
		c.SetLinger(0)
	}
	c.Close()
}

func endWriting(c net.Conn) {
	if c, ok := c.(interface{ CloseWrite() error }); ok {
		c.CloseWrite()
	}
}

// unusedPort is one that nothing listens on.
func (k *kit) unusedPort() int {
	k.Helper()
	ln, port := k.listensRaw()
	require.NoError(k, ln.Close())
	return port
}
