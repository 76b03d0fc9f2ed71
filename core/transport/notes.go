package transport

import (
	"runtime"
	"strconv"
	"time"

	"wdsocket/core/fault"
)

var (
	noteMetItself = fault.NewNote(
		"nothing listens there, and the own port is that port: the connection would have been one with itself",
		"aucun programme n'y écoute, et le port local est ce même port : la connexion se serait faite avec elle-même")
	noteGroupInterface = fault.NewNote(
		"the system does not know on which interface: name it as in {0}%eth0, or by WDS_TEXT_MULTICAST_INTERFACE",
		"le système ne sait pas sur quelle interface : indiquez-la comme dans {0}%eth0, ou par WDS_TEXT_MULTICAST_INTERFACE")
	textNoAnswer = fault.NewSentence(
		"no answer from {who} within {0} ms: the machine is switched off, the address is wrong, a firewall drops the packets, or the server is too busy to accept",
		"pas de réponse de {who} en {0} ms : la machine est éteinte, l'adresse est incorrecte, un pare-feu bloque les paquets, ou le serveur est trop occupé pour accepter")
	hintNotRefused = fault.NewNote(
		"a closed port would have refused by now",
		"un port fermé aurait déjà refusé")
	hintShortTime = fault.NewNote(
		"the time-out may also be too short",
		"le délai est peut-être aussi trop court")
	textFamily = fault.NewSentence(
		"{who} is an {0} address, but WDS_OPT_ADDRESS_FAMILY allows {1} only: set that option to 0 for both, or give an {1} address",
		"{who} est une adresse {0}, mais WDS_OPT_ADDRESS_FAMILY n'autorise que {1} : mettez cette option à 0 pour les deux, ou indiquez une adresse {1}")
	hintListensAt = fault.NewNote(
		"a server on this machine listens at {alt}: connect to that address, or make that server listen on all addresses (address \"\")",
		"sur cette machine, un serveur écoute sur {alt} : connectez-vous à cette adresse, ou faites-le écouter sur toutes les adresses (adresse \"\")")
	textServerSilent = fault.NewSentence(
		"the host name {who} was not resolved: the name server {0} did not answer within {1} ms; check the network and that server, or connect to the IP address",
		"le nom de machine {who} n'a pas pu être résolu : le serveur de noms {0} n'a pas répondu en {1} ms ; vérifiez le réseau et ce serveur, ou connectez-vous à l'adresse IP")
	textServersSilent = fault.NewSentence(
		"the host name {who} was not resolved: the name servers of this machine did not answer within {1} ms; check its network, or connect to the IP address",
		"le nom de machine {who} n'a pas pu être résolu : les serveurs de noms de cette machine n'ont pas répondu en {1} ms ; vérifiez son réseau, ou connectez-vous à l'adresse IP")
	textServerFailed = fault.NewSentence(
		"the host name {who} was not resolved: the name server {0} reports a failure (SERVFAIL); check that server, or connect to the IP address",
		"le nom de machine {who} n'a pas pu être résolu : le serveur de noms {0} signale une erreur (SERVFAIL) ; vérifiez ce serveur, ou connectez-vous à l'adresse IP")
	textServersFailed = fault.NewSentence(
		"the host name {who} was not resolved: the name servers of this machine report a failure (SERVFAIL); check them, or connect to the IP address",
		"le nom de machine {who} n'a pas pu être résolu : les serveurs de noms de cette machine signalent une erreur (SERVFAIL) ; vérifiez-les, ou connectez-vous à l'adresse IP")
	textServerUseless = fault.NewSentence(
		"the host name {who} was not resolved: the name server {0} gave no usable answer (it does not run there, or refuses the question); check that server, or connect to the IP address",
		"le nom de machine {who} n'a pas pu être résolu : le serveur de noms {0} n'a pas donné de réponse utilisable (il n'est pas en service à cette adresse, ou refuse la question) ; vérifiez ce serveur, ou connectez-vous à l'adresse IP")
	textServersUseless = fault.NewSentence(
		"the host name {who} was not resolved: the name servers of this machine gave no usable answer; check them and the network, or connect to the IP address",
		"le nom de machine {who} n'a pas pu être résolu : les serveurs de noms de cette machine n'ont pas donné de réponse utilisable ; vérifiez-les ainsi que le réseau, ou connectez-vous à l'adresse IP")
	textBlank = fault.NewSentence(
		"the host name \"{who}\" is not valid: a host name contains no space",
		"le nom de machine \"{who}\" n'est pas valide : un nom de machine ne contient jamais d'espace")
	textTakenBy = fault.NewSentence(
		"the port of {who} is already used by {0} (process {1}): end that program, or choose another port",
		"le port de {who} est déjà utilisé par {0} (processus {1}) : terminez ce programme, ou choisissez un autre port")
	textTakenByProcess = fault.NewSentence(
		"the port of {who} is already used by the program with the process number {0}: end that program, or choose another port",
		"le port de {who} est déjà utilisé par le programme dont le numéro de processus est {0} : terminez ce programme, ou choisissez un autre port")
	textTakenHere = fault.NewSentence(
		"the port of {who} is already used by another socket of this program: close that socket first, or choose another port",
		"le port de {who} est déjà utilisé par un autre socket de ce programme : fermez d'abord ce socket, ou choisissez un autre port")
	textRangeTaken = fault.NewSentence(
		"every port of {who} is already used: end a program that has one, or choose a wider range",
		"tous les ports de {who} sont déjà utilisés : terminez un programme qui en occupe un, ou choisissez une plage plus large")
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

// noAnswer says in the error of an attempt that nothing answered it for a time. A closed port
// is refused after one round trip; Windows tries again for 2 s before it says so.
func noAnswer(e *fault.Error, waited time.Duration) error {
	refused := time.Second
	if runtime.GOOS == "windows" {
		refused = 3 * time.Second
	}
	e.With(textNoAnswer, strconv.FormatInt(waited.Milliseconds(), 10))
	if waited < refused {
		return e.Advise(hintShortTime, "")
	}
	return e.Advise(hintNotRefused, "")
}
