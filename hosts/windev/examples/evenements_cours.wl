// Un serveur qui publie des cours deux fois par seconde ; exécutez-le dans son propre thread.
// Un client envoie un nom et reçoit dès lors les cours de ce nom.
// wdSocketAnnule(nFile) ou wdSocketFermeTout() depuis un autre thread y met fin.
nFile est un entier = wdSocketCréeFile()
SI PAS wdSocketCrée("cours", 5001) ALORS
	Trace(wdErreurInfo())
	wdSocketFerme(nFile)
	RETOUR
FIN
// Un client qui ne lit pas perd ses cours les plus anciens et ne retarde pas les autres.
wdSocketFixeOption("cours", WDS_OPT_PUBLISH_QUEUE, 65536)
wdSocketFixeOption("cours", WDS_OPT_PUBLISH_POLICY, 0)
wdSocketFixeOption("cours", WDS_OPT_PEER_GONE, 30000)
wdSocketAttache(nFile, "cours", Vrai)
wdSocketCréeMinuterie(nFile, 500, 500)
nCours est un entier = 9120
BOUCLE
	// Pas de scrutation : l'appel dort jusqu'à ce qu'il se passe quelque chose.
	bufEvénements est un Buffer = wdSocketEvénements(nFile, -1)
	// Annulé, ou la file est fermée : une erreur de la file, jamais d'un client.
	SI wdErreurDétectée() ALORS SORTIR
	POUR nNuméro = 1 À wdEvénementNombre(bufEvénements)
		nSocket est un entier = wdEvénementSocket(bufEvénements, nNuméro)
		SELON wdEvénementType(bufEvénements, nNuméro)
			CAS WDS_EVENT_TIMER
				nCours = nCours + Hasard(-10, 10)
				// Codé une fois, écrit à chaque membre du groupe.
				wdSocketGroupePublie("cours", "cuivre", "cuivre " + NumériqueVersChaîne(nCours))
			CAS WDS_EVENT_MESSAGE
				wdSocketGroupeRejoint(nSocket, wdSocketLit(nSocket))
			CAS WDS_EVENT_DROPPED
				Trace("un client ne lit pas : " + NumériqueVersChaîne(wdEvénementValeur(bufEvénements, nNuméro)) + " cours abandonnés")
			CAS WDS_EVENT_PEER_CLOSED, WDS_EVENT_RESET, WDS_EVENT_TIMEOUT
				wdSocketFerme(nSocket)
			CAS WDS_EVENT_ERROR
				// Moins que la connexion : un client n'a pas pu être accepté, le serveur continue.
				SI wdEvénementDétail(bufEvénements, nNuméro) >= WDS_SCOPE_CONNECTION ALORS wdSocketFerme(nSocket)
		FIN
	FIN
FIN
Trace(NumériqueVersChaîne(wdSocketStatistique("cours", WDS_STAT_ACCEPTED)) + " clients sont venus")
// Le serveur, ses clients et la file : fermer le serveur seul laisse ses clients ouverts.
wdSocketFermeTout()
