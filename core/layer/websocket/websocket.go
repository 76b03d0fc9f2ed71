// Package websocket is WebSocket (RFC 6455) with per-message compression (RFC 7692),
// client and server, as a layer of a connection.
//
// Above it are records or a pipe of bytes. A record, of Config.Records, is a message or
// a part of one: a byte of flags (FlagText, FlagMore), its length in 4 bytes, the
// highest first, and so many bytes. Read gives a record for each frame of the peer, and
// Write takes records, several at once or in parts, and makes frames of them. Without
// records Read gives the bytes of all messages, and each Write is a binary message.
//
// A frame is written whole: the answers to pings, which reading writes, come between
// frames. A connection that waits holds no buffer.
package websocket

import (
	"math"
	"sync"

	"wdsocket/core/fault"
	framing "wdsocket/core/frame"
	"wdsocket/core/layer"
)

// The flags of a record.
const (
	FlagText = framing.RecordText // the message is text, otherwise binary
	FlagMore = framing.RecordMore // it goes on in the next record
)

// RecordHeader is how many bytes of a record stand in front of its payload.
const RecordHeader = framing.RecordHeader

// longestMessage is the limit without another: lengths have to be an int32.
const longestMessage = math.MaxInt32

// Config is what client and server have in common.
type Config struct {
	Records     bool  // records are read and written, otherwise bytes
	MaxMessage  int64 // bytes of a peer's message, 0 for as many as a record may have; with Records only
	Compression bool  // permessage-deflate is offered, or accepted
}

// limit is the longest message that may come where most is asked for.
func (c *Config) limit(most int64) int64 {
	switch {
	case !c.Records:
		return math.MaxInt64
	case most <= 0:
		return longestMessage
	}
	return min(most, longestMessage)
}

// ClientConfig is a client's side.
type ClientConfig struct {
	Config
	Host      string   // of the header Host: "example.com" or "example.com:8080"
	Path      string   // "/chat?room=1"; "" is "/"
	Protocols []string // sub-protocols, the best first
	Origin    string   // "https://example.com", "" for none
	Headers   []string // further ones, "Name: value"
	Secure    bool     // TLS stands below, which its errors know then
}

// ServerConfig is a server's side.
type ServerConfig struct {
	Config
	Paths     []string // that are served, "/chat", or "/chat/*" for all below; none: any
	Protocols []string // sub-protocols that are spoken
	Origins   []string // that browsers may come from, "https://example.com"; none: any
	Headers   []string // further ones of the answer, "Name: value"
	Page      Page     // what a plain HTTP request is answered with
}

// Page is a fixed answer to plain HTTP requests. Without a Body they are told that this
// is a WebSocket (426).
type Page struct {
	Type string // of the content, "text/html; charset=utf-8" if empty
	Body string
}

// NewClient makes the layer that makes connections the client's end of a WebSocket. An
// error is fault.Argument.
func NewClient(config ClientConfig) (layer.Layer, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	return &client{config}, nil
}

// NewServer makes the layer that makes connections the server's end. An error is
// fault.Argument.
func NewServer(config ServerConfig) (layer.Layer, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	return &server{config}, nil
}

type client struct{ config ClientConfig }

type server struct{ config ServerConfig }

// Phase is fault.PhaseWebSocket.
func (*client) Phase() fault.Phase { return fault.PhaseWebSocket }

// Phase is fault.PhaseWebSocket.
func (*server) Phase() fault.Phase { return fault.PhaseWebSocket }

// Instant is false.
func (*client) Instant() bool { return false }

// Instant is false.
func (*server) Instant() bool { return false }

// Facts is what was agreed in the handshake.
type Facts struct {
	Path       string // that the client asked for, with its query
	Host       string // that it named
	Origin     string // that it named, "" if none
	Protocol   string // the sub-protocol, "" if none was agreed
	Headers    string // of the peer: its request, or its answer, "Name: value" and a line end each
	Compressed bool   // messages may be compressed
}

// buffer is memory for a call: nothing keeps one while it waits for something to do.
type buffer struct{ b [bufferSize]byte }

const bufferSize = 16 << 10

var buffers = sync.Pool{New: func() any { return new(buffer) }}
