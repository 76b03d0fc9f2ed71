package frame

import "wdsocket/core/fault"

// The sentences that say more about an error of this package. {0} and {1} are
// bytes in hex, or numbers.
var (
	noteEscape = fault.NewNote(
		"the escape byte {0} cannot be told from the end marker {1}",
		"l'octet d'échappement {0} ne se distingue pas du marqueur de fin {1}")
	noteSizePrefix = fault.NewNote(
		"expected 1 to 10 digits and CR LF, got the bytes {0}",
		"attendu 1 à 10 chiffres puis CR LF, reçu les octets {0}")
	noteAnnounced = fault.NewNote(
		"the bytes {0} announce a message over the limit: {1}",
		"les octets {0} annoncent un message au-delà de la limite : {1}")
	noteNoEnd = fault.NewNote(
		"no end of message within the limit of {1} bytes; the bytes begin with {0}",
		"aucune fin de message dans la limite de {1} octets ; les octets commencent par {0}")
	noteNegative = fault.NewNote(
		"the length field in the bytes {0} leaves {1} bytes for the message",
		"le champ de longueur dans les octets {0} laisse {1} octets au message")
	noteHeader = fault.NewNote(
		"expected the header {1}, got the bytes {0}",
		"en-tête {1} attendu, reçu les octets {0}")
	noteModbusProtocol = fault.NewNote(
		"the protocol identifier of Modbus is 0, the bytes are {0}",
		"l'identifiant de protocole de Modbus est 0, les octets sont {0}")
	noteModbusLength = fault.NewNote(
		"the bytes {0} have a length that Modbus does not allow, which is {1}",
		"les octets {0} ont une longueur que Modbus ne permet pas, attendu {1}")
	noteInside = fault.NewNote(
		"the bytes {0} announce more than was sent before the next message",
		"les octets {0} annoncent plus que ce qui a été envoyé avant le message suivant")
	noteNoise = fault.NewNote(
		"expected the start marker {1}, got the bytes {0}",
		"marqueur de début {1} attendu, reçu les octets {0}")
	noteRestart = fault.NewNote(
		"the bytes {0} are the beginning of a message without an end: the start marker {1} follows",
		"les octets {0} sont le début d'un message sans fin : le marqueur de début {1} suit")
	noteStartAt = fault.NewNote(
		"the start marker {1} would begin it anew after {0} bytes",
		"le marqueur de début {1} le recommencerait après {0} octets")
	noteCheck = fault.NewNote(
		"expected {1}, got {0}",
		"attendu {1}, reçu {0}")
	noteFixedLength = fault.NewNote(
		"the message has {0} bytes, the mode wants {1}",
		"le message a {0} octets, le mode en veut {1}")
	noteShortHeader = fault.NewNote(
		"the message has {0} bytes, its header alone needs {1}",
		"le message a {0} octets, son en-tête seul en demande {1}")
	noteFieldOff = fault.NewNote(
		"the message's length field says {0}, expected {1}",
		"le champ de longueur du message dit {0}, attendu {1}")
	noteField = fault.NewNote(
		"the length {0} does not fit into a length field of {1} bytes",
		"la longueur {0} ne tient pas dans un champ de {1} octets")
	noteTagAt = fault.NewNote(
		"the bytes {1} would end it after {0} bytes",
		"les octets {1} le termineraient après {0} octets")
)
