package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"wdsocket/core"
	"wdsocket/core/fault"
	"wdsocket/core/option"
)

// newParser makes what understands a command line, and shows its help in a language.
func newParser(c *cli, lang fault.Language, stdout, stderr io.Writer) *kong.Kong {
	version := fmt.Sprintf("wdsock %d.%d.%d", core.Version/10000, core.Version/100%100, core.Version%100)
	parser, err := kong.New(c, kong.Name("wdsock"), kong.Description(description), kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { panic(ended(code)) }), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Vars{"version": version}, kong.Bind(lang, versionText(version)))
	if err != nil {
		panic(err)
	}
	if lang == fault.French {
		inFrench(parser.Model)
	}
	_ = kong.Help(func(o kong.HelpOptions, ctx *kong.Context) error { return printHelp(o, ctx, lang) }).Apply(parser) // it cannot fail
	return parser
}

// languageOf is the language that a command line asks for, or that of the system: before the line
// is understood, whose mistakes are told in it.
func languageOf(args []string) fault.Language {
	lib := core.NewLibrary()
	defer lib.CloseAll()
	asked := ""
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if value, is := strings.CutPrefix(arg, "--language="); is {
			asked = value
		} else if arg == "--language" && i+1 < len(args) {
			asked = args[i+1]
		}
	}
	if err := lib.SetText(option.TextLanguage, asked); err != nil {
		_ = lib.SetText(option.TextLanguage, "") // the parser tells what is wrong
	}
	return lib.Language()
}

// inFrench puts the French texts in the place of the English ones.
func inFrench(app *kong.Application) {
	app.Help, app.HelpFlag.Help = frenchDetails[app.Name], frenchTexts[app.HelpFlag.Help]
	flagsInFrench(app.Flags)
	for _, command := range app.Children {
		command.Help, command.Detail = frenchTexts[command.Help], frenchDetails[command.Name]
		for _, argument := range command.Positional {
			argument.Help = frenchTexts[argument.Help]
		}
		flagsInFrench(command.Flags)
	}
}

func flagsInFrench(flags []*kong.Flag) {
	for _, f := range flags {
		if text, known := frenchTexts[f.Help]; known { // some are flags of the program, too
			f.Help = text
		}
		if f.Group != nil {
			f.Group = &kong.Group{Key: f.Group.Key, Title: frenchGroups[f.Group.Key]}
		}
	}
}

// printHelp is kong's help, as wide as the terminal is, with its own words in French.
func printHelp(options kong.HelpOptions, ctx *kong.Context, lang fault.Language) error {
	to := ctx.Stdout
	screen := to
	if w, is := to.(*watched); is {
		screen = w.Writer
	}
	if file, is := screen.(*os.File); is && os.Getenv("COLUMNS") == "" {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil {
			_ = os.Setenv("COLUMNS", strconv.Itoa(width)) // kong asks for it, as it writes into no terminal
		}
	}
	var text bytes.Buffer
	ctx.Stdout = &text
	err := kong.DefaultHelpPrinter(options, ctx)
	ctx.Stdout = to
	if err != nil {
		return err
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(text.String(), "\n"), "\n") {
		if lang == fault.French {
			for _, w := range kongsWords {
				line = w.pattern.ReplaceAllString(line, w.french)
			}
		}
		if _, err := io.WriteString(to, line+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// replacement is what kong says, and how it is said in French.
type replacement struct {
	pattern *regexp.Regexp
	french  string
}

var kongsWords = []replacement{
	{regexp.MustCompile(`^Usage: (.*)<command>(.*)$`), "Utilisation : $1<commande>$2"},
	{regexp.MustCompile(`^Usage: `), "Utilisation : "},
	{regexp.MustCompile(`^(Utilisation : .*)\[flags\]`), "$1[options]"},
	{regexp.MustCompile(`^Arguments:$`), "Arguments :"},
	{regexp.MustCompile(`^Flags:$`), "Options :"},
	{regexp.MustCompile(`^Commands:$`), "Commandes :"},
	{regexp.MustCompile(`^(  .*)\[flags\]`), "$1[options]"},
	{regexp.MustCompile(`^Run "(.*) <command> --help" for more information on a command\.`), `« $1 <commande> --help » explique une commande.`},
}

// kongsErrors are what it says of a wrong command line.
var kongsErrors = []replacement{
	{regexp.MustCompile(`^unknown flag (.*)`), "option inconnue $1"},
	{regexp.MustCompile(`^unexpected argument (.*)`), "argument inattendu $1"},
	{regexp.MustCompile(`^expected one of (.*)`), "il faut l'un de $1"},
	{regexp.MustCompile(`^expected (.*)`), "il manque $1"},
	{regexp.MustCompile(`^missing flags: (.*)`), "il manque les options $1"},
	{regexp.MustCompile(`^(.*) must be one of (.*) but got (.*)`), "$1 vaut l'un de $2, et non $3"},
	{regexp.MustCompile(`^(\S+): expected duration but got ("[^"]*").*`), "$1 : une durée, comme 500ms ou 2s, et non $2"},
	{regexp.MustCompile(`^(\S+): expected a valid .* int but got (.*)`), "$1 : un nombre entier, et non $2"},
	{regexp.MustCompile(`^(\S+): expected (?:duration|file|string) value but got "(.*)" \(.* flag\).*`), "$1 : $2 est une option ; sinon, écrivez $1=$2"},
	{regexp.MustCompile(`^(\S+): the value is missing$`), "$1 : il manque la valeur"},
	{regexp.MustCompile(`^(\S+): expected "<key>=<value>" but got (.*)`), "$1 : il faut NOM=VALEUR, et non $2"},
	{regexp.MustCompile(`^(\S+): missing value, expecting "<key>=<value>"`), "$1 : il manque NOM=VALEUR"},
	{regexp.MustCompile(`^(\S+): the file (.*) does not exist$`), "$1 : le fichier $2 n'existe pas"},
	{regexp.MustCompile(`^(\S+): access to (.*) is denied$`), "$1 : l'accès à $2 est refusé"},
	{regexp.MustCompile(`^(\S+): (".*") exists but is a directory$`), "$1 : $2 est un dossier"},
	{regexp.MustCompile(`, did you mean one of (.*)\?$`), " ; peut-être l'un de $1 ?"},
	{regexp.MustCompile(`, did you mean (.*)\?$`), " ; peut-être $1 ?"},
}

// noValue is what kong says of an option at the end of the line that has none.
var noValue = regexp.MustCompile(`: (?:expected .* value but got "EOL" \(<EOL>\)|missing value, expecting "<arg>")$`)

// ofFile says what is wrong with a file, whatever the system calls it; "" where the system's text says it.
func ofFile(e *fs.PathError) string {
	switch {
	case errors.Is(e, fs.ErrNotExist):
		return "the file " + e.Path + " does not exist"
	case errors.Is(e, fs.ErrPermission):
		return "access to " + e.Path + " is denied"
	}
	return ""
}

// mistake is what kong says of a wrong command line, for the user.
func mistake(err error, lang fault.Language) string {
	text := strings.ReplaceAll(err.Error(), string(utf8.RuneError)+"...", "") // of a list that has no separator
	if file, is := errors.AsType[*fs.PathError](err); is {
		if option, ends := strings.CutSuffix(text, file.Error()); ends && ofFile(file) != "" {
			text = option + ofFile(file)
		}
	}
	text = noValue.ReplaceAllString(text, ": the value is missing")
	if lang == fault.French {
		for _, e := range kongsErrors {
			text = e.pattern.ReplaceAllString(text, e.french)
		}
	}
	return text
}
