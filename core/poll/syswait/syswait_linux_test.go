package syswait

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// What may take time is waited for in the functions of Use, whose numbers are the
// system's; what takes none is not.
func TestAnotherWaits(t *testing.T) {
	var asked []int
	answer := 2
	Use(func(fds []unix.PollFd, ms int) int {
		asked = append(asked, len(fds), ms)
		return answer
	}, func(epoll int, events []unix.EpollEvent, ms int) int {
		asked = append(asked, epoll, len(events), ms)
		return answer
	})
	defer Use(nil, nil)

	n, err := Poll(make([]unix.PollFd, 2), 300)
	require.NoError(t, err)
	assert.Equal(t, 2, n)
	n, err = Epoll(7, make([]unix.EpollEvent, 4), -1)
	require.NoError(t, err)
	assert.Equal(t, 2, n)
	assert.Equal(t, []int{2, 300, 7, 4, -1}, asked)

	// a wait that is too long for the system's call is asked for in parts, of the other too
	asked = nil
	_, err = Poll(nil, 5000)
	require.NoError(t, err)
	assert.Equal(t, []int{0, min(5000, longestPoll)}, asked)

	answer = -int(unix.EINTR)
	_, err = Poll(nil, -1)
	assert.Equal(t, unix.EINTR, err)
	_, err = Epoll(7, nil, 1)
	assert.Equal(t, unix.EINTR, err)

	asked = nil
	n, err = Poll(nil, 0)
	require.NoError(t, err)
	assert.Zero(t, n)
	_, err = Epoll(-1, make([]unix.EpollEvent, 1), 0)
	assert.Equal(t, unix.EBADF, err)
	assert.Empty(t, asked)
}
