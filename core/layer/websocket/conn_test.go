package websocket

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

var lengths = []int{0, 1, 5, 63, 64, 124, 125, 126, 127, 1000, 4096, 65535, 65536, 65537, 200_000}

func TestMessagesBothWays(t *testing.T) {
	for _, compressed := range []bool{false, true} {
		for _, most := range []int{0, 1, 7, 1000} {
			p := recordsOf(t, compressed)
			p.clientBottom.most, p.serverBottom.most = most, most
			for _, size := range []int{1, 5, 6, 63, 64, 100, 4096, 1 << 17} {
				for _, length := range lengths {
					if most > 0 && length > 5000 || size < 63 && length > 5000 {
						continue
					}
					want := strings.Repeat("é0123456789abcdefgh", length/20+1)[:length/2*2]
					for _, way := range []struct{ from, to *Conn }{{p.client, p.server}, {p.server, p.client}} {
						_, err := way.from.Write(record(FlagText, want))
						require.NoError(t, err)
						got, err := readMessage(way.to, size)
						require.NoError(t, err)
						require.True(t, want == got.payload, "%d bytes", len(want))
						require.True(t, got.text)
					}
				}
			}
			_, err := p.server.Write(record(0, "\xff\xfe"))
			require.NoError(t, err)
			got, err := readMessage(p.client, 100)
			require.NoError(t, err)
			assert.Equal(t, message{false, "\xff\xfe", 1}, got)
			require.NoError(t, p.client.CloseWrite())
			_, err = readMessage(p.server, 100)
			assert.Equal(t, fault.PeerClosed, fault.CodeOf(err))
			_, err = readMessage(p.client, 100)
			assert.Equal(t, fault.PeerClosed, fault.CodeOf(err), "%v", err)
		}
	}
}
