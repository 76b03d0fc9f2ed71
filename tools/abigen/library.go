package main

import (
	"debug/elf"
	"debug/pe"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Library is what a host sees of a built library.
type Library struct {
	Exports  []string // sorted
	Imports  []string // libraries that it needs
	Soname   string   // ELF only
	NoDelete bool     // ELF only: the loader never unloads it
	TLS      uint64   // ELF only: bytes of thread-local variables
	Glibc    string   // ELF only: the newest version that a symbol is asked for in
	Windows  bool
	Bits     int               // DLL only: 32 or 64
	Resource map[string]string // DLL only: texts of the version resource
	Head     *peHead           // DLL only
}

// systemLibraries are the only ones that the product may need: each is part of
// every installation of its system.
var systemLibraries = []string{
	"libc.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libresolv.so.2", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "ld-linux.so.2",
	"kernel32.dll", "msvcrt.dll", "ntdll.dll", "ws2_32.dll", "winmm.dll", "advapi32.dll", "bcryptprimitives.dll", "iphlpapi.dll", "user32.dll",
}

// maxTLS is what a library may have in thread-local variables. Go's own makes
// the loader take them from a small block that all libraries share.
const maxTLS = 64

// maxGlibc is the oldest version that the library runs with, as README.md and the
// archive's README.txt state it.
const maxGlibc = "2.34"

// CheckLibrary compares a built library with the header.
func CheckLibrary(h *Header, path string) error {
	lib, err := ReadLibrary(path)
	if err != nil {
		return err
	}
	var want []string
	for _, f := range sortedFunctions(h) {
		want = append(want, f.Name)
	}
	var faults []error
	if missing, extra := difference(want, lib.Exports); len(missing)+len(extra) > 0 {
		faults = append(faults, fmt.Errorf("exports missing: %v, not in the header: %v", missing, extra))
	}
	for _, name := range lib.Imports {
		if !slices.Contains(systemLibraries, strings.ToLower(name)) {
			faults = append(faults, fmt.Errorf("needs %s, which is not part of every system", name))
		}
	}
	if !lib.Windows && lib.Soname != soname {
		faults = append(faults, fmt.Errorf("SONAME is %q, want %q", lib.Soname, soname))
	}
	if !lib.Windows && !lib.NoDelete {
		faults = append(faults, errors.New("may be unloaded: the flag NODELETE is missing"))
	}
	if !lib.Windows && newer(lib.Glibc, maxGlibc) {
		faults = append(faults, fmt.Errorf("needs glibc %s, and the texts say %s", lib.Glibc, maxGlibc))
	}
	if lib.Windows {
		faults = append(faults, resourceFaults(h, lib)...)
		faults = append(faults, lib.Head.faults()...)
	}
	if lib.TLS > maxTLS {
		faults = append(faults, fmt.Errorf("has %d bytes of thread-local variables, dlopen may refuse it", lib.TLS))
	}
	if len(faults) > 0 {
		return fmt.Errorf("%s: %w", path, errors.Join(faults...))
	}
	needs := lib.Imports
	if lib.Glibc != "" {
		needs = append(needs, "in glibc "+lib.Glibc)
	}
	fmt.Printf("%s: %d exports as in the header, needs %s\n", path, len(lib.Exports), strings.Join(needs, " "))
	return nil
}

// difference returns what only want and what only got has. Both are sorted.
func difference(want, got []string) (missing, extra []string) {
	for _, w := range want {
		if _, ok := slices.BinarySearch(got, w); !ok {
			missing = append(missing, w)
		}
	}
	for _, g := range got {
		if _, ok := slices.BinarySearch(want, g); !ok {
			extra = append(extra, g)
		}
	}
	return missing, extra
}

// ReadLibrary reads an ELF object or a Windows DLL.
func ReadLibrary(path string) (*Library, error) {
	magic := make([]byte, 2)
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if _, err := io.ReadFull(f, magic); err != nil {
		return nil, err
	}
	if string(magic) == "MZ" {
		return readPE(f)
	}
	return readELF(f)
}

func readELF(r io.ReaderAt) (*Library, error) {
	f, err := elf.NewFile(r)
	if err != nil {
		return nil, err
	}
	lib := &Library{}
	symbols, err := f.DynamicSymbols()
	if err != nil {
		return nil, err
	}
	for _, s := range symbols {
		// ld for ARM has sections in this table, without names.
		if s.Section != elf.SHN_UNDEF && elf.ST_TYPE(s.Info) != elf.STT_SECTION {
			lib.Exports = append(lib.Exports, s.Name)
		}
	}
	sort.Strings(lib.Exports)
	if lib.Imports, err = f.ImportedLibraries(); err != nil {
		return nil, err
	}
	asked, err := f.ImportedSymbols()
	if err != nil {
		return nil, err
	}
	for _, s := range asked {
		if version, ok := strings.CutPrefix(s.Version, "GLIBC_"); ok && newer(version, lib.Glibc) {
			lib.Glibc = version
		}
	}
	if names, err := f.DynString(elf.DT_SONAME); err == nil && len(names) == 1 {
		lib.Soname = names[0]
	}
	if flags, err := f.DynValue(elf.DT_FLAGS_1); err == nil && len(flags) == 1 {
		lib.NoDelete = elf.DynFlag1(flags[0])&elf.DF_1_NODELETE != 0
	}
	for _, segment := range f.Progs {
		if segment.Type == elf.PT_TLS {
			lib.TLS += segment.Memsz
		}
	}
	return lib, nil
}

// newer compares versions such as 2.34 and 2.3.4, of which "" is the oldest. What is
// no number (GLIBC_PRIVATE) is newer than all: no stated version has it for sure.
func newer(a, b string) bool {
	return slices.Compare(numbers(a), numbers(b)) > 0
}

func numbers(version string) []int {
	var all []int
	for part := range strings.SplitSeq(version, ".") {
		n, err := strconv.Atoi(part)
		if err != nil && part != "" {
			n = math.MaxInt
		}
		all = append(all, n)
	}
	return all
}

func readPE(r io.ReaderAt) (*Library, error) {
	f, err := pe.NewFile(r)
	if err != nil {
		return nil, err
	}
	lib := &Library{Windows: true, Bits: 64}
	if f.Machine == pe.IMAGE_FILE_MACHINE_I386 {
		lib.Bits = 32
	}
	if lib.Resource, err = readResource(f); err != nil {
		return nil, err
	}
	if lib.Head, err = readPEHead(f, r); err != nil {
		return nil, err
	}
	imports, err := f.ImportedSymbols()
	if err != nil {
		return nil, err
	}
	for _, s := range imports {
		if _, dll, ok := strings.Cut(s, ":"); ok && !slices.Contains(lib.Imports, dll) {
			lib.Imports = append(lib.Imports, dll)
		}
	}
	sort.Strings(lib.Imports)
	lib.Exports, err = exportsPE(f)
	return lib, err
}

// exportsPE reads the names of the export directory, which debug/pe leaves to
// its users. Layout: PE format, ".edata section".
func exportsPE(f *pe.File) ([]string, error) {
	var rva uint32
	switch h := f.OptionalHeader.(type) {
	case *pe.OptionalHeader32:
		rva = h.DataDirectory[pe.IMAGE_DIRECTORY_ENTRY_EXPORT].VirtualAddress
	case *pe.OptionalHeader64:
		rva = h.DataDirectory[pe.IMAGE_DIRECTORY_ENTRY_EXPORT].VirtualAddress
	}
	directory, err := bytesAt(f, rva)
	if err != nil || len(directory) < 40 {
		return nil, errors.New("no export directory")
	}
	count := int(binary.LittleEndian.Uint32(directory[24:]))
	table, err := bytesAt(f, binary.LittleEndian.Uint32(directory[32:]))
	if err != nil || len(table) < 4*count {
		return nil, errors.New("broken export table")
	}
	var names []string
	for i := range count {
		text, err := bytesAt(f, binary.LittleEndian.Uint32(table[4*i:]))
		if err != nil {
			return nil, err
		}
		name, _, _ := strings.Cut(string(text[:min(len(text), 256)]), "\x00")
		names = append(names, name)
	}
	sort.Strings(names)
	return names, nil
}

// bytesAt returns the file's bytes from a virtual address to the end of its
// section.
func bytesAt(f *pe.File, rva uint32) ([]byte, error) {
	for _, s := range f.Sections {
		if rva < s.VirtualAddress || rva-s.VirtualAddress >= s.Size {
			continue
		}
		data, err := s.Data()
		if err != nil {
			return nil, err
		}
		return data[rva-s.VirtualAddress:], nil
	}
	return nil, fmt.Errorf("address %#x is in no section", rva)
}
