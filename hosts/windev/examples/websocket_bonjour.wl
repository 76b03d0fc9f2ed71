// Un client d'un serveur WebSocket dans le thread d'une fenêtre, en aussi peu de lignes
// que possible. websocket.wl a en plus des pings et une limite de silence.

// Déclarations globales de la fenêtre.
GLOBAL
	gnFile est un entier

// Fin d'initialisation de la fenêtre.
PROCÉDURE DémarreBonjour()
gnFile = wdSocketCréeFile()
Evénement("SurWebSocket", MaFenêtre..Nom, WDS_WINDOW_MESSAGE)
wdSocketFenêtre(gnFile, Handle(MaFenêtre))
wdWebSocketClientConnecteEvénements("client", gnFile, "192.168.1.10", 80, "/MonServeurWebSocket")

PROCÉDURE SurWebSocket()
bufEvénements est un Buffer = wdSocketEvénements(gnFile)
POUR nNuméro = 1 À wdEvénementNombre(bufEvénements)
	SELON wdEvénementType(bufEvénements, nNuméro)
		CAS WDS_EVENT_CONNECTED : wdSocketEcrit("client", "Bonjour")
		CAS WDS_EVENT_MESSAGE : Trace(wdSocketLit("client"))
		CAS WDS_EVENT_PEER_CLOSED, WDS_EVENT_RESET, WDS_EVENT_TIMEOUT
			Trace("fermé : " + wdWebSocketInfo("client", WDS_INFO_WEBSOCKET_CLOSE_REASON))
			wdSocketFerme("client")
		CAS WDS_EVENT_ERROR
			Erreur(wdSocketErreurInfo("client"))
			SI wdEvénementDétail(bufEvénements, nNuméro) >= WDS_SCOPE_CONNECTION ALORS wdSocketFerme("client")
	FIN
FIN

// Fermeture de la fenêtre.
PROCÉDURE TermineBonjour()
wdSocketFerme("client")
wdSocketFerme(gnFile)
