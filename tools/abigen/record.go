package main

import (
	"fmt"
	"regexp"
	"strings"
)

// Struct is a record of the ABI: numbers of 32 bits, one behind the other.
type Struct struct {
	Name    string
	Comment []string
	Fields  []Field
}

// Field is a number of a record.
type Field struct {
	Name    string
	Comment string
}

// Bytes is the size of a record.
func (s Struct) Bytes() int { return 4 * len(s.Fields) }

// Record is the record of an event.
func (h *Header) Record() Struct {
	for _, s := range h.Structs {
		if s.Name == eventType {
			return s
		}
	}
	return Struct{}
}

const eventType = "wds_event"

var (
	recordHead  = regexp.MustCompile(`^typedef struct (wds_\w+) \{$`)
	recordField = regexp.MustCompile(`^int32_t (\w+);\s*(/\*.*)?$`)
)

// record reads a struct. Its fields are int32_t only: every compiler and every
// host lays them out alike.
func (p *headerParser) record() error {
	line := p.take()
	m := recordHead.FindStringSubmatch(line)
	if m == nil {
		return fmt.Errorf("%q is no record this program understands", line)
	}
	s := Struct{Name: m[1], Comment: p.pending}
	p.pending = nil
	for p.next < len(p.lines) {
		line = strings.TrimSpace(p.take())
		if line == "} "+s.Name+";" && len(s.Fields) > 0 {
			p.header.Structs = append(p.header.Structs, s)
			return nil
		}
		f := recordField.FindStringSubmatch(line)
		if f == nil {
			return fmt.Errorf("%q is no field of %s this program understands", line, s.Name)
		}
		field := Field{Name: f[1]}
		if f[2] != "" {
			lines, err := p.block(f[2])
			if err != nil {
				return err
			}
			field.Comment = joinText(lines)
		}
		s.Fields = append(s.Fields, field)
	}
	return fmt.Errorf("record %s without end", s.Name)
}
