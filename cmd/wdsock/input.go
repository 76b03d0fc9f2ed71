package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"
	"time"

	"wdsocket/core/fault"
)

// typed is how messages are given on the command line and on standard input.
type typed struct {
	Hex     bool          `short:"x" group:"Messages" help:"What is typed and shown is hexadecimal: \"02 53 03\"."`
	Literal bool          `group:"Messages" help:"A backslash is one. Otherwise \\r \\n \\t \\0 \\\\ and \\xNN stand for bytes."`
	End     string        `enum:"crlf,lf,cr,none" default:"crlf" group:"Messages" help:"What ends a typed line where there is no --frame: crlf, lf, cr, none."`
	File    []string      `type:"existingfile" sep:"none" group:"Messages" help:"Send the content of a file as one message, - is standard input; may be repeated."`
	Every   time.Duration `group:"Messages" aliases:"interval" placeholder:"TIME" help:"Pause between messages: 500ms, 2s."`
	Repeat  int           `default:"1" group:"Messages" placeholder:"N" help:"Send the messages of the command line so often, 0 = for ever."`
	History bool          `group:"Messages" negatable:"" default:"true" help:"Keep typed lines for the next time, in a file; those that begin with a blank are not kept."`
}

var lineEnds = map[string]string{"crlf": "\r\n", "lf": "\n", "cr": "\r", "none": ""}

// message makes what is typed the bytes of a message.
func (t typed) message(text string, f framing) ([]byte, error) {
	if t.Hex {
		return fromHex(text)
	}
	data := []byte(text)
	if !t.Literal {
		var err error
		if data, err = unescape(text); err != nil {
			return nil, err
		}
	}
	if f.raw() {
		data = append(data, lineEnds[t.End]...)
	}
	return data, nil
}

// fromHex understands bytes in hexadecimal, with what often stands between them.
func fromHex(text string) ([]byte, error) {
	clean := strings.NewReplacer(" ", "", ":", "", "-", "", ",", "", "0x", "", "\t", "").Replace(text)
	data, err := hex.DecodeString(clean)
	if err != nil {
		return nil, usage("\"%s\" is not hexadecimal: two digits for each byte, as in 02 53 03",
			"« %s » n'est pas de l'hexadécimal : deux chiffres par octet, comme 02 53 03", text)
	}
	return data, nil
}

// unescape is what escaped undoes.
func unescape(text string) ([]byte, error) {
	var out []byte
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			out = append(out, text[i])
			continue
		}
		i++
		wrong := usage("\"%s\": behind a backslash stands r, n, t, 0, xNN or a backslash; --literal takes it as it is",
			"« %s » : une barre oblique inverse est suivie de r, n, t, 0, xNN ou d'une autre ; --literal la laisse telle quelle", text)
		if i == len(text) {
			return nil, wrong
		}
		switch text[i] {
		case 'r':
			out = append(out, '\r')
		case 'n':
			out = append(out, '\n')
		case 't':
			out = append(out, '\t')
		case '0':
			out = append(out, 0)
		case '\\':
			out = append(out, '\\')
		case 'x':
			data, err := hex.DecodeString(text[i+1 : min(i+3, len(text))])
			if err != nil || len(data) != 1 {
				return nil, wrong
			}
			out = append(out, data[0])
			i += 2
		default:
			return nil, wrong
		}
	}
	return out, nil
}

// given are the messages of the command line.
func (t typed) given(texts []string, f framing, stdin io.Reader) (all [][]byte, err error) {
	if t.Repeat < 0 {
		return nil, usage("--repeat has to be 0 or more", "--repeat doit être au moins 0")
	}
	for _, text := range texts {
		data, err := t.message(text, f)
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	for _, name := range t.File {
		data, err := contentOf(name, stdin)
		if err != nil {
			return nil, failure{exitUsage, err}
		}
		all = append(all, data)
	}
	return all, nil
}

// longestFile is how many bytes a file may have that is one message: a device has no end.
const longestFile = 256 << 20

// contentOf reads a file, "-" is the standard input.
func contentOf(name string, stdin io.Reader) ([]byte, error) {
	from := stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		from = file
	}
	data, err := io.ReadAll(io.LimitReader(from, longestFile+1))
	if err == nil && len(data) > longestFile {
		err = sayf("--file %s: longer than %d MB, the most that one message may have here", "--file %s : plus de %d Mo, le plus qu'un message puisse avoir ici", name, longestFile>>20)
	}
	return data, err
}

// send hands out what is to be sent, one after the other: what was given, or else the lines of
// in. It ends at its end, with the context, or at an error of write.
func (t typed) send(ctx context.Context, in io.Reader, given [][]byte, f framing, write func([]byte) error) error {
	if len(given) == 0 {
		return t.sendLines(ctx, in, f, write)
	}
	for round := 0; t.Repeat == 0 || round < t.Repeat; round++ {
		for i, data := range given {
			if (round > 0 || i > 0) && !pause(ctx, t.Every) {
				return ctx.Err()
			}
			if err := write(data); err != nil {
				return err
			}
		}
	}
	return nil
}

// pause waits, and tells whether there is more to do.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return ctx.Err() == nil
	}
}

// sendLines sends lines as they come. A wrong one is an error of the whole, but at a keyboard,
// where it is told.
func (t typed) sendLines(ctx context.Context, in io.Reader, f framing, write func([]byte) error) error {
	lines := make(chan string)
	board, typed := in.(*keyboard)
	var failed error
	go func() { // reading standard input cannot be interrupted: it is left behind
		defer close(lines)
		next := linesOf(in)
		for {
			line, err := next()
			if err != nil {
				failed = endOfLines(err)
				return
			}
			select {
			case lines <- line:
			case <-ctx.Done():
				return
			}
		}
	}()
	for first := true; ; first = false {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case text, more := <-lines:
			if !more {
				return failed
			}
			if !first && t.Every > 0 && !pause(ctx, t.Every) {
				return ctx.Err()
			}
			data, err := t.message(text, f)
			if err != nil && typed {
				board.wrong(err)
				continue
			}
			if err == nil {
				err = write(data)
			}
			if err != nil {
				return err
			}
		}
	}
}

// longestLine is how many bytes a line of standard input may have.
const longestLine = 16 << 20

// endOfLines is why there are no more lines, nil where that is in order.
func endOfLines(err error) error {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, os.ErrInvalid): // there is no standard input
		return nil
	case errors.Is(err, bufio.ErrTooLong):
		err = sayf("a line of the standard input is longer than %d bytes: --file - sends all of it as one message",
			"une ligne de l'entrée standard dépasse %d octets : --file - l'envoie en entier comme un seul message", longestLine)
	}
	return failure{exitFailed, err}
}

// linesOf gives a function for the next line of a reader, or of a keyboard.
func linesOf(in io.Reader) func() (string, error) {
	if k, is := in.(*keyboard); is {
		return k.ReadLine
	}
	scan := bufio.NewScanner(in)
	scan.Buffer(nil, longestLine)
	return func() (string, error) {
		if scan.Scan() {
			return scan.Text(), nil
		}
		return "", cmp.Or(scan.Err(), io.EOF)
	}
}

// rule answers a message that fits a pattern.
type rule struct {
	pattern *regexp.Regexp
	answer  []byte
}

const arrow = "=>"

// rules understands "PATTERN => TEXT".
func (t typed) rules(texts []string, f framing) (all []rule, err error) {
	for _, text := range texts {
		left, right, found := strings.Cut(text, arrow)
		if !found {
			return nil, usage("--reply \"%s\" has no =>: write PATTERN => ANSWER", "--reply « %s » n'a pas de => : écrivez MOTIF => RÉPONSE", text)
		}
		pattern, err := patternOf(strings.TrimSpace(left))
		if err != nil {
			return nil, err
		}
		answer, err := t.message(strings.TrimSpace(right), f)
		if err != nil {
			return nil, err
		}
		all = append(all, rule{pattern, answer})
	}
	return all, nil
}

// everyByte lets a dot be any byte, also the end of a line.
const everyByte = "(?s)"

// patternOf compiles what messages are compared with.
func patternOf(text string) (*regexp.Regexp, error) {
	pattern, err := regexp.Compile(everyByte + text)
	if err != nil {
		return nil, usage("\"%s\" is no regular expression: %v", "« %s » n'est pas une expression régulière : %v", text, err)
	}
	return pattern, nil
}

// answerTo is the answer of the first rule that fits; $1 in it is the first group of its pattern.
func answerTo(all []rule, data []byte) ([]byte, bool) {
	for _, r := range all {
		if found, fits := fitting(r.pattern, data); fits {
			return found.expand(r.answer), true
		}
	}
	return nil, false
}

// isEnd tells whether an error is an orderly end of a conversation.
func isEnd(err error) bool {
	switch fault.CodeOf(err) {
	case fault.PeerClosed, fault.Closed, fault.Cancelled:
		return true
	}
	return false
}
