package main

import (
	"debug/pe"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
)

// readResource reads the texts of a DLL's version resource, which Windows shows
// as its properties: name, then value, both in UTF-16 and ended by NUL, with a
// NUL more where the value would not begin at a multiple of four bytes.
func readResource(f *pe.File) (map[string]string, error) {
	section := f.Section(".rsrc")
	if section == nil {
		return nil, nil
	}
	data, err := section.Data()
	if err != nil {
		return nil, err
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(data[2*i:])
	}
	text := string(utf16.Decode(units))
	found := map[string]string{}
	for name := range resourceTexts("", 0) {
		if _, rest, ok := strings.Cut(text, name+"\x00"); ok {
			found[name], _, _ = strings.Cut(strings.TrimLeft(rest, "\x00"), "\x00")
		}
	}
	return found, nil
}

// resourceTexts are the texts that a DLL has to carry.
func resourceTexts(version string, bits int) map[string]string {
	return map[string]string{
		"ProductName":      "wdsocket",
		"ProductVersion":   version,
		"FileVersion":      version,
		"FileDescription":  "A socket library for WINDEV, C, C++, Delphi, C#, VBA and Python",
		"OriginalFilename": fmt.Sprintf("wdsocket%d.dll", bits),
	}
}

// resourceFaults compares the version resource with the header.
func resourceFaults(h *Header, lib *Library) []error {
	var faults []error
	for name, want := range resourceTexts(h.Version(), lib.Bits) {
		if got := lib.Resource[name]; got != want {
			faults = append(faults, fmt.Errorf("version resource: %s is %q, want %q", name, got, want))
		}
	}
	return faults
}
