package transport

import "wdsocket/core/fault"

var (
	noteMetItself = fault.NewNote(
		"nothing listens there, and the own port is that port: the connection would have been one with itself",
		"aucun programme n'y écoute, et le port local est ce même port : la connexion se serait faite avec elle-même")
	noteGroupInterface = fault.NewNote(
		"the system does not know on which interface: name it as in {0}%eth0, or by WDS_TEXT_MULTICAST_INTERFACE",
		"le système ne sait pas sur quelle interface : indiquez-la comme dans {0}%eth0, ou par WDS_TEXT_MULTICAST_INTERFACE")
	textNoAnswer = fault.NewSentence(
		"no answer from {who} within {0} ms: the machine is switched off, the address is wrong, or a firewall drops the packets (a closed port would have refused at once)",
		"pas de réponse de {who} en {0} ms : la machine est éteinte, l'adresse est fausse, ou un pare-feu jette les paquets (un port fermé aurait refusé aussitôt)")
	textFamily = fault.NewSentence(
		"{who} is an {0} address, and WDS_OPT_ADDRESS_FAMILY allows {1} only: set that option to 0 for both, or give an {1} address",
		"{who} est une adresse {0}, et WDS_OPT_ADDRESS_FAMILY ne permet que {1} : mettez cette option à 0 pour les deux, ou indiquez une adresse {1}")
	hintListensAt = fault.NewNote(
		"on this machine the server listens at {alt}: connect to that address, or let the server listen on all addresses (\"\")",
		"sur cette machine, le serveur écoute sur {alt} : connectez-vous à cette adresse, ou faites-le écouter sur toutes les adresses (\"\")")
	textServerSilent = fault.NewSentence(
		"the host name {who} could not be looked up: the name server {0} has not answered within {1} ms; check the network and that server, or connect to the IP address",
		"le nom de machine {who} n'a pas pu être recherché : le serveur de noms {0} n'a pas répondu en {1} ms ; vérifiez le réseau et ce serveur, ou connectez-vous à l'adresse IP")
	textServersSilent = fault.NewSentence(
		"the host name {who} could not be looked up: the name servers of this machine have not answered within {1} ms; check its network, or connect to the IP address",
		"le nom de machine {who} n'a pas pu être recherché : les serveurs de noms de cette machine n'ont pas répondu en {1} ms ; vérifiez son réseau, ou connectez-vous à l'adresse IP")
	textServerFailed = fault.NewSentence(
		"the host name {who} could not be looked up: the name server {0} reports a failure ({1}); check that server, or connect to the IP address",
		"le nom de machine {who} n'a pas pu être recherché : le serveur de noms {0} signale une erreur ({1}) ; vérifiez ce serveur, ou connectez-vous à l'adresse IP")
	textServersFailed = fault.NewSentence(
		"the host name {who} could not be looked up: the name servers of this machine report a failure ({1}); check them, or connect to the IP address",
		"le nom de machine {who} n'a pas pu être recherché : les serveurs de noms de cette machine signalent une erreur ({1}) ; vérifiez-les, ou connectez-vous à l'adresse IP")
	textBlank = fault.NewSentence(
		"the host name \"{who}\" does not exist: no host name has a blank in it",
		"le nom de machine \"{who}\" n'existe pas : un nom de machine ne contient pas d'espace")
	textTakenBy = fault.NewSentence(
		"the port of {who} is used already, by {0} (process {1}): end that program, or choose another port",
		"le port de {who} est déjà utilisé, par {0} (processus {1}) : terminez ce programme, ou choisissez un autre port")
	textTakenHere = fault.NewSentence(
		"the port of {who} is used already, by another socket of this program: close that socket first, or choose another port",
		"le port de {who} est déjà utilisé, par un autre socket de ce programme : fermez d'abord ce socket, ou choisissez un autre port")
	noteOtherFamily = fault.NewNote(
		"the socket's own address is of the other version of IP",
		"l'adresse locale du socket est de l'autre version d'IP")
	noteNoName = fault.NewNote(
		"\"{0}\" has no form in the DNS",
		"« {0} » n'a pas de forme dans le DNS")
	noteOwnResolver = fault.NewNote(
		"the hosts file and the name servers were asked; for a name that only the system's functions know (mDNS, NIS and the like) set WDS_OPT_SYSTEM_RESOLVER",
		"le fichier hosts et les serveurs de noms ont été interrogés ; pour un nom que seules les fonctions du système connaissent (mDNS, NIS, etc.), activez WDS_OPT_SYSTEM_RESOLVER")
	noteOnlyServer = fault.NewNote(
		"the hosts file and the name server {0} were asked; for a name that only the system's functions know set WDS_OPT_SYSTEM_RESOLVER, without WDS_TEXT_DNS_SERVER",
		"le fichier hosts et le serveur de noms {0} ont été interrogés ; pour un nom que seules les fonctions du système connaissent, activez WDS_OPT_SYSTEM_RESOLVER, sans WDS_TEXT_DNS_SERVER")
)
