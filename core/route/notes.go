package route

import "wdsocket/core/fault"

var (
	noteForm = fault.NewNote(
		"\"{0}\" is no proxy: write \"http://host:port\", \"https://host:port\", \"socks5://host:port\" or \"socks5h://host:port\", with \"user:password@\" before the host where the proxy wants that (special characters as %40), or \"system\" alone",
		"« {0} » n'est pas un proxy : écrivez « http://hôte:port », « https://hôte:port », « socks5://hôte:port » ou « socks5h://hôte:port », avec « utilisateur:motdepasse@ » devant l'hôte si le proxy le demande (caractères spéciaux sous la forme %40), ou « system » seul")
	noteProtocol = fault.NewNote(
		"\"{0}\" is not the protocol of a proxy that is known: http, https, socks5 and socks5h are",
		"« {0} » n'est pas un protocole de proxy connu : http, https, socks5 et socks5h le sont")
	noteMost = fault.NewNote(
		"{0} proxies, at most {1} may follow each other",
		"{0} proxys, {1} au plus peuvent se suivre")
	noteColon = fault.NewNote(
		"the user in \"{0}\" contains a colon, which Basic authentication cannot carry",
		"l'utilisateur dans « {0} » contient deux-points, ce que l'authentification Basic ne permet pas")
	noteSecretLength = fault.NewNote(
		"the user and the password in \"{0}\" may have at most {1} bytes for SOCKS5, and the user at least one",
		"l'utilisateur et le mot de passe dans « {0} » ont au plus {1} octets pour SOCKS5, et l'utilisateur au moins un")
	noteZone = fault.NewNote(
		"{0} has a zone, which means something on this machine only, and cannot be reached through {1}: add it to WDS_TEXT_PROXY_EXCEPTIONS",
		"{0} a une zone, qui n'a de sens que sur cette machine, et ne peut pas être joint via {1} : ajoutez-le à WDS_TEXT_PROXY_EXCEPTIONS")
	noteSystem = fault.NewSentence(
		"the system's setting of a proxy for {who} is not understood: {0}",
		"le réglage de proxy du système pour {who} n'est pas compris : {0}")
	notePattern = fault.NewNote(
		"\"{0}\" is no exception: write names (\"example.com\", with all names below it), \"*.example.com\", addresses, networks (\"10.0.0.0/8\"), each with a port if need be, \"<local>\" or \"*\", separated by commas or blanks",
		"« {0} » n'est pas une exception : écrivez des noms (« example.com », avec tous les noms au-dessous), « *.example.com », des adresses, des réseaux (« 10.0.0.0/8 »), avec un port s'il le faut, « <local> » ou « * », séparés par des virgules ou des espaces")
)
