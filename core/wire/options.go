package wire

import "time"

// Options are the settings of the system's socket.
type Options struct {
	NoDelay           bool          // small writes leave at once (Nagle off)
	KeepAlive         bool          // notice a dead peer
	KeepAliveIdle     time.Duration // silence before the first probe, whole seconds
	KeepAliveInterval time.Duration // between probes, whole seconds
	KeepAliveCount    int           // unanswered probes that end the connection
	SendBuffer        int           // bytes, 0: the system's choice
	ReceiveBuffer     int           // bytes, 0: the system's choice
	Linger            time.Duration // that a close is held for unsent data; negative: off, 0: reset
	Shared            bool          // share the local port with other sockets
	Backlog           int           // clients that wait for accept
	Broadcast         bool          // datagrams may go to broadcast addresses
	ReportUnreachable bool          // datagram sockets report "port unreachable"
	MulticastTTL      int           // hops of multicast datagrams
	MulticastLoop     bool          // own multicast is heard on this machine
	MulticastFrom     string        // interface for outgoing multicast, "": the system's choice
}
