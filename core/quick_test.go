package core

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/option"
)

// shortMessages are so many that the system, with small buffers, cannot hold them.
const shortMessages = 20000

func shortMessage(writer, i int) string {
	return fmt.Sprintf("%d:%d:", writer, i) + strings.Repeat(string(rune('a'+i%26)), 400-i%300)
}

// TestShortWritesOfManyToOneWhoReadsLate fills the system's buffers, so that
// messages are cut in the middle and their writers wait.
func TestShortWritesOfManyToOneWhoReadsLate(t *testing.T) {
	overTransports(t, func(k *kit) {
		client, channel := plainPair(k, must(t, both(inMode(frame.Size, ""), withInts(map[option.ID]int32{option.SendBuffer: 65536, option.ReceiveBuffer: 65536}))))
		const writers = 4
		var done []<-chan error
		for writer := range writers {
			done = append(done, k.start(func() error {
				for i := range shortMessages / writers {
					if _, err := client.Write([]byte(shortMessage(writer, i))); err != nil {
						return err
					}
				}
				return nil
			}))
		}
		k.untilStuck(client)
		var next [writers]int
		p := make([]byte, 1000)
		for range shortMessages {
			n, err := channel.Read(p, 20*time.Second)
			require.NoError(k, err)
			var writer, i int
			_, err = fmt.Sscanf(string(p[:n]), "%d:%d:", &writer, &i)
			require.NoError(k, err)
			require.Equal(k, next[writer], i, "in the writer's order")
			require.Equal(k, shortMessage(writer, i), string(p[:n]))
			next[writer]++
		}
		for _, d := range done {
			require.NoError(k, k.await(d))
		}
	})
}

func TestShortWritesWhileTheSocketIsClosed(t *testing.T) {
	overTransports(t, func(k *kit) {
		for range 50 {
			client, channel := plainPair(k, must(t, inMode(frame.Size, "")))
			done := k.start(func() error {
				for {
					if _, err := client.Write([]byte("short")); err != nil {
						return err
					}
				}
			})
			_, err := channel.Read(make([]byte, 10), 20*time.Second)
			require.NoError(k, err)
			client.Close()
			err = k.await(done)
			assert.Equal(k, fault.Closed, fault.CodeOf(err), "%v", err)
			channel.Close()
		}
	})
}
