package main

import "maps"

// headerOption is what makes a client send the header of the PROXY protocol.
const headerOption = "PROXY_HEADER_SEND"

// mayWantHeader tells whether it makes sense to try the header of the PROXY protocol.
func (e *examination) mayWantHeader() bool {
	if !e.ended || e.hasTLS || !e.at.HasPort() { // TLS would not have been there without it
		return false
	}
	for name := range e.command.Set {
		if shortName(name) == headerOption {
			return false
		}
	}
	return true
}

// withHeader are the options of connections that begin with it.
func (e *examination) withHeader(set map[string]string) map[string]string {
	if !e.header {
		return set
	}
	set = maps.Clone(set)
	if set == nil {
		set = make(map[string]string)
	}
	set[headerOption] = "2" // a server that speaks first takes version 1 for a health check
	return set
}

// lookBehindHeader looks once more at a server that ends connections, now with the header in front,
// and tells whether that is what it wants.
func (e *examination) lookBehindHeader(ask []question) (q question, data []byte, wanted bool) {
	label := said{"PROXY header", "en-tête PROXY"}
	e.tell("header", label, said{"tried, as it ends the connection without one", "essayé, puisque sans lui la connexion est fermée"})
	e.header, e.ended = true, false
	q, data, err := e.look(ask)
	if err != nil || e.ended {
		e.header = false
		e.tell("header", label, said{"makes no difference", "n'y change rien"})
		return question{}, nil, false
	}
	e.tell("header", label, said{
		"wanted, as a load balancer sends it: --set " + headerOption + "=2",
		"attendu, comme un répartiteur de charge l'envoie : --set " + headerOption + "=2"})
	return q, data, true
}
