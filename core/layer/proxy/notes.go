package proxy

import "wdsocket/core/fault"

// In the texts {who} is the target and {0} the proxy.
var (
	hintOnTheWay = fault.NewNote(
		"{who} is the proxy on the way to {alt}",
		"{who} est le proxy sur le chemin vers {alt}")

	noteNobody = fault.NewNote(
		"nothing listens there, or it refuses; see WDS_TEXT_PROXY, and whether the proxy runs",
		"rien n'y écoute, ou il refuse ; vérifiez WDS_TEXT_PROXY, et que le proxy est lancé")
	noteNoRoute = fault.NewNote(
		"no way leads to that host or network",
		"aucun chemin ne mène à cette machine ou à ce réseau")
	noteUnknown = fault.NewNote(
		"a host of that name does not exist; see WDS_TEXT_PROXY",
		"aucune machine de ce nom n'existe ; vérifiez WDS_TEXT_PROXY")
	noteNotLookedUp = fault.NewNote(
		"its name could not be looked up",
		"son nom n'a pas pu être résolu")

	noteSilent = fault.NewSentence(
		"the proxy {0} on the way to {who} has accepted the connection and not answered within {1} ms: it still waits for the target, or it speaks another protocol than WDS_TEXT_PROXY says",
		"le proxy {0} sur le chemin vers {who} a accepté la connexion et n'a pas répondu en {1} ms : il attend encore la cible, ou il parle un autre protocole que celui de WDS_TEXT_PROXY")
	noteSilentTLS = fault.NewSentence(
		"the proxy {0} on the way to {who} has accepted the connection and not answered the TLS handshake within {1} ms: it does not seem to speak TLS (write http:// instead of https://)",
		"le proxy {0} sur le chemin vers {who} a accepté la connexion et n'a pas répondu à la négociation TLS en {1} ms : il ne semble pas parler TLS (écrivez http:// au lieu de https://)")
	noteHungUp = fault.NewSentence(
		"the proxy {0} on the way to {who} has closed the connection without an answer: it does not serve this machine or this target, or it speaks another protocol than WDS_TEXT_PROXY says",
		"le proxy {0} sur le chemin vers {who} a fermé la connexion sans répondre : il ne sert pas cette machine ou cette cible, ou il parle un autre protocole que celui de WDS_TEXT_PROXY")
	noteHungUpMidway = fault.NewSentence(
		"the proxy {0} on the way to {who} has closed the connection before its answer was whole",
		"le proxy {0} sur le chemin vers {who} a fermé la connexion avant la fin de sa réponse")

	noteRefused = fault.NewSentence(
		"the proxy {0} on the way to {who} refuses to connect to {1}: {2}",
		"le proxy {0} sur le chemin vers {who} refuse de se connecter à {1} : {2}")
	noteRuleset = fault.NewSentence(
		"the proxy {0} on the way to {who} refuses to connect to {1}: its rules do not allow it",
		"le proxy {0} sur le chemin vers {who} refuse de se connecter à {1} : ses règles ne le permettent pas")
	noteAddressType = fault.NewSentence(
		"the proxy {0} on the way to {who} cannot connect to {1}: it does not know this type of address (names need socks5h://, or socks5:// where it takes addresses alone)",
		"le proxy {0} sur le chemin vers {who} ne peut pas se connecter à {1} : il ne connaît pas ce type d'adresse (les noms demandent socks5h://, ou socks5:// s'il n'accepte que des adresses)")
	noteReply = fault.NewSentence(
		"the proxy {0} on the way to {who} refuses to connect to {1}: SOCKS5 reply {2}",
		"le proxy {0} sur le chemin vers {who} refuse de se connecter à {1} : réponse SOCKS5 {2}")

	noteWantsUser = fault.NewSentence(
		"the proxy {0} on the way to {who} wants a user and a password: write them before the host in WDS_TEXT_PROXY, \"scheme://user:password@host:port\"",
		"le proxy {0} sur le chemin vers {who} demande un utilisateur et un mot de passe : écrivez-les devant l'hôte dans WDS_TEXT_PROXY, « schéma://utilisateur:motdepasse@hôte:port »")
	noteWrongUser = fault.NewSentence(
		"the proxy {0} on the way to {who} does not accept the user and the password of WDS_TEXT_PROXY",
		"le proxy {0} sur le chemin vers {who} n'accepte pas l'utilisateur et le mot de passe de WDS_TEXT_PROXY")
	noteOtherMethod = fault.NewSentence(
		"the proxy {0} on the way to {who} wants another authentication than user and password, such as Kerberos, which this library does not have",
		"le proxy {0} sur le chemin vers {who} demande une autre authentification que l'utilisateur et le mot de passe, par exemple Kerberos, que cette bibliothèque ne propose pas")
	noteOtherSchemes = fault.NewSentence(
		"the proxy {0} on the way to {who} wants another authentication than Basic, which this library does not have: {1}",
		"le proxy {0} sur le chemin vers {who} demande une autre authentification que Basic, que cette bibliothèque ne propose pas : {1}")

	noteTargetSays = fault.NewSentence(
		"the proxy {0} cannot reach {who}: {2}",
		"le proxy {0} ne peut pas joindre {who} : {2}")
	noteTargetFailed = fault.NewSentence(
		"the proxy {0} cannot reach {who}, and does not say why",
		"le proxy {0} ne peut pas joindre {who}, et ne dit pas pourquoi")
	noteTargetNoRoute = fault.NewSentence(
		"the proxy {0} cannot reach {who}: it has no way to that host or network",
		"le proxy {0} ne peut pas joindre {who} : il n'a pas de chemin vers cette machine ou ce réseau")
	noteTargetRefused = fault.NewSentence(
		"the proxy {0} cannot reach {who}: nothing listens there, or it refuses",
		"le proxy {0} ne peut pas joindre {who} : rien n'y écoute, ou il refuse")
	noteTargetNoAnswer = fault.NewSentence(
		"the proxy {0} cannot reach {who}: it does not answer in time",
		"le proxy {0} ne peut pas joindre {who} : il ne répond pas à temps")

	noteProxySays = fault.NewSentence(
		"the proxy {0} on the way to {who} cannot reach the next proxy, {1}: {3}",
		"le proxy {0} sur le chemin vers {who} ne peut pas joindre le proxy suivant, {1} : {3}")
	noteProxyFailed = fault.NewSentence(
		"the proxy {0} on the way to {who} cannot reach the next proxy, {1}, and does not say why",
		"le proxy {0} sur le chemin vers {who} ne peut pas joindre le proxy suivant, {1}, et ne dit pas pourquoi")
	noteProxyNoRoute = fault.NewSentence(
		"the proxy {0} on the way to {who} cannot reach the next proxy, {1}: it has no way to that host or network",
		"le proxy {0} sur le chemin vers {who} ne peut pas joindre le proxy suivant, {1} : il n'a pas de chemin vers cette machine ou ce réseau")
	noteProxyRefused = fault.NewSentence(
		"the proxy {0} on the way to {who} cannot reach the next proxy, {1}: nothing listens there, or it refuses",
		"le proxy {0} sur le chemin vers {who} ne peut pas joindre le proxy suivant, {1} : rien n'y écoute, ou il refuse")
	noteProxyNoAnswer = fault.NewSentence(
		"the proxy {0} on the way to {who} cannot reach the next proxy, {1}: it does not answer in time",
		"le proxy {0} sur le chemin vers {who} ne peut pas joindre le proxy suivant, {1} : il ne répond pas à temps")

	noteNotSOCKS = fault.NewSentence(
		"the proxy {0} on the way to {who} does not speak SOCKS5: its answer is {1}",
		"le proxy {0} sur le chemin vers {who} ne parle pas SOCKS5 : sa réponse est {1}")
	noteNotHTTP = fault.NewSentence(
		"the proxy {0} on the way to {who} does not speak HTTP: its answer begins with {1}",
		"le proxy {0} sur le chemin vers {who} ne parle pas HTTP : sa réponse commence par {1}")
	noteNoTLS = fault.NewSentence(
		"the proxy {0} on the way to {who} does not speak TLS: write http:// instead of https://",
		"le proxy {0} sur le chemin vers {who} ne parle pas TLS : écrivez http:// au lieu de https://")
	noteLongHead = fault.NewSentence(
		"the answer of the proxy {0} on the way to {who} does not end within {1} bytes",
		"la réponse du proxy {0} sur le chemin vers {who} ne se termine pas en {1} octets")

	hintHTTP = fault.NewNote(
		"it seems to be an HTTP proxy: write http:// instead of socks5://",
		"il semble être un proxy HTTP : écrivez http:// au lieu de socks5://")
	hintHTTPS = fault.NewNote(
		"it seems to want TLS: write https:// instead of http://",
		"il semble attendre TLS : écrivez https:// au lieu de http://")
	hintSOCKS = fault.NewNote(
		"it seems to be a SOCKS proxy: write socks5:// or socks5h:// instead of http://",
		"il semble être un proxy SOCKS : écrivez socks5:// ou socks5h:// au lieu de http://")
	hintSOCKS4 = fault.NewNote(
		"it seems to know SOCKS4 only, which this library does not have",
		"il semble ne connaître que SOCKS4, que cette bibliothèque ne propose pas")
)
