package main

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"wdsocket/core"
	"wdsocket/core/frame"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/option"
)

// framing is how messages are told apart.
type framing struct {
	Frame string `short:"f" placeholder:"TEXT" help:"Where a message ends: raw, size, a preset (line, stx-etx-bcc, modbus-tcp, mllp ...) or a description (\"02 data 03\"). Raw unless given."`
}

// raw tells that there are no messages.
func (f framing) raw() bool { return f.Frame == "" || strings.EqualFold(f.Frame, "raw") }

// set chooses the mode of a socket.
func (f framing) set(s *core.Socket) error {
	switch {
	case f.raw():
		return s.SetText(option.TextFrame, "data")
	case strings.EqualFold(f.Frame, "size"): // that of a new socket
		return nil
	}
	if slices.Contains(frame.PresetNames(), f.Frame) {
		return s.SetText(option.TextFramePreset, f.Frame)
	}
	err := s.SetText(option.TextFrame, f.Frame)
	if err != nil && regexp.MustCompile(`^[a-z][a-z0-9-]*$`).MatchString(f.Frame) {
		return usage("--frame: there is no preset %s; there are raw, size, %s, and descriptions such as \"02 data 03\"",
			"--frame : il n'y a pas de préréglage %s ; il y a raw, size, %s, et des descriptions comme « 02 data 03 »",
			f.Frame, strings.Join(frame.PresetNames(), ", "))
	}
	return err
}

// security is what TLS needs.
type security struct {
	TLS      bool   `name:"tls" group:"TLS" help:"TLS, as tls:// in front of the address has it."`
	Insecure bool   `group:"TLS" help:"Accept any certificate of the peer: for trials only."`
	CA       string `name:"ca" type:"existingfile" group:"TLS" help:"File with certificates that are trusted, too."`
	Cert     string `type:"existingfile" group:"TLS" help:"Own certificate with its key: .pfx, .p12 or .pem."`
	Password string `group:"TLS" help:"Password of the own certificate's file."`
	Name     string `group:"TLS" help:"Name that the server's certificate has to have, if it is not that of the address."`
	ALPN     string `name:"alpn" group:"TLS" help:"Protocols of ALPN, separated by commas."`
}

func (c security) set(s *core.Socket) error {
	if c.Insecure {
		bits, err := s.Option(option.SSLOptions)
		if err != nil {
			return err
		}
		if err := s.SetOption(option.SSLOptions, bits|tlslayer.AcceptAny); err != nil {
			return err
		}
	}
	return setTexts(s, []textOption{{option.TextSSLPassword, c.Password}, {option.TextSSLCertificate, c.Cert},
		{option.TextSSLAuthorities, c.CA}, {option.TextSSLServerName, c.Name}, {option.TextSSLALPN, c.ALPN}})
}

type textOption struct {
	id    option.TextID
	value string
}

// setTexts sets the options that were given.
func setTexts(s *core.Socket, all []textOption) error {
	for _, o := range all {
		if o.value == "" {
			continue
		}
		if err := s.SetText(o.id, o.value); err != nil {
			return err
		}
	}
	return nil
}

// common is what every socket may be told.
type common struct {
	framing
	security
	Proxy   string            `group:"Connection" placeholder:"URL" help:"Proxies on the way: http://host:port, socks5://host:port, or system."`
	Capture string            `group:"Connection" placeholder:"FILE" help:"Record into a file: .pcapng for Wireshark, any other name for a trace to read."`
	Set     map[string]string `mapsep:"none" group:"Connection" placeholder:"NAME=VALUE" help:"Any option of the library by its name in wdsocket.h, without WDS_OPT_ or WDS_TEXT_: --set KEEPALIVE_IDLE=10000."`
	Timeout time.Duration     `short:"t" default:"10s" group:"Connection" help:"Longest time for connecting, and for writing a message: 500ms, 10s."`
}

// socket makes a socket with the options.
func (c *common) socket(s *session) (*core.Socket, error) {
	k := s.lib.NewSocket("")
	if c.Timeout <= 0 {
		return nil, usage("--timeout has to be more than 0", "--timeout doit être supérieur à 0")
	}
	if err := c.prepare(s.lib, k); err != nil {
		_ = k.Close()
		return nil, err
	}
	return k, nil
}

func (c *common) prepare(lib *core.Library, k *core.Socket) error {
	if err := c.framing.set(k); err != nil {
		return err
	}
	if err := c.security.set(k); err != nil {
		return err
	}
	record := option.TextTraceFile
	if strings.HasSuffix(strings.ToLower(c.Capture), ".pcapng") {
		record = option.TextCaptureFile
	}
	if err := setTexts(k, []textOption{{option.TextProxy, c.Proxy}, {record, c.Capture}}); err != nil {
		return err
	}
	if err := k.SetOption(option.WriteTimeout, int32(min((c.Timeout+time.Millisecond-1)/time.Millisecond, 1<<31-1))); err != nil {
		return err
	}
	for name, value := range c.Set {
		if err := setByName(lib, k, name, value); err != nil {
			return err
		}
	}
	return nil
}

// layers are those that are asked for beside the address.
func (c *common) layers() core.Layers {
	if c.TLS {
		return core.LayerTLS
	}
	return 0
}

// shortName is the name of an option without what all have in front.
func shortName(name string) string {
	return strings.TrimPrefix(strings.TrimPrefix(strings.ToUpper(name), "WDS_OPT_"), "WDS_TEXT_")
}

// setByName sets an option by its name in the header, of the socket or of the process.
func setByName(lib *core.Library, k *core.Socket, name, value string) error {
	short := shortName(name)
	for id, o := range option.Texts() {
		switch {
		case o.Name != "WDS_TEXT_"+short:
		case o.Effect == option.ProcessWide:
			return lib.SetText(id, value)
		default:
			return k.SetText(id, value)
		}
	}
	for id, o := range option.Ints() {
		if o.Name != "WDS_OPT_"+short {
			continue
		}
		n, err := strconv.ParseInt(value, 0, 32)
		if err != nil {
			return usage("--set %s: \"%s\" is not a number", "--set %s : « %s » n'est pas un nombre", name, value)
		}
		if o.Effect == option.ProcessWide {
			return lib.SetOption(id, int32(n))
		}
		return k.SetOption(id, int32(n))
	}
	return usage("--set: there is no option %s; wdsocket.h lists them", "--set : il n'y a pas d'option %s ; wdsocket.h les énumère", name)
}
