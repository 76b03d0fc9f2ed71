// Command bench measures the library side by side with programs in C, prints a
// table, writes the results as JSON and draws them. bench/run.sh builds all
// that it needs; docs/performance.md describes the method.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

type options struct {
	bench
	root string // of the project
	only string
	draw string // a file of results, "" to measure
}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			os.Exit(2)
		}
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse(arguments []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.BoolVar(&o.quick, "quick", false, "short blocks: less than a minute, wider intervals")
	flags.StringVar(&o.only, "only", "", "the measurement of this `name`, or all whose name begins with it")
	flags.Bool("cpuprofile", false, "write CPU profiles (run.sh builds the library for it)")
	flags.StringVar(&o.workers, "workers", "build/bench", "`folder` of the worker programs")
	flags.StringVar(&o.library, "library", "", "the library's `file`")
	flags.StringVar(&o.profiles, "profiles", "", "`folder` for CPU profiles")
	flags.StringVar(&o.draw, "draw", "", "draw the plots of a `file` of results, beside it, and measure nothing")
	flags.StringVar(&o.root, "root", ".", "`folder` of the project")
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("bench does not know %q", flags.Arg(0))
	}
	o.rounds, o.blocks, o.block = 3, 7, 200*time.Millisecond
	if o.quick {
		o.blocks, o.block = 5, 20*time.Millisecond
	}
	return o, nil
}

// choose gives the measurement of a name or with a row of that name, or those
// that begin with it.
func choose(all []measurement, name string) ([]measurement, error) {
	var chosen []measurement
	for _, m := range all {
		if m.name == name || slices.ContainsFunc(m.figures, func(f figure) bool { return m.name+f.suffix == name }) {
			return []measurement{m}, nil
		}
		if strings.HasPrefix(m.name, name) {
			chosen = append(chosen, m)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("no measurement is called %q; there are %s", name, names(all))
	}
	return chosen, nil
}

func names(list []measurement) string {
	var all []string
	for _, m := range list {
		all = append(all, m.name)
	}
	return strings.Join(all, ", ")
}

func run(arguments []string, out io.Writer) error {
	o, err := parse(arguments)
	if err != nil {
		return err
	}
	if o.draw != "" {
		return redraw(o.draw)
	}
	chosen, err := choose(measurements(), o.only)
	if err != nil {
		return err
	}
	chosen, missing := o.withoutMissing(chosen)
	left := ""
	if o.quick && o.only == "" {
		chosen, left = leaveOut(chosen)
	}
	result := report{When: time.Now().UTC().Truncate(time.Second), Quick: o.quick, Profiled: o.profiles != "", Only: o.only, Machine: machine()}
	warnOfLoad(result.Machine["load"])
	result.Failures = o.measureAll(chosen, &result)
	writeTable(out, result.Rows)
	if o.quick {
		fmt.Fprintf(out, "--quick: few and short blocks. These figures are rough; compare with a full run.%s\n", left)
	}
	if missing != "" {
		fmt.Fprintln(out, missing)
	}
	writeDoubts(out, result.Rows)
	writePackages(out, result.Packages)
	results := filepath.Join(o.root, "bench", "results")
	if err := writeJSON(filepath.Join(results, "latest.json"), result); err != nil {
		return err
	}
	if err := o.drawPlots(results, result); err != nil {
		return err
	}
	if len(result.Failures) > 0 {
		return fmt.Errorf("%d measurements failed", len(result.Failures))
	}
	return nil
}

// leaveOut takes out what lasts too long for --quick, and tells what.
func leaveOut(all []measurement) (short []measurement, left string) {
	var long []measurement
	for _, m := range all {
		if m.long {
			long = append(long, m)
		} else {
			short = append(short, m)
		}
	}
	if len(long) > 0 {
		left = " Left out: " + names(long) + "."
	}
	return short, left
}

// measureAll adds the rows of each measurement and tells which failed, and why.
func (o *options) measureAll(chosen []measurement, result *report) map[string]string {
	failures := map[string]string{}
	for i, m := range chosen {
		begin := time.Now()
		fmt.Fprintf(os.Stderr, "%d/%d %s", i+1, len(chosen), m.name)
		rows, err := o.measure(m)
		fmt.Fprintf(os.Stderr, ", %.1f s\n", time.Since(begin).Seconds())
		if err != nil {
			failures[m.name] = err.Error()
			fmt.Fprintf(os.Stderr, "%s failed: %v\n", m.name, err)
		}
		result.Rows = append(result.Rows, rows...)
		if m.packages && err == nil {
			if result.Packages, err = o.packageCosts(m); err != nil {
				failures[m.name+", packages"] = err.Error()
			}
		}
	}
	return failures
}

// warnOfLoad says when other programs keep the machine busy.
func warnOfLoad(load string) {
	if value, err := strconv.ParseFloat(load, 64); err == nil && value > 0.3 {
		fmt.Fprintf(os.Stderr, "other programs are running (load %s): expect wide intervals\n", load)
	}
}

// redraw draws the plots of a file of results.
func redraw(file string) error {
	r, err := readJSON(file)
	if err != nil {
		return err
	}
	return drawAll(filepath.Dir(file), r.Rows)
}

// drawPlots draws the plots. Only a full run changes those of the documentation.
func (o *options) drawPlots(results string, r report) error {
	folder := results
	if !o.quick && o.only == "" && o.profiles == "" {
		folder = filepath.Join(o.root, "docs", "img")
	}
	return drawAll(folder, r.Rows)
}
