// Made by tools/abigen from wdsocket.h. Do not edit.
//
// wdsocket_compat.wl - the socket functions of WLanguage, for programs that use them
//
// The same set of procedures as wdsocket.wl, with the exact meaning of the originals:
// their constants, durations, texts and buffers, and a read whose time is up is no
// error. A program moves over by "wd" in front of the names. Take one of the two files,
// not both; PC SOFT's own functions stay beside it.
//
// La même collection de procédures que wdsocket.wl, avec le sens exact des fonctions
// d'origine : leurs constantes, durées, chaînes et buffers, et un délai de lecture
// dépassé n'est pas une erreur. Un programme migre en ajoutant "wd" devant les noms.
// Prenez l'un des deux fichiers, pas les deux ; les fonctions de PC SOFT restent à côté.
//
// Paste the whole file into a new set of procedures: declarations come first, and
// every procedure comes before those that call it. Put wdsocket32.dll and
// wdsocket64.dll beside the program, on Linux libwdsocket.so.
//
// Collez tout le fichier dans une nouvelle collection de procédures : les
// déclarations viennent d'abord, et chaque procédure avant celles qui l'appellent.
// Copiez wdsocket32.dll et wdsocket64.dll à côté du programme, sous Linux
// libwdsocket.so.

CONSTANT
	// The version of this header: major * 10000 + minor * 100 + patch.
	WDSOCKET_VERSION = 200 // 0.2.0 / la version de cet en-tête : majeure * 10000 + mineure * 100 + correctif

	WDS_OK = 0

	// waiting
	WDS_E_TIMEOUT = -1 // the time was up first / le délai accordé s'est écoulé avant la fin de l'appel
	WDS_E_CLOSED = -2 // this program closed the socket meanwhile / ce programme a fermé le socket pendant que l'appel attendait
	WDS_E_CANCELLED = -3 // WDSocketCancel or WDSocketWakeup ended this call; the socket is still open / WDSocketCancel ou WDSocketWakeup a mis fin à cet appel ; le socket reste ouvert

	// the peer
	WDS_E_PEER_CLOSED = -4 // the peer closed the connection in order; everything it sent has been delivered / le correspondant a fermé la connexion normalement ; tout ce qu'il a envoyé a été remis
	WDS_E_RESET = -5 // the connection was cut: reset by the peer, or found dead by keep-alive / la connexion a été coupée (le correspondant l'a interrompue ou ne répond plus)
	WDS_E_SILENT = -18 // this end ended the connection: nothing arrived for WDS_OPT_IDLE_LIMIT, or a message took longer than WDS_OPT_MESSAGE_LIMIT / la connexion a été coupée de ce côté-ci : rien reçu pendant WDS_OPT_IDLE_LIMIT, ou un message plus long à arriver que WDS_OPT_MESSAGE_LIMIT
	WDS_E_RECONNECTING = -19 // the connection is down and the client is reconnecting (WDS_OPT_RECONNECT) / la connexion est coupée et en cours de rétablissement ; réessayez plus tard ou attendez son événement

	// the call
	WDS_E_BUSY = -6 // another thread is reading (or waiting on) this socket / un autre thread lit déjà ce socket, ou attend dessus ; un seul peut le faire à la fois
	WDS_E_HANDLE = -7 // no such socket or token: closed, or never created / le handle n'est pas valide : il a été fermé ou libéré avant cet appel, ou n'a jamais été renvoyé par la bibliothèque ; vérifiez où le programme le ferme, ou affecte cette variable
	WDS_E_KIND = -8 // the function needs another kind of socket / cette fonction demande un autre type de socket
	WDS_E_STATE = -9 // not possible in the socket's present state / impossible dans l'état actuel du socket
	WDS_E_ARGUMENT = -10 // a parameter is wrong; the text names it / paramètre incorrect
	WDS_E_BUFFER = -11 // the buffer is too small for the data; nothing was consumed / le buffer est trop petit ; rien n'est perdu : rappelez la fonction avec un buffer plus grand
	WDS_E_MEMORY = -12 // the library's memory budget is used up / la mémoire accordée à la bibliothèque est épuisée ; lisez ou libérez des messages, ou augmentez-la
	WDS_E_INTERNAL = -13 // a fault inside the library; WDS_INFO_DETAIL says where / défaut interne de la bibliothèque ; merci de le signaler avec WDS_INFO_DETAIL
	WDS_E_FORKED = -14 // called in a forked child / la bibliothèque ne fonctionne pas dans un processus fils créé par fork après son chargement : lancez-y un nouveau programme par exec, ou, si vous chargez la bibliothèque à l'exécution, chargez-la seulement après le fork, dans le fils
	WDS_E_UNSUPPORTED = -15 // not available on this system or in this version / non disponible sur ce système ou dans cette version de la bibliothèque
	WDS_E_NAME_TAKEN = -16 // a live socket already has that name / un socket existant porte déjà le nom ; fermez-le ou choisissez un autre nom
	WDS_E_NOT_FOUND = -17 // no socket has that name / aucun socket existant ne porte le nom

	// connecting and listening
	WDS_E_REFUSED = -30 // nothing listens on that port, or the peer refused / connexion refusée (aucun programme n'écoute à cette adresse sur ce port, ou un pare-feu la refuse)
	WDS_E_UNREACHABLE = -31 // no route to that host or network / aucun chemin : machine ou réseau injoignable (vérifiez l'adresse, le câble et la route)
	WDS_E_HOST_UNKNOWN = -32 // the host name does not exist / le nom de machine n'existe pas (vérifiez son orthographe)
	WDS_E_RESOLVER = -33 // the name could not be looked up: the name server failed or is silent / le nom de machine n'a pas pu être résolu : le serveur de noms est en panne ou ne répond pas
	WDS_E_PORT_TAKEN = -34 // the local port is used by another socket / le port est déjà utilisé par un autre socket de cette machine ; arrêtez le programme qui l'occupe, ou choisissez un autre port
	WDS_E_LOCAL_ADDRESS = -35 // the local address does not belong to this machine / l'adresse locale n'est pas une adresse de cette machine
	WDS_E_ACCESS = -36 // the system denies it to this user / le système le refuse à cet utilisateur (vérifiez les droits et le pare-feu)
	WDS_E_DESCRIPTORS = -37 // no descriptors left in the process or the system / plus de descripteurs disponibles dans le processus ou le système ; fermez des sockets ou relevez la limite
	WDS_E_SYSTEM = -38 // another system error; WDS_INFO_SYSTEM has its number / erreur du système
	WDS_E_NOT_CONNECTED = -39 // the socket is not open (yet) / le socket n'est pas ouvert : appelez d'abord WDSocketOpen, et vérifiez son résultat (ou obtenez un socket ouvert par WDSocketConnect)

	// servers
	WDS_E_NO_CLIENT = -40 // simplified server: no client has been accepted yet / le serveur n'a pas encore de client : acceptez-en d'abord un par WDSocketRead (un client à la fois) ou WDSocketAccept (plusieurs)
	WDS_E_NO_REQUEST = -41 // no connection request is pending / aucune demande de connexion n'est en attente ; attendez-en d'abord une (WDSocketWaitForConnection)
	WDS_E_STANDARD_SERVER = -42 // read or write on a server whose clients are accepted: use the channel / ce serveur accepte ses clients par WDSocketAccept : lisez et écrivez sur le canal renvoyé par WDSocketAccept, pas sur le serveur
	WDS_E_LIMIT = -43 // a limit on sockets or clients is reached / la limite du nombre de sockets ou de clients est atteinte ; fermez-en ou relevez la limite

	// writing
	WDS_E_BROKEN = -50 // an earlier write stopped inside a message: nothing more can be written / une écriture précédente s'est arrêtée au milieu d'un message : plus rien ne peut être écrit sur cette connexion
	WDS_E_WRITE_CLOSED = -51 // this program has ended its own sending side / ce programme a lui-même mis fin à l'envoi sur cette connexion

	WDS_E_FULL = -52 // the send queue is full (WDS_OPT_SEND_QUEUE): no part of the message was taken / la file d'envoi est pleine : le correspondant ne lit pas, ou est injoignable ; rien n'a été pris, réécrivez quand il y aura de la place

	// messages
	WDS_E_FRAME = -60 // the bytes are not a message of the transmission mode; the text shows them / les octets ne forment pas un message du mode de transmission (les deux côtés utilisent-ils le même mode ?)
	WDS_E_TOO_LONG = -61 // a message is longer than the limit / le message dépasse la longueur maximale
	WDS_E_TAG_IN_MESSAGE = -62 // the message to write contains the end tag, or a marker / le message à écrire contient le marqueur de fin ou un autre marqueur : ne les ajoutez pas, la bibliothèque s'en charge, ou choisissez-en d'autres
	WDS_E_CHECK = -63 // the check bytes of a message are wrong / les octets de contrôle du message sont faux (message altéré en route, ou modes différents)
	WDS_E_TEXT = -64 // the text cannot be converted between the character sets / le texte ne peut pas être converti entre les jeux de caractères

	// UDP
	WDS_E_PORT_UNREACHABLE = -70 // a datagram was rejected: no socket on that port (WDS_OPT_UDP_ERRORS) / un datagramme est revenu : aucun socket sur ce port
	WDS_E_DATAGRAM_SIZE = -71 // the datagram is too big to send / le datagramme est trop grand pour être envoyé
	WDS_E_NO_DESTINATION = -72 // no address given and none received yet / aucune adresse donnée, et aucun datagramme reçu auquel répondre

	// TLS
	WDS_E_TLS_EXPIRED = -90 // the certificate has expired / le certificat a expiré ; il doit être renouvelé (ou l'horloge de cette machine est fausse)
	WDS_E_TLS_NOT_YET_VALID = -91 // the certificate is not valid yet, or the clock is wrong / le certificat n'est pas encore valable ; vérifiez l'horloge de cette machine
	WDS_E_TLS_WRONG_HOST = -92 // the certificate does not contain the name connected to / le certificat n'est pas établi pour le nom que ce serveur doit avoir
	WDS_E_TLS_SELF_SIGNED = -93 // the certificate is self-signed and not trusted here / le certificat est auto-signé et n'est pas approuvé ici ; ajoutez-le aux autorités, ou acceptez tout certificat et épinglez sa clé
	WDS_E_TLS_UNKNOWN_AUTHORITY = -94 // the certificate is signed by an authority that is not trusted here / le certificat est signé par une autorité qui n'est pas approuvée ici ; ajoutez-la aux autorités
	WDS_E_TLS_MISSING_INTERMEDIATE = -95 // the peer did not send the certificate of its issuer / le correspondant n'a pas envoyé le certificat de son émetteur ; il doit être configuré avec sa chaîne complète
	WDS_E_TLS_BAD_CERTIFICATE = -96 // the certificate is invalid in another way / le certificat ne peut pas être accepté
	WDS_E_TLS_PIN = -97 // none of the peer's keys is pinned / aucune des clés n'est épinglée (le correspondant a une nouvelle clé, ou quelqu'un s'est interposé)
	WDS_E_TLS_CERTIFICATE_FILE = -98 // this program's certificate or key cannot be read / le certificat, la clé ou le fichier d'autorités est inutilisable
	WDS_E_TLS_KEY_MISMATCH = -99 // the private key does not belong to the certificate / la clé privée ne correspond pas au certificat
	WDS_E_TLS_PASSWORD = -100 // the password of the certificate file is wrong / le mot de passe est faux ou absent
	WDS_E_TLS_NO_COMMON_VERSION = -101 // the two ends have no TLS version in common / les deux côtés n'ont aucune version de TLS en commun ; autorisez une autre version d'un côté
	WDS_E_TLS_NO_CLIENT_CERTIFICATE = -102 // the server requires a client certificate and got none / le serveur demande un certificat client et n'en a reçu aucun
	WDS_E_TLS_BAD_CLIENT_CERTIFICATE = -103 // the server does not accept the client certificate / le certificat client n'est pas accepté
	WDS_E_TLS_TRUNCATED = -104 // the connection ended without a TLS close: data may be missing / la connexion s'est terminée sans la fin normale de TLS ; des données peuvent manquer
	WDS_E_TLS_PLAIN_TEXT = -105 // the peer does not speak TLS on this port / le correspondant ne parle pas TLS ici (vérifiez le port ; certains services attendent une commande avant TLS)
	WDS_E_TLS_HANDSHAKE = -106 // the handshake failed in another way; the text says how / la négociation TLS a échoué
	WDS_E_TLS_SURPLUS = -107 // plain bytes arrived before TLS: an attacker may have inserted them / des octets en clair sont arrivés avant le début de TLS ; quelqu'un a pu les insérer, fermez la connexion
	WDS_E_TLS_NOT_SECURED = -108 // the connection does not use TLS / il n'y a pas de TLS sur cette connexion
	WDS_E_TLS_RECORD = -109 // a TLS record is damaged or forged / un enregistrement TLS est endommagé ou falsifié
	WDS_E_PROXY_UNREACHABLE = -110 // a proxy of WDS_TEXT_PROXY cannot be reached / le proxy est injoignable
	WDS_E_PROXY_AUTHENTICATION = -111 // a proxy wants a user and a password, or does not accept those of WDS_TEXT_PROXY / le proxy demande un utilisateur et un mot de passe, ou n'accepte pas ceux de WDS_TEXT_PROXY
	WDS_E_PROXY_REFUSED = -112 // a proxy refuses to connect to the target; the text has its words / le proxy refuse de se connecter à cette cible
	WDS_E_PROXY_TARGET = -113 // a proxy cannot reach the target; the text has its words / le proxy ne peut pas joindre cette cible
	WDS_E_PROXY_PROTOCOL = -114 // a proxy does not speak the protocol that WDS_TEXT_PROXY says / le proxy ne parle pas le protocole indiqué par WDS_TEXT_PROXY

	// WebSocket; since 0.2.0
	WDS_E_WEBSOCKET_HANDSHAKE = -120 // the WebSocket handshake failed; the text says how / la négociation WebSocket a échoué
	WDS_E_WEBSOCKET_REFUSED = -121 // the server refused the WebSocket: it answered with the HTTP status in the text / le serveur a refusé le WebSocket
	WDS_E_WEBSOCKET_PLAIN = -122 // the peer does not speak WebSocket on this port / le correspondant ne parle pas WebSocket ici (vérifiez le port et le chemin)
	WDS_E_WEBSOCKET_DENIED = -123 // this server refused the client's WebSocket request / ce serveur a refusé la demande WebSocket du client
	WDS_E_WEBSOCKET_PROTOCOL = -124 // a WebSocket frame breaks the protocol / le correspondant a enfreint le protocole WebSocket
	WDS_E_WEBSOCKET_TEXT = -125 // a WebSocket text message is not UTF-8 / un message texte du correspondant n'est pas en UTF-8
	WDS_E_WEBSOCKET_TOO_LONG = -126 // a WebSocket message is longer than the limit / un message WebSocket du correspondant dépasse la limite
	WDS_E_WEBSOCKET_CLOSED = -127 // the peer closed the WebSocket with a code other than 1000 and 1001; the text has code and reason / le correspondant a fermé le WebSocket
	WDS_E_WEBSOCKET_ABNORMAL = -128 // the connection ended without a WebSocket close: data may be missing / la connexion s'est terminée sans fermeture WebSocket ; des données peuvent manquer

	// PROXY protocol; since 0.2.0
	WDS_E_PROXY_HEADER = -135 // the PROXY header in front of a connection is wrong; the text says what is / l'en-tête PROXY est incorrect
	WDS_E_NO_PROXY_HEADER = -136 // the server requires a PROXY header, and the connection begins with something else / la connexion ne commence pas par un en-tête PROXY, exigé par ce serveur (activez send-proxy pour lui dans le proxy, ou acceptez les connexions sans en-tête : WDS_OPT_PROXY_HEADER)
	WDS_E_PROXY_UNTRUSTED = -137 // the server requires a PROXY header, and the address is not in WDS_TEXT_PROXY_TRUSTED / ce serveur n'accepte que les connexions de proxys de confiance, et l'adresse n'est pas dans WDS_TEXT_PROXY_TRUSTED

	// What WDSocketErrorInfo, WDSocketErrorCode and WDSocketErrorText return
	WDS_INFO_MESSAGE = 4001 // the text for a user: what happened, where, and what to do / le texte pour un utilisateur : ce qui s'est passé, où, et que faire
	WDS_INFO_NAME = 4002 // the code's name, "WDS_E_REFUSED" / le nom du code, "WDS_E_REFUSED"
	WDS_INFO_CODE = 4003 // the code as a number / le code sous forme de nombre
	WDS_INFO_SYSTEM = 4004 // the system's error number, 0 if none / le numéro d'erreur du système, 0 s'il n'y en a pas
	WDS_INFO_PHASE = 4005 // what the library was doing, one of WDS_PHASE_ / ce que faisait la bibliothèque, une des constantes WDS_PHASE_
	WDS_INFO_DETAIL = 4006 // all of these, one line each / tout cela, une ligne chacun

	// What WDSocketClientInfo and WDSocketLocalInfo return
	WDS_INFO_ADDRESS = 4010 // "192.168.1.7" or "fe80::1%eth0" / l'adresse, "192.168.1.7" ou "fe80::1%eth0"
	WDS_INFO_PORT = 4011 // "5000" / le port, "5000"
	WDS_INFO_ENDPOINT = 4012 // "192.168.1.7:5000" or "[fe80::1%eth0]:5000" / les deux, "192.168.1.7:5000" ou "[fe80::1%eth0]:5000"
	WDS_INFO_DESTINATION = 4013 // WDSocketLocalInfo of a UDP socket: the address that the last datagram read was sent to; since 0.2.0 / WDSocketLocalInfo d'un socket UDP : l'adresse à laquelle le dernier datagramme lu a été envoyé

	// What WDSocketSSLInfo returns
	WDS_INFO_SSL_VERSION = 4020 // "TLS 1.3" / la version, "TLS 1.3"
	WDS_INFO_SSL_CIPHER = 4021 // "TLS_AES_128_GCM_SHA256" / le chiffrement, "TLS_AES_128_GCM_SHA256"
	WDS_INFO_SSL_ALPN = 4022 // the negotiated protocol, "" if none / le protocole négocié, "" s'il n'y en a pas
	WDS_INFO_SSL_RESUMED = 4023 // "1" if an earlier session was resumed, otherwise "0" / "1" si une session antérieure a été reprise, sinon "0"
	WDS_INFO_SSL_GROUP = 4024 // key exchange: "X25519" / l'échange de clés, "X25519"
	WDS_INFO_SSL_SERVER_NAME = 4025 // the server name that the client asked for / le nom de serveur demandé par le client
	WDS_INFO_SSL_VERIFY = 4026 // "" if the peer's certificate was verified, otherwise what is wrong with it / "" si le certificat du correspondant a été vérifié, sinon ce qui ne va pas
	WDS_INFO_SSL_COUNT = 4027 // number of certificates that the peer sent / le nombre de certificats envoyés par le correspondant
	WDS_INFO_SSL_SUBJECT = 4030 // of certificate number index: "CN=..." / du certificat numéro index : le sujet, "CN=..."
	WDS_INFO_SSL_ISSUER = 4031 // "CN=..." / l'émetteur, "CN=..."
	WDS_INFO_SSL_NAMES = 4032 // host names, addresses, e-mail addresses and URIs, separated by commas; inside a name \, and \\ / noms d'hôtes, adresses, adresses électroniques et URI, séparés par des virgules ; dans un nom \, et \\
	WDS_INFO_SSL_FROM = 4033 // valid from, "2026-01-31T12:00:00Z" / valable à partir de, "2026-01-31T12:00:00Z"
	WDS_INFO_SSL_UNTIL = 4034 // valid until / valable jusqu'à
	WDS_INFO_SSL_SHA1 = 4035 // thumbprint, hexadecimal / l'empreinte SHA-1, en hexadécimal
	WDS_INFO_SSL_SHA256 = 4036 // thumbprint, hexadecimal / l'empreinte SHA-256, en hexadécimal
	WDS_INFO_SSL_PIN = 4037 // SHA-256 of the public key, base64, as WDS_TEXT_SSL_PINS takes it / le SHA-256 de la clé publique, en base64, comme WDS_TEXT_SSL_PINS l'accepte
	WDS_INFO_SSL_SERIAL = 4038 // serial number, hexadecimal / le numéro de série, en hexadécimal
	WDS_INFO_SSL_PEM = 4039 // the certificate as PEM text / le certificat en texte PEM

	// What WDSocketClientInfo returns of a client that goes through proxies (WDS_TEXT_PROXY), otherwise ""; since 0.2.0
	WDS_INFO_ROUTE_PROXIES = 4040 // the proxies, in order, separated by spaces, user and password masked: "http://proxy:3128 socks5h://10.0.0.2:1080" / les proxys, dans l'ordre, séparés par des espaces, utilisateur et mot de passe masqués
	WDS_INFO_ROUTE_ENDPOINT = 4041 // the address at which the first one was reached: "10.0.0.1:3128" / l'adresse à laquelle le premier a été joint, "10.0.0.1:3128"

	// What WDSocketClientInfo returns of a connection whose PROXY header was read, otherwise ""; since 0.2.0
	WDS_INFO_PROXY_ENDPOINT = 4050 // the proxy's own address: "10.0.0.2:41234" / l'adresse du proxy lui-même, "10.0.0.2:41234"
	WDS_INFO_PROXY_DESTINATION = 4051 // the address that the client connected to: "203.0.113.5:443", "" if the proxy does not say / l'adresse à laquelle le client s'est connecté, "203.0.113.5:443", "" si le proxy ne le dit pas
	WDS_INFO_PROXY_VERSION = 4052 // the header's version: "1" or "2" / la version de l'en-tête, "1" ou "2"
	WDS_INFO_PROXY_TLVS = 4053 // all TLVs of version 2, type=bytes, hexadecimal: "02=6578616d706c65,E0=01" / tous les TLV de la version 2, type=octets, en hexadécimal : "02=6578616d706c65,E0=01"
	WDS_INFO_PROXY_AUTHORITY = 4054 // the host name that the client asked for (SNI) / le nom d'hôte demandé par le client (SNI)
	WDS_INFO_PROXY_ALPN = 4055 // the protocol that client and proxy agreed on / le protocole dont le client et le proxy sont convenus
	WDS_INFO_PROXY_UNIQUE_ID = 4056 // the proxy's name for the connection, hexadecimal / le nom que le proxy donne à la connexion, en hexadécimal
	WDS_INFO_PROXY_SSL_VERSION = 4057 // the TLS between client and proxy: "TLSv1.3", "" without / le TLS entre le client et le proxy, "TLSv1.3", "" sans TLS
	WDS_INFO_PROXY_SSL_CIPHER = 4058 // "TLS_AES_256_GCM_SHA384" / son chiffrement, "TLS_AES_256_GCM_SHA384"
	WDS_INFO_PROXY_SSL_CLIENT = 4059 // common name in the client's certificate, "" if there is none or the proxy has not verified it / le nom commun du certificat du client, "" s'il n'y en a pas ou si le proxy ne l'a pas vérifié

	// What WDSocketClientInfo returns of a Unix socket or named pipe, otherwise "": the process at the other end as it was when it connected, or when the server began to listen; since 0.2.0
	WDS_INFO_PEER_PID = 4070 // its number, "1234" / le numéro du processus à l'autre bout, "1234"
	WDS_INFO_PEER_UID = 4071 // the number of its user, "1000"; "" on Windows / le numéro de son utilisateur, "1000" ; "" sous Windows

	// What WDSocketWebSocketInfo returns; since 0.2.0
	WDS_INFO_WEBSOCKET_PATH = 4060 // the path that the client asked for, with its query: "/chat?room=1" / le chemin demandé par le client, avec ses paramètres : "/discussion?salle=1"
	WDS_INFO_WEBSOCKET_HOST = 4061 // the host that it named: "example.com" or "example.com:8080" / l'hôte qu'il a nommé, "exemple.fr" ou "exemple.fr:8080"
	WDS_INFO_WEBSOCKET_PROTOCOL = 4062 // the sub-protocol agreed upon, "" if none / le sous-protocole convenu, "" s'il n'y en a pas
	WDS_INFO_WEBSOCKET_ORIGIN = 4063 // where the client's page comes from: "https://example.com", "" if it did not say / d'où vient la page du client, "https://exemple.fr", "" s'il ne l'a pas dit
	WDS_INFO_WEBSOCKET_HEADERS = 4064 // server: the headers of the client's request; client: those of the answer; lines "Name: value" / serveur : les en-têtes de la demande ; client : ceux de la réponse ; des lignes "Nom: valeur"
	WDS_INFO_WEBSOCKET_CLOSE_CODE = 4065 // the code that the peer closed with: "1000", "1005" if it gave none; "" if it has not closed / le code avec lequel le correspondant a fermé : "1000", "1005" s'il n'en a pas donné ; "" s'il n'a pas fermé
	WDS_INFO_WEBSOCKET_CLOSE_REASON = 4066 // the reason that it gave, UTF-8 at most 123 bytes, "" if none / la raison qu'il a donnée, 123 octets d'UTF-8 au plus, "" s'il n'y en a pas

	// Phases: what the library was doing when the error happened
	WDS_PHASE_NONE = 0
	WDS_PHASE_CALL = 1 // checking the call itself / contrôle de l'appel lui-même
	WDS_PHASE_RESOLVE = 2 // looking up a name / recherche d'un nom
	WDS_PHASE_CONNECT = 3 // connecting / connexion
	WDS_PHASE_LISTEN = 4 // opening a server or UDP port / ouverture d'un serveur ou d'un port UDP
	WDS_PHASE_ACCEPT = 5 // waiting for or accepting a client / attente ou acceptation d'un client
	WDS_PHASE_READ = 6 // reading / lecture
	WDS_PHASE_WRITE = 7 // writing / écriture
	WDS_PHASE_FRAME = 8 // decoding or encoding a message / découpage ou codage d'un message
	WDS_PHASE_CLOSE = 9 // closing / fermeture
	WDS_PHASE_OPTION = 10 // setting or reading an option / réglage ou lecture d'une option
	WDS_PHASE_PROXY = 11 // talking to a proxy, or reading its PROXY header / dialogue avec un proxy, ou lecture de son en-tête PROXY
	WDS_PHASE_TLS = 12 // TLS handshake or records / négociation ou enregistrements TLS
	WDS_PHASE_WEBSOCKET = 13 // WebSocket handshake or frames; since 0.2.0 / ouverture ou trames WebSocket

	// How far an error reaches (WDSocketErrorScope): a loop continues below WDS_SCOPE_CONNECTION and ends from there on; since 0.2.0
	WDS_SCOPE_NONE = 0 // no error / pas d'erreur
	WDS_SCOPE_CALL = 1 // this call only, the socket is unchanged: call again, later or as the text says / cet appel seulement, le socket est inchangé : rappelez, plus tard ou comme le texte le dit
	WDS_SCOPE_MESSAGE = 2 // one message or datagram, read or to be written: continue with the next one / un message ou datagramme, lu ou à écrire : continuez avec le suivant
	WDS_SCOPE_CLIENT = 3 // a client of the server: the server continues; the next read of a simplified server accepts the next client / un client du serveur : le serveur continue ; la lecture suivante d'un serveur simplifié accepte le client suivant
	WDS_SCOPE_CONNECTION = 4 // the connection has ended, or was not made: close the socket; a client may connect again / la connexion est terminée, ou n'a pas été établie : fermez le socket ; un client peut se reconnecter
	WDS_SCOPE_SERVER = 5 // the server or UDP socket is not open: correct what the text says, then open it again / le serveur ou le socket UDP n'est pas ouvert : corrigez ce que dit le texte, puis rouvrez-le
	WDS_SCOPE_PROGRAM = 6 // the call cannot succeed as it is, or this program has closed the socket: do not repeat it / l'appel ne peut pas réussir tel quel, ou ce programme a fermé le socket : ne le répétez pas
	WDS_SCOPE_LIBRARY = 7 // no call in this process succeeds / aucun appel ne réussit dans ce processus

	// Kinds of socket for WDSocketOpen
	WDS_KIND_CLIENT = 1 // client
	WDS_KIND_SERVER = 2 // serveur
	WDS_KIND_UDP = 3 // UDP
	WDS_KIND_CLIENT_SSL = 4 // client TLS
	WDS_KIND_SERVER_SSL = 5 // serveur TLS
	WDS_KIND_WEBSOCKET_CLIENT = 6 // WebSocket (RFC 6455); an address "ws://..." does the same; since 0.2.0 / client WebSocket (RFC 6455) ; une adresse "ws://..." fait de même
	WDS_KIND_WEBSOCKET_SERVER = 7 // since 0.2.0 / serveur WebSocket
	WDS_KIND_WEBSOCKET_CLIENT_SSL = 8 // WebSocket above TLS; an address "wss://..." does the same; since 0.2.0 / client WebSocket au-dessus de TLS ; une adresse "wss://..." fait de même
	WDS_KIND_WEBSOCKET_SERVER_SSL = 9 // since 0.2.0 / serveur WebSocket au-dessus de TLS

	// What the messages of a WebSocket are: WDS_OPT_WEBSOCKET_KIND, WDS_OPT_WEBSOCKET_MESSAGE, detail of WDS_EVENT_MESSAGE; since 0.2.0
	WDS_WEBSOCKET_TEXT = 1 // text: UTF-8; a page in a browser gets a string / texte : UTF-8 ; une page d'un navigateur reçoit une chaîne
	WDS_WEBSOCKET_BINARY = 2 // bytes; a page gets a Blob, or an ArrayBuffer where it sets binaryType / octets ; une page reçoit un Blob, ou un ArrayBuffer si elle règle binaryType

	// TLS options: bits of ssl_options and of WDS_OPT_SSL_OPTIONS
	WDS_SSL_DEFAULT = 0 // TLS 1.2 and 1.3, certificate and host name verified / TLS 1.2 et 1.3, certificat et nom d'hôte vérifiés
	WDS_SSL_V2 = 1 // SSL 2: refused with WDS_E_UNSUPPORTED / SSL 2 : refusé avec WDS_E_UNSUPPORTED
	WDS_SSL_V3 = 2 // SSL 3: refused with WDS_E_UNSUPPORTED / SSL 3 : refusé avec WDS_E_UNSUPPORTED
	WDS_SSL_TLS10 = 4 // TLS 1.0; the versions given replace the default and must not have a gap / TLS 1.0 ; les versions données remplacent celles par défaut et doivent se suivre
	WDS_SSL_TLS11 = 8 // TLS 1.1 / TLS 1.1
	WDS_SSL_TLS12 = 16 // TLS 1.2 / TLS 1.2
	WDS_SSL_TLS13 = 32 // TLS 1.3 / TLS 1.3
	WDS_SSL_ACCEPT_ANY = 256 // accept any certificate of the peer; pins, if set, are still checked / accepte tout certificat du correspondant ; les empreintes, s'il y en a, sont quand même contrôlées
	WDS_SSL_ASK_CLIENT = 512 // server: ask for a client certificate, verify it if one comes; needs WDS_TEXT_SSL_AUTHORITIES or pins / serveur : demande un certificat au client, et le vérifie s'il vient ; il faut WDS_TEXT_SSL_AUTHORITIES ou des empreintes
	WDS_SSL_REQUIRE_CLIENT = 1024 // server: refuse clients without a valid certificate; needs WDS_TEXT_SSL_AUTHORITIES or pins / serveur : refuse les clients sans certificat valable ; il faut WDS_TEXT_SSL_AUTHORITIES ou des empreintes
	WDS_SSL_NO_RESUMPTION = 2048 // a full handshake each time / une négociation complète à chaque fois
	WDS_SSL_ONLY_AUTHORITIES = 4096 // trust only WDS_TEXT_SSL_AUTHORITIES, not the system's authorities / ne reconnaît que WDS_TEXT_SSL_AUTHORITIES, non les autorités du système

	// Events: the field kind of a record that WDSocketNextEvents returns
	WDS_EVENT_REQUEST = 1 // a client asks to connect to a server: call WDSocketAccept or WDSocketDeny / un client demande à se connecter à un serveur : appelez WDSocketAccept ou WDSocketDeny
	WDS_EVENT_ACCEPTED = 2 // a managed server has accepted a client: socket is the channel, value the server / un serveur qui accepte lui-même a accepté un client : le socket est le canal, la valeur le serveur
	WDS_EVENT_CONNECTED = 3 // a pending connection is open / une connexion en cours est ouverte
	WDS_EVENT_MESSAGE = 4 // a whole message can be read, value is its length; raw mode: value bytes can be read. Of a WebSocket, detail is WDS_WEBSOCKET_TEXT or WDS_WEBSOCKET_BINARY (raw: 0), of WDS_TEXT_FRAME WDS_FRAME_CONTROL or WDS_FRAME_WRONG, or 0 / un message complet peut être lu, la valeur est sa longueur ; mode brut : autant d'octets peuvent être lus
	WDS_EVENT_WRITABLE = 5 // after WDS_E_FULL: the send queue is empty again, or half of WDS_OPT_RECONNECT_KEEP is free / après WDS_E_FULL : la file d'envoi est vide à nouveau, ou la moitié de WDS_OPT_RECONNECT_KEEP est libre
	WDS_EVENT_PEER_CLOSED = 6 // the peer ended the conversation; the last event of this socket / le correspondant a mis fin à la conversation ; le dernier événement de ce socket
	WDS_EVENT_RESET = 7 // the connection was cut; the last event of this socket / la connexion a été coupée ; le dernier événement de ce socket
	WDS_EVENT_ERROR = 8 // opening, the framing or a TLS handshake failed for good, or the connection was ended because it held too much memory; code says why. The last event of this socket, except for a server (a client could not be accepted) and UDP (WDS_OPT_UDP_ERRORS), which continue / l'ouverture, le découpage ou TLS a échoué pour de bon, ou la connexion occupait trop de mémoire ; le dernier événement, sauf pour un serveur (un client n'a pas pu être accepté) et UDP
	WDS_EVENT_TIMER = 9 // a timer is due: socket is the timer, value how many times it fell due since its last event / une minuterie est arrivée à terme : la valeur est le nombre de fois depuis son dernier événement
	WDS_EVENT_TIMEOUT = 10 // the connection was ended because of silence: value 1 = WDS_OPT_IDLE_LIMIT, 2 = the peer is gone (keep-alive, WDS_OPT_PEER_GONE), 3 = a message took longer than WDS_OPT_MESSAGE_LIMIT; the last event of this socket / la connexion a été terminée à cause du silence : valeur 1 = WDS_OPT_IDLE_LIMIT, 2 = le correspondant a disparu, 3 = un message a dépassé WDS_OPT_MESSAGE_LIMIT ; le dernier événement de ce socket
	WDS_EVENT_RECONNECTING = 11 // the connection is down and the client is reconnecting: value is the number of the attempt, counted since the last connection that lasted longer than WDS_OPT_RECONNECT_MOST, code why the last one ended / la connexion est coupée et le client se reconnecte : la valeur est le numéro de la tentative, le code dit pourquoi la précédente a échoué
	WDS_EVENT_RECONNECTED = 12 // the client has reconnected: value is the number of the successful attempt / le client s'est reconnecté : la valeur est le numéro de la tentative réussie
	WDS_EVENT_TLS_DONE = 13 // a handshake that WDSocketStartSSL began in the background is done; if it fails, WDS_EVENT_ERROR comes instead / une négociation que WDSocketStartSSL a commencée en arrière-plan est terminée ; si elle échoue, WDS_EVENT_ERROR vient à la place
	WDS_EVENT_DROPPED = 14 // messages were dropped: value is how many, code why: WDS_E_FULL (a queue of WDSocketGroupPublish), WDS_E_RECONNECTING (unsent when the connection ended); detail is the number of the first, where known / des messages ont été abandonnés : la valeur dit combien, le code pourquoi, le détail est le numéro du premier s'il est connu
	WDS_EVENT_UNSURE = 15 // the connection is down, and the peer may not have read messages that its system had received: value is how many, detail the number of the first (a socket's messages are numbered from 1, in the order of writing) / la connexion est coupée, et le correspondant n'a peut-être pas lu des messages que son système avait reçus : la valeur dit combien, le détail est le numéro du premier
	WDS_EVENT_CERTIFICATE = 16 // the socket's own certificate expires soon: value is the days left, negative once it has expired (WDS_OPT_SSL_WARN_DAYS) / le propre certificat du socket expire bientôt : la valeur est le nombre de jours restants (WDS_OPT_SSL_WARN_DAYS)

	WDS_EVENT_NOISE = 17 // bytes that are not a message were skipped, and the conversation continues: value is how many, code why (WDS_E_FRAME: noise between messages, reported once up to the next message, counting what was skipped when the event is handed out; WDS_E_CHECK: a message with wrong check bytes) / des octets qui ne sont pas un message ont été ignorés, et la conversation continue : la valeur dit combien, le code pourquoi

	// How a socket is attached to a queue
	WDS_ATTACH_PLAIN = 0 // a server reports requests / un serveur signale les demandes
	WDS_ATTACH_MANAGE = 1 // a server accepts clients by itself, and attaches their channels too / un serveur accepte lui-même les clients, et attache aussi leurs canaux

	// Roles in a TLS handshake, for WDSocketStartSSL
	WDS_ROLE_CLIENT = 1 // begins the handshake and verifies the peer / commence la négociation et vérifie le correspondant
	WDS_ROLE_SERVER = 2 // presents its certificate / présente son certificat

	// Transmission modes: how messages are delimited in the stream
	WDS_MODE_END_TAG = 0 // message, then the end tag / le message, puis le marqueur de fin
	WDS_MODE_SIZE = 1 // length in decimal digits, CR LF, message: the default, "WINDEV mode" / la longueur en chiffres décimaux, CR LF, le message : par défaut, le « mode WINDEV »
	WDS_MODE_END_TAG_BUFFER = 2 // sends the same bytes as WDS_MODE_END_TAG / envoie les mêmes octets que WDS_MODE_END_TAG
	WDS_MODE_RAW = 3 // bytes as they arrive, no messages / les octets comme ils viennent, sans messages
	WDS_MODE_LENGTH = 4 // a binary length field, see WDS_OPT_FRAME_ / une longueur binaire, voir WDS_OPT_FRAME_
	WDS_MODE_FIXED = 5 // every message has WDS_OPT_FRAME_LENGTH bytes / chaque message a WDS_OPT_FRAME_LENGTH octets
	WDS_MODE_MARKERS = 6 // start and end markers, escape, check bytes / marqueurs de début et de fin, échappement, octets de contrôle
	WDS_MODE_GAP = 7 // a silence of WDS_OPT_FRAME_GAP ends a message / un silence de WDS_OPT_FRAME_GAP termine un message
	WDS_MODE_DESCRIBED = 8 // as WDS_TEXT_FRAME describes it; setting that text chooses this mode; since 0.2.0 / comme WDS_TEXT_FRAME le décrit ; régler ce texte choisit ce mode

	// What a message is that WDS_TEXT_FRAME describes: WDS_OPT_FRAME_MESSAGE, detail of WDS_EVENT_MESSAGE, 0 for a usual one; since 0.2.0
	WDS_FRAME_CONTROL = 3 // one of the bytes of control=, such as ACK (06) or NAK (15) / un des octets de control=, comme ACK (06) ou NAK (15)
	WDS_FRAME_WRONG = 4 // its check bytes are wrong, and bad=keep is set / ses octets de contrôle sont faux, et bad=keep est réglé

	// What WDSocketDiscard discards
	WDS_DISCARD_MESSAGE = 1 // the next message or datagram / le prochain message ou datagramme
	WDS_DISCARD_ALL = 2 // everything that has arrived / tout ce qui est arrivé
	WDS_DISCARD_OLDER = 3 // all whole messages or datagrams except the newest; since 0.2.0 / tous les messages ou datagrammes complets, sauf le plus récent

	// States
	WDS_STATE_NEW = 1 // created, not opened / créé, pas ouvert
	WDS_STATE_CONNECTING = 2 // connecting / en cours de connexion
	WDS_STATE_OPEN = 3 // connected; a UDP socket that is ready / connecté ; un socket UDP prêt
	WDS_STATE_LISTENING = 4 // a server that accepts clients / un serveur qui accepte des clients
	WDS_STATE_WRITE_CLOSED = 5 // open, but this program ended its sending side / ouvert, mais ce programme a terminé son envoi
	WDS_STATE_PEER_CLOSED = 6 // the peer ended the conversation; what it sent can still be read / le correspondant a mis fin à la conversation ; ce qu'il a envoyé peut encore être lu
	WDS_STATE_RESET = 7 // the connection was cut / la connexion a été coupée
	WDS_STATE_BROKEN = 8 // a write or the framing failed for good: only reading or closing is left / une écriture ou le découpage a échoué pour de bon : il ne reste qu'à lire ou à fermer
	WDS_STATE_FAILED = 9 // opening failed; may be opened again / l'ouverture a échoué ; peut être rouvert

	// Ways to close
	WDS_CLOSE_GRACEFUL = 0 // send what was written first, within the time given / envoie d'abord ce qui a été écrit, dans le délai donné
	WDS_CLOSE_WRITE = 1 // half-close: end the sending side only; reading continues, the handle stays / ne termine que l'envoi ; la lecture continue, le handle reste
	WDS_CLOSE_ABORT = 2 // reset at once and discard unsent data / réinitialise aussitôt et supprime ce qui n'est pas envoyé
	WDS_CLOSE_CLIENTS = 4 // added to WDS_CLOSE_GRACEFUL or WDS_CLOSE_ABORT: a server and every client that it has accepted; since 0.2.0 / ajoutée à WDS_CLOSE_GRACEFUL ou WDS_CLOSE_ABORT : un serveur et tous les clients qu'il a acceptés

	WDS_OPT_NODELAY = 1001 // 0/1, default 1: small writes are sent at once (Nagle off); at once / 0/1, 1 par défaut : les petites écritures partent aussitôt (sans Nagle)
	WDS_OPT_KEEPALIVE = 1002 // 0/1, default 1: detect a dead peer, also while data is unacknowledged; at once / 0/1, 1 par défaut : détecte un correspondant disparu
	WDS_OPT_KEEPALIVE_IDLE = 1003 // ms of silence before the first probe, 1000..32767000, default 30000, whole seconds; at once / ms de silence avant la première sonde, 30000 par défaut, des secondes entières
	WDS_OPT_KEEPALIVE_INTERVAL = 1004 // ms between probes, 1000..32767000, default 10000, whole seconds; at once / ms entre les sondes, 10000 par défaut, des secondes entières
	WDS_OPT_KEEPALIVE_COUNT = 1005 // unanswered probes that end the connection, 1..127, default 3; at once / sondes sans réponse qui terminent la connexion, 1..127, 3 par défaut
	WDS_OPT_SEND_BUFFER = 1006 // bytes of the system's send buffer, 0 = the system's choice (default); at once / octets du tampon d'envoi du système, 0 = au choix du système (par défaut)
	WDS_OPT_RECEIVE_BUFFER = 1007 // bytes of the system's receive buffer, 0 = the system's choice (default); at once, best before opening / octets du tampon de réception du système, 0 = au choix du système (par défaut) ; de préférence avant l'ouverture
	WDS_OPT_LINGER = 1008 // ms to send written data after WDSocketClose, instead of WDS_OPT_CLOSE_TIMEOUT; -1 off (default), 0 = reset; WDSocketCloseAll allows WDS_OPT_CLOSE_TIMEOUT; at once / ms pour envoyer ce qui est écrit après WDSocketClose, au lieu de WDS_OPT_CLOSE_TIMEOUT ; -1 désactivé (par défaut), 0 = réinitialise
	WDS_OPT_READ_GAP = 1009 // ms, 0..3600000, default 0. Raw mode: a read collects until nothing arrives for this time or the maximum is reached. Other modes: once a message has begun, a read waits this long for the rest, even beyond its own time; at once / ms. Mode brut : une lecture rassemble jusqu'à ce que rien ne vienne pendant ce temps. Autres modes : combien de temps attendre le reste d'un message commencé
	WDS_OPT_WRITE_TIMEOUT = 1010 // ms that a write may wait, -1 for ever, default 30000; at once / ms qu'une écriture peut attendre, -1 sans limite, 30000 par défaut
	WDS_OPT_CLOSE_TIMEOUT = 1011 // ms to send written data after WDSocketClose, 0..3600000, default 5000; at once / ms pour envoyer ce qui est écrit après WDSocketClose, 5000 par défaut
	WDS_OPT_MAX_MESSAGE = 1012 // bytes of the longest message, in both directions, 1..2147483647, default 16777216; at once / octets du plus long message, dans les deux sens, 16777216 par défaut
	WDS_OPT_SYSTEM_RESOLVER = 1013 // 0/1, default 0: look up names with the system's functions instead of the library's own; always on Windows, unless WDS_TEXT_DNS_SERVER is set; before opening / 0/1, 0 par défaut : cherche les noms avec les fonctions du système ; toujours sous Windows ; avant l'ouverture
	WDS_OPT_EXCLUSIVE_PORT = 1014 // 0/1, default 1: no other socket can use the port of this server or UDP socket; before opening / 0/1, 1 par défaut : aucun autre socket ne peut utiliser le port de ce serveur ou socket UDP ; avant l'ouverture
	WDS_OPT_BACKLOG = 1015 // clients that may wait to be accepted, 1..65535, default 511 (the system may lower it); before opening / clients qui peuvent attendre d'être acceptés, 511 par défaut ; avant l'ouverture
	WDS_OPT_MAX_CLIENTS = 1016 // channels and waiting clients of a server at the same time, 0 = no limit (default): further clients are refused by reset. Handshakes in progress are limited by WDS_OPT_SSL_PENDING instead, so that silent clients do not shut out others; at once / canaux et clients en attente d'un serveur en même temps, 0 = sans limite (par défaut)
	WDS_OPT_MAX_CLIENTS_PER_ADDRESS = 1017 // the same for each peer address, including handshakes in progress, 0 = no limit (default); at once / de même pour chaque adresse, négociations en cours comprises, 0 = sans limite (par défaut)
	WDS_OPT_TAG_AS_IS = 1018 // 0/1, default 0: the end tag is neither appended nor refused on write; at once / 0/1, 0 par défaut : le marqueur de fin n'est ni ajouté ni refusé à l'écriture
	WDS_OPT_UDP_ERRORS = 1019 // 0/1, default 0: report "port unreachable" on a UDP socket; at once / 0/1, 0 par défaut : signale « port injoignable » sur un socket UDP
	WDS_OPT_BROADCAST = 1020 // 0/1, default 1: UDP may send to broadcast addresses; at once / 0/1, 1 par défaut : UDP peut envoyer aux adresses de diffusion
	WDS_OPT_MULTICAST_TTL = 1021 // hops of multicast datagrams, 0..255, default 1; at once / nombre de sauts des datagrammes multicast, 0..255, 1 par défaut
	WDS_OPT_MULTICAST_LOOP = 1022 // 0/1, default 1: multicast datagrams sent here are also received on this machine; at once / 0/1, 1 par défaut : les datagrammes multicast envoyés ici sont aussi reçus sur cette machine
	WDS_OPT_USER_NUMBER = 1023 // any number the host chooses, default 0; at once / un nombre au choix du programme, 0 par défaut
	WDS_OPT_LOCAL_PORT = 1024 // get: the port in use; set: a client's local port, 0 = any (default); before opening / lecture : le port utilisé ; écriture : le port local d'un client, 0 = au choix (par défaut) ; avant l'ouverture
	WDS_OPT_PEER_PORT = 1025 // get only: the peer's port / lecture seule : le port du correspondant
	WDS_OPT_MODE = 1026 // get only: the transmission mode (set it with WDSocketChangeTransmissionMode) / lecture seule : le mode de transmission (réglé par WDSocketChangeTransmissionMode)
	WDS_OPT_ADDRESS_FAMILY = 1027 // 0 both (default), 4 IPv4 only, 6 IPv6 only; before opening / 0 les deux (par défaut), 4 IPv4 seulement, 6 IPv6 seulement ; avant l'ouverture
	WDS_OPT_RESOLVE_CACHE = 1028 // ms for which WDSocketWriteUDP remembers a looked-up name, 0..86400000, default 60000; at once / ms pendant lesquelles WDSocketWriteUDP retient un nom trouvé, 60000 par défaut
	WDS_OPT_RESOLVE_TIMEOUT = 1029 // ms to look up a name for WDSocketWriteUDP, or to open a server or UDP socket by name, 0..600000, default 5000; at once / ms pour chercher un nom pour WDSocketWriteUDP, ou pour ouvrir par un nom, 5000 par défaut
	WDS_OPT_EXCHANGE_LATE = 1030 // ms after a time-out of WDSocketExchange during which its answer may still come and is discarded; -1 for ever, default 10000; at once / ms après un délai dépassé de WDSocketExchange pendant lesquelles sa réponse est supprimée si elle vient ; -1 sans limite, 10000 par défaut
	WDS_OPT_SEND_QUEUE = 1033 // bytes, default 0: a write waits while the peer does not read. Above 0 a write never waits: up to this many bytes wait in the library; a message that does not fit is refused with WDS_E_FULL, unless nothing is waiting; clients and channels; at once / octets, 0 par défaut : une écriture attend tant que le correspondant ne lit pas. Au-dessus de 0, elle n'attend jamais : autant d'octets attendent dans la bibliothèque, puis WDS_E_FULL
	WDS_OPT_PEER_GONE = 1034 // ms after the last sign of life at which a peer counts as gone, whether data is unacknowledged or not: 2000..3600000, 0 = decided by the three keep-alive options (default); sets them and WDS_OPT_KEEPALIVE. A queue or a waiting call detects it. A peer that merely does not read still responds and is not gone. On Windows the system alone decides while data is unacknowledged: after about 20 s; at once / ms après le dernier signe de vie au bout desquelles un correspondant est considéré comme disparu, 2000..3600000, 0 = d'après les options keep-alive (par défaut)
	WDS_OPT_IDLE_LIMIT = 1035 // ms without receiving anything after which the connection is reset, 100..86400000, 0 = none (default). Applies while the socket is in a queue or a read waits. Reads then give WDS_E_SILENT, the event is WDS_EVENT_TIMEOUT. On a server it is that of its clients: the time without one does not count, a read of a simplified server waits on; at once / ms sans rien recevoir au bout desquelles la connexion est réinitialisée, 0 = jamais (par défaut) ; tant que le socket est dans une file ou qu'une lecture attend ; sur un serveur, c'est celui de ses clients : le temps sans client ne compte pas
	WDS_OPT_MESSAGE_LIMIT = 1091 // ms that a message may take from its first byte to its last, 100..86400000, 0 = any time (default): a peer that sends a byte now and then is not idle, and holds a simplified server for ever without this limit. Then the connection is ended as by WDS_OPT_IDLE_LIMIT. Applies while the socket is in a queue or a read waits, in every mode but raw, and to what WDSocketReadExactly and WDSocketReadUntil wait for. The time begins when the first byte of the message in front is found by the queue, or by a read that waits: for a message behind another one, not before that one was read. A message that has all arrived is not late, however long it waits to be read; but for one that is larger than the system's buffers, time in which this program does not read counts. One that silence ends has the silence in addition. Heartbeats, and bytes that WDS_E_FRAME skips, are no messages. With TLS or a WebSocket a read that waits may notice up to an eighth of the limit later that a message has begun; since 0.2.0; at once / ms accordées à un message, de son premier octet au dernier, 0 = sans limite (par défaut) ; ensuite la connexion est coupée comme par WDS_OPT_IDLE_LIMIT ; tant que le socket est dans une file ou qu'une lecture attend ; sans effet en mode brut, hors WDSocketReadExactly et WDSocketReadUntil
	WDS_OPT_HEARTBEAT = 1036 // ms without sending anything after which WDS_TEXT_HEARTBEAT is written as a message, 100..86400000, 0 = never (default). Applies while the socket is in a queue or a read waits. No heartbeat is written while data is unsent or unacknowledged, or if it cannot be a message of the mode. A WebSocket sends a ping instead unless WDS_TEXT_HEARTBEAT is set, also when nothing was received for that time, whatever is being written, and the peer's pong is a sign of life; at once / ms sans rien envoyer au bout desquelles WDS_TEXT_HEARTBEAT est écrit comme message, 0 = jamais (par défaut)
	WDS_OPT_COALESCE = 1037 // ms that small writes may wait to be sent together, 0 = they are sent at once (default), 1..1000. They are sent earlier when 64 KiB have accumulated, before a read or WDSocketNextEvents waits, at WDSocketFlush and at the close; at once / ms que de petites écritures peuvent attendre pour partir ensemble, 0 = elles partent aussitôt (par défaut), 1..1000
	WDS_OPT_PUBLISH_QUEUE = 1038 // bytes of published messages that may wait for one client, 1..2147483647, default 1048576; at once / octets de messages publiés qui peuvent attendre pour un client, 1048576 par défaut
	WDS_OPT_PUBLISH_POLICY = 1039 // when that queue is full: 0 the oldest message is dropped (default), 1 the newest is, 2 the client is disconnected; WDS_EVENT_DROPPED reports it; at once / quand cette file est pleine : 0 le message le plus ancien est abandonné (par défaut), 1 le plus récent, 2 le client est déconnecté
	WDS_OPT_KIND = 1031 // get only: WDS_KIND_, 0 for a socket not opened yet / lecture seule : WDS_KIND_, 0 pour un socket pas encore ouvert
	WDS_OPT_SERVER = 1032 // get only: on a channel, the handle of its server, 0 if none / lecture seule : pour un canal, le handle de son serveur, sinon 0

	// figures of the modes 4 to 7: at once, for the next message
	WDS_OPT_FRAME_OFFSET = 1040 // where the length field begins, 0..255, default 0 / où commence la longueur, 0..255, 0 par défaut
	WDS_OPT_FRAME_WIDTH = 1041 // bytes of the length field: 1, 2 or 4, default 2 / octets de la longueur : 1, 2 ou 4, 2 par défaut
	WDS_OPT_FRAME_ORDER = 1042 // 0 high byte first (default), 1 low byte first / 0 octet fort en premier (par défaut), 1 octet faible en premier
	WDS_OPT_FRAME_ADJUSTMENT = 1043 // bytes after the length field = its value + this, -65536..65536, default 0 / octets après la longueur = sa valeur + ce nombre, 0 par défaut
	WDS_OPT_FRAME_KEEP_HEADER = 1044 // 0..2, default 0: messages do not include the length field. 1: they include everything up to and including it, and a write puts the right length there whatever the message contains ("modbus-tcp"). 2, since 0.2.0: as 1, but a write of a message whose length field is wrong gives WDS_E_FRAME / 0 les messages sont sans la longueur (par défaut), 1 ils comprennent tout jusqu'à elle, et une écriture la corrige, 2 une écriture dont la longueur est fausse est refusée
	WDS_OPT_FRAME_LENGTH = 1045 // length of a fixed message, 1..2147483647, default 1 / longueur d'un message fixe, 1 par défaut
	WDS_OPT_FRAME_GAP = 1046 // ms of silence that end a message, 1..60000, default 50 / ms de silence qui terminent un message, 1..60000, 50 par défaut
	WDS_OPT_FRAME_CHECK = 1047 // check bytes after the end marker: one of WDS_CHECK_ / octets de contrôle après le marqueur de fin : une des constantes WDS_CHECK_
	WDS_OPT_FRAME_CHECK_SPAN = 1048 // what the check covers besides the message: 0 nothing, 1 the start marker, 2 the end marker (default), 3 both / ce que le contrôle couvre en plus du message : 0 rien, 1 le marqueur de début, 2 celui de fin (par défaut), 3 les deux
	WDS_OPT_FRAME_RESTART = 1049 // 0/1, default 0: a start marker inside a message is part of the message. 1: it starts a new message: what came before is reported as one WDS_E_FRAME, like noise, and writing a message that contains the start marker gives WDS_E_TAG_IN_MESSAGE (with an escape byte it is escaped). The presets with a start marker set it to 1; setting your own markers after the preset sets it to 0. It has no effect without a start marker, if the start marker equals the end marker, or if it looks like the escape byte and a byte that is escaped; since 0.2.0 / 0/1, 0 par défaut : un marqueur de début dans un message en fait partie. 1 : il commence un nouveau message
	WDS_OPT_FRAME_MESSAGE = 1095 // get only: what the last message read is in WDS_MODE_DESCRIBED: 0 a usual one, or none yet, WDS_FRAME_CONTROL or WDS_FRAME_WRONG; since 0.2.0 / lecture seule : ce qu'est le dernier message lu en WDS_MODE_DESCRIBED : 0 ordinaire, WDS_FRAME_CONTROL ou WDS_FRAME_WRONG

	// Unix sockets
	WDS_OPT_UNIX_MODE = 1090 // the permissions of a server's file, 0..511 (0777), default 384 (0600): its user alone can connect. Connecting needs to write: 432 (0660) lets the file's group in, 438 (0666) every user. They are set before anybody can connect, whatever the umask is; since 0.2.0; before opening / les droits du fichier d'un serveur, 0..511, 384 (0600) par défaut : son utilisateur seul peut se connecter

	// what is written otherwise than it is read: at once, for the next message
	WDS_OPT_WRITE_MODE = 1100 // -1..7, default -1: writes use the mode of WDSocketChangeTransmissionMode. One of WDS_MODE_, to WDS_MODE_GAP: writes use this mode instead, and reads are not affected; the modes' figures (WDS_OPT_FRAME_, markers, WDS_OPT_TAG_AS_IS) and WDS_OPT_MAX_MESSAGE are the same ones for both. Holds for everything that writes: heartbeats, exchanges, groups, coalesced and kept messages too. WDSocketChangeTransmissionMode and WDS_TEXT_FRAME_PRESET leave it as it is. No effect on WebSockets and UDP sockets; since 0.2.0 / -1 par défaut : l'écriture utilise le même mode que la lecture ; sinon une des constantes WDS_MODE_, jusqu'à WDS_MODE_GAP

	// WDSocketExchange: what comes before the answer, and how the answer is known; at once, for the next exchange
	WDS_OPT_EXCHANGE_ECHO = 1101 // 0/1, default 0. 1: the bytes of the request may come back before the answer, as from RS-485 converters, and are skipped; not on a WebSocket; since 0.2.0 / 0/1, 0 par défaut. 1 : les octets de la question peuvent revenir avant la réponse, comme par un convertisseur RS-485, et sont ignorés
	WDS_OPT_EXCHANGE_REPEATS = 1102 // 0..100, default 0: how often a request that is refused by WDS_TEXT_EXCHANGE_NAK is written again, within the time of the exchange; since 0.2.0 / combien de fois une question refusée par WDS_TEXT_EXCHANGE_NAK est écrite à nouveau, 0 par défaut
	WDS_OPT_EXCHANGE_FIELD = 1103 // -1..65535, default -1: none, the answer is the next message (with "modbus-tcp" the one of the same transaction). Otherwise where in a request a field begins that its answer repeats, such as a transaction number or the STAN of ISO 8583, counted in the bytes of the message without framing. Messages with other bytes there are discarded and counted (WDS_STAT_STALE), WDS_E_TIMEOUT names the last of them, and there is no wait for late answers. Not in raw mode (WDS_E_STATE); a request that ends before the field gives WDS_E_ARGUMENT; since 0.2.0 / -1 par défaut : la réponse est le message suivant. Sinon, où commence dans une question un champ que sa réponse répète
	WDS_OPT_EXCHANGE_FIELD_WIDTH = 1104 // bytes of that field, 1..64, default 2; since 0.2.0 / octets de ce champ, 1..64, 2 par défaut
	WDS_OPT_EXCHANGE_FIELD_ANSWER = 1105 // where in an answer the field begins, -1..65535, default -1: where it does in the request; since 0.2.0 / où commence le champ dans une réponse, -1 par défaut : comme dans la question

	// TLS: before the handshake; on a server for clients that connect afterwards
	WDS_OPT_SSL_OPTIONS = 1050 // WDS_SSL_ bits, default 0; functions with ssl_options set it / des bits WDS_SSL_, 0 par défaut ; les fonctions qui ont ssl_options le règlent
	WDS_OPT_SSL_HANDSHAKE_TIMEOUT = 1051 // ms that a handshake may take, 1..600000, default 10000 / ms que peut durer une négociation, 10000 par défaut
	WDS_OPT_SSL_PENDING = 1052 // handshakes at the same time on a server, 1..65535, default 4096: beyond it the oldest is dropped / négociations en même temps sur un serveur, 4096 par défaut : au-delà, la plus ancienne est abandonnée
	WDS_OPT_SSL_DAYS_LEFT = 1053 // get only: whole days until the socket's own certificate expires, negative once it has / lecture seule : jours entiers jusqu'à l'expiration du propre certificat du socket, négatif après
	WDS_OPT_SSL_WARN_DAYS = 1054 // days before the socket's own certificate expires from which WDS_EVENT_CERTIFICATE comes, once when the socket is attached or opened and once a day, 0..3650, 0 = never, default 30; at once / jours avant l'expiration à partir desquels WDS_EVENT_CERTIFICATE vient une fois par jour, 0 = jamais, 30 par défaut
	WDS_OPT_SSL_ALLOW_EXPIRED = 1055 // 0/1, default 0: a certificate of this program that has expired or is not valid yet gives WDS_E_TLS_EXPIRED or WDS_E_TLS_NOT_YET_VALID; 1: it is used, with a warning in the log, and the peers decide. Set it before the certificate. Since: 0.2.0 / 0/1, 0 par défaut : un certificat de ce programme, expiré ou pas encore valable, est refusé ; 1 : il est utilisé. À régler avant le certificat

	// reconnecting: clients, see "Reconnecting"
	WDS_OPT_RECONNECT = 1070 // 0/1, default 0: a client whose connection ends, other than by this program's own close, connects again to the same address, looked up again, with the same options, TLS and mode; at once / 0/1, 0 par défaut : un client dont la connexion se termine autrement que par ce programme se reconnecte
	WDS_OPT_RECONNECT_FIRST = 1071 // ms before the first attempt, 1..3600000, default 200; the pause doubles with each attempt, plus a random part of up to half the pause; at once / ms avant la première tentative, 200 par défaut ; la pause double à chaque tentative
	WDS_OPT_RECONNECT_MOST = 1072 // ms of the longest pause, without the random part, 1..3600000, default 30000. Only a connection that lasted longer than this counts as successful: after it, pauses and attempts start over; at once / ms de la plus longue pause, 30000 par défaut. Seule une connexion plus longue que cela compte comme réussie
	WDS_OPT_RECONNECT_TRIES = 1073 // attempts after which the client gives up (WDS_EVENT_ERROR; reads give the reason), including those that connected but did not last longer than WDS_OPT_RECONNECT_MOST, 0 = never (default)..2147483647; at once / tentatives au bout desquelles le client renonce (WDS_EVENT_ERROR), 0 = jamais (par défaut)
	WDS_OPT_RECONNECT_KEEP = 1074 // bytes of messages that are kept until they reach the peer's system, and are written again to the next connection, 0..2147483647; a write then never waits, and gives WDS_E_FULL beyond this size. 0 (default): unsent messages are dropped, and WDS_EVENT_DROPPED reports them; at once / octets de messages gardés jusqu'à ce qu'ils soient chez le correspondant, et écrits à nouveau sur la connexion suivante, 0 = aucun (par défaut)
	WDS_OPT_RECONNECT_WAIT = 1075 // 0/1, default 0: while the connection is down, reads and writes give WDS_E_RECONNECTING at once; 1: they wait for it, within their time (a write with WDS_OPT_RECONNECT_KEEP returns at once either way); at once / 0/1, 0 par défaut : pendant la coupure, lectures et écritures donnent WDS_E_RECONNECTING ; 1 : elles attendent la connexion

	// PROXY protocol: the header, version 1 or 2, in front of a connection, by which a proxy (HAProxy, nginx) says who its client is; not UDP; since 0.2.0
	WDS_OPT_PROXY_HEADER = 1080 // how a server treats headers, WDS_PROXY_HEADER_OFF (default), _ACCEPTED or _REQUIRED. They are read only from the addresses in WDS_TEXT_PROXY_TRUSTED, without which the server does not open (WDS_E_ARGUMENT), in front of TLS. Then WDSocketClientInfo, errors, the log and WDS_OPT_MAX_CLIENTS_PER_ADDRESS are about the proxy's client; a trusted address has no such limit before. A proxy's health checks (it connects and closes, or says that there is no client and sends nothing more) give neither events nor errors; WDS_STAT_HEALTH_CHECKS counts them; before opening / comment un serveur traite les en-têtes PROXY : WDS_PROXY_HEADER_OFF (par défaut), _ACCEPTED ou _REQUIRED ; il faut WDS_TEXT_PROXY_TRUSTED
	WDS_OPT_PROXY_HEADER_TIMEOUT = 1081 // ms in which the header must have come, 1..600000, default 5000; at once / ms dans lesquelles l'en-tête doit être venu, 5000 par défaut
	WDS_OPT_PROXY_HEADER_SEND = 1082 // the version of the header that a client sends in front of its connections, 1 or 2, with its own address and the peer's (for servers that require a header), 0 = none (default). To a server that speaks first 2 is better: version 1 about the connection itself looks like a health check until something is sent; connections made afterwards / la version de l'en-tête qu'un client envoie devant ses connexions, 1 ou 2, 0 = aucun (par défaut)

	// WebSocket; since 0.2.0
	WDS_OPT_WEBSOCKET_KIND = 1085 // the kind of messages written: WDS_WEBSOCKET_TEXT or WDS_WEBSOCKET_BINARY (default). A text message that is not UTF-8 is refused (WDS_E_TEXT): WDS_TEXT_CHARSET "utf-8" converts the host's text. Raw mode always writes binary; at once / le type des messages écrits : WDS_WEBSOCKET_TEXT ou WDS_WEBSOCKET_BINARY (par défaut)
	WDS_OPT_WEBSOCKET_COMPRESSION = 1086 // 0/1, default 0: offer compression (permessage-deflate, RFC 7692), or accept it; connections made afterwards / 0/1, 0 par défaut : propose la compression (permessage-deflate), ou l'accepte
	WDS_OPT_WEBSOCKET_CLOSE_CODE = 1087 // the code to close with, 1000..4999 except 1004..1006 and 1015..2999, default 1000 (normal closure); 4000..4999 are free for programs; at once / le code avec lequel fermer, 1000 par défaut (fermeture normale) ; 4000..4999 sont libres pour les programmes
	WDS_OPT_WEBSOCKET_MESSAGE = 1088 // get only: the kind of the last message read, WDS_WEBSOCKET_TEXT or WDS_WEBSOCKET_BINARY; 0 none yet, or raw mode / lecture seule : le type du dernier message lu, WDS_WEBSOCKET_TEXT ou WDS_WEBSOCKET_BINARY ; 0 aucun encore

	// process
	WDS_OPT_HOST_TEXT = 1060 // encoding of the host's text: 0 UTF-8 (default), 1 ANSI, 2 UTF-16LE; process / le codage des textes du programme : 0 UTF-8 (par défaut), 1 ANSI, 2 UTF-16LE ; processus
	WDS_OPT_TOTAL_BUFFER = 1061 // bytes that all sockets together may buffer, 1048576..2147483647, default 268435456 (134217728 in 32 bits); each socket may always hold 4096 bytes. While others wait for memory, an incomplete message may hold at most an eighth, and the connection that has held the most for the longest ends with WDS_E_MEMORY; process / octets que tous les sockets ensemble peuvent garder, 268435456 par défaut (134217728 en 32 bits) ; processus
	WDS_OPT_LOG_LEVEL = 1062 // lines of WDS_TEXT_LOG_FILE: 0 none, 1 errors and warnings ("error"), 2 also beginnings and ends ("event", default), 3 also reads and writes, never their bytes ("trace"). A client that leaves a TLS server, or is reset, before it has sent a byte, such as a port scan, is an event, not an error; process / lignes de WDS_TEXT_LOG_FILE : 0 aucune, 1 erreurs et avertissements, 2 aussi débuts et fins (par défaut), 3 aussi lectures et écritures
	WDS_OPT_LOG_SIZE = 1063 // bytes after which the log file is renamed to NAME.1 and a new one begins, 65536..2147483647, default 10485760; process / octets au bout desquels le journal est renommé en NOM.1, 10485760 par défaut ; processus
	WDS_OPT_CAPTURE_SIZE = 1064 // maximum bytes of a file of WDS_TEXT_CAPTURE_FILE or WDS_TEXT_TRACE_FILE, 65536..2147483647, default 104857600: a capture ends there, after a complete packet, and the log says so; a trace is renamed to NAME.1 and a new one begins; process / octets au plus d'un fichier de WDS_TEXT_CAPTURE_FILE ou WDS_TEXT_TRACE_FILE, 104857600 par défaut
	WDS_OPT_CAPTURE_BELOW_TLS = 1065 // 0/1, default 0: record 0 the messages' bytes, above TLS, 1 the TLS records, below it (see WDS_TEXT_SSL_KEY_LOG); at once, where the capture begins anew / 0/1, 0 par défaut : enregistre 0 les octets des messages, au-dessus de TLS, 1 les enregistrements TLS

	// Check bytes
	WDS_CHECK_NONE = 0 // default / aucun (par défaut)
	WDS_CHECK_XOR = 1 // BCC: one byte, all bytes XORed / BCC : un octet, tous les octets par OU exclusif
	WDS_CHECK_SUM = 2 // one byte, sum modulo 256 / un octet, la somme modulo 256
	WDS_CHECK_LRC = 3 // one byte, two's complement of the sum (ISO 1155, Modbus ASCII) / un octet, le complément à deux de la somme (ISO 1155, Modbus ASCII)
	WDS_CHECK_CRC16 = 4 // two bytes, CRC-16/MODBUS, low byte first / deux octets, CRC-16/MODBUS, octet faible en premier
	WDS_CHECK_CRC16_CCITT = 5 // two bytes, CRC-16/XMODEM, high byte first / deux octets, CRC-16/XMODEM, octet fort en premier

	// How a server treats PROXY headers
	WDS_PROXY_HEADER_OFF = 0 // none is read / aucun n'est lu
	WDS_PROXY_HEADER_ACCEPTED = 1 // trusted addresses may send one, and have WDS_OPT_PROXY_HEADER_TIMEOUT to do so; from others none is awaited / les adresses de confiance peuvent en envoyer un, dans WDS_OPT_PROXY_HEADER_TIMEOUT ; des autres, aucun n'est attendu
	WDS_PROXY_HEADER_REQUIRED = 2 // trusted addresses must send one; connections from others are reset / les adresses de confiance doivent en envoyer un ; les connexions des autres sont réinitialisées

	// Encodings of the host's text
	WDS_HOST_TEXT_UTF8 = 0
	WDS_HOST_TEXT_ANSI = 1 // ANSI
	WDS_HOST_TEXT_UTF16 = 2 // UTF-16

	WDS_TEXT_LANGUAGE = 2001 // "en" or "fr": language of the error texts; "" = the system's (default): French where the user interface of Windows is French, otherwise English; process / "en" ou "fr" : la langue des textes d'erreur ; "" = celle du système (par défaut) : le français si Windows est en français, sinon l'anglais ; processus
	WDS_TEXT_LOG_FILE = 2002 // path of the log file, "" = none (default): a regular file, no symbolic link; process. Each line is TIME LEVEL SUBJECT: TEXT, as 2026-11-27T18:55:00.927Z trace #12 "scale" client 127.0.0.1:40123 -> 10.0.0.5:5000: 11 bytes written The time is UTC, the level "error", "event" or "trace" (WDS_OPT_LOG_LEVEL). The subject is #handle, "name", kind and addresses; the quoted name is left out if there is none, and quotation marks and backslashes in it have a backslash before them. Kinds: "client", "channel", "server" and "udp", with addresses; "socket" if it is not open; "process", without handle, if no socket is concerned. Addresses: the local one, -> (this side connected) or <- (the peer did), the peer's; an unknown address is "-", such as the local one of a client that could not connect, whose peer is host:port as given. A server has its local address; a client that is not a channel (refused, failed in the handshake, or served by a simplified server) has the server's handle and both addresses. "udp" has a peer for a datagram, -> sent, <- received. Control characters are written \xNN, and lines longer than 8192 bytes are cut / le chemin du journal, "" = aucun (par défaut) ; processus
	WDS_TEXT_LOCAL_ADDRESS = 2003 // local address of a client or UDP socket, "" = the system's choice; before opening / l'adresse locale d'un client ou d'un socket UDP, "" = au choix du système ; avant l'ouverture
	WDS_TEXT_DNS_SERVER = 2004 // name server "address" or "address:port", "" = the system's; before opening / le serveur de noms, "adresse" ou "adresse:port", "" = celui du système ; avant l'ouverture
	WDS_TEXT_CHARSET = 2005 // character set of transmitted text ("windows-1252", "ibm850", "utf-16le" ...), "" = messages are bytes (default); at once / le jeu de caractères des textes transmis ("windows-1252", "ibm850", "utf-16le" ...), "" = les messages sont des octets (par défaut)
	WDS_TEXT_FRAME_PRESET = 2006 // sets a mode with all its options: "line", "modbus-tcp", "tpkt", "mllp", "stx-etx-bcc", "iso8583"; or the description of a protocol as WDS_TEXT_FRAME: "astm", "mqtt", "netstring", "nmea", "zvt" ...; or a protocol that no description tells (docs/framing.md): "modbus-rtu" for a master, "modbus-rtu-slave", "dnp3", "hdlc", "postgres", "redis", "slip"; a name that there is not gives WDS_E_UNSUPPORTED, and its text lists them all; at once / choisit un mode avec toutes ses options : "modbus-tcp", "tpkt", "mllp", "stx-etx-bcc", "iso8583", ou un autre protocole connu (docs/framing.fr.md)
	WDS_TEXT_FRAME = 2060 // describes the messages by their parts in the order of the wire, chooses WDS_MODE_DESCRIBED, and is given back in canonical form; in another mode, what is asked for is the text that describes the same. Parts: bytes in hexadecimal or in quotes, (alternatives|of them), hdr:n bytes as they are, len:TYPE, data, and check bytes NAME(from..to); a part may have a label= ; behind ";" options; " >> " and a second description for what is written. "s=02 d=data e=03 xor(d..e)", "len:u24le=d hdr:1 d=data ; keep", "data (0D0A|0A|0D)", "1002 data~~10 1003", "hdr:1 len:varint data ; keep", "len:dec~":"=d d=data ","" TYPE: u8 to u64le or u64be, decN, hexN, bcdN digits, dec~delimiter, varint, vlq, ber, zvt; then & mask, >> shift, = what it counts (default: all behind it), + or - a number. data:n has n bytes; data~XX is escaped by the byte XX, data~~XX doubles it, data~'XX is quoted. NAME: xor, sum, lrc, fletcher-16, crc-16/modbus and the others of the CRC catalogue, or crc(width,poly,init,refin,refout,xorout); /hex or /dec digits, /le or /be. Options: keep (messages have what stands in front of the data), restart (a start marker inside a message begins it anew), noise (what stands in front of one is dropped without an error), max=n, gap=ms (silence ends a message, too), ignore= bytes between messages, control= bytes that are messages of their own (WDS_FRAME_CONTROL), bad= what happens to a message with wrong check bytes: skip (WDS_E_CHECK, default), nak (the same, and 15 is sent by itself), keep (WDS_FRAME_WRONG). "" takes it back. Limits: text 1..1024 bytes, 24 parts in each direction, 16 alternatives, bytes and texts 1..255, labels 16, hdr 1..1024, data and max 1..2147483647, gap 1..60000, + and - 1..65536; no NAK is sent while more than 4096 bytes are not sent yet. Errors: WDS_E_ARGUMENT, and its text points at the place; since 0.2.0; at once / décrit les messages par leurs parties dans l'ordre où elles passent, et choisit WDS_MODE_DESCRIBED (docs/framing.fr.md)
	WDS_TEXT_USER_TEXT = 2007 // any text the host chooses; at once / un texte au choix du programme
	WDS_TEXT_MULTICAST_JOIN = 2008 // set only: group, or group%interface: receive what is sent to it; UDP, once open / écriture seule : groupe, ou groupe%interface : reçoit ce qui lui est envoyé ; UDP, une fois ouvert
	WDS_TEXT_MULTICAST_LEAVE = 2009 // set only: the same text as the join / écriture seule : le même texte que pour rejoindre
	WDS_TEXT_MULTICAST_INTERFACE = 2010 // interface name for outgoing multicast, "" = the system's choice; UDP, at once / l'interface du multicast sortant, "" = au choix du système ; UDP
	WDS_TEXT_FRAME_START = 2011 // bytes, 0..16: start marker, default 02; at once / octets, 0..16 : le marqueur de début, 02 par défaut
	WDS_TEXT_FRAME_END = 2012 // bytes, 1..16: end marker, default 03; at once / octets, 1..16 : le marqueur de fin, 03 par défaut
	WDS_TEXT_FRAME_ESCAPE = 2013 // bytes, 0 or 1: escape byte placed before marker and escape bytes inside a message, default none; at once / octets, 0 ou 1 : l'octet d'échappement devant un marqueur ou un échappement dans un message, aucun par défaut
	WDS_TEXT_FRAME_HEADER = 2015 // bytes, 0..255: the bytes before a stripped length field (at most WDS_OPT_FRAME_OFFSET bytes are used): written, and expected on read; default none = zeros are written, anything is accepted; at once / octets, 0..255 : ceux qui précèdent une longueur enlevée : écrits, et attendus à la lecture ; aucun par défaut
	WDS_TEXT_HEARTBEAT = 2016 // bytes, 0..65535: the message of WDS_OPT_HEARTBEAT as transmitted, default none = an empty message. While WDS_OPT_HEARTBEAT is above 0, a received message equal to it counts as a sign of life and is not delivered, except in the modes raw and gap; at once / octets : le message de WDS_OPT_HEARTBEAT tel que transmis, par défaut un message vide ; reçu, il compte comme un signe de vie et n'est pas remis
	WDS_TEXT_CAPTURE_FILE = 2017 // path of a pcapng file that records the traffic, "" = none (default), for Wireshark and tshark; the IP and TCP headers are synthetic. Sockets that name the same file share it; an existing capture is appended to, any other existing file is refused (WDS_E_ARGUMENT); a regular file, no symbolic link, readable by this user only. Recording never makes a call wait for the disk and never makes a call fail. At once, from any thread, also while a connection or UDP socket is open: what is received and written from then on is recorded, also by a call that waits to receive; a write in progress may be missing. "" ends it, another path continues in that file. A capture that begins inside a connection has a synthetic beginning. On a server: the client of a simplified server, and clients accepted afterwards; a channel has its own setting. On socket 0: sockets created afterwards / le chemin d'un fichier pcapng qui enregistre les échanges, pour Wireshark, "" = aucun (par défaut)
	WDS_TEXT_TRACE_FILE = 2018 // path of a text file that records the traffic, "" = none (default): time, handle, name and kind, both addresses, bytes as hex and text, messages, beginnings and ends; otherwise as WDS_TEXT_CAPTURE_FILE / le chemin d'un fichier texte qui enregistre les échanges, "" = aucun (par défaut)
	WDS_TEXT_FAULTS = 2019 // faults injected into connections, for a program's own tests, "" = none (default): words separated by spaces. "delay=20..50": milliseconds by which each piece is delayed, "partial=1..7": bytes of a piece, "corrupt=0.001": probability that a byte is damaged, "cut=5000": bytes after which the connection is reset, "stall=1000": bytes after which nothing passes, "stall=1000/2000": for 2000 milliseconds; each for a single direction with the prefix "send:" or "receive:". "seed=42": the same number repeats the same faults. "at=top": above TLS, "at=bottom" (default): below it. The text names an invalid word (WDS_E_ARGUMENT). Connections made afterwards, not UDP / des défauts simulés, pour les propres tests d'un programme, "" = aucun (par défaut) (docs/capture.fr.md)
	WDS_TEXT_SSL_CERTIFICATE = 2020 // this program's certificate and key: a PEM file with both, "certificate.pem|key.pem", a PFX file, PEM text itself, or on Windows "store:subject" / "store:thumbprint"; on a listening server it replaces the one in use; PEM may be in UTF-8 or UTF-16; a damaged certificate in it gives WDS_E_TLS_CERTIFICATE_FILE; at once / le certificat et la clé de ce programme : un fichier PEM avec les deux, "certificat.pem|cle.pem", un fichier PFX, le texte PEM lui-même, ou sous Windows "store:sujet" / "store:empreinte"
	WDS_TEXT_SSL_PASSWORD = 2021 // set only: password of the certificate file; set it before the certificate / écriture seule : le mot de passe du fichier du certificat ; à régler avant le certificat
	WDS_TEXT_SSL_ADD_CERTIFICATE = 2022 // set only: a further certificate of a server, chosen by the name that a client asks for; at once / écriture seule : un certificat de plus d'un serveur, choisi d'après le nom que demande le client
	WDS_TEXT_SSL_AUTHORITIES = 2023 // further authorities to trust: a PEM or DER file, or PEM text; "" = none. For client certificates a server trusts only these. PEM may be in UTF-8 or UTF-16. A damaged certificate gives WDS_E_TLS_CERTIFICATE_FILE, and the text names its line; an intact one that cannot be used is skipped, and the log names it; other types of blocks are ignored / d'autres autorités à reconnaître : un fichier PEM ou DER, ou un texte PEM ; "" = aucune. Pour les certificats des clients, un serveur ne reconnaît que celles-ci
	WDS_TEXT_SSL_SERVER_NAME = 2024 // name to verify and to ask for instead of the address connected to / le nom à vérifier et à demander, au lieu de l'adresse de connexion
	WDS_TEXT_SSL_ALPN = 2025 // protocols to offer or accept, separated by commas: "h2,http/1.1" / les protocoles à proposer ou à accepter, séparés par des virgules : "h2,http/1.1"
	WDS_TEXT_SSL_PINS = 2026 // SHA-256 of public keys, base64 or hexadecimal, separated by commas: one of the peer's must be among them / des SHA-256 de clés publiques, en base64 ou hexadécimal, séparés par des virgules : une du correspondant doit en être
	WDS_TEXT_SSL_SUITES = 2027 // allowed TLS 1.2 cipher suites, by IANA or OpenSSL name, separated by commas / les suites de TLS 1.2 permises, par leur nom IANA ou OpenSSL, séparées par des virgules
	WDS_TEXT_SSL_GROUPS = 2028 // allowed key exchange groups: "X25519,P-256,P-384,P-521,X25519MLKEM768" / les groupes d'échange de clés permis : "X25519,P-256,P-384,P-521,X25519MLKEM768"
	WDS_TEXT_SSL_KEY_LOG = 2029 // file that receives the session keys, to decrypt with Wireshark: a regular file, no symbolic link; "" = none / le fichier qui reçoit les clés des sessions, pour déchiffrer avec Wireshark ; "" = aucun
	WDS_TEXT_PROXY = 2030 // the proxies through which a client connects, "" = none (default): "http://host:port" (CONNECT), "https://host:port" (the same, over TLS to the proxy), "socks5://host:port" (SOCKS5; names are looked up on this machine), "socks5h://host:port" (SOCKS5; the proxy looks names up), each with "user:password@" before the host if needed (special characters as %40: Basic, or SOCKS5 user and password). Several, at most 8, separated by spaces, are a chain: each connects to the next, the last one to the target. "system": HTTPS_PROXY or ALL_PROXY with NO_PROXY of the environment, else, on Windows, the user's or the machine's setting, without a script. The time of the connect covers everything, and without one an attempt ends after 2 minutes. WDSocketGetText shows *** instead of user and password. TLS to a proxy uses WDS_TEXT_SSL_AUTHORITIES and always verifies. Not for UDP; without effect on servers; the next connection, also of WDS_OPT_RECONNECT / les proxys par lesquels un client se connecte, "" = aucun (par défaut) : "http://hôte:port", "https://hôte:port", "socks5://hôte:port", "socks5h://hôte:port" (docs/routes.fr.md)
	WDS_TEXT_PROXY_EXCEPTIONS = 2031 // targets that are connected to directly, "" = none (default), separated by commas, semicolons or spaces: "example.com" (with all names below it), "*.example.com", "192.168.*", addresses, "10.0.0.0/8", each but a network with a port if need be ("example.com:8080"), "<local>" (names without a dot), "*" (all); the next connection / les cibles auxquelles on se connecte directement, "" = aucune (par défaut), séparées par des virgules
	WDS_TEXT_PROXY_TRUSTED = 2035 // the proxies whose PROXY headers a server takes: IP addresses and prefixes separated by commas or blanks, "10.0.0.2, 192.168.7.0/24, fd00::/8"; "unix:" for whoever comes over a Unix socket; "" = none (default); connections accepted afterwards; since 0.2.0 / les proxys dont un serveur accepte les en-têtes PROXY : adresses IP et préfixes, séparés par des virgules ; "" = aucun (par défaut)

	WDS_TEXT_WEBSOCKET_PATHS = 2040 // WebSocket server: the paths that it serves, separated by commas: "/chat,/files/x", "/files/" followed by * for all below; others are answered with 404; "" = any (default); since 0.2.0; clients that connect afterwards / serveur WebSocket : les chemins qu'il sert, séparés par des virgules ; les autres reçoivent 404 ; "" = tous (par défaut)
	WDS_TEXT_WEBSOCKET_PROTOCOLS = 2041 // sub-protocols, separated by commas: a client offers them, the best first; a server takes the first of the client's that is among its own, or none; "" = none (default); since 0.2.0; connections made afterwards / des sous-protocoles, séparés par des virgules : un client les propose, le meilleur d'abord ; "" = aucun (par défaut)
	WDS_TEXT_WEBSOCKET_ORIGINS = 2042 // a server: the origins whose pages may connect, separated by commas, "https://example.com"; others are answered with 403; clients other than browsers name none and are accepted; "" = any (default). A client: the origin that it names, "" = none; since 0.2.0; connections made afterwards / un serveur : les origines dont les pages peuvent se connecter ; les autres reçoivent 403 ; "" = toutes (par défaut). Un client : l'origine qu'il indique
	WDS_TEXT_WEBSOCKET_HEADERS = 2043 // further headers of a client's request, or of a server's answer: lines "Name: value", "" = none (default); since 0.2.0; connections made afterwards / d'autres en-têtes de la demande d'un client, ou de la réponse d'un serveur : des lignes "Nom: valeur", "" = aucun (par défaut)
	WDS_TEXT_WEBSOCKET_PAGE = 2044 // what a server answers to a plain HTTP request: an HTML page if it begins with <, otherwise text, at most 1048576 bytes; "" = the status 426 (default); since 0.2.0; clients that connect afterwards / ce qu'un serveur répond à une simple demande HTTP : une page HTML si cela commence par <, sinon un texte ; "" = le statut 426 (par défaut)
	WDS_TEXT_WEBSOCKET_CLOSE_REASON = 2045 // the reason to close with, at most 123 bytes of UTF-8, "" = none (default); since 0.2.0; at once / la raison de la fermeture, 123 octets d'UTF-8 au plus, "" = aucune (par défaut)
	WDS_TEXT_UNIX_OWNER = 2050 // "user", "user:group" or ":group", names or numbers. A server: to whom it gives the file of its Unix socket, "" = its own user (default). A client: as which user the server must run, otherwise WDS_E_ACCESS, "" = any (default); since 0.2.0; before opening / "utilisateur", "utilisateur:groupe" ou ":groupe". Un serveur : à qui il donne le fichier de son socket Unix. Un client : sous quel utilisateur le serveur doit tourner
	WDS_TEXT_PIPE_SECURITY = 2055 // who may connect to the named pipe, or on Windows to the Unix socket, of a server: a security descriptor of Windows in SDDL, such as "D:P(A;;GA;;;OW)(A;;GA;;;SY)(A;;GA;;;BA)(A;;0x12019b;;;AU)" for every user who has logged on; "" = the server's own user, administrators and the system (default); of no effect on Linux; since 0.2.0; before opening / qui peut se connecter au tube nommé d'un serveur : un descripteur de sécurité de Windows en SDDL ; "" = son utilisateur, les administrateurs et le système (par défaut)
	WDS_TEXT_WRITE_TAG = 2065 // bytes, 0..64: the end tag of what is written, none = WDS_TEXT_TAG (default), such as CR where the peer's lines end in CR LF; for the modes WDS_MODE_END_TAG and WDS_MODE_END_TAG_BUFFER, WDS_OPT_WRITE_MODE or not; since 0.2.0; at once / octets, 0..64 : le marqueur de fin de ce qui est écrit, aucun = WDS_TEXT_TAG (par défaut)
	WDS_TEXT_EXCHANGE_ACK = 2066 // bytes, 0..16: what may come before the answer of WDSocketExchange and confirms the request, such as 06 (ACK); skipped wherever it stands in front of an answer, any number of times. No answer may begin with these bytes, such as a length of 6; none by default; since 0.2.0; at once / octets, 0..16 : ce qui peut venir avant la réponse de WDSocketExchange et confirme la question, comme 06 (ACK) ; aucun par défaut
	WDS_TEXT_EXCHANGE_NAK = 2067 // bytes, 0..16: what comes instead of an answer and refuses the request, such as 15 (NAK): it is written again, at most WDS_OPT_EXCHANGE_REPEATS times. After that these bytes are the answer that WDSocketExchange returns; none by default; since 0.2.0; at once / octets, 0..16 : ce qui vient au lieu d'une réponse et refuse la question, comme 15 (NAK) ; aucun par défaut
	WDS_TEXT_TAG = 2014 // bytes, 1..64: the end tag, default 1A (set it with WDSocketChangeTransmissionMode or here); at once / octets, 1..64 : le marqueur de fin, 1A par défaut

	// of a socket
	WDS_NUM_BYTES_READ = 3001 // bytes received from the system, framing included / octets reçus du système, découpage compris
	WDS_NUM_BYTES_WRITTEN = 3002 // bytes given to the system, framing included / octets donnés au système, découpage compris
	WDS_NUM_MESSAGES_READ = 3003 // messages (raw: reads) delivered / messages (mode brut : lectures) remis
	WDS_NUM_MESSAGES_WRITTEN = 3004 // messages (raw: writes) sent / messages (mode brut : écritures) envoyés
	WDS_NUM_BUFFERED = 3005 // bytes received and not delivered yet / octets reçus et pas encore remis
	WDS_NUM_CONNECT_US = 3006 // microseconds that connecting took / microsecondes qu'a duré la connexion
	WDS_NUM_CLIENTS = 3007 // a server's open channels / les canaux ouverts d'un serveur
	WDS_NUM_PENDING = 3008 // a server's pending requests / les demandes en attente d'un serveur
	WDS_NUM_REFUSED = 3009 // clients a server refused: limits and WDSocketDeny / les clients refusés par un serveur : limites et WDSocketDeny

	// of the process (socket 0)
	WDS_NUM_SOCKETS = 3020 // open sockets: one that was closed does not count, though it may still send / les sockets existants
	WDS_NUM_TOKENS = 3021 // message tokens not freed / les messages prêtés et pas rendus
	WDS_NUM_GOROUTINES = 3022 // background tasks of the library / les tâches d'arrière-plan de la bibliothèque
	WDS_NUM_DESCRIPTORS = 3023 // descriptors held by the library / les descripteurs que garde la bibliothèque
	WDS_NUM_BUFFERED_BYTES = 3024 // bytes of the memory budget in use / les octets utilisés du budget de mémoire

	// Statistics: indices into the array that WDSocketStatistics fills
	WDS_STAT_BYTES_READ = 0 // bytes received from the system, framing included / octets reçus du système, découpage compris
	WDS_STAT_BYTES_WRITTEN = 1 // bytes given to the system, framing included / octets donnés au système, découpage compris
	WDS_STAT_MESSAGES_READ = 2 // messages (raw: reads) delivered / messages (mode brut : lectures) remis
	WDS_STAT_MESSAGES_WRITTEN = 3 // messages (raw: writes) accepted for sending / messages (mode brut : écritures) pris pour l'envoi
	WDS_STAT_CONNECT_US = 4 // microseconds that connecting took, TLS included / microsecondes qu'a duré la connexion, TLS compris
	WDS_STAT_TLS_US = 5 // microseconds that the handshake took, 0 without TLS / microsecondes qu'a duré la négociation, 0 sans TLS
	WDS_STAT_FIRST_BYTE_US = 6 // microseconds from the open connection to the first byte received, 0 = none yet / microsecondes de l'ouverture au premier octet reçu, 0 = aucun encore
	WDS_STAT_RECEIVE_QUEUE = 7 // bytes received and not delivered yet / octets reçus et pas encore remis
	WDS_STAT_SEND_QUEUE = 8 // bytes written and not passed to the system yet / octets écrits et pas encore passés au système
	WDS_STAT_PUBLISH_QUEUE = 9 // bytes of published messages that are waiting / octets de messages publiés qui attendent
	WDS_STAT_DROPPED = 10 // messages dropped: published ones, and those lost with a connection / messages abandonnés : publiés, ou perdus avec une connexion
	WDS_STAT_RECONNECTS = 11 // how often the client has reconnected / combien de fois le client s'est reconnecté
	WDS_STAT_CLIENTS = 12 // a server's open channels / les canaux ouverts d'un serveur
	WDS_STAT_PENDING = 13 // a server's pending requests / les demandes en attente d'un serveur
	WDS_STAT_ACCEPTED = 14 // clients that a server accepted / les clients acceptés par un serveur
	WDS_STAT_REFUSED = 15 // clients that a server refused / les clients refusés par un serveur
	WDS_STAT_ERRORS_RESET = 16 // connections that were cut / les connexions coupées
	WDS_STAT_ERRORS_SILENT = 17 // connections ended because of silence: idle limit, message limit, peer gone / les connexions terminées à cause du silence : inactivité, message trop lent, correspondant disparu
	WDS_STAT_ERRORS_FRAME = 18 // framing errors: each stretch of noise once, wrong check bytes, messages too long / les erreurs de découpage : chaque suite de parasites une fois, octets de contrôle faux, messages trop longs
	WDS_STAT_ERRORS_WRITE = 19 // writes that timed out or stopped inside a message / les écritures dont le délai est dépassé ou arrêtées dans un message
	WDS_STAT_ERRORS_FULL = 20 // writes that found the send queue full / les écritures qui ont trouvé la file d'envoi pleine
	WDS_STAT_ERRORS_TLS = 21 // handshakes and records that failed; a client that leaves a server before sending a byte is not counted / les négociations et les enregistrements qui ont échoué
	WDS_STAT_ERRORS_OTHER = 22 // other errors of connecting, accepting, reading and writing; a read time-out is not counted / les autres erreurs de connexion, d'acceptation, de lecture et d'écriture ; un délai de lecture dépassé ne compte pas
	WDS_STAT_STALE = 23 // messages that WDSocketExchange discarded: earlier arrivals, late answers, answers of another transaction; since 0.2.0 / les messages que WDSocketExchange a supprimés : arrivés avant, réponses en retard ou d'une autre transaction
	WDS_STAT_HEALTH_CHECKS = 24 // connections by which a proxy only checked whether the server is there (WDS_OPT_PROXY_HEADER); since 0.2.0 / les connexions par lesquelles un proxy a seulement contrôlé que le serveur est là
	WDS_STAT_COUNT = 25 // the number of figures in this version / le nombre de chiffres dans cette version
	// What wdSocketOn (wdSocketSur) calls a procedure with: the events that WLanguage
	// has for WebSocket clients
	wdSocketOpening = 1
	wdSocketMessage = 2
	wdSocketClosing = 3
	wdSocketError = 4

	// The same in French
	wdSocketOuverture = 1
	wdSocketFermeture = 3
	wdSocketErreur = 4

	// Bytes of the module's own buffers: what is longer is read into one of its length
	WDS_ROOM = 4096
	WDS_TEXT_ROOM = 4096
	WDS_LONG_TEXT_ROOM = 65536
	WDS_NAME_ROOM = 1024
	WDS_REPORT_ROOM = 16384
	WDS_DATAGRAM_ROOM = 65536

	// Bytes of an event record, and how many are fetched at once
	WDS_RECORD = 32
	WDS_RECORDS = 64

	// Handles that a list has room for, at first and at most
	WDS_LIST = 1024
	WDS_LONG_LIST = 262144

	// The message that a window gets for events: a number above WM_APP
	WDS_WINDOW_MESSAGE = 33351
END

GLOBAL
	// The file of the library, "" until it is loaded; the folder to look in first; and
	// what was tried in vain
	gsWdsLibrary is string = ""
	gsWdsFolder is string = ""
	gsWdsTrouble is string = ""
	// The one line to change. True: errors as the originals report them, where a read or a
	// wait whose time is up is none. False: as in wdsocket.wl, where it is one (WDS_E_TIMEOUT).
	// La seule ligne à changer. True : les erreurs comme les fonctions d'origine les signalent,
	// un délai dépassé n'en est pas une. False : comme dans wdsocket.wl, où c'en est une.
	gbWdsStrict is boolean = True

	// Of wdSocketOn, each a list that TABs separate: windows with their queues, and the
	// procedures to call, each behind T (text) or B (buffer)
	gsWdsWindows is string = ""
	gsWdsQueues is string = ""
	gsWdsProcedures is string = ""

// ---------------------------------------------------------------------------
// The library
// ---------------------------------------------------------------------------

// The file of the library, by system and bitness: a folder of Linux begins with "/".
PROCEDURE wdsLibraryFile() : string
sFile is string = "wdsocket32.dll"
IF In64bitMode() THEN sFile = "wdsocket64.dll"
IF Position(fExeDir(), "/") = 1 THEN sFile = "libwdsocket.so"
RESULT sFile

// Loads the library from a folder, "" for those that the system looks in, and tells
// whether that succeeded. It stays loaded: without LoadDLL it would be searched and
// loaded at each call.
PROCEDURE wdsLoad(sFolder is string) : boolean
sFile is string = wdsLibraryFile()
sMark is string = "\"
IF sFile = "libwdsocket.so" THEN sMark = "/"
IF sFolder <> "" THEN
	sFile = sFolder + sMark + sFile
	IF NOT fFileExist(sFile) THEN
		gsWdsTrouble = gsWdsTrouble + CR + sFile + ": no such file / fichier absent"
		RESULT False
	END
END
nInstance is system int = LoadDLL(sFile)
IF nInstance = 0 THEN
	gsWdsTrouble = gsWdsTrouble + CR + sFile + ": " + ErrorInfo()
	RESULT False
END
gsWdsLibrary = sFile
RESULT True

// Summary: Says in which folder the library is, if it is not beside the program, as in WEBDEV or in a
// service. Call it before any other procedure.
// Syntax:
// <Result> = wdSocketFolder (<sFolder> is string)
//
// Parameters:
//	sFolder (string): the folder, without the file
// Return value:
//	boolean: False if the library is already loaded
PROCEDURE wdSocketFolder(sFolder is string) : boolean
gsWdsFolder = sFolder
RESULT gsWdsLibrary = ""

// Summary: Loads the library if it is not loaded yet. Call it once at the start of the project: it tells what to do
// where the other procedures would end in an exception.
// Syntax:
// <Result> = wdSocketLoaded ()
//
// Parameters:
//	None
// Return value:
//	string: "" if it is loaded; otherwise which file is missing, where it was searched, and what to do
PROCEDURE wdSocketLoaded() : string
IF gsWdsLibrary <> "" THEN RESULT ""
gsWdsTrouble = ""
IF gsWdsFolder <> "" THEN
	IF wdsLoad(gsWdsFolder) THEN RESULT ""
END
IF wdsLoad(fExeDir()) THEN RESULT ""
IF wdsLoad("") THEN RESULT ""
sBits is string = "32"
IF In64bitMode() THEN sBits = "64"
sWhy is string = wdsLibraryFile() + " is not loaded. This program has " + sBits + " bits: copy the file of these bits beside it, or call wdSocketFolder() in WEBDEV and in services. Windows 10 or Server 2016 is needed (error 1114 otherwise)."
sWhy = sWhy + CR + wdsLibraryFile() + " n'est pas chargée. Ce programme est en " + sBits + " bits : copiez à côté de lui le fichier de ces bits, ou appelez wdSocketDossier() en WEBDEV et dans un service. Il faut Windows 10 ou Server 2016 (sinon erreur 1114)."
RESULT sWhy + gsWdsTrouble

// The file of the library, loaded. Without it nothing works: an exception says why.
PROCEDURE wdsLibrary() : string
IF gsWdsLibrary = "" THEN
	sWhy is string = wdSocketLoaded()
	IF sWhy <> "" THEN ExceptionThrow(1, sWhy)
END
RESULT gsWdsLibrary

// Summary: Says whether a call of API() blocks the other threads of WLanguage while it lasts: APIParamètre with
// apiBloqueThreads. What is known: WLanguage has a setting of that name. Not known: its value when nothing is set,
// and in which versions it exists. If a thread that waits in wdSocketRead freezes the windows, call this once at the
// start. Events (wdSocketOn) wait nowhere and do not need it. The line is compiled when it is called, so that a version
// without the setting compiles the rest: the setup needs dynamic compilation then.
// Syntax:
// <Result> = wdSocketApiThreads ([<bBlocked> is boolean])
//
// Parameters:
//	bBlocked (boolean, default value = False): False: the other threads go on
// Return value:
//	string: "" if it is set, otherwise why not
PROCEDURE wdSocketApiThreads(bBlocked is boolean = False) : string
sValue is string = "Faux"
IF bBlocked THEN sValue = "Vrai"
sWhy is string = Compile("wdsSetApiThreads", "APIParamètre(apiBloqueThreads, " + sValue + ")")
IF sWhy = "ERR" THEN RESULT ErrorInfo()
IF sWhy = "" THEN Execute("wdsSetApiThreads")
RESULT sWhy

// Summary: Version of the library.
// Syntax:
// <Result> = wdSocketVersion ()
//
// Parameters:
//	None
// Return value:
//	int: 10203 is 1.2.3
//
// Résumé : Version de la bibliothèque.
// Syntaxe :
// <Résultat> = wdSocketVersion ()
//
// Paramètres :
//	Aucun
// Valeur de retour :
//	entier : 10203 pour 1.2.3
PROCEDURE wdSocketVersion() : int
nResult is int = API(wdsLibrary(), "WDSocketVersion")
RESULT nResult

// Summary: Closes every socket and queue and waits until they are closed.
// Syntax:
// <Result> = wdSocketCloseAll ()
//
// Parameters:
//	None
// Return value:
//	boolean: True
PROCEDURE wdSocketCloseAll() : boolean
gsWdsWindows = ""
gsWdsQueues = ""
nResult is int = API(wdsLibrary(), "WDSocketCloseAll")
RESULT nResult = WDS_OK

// ---------------------------------------------------------------------------
// Errors
// ---------------------------------------------------------------------------

// Summary: Number of this thread's last error.
// Syntax:
// <Result> = wdErrorCode ()
//
// Parameters:
//	None
// Return value:
//	int: one of WDS_E_, 0 after a success
PROCEDURE wdErrorCode() : int
nResult is int = API(wdsLibrary(), "WDSocketErrorCode", 0, WDS_INFO_CODE)
RESULT nResult

// Text of this thread's last error.
PROCEDURE wdsErrorText(nWhat is int) : string
sText is ASCIIZ string on 4096
nResult is int = API(wdsLibrary(), "WDSocketErrorInfo", 0, nWhat, &sText, WDS_TEXT_ROOM)
IF nResult <= 0 THEN RESULT ""
RESULT UTF8ToString(sText)

// Summary: ErrorInfo: text of this thread's last error.
// Syntax:
// <Result> = wdErrorInfo ([<nWhat> is int])
//
// Parameters:
//	nWhat (int, default value = WDS_INFO_MESSAGE): errMessage or errFullDetails, or one of WDS_INFO_
// Return value:
//	string: the text, "" after a success
PROCEDURE wdErrorInfo(nWhat is int = WDS_INFO_MESSAGE) : string
nInfo is int = nWhat
SWITCH nWhat
	CASE errMessage: nInfo = WDS_INFO_MESSAGE
	CASE errFullDetails: nInfo = WDS_INFO_DETAIL
END
RESULT wdsErrorText(nInfo)

// Summary: ErrorOccurred: tells whether this thread's last call failed. A read, or a wait for a client, whose time is up is no
// failure while gbWdsStrict is True.
// Syntax:
// <Result> = wdErrorOccurred ()
//
// Parameters:
//	None
// Return value:
//	boolean: True after a failure, False after a success
PROCEDURE wdErrorOccurred() : boolean
nCode is int = wdErrorCode()
IF gbWdsStrict AND nCode = WDS_E_TIMEOUT THEN
	nPhase is int = API(wdsLibrary(), "WDSocketErrorCode", 0, WDS_INFO_PHASE)
	IF nPhase = WDS_PHASE_READ OR nPhase = WDS_PHASE_FRAME OR nPhase = WDS_PHASE_ACCEPT THEN RESULT False
END
RESULT nCode <> WDS_OK

// Summary: How far this thread's last error reaches: a loop continues below WDS_SCOPE_CONNECTION and ends from there on.
// Syntax:
// <Result> = wdErrorScope ()
//
// Parameters:
//	None
// Return value:
//	int: one of WDS_SCOPE_
PROCEDURE wdErrorScope() : int
nResult is int = API(wdsLibrary(), "WDSocketErrorScope", 0, 0)
RESULT nResult

// Summary: The general text of an error code, or its name.
// Syntax:
// <Result> = wdErrorText (<nCode> is int [, <nWhat> is int])
//
// Parameters:
//	nCode (int): one of WDS_E_
//	nWhat (int, default value = WDS_INFO_MESSAGE): WDS_INFO_MESSAGE or WDS_INFO_NAME
// Return value:
//	string: the text, "" for an unknown code
PROCEDURE wdErrorText(nCode is int, nWhat is int = WDS_INFO_MESSAGE) : string
sText is ASCIIZ string on 4096
nResult is int = API(wdsLibrary(), "WDSocketErrorText", nCode, nWhat, &sText, WDS_TEXT_ROOM)
IF nResult <= 0 THEN RESULT ""
RESULT UTF8ToString(sText)

// Summary: Language of the error texts.
// Syntax:
// <Result> = wdSocketLanguage (<sLanguage> is string)
//
// Parameters:
//	sLanguage (string): "en" or "fr"
// Return value:
//	boolean: False for another language
PROCEDURE wdSocketLanguage(sLanguage is string) : boolean
sText is ASCIIZ string on 1024 = StringToUTF8(sLanguage)
nResult is int = API(wdsLibrary(), "WDSocketSetText", 0, WDS_TEXT_LANGUAGE, &sText)
RESULT nResult = WDS_OK

// ---------------------------------------------------------------------------
// Names and handles, times and bytes
// ---------------------------------------------------------------------------

// Whether a value is a whole number: its type is compared with that of a variable of
// each type, so that no list of constants has to be known.
PROCEDURE wdsIsWhole(xAny) : boolean
nType is int = TypeVar(xAny)
nFour is int
IF nType = TypeVar(nFour) THEN RESULT True
nOne is 1-byte int
nTwo is 2-byte int
nEight is 8-byte int
nSystem is system int
IF nType = TypeVar(nOne) OR nType = TypeVar(nTwo) OR nType = TypeVar(nEight) OR nType = TypeVar(nSystem) THEN RESULT True
nByte is unsigned 1-byte int
nWord is unsigned 2-byte int
nLong is unsigned int
nHuge is unsigned 8-byte int
RESULT nType = TypeVar(nByte) OR nType = TypeVar(nWord) OR nType = TypeVar(nLong) OR nType = TypeVar(nHuge)

// Whether a value is a buffer.
PROCEDURE wdsIsBuffer(xAny) : boolean
nType is int = TypeVar(xAny)
bufAny is Buffer
bufFixed is Buffer on 1
RESULT nType = TypeVar(bufAny) OR nType = TypeVar(bufFixed)

// A buffer that came in a parameter without a type.
PROCEDURE wdsBuffer(bufAny is Buffer) : Buffer
RESULT bufAny

// A time in milliseconds: a number, or a Duration, which becomes its milliseconds when
// it is assigned to an integer.
PROCEDURE wdsMilliseconds(xTime) : int
nTime is int = xTime
RESULT nTime

// A buffer of so many bytes, at least one. In a UNICODE project a text of n characters
// has 2 * n bytes.
PROCEDURE wdsRoom(nBytes is int) : Buffer
nSize is int = nBytes
IF nSize < 1 THEN nSize = 1
sRoom is ANSI string = RepeatString(" ", nSize)
bufRoom is Buffer = sRoom
RESULT bufRoom

// A number of four bytes in a buffer, whose first byte is 1.
PROCEDURE wdsNumberAt(bufAny is Buffer, nPlace is int) : int
bufFour is Buffer = bufAny[[nPlace TO nPlace + 3]]
nNumber is int = 0
Transfer(&nNumber, &bufFour, 4)
RESULT nNumber

// A number of eight bytes in a buffer, whose first byte is 1.
PROCEDURE wdsLongAt(bufAny is Buffer, nPlace is int) : 8-byte int
bufEight is Buffer = bufAny[[nPlace TO nPlace + 7]]
nNumber is 8-byte int = 0
Transfer(&nNumber, &bufEight, 8)
RESULT nNumber

// Summary: Handle of a socket given by handle, in a whole number of any type, or by name. A name goes first; digits that are no
// name are a handle.
// Syntax:
// <Result> = wdSocketHandle (<xSocket>)
//
// Parameters:
//	xSocket: name or handle
// Return value:
//	int: the handle, negative if there is no such socket
//
// Résumé : Handle d'un socket désigné par son handle, dans un entier de n'importe quel type, ou par son nom. Un nom a la priorité ;
// des chiffres qui ne sont pas un nom sont un handle.
// Syntaxe :
// <Résultat> = wdSocketHandle (<xSocket>)
//
// Paramètres :
//	xSocket : nom ou handle
// Valeur de retour :
//	entier : le handle, négatif s'il n'y a pas de tel socket
PROCEDURE wdSocketHandle(xSocket) : int
nHandle is int
IF wdsIsWhole(xSocket) THEN
	nHandle = xSocket
	RESULT nHandle
END
sSocket is string = xSocket
sName is ASCIIZ string on 1024 = StringToUTF8(sSocket)
nResult is int = API(wdsLibrary(), "WDSocketFind", &sName)
IF nResult > 0 THEN RESULT nResult
nHandle = Val(sSocket)
IF nHandle > 0 AND NumToString(nHandle) = sSocket THEN
	nThere is int = API(wdsLibrary(), "WDSocketExist", nHandle)
	IF nThere = 1 THEN RESULT nHandle
END
RESULT nResult

// Summary: Why the connection of a socket ended, or why opening it failed.
// Syntax:
// <Result> = wdSocketErrorInfo (<xSocket> [, <nWhat> is int])
//
// Parameters:
//	xSocket: name or handle
//	nWhat (int, default value = WDS_INFO_MESSAGE): WDS_INFO_MESSAGE, WDS_INFO_NAME or WDS_INFO_DETAIL
// Return value:
//	string: the text
PROCEDURE wdSocketErrorInfo(xSocket, nWhat is int = WDS_INFO_MESSAGE) : string
nSocket is int = wdSocketHandle(xSocket)
sText is ASCIIZ string on 4096
nResult is int = API(wdsLibrary(), "WDSocketErrorInfo", nSocket, nWhat, &sText, WDS_TEXT_ROOM)
IF nResult <= 0 THEN RESULT ""
RESULT UTF8ToString(sText)

// Summary: How far an error of a socket reaches.
// Syntax:
// <Result> = wdSocketErrorScope (<xSocket> [, <nCode> is int])
//
// Parameters:
//	xSocket: name or handle; 0: the general answer for nCode
//	nCode (int, default value = 0): the code of an event; 0: why its connection ended
// Return value:
//	int: one of WDS_SCOPE_
PROCEDURE wdSocketErrorScope(xSocket, nCode is int = 0) : int
nSocket is int = wdSocketHandle(xSocket)
nResult is int = API(wdsLibrary(), "WDSocketErrorScope", nSocket, nCode)
RESULT nResult

// Summary: Name of a socket.
// Syntax:
// <Result> = wdSocketName (<xSocket>)
//
// Parameters:
//	xSocket: handle or name
// Return value:
//	string: the name; an unnamed socket is called "#" and its handle
PROCEDURE wdSocketName(xSocket) : string
nSocket is int = wdSocketHandle(xSocket)
sName is ASCIIZ string on 1024
nResult is int = API(wdsLibrary(), "WDSocketName", nSocket, &sName, WDS_NAME_ROOM)
IF nResult <= 0 THEN RESULT ""
RESULT UTF8ToString(sName)

// Result of functions that create a socket: with a name True or False, as in
// WLanguage; without a name the handle, or 0 on failure.
PROCEDURE wdsMade(sName is string, nHandle is int) : int
IF nHandle <= 0 THEN RESULT 0
IF sName = "" THEN RESULT nHandle
RESULT 1

// Closes a socket.
PROCEDURE wdsClose(nSocket is int) : boolean
nResult is int = API(wdsLibrary(), "WDSocketClose", nSocket)
RESULT nResult = WDS_OK

// ---------------------------------------------------------------------------
// Creating and opening
// ---------------------------------------------------------------------------

// Summary: Creates a socket to be opened later, so that its options can be set first: wdSocketConnect or wdSocketCreate with its
// name opens it, wdSocketOpen opens one without a name.
// Syntax:
// <Result> = wdSocketNew (<sSocketName> is string)
//
// Parameters:
//	sSocketName (string): name, "" = none
// Return value:
//	int: the handle; negative on failure
PROCEDURE wdSocketNew(sSocketName is string) : int
sName is ASCIIZ string on 1024 = StringToUTF8(sSocketName)
nResult is int = API(wdsLibrary(), "WDSocketNew", &sName)
RESULT nResult

// Summary: Opens a socket that wdSocketNew has created.
// Syntax:
// <Result> = wdSocketOpen (<xSocket>, <nKind> is int, <nPort> is int [, <sAddress> is string [, <xTimeout>]])
//
// Parameters:
//	xSocket: name or handle
//	nKind (int): one of WDS_KIND_
//	nPort (int): port, 0 if it is in the address
//	sAddress (string, default value = ""): address, "" = this machine
//	xTimeout (default value = -1): milliseconds or Duration; -1 as long as the system takes, 0 = do not wait
// Return value:
//	boolean: True if it is open, or if opening has begun
PROCEDURE wdSocketOpen(xSocket, nKind is int, nPort is int, sAddress is string = "", xTimeout = -1) : boolean
nSocket is int = wdSocketHandle(xSocket)
nWait is int = wdsMilliseconds(xTimeout)
sHost is ASCIIZ string on 1024 = StringToUTF8(sAddress)
nResult is int = API(wdsLibrary(), "WDSocketOpen", nSocket, nKind, nPort, &sHost, nWait)
RESULT nResult = WDS_OK

// Summary: SocketConnect: connects to a server.
// Syntax:
// <Result> = wdSocketConnect (<sSocketName> is string, <nPort> is int [, <sAddress> is string [, <xTimeout>]])
//
// Parameters:
//	sSocketName (string): name of the socket, "" = none: the result is its handle
//	nPort (int): port of the server
//	sAddress (string, default value = ""): address or host name, "" = this machine
//	xTimeout (default value = -1): milliseconds or Duration; -1 as long as the system takes, 0 = do not wait
// Return value:
//	int: with a name True or False, without one the handle, or 0 on failure
PROCEDURE wdSocketConnect(sSocketName is string, nPort is int, sAddress is string = "", xTimeout = -1) : int
nWait is int = wdsMilliseconds(xTimeout)
sName is ASCIIZ string on 1024 = StringToUTF8(sSocketName)
sHost is ASCIIZ string on 1024 = StringToUTF8(sAddress)
nResult is int = API(wdsLibrary(), "WDSocketConnect", &sName, nPort, &sHost, nWait)
RESULT wdsMade(sSocketName, nResult)

// Whether a parameter is a text.
PROCEDURE wdsIsText(xAny) : boolean
sText is string = ""
sAnsi is ANSI string = ""
nType is int = TypeVar(xAny)
RESULT nType = TypeVar(sText) OR nType = TypeVar(sAnsi)

// The WDS_SSL_ bits for protocol constants of WLanguage; without one of them 0, TLS 1.2
// and 1.3. Gaps between versions are filled. Where a version of WINDEV does not know
// one of these constants, its line can be deleted.
PROCEDURE wdsSSLOptions(nOptions is int) : int
nBits is int = 0
IF nOptions = 0 THEN RESULT 0
bTLS10 is boolean = False
bTLS11 is boolean = False
bTLS12 is boolean = False
bTLS13 is boolean = False
IF BinaryAND(nOptions, ProtocolSSL2) <> 0 THEN nBits = nBits + WDS_SSL_V2
IF BinaryAND(nOptions, ProtocolSSL3) <> 0 THEN nBits = nBits + WDS_SSL_V3
IF BinaryAND(nOptions, ProtocolTLS1) <> 0 THEN bTLS10 = True
IF BinaryAND(nOptions, ProtocolTLS1_1) <> 0 THEN bTLS11 = True
IF BinaryAND(nOptions, ProtocolTLS1_2) <> 0 THEN bTLS12 = True
IF BinaryAND(nOptions, ProtocolTLS1_3) <> 0 THEN bTLS13 = True
IF bTLS10 THEN nBits = nBits + WDS_SSL_TLS10
IF bTLS11 OR (bTLS10 AND (bTLS12 OR bTLS13)) THEN nBits = nBits + WDS_SSL_TLS11
IF bTLS12 OR ((bTLS10 OR bTLS11) AND bTLS13) THEN nBits = nBits + WDS_SSL_TLS12
IF bTLS13 THEN nBits = nBits + WDS_SSL_TLS13
RESULT nBits

// The certificate of the originals as the library takes it: a PEM or PFX file, or the
// name or the thumbprint of a certificate in a store of Windows. What cannot be taken
// becomes a text that the library refuses with WDS_E_TLS_CERTIFICATE_FILE, and shows.
PROCEDURE wdsCertificate(xCertificate, nOptions is int, sStore is string) : string
IF NOT wdsIsText(xCertificate) THEN RESULT "a variable of type Certificate: give a PEM or PFX file, or the thumbprint of a certificate in the store of Windows"
sCertificate is string = xCertificate
IF sCertificate = "" THEN RESULT ""
bStore is boolean = BinaryAND(nOptions, CertificateHash) <> 0 OR BinaryAND(nOptions, CertificateName) <> 0
IF NOT bStore AND (fFileExist(sCertificate) OR Position(sCertificate, "|") > 0 OR Position(sCertificate, "-----BEGIN") > 0) THEN RESULT sCertificate
IF Position(sCertificate, "store:") = 1 THEN RESULT sCertificate
IF sStore <> "" AND Upper(sStore) <> "MY" THEN RESULT "store " + sStore + ": only the personal store, MY, can be used"
RESULT "store:" + sCertificate

// Summary: SocketConnectSSL: connects to a server over TLS. A variable of type Certificate is refused, and the error says so.
// Syntax:
// <Result> = wdSocketConnectSSL (<sSocketName> is string, <nPort> is int [, <sAddress> is string [, <nOptions> is int [, <xTimeout> [, <xCertificate> [, <sPassword> is string]]]]])
//
// Parameters:
//	sSocketName (string): name of the socket, "" = none
//	nPort (int): port of the server
//	sAddress (string, default value = ""): address or host name, "" = this machine
//	nOptions (int, default value = 0): ProtocolTLS1_2 and so on, 0 = TLS 1.2 and 1.3
//	xTimeout (default value = -1): milliseconds or Duration, -1 as long as the system takes
//	xCertificate (default value = ""): this client's certificate: a file, or a name or thumbprint in the personal store of Windows; "" = none
//	sPassword (string, default value = ""): password of the file
// Return value:
//	int: with a name True or False, without one the handle, or 0 on failure
PROCEDURE wdSocketConnectSSL(sSocketName is string, nPort is int, sAddress is string = "", nOptions is int = 0, xTimeout = -1, xCertificate = "", sPassword is string = "") : int
sName is ASCIIZ string on 1024 = StringToUTF8(sSocketName)
sHost is ASCIIZ string on 1024 = StringToUTF8(sAddress)
sPlace is string = wdsCertificate(xCertificate, nOptions, "")
sFile is ASCIIZ string on 65536 = StringToUTF8(sPlace)
sSecret is ASCIIZ string on 1024 = StringToUTF8(sPassword)
nBits is int = wdsSSLOptions(nOptions)
nWait is int = wdsMilliseconds(xTimeout)
nResult is int
IF sPlace = "" THEN
	nResult = API(wdsLibrary(), "WDSocketConnectSSL", &sName, nPort, &sHost, nBits, nWait, Null, Null)
ELSE
	nResult = API(wdsLibrary(), "WDSocketConnectSSL", &sName, nPort, &sHost, nBits, nWait, &sFile, &sSecret)
END
RESULT wdsMade(sSocketName, nResult)

// Summary: SocketCreate: opens a server.
// Syntax:
// <Result> = wdSocketCreate (<sSocketName> is string, <nPort> is int [, <sAddress> is string])
//
// Parameters:
//	sSocketName (string): name of the socket, "" = none
//	nPort (int): port, 0 = a free one (WDS_OPT_LOCAL_PORT)
//	sAddress (string, default value = ""): own address to listen on, "" = all
// Return value:
//	int: with a name True or False, without one the handle, or 0 on failure
PROCEDURE wdSocketCreate(sSocketName is string, nPort is int, sAddress is string = "") : int
sName is ASCIIZ string on 1024 = StringToUTF8(sSocketName)
sHost is ASCIIZ string on 1024 = StringToUTF8(sAddress)
nResult is int = API(wdsLibrary(), "WDSocketCreate", &sName, nPort, &sHost)
RESULT wdsMade(sSocketName, nResult)

// Summary: SocketCreateSSL: opens a server with TLS.
// Syntax:
// <Result> = wdSocketCreateSSL (<sSocketName> is string, <nPort> is int, <xCertificate> [, <nOptions> is int [, <sAddress> is string [, <sStore> is string [, <sPassword> is string]]]])
//
// Parameters:
//	sSocketName (string): name of the socket, "" = none
//	nPort (int): port, 0 = a free one
//	xCertificate: name or thumbprint, with or without blanks, of a certificate in the store of Windows; or a PEM or PFX file
//	nOptions (int, default value = 0): ProtocolTLS1_2 and so on, and CertificateName or CertificateHash
//	sAddress (string, default value = ""): own address to listen on, "" = all
//	sStore (string, default value = ""): the store: "" or "MY", the personal one
//	sPassword (string, default value = ""): password of the file
// Return value:
//	int: with a name True or False, without one the handle, or 0 on failure
PROCEDURE wdSocketCreateSSL(sSocketName is string, nPort is int, xCertificate, nOptions is int = 0, sAddress is string = "", sStore is string = "", sPassword is string = "") : int
sName is ASCIIZ string on 1024 = StringToUTF8(sSocketName)
sHost is ASCIIZ string on 1024 = StringToUTF8(sAddress)
sPlace is string = wdsCertificate(xCertificate, nOptions, sStore)
sFile is ASCIIZ string on 65536 = StringToUTF8(sPlace)
sSecret is ASCIIZ string on 1024 = StringToUTF8(sPassword)
nBits is int = wdsSSLOptions(nOptions)
nResult is int = API(wdsLibrary(), "WDSocketCreateSSL", &sName, nPort, &sFile, nBits, &sHost, &sSecret)
RESULT wdsMade(sSocketName, nResult)

// Summary: SocketCreateUDP: opens a UDP socket.
// Syntax:
// <Result> = wdSocketCreateUDP (<sSocketName> is string, <nPort> is int [, <sAddress> is string])
//
// Parameters:
//	sSocketName (string): name of the socket, "" = none
//	nPort (int): port, 0 = a free one
//	sAddress (string, default value = ""): own address, "" = all
// Return value:
//	int: with a name True or False, without one the handle, or 0 on failure
PROCEDURE wdSocketCreateUDP(sSocketName is string, nPort is int, sAddress is string = "") : int
sName is ASCIIZ string on 1024 = StringToUTF8(sSocketName)
sHost is ASCIIZ string on 1024 = StringToUTF8(sAddress)
nResult is int = API(wdsLibrary(), "WDSocketCreateUDP", &sName, nPort, &sHost)
RESULT wdsMade(sSocketName, nResult)

// ---------------------------------------------------------------------------
// Options
// ---------------------------------------------------------------------------

// Summary: Sets an option that is a number.
// Syntax:
// <Result> = wdSocketSetOption (<xSocket>, <nOption> is int, <nValue> is int)
//
// Parameters:
//	xSocket: name or handle; 0: the default of sockets created afterwards
//	nOption (int): one of WDS_OPT_
//	nValue (int): the value
// Return value:
//	boolean: False on failure
PROCEDURE wdSocketSetOption(xSocket, nOption is int, nValue is int) : boolean
nSocket is int = wdSocketHandle(xSocket)
nResult is int = API(wdsLibrary(), "WDSocketSetOption", nSocket, nOption, nValue)
RESULT nResult = WDS_OK

// Summary: Returns an option that is a number.
// Syntax:
// <Result> = wdSocketGetOption (<xSocket>, <nOption> is int)
//
// Parameters:
//	xSocket: name or handle; 0: the default
//	nOption (int): one of WDS_OPT_
// Return value:
//	int: the value, or a negative code of WDS_E_
PROCEDURE wdSocketGetOption(xSocket, nOption is int) : int
nSocket is int = wdSocketHandle(xSocket)
nValue is int = 0
nResult is int = API(wdsLibrary(), "WDSocketGetOption", nSocket, nOption, &nValue)
IF nResult <> WDS_OK THEN RESULT nResult
RESULT nValue

// Summary: Sets an option that is bytes.
// Syntax:
// <Result> = wdSocketSetBytes (<xSocket>, <nOption> is int, <bufValue> is Buffer)
//
// Parameters:
//	xSocket: name or handle; 0: the default
//	nOption (int): one of WDS_TEXT_
//	bufValue (Buffer): the bytes
// Return value:
//	boolean: False on failure
PROCEDURE wdSocketSetBytes(xSocket, nOption is int, bufValue is Buffer) : boolean
nSocket is int = wdSocketHandle(xSocket)
nSize is int = Length(bufValue)
nResult is int
IF nSize = 0 THEN
	nResult = API(wdsLibrary(), "WDSocketSetBytes", nSocket, nOption, Null, 0)
ELSE
	nResult = API(wdsLibrary(), "WDSocketSetBytes", nSocket, nOption, &bufValue, nSize)
END
RESULT nResult = WDS_OK

// Summary: Returns an option that is bytes.
// Syntax:
// <Result> = wdSocketGetBytes (<xSocket>, <nOption> is int)
//
// Parameters:
//	xSocket: name or handle; 0: the default
//	nOption (int): one of WDS_TEXT_ that is a row of bytes
// Return value:
//	Buffer: the bytes
PROCEDURE wdSocketGetBytes(xSocket, nOption is int) : Buffer
nSocket is int = wdSocketHandle(xSocket)
bufValue is Buffer on 4096
bufNone is Buffer
nResult is int = API(wdsLibrary(), "WDSocketGetBytes", nSocket, nOption, &bufValue, WDS_ROOM)
IF nResult <= 0 THEN RESULT bufNone
RESULT bufValue[[1 TO nResult]]

// Summary: Sets an option that is a text, of any length.
// Syntax:
// <Result> = wdSocketSetText (<xSocket>, <nOption> is int, <sValue> is string)
//
// Parameters:
//	xSocket: name or handle; 0: the default of sockets created afterwards
//	nOption (int): one of WDS_TEXT_
//	sValue (string): the text
// Return value:
//	boolean: False on failure
PROCEDURE wdSocketSetText(xSocket, nOption is int, sValue is string) : boolean
bufText is Buffer = StringToUTF8(sValue)
RESULT wdSocketSetBytes(xSocket, nOption, bufText)

// Summary: Returns an option that is a text.
// Syntax:
// <Result> = wdSocketGetText (<xSocket>, <nOption> is int)
//
// Parameters:
//	xSocket: name or handle; 0: the default
//	nOption (int): one of WDS_TEXT_ that is a text
// Return value:
//	string: the text, at most 64 KB
PROCEDURE wdSocketGetText(xSocket, nOption is int) : string
nSocket is int = wdSocketHandle(xSocket)
sText is ASCIIZ string on 65536
nResult is int = API(wdsLibrary(), "WDSocketGetText", nSocket, nOption, &sText, WDS_LONG_TEXT_ROOM)
IF nResult <= 0 THEN RESULT ""
RESULT UTF8ToString(sText)

// Summary: Sets the framing of a type of device.
// Syntax:
// <Result> = wdSocketPreset (<xSocket>, <sPreset> is string)
//
// Parameters:
//	xSocket: name or handle
//	sPreset (string): "modbus-tcp", "tpkt", "mllp", "stx-etx-bcc", "iso8583" ...
// Return value:
//	boolean: False on failure
PROCEDURE wdSocketPreset(xSocket, sPreset is string) : boolean
RESULT wdSocketSetText(xSocket, WDS_TEXT_FRAME_PRESET, sPreset)

// Sets one of WDS_MODE_ with a tag of bytes, none = the present one.
PROCEDURE wdsChangeMode(nSocket is int, nMode is int, bufTag is Buffer) : boolean
nSize is int = Length(bufTag)
nResult is int
IF nSize = 0 THEN
	nResult = API(wdsLibrary(), "WDSocketChangeTransmissionMode", nSocket, nMode, Null, 0)
ELSE
	nResult = API(wdsLibrary(), "WDSocketChangeTransmissionMode", nSocket, nMode, &bufTag, nSize)
END
RESULT nResult = WDS_OK

// Summary: SocketChangeTransmissionMode: chooses how messages are delimited.
// Syntax:
// <Result> = wdSocketChangeTransmissionMode (<xSocket>, <nMode> is int [, <xTag>])
//
// Parameters:
//	xSocket: name or handle
//	nMode (int): SocketEndTag, SocketEndTagBuffer, SocketNoEndTag, the mode with the size first, or a WDS_MODE_ from 4 on
//	xTag (default value = ""): the end tag, text or buffer; "" is the byte 1A
// Return value:
//	boolean: False on failure
PROCEDURE wdSocketChangeTransmissionMode(xSocket, nMode is int, xTag = "") : boolean
nSocket is int = wdSocketHandle(xSocket)
nOurs is int = nMode
SWITCH nMode
	CASE SocketEndTag: nOurs = WDS_MODE_END_TAG
	CASE SocketEndTagBuffer: nOurs = WDS_MODE_END_TAG_BUFFER
	CASE SocketNoEndTag: nOurs = WDS_MODE_RAW
	CASE SocketTailleDébut: nOurs = WDS_MODE_SIZE
END
IF wdsIsBuffer(xTag) THEN RESULT wdsChangeMode(nSocket, nOurs, wdsBuffer(xTag))
sTag is ANSI string = xTag
IF sTag = "" AND (nOurs = WDS_MODE_END_TAG OR nOurs = WDS_MODE_END_TAG_BUFFER) THEN sTag = Charact(26)
bufTag is Buffer = sTag
RESULT wdsChangeMode(nSocket, nOurs, bufTag)

// ---------------------------------------------------------------------------
// Standard server
// ---------------------------------------------------------------------------

// Summary: SocketWaitForConnection: waits until a client asks to connect.
// Syntax:
// <Result> = wdSocketWaitForConnection (<xServer> [, <xTimeout>])
//
// Parameters:
//	xServer: name or handle
//	xTimeout (default value = -1): milliseconds or Duration, -1 for ever, 0 = do not wait
// Return value:
//	boolean: True if a client asks to connect
PROCEDURE wdSocketWaitForConnection(xServer, xTimeout = -1) : boolean
nServer is int = wdSocketHandle(xServer)
nWait is int = wdsMilliseconds(xTimeout)
nResult is int = API(wdsLibrary(), "WDSocketWaitForConnection", nServer, nWait)
RESULT nResult = 1

// Summary: SocketAccept: accepts a client.
// Syntax:
// <Result> = wdSocketAccept (<xServer> [, <xTimeout>])
//
// Parameters:
//	xServer: name or handle
//	xTimeout (default value = -1): milliseconds or Duration, -1 for ever, 0 = do not wait
// Return value:
//	string: name of the new channel, "" on failure
PROCEDURE wdSocketAccept(xServer, xTimeout = -1) : string
nServer is int = wdSocketHandle(xServer)
nWait is int = wdsMilliseconds(xTimeout)
nResult is int = API(wdsLibrary(), "WDSocketAccept", nServer, nWait)
IF nResult <= 0 THEN RESULT ""
RESULT "#" + NumToString(nResult)

// Summary: SocketDeny: refuses the client that asks to connect, or disconnects that of a simplified server.
// Syntax:
// <Result> = wdSocketDeny (<xServer>)
//
// Parameters:
//	xServer: name or handle
// Return value:
//	boolean: False if there is none
PROCEDURE wdSocketDeny(xServer) : boolean
nServer is int = wdSocketHandle(xServer)
nResult is int = API(wdsLibrary(), "WDSocketDeny", nServer)
RESULT nResult = WDS_OK

// Summary: The clients of a server.
// Syntax:
// <Result> = wdSocketList (<xServer>)
//
// Parameters:
//	xServer: name or handle; 0: all sockets
// Return value:
//	array of int: their handles
PROCEDURE wdSocketList(xServer) : array of int
nServer is int = wdSocketHandle(xServer)
arrSockets is array of int
bufList is Buffer on 4096
bufHandles is Buffer
nResult is int = API(wdsLibrary(), "WDSocketList", nServer, &bufList, WDS_LIST)
IF nResult > 0 THEN bufHandles = bufList[[1 TO nResult * 4]]
IF nResult = WDS_E_BUFFER THEN
	bufLong is Buffer on 1048576
	nResult = API(wdsLibrary(), "WDSocketList", nServer, &bufLong, WDS_LONG_LIST)
	IF nResult > 0 THEN bufHandles = bufLong[[1 TO nResult * 4]]
END
FOR nSocket = 1 TO nResult
	ArrayAdd(arrSockets, wdsNumberAt(bufHandles, nSocket * 4 - 3))
END
RESULT arrSockets

// ---------------------------------------------------------------------------
// Reading and writing
// ---------------------------------------------------------------------------

// Summary: Reads one message of any length as bytes.
// Syntax:
// <Result> = wdSocketReadBuffer (<xSocket> [, <xTimeout> [, <nMaximum> is int]])
//
// Parameters:
//	xSocket: name or handle
//	xTimeout (default value = -1): milliseconds or Duration, -1 for ever, 0 = do not wait
//	nMaximum (int, default value = 65536): most bytes, in raw mode only
// Return value:
//	Buffer: the bytes; empty: an empty message, or a failure if wdErrorOccurred() is True
PROCEDURE wdSocketReadBuffer(xSocket, xTimeout = -1, nMaximum is int = 65536) : Buffer
nSocket is int = wdSocketHandle(xSocket)
nWait is int = wdsMilliseconds(xTimeout)
bufRead is Buffer on 4096
bufNone is Buffer
nResult is int
nRoom is int = WDS_ROOM
IF nMaximum > 0 AND nMaximum < WDS_ROOM THEN
	IF wdSocketGetOption(nSocket, WDS_OPT_MODE) = WDS_MODE_RAW THEN nRoom = nMaximum
END
nResult = API(wdsLibrary(), "WDSocketRead", nSocket, &bufRead, nRoom, nWait)
IF nResult = WDS_E_BUFFER THEN
	// The message is there whole: its length comes at once, and then the message.
	nLength is int = API(wdsLibrary(), "WDSocketRead", nSocket, Null, 0, 0)
	IF nLength <= 0 THEN RESULT bufNone
	bufLong is Buffer = wdsRoom(nLength)
	nResult = API(wdsLibrary(), "WDSocketRead", nSocket, &bufLong, nLength, 0)
	IF nResult <= 0 THEN RESULT bufNone
	RESULT bufLong[[1 TO nResult]]
END
IF nResult <= 0 THEN RESULT bufNone
RESULT bufRead[[1 TO nResult]]

// Whether the library takes and gives the texts of a socket in UTF-8, because it converts
// them to the other end's character set (WDS_TEXT_CHARSET).
PROCEDURE wdsConverts(xSocket) : boolean
nSocket is int = wdSocketHandle(xSocket)
nResult is int = API(wdsLibrary(), "WDSocketGetText", nSocket, WDS_TEXT_CHARSET, Null, 0)
RESULT nResult > 0

// The text of a message: UTF-8 where it came as text of a WebSocket, or through a
// character set, otherwise in the ANSI character set.
PROCEDURE wdsText(nSocket is int, bufMessage is Buffer) : string
IF Length(bufMessage) = 0 THEN RESULT ""
IF wdSocketGetOption(nSocket, WDS_OPT_WEBSOCKET_MESSAGE) = WDS_WEBSOCKET_TEXT THEN RESULT UTF8ToString(bufMessage)
IF wdsConverts(nSocket) THEN RESULT UTF8ToString(bufMessage)
sAnsi is ANSI string = bufMessage
RESULT sAnsi

// Reads without an end tag: once bytes have come, until none come for nRest milliseconds or
// nMaximum are there.
PROCEDURE wdsReadRest(nSocket is int, nWait is int, nMaximum is int, nRest is int) : Buffer
nBefore is int = wdSocketGetOption(nSocket, WDS_OPT_READ_GAP)
wdSocketSetOption(nSocket, WDS_OPT_READ_GAP, nRest)
bufRead is Buffer = wdSocketReadBuffer(nSocket, nWait, nMaximum)
nCode is int = wdErrorCode()
// Behind any other error nothing can be read without an end tag.
IF nCode = WDS_OK OR nCode = WDS_E_TIMEOUT THEN wdSocketSetOption(nSocket, WDS_OPT_READ_GAP, nBefore)
// Setting has cleared the error: this sets it again, unless something has come.
IF nCode = WDS_E_TIMEOUT THEN bufRead = wdSocketReadBuffer(nSocket, 0, nMaximum)
RESULT bufRead

// Summary: SocketRead: reads a message, into a text or a Buffer.
// Syntax:
// <Result> = wdSocketRead (<xSocket> [, <bForever> is boolean [, <xTimeout> [, <nMaximum> is int [, <xRest>]]]])
//
// Parameters:
//	xSocket: name or handle
//	bForever (boolean, default value = True): True: wait for ever
//	xTimeout (default value = 1000): otherwise how long: milliseconds or Duration
//	nMaximum (int, default value = 4096): most bytes, without an end tag only
//	xRest (default value = -1): how long to wait for the rest once a message has begun, for this call only
// Return value:
//	the message, "" if none came in time
PROCEDURE wdSocketRead(xSocket, bForever is boolean = True, xTimeout = 1000, nMaximum is int = 4096, xRest = -1)
nSocket is int = wdSocketHandle(xSocket)
nWait is int = -1
IF NOT bForever THEN nWait = wdsMilliseconds(xTimeout)
nRest is int = wdsMilliseconds(xRest)
bRaw is boolean = False
IF nRest >= 0 THEN
	bRaw = (wdSocketGetOption(nSocket, WDS_OPT_MODE) = WDS_MODE_RAW)
	IF NOT bRaw THEN
		// Waits for the first byte and leaves it there. A UDP socket has no rest.
		nBegun is int = API(wdsLibrary(), "WDSocketReadExactly", nSocket, Null, 1, nWait)
		IF nBegun < 0 AND nBegun <> WDS_E_KIND THEN RESULT ""
		IF nBegun >= 0 THEN nWait = nRest
	END
END
bufRead is Buffer
IF bRaw THEN
	bufRead = wdsReadRest(nSocket, nWait, nMaximum, nRest)
ELSE
	bufRead = wdSocketReadBuffer(nSocket, nWait, nMaximum)
END
IF Length(bufRead) = 0 THEN RESULT ""
IF wdSocketGetOption(nSocket, WDS_OPT_WEBSOCKET_MESSAGE) = WDS_WEBSOCKET_TEXT THEN RESULT UTF8ToString(bufRead)
IF wdsConverts(nSocket) THEN RESULT UTF8ToString(bufRead)
sAnsi is ANSI string = bufRead
RESULT sAnsi

// Summary: Reads exactly so many bytes, whatever the transmission mode is.
// Syntax:
// <Result> = wdSocketReadExactly (<xSocket>, <nLength> is int [, <xTimeout>])
//
// Parameters:
//	xSocket: name or handle
//	nLength (int): how many
//	xTimeout (default value = -1): milliseconds or Duration, -1 for ever
// Return value:
//	Buffer: the bytes; empty: a failure, and what has come stays
PROCEDURE wdSocketReadExactly(xSocket, nLength is int, xTimeout = -1) : Buffer
nSocket is int = wdSocketHandle(xSocket)
nWait is int = wdsMilliseconds(xTimeout)
bufRead is Buffer = wdsRoom(nLength)
bufNone is Buffer
nResult is int = API(wdsLibrary(), "WDSocketReadExactly", nSocket, &bufRead, nLength, nWait)
IF nResult <= 0 THEN RESULT bufNone
RESULT bufRead[[1 TO nResult]]

// Summary: Reads the bytes up to a tag, and takes the tag, too, whatever the transmission mode is.
// Syntax:
// <Result> = wdSocketReadUntil (<xSocket>, <sTag> is string [, <xTimeout>])
//
// Parameters:
//	xSocket: name or handle
//	sTag (string): the tag, such as CR
//	xTimeout (default value = -1): milliseconds or Duration, -1 for ever
// Return value:
//	Buffer: the bytes before the tag; empty: there are none, or a failure if wdErrorOccurred() is True
PROCEDURE wdSocketReadUntil(xSocket, sTag is string, xTimeout = -1) : Buffer
nSocket is int = wdSocketHandle(xSocket)
nWait is int = wdsMilliseconds(xTimeout)
sEnd is ANSI string = sTag
bufTag is Buffer = sEnd
nTag is int = Length(bufTag)
bufRead is Buffer on 4096
bufNone is Buffer
nResult is int = API(wdsLibrary(), "WDSocketReadUntil", nSocket, &bufRead, WDS_ROOM, &bufTag, nTag, nWait)
IF nResult = WDS_E_BUFFER THEN
	nLength is int = API(wdsLibrary(), "WDSocketReadUntil", nSocket, Null, 0, &bufTag, nTag, 0)
	IF nLength <= 0 THEN RESULT bufNone
	bufLong is Buffer = wdsRoom(nLength)
	nResult = API(wdsLibrary(), "WDSocketReadUntil", nSocket, &bufLong, nLength, &bufTag, nTag, 0)
	IF nResult <= 0 THEN RESULT bufNone
	RESULT bufLong[[1 TO nResult]]
END
IF nResult <= 0 THEN RESULT bufNone
RESULT bufRead[[1 TO nResult]]

// Summary: Reads one datagram and its sender.
// Syntax:
// <Result> = wdSocketReadUDP (<xSocket>, <xAddress>, <xPort> [, <xTimeout>])
//
// Parameters:
//	xSocket: name or handle
//	xAddress: a variable, receives the sender's address
//	xPort: a variable, receives the sender's port
//	xTimeout (default value = -1): milliseconds or Duration, -1 for ever, 0 = do not wait
// Return value:
//	Buffer: the bytes; empty: an empty datagram, or a failure if wdErrorOccurred() is True
PROCEDURE wdSocketReadUDP(xSocket, xAddress, xPort, xTimeout = -1) : Buffer
nSocket is int = wdSocketHandle(xSocket)
nWait is int = wdsMilliseconds(xTimeout)
nPort is int = 0
sSender is ASCIIZ string on 1024
bufRead is Buffer on 4096
bufNone is Buffer
nResult is int = API(wdsLibrary(), "WDSocketReadUDP", nSocket, &bufRead, WDS_ROOM, nWait, &sSender, WDS_NAME_ROOM, &nPort)
IF nResult = WDS_E_BUFFER THEN
	bufLong is Buffer on 65536
	nResult = API(wdsLibrary(), "WDSocketReadUDP", nSocket, &bufLong, WDS_DATAGRAM_ROOM, 0, &sSender, WDS_NAME_ROOM, &nPort)
	IF nResult > 0 THEN
		xAddress = UTF8ToString(sSender)
		xPort = nPort
		RESULT bufLong[[1 TO nResult]]
	END
END
IF nResult < 0 THEN RESULT bufNone
xAddress = UTF8ToString(sSender)
xPort = nPort
IF nResult = 0 THEN RESULT bufNone
RESULT bufRead[[1 TO nResult]]

// The bytes of a message as a socket writes it: those of a buffer as they are, a text in
// UTF-8 where that is a WebSocket that writes text, or where the library converts it,
// otherwise in the ANSI character set.
PROCEDURE wdsBytes(xSocket, xMessage) : Buffer
IF wdsIsBuffer(xMessage) THEN RESULT wdsBuffer(xMessage)
sAnsi is ANSI string
bufMessage is Buffer
sMessage is string
bText is boolean = wdSocketGetOption(xSocket, WDS_OPT_WEBSOCKET_KIND) = WDS_WEBSOCKET_TEXT
IF NOT bText THEN bText = wdsConverts(xSocket)
IF bText THEN
	sMessage = xMessage
	bufMessage = StringToUTF8(sMessage)
ELSE
	sAnsi = xMessage
	bufMessage = sAnsi
END
RESULT bufMessage

// Summary: Writes one message of bytes.
// Syntax:
// <Result> = wdSocketWriteBuffer (<xSocket>, <xMessage>)
//
// Parameters:
//	xSocket: name or handle
//	xMessage: the bytes, a buffer; a text is converted as wdSocketWrite does
// Return value:
//	boolean: False on failure
PROCEDURE wdSocketWriteBuffer(xSocket, xMessage) : boolean
nSocket is int = wdSocketHandle(xSocket)
bufMessage is Buffer = wdsBytes(nSocket, xMessage)
nSize is int = Length(bufMessage)
nResult is int = API(wdsLibrary(), "WDSocketWrite", nSocket, &bufMessage, nSize)
RESULT nResult >= 0

// Summary: Writes one datagram.
// Syntax:
// <Result> = wdSocketWriteUDP (<xSocket>, <xMessage>, <sAddress> is string, <nPort> is int)
//
// Parameters:
//	xSocket: name or handle
//	xMessage: the bytes, a buffer, or a text
//	sAddress (string): address or host name
//	nPort (int): port
// Return value:
//	boolean: False on failure
PROCEDURE wdSocketWriteUDP(xSocket, xMessage, sAddress is string, nPort is int) : boolean
nSocket is int = wdSocketHandle(xSocket)
bufMessage is Buffer = wdsBytes(nSocket, xMessage)
sHost is ASCIIZ string on 1024 = StringToUTF8(sAddress)
nSize is int = Length(bufMessage)
nResult is int = API(wdsLibrary(), "WDSocketWriteUDP", nSocket, &bufMessage, nSize, &sHost, nPort)
RESULT nResult >= 0

// Summary: SocketWrite: writes one message, a text or a buffer.
// Syntax:
// <Result> = wdSocketWrite (<xSocket>, <xMessage> [, <sAddress> is string [, <nPort> is int]])
//
// Parameters:
//	xSocket: name or handle
//	xMessage: a text is written in the ANSI character set, or as text of a WebSocket; a buffer as it is
//	sAddress (string, default value = ""): for UDP: address or host name
//	nPort (int, default value = 0): for UDP: port
// Return value:
//	boolean: False on failure
PROCEDURE wdSocketWrite(xSocket, xMessage, sAddress is string = "", nPort is int = 0) : boolean
IF sAddress = "" THEN RESULT wdSocketWriteBuffer(xSocket, xMessage)
RESULT wdSocketWriteUDP(xSocket, xMessage, sAddress, nPort)

// Summary: Sends a question and returns its answer, of any length; late answers to earlier questions are discarded.
// Syntax:
// <Result> = wdSocketExchange (<xSocket>, <xQuestion>, <xTimeout>)
//
// Parameters:
//	xSocket: name or handle
//	xQuestion: a buffer, or a text
//	xTimeout: milliseconds or Duration, for both
// Return value:
//	Buffer: the answer; empty: an empty answer, or a failure if wdErrorOccurred() is True
PROCEDURE wdSocketExchange(xSocket, xQuestion, xTimeout) : Buffer
nSocket is int = wdSocketHandle(xSocket)
nWait is int = wdsMilliseconds(xTimeout)
bufQuestion is Buffer = wdsBytes(nSocket, xQuestion)
bufAnswer is Buffer on 4096
bufNone is Buffer
nSize is int = Length(bufQuestion)
nResult is int = API(wdsLibrary(), "WDSocketExchange", nSocket, &bufQuestion, nSize, &bufAnswer, WDS_ROOM, nWait)
// An answer that is longer stays, as the next message.
IF nResult = WDS_E_BUFFER THEN RESULT wdSocketReadBuffer(nSocket, 0)
IF nResult <= 0 THEN RESULT bufNone
RESULT bufAnswer[[1 TO nResult]]

// Summary: Bytes that can be read now without waiting.
// Syntax:
// <Result> = wdSocketAvailable (<xSocket>)
//
// Parameters:
//	xSocket: name or handle
// Return value:
//	int: how many, negative on failure
PROCEDURE wdSocketAvailable(xSocket) : int
nSocket is int = wdSocketHandle(xSocket)
nResult is int = API(wdsLibrary(), "WDSocketAvailable", nSocket)
RESULT nResult

// Summary: Discards what has arrived.
// Syntax:
// <Result> = wdSocketDiscard (<xSocket> [, <nWhat> is int])
//
// Parameters:
//	xSocket: name or handle
//	nWhat (int, default value = WDS_DISCARD_MESSAGE): the next message (WDS_DISCARD_MESSAGE), everything (WDS_DISCARD_ALL), or all but the newest (WDS_DISCARD_OLDER)
// Return value:
//	int: the number of bytes, negative on failure
PROCEDURE wdSocketDiscard(xSocket, nWhat is int = WDS_DISCARD_MESSAGE) : int
nSocket is int = wdSocketHandle(xSocket)
nResult is int = API(wdsLibrary(), "WDSocketDiscard", nSocket, nWhat)
RESULT nResult

// ---------------------------------------------------------------------------
// Information
// ---------------------------------------------------------------------------

// Summary: SocketExist: tells whether a socket exists, until it is closed, even if the peer is gone. That there is none is no error.
// Syntax:
// <Result> = wdSocketExist (<xSocket>)
//
// Parameters:
//	xSocket: name or handle
// Return value:
//	boolean: True if it exists
PROCEDURE wdSocketExist(xSocket) : boolean
nSocket is int = wdSocketHandle(xSocket)
IF nSocket <= 0 THEN
	wdSocketGetOption(0, WDS_OPT_LOG_LEVEL) // clears the error
	RESULT False
END
nResult is int = API(wdsLibrary(), "WDSocketExist", nSocket)
RESULT nResult = 1

// Summary: The actual state of the connection.
// Syntax:
// <Result> = wdSocketState (<xSocket>)
//
// Parameters:
//	xSocket: name or handle
// Return value:
//	int: one of WDS_STATE_
PROCEDURE wdSocketState(xSocket) : int
nSocket is int = wdSocketHandle(xSocket)
nResult is int = API(wdsLibrary(), "WDSocketState", nSocket)
RESULT nResult

// Summary: SocketClientInfo: who the peer is; of a UDP socket the sender of the last datagram read.
// Syntax:
// <Result> = wdSocketClientInfo (<xSocket> [, <nWhat> is int])
//
// Parameters:
//	xSocket: name or handle
//	nWhat (int, default value = WDS_INFO_ADDRESS): SocketAddress or SocketPort, or one of WDS_INFO_
// Return value:
//	string: the text, "" on failure
PROCEDURE wdSocketClientInfo(xSocket, nWhat is int = WDS_INFO_ADDRESS) : string
nSocket is int = wdSocketHandle(xSocket)
nInfo is int = nWhat
SWITCH nWhat
	CASE SocketAddress: nInfo = WDS_INFO_ADDRESS
	CASE SocketPort: nInfo = WDS_INFO_PORT
END
sText is ASCIIZ string on 4096
nResult is int = API(wdsLibrary(), "WDSocketClientInfo", nSocket, nInfo, &sText, WDS_TEXT_ROOM)
IF nResult <= 0 THEN RESULT ""
RESULT UTF8ToString(sText)

// Summary: The own end of a socket: the address and port that it uses.
// Syntax:
// <Result> = wdSocketLocalInfo (<xSocket> [, <nWhat> is int])
//
// Parameters:
//	xSocket: name or handle
//	nWhat (int, default value = WDS_INFO_ENDPOINT): WDS_INFO_ADDRESS, WDS_INFO_PORT, WDS_INFO_ENDPOINT or WDS_INFO_DESTINATION
// Return value:
//	string: the text, "" on failure
PROCEDURE wdSocketLocalInfo(xSocket, nWhat is int = WDS_INFO_ENDPOINT) : string
nSocket is int = wdSocketHandle(xSocket)
sText is ASCIIZ string on 1024
nResult is int = API(wdsLibrary(), "WDSocketLocalInfo", nSocket, nWhat, &sText, WDS_NAME_ROOM)
IF nResult <= 0 THEN RESULT ""
RESULT UTF8ToString(sText)

// Summary: What the TLS handshake negotiated, and who the peer is.
// Syntax:
// <Result> = wdSocketSSLInfo (<xSocket>, <nWhat> is int [, <nIndex> is int])
//
// Parameters:
//	xSocket: name or handle
//	nWhat (int): one of WDS_INFO_SSL_
//	nIndex (int, default value = 0): which certificate, 0 = the peer's own
// Return value:
//	string: the text, "" on failure
PROCEDURE wdSocketSSLInfo(xSocket, nWhat is int, nIndex is int = 0) : string
nSocket is int = wdSocketHandle(xSocket)
sText is ASCIIZ string on 65536
nResult is int = API(wdsLibrary(), "WDSocketSSLInfo", nSocket, nWhat, nIndex, &sText, WDS_LONG_TEXT_ROOM)
IF nResult <= 0 THEN RESULT ""
RESULT UTF8ToString(sText)

// Summary: A figure of a socket.
// Syntax:
// <Result> = wdSocketNumber (<xSocket>, <nWhat> is int)
//
// Parameters:
//	xSocket: name or handle; 0: of the process
//	nWhat (int): one of WDS_NUM_
// Return value:
//	8-byte int: the figure, -1 on failure
PROCEDURE wdSocketNumber(xSocket, nWhat is int) : 8-byte int
nSocket is int = wdSocketHandle(xSocket)
nValue is 8-byte int = 0
nResult is int = API(wdsLibrary(), "WDSocketGetNumber", nSocket, nWhat, &nValue)
IF nResult <> WDS_OK THEN RESULT -1
RESULT nValue

// Summary: One figure of a socket; for a server the sum over all its past and present clients.
// Syntax:
// <Result> = wdSocketStatistic (<xSocket>, <nWhat> is int)
//
// Parameters:
//	xSocket: name or handle; 0: the sum over all sockets
//	nWhat (int): one of WDS_STAT_
// Return value:
//	8-byte int: the figure, -1 on failure
PROCEDURE wdSocketStatistic(xSocket, nWhat is int) : 8-byte int
nSocket is int = wdSocketHandle(xSocket)
bufFigures is Buffer on 256
nResult is int = API(wdsLibrary(), "WDSocketStatistics", nSocket, &bufFigures, WDS_STAT_COUNT)
IF nWhat < 0 OR nResult <= nWhat THEN RESULT -1
RESULT wdsLongAt(bufFigures, nWhat * 8 + 1)

// Summary: How the messages are framed that a peer sends, from bytes that came.
// Syntax:
// <Result> = wdGuess (<bufBytes> is Buffer)
//
// Parameters:
//	bufBytes (Buffer): the bytes
// Return value:
//	string: a line for each description that fits, the best one first, with TABs between the text for WDS_TEXT_FRAME, presets and the reason; "" if nothing fits
PROCEDURE wdGuess(bufBytes is Buffer) : string
sText is ASCIIZ string on 16384
nLength is int = Length(bufBytes)
nResult is int = API(wdsLibrary(), "WDSocketGuess", &bufBytes, nLength, &sText, WDS_REPORT_ROOM)
IF nResult <= 0 THEN RESULT ""
RESULT UTF8ToString(sText)

// Summary: Tests the library on this machine, in about a second. Add the report to any question.
// Syntax:
// <Result> = wdSelfTest ()
//
// Parameters:
//	None
// Return value:
//	string: the report
PROCEDURE wdSelfTest() : string
sText is ASCIIZ string on 16384
nResult is int = API(wdsLibrary(), "WDSocketSelfTest", &sText, WDS_REPORT_ROOM)
IF nResult <= 0 THEN RESULT ""
RESULT UTF8ToString(sText)

// Summary: What the opening of a WebSocket said, and how its peer has closed it.
// Syntax:
// <Result> = wdWebSocketInfo (<xSocket>, <nWhat> is int)
//
// Parameters:
//	xSocket: name or handle
//	nWhat (int): one of WDS_INFO_WEBSOCKET_
// Return value:
//	string: the text, "" on failure
//
// Résumé : Ce qu'a dit l'ouverture d'un WebSocket, et comment son correspondant l'a fermé.
// Syntaxe :
// <Résultat> = wdWebSocketInfo (<xSocket>, <nWhat> est un entier)
//
// Paramètres :
//	xSocket : nom ou handle
//	nWhat (entier) : l'une des WDS_INFO_WEBSOCKET_
// Valeur de retour :
//	chaîne : le texte, "" en cas d'échec
PROCEDURE wdWebSocketInfo(xSocket, nWhat is int) : string
nSocket is int = wdSocketHandle(xSocket)
sText is ASCIIZ string on 65536
nResult is int = API(wdsLibrary(), "WDSocketWebSocketInfo", nSocket, nWhat, &sText, WDS_LONG_TEXT_ROOM)
IF nResult <= 0 THEN RESULT ""
RESULT UTF8ToString(sText)

// ---------------------------------------------------------------------------
// Events: one thread, or one window, for many sockets
// ---------------------------------------------------------------------------

// Summary: Creates an event queue; wdSocketClose closes it.
// Syntax:
// <Result> = wdSocketNewQueue ()
//
// Parameters:
//	None
// Return value:
//	int: its handle; 0 or less: a failure
PROCEDURE wdSocketNewQueue() : int
nResult is int = API(wdsLibrary(), "WDSocketNewQueue")
RESULT nResult

// Summary: Attaches a socket to a queue, which then reports its events.
// Syntax:
// <Result> = wdSocketAttach (<nQueue> is int, <xSocket> [, <bManage> is boolean])
//
// Parameters:
//	nQueue (int): the queue
//	xSocket: name or handle
//	bManage (boolean, default value = False): a server accepts clients by itself and attaches their channels, too
// Return value:
//	boolean: False on failure
PROCEDURE wdSocketAttach(nQueue is int, xSocket, bManage is boolean = False) : boolean
nSocket is int = wdSocketHandle(xSocket)
nHow is int = WDS_ATTACH_PLAIN
IF bManage THEN nHow = WDS_ATTACH_MANAGE
nResult is int = API(wdsLibrary(), "WDSocketAttach", nQueue, nSocket, nHow)
RESULT nResult = WDS_OK

// Summary: Detaches a socket from its queue.
// Syntax:
// <Result> = wdSocketDetach (<xSocket>)
//
// Parameters:
//	xSocket: name or handle
// Return value:
//	boolean: False on failure
PROCEDURE wdSocketDetach(xSocket) : boolean
nSocket is int = wdSocketHandle(xSocket)
nResult is int = API(wdsLibrary(), "WDSocketDetach", nSocket)
RESULT nResult = WDS_OK

// Summary: The next events of a queue, at most 64.
// Syntax:
// <Result> = wdSocketNextEvents (<nQueue> is int [, <xTimeout>])
//
// Parameters:
//	nQueue (int): the queue
//	xTimeout (default value = 0): milliseconds or Duration: 0 = do not wait, for a window; -1 for ever, in a thread only
// Return value:
//	Buffer: consecutive records, for wdEventCount and the others; empty if nothing happened in time
PROCEDURE wdSocketNextEvents(nQueue is int, xTimeout = 0) : Buffer
nWait is int = wdsMilliseconds(xTimeout)
bufEvents is Buffer on 2048
bufNone is Buffer
nResult is int = API(wdsLibrary(), "WDSocketNextEvents", nQueue, nWait, &bufEvents, WDS_RECORD, WDS_RECORDS)
IF nResult <= 0 THEN RESULT bufNone
RESULT bufEvents[[1 TO nResult * WDS_RECORD]]

// Summary: How many events wdSocketNextEvents returned.
// Syntax:
// <Result> = wdEventCount (<bufEvents> is Buffer)
//
// Parameters:
//	bufEvents (Buffer): what it returned
// Return value:
//	int: their number
PROCEDURE wdEventCount(bufEvents is Buffer) : int
nCount is int = Length(bufEvents) / WDS_RECORD
RESULT nCount

// Number nField (0 to 7) of event nEvent (1 to wdEventCount).
PROCEDURE wdsEventField(bufEvents is Buffer, nEvent is int, nField is int) : int
RESULT wdsNumberAt(bufEvents, (nEvent - 1) * WDS_RECORD + nField * 4 + 1)

// Summary: Socket or timer of an event.
// Syntax:
// <Result> = wdEventSocket (<bufEvents> is Buffer, <nEvent> is int)
//
// Parameters:
//	bufEvents (Buffer): what wdSocketNextEvents returned
//	nEvent (int): 1 to wdEventCount()
// Return value:
//	int: its handle
PROCEDURE wdEventSocket(bufEvents is Buffer, nEvent is int) : int
RESULT wdsEventField(bufEvents, nEvent, 0)

// Summary: What happened.
// Syntax:
// <Result> = wdEventKind (<bufEvents> is Buffer, <nEvent> is int)
//
// Parameters:
//	bufEvents (Buffer): what wdSocketNextEvents returned
//	nEvent (int): 1 to wdEventCount()
// Return value:
//	int: one of WDS_EVENT_
PROCEDURE wdEventKind(bufEvents is Buffer, nEvent is int) : int
RESULT wdsEventField(bufEvents, nEvent, 1)

// Summary: Value of an event, which is described at each WDS_EVENT_.
// Syntax:
// <Result> = wdEventValue (<bufEvents> is Buffer, <nEvent> is int)
//
// Parameters:
//	bufEvents (Buffer): what wdSocketNextEvents returned
//	nEvent (int): 1 to wdEventCount()
// Return value:
//	int: the value
PROCEDURE wdEventValue(bufEvents is Buffer, nEvent is int) : int
RESULT wdsEventField(bufEvents, nEvent, 2)

// Summary: Error of an event.
// Syntax:
// <Result> = wdEventCode (<bufEvents> is Buffer, <nEvent> is int)
//
// Parameters:
//	bufEvents (Buffer): what wdSocketNextEvents returned
//	nEvent (int): 1 to wdEventCount()
// Return value:
//	int: one of WDS_E_, 0 if nothing failed
PROCEDURE wdEventCode(bufEvents is Buffer, nEvent is int) : int
RESULT wdsEventField(bufEvents, nEvent, 3)

// Summary: The program's own number of an event.
// Syntax:
// <Result> = wdEventUser (<bufEvents> is Buffer, <nEvent> is int)
//
// Parameters:
//	bufEvents (Buffer): what wdSocketNextEvents returned
//	nEvent (int): 1 to wdEventCount()
// Return value:
//	int: WDS_OPT_USER_NUMBER of the socket, or the number given to the timer
PROCEDURE wdEventUser(bufEvents is Buffer, nEvent is int) : int
RESULT wdsEventField(bufEvents, nEvent, 4)

// Summary: With a code: how far it reaches. Otherwise the additional number of some events.
// Syntax:
// <Result> = wdEventDetail (<bufEvents> is Buffer, <nEvent> is int)
//
// Parameters:
//	bufEvents (Buffer): what wdSocketNextEvents returned
//	nEvent (int): 1 to wdEventCount()
// Return value:
//	int: one of WDS_SCOPE_, or the number
PROCEDURE wdEventDetail(bufEvents is Buffer, nEvent is int) : int
RESULT wdsEventField(bufEvents, nEvent, 7)

// Summary: Makes a queue send a message to a window when it has events, for a procedure given to Event().
// Syntax:
// <Result> = wdSocketSetWindow (<nQueue> is int, <nWindow> is system int [, <nMessage> is int])
//
// Parameters:
//	nQueue (int): the queue
//	nWindow (system int): Handle(MyWindow); 0 stops it
//	nMessage (int, default value = WDS_WINDOW_MESSAGE): the message's number
// Return value:
//	boolean: False on failure
PROCEDURE wdSocketSetWindow(nQueue is int, nWindow is system int, nMessage is int = WDS_WINDOW_MESSAGE) : boolean
nResult is int = API(wdsLibrary(), "WDSocketSetWindow", nQueue, nWindow, nMessage)
RESULT nResult = WDS_OK

// Summary: Creates a timer in a queue: WDS_EVENT_TIMER comes after a delay, and then periodically. wdSocketClose ends it.
// Syntax:
// <Result> = wdSocketNewTimer (<nQueue> is int, <xDelay> [, <xRepeat> [, <nUser> is int]])
//
// Parameters:
//	nQueue (int): the queue
//	xDelay: milliseconds or Duration
//	xRepeat (default value = 0): milliseconds or Duration, 0 = once
//	nUser (int, default value = 0): a number that the event has
// Return value:
//	int: its handle; negative on failure
PROCEDURE wdSocketNewTimer(nQueue is int, xDelay, xRepeat = 0, nUser is int = 0) : int
nDelay is int = wdsMilliseconds(xDelay)
nRepeat is int = wdsMilliseconds(xRepeat)
nResult is int = API(wdsLibrary(), "WDSocketNewTimer", nQueue, nDelay, nRepeat, nUser)
RESULT nResult

// Summary: Adds a channel to a group of its server.
// Syntax:
// <Result> = wdSocketGroupJoin (<xChannel>, <sGroup> is string)
//
// Parameters:
//	xChannel: name or handle
//	sGroup (string): name of the group
// Return value:
//	boolean: False on failure
PROCEDURE wdSocketGroupJoin(xChannel, sGroup is string) : boolean
nChannel is int = wdSocketHandle(xChannel)
sName is ASCIIZ string on 1024 = StringToUTF8(sGroup)
nResult is int = API(wdsLibrary(), "WDSocketGroupJoin", nChannel, &sName)
RESULT nResult = WDS_OK

// Summary: Removes a channel from a group.
// Syntax:
// <Result> = wdSocketGroupLeave (<xChannel> [, <sGroup> is string])
//
// Parameters:
//	xChannel: name or handle
//	sGroup (string, default value = ""): name of the group, "" = all
// Return value:
//	boolean: False on failure
PROCEDURE wdSocketGroupLeave(xChannel, sGroup is string = "") : boolean
nChannel is int = wdSocketHandle(xChannel)
sName is ASCIIZ string on 1024 = StringToUTF8(sGroup)
nResult is int
IF sGroup = "" THEN
	nResult = API(wdsLibrary(), "WDSocketGroupLeave", nChannel, Null)
ELSE
	nResult = API(wdsLibrary(), "WDSocketGroupLeave", nChannel, &sName)
END
RESULT nResult = WDS_OK

// Summary: Writes one message of bytes to every client of a group. It never waits.
// Syntax:
// <Result> = wdSocketGroupPublishBuffer (<xServer>, <sGroup> is string, <xMessage>)
//
// Parameters:
//	xServer: name or handle; of a client of the server: all the others get it
//	sGroup (string): name of the group, "" = all clients of the server
//	xMessage: a buffer; a text is converted as wdSocketWrite does
// Return value:
//	int: the number of clients, negative on failure
PROCEDURE wdSocketGroupPublishBuffer(xServer, sGroup is string, xMessage) : int
nServer is int = wdSocketHandle(xServer)
sName is ASCIIZ string on 1024 = StringToUTF8(sGroup)
bufMessage is Buffer = wdsBytes(nServer, xMessage)
nSize is int = Length(bufMessage)
nResult is int
IF sGroup = "" THEN
	nResult = API(wdsLibrary(), "WDSocketGroupPublish", nServer, Null, &bufMessage, nSize)
ELSE
	nResult = API(wdsLibrary(), "WDSocketGroupPublish", nServer, &sName, &bufMessage, nSize)
END
RESULT nResult

// Summary: Writes one message to every client of a group. It never waits.
// Syntax:
// <Result> = wdSocketGroupPublish (<xServer>, <sGroup> is string, <xMessage>)
//
// Parameters:
//	xServer: name or handle; of a client of the server: all the others get it
//	sGroup (string): name of the group, "" = all clients of the server
//	xMessage: a text or a buffer
// Return value:
//	int: the number of clients, negative on failure
PROCEDURE wdSocketGroupPublish(xServer, sGroup is string, xMessage) : int
RESULT wdSocketGroupPublishBuffer(xServer, sGroup, xMessage)

// Summary: Waits until everything in the send queue has been passed to the system.
// Syntax:
// <Result> = wdSocketFlush (<xSocket> [, <xTimeout>])
//
// Parameters:
//	xSocket: name or handle
//	xTimeout (default value = 5000): milliseconds or Duration
// Return value:
//	boolean: False on failure
PROCEDURE wdSocketFlush(xSocket, xTimeout = 5000) : boolean
nSocket is int = wdSocketHandle(xSocket)
nWait is int = wdsMilliseconds(xTimeout)
nResult is int = API(wdsLibrary(), "WDSocketFlush", nSocket, nWait)
RESULT nResult = WDS_OK

// Summary: Starts TLS on an open plain connection (STARTTLS). On a socket in a queue, time 0 does it in the background, and
// WDS_EVENT_TLS_DONE reports the end.
// Syntax:
// <Result> = wdSocketStartSSL (<xSocket>, <nRole> is int [, <nOptions> is int [, <sCertificate> is string [, <sPassword> is string [, <xTimeout>]]]])
//
// Parameters:
//	xSocket: name or handle
//	nRole (int): WDS_ROLE_CLIENT or WDS_ROLE_SERVER
//	nOptions (int, default value = 0): WDS_SSL_ bits
//	sCertificate (string, default value = ""): own certificate, "" = none
//	sPassword (string, default value = ""): password of the file
//	xTimeout (default value = 10000): milliseconds or Duration
// Return value:
//	boolean: False on failure
PROCEDURE wdSocketStartSSL(xSocket, nRole is int, nOptions is int = 0, sCertificate is string = "", sPassword is string = "", xTimeout = 10000) : boolean
nSocket is int = wdSocketHandle(xSocket)
nWait is int = wdsMilliseconds(xTimeout)
sFile is ASCIIZ string on 65536 = StringToUTF8(sCertificate)
sSecret is ASCIIZ string on 1024 = StringToUTF8(sPassword)
nResult is int
IF sCertificate = "" THEN
	nResult = API(wdsLibrary(), "WDSocketStartSSL", nSocket, nRole, nOptions, Null, Null, nWait)
ELSE
	nResult = API(wdsLibrary(), "WDSocketStartSSL", nSocket, nRole, nOptions, &sFile, &sSecret, nWait)
END
RESULT nResult = WDS_OK

// Summary: Ends TLS in order and continues in plain text; both ends must do so.
// Syntax:
// <Result> = wdSocketStopSSL (<xSocket> [, <xTimeout>])
//
// Parameters:
//	xSocket: name or handle
//	xTimeout (default value = 10000): milliseconds or Duration
// Return value:
//	boolean: False on failure
PROCEDURE wdSocketStopSSL(xSocket, xTimeout = 10000) : boolean
nSocket is int = wdSocketHandle(xSocket)
nWait is int = wdsMilliseconds(xTimeout)
nResult is int = API(wdsLibrary(), "WDSocketStopSSL", nSocket, nWait)
RESULT nResult = WDS_OK

// ---------------------------------------------------------------------------
// Cancelling and closing
// ---------------------------------------------------------------------------

// Summary: Ends the calls that wait on a socket; it stays open.
// Syntax:
// <Result> = wdSocketCancel (<xSocket>)
//
// Parameters:
//	xSocket: name or handle
// Return value:
//	boolean: False on failure
PROCEDURE wdSocketCancel(xSocket) : boolean
nSocket is int = wdSocketHandle(xSocket)
nResult is int = API(wdsLibrary(), "WDSocketCancel", nSocket)
RESULT nResult = WDS_OK

// Summary: SocketClose: closes a socket, a queue or a timer. The clients that a server has accepted stay: wdSocketServerClose
// closes them, too.
// Syntax:
// <Result> = wdSocketClose (<xSocket>)
//
// Parameters:
//	xSocket: name or handle
// Return value:
//	boolean: False if there is no such socket
PROCEDURE wdSocketClose(xSocket) : boolean
nSocket is int = wdSocketHandle(xSocket)
nResult is int = API(wdsLibrary(), "WDSocketClose", nSocket)
RESULT nResult = WDS_OK

// Summary: Closes a socket in a chosen way.
// Syntax:
// <Result> = wdSocketCloseEx (<xSocket>, <nHow> is int [, <xTimeout>])
//
// Parameters:
//	xSocket: name or handle
//	nHow (int): WDS_CLOSE_GRACEFUL, WDS_CLOSE_WRITE or WDS_CLOSE_ABORT; with + WDS_CLOSE_CLIENTS a server and its clients
//	xTimeout (default value = 5000): milliseconds or Duration
// Return value:
//	boolean: False on failure
PROCEDURE wdSocketCloseEx(xSocket, nHow is int, xTimeout = 5000) : boolean
nSocket is int = wdSocketHandle(xSocket)
nWait is int = wdsMilliseconds(xTimeout)
nResult is int = API(wdsLibrary(), "WDSocketCloseEx", nSocket, nHow, nWait)
RESULT nResult = WDS_OK

// Summary: Closes a server and every client that it has accepted.
// Syntax:
// <Result> = wdSocketServerClose (<xServer> [, <xTimeout>])
//
// Parameters:
//	xServer: name or handle
//	xTimeout (default value = 0): milliseconds or Duration to wait until the clients have what was written; 0 = do not wait, it is sent in the background
// Return value:
//	boolean: False if there is no such server, or if the time was up (WDS_E_TIMEOUT): all are closed then, too
PROCEDURE wdSocketServerClose(xServer, xTimeout = 0) : boolean
RESULT wdSocketCloseEx(xServer, WDS_CLOSE_CLIENTS, xTimeout)

// ---------------------------------------------------------------------------
// Asynchronous: a procedure is called for each event, in a window, without a thread
// ---------------------------------------------------------------------------

// The number of an entry in a list that TABs separate, 0 if it is not there.
PROCEDURE wdsListFind(sList is string, sWanted is string) : int
nPlace is int = 1
sEntry is string = ExtractString(sList, 1, TAB)
WHILE sEntry <> EOT
	IF sEntry = sWanted THEN RESULT nPlace
	nPlace = nPlace + 1
	sEntry = ExtractString(sList, nPlace, TAB)
END
RESULT 0

// Calls the program's procedure for an event: "T" a message is a text, "B" a buffer, and "O"
// as the originals call it, with their constants and without the socket.
PROCEDURE wdsCall(sEntry is string, nSocket is int, xMessage, nEvent is int) : boolean
IF Left(sEntry, 1) <> "O" THEN
	Execute(Middle(sEntry, 2), nSocket, xMessage, nEvent)
	RESULT True
END
SWITCH nEvent
	CASE wdSocketOpening: Execute(Middle(sEntry, 2), SocketOpening, xMessage)
	CASE wdSocketMessage: Execute(Middle(sEntry, 2), SocketMessage, xMessage)
	CASE wdSocketClosing: Execute(Middle(sEntry, 2), SocketClosing, xMessage)
	CASE wdSocketError: Execute(Middle(sEntry, 2), SocketError, xMessage)
END
RESULT True

// Calls the program's procedure for a message that can be read.
PROCEDURE wdsTellMessage(nSocket is int, sEntry is string) : boolean
bufMessage is Buffer = wdSocketReadBuffer(nSocket, 0)
nCode is int = wdErrorCode()
// Nothing to tell: the program has read the message itself, or closed the socket.
IF nCode = WDS_E_TIMEOUT OR nCode = WDS_E_HANDLE OR nCode = WDS_E_CLOSED THEN RESULT False
IF nCode <> WDS_OK THEN
	wdsCall(sEntry, nSocket, wdsErrorText(WDS_INFO_MESSAGE), wdSocketError)
	RESULT False
END
IF Left(sEntry, 1) = "B" THEN
	wdsCall(sEntry, nSocket, bufMessage, wdSocketMessage)
ELSE
	wdsCall(sEntry, nSocket, wdsText(nSocket, bufMessage), wdSocketMessage)
END
RESULT True

// Why a conversation ended: the reason that the peer gave for closing a WebSocket, or
// the general one.
PROCEDURE wdsReason(nSocket is int) : string
sReason is string = wdWebSocketInfo(nSocket, WDS_INFO_WEBSOCKET_CLOSE_REASON)
IF sReason = "" THEN sReason = wdSocketErrorInfo(nSocket)
RESULT sReason

// Calls the program's procedure for one event. The number of the socket says which one:
// a server's clients have their server's.
PROCEDURE wdsTell(bufEvent is Buffer) : boolean
nSocket is int = wdEventSocket(bufEvent, 1)
nKind is int = wdEventKind(bufEvent, 1)
nScope is int = wdEventDetail(bufEvent, 1)
sEntry is string = ExtractString(gsWdsProcedures, wdEventUser(bufEvent, 1), TAB)
IF sEntry = EOT OR sEntry = "" THEN RESULT False
SWITCH nKind
	CASE WDS_EVENT_ACCEPTED, WDS_EVENT_CONNECTED, WDS_EVENT_RECONNECTED
		wdsCall(sEntry, nSocket, "", wdSocketOpening)
	CASE WDS_EVENT_MESSAGE
		wdsTellMessage(nSocket, sEntry)
	CASE WDS_EVENT_PEER_CLOSED
		wdsCall(sEntry, nSocket, wdsReason(nSocket), wdSocketClosing)
		wdsClose(nSocket)
	CASE WDS_EVENT_RESET, WDS_EVENT_TIMEOUT
		wdsCall(sEntry, nSocket, wdSocketErrorInfo(nSocket), wdSocketError)
		wdsClose(nSocket)
	CASE WDS_EVENT_ERROR
		IF nScope >= WDS_SCOPE_CONNECTION THEN
			wdsCall(sEntry, nSocket, wdSocketErrorInfo(nSocket), wdSocketError)
			wdsClose(nSocket)
		ELSE
			// One client could not be accepted, or one datagram not delivered: the socket goes on.
			wdsCall(sEntry, nSocket, wdErrorText(wdEventCode(bufEvent, 1)), wdSocketError)
		END
END
RESULT True

// Calls the program's procedures for the events of a queue, one after the other: where a
// procedure opens a dialogue, the window goes on with the next event, in order. What is
// left after so many is announced again, so that the window stays alive.
PROCEDURE wdsServe(nQueue is int) : boolean
bufEvent is Buffer on 32
FOR nTurn = 1 TO 256
	nResult is int = API(wdsLibrary(), "WDSocketNextEvents", nQueue, 0, &bufEvent, WDS_RECORD, 1)
	IF nResult <= 0 THEN RESULT False
	wdsTell(bufEvent[[1 TO WDS_RECORD]])
END
RESULT True

// What Event() calls: a window has got the message that there are events.
PROCEDURE wdsDispatch() : boolean
nPlace is int = 1
nQueue is int = Val(ExtractString(gsWdsQueues, 1, TAB))
WHILE nQueue > 0
	wdsServe(nQueue)
	nPlace = nPlace + 1
	nQueue = Val(ExtractString(gsWdsQueues, nPlace, TAB))
END
RESULT True

// The queue of a window, which gets a message when there are events; made when it is
// first needed. A window that was closed and opened again is told anew. 0: a failure.
PROCEDURE wdsWindowQueue(sWindow is string) : int
nPlace is int = wdsListFind(gsWdsWindows, sWindow)
nQueue is int = 0
IF nPlace > 0 THEN
	nQueue = Val(ExtractString(gsWdsQueues, nPlace, TAB))
ELSE
	nQueue = wdSocketNewQueue()
	IF nQueue <= 0 THEN RESULT 0
	gsWdsWindows = gsWdsWindows + sWindow + TAB
	gsWdsQueues = gsWdsQueues + NumToString(nQueue) + TAB
END
IF Event("wdsDispatch", sWindow, WDS_WINDOW_MESSAGE) = 0 THEN RESULT 0
IF NOT wdSocketSetWindow(nQueue, Handle(sWindow)) THEN RESULT 0
RESULT nQueue

// Calls a procedure for the events of a socket, in a window, "" = the present one: sEntry
// is what wdsCall takes.
PROCEDURE wdsFollow(nSocket is int, sEntry is string, sWindow is string) : boolean
sTarget is string = sWindow
IF sTarget = "" THEN sTarget = MyWindow..Name
nQueue is int = wdsWindowQueue(sTarget)
IF nQueue = 0 THEN RESULT False
nNumber is int = wdsListFind(gsWdsProcedures, sEntry)
IF nNumber = 0 THEN
	gsWdsProcedures = gsWdsProcedures + sEntry + TAB
	nNumber = wdsListFind(gsWdsProcedures, sEntry)
END
IF NOT wdSocketSetOption(nSocket, WDS_OPT_USER_NUMBER, nNumber) THEN RESULT False
IF wdSocketGetOption(nSocket, WDS_OPT_SEND_QUEUE) = 0 THEN wdSocketSetOption(nSocket, WDS_OPT_SEND_QUEUE, 1048576)
// One that is followed already changes its procedure, or its window.
wdSocketDetach(nSocket)
RESULT wdSocketAttach(nQueue, nSocket, True)

// Summary: Calls a procedure of the program for each event of a socket, in a window, without a thread: when a connection
// is open, for each message, and when it ends. A server accepts its clients by itself, and the procedure is called for
// them, too. The procedure has three parameters: the socket's handle, the message (or why the connection ended), and the event:
// wdSocketOpening, wdSocketMessage, wdSocketClosing or wdSocketError. After the last two of a connection its socket is closed. A write never waits
// then (WDS_OPT_SEND_QUEUE). WDS_OPT_USER_NUMBER belongs to this procedure.
// Syntax:
// <Result> = wdSocketOn (<xSocket>, <sProcedure> is string [, <bBuffer> is boolean [, <sWindow> is string]])
//
// Parameters:
//	xSocket: name or handle of a client, server or UDP socket, open or not yet
//	sProcedure (string): name of a global procedure, or "WIN_Chat.OnMessage"
//	bBuffer (boolean, default value = False): True: the message is a buffer, not a text
//	sWindow (string, default value = ""): name of the window that does the work while it is open, "" = the present one
// Return value:
//	boolean: False on failure: wdErrorInfo() says why, or ErrorInfo() if the window is not known
PROCEDURE wdSocketOn(xSocket, sProcedure is string, bBuffer is boolean = False, sWindow is string = "") : boolean
nSocket is int = wdSocketHandle(xSocket)
sEntry is string = "T" + sProcedure
IF bBuffer THEN sEntry = "B" + sProcedure
RESULT wdsFollow(nSocket, sEntry, sWindow)

// Summary: Ends what wdSocketOn began: no procedure is called any more for a socket, nor for the clients of a server. They stay open.
// Syntax:
// <Result> = wdSocketOff (<xSocket>)
//
// Parameters:
//	xSocket: name or handle
// Return value:
//	boolean: False if it was not followed
PROCEDURE wdSocketOff(xSocket) : boolean
nSocket is int = wdSocketHandle(xSocket)
arrClients is array of int = wdSocketList(nSocket)
FOR EACH nClient OF arrClients
	wdSocketDetach(nClient)
END
RESULT wdSocketDetach(nSocket)

// ---------------------------------------------------------------------------
// WebSocket
// ---------------------------------------------------------------------------

// The address of a WebSocket. One that is written in full stays as it is.
PROCEDURE wdsWebSocketAddress(sScheme is string, sAddress is string, nPort is int, sPath is string) : string
IF Position(sAddress, "://") > 0 THEN RESULT sAddress
sHost is string = sAddress
IF Position(sHost, ":") > 0 AND Position(sHost, "[") = 0 THEN sHost = "[" + sHost + "]"
sTail is string = sPath
IF Position(sTail, "/") <> 1 THEN sTail = "/" + sTail
RESULT sScheme + "://" + sHost + ":" + NumToString(nPort) + sTail

// Opens a WebSocket, in a queue unless nQueue is 0. A socket created here writes text;
// one that wdSocketNew has prepared keeps its options. Handle of the socket, or 0.
PROCEDURE wdsWebSocketOpen(sSocketName is string, nQueue is int, sAddress is string, sProtocols is string, nOptions is int, xTimeout) : int
nWait is int = wdsMilliseconds(xTimeout)
sPlace is ASCIIZ string on 1024 = StringToUTF8(sAddress)
nSocket is int = 0
bNew is boolean = False
IF sSocketName <> "" THEN nSocket = wdSocketHandle(sSocketName)
IF nSocket <= 0 THEN
	nSocket = wdSocketNew(sSocketName)
	IF nSocket <= 0 THEN RESULT 0
	bNew = True
	wdSocketSetOption(nSocket, WDS_OPT_WEBSOCKET_KIND, WDS_WEBSOCKET_TEXT)
END
bDone is boolean = True
IF sProtocols <> "" THEN bDone = wdSocketSetText(nSocket, WDS_TEXT_WEBSOCKET_PROTOCOLS, sProtocols)
IF bDone AND nOptions <> 0 THEN bDone = wdSocketSetOption(nSocket, WDS_OPT_SSL_OPTIONS, nOptions)
IF bDone AND nQueue <> 0 THEN bDone = wdSocketAttach(nQueue, nSocket)
IF bDone THEN
	nResult is int = API(wdsLibrary(), "WDSocketOpen", nSocket, WDS_KIND_WEBSOCKET_CLIENT, 0, &sPlace, nWait)
	bDone = (nResult = WDS_OK)
END
IF bDone THEN RESULT nSocket
// A successful close keeps the error.
IF bNew THEN wdsClose(nSocket)
RESULT 0

// Opens a WebSocket and calls a procedure of the program for its events, as the syntax of
// WLanguage with a callback does. Where a parameter is left out, the default of the
// syntax that waits stands in its place.
PROCEDURE wdsWebSocketCallback(sSocketName is string, xProcedure, sScheme is string, sAddress is string, xPort, xPath, xProtocols, xOptions) : int
nPort is int = 80
IF sScheme = "wss" THEN nPort = 443
IF NOT wdsIsText(xPort) THEN nPort = xPort
sPath is string = "/"
IF xPath <> "" THEN sPath = xPath
sProtocols is string = ""
IF wdsIsText(xProtocols) THEN sProtocols = xProtocols
nOptions is int = 0
IF xOptions <> -1 THEN nOptions = xOptions
nSocket is int = wdSocketNew(sSocketName)
IF nSocket <= 0 THEN RESULT 0
sProcedure is string = xProcedure
bDone is boolean = wdSocketSetOption(nSocket, WDS_OPT_WEBSOCKET_KIND, WDS_WEBSOCKET_TEXT)
IF bDone THEN bDone = wdsFollow(nSocket, "O" + sProcedure, "")
IF bDone THEN bDone = wdsWebSocketOpen(sSocketName, 0, wdsWebSocketAddress(sScheme, sAddress, nPort, sPath), sProtocols, wdsSSLOptions(nOptions), 0) > 0
IF bDone THEN RESULT wdsMade(sSocketName, nSocket)
wdsClose(nSocket)
RESULT 0

// Summary: WebSocketClientConnect, in both syntaxes. With a callback its parameters are: name, the name of a global procedure as a text,
// address, port, path, sub-protocols; nothing waits, and the procedure gets SocketOpening, SocketMessage, SocketClosing or SocketError, and the message.
// Syntax:
// <Result> = wdWebSocketClientConnect (<sSocketName> is string, <xAddress> [, <xPort> [, <xPath> [, <xProtocols> [, <xTimeout>]]]])
//
// Parameters:
//	sSocketName (string): name of the socket
//	xAddress: address or host name, or an address in full, "ws://server/chat"
//	xPort (default value = 80): port
//	xPath (default value = "/"): path
//	xProtocols (default value = ""): sub-protocols, separated by commas
//	xTimeout (default value = -1): milliseconds or Duration, -1 as long as the system takes
// Return value:
//	int: True or False
PROCEDURE wdWebSocketClientConnect(sSocketName is string, xAddress, xPort = 80, xPath = "/", xProtocols = "", xTimeout = -1) : int
IF wdsIsText(xPort) THEN RESULT wdsWebSocketCallback(sSocketName, xAddress, "ws", xPort, xPath, xProtocols, xTimeout, -1)
RESULT wdsMade(sSocketName, wdsWebSocketOpen(sSocketName, 0, wdsWebSocketAddress("ws", xAddress, xPort, xPath), xProtocols, 0, wdsMilliseconds(xTimeout)))

// Summary: WebSocketClientConnectSSL, in both syntaxes. With a callback its parameters are: name, the name of a global procedure as a text,
// address, port, path, sub-protocols, options; nothing waits, and the procedure gets the event and the message.
// Syntax:
// <Result> = wdWebSocketClientConnectSSL (<sSocketName> is string, <xAddress> [, <xPort> [, <xPath> [, <xProtocols> [, <xOptions> [, <xTimeout>]]]]])
//
// Parameters:
//	sSocketName (string): name of the socket
//	xAddress: address or host name, or an address in full, "wss://server/chat"
//	xPort (default value = 443): port
//	xPath (default value = "/"): path
//	xProtocols (default value = ""): sub-protocols, separated by commas
//	xOptions (default value = 0): ProtocolTLS1_2 and so on
//	xTimeout (default value = -1): milliseconds or Duration, -1 as long as the system takes
// Return value:
//	int: True or False
PROCEDURE wdWebSocketClientConnectSSL(sSocketName is string, xAddress, xPort = 443, xPath = "/", xProtocols = "", xOptions = 0, xTimeout = -1) : int
IF wdsIsText(xPort) THEN RESULT wdsWebSocketCallback(sSocketName, xAddress, "wss", xPort, xPath, xProtocols, xOptions, xTimeout)
RESULT wdsMade(sSocketName, wdsWebSocketOpen(sSocketName, 0, wdsWebSocketAddress("wss", xAddress, xPort, xPath), xProtocols, wdsSSLOptions(xOptions), wdsMilliseconds(xTimeout)))

// Summary: WebSocketClientConnect without waiting, in an event queue: WDS_EVENT_CONNECTED is the opening, WDS_EVENT_MESSAGE a
// message, WDS_EVENT_PEER_CLOSED the closing, WDS_EVENT_ERROR, WDS_EVENT_RESET and WDS_EVENT_TIMEOUT are errors: close the
// socket after these four. With a procedure instead: wdSocketNew, wdSocketOn, then wdSocketOpen with time 0.
// Syntax:
// <Result> = wdWebSocketClientConnectEvents (<sSocketName> is string, <nQueue> is int, <sAddress> is string [, <nPort> is int [, <sPath> is string [, <sProtocols> is string]]])
//
// Parameters:
//	sSocketName (string): name of the socket, "" = none
//	nQueue (int): the queue
//	sAddress (string): address or host name, or an address in full
//	nPort (int, default value = 80): port
//	sPath (string, default value = "/"): path
//	sProtocols (string, default value = ""): sub-protocols, separated by commas
// Return value:
//	int: with a name True or False, without one the handle, or 0 on failure
PROCEDURE wdWebSocketClientConnectEvents(sSocketName is string, nQueue is int, sAddress is string, nPort is int = 80, sPath is string = "/", sProtocols is string = "") : int
RESULT wdsMade(sSocketName, wdsWebSocketOpen(sSocketName, nQueue, wdsWebSocketAddress("ws", sAddress, nPort, sPath), sProtocols, 0, 0))

// Summary: The same with TLS.
// Syntax:
// <Result> = wdWebSocketClientConnectSSLEvents (<sSocketName> is string, <nQueue> is int, <sAddress> is string [, <nPort> is int [, <sPath> is string [, <sProtocols> is string [, <nOptions> is int]]]])
//
// Parameters:
//	sSocketName (string): name of the socket, "" = none
//	nQueue (int): the queue
//	sAddress (string): address or host name, or an address in full
//	nPort (int, default value = 443): port
//	sPath (string, default value = "/"): path
//	sProtocols (string, default value = ""): sub-protocols, separated by commas
//	nOptions (int, default value = 0): WDS_SSL_ bits
// Return value:
//	int: with a name True or False, without one the handle, or 0 on failure
PROCEDURE wdWebSocketClientConnectSSLEvents(sSocketName is string, nQueue is int, sAddress is string, nPort is int = 443, sPath is string = "/", sProtocols is string = "", nOptions is int = 0) : int
RESULT wdsMade(sSocketName, wdsWebSocketOpen(sSocketName, nQueue, wdsWebSocketAddress("wss", sAddress, nPort, sPath), sProtocols, nOptions, 0))

// Summary: SocketConnectBluetooth, of WLanguage itself: read, write and close such a socket with the functions of WLanguage, without "wd".
// Where a version of WINDEV does not know one of these four functions, its procedures can be deleted.
// Syntax:
// <Result> = wdSocketConnectBluetooth (<sSocketName> is string, <sService> is string, <sAddress> is string [, <nTimeout> is int])
//
// Parameters:
//	sSocketName (string): name of the socket
//	sService (string): the service
//	sAddress (string): address of the device
//	nTimeout (int, default value = 20000): milliseconds
// Return value:
//	boolean: True or False
PROCEDURE wdSocketConnectBluetooth(sSocketName is string, sService is string, sAddress is string, nTimeout is int = 20000) : boolean
RESULT SocketConnectBluetooth(sSocketName, sService, sAddress, nTimeout)

// Summary: SocketCreateBluetooth, of WLanguage itself.
// Syntax:
// <Result> = wdSocketCreateBluetooth (<sSocketName> is string, <sService> is string)
//
// Parameters:
//	sSocketName (string): name of the socket
//	sService (string): the service
// Return value:
//	boolean: True or False
PROCEDURE wdSocketCreateBluetooth(sSocketName is string, sService is string) : boolean
RESULT SocketCreateBluetooth(sSocketName, sService)

// Summary: SocketConnectInfrared, of WLanguage itself.
// Syntax:
// <Result> = wdSocketConnectInfrared (<sSocketName> is string, <sService> is string)
//
// Parameters:
//	sSocketName (string): name of the socket
//	sService (string): the service
// Return value:
//	boolean: True or False
PROCEDURE wdSocketConnectInfrared(sSocketName is string, sService is string) : boolean
RESULT SocketConnectInfrared(sSocketName, sService)

// Summary: SocketCreateInfrared, of WLanguage itself.
// Syntax:
// <Result> = wdSocketCreateInfrared (<sSocketName> is string, <sService> is string)
//
// Parameters:
//	sSocketName (string): name of the socket
//	sService (string): the service
// Return value:
//	boolean: True or False
PROCEDURE wdSocketCreateInfrared(sSocketName is string, sService is string) : boolean
RESULT SocketCreateInfrared(sSocketName, sService)

// ---------------------------------------------------------------------------
// French names / Noms français
// ---------------------------------------------------------------------------

// Résumé : Indique dans quel dossier se trouve la bibliothèque, si ce n'est pas à côté du programme, par exemple
// en WEBDEV ou dans un service. À appeler avant toute autre procédure.
// Syntaxe :
// <Résultat> = wdSocketDossier (<sDossier> est une chaîne)
//
// Paramètres :
//	sDossier (chaîne) : le dossier, sans le fichier
// Valeur de retour :
//	booléen : Faux si la bibliothèque est déjà chargée
PROCEDURE wdSocketDossier(sDossier is string) : boolean
RESULT wdSocketFolder(sDossier)

// Résumé : Charge la bibliothèque si elle ne l'est pas encore. À appeler une fois au démarrage du projet : elle dit
// quoi faire là où les autres procédures se termineraient par une exception.
// Syntaxe :
// <Résultat> = wdSocketChargée ()
//
// Paramètres :
//	Aucun
// Valeur de retour :
//	chaîne : "" si elle est chargée ; sinon quel fichier manque, où il a été cherché, et quoi faire
PROCEDURE wdSocketChargée() : string
RESULT wdSocketLoaded()

// Résumé : Indique si un appel de API() bloque les autres threads du WLangage pendant sa durée : APIParamètre avec
// apiBloqueThreads. Ce que l'on sait : le WLangage a un réglage de ce nom. Ce que l'on ne sait pas : sa valeur par défaut,
// et dans quelles versions il existe. Si un thread en attente dans wdSocketLit fige les fenêtres, appelez-la une fois au
// démarrage. Les événements (wdSocketSur) n'attendent nulle part et n'en ont pas besoin. La ligne est compilée à l'appel, pour
// qu'une version sans ce réglage compile le reste : l'installation doit alors contenir la compilation dynamique.
// Syntaxe :
// <Résultat> = wdSocketThreadsAPI ([<bBloqués> est un booléen])
//
// Paramètres :
//	bBloqués (booléen, valeur par défaut = False) : Faux : les autres threads continuent
// Valeur de retour :
//	chaîne : "" si c'est réglé, sinon pourquoi
PROCEDURE wdSocketThreadsAPI(bBloqués is boolean = False) : string
RESULT wdSocketApiThreads(bBloqués)

// Résumé : Ferme tous les sockets et toutes les files, et attend qu'ils soient fermés.
// Syntaxe :
// <Résultat> = wdSocketFermeTout ()
//
// Paramètres :
//	Aucun
// Valeur de retour :
//	booléen : Vrai
PROCEDURE wdSocketFermeTout() : boolean
RESULT wdSocketCloseAll()

// Résumé : Numéro de la dernière erreur de ce thread.
// Syntaxe :
// <Résultat> = wdErreurCode ()
//
// Paramètres :
//	Aucun
// Valeur de retour :
//	entier : l'une des WDS_E_, 0 après une réussite
PROCEDURE wdErreurCode() : int
RESULT wdErrorCode()

// Résumé : ErreurInfo : texte de la dernière erreur de ce thread.
// Syntaxe :
// <Résultat> = wdErreurInfo ([<nQuoi> est un entier])
//
// Paramètres :
//	nQuoi (entier, valeur par défaut = WDS_INFO_MESSAGE) : errMessage ou errComplet, ou l'une des WDS_INFO_
// Valeur de retour :
//	chaîne : le texte, "" après une réussite
PROCEDURE wdErreurInfo(nQuoi is int = WDS_INFO_MESSAGE) : string
RESULT wdErrorInfo(nQuoi)

// Résumé : ErreurDétectée : indique si le dernier appel de ce thread a échoué. Un délai de lecture ou d'attente d'un client dépassé
// n'est pas un échec tant que gbWdsStrict vaut Vrai.
// Syntaxe :
// <Résultat> = wdErreurDétectée ()
//
// Paramètres :
//	Aucun
// Valeur de retour :
//	booléen : Vrai après un échec, Faux après une réussite
PROCEDURE wdErreurDétectée() : boolean
RESULT wdErrorOccurred()

// Résumé : Portée de la dernière erreur de ce thread : une boucle continue en dessous de WDS_SCOPE_CONNECTION et s'arrête à partir de là.
// Syntaxe :
// <Résultat> = wdErreurPortée ()
//
// Paramètres :
//	Aucun
// Valeur de retour :
//	entier : l'une des WDS_SCOPE_
PROCEDURE wdErreurPortée() : int
RESULT wdErrorScope()

// Résumé : Le texte général d'un code d'erreur, ou son nom.
// Syntaxe :
// <Résultat> = wdErreurTexte (<nCode> est un entier [, <nQuoi> est un entier])
//
// Paramètres :
//	nCode (entier) : l'une des WDS_E_
//	nQuoi (entier, valeur par défaut = WDS_INFO_MESSAGE) : WDS_INFO_MESSAGE ou WDS_INFO_NAME
// Valeur de retour :
//	chaîne : le texte, "" pour un code inconnu
PROCEDURE wdErreurTexte(nCode is int, nQuoi is int = WDS_INFO_MESSAGE) : string
RESULT wdErrorText(nCode, nQuoi)

// Résumé : Langue des textes d'erreur.
// Syntaxe :
// <Résultat> = wdSocketLangue (<sLangue> est une chaîne)
//
// Paramètres :
//	sLangue (chaîne) : "en" ou "fr"
// Valeur de retour :
//	booléen : Faux pour une autre langue
PROCEDURE wdSocketLangue(sLangue is string) : boolean
RESULT wdSocketLanguage(sLangue)

// Résumé : Pourquoi la connexion d'un socket a pris fin, ou pourquoi son ouverture a échoué.
// Syntaxe :
// <Résultat> = wdSocketErreurInfo (<xSocket> [, <nQuoi> est un entier])
//
// Paramètres :
//	xSocket : nom ou handle
//	nQuoi (entier, valeur par défaut = WDS_INFO_MESSAGE) : WDS_INFO_MESSAGE, WDS_INFO_NAME ou WDS_INFO_DETAIL
// Valeur de retour :
//	chaîne : le texte
PROCEDURE wdSocketErreurInfo(xSocket, nQuoi is int = WDS_INFO_MESSAGE) : string
RESULT wdSocketErrorInfo(xSocket, nQuoi)

// Résumé : Portée d'une erreur d'un socket.
// Syntaxe :
// <Résultat> = wdSocketErreurPortée (<xSocket> [, <nCode> est un entier])
//
// Paramètres :
//	xSocket : nom ou handle ; 0 : la réponse générale pour nCode
//	nCode (entier, valeur par défaut = 0) : le code d'un événement ; 0 : pourquoi sa connexion a pris fin
// Valeur de retour :
//	entier : l'une des WDS_SCOPE_
PROCEDURE wdSocketErreurPortée(xSocket, nCode is int = 0) : int
RESULT wdSocketErrorScope(xSocket, nCode)

// Résumé : Nom d'un socket.
// Syntaxe :
// <Résultat> = wdSocketNom (<xSocket>)
//
// Paramètres :
//	xSocket : handle ou nom
// Valeur de retour :
//	chaîne : le nom ; un socket sans nom s'appelle "#" suivi de son handle
PROCEDURE wdSocketNom(xSocket) : string
RESULT wdSocketName(xSocket)

// Résumé : Crée un socket à ouvrir plus tard, pour régler d'abord ses options : wdSocketConnecte ou wdSocketCrée avec son nom
// l'ouvre, wdSocketOuvre ouvre celui qui n'a pas de nom.
// Syntaxe :
// <Résultat> = wdSocketNouveau (<sNom> est une chaîne)
//
// Paramètres :
//	sNom (chaîne) : nom, "" = aucun
// Valeur de retour :
//	entier : le handle ; négatif en cas d'échec
PROCEDURE wdSocketNouveau(sNom is string) : int
RESULT wdSocketNew(sNom)

// Résumé : Ouvre un socket que wdSocketNouveau a créé.
// Syntaxe :
// <Résultat> = wdSocketOuvre (<xSocket>, <nGenre> est un entier, <nPort> est un entier [, <sAdresse> est une chaîne [, <xDélai>]])
//
// Paramètres :
//	xSocket : nom ou handle
//	nGenre (entier) : l'une des WDS_KIND_
//	nPort (entier) : port, 0 s'il est dans l'adresse
//	sAdresse (chaîne, valeur par défaut = "") : adresse, "" = cette machine
//	xDélai (valeur par défaut = -1) : millisecondes ou Durée ; -1 aussi longtemps que le système, 0 = ne pas attendre
// Valeur de retour :
//	booléen : Vrai s'il est ouvert, ou si l'ouverture a commencé
PROCEDURE wdSocketOuvre(xSocket, nGenre is int, nPort is int, sAdresse is string = "", xDélai = -1) : boolean
RESULT wdSocketOpen(xSocket, nGenre, nPort, sAdresse, xDélai)

// Résumé : SocketConnecte : se connecte à un serveur.
// Syntaxe :
// <Résultat> = wdSocketConnecte (<sNom> est une chaîne, <nPort> est un entier [, <sAdresse> est une chaîne [, <xDélai>]])
//
// Paramètres :
//	sNom (chaîne) : nom du socket, "" = aucun : le résultat est son handle
//	nPort (entier) : port du serveur
//	sAdresse (chaîne, valeur par défaut = "") : adresse ou nom d'hôte, "" = cette machine
//	xDélai (valeur par défaut = -1) : millisecondes ou Durée ; -1 aussi longtemps que le système, 0 = ne pas attendre
// Valeur de retour :
//	entier : avec un nom Vrai ou Faux, sans nom le handle, ou 0 en cas d'échec
PROCEDURE wdSocketConnecte(sNom is string, nPort is int, sAdresse is string = "", xDélai = -1) : int
RESULT wdSocketConnect(sNom, nPort, sAdresse, xDélai)

// Résumé : SocketConnecteSSL : se connecte à un serveur par TLS. Une variable de type Certificat est refusée, et l'erreur le dit.
// Syntaxe :
// <Résultat> = wdSocketConnecteSSL (<sNom> est une chaîne, <nPort> est un entier [, <sAdresse> est une chaîne [, <nOptions> est un entier [, <xDélai> [, <xCertificat> [, <sMotDePasse> est une chaîne]]]]])
//
// Paramètres :
//	sNom (chaîne) : nom du socket, "" = aucun
//	nPort (entier) : port du serveur
//	sAdresse (chaîne, valeur par défaut = "") : adresse ou nom d'hôte, "" = cette machine
//	nOptions (entier, valeur par défaut = 0) : ProtocoleTLS1_2 etc., 0 = TLS 1.2 et 1.3
//	xDélai (valeur par défaut = -1) : millisecondes ou Durée, -1 aussi longtemps que le système
//	xCertificat (valeur par défaut = "") : certificat de ce client : un fichier, ou un nom ou une empreinte dans le magasin personnel de Windows ; "" = aucun
//	sMotDePasse (chaîne, valeur par défaut = "") : mot de passe du fichier
// Valeur de retour :
//	entier : avec un nom Vrai ou Faux, sans nom le handle, ou 0 en cas d'échec
PROCEDURE wdSocketConnecteSSL(sNom is string, nPort is int, sAdresse is string = "", nOptions is int = 0, xDélai = -1, xCertificat = "", sMotDePasse is string = "") : int
RESULT wdSocketConnectSSL(sNom, nPort, sAdresse, nOptions, xDélai, xCertificat, sMotDePasse)

// Résumé : SocketCrée : ouvre un serveur.
// Syntaxe :
// <Résultat> = wdSocketCrée (<sNom> est une chaîne, <nPort> est un entier [, <sAdresse> est une chaîne])
//
// Paramètres :
//	sNom (chaîne) : nom du socket, "" = aucun
//	nPort (entier) : port, 0 = un port libre (WDS_OPT_LOCAL_PORT)
//	sAdresse (chaîne, valeur par défaut = "") : adresse locale à écouter, "" = toutes
// Valeur de retour :
//	entier : avec un nom Vrai ou Faux, sans nom le handle, ou 0 en cas d'échec
PROCEDURE wdSocketCrée(sNom is string, nPort is int, sAdresse is string = "") : int
RESULT wdSocketCreate(sNom, nPort, sAdresse)

// Résumé : SocketCréeSSL : ouvre un serveur avec TLS.
// Syntaxe :
// <Résultat> = wdSocketCréeSSL (<sNom> est une chaîne, <nPort> est un entier, <xCertificat> [, <nOptions> est un entier [, <sAdresse> est une chaîne [, <sMagasin> est une chaîne [, <sMotDePasse> est une chaîne]]]])
//
// Paramètres :
//	sNom (chaîne) : nom du socket, "" = aucun
//	nPort (entier) : port, 0 = un port libre
//	xCertificat : nom ou empreinte, avec ou sans espaces, d'un certificat du magasin de Windows ; ou un fichier PEM ou PFX
//	nOptions (entier, valeur par défaut = 0) : ProtocoleTLS1_2 etc., et NomCertificat ou HashCertificat
//	sAdresse (chaîne, valeur par défaut = "") : adresse locale à écouter, "" = toutes
//	sMagasin (chaîne, valeur par défaut = "") : le magasin : "" ou "MY", le magasin personnel
//	sMotDePasse (chaîne, valeur par défaut = "") : mot de passe du fichier
// Valeur de retour :
//	entier : avec un nom Vrai ou Faux, sans nom le handle, ou 0 en cas d'échec
PROCEDURE wdSocketCréeSSL(sNom is string, nPort is int, xCertificat, nOptions is int = 0, sAdresse is string = "", sMagasin is string = "", sMotDePasse is string = "") : int
RESULT wdSocketCreateSSL(sNom, nPort, xCertificat, nOptions, sAdresse, sMagasin, sMotDePasse)

// Résumé : SocketCréeUDP : ouvre un socket UDP.
// Syntaxe :
// <Résultat> = wdSocketCréeUDP (<sNom> est une chaîne, <nPort> est un entier [, <sAdresse> est une chaîne])
//
// Paramètres :
//	sNom (chaîne) : nom du socket, "" = aucun
//	nPort (entier) : port, 0 = un port libre
//	sAdresse (chaîne, valeur par défaut = "") : adresse locale, "" = toutes
// Valeur de retour :
//	entier : avec un nom Vrai ou Faux, sans nom le handle, ou 0 en cas d'échec
PROCEDURE wdSocketCréeUDP(sNom is string, nPort is int, sAdresse is string = "") : int
RESULT wdSocketCreateUDP(sNom, nPort, sAdresse)

// Résumé : Règle une option qui est un nombre.
// Syntaxe :
// <Résultat> = wdSocketFixeOption (<xSocket>, <nOption> est un entier, <nValeur> est un entier)
//
// Paramètres :
//	xSocket : nom ou handle ; 0 : la valeur par défaut des sockets créés ensuite
//	nOption (entier) : l'une des WDS_OPT_
//	nValeur (entier) : la valeur
// Valeur de retour :
//	booléen : Faux en cas d'échec
PROCEDURE wdSocketFixeOption(xSocket, nOption is int, nValeur is int) : boolean
RESULT wdSocketSetOption(xSocket, nOption, nValeur)

// Résumé : Renvoie une option qui est un nombre.
// Syntaxe :
// <Résultat> = wdSocketLitOption (<xSocket>, <nOption> est un entier)
//
// Paramètres :
//	xSocket : nom ou handle ; 0 : la valeur par défaut
//	nOption (entier) : l'une des WDS_OPT_
// Valeur de retour :
//	entier : la valeur, ou un code négatif WDS_E_
PROCEDURE wdSocketLitOption(xSocket, nOption is int) : int
RESULT wdSocketGetOption(xSocket, nOption)

// Résumé : Règle une option qui est une suite d'octets.
// Syntaxe :
// <Résultat> = wdSocketFixeOctets (<xSocket>, <nOption> est un entier, <bufValeur> est un Buffer)
//
// Paramètres :
//	xSocket : nom ou handle ; 0 : la valeur par défaut
//	nOption (entier) : l'une des WDS_TEXT_
//	bufValeur (Buffer) : les octets
// Valeur de retour :
//	booléen : Faux en cas d'échec
PROCEDURE wdSocketFixeOctets(xSocket, nOption is int, bufValeur is Buffer) : boolean
RESULT wdSocketSetBytes(xSocket, nOption, bufValeur)

// Résumé : Renvoie une option qui est une suite d'octets.
// Syntaxe :
// <Résultat> = wdSocketLitOctets (<xSocket>, <nOption> est un entier)
//
// Paramètres :
//	xSocket : nom ou handle ; 0 : la valeur par défaut
//	nOption (entier) : l'une des WDS_TEXT_ qui est une suite d'octets
// Valeur de retour :
//	Buffer : les octets
PROCEDURE wdSocketLitOctets(xSocket, nOption is int) : Buffer
RESULT wdSocketGetBytes(xSocket, nOption)

// Résumé : Règle une option qui est un texte, de n'importe quelle longueur.
// Syntaxe :
// <Résultat> = wdSocketFixeTexte (<xSocket>, <nOption> est un entier, <sValeur> est une chaîne)
//
// Paramètres :
//	xSocket : nom ou handle ; 0 : la valeur par défaut des sockets créés ensuite
//	nOption (entier) : l'une des WDS_TEXT_
//	sValeur (chaîne) : le texte
// Valeur de retour :
//	booléen : Faux en cas d'échec
PROCEDURE wdSocketFixeTexte(xSocket, nOption is int, sValeur is string) : boolean
RESULT wdSocketSetText(xSocket, nOption, sValeur)

// Résumé : Renvoie une option qui est un texte.
// Syntaxe :
// <Résultat> = wdSocketLitTexte (<xSocket>, <nOption> est un entier)
//
// Paramètres :
//	xSocket : nom ou handle ; 0 : la valeur par défaut
//	nOption (entier) : l'une des WDS_TEXT_ qui est un texte
// Valeur de retour :
//	chaîne : le texte, 64 Ko au plus
PROCEDURE wdSocketLitTexte(xSocket, nOption is int) : string
RESULT wdSocketGetText(xSocket, nOption)

// Résumé : Règle le découpage des messages d'un type d'appareil.
// Syntaxe :
// <Résultat> = wdSocketProfil (<xSocket>, <sProfil> est une chaîne)
//
// Paramètres :
//	xSocket : nom ou handle
//	sProfil (chaîne) : "modbus-tcp", "tpkt", "mllp", "stx-etx-bcc", "iso8583" ...
// Valeur de retour :
//	booléen : Faux en cas d'échec
PROCEDURE wdSocketProfil(xSocket, sProfil is string) : boolean
RESULT wdSocketPreset(xSocket, sProfil)

// Résumé : SocketChangeModeTransmission : choisit comment les messages sont délimités.
// Syntaxe :
// <Résultat> = wdSocketChangeModeTransmission (<xSocket>, <nMode> est un entier [, <xMarqueur>])
//
// Paramètres :
//	xSocket : nom ou handle
//	nMode (entier) : SocketMarqueurFin, SocketMarqueurFinBuffer, SocketSansMarqueurFin, SocketTailleDébut, ou une WDS_MODE_ à partir de 4
//	xMarqueur (valeur par défaut = "") : le marqueur de fin, texte ou buffer ; "" est l'octet 1A
// Valeur de retour :
//	booléen : Faux en cas d'échec
PROCEDURE wdSocketChangeModeTransmission(xSocket, nMode is int, xMarqueur = "") : boolean
RESULT wdSocketChangeTransmissionMode(xSocket, nMode, xMarqueur)

// Résumé : SocketAttendConnexion : attend qu'un client demande à se connecter.
// Syntaxe :
// <Résultat> = wdSocketAttendConnexion (<xServeur> [, <xDélai>])
//
// Paramètres :
//	xServeur : nom ou handle
//	xDélai (valeur par défaut = -1) : millisecondes ou Durée, -1 sans limite, 0 = ne pas attendre
// Valeur de retour :
//	booléen : Vrai si un client demande à se connecter
PROCEDURE wdSocketAttendConnexion(xServeur, xDélai = -1) : boolean
RESULT wdSocketWaitForConnection(xServeur, xDélai)

// Résumé : SocketAccepte : accepte un client.
// Syntaxe :
// <Résultat> = wdSocketAccepte (<xServeur> [, <xDélai>])
//
// Paramètres :
//	xServeur : nom ou handle
//	xDélai (valeur par défaut = -1) : millisecondes ou Durée, -1 sans limite, 0 = ne pas attendre
// Valeur de retour :
//	chaîne : nom du nouveau canal, "" en cas d'échec
PROCEDURE wdSocketAccepte(xServeur, xDélai = -1) : string
RESULT wdSocketAccept(xServeur, xDélai)

// Résumé : SocketRefuse : refuse le client qui demande à se connecter, ou déconnecte celui d'un serveur simplifié.
// Syntaxe :
// <Résultat> = wdSocketRefuse (<xServeur>)
//
// Paramètres :
//	xServeur : nom ou handle
// Valeur de retour :
//	booléen : Faux s'il n'y en a pas
PROCEDURE wdSocketRefuse(xServeur) : boolean
RESULT wdSocketDeny(xServeur)

// Résumé : Les clients d'un serveur.
// Syntaxe :
// <Résultat> = wdSocketListe (<xServeur>)
//
// Paramètres :
//	xServeur : nom ou handle ; 0 : tous les sockets
// Valeur de retour :
//	tableau d'entiers : leurs handles
PROCEDURE wdSocketListe(xServeur) : array of int
RESULT wdSocketList(xServeur)

// Résumé : Lit un message de n'importe quelle longueur sous forme d'octets.
// Syntaxe :
// <Résultat> = wdSocketLitBuffer (<xSocket> [, <xDélai> [, <nMaximum> est un entier]])
//
// Paramètres :
//	xSocket : nom ou handle
//	xDélai (valeur par défaut = -1) : millisecondes ou Durée, -1 sans limite, 0 = ne pas attendre
//	nMaximum (entier, valeur par défaut = 65536) : nombre maximum d'octets, en mode brut seulement
// Valeur de retour :
//	Buffer : les octets ; vide : un message vide, ou un échec si wdErreurDétectée() vaut Vrai
PROCEDURE wdSocketLitBuffer(xSocket, xDélai = -1, nMaximum is int = 65536) : Buffer
RESULT wdSocketReadBuffer(xSocket, xDélai, nMaximum)

// Résumé : SocketLit : lit un message, dans une chaîne ou un Buffer.
// Syntaxe :
// <Résultat> = wdSocketLit (<xSocket> [, <bInfini> est un booléen [, <xDélai> [, <nMaximum> est un entier [, <xReste>]]]])
//
// Paramètres :
//	xSocket : nom ou handle
//	bInfini (booléen, valeur par défaut = True) : Vrai : attendre sans limite
//	xDélai (valeur par défaut = 1000) : sinon combien de temps : millisecondes ou Durée
//	nMaximum (entier, valeur par défaut = 4096) : nombre maximum d'octets, sans marqueur de fin seulement
//	xReste (valeur par défaut = -1) : combien de temps attendre la suite d'un message commencé, pour cet appel seulement
// Valeur de retour :
//	le message, "" si aucun n'est arrivé à temps
PROCEDURE wdSocketLit(xSocket, bInfini is boolean = True, xDélai = 1000, nMaximum is int = 4096, xReste = -1)
RESULT wdSocketRead(xSocket, bInfini, xDélai, nMaximum, xReste)

// Résumé : Lit exactement tant d'octets, quel que soit le mode de transmission.
// Syntaxe :
// <Résultat> = wdSocketLitExactement (<xSocket>, <nLongueur> est un entier [, <xDélai>])
//
// Paramètres :
//	xSocket : nom ou handle
//	nLongueur (entier) : combien
//	xDélai (valeur par défaut = -1) : millisecondes ou Durée, -1 sans limite
// Valeur de retour :
//	Buffer : les octets ; vide : un échec, et ce qui est arrivé reste
PROCEDURE wdSocketLitExactement(xSocket, nLongueur is int, xDélai = -1) : Buffer
RESULT wdSocketReadExactly(xSocket, nLongueur, xDélai)

// Résumé : Lit les octets jusqu'à un marqueur, et prend aussi le marqueur, quel que soit le mode de transmission.
// Syntaxe :
// <Résultat> = wdSocketLitJusque (<xSocket>, <sMarqueur> est une chaîne [, <xDélai>])
//
// Paramètres :
//	xSocket : nom ou handle
//	sMarqueur (chaîne) : le marqueur, par exemple RC
//	xDélai (valeur par défaut = -1) : millisecondes ou Durée, -1 sans limite
// Valeur de retour :
//	Buffer : les octets avant le marqueur ; vide : il n'y en a pas, ou un échec si wdErreurDétectée() vaut Vrai
PROCEDURE wdSocketLitJusque(xSocket, sMarqueur is string, xDélai = -1) : Buffer
RESULT wdSocketReadUntil(xSocket, sMarqueur, xDélai)

// Résumé : Lit un datagramme et son expéditeur.
// Syntaxe :
// <Résultat> = wdSocketLitUDP (<xSocket>, <xAdresse>, <xPort> [, <xDélai>])
//
// Paramètres :
//	xSocket : nom ou handle
//	xAdresse : une variable, reçoit l'adresse de l'expéditeur
//	xPort : une variable, reçoit le port de l'expéditeur
//	xDélai (valeur par défaut = -1) : millisecondes ou Durée, -1 sans limite, 0 = ne pas attendre
// Valeur de retour :
//	Buffer : les octets ; vide : un datagramme vide, ou un échec si wdErreurDétectée() vaut Vrai
PROCEDURE wdSocketLitUDP(xSocket, xAdresse, xPort, xDélai = -1) : Buffer
RESULT wdSocketReadUDP(xSocket, xAdresse, xPort, xDélai)

// Résumé : Ecrit un message d'octets.
// Syntaxe :
// <Résultat> = wdSocketEcritBuffer (<xSocket>, <xMessage>)
//
// Paramètres :
//	xSocket : nom ou handle
//	xMessage : les octets, un buffer ; un texte est converti comme par wdSocketEcrit
// Valeur de retour :
//	booléen : Faux en cas d'échec
PROCEDURE wdSocketEcritBuffer(xSocket, xMessage) : boolean
RESULT wdSocketWriteBuffer(xSocket, xMessage)

// Résumé : Ecrit un datagramme.
// Syntaxe :
// <Résultat> = wdSocketEcritUDP (<xSocket>, <xMessage>, <sAdresse> est une chaîne, <nPort> est un entier)
//
// Paramètres :
//	xSocket : nom ou handle
//	xMessage : les octets, un buffer, ou un texte
//	sAdresse (chaîne) : adresse ou nom d'hôte
//	nPort (entier) : port
// Valeur de retour :
//	booléen : Faux en cas d'échec
PROCEDURE wdSocketEcritUDP(xSocket, xMessage, sAdresse is string, nPort is int) : boolean
RESULT wdSocketWriteUDP(xSocket, xMessage, sAdresse, nPort)

// Résumé : SocketEcrit : écrit un message, un texte ou un buffer.
// Syntaxe :
// <Résultat> = wdSocketEcrit (<xSocket>, <xMessage> [, <sAdresse> est une chaîne [, <nPort> est un entier]])
//
// Paramètres :
//	xSocket : nom ou handle
//	xMessage : un texte est écrit dans le jeu de caractères ANSI, ou comme texte d'un WebSocket ; un buffer tel quel
//	sAdresse (chaîne, valeur par défaut = "") : pour UDP : adresse ou nom d'hôte
//	nPort (entier, valeur par défaut = 0) : pour UDP : port
// Valeur de retour :
//	booléen : Faux en cas d'échec
PROCEDURE wdSocketEcrit(xSocket, xMessage, sAdresse is string = "", nPort is int = 0) : boolean
RESULT wdSocketWrite(xSocket, xMessage, sAdresse, nPort)

// Résumé : Envoie une question et renvoie sa réponse, de n'importe quelle longueur ; les réponses tardives à des questions précédentes sont supprimées.
// Syntaxe :
// <Résultat> = wdSocketEchange (<xSocket>, <xQuestion>, <xDélai>)
//
// Paramètres :
//	xSocket : nom ou handle
//	xQuestion : un buffer, ou un texte
//	xDélai : millisecondes ou Durée, pour les deux
// Valeur de retour :
//	Buffer : la réponse ; vide : une réponse vide, ou un échec si wdErreurDétectée() vaut Vrai
PROCEDURE wdSocketEchange(xSocket, xQuestion, xDélai) : Buffer
RESULT wdSocketExchange(xSocket, xQuestion, xDélai)

// Résumé : Octets qui peuvent être lus maintenant sans attendre.
// Syntaxe :
// <Résultat> = wdSocketDisponible (<xSocket>)
//
// Paramètres :
//	xSocket : nom ou handle
// Valeur de retour :
//	entier : combien, négatif en cas d'échec
PROCEDURE wdSocketDisponible(xSocket) : int
RESULT wdSocketAvailable(xSocket)

// Résumé : Supprime ce qui est arrivé.
// Syntaxe :
// <Résultat> = wdSocketSupprime (<xSocket> [, <nQuoi> est un entier])
//
// Paramètres :
//	xSocket : nom ou handle
//	nQuoi (entier, valeur par défaut = WDS_DISCARD_MESSAGE) : le prochain message (WDS_DISCARD_MESSAGE), tout (WDS_DISCARD_ALL), ou tout sauf le plus récent (WDS_DISCARD_OLDER)
// Valeur de retour :
//	entier : le nombre d'octets, négatif en cas d'échec
PROCEDURE wdSocketSupprime(xSocket, nQuoi is int = WDS_DISCARD_MESSAGE) : int
RESULT wdSocketDiscard(xSocket, nQuoi)

// Résumé : SocketExiste : indique si un socket existe, jusqu'à sa fermeture, même si le correspondant est parti. Qu'il n'existe pas n'est pas une erreur.
// Syntaxe :
// <Résultat> = wdSocketExiste (<xSocket>)
//
// Paramètres :
//	xSocket : nom ou handle
// Valeur de retour :
//	booléen : Vrai s'il existe
PROCEDURE wdSocketExiste(xSocket) : boolean
RESULT wdSocketExist(xSocket)

// Résumé : L'état réel de la connexion.
// Syntaxe :
// <Résultat> = wdSocketEtat (<xSocket>)
//
// Paramètres :
//	xSocket : nom ou handle
// Valeur de retour :
//	entier : l'une des WDS_STATE_
PROCEDURE wdSocketEtat(xSocket) : int
RESULT wdSocketState(xSocket)

// Résumé : SocketClientInfo : qui est le correspondant ; pour un socket UDP, l'expéditeur du dernier datagramme lu.
// Syntaxe :
// <Résultat> = wdSocketInfoClient (<xSocket> [, <nQuoi> est un entier])
//
// Paramètres :
//	xSocket : nom ou handle
//	nQuoi (entier, valeur par défaut = WDS_INFO_ADDRESS) : SocketAdresse ou SocketPort, ou l'une des WDS_INFO_
// Valeur de retour :
//	chaîne : le texte, "" en cas d'échec
PROCEDURE wdSocketInfoClient(xSocket, nQuoi is int = WDS_INFO_ADDRESS) : string
RESULT wdSocketClientInfo(xSocket, nQuoi)

// Résumé : L'extrémité locale d'un socket : l'adresse et le port qu'il utilise.
// Syntaxe :
// <Résultat> = wdSocketInfoLocale (<xSocket> [, <nQuoi> est un entier])
//
// Paramètres :
//	xSocket : nom ou handle
//	nQuoi (entier, valeur par défaut = WDS_INFO_ENDPOINT) : WDS_INFO_ADDRESS, WDS_INFO_PORT, WDS_INFO_ENDPOINT ou WDS_INFO_DESTINATION
// Valeur de retour :
//	chaîne : le texte, "" en cas d'échec
PROCEDURE wdSocketInfoLocale(xSocket, nQuoi is int = WDS_INFO_ENDPOINT) : string
RESULT wdSocketLocalInfo(xSocket, nQuoi)

// Résumé : Ce que TLS a négocié, et qui est le correspondant.
// Syntaxe :
// <Résultat> = wdSocketInfoSSL (<xSocket>, <nQuoi> est un entier [, <nIndice> est un entier])
//
// Paramètres :
//	xSocket : nom ou handle
//	nQuoi (entier) : l'une des WDS_INFO_SSL_
//	nIndice (entier, valeur par défaut = 0) : quel certificat, 0 = celui du correspondant
// Valeur de retour :
//	chaîne : le texte, "" en cas d'échec
PROCEDURE wdSocketInfoSSL(xSocket, nQuoi is int, nIndice is int = 0) : string
RESULT wdSocketSSLInfo(xSocket, nQuoi, nIndice)

// Résumé : Un chiffre d'un socket.
// Syntaxe :
// <Résultat> = wdSocketNombre (<xSocket>, <nQuoi> est un entier)
//
// Paramètres :
//	xSocket : nom ou handle ; 0 : du processus
//	nQuoi (entier) : l'une des WDS_NUM_
// Valeur de retour :
//	entier sur 8 octets : le chiffre, -1 en cas d'échec
PROCEDURE wdSocketNombre(xSocket, nQuoi is int) : 8-byte int
RESULT wdSocketNumber(xSocket, nQuoi)

// Résumé : Un chiffre d'un socket ; pour un serveur, la somme de tous ses clients passés et présents.
// Syntaxe :
// <Résultat> = wdSocketStatistique (<xSocket>, <nQuoi> est un entier)
//
// Paramètres :
//	xSocket : nom ou handle ; 0 : la somme de tous les sockets
//	nQuoi (entier) : l'une des WDS_STAT_
// Valeur de retour :
//	entier sur 8 octets : le chiffre, -1 en cas d'échec
PROCEDURE wdSocketStatistique(xSocket, nQuoi is int) : 8-byte int
RESULT wdSocketStatistic(xSocket, nQuoi)

// Résumé : Comment sont découpés les messages d'un correspondant, d'après des octets reçus.
// Syntaxe :
// <Résultat> = wdDevine (<bufOctets> est un Buffer)
//
// Paramètres :
//	bufOctets (Buffer) : les octets
// Valeur de retour :
//	chaîne : une ligne par description possible, la meilleure d'abord, avec des TAB entre le texte pour WDS_TEXT_FRAME, les profils et la raison ; "" si rien ne convient
PROCEDURE wdDevine(bufOctets is Buffer) : string
RESULT wdGuess(bufOctets)

// Résumé : Teste la bibliothèque sur cette machine, en une seconde environ. Joignez le rapport à toute question.
// Syntaxe :
// <Résultat> = wdAutoTest ()
//
// Paramètres :
//	Aucun
// Valeur de retour :
//	chaîne : le rapport
PROCEDURE wdAutoTest() : string
RESULT wdSelfTest()

// Résumé : Crée une file d'événements ; wdSocketFerme la ferme.
// Syntaxe :
// <Résultat> = wdSocketCréeFile ()
//
// Paramètres :
//	Aucun
// Valeur de retour :
//	entier : son handle ; 0 ou moins : un échec
PROCEDURE wdSocketCréeFile() : int
RESULT wdSocketNewQueue()

// Résumé : Attache un socket à une file, qui annonce alors ses événements.
// Syntaxe :
// <Résultat> = wdSocketAttache (<nFile> est un entier, <xSocket> [, <bGère> est un booléen])
//
// Paramètres :
//	nFile (entier) : la file
//	xSocket : nom ou handle
//	bGère (booléen, valeur par défaut = False) : un serveur accepte lui-même ses clients et attache aussi leurs canaux
// Valeur de retour :
//	booléen : Faux en cas d'échec
PROCEDURE wdSocketAttache(nFile is int, xSocket, bGère is boolean = False) : boolean
RESULT wdSocketAttach(nFile, xSocket, bGère)

// Résumé : Détache un socket de sa file.
// Syntaxe :
// <Résultat> = wdSocketDétache (<xSocket>)
//
// Paramètres :
//	xSocket : nom ou handle
// Valeur de retour :
//	booléen : Faux en cas d'échec
PROCEDURE wdSocketDétache(xSocket) : boolean
RESULT wdSocketDetach(xSocket)

// Résumé : Les prochains événements d'une file, 64 au plus.
// Syntaxe :
// <Résultat> = wdSocketEvénements (<nFile> est un entier [, <xDélai>])
//
// Paramètres :
//	nFile (entier) : la file
//	xDélai (valeur par défaut = 0) : millisecondes ou Durée : 0 = ne pas attendre, pour une fenêtre ; -1 sans limite, dans un thread seulement
// Valeur de retour :
//	Buffer : des enregistrements consécutifs, pour wdEvénementNombre et les autres ; vide si rien ne s'est passé à temps
PROCEDURE wdSocketEvénements(nFile is int, xDélai = 0) : Buffer
RESULT wdSocketNextEvents(nFile, xDélai)

// Résumé : Combien d'événements wdSocketEvénements a renvoyés.
// Syntaxe :
// <Résultat> = wdEvénementNombre (<bufEvénements> est un Buffer)
//
// Paramètres :
//	bufEvénements (Buffer) : ce qu'elle a renvoyé
// Valeur de retour :
//	entier : leur nombre
PROCEDURE wdEvénementNombre(bufEvénements is Buffer) : int
RESULT wdEventCount(bufEvénements)

// Résumé : Socket ou minuterie d'un événement.
// Syntaxe :
// <Résultat> = wdEvénementSocket (<bufEvénements> est un Buffer, <nEvénement> est un entier)
//
// Paramètres :
//	bufEvénements (Buffer) : ce que wdSocketEvénements a renvoyé
//	nEvénement (entier) : 1 à wdEvénementNombre()
// Valeur de retour :
//	entier : son handle
PROCEDURE wdEvénementSocket(bufEvénements is Buffer, nEvénement is int) : int
RESULT wdEventSocket(bufEvénements, nEvénement)

// Résumé : Ce qui s'est passé.
// Syntaxe :
// <Résultat> = wdEvénementType (<bufEvénements> est un Buffer, <nEvénement> est un entier)
//
// Paramètres :
//	bufEvénements (Buffer) : ce que wdSocketEvénements a renvoyé
//	nEvénement (entier) : 1 à wdEvénementNombre()
// Valeur de retour :
//	entier : l'une des WDS_EVENT_
PROCEDURE wdEvénementType(bufEvénements is Buffer, nEvénement is int) : int
RESULT wdEventKind(bufEvénements, nEvénement)

// Résumé : Valeur d'un événement, décrite à chaque WDS_EVENT_.
// Syntaxe :
// <Résultat> = wdEvénementValeur (<bufEvénements> est un Buffer, <nEvénement> est un entier)
//
// Paramètres :
//	bufEvénements (Buffer) : ce que wdSocketEvénements a renvoyé
//	nEvénement (entier) : 1 à wdEvénementNombre()
// Valeur de retour :
//	entier : la valeur
PROCEDURE wdEvénementValeur(bufEvénements is Buffer, nEvénement is int) : int
RESULT wdEventValue(bufEvénements, nEvénement)

// Résumé : Erreur d'un événement.
// Syntaxe :
// <Résultat> = wdEvénementCode (<bufEvénements> est un Buffer, <nEvénement> est un entier)
//
// Paramètres :
//	bufEvénements (Buffer) : ce que wdSocketEvénements a renvoyé
//	nEvénement (entier) : 1 à wdEvénementNombre()
// Valeur de retour :
//	entier : l'une des WDS_E_, 0 si rien n'a échoué
PROCEDURE wdEvénementCode(bufEvénements is Buffer, nEvénement is int) : int
RESULT wdEventCode(bufEvénements, nEvénement)

// Résumé : Le nombre que le programme a donné.
// Syntaxe :
// <Résultat> = wdEvénementUtilisateur (<bufEvénements> est un Buffer, <nEvénement> est un entier)
//
// Paramètres :
//	bufEvénements (Buffer) : ce que wdSocketEvénements a renvoyé
//	nEvénement (entier) : 1 à wdEvénementNombre()
// Valeur de retour :
//	entier : WDS_OPT_USER_NUMBER du socket, ou le nombre donné à la minuterie
PROCEDURE wdEvénementUtilisateur(bufEvénements is Buffer, nEvénement is int) : int
RESULT wdEventUser(bufEvénements, nEvénement)

// Résumé : Avec un code : sa portée. Sinon, le nombre supplémentaire de certains événements.
// Syntaxe :
// <Résultat> = wdEvénementDétail (<bufEvénements> est un Buffer, <nEvénement> est un entier)
//
// Paramètres :
//	bufEvénements (Buffer) : ce que wdSocketEvénements a renvoyé
//	nEvénement (entier) : 1 à wdEvénementNombre()
// Valeur de retour :
//	entier : l'une des WDS_SCOPE_, ou le nombre
PROCEDURE wdEvénementDétail(bufEvénements is Buffer, nEvénement is int) : int
RESULT wdEventDetail(bufEvénements, nEvénement)

// Résumé : Une file envoie un message à une fenêtre quand elle a des événements, pour une procédure donnée à Evénement().
// Syntaxe :
// <Résultat> = wdSocketFenêtre (<nFile> est un entier, <nFenêtre> est un entier système [, <nMessage> est un entier])
//
// Paramètres :
//	nFile (entier) : la file
//	nFenêtre (entier système) : Handle(MaFenêtre) ; 0 l'arrête
//	nMessage (entier, valeur par défaut = WDS_WINDOW_MESSAGE) : le numéro du message
// Valeur de retour :
//	booléen : Faux en cas d'échec
PROCEDURE wdSocketFenêtre(nFile is int, nFenêtre is system int, nMessage is int = WDS_WINDOW_MESSAGE) : boolean
RESULT wdSocketSetWindow(nFile, nFenêtre, nMessage)

// Résumé : Crée une minuterie dans une file : WDS_EVENT_TIMER vient après un délai, puis périodiquement. wdSocketFerme l'arrête.
// Syntaxe :
// <Résultat> = wdSocketCréeMinuterie (<nFile> est un entier, <xDélai> [, <xPériode> [, <nUtilisateur> est un entier]])
//
// Paramètres :
//	nFile (entier) : la file
//	xDélai : millisecondes ou Durée
//	xPériode (valeur par défaut = 0) : millisecondes ou Durée, 0 = une seule fois
//	nUtilisateur (entier, valeur par défaut = 0) : un nombre que porte l'événement
// Valeur de retour :
//	entier : son handle ; négatif en cas d'échec
PROCEDURE wdSocketCréeMinuterie(nFile is int, xDélai, xPériode = 0, nUtilisateur is int = 0) : int
RESULT wdSocketNewTimer(nFile, xDélai, xPériode, nUtilisateur)

// Résumé : Ajoute un canal à un groupe de son serveur.
// Syntaxe :
// <Résultat> = wdSocketGroupeRejoint (<xCanal>, <sGroupe> est une chaîne)
//
// Paramètres :
//	xCanal : nom ou handle
//	sGroupe (chaîne) : nom du groupe
// Valeur de retour :
//	booléen : Faux en cas d'échec
PROCEDURE wdSocketGroupeRejoint(xCanal, sGroupe is string) : boolean
RESULT wdSocketGroupJoin(xCanal, sGroupe)

// Résumé : Retire un canal d'un groupe.
// Syntaxe :
// <Résultat> = wdSocketGroupeQuitte (<xCanal> [, <sGroupe> est une chaîne])
//
// Paramètres :
//	xCanal : nom ou handle
//	sGroupe (chaîne, valeur par défaut = "") : nom du groupe, "" = tous
// Valeur de retour :
//	booléen : Faux en cas d'échec
PROCEDURE wdSocketGroupeQuitte(xCanal, sGroupe is string = "") : boolean
RESULT wdSocketGroupLeave(xCanal, sGroupe)

// Résumé : Ecrit un message d'octets à chaque client d'un groupe. N'attend jamais.
// Syntaxe :
// <Résultat> = wdSocketGroupePublieBuffer (<xServeur>, <sGroupe> est une chaîne, <xMessage>)
//
// Paramètres :
//	xServeur : nom ou handle ; d'un client du serveur : tous les autres le reçoivent
//	sGroupe (chaîne) : nom du groupe, "" = tous les clients du serveur
//	xMessage : un buffer ; un texte est converti comme par wdSocketEcrit
// Valeur de retour :
//	entier : le nombre de clients, négatif en cas d'échec
PROCEDURE wdSocketGroupePublieBuffer(xServeur, sGroupe is string, xMessage) : int
RESULT wdSocketGroupPublishBuffer(xServeur, sGroupe, xMessage)

// Résumé : Ecrit un message à chaque client d'un groupe. N'attend jamais.
// Syntaxe :
// <Résultat> = wdSocketGroupePublie (<xServeur>, <sGroupe> est une chaîne, <xMessage>)
//
// Paramètres :
//	xServeur : nom ou handle ; d'un client du serveur : tous les autres le reçoivent
//	sGroupe (chaîne) : nom du groupe, "" = tous les clients du serveur
//	xMessage : un texte ou un buffer
// Valeur de retour :
//	entier : le nombre de clients, négatif en cas d'échec
PROCEDURE wdSocketGroupePublie(xServeur, sGroupe is string, xMessage) : int
RESULT wdSocketGroupPublish(xServeur, sGroupe, xMessage)

// Résumé : Attend que tout le contenu de la file d'envoi ait été remis au système.
// Syntaxe :
// <Résultat> = wdSocketVide (<xSocket> [, <xDélai>])
//
// Paramètres :
//	xSocket : nom ou handle
//	xDélai (valeur par défaut = 5000) : millisecondes ou Durée
// Valeur de retour :
//	booléen : Faux en cas d'échec
PROCEDURE wdSocketVide(xSocket, xDélai = 5000) : boolean
RESULT wdSocketFlush(xSocket, xDélai)

// Résumé : Démarre TLS sur une connexion ouverte en clair (STARTTLS). Sur un socket dans une file, le délai 0 le fait en
// arrière-plan, et WDS_EVENT_TLS_DONE annonce la fin.
// Syntaxe :
// <Résultat> = wdSocketDémarreSSL (<xSocket>, <nRôle> est un entier [, <nOptions> est un entier [, <sCertificat> est une chaîne [, <sMotDePasse> est une chaîne [, <xDélai>]]]])
//
// Paramètres :
//	xSocket : nom ou handle
//	nRôle (entier) : WDS_ROLE_CLIENT ou WDS_ROLE_SERVER
//	nOptions (entier, valeur par défaut = 0) : bits WDS_SSL_
//	sCertificat (chaîne, valeur par défaut = "") : certificat local, "" = aucun
//	sMotDePasse (chaîne, valeur par défaut = "") : mot de passe du fichier
//	xDélai (valeur par défaut = 10000) : millisecondes ou Durée
// Valeur de retour :
//	booléen : Faux en cas d'échec
PROCEDURE wdSocketDémarreSSL(xSocket, nRôle is int, nOptions is int = 0, sCertificat is string = "", sMotDePasse is string = "", xDélai = 10000) : boolean
RESULT wdSocketStartSSL(xSocket, nRôle, nOptions, sCertificat, sMotDePasse, xDélai)

// Résumé : Met fin à TLS et continue en clair ; les deux extrémités doivent le faire.
// Syntaxe :
// <Résultat> = wdSocketArrêteSSL (<xSocket> [, <xDélai>])
//
// Paramètres :
//	xSocket : nom ou handle
//	xDélai (valeur par défaut = 10000) : millisecondes ou Durée
// Valeur de retour :
//	booléen : Faux en cas d'échec
PROCEDURE wdSocketArrêteSSL(xSocket, xDélai = 10000) : boolean
RESULT wdSocketStopSSL(xSocket, xDélai)

// Résumé : Met fin aux appels en attente sur un socket ; il reste ouvert.
// Syntaxe :
// <Résultat> = wdSocketAnnule (<xSocket>)
//
// Paramètres :
//	xSocket : nom ou handle
// Valeur de retour :
//	booléen : Faux en cas d'échec
PROCEDURE wdSocketAnnule(xSocket) : boolean
RESULT wdSocketCancel(xSocket)

// Résumé : SocketFerme : ferme un socket, une file ou une minuterie. Les clients qu'un serveur a acceptés restent :
// wdSocketServeurFerme les ferme aussi.
// Syntaxe :
// <Résultat> = wdSocketFerme (<xSocket>)
//
// Paramètres :
//	xSocket : nom ou handle
// Valeur de retour :
//	booléen : Faux s'il n'y a pas de tel socket
PROCEDURE wdSocketFerme(xSocket) : boolean
RESULT wdSocketClose(xSocket)

// Résumé : Ferme un socket de la façon choisie.
// Syntaxe :
// <Résultat> = wdSocketFermeEx (<xSocket>, <nFaçon> est un entier [, <xDélai>])
//
// Paramètres :
//	xSocket : nom ou handle
//	nFaçon (entier) : WDS_CLOSE_GRACEFUL, WDS_CLOSE_WRITE ou WDS_CLOSE_ABORT ; avec + WDS_CLOSE_CLIENTS un serveur et ses clients
//	xDélai (valeur par défaut = 5000) : millisecondes ou Durée
// Valeur de retour :
//	booléen : Faux en cas d'échec
PROCEDURE wdSocketFermeEx(xSocket, nFaçon is int, xDélai = 5000) : boolean
RESULT wdSocketCloseEx(xSocket, nFaçon, xDélai)

// Résumé : Ferme un serveur et tous les clients qu'il a acceptés.
// Syntaxe :
// <Résultat> = wdSocketServeurFerme (<xServeur> [, <xDélai>])
//
// Paramètres :
//	xServeur : nom ou handle
//	xDélai (valeur par défaut = 0) : millisecondes ou Durée d'attente jusqu'à ce que les clients aient reçu ce qui a été écrit ; 0 = ne pas attendre, l'envoi se fait en arrière-plan
// Valeur de retour :
//	booléen : Faux s'il n'y a pas de tel serveur, ou si le délai est écoulé (WDS_E_TIMEOUT) : tout est alors fermé aussi
PROCEDURE wdSocketServeurFerme(xServeur, xDélai = 0) : boolean
RESULT wdSocketServerClose(xServeur, xDélai)

// Résumé : Appelle une procédure du programme pour chaque événement d'un socket, dans une fenêtre, sans thread : quand une connexion
// est ouverte, pour chaque message, et quand elle prend fin. Un serveur accepte lui-même ses clients, et la procédure est aussi
// appelée pour eux. Elle a trois paramètres : le handle du socket, le message (ou pourquoi la connexion a pris fin), et l'événement :
// wdSocketOuverture, wdSocketMessage, wdSocketFermeture ou wdSocketErreur. Après les deux derniers d'une connexion, son socket est fermé. Une écriture
// n'attend alors jamais (WDS_OPT_SEND_QUEUE). WDS_OPT_USER_NUMBER est réservé à cette procédure.
// Syntaxe :
// <Résultat> = wdSocketSur (<xSocket>, <sProcédure> est une chaîne [, <bBuffer> est un booléen [, <sFenêtre> est une chaîne]])
//
// Paramètres :
//	xSocket : nom ou handle d'un client, d'un serveur ou d'un socket UDP, ouvert ou pas encore
//	sProcédure (chaîne) : nom d'une procédure globale, ou "FEN_Chat.SurMessage"
//	bBuffer (booléen, valeur par défaut = False) : Vrai : le message est un buffer, pas un texte
//	sFenêtre (chaîne, valeur par défaut = "") : nom de la fenêtre qui fait le travail tant qu'elle est ouverte, "" = la fenêtre en cours
// Valeur de retour :
//	booléen : Faux en cas d'échec : wdErreurInfo() dit pourquoi, ou ErreurInfo() si la fenêtre est inconnue
PROCEDURE wdSocketSur(xSocket, sProcédure is string, bBuffer is boolean = False, sFenêtre is string = "") : boolean
RESULT wdSocketOn(xSocket, sProcédure, bBuffer, sFenêtre)

// Résumé : Met fin à ce que wdSocketSur a commencé : plus aucune procédure n'est appelée pour un socket, ni pour les clients d'un serveur. Ils restent ouverts.
// Syntaxe :
// <Résultat> = wdSocketNePlusSuivre (<xSocket>)
//
// Paramètres :
//	xSocket : nom ou handle
// Valeur de retour :
//	booléen : Faux s'il n'était pas suivi
PROCEDURE wdSocketNePlusSuivre(xSocket) : boolean
RESULT wdSocketOff(xSocket)

// Résumé : WebSocketClientConnecte, dans les deux syntaxes. Avec une callback, ses paramètres sont : nom, nom d'une procédure globale entre guillemets,
// adresse, port, chemin, sous-protocoles ; rien n'attend, et la procédure reçoit SocketOuverture, SocketMessage, SocketFermeture ou SocketErreur, et le message.
// Syntaxe :
// <Résultat> = wdWebSocketClientConnecte (<sNom> est une chaîne, <xAdresse> [, <xPort> [, <xChemin> [, <xProtocoles> [, <xDélai>]]]])
//
// Paramètres :
//	sNom (chaîne) : nom du socket
//	xAdresse : adresse ou nom d'hôte, ou une adresse complète, "ws://serveur/chat"
//	xPort (valeur par défaut = 80) : port
//	xChemin (valeur par défaut = "/") : chemin
//	xProtocoles (valeur par défaut = "") : sous-protocoles, séparés par des virgules
//	xDélai (valeur par défaut = -1) : millisecondes ou Durée, -1 aussi longtemps que le système
// Valeur de retour :
//	entier : Vrai ou Faux
PROCEDURE wdWebSocketClientConnecte(sNom is string, xAdresse, xPort = 80, xChemin = "/", xProtocoles = "", xDélai = -1) : int
RESULT wdWebSocketClientConnect(sNom, xAdresse, xPort, xChemin, xProtocoles, xDélai)

// Résumé : WebSocketClientConnecteSSL, dans les deux syntaxes. Avec une callback, ses paramètres sont : nom, nom d'une procédure globale entre guillemets,
// adresse, port, chemin, sous-protocoles, options ; rien n'attend, et la procédure reçoit l'événement et le message.
// Syntaxe :
// <Résultat> = wdWebSocketClientConnecteSSL (<sNom> est une chaîne, <xAdresse> [, <xPort> [, <xChemin> [, <xProtocoles> [, <xOptions> [, <xDélai>]]]]])
//
// Paramètres :
//	sNom (chaîne) : nom du socket
//	xAdresse : adresse ou nom d'hôte, ou une adresse complète, "wss://serveur/chat"
//	xPort (valeur par défaut = 443) : port
//	xChemin (valeur par défaut = "/") : chemin
//	xProtocoles (valeur par défaut = "") : sous-protocoles, séparés par des virgules
//	xOptions (valeur par défaut = 0) : ProtocoleTLS1_2 etc.
//	xDélai (valeur par défaut = -1) : millisecondes ou Durée, -1 aussi longtemps que le système
// Valeur de retour :
//	entier : Vrai ou Faux
PROCEDURE wdWebSocketClientConnecteSSL(sNom is string, xAdresse, xPort = 443, xChemin = "/", xProtocoles = "", xOptions = 0, xDélai = -1) : int
RESULT wdWebSocketClientConnectSSL(sNom, xAdresse, xPort, xChemin, xProtocoles, xOptions, xDélai)

// Résumé : WebSocketClientConnecte sans attente, dans une file d'événements : WDS_EVENT_CONNECTED est l'ouverture, WDS_EVENT_MESSAGE un
// message, WDS_EVENT_PEER_CLOSED la fermeture, WDS_EVENT_ERROR, WDS_EVENT_RESET et WDS_EVENT_TIMEOUT des erreurs : fermez le
// socket après ces quatre. Avec une procédure : wdSocketNouveau, wdSocketSur, puis wdSocketOuvre avec le délai 0.
// Syntaxe :
// <Résultat> = wdWebSocketClientConnecteEvénements (<sNom> est une chaîne, <nFile> est un entier, <sAdresse> est une chaîne [, <nPort> est un entier [, <sChemin> est une chaîne [, <sProtocoles> est une chaîne]]])
//
// Paramètres :
//	sNom (chaîne) : nom du socket, "" = aucun
//	nFile (entier) : la file
//	sAdresse (chaîne) : adresse ou nom d'hôte, ou une adresse complète
//	nPort (entier, valeur par défaut = 80) : port
//	sChemin (chaîne, valeur par défaut = "/") : chemin
//	sProtocoles (chaîne, valeur par défaut = "") : sous-protocoles, séparés par des virgules
// Valeur de retour :
//	entier : avec un nom Vrai ou Faux, sans nom le handle, ou 0 en cas d'échec
PROCEDURE wdWebSocketClientConnecteEvénements(sNom is string, nFile is int, sAdresse is string, nPort is int = 80, sChemin is string = "/", sProtocoles is string = "") : int
RESULT wdWebSocketClientConnectEvents(sNom, nFile, sAdresse, nPort, sChemin, sProtocoles)

// Résumé : La même chose avec TLS.
// Syntaxe :
// <Résultat> = wdWebSocketClientConnecteSSLEvénements (<sNom> est une chaîne, <nFile> est un entier, <sAdresse> est une chaîne [, <nPort> est un entier [, <sChemin> est une chaîne [, <sProtocoles> est une chaîne [, <nOptions> est un entier]]]])
//
// Paramètres :
//	sNom (chaîne) : nom du socket, "" = aucun
//	nFile (entier) : la file
//	sAdresse (chaîne) : adresse ou nom d'hôte, ou une adresse complète
//	nPort (entier, valeur par défaut = 443) : port
//	sChemin (chaîne, valeur par défaut = "/") : chemin
//	sProtocoles (chaîne, valeur par défaut = "") : sous-protocoles, séparés par des virgules
//	nOptions (entier, valeur par défaut = 0) : bits WDS_SSL_
// Valeur de retour :
//	entier : avec un nom Vrai ou Faux, sans nom le handle, ou 0 en cas d'échec
PROCEDURE wdWebSocketClientConnecteSSLEvénements(sNom is string, nFile is int, sAdresse is string, nPort is int = 443, sChemin is string = "/", sProtocoles is string = "", nOptions is int = 0) : int
RESULT wdWebSocketClientConnectSSLEvents(sNom, nFile, sAdresse, nPort, sChemin, sProtocoles, nOptions)

// Résumé : SocketConnecteBluetooth, du WLangage lui-même : lisez, écrivez et fermez un tel socket avec les fonctions du WLangage, sans « wd ».
// Si une version de WINDEV ne connaît pas l'une de ces quatre fonctions, ses procédures peuvent être supprimées.
// Syntaxe :
// <Résultat> = wdSocketConnecteBluetooth (<sNom> est une chaîne, <sService> est une chaîne, <sAdresse> est une chaîne [, <nDélai> est un entier])
//
// Paramètres :
//	sNom (chaîne) : nom du socket
//	sService (chaîne) : le service
//	sAdresse (chaîne) : adresse de l'appareil
//	nDélai (entier, valeur par défaut = 20000) : millisecondes
// Valeur de retour :
//	booléen : Vrai ou Faux
PROCEDURE wdSocketConnecteBluetooth(sNom is string, sService is string, sAdresse is string, nDélai is int = 20000) : boolean
RESULT wdSocketConnectBluetooth(sNom, sService, sAdresse, nDélai)

// Résumé : SocketCréeBluetooth, du WLangage lui-même.
// Syntaxe :
// <Résultat> = wdSocketCréeBluetooth (<sNom> est une chaîne, <sService> est une chaîne)
//
// Paramètres :
//	sNom (chaîne) : nom du socket
//	sService (chaîne) : le service
// Valeur de retour :
//	booléen : Vrai ou Faux
PROCEDURE wdSocketCréeBluetooth(sNom is string, sService is string) : boolean
RESULT wdSocketCreateBluetooth(sNom, sService)

// Résumé : SocketConnecteInfraRouge, du WLangage lui-même.
// Syntaxe :
// <Résultat> = wdSocketConnecteInfraRouge (<sNom> est une chaîne, <sService> est une chaîne)
//
// Paramètres :
//	sNom (chaîne) : nom du socket
//	sService (chaîne) : le service
// Valeur de retour :
//	booléen : Vrai ou Faux
PROCEDURE wdSocketConnecteInfraRouge(sNom is string, sService is string) : boolean
RESULT wdSocketConnectInfrared(sNom, sService)

// Résumé : SocketCréeInfraRouge, du WLangage lui-même.
// Syntaxe :
// <Résultat> = wdSocketCréeInfraRouge (<sNom> est une chaîne, <sService> est une chaîne)
//
// Paramètres :
//	sNom (chaîne) : nom du socket
//	sService (chaîne) : le service
// Valeur de retour :
//	booléen : Vrai ou Faux
PROCEDURE wdSocketCréeInfraRouge(sNom is string, sService is string) : boolean
RESULT wdSocketCreateInfrared(sNom, sService)
