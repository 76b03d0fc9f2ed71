// Un client qui se reconnecte de lui-même, dans le thread d'une fenêtre. Le serveur peut être
// arrêté et relancé : les messages non envoyés suivent plus tard, et ceux que le serveur n'a
// peut-être pas lus sont signalés.

// Déclarations globales de la fenêtre.
GLOBAL
	gnFileClient est un entier

// Fin d'initialisation de la fenêtre.
PROCÉDURE DémarreClient()
gnFileClient = wdSocketCréeFile()
wdSocketNouveau("client")
wdSocketFixeOption("client", WDS_OPT_RECONNECT, 1)
wdSocketFixeOption("client", WDS_OPT_RECONNECT_MOST, 5000)
wdSocketFixeOption("client", WDS_OPT_RECONNECT_KEEP, 1048576)
wdSocketFixeOption("client", WDS_OPT_PEER_GONE, 10000)
Evénement("SurClient", MaFenêtre..Nom, WDS_WINDOW_MESSAGE)
wdSocketFenêtre(gnFileClient, Handle(MaFenêtre))
wdSocketAttache(gnFileClient, "client")
// 0 : la fenêtre n'attend pas ; un événement signale que la connexion est ouverte.
wdSocketConnecte("client", 5000, "192.168.1.10", 0)

PROCÉDURE SurClient()
bufEvénements est un Buffer = wdSocketEvénements(gnFileClient)
POUR nNuméro = 1 À wdEvénementNombre(bufEvénements)
	nValeur est un entier = wdEvénementValeur(bufEvénements, nNuméro)
	nPremier est un entier = wdEvénementDétail(bufEvénements, nNuméro)
	SELON wdEvénementType(bufEvénements, nNuméro)
		CAS WDS_EVENT_CONNECTED
			wdSocketEcrit("client", "bonjour")
		CAS WDS_EVENT_MESSAGE
			Trace(wdSocketLit("client"))
		CAS WDS_EVENT_RECONNECTING
			Trace("la connexion est coupée, tentative " + NumériqueVersChaîne(nValeur))
		CAS WDS_EVENT_RECONNECTED
			Trace("la connexion est rétablie")
		CAS WDS_EVENT_DROPPED
			Trace(NumériqueVersChaîne(nValeur) + " messages ont été abandonnés, à partir du numéro " + NumériqueVersChaîne(nPremier))
		CAS WDS_EVENT_UNSURE
			Trace(NumériqueVersChaîne(nValeur) + " messages n'ont peut-être pas été lus, à partir du numéro " + NumériqueVersChaîne(nPremier))
		CAS WDS_EVENT_NOISE
			Trace(NumériqueVersChaîne(nValeur) + " octets qui ne sont pas un message ont été ignorés")
		CAS WDS_EVENT_ERROR, WDS_EVENT_PEER_CLOSED, WDS_EVENT_RESET, WDS_EVENT_TIMEOUT
			Erreur(wdSocketErreurInfo("client"))
			// C'est fini pour de bon, et le socket reste jusqu'à sa fermeture.
			wdSocketFerme("client")
	FIN
FIN

// Fermeture de la fenêtre.
PROCÉDURE TermineClient()
wdSocketFerme("client")
wdSocketFerme(gnFileClient)
