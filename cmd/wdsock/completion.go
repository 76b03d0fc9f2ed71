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
	writeBash(ctx.Stdout, completedOf(ctx.Model))
	ctx.Exit(0)
	return nil
}

// powerShellFlag is the same for PowerShell.
type powerShellFlag bool

// BeforeReset is kong's call for a flag that takes the place of the command.
func (powerShellFlag) BeforeReset(ctx *kong.Context) error {
	writePowerShell(ctx.Stdout, completedOf(ctx.Model))
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

// completedCommand has what a shell completes behind the name of a command; words are its options.
type completedCommand struct {
	name  string
	words []string
}

// completed is what a shell completes, which is the same in each.
type completed struct {
	commands []completedCommand // "" is none yet: its words are the commands
	values   []valued
}

// valued is an option that has a value, with its names; values without any are names of files.
type valued struct {
	names  []string
	values []string
}

func completedOf(app *kong.Application) (c completed) {
	first := completedCommand{}
	for _, node := range app.Children {
		first.words = append(first.words, node.Name)
	}
	first.words = append(first.words, names(app.Flags)...)
	c.commands = append(c.commands, first)
	seen := map[string]bool{}
	add := func(flags []*kong.Flag) {
		for _, f := range flags {
			values, files := valuesOf(f)
			if seen[f.Name] || f.Hidden || values == nil && !files {
				continue
			}
			seen[f.Name] = true
			v := valued{names: []string{"--" + f.Name}, values: values}
			if f.Short != 0 {
				v.names = append(v.names, "-"+string(f.Short))
			}
			c.values = append(c.values, v)
		}
	}
	add(app.Flags)
	for _, node := range app.Children {
		add(node.Flags)
		c.commands = append(c.commands, completedCommand{node.Name, append(names(node.Flags), names(app.Flags)...)})
	}
	return c
}

// names are those of the commands.
func (c completed) names() (all []string) {
	for _, command := range c.commands[1:] {
		all = append(all, command.name)
	}
	return all
}

// writeBash writes a function of bash.
func writeBash(w io.Writer, c completed) {
	write := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	write(`# Completion of wdsock for bash.
_wdsock() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command='' word words=''
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in %s) command=$word; break ;; esac
    done
    case $previous in`, strings.Join(c.names(), " | "))
	for _, v := range c.values {
		label := strings.Join(v.names, " | ")
		if v.values == nil {
			write(`    %s) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;`, label)
		} else {
			write(`    %s) mapfile -t COMPREPLY < <(compgen -W '%s' -- "$current"); return ;;`, label, strings.Join(v.values, " "))
		}
	}
	write("    esac\n    case $command in")
	for _, command := range c.commands {
		name := command.name
		if name == "" {
			name = "''"
		}
		write("    %s) words='%s' ;;", name, strings.Join(command.words, " "))
	}
	write(`    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _wdsock wdsock`)
}

// writePowerShell writes a script for PowerShell 5 and newer, in ASCII: what is read from a program
// has the character set of the console there. Where it completes nothing, PowerShell completes files.
func writePowerShell(w io.Writer, c completed) {
	write := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	list := func(words []string) string {
		if len(words) == 0 {
			return ""
		}
		return "'" + strings.Join(words, "', '") + "'"
	}
	write(`# Completion of wdsock for PowerShell.
Register-ArgumentCompleter -Native -CommandName wdsock, wdsock.exe -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
    if ($wordToComplete -ne '' -and $before.Count -gt 1 -and $before[-1] -ceq $wordToComplete) {
        $before = @($before[0..($before.Count - 2)])
    }
    $command = @($before | Select-Object -Skip 1 | Where-Object { @(%s) -ccontains $_ }) | Select-Object -First 1
    $words = @()`, list(c.names()))
	keyword := "if"
	for _, v := range c.values {
		write("    %s (@(%s) -ccontains $before[-1]) { $words = @(%s) }", keyword, list(v.names), list(v.values))
		keyword = "elseif"
	}
	for _, command := range c.commands[1:] {
		write("    elseif ($command -ceq '%s') { $words = @(%s) }", command.name, list(command.words))
	}
	write("    else { $words = @(%s) }", list(c.commands[0].words))
	write(`    $words | Where-Object { $_.StartsWith($wordToComplete, [StringComparison]::Ordinal) } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}`)
}
