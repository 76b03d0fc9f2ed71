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
		"{who} is a {0}, and a server is needed (WDSocketCreate, WDSocketCreateSSL)",
		"{who} est un {0}, et il faut un serveur (WDSocketCreate, WDSocketCreateSSL)")
	textNeedsUDP = fault.NewSentence(
		"{who} is a {0}, and a UDP socket is needed (WDSocketCreateUDP); on a connection use WDSocketRead and WDSocketWrite",
		"{who} est un {0}, et il faut un socket UDP (WDSocketCreateUDP) ; sur une connexion, utilisez WDSocketRead et WDSocketWrite")
	textNeedsConnection = fault.NewSentence(
		"{who} is a {0}, and a client or the channel of a server is needed (WDSocketConnect, WDSocketAccept)",
		"{who} est un {0}, et il faut un client ou un canal de serveur (WDSocketConnect, WDSocketAccept)")
	textNeedsChannel = fault.NewSentence(
		"{who} is a {0}, and the channel of a server is needed (WDSocketAccept)",
		"{who} est un {0}, et il faut un canal de serveur (WDSocketAccept)")
	textNeedsWebSocket = fault.NewSentence(
		"{who} is a {0}, and a WebSocket is needed (WDSocketConnect to \"ws://...\")",
		"{who} est un {0}, et il faut un WebSocket (WDSocketConnect vers « ws://... »)")
	textNeedsTCP = fault.NewSentence(
		"{who} is a {0}, which has no transmission modes: each datagram is a message",
		"{who} est un {0}, qui n'a pas de mode de transmission : chaque datagramme est un message")

	textAttached = fault.NewSentence(
		"{who} is in a queue already: WDSocketDetach takes it out, and a socket can be in one queue only",
		"{who} est déjà dans une file d'événements : WDSocketDetach l'en retire, et un socket ne peut être que dans une seule file")
	textNotAttached = fault.NewSentence(
		"{who} is in no queue: there is nothing to detach",
		"{who} n'est dans aucune file d'événements : il n'y a rien à détacher")
	textWaitsInQueue = fault.NewSentence(
		"{who} is in a queue, where no call waits for what comes: WDSocketDetach it first (WDSocketExchange, WDSocketStopSSL), or call WDSocketWrite and take the answer after WDS_EVENT_MESSAGE",
		"{who} est dans une file d'événements, où aucun appel n'attend ce qui arrive : retirez-le d'abord par WDSocketDetach (WDSocketExchange, WDSocketStopSSL), ou appelez WDSocketWrite et lisez la réponse après l'événement WDS_EVENT_MESSAGE")
	textOpenAlready = fault.NewSentence(
		"{who} is open, or being opened, already: close it first, or make another socket",
		"{who} est déjà ouvert, ou en cours d'ouverture : fermez-le d'abord, ou créez un autre socket")
	textTLSAlready = fault.NewSentence(
		"there is TLS on the connection to {who} already",
		"la connexion à {who} est déjà en TLS")

	textMidMessage = fault.NewSentence(
		"{who} closed the connection in the middle of a message: {0} of {1} bytes have come (mode {3}): {2}; it closes too early, or writes a wrong length",
		"{who} a fermé la connexion au milieu d'un message : {0} des {1} octets sont arrivés (mode {3}) : {2} ; il ferme trop tôt, ou écrit une longueur fausse")
	textMidTag = fault.NewSentence(
		"{who} closed the connection in the middle of a message: {0} bytes have come without the end tag {1} (mode {3}): {2}; it closes too early, or ends its messages otherwise",
		"{who} a fermé la connexion au milieu d'un message : {0} octets sont arrivés sans le marqueur de fin {1} (mode {3}) : {2} ; il ferme trop tôt, ou termine ses messages autrement")
	textClosedFirst = fault.NewSentence(
		"{who} closed the connection at the first message, without an answer: its port may speak TLS (WDSocketConnectSSL), or it expects another transmission mode than {0} (WDSocketChangeTransmissionMode)",
		"{who} a fermé la connexion au premier message, sans réponse : son port parle peut-être TLS (WDSocketConnectSSL), ou il attend un autre mode de transmission que {0} (WDSocketChangeTransmissionMode)")
	hintConnectAgain = fault.NewNote(
		"connect again",
		"reconnectez-vous")
	hintCloseChannel = fault.NewNote(
		"the client is gone: close this socket, the client has to connect anew",
		"le client est parti : fermez ce socket, c'est au client de se reconnecter")
	hintNextClient = fault.NewNote(
		"the client is gone, the server goes on: the next read takes the next client",
		"le client est parti, le serveur continue : la prochaine lecture prend le client suivant")
)

// wrongKind is the error of a function that does not fit the socket; needed says
// what it needs.
func (s *Socket) wrongKind(phase fault.Phase, needed fault.Note) *fault.Error {
	return fault.New(fault.Kind, phase, s.Label()).With(needed, s.kindName())
}

// kindName is the kind of the socket as the C interface names it.
func (s *Socket) kindName() string {
	over := s.Layers()
	s.mu.Lock()
	defer s.mu.Unlock()
	name := "WDS_KIND_CLIENT"
	switch {
	case s.parent != nil:
	case s.kind == KindServer:
		name = "WDS_KIND_SERVER"
	case s.kind == KindUDP:
		name = "WDS_KIND_UDP"
	}
	if over.Has(LayerWebSocket) {
		name = strings.Replace(name, "KIND_", "KIND_WEBSOCKET_", 1)
	}
	if over.Has(LayerTLS) {
		name += "_SSL"
	}
	return name
}

// advise says in the error of a connection that is over what to do now, which
// depends on the end that this is. What others hold does not change.
func advise(st *stream, e *fault.Error) *fault.Error {
	if e.Hint != fault.NoNote {
		return e
	}
	advised := *e
	of := st.owner.Load()
	switch lost := e.Code == fault.Reset || e.Code == fault.TLSRecord; {
	case e.Code == fault.Broken && of.parent == nil && st.server() == nil && st.reconnector.Load() == nil:
		advised.Hint = hintConnectAgain // the peer may still be there
	case !lost && e.Code != fault.PeerClosed:
		return e
	case of.parent != nil:
		advised.Hint = hintCloseChannel
	case st.server() != nil:
		advised.Hint = hintNextClient
	case closedAtFirst(st):
		return advised.With(textClosedFirst, of.config.Load().Framer.String())
	case lost && st.reconnector.Load() == nil:
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

// unfinished says in the error of a connection that is over what there is of a
// message.
func unfinished(st *stream, e *fault.Error) *fault.Error {
	b, noted := st.in.Bytes(), *e
	noted.Hint = fault.NoNote
	have, shown := decimal(len(b)), frame.Shown(b)
	cfg := st.decodedWith
	switch {
	case e.Code != fault.PeerClosed || cfg == nil:
		noted.Hint = e.Hint
		return noted.With(noteMidMessage, have)
	case frame.EndMarkText(cfg.Framer) != "":
		noted.With(textMidTag, have, frame.EndMarkText(cfg.Framer), shown, cfg.Framer.String())
	default:
		f, err := cfg.Decode(b, 0)
		if err != nil || f.Need <= len(b) {
			return noted.With(noteMidMessage, have)
		}
		noted.With(textMidMessage, have, decimal(f.Need), shown, cfg.Framer.String())
	}
	return noted.Advise(frame.Likely(cfg.Framer, b, st.server() == nil))
}

// framingError is an error of the framing, naming this peer.
func (st *stream) framingError(err error) *fault.Error {
	e := syserr.Wrap(err, fault.PhaseFrame, "")
	e.Who = st.peerLabel()
	if e.Hint == fault.NoNote && e.Code != fault.Check {
		e.Advise(frame.Likely(st.decodedWith.Framer, st.in.Bytes(), st.server() == nil))
	}
	return e
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
