package main

import (
	"strings"

	"wdsocket/core"
	"wdsocket/core/fault"
)

// webSocket opens the WebSocket of the address, and looks at what comes: by itself, and as an
// answer.
func (e *examination) webSocket(send []byte) error {
	c := e.command.common
	c.Frame, c.Insecure = "size", true // whether it is trusted has been told
	k, err := c.open(e.session, core.KindClient, e.at.String())
	if err != nil {
		e.tell("websocket", plain("WebSocket"), failed(err))
		return failure{exitFailed, said{"there is no WebSocket", "il n'y a pas de WebSocket"}}
	}
	defer k.Close()
	text := said{"yes", "oui"}
	if protocol, err := k.WebSocketInfo(core.InfoWebSocketProtocol); err == nil && protocol != "" {
		text = said{text.english + ", sub-protocol " + protocol, text.french + ", sous-protocole " + protocol}
	}
	if headers, err := k.WebSocketInfo(core.InfoWebSocketHeaders); err == nil && strings.Contains(headers, "permessage-deflate") {
		text = said{text.english + ", compressed", text.french + ", compressé"}
	}
	e.tell("websocket", plain("WebSocket"), text)
	if len(send) > 0 {
		if _, err := k.Write(send); err != nil {
			return err
		}
	}
	buf := make([]byte, enough)
	n, err := k.Read(buf, e.command.Wait)
	came := plain(shown(buf[:n]))
	if n == 0 && err != nil {
		came = failed(err)
		if fault.CodeOf(err) == fault.Timeout {
			came = said{"nothing", "rien"}
		}
	}
	if len(send) > 0 {
		what := escaped(send) + " -> "
		e.tell("asked", said{"asked", "demandé"}, said{what + came.english, what + came.french})
	} else {
		e.tell("greeting", said{"greeting", "accueil"}, came)
	}
	e.tell("framing", said{"framing", "découpage"}, said{
		"size, the mode of a new socket: each message of the WebSocket is one of the program",
		"size, le mode d'un nouveau socket : chaque message du WebSocket en est un du programme"})
	e.tell("try", said{"try it", "à essayer"}, plain("wdsock connect -f size "+e.address))
	return nil
}
