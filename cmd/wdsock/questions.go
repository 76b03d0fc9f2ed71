package main

import (
	"bytes"
	"regexp"
	"strings"
)

// question is a harmless one of a protocol: it asks for a state and changes none.
type question struct {
	name  string
	what  said
	send  []byte
	leave []byte // ends the conversation, where an answer leaves it open
	frame string // a preset or a description
	fits  func(answer []byte) bool
}

// begins tells of answers that begin so.
func begins(with string) func([]byte) bool {
	return func(p []byte) bool { return bytes.HasPrefix(p, []byte(with)) }
}

// matches tells of answers that fit a pattern.
func matches(pattern string) func([]byte) bool {
	return regexp.MustCompile(pattern).Match
}

// questions are all that are known, those first whose answers can be nothing else.
func questions() []question {
	return []question{
		{name: "s7", what: said{"S7 (ISO on TCP): connection request", "S7 (ISO sur TCP) : demande de connexion"},
			send:  []byte("\x03\x00\x00\x16\x11\xE0\x00\x00\x00\x01\x00\xC0\x01\x0A\xC1\x02\x01\x00\xC2\x02\x01\x02"),
			frame: "s7", fits: func(p []byte) bool { return len(p) > 6 && p[0] == 3 && p[1] == 0 && (p[5] == 0xD0 || p[5] == 0x80) }},
		{name: "modbus", what: said{"Modbus TCP: read holding register 0 of unit 1", "Modbus TCP : lire le registre 0 de l'unité 1"},
			send: []byte("\x57\x44\x00\x00\x00\x06\x01\x03\x00\x00\x00\x01"), frame: "modbus-tcp",
			fits: func(p []byte) bool {
				return len(p) >= 9 && bytes.HasPrefix(p, []byte("\x57\x44\x00\x00\x00")) && p[7]&0x7F == 3
			}},
		{name: "hl7", what: said{"HL7 over MLLP: network management query", "HL7 sur MLLP : interrogation de gestion"},
			send:  []byte("\x0BMSH|^~\\&|WDSOCK||||20260101000000||NMQ^N01|1|P|2.5\r\x1C\r"),
			frame: "mllp", fits: begins("\x0BMSH")},
		{name: "length", what: said{"payment terminal behind two bytes of length: ENQ", "terminal de paiement derrière deux octets de longueur : ENQ"},
			send: []byte("\x00\x01\x05"), leave: []byte("\x00\x01\x04"), frame: "iso8583", fits: matches("^\x00\x01[\x06\x15]$")},
		{name: "enq", what: said{"payment terminal, Caisse Concert: ENQ", "terminal de paiement, Caisse Concert : ENQ"},
			send: []byte{5}, leave: []byte{4}, frame: "s=02 d=data e=03 xor(d..e) ; restart control=(04|05|06|15)", fits: matches("^[\x06\x15]$")},
		{name: "sics", what: said{"scale, MT-SICS: the weight at once", "balance, MT-SICS : le poids tout de suite"},
			send: []byte("SI\r\n"), frame: "sics", fits: matches(`^S [SDI+-].*\r\n$`)},
		{name: "zpl", what: said{"label printer, ZPL: host status", "imprimante d'étiquettes, ZPL : état"},
			send: []byte("~HS"), frame: "zpl-status", fits: matches("^\x02[0-9]{3},[01],[^\x03]*\x03\r\n")},
		{name: "escpos", what: said{"receipt printer, ESC/POS: status at once", "imprimante de tickets, ESC/POS : état immédiat"},
			send: []byte("\x10\x04\x01"), frame: "raw", fits: func(p []byte) bool { return len(p) == 1 && p[0]&0x93 == 0x12 }},
		{name: "redis", what: said{"Redis: PING", "Redis : PING"}, send: []byte("PING\r\n"), frame: "redis", fits: begins("+PONG\r\n")},
		{name: "mqtt", what: said{"MQTT: connection without a user", "MQTT : connexion sans utilisateur"},
			send: []byte("\x10\x12\x00\x04MQTT\x04\x02\x00\x3C\x00\x06wdsock"), leave: []byte("\xE0\x00"), frame: "mqtt",
			fits: func(p []byte) bool { return len(p) == 4 && bytes.HasPrefix(p, []byte("\x20\x02")) && p[3] <= 5 }},
		{name: "ldap", what: said{"LDAP: the server's own entry", "LDAP : l'entrée du serveur lui-même"},
			send:  []byte("\x30\x25\x02\x01\x01\x63\x20\x04\x00\x0A\x01\x00\x0A\x01\x00\x02\x01\x01\x02\x01\x05\x01\x01\x00\x87\x0BobjectClass\x30\x00"),
			leave: []byte("\x30\x05\x02\x01\x02\x42\x00"), frame: "ldap", fits: matches("(?s)^\x30.{1,5}\x02\x01\x01[\x64\x65]")},
		{name: "http", what: said{"HTTP: HEAD /", "HTTP : HEAD /"}, send: []byte("HEAD / HTTP/1.0\r\n\r\n"), frame: "http", fits: begins("HTTP/1.")},
	}
}

// asked finds questions by their names, "all" for each.
func asked(names []string) (found []question, err error) {
	all := questions()
	for _, name := range names {
		if name == "all" {
			return all, nil
		}
		known := false
		for _, q := range all {
			if q.name == name {
				found, known = append(found, q), true
			}
		}
		if !known {
			return nil, usage("--ask: there is no question %s; there are all, %s", "--ask : il n'y a pas de question %s ; il y a all, %s", name, questionNames())
		}
	}
	return found, nil
}

func questionNames() string {
	var names []string
	for _, q := range questions() {
		names = append(names, q.name)
	}
	return strings.Join(names, ", ")
}
