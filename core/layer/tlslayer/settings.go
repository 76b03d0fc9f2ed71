package tlslayer

import (
	"crypto/tls"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/hostname"
	"wdsocket/core/safefile"
)

// The bits of SetBits, as in the header.
const (
	V2              int32 = 1
	V3              int32 = 2
	TLS10           int32 = 4
	TLS11           int32 = 8
	TLS12           int32 = 16
	TLS13           int32 = 32
	AcceptAny       int32 = 256
	AskClient       int32 = 512
	RequireClient   int32 = 1024
	NoResumption    int32 = 2048
	OnlyAuthorities int32 = 4096
)

const (
	versionBits = TLS10 | TLS11 | TLS12 | TLS13
	allBits     = V2 | V3 | versionBits | AcceptAny | AskClient | RequireClient | NoResumption | OnlyAuthorities
)

// The names that errors of options bear.
const (
	nameBits        = "WDS_OPT_SSL_OPTIONS"
	nameAdd         = "WDS_TEXT_SSL_ADD_CERTIFICATE"
	nameAuthorities = "WDS_TEXT_SSL_AUTHORITIES"
	nameServerName  = "WDS_TEXT_SSL_SERVER_NAME"
	nameALPN        = "WDS_TEXT_SSL_ALPN"
	namePins        = "WDS_TEXT_SSL_PINS"
	nameSuites      = "WDS_TEXT_SSL_SUITES"
	nameGroups      = "WDS_TEXT_SSL_GROUPS"
	nameKeyLog      = "WDS_TEXT_SSL_KEY_LOG"
	nameCertificate = "WDS_TEXT_SSL_CERTIFICATE"
)

// Settings say how TLS is to be done. The zero value is the default: TLS 1.2
// and 1.3, the peer's certificate and name verified. A copy is cheap and
// independent: what it holds is never changed in place. Setters need the
// caller's lock, a copy may be used by any number of threads.
//
// A setter that fails changes nothing. Its error is a *fault.Error of
// PhaseOption that names what is wrong.
type Settings struct {
	bits        int32
	own         []identity // the first is SetCertificate's if main
	main        bool
	authorities *authorities
	serverName  string
	alpn        []string
	pins        pinned
	suites      named[uint16]
	groups      named[tls.CurveID]
	keyLog      string
}

// named is a list of numbers and the text that it was given as.
type named[T any] struct {
	text string
	list []T
}

func wrong(code fault.Code, name string, note fault.Note, args ...string) *fault.Error {
	return fault.New(code, fault.PhaseOption, name).With(note, args...)
}

// SetBits sets the WDS_SSL_ bits. Versions that are given replace the default
// and must have no gap.
func (s *Settings) SetBits(bits int32) error {
	if unknown := bits &^ allBits; unknown != 0 {
		return wrong(fault.Argument, nameBits, noteUnknownBits, strconv.FormatInt(int64(uint32(unknown)), 10))
	}
	if bits&(V2|V3) != 0 {
		return wrong(fault.Unsupported, nameBits, noteNoSSL)
	}
	if lowest, highest := versionRange(bits); versionsIn(lowest, highest) != bits&versionBits && bits&versionBits != 0 {
		return wrong(fault.Unsupported, nameBits, noteVersionGap)
	}
	s.bits = bits
	return nil
}

// Bits gives the WDS_SSL_ bits.
func (s Settings) Bits() int32 { return s.bits }

var versions = [...]struct {
	bit    int32
	number uint16
}{{TLS10, tls.VersionTLS10}, {TLS11, tls.VersionTLS11}, {TLS12, tls.VersionTLS12}, {TLS13, tls.VersionTLS13}}

// versionRange gives the lowest and the highest version allowed.
func versionRange(bits int32) (lowest, highest uint16) {
	if bits&versionBits == 0 {
		bits = TLS12 | TLS13
	}
	for _, v := range versions {
		if bits&v.bit == 0 {
			continue
		}
		if lowest == 0 {
			lowest = v.number
		}
		highest = v.number
	}
	return lowest, highest
}

func versionsIn(lowest, highest uint16) (bits int32) {
	for _, v := range versions {
		if v.number >= lowest && v.number <= highest {
			bits |= v.bit
		}
	}
	return bits
}

// Change is a change of Settings that is ready to be made: the files are read.
type Change struct {
	// Warnings are for a log: what was found in the files and is no error.
	Warnings []*fault.Error

	make func(*Settings)
}

// Make makes the change. It does not wait, so that it may be made where locks
// are held.
func (c Change) Make(s *Settings) { c.make(s) }

// make makes a change, unless it could not be prepared.
func (s *Settings) make(change Change, err error) error {
	if err != nil {
		return err
	}
	change.Make(s)
	return nil
}

// SetCertificate loads the own certificate with its key. spec is a PEM file
// with both, "certificate.pem|key.pem", a PFX file, PEM text itself, or on
// Windows "store:" with a subject name or a thumbprint. "" removes it and all
// further ones. An expired certificate is refused.
func (s *Settings) SetCertificate(spec, password string) error {
	return s.make(LoadCertificate(spec, password, false))
}

// LoadCertificate prepares SetCertificate. It may take as long as safefile says.
// anyDate makes a warning of a certificate that has expired or is not valid yet.
func LoadCertificate(spec, password string, anyDate bool) (Change, error) {
	if spec == "" {
		return Change{make: func(s *Settings) { s.own, s.main = nil, false }}, nil
	}
	id, warnings, err := loadIdentity(spec, password, anyDate)
	if err != nil {
		return Change{}, err
	}
	return Change{Warnings: warnings, make: func(s *Settings) {
		further := s.own
		if s.main {
			further = further[1:]
		}
		s.own, s.main = append([]identity{id}, further...), true
	}}, nil
}

// AddCertificate loads a further certificate, used for clients that ask for one
// of its names, or by a client for a server that wants its kind. One that has
// the names of an earlier further one takes its place.
func (s *Settings) AddCertificate(spec, password string) error {
	return s.make(LoadFurther(spec, password, false))
}

// LoadFurther prepares AddCertificate; anyDate as for LoadCertificate.
func LoadFurther(spec, password string, anyDate bool) (Change, error) {
	if spec == "" {
		return Change{}, wrong(fault.Argument, nameAdd, noteEmpty)
	}
	id, warnings, err := loadIdentity(spec, password, anyDate)
	if err != nil {
		return Change{}, err
	}
	return Change{Warnings: warnings, make: func(s *Settings) { s.own = withFurther(s.own, id, s.main) }}, nil
}

// withFurther is a new list, with id in the place of what it renews. main: the
// first is none of the further ones.
func withFurther(own []identity, id identity, main bool) []identity {
	own = slices.Clone(own)
	for i := range own {
		if (i > 0 || !main) && own[i].replacedBy(&id) {
			own[i] = id
			return own
		}
	}
	return append(own, id)
}

// Certificate is what SetCertificate was given; of PEM text only the
// certificates, never a key or a password.
func (s Settings) Certificate() string {
	if !s.main {
		return ""
	}
	return s.own[0].spec
}

// DaysLeft is the number of whole days until the first of the own certificates
// expires, negative when it has. False: there is none.
func (s Settings) DaysLeft() (int32, bool) {
	if len(s.own) == 0 {
		return 0, false
	}
	first := s.own[0].pair.Leaf.NotAfter
	for _, id := range s.own[1:] {
		if end := id.pair.Leaf.NotAfter; end.Before(first) {
			first = end
		}
	}
	const day = 24 * time.Hour
	left := time.Until(first)
	days := left / day
	if left < 0 && left%day != 0 {
		days--
	}
	return int32(days), true
}

// SetAuthorities sets further authorities to trust: a PEM or DER file, or PEM
// text; "" for none. A server that verifies its clients trusts these alone if
// there are any: a public authority's certificate says nothing about who may
// be a client.
func (s *Settings) SetAuthorities(spec string) error { return s.make(LoadAuthorities(spec)) }

// LoadAuthorities prepares SetAuthorities.
func LoadAuthorities(spec string) (Change, error) {
	a, warnings, err := loadAuthorities(spec)
	if err != nil {
		return Change{}, err
	}
	return Change{Warnings: warnings, make: func(s *Settings) { s.authorities = a }}, nil
}

// Authorities is what SetAuthorities was given.
func (s Settings) Authorities() string {
	if s.authorities == nil {
		return ""
	}
	return s.authorities.spec
}

// SetServerName sets the name (or address) that the server's certificate must
// have and that the server is asked for, instead of the one connected to; ""
// for that one.
func (s *Settings) SetServerName(name string) error {
	if strings.ContainsAny(name, " \t\r\n\x00/|") || len(name) > 255 {
		return wrong(fault.Argument, nameServerName, noteBadItem, name)
	}
	if _, err := hostname.InCertificate(name); err != nil {
		return wrong(fault.Argument, nameServerName, noteBadItem, name)
	}
	s.serverName = name
	return nil
}

// ServerName is what SetServerName was given.
func (s Settings) ServerName() string { return s.serverName }

// SetALPN sets the protocols to offer or accept, separated by commas, the
// server's order decides; "" for none.
func (s *Settings) SetALPN(list string) error {
	protocols := items(list)
	total := 0
	for _, p := range protocols {
		total += len(p) + 1
		if len(p) > 255 || total > 65535 {
			return wrong(fault.Argument, nameALPN, noteBadItem, p)
		}
	}
	s.alpn = protocols
	return nil
}

// ALPN gives the protocols, separated by commas.
func (s Settings) ALPN() string { return strings.Join(s.alpn, ",") }

// SetPins sets the SHA-256 of public keys, base64 or hexadecimal, separated by
// commas; "" for none. Where the peer's certificates are verified, a key of
// the verified chain must be among them, otherwise the peer's own key.
func (s *Settings) SetPins(list string) error {
	pins, err := parsePins(list)
	if err != nil {
		return err
	}
	s.pins = pins
	return nil
}

// Pins is what SetPins was given.
func (s Settings) Pins() string { return s.pins.text }

// SetSuites sets the cipher suites allowed below TLS 1.3, by IANA or OpenSSL
// name, separated by commas; "" for crypto/tls's own choice. Their order does
// not matter: crypto/tls has its own.
func (s *Settings) SetSuites(list string) error {
	suites, err := parseSuites(list)
	if err != nil {
		return err
	}
	s.suites = suites
	return nil
}

// Suites is what SetSuites was given.
func (s Settings) Suites() string { return s.suites.text }

// SetGroups sets the key exchanges allowed, "X25519,P-256", separated by
// commas; "" for crypto/tls's own choice. Their order does not matter:
// crypto/tls has its own.
func (s *Settings) SetGroups(list string) error {
	groups, err := parseGroups(list)
	if err != nil {
		return err
	}
	s.groups = groups
	return nil
}

// Groups is what SetGroups was given.
func (s Settings) Groups() string { return s.groups.text }

// SetKeyLog sets the file that the keys are appended to, in the form that
// Wireshark reads; "" for none. Who has the file can read the traffic.
func (s *Settings) SetKeyLog(path string) error { return s.make(TryKeyLog(path)) }

// TryKeyLog prepares SetKeyLog: it tells whether the file can be written.
func TryKeyLog(path string) (Change, error) {
	if path != "" {
		if err := keyLogFile(path).try(); err != nil {
			return Change{}, safefile.Explain(wrong(fault.Argument, nameKeyLog+" ("+path+")", fault.NoNote), err)
		}
	}
	return Change{make: func(s *Settings) { s.keyLog = path }}, nil
}

// KeyLog is what SetKeyLog was given.
func (s Settings) KeyLog() string { return s.keyLog }

// items are the parts of a list, without blanks and byte order marks around them and without empty
// ones.
func items(list string) []string {
	var parts []string
	for part := range strings.SplitSeq(list, ",") {
		if part = strings.TrimFunc(part, invisible); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// plainHost is a host as server names and certificates have it: an address
// without brackets and zone, a name in ASCII without a dot at the end.
func plainHost(host string) string {
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.WithZone("").Unmap().String()
	}
	if name, err := hostname.InCertificate(host); err == nil {
		return name
	}
	return host
}
