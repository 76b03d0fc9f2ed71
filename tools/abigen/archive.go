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

// Pack writes the folder dir into out.zip and out.tar.gz, below a folder of its
// own name, with a list of checksums; and the list of both archives beside them.
func Pack(dir, out string) error {
	if err := writeChecksums(dir); err != nil {
		return err
	}
	entries, err := readTree(dir)
	if err != nil {
		return err
	}
	folder := filepath.Base(dir)
	zipped, err := packZip(folder, entries)
	if err != nil {
		return err
	}
	tarred, err := packTar(folder, entries)
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, a := range []struct {
		ending string
		data   []byte
	}{{".tar.gz", tarred}, {".zip", zipped}} {
		if err := os.WriteFile(out+a.ending, a.data, 0o644); err != nil {
			return err
		}
		sums.WriteString(checksumLine(filepath.Base(out)+a.ending, a.data))
	}
	return os.WriteFile(filepath.Join(filepath.Dir(out), checksumFile), []byte(sums.String()), 0o644)
}

// writeChecksums lists the files of dir as sha256sum does.
func writeChecksums(dir string) error {
	list := filepath.Join(dir, checksumFile)
	if err := os.Remove(list); err != nil && !os.IsNotExist(err) {
		return err
	}
	entries, err := readTree(dir)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, e := range entries {
		if e.link == "" {
			b.WriteString(checksumLine(e.name, e.data))
		}
	}
	return os.WriteFile(list, []byte(b.String()), 0o644)
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
		}
		entries = append(entries, e)
		return err
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
		data := e.data
		if e.link != "" {
			head.SetMode(fs.ModeSymlink | 0o777)
			data = []byte(e.link)
		}
		f, err := w.CreateHeader(head)
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(data); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}
