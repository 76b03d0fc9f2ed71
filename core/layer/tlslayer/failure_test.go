package tlslayer

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"wdsocket/core/fault"
)

// alert is a number with a text, as crypto/tls has it.
type alert uint8

func (a alert) Error() string { return tls.AlertError(a).Error() }

var noTime time.Time

func remote(number alert) error { return &net.OpError{Op: "remote error", Err: number} }
func local(number alert) error  { return &net.OpError{Op: "local error", Err: number} }

func TestWhatCryptoTLSSaysBecomesACode(t *testing.T) {
	client, asked, shown := &Conn{client: true}, &Conn{client: true, asked: true}, &Conn{client: true, asked: true, presented: true}
	server, plain := &Conn{}, &Conn{below: &records{alert: alertUnknownCA}}
	for _, c := range []*Conn{client, asked, shown, server, plain} {
		c.who = "peer:1"
		if c.below == nil {
			c.below = &records{}
		}
	}
	tests := []struct {
		conn      *Conn
		err       error
		handshake fault.Code
		stream    fault.Code
		words     string
	}{
		{client, remote(alertProtocolVersion), fault.TLSNoCommonVersion, fault.TLSRecord, "protocol version"},
		{client, remote(alertHandshake), fault.TLSHandshake, fault.TLSRecord, "handshake failure"},
		{client, remote(alertNoALPN), fault.TLSHandshake, fault.TLSRecord, ""},
		{client, remote(alertBadRecordMAC), fault.TLSRecord, fault.TLSRecord, "bad record MAC"},
		{client, remote(80), fault.TLSHandshake, fault.TLSRecord, "internal error"},
		{client, local(alertBadRecordMAC), fault.TLSRecord, fault.TLSRecord, "bad record MAC"},
		{client, local(50), fault.TLSHandshake, fault.TLSRecord, "error decoding message"},
		{asked, remote(alertBadCertificate), fault.TLSNoClientCertificate, fault.TLSNoClientCertificate, ""},
		{asked, remote(alertHandshake), fault.TLSNoClientCertificate, fault.TLSNoClientCertificate, ""},
		{asked, remote(alertCertRequired), fault.TLSNoClientCertificate, fault.TLSNoClientCertificate, ""},
		{shown, remote(alertUnknownCA), fault.TLSBadClientCertificate, fault.TLSBadClientCertificate, "unknown certificate authority"},
		{shown, remote(alertDecrypt), fault.TLSBadClientCertificate, fault.TLSBadClientCertificate, ""},
		{shown, remote(alertHandshake), fault.TLSHandshake, fault.TLSRecord, ""},
		{server, remote(alertUnknownCA), fault.TLSHandshake, fault.TLSHandshake, "unknown certificate authority"},
		{server, remote(45), fault.TLSHandshake, fault.TLSHandshake, "expired certificate"},
		{plain, local(alertBadRecordMAC), fault.TLSHandshake, fault.TLSRecord, ""},
		{client, io.EOF, fault.TLSHandshake, fault.TLSRecord, ""},
		{client, errors.New("tls: failed to parse certificate from server: x"), fault.TLSBadCertificate, fault.TLSRecord, "x"},
		{server, errors.New("tls: failed to parse client certificate: x"), fault.TLSBadClientCertificate, fault.TLSRecord, "x"},
		{client, errors.New("tls: something new"), fault.TLSHandshake, fault.TLSRecord, "something new"},
		{client, tls.RecordHeaderError{Msg: "oversized record received with length 20000"}, fault.TLSRecord, fault.TLSRecord, "20000"},
	}
	for _, tt := range tests {
		isFault(t, tt.conn.handshakeFailed(tt.err), tt.handshake, tt.words, "peer:1")
		e := isFault(t, tt.conn.streamFailed(tt.err, fault.PhaseRead), tt.stream, "peer:1")
		assert.ErrorIs(t, e, tt.err)
	}
}

func TestABottomOfAnotherKind(t *testing.T) {
	r := &records{who: "peer:1", open: true}
	isFault(t, r.ended(io.EOF), fault.TLSTruncated)
	assert.Same(t, io.ErrClosedPipe, r.ended(io.ErrClosedPipe))
	assert.Same(t, io.ErrNoProgress, r.ended(nil))
	assert.NoError(t, r.Close())
	assert.NoError(t, errors.Join(r.SetDeadline(noTime), r.SetReadDeadline(noTime), r.SetWriteDeadline(noTime)))
}
