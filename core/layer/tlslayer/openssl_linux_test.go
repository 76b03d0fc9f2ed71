package tlslayer

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

// onTCP is a layer.Base over a connection of package net.
type onTCP struct{ net.Conn }

func (onTCP) Unsent() int                 { return 0 }
func (onTCP) Drain(until time.Time) error { return nil }

func (c onTCP) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, io.EOF):
		return n, fault.New(fault.PeerClosed, fault.PhaseRead, "tcp")
	case errors.Is(err, syscall.ECONNRESET):
		return n, fault.New(fault.Reset, fault.PhaseRead, "tcp")
	}
	return n, err
}

// openSSLServer starts "openssl s_server -rev", which sends lines back in
// reverse, and gives its address.
func openSSLServer(t *testing.T, id *issued, options ...string) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := free.Addr().String()
	free.Close()
	file := write(t, "server.pem", []byte(id.pem()))
	args := append([]string{"s_server", "-accept", address, "-cert", file, "-key", file, "-rev"}, options...)
	command := exec.Command("openssl", args...)
	output, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		command.Process.Kill()
		io.Copy(io.Discard, output)
		command.Wait()
	})
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "ACCEPT") {
			go io.Copy(io.Discard, output)
			return address
		}
	}
	require.Fail(t, "openssl did not start")
	return ""
}

func dial(t *testing.T, address string) onTCP {
	t.Helper()
	c, err := net.DialTimeout("tcp", address, patience)
	require.NoError(t, err)
	require.NoError(t, c.SetDeadline(time.Now().Add(patience)))
	t.Cleanup(func() { c.Close() })
	return onTCP{c}
}

func TestAgainstOpenSSLServers(t *testing.T) {
	root := newAuthority(t, "root")
	for _, kind := range []string{"P-256", "P-384", "RSA", "Ed25519"} {
		for bit, option := range map[int32]string{TLS12: "-tls1_2", TLS13: "-tls1_3"} {
			t.Run(kind+option, func(t *testing.T) {
				root.t = t
				middle := root.authority("middle")
				chain := write(t, "chain.pem", []byte(certPEM(middle.cert)))
				address := openSSLServer(t, middle.leaf(kind, nil), option, "-cert_chain", chain)
				party, err := NewClient(trusting(t, root), "localhost", &Sessions{})
				require.NoError(t, err)
				for _, resumed := range []string{"0", "1"} {
					c := party.Client(dial(t, address), address)
					require.NoError(t, c.Handshake())
					_, err = c.Write([]byte("hello\n"))
					require.NoError(t, err)
					assert.Equal(t, "olleh\n", readN(t, c, 6))
					assert.Equal(t, resumed, info(t, c, InfoResumed, 0))
					assert.Equal(t, "2", info(t, c, InfoCount, 0))
					assert.Equal(t, bit == TLS13, info(t, c, InfoVersion, 0) == "TLS 1.3")
					require.NoError(t, c.CloseWrite())
					_, err = c.Read(make([]byte, 1))
					require.Error(t, err)
					c.below.base.(onTCP).Conn.Close()
				}
			})
		}
	}
}

func TestOpenSSLServersThatWantAClientCertificate(t *testing.T) {
	root := newAuthority(t, "root")
	authorities := write(t, "root.pem", []byte(root.rootPEM()))
	for bit, option := range map[int32]string{TLS12: "-tls1_2", TLS13: "-tls1_3"} {
		address := openSSLServer(t, root.leaf("P-256", nil), option, "-Verify", "2", "-verify_return_error", "-CAfile", authorities)
		connect := func(own *issued) (*Conn, error) {
			s := trusting(t, root)
			if own != nil {
				require.NoError(t, s.SetCertificate(own.pem(), ""))
			}
			c := clientParty(t, s).Client(dial(t, address), address)
			if err := c.Handshake(); err != nil {
				return c, err
			}
			_, err := c.Write([]byte("abc\n"))
			require.NoError(t, err)
			_, err = c.Read(make([]byte, 1))
			return c, err
		}
		_, err := connect(nil)
		isFault(t, err, fault.TLSNoClientCertificate, address)
		_, err = connect(newAuthority(t, "stranger").leaf("P-256", nil))
		isFault(t, err, fault.TLSBadClientCertificate, address)
		c, err := connect(root.leaf("RSA", nil))
		require.NoError(t, err)
		assert.Equal(t, bit == TLS13, info(t, c, InfoVersion, 0) == "TLS 1.3")
	}
}

// serveOne answers one connection with what it reads, in upper case, until the
// client ends it. It gives the errors of the handshake and of the end.
func serveOne(t *testing.T, party *Party) (address string, result chan error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	result = make(chan error, 2)
	go func() {
		defer listener.Close()
		raw, err := listener.Accept()
		if err != nil {
			result <- err
			return
		}
		defer raw.Close()
		raw.SetDeadline(time.Now().Add(patience))
		c := party.Server(onTCP{raw}, "client:2")
		err = c.Handshake()
		result <- err
		buffer := make([]byte, 100)
		for err == nil {
			var n int
			if n, err = c.Read(buffer); err == nil {
				_, err = c.Write([]byte(strings.ToUpper(string(buffer[:n]))))
			}
		}
		c.CloseWrite()
		result <- err
	}()
	return listener.Addr().String(), result
}

func openSSLClient(address, input string, options ...string) string {
	args := append([]string{"s_client", "-connect", address, "-servername", "localhost"}, options...)
	command := exec.Command("timeout", append([]string{"30", "openssl"}, args...)...)
	command.Stdin = strings.NewReader(input)
	output, _ := command.CombinedOutput()
	return string(output)
}

func TestAgainstOpenSSLClients(t *testing.T) {
	root := newAuthority(t, "root")
	authorities := write(t, "root.pem", []byte(root.rootPEM()))
	for _, kind := range []string{"P-256", "RSA", "Ed25519"} {
		party := serverParty(t, serverOf(t, root.leaf(kind, nil)))
		for _, option := range []string{"-tls1_2", "-tls1_3", "-groups P-384", "-ciphersuites TLS_CHACHA20_POLY1305_SHA256", "-ciphersuites TLS_AES_256_GCM_SHA384"} {
			address, result := serveOne(t, party)
			options := append(strings.Fields(option), "-verify_return_error", "-CAfile", authorities)
			got := openSSLClient(address, "hello\n", append(options, "-quiet", "-no_ign_eof")...)
			assert.NoError(t, <-result, got)
			assert.Contains(t, []fault.Code{fault.PeerClosed, fault.TLSTruncated}, fault.CodeOf(<-result))
			assert.NotContains(t, got, "error", fmt.Sprint(kind, option))
		}
	}
}

func TestOpenSSLClientsThatGoWrong(t *testing.T) {
	root := newAuthority(t, "root")
	settings := serverOf(t, root.leaf("P-256", nil))
	addBits(t, &settings, RequireClient|TLS12|TLS13)
	require.NoError(t, settings.SetAuthorities(root.rootPEM()))
	party := serverParty(t, settings)
	stranger := write(t, "stranger.pem", []byte(newAuthority(t, "stranger").leaf("P-256", nil).pem()))
	for _, tt := range []struct {
		options string
		code    fault.Code
	}{
		{"-tls1_2", fault.TLSNoClientCertificate},
		{"-tls1_3", fault.TLSNoClientCertificate},
		{"-tls1_2 -cert " + stranger, fault.TLSBadClientCertificate},
		{"-tls1_3 -cert " + stranger, fault.TLSBadClientCertificate},
		{"-tls1_1 -cipher DEFAULT@SECLEVEL=0", fault.TLSNoCommonVersion},
		{"-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256", fault.TLSHandshake},
		{"-tls1_3 -verify_return_error -CAfile " + stranger, fault.TLSHandshake},
	} {
		address, result := serveOne(t, party)
		got := openSSLClient(address, "hello\n", strings.Fields(tt.options)...)
		err := <-result
		<-result
		if !assert.Equal(t, tt.code.Name(), fault.CodeOf(err).Name(), tt.options) {
			os.Stdout.WriteString(got)
			t.Log(err)
		}
	}
}
