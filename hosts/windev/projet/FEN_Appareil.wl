// FENÊTRE FEN_Appareil : 560 x 420, "Balance"
//
// Une balance dont les messages sont entre STX et ETX, avec un octet de contrôle (BCC). Le bouton
// « Simuler » en met une sur cette machine. FEN_Appareil.wdw est fait de ce fichier. Si WINDEV ne
// l'ouvre pas, créez une fenêtre de ce nom avec ces champs, et collez chaque code à sa place.
//
// CHAMP LIB_Adresse : libellé, 16, 16, 80 x 24, "Balance"
// CHAMP SAI_Adresse : champ de saisie, 104, 16, 200 x 24, ""
// CHAMP LIB_Port : libellé, 320, 16, 40 x 24, "Port"
// CHAMP SAI_Port : champ de saisie, 368, 16, 72 x 24, ""
// CHAMP BTN_Simuler : bouton, 16, 52, 120 x 28, "Simuler"
// CHAMP BTN_Connecter : bouton, 144, 52, 120 x 28, "Connecter"
// CHAMP BTN_Peser : bouton, 272, 52, 120 x 28, "Peser"
// CHAMP LIB_Poids : libellé, 16, 96, 400 x 40, "-"
// CHAMP SAI_Journal : champ de saisie multiligne, 16, 148, 528 x 256, ""

// CODE FEN_Appareil : fin d'initialisation
SAI_Adresse = "127.0.0.1"
SAI_Port = "4001"

// CODE BTN_Simuler : clic
// Le découpage se règle avant l'ouverture ; les clients du serveur en héritent.
SI wdSocketNouveau("simulée") <= 0 ALORS
	Note(wdErreurInfo())
	RETOUR
FIN
wdSocketProfil("simulée", "stx-etx-bcc")
SI PAS wdSocketCrée("simulée", Val(SAI_Port), "127.0.0.1") ALORS
	Note(wdErreurInfo())
	wdSocketFerme("simulée")
	RETOUR
FIN
wdSocketSur("simulée", "FEN_Appareil.SurQuestion", Faux, "FEN_Appareil")
Note("une balance simulée attend")

// CODE BTN_Connecter : clic
SI wdSocketNouveau("balance") <= 0 ALORS
	Note(wdErreurInfo())
	RETOUR
FIN
wdSocketProfil("balance", "stx-etx-bcc")
SI PAS wdSocketConnecte("balance", Val(SAI_Port), SAI_Adresse, 3000) ALORS
	Note(wdErreurInfo())
	wdSocketFerme("balance")
	RETOUR
FIN
wdSocketSur("balance", "FEN_Appareil.SurPoids", Faux, "FEN_Appareil")
Note("connecté à la balance")

// CODE BTN_Peser : clic
SI PAS wdSocketEcrit("balance", "P") ALORS Note(wdErreurInfo())

// CODE FEN_Appareil : fermeture
wdSocketFerme("balance")
wdSocketServeurFerme("simulée")

// CODE FEN_Appareil : procédures locales
PROCÉDURE Note(sTexte est une chaîne)
SAI_Journal = SAI_Journal + sTexte + RC

// La balance a répondu, ou la connexion est terminée : son socket est alors fermé.
PROCÉDURE SurPoids(nSocket est un entier, sMessage est une chaîne, nEvénement est un entier)
SELON nEvénement
	CAS wdSocketMessage
		LIB_Poids = sMessage
	CAS wdSocketFermeture, wdSocketErreur
		Note("connexion terminée : " + sMessage)
FIN

// La balance simulée répond à la question.
PROCÉDURE SurQuestion(nSocket est un entier, sMessage est une chaîne, nEvénement est un entier)
SI nEvénement = wdSocketMessage ALORS wdSocketEcrit(nSocket, NumériqueVersChaîne(Hasard(1, 9999)) + " g")
