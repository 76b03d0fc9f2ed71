package main

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"sort"
	"strings"
)

// The parts of CycloneDX 1.5 that are used. There is no time and no serial
// number in it, so that the same sources give the same file.
type bom struct {
	Format      string       `json:"bomFormat"`
	SpecVersion string       `json:"specVersion"`
	Version     int          `json:"version"`
	Metadata    bomMetadata  `json:"metadata"`
	Components  []component  `json:"components"`
	Depends     []dependency `json:"dependencies"`
}

type bomMetadata struct {
	Component component `json:"component"`
}

type component struct {
	Type     string    `json:"type"`
	Ref      string    `json:"bom-ref"`
	Name     string    `json:"name"`
	Version  string    `json:"version"`
	Purl     string    `json:"purl,omitempty"`
	Hashes   []hash    `json:"hashes,omitempty"`
	Licences []licence `json:"licenses"`
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

type licence struct {
	Licence licenceID `json:"license"`
}

// licenceID has an SPDX identifier, or a name where one is not enough.
type licenceID struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

type dependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn"`
}

// part is one thing that is linked into the library.
type part struct {
	name, version, purl string
	dir                 string   // where its licence files lie
	texts               []string // their names
	id                  string   // SPDX identifier
	licence             string   // in words, where there is no single identifier
}

// libraryModule is the module of the library itself.
const libraryModule = "wdsocket"

// mingwRuntime is what the Windows linker adds: start-up code, the import
// stubs and libgcc. Its terms come with the Debian packages.
func mingwRuntime() (part, error) {
	version, err := exec.Command("x86_64-w64-mingw32-gcc", "-dumpversion").Output()
	if err != nil {
		return part{}, fmt.Errorf("version of the Windows compiler: %w", err)
	}
	return part{
		name: "mingw-w64-runtime", version: strings.TrimSpace(string(version)), dir: "/usr/share/doc",
		texts:   []string{"mingw-w64-common/copyright", "gcc-mingw-w64-base/copyright"},
		licence: "mingw-w64 runtime licence, and GPL-3.0 with the GCC runtime library exception",
	}, nil
}

// WriteComponents writes sbom.cdx.json and THIRD-PARTY.txt for a built library
// into out: exactly the modules that its build information names, and the Go
// runtime and library.
func WriteComponents(h *Header, root, library, out string) error {
	info, err := buildinfo.ReadFile(library)
	if err != nil {
		return err
	}
	parts, err := linkedParts(root, info)
	if err != nil {
		return err
	}
	if strings.HasSuffix(library, ".dll") {
		runtime, err := mingwRuntime()
		if err != nil {
			return err
		}
		parts = append(parts, runtime)
	}
	sum, err := fileSum(library)
	if err != nil {
		return err
	}
	text, err := thirdParty(parts)
	if err != nil {
		return err
	}
	list, err := json.MarshalIndent(makeBOM(h, sum, parts), "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "THIRD-PARTY.txt"), []byte(text), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "sbom.cdx.json"), append(list, '\n'), 0o644)
}

func linkedParts(root string, info *debug.BuildInfo) ([]part, error) {
	goroot, err := goOutput(root, "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	// A program beside the library has a module of its own, in the folder that its path names.
	module := filepath.Join(root, filepath.FromSlash(strings.TrimPrefix(info.Main.Path, libraryModule)))
	version := strings.TrimPrefix(strings.Fields(info.GoVersion)[0], "go")
	parts := []part{{name: "std", version: version, purl: "pkg:golang/std@" + version, dir: goroot}}
	for _, m := range info.Deps {
		if m.Path == libraryModule {
			continue // linked into a module beside it
		}
		if m.Replace != nil {
			m = m.Replace
		}
		dir, err := goOutput(module, "list", "-m", "-f", "{{.Dir}}", m.Path)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{name: m.Path, version: m.Version, purl: "pkg:golang/" + m.Path + "@" + m.Version, dir: dir})
	}
	for i := range parts {
		if err := parts[i].findLicence(); err != nil {
			return nil, err
		}
	}
	sort.Slice(parts, func(i, j int) bool { return parts[i].name < parts[j].name })
	return parts, nil
}

func goOutput(dir string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}

// findLicence collects the licence files of a part and names the licence. One
// that it does not know is an error: it has to be read first.
func (p *part) findLicence() error {
	for _, pattern := range []string{"LICENSE*", "LICENCE*", "COPYING*", "NOTICE*", "PATENTS*"} {
		found, err := filepath.Glob(filepath.Join(p.dir, pattern))
		if err != nil {
			return err
		}
		for _, f := range found {
			p.texts = append(p.texts, filepath.Base(f))
		}
	}
	if len(p.texts) == 0 {
		return fmt.Errorf("%s has no licence file", p.name)
	}
	text, err := os.ReadFile(filepath.Join(p.dir, p.texts[0]))
	if err != nil {
		return err
	}
	if p.id = licenceOf(string(text)); p.id == "" {
		return fmt.Errorf("the licence of %s is not known to this program", p.name)
	}
	return nil
}

func licenceOf(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	switch {
	case strings.Contains(text, "Apache License Version 2.0"):
		return "Apache-2.0"
	case strings.Contains(text, "Mozilla Public License Version 2.0"):
		return "MPL-2.0"
	case strings.Contains(text, "Permission is hereby granted, free of charge"):
		return "MIT"
	case strings.Contains(text, "Redistribution and use in source and binary forms") && strings.Contains(text, "Neither the name"):
		return "BSD-3-Clause"
	case strings.Contains(text, "Redistribution and use in source and binary forms"):
		return "BSD-2-Clause"
	}
	return ""
}

func thirdParty(parts []part) (string, error) {
	var b bytes.Buffer
	b.WriteString("The wdsocket library contains these works of others.\n")
	for _, p := range parts {
		name := p.name
		if name == "std" {
			name = "The Go runtime and standard library"
		}
		fmt.Fprintf(&b, "\n%s\n%s %s (%s)\n%s\n", strings.Repeat("=", 72), name, p.version, p.id+p.licence, strings.Repeat("=", 72))
		for _, file := range p.texts {
			text, err := os.ReadFile(filepath.Join(p.dir, file))
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&b, "\n%s:\n\n%s\n", file, bytes.TrimSpace(text))
		}
	}
	return b.String(), nil
}

func makeBOM(h *Header, sum string, parts []part) bom {
	main := component{
		Type: "library", Ref: "wdsocket", Name: "wdsocket", Version: h.Version(),
		Hashes:   []hash{{Algorithm: "SHA-256", Content: sum}},
		Licences: []licence{{licenceID{ID: "MIT"}}},
	}
	b := bom{Format: "CycloneDX", SpecVersion: "1.5", Version: 1, Metadata: bomMetadata{main}}
	depends := dependency{Ref: main.Ref, DependsOn: []string{}}
	for _, p := range parts {
		ref := p.name + "@" + p.version
		b.Components = append(b.Components, component{
			Type: "library", Ref: ref, Name: p.name, Version: p.version, Purl: p.purl,
			Licences: []licence{{licenceID{ID: p.id, Name: p.licence}}},
		})
		depends.DependsOn = append(depends.DependsOn, ref)
	}
	b.Depends = []dependency{depends}
	return b
}

func fileSum(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	if len(data) == 0 {
		return "", errors.New(path + " is empty")
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}
