// The module of the program: what it is made with is no part of the library.
module wdsocket/cmd/wdsock

go 1.26.0

require (
	github.com/alecthomas/kong v1.17.0
	github.com/stretchr/testify v1.12.1
	golang.org/x/sys v0.49.0
	golang.org/x/term v0.47.0
	wdsocket v0.0.0
)

require (
	github.com/pires/go-proxyproto v0.15.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/crypto v0.58.0 // indirect
	golang.org/x/crypto/x509roots/fallback v0.0.0-20261030153154-30a33513ff6d // indirect
	golang.org/x/net v0.62.0 // indirect
	golang.org/x/text v0.43.0 // indirect
	software.sslmate.com/src/go-pkcs12 v0.7.4 // indirect
)

replace wdsocket => ../..
