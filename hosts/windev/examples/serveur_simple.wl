// Un serveur simplifié, à lancer dans un thread à lui : un client à la fois, sans
// acceptation. La première lecture accepte le client ; c'est donc lui qui parle en premier.
SI PAS wdSocketCrée("serveur", 5000) ALORS
	Erreur(wdErreurInfo())
	RETOUR
FIN
// Un client muet fait attendre les autres une minute au plus.
wdSocketSetOption("serveur", WDS_OPT_IDLE_LIMIT, 60000)
// La portée est celle de la dernière erreur, de la lecture ou de l'écriture : après
// WDS_SCOPE_MESSAGE un message était mauvais, et le suivant du client peut être bon.
// wdSocketCancel termine aussi la boucle.
BOUCLE
	sMessage est une chaîne = wdSocketLit("serveur")
	SI PAS wdErreurDétectée() ALORS wdSocketEcrit("serveur", "Vous avez dit : " + sMessage)
	nPortée est un entier = wdErreurPortée()
	SI nPortée >= WDS_SCOPE_CONNECTION OU wdErrorCode() = WDS_E_CANCELLED ALORS SORTIR
	// La conversation est terminée, mais le client est peut-être encore connecté ; la lecture suivante accepte le client suivant.
	SI nPortée = WDS_SCOPE_CLIENT ALORS wdSocketRefuse("serveur")
FIN
Trace(wdErreurInfo())
wdSocketFerme("serveur")
