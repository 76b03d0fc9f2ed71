// Des messages qui sont des structures : des nombres de taille fixe l'un derrière l'autre, comme
// les envoie un programme en C ou un automate. Une structure qui passe par Transfert n'a que des
// nombres et des textes de taille fixe.
STMesure est une Structure
	nNuméro est un entier
	nValeur est un entier
FIN

PROCÉDURE EnvoieMesure(nNuméro est un entier, nValeur est un entier)
stMesure est un STMesure
stMesure.nNuméro = nNuméro
stMesure.nValeur = nValeur
bufMessage est un Buffer sur 8
Transfert(&bufMessage, &stMesure, 8)
SI PAS wdSocketEcritBuffer("appareil", bufMessage) ALORS Trace(wdErreurInfo())

PROCÉDURE ReçoitMesure()
stMesure est un STMesure
bufMessage est un Buffer = wdSocketLitBuffer("appareil", 2000)
SI Taille(bufMessage) <> 8 ALORS
	Trace("pas de mesure : " + wdErreurInfo())
	RETOUR
FIN
Transfert(&stMesure, &bufMessage, 8)
Trace("mesure " + NumériqueVersChaîne(stMesure.nNuméro) + " : " + NumériqueVersChaîne(stMesure.nValeur))
