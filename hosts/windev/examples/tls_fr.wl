// Un client et un serveur avec TLS 1.2 ou 1.3.

// Le certificat du serveur est vérifié avec les autorités de Windows.
PROCÉDURE ClientSécurisé()
SI PAS wdSocketConnecteSSL("sécurisé", 443, "www.example.com", WDS_SSL_DEFAULT, 10000) ALORS
	// Par exemple : le certificat est pour d'autres noms, ou il a expiré.
	Erreur(wdErreurInfo())
	RETOUR
FIN
Info(wdSocketInfoSSL("sécurisé", WDS_INFO_SSL_VERSION), wdSocketInfoSSL("sécurisé", WDS_INFO_SSL_SUBJECT))
wdSocketFerme("sécurisé")

// Un client d'un serveur avec un certificat autosigné : il reconnaît ce certificat et
// aucun autre.
PROCÉDURE ClientPrivé()
wdSocketNouveau("privé")
wdSocketFixeTexte("privé", WDS_TEXT_SSL_AUTHORITIES, fRepExe() + "\serveur.pem")
wdSocketFixeTexte("privé", WDS_TEXT_SSL_SERVER_NAME, "serveur.exemple")
SI PAS wdSocketConnecteSSL("privé", 5443, "192.168.1.10", WDS_SSL_ONLY_AUTHORITIES, 10000) ALORS Erreur(wdErreurInfo())
// Connecté ou non, ce que wdSocketNouveau a créé reste jusqu'à sa fermeture.
wdSocketFerme("privé")

PROCÉDURE ServeurSécurisé()
SI PAS wdSocketCréeSSL("serveur TLS", 5443, fRepExe() + "\serveur.pfx", WDS_SSL_DEFAULT, "", "mot de passe du fichier") ALORS
	Erreur(wdErreurInfo())
	RETOUR
FIN
Trace(wdSocketLitOption("serveur TLS", WDS_OPT_SSL_DAYS_LEFT))
