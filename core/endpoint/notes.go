package endpoint

import "wdsocket/core/fault"

var (
	noteNoPort = fault.NewNote(
		"{0} is no port, 1..65535 are",
		"{0} n'est pas un port, ce sont 1..65535")
	noteTwoPorts = fault.NewNote(
		"{0} stands beside an address with another port, {1}",
		"{0} est donné avec une adresse qui a un autre port, {1}")
	noteBadPair = fault.NewNote(
		"\"{0}\" is not \"host:port\" or \"{1}\"",
		"« {0} » n'est pas « hôte:port » ou « {1} »")
	noteZeros = fault.NewNote(
		"\"{0}\" is an IP address whose numbers begin with zeros, which some programs read as octal: write {1}",
		"« {0} » est une adresse IP dont des nombres commencent par des zéros, que certains programmes lisent en octal : écrivez {1}")
	// NoteNoIP says that a text is no IP address.
	NoteNoIP = fault.NewNote(
		"\"{0}\" is not an IP address",
		"« {0} » n'est pas une adresse IP")
)
