package frame

import "wdsocket/core/fault"

// The sentences about descriptions, WDS_TEXT_FRAME: what one says that cannot be, and
// what bytes are that do not fit one.
var (
	noteNotDescribed = fault.NewNote(
		"WDS_MODE_DESCRIBED needs a description: set WDS_TEXT_FRAME",
		"WDS_MODE_DESCRIBED a besoin d'une description : réglez WDS_TEXT_FRAME")
	notePresetName = fault.NewNote(
		"\"{0}\" is the name of a preset and no description: set it with WDS_TEXT_FRAME_PRESET",
		"\"{0}\" est le nom d'un préréglage et non une description : réglez-le avec WDS_TEXT_FRAME_PRESET")
	noteParts = fault.NewNote(
		"a description has one part \"data\", and at most {0} parts",
		"une description a une partie « data » et une seule, et au plus {0} parties")
	noteEmptyLiteral = fault.NewNote(
		"an empty literal is no part",
		"un littéral vide n'est pas une partie")
	noteCheckName = fault.NewNote(
		"{0} is no checksum that is known",
		"{0} n'est pas une somme de contrôle connue")
	noteLengthPlace = fault.NewNote(
		"a length stands in front of the data and counts it",
		"une longueur précède les données et les compte")
	noteSpan = fault.NewNote(
		"a span goes from one part to another behind it",
		"une plage va d'une partie à une autre qui la suit")
	noteVaryingEnd = fault.NewNote(
		"what stands behind the data has alternatives of several lengths, so that it cannot be counted",
		"ce qui suit les données a des variantes de plusieurs longueurs et ne peut donc être compté")
	noteLengthGap = fault.NewNote(
		"a length says where a message ends, a silence (gap) cannot do so too",
		"une longueur dit où finit un message, un silence (gap) ne peut le dire aussi")
	noteNoEndAtAll = fault.NewNote(
		"nothing says where the data ends: a length, a number of bytes, an end marker or a silence (gap)",
		"rien ne dit où finissent les données : une longueur, un nombre d'octets, un marqueur de fin ou un silence (gap)")
	noteEscapeNoEnd = fault.NewNote(
		"an escape byte has no purpose without an end marker",
		"un octet d'échappement ne sert à rien sans marqueur de fin")
	noteControlStart = fault.NewNote(
		"a control byte cannot be told from the start marker that begins with it",
		"un octet de commande ne se distingue pas du marqueur de début qui commence par lui")
	noteDouble = fault.NewNote(
		"where {0} is doubled in the data, the end marker begins with it and goes on with another byte, which {1} does not",
		"quand {0} est doublé dans les données, le marqueur de fin commence par lui et continue par un autre octet, ce que {1} ne fait pas")
	noteRestartMarks = fault.NewNote(
		"inside a message the start marker {0} cannot be told from the end marker {1} or from what is escaped: leave \"restart\" out",
		"dans un message, le marqueur de début {0} ne se distingue pas du marqueur de fin {1} ou de ce qui est échappé : enlevez « restart »")

	noteLiteral = fault.NewNote(
		"the bytes {0} do not fit {2}: {1} is missing",
		"les octets {0} ne correspondent pas à {2} : {1} manque")
	noteLiteralBehind = fault.NewNote(
		"behind the data {2} wants {1}, this came instead: {0}",
		"derrière les données, {2} veut {1}, ceci est arrivé à la place : {0}")
	noteNumber = fault.NewNote(
		"the bytes {0} have no length as {1} describes it",
		"les octets {0} n'ont pas de longueur telle que {1} la décrit")
	noteNoiseText = fault.NewNote(
		"a message begins with {1} ({2}), this came instead: {0}",
		"un message commence par {1} ({2}), ceci est arrivé à la place : {0}")
	noteLengthOff = fault.NewNote(
		"the length in the bytes {0} says {1} bytes, the message has {2}",
		"la longueur dans les octets {0} dit {1} octets, le message en a {2}")
	noteStray = fault.NewNote(
		"the escape byte {1} stands where it means nothing: {0}",
		"l'octet d'échappement {1} se trouve où il ne veut rien dire : {0}")
	noteTooShort = fault.NewNote(
		"the message is too short for {1}: {0}",
		"le message est trop court pour {1} : {0}")
	noteSilentEnd = fault.NewNote(
		"the message ended by silence, without the check bytes of {1}: {0}",
		"le message s'est terminé par un silence, sans les octets de contrôle de {1} : {0}")
	noteNoEndText = fault.NewSentence(
		"[{who}: ]no end {2} ({3}) within the {1} bytes that {4} allows: {0}; if the peer's messages may be longer, raise that limit; if they end otherwise, describe that end in WDS_TEXT_FRAME; then read again",
		"[{who} : ]aucune fin {2} ({3}) dans les {1} octets autorisés par {4} : {0} ; si les messages du correspondant peuvent être plus longs, augmentez cette limite ; s'ils finissent autrement, décrivez cette fin dans WDS_TEXT_FRAME ; puis relisez")
	noteNoSilenceText = fault.NewSentence(
		"[{who}: ]no silence within the {1} bytes that {2} allows: {0}; raise that limit, or shorten gap= in WDS_TEXT_FRAME",
		"[{who} : ]aucun silence dans les {1} octets autorisés par {2} : {0} ; augmentez cette limite, ou réduisez gap= dans WDS_TEXT_FRAME")

	noteLengthFit = fault.NewNote(
		"the length {0} does not fit into the length of {1}",
		"la longueur {0} ne tient pas dans la longueur de {1}")
	noteIgnored = fault.NewNote(
		"it begins with {0}, which {1} drops between messages",
		"il commence par {0}, que {1} ignore entre les messages")
	noteIsControl = fault.NewNote(
		"it begins with the control byte {0} of {1}, which is a message of its own",
		"il commence par l'octet de commande {0} de {1}, qui est un message à lui seul")
	notePairs = fault.NewNote(
		"the check bytes are over pairs of hexadecimal digits, and it is not made of them: {0}",
		"les octets de contrôle portent sur des paires de chiffres hexadécimaux, et il n'en est pas composé : {0}")
	noteOpenQuote = fault.NewNote(
		"the quote {0} in it is not closed, so that the end would not be seen",
		"le guillemet {0} qu'il contient n'est pas fermé, la fin ne serait pas vue")
	noteEndAt = fault.NewSentence(
		"[{who}: ]the message to write contains the end marker {1} after {0} of its {2} bytes; leave it out, the library adds what {3} describes to each message (if it belongs to the data, describe an escape at both ends: data~10 in WDS_TEXT_FRAME)",
		"[{who} : ]le message à écrire contient le marqueur de fin {1} après {0} de ses {2} octets ; enlevez-le, la bibliothèque ajoute à chaque message ce que décrit {3} (s'il fait partie des données, décrivez un échappement des deux côtés : data~10 dans WDS_TEXT_FRAME)")
)
