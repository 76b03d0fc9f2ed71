package main

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
)

// A packageCost is what one package of the library costs when it is loaded: its
// variables are made and its init functions run, whether they are needed or not.
type packageCost struct {
	Package string `json:"package"`
	// Milliseconds is the median over some loads.
	Milliseconds float64 `json:"ms"`
	Bytes        int     `json:"bytes"` // of memory
	Allocations  int     `json:"allocations"`
}

// packageCosts loads the library some more times, with Go's runtime telling what
// each package costs.
func (b *bench) packageCosts(m measurement) ([]packageCost, error) {
	w, err := startWorker(b.workers, b.fillIn(m.ours.client, nil), "", "GODEBUG=inittrace=1")
	if err != nil {
		return nil, err
	}
	_, err = w.run(m.operations)
	w.stop()
	if err != nil {
		return nil, err
	}
	return parsePackages(w.errors.String())
}

var initTrace = regexp.MustCompile(`(?m)^init (\S+) @\S+ ms, (\S+) ms clock, (\d+) bytes, (\d+) allocs$`)

// parsePackages reads what the runtime tells of some loads, dearest first.
func parsePackages(text string) ([]packageCost, error) {
	times := map[string][]float64{}
	costs := map[string]packageCost{}
	for _, found := range initTrace.FindAllStringSubmatch(text, -1) {
		c := packageCost{Package: found[1]}
		taken, err := strconv.ParseFloat(found[2], 64)
		if err != nil {
			return nil, err
		}
		if c.Bytes, err = strconv.Atoi(found[3]); err != nil {
			return nil, err
		}
		if c.Allocations, err = strconv.Atoi(found[4]); err != nil {
			return nil, err
		}
		times[c.Package] = append(times[c.Package], taken)
		costs[c.Package] = c
	}
	if len(costs) == 0 {
		return nil, fmt.Errorf("the runtime does not tell what packages cost")
	}
	var list []packageCost
	for name, c := range costs {
		c.Milliseconds = median(times[name])
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b packageCost) int {
		return cmp.Or(cmp.Compare(b.Milliseconds, a.Milliseconds), cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Package, b.Package))
	})
	return list, nil
}

// shownPackages is how many packages are printed; all are in the results.
const shownPackages = 12

// writePackages prints the dearest packages, and the sum of all.
func writePackages(out io.Writer, list []packageCost) {
	if len(list) == 0 {
		return
	}
	var all packageCost
	for _, c := range list {
		all.Milliseconds += c.Milliseconds
		all.Bytes += c.Bytes
		all.Allocations += c.Allocations
	}
	fmt.Fprintf(out, "\nWhat packages cost when the library is loaded, %d of %d:\n", min(shownPackages, len(list)), len(list))
	all.Package = "all"
	for _, c := range append(slices.Clone(list[:min(shownPackages, len(list))]), all) {
		fmt.Fprintf(out, "%8.3f ms %8d bytes %5d allocations  %s\n", c.Milliseconds, c.Bytes, c.Allocations, c.Package)
	}
}
