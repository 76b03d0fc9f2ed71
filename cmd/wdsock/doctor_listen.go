package main

import (
	"context"
	"time"

	"wdsocket/core"
)

// visit waits for a client, and looks at what it sends: by itself, and when it has got an
// answer, where there is one.
func (e *examination) visit(answer []byte) error {
	server, err := e.command.open(e.session, core.KindServer, addressOf(e.command.Address))
	if err != nil {
		return err
	}
	defer server.Close()
	end, err := server.Local()
	if err != nil {
		return err
	}
	e.address = end.String()
	e.tell("listening", said{"listening", "écoute"}, sayf("at %s: waiting for a client", "sur %s : en attente d'un client", end))
	k, err := e.next(server)
	if k == nil {
		return err
	}
	defer k.Close()
	context.AfterFunc(e, func() { _ = k.Close() })
	e.tell("accepted", said{"client", "client"}, plain(nameOf(k)))
	begun := time.Now()
	data, err := e.collect(k, nil)
	if len(data) == 0 {
		e.tell("greeting", said{"greeting", "accueil"}, failed(err))
		return e.conclude(question{}, nil, nil)
	}
	e.tell("greeting", said{"greeting", "accueil"}, sayf("%s after %s", "%s après %s", shown(data), time.Since(begun).Round(time.Millisecond)))
	if len(answer) > 0 {
		if _, err := k.Write(answer); err != nil {
			return err
		}
		more, _ := e.collect(k, nil) // nothing more is an answer, too
		e.tell("asked", said{"answered", "répondu"}, plain(shown(answer)+" -> "+shown(more)))
		if len(more) > 0 {
			data = more
		}
	}
	return e.conclude(question{}, data, nil)
}
