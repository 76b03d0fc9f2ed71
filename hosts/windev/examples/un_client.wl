// Un client d'un serveur en mode WINDEV, taille en tête : envoie un message et attend la
// réponse cinq secondes.
SI PAS wdSocketConnecte("client", 5000, "127.0.0.1", 3000) ALORS
	Erreur(wdErreurInfo())
	RETOUR
FIN
SI wdSocketEcrit("client", "Bonjour") ALORS
	sRéponse est une chaîne = wdSocketLit("client", Faux, 5000)
	SI wdErreurDétectée() ALORS
		Erreur(wdErreurInfo())
	SINON
		Info("Le serveur répond : " + sRéponse)
	FIN
SINON
	Erreur(wdErreurInfo())
FIN
wdSocketFerme("client")
