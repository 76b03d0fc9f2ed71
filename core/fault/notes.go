package fault

import (
	"sync"
	"sync/atomic"
)

// The notes that several packages use. {0} and {1} are the arguments given to
// (*Error).With.
var (
	// NoteUnfinished tells how many bytes of a message without an end remain.
	// {0} is their number, {1} shows the first of them.
	NoteUnfinished = NewNote(
		"{0} bytes of an unfinished message remain {1}",
		"il reste {0} octets d'un message inachevé {1}")
	// NoteParameter says of a parameter what {0} says.
	NoteParameter = NewNote("{0}", "{0}")
	// NoteRange: the value {0} is outside the range {1}, "1..65535".
	NoteRange = NewNote(
		"{0} is not in the range {1}",
		"{0} n'est pas dans l'intervalle {1}")
	// NoteSystem has the system's own words in {0}.
	NoteSystem = NewNote("{0}", "{0}")
	// NoteFirstCall: the library could not start.
	NoteFirstCall = NewNote(
		"the library needs 8 free descriptors for its first call, and the system's epoll and eventfd",
		"la bibliothèque a besoin de 8 descripteurs libres pour son premier appel, et de epoll et eventfd du système")
	// NoteEarlierAnswer: an exchange was not begun because of the one before.
	NoteEarlierAnswer = NewNote(
		"the answer to an earlier request has not come yet; nothing was written",
		"la réponse à une demande précédente n'est pas encore arrivée ; rien n'a été écrit")
	// NoteOtherAnswer: the last answer that came was to request {0}, not {1}.
	NoteOtherAnswer = NewNote(
		"the last answer that came belongs to transaction {0}, expected {1}; it was thrown away",
		"la dernière réponse reçue appartient à la transaction {0}, attendu {1} ; elle a été ignorée")
	// NoteBudget: {0} bytes were needed, the budget is {1} bytes.
	NoteBudget = NewNote(
		"{0} bytes needed, the budget is {1} bytes",
		"{0} octets nécessaires, le budget est de {1} octets")
	// TextSmallBuffer: a buffer of the host has room for {1} bytes.
	TextSmallBuffer = NewSentence(
		"[{who}: ]the buffer has {1} bytes, {0} are needed; nothing was lost: call again with a larger one",
		"[{who} : ]le buffer a {1} octets, il en faut {0} ; rien n'est perdu : rappelez la fonction avec un buffer plus grand")
	// TextSmallForMessage: a buffer of {1} bytes for a message of {0}, which stays.
	TextSmallForMessage = NewSentence(
		"{who}: the buffer has {1} bytes, {0} are needed; nothing was lost: read again with at least {0} bytes",
		"{who} : le buffer a {1} octets, il en faut {0} ; rien n'est perdu : relisez avec au moins {0} octets")
	// TextSmallForAnswer: the same for the answer to an exchange.
	TextSmallForAnswer = NewSentence(
		"{who}: the buffer has {1} bytes, {0} are needed; the answer is kept: take it by WDSocketRead with at least {0} bytes (WDSocketExchange would write the message again)",
		"{who} : le buffer a {1} octets, il en faut {0} ; la réponse est conservée : prenez-la par WDSocketRead avec au moins {0} octets (WDSocketExchange réécrirait le message)")
	// NoteTooLate: the option {0} has to be set earlier.
	NoteTooLate = NewNote(
		"too late for {0}: set it before the socket is opened",
		"trop tard pour {0} : à régler avant l'ouverture du socket")
	// NoteReader: another call holds the read lock.
	NoteReader = NewNote(
		"another thread is reading",
		"un autre thread est en train de lire")
	// NoteNul: the parameter is text and contains a NUL.
	NoteNul = NewNote(
		"the text contains a NUL",
		"le texte contient un caractère NUL")
	// NoteNull: the parameter is NULL and may not be.
	NoteNull = NewNote(
		"it is NULL",
		"il vaut NULL")
	// NoteLimit: the limit that is reached is {0}.
	NoteLimit = NewNote(
		"the limit is {0}",
		"la limite est {0}")
	// NoteTooLong: {0} bytes, {1} are allowed.
	NoteTooLong = NewNote(
		"{0} bytes, at most {1} are allowed",
		"{0} octets, au plus {1} sont permis")
)

// noteText has a note in both languages. A whole one stands instead of the
// code's own sentence, others behind it.
type noteText struct {
	english, french string
	whole           bool
}

// notes is the registry, in pages that stay where they are: a longer list is not
// copied while the library is loaded. Writers fill an entry under the lock and count
// it then; readers look at what is counted.
var notes struct {
	lock  sync.Mutex
	pages [notePages]atomic.Pointer[[notesOfPage]noteText]
	count atomic.Int32
}

const (
	notesOfPage = 32
	notePages   = 128
)

// NewNote registers a note in both languages and returns its number. It is
// meant for package-level variables: the order of package initialisation makes
// the numbers the same in every run of a program. In the texts {0} to {4}
// stand for the arguments of (*Error).With, {alt} for that of Advise, {who} for the
// one concerned; a part in square brackets is left out if nobody is named. Safe for concurrent use.
func NewNote(english, french string) Note { return register(noteText{english, french, false}) }

// NewSentence is NewNote for a text that says everything: it stands instead of
// the code's own.
func NewSentence(english, french string) Note { return register(noteText{english, french, true}) }

func register(n noteText) Note {
	notes.lock.Lock()
	defer notes.lock.Unlock()
	at := notes.count.Load()
	page := &notes.pages[at/notesOfPage]
	if page.Load() == nil {
		page.Store(new([notesOfPage]noteText))
	}
	page.Load()[at%notesOfPage] = n
	notes.count.Store(at + 1)
	return Note(at + 1) // the first is 1: 0 is NoNote
}

// entry is what was registered, the zero noteText for NoNote and numbers that do
// not exist.
func (n Note) entry() noteText {
	if n <= NoNote || int32(n) > notes.count.Load() {
		return noteText{}
	}
	at := n - 1
	return notes.pages[at/notesOfPage].Load()[at%notesOfPage]
}

// whole tells whether the note stands instead of the code's own sentence.
func (n Note) whole() bool { return n.entry().whole }

// text is the note's template, "" for NoNote and numbers that do not exist.
func (n Note) text(lang Language) string {
	if lang == French {
		return n.entry().french
	}
	return n.entry().english
}
