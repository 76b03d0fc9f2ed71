// FENÊTRE FEN_Serveur : 640 x 460, "Serveur"
//
// Un serveur sans thread : il accepte lui-même ses clients, qui sont dans une table. Ce qu'un
// client envoie, tous le reçoivent. FEN_Serveur.wdw est fait de ce fichier. Si WINDEV ne l'ouvre
// pas, créez une fenêtre de ce nom avec ces champs, et collez chaque code à sa place.
//
// CHAMP LIB_Port : libellé, 16, 16, 40 x 24, "Port"
// CHAMP SAI_Port : champ de saisie, 64, 16, 72 x 24, ""
// CHAMP BTN_Démarrer : bouton, 152, 14, 112 x 28, "Démarrer"
// CHAMP BTN_Arrêter : bouton, 272, 14, 112 x 28, "Arrêter"
// CHAMP BTN_Client : bouton, 400, 14, 108 x 28, "Un client"
// CHAMP BTN_Appareil : bouton, 516, 14, 108 x 28, "Un appareil"
// CHAMP TABLE_Clients : table, 16, 56, 608 x 200, "Clients"
// COLONNE TABLE_Clients.COL_Socket : "Socket"
// COLONNE TABLE_Clients.COL_Adresse : "Adresse"
// COLONNE TABLE_Clients.COL_Messages : "Messages"
// CHAMP BTN_Déconnecter : bouton, 16, 264, 200 x 28, "Déconnecter le client"
// CHAMP SAI_Journal : champ de saisie multiligne, 16, 304, 608 x 140, ""

// CODE FEN_Serveur : fin d'initialisation
SAI_Port = "5000"

// CODE BTN_Démarrer : clic
SI PAS wdSocketCrée("serveur", Val(SAI_Port)) ALORS
	Note(wdErreurInfo())
	RETOUR
FIN
// Un client qui n'envoie rien pendant dix minutes est déconnecté, et au plus cent sont acceptés.
wdSocketFixeOption("serveur", WDS_OPT_IDLE_LIMIT, 600000)
wdSocketFixeOption("serveur", WDS_OPT_MAX_CLIENTS, 100)
SI PAS wdSocketSur("serveur", "FEN_Serveur.SurClient", Faux, "FEN_Serveur") ALORS
	Note(wdErreurInfo())
	Arrête()
	RETOUR
FIN
Note("le serveur attend des clients")

// CODE BTN_Arrêter : clic
Arrête()
Note("le serveur est arrêté")

// CODE BTN_Client : clic
OuvreSoeur(FEN_Client)

// CODE BTN_Appareil : clic
OuvreSoeur(FEN_Appareil)

// CODE BTN_Déconnecter : clic
nChoisie est un entier = TableSelect(TABLE_Clients)
SI nChoisie <= 0 ALORS RETOUR
nSocket est un entier = Val(TABLE_Clients[nChoisie].COL_Socket)
Note("déconnecté : " + TABLE_Clients[nChoisie].COL_Adresse)
TableSupprime(TABLE_Clients, nChoisie)
wdSocketFerme(nSocket)

// CODE FEN_Serveur : fermeture
Arrête()

// CODE FEN_Serveur : procédures locales
PROCÉDURE Note(sTexte est une chaîne)
SAI_Journal = SAI_Journal + sTexte + RC

// Le serveur est fermé avec ses clients.
PROCÉDURE Arrête()
wdSocketServeurFerme("serveur")
TableSupprimeTout(TABLE_Clients)

// La ligne d'un client dans la table, 0 s'il n'y est pas.
PROCÉDURE LigneDe(nSocket est un entier)
POUR nLigne = 1 À TableOccurrence(TABLE_Clients)
	SI Val(TABLE_Clients[nLigne].COL_Socket) = nSocket ALORS RENVOYER nLigne
FIN
RENVOYER 0

// Appelée pour chaque événement de chaque client. Après une fin, son socket est fermé. Une erreur du
// serveur lui-même : un client n'a pas pu être accepté, le serveur continue.
PROCÉDURE SurClient(nSocket est un entier, sMessage est une chaîne, nEvénement est un entier)
sQui est une chaîne = wdSocketInfoClient(nSocket, WDS_INFO_ENDPOINT)
nLigne est un entier = LigneDe(nSocket)
SELON nEvénement
	CAS wdSocketOuverture
		TableAjouteLigne(TABLE_Clients, nSocket, sQui, 0)
		Note(sQui + " arrive")
	CAS wdSocketMessage
		SI nLigne > 0 ALORS TABLE_Clients[nLigne].COL_Messages = Val(TABLE_Clients[nLigne].COL_Messages) + 1
		wdSocketGroupePublie("serveur", "", sQui + " : " + sMessage)
	CAS wdSocketFermeture, wdSocketErreur
		SI nLigne > 0 ALORS TableSupprime(TABLE_Clients, nLigne)
		Note(sQui + " s'en va : " + sMessage)
FIN
