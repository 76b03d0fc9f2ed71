// FENÊTRE FEN_Client : 520 x 420, "Client"
//
// Un client qui n'attend pas les messages : sa procédure est appelée quand il s'est passé quelque chose.
// FEN_Client.wdw est fait de ce fichier. Si WINDEV ne l'ouvre pas, créez une fenêtre de ce nom
// avec ces champs, et collez chaque code à sa place.
//
// CHAMP LIB_Adresse : libellé, 16, 16, 80 x 24, "Serveur"
// CHAMP SAI_Adresse : champ de saisie, 104, 16, 200 x 24, ""
// CHAMP LIB_Port : libellé, 320, 16, 40 x 24, "Port"
// CHAMP SAI_Port : champ de saisie, 368, 16, 72 x 24, ""
// CHAMP BTN_Connecter : bouton, 16, 52, 120 x 28, "Connecter"
// CHAMP BTN_Fermer : bouton, 144, 52, 120 x 28, "Fermer"
// CHAMP SAI_Message : champ de saisie, 16, 96, 360 x 24, ""
// CHAMP BTN_Envoyer : bouton, 384, 94, 120 x 28, "Envoyer"
// CHAMP SAI_Journal : champ de saisie multiligne, 16, 136, 488 x 268, ""

// CODE FEN_Client : fin d'initialisation
SAI_Adresse = "127.0.0.1"
SAI_Port = "5000"

// CODE BTN_Connecter : clic
// La fenêtre n'attend que la connexion, et au plus trois secondes.
SI PAS wdSocketConnecte("client", Val(SAI_Port), SAI_Adresse, 3000) ALORS
	Note(wdErreurInfo())
	RETOUR
FIN
SI PAS wdSocketSur("client", "FEN_Client.SurServeur", Faux, "FEN_Client") ALORS
	Note(wdErreurInfo())
	wdSocketFerme("client")
	RETOUR
FIN
Note("connecté à " + wdSocketInfoClient("client", WDS_INFO_ENDPOINT))

// CODE BTN_Envoyer : clic
SI PAS wdSocketEcrit("client", SAI_Message) ALORS
	Note(wdErreurInfo())
FIN

// CODE BTN_Fermer : clic
SI wdSocketFerme("client") ALORS Note("fermé")

// CODE FEN_Client : fermeture
wdSocketFerme("client")

// CODE FEN_Client : procédures locales
PROCÉDURE Note(sTexte est une chaîne)
SAI_Journal = SAI_Journal + sTexte + RC

// Appelée pour chaque message du serveur, et à la fin de la connexion : le socket est alors fermé.
PROCÉDURE SurServeur(nSocket est un entier, sMessage est une chaîne, nEvénement est un entier)
SELON nEvénement
	CAS wdSocketMessage
		Note("reçu : " + sMessage)
	CAS wdSocketFermeture
		Note("le serveur est parti")
	CAS wdSocketErreur
		Note(sMessage)
FIN
