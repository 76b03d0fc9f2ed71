package main

import (
	"bytes"
	"debug/pe"
	"encoding/binary"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// archived is a member of an archive, as it is read back.
type archived struct {
	name string
	data []byte
}

// readArchive gives the members by their place in the file, and the places in order.
func readArchive(t *testing.T, data []byte) (map[uint32]archived, []uint32) {
	t.Helper()
	require.True(t, bytes.HasPrefix(data, []byte("!<arch>\n")))
	members := map[uint32]archived{}
	var order []uint32
	for at := 8; at < len(data); {
		head := string(data[at : at+60])
		require.Equal(t, "`\n", head[58:], "member at %d", at)
		size, err := strconv.Atoi(strings.TrimSpace(head[48:58]))
		require.NoError(t, err)
		members[uint32(at)] = archived{strings.TrimSpace(head[:16]), data[at+60 : at+60+size]}
		order = append(order, uint32(at))
		at += 60 + size + size%2
	}
	return members, order
}

// symbolsOf are those that a member defines.
func symbolsOf(t *testing.T, m archived) []string {
	t.Helper()
	if binary.LittleEndian.Uint32(m.data) == 0xffff0000 {
		name := string(m.data[20 : bytes.IndexByte(m.data[20:], 0)+20])
		return []string{"__imp_" + name, name}
	}
	object, err := pe.NewFile(bytes.NewReader(m.data))
	require.NoError(t, err)
	var names []string
	for _, s := range object.Symbols {
		if s.StorageClass == classExternal && s.SectionNumber > 0 {
			names = append(names, s.Name)
		}
	}
	return names
}

func TestBothIndexesOfAnImportLibraryLeadToItsMembers(t *testing.T) {
	h, root := realHeader(t)
	for _, bits := range []int{32, 64} {
		name := "wdsocket" + strconv.Itoa(bits)
		out := filepath.Join(t.TempDir(), "out.lib")
		require.NoError(t, WriteImportLibrary(filepath.Join(root, "include", name+".def"), out, bits))
		data, err := os.ReadFile(out)
		require.NoError(t, err)
		members, order := readArchive(t, data)
		require.Len(t, order, 2+3+len(h.Functions()))

		want := map[string]uint32{}
		for _, at := range order[2:] {
			assert.Equal(t, name+".dll/", members[at].name)
			for _, s := range symbolsOf(t, members[at]) {
				want[s] = at
			}
		}
		for _, f := range h.Functions() {
			symbol := f.Name
			if bits == 32 {
				symbol = "_" + f.Name + "@" + strconv.Itoa(f.StackBytes())
			}
			assert.Contains(t, want, symbol)
			assert.Contains(t, want, "__imp_"+symbol)
		}
		assert.Len(t, want, 3+2*len(h.Functions()))

		first := members[order[0]].data
		count := int(binary.BigEndian.Uint32(first))
		got := map[string]uint32{}
		for i, s := range strings.Split(strings.TrimSuffix(string(first[4+4*count:]), "\x00"), "\x00") {
			got[s] = binary.BigEndian.Uint32(first[4+4*i:])
		}
		assert.Equal(t, want, got, "the index by member")

		second := members[order[1]].data
		offsets := int(binary.LittleEndian.Uint32(second))
		rest := second[4+4*offsets:]
		count = int(binary.LittleEndian.Uint32(rest))
		got = map[string]uint32{}
		var names []string
		for i, s := range strings.Split(strings.TrimSuffix(string(rest[4+2*count:]), "\x00"), "\x00") {
			number := binary.LittleEndian.Uint16(rest[4+2*i:])
			got[s] = binary.LittleEndian.Uint32(second[4*number:])
			names = append(names, s)
		}
		assert.Equal(t, want, got, "the index by name")
		assert.IsIncreasing(t, names)
	}
}

func TestShortImportsAndObjectsOf32Bits(t *testing.T) {
	lib, err := parseDefinitions("; a comment\nLIBRARY some.dll\nEXPORTS\n    Two=Two@8\n    One=One@4\n", 32)
	require.NoError(t, err)
	members, order := readArchive(t, lib.bytes())
	require.Len(t, order, 7)
	assert.Equal(t, "\x00\x00\xff\xff\x00\x00\x4c\x01\x00\x00\x00\x00\x10\x00\x00\x00\x00\x00\x0c\x00"+"_One@4\x00some.dll\x00", string(members[order[5]].data))
	for _, at := range order[2:5] {
		object, err := pe.NewFile(bytes.NewReader(members[at].data))
		require.NoError(t, err)
		assert.Equal(t, uint16(pe.IMAGE_FILE_MACHINE_I386), object.Machine)
		last := object.Symbols[len(object.Symbols)-1]
		assert.Equal(t, pe.Symbol{Name: "@feat.00", Value: 1, SectionNumber: -1, StorageClass: classStatic}, *last, "without it /SAFESEH refuses the object")
	}
}

func TestDefinitionsThatCannotBeMeantAreRefused(t *testing.T) {
	for text, bits := range map[string]int{
		"":                            64,
		"LIBRARY some.dll\nEXPORTS\n": 64,
		"EXPORTS\n One\n":             64,
		"LIBRARY some.dll\nOne\n":     64,
		"LIBRARY some.dll\nEXPORTS\n One=Two@4\n":   32,
		"LIBRARY some.dll\nEXPORTS\n One\n":         32,
		"LIBRARY some.dll\nEXPORTS\n One=One\n":     32,
		"LIBRARY some.dll\nEXPORTS\n One=Other\n":   64,
		"LIBRARY some.dll\nEXPORTS\n One=One@4 \n ": 16,
	} {
		_, err := parseDefinitions(text, bits)
		assert.Error(t, err, text)
	}
}
