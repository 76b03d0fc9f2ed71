// Un serveur simplifié, à exécuter dans son propre thread : un client à la fois, sans
// accepter. La première lecture accepte le client, qui doit donc envoyer le premier.
SI PAS wdSocketCrée("serveur", 5000) ALORS
	Trace(wdErreurInfo())
	RETOUR
FIN
// Un client silencieux fait attendre les autres une minute au plus, comme celui qui ne termine jamais son message.
wdSocketFixeOption("serveur", WDS_OPT_IDLE_LIMIT, 60000)
wdSocketFixeOption("serveur", WDS_OPT_MESSAGE_LIMIT, 60000)
// La portée est celle de la dernière erreur, de la lecture ou de l'écriture : après WDS_SCOPE_MESSAGE
// un message était faux, et le suivant du client est peut-être juste. wdSocketAnnule termine aussi la boucle.
BOUCLE
	sMessage est une chaîne = wdSocketLit("serveur")
	bÉcriture est un booléen = PAS wdErreurDétectée()
	SI bÉcriture ALORS wdSocketEcrit("serveur", "Vous avez dit : " + sMessage)
	nPortée est un entier = wdErreurPortée()
	SI nPortée >= WDS_SCOPE_CONNECTION OU wdErreurCode() = WDS_E_CANCELLED ALORS SORTIR
	// Après une écriture qui a échoué, le client peut être encore connecté, mais il ne prend pas les réponses. Après une lecture, le serveur l'a fermé.
	SI bÉcriture ET (nPortée = WDS_SCOPE_CLIENT OU nPortée = WDS_SCOPE_CALL) ALORS wdSocketRefuse("serveur")
FIN
Trace(wdErreurInfo())
wdSocketFerme("serveur")
