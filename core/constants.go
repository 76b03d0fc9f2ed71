package core

// The numbers in this file are those of the C interface (wdsocket.h), where
// each is described with its unit, range, default and moment.

// Number is a 64-bit figure (WDS_NUM_).
type Number int32

// The figures.
const (
	NumBytesRead       Number = 3001
	NumBytesWritten    Number = 3002
	NumMessagesRead    Number = 3003
	NumMessagesWritten Number = 3004
	NumBuffered        Number = 3005
	NumConnectMicros   Number = 3006
	NumClients         Number = 3007
	NumPending         Number = 3008
	NumRefused         Number = 3009
	NumSockets         Number = 3020
	NumTokens          Number = 3021
	NumGoroutines      Number = 3022
	NumDescriptors     Number = 3023
	NumBufferedBytes   Number = 3024
)

// Kind is what a socket is for; 0 while it is not opened. What stands on its
// connections is no part of it: see Layers. The C interface has numbers for both
// together (WDS_KIND_), which package main knows.
type Kind uint8

// The kinds; a channel, which a server accepted, is a client.
const (
	KindClient Kind = 1 + iota
	KindServer
	KindUDP
)

// Layers is a set of layers that a socket is opened with, and each of its
// connections gets.
type Layers uint8

// The layers that a host may ask for.
const (
	LayerTLS Layers = 1 << iota
	LayerWebSocket
)

// has tells whether all of others are among them.
func (l Layers) has(others Layers) bool { return l&others == others }

// State of a socket (WDS_STATE_).
type State int32

// The states.
const (
	StateNew         State = 1
	StateConnecting  State = 2
	StateOpen        State = 3
	StateListening   State = 4
	StateWriteClosed State = 5
	StatePeerClosed  State = 6
	StateReset       State = 7
	StateBroken      State = 8
	StateFailed      State = 9
)

// CloseHow is a way to close (WDS_CLOSE_).
type CloseHow int32

// The ways to close.
const (
	CloseGraceful CloseHow = 0
	CloseWrite    CloseHow = 1
	CloseAbort    CloseHow = 2
	CloseClients  CloseHow = 4 // added to CloseGraceful or CloseAbort: a server with its clients
)
