package endpoint

import "wdsocket/core/fault"

var (
	noteNoPort = fault.NewNote(
		"give a port from 1 to 65535, not {0}; or 0 if the address has it, as \"host:port\"",
		"indiquez un port de 1 à 65535, et non {0} ; ou 0 si l'adresse le contient, sous la forme \"hôte:port\"")
	textURL = fault.NewSentence(
		"{who} is a URL: give the host name alone, \"{0}\", as the address, and the port separately; HTTP and other protocols on top of TCP are not part of this library",
		"{who} est une URL : indiquez le nom de machine seul, \"{0}\", comme adresse, et le port séparément ; HTTP et les autres protocoles au-dessus de TCP ne font pas partie de cette bibliothèque")
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
