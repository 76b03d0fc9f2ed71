package option

import (
	"slices"
	"strconv"
	"time"

	"wdsocket/core/charset"
	"wdsocket/core/endpoint"
	"wdsocket/core/frame"
	"wdsocket/core/layer/capture"
	"wdsocket/core/layer/inject"
	"wdsocket/core/layer/proxyheader"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/route"
	"wdsocket/core/transport"
)

// Settings are all options of one socket.
type Settings struct {
	System transport.Options
	Frame  frame.Params
	Write  WriteFrame // how writing differs from reading

	Exchange Exchange

	ReadGap        time.Duration
	WriteTimeout   time.Duration
	CloseTimeout   time.Duration
	ExchangeLate   time.Duration
	ResolveCache   time.Duration
	ResolveTimeout time.Duration

	TLS               tlslayer.Settings
	TLSPassword       string // for the certificate that is set next
	TLSAnyDate        bool   // the same: it may have expired
	HandshakeTimeout  time.Duration
	HandshakesPending int

	systemResolver bool
	DNSServer      string
	LocalAddress   string
	LocalPort      int
	Family         transport.Family

	proxies         route.Way
	proxyExceptions *route.Exceptions // nil: none

	SendQueue     int
	peerGone      time.Duration // 0: by the keep-alive figures
	IdleLimit     time.Duration
	MessageLimit  time.Duration
	Heartbeat     time.Duration
	HeartbeatText []byte
	Coalesce      time.Duration
	PublishQueue  int
	PublishPolicy int
	WarnDays      int

	Reconnect      bool
	ReconnectFirst time.Duration
	ReconnectMost  time.Duration
	ReconnectTries int
	ReconnectKeep  int
	ReconnectWait  bool

	ProxyHeader proxyheader.Settings

	MaxClients           int
	MaxClientsPerAddress int

	WebSocket WebSocket

	UserNumber int32
	userText   string
	Charset    *charset.Charset

	Record     capture.Options
	Faults     *inject.Faults // nil: none
	faultsText string
}

// Defaults are the settings of a new library.
func Defaults() Settings {
	return Settings{
		System: transport.Options{
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
		Frame:          frame.Defaults(),
		Write:          WriteFrame{Mode: asReading},
		Exchange:       noField,
		WriteTimeout:   30 * time.Second,
		CloseTimeout:   5 * time.Second,
		ExchangeLate:   10 * time.Second,
		ResolveCache:   time.Minute,
		ResolveTimeout: 5 * time.Second,

		HandshakeTimeout:  10 * time.Second,
		HandshakesPending: 4096,

		ProxyHeader: proxyheader.Settings{Timeout: 5 * time.Second},
		WebSocket:   WebSocket{Kind: MessageBinary, CloseCode: closeNormal},

		PublishQueue:   1 << 20,
		WarnDays:       30,
		ReconnectFirst: 200 * time.Millisecond,
		ReconnectMost:  30 * time.Second,
	}
}

// Resolver is what looks host names up.
func (s *Settings) Resolver() transport.Resolver {
	return transport.Resolver{System: s.systemResolver, Server: s.DNSServer}
}

// ProxiesTo is the proxies by which a client connects to a place, none for directly.
func (s *Settings) ProxiesTo(target endpoint.Location) ([]route.Proxy, error) {
	return s.proxies.To(target, s.proxyExceptions)
}

// SetMode sets the transmission mode; a nil tag keeps the one that is set.
func (s *Settings) SetMode(mode frame.Mode, tag []byte) error {
	if !mode.Valid() {
		return wrongParameter("mode", strconv.Itoa(int(mode)))
	}
	s.Frame.Mode = mode
	if tag != nil {
		s.Frame.Tag = slices.Clone(tag)
	}
	return nil
}
