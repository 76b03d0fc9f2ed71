package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"
)

// A row is one line of the table.
type row struct {
	Name   string `json:"name"`
	What   string `json:"what"`
	Unit   string `json:"unit"`
	Better string `json:"better"`
	// Ours and Other are medians over the blocks; Ratio is Ours ÷ Other.
	Ours  float64  `json:"ours"`
	Other *float64 `json:"other"`
	Ratio *float64 `json:"ratio"`
	// Aim is for the ratio, or for Ours if Absolute.
	Aim      *float64 `json:"aim"`
	Absolute bool     `json:"absolute"`
	// Verdict is "ok", "missed" or "unclear", and left out without an aim.
	Verdict verdict `json:"verdict,omitempty"`
	// Blocks is the number of blocks of each side.
	Blocks int `json:"blocks"`
	// Interval is the 95 % interval of the median of the blocks' ratios, or
	// of Ours where there is no ratio or the aim is absolute.
	Interval    [2]float64 `json:"interval"`
	OursBlocks  []float64  `json:"ours_blocks"`
	OtherBlocks []float64  `json:"other_blocks,omitempty"`
}

// A report is what is written to the results file.
type report struct {
	When     time.Time         `json:"when"`
	Quick    bool              `json:"quick"`
	Profiled bool              `json:"profiled"`
	Only     string            `json:"only,omitempty"`
	Machine  map[string]string `json:"machine"`
	Rows     []row             `json:"rows"`
	// Packages is what each package costs when the library is loaded.
	Packages []packageCost     `json:"packages,omitempty"`
	Failures map[string]string `json:"failures,omitempty"`
}

// rowsOf makes the rows of a measurement from the blocks of its sides.
func rowsOf(m measurement, oursBlocks, otherBlocks []map[string]float64) ([]row, error) {
	var rows []row
	for _, f := range m.figures {
		ours, err := column(f.key, f.scale, oursBlocks)
		if err != nil {
			return nil, err
		}
		otherKey := f.key
		if f.otherKey != "" {
			otherKey, otherBlocks = f.otherKey, oursBlocks
		}
		other, err := column(otherKey, f.scale, otherBlocks)
		if err != nil {
			return nil, err
		}
		rows = append(rows, makeRow(m.name, f, ours, other))
	}
	return rows, nil
}

func makeRow(name string, f figure, ours, other []float64) row {
	r := row{
		Name: name + f.suffix, What: f.what, Unit: f.unit, Better: f.better,
		Ours: median(ours), Absolute: f.absolute, Blocks: len(ours),
		OursBlocks: ours, OtherBlocks: other,
	}
	value, blocks := r.Ours, ours
	if other != nil {
		r.Other = known(median(other))
		r.Ratio = known(r.Ours / median(other))
		if !f.absolute {
			value, blocks = r.Ours/median(other), quotients(ours, other)
		}
	}
	r.Interval = interval95(blocks)
	if r.Aim = known(f.aim); r.Aim != nil {
		r.Verdict = judge(value, r.Interval, f.better, f.aim)
	}
	return r
}

// known gives nil for what is not a number, which JSON cannot write.
func known(value float64) *float64 {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return nil
	}
	return &value
}

// columns of the table, and whether they are aligned to the right.
var columns = []struct {
	title string
	right bool
}{
	{"name", false}, {"what", false}, {"ours", true}, {"other", true}, {"ratio", true}, {"95 %", true}, {"aim", true}, {"verdict", false},
}

// cells gives a row as text.
func (r row) cells() []string {
	sign := "≤ "
	if r.Better == higher {
		sign = "≥ "
	}
	other, ratio, aim := "–", "–", "–"
	if r.Other != nil {
		other = amount(*r.Other) + " " + r.Unit
	}
	if r.Ratio != nil {
		ratio = amount(*r.Ratio)
	}
	if r.Aim != nil {
		aim = sign + amount(*r.Aim)
		if r.Absolute {
			aim += " " + r.Unit
		}
	}
	interval := amount(r.Interval[0]) + "–" + amount(r.Interval[1])
	if r.Absolute || r.Ratio == nil {
		interval += " " + r.Unit
	}
	return []string{r.Name, r.What, amount(r.Ours) + " " + r.Unit, other, ratio, interval, aim, string(r.Verdict)}
}

// amount writes a number with about three digits.
func amount(value float64) string {
	switch size := math.Abs(value); {
	case size >= 100:
		return fmt.Sprintf("%.0f", value)
	case size >= 10:
		return fmt.Sprintf("%.1f", value)
	case size >= 0.01 || size == 0:
		return fmt.Sprintf("%.2f", value)
	default:
		return fmt.Sprintf("%.2g", value)
	}
}

// writeTable prints all rows in columns.
func writeTable(out io.Writer, rows []row) {
	lines := [][]string{{}}
	for _, c := range columns {
		lines[0] = append(lines[0], c.title)
	}
	for _, r := range rows {
		lines = append(lines, r.cells())
	}
	widths := make([]int, len(columns))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, line := range lines {
		var text strings.Builder
		for i, cell := range line {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if columns[i].right {
				cell = space + cell
			} else {
				cell += space
			}
			text.WriteString(cell + "  ")
		}
		fmt.Fprintln(out, strings.TrimRight(text.String(), " "))
	}
}

// writeDoubts names the rows that are to be run again: whose ratio lies outside
// its interval, and whose verdict is unclear.
func writeDoubts(out io.Writer, rows []row) {
	for _, r := range rows {
		switch {
		case r.Ratio != nil && !r.Absolute && (*r.Ratio < r.Interval[0] || *r.Ratio > r.Interval[1]):
			fmt.Fprintf(out, "%s: the ratio lies outside its interval; the machine changed its speed meanwhile, run it again\n", r.Name)
		case r.Verdict == unclear:
			fmt.Fprintf(out, "%s: unclear, the interval holds the aim; run it again on a quiet machine\n", r.Name)
		}
	}
}

// writeJSON writes a report.
func writeJSON(path string, r report) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// readJSON reads a report that writeJSON has written.
func readJSON(path string) (r report, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// machine describes where the figures were made; what a system does not tell
// is left out.
func machine() map[string]string {
	about := map[string]string{"system": runtime.GOOS + "/" + runtime.GOARCH, "processors": fmt.Sprint(runtime.NumCPU()), "go": runtime.Version()}
	if text, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		about["kernel"] = strings.TrimSpace(string(text))
	}
	if text, err := os.ReadFile("/proc/loadavg"); err == nil {
		about["load"], _, _ = strings.Cut(string(text), " ")
	}
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
				about["processor"] = strings.TrimSpace(value)
				break
			}
		}
	}
	return about
}
