package proxy

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/layer"
)

// Connect is the handshake with an HTTP proxy.
func Connect(hop Hop) layer.Layer { return tunnel{&hop} }

type tunnel struct{ hop *Hop }

const (
	mostHead  = 32 << 10 // bytes of an answer, with those that announce it
	mostWords = 200      // bytes of a proxy's own words in a text
	firstRead = 1 << 10
)

// Phase is fault.PhaseProxy.
func (tunnel) Phase() fault.Phase { return fault.PhaseProxy }

// Instant is false.
func (tunnel) Instant() bool { return false }

// Handshake asks the proxy to connect. What it reads behind the answer is the target's.
func (l tunnel) Handshake(base layer.Base, _ string) (layer.Conn, error) {
	t := l.hop.begin(base)
	if err := t.write(t.connectRequest()); err != nil {
		return nil, err
	}
	var rest []byte
	for {
		a, behind, err := t.readAnswer(rest)
		if err != nil {
			return nil, err
		}
		if a.status >= 200 {
			if err := t.judge(a); err != nil {
				return nil, err
			}
			return layer.Finish(base, behind, endpoint.Addr{}), nil
		}
		rest = behind // 1xx only announces the answer
	}
}

// connectRequest is what is sent.
func (t *talk) connectRequest() []byte {
	at := t.Next.String()
	b := "CONNECT " + at + " HTTP/1.1\r\nHost: " + at + "\r\n"
	if t.Known {
		b += "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(t.User+":"+t.Password)) + "\r\n"
	}
	return []byte(b + "\r\n")
}

// answer is the head of an answer.
type answer struct {
	status int
	words  string   // the status with the proxy's words, "403 Forbidden"
	wants  []string // the ways to authenticate that it offers
}

// readAnswer reads the head of an answer, of which rest is here already, and what comes
// with it.
func (t *talk) readAnswer(rest []byte) (a *answer, behind []byte, err error) {
	b := slices.Clone(rest)
	for scanned := 0; ; {
		if err := t.isHTTP(b); err != nil {
			return nil, nil, err
		}
		if head, behind, whole := cutHead(b, scanned); whole {
			a, ok := parseHead(head)
			if !ok {
				return nil, nil, t.notHTTP(b)
			}
			return a, behind, nil
		}
		scanned = max(len(b)-3, 0)
		if t.came >= mostHead {
			return nil, nil, t.fail(fault.ProxyProtocol, noteLongHead, strconv.Itoa(mostHead))
		}
		b = slices.Grow(b, firstRead)
		n, err := t.read(b[len(b):min(cap(b), len(b)+mostHead-t.came)])
		if err != nil {
			return nil, nil, err
		}
		b = b[:len(b)+n]
	}
}

// cutHead cuts an answer behind its empty line, of which the bytes before scanned have
// nothing.
func cutHead(b []byte, scanned int) (head, behind []byte, whole bool) {
	for at := scanned; ; {
		n := bytes.IndexByte(b[at:], '\n')
		if n < 0 {
			return nil, nil, false
		}
		at += n + 1
		switch rest := b[at:]; {
		case len(rest) > 0 && rest[0] == '\n':
			return b[:at], rest[1:], true
		case len(rest) > 1 && rest[0] == '\r' && rest[1] == '\n':
			return b[:at], rest[2:], true
		}
	}
}

// parseHead understands the status line and the lines that matter.
func parseHead(head []byte) (*answer, bool) {
	lines := strings.Split(strings.TrimRight(string(head), "\r\n"), "\n")
	_, status, _ := strings.Cut(strings.TrimRight(lines[0], "\r"), " ")
	status = strings.TrimSpace(status)
	code, _, _ := strings.Cut(status, " ")
	n, err := strconv.ParseUint(code, 10, 16)
	if err != nil || len(code) != 3 || n < 100 {
		return nil, false
	}
	a := &answer{status: int(n), words: status}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ":")
		switch value = strings.TrimSpace(value); strings.ToLower(name) {
		case "proxy-authenticate":
			scheme, _, _ := strings.Cut(value, " ")
			a.wants = append(a.wants, scheme)
		case "x-squid-error": // which says more than its status
			a.words += " (" + value + ")"
		}
	}
	if len(a.words) > mostWords {
		a.words = a.words[:mostWords] + "..."
	}
	return a, true
}

// judge is the error of an answer that is no success.
func (t *talk) judge(a *answer) error {
	switch {
	case a.status < 300:
		return nil
	case a.status == 407:
		return t.authentication(a)
	case a.status >= 500 && a.status != 501 && a.status != 505:
		return t.unreachable(noteTargetSays, noteProxySays, t.Next.String(), a.words)
	}
	return t.refused(a.words)
}

// authentication is the error of 407.
func (t *talk) authentication(a *answer) error {
	basic := slices.ContainsFunc(a.wants, func(scheme string) bool { return strings.EqualFold(scheme, "Basic") })
	switch {
	case len(a.wants) > 0 && !basic:
		return t.fail(fault.ProxyAuthentication, noteOtherSchemes, strings.Join(a.wants[:min(len(a.wants), 5)], ", "))
	case t.Known:
		return t.fail(fault.ProxyAuthentication, noteWrongUser)
	}
	return t.fail(fault.ProxyAuthentication, noteWantsUser)
}

// isHTTP refuses what does not begin as an answer of HTTP/1.
func (t *talk) isHTTP(b []byte) error {
	const begin = "HTTP/1."
	if n := min(len(b), len(begin)); string(b[:n]) != begin[:n] {
		return t.notHTTP(b)
	}
	return nil
}

func (t *talk) notHTTP(b []byte) error {
	const most = 32
	e := t.fail(fault.ProxyProtocol, noteNotHTTP, frame.Shown(b[:min(len(b), most)]))
	switch {
	case b[0] == 0x15 || b[0] == 0x16: // an alert of TLS
		return e.Advise(hintHTTPS, "")
	case b[0] == version || b[0] == 0:
		return e.Advise(hintSOCKS, "")
	}
	return e
}
