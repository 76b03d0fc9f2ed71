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
		"no answer from {who} within {0} ms, where a closed port would have refused: check the address, that the machine is on, that no firewall drops the packets, and that the server is not too busy to accept",
		"pas de réponse de {who} en {0} ms, alors qu'un port fermé aurait refusé : vérifiez l'adresse, que la machine est allumée, qu'aucun pare-feu ne bloque les paquets, et que le serveur n'est pas trop occupé pour accepter")
	textNoAnswerYet = fault.NewSentence(
		"no answer from {who} within {0} ms: try again with a longer time-out; if there is still no answer, check the address, that the machine is on, that no firewall drops the packets, and that the server is not too busy to accept",
		"pas de réponse de {who} en {0} ms : réessayez avec un délai plus long ; s'il n'y a toujours pas de réponse, vérifiez l'adresse, que la machine est allumée, qu'aucun pare-feu ne bloque les paquets, et que le serveur n'est pas trop occupé pour accepter")
	textNoAnswerHere = fault.NewSentence(
		"no answer from {who} on this machine within {0} ms: try again with a longer time-out; if there is still no answer, check that the server is not too busy to accept, and that no firewall drops the packets",
		"pas de réponse de {who} sur cette machine en {0} ms : réessayez avec un délai plus long ; s'il n'y a toujours pas de réponse, vérifiez que le serveur n'est pas trop occupé pour accepter, et qu'aucun pare-feu ne bloque les paquets")
	textFamily = fault.NewSentence(
		"{who} is an {0} address, but WDS_OPT_ADDRESS_FAMILY allows {1} only: set that option to 0 for both, or give an {1} address",
		"{who} est une adresse {0}, mais WDS_OPT_ADDRESS_FAMILY n'autorise que {1} : mettez cette option à 0 pour les deux, ou indiquez une adresse {1}")
	hintListensAt = fault.NewNote(
		"a server on this machine listens at {alt}: connect to {alt}, or make that server listen on all addresses (address \"\")",
		"sur cette machine, un serveur écoute sur {alt} : connectez-vous à {alt}, ou faites écouter ce serveur sur toutes les adresses (adresse \"\")")
	textServerSilent = fault.NewSentence(
		"the host name {who} was not resolved: the name server {0} did not answer within {1} ms: try again with a longer time-out; if it still does not answer, check the network and that server, use another one (WDS_TEXT_DNS_SERVER), or connect to the IP address",
		"le nom de machine {who} n'a pas pu être résolu : le serveur de noms {0} n'a pas répondu en {1} ms : réessayez avec un délai plus long ; s'il ne répond toujours pas, vérifiez le réseau et ce serveur, utilisez-en un autre (WDS_TEXT_DNS_SERVER), ou connectez-vous à l'adresse IP")
	textServersSilent = fault.NewSentence(
		"the host name {who} was not resolved: the name servers of this machine did not answer within {1} ms: try again with a longer time-out; if they still do not answer, check its network, use another one (WDS_TEXT_DNS_SERVER), or connect to the IP address",
		"le nom de machine {who} n'a pas pu être résolu : les serveurs de noms de cette machine n'ont pas répondu en {1} ms : réessayez avec un délai plus long ; s'ils ne répondent toujours pas, vérifiez son réseau, utilisez-en un autre (WDS_TEXT_DNS_SERVER), ou connectez-vous à l'adresse IP")
	textServerFailed = fault.NewSentence(
		"the host name {who} was not resolved: the name server {0} reports a failure (SERVFAIL), which may be temporary: try again; if it goes on, have that server checked or use another one (WDS_TEXT_DNS_SERVER), or connect to the IP address",
		"le nom de machine {who} n'a pas pu être résolu : le serveur de noms {0} signale une erreur (SERVFAIL), peut-être passagère : réessayez ; si elle persiste, faites vérifier ce serveur ou utilisez-en un autre (WDS_TEXT_DNS_SERVER), ou connectez-vous à l'adresse IP")
	textServersFailed = fault.NewSentence(
		"the host name {who} was not resolved: the name servers of this machine report a failure (SERVFAIL), which may be temporary: try again; if it goes on, have them checked or use another one (WDS_TEXT_DNS_SERVER), or connect to the IP address",
		"le nom de machine {who} n'a pas pu être résolu : les serveurs de noms de cette machine signalent une erreur (SERVFAIL), peut-être passagère : réessayez ; si elle persiste, faites-les vérifier ou utilisez-en un autre (WDS_TEXT_DNS_SERVER), ou connectez-vous à l'adresse IP")
	textServerUseless = fault.NewSentence(
		"the host name {who} was not resolved: the name server {0} gave no usable answer (it does not run there, or refuses the question); check that server, or connect to the IP address",
		"le nom de machine {who} n'a pas pu être résolu : le serveur de noms {0} n'a pas donné de réponse utilisable (il n'est pas en service à cette adresse, ou refuse la question) ; vérifiez ce serveur, ou connectez-vous à l'adresse IP")
	textServersUseless = fault.NewSentence(
		"the host name {who} was not resolved: the name servers of this machine gave no usable answer; check them and the network, or connect to the IP address",
		"le nom de machine {who} n'a pas pu être résolu : les serveurs de noms de cette machine n'ont pas donné de réponse utilisable ; vérifiez-les ainsi que le réseau, ou connectez-vous à l'adresse IP")
	textBlank = fault.NewSentence(
		"the host name \"{who}\" is not valid: a host name cannot contain a space; give the name or the IP address of the machine",
		"le nom de machine \"{who}\" n'est pas valide : un nom de machine ne contient jamais d'espace ; indiquez le nom ou l'adresse IP de la machine")
	textTakenBy = fault.NewSentence(
		"{who} is already used by {0} (process {1}): end that program, or choose another port",
		"{who} est déjà utilisé par {0} (processus {1}) : terminez ce programme, ou choisissez un autre port")
	textTakenByProcess = fault.NewSentence(
		"{who} is already used by the program with the process number {0}: end that program, or choose another port",
		"{who} est déjà utilisé par le programme dont le numéro de processus est {0} : terminez ce programme, ou choisissez un autre port")
	textTakenHere = fault.NewSentence(
		"{who} is already used by another socket of this program: close that socket first, or choose another port",
		"{who} est déjà utilisé par un autre socket de ce programme : fermez d'abord ce socket, ou choisissez un autre port")
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
func noAnswer(e *fault.Error, waited time.Duration, local bool) error {
	refused := time.Second
	if runtime.GOOS == "windows" {
		refused = 3 * time.Second
	}
	text := textNoAnswer
	switch {
	case local:
		text = textNoAnswerHere
	case waited < refused:
		text = textNoAnswerYet
	}
	return e.With(text, strconv.FormatInt(waited.Milliseconds(), 10))
}
