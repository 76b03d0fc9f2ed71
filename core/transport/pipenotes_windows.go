package transport

import "wdsocket/core/fault"

var (
	textNoPipe = fault.NewSentence(
		"nothing listens at {who}: start the server first, and check that both have the same name",
		"aucun programme n'écoute sur {who} : démarrez d'abord le serveur, et vérifiez que les deux ont le même nom")
	textPipeAccess = fault.NewSentence(
		"this user may not connect to {who}: the server lets its own user, administrators and the system in unless WDS_TEXT_PIPE_SECURITY says otherwise: run both programs as one user, or set that option on the server",
		"cet utilisateur n'a pas le droit de se connecter à {who} : le serveur admet son propre utilisateur, les administrateurs et le système, sauf si WDS_TEXT_PIPE_SECURITY en dispose autrement : exécutez les deux programmes sous le même utilisateur, ou réglez cette option sur le serveur")
	textPipeBusy = fault.NewSentence(
		"the server at {who} has taken no client within {0} ms: as many clients wait as it lets (WDS_OPT_BACKLOG), or it no longer listens: try again with a longer time-out, and check that it accepts",
		"le serveur {who} n'a pris aucun client en {0} ms : autant de clients attendent qu'il en admet (WDS_OPT_BACKLOG), ou il n'écoute plus : réessayez avec un délai plus long, et vérifiez qu'il accepte")
	textPipeTaken = fault.NewSentence(
		"{who} is already used by another program or socket: end that program, close that socket, or choose another name",
		"{who} est déjà utilisé par un autre programme ou socket : terminez ce programme, fermez ce socket, ou choisissez un autre nom")
	textOwnPipe = fault.NewSentence(
		"{who} lets its own server make one instance alone: WDS_TEXT_PIPE_SECURITY must give everything to the user whom the server runs as, as (A;;GA;;;OW) does",
		"{who} ne laisse son propre serveur créer qu'une instance : WDS_TEXT_PIPE_SECURITY doit tout accorder à l'utilisateur du serveur, comme le fait (A;;GA;;;OW)")
	textNoHalfClose = fault.NewSentence(
		"{who} is at the other end of a named pipe, which has no end for one direction alone: tell the peer by a message that nothing more comes, or close the socket",
		"{who} est à l'autre bout d'un tube nommé, qui ne peut être fermé dans un seul sens : indiquez par un message que plus rien ne viendra, ou fermez le socket")
)
