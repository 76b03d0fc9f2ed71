package main

import (
	"slices"
	"strings"

	"wdsocket/core/fault"
	"wdsocket/core/layer/tlslayer"
)

// tlsPorts have TLS by custom (IANA): https, smtps, ldaps, domain-s, ftps, telnets, imaps, pop3s,
// mqtts, amqps, opcua-tls, syslog-tls, dicom-tls.
var tlsPorts = []uint16{443, 465, 636, 853, 990, 992, 993, 995, 2762, 4843, 5671, 6514, 8443, 8883}

// wantsTLS tells whether TLS is tried.
func (e *examination) wantsTLS() bool {
	return e.command.TLS || e.at.Scheme.Secure() || slices.Contains(tlsPorts, e.at.Port)
}

// tls tells about TLS and the certificate, and whether there is TLS.
func (e *examination) tls() bool {
	k, err := e.connect(true, false)
	if err != nil {
		e.tell("tls", plain("TLS"), failed(err))
		return false
	}
	defer k.Close()
	e.hasTLS = true
	info := func(what int32) string {
		text, err := k.LayerInfo(what, 0)
		if err != nil {
			return "?"
		}
		return text
	}
	e.tell("tls", plain("TLS"), plain(strings.TrimPrefix(security{}.summary(k), ", ")))
	e.tell("certificate", said{"certificate", "certificat"}, sayf("%s, issued by %s", "%s, délivré par %s", info(tlslayer.InfoSubject), info(tlslayer.InfoIssuer)))
	e.tell("names", said{"its names", "ses noms"}, plain(info(tlslayer.InfoNames)))
	e.tell("valid", said{"valid", "valable"}, sayf("from %s to %s", "du %s au %s", info(tlslayer.InfoFrom), info(tlslayer.InfoUntil)))
	e.tell("pin", said{"its pin", "empreinte"}, plain(info(tlslayer.InfoPin)))
	_ = k.Close() // before the next one: some servers have one client at a time
	e.trust()
	return true
}

// trust connects again, as a program does.
func (e *examination) trust() {
	label := said{"trusted", "confiance"}
	k, err := e.connect(true, true)
	if err == nil {
		defer k.Close()
		e.tell("trusted", label, said{"yes: by an authority that this system knows, or --ca", "oui : par une autorité que ce système connaît, ou --ca"})
		return
	}
	text := failed(err)
	if fault.CodeOf(err).IsTLS() {
		text = said{"no: " + text.english, "non : " + text.french}
	}
	e.tell("trusted", label, text)
}
