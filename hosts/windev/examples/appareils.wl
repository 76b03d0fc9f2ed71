// Les appareils de docs/appareils.md, qui dit ce que chacun envoie et ce que cela signifie.
// Copiez les procédures du vôtre ; adresses et ports sont des exemples.

// La file des traceurs.
GLOBAL
	gnFile est un entier

// Une balance : son poids dès qu'il est stable, ou -1.
PROCÉDURE PoidsStable()
sLigne est une chaîne
wdSocketConnecte("balance", 4305, "192.168.1.30", 3000)
wdSocketChangeModeTransmission("balance", WDS_MODE_END_TAG, Caract(13) + Caract(10))
POUR nEssai = 1 À 5
	wdSocketEcrit("balance", "S")
	sLigne = wdSocketLit("balance", Faux, 5000)
	SI wdErreurDétectée() ALORS SORTIR
	// 16 caractères : avec des parasites devant, ou sans son début, une ligne en a un autre nombre.
	SI Taille(sLigne) = 16 ET sLigne[[1 À 4]] = "S S " ALORS SORTIR
	sLigne = ""
FIN
wdSocketFerme("balance")
SI sLigne = "" ALORS RENVOYER -1
RENVOYER Val(sLigne[[5 À 14]])

// Une imprimante de tickets : imprime, sauf si elle n'a plus de papier.
PROCÉDURE EtatImprimante(nLequel est un entier)
bufQuestion est un Buffer
bufQuestion[[1]] = 16
bufQuestion[[2]] = 4
bufQuestion[[3]] = nLequel
bufRéponse est un Buffer = wdSocketEchange("imprimante", bufQuestion, 5000)
SI wdErreurDétectée() ALORS RENVOYER -1
sEtat est une chaîne ANSI = bufRéponse
RENVOYER Asc(sEtat[[1]])

PROCÉDURE ImprimeTicket(sTicket est une chaîne)
wdSocketConnecte("imprimante", 9100, "192.168.1.31", 3000)
wdSocketChangeModeTransmission("imprimante", WDS_MODE_RAW)
// Bits 5 et 6 de l'état 4 : plus de papier. Bit 3 de l'état 1 : hors ligne.
nPapier est un entier = EtatImprimante(4)
bImprimé est un booléen = Faux
SI nPapier >= 0 ET nPapier < 32 ALORS bImprimé = wdSocketEcrit("imprimante", Caract(27) + "@" + sTicket + Caract(29) + "VB" + Caract(0))
wdSocketFerme("imprimante")
RENVOYER bImprimé

// Une imprimante d'étiquettes : imprime, sauf si elle n'a plus d'étiquettes ou est en pause.
PROCÉDURE ImprimeEtiquette(sTexte est une chaîne)
sPremière est une chaîne
sDeuxième est une chaîne
sTroisième est une chaîne
wdSocketConnecte("étiquettes", 9100, "192.168.1.32", 3000)
wdSocketChangeModeTransmission("étiquettes", WDS_MODE_END_TAG, Caract(3) + Caract(13) + Caract(10))
wdSocketFixeOption("étiquettes", WDS_OPT_WRITE_MODE, WDS_MODE_RAW)
wdSocketEcrit("étiquettes", "~HS")
sPremière = wdSocketLit("étiquettes", Faux, 5000)
sDeuxième = wdSocketLit("étiquettes", Faux, 5000)
sTroisième = wdSocketLit("étiquettes", Faux, 5000)
bImprimé est un booléen = Faux
SI PAS wdErreurDétectée() ALORS
	// Deuxième champ : plus d'étiquettes. Troisième : pause.
	SI ExtraitChaîne(sPremière, 2, ",") = "0" ET ExtraitChaîne(sPremière, 3, ",") = "0" ALORS
		bImprimé = wdSocketEcrit("étiquettes", "^XA^FO50,50^A0N,50,50^FD" + sTexte + "^FS^XZ")
	FIN
FIN
wdSocketFerme("étiquettes")
RENVOYER bImprimé

// Un lecteur de codes-barres : chaque code quand il vient, dans un thread.
PROCÉDURE LitCodes()
sCode est une chaîne
wdSocketConnecte("lecteur", 9004, "192.168.1.33", 3000)
wdSocketChangeModeTransmission("lecteur", WDS_MODE_END_TAG, Caract(13))
BOUCLE
	// Sans limite : jusqu'à ce que quelqu'un fasse lire un code. Dans une fenêtre, utilisez les événements.
	sCode = wdSocketLit("lecteur")
	SI wdErreurDétectée() ALORS SORTIR
	SI Taille(sCode) > 0 ALORS
		// D'un lecteur réglé sur CR LF.
		SI sCode[[1]] = Caract(10) ALORS sCode = sCode[[2 À]]
	FIN
	Trace(sCode)
FIN
wdSocketFerme("lecteur")
RENVOYER Vrai

// Un terminal de paiement : Vrai si le montant a été payé.
PROCÉDURE EcritOctet(nOctet est un entier)
bufOctet est un Buffer
bufOctet[[1]] = nOctet
wdSocketFixeOption("terminal", WDS_OPT_WRITE_MODE, WDS_MODE_RAW)
bEcrit est un booléen = wdSocketEcritBuffer("terminal", bufOctet)
wdSocketFixeOption("terminal", WDS_OPT_WRITE_MODE, -1)
RENVOYER bEcrit

PROCÉDURE LitOctet(nDélai est un entier)
bufOctet est un Buffer = wdSocketLitExactement("terminal", 1, nDélai)
SI wdErreurDétectée() ALORS RENVOYER -1
sOctet est une chaîne ANSI = bufOctet
RENVOYER Asc(sOctet[[1]])

PROCÉDURE Paie(nCentimes est un entier)
sRésultat est une chaîne
sMontant est une chaîne = NumériqueVersChaîne(nCentimes, "08d")
wdSocketConnecte("terminal", 8888, "192.168.1.34", 3000)
wdSocketProfil("terminal", "stx-etx-bcc")
EcritOctet(5)
SI LitOctet(3000) = 6 ALORS
	wdSocketEcrit("terminal", "01" + sMontant + "010978          A010B010")
	SI LitOctet(3000) = 6 ALORS
		EcritOctet(4)
		// Le client a 90 secondes.
		SI LitOctet(90000) = 5 ALORS
			EcritOctet(6)
			sRésultat = wdSocketLit("terminal", Faux, 3000)
			EcritOctet(6)
		FIN
	FIN
FIN
wdSocketFerme("terminal")
SI Taille(sRésultat) < 25 ALORS RENVOYER Faux
RENVOYER sRésultat[[3]] = "0" ET sRésultat[[4 À 11]] = sMontant

// Un automate Modbus TCP : un registre de l'unité 1, ou -1.
PROCÉDURE LitRegistre(nRegistre est un entier)
wdSocketNouveau("automate")
wdSocketProfil("automate", "modbus-tcp")
nValeur est un entier = -1
SI wdSocketConnecte("automate", 502, "192.168.1.20", 2000) ALORS
	// Transaction 1, unité 1, fonction 3 : un registre.
	bufQuestion est un Buffer = HexaVersBuffer("00 01 00 00 00 00 01 03 00 00 00 01")
	bufQuestion[[9]] = PartieEntière(nRegistre / 256)
	bufQuestion[[10]] = nRegistre modulo 256
	bufRéponse est un Buffer = wdSocketEchange("automate", bufQuestion, 3000)
	SI PAS wdErreurDétectée() ALORS
		sRéponse est une chaîne ANSI = bufRéponse
		SI Taille(bufRéponse) = 11 ALORS nValeur = Asc(sRéponse[[10]]) * 256 + Asc(sRéponse[[11]])
	FIN
FIN
wdSocketFerme("automate")
RENVOYER nValeur

// Un automate S7 : 20 octets du bloc de données 1, en hexadécimal.
PROCÉDURE LitBloc()
wdSocketNouveau("s7")
wdSocketProfil("s7", "tpkt")
sOctets est une chaîne
SI wdSocketConnecte("s7", 102, "192.168.1.21", 3000) ALORS
	// Rack 0, emplacement 2 ; puis des paquets de 480 octets ; puis 20 octets du début du bloc de données 1.
	bufConnexion est un Buffer = wdSocketEchange("s7", HexaVersBuffer("11E00000000100C0010AC1020100C2020102"), 3000)
	// Une réponse répète la référence de sa question, derrière 7 octets.
	wdSocketFixeOption("s7", WDS_OPT_EXCHANGE_FIELD, 7)
	bufRéglage est un Buffer = wdSocketEchange("s7", HexaVersBuffer("02F08032010000000100080000F0000001000101E0"), 3000)
	bufLecture est un Buffer = wdSocketEchange("s7", HexaVersBuffer("02F080320100000002000E00000401120A10020014000184000000"), 3000)
	// Derrière 15 octets d'en-têtes : fonction, éléments, FF 04, longueur.
	SI Taille(bufLecture) = 41 ALORS sOctets = BufferVersHexa(bufLecture[[22 À 41]])
FIN
wdSocketFerme("s7")
RENVOYER sOctets

// Un récepteur HL7 : Vrai s'il a accepté le message.
PROCÉDURE EnvoieHL7(sMessage est une chaîne, sNuméro est une chaîne)
sRéponse est une chaîne
wdSocketNouveau("his")
wdSocketProfil("his", "mllp")
bAccepté est un booléen = Faux
SI wdSocketConnecte("his", 2575, "192.168.1.40", 3000) ALORS
	wdSocketEcrit("his", sMessage)
	BOUCLE
		sRéponse = wdSocketLit("his", Faux, 10000)
		SI wdErreurDétectée() ALORS SORTIR
		// Une réponse tardive appartient à un message précédent.
		SI Position(sRéponse, "|" + sNuméro) > 0 ALORS
			bAccepté = Position(sRéponse, Caract(13) + "MSA|AA|" + sNuméro) > 0
			SORTIR
		FIN
	FIN
FIN
wdSocketFerme("his")
RENVOYER bAccepté

// Des traceurs GPS : un serveur pour beaucoup d'entre eux, dans le thread d'une fenêtre.
PROCÉDURE OuvreTraceurs()
gnFile = wdSocketCréeFile()
wdSocketCrée("traceurs", 5027)
wdSocketChangeModeTransmission("traceurs", WDS_MODE_LENGTH)
wdSocketFixeOption("traceurs", WDS_OPT_WRITE_MODE, WDS_MODE_RAW)
wdSocketFixeOption("traceurs", WDS_OPT_IDLE_LIMIT, 600000)
wdSocketFixeOption("traceurs", WDS_OPT_SEND_QUEUE, 1048576)
wdSocketAttache(gnFile, "traceurs", Vrai)
RENVOYER Vrai

PROCÉDURE UnMessage(nSocket est un entier)
bufMessage est un Buffer = wdSocketLitBuffer(nSocket, 0)
bufRéponse est un Buffer
sOctets est une chaîne ANSI = bufMessage
SI wdErreurDétectée() ALORS RENVOYER Faux
SI wdSocketLitOption(nSocket, WDS_OPT_USER_NUMBER) = 0 ALORS
	// L'identification : désormais, des paquets.
	wdSocketFixeOption(nSocket, WDS_OPT_USER_NUMBER, 1)
	wdSocketFixeTexte(nSocket, WDS_TEXT_USER_TEXT, sOctets)
	wdSocketFixeOption(nSocket, WDS_OPT_FRAME_OFFSET, 4)
	wdSocketFixeOption(nSocket, WDS_OPT_FRAME_WIDTH, 4)
	wdSocketFixeOption(nSocket, WDS_OPT_FRAME_ADJUSTMENT, 4)
	bufRéponse[[1]] = 1
	RENVOYER wdSocketEcritBuffer(nSocket, bufRéponse)
FIN
// Le deuxième octet est le nombre d'enregistrements. Le programme en C décode leur contenu et vérifie le CRC.
SI Taille(bufMessage) < 7 ALORS RENVOYER Faux
bufRéponse = HexaVersBuffer("00 00 00 00")
bufRéponse[[4]] = Asc(sOctets[[2]])
Trace(wdSocketLitTexte(nSocket, WDS_TEXT_USER_TEXT), BufferVersHexa(bufMessage))
RENVOYER wdSocketEcritBuffer(nSocket, bufRéponse)

PROCÉDURE SurTraceurs()
bufEvénements est un Buffer = wdSocketEvénements(gnFile)
POUR nNuméro = 1 À wdEvénementNombre(bufEvénements)
	nSocket est un entier = wdEvénementSocket(bufEvénements, nNuméro)
	SELON wdEvénementType(bufEvénements, nNuméro)
		CAS WDS_EVENT_MESSAGE
			SI PAS UnMessage(nSocket) ALORS wdSocketFerme(nSocket)
		CAS WDS_EVENT_PEER_CLOSED, WDS_EVENT_RESET, WDS_EVENT_TIMEOUT : wdSocketFerme(nSocket)
		CAS WDS_EVENT_ERROR
			SI wdEvénementDétail(bufEvénements, nNuméro) >= WDS_SCOPE_CONNECTION ALORS wdSocketFerme(nSocket)
	FIN
FIN
RENVOYER Vrai
