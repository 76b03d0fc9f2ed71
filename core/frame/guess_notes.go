package frame

import "wdsocket/core/fault"

// The reasons of a guess. {0} is the number of messages.
var (
	noteGuessLength = fault.NewNote(
		"the length field is right in {0} messages, the first begins with {1}",
		"le champ de longueur est juste dans {0} messages, le premier commence par {1}")
	noteGuessMarkers = fault.NewNote(
		"{0} messages begin with {1} and end with {2}",
		"{0} messages commencent par {1} et finissent par {2}")
	noteGuessEnd = fault.NewNote(
		"{0} messages end with {1}",
		"{0} messages finissent par {1}")
	noteGuessFixed = fault.NewNote(
		"{0} messages of {1} bytes",
		"{0} messages de {1} octets")
	noteGuessOwn = fault.NewNote(
		"{0} messages are whole",
		"{0} messages sont entiers")
	noteGuessTLS = fault.NewNote(
		"this is TLS: use the functions with SSL in their names",
		"c'est du TLS : employez les fonctions dont le nom contient SSL")
	noteGuessHTTP = fault.NewNote(
		"this is HTTP, whose messages no mode tells apart",
		"c'est du HTTP, dont aucun mode ne distingue les messages")
	hintDescription = fault.NewNote(
		"the peer's messages seem to be those of WDS_TEXT_FRAME \"{alt}\": set that text, then read again (WDSocketGuess tells why, and what else fits)",
		"les messages du correspondant semblent être ceux de WDS_TEXT_FRAME \"{alt}\" : réglez ce texte, puis relisez (WDSocketGuess dit pourquoi, et ce qui convient aussi)")
	noteGuessCheck = fault.NewNote(
		"the check bytes {0} are right",
		"les octets de contrôle {0} sont justes")
)
