package core

// Event is one thing that happened, as a queue hands it out. It is the record
// of 8 numbers of the C interface.
type Event struct {
	Socket   int32     // ID of the socket, or of the timer
	Kind     EventKind // what happened
	Value    int32     // by kind, see there
	Code     int32     // a fault.Code where something failed, otherwise 0
	User     int32     // the socket's user number
	Sequence int32     // counts the events of the queue, from 1, and begins anew after 2147483647
	Queue    int32     // ID of the queue
	Detail   int32     // a fault.Scope where Code is set, a number of a message for EventDropped and EventUnsure, what a WebSocket's message is for EventMessage, otherwise 0
}

// EventKind is a kind of event (WDS_EVENT_).
type EventKind int32

// The kinds.
const (
	EventRequest    EventKind = 1 // a client asks to connect: accept or deny it
	EventAccepted   EventKind = 2 // a client was accepted; Socket is the channel, Value the server's ID
	EventConnected  EventKind = 3 // a connection that was being made is open
	EventMessage    EventKind = 4 // a whole message is there, Value its length; raw: bytes are
	EventWritable   EventKind = 5 // the send queue is empty again, or half of option.ReconnectKeep is free
	EventPeerClosed EventKind = 6 // the peer ended the conversation
	EventReset      EventKind = 7 // the connection was cut
	EventError      EventKind = 8 // opening, accepting or the framing failed for good, Code tells why
	EventTimer      EventKind = 9 // a timer is due, Value tells how often since it was last told

	EventTimeout      EventKind = 10 // ended because of silence: Value is SilentIdle, SilentGone or SilentMessage
	EventReconnecting EventKind = 11 // the connection is down: Value counts the attempts, Code tells why
	EventReconnected  EventKind = 12 // the connection is there again, Value is how many attempts it took
	EventTLSDone      EventKind = 13 // a handshake that StartSSL began in the background is done
	EventDropped      EventKind = 14 // Value messages were thrown away, Code tells why, Detail is the number of the first if known
	EventUnsure       EventKind = 15 // Value messages may not have been read by the peer, Detail is the number of the first
	EventCertificate  EventKind = 16 // the own certificate ends in Value days
	EventNoise        EventKind = 17 // Value bytes were skipped that were no message, Code tells why
)

// Why a connection was ended because of silence: the Value of EventTimeout.
const (
	SilentIdle = 1 // nothing came for the idle limit
	SilentGone = 2 // the peer is gone

	SilentMessage = 3 // a message was not complete within its time
)
