// The generator is a module of its own, so that what it uses is not in the
// library's lists of components. It reads the texts of errors from the library.
module wdsocket/tools/abigen

go 1.26.0

require (
	github.com/stretchr/testify v1.12.1
	wdsocket v0.0.0
)

require (
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)

replace wdsocket => ../..
