package core

// The numbers in this file are those of the C interface (wdsocket.h), where
// each is described with its unit, range, default and moment.

// Option is an integer option (WDS_OPT_).
type Option int32

// The integer options.
const (
	OptNoDelay              Option = 1001
	OptKeepAlive            Option = 1002
	OptKeepAliveIdle        Option = 1003
	OptKeepAliveInterval    Option = 1004
	OptKeepAliveCount       Option = 1005
	OptSendBuffer           Option = 1006
	OptReceiveBuffer        Option = 1007
	OptLinger               Option = 1008
	OptReadGap              Option = 1009
	OptWriteTimeout         Option = 1010
	OptCloseTimeout         Option = 1011
	OptMaxMessage           Option = 1012
	OptSystemResolver       Option = 1013
	OptExclusivePort        Option = 1014
	OptBacklog              Option = 1015
	OptMaxClients           Option = 1016
	OptMaxClientsPerAddress Option = 1017
	OptTagAsIs              Option = 1018
	OptUDPErrors            Option = 1019
	OptBroadcast            Option = 1020
	OptMulticastTTL         Option = 1021
	OptMulticastLoop        Option = 1022
	OptUserNumber           Option = 1023
	OptLocalPort            Option = 1024
	OptPeerPort             Option = 1025
	OptMode                 Option = 1026
	OptAddressFamily        Option = 1027
	OptResolveCache         Option = 1028
	OptResolveTimeout       Option = 1029
	OptExchangeLate         Option = 1030
	OptSendQueue            Option = 1033
	OptKind                 Option = 1031
	OptServer               Option = 1032
	OptPeerGone             Option = 1034
	OptIdleLimit            Option = 1035
	OptHeartbeat            Option = 1036
	OptCoalesce             Option = 1037
	OptPublishQueue         Option = 1038
	OptPublishPolicy        Option = 1039
	OptFrameOffset          Option = 1040
	OptFrameWidth           Option = 1041
	OptFrameOrder           Option = 1042
	OptFrameAdjustment      Option = 1043
	OptFrameKeepHeader      Option = 1044
	OptFrameLength          Option = 1045
	OptFrameGap             Option = 1046
	OptFrameCheck           Option = 1047
	OptFrameCheckSpan       Option = 1048
	OptFrameRestart         Option = 1049
	OptSSLOptions           Option = 1050
	OptSSLHandshakeTimeout  Option = 1051
	OptSSLPending           Option = 1052
	OptSSLDaysLeft          Option = 1053
	OptSSLWarnDays          Option = 1054
	OptSSLAllowExpired      Option = 1055
	OptHostText             Option = 1060
	OptTotalBuffer          Option = 1061
	OptLogLevel             Option = 1062
	OptLogSize              Option = 1063
	OptCaptureSize          Option = 1064
	OptCaptureBelowTLS      Option = 1065
	OptReconnect            Option = 1070
	OptReconnectFirst       Option = 1071
	OptReconnectMost        Option = 1072
	OptReconnectTries       Option = 1073
	OptReconnectKeep        Option = 1074
	OptReconnectWait        Option = 1075
)

// TextOption is an option that is text or bytes (WDS_TEXT_).
type TextOption int32

// The text and byte options.
const (
	TextLanguage           TextOption = 2001
	TextLogFile            TextOption = 2002
	TextLocalAddress       TextOption = 2003
	TextDNSServer          TextOption = 2004
	TextCharset            TextOption = 2005
	TextFramePreset        TextOption = 2006
	TextUserText           TextOption = 2007
	TextMulticastJoin      TextOption = 2008
	TextMulticastLeave     TextOption = 2009
	TextMulticastInterface TextOption = 2010
	TextFrameStart         TextOption = 2011
	TextFrameEnd           TextOption = 2012
	TextFrameEscape        TextOption = 2013
	TextFrameHeader        TextOption = 2015
	TextHeartbeat          TextOption = 2016
	TextCaptureFile        TextOption = 2017
	TextTraceFile          TextOption = 2018
	TextFaults             TextOption = 2019
	TextSSLCertificate     TextOption = 2020
	TextSSLPassword        TextOption = 2021
	TextSSLAddCertificate  TextOption = 2022
	TextSSLAuthorities     TextOption = 2023
	TextSSLServerName      TextOption = 2024
	TextSSLALPN            TextOption = 2025
	TextSSLPins            TextOption = 2026
	TextSSLSuites          TextOption = 2027
	TextSSLGroups          TextOption = 2028
	TextSSLKeyLog          TextOption = 2029
	TextTag                TextOption = 2014
)

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
	StatStale
	StatCount
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
)

// Has tells whether all of others are among them.
func (l Layers) Has(others Layers) bool { return l&others == others }

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
