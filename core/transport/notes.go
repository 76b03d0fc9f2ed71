package transport

import "wdsocket/core/fault"

var (
	noteMetItself = fault.NewNote(
		"nothing listens there, and the own port is that port: the connection would have been one with itself",
		"aucun programme n'y écoute, et le port local est ce même port : la connexion se serait faite avec elle-même")
	noteGroupInterface = fault.NewNote(
		"the system does not know on which interface: name it as in {0}%eth0, or by WDS_TEXT_MULTICAST_INTERFACE",
		"le système ne sait pas sur quelle interface : indiquez-la comme dans {0}%eth0, ou par WDS_TEXT_MULTICAST_INTERFACE")
	noteOtherFamily = fault.NewNote(
		"the socket's own address is of the other version of IP",
		"l'adresse locale de la socket est de l'autre version d'IP")
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
