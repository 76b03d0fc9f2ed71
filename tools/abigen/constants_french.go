package main

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"wdsocket/core/fault"
)

// frenchConstantsText has a line for each constant but the errors: its name, and what it means.
//
//go:embed constants.fr.txt
var frenchConstantsText string

// frenchConstants are these meanings by the constants' names.
func frenchConstants() map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(frenchConstantsText) {
		name, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		all[name] = text
	}
	return all
}

// constantInFrench is what a constant means: an error's text, or what the list says.
func constantInFrench(c Constant, french map[string]string) string {
	if strings.HasPrefix(c.Name, "WDS_E_") {
		return fault.Code(c.Value).Text(fault.French)
	}
	return french[c.Name]
}

// inBothLanguages is the header with the constants' comments in English and in French.
func inBothLanguages(h *Header) *Header {
	french := frenchConstants()
	out := *h
	out.Sections = slices.Clone(h.Sections)
	for i, s := range out.Sections {
		out.Sections[i].Groups = slices.Clone(s.Groups)
		for j, g := range s.Groups {
			constants := slices.Clone(g.Constants)
			for k, c := range constants {
				if text := constantInFrench(c, french); text != "" && c.Comment != "" {
					constants[k].Comment = c.Comment + " / " + text
				} else if text != "" && c.Value != 0 {
					constants[k].Comment = text
				}
			}
			out.Sections[i].Groups[j].Constants = constants
		}
	}
	return &out
}

// constantFamilies are the parts of the French page.
var constantFamilies = []struct{ prefix, title string }{
	{"WDS_E_", "Erreurs"}, {"WDS_SCOPE_", "Portée d'une erreur"}, {"WDS_PHASE_", "Phases : ce que faisait la bibliothèque"},
	{"WDS_INFO_", "Informations"}, {"WDS_KIND_", "Types de socket"}, {"WDS_STATE_", "États"}, {"WDS_MODE_", "Modes de transmission"},
	{"WDS_EVENT_", "Événements"}, {"WDS_ATTACH_", "Attacher à une file"}, {"WDS_CLOSE_", "Façons de fermer"}, {"WDS_DISCARD_", "Ce qui est supprimé"},
	{"WDS_OPT_", "Options"}, {"WDS_TEXT_", "Options de texte"}, {"WDS_CHECK_", "Octets de contrôle"}, {"WDS_FRAME_", "Messages décrits"},
	{"WDS_SSL_", "TLS"}, {"WDS_ROLE_", "Rôles en TLS"}, {"WDS_WEBSOCKET_", "Messages WebSocket"}, {"WDS_PROXY_HEADER_", "En-têtes PROXY"},
	{"WDS_HOST_TEXT_", "Codage des textes du programme"}, {"WDS_NUM_", "Chiffres"}, {"WDS_STAT_", "Statistiques"}, {"WDSOCKET_", "Version"},
}

// frenchConstantsPage lists the constants for readers of French.
func frenchConstantsPage(h *Header) string {
	var b strings.Builder
	french := frenchConstants()
	fmt.Fprintf(&b, "<!-- %s -->\n\n# Constantes\n\n[English version](constants.md)\n\nUne option s'applique aussitôt si rien d'autre n'est dit ; ", hostNote)
	b.WriteString("« avant l'ouverture » signifie entre la création et l'ouverture du\nsocket, « processus » le socket 0. La page anglaise donne les limites de chaque valeur.\n")
	for _, family := range constantFamilies {
		fmt.Fprintf(&b, "\n## %s\n\n| Constante | Valeur | |\n| --- | --- | --- |\n", family.title)
		for _, c := range h.Constants() {
			if familyOf(c.Name) == family.prefix {
				fmt.Fprintf(&b, "| <a id=\"%s\"></a>`%s` | %d | %s |\n", strings.ToLower(c.Name), c.Name, c.Value, strings.ReplaceAll(constantInFrench(c, french), "|", `\|`))
			}
		}
	}
	return b.String()
}

// familyOf is the longest prefix of a constant among the families, "" for none.
func familyOf(name string) string {
	longest := ""
	for _, family := range constantFamilies {
		if strings.HasPrefix(name, family.prefix) && len(family.prefix) > len(longest) {
			longest = family.prefix
		}
	}
	return longest
}
