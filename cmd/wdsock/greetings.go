package main

import "regexp"

// greeting is what a server says first, by its protocol's document.
type greeting struct {
	begins string
	what   said
	frame  string // where the bytes alone do not tell it
}

var greetings = []greeting{
	{`^220[ -].*\bE?SMTP\b`, said{"SMTP: a mail server", "SMTP : un serveur de courrier"}, ""},
	{`(?i)^220[ -].*ftp`, said{"FTP: a file server", "FTP : un serveur de fichiers"}, ""},
	{`^\+OK`, said{"POP3: a mail server", "POP3 : un serveur de courrier"}, ""},
	{`^\* (OK|PREAUTH)\b`, said{"IMAP: a mail server", "IMAP : un serveur de courrier"}, ""},
	{`^20[01] `, said{"NNTP: a news server", "NNTP : un serveur de forums"}, ""},
	{`^SSH-[12]\.`, said{"SSH: a remote shell", "SSH : un accès à distance"}, ""},
	{`^RFB [0-9]{3}\.`, said{"RFB: a remote screen (VNC)", "RFB : un écran à distance (VNC)"}, ""},
	{`^INFO \{`, said{"NATS: a message broker", "NATS : un courtier de messages"}, ""},
	{`(?s)^.{3}\x00\x0A[0-9]+\.[0-9]`, said{"MySQL or MariaDB: a database", "MySQL ou MariaDB : une base de données"}, "mysql"},
}

// greetingOf names the protocol of what a server has said.
func greetingOf(data []byte) (found greeting, known bool) {
	for _, g := range greetings {
		if regexp.MustCompile(g.begins).Match(data) {
			return g, true
		}
	}
	return greeting{}, false
}
