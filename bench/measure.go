package main

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A bench holds what all measurements need.
type bench struct {
	workers  string        // folder of the programs
	library  string        // the library's file
	profiles string        // folder for CPU profiles, "" for none
	quick    bool          // short blocks
	rounds   int           // with fresh processes
	blocks   int           // of each side in each round
	block    time.Duration // how long a block is to last
}

// A runner is one side of a measurement while it runs.
type runner struct {
	server *worker // nil if there is none
	client *worker // nil on a side that is not measured
	blocks []map[string]float64
}

// measure runs a measurement and gives its rows. Each round has processes of
// its own, because where the system puts a process, and what it puts where in
// memory, can make it faster or slower for as long as it lives.
func (b *bench) measure(m measurement) ([]row, error) {
	var ours, other []map[string]float64
	operations := 0
	for range b.roundsOf(m) {
		first, second, err := b.round(m, &operations)
		if err != nil {
			return nil, err
		}
		ours, other = append(ours, first.blocks...), append(other, second.blocks...)
	}
	return rowsOf(m, ours, other)
}

// roundsOf tells how many rounds a measurement has.
func (b *bench) roundsOf(m measurement) int {
	switch {
	case m.idle && !b.quick:
		return idleRounds
	case m.idle || b.quick && m.least > 0: // starting thousands of clients takes long
		return 1
	default:
		return b.rounds
	}
}

// idleRounds is the number of rounds, of one block each, of measurements of
// memory, which hardly differ and last long.
const idleRounds = 3

// blocksOf tells how many blocks each side has in a round.
func (b *bench) blocksOf(m measurement) int {
	switch {
	case m.idle:
		return 1
	case m.perRound > 0:
		return m.perRound
	case b.quick && m.least > 0:
		return min(b.blocks, 3)
	default:
		return b.blocks
	}
}

// round starts the workers, warms them up and runs their blocks in turn. The
// first round finds the number of operations for all.
func (b *bench) round(m measurement, operations *int) (ours, other *runner, err error) {
	ours, other, stop, err := b.start(m)
	defer stop()
	if err != nil {
		return nil, nil, err
	}
	if *operations, err = b.warmUp(m, *operations, ours, other); err != nil {
		return nil, nil, err
	}
	for range b.blocksOf(m) {
		for _, r := range []*runner{ours, other} {
			if err := r.block(*operations, m.idle); err != nil {
				return nil, nil, err
			}
		}
	}
	return ours, other, nil
}

// start starts the workers of both sides. stop ends whatever was started,
// clients first.
func (b *bench) start(m measurement) (ours, other *runner, stop func(), err error) {
	var started []*worker
	stop = func() {
		for _, w := range slices.Backward(started) {
			w.stop()
		}
	}
	begin := func(words []string, role string) (*worker, error) {
		processor, err := m.affinity.processor(role, ownStatus())
		if err != nil {
			return nil, err
		}
		w, err := startWorker(b.workers, words, processor, b.profile(words, m.name, role)...)
		if err == nil {
			started = append(started, w)
		}
		return w, err
	}
	run := func(s side, server *worker) (*runner, error) {
		r := &runner{server: server}
		var err error
		if s.client == nil {
			return r, nil
		}
		if r.server == nil && s.server != nil {
			if r.server, err = begin(s.server, "server"); err != nil {
				return nil, err
			}
		}
		r.client, err = begin(b.fillIn(s.client, r.server), "client")
		return r, err
	}
	if ours, err = run(m.ours, nil); err != nil {
		return nil, nil, stop, err
	}
	var shared *worker
	if slices.Equal(m.ours.server, m.other.server) {
		shared = ours.server
	}
	other, err = run(m.other, shared)
	return ours, other, stop, err
}

// profile tells a worker by its environment where to write its CPU profile: only
// the library makes one.
func (b *bench) profile(words []string, name, role string) []string {
	if b.profiles == "" || !strings.HasPrefix(words[0], "wds-") {
		return nil
	}
	return []string{"WDS_BENCH_PROFILE=" + filepath.Join(b.profiles, name+"-"+role+".pprof")}
}

func (b *bench) fillIn(words []string, server *worker) []string {
	filled := slices.Clone(words)
	for i, word := range filled {
		switch word {
		case "PORT":
			filled[i] = server.port
		case "LIBRARY":
			filled[i] = b.library
		}
	}
	return filled
}

// warmUp runs blocks that do not count and finds how many operations fill a
// block, unless that is known. Both sides get the same number, so that the
// faster one's blocks are the shorter ones.
func (b *bench) warmUp(m measurement, operations int, ours, other *runner) (int, error) {
	if m.idle || m.perRound > 0 {
		return m.operations, nil
	}
	if operations > 0 {
		_, err := trial(operations, ours, other)
		return operations, err
	}
	operations = m.operations
	if m.fixed && b.quick {
		operations = m.quick
	}
	for range 2 {
		longest, err := trial(operations, ours, other)
		if err != nil || m.fixed {
			return operations, err
		}
		operations = max(resize(operations, longest, b.block.Seconds()), m.least)
	}
	return operations, nil
}

// trial runs a block on both sides and gives the time of the slower one.
func trial(operations int, sides ...*runner) (longest float64, err error) {
	for _, r := range sides {
		if r.client == nil {
			continue
		}
		values, err := r.client.run(operations)
		if err != nil {
			return 0, err
		}
		longest = max(longest, values["seconds"])
	}
	return longest, nil
}

// resize gives the number of operations that lasts as long as wanted.
func resize(operations int, lasted, wanted float64) int {
	if lasted <= 0 {
		return operations
	}
	return max(4, int(float64(operations)*wanted/lasted))
}

// block runs one block and keeps its figures, and adds what the server used.
func (r *runner) block(operations int, idle bool) error {
	if r.client == nil {
		return nil
	}
	before, err := r.used()
	if err != nil {
		return err
	}
	values, err := r.client.run(operations)
	if err != nil {
		return err
	}
	after, err := r.used()
	if err != nil {
		return err
	}
	values["server_cpu_us"] = (after.cpu - before.cpu) * 1e6 / float64(operations)
	if idle {
		settled, err := stableMemory(stablePoll, r.server.memory)
		if err != nil {
			return err
		}
		values["server_rss"] = (settled - before.memory) / values["clients"]
	}
	r.blocks = append(r.blocks, values)
	return nil
}

// usage is what a process has used.
type usage struct{ cpu, memory float64 }

// used tells what the server has used so far; nothing if there is none.
func (r *runner) used() (u usage, err error) {
	if r.server == nil {
		return u, nil
	}
	if u.memory, err = r.server.memory(); err != nil {
		return u, err
	}
	u.cpu, err = r.server.cpu()
	return u, err
}

const (
	stablePoll  = 250 * time.Millisecond
	stablePolls = 24 // polls without a change that end the wait
	mostPolls   = 80
)

// stableMemory polls a process's memory until it is stable, or often enough,
// and tells the last figure: a runtime that collects garbage does so in its own time.
func stableMemory(poll time.Duration, memory func() (float64, error)) (float64, error) {
	last, err := memory()
	for stable, polls := 0, 0; err == nil && stable < stablePolls && polls < mostPolls; polls++ {
		time.Sleep(poll)
		var now float64
		now, err = memory()
		if stable++; math.Abs(now-last) > last/100 {
			last, stable = now, 0
		}
	}
	return last, err
}

// column gives one figure of all blocks, scaled; nil without blocks.
func column(key string, scale float64, blocks []map[string]float64) ([]float64, error) {
	var list []float64
	for _, values := range blocks {
		value, found := values[key]
		if !found {
			return nil, fmt.Errorf("the worker does not tell %s", key)
		}
		list = append(list, value*scale)
	}
	return list, nil
}
