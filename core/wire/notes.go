package wire

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
)
