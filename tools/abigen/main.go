// Command abigen makes from include/wdsocket.h everything that repeats it: the C
// shim with the public functions, what it tells in forked children, the linker's
// export lists, the frozen list of the ABI, the declarations of the hosts and the
// reference pages.
//
//	go -C tools/abigen run .                    write the files
//	go -C tools/abigen run . -check             fail if a file is not up to date, or
//	                                            the WLanguage module does not fit
//	go -C tools/abigen run . -version           print the version
//	go -C tools/abigen run . -exports LIBRARY   compare a library's exports
//	go -C tools/abigen run . -sbom LIBRARY -out DIR   component list and licences
//	go -C tools/abigen run . -pack DIR -out NAME      NAME.zip and NAME.tar.gz
//	go -C tools/abigen run . -texts DIR         whether the texts of an unpacked archive
//	                                            name only what is in it
//	go -C tools/abigen run . -implib FILE.def -bits 32|64 -out FILE.lib
//	                                            the import library of a DLL
//	go -C tools/abigen run . -wlanguage FILE... look for mistakes in programs in WLanguage
//	                                            that use the module, or .wdg and .wdw files
//	                                            of a project; ./build.sh abigen
//	                                            does so with paths from its own folder
//
// FILE, LIBRARY, DIR and NAME are seen from this folder; build.sh builds the command and
// runs it where it is itself.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"wdsocket/core/fault"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "abigen:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("abigen", flag.ContinueOnError)
	check := flags.Bool("check", false, "write nothing, fail if a generated file is not up to date")
	exports := flags.String("exports", "", "compare the exports and imports of this library with the header")
	bom := flags.String("sbom", "", "write the component list of this library, with the licences, into -out")
	out := flags.String("out", "", "folder for -sbom; name without ending for -pack; file for -implib")
	pack := flags.String("pack", "", "pack this folder into -out.zip and -out.tar.gz, with checksums, or into one of them")
	texts := flags.String("texts", "", "fail if the texts of this unpacked archive name what is not in it")
	implib := flags.String("implib", "", "write the import library of this file of definitions to -out")
	bits := flags.Int("bits", 64, "of the DLL, for -implib: 32 or 64")
	language := flags.Bool("wlanguage", false, "look for mistakes in these files in WLanguage, which may use the module")
	version := flags.Bool("version", false, "print the version of the header")
	if err := flags.Parse(args); err != nil {
		return err
	}
	root, err := findRoot()
	if err != nil {
		return err
	}
	header, err := LoadHeader(root)
	if err != nil {
		return err
	}
	switch {
	case *version:
		fmt.Println(header.Version())
		return nil
	case *exports != "":
		return CheckLibrary(header, *exports)
	case *bom != "":
		return WriteComponents(header, root, *bom, *out)
	case *pack != "":
		return Pack(*pack, *out)
	case *texts != "":
		return CheckTexts(*texts)
	case *implib != "":
		return WriteImportLibrary(*implib, *out, *bits)
	case *language:
		return CheckFiles(header, root, flags.Args())
	case *check:
		return errors.Join(Check(root, Generate(header)), CheckWindev(header, root), CheckWLanguage(header, root))
	}
	return Write(root, Generate(header))
}

// findRoot looks for the header upwards from the working folder: its root is that
// of the repository.
func findRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(headerFile))); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("no %s above the working folder", headerFile)
		}
		dir = parent
	}
}

// headerFile is what all else is made from.
const headerFile = "include/wdsocket.h"

// LoadHeader reads the header below root.
func LoadHeader(root string) (*Header, error) {
	name := filepath.Join(root, filepath.FromSlash(headerFile))
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	header, err := ParseHeader(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return header, nil
}

// referenceDir holds generated pages only, so a page that is not generated any
// more is left over from a function that has gone.
const referenceDir = "docs/reference"

// Generate returns the generated files: path below the root, content.
func Generate(h *Header) map[string]string {
	files := map[string]string{
		"export_shim.h":                 shimHeader(h),
		"export_shim.c":                 shimSource(h),
		"export_forked.c":               forkedSource(h),
		"include/wdsocket.map":          versionScript(h),
		"include/wdsocket32.def":        defFile(h, 32),
		"include/wdsocket64.def":        defFile(h, 64),
		"include/wdsocket.rc":           versionResource(h),
		"include/abi.txt":               abiList(h),
		"core/option/number_name.go":    numberNames(h),
		"docs/errors.md":                errorsPage(h, fault.English),
		"docs/errors.fr.md":             errorsPage(h, fault.French),
		referenceDir + "/README.md":     referenceIndex(h),
		referenceDir + "/constants.md":  constantsPage(h),
		referenceDir + "/constantes.md": frenchConstantsPage(h),
	}
	for _, f := range h.Functions() {
		files[referenceDir+"/"+f.Name+".md"] = functionPage(h, f)
	}
	maps.Copy(files, hostFiles(h))
	maps.Copy(files, setFiles(h))
	return files
}

// Write stores the files below root and removes pages that are left over.
func Write(root string, files map[string]string) error {
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, []byte(text)) {
			continue
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	for _, name := range leftOver(root, files) {
		if err := os.Remove(filepath.Join(root, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	return nil
}

// Check fails with the names of the files that differ from what Write would
// store.
func Check(root string, files map[string]string) error {
	bad := leftOver(root, files)
	for name, text := range files {
		old, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil || string(old) != text {
			bad = append(bad, name)
		}
	}
	if len(bad) == 0 {
		return nil
	}
	sort.Strings(bad)
	return fmt.Errorf("not up to date, run \"go -C tools/abigen run .\": %s", strings.Join(bad, ", "))
}

func leftOver(root string, files map[string]string) []string {
	var names []string
	found, _ := filepath.Glob(filepath.Join(root, filepath.FromSlash(referenceDir), "*.md"))
	for _, path := range found {
		name := referenceDir + "/" + filepath.Base(path)
		if _, ok := files[name]; !ok {
			names = append(names, name)
		}
	}
	return names
}
