package core

import (
	"strings"

	"wdsocket/core/fault"
	"wdsocket/core/frame"
	"wdsocket/core/syserr"
)

// What errors of sockets say beside their codes.
var (
	textNeedsServer = fault.NewSentence(
		"{call} needs a server (WDSocketCreate, WDSocketCreateSSL)",
		"{call} demande un serveur (WDSocketCreate, WDSocketCreateSSL)")
	textNeedsUDP = fault.NewSentence(
		"{call} needs a UDP socket (WDSocketCreateUDP), on a connection use WDSocketRead and WDSocketWrite",
		"{call} demande un socket UDP (WDSocketCreateUDP), sur une connexion utilisez WDSocketRead et WDSocketWrite")
	textNeedsConnection = fault.NewSentence(
		"{call} needs a client or the channel of a server (WDSocketConnect, WDSocketAccept)",
		"{call} demande un client ou un canal de serveur (WDSocketConnect, WDSocketAccept)")
	textNeedsChannel = fault.NewSentence(
		"{call} needs the channel of a server (WDSocketAccept)",
		"{call} demande un canal de serveur (WDSocketAccept)")
	textNeedsServerOrChannel = fault.NewSentence(
		"{call} needs a server or the channel of one (WDSocketCreate, WDSocketAccept)",
		"{call} demande un serveur ou un canal de serveur (WDSocketCreate, WDSocketAccept)")
	textServerClosed = fault.NewSentence(
		"{call} finds no other clients: this program has closed the server that accepted {who}. To write to one client, call WDSocketWrite",
		"{call} ne trouve pas d'autres clients : ce programme a fermé le serveur qui a accepté {who}. Pour écrire à un seul client, appelez WDSocketWrite")
	textNeedsWebSocket = fault.NewSentence(
		"{call} needs a WebSocket (WDSocketConnect to \"ws://...\")",
		"{call} demande un WebSocket (WDSocketConnect vers « ws://... »)")
	textNeedsTCP = fault.NewSentence(
		"{call} needs a TCP socket: with UDP there are no transmission modes, each datagram is a message",
		"{call} demande un socket TCP : en UDP, il n'y a pas de mode de transmission, chaque datagramme est un message")
	hintIsClient = fault.NewNote("{who} is a client ({0})", "{who} est un client ({0})")
	hintIsServer = fault.NewNote("{who} is a server ({0})", "{who} est un serveur ({0})")
	hintIsUDP    = fault.NewNote("{who} is a UDP socket ({0})", "{who} est un socket UDP ({0})")

	textAttached = fault.NewSentence(
		"{who} is already in an event queue, and a socket can be in one only: call WDSocketDetach first",
		"{who} est déjà dans une file d'événements, et un socket ne peut être que dans une seule : retirez-le d'abord par WDSocketDetach")
	textNotAttached = fault.NewSentence(
		"{who} is in no queue: there is nothing to detach",
		"{who} n'est dans aucune file d'événements : il n'y a rien à détacher")
	textWaitsInQueue = fault.NewSentence(
		"{who} is in an event queue, where {call} cannot wait for the answer: take it out first (WDSocketDetach), or call WDSocketWrite and read the answer after WDS_EVENT_MESSAGE",
		"{who} est dans une file d'événements, où {call} ne peut pas attendre la réponse : retirez-le d'abord (WDSocketDetach), ou appelez WDSocketWrite et lisez la réponse après l'événement WDS_EVENT_MESSAGE")
	textStopsInQueue = fault.NewSentence(
		"{who} is in an event queue, where {call} cannot wait for the peer: take it out first (WDSocketDetach)",
		"{who} est dans une file d'événements, où {call} ne peut pas attendre le correspondant : retirez-le d'abord (WDSocketDetach)")
	textOpenAlready = fault.NewSentence(
		"{who} is open, or being opened, already: close it first, or make another socket",
		"{who} est déjà ouvert, ou en cours d'ouverture : fermez-le d'abord, ou créez un autre socket")
	textPlainScheme = fault.NewSentence(
		"{who} says that there is no TLS ({0}), and the call asks for it: write tls:// or wss://, or leave the scheme out",
		"{who} indique qu'il n'y a pas de TLS ({0}), et l'appel en demande : écrivez tls:// ou wss://, ou omettez le schéma")
	textNoDatagrams = fault.NewSentence(
		"{who} is no address of a UDP socket: give \"host:port\"",
		"{who} n'est pas une adresse de socket UDP : indiquez \"hôte:port\"")
	textTLSAlready = fault.NewSentence(
		"there is TLS on the connection to {who} already",
		"la connexion à {who} est déjà en TLS")

	textMidMessage = fault.NewSentence(
		"{who} closed the connection in the middle of a message: {0} of {1} bytes came (mode {3}): {2}; the message is incomplete: check that the peer closes only after all is sent, and does not announce a wrong length",
		"{who} a fermé la connexion au milieu d'un message : {0} des {1} octets sont arrivés (mode {3}) : {2} ; le message est incomplet : vérifiez que le correspondant ne ferme qu'après avoir tout envoyé, et n'annonce pas une longueur incorrecte")
	textMidTag = fault.NewSentence(
		"{who} closed the connection in the middle of a message: {0} bytes came without the end tag {1} of WDS_MODE_END_TAG: {2}; the message is incomplete: check that the peer closes only after all is sent, and ends its messages so",
		"{who} a fermé la connexion au milieu d'un message : {0} octets sont arrivés sans le marqueur de fin {1} de WDS_MODE_END_TAG : {2} ; le message est incomplet : vérifiez que le correspondant ne ferme qu'après avoir tout envoyé, et termine ainsi ses messages")
	textMidMarkers = fault.NewSentence(
		"{who} closed the connection in the middle of a message: {0} bytes came without the end marker {1} of {3}: {2}; the message is incomplete: check that the peer closes only after all is sent, and ends its messages so",
		"{who} a fermé la connexion au milieu d'un message : {0} octets sont arrivés sans le marqueur de fin {1} de {3} : {2} ; le message est incomplet : vérifiez que le correspondant ne ferme qu'après avoir tout envoyé, et termine ainsi ses messages")
	textMidDescribed = fault.NewSentence(
		"{who} closed the connection in the middle of a message: {0} bytes came without the end {1} of {3}: {2}; the message is incomplete: check that the peer closes only after all is sent, and ends its messages so",
		"{who} a fermé la connexion au milieu d'un message : {0} octets sont arrivés sans la fin {1} de {3} : {2} ; le message est incomplet : vérifiez que le correspondant ne ferme qu'après avoir tout envoyé, et termine ainsi ses messages")
	textClosedFirst = fault.NewSentence(
		"{who} closed the connection after your first message, without an answer: find out in its documentation or log what it expects: TLS (then use WDSocketConnectSSL), a transmission mode other than {0} (WDSocketChangeTransmissionMode), or another message",
		"{who} a fermé la connexion dès votre premier message, sans réponse : cherchez dans sa documentation ou son journal ce qu'il attend : TLS (utilisez alors WDSocketConnectSSL), un autre mode de transmission que {0} (WDSocketChangeTransmissionMode), ou un autre message")
	textCutFirst = fault.NewSentence(
		"{who} cut the connection (reset) after your first message, without an answer: find out in its documentation or log what it expects: TLS (then use WDSocketConnectSSL), a transmission mode other than {0} (WDSocketChangeTransmissionMode), or another message",
		"{who} a coupé la connexion (reset) dès votre premier message, sans réponse : cherchez dans sa documentation ou son journal ce qu'il attend : TLS (utilisez alors WDSocketConnectSSL), un autre mode de transmission que {0} (WDSocketChangeTransmissionMode), ou un autre message")
	hintConnectAgain = fault.NewNote(
		"close this socket and connect again",
		"fermez ce socket et reconnectez-vous")
	hintCloseBroken = fault.NewNote(
		"close this socket; the client has to connect again",
		"fermez ce socket ; c'est au client de se reconnecter")
	hintCloseChannel = fault.NewNote(
		"the client is gone: close this socket; the client has to connect again",
		"le client n'est plus là : fermez ce socket ; c'est au client de se reconnecter")
	hintNextClient = fault.NewNote(
		"the client is gone, the server goes on: the next read accepts the next client",
		"le client n'est plus là, le serveur continue : la prochaine lecture accepte le client suivant")
)

// wrongKind is the error of a function that does not fit the socket; needed says
// what it needs.
func (s *Socket) wrongKind(phase fault.Phase, needed fault.Note) *fault.Error {
	is, name := s.kindName()
	return fault.New(fault.Kind, phase, s.Label()).With(needed, name).Advise(is, "")
}

// kindName says of what kind the socket is, and how the C interface names that.
func (s *Socket) kindName() (is fault.Note, name string) {
	over := s.Layers()
	s.mu.Lock()
	defer s.mu.Unlock()
	is, name = hintIsClient, "WDS_KIND_CLIENT"
	switch {
	case s.parent != nil:
	case s.kind == KindServer:
		is, name = hintIsServer, "WDS_KIND_SERVER"
	case s.kind == KindUDP:
		is, name = hintIsUDP, "WDS_KIND_UDP"
	}
	if over.has(LayerWebSocket) {
		name = strings.Replace(name, "KIND_", "KIND_WEBSOCKET_", 1)
	}
	if over.has(LayerTLS) {
		name += "_SSL"
	}
	return is, name
}

// advise says in the error of a connection that is over what to do now, which
// depends on the end that this is. What others hold does not change.
func advise(st *stream, e *fault.Error) *fault.Error {
	if e.Hint != fault.NoNote {
		return e
	}
	advised := *e
	of := st.owner.Load()
	switch lost, silent := e.Code == fault.Reset || e.Code == fault.TLSRecord, e.Code == fault.Silent; {
	case e.Code == fault.Broken && of.parent == nil && st.server() == nil && st.reconnector.Load() == nil:
		advised.Hint = hintConnectAgain // the peer may still be there
	case e.Code == fault.Broken && of.parent != nil:
		advised.Hint = hintCloseBroken
	case !lost && !silent && e.Code != fault.PeerClosed:
		return e
	case of.parent != nil:
		advised.Hint = hintCloseChannel
	case st.server() != nil:
		advised.Hint = hintNextClient
	case !silent && closedAtFirst(st):
		text := textClosedFirst
		if lost {
			text = textCutFirst
		}
		advised.With(text, of.config.Load().Framer.String())
		if st.reconnector.Load() == nil {
			advised.Hint = hintConnectAgain
		}
	case (lost || silent) && st.reconnector.Load() == nil:
		advised.Hint = hintConnectAgain
	default:
		return e
	}
	return &advised
}

// closedAtFirst tells whether a server has ended a plain connection on which it was
// sent one message, and answered nothing.
func closedAtFirst(st *stream) bool {
	return st.layers == nil && st.conn.BytesIn() == 0 && st.conn.BytesOut() > 0 && st.written.Load() <= 1
}

// byEnd is the text about what ends a message: an end tag, the end marker of
// WDS_MODE_MARKERS, or that of WDS_TEXT_FRAME.
func byEnd(f frame.Framer, tag, marker, described fault.Note) fault.Note {
	switch {
	case frame.HasMarkers(f):
		return marker
	case frame.HasDescription(f):
		return described
	}
	return tag
}

// received tells how many bytes of the message at the front of b have come, and how
// many it has: as the length in front of it counts, if it has come.
func received(framer frame.Framer, f frame.Frame, b []byte) (have, all string) {
	front := 0
	if before := f.Need - f.Size; framer.Contiguous() && f.Size >= 0 && before <= len(b) {
		front = before
	}
	return decimal(len(b) - front), decimal(f.Need - front)
}

// unfinished says in the error of a connection that is over what there is of a
// message.
func unfinished(st *stream, e *fault.Error) *fault.Error {
	b, noted := st.in.Bytes(), *e
	noted.Hint = fault.NoNote
	have, shown := decimal(len(b)), frame.Shown(b)
	cfg, records := st.decodedWith, st.ws.Load().hasRecords(st.decodedWith)
	switch {
	case e.Note == textIdle:
		if records {
			have = decimal(frame.RecordPayload(b))
		}
		noted.Hint = e.Hint
		return noted.With(textIdleMidMessage, e.Args[0], have)
	case e.Code == fault.Silent, records && e.Note != fault.NoNote: // the peer's close code
		return e
	case records:
		noted.Hint = e.Hint
		return noted.With(noteMidMessage, decimal(frame.RecordPayload(b)))
	case e.Code != fault.PeerClosed || cfg == nil:
		noted.Hint = e.Hint
		return noted.With(noteMidMessage, have)
	case frame.EndMarkText(cfg.Framer) != "":
		noted.With(byEnd(cfg.Framer, textMidTag, textMidMarkers, textMidDescribed), have, frame.EndMarkText(cfg.Framer), shown, frame.SetBy(cfg.Framer))
	default:
		f, err := cfg.decodeAt(st, 0, 0)
		if err != nil || f.Need <= len(b) {
			return noted.With(noteMidMessage, have)
		}
		have, all := received(cfg.Framer, f, b)
		noted.With(textMidMessage, have, all, shown, cfg.Framer.String())
	}
	hint, alt := frame.Likely(cfg.Framer, b, st.server() == nil)
	if hint == fault.NoNote {
		hint = e.Hint
	}
	if hint == fault.NoNote && st.reconnector.Load() == nil {
		hint = hintConnectAgain
	}
	return noted.Advise(hint, alt)
}

// smallBuffer is the error of a message of size bytes that does not fit into capacity.
func smallBuffer(st *stream, size, capacity int) error {
	text := fault.TextSmallForMessage
	if st.exchanging {
		text = fault.TextSmallForAnswer
	}
	return fault.New(fault.Buffer, fault.PhaseRead, st.peerLabel()).With(text, decimal(size), decimal(capacity))
}

// framingError is an error of the framing, naming this peer.
func (st *stream) framingError(err error) *fault.Error {
	e := syserr.Wrap(err, fault.PhaseFrame, "")
	e.Who = st.peerLabel()
	if e.Hint == fault.NoNote && e.Code != fault.Check && !st.ws.Load().hasRecords(st.decodedWith) {
		e.Advise(frame.Likely(st.decodedWith.Framer, st.in.Bytes(), st.server() == nil))
	}
	return e
}

// mostGuesses is how often the bytes of one connection are compared with every description,
// which takes milliseconds.
const mostGuesses = 16

// likely tells what bytes that are no message of f, or none that ends, seem to be while
// more can be read: a hint, and what it names.
func likely(st *stream, f frame.Framer) (hint fault.Note, alt string) {
	hint, alt = frame.Likely(f, st.in.Bytes(), st.server() == nil)
	if hint == fault.NoNote && !st.ws.Load().hasRecords(st.decodedWith) && st.coldState().guesses < mostGuesses {
		st.cold.guesses++
		hint, alt = frame.LikelyDescription(f, st.in.Bytes())
	}
	return hint, alt
}

// withUnfinished adds to the error of the end how many bytes of a message were
// received.
func (st *stream) withUnfinished(e *fault.Error) error {
	if e.Code == fault.Memory {
		st.dropUnfinished()
	}
	if st.in.Len() == 0 || st.discardNext {
		return e
	}
	return unfinished(st, e)
}
