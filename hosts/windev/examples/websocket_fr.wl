// Un client d'un serveur WebSocket dans le thread d'une fenêtre : rien n'attend. Chaque
// message est un texte.

// Déclarations globales de la fenêtre.
GLOBAL
	gnFileWeb est un entier

// Fin d'initialisation de la fenêtre.
PROCÉDURE DémarreWebSocket()
gnFileWeb = wdSocketCréeFile()
wdSocketNouveau("web")
wdSocketFixeOption("web", WDS_OPT_WEBSOCKET_KIND, WDS_WEBSOCKET_TEXT)
// Un ping toutes les 20 secondes, et une erreur si rien ne vient pendant une minute.
wdSocketFixeOption("web", WDS_OPT_HEARTBEAT, 20000)
wdSocketFixeOption("web", WDS_OPT_IDLE_LIMIT, 60000)
Evénement("SurWebSocket", MaFenêtre..Nom, WDS_WINDOW_MESSAGE)
wdSocketFenêtre(gnFileWeb, Handle(MaFenêtre))
SI PAS wdWebSocketClientConnecteEvénements("web", gnFileWeb, "192.168.1.10", 8080, "/discussion") ALORS
	Erreur(wdErreurInfo())
FIN

PROCÉDURE SurWebSocket()
bufEvénements est un Buffer = wdSocketEvénements(gnFileWeb)
POUR nNuméro = 1 À wdEvénementNombre(bufEvénements)
	SELON wdEvénementType(bufEvénements, nNuméro)
		CAS WDS_EVENT_CONNECTED
			wdSocketEcrit("web", "Bonjour")
		CAS WDS_EVENT_MESSAGE
			Trace(wdSocketLit("web"))
		CAS WDS_EVENT_PEER_CLOSED
			Trace("fermé avec " + wdWebSocketInfo("web", WDS_INFO_WEBSOCKET_CLOSE_CODE))
			wdSocketFerme("web")
		CAS WDS_EVENT_ERROR, WDS_EVENT_RESET, WDS_EVENT_TIMEOUT
			Erreur(wdSocketErreurInfo("web"))
			wdSocketFerme("web")
	FIN
FIN

// Fermeture de la fenêtre.
PROCÉDURE TermineWebSocket()
wdSocketFerme("web")
wdSocketFerme(gnFileWeb)
