// Un serveur d'écho dans le thread d'une fenêtre : pas d'autre thread, pas de scrutation.
// Chaque client reçoit ses propres messages.

// Déclarations globales de la fenêtre.
GLOBAL
	gnFile est un entier

// Fin d'initialisation de la fenêtre.
PROCÉDURE DémarreEcho()
gnFile = wdSocketCréeFile()
wdSocketCrée("discussion", 5000)
// Un client qui n'envoie rien pendant dix minutes est déconnecté : WDS_EVENT_TIMEOUT.
wdSocketFixeOption("discussion", WDS_OPT_IDLE_LIMIT, 600000)
// Un client qui ne lit pas ne doit pas bloquer la fenêtre : une écriture n'attend jamais.
wdSocketFixeOption("discussion", WDS_OPT_SEND_QUEUE, 1048576)
Evénement("SurSockets", MaFenêtre..Nom, WDS_WINDOW_MESSAGE)
wdSocketFenêtre(gnFile, Handle(MaFenêtre))
wdSocketAttache(gnFile, "discussion", Vrai)

// Appelée à chaque message de la fenêtre : lit les événements. Parfois il n'y en a pas.
PROCÉDURE SurSockets()
bufEvénements est un Buffer = wdSocketEvénements(gnFile)
POUR nNuméro = 1 À wdEvénementNombre(bufEvénements)
	nSocket est un entier = wdEvénementSocket(bufEvénements, nNuméro)
	SELON wdEvénementType(bufEvénements, nNuméro)
		CAS WDS_EVENT_MESSAGE : wdSocketEcrit(nSocket, "Vous avez dit : " + wdSocketLit(nSocket))
		CAS WDS_EVENT_PEER_CLOSED, WDS_EVENT_RESET, WDS_EVENT_TIMEOUT : wdSocketFerme(nSocket)
		CAS WDS_EVENT_ERROR
			// Moins que la connexion : un client n'a pas pu être accepté, le serveur continue.
			SI wdEvénementDétail(bufEvénements, nNuméro) >= WDS_SCOPE_CONNECTION ALORS wdSocketFerme(nSocket)
	FIN
FIN

// Fermeture de la fenêtre.
PROCÉDURE TermineEcho()
// Le serveur avec ses clients, et la file.
wdSocketServeurFerme("discussion")
wdSocketFerme(gnFile)
