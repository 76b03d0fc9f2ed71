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
		"{0} is no handle but the error {1} of an earlier call: check each result before it is used",
		"{0} n'est pas un handle, mais l'erreur {1} d'un appel précédent : vérifiez chaque résultat avant de l'utiliser")

	// What an object is that is of another kind than is needed, which {0} tells by
	// the functions that make it.
	otherKind = [...]fault.Note{
		Socket: fault.NewSentence(
			"{who} is a socket, and what {0} gives is needed",
			"{who} est un socket, et il faut ce que donne {0}"),
		Queue: fault.NewSentence(
			"{who} is a queue of events (WDSocketNewQueue), and what {0} gives is needed",
			"{who} est une file d'événements (WDSocketNewQueue), et il faut ce que donne {0}"),
		Timer: fault.NewSentence(
			"{who} is a timer (WDSocketNewTimer), and what {0} gives is needed",
			"{who} est un minuteur (WDSocketNewTimer), et il faut ce que donne {0}"),
	}
	neededKind = [...]string{
		Any:    "",
		Socket: "WDSocketNew, WDSocketConnect, WDSocketCreate",
		Queue:  "WDSocketNewQueue",
		Timer:  "WDSocketNewTimer",
	}
)

// unknown is the error of a handle that is not alive. A result that was never looked
// at and is passed on as a handle is named as the error that it is.
func unknown(h int32) error {
	e := fault.New(fault.Handle, fault.PhaseCall, "socket "+strconv.Itoa(int(h)))
	if code := fault.Code(h); h < 0 && code.Known() {
		return e.With(textErrorAsHandle, strconv.Itoa(int(h)), code.Name())
	}
	return e
}
