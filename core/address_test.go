package core

import (
	"net"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/layer/tlslayer"
)

func TestSchemesOfAddresses(t *testing.T) {
	k := newKit(t, setup{direct: true})
	plain := k.lib.NewSocket("")
	require.NoError(t, plain.Open(KindServer, 0, 0, "tcp://127.0.0.1", 0))
	secure := k.lib.NewSocket("")
	k.secured(secure, tlslayer.TLS13)
	require.NoError(t, secure.Open(KindServer, 0, 0, "tls://127.0.0.1:0", 0))
	assert.Equal(t, LayerTLS, secure.Layers())

	for address, server := range map[string]*Socket{"tcp://127.0.0.1:": plain, "TLS://localhost:": secure} {
		client := k.lib.NewSocket("")
		k.secured(client, tlslayer.TLS13)
		require.NoError(t, client.Open(KindClient, 0, 0, address+strconv.Itoa(portOf(t, server)), patienceOfTests), address)
		assert.Equal(t, server.Layers(), client.Layers())
		_, err := client.Write([]byte("x"))
		require.NoError(t, err)
		channel, err := server.Accept(patienceOfTests, nil)
		require.NoError(t, err)
		got := make([]byte, 8)
		n, err := channel.Read(got, patienceOfTests)
		require.NoError(t, err)
		assert.Equal(t, "x", string(got[:n]))
	}
}

func TestAddressesThatDoNotFitTheCall(t *testing.T) {
	k := newKit(t, setup{direct: true})
	for _, c := range []struct {
		kind    Kind
		layers  Layers
		address string
		code    fault.Code
		text    string
	}{
		{KindClient, LayerTLS, "tcp://127.0.0.1:80", fault.Argument, "tcp://127.0.0.1:80 says that there is no TLS"},
		{KindServer, LayerTLS, "tcp://127.0.0.1:0", fault.Argument, "there is no TLS"},
		{KindClient, 0, "127.0.0.1:80-90", fault.Argument, "80-90 is a range of ports"},
		{KindClient, 0, "127.0.0.1", fault.Argument, "port from 1 to 65535"},
		{KindClient, 0, "tls://127.0.0.1", fault.Argument, "port from 1 to 65535"},
		{KindUDP, 0, "tcp://127.0.0.1:80", fault.Unsupported, "no address of a UDP socket"},
		{KindUDP, 0, "unix:@nothing", fault.Unsupported, "no address of a UDP socket"},
		{KindClient, 0, "http://127.0.0.1:80/", fault.Unsupported, "is a URL"},
	} {
		err := k.lib.NewSocket("").Open(c.kind, c.layers, 0, c.address, patienceOfTests)
		assert.Equal(t, c.code, fault.CodeOf(err), c.address)
		assert.ErrorContains(t, err, c.text)
	}
	udp := k.lib.NewSocket("")
	require.NoError(t, udp.Open(KindUDP, 0, 0, "127.0.0.1", 0))
	for _, address := range []string{"127.0.0.1:80-90", "127.0.0.1", "tls://127.0.0.1:80", "unix:@nothing"} {
		_, err := udp.WriteTo([]byte("x"), address, 0)
		assert.Error(t, err, address)
	}
}

// A server on a range of ports takes the first that is free.
func TestRangeOfPorts(t *testing.T) {
	for name, kind := range map[string]Kind{"server": KindServer, "udp": KindUDP} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t, setup{direct: true})
			first := k.freeRun(kind, 3)
			address := "127.0.0.1:" + strconv.Itoa(first) + "-" + strconv.Itoa(first+2)
			var taken []int
			for range 3 {
				s := k.lib.NewSocket("")
				require.NoError(t, s.Open(kind, 0, 0, address, 0))
				taken = append(taken, portOf(t, s))
			}
			assert.Equal(t, []int{first, first + 1, first + 2}, taken)
			err := k.lib.NewSocket("").Open(kind, 0, 0, address, 0)
			require.ErrorIs(t, err, fault.PortTaken)
			require.ErrorContains(t, err, "every port of "+address+" is already used")
		})
	}
}

// freeRun finds ports that follow each other and are free, below those that the system
// gives away of its own accord.
func (k *kit) freeRun(kind Kind, length int) int {
	k.Helper()
	free := func(port int) bool {
		at := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
		if kind == KindUDP {
			c, err := net.ListenPacket("udp", at)
			if err == nil {
				c.Close()
			}
			return err == nil
		}
		l, err := net.Listen("tcp", at)
		if err == nil {
			l.Close()
		}
		return err == nil
	}
	run := 0
	for port := 20_000; port < 32_000; port++ {
		if run++; !free(port) {
			run = 0
		}
		if run == length {
			return port - length + 1
		}
	}
	require.FailNow(k, "no free ports")
	return 0
}
