package core

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSmoke(t *testing.T) {
	for _, direct := range []bool{false, true} {
		lib := NewLibrary()
		lib.Direct = direct
		srv := lib.NewSocket("srv")
		require.NoError(t, srv.Open(KindServer, 0, "127.0.0.1", 0))
		end, err := srv.Local()
		require.NoError(t, err)
		cl := lib.NewSocket("cl")
		require.NoError(t, cl.Open(KindClient, int(end.Port()), "localhost", 5*time.Second))
		_, err = cl.Write([]byte("Hello World"))
		require.NoError(t, err)
		require.NoError(t, srv.WaitForConnection(time.Second))
		ch, err := srv.Accept(0, nil)
		require.NoError(t, err)
		buf := make([]byte, 100)
		n, err := ch.Read(buf, time.Second)
		require.NoError(t, err)
		require.Equal(t, "Hello World", string(buf[:n]))
		go func() { ch.Write(buf[:n]) }()
		n, err = cl.Read(buf, time.Second)
		require.NoError(t, err)
		require.Equal(t, 11, n)
		_, err = cl.Read(buf, 50*time.Millisecond)
		require.ErrorContains(t, err, "")
		t.Log(err)
		done := make(chan error)
		go func() { _, err := cl.Read(buf, -1); done <- err }()
		time.Sleep(50 * time.Millisecond)
		cl.Close()
		t.Log(<-done)
		_, err = ch.Read(buf, time.Second)
		t.Log(err)
		big := make([]byte, 100)
		_ = big
		lib.CloseAll()
		for _, n := range []Number{NumSockets, NumDescriptors, NumGoroutines, NumBufferedBytes} {
			v, _ := lib.Number(n)
			require.Zero(t, v, n)
		}
	}
}
