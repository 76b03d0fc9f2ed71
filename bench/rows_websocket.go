package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// lwsServer is the worker over libwebsockets, which is built only where that is there.
const lwsServer = "lws-events"

// manyPages is a load of many clients of WebSockets, and a server made for them.
func manyPages(server string, clients int, what string) side {
	return side{words(server, fmt.Sprint(clients), "echo"), words("websocket-loadgen", "PORT", fmt.Sprint(clients), fmt.Sprint(echoSize), what)}
}

// echoWebSocket is echo with WebSockets, beside libwebsockets.
func echoWebSocket(clients int, aim float64) measurement {
	m := echo(clients, aim)
	m.name = fmt.Sprintf("websocket-echo-%d", clients)
	m.ours, m.other = manyPages("wds-websocket-events", clients, "echo"), manyPages(lwsServer, clients, "echo")
	m.figures[0].what = fmt.Sprintf("WebSocket echo server, %d clients, against libwebsockets", clients)
	m.figures[1].aim = none
	return m
}

// idleWebSocket is idle with WebSockets.
func idleWebSocket() measurement {
	m := idle()
	m.name = "websocket-idle"
	m.ours, m.other = manyPages("wds-websocket-events", 10000, "idle"), manyPages(lwsServer, 10000, "idle")
	m.figures[0].what, m.figures[0].aim = "memory per idle WebSocket client of 10,000, beside libwebsockets", 4096
	return m
}

// withoutMissing takes libwebsockets out of measurements where it is not there: those
// that need it for their ratio are left out.
func (b *bench) withoutMissing(all []measurement) (present []measurement, left string) {
	if _, err := os.Stat(filepath.Join(b.workers, lwsServer)); err == nil {
		return all, ""
	}
	var out []measurement
	for _, m := range all {
		switch {
		case len(m.other.server) == 0 || m.other.server[0] != lwsServer:
			present = append(present, m)
		case m.figures[0].absolute:
			m.other = side{}
			present = append(present, m)
		default:
			out = append(out, m)
		}
	}
	if len(out) > 0 {
		left = "Left out, because libwebsockets (libwebsockets-dev) is missing: " + names(out) + "."
	}
	return present, left
}
