// Un serveur de discussion et un client dans les threads de leurs fenêtres : pas d'autre
// thread, pas de scrutation. Une procédure est appelée pour chaque événement.

// Fin d'initialisation de la fenêtre du serveur.
PROCÉDURE DémarreServeur()
SI PAS wdSocketCrée("discussion", 5000) ALORS
	Erreur(wdErreurInfo())
	RETOUR
FIN
// Un client qui disparaît est détecté après 30 secondes.
wdSocketFixeOption("discussion", WDS_OPT_PEER_GONE, 30000)
SI PAS wdSocketSur("discussion", "SurClient") ALORS Erreur(wdErreurInfo())

// Appelée pour chaque événement de chaque client.
PROCÉDURE SurClient(nSocket est un entier, sMessage est une chaîne, nEvénement est un entier)
SELON nEvénement
	CAS wdSocketOuverture
		wdSocketEcrit(nSocket, "Bienvenue")
	CAS wdSocketMessage
		wdSocketGroupePublie("discussion", "", wdSocketInfoClient(nSocket, WDS_INFO_ENDPOINT) + " : " + sMessage)
	CAS wdSocketFermeture
		// Le client est parti ; son socket est fermé après cette procédure.
		Trace(sMessage)
	CAS wdSocketErreur
		// La connexion a été coupée, ou un client n'a pas pu être accepté : le texte dit quoi.
		Trace(sMessage)
FIN

// Fermeture de la fenêtre du serveur : le serveur et ses clients.
PROCÉDURE TermineServeur()
wdSocketServeurFerme("discussion")

// Fin d'initialisation de la fenêtre du client.
PROCÉDURE DémarreClient()
wdSocketNouveau("client")
wdSocketSur("client", "SurServeur")
// 0 : la fenêtre n'attend pas ; wdSocketOuverture annonce que la connexion est ouverte.
SI PAS wdSocketConnecte("client", 5000, "192.168.1.10", 0) ALORS Erreur(wdErreurInfo())

PROCÉDURE SurServeur(nSocket est un entier, sMessage est une chaîne, nEvénement est un entier)
SELON nEvénement
	CAS wdSocketOuverture
		wdSocketEcrit(nSocket, "Bonjour")
	CAS wdSocketMessage
		Trace(sMessage)
	CAS wdSocketFermeture, wdSocketErreur
		Info("La conversation est terminée : " + sMessage)
FIN

// Fermeture de la fenêtre du client.
PROCÉDURE TermineClient()
wdSocketFerme("client")
