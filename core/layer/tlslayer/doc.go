// Package tlslayer is TLS as one layer over a connection. It stands on
// crypto/tls and knows nothing of sockets: what it stands on is a layer.Base, what
// it gives is a Conn.
//
// The order of use: Settings say what is wanted and are checked when they are
// set. A Party is made of Settings, once for a server and once per connection
// for a client. A Party makes a Conn, and Handshake makes the Conn ready.
//
// Limits of crypto/tls that no setting can lift: the order of cipher suites
// and groups is crypto/tls's own, whatever order they are given in; the suites
// of TLS 1.3 cannot be chosen; there is no SSL 2 and SSL 3, and no
// renegotiation.
package tlslayer
