package option

import (
	"math"
	"slices"
	"strconv"
	"sync"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/layer/proxyheader"
	"wdsocket/core/poll"
	"wdsocket/core/transport"
)

// Effect says what else an option touches, and when it may be set.
type Effect int

// The effects.
const (
	Anytime     Effect = iota // set at any time, read where it is used
	ToSystem                  // handed to the system's socket
	ToFraming                 // changes the framing: not while a reader waits
	ToWriting                 // changes the framing of what is written
	ToTLS                     // for later handshakes
	BeforeOpen                // set before opening only
	GetOnly                   // never set
	ProcessWide               // on socket 0 only
)

// Int describes one integer option.
type Int struct {
	Name     string
	Low      int32
	High     int32
	Effect   Effect
	Get      func(*Settings) int32 // nil: core knows, no setting
	set      func(*Settings, int32)
	Try      func(*Settings, int32) error // instead of set, where a value of the range may be refused
	multiple int32                        // values are rounded up to a multiple of this, 0 for none
}

func flag(name string, e Effect, field func(*Settings) *bool) Int {
	return Int{Name: name, High: 1, Effect: e,
		Get: func(s *Settings) int32 {
			if *field(s) {
				return 1
			}
			return 0
		},
		set: func(s *Settings, v int32) { *field(s) = v != 0 }}
}

func count(name string, low, high int32, e Effect, field func(*Settings) *int) Int {
	return Int{Name: name, Low: low, High: high, Effect: e,
		Get: func(s *Settings) int32 { return int32(*field(s)) },
		set: func(s *Settings, v int32) { *field(s) = int(v) }}
}

func span(name string, low, high int32, e Effect, field func(*Settings) *time.Duration) Int {
	return Int{Name: name, Low: low, High: high, Effect: e,
		Get: func(s *Settings) int32 {
			if *field(s) < 0 {
				return -1
			}
			return int32(field(s).Milliseconds())
		},
		set: func(s *Settings, v int32) { *field(s) = Milliseconds(v) }}
}

// Milliseconds is a time-out of the C interface as a duration: -1 is
// poll.Forever.
func Milliseconds(ms int32) time.Duration {
	if ms < 0 {
		return poll.Forever
	}
	return time.Duration(ms) * time.Millisecond
}

const (
	most    = math.MaxInt32
	seconds = 1000
)

// Ints are the integer options.
var Ints = sync.OnceValue(func() map[ID]Int {
	return map[ID]Int{
		NoDelay:           flag("WDS_OPT_NODELAY", ToSystem, func(s *Settings) *bool { return &s.System.NoDelay }),
		KeepAlive:         flag("WDS_OPT_KEEPALIVE", ToSystem, func(s *Settings) *bool { return &s.System.KeepAlive }),
		KeepAliveIdle:     whole(span("WDS_OPT_KEEPALIVE_IDLE", seconds, 32767*seconds, ToSystem, func(s *Settings) *time.Duration { return &s.System.KeepAliveIdle })),
		KeepAliveInterval: whole(span("WDS_OPT_KEEPALIVE_INTERVAL", seconds, 32767*seconds, ToSystem, func(s *Settings) *time.Duration { return &s.System.KeepAliveInterval })),
		KeepAliveCount:    count("WDS_OPT_KEEPALIVE_COUNT", 1, 127, ToSystem, func(s *Settings) *int { return &s.System.KeepAliveCount }),
		SendBuffer:        count("WDS_OPT_SEND_BUFFER", 0, most, ToSystem, func(s *Settings) *int { return &s.System.SendBuffer }),
		ReceiveBuffer:     count("WDS_OPT_RECEIVE_BUFFER", 0, most, ToSystem, func(s *Settings) *int { return &s.System.ReceiveBuffer }),
		Linger:            span("WDS_OPT_LINGER", -1, 32767*seconds, ToSystem, func(s *Settings) *time.Duration { return &s.System.Linger }),
		ReadGap:           span("WDS_OPT_READ_GAP", 0, 3600*seconds, Anytime, func(s *Settings) *time.Duration { return &s.ReadGap }),
		WriteTimeout:      span("WDS_OPT_WRITE_TIMEOUT", -1, most, Anytime, func(s *Settings) *time.Duration { return &s.WriteTimeout }),
		CloseTimeout:      span("WDS_OPT_CLOSE_TIMEOUT", 0, 3600*seconds, Anytime, func(s *Settings) *time.Duration { return &s.CloseTimeout }),
		MaxMessage:        count("WDS_OPT_MAX_MESSAGE", 1, most, ToFraming, func(s *Settings) *int { return &s.Frame.Limit }),
		SystemResolver:    flag("WDS_OPT_SYSTEM_RESOLVER", BeforeOpen, func(s *Settings) *bool { return &s.systemResolver }),
		ExclusivePort: {Name: "WDS_OPT_EXCLUSIVE_PORT", High: 1, Effect: BeforeOpen,
			Get: func(s *Settings) int32 {
				if s.System.Shared {
					return 0
				}
				return 1
			},
			set: func(s *Settings, v int32) { s.System.Shared = v == 0 }},
		Backlog:              count("WDS_OPT_BACKLOG", 1, 65535, BeforeOpen, func(s *Settings) *int { return &s.System.Backlog }),
		MaxClients:           count("WDS_OPT_MAX_CLIENTS", 0, most, Anytime, func(s *Settings) *int { return &s.MaxClients }),
		MaxClientsPerAddress: count("WDS_OPT_MAX_CLIENTS_PER_ADDRESS", 0, most, Anytime, func(s *Settings) *int { return &s.MaxClientsPerAddress }),
		TagAsIs:              flag("WDS_OPT_TAG_AS_IS", ToFraming, func(s *Settings) *bool { return &s.Frame.TagAsIs }),
		UDPErrors:            flag("WDS_OPT_UDP_ERRORS", ToSystem, func(s *Settings) *bool { return &s.System.ReportUnreachable }),
		Broadcast:            flag("WDS_OPT_BROADCAST", ToSystem, func(s *Settings) *bool { return &s.System.Broadcast }),
		MulticastTTL:         count("WDS_OPT_MULTICAST_TTL", 0, 255, ToSystem, func(s *Settings) *int { return &s.System.MulticastTTL }),
		MulticastLoop:        flag("WDS_OPT_MULTICAST_LOOP", ToSystem, func(s *Settings) *bool { return &s.System.MulticastLoop }),
		UserNumber: {Name: "WDS_OPT_USER_NUMBER", Low: math.MinInt32, High: most,
			Get: func(s *Settings) int32 { return s.UserNumber },
			set: func(s *Settings, v int32) { s.UserNumber = v }},
		LocalPort: count("WDS_OPT_LOCAL_PORT", 0, 65535, BeforeOpen, func(s *Settings) *int { return &s.LocalPort }),
		PeerPort:  {Name: "WDS_OPT_PEER_PORT", Effect: GetOnly},
		Mode: {Name: "WDS_OPT_MODE", Effect: GetOnly,
			Get: func(s *Settings) int32 { return int32(s.Frame.Mode) }},
		AddressFamily: {Name: "WDS_OPT_ADDRESS_FAMILY", High: 6, Effect: BeforeOpen,
			Get: func(s *Settings) int32 { return int32(s.Family) },
			set: func(s *Settings, v int32) { s.Family = transport.Family(v) }},
		ResolveCache:   span("WDS_OPT_RESOLVE_CACHE", 0, 86400*seconds, Anytime, func(s *Settings) *time.Duration { return &s.ResolveCache }),
		ResolveTimeout: span("WDS_OPT_RESOLVE_TIMEOUT", 0, 600*seconds, Anytime, func(s *Settings) *time.Duration { return &s.ResolveTimeout }),
		ExchangeLate:   span("WDS_OPT_EXCHANGE_LATE", -1, most, Anytime, func(s *Settings) *time.Duration { return &s.ExchangeLate }),
		SendQueue:      count("WDS_OPT_SEND_QUEUE", 0, most, Anytime, func(s *Settings) *int { return &s.SendQueue }),
		Kind:           {Name: "WDS_OPT_KIND", Effect: GetOnly},
		Server:         {Name: "WDS_OPT_SERVER", Effect: GetOnly},

		FrameOffset:     count("WDS_OPT_FRAME_OFFSET", 0, 255, ToFraming, func(s *Settings) *int { return &s.Frame.Offset }),
		FrameWidth:      count("WDS_OPT_FRAME_WIDTH", 1, 4, ToFraming, func(s *Settings) *int { return &s.Frame.Width }),
		FrameOrder:      flag("WDS_OPT_FRAME_ORDER", ToFraming, func(s *Settings) *bool { return &s.Frame.LittleEndian }),
		FrameAdjustment: count("WDS_OPT_FRAME_ADJUSTMENT", -65536, 65536, ToFraming, func(s *Settings) *int { return &s.Frame.Adjustment }),
		FrameKeepHeader: {Name: "WDS_OPT_FRAME_KEEP_HEADER", High: 2, Effect: ToFraming,
			Get: func(s *Settings) int32 {
				switch {
				case !s.Frame.KeepHeader:
					return 0
				case !s.Frame.CheckField:
					return 1
				}
				return 2
			},
			set: func(s *Settings, v int32) { s.Frame.KeepHeader, s.Frame.CheckField = v > 0, v == 2 }},
		FrameLength: count("WDS_OPT_FRAME_LENGTH", 1, most, ToFraming, func(s *Settings) *int { return &s.Frame.Length }),
		FrameGap:    span("WDS_OPT_FRAME_GAP", 1, 60*seconds, ToFraming, func(s *Settings) *time.Duration { return &s.Frame.Gap }),
		FrameCheck: {Name: "WDS_OPT_FRAME_CHECK", High: int32(frame.CheckCRC16CCITT), Effect: ToFraming,
			Get: func(s *Settings) int32 { return int32(s.Frame.Check) },
			set: func(s *Settings, v int32) { s.Frame.Check = frame.Check(v) }},
		FrameCheckSpan: count("WDS_OPT_FRAME_CHECK_SPAN", 0, 3, ToFraming, func(s *Settings) *int { return &s.Frame.CheckSpan }),
		FrameRestart: {Name: "WDS_OPT_FRAME_RESTART", High: 1, Effect: ToFraming,
			Get: func(s *Settings) int32 {
				if s.Frame.Restart {
					return 1
				}
				return 0
			},
			set: func(s *Settings, v int32) { s.Frame.SetRestart(v != 0) }},

		WriteMode: {Name: "WDS_OPT_WRITE_MODE", Low: int32(asReading), High: int32(slices.Max(frame.Modes())), Effect: ToWriting,
			Get: func(s *Settings) int32 { return int32(s.Write.Mode) },
			set: func(s *Settings, v int32) { s.Write.Mode = frame.Mode(v) }},

		ExchangeEcho:        flag("WDS_OPT_EXCHANGE_ECHO", Anytime, func(s *Settings) *bool { return &s.Exchange.Echo }),
		ExchangeRepeats:     count("WDS_OPT_EXCHANGE_REPEATS", 0, 100, Anytime, func(s *Settings) *int { return &s.Exchange.Repeats }),
		ExchangeField:       count("WDS_OPT_EXCHANGE_FIELD", -1, 65535, Anytime, func(s *Settings) *int { return &s.Exchange.fieldAt }),
		ExchangeFieldWidth:  count("WDS_OPT_EXCHANGE_FIELD_WIDTH", 1, 64, Anytime, func(s *Settings) *int { return &s.Exchange.fieldWidth }),
		ExchangeFieldAnswer: count("WDS_OPT_EXCHANGE_FIELD_ANSWER", -1, 65535, Anytime, func(s *Settings) *int { return &s.Exchange.answerAt }),

		SSLOptions: {Name: "WDS_OPT_SSL_OPTIONS", Low: math.MinInt32, High: most, Effect: ToTLS,
			Get: func(s *Settings) int32 { return s.TLS.Bits() },
			Try: func(s *Settings, v int32) error { return s.TLS.SetBits(v) }},
		SSLHandshakeTimeout: span("WDS_OPT_SSL_HANDSHAKE_TIMEOUT", 1, 600*seconds, Anytime, func(s *Settings) *time.Duration { return &s.HandshakeTimeout }),
		SSLPending:          count("WDS_OPT_SSL_PENDING", 1, 65535, Anytime, func(s *Settings) *int { return &s.HandshakesPending }),
		SSLDaysLeft:         {Name: "WDS_OPT_SSL_DAYS_LEFT", Effect: GetOnly},

		SSLAllowExpired: flag("WDS_OPT_SSL_ALLOW_EXPIRED", Anytime, func(s *Settings) *bool { return &s.TLSAnyDate }),

		SSLWarnDays: count("WDS_OPT_SSL_WARN_DAYS", 0, 3650, Anytime, func(s *Settings) *int { return &s.WarnDays }),

		PeerGone: {Name: "WDS_OPT_PEER_GONE", High: 3600 * seconds, Effect: ToSystem,
			Get: func(s *Settings) int32 { return int32(s.peerGone.Milliseconds()) },
			Try: setPeerGone},
		IdleLimit:     orNone(span("WDS_OPT_IDLE_LIMIT", 100, 86400*seconds, Anytime, func(s *Settings) *time.Duration { return &s.IdleLimit })),
		MessageLimit:  orNone(span("WDS_OPT_MESSAGE_LIMIT", 100, 86400*seconds, Anytime, func(s *Settings) *time.Duration { return &s.MessageLimit })),
		Heartbeat:     orNone(span("WDS_OPT_HEARTBEAT", 100, 86400*seconds, Anytime, func(s *Settings) *time.Duration { return &s.Heartbeat })),
		Coalesce:      span("WDS_OPT_COALESCE", 0, seconds, Anytime, func(s *Settings) *time.Duration { return &s.Coalesce }),
		PublishQueue:  count("WDS_OPT_PUBLISH_QUEUE", 1, most, Anytime, func(s *Settings) *int { return &s.PublishQueue }),
		PublishPolicy: count("WDS_OPT_PUBLISH_POLICY", 0, 2, Anytime, func(s *Settings) *int { return &s.PublishPolicy }),

		Reconnect:      flag("WDS_OPT_RECONNECT", Anytime, func(s *Settings) *bool { return &s.Reconnect }),
		ReconnectFirst: span("WDS_OPT_RECONNECT_FIRST", 1, 3600*seconds, Anytime, func(s *Settings) *time.Duration { return &s.ReconnectFirst }),
		ReconnectMost:  span("WDS_OPT_RECONNECT_MOST", 1, 3600*seconds, Anytime, func(s *Settings) *time.Duration { return &s.ReconnectMost }),
		ReconnectTries: count("WDS_OPT_RECONNECT_TRIES", 0, most, Anytime, func(s *Settings) *int { return &s.ReconnectTries }),
		ReconnectKeep:  count("WDS_OPT_RECONNECT_KEEP", 0, most, Anytime, func(s *Settings) *int { return &s.ReconnectKeep }),
		ReconnectWait:  flag("WDS_OPT_RECONNECT_WAIT", Anytime, func(s *Settings) *bool { return &s.ReconnectWait }),

		ProxyHeader: {Name: "WDS_OPT_PROXY_HEADER", High: int32(proxyheader.Required), Effect: BeforeOpen,
			Get: func(s *Settings) int32 { return int32(s.ProxyHeader.Mode) },
			set: func(s *Settings, v int32) { s.ProxyHeader.Mode = proxyheader.Mode(v) }},
		ProxyHeaderTimeout: span("WDS_OPT_PROXY_HEADER_TIMEOUT", 1, 600*seconds, Anytime, func(s *Settings) *time.Duration { return &s.ProxyHeader.Timeout }),
		ProxyHeaderSend:    count("WDS_OPT_PROXY_HEADER_SEND", 0, 2, Anytime, func(s *Settings) *int { return &s.ProxyHeader.Send }),

		UnixMode: {Name: "WDS_OPT_UNIX_MODE", High: 0o777, Effect: BeforeOpen,
			Get: func(s *Settings) int32 { return int32(s.System.UnixMode.Bits()) },
			set: func(s *Settings, v int32) { s.System.UnixMode = transport.UnixModeOf(uint32(v)) }},
		WebSocketKind:        count("WDS_OPT_WEBSOCKET_KIND", MessageText, MessageBinary, ToFraming, func(s *Settings) *int { return &s.WebSocket.Kind }),
		WebSocketCompression: flag("WDS_OPT_WEBSOCKET_COMPRESSION", Anytime, func(s *Settings) *bool { return &s.WebSocket.Compression }),
		WebSocketCloseCode: {Name: "WDS_OPT_WEBSOCKET_CLOSE_CODE", Low: closeNormal, High: 4999,
			Get: func(s *Settings) int32 { return int32(s.WebSocket.CloseCode) },
			Try: setCloseCode},
		WebSocketMessage: {Name: "WDS_OPT_WEBSOCKET_MESSAGE", Effect: GetOnly},
		FrameMessage:     {Name: "WDS_OPT_FRAME_MESSAGE", Effect: GetOnly},

		HostText:    {Name: "WDS_OPT_HOST_TEXT", High: 2, Effect: ProcessWide},
		TotalBuffer: {Name: "WDS_OPT_TOTAL_BUFFER", Low: 1 << 20, High: most, Effect: ProcessWide},
		LogLevel:    {Name: "WDS_OPT_LOG_LEVEL", High: 3, Effect: ProcessWide},
		LogSize:     {Name: "WDS_OPT_LOG_SIZE", Low: 65536, High: most, Effect: ProcessWide},
		CaptureSize: {Name: "WDS_OPT_CAPTURE_SIZE", Low: 65536, High: most, Effect: ProcessWide},

		CaptureBelowTLS: flag("WDS_OPT_CAPTURE_BELOW_TLS", Anytime, func(s *Settings) *bool { return &s.Record.BelowTLS }),
	}
})

// Store puts a checked value into the settings.
func (o *Int) Store(s *Settings, value int32) error {
	if o.Effect == ToSystem {
		s.System.SetExplicit(o.Name)
	}
	if o.Try != nil {
		return o.Try(s, value)
	}
	o.set(s, value)
	return nil
}

// orNone lets 0, for none, be set beside the option's range.
func orNone(o Int) Int {
	low, set := o.Low, o.set
	o.Low = 0
	o.Try = func(s *Settings, v int32) error {
		if v != 0 && v < low {
			return fault.New(fault.Argument, fault.PhaseOption, "value").
				With(fault.NoteRange, strconv.Itoa(int(v)), "0, "+strconv.Itoa(int(low))+".."+strconv.Itoa(int(o.High))+" "+o.Name)
		}
		set(s, v)
		return nil
	}
	return o
}

// setPeerGone chooses keep-alive figures whose sum is the time, or leaves them
// as they are for 0.
func setPeerGone(s *Settings, v int32) error {
	const low = 2 * seconds
	if v != 0 && v < low {
		return fault.New(fault.Argument, fault.PhaseOption, "value").
			With(fault.NoteRange, strconv.Itoa(int(v)), "0, "+strconv.Itoa(low)+"..3600000 WDS_OPT_PEER_GONE")
	}
	s.peerGone = Milliseconds(v)
	if v == 0 {
		return nil
	}
	const probes = 4
	whole := int(v / seconds)
	idle := whole / 2
	interval := max((whole-idle)/probes, 1)
	for _, name := range []string{"WDS_OPT_KEEPALIVE", "WDS_OPT_KEEPALIVE_IDLE", "WDS_OPT_KEEPALIVE_INTERVAL", "WDS_OPT_KEEPALIVE_COUNT"} {
		s.System.SetExplicit(name)
	}
	s.System.KeepAlive = true
	s.System.KeepAliveIdle = time.Duration(idle) * time.Second
	s.System.KeepAliveInterval = time.Duration(interval) * time.Second
	s.System.KeepAliveCount = min((whole-idle)/interval, 127)
	return nil
}

// whole makes an option of times one of whole seconds, rounded up.
func whole(o Int) Int {
	o.multiple = seconds
	return o
}

// Check finds an option and the value to store, or says what is wrong.
func (id ID) Check(value int32) (Int, int32, error) {
	o, known := Ints()[id]
	if !known {
		return o, 0, WrongNumber("option", FamilyOption, int32(id))
	}
	if o.Effect == GetOnly {
		return o, 0, fault.New(fault.Argument, fault.PhaseOption, "option").With(noteGetOnly, o.Name)
	}
	if value < o.Low || value > o.High || id == AddressFamily && value != 0 && value != 4 && value != 6 {
		return o, 0, fault.New(fault.Argument, fault.PhaseOption, "value").
			With(fault.NoteRange, strconv.Itoa(int(value)), strconv.Itoa(int(o.Low))+".."+strconv.Itoa(int(o.High))+" "+o.Name)
	}
	if o.multiple > 0 {
		value = int32(min((int64(value)+int64(o.multiple)-1)/int64(o.multiple)*int64(o.multiple), int64(o.High)))
	}
	return o, value, nil
}
