// essai.wl : dix minutes qui disent si wdsocket convient à ce WINDEV.
//
// À coller dans une nouvelle collection de procédures, "essai", d'un projet vide. Le reste
// est dans README.md, à côté de ce fichier. Rien ici ne dépend du module wdsocket.wl, sauf la
// dernière procédure, EssaiModule : sans le module, supprimez-la, et son appel dans Essai.
//
// Chaque procédure vérifie une seule chose que la documentation de WINDEV ne dit pas. Si
// l'éditeur refuse une ligne, mettez-la en commentaire, notez-la et continuez : c'est un
// résultat, comme les autres.

CONSTANTE
	// Les mêmes nombres que dans wdsocket.h.
	ESSAI_MODE_SIZE = 1
	ESSAI_MODE_RAW = 3
	ESSAI_E_NOT_FOUND = -17
	ESSAI_E_ARGUMENT = -10
	ESSAI_INFO_MESSAGE = 4001
	ESSAI_OPT_LOCAL_PORT = 1024
	ESSAI_TEXT_LANGUAGE = 2001
	ESSAI_NUM_BYTES_READ = 3001
	ESSAI_TEXTE = 1024
	ESSAI_COMPTE_RENDU = 16384
	ESSAI_TAMPON = 65536
	ESSAI_LONG = 200000
	// Le message de fenêtre de l'essai : un nombre au-dessus de WM_APP.
	ESSAI_MESSAGE = 33352
	// En millisecondes.
	ESSAI_ATTENTE = 2000
FIN

GLOBAL
	gsEssaiDLL est une chaîne = ""
	gsEssaiTexte est une chaîne = ""
	gnEssaiServeur est un entier = 0
	gnEssaiFin est un entier = 0
	gnEssaiMessages est un entier = 0

// Une ligne du compte rendu : "ok" ou "AUTRE", ce qui est vérifié, ce qui a été obtenu.
PROCÉDURE EssaiLigne(bAttendu est un booléen, sQuoi est une chaîne, sObtenu est une chaîne)
sMarque est une chaîne = "AUTRE"
SI bAttendu ALORS sMarque = "ok   "
RENVOYER sMarque + " " + sQuoi + " : " + sObtenu + RC

PROCÉDURE EssaiNombre(xNombre)
RENVOYER NumériqueVersChaîne(xNombre)

// Le compte rendu est enregistré après chaque étape : si le programme s'arrête, le fichier
// montre l'étape qui l'a arrêté.
PROCÉDURE EssaiNote(sTexte est une chaîne)
gsEssaiTexte = gsEssaiTexte + sTexte
fSauveTexte(fRepExe() + "\essai-wdsocket.txt", gsEssaiTexte)

// 1. La DLL est-elle trouvée et chargée ?
PROCÉDURE EssaiCharge()
sFichier est une chaîne = "wdsocket32.dll"
SI EnMode64bits() ALORS sFichier = "wdsocket64.dll"
gsEssaiDLL = fRepExe() + "\" + sFichier
bExiste est un booléen = fFichierExiste(gsEssaiDLL)
sTexte est une chaîne = EssaiLigne(bExiste, "DLL à côté du programme", gsEssaiDLL)
nModule est un entier système = ChargeDLL(gsEssaiDLL)
RENVOYER sTexte + EssaiLigne(nModule <> 0, "ChargeDLL", EssaiNombre(nModule))

// 2. Un nombre renvoyé par API, aussi s'il est négatif.
PROCÉDURE EssaiAppel()
nVersion est un entier = API(gsEssaiDLL, "WDSocketVersion")
sTexte est une chaîne = EssaiLigne(nVersion > 0, "API, résultat dans un entier", EssaiNombre(nVersion))
sNom est une chaîne ASCIIZ sur 1024 = ChaîneVersUTF8("aucun socket de ce nom")
nAbsent est un entier = API(gsEssaiDLL, "WDSocketFind", &sNom)
sTexte = sTexte + EssaiLigne(nAbsent = ESSAI_E_NOT_FOUND, "résultat négatif dans un entier", EssaiNombre(nAbsent))
nLarge est un entier sur 8 octets
// Le résultat d'une fonction qui renvoie 4 octets, dans 8.
nLarge = API(gsEssaiDLL, "WDSocketFind", &sNom) // exprès
RENVOYER sTexte + EssaiLigne(nLarge = ESSAI_E_NOT_FOUND, "résultat négatif dans un entier sur 8 octets", EssaiNombre(nLarge))

// 3. Une chaîne ASCIIZ par adresse, dans les deux sens, avec des caractères accentués.
PROCÉDURE EssaiTexte()
sVoulu est une chaîne = "éàü œ €"
sNom est une chaîne ASCIIZ sur 1024 = ChaîneVersUTF8(sVoulu)
sLu est une chaîne ASCIIZ sur 1024
nSocket est un entier = API(gsEssaiDLL, "WDSocketNew", &sNom)
sTexte est une chaîne = EssaiLigne(nSocket > 0, "chaîne ASCIIZ par adresse, en entrée", EssaiNombre(nSocket))
nTaille est un entier = API(gsEssaiDLL, "WDSocketName", nSocket, &sLu, ESSAI_TEXTE)
sObtenu est une chaîne = UTF8VersChaîne(sLu)
sTexte = sTexte + EssaiLigne(nTaille = 14, "octets du nom en UTF-8 (14)", EssaiNombre(nTaille))
sTexte = sTexte + EssaiLigne(sObtenu = sVoulu, "chaîne ASCIIZ en sortie, et UTF8VersChaîne", sObtenu)
nFermé est un entier = API(gsEssaiDLL, "WDSocketClose", nSocket)
RENVOYER sTexte

// 4. La taille d'une chaîne ASCIIZ donnée par une constante. Si cette ligne est refusée,
// c'est le résultat attendu.
PROCÉDURE EssaiTaille()
sLu est une chaîne ASCIIZ sur ESSAI_TEXTE
RENVOYER EssaiLigne(Taille(sLu) = 0, "chaîne ASCIIZ sur une constante", "acceptée")

// 5. Null pour une adresse : la DLL doit recevoir 0.
PROCÉDURE EssaiNull()
nSocket est un entier = API(gsEssaiDLL, "WDSocketNew", Null)
sTexte est une chaîne = EssaiLigne(nSocket > 0, "Null pour un nom absent", EssaiNombre(nSocket))
nMode est un entier = API(gsEssaiDLL, "WDSocketChangeTransmissionMode", nSocket, ESSAI_MODE_RAW, Null, 0)
sTexte = sTexte + EssaiLigne(nMode = 0, "Null pour un buffer absent", EssaiNombre(nMode))
nRefus est un entier = API(gsEssaiDLL, "WDSocketFind", Null)
sTexte = sTexte + EssaiLigne(nRefus = ESSAI_E_ARGUMENT, "Null refusé où il faut un texte", EssaiNombre(nRefus))
nFermé est un entier = API(gsEssaiDLL, "WDSocketClose", nSocket)
RENVOYER sTexte

// Une conversation locale : le serveur, un client, dans le mode donné. 0 en cas d'échec.
PROCÉDURE EssaiClient(nMode est un entier)
sMachine est une chaîne ASCIIZ sur 1024 = ChaîneVersUTF8("127.0.0.1")
nPort est un entier = 0
nServeur est un entier = API(gsEssaiDLL, "WDSocketCreate", Null, 0, &sMachine)
nDonné est un entier = API(gsEssaiDLL, "WDSocketGetOption", nServeur, ESSAI_OPT_LOCAL_PORT, &nPort)
nClient est un entier = API(gsEssaiDLL, "WDSocketConnect", Null, nPort, &sMachine, ESSAI_ATTENTE)
nRéglé est un entier = API(gsEssaiDLL, "WDSocketChangeTransmissionMode", nServeur, nMode, Null, 0)
nRéglé = API(gsEssaiDLL, "WDSocketChangeTransmissionMode", nClient, nMode, Null, 0)
gnEssaiServeur = nServeur
RENVOYER nClient

PROCÉDURE EssaiFerme(nClient est un entier)
nServeur est un entier = gnEssaiServeur
nFermé est un entier = API(gsEssaiDLL, "WDSocketClose", nClient)
nFermé = API(gsEssaiDLL, "WDSocketClose", nServeur)

// 6. "Buffer sur" par adresse : 256 octets, tous différents, aller et retour.
PROCÉDURE EssaiTampon()
nClient est un entier = EssaiClient(ESSAI_MODE_SIZE)
bufEnvoi est un Buffer sur 256
POUR nOctet = 1 À 256
	bufEnvoi[[nOctet]] = nOctet - 1
FIN
nTaille est un entier = Taille(bufEnvoi)
sTexte est une chaîne = EssaiLigne(nTaille = 256, "Taille d'un Buffer sur 256", EssaiNombre(nTaille))
nEcrit est un entier = API(gsEssaiDLL, "WDSocketWrite", nClient, &bufEnvoi, 256)
bufLu est un Buffer sur 65536
nServeur est un entier = gnEssaiServeur
nLu est un entier = API(gsEssaiDLL, "WDSocketRead", nServeur, &bufLu, ESSAI_TAMPON, ESSAI_ATTENTE)
sTexte = sTexte + EssaiLigne(nLu = 256, "octets lus dans un Buffer sur 65536", EssaiNombre(nLu))
nFaux est un entier = 0
SI nLu = 256 ALORS
	bufReçu est un Buffer = bufLu[[1 À nLu]]
	sOctets est une chaîne ANSI = bufReçu
	POUR nOctet = 1 À 256
		SI Asc(sOctets[[nOctet]]) <> nOctet - 1 ALORS nFaux = nFaux + 1
	FIN
	sTexte = sTexte + EssaiLigne(Taille(bufReçu) = 256, "Taille de buf[[1 À n]]", EssaiNombre(Taille(bufReçu)))
FIN
EssaiFerme(nClient)
RENVOYER sTexte + EssaiLigne(nFaux = 0, "octets faux", EssaiNombre(nFaux))

// 7. Un message de 200 000 octets, lu par son adresse et Transfert.
PROCÉDURE EssaiLong()
nClient est un entier = EssaiClient(ESSAI_MODE_SIZE)
bufEnvoi est un Buffer sur 200000
bufEnvoi[[1]] = 65
bufEnvoi[[200000]] = 90
nEcrit est un entier = API(gsEssaiDLL, "WDSocketWrite", nClient, &bufEnvoi, ESSAI_LONG)
pDonnées est un entier système = 0
pMessage est un entier système = 0
nTaille est un entier = 0
nServeur est un entier = gnEssaiServeur
nLu est un entier = API(gsEssaiDLL, "WDSocketReadMessage", nServeur, ESSAI_ATTENTE, &pDonnées, &nTaille, &pMessage)
sTexte est une chaîne = EssaiLigne(nLu = ESSAI_LONG, "long message, et un entier système par adresse", EssaiNombre(nLu))
SI nLu = ESSAI_LONG ALORS
	bufLu est un Buffer sur 200000
	Transfert(&bufLu, pDonnées, nLu)
	sOctets est une chaîne ANSI = bufLu
	nPremier est un entier = Asc(sOctets[[1]])
	nDernier est un entier = Asc(sOctets[[nLu]])
	sTexte = sTexte + EssaiLigne(nPremier = 65 ET nDernier = 90, "Transfert depuis la mémoire de la DLL", EssaiNombre(nPremier) + ", " + EssaiNombre(nDernier))
	nRendu est un entier = API(gsEssaiDLL, "WDSocketMessageFree", pMessage)
FIN
nOctets est un entier sur 8 octets = 0
nChiffre est un entier = API(gsEssaiDLL, "WDSocketGetNumber", nClient, ESSAI_NUM_BYTES_READ, &nOctets)
EssaiFerme(nClient)
RENVOYER sTexte + EssaiLigne(nChiffre = 0 ET nOctets = 0, "entier sur 8 octets par adresse", EssaiNombre(nOctets))

// 8. Projet ANSI ou UNICODE, et ce que deviennent les caractères accentués.
PROCÉDURE EssaiUnicode()
sTexte est une chaîne = "é€"
bufTexte est un Buffer
// Un texte tel quel dans un buffer : 2 octets en ANSI, 4 en UNICODE.
bufTexte = sTexte // exprès
sAnsi est une chaîne ANSI = sTexte
bufAnsi est un Buffer = sAnsi
bufUTF8 est un Buffer = ChaîneVersUTF8(sTexte)
sLigne est une chaîne = EssaiLigne(Vrai, "octets d'une chaîne dans un buffer (2 : ANSI, 4 : UNICODE)", EssaiNombre(Taille(bufTexte)))
sLigne = sLigne + EssaiLigne(Taille(bufAnsi) = 2, "octets d'une chaîne ANSI (2)", EssaiNombre(Taille(bufAnsi)))
sLigne = sLigne + EssaiLigne(Asc(sAnsi[[1]]) = 233 ET Asc(sAnsi[[2]]) = 128, "Asc de l'ANSI (233, 128)", EssaiNombre(Asc(sAnsi[[1]])) + ", " + EssaiNombre(Asc(sAnsi[[2]])))
sLigne = sLigne + EssaiLigne(Taille(bufUTF8) = 5, "octets de ChaîneVersUTF8 (5)", EssaiNombre(Taille(bufUTF8)))
RENVOYER sLigne

// 9. Ce que TypeVar dit d'un paramètre sans type, pour chaque type.
PROCÉDURE EssaiType(sNom est une chaîne, xValeur)
RENVOYER sNom + " = " + EssaiNombre(TypeVar(xValeur)) + "  "

PROCÉDURE EssaiTypes()
nEntier est un entier = 1
nCourt est un entier sur 2 octets = 1
nLong est un entier sur 8 octets = 1
nSansSigne est un entier sans signe = 1
nSystème est un entier système = 1
sChaîne est une chaîne = "1"
bufOctets est un Buffer sur 4
bBooléen est un booléen = Vrai
sLigne est une chaîne = EssaiType("entier", nEntier) + EssaiType("entier sur 2 octets", nCourt) + EssaiType("entier sur 8 octets", nLong)
sLigne = sLigne + EssaiType("entier sans signe", nSansSigne) + EssaiType("entier système", nSystème) + EssaiType("1", 1)
sLigne = sLigne + EssaiType("chaîne", sChaîne) + EssaiType("Buffer", bufOctets) + EssaiType("booléen", bBooléen)
RENVOYER EssaiLigne(TypeVar(nEntier) = wlInt, "TypeVar d'un entier est wlInt", sLigne)

// 10. Une Durée donnée où il faut un entier.
PROCÉDURE EssaiDurée()
dAttente est une Durée
dAttente..EnSecondes = 2
nMillisecondes est un entier = dAttente..EnMillisecondes
nEntier est un entier = dAttente
sLigne est une chaîne = EssaiLigne(nMillisecondes = 2000, "Durée de 2 s, EnMillisecondes", EssaiNombre(nMillisecondes))
RENVOYER sLigne + EssaiLigne(nEntier = 2000, "la même, affectée à un entier", EssaiNombre(nEntier)) + EssaiLigne(Vrai, "TypeVar", EssaiType("Durée", dAttente))

// 11. Un message de fenêtre de la DLL arrive-t-il dans une procédure donnée à Evénement ?
PROCÉDURE EssaiMessageReçu()
gnEssaiMessages = gnEssaiMessages + 1

PROCÉDURE EssaiEvénement()
gnEssaiMessages = 0
sFenêtre est une chaîne = FenEnCours()
nFenêtre est un entier système = Handle(sFenêtre)
nIdentifiant est un entier = Evénement("EssaiMessageReçu", sFenêtre, ESSAI_MESSAGE)
sLigne est une chaîne = EssaiLigne(nIdentifiant <> 0, "Evénement sur la fenêtre " + sFenêtre, EssaiNombre(nIdentifiant))
nFile est un entier = API(gsEssaiDLL, "WDSocketNewQueue")
nRéglé est un entier = API(gsEssaiDLL, "WDSocketSetWindow", nFile, nFenêtre, ESSAI_MESSAGE)
sLigne = sLigne + EssaiLigne(nRéglé = 0, "handle de fenêtre, un entier système", EssaiNombre(nRéglé))
nMinuterie est un entier = API(gsEssaiDLL, "WDSocketNewTimer", nFile, 1, 0, 0)
// La fenêtre traite ses messages pendant ce temps : deux centièmes de seconde par tour.
nTour est un entier = 0
TANTQUE nTour < 100 ET gnEssaiMessages = 0
	Multitâche(2)
	nTour = nTour + 1
FIN
nFermé est un entier = API(gsEssaiDLL, "WDSocketClose", nFile)
FinEvénement("EssaiMessageReçu", sFenêtre, ESSAI_MESSAGE)
RENVOYER sLigne + EssaiLigne(gnEssaiMessages > 0, "messages reçus", EssaiNombre(gnEssaiMessages))

// 12. Un appel qui attend dans un thread arrête-t-il les autres threads ?
PROCÉDURE EssaiAttente()
nServeur est un entier = gnEssaiServeur
nRésultat est un entier = API(gsEssaiDLL, "WDSocketWaitForConnection", nServeur, ESSAI_ATTENTE)
gnEssaiFin = nRésultat

PROCÉDURE EssaiThread()
sMachine est une chaîne ASCIIZ sur 1024 = ChaîneVersUTF8("127.0.0.1")
nServeur est un entier = API(gsEssaiDLL, "WDSocketCreate", Null, 0, &sMachine)
gnEssaiServeur = nServeur
gnEssaiFin = 0
ThreadExécute("EssaiAttente", threadNormal, "EssaiAttente")
nTours est un entier = 0
nAppels est un entier = 0
ChronoDébut()
TANTQUE gnEssaiFin = 0 ET ChronoValeur() < 10000
	nVersion est un entier = API(gsEssaiDLL, "WDSocketVersion")
	SI nVersion > 0 ALORS nAppels = nAppels + 1
	nTours = nTours + 1
	Multitâche(1)
FIN
nDurée est un entier = ChronoFin()
nFermé est un entier = API(gsEssaiDLL, "WDSocketClose", nServeur)
RENVOYER EssaiLigne(nTours > 20, "tours de la fenêtre pendant l'attente d'un thread (plus de 20)", EssaiNombre(nTours) + " en " + EssaiNombre(nDurée) + " ms, dont " + EssaiNombre(nAppels) + " appels")

// 13. Ce que coûtent un appel, et de grands textes.
PROCÉDURE EssaiGrandTexte()
sGrand est une chaîne ASCIIZ sur 65536 = ""
nVersion est un entier = API(gsEssaiDLL, "WDSocketVersion")
RENVOYER nVersion

PROCÉDURE EssaiVitesse()
ChronoDébut()
POUR nTour = 1 À 10000
	nVersion est un entier = API(gsEssaiDLL, "WDSocketVersion")
FIN
nAppels est un entier = ChronoFin()
ChronoDébut()
POUR nTour = 1 À 1000
	EssaiGrandTexte()
FIN
nTextes est un entier = ChronoFin()
RENVOYER EssaiLigne(Vrai, "10 000 appels, en ms", EssaiNombre(nAppels)) + EssaiLigne(Vrai, "1 000 appels avec une chaîne ASCIIZ sur 65536, en ms", EssaiNombre(nTextes))

// 14. Un texte d'erreur : sa langue est celle de Windows, ses accents sont justes.
PROCÉDURE EssaiErreur()
sMachine est une chaîne ASCIIZ sur 1024 = ChaîneVersUTF8("127.0.0.1")
nClient est un entier = API(gsEssaiDLL, "WDSocketConnect", Null, 1, &sMachine, ESSAI_ATTENTE)
sMessage est une chaîne ASCIIZ sur 1024
nTaille est un entier = API(gsEssaiDLL, "WDSocketErrorInfo", 0, ESSAI_INFO_MESSAGE, &sMessage, ESSAI_TEXTE)
sLangue est une chaîne ASCIIZ sur 1024
nLangue est un entier = API(gsEssaiDLL, "WDSocketGetText", 0, ESSAI_TEXT_LANGUAGE, &sLangue, ESSAI_TEXTE)
RENVOYER EssaiLigne(nTaille > 0, "texte d'erreur, en " + UTF8VersChaîne(sLangue), UTF8VersChaîne(sMessage))

// 15. L'autotest de la DLL.
PROCÉDURE EssaiAutoTest()
sTexte est une chaîne ASCIIZ sur 16384
nTaille est un entier = API(gsEssaiDLL, "WDSocketSelfTest", &sTexte, ESSAI_COMPTE_RENDU)
RENVOYER EssaiLigne(nTaille > 0, "autotest, octets", EssaiNombre(nTaille)) + UTF8VersChaîne(sTexte) + RC

// 16. Le module, s'il est dans le projet, et l'attente de l'étape 12 une fois apiBloqueThreads réglé.
PROCÉDURE EssaiModule()
sManque est une chaîne = wdSocketChargée()
sLigne est une chaîne = EssaiLigne(sManque = "", "module wdsocket.wl, chargement de la DLL", sManque)
nVersion est un entier = wdSocketVersion()
sLigne = sLigne + EssaiLigne(nVersion > 0, "version de la DLL", EssaiNombre(nVersion))
sThreads est une chaîne = wdSocketThreadsAPI()
RENVOYER sLigne + EssaiLigne(sThreads = "", "apiBloqueThreads mis à Faux", sThreads) + EssaiThread()

PROCÉDURE EssaiEtape(nEtape est un entier)
SELON nEtape
	CAS 1 : RENVOYER EssaiCharge()
	CAS 2 : RENVOYER EssaiAppel()
	CAS 3 : RENVOYER EssaiTexte()
	CAS 4 : RENVOYER EssaiTaille()
	CAS 5 : RENVOYER EssaiNull()
	CAS 6 : RENVOYER EssaiTampon()
	CAS 7 : RENVOYER EssaiLong()
	CAS 8 : RENVOYER EssaiUnicode()
	CAS 9 : RENVOYER EssaiTypes()
	CAS 10 : RENVOYER EssaiDurée()
	CAS 11 : RENVOYER EssaiEvénement()
	CAS 12 : RENVOYER EssaiThread()
	CAS 13 : RENVOYER EssaiVitesse()
	CAS 14 : RENVOYER EssaiErreur()
	CAS 15 : RENVOYER EssaiAutoTest()
	CAS 16 : RENVOYER EssaiModule()
FIN
RENVOYER ""

// À appeler par un bouton d'une fenêtre : Essai()
PROCÉDURE Essai()
gsEssaiTexte = ""
sLargeur est une chaîne = "32 bits"
SI EnMode64bits() ALORS sLargeur = "64 bits"
EssaiNote("Essai de wdsocket sous WINDEV, en " + sLargeur + RC)
POUR nEtape = 1 À 16
	EssaiNote("étape " + EssaiNombre(nEtape) + RC)
	QUAND EXCEPTION DANS
		EssaiNote(EssaiEtape(nEtape))
	FAIRE
		EssaiNote("AUTRE exception : " + ExceptionInfo() + RC)
	FIN
FIN
EssaiNote(RC + "À compléter à la main :" + RC)
EssaiNote("  version de WINDEV, et de Windows :" + RC)
EssaiNote("  projet ANSI ou UNICODE :" + RC)
EssaiNote("  wdsocket.wl collé d'un seul coup, découpé en procédures (oui, non) :" + RC)
EssaiNote("  wdsocket.wdg importé dans un projet (oui, non, pas essayé) :" + RC)
EssaiNote("  wdsocket_demo.wdp ouvert, ses trois fenêtres aussi (oui, non, pas essayé) :" + RC)
EssaiNote("  lignes refusées par l'éditeur :" + RC)
VersPressePapier(gsEssaiTexte)
Info("Le compte rendu est dans le presse-papiers et dans le fichier :", fRepExe() + "\essai-wdsocket.txt")
