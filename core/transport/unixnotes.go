package transport

import (
	"strconv"
	"time"

	"wdsocket/core/fault"
)

var (
	textNoSocketFile = fault.NewSentence(
		"nothing listens at {who}: there is no file {0}: start the server first, and check that both have the same path",
		"aucun programme n'écoute sur {who} : le fichier {0} n'existe pas : démarrez d'abord le serveur, et vérifiez que les deux ont le même chemin")
	textFileTaken = fault.NewSentence(
		"{who} is already used by another program or socket: end that program, close that socket, or choose another path",
		"{who} est déjà utilisé par un autre programme ou socket : terminez ce programme, fermez ce socket, ou choisissez un autre chemin")
	textNoSocket = fault.NewSentence(
		"{0} exists and is no socket, so it is left alone: choose another path, or remove that file yourself",
		"{0} existe et n'est pas un socket, il reste donc en place : choisissez un autre chemin, ou supprimez vous-même ce fichier")
	textLockFile = fault.NewSentence(
		"the lock file {0} of {who} is in the hands of another program or user: if no server is starting there, remove that file, or choose another path",
		"le fichier de verrouillage {0} de {who} est tenu par un autre programme ou utilisateur : si aucun serveur n'y démarre, supprimez ce fichier, ou choisissez un autre chemin")
	textNoFolder = fault.NewSentence(
		"{who} cannot be made: the folder {0} does not exist: create it first, or choose another path",
		"{who} ne peut pas être créé : le dossier {0} n'existe pas : créez-le d'abord, ou choisissez un autre chemin")
	textUnixBusy = fault.NewSentence(
		"the server at {who} has not accepted within {0} ms: as many clients wait as it lets (WDS_OPT_BACKLOG): try again with a longer time-out, and check that it accepts",
		"le serveur {who} n'a pas accepté en {0} ms : autant de clients attendent qu'il en admet (WDS_OPT_BACKLOG) : réessayez avec un délai plus long, et vérifiez qu'il accepte")
)

// noAnswerUnix says in the error of an attempt that no room became free for a time.
func noAnswerUnix(e *fault.Error, waited time.Duration) error {
	if e.Code != fault.Timeout {
		return e
	}
	return e.With(textUnixBusy, strconv.FormatInt(waited.Milliseconds(), 10))
}
