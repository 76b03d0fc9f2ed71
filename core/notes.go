package core

import (
	"strconv"

	"wdsocket/core/fault"
)

var (
	noteProcess = fault.NewNote(
		"{0} is for the whole process: set it on socket 0",
		"{0} vaut pour tout le processus : à régler sur le socket 0")
	notePartWritten = fault.NewNote(
		"{0} of {1} bytes of the message were written",
		"{0} des {1} octets du message ont été écrits")
	textBroken = fault.NewSentence(
		"{who}: an earlier write stopped inside a message, after {0} of {1} bytes: nothing more can be written on this connection",
		"{who} : une écriture précédente s'est arrêtée au milieu d'un message, après {0} des {1} octets : plus rien ne peut être écrit sur cette connexion")
	noteMidMessage = fault.NewNote(
		"{0} bytes of a message that is not whole had come",
		"{0} octets d'un message incomplet étaient arrivés")
	noteTriesUsed = fault.NewNote(
		"given up after {0} tries (WDS_OPT_RECONNECT_TRIES)",
		"abandon après {0} tentatives (WDS_OPT_RECONNECT_TRIES)")
	noteSimplified = fault.NewNote(
		"it is serving a client as a simplified server",
		"il sert un client en tant que serveur simplifié")
	textDenied = fault.NewSentence(
		"{who}: this program denied the client, by a reset",
		"{who} : ce programme a refusé le client, par un reset")
	textTooSlow = fault.NewSentence(
		"{who} did not keep up with what is published: this end has disconnected it, as WDS_OPT_PUBLISH_POLICY says",
		"{who} ne suivait pas le rythme des publications : il a été déconnecté de ce côté-ci, comme le demande WDS_OPT_PUBLISH_POLICY")
	noteHeldMost = fault.NewNote(
		"it held {0} bytes of the budget of {1} for longest while others waited, and was disconnected; see WDS_OPT_TOTAL_BUFFER",
		"elle occupait depuis le plus longtemps {0} des {1} octets accordés alors que d'autres attendaient, et a été coupée ; voir WDS_OPT_TOTAL_BUFFER")
	noteNoTrusted = fault.NewNote(
		"it is empty, and PROXY headers are taken from the addresses in it only: set it to the proxies' addresses (WDS_OPT_PROXY_HEADER)",
		"elle est vide, et les en-têtes PROXY ne sont pris que des adresses qu'elle contient : indiquez-y les adresses des proxys (WDS_OPT_PROXY_HEADER)")
	noteRawWebSocket = fault.NewNote(
		"a WebSocket is raw from its opening on, or never: set the mode before it is opened",
		"un WebSocket est brut dès son ouverture, ou jamais : réglez le mode avant de l'ouvrir")
	noteHalfHandshake = fault.NewNote(
		"an earlier handshake stopped in the middle",
		"une négociation précédente s'est arrêtée en cours de route")
)

func decimal(n int) string { return strconv.Itoa(n) }

func argument(name, value string) *fault.Error {
	return fault.New(fault.Argument, fault.PhaseCall, name).With(fault.NoteParameter, value)
}
