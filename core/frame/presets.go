package frame

import (
	"reflect"
	"slices"
	"strings"

	"wdsocket/core/frame/description"
)

// presets are the protocols that have a name. Each function gets Params whose
// figures of the modes 4 to 7 have their defaults.
var presets = [...]struct {
	name  string
	apply func(*Params)
}{
	// MBAP header of Modbus Messaging on TCP/IP V1.0b: transaction, protocol
	// and length in two bytes each; the length counts what follows it.
	{"modbus-tcp", func(p *Params) {
		p.Mode, p.Offset, p.KeepHeader, p.modbus = Length, 4, true, true
	}},
	// RFC 1006: version 3, a reserved byte, then the length of the whole packet.
	{"tpkt", func(p *Params) {
		p.Mode, p.Offset, p.Adjustment, p.Header = Length, 2, -4, []byte{0x03, 0x00}
	}},
	// HL7 minimal lower layer protocol: VT, message, FS CR.
	{"mllp", func(p *Params) {
		p.Mode, p.Start, p.End = Markers, []byte{0x0B}, []byte{0x1C, 0x0D}
		p.Restart, p.restarts = true, true
	}},
	// STX, message, ETX, then the XOR of message and ETX.
	{"stx-etx-bcc", func(p *Params) {
		p.Mode, p.Check = Markers, CheckXOR
		p.Restart, p.restarts = true, true
	}},
	// ISO 8583 over TCP as most hosts speak it: two bytes of length, high byte
	// first, not counting themselves.
	{"iso8583", func(p *Params) {
		p.Mode = Length
	}},
}

// Presets lists the names that Preset knows.
func Presets() []string {
	names := make([]string, len(presets))
	for i := range presets {
		names[i] = presets[i].name
	}
	return names
}

// PresetNames are the names of presets and protocols.
func PresetNames() []string {
	names := Presets()
	for _, p := range description.Protocols() {
		if !slices.Contains(names, p.Name) {
			names = append(names, p.Name)
		}
	}
	return append(names, ownNames()...)
}

// PresetsLike are the names that may be meant: those which begin with the name, or of which the name is more.
func PresetsLike(name string) (like []string) {
	const shortest = 3
	if name = strings.ToLower(strings.TrimSpace(name)); len(name) < shortest {
		return nil
	}
	for _, each := range PresetNames() {
		if strings.HasPrefix(each, name) || strings.HasPrefix(name, each) && len(each) >= shortest {
			like = append(like, each)
		}
	}
	return like
}

// Preset gives the mode of a protocol by its name, with all its figures. Limit
// and end tag are kept as in p. An unknown name gives p and false.
func Preset(p Params, name string) (Params, bool) {
	for i := range presets {
		if presets[i].name != name {
			continue
		}
		fresh := Defaults()
		fresh.Limit, fresh.Tag, fresh.TagAsIs, fresh.preset = p.Limit, p.Tag, p.TagAsIs, name
		presets[i].apply(&fresh)
		return fresh, true
	}
	return p, false
}

// PresetInUse is the name of the preset or the protocol by which p was set, "" once a figure
// of it has another value.
func (p Params) PresetInUse() string {
	if p.Mode == Described || p.preset == "" { // which Describe forgets
		return p.preset
	}
	fresh, is := Preset(p, p.preset)
	fresh.Records, fresh.RecordsText = p.Records, p.RecordsText
	if !is || !reflect.DeepEqual(fresh, p) {
		return ""
	}
	return p.preset
}

// presetText names a preset as programs set it.
func presetText(name string) string { return "WDS_TEXT_FRAME_PRESET \"" + name + "\"" }

// presetOr names the preset by which something was set, or what else sets it.
func presetOr(preset, other string) string {
	if preset == "" {
		return other
	}
	return presetText(preset)
}
