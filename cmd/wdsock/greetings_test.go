package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestGreetingsNameTheirProtocol(t *testing.T) {
	for greeting, want := range map[string]string{
		"220 mail.example ESMTP Postfix\r\n":            "SMTP",
		"220-FTP server ready\r\n220 \r\n":              "FTP",
		"220 (vsFTPd 3.0.3)\r\n":                        "FTP",
		"+OK Dovecot ready.\r\n":                        "POP3",
		"* OK [CAPABILITY IMAP4rev1] ready.\r\n":        "IMAP",
		"200 news.example InterNetNews NNRP server\r\n": "NNTP",
		"SSH-2.0-OpenSSH_9.2\r\n":                       "SSH",
		"RFB 003.008\n":                                 "RFB",
		"INFO {\"server_id\":\"x\"}\r\n":                "NATS",
		"\x5B\x00\x00\x00\x0A10.11.6-MariaDB\x00":       "MySQL",
		"S S     100.00 g\r\n":                          "",
		"5901234123457\r":                               "",
		"":                                              "",
	} {
		found, known := greetingOf([]byte(greeting))
		assert.Equal(t, want != "", known, greeting)
		assert.True(t, strings.HasPrefix(found.what.english, want), "%s: %s", greeting, found.what.english)
	}
}
