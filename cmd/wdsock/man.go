package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"wdsocket/core/fault"
)

// manFlag writes the page for man, made of the texts of --help, and ends.
type manFlag bool

// BeforeReset is kong's call for a flag that takes the place of the command.
func (manFlag) BeforeReset(ctx *kong.Context, lang fault.Language, version versionText) error {
	p := page{w: ctx.Stdout, lang: lang}
	p.write(ctx.Model, string(version))
	ctx.Exit(0)
	return nil
}

// versionText is "wdsock" with its version.
type versionText string

// page is one in the macros of man(7).
type page struct {
	w    io.Writer
	lang fault.Language
}

// macro writes a line of a macro with one argument, or without.
func (p page) macro(name, argument string) {
	if argument != "" {
		name += ` "` + strings.ReplaceAll(roff(argument), `"`, `\(dq`) + `"`
	}
	_, _ = fmt.Fprintf(p.w, ".%s\n", name)
}

// line writes text of a line of its own.
func (p page) line(text string) {
	if text = roff(text); strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	_, _ = fmt.Fprintf(p.w, "%s\n", text)
}

// roff is text as roff takes it: letters for what it would replace.
func roff(text string) string {
	return strings.NewReplacer(`\`, `\e`, "-", `\-`, "^", `\(ha`, "~", `\(ti`, "`", `\(ga`, "'", `\(aq`).Replace(text)
}

// write writes the page.
func (p page) write(app *kong.Application, version string) {
	_, _ = fmt.Fprintf(p.w, ".TH WDSOCK 1 \"\" \"%s\"\n", version)
	section := func(name said) { p.macro("SH", name.in(p.lang)) }
	section(said{"NAME", "NOM"})
	p.line("wdsock - " + said{"try sockets out: devices, servers, framings, TLS", "essayer des sockets : appareils, serveurs, découpages, TLS"}.in(p.lang))
	section(said{"SYNOPSIS", "SYNOPSIS"})
	p.line(p.usage("wdsock" + app.Summary()))
	section(said{"DESCRIPTION", "DESCRIPTION"})
	p.paragraphs(app.Help)
	section(said{"OPTIONS OF ALL COMMANDS", "OPTIONS DE TOUTES LES COMMANDES"})
	p.flags(app.Flags)
	section(said{"COMMANDS", "COMMANDES"})
	for _, command := range app.Leaves(true) {
		p.macro("SS", command.Name)
		p.paragraphs(command.Help)
		p.macro("PP", "")
		p.macro("B", p.usage("wdsock "+command.Summary()))
		p.paragraphs(command.Detail)
		for _, argument := range command.Positional {
			p.item("<"+argument.Name+">", argument.Help)
		}
		p.flags(command.Flags)
	}
	section(said{"ENVIRONMENT", "ENVIRONNEMENT"})
	p.item("NO_COLOR", said{"Set to anything, it switches colours off.", "Quelle que soit sa valeur, elle supprime les couleurs."}.in(p.lang))
	section(said{"FILES", "FICHIERS"})
	p.item("$XDG_STATE_HOME/wdsock/history", said{
		"What was typed, 1000 lines at most; $XDG_STATE_HOME is ~/.local/state unless it is set.",
		"Ce qui a été tapé, 1000 lignes au plus ; $XDG_STATE_HOME est ~/.local/state s'il n'est pas défini."}.in(p.lang))
}

// usage is what kong says of a command's arguments, in the language of the page.
func (p page) usage(summary string) string {
	if p.lang == fault.French {
		return strings.NewReplacer("<command>", "<commande>", "[flags]", "[options]").Replace(summary)
	}
	return summary
}

// item writes a term and what it means.
func (p page) item(term, text string) {
	p.macro("TP", "")
	p.macro("B", term)
	p.line(text)
}

// flags writes those that are shown.
func (p page) flags(all []*kong.Flag) {
	for _, f := range all {
		if f.Hidden {
			continue
		}
		term := f.String()
		if f.Tag.Negatable != "" {
			term = "--[no-]" + f.Name
		}
		p.item(term, f.Help)
	}
}

// paragraphs writes text as --help has it: lines that are indented stay as they are.
func (p page) paragraphs(text string) {
	asIs := false
	set := func(want bool) {
		switch {
		case want && !asIs:
			p.macro("PP", "")
			p.macro("nf", "")
		case !want && asIs:
			p.macro("fi", "")
		}
		asIs = want
	}
	for i, block := range strings.Split(text, "\n\n") {
		for j, line := range strings.Split(block, "\n") {
			indented := strings.HasPrefix(line, "  ")
			set(indented)
			if j == 0 && !indented && i > 0 {
				p.macro("PP", "")
			}
			if line != "" {
				p.line(line)
			}
		}
	}
	set(false)
}
