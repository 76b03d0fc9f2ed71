package transport

import "wdsocket/core/endpoint"

// localNetworks are those without IP addresses: none yet.
var localNetworks map[endpoint.Kind]network
