package proxyheader

import (
	"errors"
	"strconv"
	"time"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/layer"
)

// Server is the layer that reads the header of one connection, and leaves.
type Server struct {
	settings *Settings
	proxy    endpoint.Addr

	header *Header // nil while none has come
	silent bool    // it ended before the first byte
}

// NewServer is for a connection from an address from which a header is expected.
func NewServer(s *Settings, proxy endpoint.Addr) *Server { return &Server{settings: s, proxy: proxy} }

// Phase is the phase of proxies.
func (*Server) Phase() fault.Phase { return fault.PhaseProxy }

// Instant is false: it waits for the header.
func (*Server) Instant() bool { return false }

// Limit is the time that the header has.
func (s *Server) Limit() time.Duration { return s.settings.Timeout }

// Header is what was read, nil for none.
func (s *Server) Header() *Header { return s.header }

// Probe tells whether the connection is one by which the proxy looks whether the server
// is there, unless bytes come behind the header: there is no client.
func (s *Server) Probe() bool { return s.silent || s.header != nil && s.header.Local }

// Handshake reads the header. What was read behind it is the rest.
func (s *Server) Handshake(base layer.Base, who string) (layer.Conn, error) {
	const usual = 512 // bytes of most headers, and then some
	b, got := make([]byte, usual), 0
	for {
		n, err := base.Read(b[got:])
		if err != nil {
			return s.ended(base, b[:got], who, err)
		}
		got += n
		need, err := Length(b[:got])
		switch {
		case errors.Is(err, errNone):
			return s.without(base, b[:got], who)
		case err != nil:
			return nil, named(err, who)
		case need > len(b):
			b = append(b, make([]byte, need-len(b))...)
		case need > 0 && got >= need:
			return s.take(base, b[:need], b[need:got], who)
		}
	}
}

// take takes the header, and what came behind it.
func (s *Server) take(base layer.Base, b, rest []byte, who string) (layer.Conn, error) {
	h, err := Parse(b)
	if err != nil {
		return nil, named(err, who)
	}
	h.Proxy = s.proxy
	if h.Version == 1 && h.Source == s.proxy { // as HAProxy's health checks: version 1 has no LOCAL
		h.Local = true
	}
	s.header = h
	from := h.Source
	if !from.IsValid() && !h.Local {
		from = s.proxy
	}
	return layer.Finish(base, rest, from), nil
}

// without is for a connection that begins otherwise.
func (s *Server) without(base layer.Base, b []byte, who string) (layer.Conn, error) {
	if s.settings.Mode == Required {
		return nil, fault.New(fault.NoProxyHeader, fault.PhaseProxy, who).With(noteInstead, shown(b))
	}
	return layer.Finish(base, b, s.proxy), nil
}

// ended is for a connection of which no more than b came, because of err.
func (s *Server) ended(base layer.Base, b []byte, who string, err error) (layer.Conn, error) {
	begun := len(b) > 0
	may := s.settings.Mode == Accepted && !signed(b) // be a client of its own
	switch fault.CodeOf(err) {
	case fault.Timeout:
		if may {
			return layer.Finish(base, b, s.proxy), nil
		}
		return nil, fault.New(fault.Timeout, fault.PhaseProxy, who).With(textLate, strconv.FormatInt(s.settings.Timeout.Milliseconds(), 10))
	case fault.PeerClosed, fault.Reset:
		if begun && may {
			return layer.Finish(base, b, s.proxy), nil
		}
		if begun {
			return nil, named(wrong(noteCut, strconv.Itoa(len(b)), shown(b)), who)
		}
		s.silent = true
	}
	return nil, err
}

// named says in an error whose header it is about.
func named(err error, who string) error {
	var e *fault.Error
	if errors.As(err, &e) {
		e.Who = who
	}
	return err
}
