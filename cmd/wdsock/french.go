package main

// What --help says, in French: a test compares that there is a text for each.

// frenchGroups are titles of options.
var frenchGroups = map[string]string{
	"Connection": "Connexion",
	"Messages":   "Messages",
	"TLS":        "TLS",
	"WebSocket":  "WebSocket",
}

// frenchTexts are those of commands, arguments and options, by the English ones.
var frenchTexts = map[string]string{
	"Show context-sensitive help.":                                     "Afficher cette aide.",
	"Language of errors and reports; that of the system unless given.": "Langue des erreurs et des rapports ; à défaut, celle du système.",
	"One JSON object a line instead of text, for other programs.":      "Un objet JSON par ligne au lieu de texte, pour d'autres programmes.",
	"Colours: auto (on a terminal), always, never.":                    "Couleurs : auto (sur un terminal), always (toujours), never (jamais).",
	"Show the version.": "Afficher la version.",
	"Connect, send what is typed and show what comes.":                    "Se connecter, envoyer ce qui est tapé et montrer ce qui arrive.",
	"Be a server: show what clients send, echo or answer it.":             "Être un serveur : montrer ce qu'envoient les clients, le renvoyer ou y répondre.",
	"Tell what is at an address: name, port, TLS, framing.":               "Dire ce qui est à une adresse : nom, port, TLS, découpage en messages.",
	"Stand between two programs and show what they say.":                  "Se placer entre deux programmes et montrer ce qu'ils se disent.",
	"Measure an echo server: messages a second, latencies.":               "Mesurer un serveur d'écho : messages par seconde, latences.",
	"Connect to a WebSocket: as connect, message by message.":             "Se connecter à un WebSocket : comme connect, message par message.",
	"Send and receive datagrams.":                                         "Envoyer et recevoir des datagrammes.",
	"A server that sends back what it gets: wdsock listen --echo is one.": "Un serveur qui renvoie ce qu'il reçoit, comme wdsock listen --echo.",
	"Where a message ends: raw, size, a preset (line, stx-etx-bcc, modbus-tcp, mllp ...) or a description (\"02 data 03\"). Raw unless given.": "Où finit un message : raw, size, un préréglage (line, stx-etx-bcc, modbus-tcp, mllp ...) ou une description (« 02 data 03 »). À défaut, raw.",
	"TLS, as tls:// in front of the address has it.":                                                                  "TLS, comme avec tls:// devant l'adresse.",
	"Accept any certificate of the peer: for trials only.":                                                            "Accepter tout certificat du correspondant : pour des essais seulement.",
	"File with certificates that are trusted, too.":                                                                   "Fichier de certificats auxquels faire confiance aussi.",
	"Own certificate with its key: .pfx, .p12 or .pem.":                                                               "Notre certificat avec sa clé : .pfx, .p12 ou .pem.",
	"Password of the own certificate's file.":                                                                         "Mot de passe du fichier de notre certificat.",
	"Name that the server's certificate has to have, if it is not that of the address.":                               "Nom que doit porter le certificat du serveur, s'il n'est pas celui de l'adresse.",
	"Protocols of ALPN, separated by commas.":                                                                         "Protocoles d'ALPN, séparés par des virgules.",
	"Proxies on the way: http://host:port, socks5://host:port, or system.":                                            "Proxys sur le chemin : http://hôte:port, socks5://hôte:port, ou system.",
	"Record into a file: .pcapng for Wireshark, any other name for a trace to read.":                                  "Enregistrer dans un fichier : .pcapng pour Wireshark, tout autre nom pour une trace à lire.",
	"Any option of the library by its name in wdsocket.h, without WDS_OPT_ or WDS_TEXT_: --set KEEPALIVE_IDLE=10000.": "Toute option de la bibliothèque par son nom dans wdsocket.h, sans WDS_OPT_ ni WDS_TEXT_ : --set KEEPALIVE_IDLE=10000.",
	"Any option of the library by its name in wdsocket.h: --set BROADCAST=1, --set MULTICAST_JOIN=239.1.1.1.":         "Toute option de la bibliothèque par son nom dans wdsocket.h : --set BROADCAST=1, --set MULTICAST_JOIN=239.1.1.1.",
	"Longest time for connecting, and for writing a message: 500ms, 10s.":                                             "Durée maximale d'une connexion, et de l'écriture d'un message : 500ms, 10s.",
	"Connections at the same time.":                                                                                   "Connexions simultanées.",
	"Bytes of a message.":                                                                                             "Octets d'un message.",
	"Messages of each connection; 0 is for as long as --for says.":                                                    "Messages de chaque connexion ; 0 : aussi longtemps que --for le dit.",
	"How long to measure.": "Durée de la mesure.",
	"Where to connect to: host:port, tls://host:port, ws://host/path, unix:/path, local:name.":   "Où se connecter : hôte:port, tls://hôte:port, ws://hôte/chemin, unix:/chemin, local:nom.",
	"Messages to send; without any and without --file, the lines of standard input.":             "Messages à envoyer ; sans message et sans --file, les lignes de l'entrée standard.",
	"Succeed as soon as a message fits, fail with exit code 3 if none does within --wait.":       "Réussir dès qu'un message correspond, échouer avec le code 3 si aucun ne le fait dans le délai de --wait.",
	"Answer messages that fit; may be repeated.":                                                 "Répondre aux messages qui correspondent ; peut être répétée.",
	"How long to wait for messages after the last one was sent or came.":                         "Durée d'attente de messages après le dernier envoyé ou reçu.",
	"What is typed and shown is hexadecimal: \"02 53 03\".":                                      "Ce qui est tapé et montré est en hexadécimal : « 02 53 03 ».",
	"A backslash is one. Otherwise \\r \\n \\t \\0 \\\\ and \\xNN stand for bytes.":              "Une barre oblique inverse en est une. Sinon \\r \\n \\t \\0 \\\\ et \\xNN représentent des octets.",
	"What ends a typed line where there is no --frame: crlf, lf, cr, none.":                      "Ce qui finit une ligne tapée quand il n'y a pas de --frame : crlf, lf, cr, none (rien).",
	"Send the content of a file as one message, - is standard input; may be repeated.":           "Envoyer le contenu d'un fichier comme un seul message, - est l'entrée standard ; peut être répétée.",
	"Pause between messages: 500ms, 2s.":                                                         "Pause entre les messages : 500ms, 2s.",
	"Send the messages of the command line so often, 0 = for ever.":                              "Nombre d'envois des messages de la ligne de commande, 0 = sans fin.",
	"Keep typed lines for the next time, in a file; those that begin with a blank are not kept.": "Garder les lignes tapées pour la prochaine fois, dans un fichier ; celles qui commencent par un espace ne sont pas gardées.",
	"What to look at: host:port, tls://host:port, unix:/path.":                                   "Ce qu'il faut examiner : hôte:port, tls://hôte:port, unix:/chemin.",
	"The port, where it is not in the address.":                                                  "Le port, s'il n'est pas dans l'adresse.",
	"Ask a harmless question of a protocol: all, or s7, modbus, hl7, length, enq, sics, zpl, escpos, redis, mqtt, ldap, http; several with commas. A printer prints what it does not understand.": "Poser une question inoffensive d'un protocole : all (toutes), ou s7, modbus, hl7, length, enq, sics, zpl, escpos, redis, mqtt, ldap, http ; plusieurs avec des virgules. Une imprimante imprime ce qu'elle ne comprend pas.",
	"Send this and look at the answer: text with escapes.":                                     "Envoyer ceci et examiner la réponse : texte avec des séquences comme \\r\\n.",
	"What --send has is hexadecimal.":                                                          "Ce que contient --send est en hexadécimal.",
	"How long to wait for bytes.":                                                              "Durée d'attente des octets.",
	"The device is the one that connects: wait for it at the address, and answer with --send.": "C'est l'appareil qui se connecte : l'attendre à l'adresse, et répondre par --send.",
	"Play a script: lines send TEXT, expect REGEXP, wait TIME, repeat, close. Exit code 3 if something expected does not come within --wait.": "Jouer un script : des lignes send TEXTE, expect REGEXP, wait DURÉE, repeat, close. Code de sortie 3 si ce qui est attendu ne vient pas dans le délai de --wait.",
	"Play a script to each client: lines send TEXT, expect REGEXP, wait TIME, repeat, close.":                                                 "Jouer un script à chaque client : des lignes send TEXTE, expect REGEXP, wait DURÉE, repeat, close.",
	"Be a device: scale, barcode, terminal, printer, hl7, modbus, redis. Doctor and programs can be tried with it.":                           "Être un appareil : scale (balance), barcode (lecteur de codes-barres), terminal (de paiement), printer (imprimante), hl7, modbus, redis. Pour essayer doctor et des programmes.",
	"Where to listen: port, host:port, tls://:port, ws://:port/path, unix:/path, local:name.":                                                 "Où écouter : port, hôte:port, tls://:port, ws://:port/chemin, unix:/chemin, local:nom.",
	"Messages that each client is sent when it comes.":                                                                                        "Messages envoyés à chaque client quand il arrive.",
	"Send each message back.": "Renvoyer chaque message.",
	"Answer messages that fit; may be repeated, the first that fits answers.":                        "Répondre aux messages qui correspondent ; peut être répétée, la première qui correspond répond.",
	"End when the first client has gone.":                                                            "Finir quand le premier client est parti.",
	"Where clients connect to: port, host:port, tls://:port with --cert.":                            "Où se connectent les clients : port, hôte:port, tls://:port avec --cert.",
	"Where they are led to: host:port, tls://host:port, unix:/path.":                                 "Où ils sont menés : hôte:port, tls://hôte:port, unix:/chemin.",
	"Show bytes in hexadecimal.":                                                                     "Montrer les octets en hexadécimal.",
	"Sub-protocols to offer, separated by commas, the best first.":                                   "Sous-protocoles à proposer, séparés par des virgules, le meilleur d'abord.",
	"A further header of the request; may be repeated.":                                              "Un en-tête de plus de la requête ; peut être répétée.",
	"Messages are binary ones; with --hex they are anyway. Otherwise those that are UTF-8 are text.": "Les messages sont binaires ; avec --hex ils le sont toujours. Sinon, ceux qui sont de l'UTF-8 sont des textes.",
	"Offer compression.": "Proposer la compression.",
	"Where to send to, host:port; with --listen where to receive: port or host:port.": "Où envoyer, hôte:port ; avec --listen, où recevoir : port ou hôte:port.",
	"Datagrams to send; without any and without --file, the lines of standard input.": "Datagrammes à envoyer ; sans datagramme et sans --file, les lignes de l'entrée standard.",
	"Receive at the address, and show what comes from anywhere.":                      "Recevoir à l'adresse, et montrer ce qui vient de partout.",
	"Send each datagram back.":                                            "Renvoyer chaque datagramme.",
	"Answer datagrams that fit; may be repeated.":                         "Répondre aux datagrammes qui correspondent ; peut être répétée.",
	"How long to wait for datagrams after the last one was sent or came.": "Durée d'attente de datagrammes après le dernier envoyé ou reçu.",
}

// frenchDetails are what is told of each command, and of the program, by their names.
var frenchDetails = map[string]string{
	"wdsock": `Essaie des sockets : appareils, serveurs, découpages en messages, TLS.

Exemples :

  wdsock connect 10.0.0.5:4001                 parler à un appareil ligne par ligne
  wdsock connect tls://mail.example.com:993    de même en TLS
  wdsock connect --frame "02 data 03" 10.0.0.5:4001 S
                                               envoyer un message, montrer la réponse
  wdsock listen --echo 5000                    un serveur qui renvoie ce qui arrive
  wdsock listen --reply 'PING.* => PONG' 5000  un serveur qui répond
  wdsock doctor 10.0.0.5:4001                  qu'y a-t-il là, et comment cela parle-t-il ?
  wdsock proxy -f line 5001 10.0.0.5:4001      regarder ce que se disent deux programmes

Les adresses sont celles de la bibliothèque : hôte:port, [::1]:port, tls://hôte:port,
ws://hôte:port/chemin, wss://..., unix:/chemin, local:nom, et pipe:nom sous Windows.
« wdsock COMMANDE --help » dit le reste.

Codes de sortie : 0 fait, 1 la connexion ou la sortie a échoué, 2 la ligne de commande est
fausse, 3 ce que --expect attend n'est pas venu.`,

	"connect": `Envoie des messages et montre ce qui arrive, jusqu'à ce que le correspondant ferme, ou que rien
n'arrive pendant --wait après le dernier message envoyé. Ce qui est tapé et montré a des séquences
pour des octets : \r, \n, \x02.

  wdsock connect 10.0.0.5:4001                    lignes du clavier, chacune finie par CR LF
  wdsock connect --end lf 10.0.0.5:4001 "S"       une ligne, finie par LF
  wdsock connect -f "02 data 03" 10.0.0.5:4001 S  un message entre STX et ETX
  wdsock connect -x 10.0.0.5:9100 "1b 40"         des octets
  wdsock connect -f line --every 1s --repeat 0 10.0.0.5:4001 SI
                                                  une question par seconde, jusqu'à Ctrl-C
  wdsock connect --expect '^S S' 10.0.0.5:4001 S  code de sortie 0 si la réponse correspond, sinon 3
  wdsock connect --script login.txt -f line 10.0.0.5:4001
                                                  ce que dit un fichier : send, expect, wait, close
  wdsock connect --insecure tls://10.0.0.5:8883   TLS, quel que soit le certificat
  wdsock connect ws://localhost:8080/chat bonjour un message d'un WebSocket

Sans --frame, les octets sont montrés comme ils viennent : un message peut arriver en morceaux.`,

	"listen": `Accepte autant de clients qu'il en vient, en même temps, et montre ce qu'ils envoient. Les lignes de
l'entrée standard vont à tous.

  wdsock listen 5000                           montrer ce qui arrive
  wdsock listen --echo 127.0.0.1:5000          un serveur d'écho pour cette machine seulement
  wdsock listen -f line --reply 'PING => PONG' --reply 'ADD (.*) => OK $1' 5000
                                               un appareil fait de deux règles
  wdsock listen --every 1s --repeat 0 5000 "S S     100.00 g"
                                               un appareil qui envoie une fois par seconde
  wdsock listen --simulate scale 4001          une balance, que trouve wdsock doctor 127.0.0.1:4001 --ask sics
  wdsock listen --script day.txt 5000          ce que dit un fichier : send, expect, wait, repeat, close
  wdsock listen --cert server.pfx tls://:5001  en TLS
  wdsock listen --echo ws://:8080              un WebSocket pour les navigateurs`,

	"doctor": `Dit ce qui est à une adresse, pas à pas : nom, chemin, port, accueil, TLS avec son certificat, et
comment les messages y sont séparés, avec la ligne de C et de WLangage qui le dit.

  wdsock doctor 10.0.0.5 4001               écoute seulement : rien n'est envoyé
  wdsock doctor 10.0.0.5:4001 --send 'SI\r\n'
                                            la réponse en dit plus
  wdsock doctor 10.0.0.5:502 --ask modbus   une question inoffensive d'un protocole
  wdsock doctor 10.0.0.5:4001 --ask all     toutes, chacune sur une connexion à elle
  wdsock doctor --listen 5027               examiner un appareil qui se connecte à cette machine
  wdsock doctor mail.example.com:993        le certificat, et s'il est de confiance

TLS est essayé avec tls://, avec --tls, et sur les ports qui l'ont par usage. Le découpage est une
supposition : plus il y a de messages, meilleure elle est.`,

	"proxy": `Se place entre deux programmes et montre ce qu'ils se disent : > du client, < de la cible. Les octets
sont transmis tels quels ; --frame dit seulement où finit un message dans ce qui est montré.

  wdsock proxy 5001 10.0.0.5:4001            le programme se connecte au port 5001 de cette machine
  wdsock proxy -f line 5001 10.0.0.5:4001    une ligne par message
  wdsock proxy -x -f modbus-tcp 5502 10.0.0.5:502
                                             les octets de messages entiers
  wdsock proxy --capture talk.pcapng 5001 10.0.0.5:4001
                                             pour Wireshark aussi
  wdsock proxy 5001 tls://10.0.0.5:8883      un client sans TLS, et ce qui passe dans TLS
  wdsock proxy --set FAULTS="send:partial=1..3" 5001 10.0.0.5:4001
                                             un mauvais réseau (docs/capture.fr.md)`,

	"bench": `Mesure un serveur qui renvoie ce qu'il reçoit : chaque connexion écrit un message, attend son retour,
et écrit le suivant.

  wdsock bench 10.0.0.5:5000
  wdsock bench -f size --clients 50 --size 1000 --for 10s 10.0.0.5:5000
  wdsock bench tls://10.0.0.5:5001`,

	"ws": `Comme connect, et chaque message en est un du WebSocket.

  wdsock ws localhost:8080/chat bonjour        ws:// est ajouté s'il manque
  wdsock ws wss://example.com/live             messages du clavier, en TLS
  wdsock ws --protocol graphql-ws --header "Authorization: Bearer 12ab" wss://example.com/graphql
  wdsock ws --expect '"ok":true' localhost:8080/api '{"ask":1}'
                                               code de sortie 0 si la réponse correspond
  wdsock listen --echo ws://:8080              l'autre bout`,

	"udp": `Un datagramme est un message tel quel : rien n'y est ajouté, et il peut se perdre.

  wdsock udp 10.0.0.5:161 -x "30 26 02 01 ..."         une question en octets, et la réponse
  wdsock udp --listen 5000                             montrer ce qui arrive
  wdsock udp --listen --reply 'WHO => ME' 5000         répondre
  wdsock udp --set BROADCAST=1 255.255.255.255:30303 DISCOVER
                                                       qui est là ?`,
}
