// Le serveur de discussion_avant.wl avec wdsocket : aucun thread ne se réveille pour rien, et la
// fin d'une conversation se voit sans « BYE », même si un client est tué ou son câble coupé.
PROCÉDURE DémarreDiscussion()
SI PAS wdSocketCrée("discussion", 5000) ALORS
	Erreur(wdErreurInfo())
	RETOUR
FIN
// Un client qui disparaît est remarqué après 30 secondes ; un client qui ne lit pas ne bloque rien.
wdSocketFixeOption("discussion", WDS_OPT_PEER_GONE, 30000)
wdSocketFixeOption("discussion", WDS_OPT_SEND_QUEUE, 1048576)
ThreadExécute("écoute", threadNormal, Ecoute)

PROCÉDURE Ecoute()
BOUCLE
	// Attend qu'un client vienne, ou que TermineDiscussion ferme le serveur.
	sCanal est une chaîne = wdSocketAccepte("discussion", -1)
	SI wdErreurPortée() >= WDS_SCOPE_CONNECTION OU wdErreurCode() = WDS_E_CANCELLED ALORS SORTIR
	SI sCanal <> "" ALORS ThreadExécute("client" + sCanal, threadNormal, Sert, sCanal)
FIN

PROCÉDURE Sert(sCanal est une chaîne)
BOUCLE
	sMessage est une chaîne = wdSocketLit(sCanal)
	SI PAS wdErreurDétectée() ALORS wdSocketGroupePublie("discussion", "", sMessage)
	SI wdErreurPortée() >= WDS_SCOPE_CONNECTION OU wdErreurCode() = WDS_E_CANCELLED ALORS SORTIR
FIN
wdSocketFerme(sCanal)

PROCÉDURE TermineDiscussion()
// Le serveur et ses clients : tout appel en attente se termine, et avec lui tout thread.
wdSocketServeurFerme("discussion")
