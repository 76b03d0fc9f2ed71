package main

import "fmt"

// withTLS compares the same client linked with the library and with OpenSSL,
// both talking to the same server, which is OpenSSL in C.
func withTLS(server, worker string, arguments ...string) (side, side) {
	return oneServer(words("ssl-"+server), append(words("wds-tls-"+worker), arguments...), append(words("ssl-"+worker), arguments...))
}

// tlsMessage is the size of the messages in bulk over TLS.
const tlsMessage = 65536

func tlsRTT() measurement {
	ours, other := withTLS("echo", "rtt", "PORT", "64", "1")
	return measurement{name: "tls-rtt", ours: ours, other: other, operations: 2000, figures: []figure{
		{what: "TLS, 64 B round trip, median", key: "p50_us", scale: 1, unit: "µs", better: lower, aim: 1},
		{suffix: "-p99", what: "TLS, 64 B round trip, 99th percentile", key: "p99_us", scale: 1, unit: "µs", better: lower, aim: none},
	}}
}

// tlsBulk gives the figures of bulk: the rate, which the slower end limits, and
// the CPU time of the end that is compared.
func tlsBulk(what string) []figure {
	return []figure{
		{what: "TLS, messages of 64 KiB " + what, key: "rate", scale: tlsMessage / 1e6, unit: "MB/s", better: higher, aim: 0.95},
		{suffix: "-cpu", what: "TLS, 64 KiB " + what + ", CPU per message", key: "cpu_us", scale: 1, unit: "µs", better: lower, aim: none},
	}
}

func tlsSend() measurement {
	ours, other := withTLS("sink", "send", "PORT", fmt.Sprint(tlsMessage))
	return measurement{name: "tls-bulk-send", ours: ours, other: other, operations: 1000, figures: tlsBulk("sent")}
}

func tlsReceive() measurement {
	ours, other := withTLS("source", "receive", "PORT", fmt.Sprint(tlsMessage), "1")
	return measurement{name: "tls-bulk-recv", ours: ours, other: other, operations: 1000, figures: tlsBulk("received")}
}

// tlsHandshakes gives the name and the figures of full handshakes of one end with
// a certificate's kind of key. Only the kind that servers should have has an aim.
func tlsHandshakes(end, key, cpu string) (string, []figure) {
	name, kind, aim := "tls-handshake-"+end, "ECDSA P-256", 1.0
	if key == "rsa" {
		name, kind, aim = name+"-rsa", "RSA 2048", none
	}
	return name, []figure{
		{what: "full TLS handshakes, " + end + ", " + kind, key: "rate", scale: 1, unit: "/s", better: higher, aim: aim},
		{suffix: "-cpu", what: "TLS " + end + ", " + kind + ", CPU per handshake", key: cpu, scale: 1, unit: "µs", better: lower, aim: none},
	}
}

func tlsClient(key string) measurement {
	name, figures := tlsHandshakes("client", key, "cpu_us")
	arguments := words("PORT", "8", key)
	ours, other := oneServer(words("ssl-greet", key), append(words("wds-tls-handshake"), arguments...), append(words("ssl-handshake"), arguments...))
	return measurement{name: name, ours: ours, other: other, operations: 100, long: key == "rsa", figures: figures}
}

func tlsServer(key string) measurement {
	name, figures := tlsHandshakes("server", key, "server_cpu_us")
	client := words("ssl-handshake", "PORT", "8", key)
	return measurement{
		name:       name,
		ours:       side{words("wds-tls-greet", key), client},
		other:      side{words("ssl-greet", key), client},
		operations: 100,
		long:       key == "rsa",
		figures:    figures,
	}
}

func idleTLS() measurement {
	const clients = "2000"
	return measurement{
		name:       "idle-tls",
		ours:       side{words("wds-tls-events", clients, "echo"), words("ssl-idle", "PORT", clients)},
		operations: 1,
		fixed:      true,
		quick:      1,
		idle:       true,
		long:       true,
		figures: []figure{
			{what: "memory per idle TLS client of 2,000", key: "server_rss", scale: 1, unit: "B", better: lower, aim: 16384, absolute: true},
		},
	}
}
