package tlslayer

import "wdsocket/core/fault"

// What the errors of this package say beside their codes.
var (
	noteReason       = fault.NewNote("{0}", "{0}")
	noteUnknownBits  = fault.NewNote("the bits {0} have no meaning", "les bits {0} n'ont pas de sens")
	noteNoSSL        = fault.NewNote("SSL 2 and SSL 3 are broken and not supported; use TLS", "SSL 2 et SSL 3 ne sont plus sûrs et ne sont pas pris en charge ; utilisez TLS")
	noteVersionGap   = fault.NewNote("the TLS versions must follow one another without a gap", "les versions de TLS doivent se suivre sans trou")
	noteEmpty        = fault.NewNote("it is empty", "il est vide")
	noteBadItem      = fault.NewNote("\"{0}\" cannot be used here", "« {0} » n'est pas utilisable ici")
	noteUnknownItem  = fault.NewNote("\"{0}\" is not known; known are {1}", "« {0} » est inconnu ; sont connus {1}")
	noteSuites13     = fault.NewNote("the suites of TLS 1.3 (\"{0}\") cannot be chosen: all of them are always allowed", "les suites de TLS 1.3 (« {0} ») ne peuvent pas être choisies : elles sont toujours toutes permises")
	noteGroup        = fault.NewNote("the group \"{0}\" is not available; available are {1}", "le groupe « {0} » n'est pas disponible ; sont disponibles {1}")
	notePinForm      = fault.NewNote("\"{0}\" is no SHA-256 in base64 or hexadecimal", "« {0} » n'est pas un SHA-256 en base64 ou en hexadécimal")
	noteNoServerName = fault.NewNote("there is no name to verify the server's certificate against", "il n'y a pas de nom auquel comparer le certificat du serveur")
	noteClientsNeed  = fault.NewNote("a server that verifies its clients needs the authorities that issue their certificates, or their keys in WDS_TEXT_SSL_PINS: every public authority would be trusted otherwise",
		"un serveur qui vérifie ses clients a besoin des autorités qui émettent leurs certificats, ou de leurs clés dans WDS_TEXT_SSL_PINS : sinon, toute autorité publique serait approuvée")
	noteServerNeeds = fault.NewNote(
		"a TLS server needs a certificate with its key: give the file in the call (WDSocketCreateSSL, WDSocketStartSSL), or set this text before it",
		"un serveur TLS a besoin d'un certificat avec sa clé : donnez le fichier dans l'appel (WDSocketCreateSSL, WDSocketStartSSL), ou réglez ce texte avant")

	// own certificates
	noteNoCertificate = fault.NewNote("it contains no certificate", "il ne contient pas de certificat")
	noteDamaged       = fault.NewNote("line {0}: the block {1} that is there is damaged", "ligne {0} : le bloc {1} qui s'y trouve est endommagé")
	noteLine          = fault.NewNote("line {0}: {1}", "ligne {0} : {1}")
	noteSkipped       = fault.NewNote("line {0}: {1} is left out", "ligne {0} : {1} est laissé de côté")
	noteTwoEncodings  = fault.NewNote("it is partly in UTF-16 and partly not; save it anew in one encoding", "il est en partie en UTF-16 et en partie non ; enregistrez-le à nouveau dans un seul encodage")
	noteNoKey         = fault.NewNote("it contains no private key; give \"certificate.pem|key.pem\" if the key is in another file", "il ne contient pas de clé privée ; indiquez « certificat.pem|cle.pem » si la clé est dans un autre fichier")
	noteUnknownFile   = fault.NewNote("it is neither PEM nor PFX", "il n'est ni en PEM ni en PFX")
	noteEncryptedKey  = fault.NewNote("its key is encrypted in a way that cannot be read here ({0}); convert certificate and key to a PFX file", "sa clé est chiffrée d'une façon qui ne peut pas être lue ici ({0}) ; convertissez le certificat et la clé en fichier PFX")
	noteKeyType       = fault.NewNote("its key is of a kind that TLS cannot use ({0}); RSA, ECDSA and Ed25519 can be used", "sa clé est d'un type que TLS ne peut pas utiliser ({0}) ; RSA, ECDSA et Ed25519 le peuvent")
	noteOwnSmallKey   = fault.NewNote("its RSA key has {0} bits, 1024 at least are needed", "sa clé RSA a {0} bits, il en faut au moins 1024")
	noteOwnExpired    = fault.NewNote("it was valid until {0}", "il était valable jusqu'au {0}")
	noteOwnNotYet     = fault.NewNote("it is valid from {0}", "il est valable à partir du {0}")
	noteOnlyWindows   = fault.NewNote("the certificate store is a part of Windows; use a file here", "le magasin de certificats fait partie de Windows ; utilisez ici un fichier")

	// the peer's certificate
	noteExpired = fault.NewNote("\"{0}\" was valid until {1}", "« {0} » était valable jusqu'au {1}")
	noteNotYet  = fault.NewNote("\"{0}\" is valid from {1}", "« {0} » est valable à partir du {1}")
	noteNames   = fault.NewNote(
		"its names are {0}: connect by one of them, or set WDS_TEXT_SSL_SERVER_NAME to the one that this server must have",
		"ses noms sont {0} : connectez-vous par l'un d'eux, ou indiquez dans WDS_TEXT_SSL_SERVER_NAME celui que ce serveur doit avoir")
	noteNoNames       = fault.NewNote("it has no names at all (a common name alone does not count)", "il ne porte aucun nom (un nom commun seul ne compte pas)")
	noteSelfSigned    = fault.NewNote("\"{0}\" signed itself", "« {0} » est auto-signé")
	noteUnknownRoot   = fault.NewNote("the authority is \"{0}\"", "l'autorité est « {0} »")
	noteUnknownIssuer = fault.NewNote("the issuer is \"{0}\", whose certificate the peer did not send: either that authority is to be trusted here, or the peer's chain is incomplete",
		"l'émetteur est « {0} », dont le correspondant n'a pas envoyé le certificat : soit cette autorité doit être approuvée ici, soit la chaîne du correspondant est incomplète")
	noteMissing        = fault.NewNote("the issuer is \"{0}\", its certificate is at {1}", "l'émetteur est « {0} », son certificat se trouve à {1}")
	noteNoAuthority    = fault.NewNote("\"{0}\" signed it but is no authority", "« {0} » l'a signé mais n'est pas une autorité")
	noteNUL            = fault.NewNote("its name \"{0}\" contains a NUL", "son nom « {0} » contient un caractère NUL")
	noteNegativeSerial = fault.NewNote("the serial number of \"{0}\" is negative, which the standard forbids; WDS_SSL_ACCEPT_ANY with a pin takes it", "le numéro de série de « {0} » est négatif, ce que la norme interdit ; WDS_SSL_ACCEPT_ANY avec WDS_TEXT_SSL_PINS l'accepte")
	noteSmallKey       = fault.NewNote("the RSA key of \"{0}\" has {1} bits, 1024 at least are needed; WDS_SSL_ACCEPT_ANY takes it", "la clé RSA de « {0} » a {1} bits, il en faut au moins 1024 ; WDS_SSL_ACCEPT_ANY l'accepte")
	noteWeakSignature  = fault.NewNote("\"{0}\" is signed with {1}, which can be forged: no authority makes it good; have it issued anew with SHA-256, or add this certificate itself to the authorities",
		"« {0} » est signé avec {1}, qui peut être contrefait : aucune autorité n'y change rien ; faites-le refaire avec SHA-256, ou ajoutez ce certificat lui-même aux autorités")
	noteUnreadable = fault.NewNote("it breaks the standard ({0}), and no option lets it through: WDS_SSL_ACCEPT_ANY leaves out authority, name and dates only; the peer needs a new one",
		"il enfreint la norme ({0}), et aucune option ne le laisse passer : WDS_SSL_ACCEPT_ANY n'écarte que l'autorité, le nom et les dates ; le correspondant doit en obtenir un nouveau")
	noteUsage             = fault.NewNote("it is not made for this use of TLS", "il n'est pas prévu pour cet usage de TLS")
	notePeerSentNone      = fault.NewNote("the peer sent no certificate", "le correspondant n'a pas envoyé de certificat")
	noteNotPinned         = fault.NewNote("the peer's key is {0}", "la clé du correspondant est {0}")
	noteOwnRefused        = fault.NewNote("the peer does not accept the certificate of this program (\"{0}\")", "le correspondant n'accepte pas le certificat de ce programme (« {0} »)")
	noteAlert             = fault.NewNote("the peer gave up with \"{0}\"", "le correspondant a abandonné avec « {0} »")
	noteNothingCommon     = fault.NewNote("the peer found no cipher suite, group or signature in common (\"{0}\")", "le correspondant n'a trouvé aucune suite, aucun groupe ou aucune signature en commun (« {0} »)")
	noteNoALPN            = fault.NewNote("no application protocol (ALPN) in common", "aucun protocole applicatif (ALPN) en commun")
	noteEndedInside       = fault.NewNote("the peer ended the connection in the middle of it", "le correspondant a mis fin à la connexion en cours de négociation")
	noteFirstBytes        = fault.NewNote("its first bytes are {0}", "ses premiers octets sont {0}")
	noteHTTPRequest       = fault.NewNote("it sent an HTTP request without TLS, {0}", "il a envoyé une requête HTTP sans TLS, {0}")
	noteHTTPAnswer        = fault.NewNote("it answered in HTTP without TLS, {0}", "il a répondu en HTTP sans TLS, {0}")
	hintNoTLSServer       = fault.NewNote("if it has no TLS, connect with WDSocketConnect, or to tcp:// or ws:// instead of tls:// or wss://", "s'il n'a pas de TLS, connectez-vous par WDSocketConnect, ou à tcp:// ou ws:// au lieu de tls:// ou wss://")
	hintNoTLSClient       = fault.NewNote("the client has to use TLS (WDSocketConnectSSL, tls://, wss://, https://), or this server none", "c'est au client d'utiliser TLS (WDSocketConnectSSL, tls://, wss://, https://), ou à ce serveur de s'en passer")
	noteInside            = fault.NewNote("{0} came where a TLS record was expected", "{0} est arrivé là où un enregistrement TLS était attendu")
	noteHandshakeFirst    = fault.NewNote("the handshake is not done", "la négociation n'est pas terminée")
	noteNoSuchInfo        = fault.NewNote("{0} is not a number of information", "{0} n'est pas un numéro d'information")
	noteNoSuchCertificate = fault.NewNote("there is no certificate {0}: the peer sent {1}, and number 0 is its own", "il n'y a pas de certificat {0} : le correspondant en a envoyé {1}, et le numéro 0 est le sien")
)
