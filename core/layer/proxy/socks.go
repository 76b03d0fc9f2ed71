package proxy

import (
	"encoding/binary"
	"strconv"

	"wdsocket/core/endpoint"
	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/layer"
)

// SOCKS5 is the handshake with a SOCKS5 proxy.
func SOCKS5(hop Hop) layer.Layer { return socks{&hop} }

type socks struct{ hop *Hop }

// The numbers of RFC 1928 and RFC 1929.
const (
	version     = 5
	userVersion = 1

	noUser       = 0
	userPassword = 2
	noMethod     = 0xFF

	connect = 1

	ofIPv4 = 1
	ofName = 3
	ofIPv6 = 4
)

// Phase is fault.PhaseProxy.
func (socks) Phase() fault.Phase { return fault.PhaseProxy }

// Instant is false.
func (socks) Instant() bool { return false }

// Handshake asks the proxy to connect. Nothing is read behind its answer.
func (s socks) Handshake(base layer.Base, _ string) (layer.Conn, error) {
	t := s.hop.begin(base)
	err := t.introduce()
	if err == nil {
		err = t.request()
	}
	if err != nil {
		return nil, err
	}
	return layer.Finish(base, nil, endpoint.Addr{}), nil
}

// introduce agrees on who is asking.
func (t *talk) introduce() error {
	methods := []byte{noUser}
	if t.Known {
		methods = append(methods, userPassword)
	}
	if err := t.write(append([]byte{version, byte(len(methods))}, methods...)); err != nil {
		return err
	}
	answer := make([]byte, 2)
	if err := t.readFull(answer); err != nil {
		return err
	}
	if answer[0] != version {
		return t.notSOCKS(answer)
	}
	switch method := answer[1]; {
	case method == noUser:
		return nil
	case method == userPassword && t.Known:
		return t.authenticate()
	case method == noMethod && !t.Known:
		return t.fail(fault.ProxyAuthentication, noteWantsUser)
	case method == noMethod:
		return t.fail(fault.ProxyAuthentication, noteOtherMethod)
	}
	return t.notSOCKS(answer) // it was not offered
}

// authenticate tells user and password.
func (t *talk) authenticate() error {
	b := append([]byte{userVersion, byte(len(t.User))}, t.User...)
	b = append(append(b, byte(len(t.Password))), t.Password...)
	if err := t.write(b); err != nil {
		return err
	}
	answer := make([]byte, 2)
	if err := t.readFull(answer); err != nil {
		return err
	}
	if answer[0] != userVersion && answer[0] != version { // which some say
		return t.notSOCKS(answer)
	}
	if answer[1] != 0 {
		return t.fail(fault.ProxyAuthentication, noteWrongUser)
	}
	return nil
}

// request asks for the connection, and reads that it is there.
func (t *talk) request() error {
	b := []byte{version, connect, 0}
	switch ip := t.Next.IP(); {
	case ip.Is4():
		b = append(append(b, ofIPv4), ip.AsSlice()...)
	case ip.Is6():
		b = append(append(b, ofIPv6), ip.AsSlice()...)
	default:
		host := t.Next.Host()
		b = append(append(b, ofName, byte(len(host))), host...)
	}
	if err := t.write(binary.BigEndian.AppendUint16(b, t.Next.Port())); err != nil {
		return err
	}
	answer := make([]byte, 4, 6)
	if err := t.readFull(answer); err != nil {
		return err
	}
	if answer[0] != version {
		return t.notSOCKS(answer)
	}
	if answer[1] != 0 {
		return t.reply(answer[1])
	}
	return t.skipBound(answer)
}

// skipBound reads the address that the proxy has connected from, which says nothing.
func (t *talk) skipBound(answer []byte) error {
	const ofPort = 2
	switch answer[3] {
	case ofIPv4:
		return t.readFull(make([]byte, 4+ofPort))
	case ofIPv6:
		return t.readFull(make([]byte, 16+ofPort))
	case ofName:
		var length [1]byte
		if err := t.readFull(length[:]); err != nil {
			return err
		}
		return t.readFull(make([]byte, int(length[0])+ofPort))
	}
	return t.notSOCKS(answer)
}

// reply is the error of an answer that is no success (RFC 1928, section 6).
func (t *talk) reply(code byte) error {
	next := t.Next.String()
	switch code {
	case 1:
		return t.unreachable(noteTargetFailed, noteProxyFailed, next)
	case 2:
		return t.fail(fault.ProxyRefused, noteRuleset, next)
	case 3, 4:
		return t.unreachable(noteTargetNoRoute, noteProxyNoRoute, next)
	case 5:
		return t.unreachable(noteTargetRefused, noteProxyRefused, next)
	case 6:
		return t.unreachable(noteTargetNoAnswer, noteProxyNoAnswer, next)
	case 8:
		return t.fail(fault.ProxyRefused, noteAddressType, next)
	}
	return t.fail(fault.ProxyRefused, noteReply, next, strconv.Itoa(int(code)))
}

// notSOCKS is the error of an answer that SOCKS5 does not have.
func (t *talk) notSOCKS(answer []byte) error {
	e := t.fail(fault.ProxyProtocol, noteNotSOCKS, frame.Shown(answer))
	switch {
	case answer[0] == 'H' || answer[0] == '<':
		return e.Advise(hintHTTP, "")
	case answer[0] == 0:
		return e.Advise(hintSOCKS4, "")
	}
	return e
}
