package description

import "wdsocket/core/fault"

// The sentences that say more about a description that is none. {0} is the column,
// counted from 1, {1} is what stands there; what is allowed instead is shown as it may be
// written, the same in all languages.
var (
	noteFound = fault.NewNote(
		"column {0}: {1} cannot stand here, allowed are {2}",
		"colonne {0} : {1} ne peut pas se trouver ici, permis : {2}")
	noteEnds = fault.NewNote(
		"column {0}: it ends here, allowed are {2}",
		"colonne {0} : il se termine ici, permis : {2}")
	noteRange = fault.NewNote(
		"column {0}: {1} is not in the range {2}",
		"colonne {0} : {1} n'est pas dans l'intervalle {2}")
	noteOddDigits = fault.NewNote(
		"column {0}: {1} has an odd number of hexadecimal digits, each byte has two",
		"colonne {0} : {1} a un nombre impair de chiffres hexadécimaux, chaque octet en a deux")
	noteEmpty = fault.NewNote(
		"column {0}: a literal has at least one byte, \"\" has none",
		"colonne {0} : un littéral a au moins un octet, \"\" n'en a aucun")
	noteOpenQuote = fault.NewNote(
		"column {0}: the text that begins with {1} has no closing quotation mark",
		"colonne {0} : le texte qui commence par {1} n'a pas de guillemet fermant")
	noteLongText = fault.NewNote(
		"column {0}: the description has {1} bytes in its canonical form, at most {2} are allowed",
		"colonne {0} : la description a {1} octets sous sa forme canonique, au plus {2} sont permis")
	noteTooMany = fault.NewNote(
		"column {0}: {1} is one too many, at most {2} are allowed",
		"colonne {0} : {1} est de trop, au plus {2} sont permis")
	noteTwice = fault.NewNote(
		"column {0}: {1} stands here for the second time",
		"colonne {0} : {1} se trouve ici pour la deuxième fois")
	noteLabelData = fault.NewNote(
		"column {0}: \"data\" is the name that the data part has anyway; choose another label",
		"colonne {0} : \"data\" est le nom que la partie data porte déjà ; choisissez une autre étiquette")
	noteCheckName = fault.NewNote(
		"column {0}: no check is called {1}; some names are {2}",
		"colonne {0} : aucun contrôle ne s'appelle {1} ; quelques noms : {2}")
	noteNoLabel = fault.NewNote(
		"column {0}: no part is called {1}, there are {2}",
		"colonne {0} : aucune partie ne s'appelle {1}, il y a {2}")
	noteSpanOrder = fault.NewNote(
		"column {0}: {1} ends before it begins; name the earlier part first",
		"colonne {0} : {1} se termine avant de commencer ; nommez d'abord la partie qui vient en premier")
	noteNoData = fault.NewNote(
		"column {0}: the part data is missing, which is the message",
		"colonne {0} : il manque la partie data, qui est le message")
	noteSecondData = fault.NewNote(
		"column {0}: {1} is a second data part, a message has one",
		"colonne {0} : {1} est une deuxième partie data, un message en a une")
	noteEndless = fault.NewNote(
		"column {0}: nothing tells where {1} ends: put len: in front of it or an end marker behind it, write data:n for a fixed length, or gap= for a silence",
		"colonne {0} : rien ne dit où {1} se termine : mettez len: devant ou un marqueur de fin derrière, écrivez data:n pour une longueur fixe, ou gap= pour un silence")
	noteEndHidden = fault.NewNote(
		"column {0}: {1} stands between the data and the end marker and may have bytes that look like it; put it behind the marker, or write check bytes as digits (/hex)",
		"colonne {0} : {1} se trouve entre les données et le marqueur de fin et peut avoir des octets qui lui ressemblent ; mettez-le derrière le marqueur, ou écrivez le contrôle en chiffres (/hex)")
	noteLengthBehind = fault.NewNote(
		"column {0}: the length {1} stands behind the data that it is to announce",
		"colonne {0} : la longueur {1} se trouve derrière les données qu'elle doit annoncer")
	noteFixedAndLength = fault.NewNote(
		"column {0}: {1} has a fixed length, and len: announces another; leave one out",
		"colonne {0} : {1} a une longueur fixe, et len: en annonce une autre ; enlevez l'une des deux")
	noteSpanWithoutData = fault.NewNote(
		"column {0}: the length {1} counts parts without the data; its span has to contain data",
		"colonne {0} : la longueur {1} compte des parties sans les données ; son étendue doit contenir data")
	noteCountsVariable = fault.NewNote(
		"column {0}: {1} counts a part whose own size varies: a length like varint or dec~, or alternatives of different sizes",
		"colonne {0} : {1} compte une partie dont la taille varie elle-même : une longueur comme varint ou dec~, ou des alternatives de tailles différentes")
	noteMask = fault.NewNote(
		"column {0}: {1} takes no value out of the field: mask and shift leave bits that stand together, within its width; they are for u8 to u64",
		"colonne {0} : {1} n'extrait aucune valeur du champ : le masque et le décalage laissent des bits contigus, dans sa largeur ; ils valent pour u8 à u64")
	noteCheckSpan = fault.NewNote(
		"column {0}: {1} is computed over itself or over a check behind it; its span may contain neither",
		"colonne {0} : {1} est calculé sur lui-même ou sur un contrôle placé derrière ; son étendue ne peut contenir ni l'un ni l'autre")
	noteEscapeUse = fault.NewNote(
		"column {0}: {1} has an escape, and no end marker directly behind it that could be in the data",
		"colonne {0} : {1} a un échappement, mais aucun marqueur de fin directement derrière qui pourrait être dans les données")
	noteEscapeEnd = fault.NewNote(
		"column {0}: the escape byte of {1} cannot be told from the end marker {2}",
		"colonne {0} : l'octet d'échappement de {1} ne se distingue pas du marqueur de fin {2}")
	noteDouble = fault.NewNote(
		"column {0}: with {1} the end marker begins with the doubled byte and goes on with another, {2} does not",
		"colonne {0} : avec {1}, le marqueur de fin commence par l'octet doublé et continue par un autre, ce n'est pas le cas de {2}")
	noteNeedsStart = fault.NewNote(
		"column {0}: {1} needs a start marker: the first part is none",
		"colonne {0} : {1} a besoin d'un marqueur de début : la première partie n'en est pas un")
	noteRestartEnd = fault.NewNote(
		"column {0}: {1} needs an end marker, and a start marker that can be told from it and from escaped bytes",
		"colonne {0} : {1} a besoin d'un marqueur de fin, et d'un marqueur de début qui s'en distingue, comme des octets échappés")
	noteGapUse = fault.NewNote(
		"column {0}: {1} ends data by silence, but a length or data:n says where it ends",
		"colonne {0} : {1} termine les données par un silence, mais une longueur ou data:n dit où elles se terminent")
	noteNeedsMessages = fault.NewNote(
		"column {0}: {1} is about messages, and data alone is bytes as they come, without messages",
		"colonne {0} : {1} concerne des messages, et data seul donne les octets comme ils viennent, sans messages")
	noteNeedsCheck = fault.NewNote(
		"column {0}: {1} needs check bytes, the description has none",
		"colonne {0} : {1} a besoin d'octets de contrôle, la description n'en a pas")
	noteBetween = fault.NewNote(
		"column {0}: {1} has bytes that also begin a message or stand for something else between messages: {2}",
		"colonne {0} : {1} a des octets qui commencent aussi un message ou qui ont un autre sens entre les messages : {2}")
	noteOneByte = fault.NewNote(
		"column {0}: {1} has {2} bytes, here one is allowed",
		"colonne {0} : {1} a {2} octets, ici un seul est permis")
	noteReadOnly = fault.NewNote(
		"column {0}: {1} says how to read and stands before >>; behind it are {2}",
		"colonne {0} : {1} dit comment lire et se place avant >> ; après, il y a {2}")
	noteOverMax = fault.NewNote(
		"column {0}: {1} is longer than max= allows ({2})",
		"colonne {0} : {1} est plus long que ne le permet max= ({2})")
)
