package fault

import (
	"strconv"
	"strings"
	"sync"
)

// row is all that is known of one code. In the texts {who} stands for the one
// concerned; a part in square brackets is left out if nobody is named.
type row struct {
	code    Code
	name    string
	english string
	french  string
}

// table is the only list of codes beside the constants, in the order of the
// header.
var table = [...]row{
	{OK, "WDS_OK",
		"no error",
		"aucune erreur"},
	{Timeout, "WDS_E_TIMEOUT",
		"[{who}: ]the time allowed ended before the call was done",
		"[{who} : ]le délai accordé s'est écoulé avant la fin de l'appel"},
	{Closed, "WDS_E_CLOSED",
		"[{who}: ]this program closed the socket while the call was waiting",
		"[{who} : ]ce programme a fermé le socket pendant que l'appel attendait"},
	{Cancelled, "WDS_E_CANCELLED",
		"[{who}: ]WDSocketCancel or WDSocketWakeup ended this call; the socket is still open",
		"[{who} : ]WDSocketCancel ou WDSocketWakeup a mis fin à cet appel ; le socket reste ouvert"},
	{PeerClosed, "WDS_E_PEER_CLOSED",
		"[{who}: ]the peer closed the connection in order; all that it sent has been delivered",
		"[{who} : ]le correspondant a fermé la connexion normalement ; tout ce qu'il a envoyé a été remis"},
	{Reset, "WDS_E_RESET",
		"[{who}: ]the connection was cut (the peer reset it, or it no longer answers)",
		"[{who} : ]la connexion a été coupée (le correspondant l'a interrompue ou ne répond plus)"},
	{Busy, "WDS_E_BUSY",
		"[{who}: ]another thread is reading this socket or waiting on it; only one may at a time",
		"[{who} : ]un autre thread lit déjà ce socket, ou attend dessus ; un seul peut le faire à la fois"},
	{Handle, "WDS_E_HANDLE",
		"the handle[ {who}] is not valid: it was closed or freed before this call, or was never returned by the library; check where the program closes it, or sets this variable",
		"le handle[ {who}] n'est pas valide : il a été fermé ou libéré avant cet appel, ou n'a jamais été renvoyé par la bibliothèque ; vérifiez où le programme le ferme, ou affecte cette variable"},
	{Kind, "WDS_E_KIND",
		"[{who}: ]this function needs another kind of socket",
		"[{who} : ]cette fonction demande un autre type de socket"},
	{State, "WDS_E_STATE",
		"[{who}: ]not possible in the present state of the socket",
		"[{who} : ]impossible dans l'état actuel du socket"},
	{Argument, "WDS_E_ARGUMENT",
		"wrong parameter[ {who}]",
		"paramètre[ {who}] incorrect"},
	{Buffer, "WDS_E_BUFFER",
		"[{who}: ]the buffer is too small; nothing was lost: call again with a larger one",
		"[{who} : ]le buffer est trop petit ; rien n'est perdu : rappelez la fonction avec un buffer plus grand"},
	{Memory, "WDS_E_MEMORY",
		"[{who}: ]the memory budget of the library is used up; read or free messages, or raise the budget",
		"[{who} : ]la mémoire accordée à la bibliothèque est épuisée ; lisez ou libérez des messages, ou augmentez-la"},
	{Internal, "WDS_E_INTERNAL",
		"[{who}: ]a fault inside the library; please report it with WDS_INFO_DETAIL",
		"[{who} : ]défaut interne de la bibliothèque ; merci de le signaler avec WDS_INFO_DETAIL"},
	{Forked, "WDS_E_FORKED",
		"[{who}: ]the library cannot work in a child process forked after it was loaded: start a new program there with exec, or, if you load the library at run time, load it only after the fork, in the child",
		"[{who} : ]la bibliothèque ne fonctionne pas dans un processus fils créé par fork après son chargement : lancez-y un nouveau programme par exec, ou, si vous chargez la bibliothèque à l'exécution, chargez-la seulement après le fork, dans le fils"},
	{Unsupported, "WDS_E_UNSUPPORTED",
		"[{who}: ]not available on this system or in this version of the library",
		"[{who} : ]non disponible sur ce système ou dans cette version de la bibliothèque"},
	{NameTaken, "WDS_E_NAME_TAKEN",
		"a live socket has the name[ {who}] already; close it or choose another name",
		"un socket existant porte déjà le nom[ {who}] ; fermez-le ou choisissez un autre nom"},
	{NotFound, "WDS_E_NOT_FOUND",
		"no live socket has the name[ {who}]",
		"aucun socket existant ne porte le nom[ {who}]"},
	{Silent, "WDS_E_SILENT",
		"[{who}: ]this end ended the connection: nothing came for WDS_OPT_IDLE_LIMIT, or a message took longer than WDS_OPT_MESSAGE_LIMIT",
		"[{who} : ]la connexion a été coupée de ce côté-ci : rien reçu pendant WDS_OPT_IDLE_LIMIT, ou un message plus long à arriver que WDS_OPT_MESSAGE_LIMIT"},
	{Reconnecting, "WDS_E_RECONNECTING",
		"[{who}: ]the connection is down and is being made again; try later or wait for its event",
		"[{who} : ]la connexion est coupée et en cours de rétablissement ; réessayez plus tard ou attendez son événement"},
	{Refused, "WDS_E_REFUSED",
		"connection[ to {who}] refused (nothing listens at that address and port, or a firewall refuses it)",
		"connexion[ à {who}] refusée (aucun programme n'écoute à cette adresse sur ce port, ou un pare-feu la refuse)"},
	{Unreachable, "WDS_E_UNREACHABLE",
		"no way[ to {who}]: host or network unreachable (check the address, the cable and the route)",
		"aucun chemin[ vers {who}] : machine ou réseau injoignable (vérifiez l'adresse, le câble et la route)"},
	{HostUnknown, "WDS_E_HOST_UNKNOWN",
		"the host name[ {who}] does not exist (check its spelling)",
		"le nom de machine[ {who}] n'existe pas (vérifiez son orthographe)"},
	{Resolver, "WDS_E_RESOLVER",
		"the host name[ {who}] was not resolved: the name server failed or does not answer",
		"le nom de machine[ {who}] n'a pas pu être résolu : le serveur de noms est en panne ou ne répond pas"},
	{PortTaken, "WDS_E_PORT_TAKEN",
		"[{who}: ]the port is already used by another socket of this machine; end that program, or choose another port",
		"[{who} : ]le port est déjà utilisé par un autre socket de cette machine ; arrêtez le programme qui l'occupe, ou choisissez un autre port"},
	{LocalAddress, "WDS_E_LOCAL_ADDRESS",
		"the local address[ {who}] is not one of this machine",
		"l'adresse locale[ {who}] n'est pas une adresse de cette machine"},
	{Access, "WDS_E_ACCESS",
		"[{who}: ]the system denies it to this user (check the rights and the firewall)",
		"[{who} : ]le système le refuse à cet utilisateur (vérifiez les droits et le pare-feu)"},
	{Descriptors, "WDS_E_DESCRIPTORS",
		"[{who}: ]no descriptors left in the process or the system; close sockets or raise the limit",
		"[{who} : ]plus de descripteurs disponibles dans le processus ou le système ; fermez des sockets ou relevez la limite"},
	{System, "WDS_E_SYSTEM",
		"[{who}: ]error of the system",
		"[{who} : ]erreur du système"},
	{NotConnected, "WDS_E_NOT_CONNECTED",
		"[{who}: ]the socket is not open: call WDSocketOpen first, and check its result (or get an open one from WDSocketConnect)",
		"[{who} : ]le socket n'est pas ouvert : appelez d'abord WDSocketOpen, et vérifiez son résultat (ou obtenez un socket ouvert par WDSocketConnect)"},
	{NoClient, "WDS_E_NO_CLIENT",
		"[{who}: ]the server has no client yet: accept one first, with WDSocketRead (one client at a time) or WDSocketAccept (many)",
		"[{who} : ]le serveur n'a pas encore de client : acceptez-en d'abord un par WDSocketRead (un client à la fois) ou WDSocketAccept (plusieurs)"},
	{NoRequest, "WDS_E_NO_REQUEST",
		"[{who}: ]no connection request is pending; wait for one first (WDSocketWaitForConnection)",
		"[{who} : ]aucune demande de connexion n'est en attente ; attendez-en d'abord une (WDSocketWaitForConnection)"},
	{StandardServer, "WDS_E_STANDARD_SERVER",
		"[{who}: ]this server takes its clients with WDSocketAccept: read and write on the channel that WDSocketAccept returned, not on the server",
		"[{who} : ]ce serveur accepte ses clients par WDSocketAccept : lisez et écrivez sur le canal renvoyé par WDSocketAccept, pas sur le serveur"},
	{Limit, "WDS_E_LIMIT",
		"[{who}: ]the limit on sockets or clients is reached; close some or raise the limit",
		"[{who} : ]la limite du nombre de sockets ou de clients est atteinte ; fermez-en ou relevez la limite"},
	{Broken, "WDS_E_BROKEN",
		"[{who}: ]an earlier write stopped inside a message: nothing more can be written on this connection",
		"[{who} : ]une écriture précédente s'est arrêtée au milieu d'un message : plus rien ne peut être écrit sur cette connexion"},
	{WriteClosed, "WDS_E_WRITE_CLOSED",
		"[{who}: ]this program has ended its own sending side",
		"[{who} : ]ce programme a lui-même mis fin à l'envoi sur cette connexion"},
	{Full, "WDS_E_FULL",
		"[{who}: ]the send queue is full: the peer does not read, or cannot be reached; nothing was taken, write again when there is room",
		"[{who} : ]la file d'envoi est pleine : le correspondant ne lit pas, ou est injoignable ; rien n'a été pris, réécrivez quand il y aura de la place"},
	{Frame, "WDS_E_FRAME",
		"[{who}: ]the bytes are no message of the transmission mode (do both ends use the same mode?)",
		"[{who} : ]les octets ne forment pas un message du mode de transmission (les deux côtés utilisent-ils le même mode ?)"},
	{TooLong, "WDS_E_TOO_LONG",
		"[{who}: ]the message is longer than the limit",
		"[{who} : ]le message dépasse la longueur maximale"},
	{TagInMessage, "WDS_E_TAG_IN_MESSAGE",
		"[{who}: ]the message to write contains the end tag or a marker: leave them out, the library adds them, or choose others",
		"[{who} : ]le message à écrire contient le marqueur de fin ou un autre marqueur : ne les ajoutez pas, la bibliothèque s'en charge, ou choisissez-en d'autres"},
	{Check, "WDS_E_CHECK",
		"[{who}: ]the check bytes of the message are wrong (it was damaged on the way, or the modes differ)",
		"[{who} : ]les octets de contrôle du message sont faux (message altéré en route, ou modes différents)"},
	{Text, "WDS_E_TEXT",
		"[{who}: ]the text cannot be converted between the character sets",
		"[{who} : ]le texte ne peut pas être converti entre les jeux de caractères"},
	{PortUnreachable, "WDS_E_PORT_UNREACHABLE",
		"[{who}: ]a datagram came back: no socket on that port",
		"[{who} : ]un datagramme est revenu : aucun socket sur ce port"},
	{DatagramSize, "WDS_E_DATAGRAM_SIZE",
		"[{who}: ]the datagram is too big to send",
		"[{who} : ]le datagramme est trop grand pour être envoyé"},
	{NoDestination, "WDS_E_NO_DESTINATION",
		"[{who}: ]no address given, and no datagram received yet that could be answered",
		"[{who} : ]aucune adresse donnée, et aucun datagramme reçu auquel répondre"},
	{TLSExpired, "WDS_E_TLS_EXPIRED",
		"the certificate[ of {who}] has expired; it has to be renewed (or the clock of this machine is wrong)",
		"le certificat[ de {who}] a expiré ; il doit être renouvelé (ou l'horloge de cette machine est fausse)"},
	{TLSNotYetValid, "WDS_E_TLS_NOT_YET_VALID",
		"the certificate[ of {who}] is not valid yet; check the clock of this machine",
		"le certificat[ de {who}] n'est pas encore valable ; vérifiez l'horloge de cette machine"},
	{TLSWrongHost, "WDS_E_TLS_WRONG_HOST",
		"the certificate is not made for[ {who},] the name that this server must have",
		"le certificat n'est pas établi pour[ {who},] le nom que ce serveur doit avoir"},
	{TLSSelfSigned, "WDS_E_TLS_SELF_SIGNED",
		"the certificate[ of {who}] is self-signed and not trusted here; add it to the authorities, or accept any certificate and pin its key",
		"le certificat[ de {who}] est auto-signé et n'est pas approuvé ici ; ajoutez-le aux autorités, ou acceptez tout certificat et épinglez sa clé"},
	{TLSUnknownAuthority, "WDS_E_TLS_UNKNOWN_AUTHORITY",
		"the certificate[ of {who}] is signed by an authority that is not trusted here; add it to the authorities",
		"le certificat[ de {who}] est signé par une autorité qui n'est pas approuvée ici ; ajoutez-la aux autorités"},
	{TLSMissingIntermediate, "WDS_E_TLS_MISSING_INTERMEDIATE",
		"[{who}: ]the peer did not send the certificate of its issuer; it has to be configured with its whole chain",
		"[{who} : ]le correspondant n'a pas envoyé le certificat de son émetteur ; il doit être configuré avec sa chaîne complète"},
	{TLSBadCertificate, "WDS_E_TLS_BAD_CERTIFICATE",
		"the certificate[ of {who}] cannot be accepted",
		"le certificat[ de {who}] ne peut pas être accepté"},
	{TLSPin, "WDS_E_TLS_PIN",
		"none of the keys[ of {who}] is pinned (the peer has a new key, or somebody stands in between)",
		"aucune des clés[ de {who}] n'est épinglée (le correspondant a une nouvelle clé, ou quelqu'un s'est interposé)"},
	{TLSCertificateFile, "WDS_E_TLS_CERTIFICATE_FILE",
		"the certificate, key or file of authorities[ {who}] cannot be used",
		"le certificat, la clé ou le fichier d'autorités[ {who}] est inutilisable"},
	{TLSKeyMismatch, "WDS_E_TLS_KEY_MISMATCH",
		"the private key does not belong to the certificate[ {who}]",
		"la clé privée ne correspond pas au certificat[ {who}]"},
	{TLSPassword, "WDS_E_TLS_PASSWORD",
		"the password[ of {who}] is wrong or missing",
		"le mot de passe[ de {who}] est faux ou absent"},
	{TLSNoCommonVersion, "WDS_E_TLS_NO_COMMON_VERSION",
		"[{who}: ]both ends have no TLS version in common; allow another version at one of them",
		"[{who} : ]les deux côtés n'ont aucune version de TLS en commun ; autorisez une autre version d'un côté"},
	{TLSNoClientCertificate, "WDS_E_TLS_NO_CLIENT_CERTIFICATE",
		"[{who}: ]the server wants a client certificate and got none",
		"[{who} : ]le serveur demande un certificat client et n'en a reçu aucun"},
	{TLSBadClientCertificate, "WDS_E_TLS_BAD_CLIENT_CERTIFICATE",
		"[{who}: ]the client certificate is not accepted",
		"[{who} : ]le certificat client n'est pas accepté"},
	{TLSTruncated, "WDS_E_TLS_TRUNCATED",
		"[{who}: ]the connection ended without the end mark of TLS; data may be missing",
		"[{who} : ]la connexion s'est terminée sans la fin normale de TLS ; des données peuvent manquer"},
	{TLSPlainText, "WDS_E_TLS_PLAIN_TEXT",
		"[{who}: ]the peer does not speak TLS here (check the port; some services need a command before TLS begins)",
		"[{who} : ]le correspondant ne parle pas TLS ici (vérifiez le port ; certains services attendent une commande avant TLS)"},
	{TLSHandshake, "WDS_E_TLS_HANDSHAKE",
		"[{who}: ]the TLS handshake failed",
		"[{who} : ]la négociation TLS a échoué"},
	{TLSSurplus, "WDS_E_TLS_SURPLUS",
		"[{who}: ]plain bytes came before TLS began; somebody may have put them there, close the connection",
		"[{who} : ]des octets en clair sont arrivés avant le début de TLS ; quelqu'un a pu les insérer, fermez la connexion"},
	{TLSNotSecured, "WDS_E_TLS_NOT_SECURED",
		"[{who}: ]there is no TLS on this connection",
		"[{who} : ]il n'y a pas de TLS sur cette connexion"},
	{TLSRecord, "WDS_E_TLS_RECORD",
		"[{who}: ]a TLS record is damaged or forged",
		"[{who} : ]un enregistrement TLS est endommagé ou falsifié"},
	{ProxyUnreachable, "WDS_E_PROXY_UNREACHABLE",
		"[{who}: ]the proxy cannot be reached",
		"[{who} : ]le proxy est injoignable"},
	{ProxyAuthentication, "WDS_E_PROXY_AUTHENTICATION",
		"[{who}: ]the proxy wants a user and a password, or does not accept those of WDS_TEXT_PROXY",
		"[{who} : ]le proxy demande un utilisateur et un mot de passe, ou n'accepte pas ceux de WDS_TEXT_PROXY"},
	{ProxyRefused, "WDS_E_PROXY_REFUSED",
		"[{who}: ]the proxy refuses to connect to this target",
		"[{who} : ]le proxy refuse de se connecter à cette cible"},
	{ProxyTarget, "WDS_E_PROXY_TARGET",
		"[{who}: ]the proxy cannot reach this target",
		"[{who} : ]le proxy ne peut pas joindre cette cible"},
	{ProxyProtocol, "WDS_E_PROXY_PROTOCOL",
		"[{who}: ]the proxy does not speak the protocol that WDS_TEXT_PROXY says",
		"[{who} : ]le proxy ne parle pas le protocole indiqué par WDS_TEXT_PROXY"},
	{WebSocketHandshake, "WDS_E_WEBSOCKET_HANDSHAKE",
		"[{who}: ]the WebSocket handshake failed",
		"[{who} : ]la négociation WebSocket a échoué"},
	{WebSocketRefused, "WDS_E_WEBSOCKET_REFUSED",
		"[{who}: ]the server refused the WebSocket",
		"[{who} : ]le serveur a refusé le WebSocket"},
	{WebSocketPlain, "WDS_E_WEBSOCKET_PLAIN",
		"[{who}: ]the peer does not speak WebSocket here (check the port and the path)",
		"[{who} : ]le correspondant ne parle pas WebSocket ici (vérifiez le port et le chemin)"},
	{WebSocketDenied, "WDS_E_WEBSOCKET_DENIED",
		"[{who}: ]this server refused the client's WebSocket request",
		"[{who} : ]ce serveur a refusé la demande WebSocket du client"},
	{WebSocketProtocol, "WDS_E_WEBSOCKET_PROTOCOL",
		"[{who}: ]the peer broke the WebSocket protocol",
		"[{who} : ]le correspondant a enfreint le protocole WebSocket"},
	{WebSocketText, "WDS_E_WEBSOCKET_TEXT",
		"[{who}: ]a text message of the peer is not UTF-8",
		"[{who} : ]un message texte du correspondant n'est pas en UTF-8"},
	{WebSocketTooLong, "WDS_E_WEBSOCKET_TOO_LONG",
		"[{who}: ]a WebSocket message of the peer is longer than the limit",
		"[{who} : ]un message WebSocket du correspondant dépasse la limite"},
	{WebSocketClosed, "WDS_E_WEBSOCKET_CLOSED",
		"[{who}: ]the peer closed the WebSocket",
		"[{who} : ]le correspondant a fermé le WebSocket"},
	{WebSocketAbnormal, "WDS_E_WEBSOCKET_ABNORMAL",
		"[{who}: ]the connection ended without a WebSocket close; data may be missing",
		"[{who} : ]la connexion s'est terminée sans fermeture WebSocket ; des données peuvent manquer"},
	{ProxyHeader, "WDS_E_PROXY_HEADER",
		"the PROXY header[ from {who}] is wrong",
		"l'en-tête PROXY[ de {who}] est incorrect"},
	{NoProxyHeader, "WDS_E_NO_PROXY_HEADER",
		"the connection[ from {who}] does not begin with a PROXY header, which this server requires (set send-proxy for it in the proxy, or accept connections without: WDS_OPT_PROXY_HEADER)",
		"la connexion[ de {who}] ne commence pas par un en-tête PROXY, exigé par ce serveur (activez send-proxy pour lui dans le proxy, ou acceptez les connexions sans en-tête : WDS_OPT_PROXY_HEADER)"},
	{ProxyUntrusted, "WDS_E_PROXY_UNTRUSTED",
		"[{who}: ]this server takes connections of trusted proxies only, and the address is not in WDS_TEXT_PROXY_TRUSTED",
		"[{who} : ]ce serveur n'accepte que les connexions de proxys de confiance, et l'adresse n'est pas dans WDS_TEXT_PROXY_TRUSTED"},
}

// phases has the words of a Phase at its own number.
var phases = [...]struct {
	name    string
	english string
	french  string
}{
	PhaseNone:      {"WDS_PHASE_NONE", "none", "aucune"},
	PhaseCall:      {"WDS_PHASE_CALL", "call", "appel"},
	PhaseResolve:   {"WDS_PHASE_RESOLVE", "name look-up", "recherche du nom"},
	PhaseConnect:   {"WDS_PHASE_CONNECT", "connect", "connexion"},
	PhaseListen:    {"WDS_PHASE_LISTEN", "listen", "écoute"},
	PhaseAccept:    {"WDS_PHASE_ACCEPT", "accept", "acceptation"},
	PhaseRead:      {"WDS_PHASE_READ", "read", "lecture"},
	PhaseWrite:     {"WDS_PHASE_WRITE", "write", "écriture"},
	PhaseFrame:     {"WDS_PHASE_FRAME", "framing", "découpage"},
	PhaseClose:     {"WDS_PHASE_CLOSE", "close", "fermeture"},
	PhaseOption:    {"WDS_PHASE_OPTION", "option", "option"},
	PhaseProxy:     {"WDS_PHASE_PROXY", "proxy", "proxy"},
	PhaseTLS:       {"WDS_PHASE_TLS", "TLS", "TLS"},
	PhaseWebSocket: {"WDS_PHASE_WEBSOCKET", "WebSocket", "WebSocket"},
}

// byCode finds a row by its code. Made by the first error, not by loading the library.
var byCode = sync.OnceValue(func() map[Code]*row {
	m := make(map[Code]*row, len(table))
	for i := range table {
		m[table[i].code] = &table[i]
	}
	return m
})

// Codes lists every code that exists, OK first, in the order of the header.
func Codes() []Code {
	codes := make([]Code, len(table))
	for i := range table {
		codes[i] = table[i].code
	}
	return codes
}

// Name is the code's name in the C header, "WDS_E_TIMEOUT", or its number for
// a code that does not exist.
func (c Code) Name() string {
	if r := byCode()[c]; r != nil {
		return r.name
	}
	return strconv.Itoa(int(c))
}

// Known tells whether the code is one of the table.
func (c Code) Known() bool { return byCode()[c] != nil }

// Text is the code's text with nobody named in it. A language that does not
// exist gives English.
func (c Code) Text(lang Language) string { return fill(c.template(lang), "") }

// template is the code's text with its {who} and brackets.
func (c Code) template(lang Language) string {
	r := byCode()[c]
	switch {
	case r != nil && lang == French:
		return r.french
	case r != nil:
		return r.english
	case lang == French:
		return "erreur inconnue " + strconv.Itoa(int(c))
	default:
		return "unknown error " + strconv.Itoa(int(c))
	}
}

// Name is the phase's name in the C header, "WDS_PHASE_READ", or its number
// for a phase that does not exist.
func (p Phase) Name() string {
	if p >= 0 && int(p) < len(phases) {
		return phases[p].name
	}
	return strconv.Itoa(int(p))
}

// Text is a short word for the phase, its number for one that does not exist.
func (p Phase) Text(lang Language) string {
	switch {
	case p < 0 || int(p) >= len(phases):
		return strconv.Itoa(int(p))
	case lang == French:
		return phases[p].french
	default:
		return phases[p].english
	}
}

// Phases lists every phase that exists, in the order of the header.
func Phases() []Phase {
	list := make([]Phase, len(phases))
	for i := range phases {
		list[i] = Phase(i)
	}
	return list
}

// fill puts who into a template: a part in square brackets stays without its
// brackets if somebody is named and is left out otherwise. Brackets inside who
// ("[::1]:80") are not touched.
func fill(template, who string) string {
	var b strings.Builder
	b.Grow(len(template) + len(who))
	for {
		before, rest, found := strings.Cut(template, "[")
		b.WriteString(strings.ReplaceAll(before, "{who}", who))
		if !found {
			return b.String()
		}
		optional, after, _ := strings.Cut(rest, "]")
		if who != "" {
			b.WriteString(strings.ReplaceAll(optional, "{who}", who))
		}
		template = after
	}
}
