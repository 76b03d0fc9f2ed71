// Un serveur de discussion avec les fonctions de socket du WLangage, comme en ont beaucoup de
// programmes : chaque thread se réveille toutes les 10 ms, et « BYE » dit à l'autre bout que la
// conversation est finie. discussion_apres.wl est le même serveur avec wdsocket.
GLOBAL
	gbFin est un booléen = Faux
	gtabCanaux est un tableau de chaînes

PROCÉDURE DémarreDiscussion()
SI PAS SocketCrée("discussion", 5000) ALORS
	Erreur(ErreurInfo())
	RETOUR
FIN
ThreadExécute("écoute", threadNormal, Ecoute)

PROCÉDURE Ecoute()
BOUCLE
	SI gbFin ALORS SORTIR
	SI SocketAttendConnexion("discussion", 10) ALORS
		sCanal est une chaîne = SocketAccepte("discussion")
		SI sCanal <> "" ALORS
			TableauAjoute(gtabCanaux, sCanal)
			ThreadExécute("client" + sCanal, threadNormal, Sert, sCanal)
		FIN
	FIN
FIN

PROCÉDURE Sert(sCanal est une chaîne)
BOUCLE
	SI gbFin ALORS SORTIR
	sMessage est une chaîne = SocketLit(sCanal, Faux, 10)
	SI sMessage = "BYE" ALORS SORTIR
	SI sMessage <> "" ALORS
		POUR TOUT sAutre DE gtabCanaux
			SocketEcrit(sAutre, sMessage)
		FIN
	FIN
FIN
SocketEcrit(sCanal, "BYE")
SocketFerme(sCanal)

PROCÉDURE TermineDiscussion()
gbFin = Vrai
ThreadAttend("écoute", 1000)
SocketFerme("discussion")
