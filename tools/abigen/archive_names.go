package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// CheckTexts fails with what the texts of an unpacked archive name and is not in it: files
// and headings that links lead to, files that are named as code, and the commands of the
// source.
func CheckTexts(dir string) error {
	tree, err := listTree(dir)
	if err != nil {
		return err
	}
	var faults []error
	checked := 0
	for _, name := range tree.files {
		if path.Ext(name) != ".md" && name != "README.txt" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		checked++
		text := strings.ReplaceAll(string(data), "\r\n", "\n")
		found := tree.deadLinks(dir, name, text)
		if !slices.Contains(ofTheSource, name) {
			found = append(found, tree.absent(name, text)...)
		}
		if name != "CHANGELOG.md" && strings.Contains(text, "build.sh") {
			found = append(found, "build.sh")
		}
		for _, f := range found {
			faults = append(faults, fmt.Errorf("%s: %s is not in the archive", name, f))
		}
	}
	if checked == 0 {
		return fmt.Errorf("%s has no texts", dir)
	}
	return errors.Join(faults...)
}

// ofTheSource are the texts that say themselves that they tell of files in the source.
var ofTheSource = []string{"CHANGELOG.md", "docs/performance.md"}

// ofOthers are files that the reader makes, and those of systems.
var ofOthers = []string{"hello.c", "bcryptprimitives.dll", "essai-wdsocket.txt", "KERNEL32.dll", "msvcrt.dll", "ntdll.dll"}

// tree is what an unpacked archive holds.
type tree struct {
	files   []string
	folders map[string]bool
}

func listTree(dir string) (*tree, error) {
	t := &tree{folders: map[string]bool{}}
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, file)
		if name = filepath.ToSlash(name); d.IsDir() {
			t.folders[name] = true
		} else {
			t.files = append(t.files, name)
		}
		return err
	})
	return t, err
}

func (t *tree) has(name string) bool {
	name = path.Clean(name)
	return t.folders[name] || slices.Contains(t.files, name)
}

var (
	mdLink = regexp.MustCompile(`\]\(([^)\s]*)\)`)
	mdCode = regexp.MustCompile("`([^`\n]+)`")
	// Files of the kinds that the archive holds, and paths below folders of it or of the source.
	fileName = regexp.MustCompile(`^[\w.-][\w./-]*\.(?:a|bas|c|cls|cmake|cpp|cs|def|dll|go|h|hpp|json|lib|md|pas|pc|py|sh|so|so\.1|txt|wl)$`)
	filePath = regexp.MustCompile(`^(?:\./|\.\./)*(?:bench|build|core|ctest|dist|docs|examples|handles|hosts|include|internal|lib|linux-\w+|tools|windows-\w+)(?:/[\w.*-]*)+$`)
)

// deadLinks are the links of a text that lead to no file, or to no heading.
func (t *tree) deadLinks(dir, name, text string) []string {
	var dead []string
	for _, m := range mdLink.FindAllStringSubmatch(text, -1) {
		target, anchor, _ := strings.Cut(m[1], "#")
		if strings.Contains(target, ":") {
			continue
		}
		file := name
		if target != "" {
			file = path.Join(path.Dir(name), target)
		}
		if !t.has(file) {
			dead = append(dead, m[1])
			continue
		}
		if anchor == "" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(file)))
		if err != nil || !slices.Contains(anchors(string(data)), anchor) {
			dead = append(dead, m[1])
		}
	}
	return dead
}

// anchors are the names that browsers of Markdown give to the headings of a text, and
// those that it gives itself.
func anchors(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if title := strings.TrimLeft(line, "#"); title != line && strings.HasPrefix(title, " ") {
			anchor := strings.Map(func(r rune) rune {
				switch {
				case r == ' ':
					return '-'
				case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
					return unicode.ToLower(r)
				}
				return -1
			}, strings.TrimSpace(title))
			name := anchor
			for n := 1; slices.Contains(all, name); n++ {
				name = fmt.Sprintf("%s-%d", anchor, n)
			}
			all = append(all, name)
		}
		for _, m := range htmlAnchor.FindAllStringSubmatch(line, -1) {
			all = append(all, m[1])
		}
	}
	return all
}

var htmlAnchor = regexp.MustCompile(`<a (?:id|name)="([^"]+)">`)

// absent are the files that a text names as code and that are not there: below the
// folder of the text, that of the archive, or by their last name anywhere.
func (t *tree) absent(name, text string) []string {
	var words []string
	inside := false
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "```"):
			inside = !inside
		case inside || strings.HasPrefix(line, "    ") || name == "README.txt":
			words = append(words, strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\n\"'(),;:=$", r) })...)
		default:
			for _, m := range mdCode.FindAllStringSubmatch(line, -1) {
				words = append(words, strings.Fields(m[1])...)
			}
		}
	}
	var absent []string
	for _, w := range words {
		w = strings.TrimPrefix(strings.TrimRight(w, "."), "PWD/")
		if !filePath.MatchString(w) && !fileName.MatchString(w) || slices.Contains(ofOthers, w) {
			continue
		}
		if t.has(w) || t.has(path.Join(path.Dir(name), w)) || !strings.Contains(w, "/") && t.hasLast(w) {
			continue
		}
		absent = append(absent, w)
	}
	return absent
}

func (t *tree) hasLast(name string) bool {
	return slices.ContainsFunc(t.files, func(file string) bool { return path.Base(file) == name })
}
