// Le premier message : un serveur et un client dans un bouton. Chaque résultat est testé, et
// aucune attente ne dépasse trois secondes : la fenêtre ne se fige pas.
nServeur est un entier = wdSocketCrée("", 0, "127.0.0.1")
SI nServeur = 0 ALORS
	Erreur(wdErreurInfo())
	RETOUR
FIN
nClient est un entier = wdSocketConnecte("", wdSocketLitOption(nServeur, WDS_OPT_LOCAL_PORT), "127.0.0.1", 3000)
SI nClient = 0 ALORS
	Erreur(wdErreurInfo())
	wdSocketFerme(nServeur)
	RETOUR
FIN
sMessage est une chaîne = ""
SI wdSocketEcrit(nClient, "Bonjour") ALORS sMessage = wdSocketLit(nServeur, Faux, 3000)
// De l'écriture ou de la lecture, selon la dernière faite.
SI wdErreurDétectée() ALORS
	Erreur(wdErreurInfo())
SINON
	Info(sMessage)
FIN
wdSocketFerme(nClient)
wdSocketFerme(nServeur)
