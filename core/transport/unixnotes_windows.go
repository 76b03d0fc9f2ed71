package transport

import "wdsocket/core/fault"

var (
	textStaleFile = fault.NewSentence(
		"{who} takes no client: its file was left behind by a program that has ended, or as many clients wait as its server lets: start the server, which takes such a file away, or try again",
		"{who} n'admet pas de client : son fichier a été laissé par un programme qui s'est terminé, ou autant de clients attendent que son serveur en admet : démarrez le serveur, qui enlève un tel fichier, ou réessayez")
	textNoUnix = fault.NewSentence(
		"{who}: this Windows has no Unix-domain sockets (Windows 10 version 1803, Windows Server 2019 and later have them): use local:name or pipe:name, which are named pipes",
		"{who} : ce Windows n'a pas de sockets Unix (ils existent à partir de Windows 10 version 1803 et de Windows Server 2019) : utilisez local:nom ou pipe:nom, qui sont des tubes nommés")
	textNoAbstract = fault.NewSentence(
		"{who}: Windows has no Unix-domain sockets without a file: use unix:C:\\path, or pipe:name",
		"{who} : Windows n'a pas de sockets Unix sans fichier : utilisez unix:C:\\chemin, ou pipe:nom")
	textNoModes = fault.NewSentence(
		"{who}: the permissions of Windows are no modes, and its users no numbers: do not set WDS_OPT_UNIX_MODE and WDS_TEXT_UNIX_OWNER; on a server WDS_TEXT_PIPE_SECURITY says who may connect",
		"{who} : les droits de Windows ne sont pas des modes, ni ses utilisateurs des numéros : ne réglez pas WDS_OPT_UNIX_MODE et WDS_TEXT_UNIX_OWNER ; sur un serveur, WDS_TEXT_PIPE_SECURITY dit qui peut se connecter")
	textOtherFile = fault.NewSentence(
		"{0} is not the file of a socket: check the path, and what made that file",
		"{0} n'est pas le fichier d'un socket : vérifiez le chemin, et quel programme a créé ce fichier")
	textFileAccess = fault.NewSentence(
		"this program may not connect to {who}: {0} is closed to its user: run both programs as one user, or set WDS_TEXT_PIPE_SECURITY on the server",
		"ce programme n'a pas le droit de se connecter à {who} : {0} est fermé à son utilisateur : exécutez les deux programmes sous le même utilisateur, ou réglez WDS_TEXT_PIPE_SECURITY sur le serveur")
	textFolderAccess = fault.NewSentence(
		"{who} cannot be made: this program may not create files in {0}: choose another path, or give its user the permissions",
		"{who} ne peut pas être créé : ce programme n'a pas le droit de créer des fichiers dans {0} : choisissez un autre chemin, ou donnez ces droits à son utilisateur")
)
