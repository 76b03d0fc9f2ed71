package core

import (
	"strconv"

	"wdsocket/core/transport"
)

// What LayerInfo tells of the process at the other end of a Unix socket (WDS_INFO_PEER_).
const (
	InfoPeerPID int32 = 4070 + iota
	InfoPeerUID
)

// processInfo is the number of the process at the other end, or of its user.
func processInfo(c transport.Conn, what int32) string {
	pid, uid, is := transport.PeerProcess(c).Process()
	switch {
	case !is:
		return ""
	case what == InfoPeerPID:
		return strconv.FormatUint(uint64(pid), 10)
	case uid == ^uint32(0): // not known, as at a named pipe
		return ""
	}
	return strconv.FormatUint(uint64(uid), 10)
}
