package main

import (
	"fmt"
	"math"
	"slices"
)

// A side is one of the two programs that are compared: a client worker that
// does the operations, and the server worker that it talks to, if any. The
// words PORT and LIBRARY in arguments are replaced.
type side struct {
	server []string
	client []string
}

// A figure is one number taken from the answers of a measurement's workers.
type figure struct {
	// suffix is put behind the measurement's name, so that each figure has
	// a row with a name of its own.
	suffix string
	what   string
	// key names the number in the worker's answer; scale turns it into unit.
	key   string
	scale float64
	unit  string
	// otherKey names the other side's number in the same answer, where one
	// worker does both in turn.
	otherKey string
	// better is "lower" or "higher".
	better string
	// aim is what the ratio is to reach, or, if absolute, ours; NaN: none.
	aim      float64
	absolute bool
}

// A measurement runs blocks of operations on both sides in turn.
type measurement struct {
	name string
	ours side
	// other has no client when there is nothing to compare with.
	other side
	// operations of the first block. Later ones are sized to last the same
	// time, unless fixed.
	operations int
	fixed      bool
	// least bounds the operations of a block from below, so that each of many
	// clients has its share.
	least int
	// quick is the number of operations with --quick, if fixed.
	quick int
	// idle measures what a server's memory grows by while clients connect and
	// then are silent. A process does that once: each round has one block.
	idle bool
	// perRound is the number of blocks of each round where one lasts long, without a warm-up;
	// 0 for the usual.
	perRound int
	// packages has what each package costs when the library is loaded listed, too.
	packages bool
	// long leaves the measurement out with --quick.
	long bool
	// affinity is where its processes run.
	affinity affinity
	figures  []figure
}

const (
	lower  = "lower"
	higher = "higher"
)

var none = math.NaN()

// messageSizes are the sizes of the plot of cost against size.
var messageSizes = []int{16, 64, 256, 1024, 4096, 16384, 65536}

// quickSizes are those of a quick run.
var quickSizes = []int{16, 1024, 65536}

func words(w ...string) []string { return w }

// oneServer is for measurements in which both sides talk to the same process.
func oneServer(server, ours, other []string) (side, side) {
	return side{server, ours}, side{server, other}
}

// withLinks compares the same worker linked with the library and with POSIX
// sockets, both talking to the same server.
func withLinks(server, worker string, arguments ...string) (side, side) {
	return oneServer(words(server), append(words("wds-"+worker), arguments...), append(words("raw-"+worker), arguments...))
}

// measurements is the whole suite, in the order in which it runs. To add one,
// add an entry, and a worker under workers if none there does what it needs.
func measurements() []measurement {
	list := slices.Concat(withEachAffinity(noise(), true), withEachAffinity(rtt(), false), withEachAffinity(rttBoth(), true))
	list = append(list, rttUnix())
	list = append(list, paced("2ms", "0", "2000", "pauses of 0 to 2 ms"), paced("5ms", "5000", "5000", "pauses of 5 ms"), threads())
	list = append(list, sendSmall(), coalesced("", "sends batches with writev", 0.8), coalesced("-single", "writes each at once", 15))
	list = append(list, receiveSmall("", "1", "one for each call", 0.2), receiveSmall("-many", "512", "WDSocketReadMany", 0.7))
	list = append(list, mysqlRows("each", "one for each call"), mysqlRows("many", "WDSocketReadMany"))
	list = append(list, bytesOfAll()...)
	for _, size := range []struct {
		name  string
		bytes int
		first int
	}{{"64k", 65536, 2000}, {"1m", 1 << 20, 200}} {
		list = append(list, bulkSend(size.name, size.bytes, size.first), bulkReceive(size.name, size.bytes, size.first))
	}
	list = append(list, echo(10, none), echo(100, 0.95), echo(1000, 0.95), echo(10000, 1))
	list = append(list, growth("", "wds", 1.5), growth("-libuv", "uv", none), publish(), idle(), idleTLS())
	list = append(list, echoWebSocket(10, none), echoWebSocket(100, 0.9), echoWebSocket(1000, 0.9), idleWebSocket())
	list = append(list, accept(), cancel("", 0), cancel("-lively", 50), timeouts("", "raw-echo", "0", "reads"), timeouts("-connect", "raw-full", "1", "connects"), call(), load(), polling())
	list = append(list, withEachAffinity(tlsRTT(), true)...)
	list = append(list, tlsSend(), tlsReceive())
	for _, key := range []string{"ecdsa", "rsa"} {
		list = append(list, tlsClient(key), tlsServer(key))
	}
	for _, size := range messageSizes {
		list = append(list, message(size))
	}
	return list
}

// noise compares a program with itself: what its ratio is off 1 by, others
// may be off by as well.
func noise() measurement {
	worker := words("raw-rtt", "PORT", "64", "1")
	ours, other := oneServer(words("raw-echo"), worker, worker)
	return measurement{name: "noise", ours: ours, other: other, operations: 2000, figures: []figure{
		{what: "raw C against itself, 64 B round trip", key: "p50_us", scale: 1, unit: "µs", better: lower, aim: none},
	}}
}

func rtt() measurement {
	ours, other := withLinks("raw-echo", "rtt", "PORT", "64", "1")
	return measurement{name: "rtt", ours: ours, other: other, operations: 2000, figures: []figure{
		{what: "64 B round trip, median", key: "p50_us", scale: 1, unit: "µs", better: lower, aim: 1.10},
		{suffix: "-p99", what: "64 B round trip, 99th percentile", key: "p99_us", scale: 1, unit: "µs", better: lower, aim: 1.25},
	}}
}

func rttBoth() measurement {
	arguments := words("PORT", "64", "1")
	return measurement{
		name:       "rtt-both",
		ours:       side{words("wds-echo"), append(words("wds-rtt"), arguments...)},
		other:      side{words("raw-echo"), append(words("raw-rtt"), arguments...)},
		operations: 2000,
		figures: []figure{
			{what: "64 B round trip, both ends", key: "p50_us", scale: 1, unit: "µs", better: lower, aim: 1.20},
		},
	}
}

// rttUnix is rtt over a Unix socket: the library adds no more to it in µs.
func rttUnix() measurement {
	arguments := words("PORT", "64", "1")
	ours, other := oneServer(words("raw-unix-echo"), append(words("wds-unix-rtt"), arguments...), append(words("raw-unix-rtt"), arguments...))
	return measurement{name: "rtt-unix", ours: ours, other: other, operations: 2000, figures: []figure{
		{what: "64 B round trip over a Unix socket, median", key: "p50_us", scale: 1, unit: "µs", better: lower, aim: none},
	}}
}

// paced has pauses between round trips. A block of one side only would measure how
// deep the machine sleeps in that second: one process does both in turn.
func paced(name, least, most, what string) measurement {
	return measurement{
		name:       "rtt-paced-" + name,
		ours:       side{words("raw-echo"), words("wds-paced", "PORT", "64", least, most)},
		operations: 20,
		least:      20,
		figures: []figure{
			{what: "64 B round trip, " + what, key: "p50_us", otherKey: "raw_p50_us", scale: 1, unit: "µs", better: lower, aim: none},
		},
	}
}

func threads() measurement {
	ours, other := withLinks("raw-echo", "rtt", "PORT", "64", "100")
	return measurement{name: "threads-100", ours: ours, other: other, operations: 5000, figures: []figure{
		{what: "100 threads in round trips, rate", key: "rate", scale: 1, unit: "/s", better: higher, aim: 0.9},
		{suffix: "-p99", what: "100 threads in round trips, p99", key: "p99_us", scale: 1e-3, unit: "ms", better: lower, aim: 3},
	}}
}

func sendSmall() measurement {
	ours, other := withLinks("raw-sink", "send", "PORT", "100")
	return measurement{name: "send-small", ours: ours, other: other, operations: 5000, figures: []figure{
		{what: "100 B sent, a write for each", key: "rate", scale: 1, unit: "/s", better: higher, aim: 0.85},
	}}
}

// coalesced compares small messages that the library coalesces with C that
// does so itself, or that writes each.
func coalesced(suffix, what string, aim float64) measurement {
	other := words("raw-send", "PORT", "100")
	if suffix == "" {
		other = words("raw-writev", "PORT", "100")
	}
	ours, theirs := oneServer(words("raw-sink"), words("wds-coalesce", "PORT", "100"), other)
	return measurement{name: "send-coalesced" + suffix, ours: ours, other: theirs, operations: 20000, figures: []figure{
		{what: "100 B sent, coalesced; C " + what, key: "rate", scale: 1, unit: "/s", better: higher, aim: aim},
	}}
}

// echoSize is the size of the messages of the many clients.
const echoSize = 100

// manyClients is a load of many clients, and a server made for them.
func manyClients(server string, clients int, what string) side {
	return side{words(server+"-events", fmt.Sprint(clients), what), words("raw-loadgen", "PORT", fmt.Sprint(clients), fmt.Sprint(echoSize), what)}
}

// echo compares event servers, each in one thread of its host.
func echo(clients int, aim float64) measurement {
	cpuAim := 1.5
	if math.IsNaN(aim) {
		cpuAim = none
	}
	// Short blocks would measure how clients and server find into step.
	block := max(4*clients, min(200*clients, 20000))
	text := fmt.Sprintf("event echo server, %d clients, against libuv", clients)
	return measurement{
		name:       fmt.Sprintf("echo-%d", clients),
		ours:       manyClients("wds", clients, "echo"),
		other:      manyClients("uv", clients, "echo"),
		operations: block,
		least:      block,
		long:       clients >= 10000,
		figures: []figure{
			{what: text, key: "rate", scale: 1, unit: "/s", better: higher, aim: aim},
			{suffix: "-cpu", what: fmt.Sprintf("the same, %d clients, server CPU per 1,000,000", clients), key: "server_cpu_us", scale: 1, unit: "s", better: lower, aim: cpuAim},
		},
	}
}

// growth compares a server that has many clients with the same that has few.
func growth(suffix, server string, aim float64) measurement {
	const few, many = 100, 10000
	whose := "event echo server"
	if server == "uv" {
		whose = "that of libuv"
	}
	return measurement{
		name:       "growth" + suffix,
		ours:       manyClients(server, many, "echo"),
		other:      manyClients(server, few, "echo"),
		operations: 4 * many,
		least:      4 * many,
		long:       true,
		figures: []figure{
			{what: whose + ", 10,000 clients against 100, time", key: "us", scale: 1, unit: "µs", better: lower, aim: aim},
			{suffix: "-cpu", what: whose + ", 10,000 clients against 100, CPU", key: "server_cpu_us", scale: 1, unit: "µs", better: lower, aim: none},
		},
	}
}

// publish has each message of one client sent to all.
func publish() measurement {
	const clients = 10000
	return measurement{
		name:       "publish",
		ours:       manyClients("wds", clients, "publish"),
		other:      manyClients("uv", clients, "publish"),
		operations: 4,
		least:      4,
		long:       true,
		figures: []figure{
			{what: "a message to 10,000 clients, against libuv", key: "rate", scale: 1, unit: "/s", better: higher, aim: 1},
			{suffix: "-cpu", what: "the same, server CPU per message", key: "server_cpu_us", scale: 1e-3, unit: "ms", better: lower, aim: none},
		},
	}
}

// idle measures the memory of clients that are silent.
func idle() measurement {
	const clients = "10000"
	return measurement{
		name:       "idle",
		ours:       side{words("wds-events", clients, "echo"), words("raw-idle", "PORT", clients)},
		other:      side{words("uv-events", clients, "echo"), words("raw-idle", "PORT", clients)},
		operations: 1,
		fixed:      true,
		quick:      1,
		idle:       true,
		long:       true,
		figures: []figure{
			{what: "memory per idle client of 10,000, beside libuv", key: "server_rss", scale: 1, unit: "B", better: lower, aim: 2048, absolute: true},
		},
	}
}

func receiveSmall(suffix, many, what string, aim float64) measurement {
	ours, other := oneServer(words("raw-source"), words("wds-receive", "PORT", "100", many), words("raw-receive", "PORT", "100", "1"))
	return measurement{name: "recv-small" + suffix, ours: ours, other: other, operations: 20000, figures: []figure{
		{what: "100 B received, " + what, key: "rate", scale: 1, unit: "/s", better: higher, aim: aim},
	}}
}

func bulkSend(name string, bytes, first int) measurement {
	ours, other := withLinks("raw-sink", "send", "PORT", fmt.Sprint(bytes))
	return measurement{name: "bulk-send-" + name, ours: ours, other: other, operations: first, figures: []figure{
		{what: "messages of " + sizeText(bytes) + " sent", key: "rate", scale: float64(bytes) / 1e6, unit: "MB/s", better: higher, aim: 0.95},
	}}
}

func bulkReceive(name string, bytes, first int) measurement {
	ours, other := withLinks("raw-source", "receive", "PORT", fmt.Sprint(bytes), "1")
	return measurement{name: "bulk-recv-" + name, ours: ours, other: other, operations: first, figures: []figure{
		{what: "messages of " + sizeText(bytes) + " received", key: "rate", scale: float64(bytes) / 1e6, unit: "MB/s", better: higher, aim: 0.95},
	}}
}

func accept() measurement {
	client := words("raw-connect", "PORT", "8")
	return measurement{
		name:       "accept",
		ours:       side{words("wds-accept"), client},
		other:      side{words("raw-accept"), client},
		operations: 500,
		figures: []figure{
			{what: "connections accepted and closed", key: "rate", scale: 1, unit: "/s", better: higher, aim: 0.8},
		},
	}
}

// cancel is the same on a connection that was silent, or on one with round trips
// right before.
func cancel(suffix string, trips int) measurement {
	ours, other := withLinks("raw-echo", "cancel", "PORT", fmt.Sprint(trips))
	return measurement{name: "cancel" + suffix, ours: ours, other: other, operations: 20, fixed: true, quick: 8, figures: []figure{
		{what: fmt.Sprintf("close to return of the call that waits, after %d round trips, worst of block", trips), key: "max_us", scale: 1e-3, unit: "ms", better: lower, aim: 5, absolute: true},
	}}
}

func timeouts(suffix, server, connect, what string) measurement {
	ours, other := withLinks(server, "timeout", "PORT", connect)
	return measurement{name: "timeout" + suffix, ours: ours, other: other, operations: 12, fixed: true, quick: 4, figures: []figure{
		{what: "time-outs of " + what + " off by, worst of block", key: "max_us", scale: 1e-3, unit: "ms", better: lower, aim: 50, absolute: true},
	}}
}

func call() measurement {
	return measurement{name: "call", ours: side{client: words("wds-call")}, other: side{client: words("raw-call")}, operations: 100000, figures: []figure{
		{what: "empty call against a system call", key: "us", scale: 1e3, unit: "ns", better: lower, aim: 0.8},
	}}
}

func load() measurement {
	return measurement{name: "load", ours: side{client: words("raw-load", "LIBRARY")}, operations: 15, fixed: true, quick: 5, packages: true, figures: []figure{
		{what: "load and first socket", key: "p50_us", scale: 1e-3, unit: "ms", better: lower, aim: 10, absolute: true},
		{suffix: "-open", what: "of that, until it is mapped and linked", key: "open_p50_us", scale: 1e-3, unit: "ms", better: lower, aim: none},
		{suffix: "-start", what: "of that, Go's runtime and packages", key: "start_p50_us", scale: 1e-3, unit: "ms", better: lower, aim: none},
		{suffix: "-socket", what: "of that, the first socket", key: "socket_p50_us", scale: 1e-3, unit: "ms", better: lower, aim: none},
		{suffix: "-size", what: "size of the library", key: "bytes", scale: 1e-6, unit: "MB", better: lower, aim: 10, absolute: true},
	}}
}

func polling() measurement {
	client := words("raw-clients", "PORT", "200", "50000", "150000")
	return measurement{
		name:       "polling-pattern",
		ours:       side{words("wds-echo"), client},
		other:      side{words("raw-polling"), client},
		operations: 600,
		fixed:      true,
		quick:      120,
		figures: []figure{
			{what: "200 clients, reply, against polling", key: "p50_us", scale: 1, unit: "µs", better: lower, aim: none},
			{suffix: "-cpu", what: "200 clients, server CPU per message", key: "server_cpu_us", scale: 1, unit: "µs", better: lower, aim: none},
		},
	}
}

func message(bytes int) measurement {
	arguments := words("PORT", fmt.Sprint(bytes))
	return measurement{
		name:       fmt.Sprintf("message-%d", bytes),
		ours:       side{words("wds-sink"), append(words("wds-send"), arguments...)},
		other:      side{words("raw-sink"), append(words("raw-send"), arguments...)},
		operations: 1000,
		long:       !slices.Contains(quickSizes, bytes),
		figures: []figure{
			{what: sizeText(bytes) + " one way, both ends", key: "us", scale: 1, unit: "µs", better: lower, aim: none},
		},
	}
}

func sizeText(bytes int) string {
	switch {
	case bytes >= 1<<20:
		return fmt.Sprintf("%d MiB", bytes>>20)
	case bytes >= 1<<10:
		return fmt.Sprintf("%d KiB", bytes>>10)
	default:
		return fmt.Sprintf("%d B", bytes)
	}
}
