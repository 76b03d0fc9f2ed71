package transport

import (
	"os/user"
	"strconv"

	"golang.org/x/sys/unix"

	"wdsocket/core/fault"
)

var (
	textStaleFile = fault.NewSentence(
		"nothing listens at {who}: its file was left behind by a program that has ended: start the server, which takes it away",
		"aucun programme n'écoute sur {who} : son fichier a été laissé par un programme qui s'est terminé : démarrez le serveur, qui l'enlève")
	textNoSocketName = fault.NewSentence(
		"nothing listens at {who}: start the server first, and check that both have the same name",
		"aucun programme n'écoute sur {who} : démarrez d'abord le serveur, et vérifiez que les deux ont le même nom")
	textOtherSocket = fault.NewSentence(
		"{0} is not a stream socket that could be connected to: check the path, and what made that file",
		"{0} n'est pas un socket de flux auquel on puisse se connecter : vérifiez le chemin, et quel programme a créé ce fichier")
	textMayNotConnect = fault.NewSentence(
		"the user {1} may not connect to {who}: {0} belongs to {3} and has the permissions {2}, and connecting needs to write: run both programs as one user, or give the server other permissions (WDS_OPT_UNIX_MODE, WDS_TEXT_UNIX_OWNER)",
		"l'utilisateur {1} n'a pas le droit de se connecter à {who} : {0} appartient à {3} avec les droits {2}, et se connecter demande d'y écrire : exécutez les deux programmes sous le même utilisateur, ou donnez d'autres droits au serveur (WDS_OPT_UNIX_MODE, WDS_TEXT_UNIX_OWNER)")
	textNoPermissions = fault.NewSentence(
		"{who} has no file, and so no permissions and no owner: every user of this machine can connect; use unix:/path, or leave WDS_OPT_UNIX_MODE and WDS_TEXT_UNIX_OWNER unset",
		"{who} n'a pas de fichier, donc ni droits ni propriétaire : tout utilisateur de cette machine peut se connecter ; utilisez unix:/chemin, ou ne réglez pas WDS_OPT_UNIX_MODE et WDS_TEXT_UNIX_OWNER")
	textNoUser = fault.NewSentence(
		"this machine has no user or group {0} (WDS_TEXT_UNIX_OWNER): check the name, or give the number",
		"cette machine n'a pas d'utilisateur ou de groupe {0} (WDS_TEXT_UNIX_OWNER) : vérifiez le nom, ou indiquez le numéro")
	textMayNotGive = fault.NewSentence(
		"the user {0} may not give {who} to {1} (WDS_TEXT_UNIX_OWNER): only root gives files to others, and other users only to groups that they are in; name a group of that user, or run the server as {1}",
		"l'utilisateur {0} n'a pas le droit de donner {who} à {1} (WDS_TEXT_UNIX_OWNER) : seul root donne des fichiers à d'autres, et les autres utilisateurs seulement aux groupes dont ils font partie ; indiquez un de ses groupes, ou exécutez le serveur en tant que {1}")
	textOtherServer = fault.NewSentence(
		"the server at {who} runs as {0}, not as {1} (WDS_TEXT_UNIX_OWNER), so it is not trusted: find out which program that is, or correct the option",
		"le serveur {who} s'exécute en tant que {0}, et non {1} (WDS_TEXT_UNIX_OWNER), il n'est donc pas digne de confiance : cherchez quel est ce programme, ou corrigez l'option")
	textNoWay = fault.NewSentence(
		"the user {1} may not connect to {who}: a folder on the way to {0} is closed to that user: choose another place, or open that folder",
		"l'utilisateur {1} n'a pas le droit de se connecter à {who} : un dossier menant à {0} lui est fermé : choisissez un autre endroit, ou ouvrez ce dossier")
	textNameTaken = fault.NewSentence(
		"{who} is already used by another program or socket: end that program, or choose another name",
		"{who} est déjà utilisé par un autre programme ou socket : terminez ce programme, ou choisissez un autre nom")
	textFolderAccess = fault.NewSentence(
		"{who} cannot be made: the user {1} may not create files in {0}, or may not replace the one there: choose another path, or give that user the permissions",
		"{who} ne peut pas être créé : l'utilisateur {1} n'a pas le droit de créer des fichiers dans {0}, ou d'y remplacer celui qui existe : choisissez un autre chemin, ou donnez-lui ces droits")
)

// explainAccess says who may not connect to the file of a socket, and whose it is.
func explainAccess(e *fault.Error, path string) error {
	var st unix.Stat_t
	if unix.Stat(path, &st) != nil {
		return e.With(textNoWay, path, userName(uint32(unix.Geteuid())))
	}
	mode := "0" + strconv.FormatUint(uint64(st.Mode&0o777), 8)
	return e.With(textMayNotConnect, path, userName(uint32(unix.Geteuid())), mode, userName(st.Uid))
}

// userName is a user's name, or the number where there is none.
func userName(uid uint32) string {
	number := strconv.FormatUint(uint64(uid), 10)
	if u, err := user.LookupId(number); err == nil {
		return u.Username
	}
	return number
}
