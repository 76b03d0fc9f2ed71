package frame

import "wdsocket/core/fault"

// The sentences about protocols with framers of their own.
var (
	noteModbusNoise = fault.NewNote(
		"no message of MODBUS RTU begins with {0}; the next one follows",
		"aucun message MODBUS RTU ne commence par {0} ; le suivant arrive derrière")
	noteModbusNone = fault.NewNote(
		"nowhere in {1} bytes is the CRC of MODBUS RTU right: {0}; check that the gateway passes RTU on and not MODBUS TCP, and which end this is (\"modbus-rtu\" reads answers, \"modbus-rtu-slave\" requests)",
		"le CRC de MODBUS RTU n'est juste nulle part dans {1} octets : {0} ; vérifiez que la passerelle transmet du RTU et non du MODBUS TCP, et de quel côté vous êtes (« modbus-rtu » lit les réponses, « modbus-rtu-slave » les demandes)")
	noteModbusSize = fault.NewNote(
		"a message of MODBUS RTU has {1} to {2} bytes, address, function and data, without the CRC; this one has {0}",
		"un message MODBUS RTU a de {1} à {2} octets, adresse, fonction et données, sans le CRC ; celui-ci en a {0}")
	noteDNP3Noise = fault.NewNote(
		"a frame of DNP3 begins with 05 64, this came instead: {0}",
		"une trame DNP3 commence par 05 64, ceci est arrivé à la place : {0}")
	noteDNP3Size = fault.NewNote(
		"a message of DNP3 has 5 to 255 bytes: control, destination, source and data, without start, length and check bytes; this one has {0}",
		"un message DNP3 a de 5 à 255 octets : commande, destination, source et données, sans début, longueur ni octets de contrôle ; celui-ci en a {0}")
	noteStuffedEmpty = fault.NewNote(
		"an empty message cannot be sent: nothing between two marks {0} is skipped",
		"un message vide ne peut être envoyé : rien entre deux marques {0} est ignoré")
	noteRedis = fault.NewNote(
		"the bytes {0} belong to no value of the Redis protocol, RESP: a type such as + - : $ *, what it needs, and CR LF",
		"les octets {0} n'appartiennent à aucune valeur du protocole Redis, RESP : un type comme + - : $ *, ce qu'il lui faut, et CR LF")
	noteRedisWhole = fault.NewNote(
		"a message of the Redis protocol is one whole value, or a command as a line, with its CR LF; of these {0} bytes the value takes {1}",
		"un message du protocole Redis est une seule valeur entière, ou une commande en une ligne, avec son CR LF ; de ces {0} octets, la valeur en prend {1}")
	notePostgres = fault.NewNote(
		"the bytes {0} have a length that no message of PostgreSQL has; the answer to a request for TLS is one byte, which WDSocketReadExactly reads",
		"les octets {0} ont une longueur qu'aucun message de PostgreSQL n'a ; la réponse à une demande de TLS est un seul octet, que lit WDSocketReadExactly")
)
