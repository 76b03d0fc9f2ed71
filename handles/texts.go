package handles

import (
	"strconv"

	"wdsocket/core/fault"
)

var (
	noteHash = fault.NewNote(
		"a name must not begin with #",
		"un nom ne doit pas commencer par #")
	textErrorAsHandle = fault.NewSentence(
		"{0} is not a handle but the error {1} of an earlier call: check each result before using it",
		"{0} n'est pas un handle, mais l'erreur {1} d'un appel précédent : vérifiez chaque résultat avant de l'utiliser")

	// What a function needs, and what it got.
	neededKind = [...]fault.Note{
		Socket: fault.NewSentence(
			"{call} needs a socket (WDSocketNew, WDSocketConnect, WDSocketCreate)",
			"{call} demande un socket (WDSocketNew, WDSocketConnect, WDSocketCreate)"),
		Queue: fault.NewSentence(
			"{call} needs an event queue (WDSocketNewQueue)",
			"{call} demande une file d'événements (WDSocketNewQueue)"),
		Timer: fault.NewSentence(
			"{call} needs a timer (WDSocketNewTimer)",
			"{call} demande un minuteur (WDSocketNewTimer)"),
	}
	isKind = [...]fault.Note{
		Socket: fault.NewNote("{who} is a socket", "{who} est un socket"),
		Queue:  fault.NewNote("{who} is an event queue (WDSocketNewQueue): take the socket that its events name (WDSocketNextEvents)", "{who} est une file d'événements (WDSocketNewQueue) : prenez le socket indiqué par ses événements (WDSocketNextEvents)"),
		Timer:  fault.NewNote("{who} is a timer (WDSocketNewTimer)", "{who} est un minuteur (WDSocketNewTimer)"),
	}
)

// unknown is the error of a handle that is not alive. A result that was never looked
// at and is passed on as a handle is named as the error that it is.
func unknown(h int32) error {
	e := fault.New(fault.Handle, fault.PhaseCall, "#"+strconv.Itoa(int(h)))
	if code := fault.Code(h); h < 0 && code.Known() {
		return e.With(textErrorAsHandle, strconv.Itoa(int(h)), code.Name())
	}
	return e
}
