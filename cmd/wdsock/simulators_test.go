package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// doctor takes each simulated device for what it is.
func TestDoctorKnowsTheSimulators(t *testing.T) {
	questions := map[string]string{"scale": "sics", "terminal": "enq", "printer": "zpl", "hl7": "hl7", "modbus": "modbus", "redis": "redis"}
	for _, s := range simulators() {
		_, at := serve(t, "--simulate", s.name, "127.0.0.1:0")
		name, is := questions[s.name]
		if !is {
			continue
		}
		framing := ""
		for _, q := range mustAsk(t, name) {
			framing = q.frame
		}
		assert.Contains(t, examined(t, 0, at, "--ask", name), "framing       "+framing+"\n", s.name)
	}
	_, at := serve(t, "--simulate", "barcode", "--every", "1ms", "127.0.0.1:0")
	assert.Contains(t, told(t, 0, "", "connect", "-f", "data 0D", "-w", longest.String(), "--expect", "^5901234123457$", at), "5901234123457\n")
	assert.Contains(t, told(t, exitUsage, "", "listen", "--simulate", "plane", "127.0.0.1:0"), "there are scale, barcode")
}

func mustAsk(t *testing.T, name string) []question {
	all, err := asked([]string{name})
	assert.NoError(t, err)
	return all
}

func TestTheSimulatedPLCHasRegisters(t *testing.T) {
	const ask = "\x00\x07\x00\x00\x00\x06\x01"
	for question, want := range map[string]string{
		ask + "\x03\x00\x0A\x00\x02": "\x00\x07\x00\x00\x00\x07\x01\x03\x04\x03\xF2\x03\xF3",
		ask + "\x06\x00\x0A\x00\x02": "\x00\x07\x00\x00\x00\x03\x01\x86\x01",
		ask + "\x03\x00\x0A\x00\x7E": "\x00\x07\x00\x00\x00\x03\x01\x83\x02",
		ask + "\x03\xFF\xFF\x00\x02": "\x00\x07\x00\x00\x00\x03\x01\x83\x02",
		ask + "\x03":                 "\x00\x07\x00\x00\x00\x03\x01\x83\x01",
		"\x00":                       "",
	} {
		assert.Equal(t, want, string(registers([]byte(question))), "%q", question)
	}
}
