package main

import (
	"fmt"
	"os"
	"regexp"
)

// An affinity tells on which processors the processes of a measurement run.
type affinity int

const (
	unbound affinity = iota // where the system puts them
	oneCPU                  // all on one
	twoCPUs                 // servers on one, clients on another
)

// withEachAffinity gives a measurement of round trips three times: on one processor
// under its own name, on two and unbound under names that say so. The figures of
// each have the same aims.
func withEachAffinity(m measurement, longToo bool) []measurement {
	list := []measurement{m, m, m}
	for i, p := range []struct {
		affinity     affinity
		suffix, what string
	}{{oneCPU, "", ", one CPU"}, {twoCPUs, "-two-processors", ", two CPUs"}, {unbound, "-free", ", not bound"}} {
		list[i].affinity = p.affinity
		list[i].name += p.suffix
		list[i].long = longToo && i > 0
		list[i].figures = nil
		for _, f := range m.figures {
			f.what += p.what
			list[i].figures = append(list[i].figures, f)
		}
	}
	return list
}

// allowed finds the first and the last of the processors that a process may use
// in what the system tells of it.
var allowed = regexp.MustCompile(`(?m)^Cpus_allowed_list:\s*(\d+)(?:.*?(\d+))?$`)

// processor tells on which processor a worker of a role runs, "" for any. The
// first and the last are used: neighbours may be two halves of one core.
func (a affinity) processor(role, status string) (string, error) {
	if a == unbound {
		return "", nil
	}
	found := allowed.FindStringSubmatch(status)
	switch {
	case found == nil:
		return "", fmt.Errorf("the system does not tell the processors that may be used")
	case a == oneCPU && found[2] == "":
		return found[1], nil
	case a == oneCPU:
		return found[2], nil
	case found[2] == "":
		return "", fmt.Errorf("this needs two processors")
	case role == "server":
		return found[2], nil
	default:
		return found[1], nil
	}
}

// ownStatus is what the system tells of this process; workers inherit from it.
func ownStatus() string {
	text, _ := os.ReadFile("/proc/self/status")
	return string(text)
}
