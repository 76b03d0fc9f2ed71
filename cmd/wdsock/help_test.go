package main

import (
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/assert"

	"wdsocket/core/fault"
)

// textsOf are all texts of the help: those of commands, arguments and options, and groups.
func textsOf(app *kong.Application) (texts, groups []string) {
	flags := func(all []*kong.Flag) {
		for _, f := range all {
			if !f.Hidden {
				texts = append(texts, f.Help)
			}
			if f.Group != nil {
				groups = append(groups, f.Group.Key)
			}
		}
	}
	flags(app.Flags)
	for _, command := range app.Children {
		texts = append(texts, command.Help)
		for _, argument := range command.Positional {
			texts = append(texts, argument.Help)
		}
		flags(command.Flags)
	}
	slices.Sort(texts)
	slices.Sort(groups)
	return slices.Compact(texts), slices.Compact(groups)
}

func TestAllOfTheHelpIsInFrench(t *testing.T) {
	app := newParser(new(cli), fault.English, io.Discard, io.Discard).Model
	texts, groups := textsOf(app)
	assert.Len(t, frenchTexts, len(texts), "texts that are of no use")
	for _, text := range texts {
		assert.NotEmpty(t, frenchTexts[text], text)
	}
	assert.Len(t, frenchGroups, len(groups))
	for _, group := range groups {
		assert.NotEmpty(t, frenchGroups[group], group)
	}
	assert.Len(t, frenchDetails, 1+len(app.Children))
	commands := func(text string) (found []string) {
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "  wdsock ") {
				found = append(found, strings.Fields(line)[1])
			}
		}
		return found
	}
	assert.Equal(t, commands(app.Help), commands(frenchDetails["wdsock"]))
	for _, command := range app.Children {
		assert.Equal(t, commands(command.Detail), commands(frenchDetails[command.Name]), "the examples of %s", command.Name)
	}
}

func TestTheHelpIsFrenchWhereTheLanguageIs(t *testing.T) {
	text := told(t, 0, "", "--language", "fr", "connect", "--help")
	assert.Contains(t, text, "Utilisation : wdsock connect <address> [<message> ...] [options]\n")
	for _, part := range []string{"Envoie des messages", "\nArguments :\n", "\nOptions :\n", "\nConnexion\n", "Proxys sur le chemin", "wdsock connect -x 10.0.0.5:9100"} {
		assert.Contains(t, text, part)
	}
	text = told(t, 0, "", "--language=fr", "--help")
	for _, part := range []string{"\nCommandes :\n", "« wdsock <commande> --help » explique", "Codes de sortie"} {
		assert.Contains(t, text, part)
	}
	assert.Contains(t, told(t, 0, "", "connect", "--help"), "\nArguments:\n")
	for line, want := range map[string]string{
		"fly":                    "argument inattendu fly",
		"connect":                `il manque "<address>`,
		"connect --nothing x":    "option inconnue --nothing",
		"connect --end=x h:1":    `--end vaut l'un de "crlf","lf","cr","none", et non "x"`,
		"connect --wait=x h:1":   "une durée, comme 500ms ou 2s",
		"connect --repeat=x h:1": "un nombre entier",
		"conect":                 "peut-être",
	} {
		assert.Contains(t, told(t, exitUsage, "", append([]string{"--language", "fr"}, strings.Fields(line)...)...), want)
	}
}

func TestMistakesAreToldInFrench(t *testing.T) {
	nowhere := filepath.Join(folder(t), "nowhere")
	for want, args := range map[string][]string{
		"option inconnue --fram ; peut-être":                        {"connect", "--fram", "x", "h:1"},
		"--timeout : une durée, comme 500ms ou 2s, et non \"5\"\n":  {"connect", "-t", "5", "h:1"},
		"--wait : -1s est une option ; sinon, écrivez --wait=-1s\n": {"connect", "--wait", "-1s", "h:1"},
		"--wait : il manque la valeur\n":                            {"connect", "--wait"},
		"--file : il manque la valeur\n":                            {"connect", "--file"},
		"--set : il manque NOM=VALEUR\n":                            {"listen", "--set"},
		"--set : il faut NOM=VALEUR, et non \"X\"\n":                {"listen", "--set", "X", "1"},
		"[<port>] : un nombre entier, et non \"abc\"\n":             {"doctor", "h", "abc"},
		"--file : le fichier " + nowhere + " n'existe pas\n":        {"connect", "--file", nowhere, "h:1"},
		" est un dossier\n":                                         {"connect", "--file", filepath.Dir(nowhere), "h:1"},
		"« localhost » n'a pas de port":                             {"connect", "localhost"},
		"« ::1:80 » n'a pas de port":                                {"connect", "::1:80"},
		"tcp://:99999999999999999999 » n'est pas":                   {"listen", "99999999999999999999"},
	} {
		assert.Contains(t, told(t, exitUsage, "", append([]string{"--language", "fr"}, args...)...), want)
	}
	assert.Contains(t, told(t, exitUsage, "", "listen", "--set"), "--set: missing value, expecting \"<key>=<value>\"\n")
	assert.Contains(t, told(t, exitUsage, "", "connect", "--wait"), "--wait: the value is missing\n")
	assert.Contains(t, told(t, exitUsage, "", "connect", "--file", nowhere, "h:1"), "--file: the file "+nowhere+" does not exist\n")
}
