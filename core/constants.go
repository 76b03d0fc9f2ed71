package core

// The numbers in this file are those of the C interface (wdsocket.h), where
// each is described with its unit, range, default and moment.

// Option is an integer option (WDS_OPT_).
type Option int32

// The integer options.
const (
	OptNoDelay              Option = 1
	OptKeepAlive            Option = 2
	OptKeepAliveIdle        Option = 3
	OptKeepAliveInterval    Option = 4
	OptKeepAliveCount       Option = 5
	OptSendBuffer           Option = 6
	OptReceiveBuffer        Option = 7
	OptLinger               Option = 8
	OptReadGap              Option = 9
	OptWriteTimeout         Option = 10
	OptCloseTimeout         Option = 11
	OptMaxMessage           Option = 12
	OptSystemResolver       Option = 13
	OptExclusivePort        Option = 14
	OptBacklog              Option = 15
	OptMaxClients           Option = 16
	OptMaxClientsPerAddress Option = 17
	OptTagAsIs              Option = 18
	OptUDPErrors            Option = 19
	OptBroadcast            Option = 20
	OptMulticastTTL         Option = 21
	OptMulticastLoop        Option = 22
	OptUserNumber           Option = 23
	OptLocalPort            Option = 24
	OptPeerPort             Option = 25
	OptMode                 Option = 26
	OptAddressFamily        Option = 27
	OptResolveCache         Option = 28
	OptResolveTimeout       Option = 29
	OptExchangeLate         Option = 30
	OptSendQueue            Option = 33
	OptKind                 Option = 31
	OptServer               Option = 32
	OptPeerGone             Option = 34
	OptIdleLimit            Option = 35
	OptHeartbeat            Option = 36
	OptCoalesce             Option = 37
	OptPublishQueue         Option = 38
	OptPublishPolicy        Option = 39
	OptFrameOffset          Option = 40
	OptFrameWidth           Option = 41
	OptFrameOrder           Option = 42
	OptFrameAdjustment      Option = 43
	OptFrameKeepHeader      Option = 44
	OptFrameLength          Option = 45
	OptFrameGap             Option = 46
	OptFrameCheck           Option = 47
	OptFrameCheckSpan       Option = 48
	OptSSLOptions           Option = 50
	OptSSLHandshakeTimeout  Option = 51
	OptSSLPending           Option = 52
	OptSSLDaysLeft          Option = 53
	OptSSLWarnDays          Option = 54
	OptHostText             Option = 60
	OptTotalBuffer          Option = 61
	OptLogLevel             Option = 62
	OptLogSize              Option = 63
	OptReconnect            Option = 70
	OptReconnectFirst       Option = 71
	OptReconnectMost        Option = 72
	OptReconnectTries       Option = 73
	OptReconnectKeep        Option = 74
	OptReconnectWait        Option = 75
)

// TextOption is an option that is text or bytes (WDS_TEXT_).
type TextOption int32

// The text and byte options.
const (
	TextLanguage           TextOption = 1
	TextLogFile            TextOption = 2
	TextLocalAddress       TextOption = 3
	TextDNSServer          TextOption = 4
	TextCharset            TextOption = 5
	TextFramePreset        TextOption = 6
	TextUserText           TextOption = 7
	TextMulticastJoin      TextOption = 8
	TextMulticastLeave     TextOption = 9
	TextMulticastInterface TextOption = 10
	TextFrameStart         TextOption = 11
	TextFrameEnd           TextOption = 12
	TextFrameEscape        TextOption = 13
	TextFrameHeader        TextOption = 15
	TextHeartbeat          TextOption = 16
	TextSSLCertificate     TextOption = 20
	TextSSLPassword        TextOption = 21
	TextSSLAddCertificate  TextOption = 22
	TextSSLAuthorities     TextOption = 23
	TextSSLServerName      TextOption = 24
	TextSSLALPN            TextOption = 25
	TextSSLPins            TextOption = 26
	TextSSLSuites          TextOption = 27
	TextSSLGroups          TextOption = 28
	TextSSLKeyLog          TextOption = 29
	TextTag                TextOption = 14
)

// Number is a 64-bit figure (WDS_NUM_).
type Number int32

// The figures.
const (
	NumBytesRead       Number = 1
	NumBytesWritten    Number = 2
	NumMessagesRead    Number = 3
	NumMessagesWritten Number = 4
	NumBuffered        Number = 5
	NumConnectMicros   Number = 6
	NumClients         Number = 7
	NumPending         Number = 8
	NumRefused         Number = 9
	NumSockets         Number = 20
	NumTokens          Number = 21
	NumGoroutines      Number = 22
	NumDescriptors     Number = 23
	NumBufferedBytes   Number = 24
)

// Stat is a place in the row of figures that Statistics fills (WDS_STAT_).
type Stat int

// The figures, see wdsocket.h.
const (
	StatBytesRead Stat = iota
	StatBytesWritten
	StatMessagesRead
	StatMessagesWritten
	StatConnectMicros
	StatTLSMicros
	StatFirstByteMicros
	StatReceiveQueue
	StatSendQueue
	StatPublishQueue
	StatDropped
	StatReconnects
	StatClients
	StatPending
	StatAccepted
	StatRefused
	StatErrorsReset
	StatErrorsSilent
	StatErrorsFrame
	StatErrorsWrite
	StatErrorsFull
	StatErrorsTLS
	StatErrorsOther
	StatCount
)

// Kind of a socket (WDS_KIND_); 0 while it is not opened.
type Kind int32

// The kinds; a channel, which a server accepted, is a client.
const (
	KindClient    Kind = 1
	KindServer    Kind = 2
	KindUDP       Kind = 3
	KindClientSSL Kind = 4
	KindServerSSL Kind = 5
)

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
)
