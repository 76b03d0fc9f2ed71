package option

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"sync"

	"wdsocket/core/charset"
	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/layer/capture"
	"wdsocket/core/layer/inject"
	"wdsocket/core/layer/proxyheader"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/layer/websocket"
	"wdsocket/core/route"
	"wdsocket/core/transport"
)

// Text describes one option that is text or bytes.
type Text struct {
	Name   string
	binary bool
	Effect Effect
	Get    func(*Settings) string // nil: it cannot be asked for, or core knows
	Set    func(*Settings, string) error
	Load   func(*Settings, string) (tlslayer.Change, error) // instead of Set, where files are read
	try    func(string) error                               // before Set, where a file is opened: no lock is held
}

// Change prepares what setting the option to value does to settings. Files are
// read here, which may take seconds: no lock is held. now is what is set now, and
// warn gets what was found in the files and is no error.
func (o *Text) Change(now *Settings, value string, warn func(*fault.Error)) (func(*Settings) error, error) {
	if o.try != nil {
		if err := o.try(value); err != nil {
			return nil, err
		}
	}
	if o.Load == nil {
		return func(s *Settings) error {
			if o.Effect == ToSystem {
				s.System.SetExplicit(o.Name)
			}
			return o.Set(s, value)
		}, nil
	}
	change, err := o.Load(now, value)
	if err != nil {
		return nil, err
	}
	for _, w := range change.Warnings {
		warn(w)
	}
	return func(s *Settings) error {
		change.Make(&s.TLS)
		return nil
	}, nil
}

func text(name string, e Effect, field func(*Settings) *string) Text {
	return Text{Name: name, Effect: e,
		Get: func(s *Settings) string { return *field(s) },
		Set: func(s *Settings, v string) error { *field(s) = v; return nil }}
}

// parsed is text of which a setting is made, that has it as its String.
func parsed[T fmt.Stringer](name string, field func(*Settings) *T, parse func(string) (T, error)) Text {
	return Text{Name: name, Effect: Anytime,
		Get: func(s *Settings) string { return (*field(s)).String() },
		Set: func(s *Settings, v string) error {
			made, err := parse(v)
			if err == nil {
				*field(s) = made
			}
			return err
		}}
}

func octets(name string, field func(*Settings) *[]byte) Text {
	return Text{Name: name, Effect: ToFraming, binary: true,
		Get: func(s *Settings) string { return string(*field(s)) },
		Set: func(s *Settings, v string) error { *field(s) = []byte(v); return nil }}
}

// marker is octets for a start or end marker.
func marker(name string, field func(*Settings) *[]byte) Text {
	o := octets(name, field)
	o.Set = func(s *Settings, v string) error {
		*field(s) = []byte(v)
		s.Frame.OwnMarkers()
		return nil
	}
	return o
}

// secret is an option of TLS.
func secret(name string, get func(*Settings) string, set func(*Settings, string) error) Text {
	return Text{Name: name, Effect: ToTLS, Get: get, Set: set}
}

// ofFile is one whose value may name files.
func ofFile(name string, get func(*Settings) string, load func(*Settings, string) (tlslayer.Change, error)) Text {
	return Text{Name: name, Effect: ToTLS, Get: get, Load: load}
}

// Texts are the options that are text or bytes.
var Texts = sync.OnceValue(func() map[TextID]Text {
	return map[TextID]Text{
		TextLanguage: {Name: "WDS_TEXT_LANGUAGE", Effect: ProcessWide},
		TextLogFile:  {Name: "WDS_TEXT_LOG_FILE", Effect: ProcessWide},
		TextLocalAddress: {Name: "WDS_TEXT_LOCAL_ADDRESS", Effect: BeforeOpen,
			Get: func(s *Settings) string { return s.LocalAddress },
			Set: setLocalAddress},
		TextDNSServer: {Name: "WDS_TEXT_DNS_SERVER", Effect: BeforeOpen,
			Get: func(s *Settings) string { return s.DNSServer },
			Set: setDNSServer},
		TextCharset: {Name: "WDS_TEXT_CHARSET", Effect: ToFraming,
			Get: func(s *Settings) string {
				if s.Charset == nil {
					return ""
				}
				return s.Charset.Name()
			},
			Set: setCharset},
		TextFramePreset: {Name: "WDS_TEXT_FRAME_PRESET", Effect: ToFraming,
			Get: func(s *Settings) string { return s.Frame.PresetInUse() },
			Set: setPreset},
		TextUserText:           text("WDS_TEXT_USER_TEXT", Anytime, func(s *Settings) *string { return &s.userText }),
		TextMulticastJoin:      {Name: "WDS_TEXT_MULTICAST_JOIN", Effect: ToSystem},
		TextMulticastLeave:     {Name: "WDS_TEXT_MULTICAST_LEAVE", Effect: ToSystem},
		TextMulticastInterface: text("WDS_TEXT_MULTICAST_INTERFACE", ToSystem, func(s *Settings) *string { return &s.System.MulticastFrom }),
		TextFrameStart:         marker("WDS_TEXT_FRAME_START", func(s *Settings) *[]byte { return &s.Frame.Start }),
		TextFrameEnd:           marker("WDS_TEXT_FRAME_END", func(s *Settings) *[]byte { return &s.Frame.End }),
		TextFrameEscape:        octets("WDS_TEXT_FRAME_ESCAPE", func(s *Settings) *[]byte { return &s.Frame.Escape }),
		TextFrameHeader:        octets("WDS_TEXT_FRAME_HEADER", func(s *Settings) *[]byte { return &s.Frame.Header }),
		TextHeartbeat: {Name: "WDS_TEXT_HEARTBEAT", binary: true, Effect: Anytime,
			Get: func(s *Settings) string { return string(s.HeartbeatText) },
			Set: setHeartbeat},
		TextSSLCertificate: ofFile("WDS_TEXT_SSL_CERTIFICATE",
			func(s *Settings) string { return s.TLS.Certificate() },
			func(s *Settings, v string) (tlslayer.Change, error) {
				return tlslayer.LoadCertificate(v, s.TLSPassword, s.TLSAnyDate)
			}),
		TextSSLPassword: secret("WDS_TEXT_SSL_PASSWORD", nil,
			func(s *Settings, v string) error { s.TLSPassword = v; return nil }),
		TextSSLAddCertificate: ofFile("WDS_TEXT_SSL_ADD_CERTIFICATE", nil,
			func(s *Settings, v string) (tlslayer.Change, error) {
				return tlslayer.LoadFurther(v, s.TLSPassword, s.TLSAnyDate)
			}),
		TextSSLAuthorities: ofFile("WDS_TEXT_SSL_AUTHORITIES",
			func(s *Settings) string { return s.TLS.Authorities() },
			func(_ *Settings, v string) (tlslayer.Change, error) { return tlslayer.LoadAuthorities(v) }),
		TextSSLServerName: secret("WDS_TEXT_SSL_SERVER_NAME",
			func(s *Settings) string { return s.TLS.ServerName() },
			func(s *Settings, v string) error { return s.TLS.SetServerName(v) }),
		TextSSLALPN: secret("WDS_TEXT_SSL_ALPN",
			func(s *Settings) string { return s.TLS.ALPN() },
			func(s *Settings, v string) error { return s.TLS.SetALPN(v) }),
		TextSSLPins: secret("WDS_TEXT_SSL_PINS",
			func(s *Settings) string { return s.TLS.Pins() },
			func(s *Settings, v string) error { return s.TLS.SetPins(v) }),
		TextSSLSuites: secret("WDS_TEXT_SSL_SUITES",
			func(s *Settings) string { return s.TLS.Suites() },
			func(s *Settings, v string) error { return s.TLS.SetSuites(v) }),
		TextSSLGroups: secret("WDS_TEXT_SSL_GROUPS",
			func(s *Settings) string { return s.TLS.Groups() },
			func(s *Settings, v string) error { return s.TLS.SetGroups(v) }),
		TextSSLKeyLog: ofFile("WDS_TEXT_SSL_KEY_LOG",
			func(s *Settings) string { return s.TLS.KeyLog() },
			func(_ *Settings, v string) (tlslayer.Change, error) { return tlslayer.TryKeyLog(v) }),
		TextCaptureFile: {Name: "WDS_TEXT_CAPTURE_FILE",
			Get: func(s *Settings) string { return s.Record.Capture },
			Set: func(s *Settings, v string) error { s.Record.Capture = absolute(v); return nil },
			try: func(v string) error { return capture.Options{Capture: v}.Try() }},
		TextTraceFile: {Name: "WDS_TEXT_TRACE_FILE",
			Get: func(s *Settings) string { return s.Record.Trace },
			Set: func(s *Settings, v string) error { s.Record.Trace = absolute(v); return nil },
			try: func(v string) error { return capture.Options{Trace: v}.Try() }},
		TextFaults: {Name: "WDS_TEXT_FAULTS",
			Get: func(s *Settings) string { return s.faultsText },
			Set: setFaults},
		TextProxyTrusted:         parsed("WDS_TEXT_PROXY_TRUSTED", func(s *Settings) *proxyheader.Trusted { return &s.ProxyHeader.Trusted }, proxyheader.ParseTrusted),
		TextWebSocketPaths:       websocketText("PATHS", func(w *WebSocket) *string { return &w.Paths }, list(websocket.Paths)),
		TextWebSocketProtocols:   websocketText("PROTOCOLS", func(w *WebSocket) *string { return &w.Protocols }, list(websocket.Tokens)),
		TextWebSocketOrigins:     websocketText("ORIGINS", func(w *WebSocket) *string { return &w.Origins }, list(websocket.Origins)),
		TextWebSocketHeaders:     websocketText("HEADERS", func(w *WebSocket) *string { return &w.Headers }, list(websocket.HeaderLines)),
		TextWebSocketPage:        websocketText("PAGE", func(w *WebSocket) *string { return &w.Page }, checkPage),
		TextWebSocketCloseReason: websocketText("CLOSE_REASON", func(w *WebSocket) *string { return &w.CloseReason }, checkReason),

		TextExchangeAck: beforeAnswer("WDS_TEXT_EXCHANGE_ACK", func(e *Exchange) *[]byte { return &e.Ack }),
		TextExchangeNak: beforeAnswer("WDS_TEXT_EXCHANGE_NAK", func(e *Exchange) *[]byte { return &e.Nak }),
		TextUnixOwner: {Name: "WDS_TEXT_UNIX_OWNER", Effect: BeforeOpen,
			Get: func(s *Settings) string { return s.System.UnixOwner.String() },
			Set: func(s *Settings, v string) (err error) { s.System.UnixOwner, err = transport.ParseOwner(v); return err }},
		TextPipeSecurity: {Name: "WDS_TEXT_PIPE_SECURITY", Effect: BeforeOpen,
			Get: func(s *Settings) string { return s.System.PipeSecurity },
			Set: func(s *Settings, v string) error { return transport.SetPipeSecurity(&s.System, v) }},
		TextFrame: {Name: "WDS_TEXT_FRAME", Effect: ToFraming,
			Get: func(s *Settings) string { return frame.View(s.Frame) },
			Set: setDescription},
		TextWriteTag: {Name: "WDS_TEXT_WRITE_TAG", binary: true, Effect: ToWriting,
			Get: func(s *Settings) string { return string(s.Write.Tag) },
			Set: setWriteTag},
		TextTag:             octets("WDS_TEXT_TAG", func(s *Settings) *[]byte { return &s.Frame.Tag }),
		TextProxy:           parsed("WDS_TEXT_PROXY", func(s *Settings) *route.Way { return &s.proxies }, route.Parse),
		TextProxyExceptions: parsed("WDS_TEXT_PROXY_EXCEPTIONS", func(s *Settings) **route.Exceptions { return &s.proxyExceptions }, route.ParseExceptions),
	}
})

func setLocalAddress(s *Settings, v string) error {
	if _, err := netip.ParseAddr(v); v != "" && err != nil {
		return fault.New(fault.Argument, fault.PhaseOption, "text").With(endpoint.NoteNoIP, v)
	}
	s.LocalAddress = v
	return nil
}

func setDNSServer(s *Settings, v string) error {
	if v == "" {
		s.DNSServer = ""
		return nil
	}
	if a, err := netip.ParseAddr(v); err == nil {
		s.DNSServer = netip.AddrPortFrom(a, 53).String()
		return nil
	}
	a, err := netip.ParseAddrPort(v)
	if err != nil {
		return fault.New(fault.Argument, fault.PhaseOption, "text").With(endpoint.NoteNoIP, v)
	}
	s.DNSServer = a.String()
	return nil
}

func setCharset(s *Settings, v string) error {
	if v == "" {
		s.Charset = nil
		return nil
	}
	found, err := charset.Lookup(v)
	if err != nil {
		return err
	}
	s.Charset = found
	return nil
}

func setHeartbeat(s *Settings, v string) error {
	const longest = 65535
	if len(v) > longest {
		return fault.New(fault.TooLong, fault.PhaseOption, "WDS_TEXT_HEARTBEAT").With(fault.NoteTooLong, strconv.Itoa(len(v)), strconv.Itoa(longest))
	}
	s.HeartbeatText = []byte(v)
	return nil
}

// absolute makes a path independent of the current directory.
func absolute(path string) string { return capture.Options{Trace: path}.Absolute().Trace }

func setFaults(s *Settings, v string) error {
	faults, err := inject.Parse(v)
	if err != nil {
		return err
	}
	s.Faults, s.faultsText = faults, v
	return nil
}

func setDescription(s *Settings, v string) error {
	p, err := frame.Describe(s.Frame, v)
	if err == nil {
		s.Frame = p
	}
	return err
}

func setPreset(s *Settings, v string) error {
	p, known := frame.Preset(s.Frame, v)
	if !known {
		p, known = frame.Protocol(s.Frame, v)
	}
	if !known {
		return noPreset(v)
	}
	s.Frame = p
	return nil
}

func noPreset(name string) error {
	all, why := strings.Join(frame.PresetNames(), ", "), noteNoPreset
	near := frame.PresetsLike(name)
	if len(near) > 0 {
		why = noteNoPresetBut
	}
	return fault.New(fault.Unsupported, fault.PhaseOption, name).With(why, all, strings.Join(near, ", "))
}

// Binary tells whether an option is a row of bytes and not text.
func (id TextID) Binary() bool { return Texts()[id].binary }
