package transport

import "wdsocket/core/endpoint"

// localNetworks are those without IP addresses.
var localNetworks = map[endpoint.Kind]network{endpoint.PipeName: pipes{}, endpoint.UnixPath: unixSockets{}}
