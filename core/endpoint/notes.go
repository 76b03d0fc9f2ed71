package endpoint

import "wdsocket/core/fault"

var (
	noteNoPort = fault.NewNote(
		"give a port from 1 to 65535, not {0}; 0 is allowed only if the address contains the port (\"host:port\")",
		"indiquez un port de 1 à 65535, et non {0} ; 0 n'est permis que si l'adresse contient le port (\"hôte:port\")")
	textURL = fault.NewSentence(
		"{who} is a URL of a protocol that this library does not speak: for a web page use an HTTP library; for a plain connection give the host name alone, \"{0}\", as the address, and the port separately; the URLs that it takes begin with tcp://, tls://, ws:// or wss://",
		"{who} est une URL d'un protocole que cette bibliothèque ne gère pas : pour une page web, utilisez les fonctions HTTP de votre langage ; pour une simple connexion, indiquez le nom de machine seul, \"{0}\", comme adresse, et le port séparément ; les URL acceptées commencent par tcp://, tls://, ws:// ou wss://")
	noteScheme = fault.NewNote(
		"the address scheme {0} is not known; known are tcp://, tls://, ws://, wss://, unix:, pipe: and local:",
		"le schéma d'adresse {0} est inconnu ; sont connus tcp://, tls://, ws://, wss://, unix:, pipe: et local:")
	noteSlashes = fault.NewNote(
		"\"{0}\" lacks the slashes: the scheme is {1}",
		"il manque les barres obliques dans « {0} » : le schéma est {1}")
	noteBadHost = fault.NewNote(
		"\"{0}\" is not {1}host:port: no user name, blank or path may stand there",
		"« {0} » n'est pas {1}hôte:port : ni nom d'utilisateur, ni espace, ni chemin n'y sont permis")
	noteBadPath = fault.NewNote(
		"the path of \"{0}\" has a blank or a control character in it: write %20 for a blank",
		"le chemin de « {0} » contient une espace ou un caractère de contrôle : écrivez %20 pour une espace")
	noteFragment = fault.NewNote(
		"\"{0}\" has a fragment, which the address of a WebSocket may not have: write %23 for #",
		"« {0} » a un fragment, qu'une adresse WebSocket ne peut pas avoir : écrivez %23 pour #")
	noteBadName = fault.NewNote(
		"\"{0}\" is not {1}",
		"« {0} » n'est pas {1}")
	noteNeedsNoPort = fault.NewNote(
		"{0} stands beside {1}, which has no port: give 0",
		"{0} est donné avec {1}, qui n'a pas de port : indiquez 0")
	noteNoRange = fault.NewNote(
		"{0} is a range of ports, among which only what listens can choose: give one port",
		"{0} est une plage de ports, parmi lesquels seul un socket qui écoute peut choisir : indiquez un seul port")
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
