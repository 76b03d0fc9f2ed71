package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"strings"
)

// Import libraries are written here because no tool makes them as they have to be
// for all linkers: MSVC's with /SAFESEH, LLVM's and GNU's. Layout: PE format,
// "Archive (Library) File Format" and "Import Library Format".

// importLibrary is what an import library says of a DLL.
type importLibrary struct {
	dll     string
	bits    int
	imports []importedName // sorted by symbol
}

// importedName is a function: the name that the DLL exports, and the compiler's
// behind __imp_.
type importedName struct{ exported, symbol string }

// WriteImportLibrary makes out from a file of definitions with lines "name" and, in 32
// bits, "name=name@8", where the number is the size of the arguments.
func WriteImportLibrary(definitions, out string, bits int) error {
	text, err := os.ReadFile(definitions)
	if err != nil {
		return err
	}
	lib, err := parseDefinitions(string(text), bits)
	if err != nil {
		return fmt.Errorf("%s: %w", definitions, err)
	}
	return os.WriteFile(out, lib.bytes(), 0o644)
}

func parseDefinitions(text string, bits int) (*importLibrary, error) {
	if bits != 32 && bits != 64 {
		return nil, fmt.Errorf("no DLL has %d bits", bits)
	}
	lib := &importLibrary{bits: bits}
	exports := false
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, ";")
		line = strings.TrimSpace(line)
		name, found := strings.CutPrefix(line, "LIBRARY ")
		switch {
		case line == "":
		case found:
			lib.dll = strings.TrimSpace(name)
		case line == "EXPORTS":
			exports = true
		case !exports:
			return nil, fmt.Errorf("%q is no definition this program understands", line)
		default:
			exported, symbol, ok := strings.Cut(line, "=")
			if bits == 32 {
				plain, _, sized := strings.Cut(symbol, "@")
				if !ok || !sized || plain != exported {
					return nil, fmt.Errorf("%q does not tell the size of the arguments", line)
				}
				symbol = "_" + symbol
			} else if symbol = exported; ok {
				return nil, fmt.Errorf("%q has another name inside", line)
			}
			lib.imports = append(lib.imports, importedName{exported, symbol})
		}
	}
	if !strings.HasSuffix(lib.dll, ".dll") || len(lib.imports) == 0 {
		return nil, fmt.Errorf("no DLL is named, or nothing that it exports")
	}
	slices.SortFunc(lib.imports, func(a, b importedName) int { return strings.Compare(a.symbol, b.symbol) })
	return lib, nil
}

// member is a file of an archive with the symbols that it defines.
type member struct {
	symbols []string
	data    []byte
}

// members are the three objects that begin, end and name the DLL's imports, as every
// linker expects them, and a short import for each function.
func (l *importLibrary) members() []member {
	name := strings.TrimSuffix(l.dll, ".dll")
	descriptor := "__IMPORT_DESCRIPTOR_" + name
	thunk := "\x7f" + name + "_NULL_THUNK_DATA"
	const last = "__NULL_IMPORT_DESCRIPTOR"
	all := []member{
		{[]string{descriptor}, l.descriptor(descriptor, last, thunk)},
		{[]string{last}, l.object([]coffSection{{name: ".idata$3", data: make([]byte, descriptorSize), flags: scnAlign4}},
			[]coffSymbol{{name: last, section: 1, class: classExternal}})},
		{[]string{thunk}, l.object([]coffSection{
			{name: ".idata$5", data: make([]byte, l.bits/8), flags: l.pointerAlign()},
			{name: ".idata$4", data: make([]byte, l.bits/8), flags: l.pointerAlign()},
		}, []coffSymbol{{name: thunk, section: 1, class: classExternal}})},
	}
	for _, i := range l.imports {
		all = append(all, member{[]string{"__imp_" + i.symbol, i.symbol}, l.shortImport(i)})
	}
	return all
}

const (
	machine386   = 0x14c
	machineAMD64 = 0x8664

	classExternal = 2
	classStatic   = 3
	classSection  = 104

	scnData   = 0xc0000040 // initialised data, to be read and written
	scnAlign2 = 0x00200000
	scnAlign4 = 0x00300000
	scnAlign8 = 0x00400000

	coffHeaderSize    = 20
	sectionSize       = 40
	relocationSize    = 10
	descriptorSize    = 20
	importCode        = 0
	importName        = 1 // the symbol is the name
	importUndecorated = 3 // the name is the symbol without "_" before and "@8" behind
)

func (l *importLibrary) machine() uint16 {
	if l.bits == 32 {
		return machine386
	}
	return machineAMD64
}

func (l *importLibrary) pointerAlign() uint32 {
	if l.bits == 32 {
		return scnAlign4
	}
	return scnAlign8
}

// shortImport is the header that stands for a whole object: linkers know what is
// meant.
func (l *importLibrary) shortImport(i importedName) []byte {
	kind := uint16(importName)
	if l.bits == 32 {
		kind = importUndecorated
	}
	names := i.symbol + "\x00" + l.dll + "\x00"
	return append(littleEndian(
		uint16(0), uint16(0xffff), // no machine, no sections: no object of code
		uint16(0), l.machine(), uint32(0), // version, machine, time
		uint32(len(names)), uint16(0), // ordinal or hint
		uint16(importCode|kind<<2),
	), names...)
}

// descriptor is the DLL's entry in the import directory.
func (l *importLibrary) descriptor(own, last, thunk string) []byte {
	relative := uint16(3) // IMAGE_REL_AMD64_ADDR32NB
	if l.bits == 32 {
		relative = 7 // IMAGE_REL_I386_DIR32NB
	}
	name := append([]byte(l.dll), 0)
	if len(name)%2 == 1 {
		name = append(name, 0)
	}
	return l.object([]coffSection{
		{name: ".idata$2", data: make([]byte, descriptorSize), flags: scnAlign4, relocations: []relocation{
			{12, 2, relative}, // the name
			{0, 3, relative},  // the list of names
			{16, 4, relative}, // the list of addresses
		}},
		{name: ".idata$6", data: name, flags: scnAlign2},
	}, []coffSymbol{
		{name: own, section: 1, class: classExternal},
		{name: ".idata$2", section: 1, class: classSection},
		{name: ".idata$6", section: 2, class: classStatic},
		{name: ".idata$4", class: classSection},
		{name: ".idata$5", class: classSection},
		{name: last, class: classExternal},
		{name: thunk, class: classExternal},
	})
}

type coffSection struct {
	name        string
	data        []byte
	flags       uint32
	relocations []relocation
}

// relocation asks for the address of a symbol. Its number is that in the list given to
// object.
type relocation struct {
	at, symbol uint32
	kind       uint16
}

type coffSymbol struct {
	name    string
	value   uint32
	section int16 // from 1; 0 elsewhere, -1 a number
	class   uint8
}

// object is a COFF object. In 32 bits it says that it registers all its handlers of
// exceptions, having none: /SAFESEH takes no others.
func (l *importLibrary) object(sections []coffSection, symbols []coffSymbol) []byte {
	if l.bits == 32 {
		symbols = append(symbols, coffSymbol{name: "@feat.00", value: 1, section: -1, class: classStatic})
	}
	at := coffHeaderSize + sectionSize*len(sections)
	var heads, bodies []byte
	for _, s := range sections {
		relocations := 0
		if len(s.relocations) > 0 {
			relocations = at + len(s.data)
		}
		heads = append(heads, littleEndian(shortName(s.name), uint32(0), uint32(0), uint32(len(s.data)), uint32(at), uint32(relocations), uint32(0),
			uint16(len(s.relocations)), uint16(0), s.flags|scnData)...)
		bodies = append(bodies, s.data...)
		for _, r := range s.relocations {
			bodies = append(bodies, littleEndian(r.at, r.symbol, r.kind)...)
		}
		at += len(s.data) + relocationSize*len(s.relocations)
	}
	// Names of more than 8 bytes are in a table behind the symbols.
	var table, names []byte
	for _, s := range symbols {
		name := shortName(s.name)
		if len(s.name) > 8 {
			name = [8]byte(littleEndian(uint32(0), uint32(4+len(names))))
			names = append(names, s.name+"\x00"...)
		}
		table = append(table, littleEndian(name, s.value, s.section, uint16(0), s.class, uint8(0))...)
	}
	var characteristics uint16
	if l.bits == 32 {
		characteristics = 0x100 // IMAGE_FILE_32BIT_MACHINE
	}
	head := littleEndian(l.machine(), uint16(len(sections)), uint32(0), uint32(at), uint32(len(symbols)), uint16(0), characteristics)
	return slices.Concat(head, heads, bodies, table, littleEndian(uint32(4+len(names))), names)
}

func shortName(name string) (short [8]byte) {
	copy(short[:], name)
	return short
}

// bytes is the archive: two indexes, by member for old linkers and by name for others,
// and the members, each named after the DLL.
func (l *importLibrary) bytes() []byte {
	members := l.members()
	type place struct {
		symbol string
		member int
	}
	var places []place
	texts := 0
	for i, m := range members {
		for _, s := range m.symbols {
			places = append(places, place{s, i})
			texts += len(s) + 1
		}
	}
	const magic = "!<arch>\n"
	at := len(magic) + padded(archiveHeadSize+4+4*len(places)+texts) + padded(archiveHeadSize+4+4*len(members)+4+2*len(places)+texts)
	offsets := make([]uint32, len(members))
	for i, m := range members {
		offsets[i] = uint32(at)
		at += padded(archiveHeadSize + len(m.data))
	}

	first := binary.BigEndian.AppendUint32(nil, uint32(len(places)))
	for _, p := range places {
		first = binary.BigEndian.AppendUint32(first, offsets[p.member])
	}
	for _, p := range places {
		first = append(first, p.symbol+"\x00"...)
	}
	slices.SortFunc(places, func(a, b place) int { return strings.Compare(a.symbol, b.symbol) })
	second := littleEndian(uint32(len(members)), offsets, uint32(len(places)))
	for _, p := range places {
		second = append(second, littleEndian(uint16(p.member+1))...)
	}
	for _, p := range places {
		second = append(second, p.symbol+"\x00"...)
	}

	var b bytes.Buffer
	b.WriteString(magic)
	writeMember(&b, "/", "0", first)
	writeMember(&b, "/", "0", second)
	for _, m := range members {
		writeMember(&b, l.dll+"/", "644", m.data)
	}
	return b.Bytes()
}

const archiveHeadSize = 60

func padded(size int) int { return size + size%2 }

// writeMember has no time, user and group, so that the same gives the same bytes.
func writeMember(b *bytes.Buffer, name, mode string, data []byte) {
	fmt.Fprintf(b, "%-16s%-12s%-6s%-6s%-8s%-10d`\n", name, "0", "0", "0", mode, len(data))
	b.Write(data)
	if len(data)%2 == 1 {
		b.WriteByte('\n')
	}
}

// littleEndian is numbers and arrays of them one behind the other.
func littleEndian(values ...any) []byte {
	var b []byte
	for _, v := range values {
		// Only a type without a fixed size is refused.
		b, _ = binary.Append(b, binary.LittleEndian, v)
	}
	return b
}
