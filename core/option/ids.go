// Package option has the options of sockets and of the process: their numbers, names,
// ranges and effects, the settings that they change and the checks of values. It
// applies nothing to a socket.
package option

// ID is an integer option (WDS_OPT_). The numbers in this file are those of the C
// interface (wdsocket.h), where each is described with its unit, range, default and
// moment.
type ID int32

// The integer options.
const (
	NoDelay              ID = 1001
	KeepAlive            ID = 1002
	KeepAliveIdle        ID = 1003
	KeepAliveInterval    ID = 1004
	KeepAliveCount       ID = 1005
	SendBuffer           ID = 1006
	ReceiveBuffer        ID = 1007
	Linger               ID = 1008
	ReadGap              ID = 1009
	WriteTimeout         ID = 1010
	CloseTimeout         ID = 1011
	MaxMessage           ID = 1012
	SystemResolver       ID = 1013
	ExclusivePort        ID = 1014
	Backlog              ID = 1015
	MaxClients           ID = 1016
	MaxClientsPerAddress ID = 1017
	TagAsIs              ID = 1018
	UDPErrors            ID = 1019
	Broadcast            ID = 1020
	MulticastTTL         ID = 1021
	MulticastLoop        ID = 1022
	UserNumber           ID = 1023
	LocalPort            ID = 1024
	PeerPort             ID = 1025
	Mode                 ID = 1026
	AddressFamily        ID = 1027
	ResolveCache         ID = 1028
	ResolveTimeout       ID = 1029
	ExchangeLate         ID = 1030
	SendQueue            ID = 1033
	Kind                 ID = 1031
	Server               ID = 1032
	PeerGone             ID = 1034
	IdleLimit            ID = 1035
	Heartbeat            ID = 1036
	MessageLimit         ID = 1091
	Coalesce             ID = 1037
	PublishQueue         ID = 1038
	PublishPolicy        ID = 1039
	FrameOffset          ID = 1040
	FrameWidth           ID = 1041
	FrameOrder           ID = 1042
	FrameAdjustment      ID = 1043
	FrameKeepHeader      ID = 1044
	FrameLength          ID = 1045
	FrameGap             ID = 1046
	FrameCheck           ID = 1047
	FrameCheckSpan       ID = 1048
	FrameRestart         ID = 1049
	SSLOptions           ID = 1050
	SSLHandshakeTimeout  ID = 1051
	SSLPending           ID = 1052
	SSLDaysLeft          ID = 1053
	SSLWarnDays          ID = 1054
	SSLAllowExpired      ID = 1055
	HostText             ID = 1060
	TotalBuffer          ID = 1061
	LogLevel             ID = 1062
	LogSize              ID = 1063
	CaptureSize          ID = 1064
	CaptureBelowTLS      ID = 1065
	Reconnect            ID = 1070
	ReconnectFirst       ID = 1071
	ReconnectMost        ID = 1072
	ReconnectTries       ID = 1073
	ReconnectKeep        ID = 1074
	ReconnectWait        ID = 1075
	ProxyHeader          ID = 1080
	ProxyHeaderTimeout   ID = 1081
	ProxyHeaderSend      ID = 1082
	WebSocketKind        ID = 1085
	WebSocketCompression ID = 1086
	WebSocketCloseCode   ID = 1087
	WebSocketMessage     ID = 1088
	UnixMode             ID = 1090
	FrameMessage         ID = 1095
	WriteMode            ID = 1100
	ExchangeEcho         ID = 1101
	ExchangeRepeats      ID = 1102
	ExchangeField        ID = 1103
	ExchangeFieldWidth   ID = 1104
	ExchangeFieldAnswer  ID = 1105
)

// TextID is an option that is text or bytes (WDS_TEXT_).
type TextID int32

// The text and byte options.
const (
	TextLanguage           TextID = 2001
	TextLogFile            TextID = 2002
	TextLocalAddress       TextID = 2003
	TextDNSServer          TextID = 2004
	TextCharset            TextID = 2005
	TextFramePreset        TextID = 2006
	TextUserText           TextID = 2007
	TextMulticastJoin      TextID = 2008
	TextMulticastLeave     TextID = 2009
	TextMulticastInterface TextID = 2010
	TextFrameStart         TextID = 2011
	TextFrameEnd           TextID = 2012
	TextFrameEscape        TextID = 2013
	TextFrameHeader        TextID = 2015
	TextHeartbeat          TextID = 2016
	TextCaptureFile        TextID = 2017
	TextTraceFile          TextID = 2018
	TextFaults             TextID = 2019
	TextSSLCertificate     TextID = 2020
	TextSSLPassword        TextID = 2021
	TextSSLAddCertificate  TextID = 2022
	TextSSLAuthorities     TextID = 2023
	TextSSLServerName      TextID = 2024
	TextSSLALPN            TextID = 2025
	TextSSLPins            TextID = 2026
	TextSSLSuites          TextID = 2027
	TextSSLGroups          TextID = 2028
	TextSSLKeyLog          TextID = 2029
	TextProxyTrusted       TextID = 2035
	TextTag                TextID = 2014
	TextProxy              TextID = 2030
	TextProxyExceptions    TextID = 2031

	TextWebSocketPaths       TextID = 2040
	TextWebSocketProtocols   TextID = 2041
	TextWebSocketOrigins     TextID = 2042
	TextWebSocketHeaders     TextID = 2043
	TextWebSocketPage        TextID = 2044
	TextWebSocketCloseReason TextID = 2045

	TextUnixOwner    TextID = 2050
	TextPipeSecurity TextID = 2055

	TextFrame       TextID = 2060
	TextWriteTag    TextID = 2065
	TextExchangeAck TextID = 2066
	TextExchangeNak TextID = 2067
)
