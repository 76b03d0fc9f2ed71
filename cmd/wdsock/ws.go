package main

import (
	"maps"
	"strconv"
	"strings"

	"wdsocket/core"
	"wdsocket/core/endpoint"
	"wdsocket/core/option"
)

type wsCommand struct {
	connectCommand
	Protocol string   `group:"WebSocket" placeholder:"NAMES" help:"Sub-protocols to offer, separated by commas, the best first."`
	Header   []string `sep:"none" group:"WebSocket" placeholder:"NAME: VALUE" help:"A further header of the request; may be repeated."`
	Binary   bool     `group:"WebSocket" help:"Messages are binary ones; with --hex they are anyway. Otherwise those that are UTF-8 are text."`
	Compress bool     `group:"WebSocket" help:"Offer compression."`
}

func (wsCommand) Help() string {
	return `As connect, and each message is one of the WebSocket.

  wdsock ws localhost:8080/chat hello          ws:// is added where it is missing
  wdsock ws wss://example.com/live             messages from the keyboard, over TLS
  wdsock ws --protocol graphql-ws --header "Authorization: Bearer 12ab" wss://example.com/graphql
  wdsock ws --expect '"ok":true' localhost:8080/api '{"ask":1}'
                                               exit code 0 if the answer fits
  wdsock listen --echo ws://:8080              the other end`
}

func (c *wsCommand) Run(s *session) error {
	if !strings.Contains(c.Address, "://") {
		c.Address = "ws://" + c.Address
	}
	set := map[string]string{}
	if c.Binary || c.Hex {
		set[kindOption] = "2"
	}
	if c.Protocol != "" {
		set["WEBSOCKET_PROTOCOLS"] = c.Protocol
	}
	if len(c.Header) > 0 {
		set["WEBSOCKET_HEADERS"] = strings.Join(c.Header, "\r\n")
	}
	if c.Compress {
		set["WEBSOCKET_COMPRESSION"] = "1"
	}
	for name, value := range c.Set { // what is said there counts
		set[shortName(name)] = value
	}
	c.Set = set
	return c.connectCommand.Run(s)
}

// kindOption is what messages of a WebSocket are.
const kindOption = "WEBSOCKET_KIND"

// webSocketMessages makes the messages of a WebSocket those that are shown and sent, unless --frame
// says something else. texts tells whether those that are UTF-8 are to be sent as text.
func (c *common) webSocketMessages(address string) (texts bool) {
	at, err := endpoint.ParseLocation(address, 0)
	if err != nil || !at.Scheme.WebSocket() {
		return false
	}
	if c.Frame == "" {
		c.Frame = "size"
	}
	for name := range c.Set {
		if shortName(name) == kindOption {
			return false
		}
	}
	if c.raw() {
		return false
	}
	c.Set = maps.Clone(c.Set)
	if c.Set == nil {
		c.Set = make(map[string]string)
	}
	c.Set[kindOption] = strconv.Itoa(option.MessageText)
	return true
}

var errNoText = usage("this is not UTF-8, and messages are text: wdsock ws --binary, or --hex, sends bytes",
	"ceci n'est pas de l'UTF-8, et les messages sont du texte : wdsock ws --binary, ou --hex, envoie des octets")

// putBinary sends a message that is no text where others are. The socket may not be read meanwhile:
// what a message is sent as is part of its framing.
func (t *conversation) putBinary(data []byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.k.SetOption(option.WebSocketKind, option.MessageBinary); err != nil {
		return err
	}
	if _, err := t.k.Write(data); err != nil {
		return err
	}
	return t.k.SetOption(option.WebSocketKind, option.MessageText)
}

// summaryOfWebSocket tells of it, where there is one.
func summaryOfWebSocket(k *core.Socket) string {
	protocol, err := k.WebSocketInfo(core.InfoWebSocketProtocol)
	if err != nil {
		return ""
	}
	if protocol != "" {
		return ", WebSocket, " + protocol
	}
	return ", WebSocket"
}
