// Un serveur standard : un thread par client. wdSocketFerme("serveur") depuis un autre
// thread, ou wdSocketFermeTout(), y met fin aussitôt.

PROCÉDURE Ecoute()
SI PAS wdSocketCrée("serveur", 5000) ALORS
	Trace(wdErreurInfo())
	RETOUR
FIN
// Un client qui n'envoie rien, ou s'arrête au milieu d'un message, ne retient pas son thread.
wdSocketFixeOption("serveur", WDS_OPT_IDLE_LIMIT, 60000)
nClient est un entier = 0
BOUCLE
	// Pas de scrutation : -1 attend qu'un client vienne ou que le serveur soit fermé.
	sCanal est une chaîne = wdSocketAccepte("serveur", -1)
	// En dessous de cette portée, une erreur concerne un client, ou elle est passagère.
	SI wdErreurPortée() >= WDS_SCOPE_CONNECTION OU wdErreurCode() = WDS_E_CANCELLED ALORS SORTIR
	SI sCanal <> "" ALORS
		nClient = nClient + 1
		ThreadExécute("client" + NumériqueVersChaîne(nClient), threadNormal, Sert, sCanal)
	FIN
FIN
Trace(wdErreurInfo())
wdSocketFerme("serveur")

PROCÉDURE Sert(sCanal est une chaîne)
Trace("client " + wdSocketInfoClient(sCanal, WDS_INFO_ENDPOINT))
BOUCLE
	sMessage est une chaîne = wdSocketLit(sCanal)
	SI PAS wdErreurDétectée() ALORS wdSocketEcrit(sCanal, sMessage)
	// La lecture ou l'écriture a échoué : client parti, connexion coupée, silence, fermeture par ce programme. Le texte dit quoi.
	// En dessous de cette portée, un message était faux, et le suivant est peut-être juste.
	SI wdErreurPortée() >= WDS_SCOPE_CONNECTION OU wdErreurCode() = WDS_E_CANCELLED ALORS
		Trace(wdErreurInfo())
		SORTIR
	FIN
FIN
wdSocketFerme(sCanal)
