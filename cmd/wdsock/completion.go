package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"wdsocket/core/frame"
)

// completionFlag writes what completes command lines in bash, made of the command line itself.
type completionFlag bool

// BeforeReset is kong's call for a flag that takes the place of the command.
func (completionFlag) BeforeReset(ctx *kong.Context) error {
	writeCompletion(ctx.Stdout, ctx.Model)
	ctx.Exit(0)
	return nil
}

// valuesOf are what an option may have, nil for anything; files tells that it is a file's name.
func valuesOf(f *kong.Flag) (values []string, files bool) {
	switch {
	case f.Tag.Type == "existingfile", f.Name == "capture":
		return nil, true
	case f.Enum != "":
		values = strings.Split(f.Enum, ",")
	case f.Name == "frame":
		values = append([]string{"raw", "size"}, frame.PresetNames()...)
	case f.Name == "ask":
		values = append(strings.Split(questionNames(), ", "), "all")
	case f.Name == "simulate":
		for _, s := range simulators() {
			values = append(values, s.name)
		}
	}
	return slices.DeleteFunc(values, func(v string) bool { return v == "" }), false
}

// names are those of options, as they are typed.
func names(flags []*kong.Flag) (all []string) {
	for _, f := range flags {
		if !f.Hidden {
			all = append(all, "--"+f.Name)
			if f.Tag.Negatable != "" {
				all = append(all, "--no-"+f.Name)
			}
		}
	}
	return all
}

// writeCompletion writes a function of bash.
func writeCompletion(w io.Writer, app *kong.Application) {
	write := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	var commands []string
	for _, command := range app.Children {
		commands = append(commands, command.Name)
	}
	write(`# Completion of wdsock for bash.
_wdsock() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command='' word words=''
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in %s) command=$word; break ;; esac
    done
    case $previous in`, strings.Join(commands, " | "))
	seen := map[string]bool{}
	for _, flags := range append([][]*kong.Flag{app.Flags}, flagsOf(app.Children)...) {
		for _, f := range flags {
			values, files := valuesOf(f)
			if seen[f.Name] || f.Hidden || values == nil && !files {
				continue
			}
			seen[f.Name] = true
			label := "--" + f.Name
			if f.Short != 0 {
				label += " | -" + string(f.Short)
			}
			if files {
				write(`    %s) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;`, label)
			} else {
				write(`    %s) mapfile -t COMPREPLY < <(compgen -W '%s' -- "$current"); return ;;`, label, strings.Join(values, " "))
			}
		}
	}
	write("    esac\n    case $command in")
	write("    '') words='%s' ;;", strings.Join(append(commands, names(app.Flags)...), " "))
	for _, command := range app.Children {
		write("    %s) words='%s' ;;", command.Name, strings.Join(append(names(command.Flags), names(app.Flags)...), " "))
	}
	write(`    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _wdsock wdsock`)
}

func flagsOf(commands []*kong.Node) (all [][]*kong.Flag) {
	for _, c := range commands {
		all = append(all, c.Flags)
	}
	return all
}
