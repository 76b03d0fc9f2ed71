package wlanguage

import "strings"

type kind int

const (
	kAny     kind = iota // not known: fits everything
	kNothing             // a procedure without a result
	kInt
	kReal
	kBoolean
	kString
	kANSI // a string of one byte a character, in UNICODE projects too
	kBuffer
	kDuration
	kTime // date, time, date and time
	kProcedure
	kArray
	kStructure
	kNull
)

// typ is the type of a value.
type typ struct {
	kind kind
	name string // of a structure; of a type that is not known
	elem *typ   // of an array
}

func (t typ) isText() bool   { return t.kind == kString || t.kind == kANSI }
func (t typ) isNumber() bool { return t.kind == kInt || t.kind == kReal }

// names of the kinds, for messages.
var kindNames = map[kind]message{
	kNothing: {"nothing", "rien"}, kInt: {"an int", "un entier"}, kReal: {"a real", "un réel"}, kBoolean: {"a boolean", "un booléen"},
	kString: {"a string", "une chaîne"}, kANSI: {"an ANSI string", "une chaîne ANSI"}, kBuffer: {"a Buffer", "un Buffer"}, kDuration: {"a Duration", "une Durée"},
	kTime: {"a date or time", "une date ou une heure"}, kProcedure: {"a procedure", "une procédure"}, kArray: {"an array", "un tableau"}, kStructure: {"a structure", "une structure"},
	kNull: {"Null", "Null"}, kAny: {"of any type", "de type quelconque"},
}

// typeNames are the types as they are written.
var typeNames = map[kind]message{
	kInt: {"int", "entier"}, kReal: {"real", "réel"}, kBoolean: {"boolean", "booléen"}, kString: {"string", "chaîne"}, kANSI: {"ANSI string", "chaîne ANSI"},
	kBuffer: {"Buffer", "Buffer"}, kDuration: {"Duration", "Durée"}, kArray: {"array", "tableau"}, kAny: {"int, or another type", "entier, ou un autre type"},
}

// typeWords are the words that a type ends in, without accents, in both languages and numbers.
var typeWords = func() map[string]kind {
	all := map[string]kind{}
	for k, words := range map[kind]string{
		kInt:       "int ints integer integers entier entiers byte bytes octet octets",
		kReal:      "real reals reel reels currency currencies monetaire monetaires numeric numerique",
		kBoolean:   "boolean booleans booleen booleens bool",
		kString:    "string strings chaine chaines character characters char caractere caracteres",
		kBuffer:    "buffer buffers",
		kDuration:  "duration durations duree durees",
		kTime:      "date dates time times heure heures datetime datetimes dateheure dateheures",
		kProcedure: "procedure procedures",
		kAny:       "variant variants object objet dynamic window fenetre control champ",
	} {
		for word := range strings.FieldsSeq(words) {
			all[word] = k
		}
	}
	return all
}()

// typeFillers stand in front of a type, or behind it, and change nothing that is checked.
var typeFillers = words("a an un une des de of the system systeme unsigned signed sans avec signe dynamic dynamique global globale static local locale fixed fixe associative associatif nullable")

// advancedTypes are types of WLanguage with members of their own, as far as they are met beside sockets.
var advancedTypes = words(`certificate certificat socket sockets json xmldocument httprequest httprequete httpresponse httpreponse restrequest restreponse requeterest
	webrequest restresponse emailmessage email file fichier source datasource sourcededonnees query requete record enregistrement queue file stack pile list liste image font police color couleur
	task tache thread mutex semaphore event evenement signal parallelloop automationevent grpc mqttsession mqttconnection mqttmessage buffered zip archive
	websocketclient websocket websocketserver bluetoothledevice serialport iphone errorcase description guid uuid connection connexion variable element polygon point rectangle
	picture drawing dessin pdf xlsdocument xlsdocumentxls docdocument table column colonne ordereddictionary dictionary dictionnaire any ptr pointer address serializer`)

func words(list string) map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		all[word] = true
	}
	return all
}
