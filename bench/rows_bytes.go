package main

// framings are those that workers/bytes.c measures beside raw mode: the modes, descriptions,
// presets.
var framings = []string{
	"end-tag", "size", "end-tag-buffer", "length", "fixed", "markers", "gap",
	"line", "escape", "dle", "quote", "length-check", "varint", "spans", "end-or-gap",
	"modbus-tcp", "mllp", "stx-etx-bcc", "hl7", "mysql", "slip", "hdlc",
}

// byteByByte has each byte arrive in a segment of its own: a search that began anew with each
// would cost a long message many times what raw mode does. how is "read" or "queue".
func byteByByte(how, framing string) measurement {
	return measurement{
		name:       "bytes-" + how + "-" + framing,
		ours:       side{client: words("wds-bytes", how, framing)},
		operations: 1,
		fixed:      true,
		quick:      1,
		perRound:   1,
		long:       true,
		figures: []figure{
			{what: "1-byte segments by " + how + ", CPU per MB, against raw mode", key: "framing_ns", otherKey: "raw_ns", scale: 1, unit: "ms", better: lower, aim: 3},
		},
	}
}

// mysqlRows has many short messages arrive at once, with a length of three bytes each, and compares
// the framing with a program that has raw mode and a buffer of its own: nothing is done with the
// rows, so that a call for each is most of what they cost. how is "each" or "many".
func mysqlRows(how, what string) measurement {
	return measurement{
		name:       "rows-" + how,
		ours:       side{client: words("wds-rows", how)},
		operations: 20000,
		figures: []figure{
			{what: "rows of MySQL, 24 B, " + what + ", against raw mode and a buffer by hand", key: "rate", otherKey: "raw_rate", scale: 1, unit: "/s", better: higher, aim: none},
			{suffix: "-cpu", what: "rows of MySQL, " + what + ", CPU of the reader", key: "cpu_ns", otherKey: "raw_cpu_ns", scale: 1, unit: "ns", better: lower, aim: none},
		},
	}
}

// bytesOfAll measures each framing, by blocking reads and by a queue.
func bytesOfAll() (list []measurement) {
	for _, how := range []string{"read", "queue"} {
		for _, framing := range framings {
			list = append(list, byteByByte(how, framing))
		}
	}
	return list
}
