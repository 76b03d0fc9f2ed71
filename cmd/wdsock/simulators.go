package main

import (
	"encoding/binary"
	"slices"
	"strings"
	"time"
)

// simulator is a device, as listen plays it.
type simulator struct {
	name  string
	frame string // --frame
	rules []string
	sends string        // by itself
	every time.Duration // how often
	plc   bool          // it has registers
}

// simulators are those that listen knows: each answers the question of doctor that is for it, but
// the barcode reader, which nothing has to ask.
func simulators() []simulator {
	return []simulator{
		{name: "scale", frame: "sics", rules: []string{`^S$=>S S     100.00 g`, `^SI$=>S S     100.00 g`, `^Z$=>Z A`, `^T$=>T S      10.00 g`, `^I4$=>I4 A "0123456789"`, `=>ES`}},
		{name: "barcode", frame: "data 0D", sends: "5901234123457", every: time.Second},
		{name: "terminal", rules: []string{`^\x05$=>\x06`, `^\x02.*\x03.$=>\x06`}},
		{name: "printer", rules: []string{
			`~HS=>\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n`, `^\x10\x04[\x01-\x04]$=>\x12`}},
		{name: "hl7", frame: "mllp", rules: []string{
			`^MSH\|[^|]*\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|[^|]*\|[^|]*\|([^|]*)\|=>MSH|^~\\&|${3}|${4}|${1}|${2}|${5}||ACK|${6}|P|2.5\rMSA|AA|${6}\r`}},
		{name: "modbus", plc: true},
		{name: "redis", rules: []string{`(?i)^(\*1\r\n\$4\r\n)?PING\r\n=>+PONG\r\n`, `=>-ERR this is wdsock\r\n`}},
	}
}

// registers answers Modbus TCP: holding register n of each unit is 1000 + n.
func registers(message []byte) []byte {
	const header, readHolding, illegalFunction, illegalAddress, most = 7, 3, 1, 2, 125
	if len(message) < header+1 {
		return nil
	}
	answer := slices.Clone(message[:header+1])
	refuse := func(code byte) []byte {
		answer[header] |= 0x80
		answer = append(answer, code)
		binary.BigEndian.PutUint16(answer[4:], 3)
		return answer
	}
	if message[header] != readHolding || len(message) < header+5 {
		return refuse(illegalFunction)
	}
	first, count := binary.BigEndian.Uint16(message[header+1:]), binary.BigEndian.Uint16(message[header+3:])
	if count < 1 || count > most || int(first)+int(count) > 1<<16 {
		return refuse(illegalAddress)
	}
	answer = append(answer, byte(2*count))
	for i := range count {
		answer = binary.BigEndian.AppendUint16(answer, 1000+first+i)
	}
	binary.BigEndian.PutUint16(answer[4:], uint16(len(answer)-6))
	return answer
}

// simulate makes the command that of a simulator, where one is asked for.
func (c *listenCommand) simulate() error {
	if c.Simulate == "" {
		return nil
	}
	all := simulators()
	i := slices.IndexFunc(all, func(s simulator) bool { return s.name == c.Simulate })
	if i < 0 {
		names := make([]string, len(all))
		for i, s := range all {
			names[i] = s.name
		}
		return usage("--simulate: there is no device %s; there are %s", "--simulate : il n'y a pas d'appareil %s ; il y a %s", c.Simulate, strings.Join(names, ", "))
	}
	s := all[i]
	if c.raw() {
		c.Frame = s.frame
	}
	c.Reply = append(c.Reply, s.rules...)
	c.plc, c.Literal = s.plc, false
	if s.frame == "" {
		c.End = "none" // what is sent is whole
	}
	if s.sends != "" && len(c.Message) == 0 {
		c.Message, c.Every, c.Repeat = []string{s.sends}, s.every, 0
	}
	return nil
}
