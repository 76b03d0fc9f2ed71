// Un serveur de discussion dans le thread d'une fenêtre : pas d'autre thread, pas de
// scrutation. La fenêtre reçoit un message quand il y a des événements, et SurSockets les cherche.

// Déclarations globales de la fenêtre.
GLOBAL
	gnFile est un entier

// Fin d'initialisation de la fenêtre.
PROCÉDURE DémarreDiscussion()
gnFile = wdSocketCréeFile()
SI PAS wdSocketCrée("discussion", 5000) ALORS
	Erreur(wdErreurInfo())
	RETOUR
FIN
// Un client qui ne lit pas ne doit pas retenir la fenêtre : une écriture n'attend jamais.
wdSocketFixeOption("discussion", WDS_OPT_SEND_QUEUE, 1048576)
// Un client qui ne fait qu'écouter reste ; un client qui disparaît est détecté après 30 secondes.
wdSocketFixeOption("discussion", WDS_OPT_PEER_GONE, 30000)
wdSocketFixeOption("discussion", WDS_OPT_MAX_CLIENTS, 1000)
Evénement("SurSockets", MaFenêtre..Nom, WDS_WINDOW_MESSAGE)
wdSocketFenêtre(gnFile, Handle(MaFenêtre))
wdSocketAttache(gnFile, "discussion", Vrai)

// Appelée pour chaque message de fenêtre : cherche les événements. Parfois il n'y en a pas.
PROCÉDURE SurSockets()
bufEvénements est un Buffer = wdSocketEvénements(gnFile)
POUR nNuméro = 1 À wdEvénementNombre(bufEvénements)
	nSocket est un entier = wdEvénementSocket(bufEvénements, nNuméro)
	sQui est une chaîne = wdSocketInfoClient(nSocket, WDS_INFO_ENDPOINT)
	SELON wdEvénementType(bufEvénements, nNuméro)
		CAS WDS_EVENT_ACCEPTED
			wdSocketGroupePublie("discussion", "", sQui + " arrive")
		CAS WDS_EVENT_MESSAGE
			wdSocketGroupePublie("discussion", "", sQui + " : " + wdSocketLit(nSocket))
		CAS WDS_EVENT_PEER_CLOSED, WDS_EVENT_RESET, WDS_EVENT_TIMEOUT
			wdSocketFerme(nSocket)
			wdSocketGroupePublie("discussion", "", sQui + " s'en va")
		CAS WDS_EVENT_ERROR
			// Moins que la connexion : un client n'a pas pu être accepté, le serveur continue.
			SI wdEvénementDétail(bufEvénements, nNuméro) >= WDS_SCOPE_CONNECTION ALORS
				wdSocketFerme(nSocket)
				wdSocketGroupePublie("discussion", "", sQui + " s'en va")
			FIN
	FIN
FIN

// Fermeture de la fenêtre.
PROCÉDURE TermineDiscussion()
// Le serveur avec ses clients, et la file.
wdSocketServeurFerme("discussion")
wdSocketFerme(gnFile)
