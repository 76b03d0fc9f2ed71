package frame

import "wdsocket/core/fault"

// The sentences that say more about an error of this package. {0} and {1} are
// bytes in hex, or numbers.
var (
	noteEscape = fault.NewNote(
		"the escape byte {0} cannot be told from the end marker {1}",
		"l'octet d'échappement {0} ne se distingue pas du marqueur de fin {1}")
	noteSizePrefix = fault.NewSentence(
		"[{who}: ]the bytes received are not a message of WDS_MODE_SIZE (length in 1 to 10 digits, CR LF, data): {0}",
		"[{who} : ]les octets reçus ne forment pas un message de WDS_MODE_SIZE (longueur en 1 à 10 chiffres, CR LF, données) : {0}")
	noteNotUTF8 = fault.NewNote(
		"a text message of a WebSocket is UTF-8, the bytes {0} are not: set WDS_TEXT_CHARSET to \"utf-8\", or WDS_OPT_WEBSOCKET_KIND to binary",
		"un message texte d'un WebSocket est en UTF-8, les octets {0} n'en sont pas : réglez WDS_TEXT_CHARSET sur \"utf-8\", ou WDS_OPT_WEBSOCKET_KIND sur binaire")
	noteAnnounced = fault.NewSentence(
		"[{who}: ]the message announces {1} bytes, but {3} allows {2}; the length was read from {0} (if it is right, raise that limit)",
		"[{who} : ]le message annonce {1} octets, mais {3} en autorise {2} ; la longueur a été lue dans {0} (si elle est juste, augmentez cette limite)")
	noteNoEnd = fault.NewSentence(
		"[{who}: ]no end tag {2} within the {1} bytes that WDS_OPT_MAX_MESSAGE allows: {0}; if the peer's messages may be longer, raise that limit; if they end otherwise, set their end tag (WDSocketChangeTransmissionMode); then read again",
		"[{who} : ]aucun marqueur de fin {2} dans les {1} octets autorisés par WDS_OPT_MAX_MESSAGE : {0} ; si les messages du correspondant peuvent être plus longs, augmentez cette limite ; s'ils finissent autrement, indiquez leur marqueur de fin (WDSocketChangeTransmissionMode) ; puis relisez")
	noteNoEndMarker = fault.NewSentence(
		"[{who}: ]no end marker {2} ({3}) within the {1} bytes that WDS_OPT_MAX_MESSAGE allows: {0}; if the peer's messages may be longer, raise that limit; if they end otherwise, set their end marker (WDS_TEXT_FRAME_END); then read again",
		"[{who} : ]aucun marqueur de fin {2} ({3}) dans les {1} octets autorisés par WDS_OPT_MAX_MESSAGE : {0} ; si les messages du correspondant peuvent être plus longs, augmentez cette limite ; s'ils finissent autrement, indiquez leur marqueur de fin (WDS_TEXT_FRAME_END) ; puis relisez")
	noteNoSilence = fault.NewSentence(
		"[{who}: ]no silence within the {1} bytes that WDS_OPT_MAX_MESSAGE allows: {0}; raise that limit, or shorten WDS_OPT_FRAME_GAP",
		"[{who} : ]aucun silence dans les {1} octets autorisés par WDS_OPT_MAX_MESSAGE : {0} ; augmentez cette limite, ou réduisez WDS_OPT_FRAME_GAP")
	noteOverLimit = fault.NewSentence(
		"[{who}: ]the message has {0} bytes, but {2} allows {1}; raise that limit at both ends, or send it in parts",
		"[{who} : ]le message a {0} octets, mais {2} en autorise {1} ; augmentez cette limite des deux côtés, ou envoyez-le en plusieurs parties")
	noteFixedOverLimit = fault.NewSentence(
		"{who} {0} is above WDS_OPT_MAX_MESSAGE ({1}): raise WDS_OPT_MAX_MESSAGE first, or give a smaller length",
		"{who} {0} dépasse WDS_OPT_MAX_MESSAGE ({1}) : augmentez d'abord WDS_OPT_MAX_MESSAGE, ou indiquez une longueur plus petite")
	noteOption = fault.NewSentence(
		"{who} is {0}, allowed are {1}",
		"{who} vaut {0}, valeurs permises : {1}")
	noteNegative = fault.NewNote(
		"the length field in the bytes {0} leaves {1} bytes for the message",
		"le champ de longueur dans les octets {0} laisse {1} octets au message")
	noteHeader = fault.NewNote(
		"it should begin with the header {1} (WDS_TEXT_FRAME_HEADER) and begins with {0}",
		"il devrait commencer par l'en-tête {1} (WDS_TEXT_FRAME_HEADER) et commence par {0}")
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
		"a message begins with the start marker {1}, this came instead: {0}",
		"un message commence par le marqueur de début {1}, ceci est arrivé à la place : {0}")
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
		"le message a {0} octets, le mode en demande {1}")
	noteShortHeader = fault.NewNote(
		"the message has {0} bytes, its header alone needs {1}",
		"le message a {0} octets, son en-tête seul en demande {1}")
	noteFieldOff = fault.NewNote(
		"the message's length field says {0}, expected {1}",
		"le champ de longueur du message dit {0}, attendu {1}")
	noteField = fault.NewNote(
		"the length {0} does not fit into a length field of {1} bytes",
		"la longueur {0} ne tient pas dans un champ de {1} octets")
	noteTagLast = fault.NewSentence(
		"[{who}: ]the message to write ends with the end tag {1}, after {0} of its {2} bytes; leave it out, the library appends it to each message (to write the tags yourself: WDS_OPT_TAG_AS_IS)",
		"[{who} : ]le message à écrire finit par le marqueur de fin {1}, après {0} de ses {2} octets ; enlevez-le, la bibliothèque l'ajoute à chaque message (pour écrire vous-même les marqueurs : WDS_OPT_TAG_AS_IS)")
	noteTagAt = fault.NewSentence(
		"[{who}: ]the message to write contains the end tag {1} after {0} of its {2} bytes, where the peer would see its end; write what is before and behind it as messages of their own, or, if it belongs to the data, use WDS_MODE_SIZE or another tag at both ends (to write the tags yourself: WDS_OPT_TAG_AS_IS)",
		"[{who} : ]le message à écrire contient le marqueur de fin {1} après {0} de ses {2} octets, où le correspondant verrait sa fin ; écrivez ce qui précède et ce qui suit comme des messages distincts, ou, si le marqueur fait partie des données, utilisez WDS_MODE_SIZE ou un autre marqueur des deux côtés (pour écrire vous-même les marqueurs : WDS_OPT_TAG_AS_IS)")

	noteMarkerAt = fault.NewSentence(
		"[{who}: ]the message to write contains the end marker {1} after {0} of its {2} bytes; leave it out, the library adds the markers to each message (if it belongs to the data, set an escape byte at both ends: WDS_TEXT_FRAME_ESCAPE)",
		"[{who} : ]le message à écrire contient le marqueur de fin {1} après {0} de ses {2} octets ; enlevez-le, la bibliothèque ajoute les marqueurs à chaque message (s'il fait partie des données, définissez un octet d'échappement des deux côtés : WDS_TEXT_FRAME_ESCAPE)")

	// what bytes seem to be that are no message of the mode; {alt} is a mode, an end
	// tag or a length
	hintTLSServer = fault.NewNote(
		"this is TLS: connect with WDSocketConnectSSL, or to tls://",
		"c'est du TLS : connectez-vous avec WDSocketConnectSSL, ou à tls://")
	hintTLSClient = fault.NewNote(
		"the client speaks TLS: create the server with WDSocketCreateSSL, or at tls://, or let the client connect without TLS",
		"le client parle TLS : créez le serveur avec WDSocketCreateSSL, ou sur tls://, ou connectez le client sans TLS")
	hintHTTPClient = fault.NewNote(
		"this is an HTTP request, from a browser or a web client: close this connection; if the client is yours, correct the address that it uses",
		"c'est une requête HTTP, envoyée par un navigateur ou un client web : fermez cette connexion ; si ce client est le vôtre, corrigez l'adresse qu'il utilise")
	hintHTTPServer = fault.NewNote(
		"this is HTTP: the peer is a web server; check address and port",
		"c'est du HTTP : le correspondant est un serveur web ; vérifiez l'adresse et le port")
	hintMode = fault.NewNote(
		"the peer seems to use the mode {alt}: set it with WDSocketChangeTransmissionMode, then read again",
		"le correspondant semble utiliser le mode {alt} : choisissez-le par WDSocketChangeTransmissionMode, puis relisez")
	hintTag = fault.NewNote(
		"the peer seems to use the mode WDS_MODE_END_TAG with the tag {alt}: set it with WDSocketChangeTransmissionMode, then read again",
		"le correspondant semble utiliser le mode WDS_MODE_END_TAG avec le marqueur {alt} : choisissez-le par WDSocketChangeTransmissionMode, puis relisez")
	hintOrder = fault.NewNote(
		"in the other byte order it would be {alt} bytes: set WDS_OPT_FRAME_ORDER to that order, then read again",
		"dans l'autre ordre d'octets, ce serait {alt} octets : réglez WDS_OPT_FRAME_ORDER sur cet ordre, puis relisez")
)
