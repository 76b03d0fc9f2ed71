package main

import (
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/plotter"
)

func TestMedian(t *testing.T) {
	assert.Equal(t, 2.0, median([]float64{3, 1, 2}))
	assert.Equal(t, 2.5, median([]float64{4, 1, 2, 3}))
	assert.True(t, math.IsNaN(median(nil)))
}

func TestIntervalHoldsTheMedian(t *testing.T) {
	numbers := []float64{1, 1.1, 0.9, 1.05, 0.95, 1.02, 0.98, 1.2, 0.8, 1, 1, 1.03, 0.97, 1.01, 0.99}
	interval := interval95(numbers)
	assert.LessOrEqual(t, interval[0], median(numbers))
	assert.GreaterOrEqual(t, interval[1], median(numbers))
	assert.Greater(t, interval[1], interval[0])
	assert.Equal(t, interval, interval95(numbers), "the same numbers give the same interval")
	assert.Equal(t, [2]float64{7, 7}, interval95([]float64{7, 7, 7}))
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		what     string
		value    float64
		interval [2]float64
		better   string
		aim      float64
		want     verdict
	}{
		{"lower, all below", 0.95, [2]float64{0.9, 1.0}, lower, 1.1, reached},
		{"lower, up to the aim", 1.0, [2]float64{0.9, 1.1}, lower, 1.1, reached},
		{"lower, around, the value below", 1.05, [2]float64{1.0, 1.2}, lower, 1.1, unclear},
		{"lower, around, the value above", 1.15, [2]float64{1.0, 1.2}, lower, 1.1, unclear},
		{"lower, all above", 1.25, [2]float64{1.2, 1.3}, lower, 1.1, missed},
		{"higher, all above", 0.95, [2]float64{0.9, 1.0}, higher, 0.8, reached},
		{"higher, from the aim on", 0.85, [2]float64{0.8, 0.9}, higher, 0.8, reached},
		{"higher, around, the value above", 0.85, [2]float64{0.7, 0.9}, higher, 0.8, unclear},
		{"higher, around, the value below", 0.75, [2]float64{0.7, 0.9}, higher, 0.8, unclear},
		{"higher, all below", 0.55, [2]float64{0.5, 0.6}, higher, 0.8, missed},
		{"half of the aim, with a wide interval", 0.47, [2]float64{0.45, 0.96}, higher, 0.95, unclear},
		{"the value outside its interval, which reaches", 0.85, [2]float64{0.96, 0.99}, higher, 0.95, unclear},
		{"the value outside its interval, which misses", 0.96, [2]float64{0.86, 0.94}, higher, 0.95, unclear},
		{"no spread, on the aim", 2, [2]float64{2, 2}, lower, 2, reached},
		{"no spread, beside the aim", 2, [2]float64{2, 2}, lower, 1, missed},
	} {
		assert.Equal(t, c.want, judge(c.value, c.interval, c.better, c.aim), c.what)
	}
}

func TestRowsAreJudgedByTheirAim(t *testing.T) {
	ratio := makeRow("x", figure{suffix: "-y", unit: "µs", better: lower, aim: 1.1}, []float64{2, 2, 2}, []float64{1, 1, 1})
	assert.Equal(t, "x-y", ratio.Name)
	assert.Equal(t, 2.0, *ratio.Ratio)
	assert.Equal(t, missed, ratio.Verdict)

	absolute := makeRow("x", figure{unit: "ms", better: lower, aim: 5, absolute: true}, []float64{2, 2, 2}, []float64{1, 1, 1})
	assert.Equal(t, reached, absolute.Verdict)
	assert.Equal(t, [2]float64{2, 2}, absolute.Interval)

	alone := makeRow("x", figure{unit: "ms", better: lower, aim: none}, []float64{2, 2, 2}, nil)
	assert.Empty(t, alone.Verdict)
	assert.Nil(t, alone.Aim)
	assert.Nil(t, alone.Ratio)

	var table strings.Builder
	writeTable(&table, []row{ratio, absolute, alone})
	lines := strings.Split(strings.TrimSpace(table.String()), "\n")
	require.Len(t, lines, 4)
	assert.Contains(t, lines[1], "≤ 1.10  missed")
	assert.Contains(t, lines[2], "≤ 5.00 ms  ok")
}

func TestValuesOfAWorker(t *testing.T) {
	values, err := parseValues("seconds=0.5 p99_us=12")
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{"seconds": 0.5, "p99_us": 12}, values)
	_, err = parseValues("seconds=half")
	assert.Error(t, err)
}

func TestChoosing(t *testing.T) {
	all := measurements()
	for name, want := range map[string]int{"rtt": 1, "rtt-p99": 1, "message-": len(messageSizes), "": len(all)} {
		chosen, err := choose(all, name)
		require.NoError(t, err, name)
		assert.Len(t, chosen, want, name)
	}
	_, err := choose(all, "nothing")
	assert.ErrorContains(t, err, "rtt-both")
}

func TestRoundTripsOfEachAffinity(t *testing.T) {
	list := withEachAffinity(rtt(), true)
	assert.Equal(t, "rtt, rtt-two-processors, rtt-free", names(list))
	for i, affinity := range []affinity{oneCPU, twoCPUs, unbound} {
		assert.Equal(t, affinity, list[i].affinity)
		assert.Equal(t, affinity != oneCPU, list[i].long)
		require.Len(t, list[i].figures, len(list[0].figures))
		for j, f := range list[i].figures {
			assert.Equal(t, list[0].figures[j].aim, f.aim, "the aim is the same wherever it runs")
		}
	}
	assert.NotContains(t, rtt().figures[0].what, "CPU", "the list that it is made from stays as it is")
}

func TestProcessors(t *testing.T) {
	const two, many, one = "Name:\tx\nCpus_allowed_list:\t0-1\nMems_allowed_list:\t0\n", "Cpus_allowed_list:\t2,4-6,8-15\n", "Cpus_allowed_list:\t13\n"
	for _, c := range []struct {
		status         string
		affinity       affinity
		client, server string
	}{
		{two, oneCPU, "1", "1"},
		{two, twoCPUs, "0", "1"},
		{two, unbound, "", ""},
		{many, oneCPU, "15", "15"},
		{many, twoCPUs, "2", "15"},
		{one, oneCPU, "13", "13"},
		{"", unbound, "", ""},
	} {
		for role, want := range map[string]string{"client": c.client, "server": c.server} {
			got, err := c.affinity.processor(role, c.status)
			require.NoError(t, err)
			assert.Equal(t, want, got, "%s, %v, %s", c.status, c.affinity, role)
		}
	}
	for _, affinity := range []affinity{twoCPUs, oneCPU} {
		_, err := affinity.processor("client", "")
		assert.Error(t, err)
	}
	_, err := twoCPUs.processor("client", one)
	assert.Error(t, err, "there is only one")
}

func TestRowNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range measurements() {
		require.NotEmpty(t, m.figures, m.name)
		for _, f := range m.figures {
			name := m.name + f.suffix
			assert.False(t, seen[name], name)
			seen[name] = true
			assert.Contains(t, []string{lower, higher}, f.better, name)
			assert.NotZero(t, f.scale, name)
			assert.True(t, f.absolute || m.other.client != nil || f.otherKey != "" || math.IsNaN(f.aim), "%s: a ratio needs another side", name)
		}
	}
}

func TestPlotsAreWritten(t *testing.T) {
	ratio, other, aim, rate := 1.1, 10.0, 1.15, 1.9e5
	rows := []row{
		{Name: "rtt", What: "64 B round trip", Better: lower, Ours: 11, Other: &other, Ratio: &ratio, Aim: &aim, Verdict: unclear, Interval: [2]float64{1, 1.2}},
		{Name: "send-small", What: "100 B sent", Better: higher, Ours: 11, Other: &other, Ratio: &ratio, Aim: &aim, Verdict: missed, Interval: [2]float64{1.12, 1.13}},
		{Name: "call", What: "a call, its ratio outside its interval", Better: lower, Ours: 11, Other: &other, Ratio: &ratio, Aim: &aim, Verdict: reached, Interval: [2]float64{0.3, 0.4}},
		{Name: "message-64", Ours: 1, Other: &ratio, Ratio: &ratio, Better: lower},
		{Name: "message-1024", Ours: 2, Other: &other, Ratio: &ratio, Better: lower},
		{Name: "echo-100", Ours: 2e5, Other: &rate, Ratio: &ratio, Better: higher, Interval: [2]float64{1, 1.2}},
		{Name: "echo-10000", Ours: 1e5, Other: &rate, Ratio: &ratio, Better: higher, Interval: [2]float64{1, 1.2}},
	}
	folder := t.TempDir()
	require.NoError(t, drawAll(folder, rows))
	for _, name := range []string{"ratios.png", "message-size.png", "clients.png"} {
		file, err := os.Open(filepath.Join(folder, name))
		require.NoError(t, err)
		picture, err := png.Decode(file)
		assert.NoError(t, file.Close())
		require.NoError(t, err, name)
		assert.Greater(t, picture.Bounds().Dx(), 500, name)
	}
}

// Less of anything than there is in a full run.
func TestPlotsOfFewRows(t *testing.T) {
	one, two := 1.0, 2.0
	for _, rows := range [][]row{
		nil,
		{{Name: "rtt", What: "x", Better: lower, Ours: 1, Other: &one, Ratio: &one, Interval: [2]float64{1, 1}}},
		{{Name: "message-64", Ours: 1, Other: &one, Ratio: &one, Better: lower}},
		{{Name: "timeout", Ours: 1, Other: &one, Ratio: &one, Aim: &two, Absolute: true, Verdict: reached}},
	} {
		assert.NoError(t, drawAll(t.TempDir(), rows))
	}
}

func TestSeriesOfDots(t *testing.T) {
	half, two := 0.5, 2.0
	var s series
	s.add(row{Better: lower, Ratio: &half, Interval: [2]float64{0.4, 0.8}}, 0)
	s.add(row{Better: higher, Ratio: &two, Interval: [2]float64{2.5, 3}}, 1)
	assert.Equal(t, plotter.XYs{{X: 2, Y: 0}, {X: 2, Y: 1}}, s.XYs)
	low, high := s.XError(0)
	assert.InDelta(t, 0.75, low, 1e-9)
	assert.InDelta(t, 0.5, high, 1e-9)
	low, high = s.XError(1)
	assert.Equal(t, [2]float64{0, 1}, [2]float64{low, high})
}

func TestQuickLeavesOutWhatIsLong(t *testing.T) {
	short, left := leaveOut([]measurement{{name: "a"}, {name: "b", long: true}, {name: "c", long: true}})
	assert.Equal(t, "a", names(short))
	assert.Equal(t, " Left out: b, c.", left)
	_, left = leaveOut(short)
	assert.Empty(t, left)
}

func TestRoundsAndBlocks(t *testing.T) {
	plain, many, idle := measurement{}, measurement{least: 400}, measurement{idle: true}
	full := bench{rounds: 3, blocks: 7}
	quick := bench{rounds: 3, blocks: 5, quick: true}
	for _, c := range []struct {
		what           string
		b              bench
		m              measurement
		rounds, blocks int
	}{
		{"plain", full, plain, 3, 7},
		{"many clients", full, many, 3, 7},
		{"memory", full, idle, idleRounds, 1},
		{"plain, quick", quick, plain, 3, 5},
		{"many clients, quick", quick, many, 1, 3},
		{"memory, quick", quick, idle, 1, 1},
	} {
		assert.Equal(t, c.rounds, c.b.roundsOf(c.m), c.what)
		assert.Equal(t, c.blocks, c.b.blocksOf(c.m), c.what)
	}
}

// Each framing that the worker measures is a row.
func TestEveryFramingHasARow(t *testing.T) {
	source, err := os.ReadFile("workers/bytes.c")
	require.NoError(t, err)
	var measured []string
	for line := range strings.Lines(string(source)) {
		if rest, is := strings.CutPrefix(strings.TrimSpace(line), `{"`); is && !strings.HasPrefix(rest, "raw") {
			name, _, _ := strings.Cut(rest, `"`)
			measured = append(measured, name)
		}
	}
	assert.Equal(t, measured, framings)
	b := bench{rounds: 3, blocks: 7}
	assert.Equal(t, 1, b.blocksOf(byteByByte("read", "size")), "which last long")
}

func TestMemoryIsStable(t *testing.T) {
	left := []float64{300, 200, 100}
	polls := 0
	got, err := stableMemory(0, func() (float64, error) {
		value := left[min(polls, len(left)-1)]
		polls++
		return value, nil
	})
	require.NoError(t, err)
	assert.Equal(t, 100.0, got)
	assert.GreaterOrEqual(t, polls, stablePolls)

	_, err = stableMemory(0, func() (float64, error) { return 0, assert.AnError })
	assert.ErrorIs(t, err, assert.AnError)
}

func TestPackagesOfALoad(t *testing.T) {
	const trace = "init runtime @0.1 ms, 0.05 ms clock, 0 bytes, 0 allocs\ninit a/b @1 ms, 2 ms clock, 300 bytes, 4 allocs\n" +
		"init runtime @0.1 ms, 0.05 ms clock, 0 bytes, 0 allocs\nsomething else\ninit a/b @1 ms, 1 ms clock, 300 bytes, 4 allocs\n"
	list, err := parsePackages(trace)
	require.NoError(t, err)
	assert.Equal(t, []packageCost{{"a/b", 1.5, 300, 4}, {"runtime", 0.05, 0, 0}}, list)
	_, err = parsePackages("")
	assert.Error(t, err)

	var out strings.Builder
	writePackages(&out, list)
	assert.Contains(t, out.String(), "1.550 ms      300 bytes     4 allocations  all")
	out.Reset()
	writePackages(&out, nil)
	assert.Empty(t, out.String())
}

// Both sides' figures come from one answer.
func TestOneWorkerDoesBoth(t *testing.T) {
	m := measurement{name: "x", figures: []figure{{key: "us", otherKey: "raw_us", scale: 2, better: lower, aim: none}}}
	rows, err := rowsOf(m, []map[string]float64{{"us": 3, "raw_us": 2}, {"us": 3, "raw_us": 2}}, nil)
	require.NoError(t, err)
	assert.Equal(t, 6.0, rows[0].Ours)
	assert.Equal(t, 4.0, *rows[0].Other)
	assert.Equal(t, 1.5, *rows[0].Ratio)
	assert.Equal(t, [2]float64{1.5, 1.5}, rows[0].Interval)
	_, err = rowsOf(m, []map[string]float64{{"us": 3}}, nil)
	assert.ErrorContains(t, err, "raw_us")
}

func TestResultsAreReadAgain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "folder", "results.json")
	one := 1.0
	written := report{Quick: true, Rows: []row{{Name: "rtt", What: "x", Better: lower, Ours: 1, Other: &one, Ratio: &one, Aim: &one, Verdict: reached, Interval: [2]float64{1, 1}}}}
	require.NoError(t, writeJSON(file, written))
	read, err := readJSON(file)
	require.NoError(t, err)
	assert.Equal(t, written, read)
	assert.NoError(t, run([]string{"-draw", file}, io.Discard))
	assert.FileExists(t, filepath.Join(filepath.Dir(file), "ratios.png"))
	assert.Error(t, run([]string{"-draw", file + "x"}, io.Discard))
}

func TestTimesOfRates(t *testing.T) {
	assert.Equal(t, []pair{{100, 5, 10}}, timesOf([]pair{{100, 2e5, 1e5}}))
}

func TestTicks(t *testing.T) {
	var labels []string
	for _, tick := range ticks(1, 10) {
		labels = append(labels, tick.Label)
	}
	assert.Equal(t, []string{"1", "2", "5", "10"}, labels)
	assert.Len(t, ticks(1, 1e5), 6)
}

func TestDoubts(t *testing.T) {
	ratio := 1.5
	var out strings.Builder
	writeDoubts(&out, []row{
		{Name: "good", Ratio: &ratio, Interval: [2]float64{1.4, 1.6}, Verdict: reached},
		{Name: "wide", Ratio: &ratio, Interval: [2]float64{1, 2}, Verdict: unclear},
		{Name: "outside", Ratio: &ratio, Interval: [2]float64{1.6, 1.7}, Verdict: unclear},
		{Name: "absolute", Ratio: &ratio, Interval: [2]float64{7, 8}, Absolute: true, Verdict: missed},
	})
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 2)
	assert.Contains(t, lines[0], "wide: unclear")
	assert.Contains(t, lines[1], "outside: the ratio lies outside")
}

func TestRowsWithoutLibwebsockets(t *testing.T) {
	b := bench{workers: t.TempDir()}
	all := []measurement{rtt(), echoWebSocket(100, 0.9), idleWebSocket()}
	present, left := b.withoutMissing(all)
	require.Len(t, present, 2)
	assert.Equal(t, "websocket-idle", present[1].name)
	assert.Empty(t, present[1].other.client, "its aim needs no other side")
	assert.Contains(t, left, "websocket-echo-100")
	require.NoError(t, os.WriteFile(filepath.Join(b.workers, lwsServer), nil, 0o600))
	present, left = b.withoutMissing(all)
	assert.Len(t, present, 3)
	assert.Empty(t, left)
}
