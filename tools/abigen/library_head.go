package main

import (
	"debug/pe"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// peHead is what the headers of a DLL say to the loader, to administrators and to scanners.
type peHead struct {
	System, Subsystem [2]uint16 // the oldest Windows
	Time              uint32    // seconds since 1970
	Flags             uint16    // IMAGE_DLLCHARACTERISTICS_
	Checksum          uint32    // as it stands there
	Computed          uint32    // as it should
	Wide              bool
}

// oldestWindows is what Go's runtime needs: Windows 10, Server 2016.
var oldestWindows = [2]uint16{10, 0}

// readPEHead reads the headers, and all of the file for the checksum.
func readPEHead(f *pe.File, r io.ReaderAt) (*peHead, error) {
	head := &peHead{Time: f.TimeDateStamp}
	switch h := f.OptionalHeader.(type) {
	case *pe.OptionalHeader32:
		head.System = [2]uint16{h.MajorOperatingSystemVersion, h.MinorOperatingSystemVersion}
		head.Subsystem = [2]uint16{h.MajorSubsystemVersion, h.MinorSubsystemVersion}
		head.Flags, head.Checksum = h.DllCharacteristics, h.CheckSum
	case *pe.OptionalHeader64:
		head.System = [2]uint16{h.MajorOperatingSystemVersion, h.MinorOperatingSystemVersion}
		head.Subsystem = [2]uint16{h.MajorSubsystemVersion, h.MinorSubsystemVersion}
		head.Flags, head.Checksum, head.Wide = h.DllCharacteristics, h.CheckSum, true
	default:
		return nil, errors.New("no optional header")
	}
	data, err := io.ReadAll(io.NewSectionReader(r, 0, 1<<31))
	if err != nil {
		return nil, err
	}
	head.Computed, err = peChecksum(data)
	return head, err
}

// peChecksum is that of ImageHlp: the sum of all words, carried over into 16 bits, with the
// field itself as 0, and the length.
func peChecksum(data []byte) (uint32, error) {
	if len(data) < 0x40 {
		return 0, io.ErrUnexpectedEOF
	}
	at := int(binary.LittleEndian.Uint32(data[0x3c:])) + 4 + 20 + 64 // signature, file header, place in the optional header
	if at < 0 || at+4 > len(data) {
		return 0, io.ErrUnexpectedEOF
	}
	var sum uint32
	for i := 0; i < len(data); i += 2 {
		if i == at || i == at+2 {
			continue
		}
		word := uint32(data[i])
		if i+1 < len(data) {
			word |= uint32(data[i+1]) << 8
		}
		sum += word
		sum = sum&0xffff + sum>>16
	}
	return sum + uint32(len(data)), nil
}

// faults are the entries that are not true, or that make the DLL easier to attack.
func (h *peHead) faults() []error {
	var faults []error
	if h.System != oldestWindows || h.Subsystem != oldestWindows {
		faults = append(faults, fmt.Errorf("says that it runs on Windows %d.%d, subsystem %d.%d, and needs %d.%d",
			h.System[0], h.System[1], h.Subsystem[0], h.Subsystem[1], oldestWindows[0], oldestWindows[1]))
	}
	if stamp := time.Unix(int64(h.Time), 0).UTC(); stamp.Year() < 2026 {
		faults = append(faults, fmt.Errorf("its time stamp is %s", stamp.Format(time.DateOnly)))
	}
	if h.Checksum != h.Computed {
		faults = append(faults, fmt.Errorf("its checksum is %#x, want %#x", h.Checksum, h.Computed))
	}
	need := uint16(pe.IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE | pe.IMAGE_DLLCHARACTERISTICS_NX_COMPAT)
	if h.Wide {
		need |= pe.IMAGE_DLLCHARACTERISTICS_HIGH_ENTROPY_VA
	}
	if h.Flags&need != need {
		faults = append(faults, fmt.Errorf("its flags are %#x: ASLR and DEP need %#x", h.Flags, need))
	}
	// Go's code has none of the checks that this flag promises.
	if h.Flags&pe.IMAGE_DLLCHARACTERISTICS_GUARD_CF != 0 {
		faults = append(faults, errors.New("claims Control Flow Guard, for which its code is not made"))
	}
	return faults
}
