package core

import (
	"math"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"wdsocket/core/capture"
	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/hosttext"
	"wdsocket/core/inject"
	"wdsocket/core/poll"
	"wdsocket/core/secure"
	"wdsocket/core/transport"
)

// settings are all options of one socket.
type settings struct {
	wire  transport.Options
	frame frame.Params

	preset         string // that frame was last set by, "" once a figure changed
	readGap        time.Duration
	writeTimeout   time.Duration
	closeTimeout   time.Duration
	exchangeLate   time.Duration
	resolveCache   time.Duration
	resolveTimeout time.Duration

	tls               secure.Settings
	tlsPassword       string // for the certificate that is set next
	tlsAnyDate        bool   // the same: it may have expired
	handshakeTimeout  time.Duration
	handshakesPending int

	systemResolver bool
	dnsServer      string
	localAddress   string
	localPort      int
	family         transport.Family

	sendQueue     int
	peerGone      time.Duration // 0: by the keep-alive figures
	idleLimit     time.Duration
	heartbeat     time.Duration
	heartbeatText []byte
	coalesce      time.Duration
	publishQueue  int
	publishPolicy int
	warnDays      int

	reconnect      bool
	reconnectFirst time.Duration
	reconnectMost  time.Duration
	reconnectTries int
	reconnectKeep  int
	reconnectWait  bool

	maxClients           int
	maxClientsPerAddress int

	userNumber int32
	userText   string
	charset    *hosttext.Charset

	record         capture.Options
	recordBelowTLS bool
	faults         *inject.Faults // nil: none
	faultsText     string
}

func defaultSettings() settings {
	return settings{
		wire: transport.Options{
			NoDelay:           true,
			KeepAlive:         true,
			KeepAliveIdle:     30 * time.Second,
			KeepAliveInterval: 10 * time.Second,
			KeepAliveCount:    3,
			Linger:            -1,
			Backlog:           511,
			Broadcast:         true,
			MulticastTTL:      1,
			MulticastLoop:     true,
		},
		frame:          frame.Defaults(),
		writeTimeout:   30 * time.Second,
		closeTimeout:   5 * time.Second,
		exchangeLate:   10 * time.Second,
		resolveCache:   time.Minute,
		resolveTimeout: 5 * time.Second,

		handshakeTimeout:  10 * time.Second,
		handshakesPending: 4096,

		publishQueue:   1 << 20,
		warnDays:       30,
		reconnectFirst: 200 * time.Millisecond,
		reconnectMost:  30 * time.Second,
	}
}

func (s *settings) resolver() transport.Resolver {
	return transport.Resolver{System: s.systemResolver, Server: s.dnsServer}
}

// effect says what else an option touches, and when it may be set.
type effect int

const (
	plain     effect = iota // read where it is used
	toSystem                // handed to the system's socket
	toFraming               // changes the stream: not under a waiting reader
	toTLS                   // of hand-shakes that come afterwards
	early                   // before opening only
	getOnly                 // told, never set
	ofProcess               // socket 0 only
)

// intOption describes one integer option.
type intOption struct {
	name     string
	low      int32
	high     int32
	effect   effect
	get      func(*settings) int32
	set      func(*settings, int32)
	try      func(*settings, int32) error // instead of set, where a value may be refused
	multiple int32                        // values are rounded up to a multiple of this, 0 for none
}

func flag(name string, e effect, field func(*settings) *bool) intOption {
	return intOption{name: name, high: 1, effect: e,
		get: func(s *settings) int32 {
			if *field(s) {
				return 1
			}
			return 0
		},
		set: func(s *settings, v int32) { *field(s) = v != 0 }}
}

func count(name string, low, high int32, e effect, field func(*settings) *int) intOption {
	return intOption{name: name, low: low, high: high, effect: e,
		get: func(s *settings) int32 { return int32(*field(s)) },
		set: func(s *settings, v int32) { *field(s) = int(v) }}
}

func span(name string, low, high int32, e effect, field func(*settings) *time.Duration) intOption {
	return intOption{name: name, low: low, high: high, effect: e,
		get: func(s *settings) int32 {
			if *field(s) < 0 {
				return -1
			}
			return int32(field(s).Milliseconds())
		},
		set: func(s *settings, v int32) { *field(s) = Milliseconds(v) }}
}

// Milliseconds turns a time-out of the C interface into one of this package:
// -1 is for ever.
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

var intOptions = sync.OnceValue(func() map[Option]intOption {
	return map[Option]intOption{
		OptNoDelay:           flag("WDS_OPT_NODELAY", toSystem, func(s *settings) *bool { return &s.wire.NoDelay }),
		OptKeepAlive:         flag("WDS_OPT_KEEPALIVE", toSystem, func(s *settings) *bool { return &s.wire.KeepAlive }),
		OptKeepAliveIdle:     whole(span("WDS_OPT_KEEPALIVE_IDLE", seconds, 32767*seconds, toSystem, func(s *settings) *time.Duration { return &s.wire.KeepAliveIdle })),
		OptKeepAliveInterval: whole(span("WDS_OPT_KEEPALIVE_INTERVAL", seconds, 32767*seconds, toSystem, func(s *settings) *time.Duration { return &s.wire.KeepAliveInterval })),
		OptKeepAliveCount:    count("WDS_OPT_KEEPALIVE_COUNT", 1, 127, toSystem, func(s *settings) *int { return &s.wire.KeepAliveCount }),
		OptSendBuffer:        count("WDS_OPT_SEND_BUFFER", 0, most, toSystem, func(s *settings) *int { return &s.wire.SendBuffer }),
		OptReceiveBuffer:     count("WDS_OPT_RECEIVE_BUFFER", 0, most, toSystem, func(s *settings) *int { return &s.wire.ReceiveBuffer }),
		OptLinger:            span("WDS_OPT_LINGER", -1, 32767*seconds, toSystem, func(s *settings) *time.Duration { return &s.wire.Linger }),
		OptReadGap:           span("WDS_OPT_READ_GAP", 0, 3600*seconds, plain, func(s *settings) *time.Duration { return &s.readGap }),
		OptWriteTimeout:      span("WDS_OPT_WRITE_TIMEOUT", -1, most, plain, func(s *settings) *time.Duration { return &s.writeTimeout }),
		OptCloseTimeout:      span("WDS_OPT_CLOSE_TIMEOUT", 0, 3600*seconds, plain, func(s *settings) *time.Duration { return &s.closeTimeout }),
		OptMaxMessage:        count("WDS_OPT_MAX_MESSAGE", 1, most, toFraming, func(s *settings) *int { return &s.frame.Limit }),
		OptSystemResolver:    flag("WDS_OPT_SYSTEM_RESOLVER", early, func(s *settings) *bool { return &s.systemResolver }),
		OptExclusivePort: {name: "WDS_OPT_EXCLUSIVE_PORT", high: 1, effect: early,
			get: func(s *settings) int32 {
				if s.wire.Shared {
					return 0
				}
				return 1
			},
			set: func(s *settings, v int32) { s.wire.Shared = v == 0 }},
		OptBacklog:              count("WDS_OPT_BACKLOG", 1, 65535, early, func(s *settings) *int { return &s.wire.Backlog }),
		OptMaxClients:           count("WDS_OPT_MAX_CLIENTS", 0, most, plain, func(s *settings) *int { return &s.maxClients }),
		OptMaxClientsPerAddress: count("WDS_OPT_MAX_CLIENTS_PER_ADDRESS", 0, most, plain, func(s *settings) *int { return &s.maxClientsPerAddress }),
		OptTagAsIs:              flag("WDS_OPT_TAG_AS_IS", toFraming, func(s *settings) *bool { return &s.frame.TagAsIs }),
		OptUDPErrors:            flag("WDS_OPT_UDP_ERRORS", toSystem, func(s *settings) *bool { return &s.wire.ReportUnreachable }),
		OptBroadcast:            flag("WDS_OPT_BROADCAST", toSystem, func(s *settings) *bool { return &s.wire.Broadcast }),
		OptMulticastTTL:         count("WDS_OPT_MULTICAST_TTL", 0, 255, toSystem, func(s *settings) *int { return &s.wire.MulticastTTL }),
		OptMulticastLoop:        flag("WDS_OPT_MULTICAST_LOOP", toSystem, func(s *settings) *bool { return &s.wire.MulticastLoop }),
		OptUserNumber: {name: "WDS_OPT_USER_NUMBER", low: math.MinInt32, high: most,
			get: func(s *settings) int32 { return s.userNumber },
			set: func(s *settings, v int32) { s.userNumber = v }},
		OptLocalPort: count("WDS_OPT_LOCAL_PORT", 0, 65535, early, func(s *settings) *int { return &s.localPort }),
		OptPeerPort:  {name: "WDS_OPT_PEER_PORT", effect: getOnly},
		OptMode: {name: "WDS_OPT_MODE", effect: getOnly,
			get: func(s *settings) int32 { return int32(s.frame.Mode) }},
		OptAddressFamily: {name: "WDS_OPT_ADDRESS_FAMILY", high: 6, effect: early,
			get: func(s *settings) int32 { return int32(s.family) },
			set: func(s *settings, v int32) { s.family = transport.Family(v) }},
		OptResolveCache:   span("WDS_OPT_RESOLVE_CACHE", 0, 86400*seconds, plain, func(s *settings) *time.Duration { return &s.resolveCache }),
		OptResolveTimeout: span("WDS_OPT_RESOLVE_TIMEOUT", 0, 600*seconds, plain, func(s *settings) *time.Duration { return &s.resolveTimeout }),
		OptExchangeLate:   span("WDS_OPT_EXCHANGE_LATE", -1, most, plain, func(s *settings) *time.Duration { return &s.exchangeLate }),
		OptSendQueue:      count("WDS_OPT_SEND_QUEUE", 0, most, plain, func(s *settings) *int { return &s.sendQueue }),
		OptKind:           {name: "WDS_OPT_KIND", effect: getOnly},
		OptServer:         {name: "WDS_OPT_SERVER", effect: getOnly},

		OptFrameOffset:     count("WDS_OPT_FRAME_OFFSET", 0, 255, toFraming, func(s *settings) *int { return &s.frame.Offset }),
		OptFrameWidth:      count("WDS_OPT_FRAME_WIDTH", 1, 4, toFraming, func(s *settings) *int { return &s.frame.Width }),
		OptFrameOrder:      flag("WDS_OPT_FRAME_ORDER", toFraming, func(s *settings) *bool { return &s.frame.LittleEndian }),
		OptFrameAdjustment: count("WDS_OPT_FRAME_ADJUSTMENT", -65536, 65536, toFraming, func(s *settings) *int { return &s.frame.Adjustment }),
		OptFrameKeepHeader: {name: "WDS_OPT_FRAME_KEEP_HEADER", high: 2, effect: toFraming,
			get: func(s *settings) int32 {
				switch {
				case !s.frame.KeepHeader:
					return 0
				case !s.frame.CheckField:
					return 1
				}
				return 2
			},
			set: func(s *settings, v int32) { s.frame.KeepHeader, s.frame.CheckField = v > 0, v == 2 }},
		OptFrameLength: count("WDS_OPT_FRAME_LENGTH", 1, most, toFraming, func(s *settings) *int { return &s.frame.Length }),
		OptFrameGap:    span("WDS_OPT_FRAME_GAP", 1, 60*seconds, toFraming, func(s *settings) *time.Duration { return &s.frame.Gap }),
		OptFrameCheck: {name: "WDS_OPT_FRAME_CHECK", high: int32(frame.CheckCRC16CCITT), effect: toFraming,
			get: func(s *settings) int32 { return int32(s.frame.Check) },
			set: func(s *settings, v int32) { s.frame.Check = frame.Check(v) }},
		OptFrameCheckSpan: count("WDS_OPT_FRAME_CHECK_SPAN", 0, 3, toFraming, func(s *settings) *int { return &s.frame.CheckSpan }),
		OptFrameRestart: {name: "WDS_OPT_FRAME_RESTART", high: 1, effect: toFraming,
			get: func(s *settings) int32 {
				if s.frame.Restart {
					return 1
				}
				return 0
			},
			set: func(s *settings, v int32) { s.frame.SetRestart(v != 0) }},

		OptSSLOptions: {name: "WDS_OPT_SSL_OPTIONS", low: math.MinInt32, high: most, effect: toTLS,
			get: func(s *settings) int32 { return s.tls.Bits() },
			try: func(s *settings, v int32) error { return s.tls.SetBits(v) }},
		OptSSLHandshakeTimeout: span("WDS_OPT_SSL_HANDSHAKE_TIMEOUT", 1, 600*seconds, plain, func(s *settings) *time.Duration { return &s.handshakeTimeout }),
		OptSSLPending:          count("WDS_OPT_SSL_PENDING", 1, 65535, plain, func(s *settings) *int { return &s.handshakesPending }),
		OptSSLDaysLeft:         {name: "WDS_OPT_SSL_DAYS_LEFT", effect: getOnly},

		OptSSLAllowExpired: flag("WDS_OPT_SSL_ALLOW_EXPIRED", plain, func(s *settings) *bool { return &s.tlsAnyDate }),

		OptSSLWarnDays: count("WDS_OPT_SSL_WARN_DAYS", 0, 3650, plain, func(s *settings) *int { return &s.warnDays }),

		OptPeerGone: {name: "WDS_OPT_PEER_GONE", high: 3600 * seconds, effect: toSystem,
			get: func(s *settings) int32 { return int32(s.peerGone.Milliseconds()) },
			try: setPeerGone},
		OptIdleLimit:     orNone(span("WDS_OPT_IDLE_LIMIT", 100, 86400*seconds, plain, func(s *settings) *time.Duration { return &s.idleLimit })),
		OptHeartbeat:     orNone(span("WDS_OPT_HEARTBEAT", 100, 86400*seconds, plain, func(s *settings) *time.Duration { return &s.heartbeat })),
		OptCoalesce:      span("WDS_OPT_COALESCE", 0, seconds, plain, func(s *settings) *time.Duration { return &s.coalesce }),
		OptPublishQueue:  count("WDS_OPT_PUBLISH_QUEUE", 1, most, plain, func(s *settings) *int { return &s.publishQueue }),
		OptPublishPolicy: count("WDS_OPT_PUBLISH_POLICY", 0, 2, plain, func(s *settings) *int { return &s.publishPolicy }),

		OptReconnect:      flag("WDS_OPT_RECONNECT", plain, func(s *settings) *bool { return &s.reconnect }),
		OptReconnectFirst: span("WDS_OPT_RECONNECT_FIRST", 1, 3600*seconds, plain, func(s *settings) *time.Duration { return &s.reconnectFirst }),
		OptReconnectMost:  span("WDS_OPT_RECONNECT_MOST", 1, 3600*seconds, plain, func(s *settings) *time.Duration { return &s.reconnectMost }),
		OptReconnectTries: count("WDS_OPT_RECONNECT_TRIES", 0, most, plain, func(s *settings) *int { return &s.reconnectTries }),
		OptReconnectKeep:  count("WDS_OPT_RECONNECT_KEEP", 0, most, plain, func(s *settings) *int { return &s.reconnectKeep }),
		OptReconnectWait:  flag("WDS_OPT_RECONNECT_WAIT", plain, func(s *settings) *bool { return &s.reconnectWait }),

		OptHostText:    {name: "WDS_OPT_HOST_TEXT", high: 2, effect: ofProcess},
		OptTotalBuffer: {name: "WDS_OPT_TOTAL_BUFFER", low: 1 << 20, high: most, effect: ofProcess},
		OptLogLevel:    {name: "WDS_OPT_LOG_LEVEL", high: 3, effect: ofProcess},
		OptLogSize:     {name: "WDS_OPT_LOG_SIZE", low: 65536, high: most, effect: ofProcess},
		OptCaptureSize: {name: "WDS_OPT_CAPTURE_SIZE", low: 65536, high: most, effect: ofProcess},

		OptCaptureBelowTLS: flag("WDS_OPT_CAPTURE_BELOW_TLS", plain, func(s *settings) *bool { return &s.recordBelowTLS }),
	}
})

// store puts a checked value into the settings.
func (o *intOption) store(s *settings, value int32) error {
	if o.effect == toSystem {
		s.wire.Ask(o.name)
	}
	if o.try != nil {
		return o.try(s, value)
	}
	o.set(s, value)
	return nil
}

// orNone lets 0, for none, be set beside the option's range.
func orNone(o intOption) intOption {
	low, set := o.low, o.set
	o.low = 0
	o.try = func(s *settings, v int32) error {
		if v != 0 && v < low {
			return fault.New(fault.Argument, fault.PhaseOption, "value").
				With(fault.NoteRange, decimal(int(v)), "0, "+decimal(int(low))+".."+decimal(int(o.high))+" "+o.name)
		}
		set(s, v)
		return nil
	}
	return o
}

// setPeerGone chooses keep-alive figures whose sum is the time, or leaves them
// as they are for 0.
func setPeerGone(s *settings, v int32) error {
	const low = 2 * seconds
	if v != 0 && v < low {
		return fault.New(fault.Argument, fault.PhaseOption, "value").
			With(fault.NoteRange, decimal(int(v)), "0, "+decimal(low)+"..3600000 WDS_OPT_PEER_GONE")
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
		s.wire.Ask(name)
	}
	s.wire.KeepAlive = true
	s.wire.KeepAliveIdle = time.Duration(idle) * time.Second
	s.wire.KeepAliveInterval = time.Duration(interval) * time.Second
	s.wire.KeepAliveCount = min((whole-idle)/interval, 127)
	return nil
}

// whole makes an option of times one of whole seconds, rounded up.
func whole(o intOption) intOption {
	o.multiple = seconds
	return o
}

// check finds an option and the value to store, or says what is wrong.
func (id Option) check(value int32) (intOption, int32, error) {
	o, known := intOptions()[id]
	if !known {
		return o, 0, WrongNumber("option", FamilyOption, int32(id))
	}
	if o.effect == getOnly {
		return o, 0, fault.New(fault.Argument, fault.PhaseOption, "option").With(noteGetOnly, o.name)
	}
	if value < o.low || value > o.high || id == OptAddressFamily && value != 0 && value != 4 && value != 6 {
		return o, 0, fault.New(fault.Argument, fault.PhaseOption, "value").
			With(fault.NoteRange, decimal(int(value)), decimal(int(o.low))+".."+decimal(int(o.high))+" "+o.name)
	}
	if o.multiple > 0 {
		value = int32(min((int64(value)+int64(o.multiple)-1)/int64(o.multiple)*int64(o.multiple), int64(o.high)))
	}
	return o, value, nil
}

// textOption describes one option that is text or bytes.
type textOption struct {
	name   string
	binary bool
	effect effect
	get    func(*settings) string
	set    func(*settings, string) error
	load   func(*settings, string) (secure.Change, error) // instead of set, where files are read
	try    func(string) error                             // before set, where a file is opened: no lock is held
}

// change prepares what setting the option to value does to settings. Files are
// read here, which may take seconds: no lock is held. now is what is set now, and
// warn gets what was found in the files and is no error.
func (o *textOption) change(now *settings, value string, warn func(*fault.Error)) (func(*settings) error, error) {
	if o.try != nil {
		if err := o.try(value); err != nil {
			return nil, err
		}
	}
	if o.load == nil {
		return func(s *settings) error {
			if o.effect == toSystem {
				s.wire.Ask(o.name)
			}
			return o.set(s, value)
		}, nil
	}
	change, err := o.load(now, value)
	if err != nil {
		return nil, err
	}
	for _, w := range change.Warnings {
		warn(w)
	}
	return func(s *settings) error {
		change.Make(&s.tls)
		return nil
	}, nil
}

func text(name string, e effect, field func(*settings) *string) textOption {
	return textOption{name: name, effect: e,
		get: func(s *settings) string { return *field(s) },
		set: func(s *settings, v string) error { *field(s) = v; return nil }}
}

func octets(name string, field func(*settings) *[]byte) textOption {
	return textOption{name: name, effect: toFraming, binary: true,
		get: func(s *settings) string { return string(*field(s)) },
		set: func(s *settings, v string) error { *field(s) = []byte(v); return nil }}
}

// marker is octets for a start or end marker.
func marker(name string, field func(*settings) *[]byte) textOption {
	o := octets(name, field)
	o.set = func(s *settings, v string) error {
		*field(s) = []byte(v)
		s.frame.OwnMarkers()
		return nil
	}
	return o
}

// secret is an option of TLS.
func secret(name string, get func(*settings) string, set func(*settings, string) error) textOption {
	return textOption{name: name, effect: toTLS, get: get, set: set}
}

// ofFile is one whose value may name files.
func ofFile(name string, get func(*settings) string, load func(*settings, string) (secure.Change, error)) textOption {
	return textOption{name: name, effect: toTLS, get: get, load: load}
}

var textOptions = sync.OnceValue(func() map[TextOption]textOption {
	return map[TextOption]textOption{
		TextLanguage: {name: "WDS_TEXT_LANGUAGE", effect: ofProcess},
		TextLogFile:  {name: "WDS_TEXT_LOG_FILE", effect: ofProcess},
		TextLocalAddress: {name: "WDS_TEXT_LOCAL_ADDRESS", effect: early,
			get: func(s *settings) string { return s.localAddress },
			set: setLocalAddress},
		TextDNSServer: {name: "WDS_TEXT_DNS_SERVER", effect: early,
			get: func(s *settings) string { return s.dnsServer },
			set: setDNSServer},
		TextCharset: {name: "WDS_TEXT_CHARSET", effect: toFraming,
			get: func(s *settings) string {
				if s.charset == nil {
					return ""
				}
				return s.charset.Name()
			},
			set: setCharset},
		TextFramePreset: {name: "WDS_TEXT_FRAME_PRESET", effect: toFraming,
			get: func(s *settings) string { return s.preset },
			set: setPreset},
		TextUserText:           text("WDS_TEXT_USER_TEXT", plain, func(s *settings) *string { return &s.userText }),
		TextMulticastJoin:      {name: "WDS_TEXT_MULTICAST_JOIN", effect: toSystem},
		TextMulticastLeave:     {name: "WDS_TEXT_MULTICAST_LEAVE", effect: toSystem},
		TextMulticastInterface: text("WDS_TEXT_MULTICAST_INTERFACE", toSystem, func(s *settings) *string { return &s.wire.MulticastFrom }),
		TextFrameStart:         marker("WDS_TEXT_FRAME_START", func(s *settings) *[]byte { return &s.frame.Start }),
		TextFrameEnd:           marker("WDS_TEXT_FRAME_END", func(s *settings) *[]byte { return &s.frame.End }),
		TextFrameEscape:        octets("WDS_TEXT_FRAME_ESCAPE", func(s *settings) *[]byte { return &s.frame.Escape }),
		TextFrameHeader:        octets("WDS_TEXT_FRAME_HEADER", func(s *settings) *[]byte { return &s.frame.Header }),
		TextHeartbeat: {name: "WDS_TEXT_HEARTBEAT", binary: true, effect: plain,
			get: func(s *settings) string { return string(s.heartbeatText) },
			set: setHeartbeat},
		TextSSLCertificate: ofFile("WDS_TEXT_SSL_CERTIFICATE",
			func(s *settings) string { return s.tls.Certificate() },
			func(s *settings, v string) (secure.Change, error) {
				return secure.LoadCertificate(v, s.tlsPassword, s.tlsAnyDate)
			}),
		TextSSLPassword: secret("WDS_TEXT_SSL_PASSWORD", nil,
			func(s *settings, v string) error { s.tlsPassword = v; return nil }),
		TextSSLAddCertificate: ofFile("WDS_TEXT_SSL_ADD_CERTIFICATE", nil,
			func(s *settings, v string) (secure.Change, error) {
				return secure.LoadFurther(v, s.tlsPassword, s.tlsAnyDate)
			}),
		TextSSLAuthorities: ofFile("WDS_TEXT_SSL_AUTHORITIES",
			func(s *settings) string { return s.tls.Authorities() },
			func(_ *settings, v string) (secure.Change, error) { return secure.LoadAuthorities(v) }),
		TextSSLServerName: secret("WDS_TEXT_SSL_SERVER_NAME",
			func(s *settings) string { return s.tls.ServerName() },
			func(s *settings, v string) error { return s.tls.SetServerName(v) }),
		TextSSLALPN: secret("WDS_TEXT_SSL_ALPN",
			func(s *settings) string { return s.tls.ALPN() },
			func(s *settings, v string) error { return s.tls.SetALPN(v) }),
		TextSSLPins: secret("WDS_TEXT_SSL_PINS",
			func(s *settings) string { return s.tls.Pins() },
			func(s *settings, v string) error { return s.tls.SetPins(v) }),
		TextSSLSuites: secret("WDS_TEXT_SSL_SUITES",
			func(s *settings) string { return s.tls.Suites() },
			func(s *settings, v string) error { return s.tls.SetSuites(v) }),
		TextSSLGroups: secret("WDS_TEXT_SSL_GROUPS",
			func(s *settings) string { return s.tls.Groups() },
			func(s *settings, v string) error { return s.tls.SetGroups(v) }),
		TextSSLKeyLog: ofFile("WDS_TEXT_SSL_KEY_LOG",
			func(s *settings) string { return s.tls.KeyLog() },
			func(_ *settings, v string) (secure.Change, error) { return secure.TryKeyLog(v) }),
		TextCaptureFile: {name: "WDS_TEXT_CAPTURE_FILE",
			get: func(s *settings) string { return s.record.Capture },
			set: func(s *settings, v string) error { s.record.Capture = absolute(v); return nil },
			try: func(v string) error { return capture.Options{Capture: v}.Try() }},
		TextTraceFile: {name: "WDS_TEXT_TRACE_FILE",
			get: func(s *settings) string { return s.record.Trace },
			set: func(s *settings, v string) error { s.record.Trace = absolute(v); return nil },
			try: func(v string) error { return capture.Options{Trace: v}.Try() }},
		TextFaults: {name: "WDS_TEXT_FAULTS",
			get: func(s *settings) string { return s.faultsText },
			set: setFaults},
		TextTag: octets("WDS_TEXT_TAG", func(s *settings) *[]byte { return &s.frame.Tag }),
	}
})

func setLocalAddress(s *settings, v string) error {
	if _, err := netip.ParseAddr(v); v != "" && err != nil {
		return fault.New(fault.Argument, fault.PhaseOption, "text").With(endpoint.NoteNoIP, v)
	}
	s.localAddress = v
	return nil
}

func setDNSServer(s *settings, v string) error {
	if v == "" {
		s.dnsServer = ""
		return nil
	}
	if a, err := netip.ParseAddr(v); err == nil {
		s.dnsServer = netip.AddrPortFrom(a, 53).String()
		return nil
	}
	a, err := netip.ParseAddrPort(v)
	if err != nil {
		return fault.New(fault.Argument, fault.PhaseOption, "text").With(endpoint.NoteNoIP, v)
	}
	s.dnsServer = a.String()
	return nil
}

func setCharset(s *settings, v string) error {
	if v == "" {
		s.charset = nil
		return nil
	}
	charset, err := hosttext.Lookup(v)
	if err != nil {
		return err
	}
	s.charset = charset
	return nil
}

func setHeartbeat(s *settings, v string) error {
	const longest = 65535
	if len(v) > longest {
		return fault.New(fault.TooLong, fault.PhaseOption, "WDS_TEXT_HEARTBEAT").With(fault.NoteTooLong, decimal(len(v)), decimal(longest))
	}
	s.heartbeatText = []byte(v)
	return nil
}

// absolute makes a path independent of the current directory.
func absolute(path string) string { return capture.Options{Trace: path}.Absolute().Trace }

func setFaults(s *settings, v string) error {
	faults, err := inject.Parse(v)
	if err != nil {
		return err
	}
	s.faults, s.faultsText = faults, v
	return nil
}

func setPreset(s *settings, v string) error {
	p, known := frame.Preset(s.frame, v)
	if !known {
		return fault.New(fault.Unsupported, fault.PhaseOption, v).With(notePresets, join(frame.Presets()))
	}
	s.frame, s.preset = p, v
	return nil
}

func decimal(n int) string { return strconv.Itoa(n) }

func argument(name, value string) *fault.Error {
	return fault.New(fault.Argument, fault.PhaseCall, name).With(fault.NoteParameter, value)
}
