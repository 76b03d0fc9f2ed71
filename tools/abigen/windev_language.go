package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"wdsocket/tools/abigen/wlanguage"
)

// Modules are whole texts, of which a project takes one: that for new programs, and that with the
// exact meaning of the originals. A program for the latter names its file in a comment.
const (
	moduleFile = "wdsocket.wl"
	compatFile = "wdsocket_compat.wl"
)

// wlModules are the modules below root by their names.
func wlModules(root string) (map[string]*wlanguage.File, error) {
	paths, _ := filepath.Glob(filepath.Join(root, filepath.FromSlash(windevFolder), "*.wl"))
	all := map[string]*wlanguage.File{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		all[filepath.Base(path)] = wlanguage.Parse(filepath.Base(path), string(text))
	}
	if all[moduleFile] == nil {
		return nil, fmt.Errorf("no %s in %s", moduleFile, windevFolder)
	}
	return all, nil
}

// moduleOf is the module that a program is for.
func moduleOf(modules map[string]*wlanguage.File, program string) []*wlanguage.File {
	if compat := modules[compatFile]; compat != nil && strings.Contains(program, strings.TrimSuffix(compatFile, ".wl")) {
		return []*wlanguage.File{compat}
	}
	return []*wlanguage.File{modules[moduleFile]}
}

// CheckWLanguage reads the modules and all programs below their folder as WLanguage.
func CheckWLanguage(h *Header, root string) error {
	modules, err := wlModules(root)
	if err != nil {
		return err
	}
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(modules)) {
		// The compatibility set gives what the originals give: a text or a Buffer, as it fits.
		for _, fault := range modules[name].Check(nil, wlanguage.Options{Typed: name == moduleFile, Library: exported(h)}) {
			faults = append(faults, fault)
		}
	}
	var programs []string
	for _, pattern := range []string{"*.wl", "*.wdg", "*.wdw"} {
		found, _ := filepath.Glob(filepath.Join(root, filepath.FromSlash(windevFolder), "*", pattern))
		programs = append(programs, found...)
	}
	for _, path := range programs {
		found, err := checkProgram(path, modules, wlanguage.Options{Library: exported(h)})
		if err != nil {
			return err
		}
		for _, fault := range found {
			faults = append(faults, fault)
		}
	}
	return errors.Join(faults...)
}

// exported are the functions of the header, as the reader of WLanguage wants them.
func exported(h *Header) []wlanguage.Function {
	var all []wlanguage.Function
	for _, f := range h.Functions() {
		texts := make([]bool, len(f.Params))
		for i := range f.Params {
			what := roleOf(f, i)
			texts[i] = what == roleTextIn || what == roleTextOut
		}
		all = append(all, wlanguage.Function{Name: f.Name, Texts: texts})
	}
	return all
}

// checkProgram reads one file. A module has no other above it.
func checkProgram(path string, modules map[string]*wlanguage.File, o wlanguage.Options) ([]wlanguage.Fault, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	known := moduleOf(modules, string(text))
	name := filepath.Base(path)
	if modules[strings.TrimSuffix(name, filepath.Ext(name))+".wl"] != nil { // the module itself, or its set
		known, o = nil, wlanguage.Options{Library: o.Library}
	}
	return wlanguage.Parse(path, string(text)).Check(known, o), nil
}

// CheckFiles reads programs of which nothing else is known and prints what is wrong with them, in
// French where the system speaks French.
func CheckFiles(h *Header, root string, paths []string) error {
	if len(paths) == 0 {
		return errors.New("-wlanguage needs the files to check behind it")
	}
	modules, err := wlModules(root)
	if err != nil {
		return err
	}
	wrong := 0
	for _, path := range paths {
		found, err := checkProgram(path, modules, wlanguage.Options{Foreign: true, Library: exported(h)})
		if err != nil {
			return err
		}
		for _, fault := range found {
			fmt.Println(inLanguage(fault))
		}
		wrong += len(found)
	}
	if wrong > 0 {
		return fmt.Errorf("mistakes in WLanguage: %d", wrong)
	}
	return nil
}

func inLanguage(f wlanguage.Fault) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			if strings.HasPrefix(value, "fr") {
				return f.InFrench()
			}
			break
		}
	}
	return f.Error()
}
