package tlslayer

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"wdsocket/core/fault"
	"wdsocket/core/layer"
)

// Party is one end's ready configuration. It is safe for concurrent use.
type Party struct {
	host     string // of a client
	sessions *Sessions
	base     *tls.Config // of a server: has the ticket keys; nil for a client
	current  atomic.Pointer[snapshot]
}

// snapshot is what the handshakes that begin now use.
type snapshot struct {
	config *tls.Config
	trust  *trust
	own    []identity
}

// NewClient makes the configuration for a connection to host, a name or an
// address, which the server's certificate must have unless the settings say
// another name. sessions may be nil: nothing is resumed then.
func NewClient(s Settings, host string, sessions *Sessions) (*Party, error) {
	p := &Party{host: host, sessions: sessions}
	if err := p.Replace(s); err != nil {
		return nil, err
	}
	return p, nil
}

// NewProxyClient is NewClient for TLS to a proxy: as the settings say whom the program
// trusts, and without what is the target's alone, or would give a password to a proxy
// that is not verified.
func NewProxyClient(s Settings, host string, sessions *Sessions) (*Party, error) {
	return NewClient(Settings{bits: s.bits & (versionBits | NoResumption | OnlyAuthorities), authorities: s.authorities,
		suites: s.suites, groups: s.groups, keyLog: s.keyLog}, host, sessions)
}

// NewServer makes the configuration of a server, which needs a certificate.
func NewServer(s Settings) (*Party, error) {
	p := &Party{base: &tls.Config{}}
	p.base.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		now := p.current.Load()
		if layer, ok := hello.Conn.(*records); ok {
			layer.trust = now.trust
		}
		return now.config, nil
	}
	if err := p.Replace(s); err != nil {
		return nil, err
	}
	return p, nil
}

// Replace sets what handshakes that begin from now on use: certificates and
// all else. Connections that are there stay as they are, and a server's
// session tickets stay good as far as the new settings trust the same clients.
func (p *Party) Replace(s Settings) error {
	if p.base != nil {
		return p.replaceServer(s)
	}
	host := s.serverName
	if host == "" {
		host = p.host
	}
	host = plainHost(host)
	if host == "" && s.bits&AcceptAny == 0 {
		return wrong(fault.Argument, nameServerName, noteNoServerName)
	}
	t := newTrust(&s, false, host)
	config := s.config()
	config.ServerName = host
	config.InsecureSkipVerify = true // trust verifies, to tell exactly what is wrong
	config.VerifyConnection = t.decide
	if p.sessions != nil && s.bits&NoResumption == 0 {
		config.ClientSessionCache = p.sessions.view(s.fingerprint(t))
	}
	p.current.Store(&snapshot{config: config, trust: t, own: s.own})
	return nil
}

func (p *Party) replaceServer(s Settings) error {
	if len(s.own) == 0 {
		return wrong(fault.TLSCertificateFile, nameCertificate, noteServerNeeds)
	}
	if s.trustsEveryAuthority() {
		return wrong(fault.Argument, nameAuthorities, noteClientsNeed)
	}
	t := newTrust(&s, true, "")
	config := s.config()
	config.GetCertificate = s.choose
	if s.bits&(AskClient|RequireClient) != 0 {
		config.ClientAuth = tls.RequestClientCert
		if s.bits&RequireClient != 0 {
			config.ClientAuth = tls.RequireAnyClientCert
		}
		config.VerifyConnection = t.decide
		if s.authorities != nil {
			config.ClientCAs = s.authorities.alone // the list that clients are told
		}
	}
	if !config.SessionTicketsDisabled {
		p.resume(config, s.fingerprint(t))
	}
	p.current.Store(&snapshot{config: config, trust: t, own: s.own})
	return nil
}

// trustsEveryAuthority tells whether a server would take any client that has a
// certificate of a public authority, which everybody can get.
func (s *Settings) trustsEveryAuthority() bool {
	verifies := s.bits&(AskClient|RequireClient) != 0 && s.bits&AcceptAny == 0
	return verifies && s.authorities == nil && len(s.pins.keys) == 0
}

// resume seals tickets with the keys that stay, and takes back only those that
// were given under the same trust.
func (p *Party) resume(config *tls.Config, fingerprint [sha256.Size]byte) {
	config.WrapSession = func(state tls.ConnectionState, session *tls.SessionState) ([]byte, error) {
		session.Extra = append(session.Extra, fingerprint[:])
		return p.base.EncryptTicket(state, session)
	}
	config.UnwrapSession = func(identity []byte, state tls.ConnectionState) (*tls.SessionState, error) {
		session, err := p.base.DecryptTicket(identity, state)
		if session == nil || err != nil {
			return nil, err
		}
		for _, extra := range session.Extra {
			if bytes.Equal(extra, fingerprint[:]) {
				return session, nil
			}
		}
		return nil, nil
	}
}

// config is what both ends have in common.
func (s *Settings) config() *tls.Config {
	config := &tls.Config{
		CipherSuites:                s.suites.list,
		CurvePreferences:            s.groups.list,
		NextProtos:                  s.alpn,
		SessionTicketsDisabled:      s.bits&NoResumption != 0,
		DynamicRecordSizingDisabled: true,
	}
	config.MinVersion, config.MaxVersion = versionRange(s.bits)
	if s.keyLog != "" {
		config.KeyLogWriter = keyLogFile(s.keyLog)
	}
	return config
}

// fingerprint is the same for settings whose sessions may be shared: they trust the
// same peers and show the same certificates. A server's own certificate does
// not matter: its renewal need not cost every client a full handshake.
func (s *Settings) fingerprint(t *trust) [sha256.Size]byte {
	of := t.fingerprint()
	sum := sha256.New()
	sum.Write(of[:])
	bits := s.bits &^ NoResumption
	if t.client {
		bits &= AcceptAny | AskClient | RequireClient | OnlyAuthorities
	} else {
		fmt.Fprintf(sum, "%q %v %v", s.alpn, s.suites.list, s.groups.list)
		for _, id := range s.own {
			sum.Write(id.pair.Certificate[0])
		}
	}
	fmt.Fprintf(sum, " %d", bits)
	return [sha256.Size]byte(sum.Sum(nil))
}

// choose picks a server's certificate: one that has exactly the name asked
// for, then one that fits it, then the first.
func (s *Settings) choose(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	var fits *tls.Certificate
	for _, id := range s.own {
		if hello.SupportsCertificate(id.pair) != nil {
			continue
		}
		if fits == nil {
			fits = id.pair
		}
		if hello.ServerName == "" || hasExactly(id.pair.Leaf, hello.ServerName) {
			return id.pair, nil
		}
	}
	if fits == nil {
		fits = s.fitsKindOf(hello)
	}
	return fits, nil
}

// fitsKindOf picks one whose kind of key the client understands, for a client
// that asks for a name nobody has.
func (s *Settings) fitsKindOf(hello *tls.ClientHelloInfo) *tls.Certificate {
	nameless := *hello
	nameless.ServerName = ""
	for _, id := range s.own {
		if nameless.SupportsCertificate(id.pair) == nil {
			return id.pair
		}
	}
	return s.own[0].pair
}

func hasExactly(leaf *x509.Certificate, name string) bool {
	for _, n := range leaf.DNSNames {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

// ClientLayer is the layer that makes connections the client's end of TLS.
func (p *Party) ClientLayer() layer.Layer { return side{p.Client} }

// ServerLayer is the layer that makes connections the server's end of TLS.
func (p *Party) ServerLayer() layer.Layer { return side{p.Server} }

// side is one end of TLS as a layer.
type side struct {
	end func(base layer.Base, who string) *Conn
}

// Handshake makes the handshake.
func (s side) Handshake(base layer.Base, who string) (layer.Conn, error) {
	c := s.end(base, who)
	if err := c.Handshake(); err != nil {
		return nil, err
	}
	return c, nil
}

// Phase is fault.PhaseTLS.
func (s side) Phase() fault.Phase { return fault.PhaseTLS }

// Instant is false.
func (s side) Instant() bool { return false }

// Client makes the client's end of a TLS connection over base. who names the peer
// in errors, "10.0.0.5:5000".
func (p *Party) Client(base layer.Base, who string) *Conn {
	now := p.current.Load()
	c := newConn(base, who)
	c.client = true
	c.below.trust = now.trust
	config := now.config.Clone()
	config.GetClientCertificate = clientCertificate(c, now.own)
	c.tls = tls.Client(c.below, config)
	return c
}

// Server makes the server's end.
func (p *Party) Server(base layer.Base, who string) *Conn {
	c := newConn(base, who)
	c.below.trust, c.below.server = p.current.Load().trust, true
	c.tls = tls.Server(c.below, p.base)
	return c
}

// Sessions keeps what clients need to resume sessions. Sessions are never
// shared between settings that trust differently. It is bounded, the zero
// value is ready, and it is safe for concurrent use.
type Sessions struct {
	once  sync.Once
	cache tls.ClientSessionCache
}

// sessionsKept is for how many pairs of settings and servers a session is kept.
const sessionsKept = 1024

func (s *Sessions) view(fingerprint [sha256.Size]byte) tls.ClientSessionCache {
	s.once.Do(func() { s.cache = tls.NewLRUClientSessionCache(sessionsKept) })
	return sessionView{s.cache, hex.EncodeToString(fingerprint[:])}
}

// sessionView is the part of Sessions that certain settings may see.
type sessionView struct {
	cache  tls.ClientSessionCache
	prefix string
}

// Get looks a session up.
func (v sessionView) Get(key string) (*tls.ClientSessionState, bool) {
	return v.cache.Get(v.prefix + key)
}

// Put keeps a session, or forgets it if it is nil.
func (v sessionView) Put(key string, session *tls.ClientSessionState) {
	v.cache.Put(v.prefix+key, session)
}
