// Des appareils dont les messages commencent par une longueur binaire.

// Un appareil Modbus TCP : lit deux registres à partir de l'adresse 0 de l'unité 1.
// Un message est formé de : transaction (2 octets), protocole 0 (2), longueur (2), unité (1),
// fonction (1) et ses données. Le préréglage sait où est la longueur ; elle est
// remplie à l'écriture, et les réponses à d'autres transactions sont supprimées.
PROCÉDURE LitRegistres()
wdSocketNouveau("automate")
wdSocketProfil("automate", "modbus-tcp")
SI PAS wdSocketConnecte("automate", 502, "192.168.1.20", 2000) ALORS
	Erreur(wdErreurInfo())
	// wdSocketNouveau l'a créé, et l'appel suivant le crée à nouveau.
	wdSocketFerme("automate")
	RETOUR
FIN
// Les octets d'un buffer sont affectés un à un : Caract() en donne deux dans un projet UNICODE.
bufQuestion est un Buffer
bufQuestion[[1]] = 0
bufQuestion[[2]] = 1
bufQuestion[[3]] = 0
bufQuestion[[4]] = 0
bufQuestion[[5]] = 0
bufQuestion[[6]] = 0
bufQuestion[[7]] = 1
bufQuestion[[8]] = 3
bufQuestion[[9]] = 0
bufQuestion[[10]] = 0
bufQuestion[[11]] = 0
bufQuestion[[12]] = 2
bufRéponse est un Buffer = wdSocketEchange("automate", bufQuestion, 1000)
SI wdErreurDétectée() ALORS
	Erreur(wdErreurInfo())
SINON
	sRegistre est une chaîne ANSI = bufRéponse[[10 À 11]]
	Info("Premier registre : " + NumériqueVersChaîne(Asc(sRegistre[[1]]) * 256 + Asc(sRegistre[[2]])))
FIN
wdSocketFerme("automate")

// Un autre appareil : quatre octets, octet faible en premier, donnent le nombre d'octets
// qui les suivent ; un message a 64 Ko au plus.
PROCÉDURE PréfixePropre()
wdSocketNouveau("appareil")
wdSocketFixeOption("appareil", WDS_OPT_FRAME_WIDTH, 4)
wdSocketFixeOption("appareil", WDS_OPT_FRAME_ORDER, 1)
wdSocketFixeOption("appareil", WDS_OPT_MAX_MESSAGE, 65536)
wdSocketChangeModeTransmission("appareil", WDS_MODE_LENGTH)
SI wdSocketConnecte("appareil", 4001, "192.168.1.21", 2000) ALORS
	bufMessage est un Buffer = wdSocketLitBuffer("appareil", 5000)
	SI wdErreurDétectée() ALORS Erreur(wdErreurInfo())
FIN
wdSocketFerme("appareil")
