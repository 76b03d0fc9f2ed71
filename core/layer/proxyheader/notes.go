package proxyheader

import "wdsocket/core/fault"

var (
	noteLongV1 = fault.NewNote(
		"version 1: no line end within {0} bytes: {1}",
		"version 1 : pas de fin de ligne dans les {0} premiers octets : {1}")
	noteLongV2 = fault.NewNote(
		"version 2: {0} bytes are announced, at most {1} are allowed",
		"version 2 : {0} octets sont annoncés, au plus {1} sont permis")
	noteShortV2 = fault.NewNote(
		"version 2: {0} bytes are announced, too few for addresses of the family {1}",
		"version 2 : {0} octets sont annoncés, trop peu pour des adresses de la famille {1}")
	noteCommand = fault.NewNote(
		"version 2: the version or command {0} is not known",
		"version 2 : la version ou la commande {0} est inconnue")
	noteFamily = fault.NewNote(
		"version 2: the address family or protocol {0} is not one of a connection",
		"version 2 : la famille d'adresses ou le protocole {0} n'est pas celui d'une connexion")
	noteLine = fault.NewNote(
		"it is not as the protocol says: {0}",
		"il n'est pas conforme au protocole : {0}")
	noteTLV = fault.NewNote(
		"version 2: one of the TLVs is cut off",
		"version 2 : un des TLV est incomplet")
	noteChecksum = fault.NewNote(
		"version 2: the checksum (CRC32C) is wrong",
		"version 2 : la somme de contrôle (CRC32C) est fausse")
	noteCut = fault.NewNote(
		"the connection ended inside it, after {0} bytes: {1}",
		"la connexion s'est terminée au milieu, après {0} octets : {1}")
	noteInstead = fault.NewNote(
		"the first bytes are {0}",
		"les premiers octets sont {0}")
	textLate = fault.NewSentence(
		"the proxy {who} has not sent its PROXY header within {0} ms: is send-proxy set for this server in the proxy? (WDS_OPT_PROXY_HEADER_TIMEOUT)",
		"le proxy {who} n'a pas envoyé son en-tête PROXY en {0} ms : send-proxy est-il activé pour ce serveur dans le proxy ? (WDS_OPT_PROXY_HEADER_TIMEOUT)")
	notePrefix = fault.NewNote(
		"\"{0}\" is no IP address, no prefix such as 10.0.0.0/8, and not unix:",
		"« {0} » n'est ni une adresse IP, ni un préfixe comme 10.0.0.0/8, ni unix:")
)
