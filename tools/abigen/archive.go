package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Archives carry one fixed time, so that the same files give the same bytes.
var archiveTime = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

const checksumFile = "SHA256SUMS"

// entry is a file of an archive, or a link if link is not empty.
type entry struct {
	name string // with slashes, below the archive's folder
	link string
	mode fs.FileMode
	data []byte
}

// Pack writes the folder dir into out.zip and out.tar.gz, below a folder of its own
// name, each with a list of checksums; and the list of both archives beside them. The
// first is for Windows, the second for Linux. If out ends in .zip or .tar.gz, it is that
// archive alone.
func Pack(dir, out string) error {
	entries, err := readTree(dir)
	if err != nil {
		return err
	}
	folder := filepath.Base(dir)
	alone := strings.HasSuffix(out, ".zip") || strings.HasSuffix(out, ".tar.gz")
	var sums strings.Builder
	for _, archive := range []struct {
		ending string
		fit    func([]entry) ([]entry, error)
		pack   func(string, []entry) ([]byte, error)
	}{{".tar.gz", forLinux, packTar}, {".zip", forWindows, packZip}} {
		name := out + archive.ending
		if alone {
			if name = out; !strings.HasSuffix(out, archive.ending) {
				continue
			}
		}
		fitting, err := archive.fit(entries)
		if err != nil {
			return err
		}
		data, err := archive.pack(folder, withChecksums(fitting))
		if err != nil {
			return err
		}
		if err := os.WriteFile(name, data, 0o644); err != nil {
			return err
		}
		sums.WriteString(checksumLine(filepath.Base(name), data))
	}
	if alone {
		return nil
	}
	return os.WriteFile(filepath.Join(filepath.Dir(out), checksumFile), []byte(sums.String()), 0o644)
}

// withChecksums puts the list in front that sha256sum makes of the files. It is for
// that program, and ends its lines as it does.
func withChecksums(entries []entry) []entry {
	var b strings.Builder
	for _, e := range entries {
		if e.link == "" {
			b.WriteString(checksumLine(e.name, e.data))
		}
	}
	return append([]entry{{name: checksumFile, mode: 0o644, data: []byte(b.String())}}, entries...)
}

func checksumLine(name string, data []byte) string {
	sum := sha256.Sum256(data)
	return fmt.Sprintf("%s  %s\n", hex.EncodeToString(sum[:]), name)
}

// readTree reads the files and links of dir, sorted by name.
func readTree(dir string) ([]entry, error) {
	var entries []entry
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		relative, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		e := entry{name: filepath.ToSlash(relative), mode: 0o644}
		info, err := d.Info()
		switch {
		case err != nil:
		case d.Type()&fs.ModeSymlink != 0:
			e.link, err = os.Readlink(path)
		default:
			if info.Mode()&0o100 != 0 {
				e.mode = 0o755
			}
			e.data, err = os.ReadFile(path)
			if err == nil && filepath.Ext(path) == ".md" {
				var text string
				text, err = archiveText(string(e.data))
				e.data = []byte(text)
			}
		}
		if err != nil {
			return fmt.Errorf("%s: %w", relative, err)
		}
		entries = append(entries, e)
		return nil
	})
	return entries, err
}

func packTar(folder string, entries []entry) ([]byte, error) {
	var b bytes.Buffer
	zipper, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	w := tar.NewWriter(zipper)
	for _, e := range entries {
		head := &tar.Header{Name: folder + "/" + e.name, Mode: int64(e.mode), Size: int64(len(e.data)), ModTime: archiveTime, Typeflag: tar.TypeReg}
		if e.link != "" {
			head.Typeflag, head.Linkname, head.Mode = tar.TypeSymlink, e.link, 0o777
		}
		if err := w.WriteHeader(head); err != nil {
			return nil, err
		}
		if _, err := w.Write(e.data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	err = zipper.Close()
	return b.Bytes(), err
}

func packZip(folder string, entries []entry) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(out, flate.BestCompression)
	})
	for _, e := range entries {
		head := &zip.FileHeader{Name: folder + "/" + e.name, Method: zip.Deflate, Modified: archiveTime}
		head.SetMode(e.mode)
		f, err := w.CreateHeader(head)
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(e.data); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}
