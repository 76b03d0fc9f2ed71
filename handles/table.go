// Package handles turns the numbers and pointers that a host program holds
// into objects: handles with names (Table) and opaque tokens (Tokens). Whatever
// number or pointer a host passes, the answer is the right object or an error.
package handles

import (
	"math/rand/v2"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"wdsocket/core/fault"
)

// Kind tells apart the objects of a Table.
type Kind int32

// The kinds of objects.
const (
	Any    Kind = 0 // every kind, where a kind is asked for
	Socket Kind = 1
	Queue  Kind = 2
	Timer  Kind = 3
)

// MaxName is the longest name in bytes.
const MaxName = 255

// MaxLive is how many objects a Table holds at most. The slots that stay free
// beyond it keep a handle from being given again too soon.
const MaxLive = slotCount - minFree

// A handle is a generation (13 bits, never 0) above a slot index (18 bits): 31
// bits, always positive. A slot that has been given back waits behind at least
// minFree-1 others, and comes back with its next generation: a handle is given
// again after minFree*maxGeneration (two million) others at the earliest.
const (
	indexBits     = 18
	slotCount     = 1 << indexBits
	maxGeneration = 1<<13 - 1
	pageBits      = 8
	pageSize      = 1 << pageBits
	pageCount     = slotCount / pageSize
	minFree       = 256
	noSlot        = -1
)

// entry is a live object. It never changes once it is published, but for yields.
type entry struct {
	handle   int32
	kind     Kind
	sequence uint64 // number of the object, counted over all ever made
	name     string
	object   any
	yields   bool // another object may have the name; under the table's lock
}

// slot is what is kept of a handle for ever. Only live is read without the
// lock: an entry knows its own handle, so a stale one never fits.
type slot struct {
	live       atomic.Pointer[entry]
	generation uint16
	next       int32 // the next free slot
}

type page [pageSize]slot

// Table gives handles to objects and finds them again. All methods may be
// called from any goroutine. Get neither locks nor allocates unless it fails.
type Table struct {
	pages [pageCount]atomic.Pointer[page]

	lock      sync.RWMutex // guards all below, and the slots but for live
	names     map[string]int32
	counts    map[Kind]int
	sequence  uint64
	taken     int // slots in use, those with an object still being made too
	free      int
	first     int32 // the free slot that is next, and the one that was freed last
	last      int32
	grown     int // pages made
	startPage int
}

// NewTable makes an empty table. Its first handles are random, so that those
// of an earlier run do not fit.
func NewTable() *Table {
	return &Table{
		names:     map[string]int32{},
		counts:    map[Kind]int{},
		first:     noSlot,
		last:      noSlot,
		startPage: rand.IntN(pageCount),
	}
}

// Add makes an object with the handle it will have and publishes it under
// handle and name at once. name is at most MaxName bytes and must not begin
// with '#'; "" is an unnamed object. make runs without a lock and may use the
// table; until it returns the object is not found, but its name is taken. If
// make panics or returns nil, nothing is left of it.
//
// Errors: fault.NameTaken, fault.Limit (MaxLive objects), fault.Argument (the
// name), fault.Internal (make returned nil).
func (t *Table) Add(name string, kind Kind, make func(handle int32) any) (int32, error) {
	if err := checkName(name); err != nil {
		return 0, err
	}
	e, err := t.reserve(name, kind)
	if err != nil {
		return 0, err
	}
	defer func() {
		if e.object == nil { // make panicked or failed
			t.unreserve(e)
		}
	}()
	if e.object = make(e.handle); e.object == nil {
		return 0, fault.New(fault.Internal, fault.PhaseCall, name)
	}
	t.publish(e)
	return e.handle, nil
}

func checkName(name string) error {
	if len(name) > MaxName {
		return fault.New(fault.Argument, fault.PhaseCall, "socket_name").
			With(fault.NoteTooLong, strconv.Itoa(len(name)), strconv.Itoa(MaxName))
	}
	if strings.HasPrefix(name, "#") {
		return fault.New(fault.Argument, fault.PhaseCall, "socket_name").With(noteHash)
	}
	return nil
}

// Get finds a live object. kind is the kind it must be, or Any.
//
// Errors: fault.Handle (not alive), fault.Kind (of another kind).
func (t *Table) Get(h int32, kind Kind) (any, error) {
	e, err := t.get(h, kind)
	if err != nil {
		return nil, err
	}
	return e.object, nil
}

// Remove takes an object out of the table and returns it. Of several callers
// exactly one gets it. Its name may be given again at once.
//
// Errors: fault.Handle (not alive), fault.Kind (of another kind).
func (t *Table) Remove(h int32, kind Kind) (any, error) {
	t.lock.Lock()
	defer t.lock.Unlock()
	e, err := t.get(h, kind)
	if err != nil {
		return nil, err
	}
	t.counts[e.kind]--
	t.slot(index(h)).live.Store(nil)
	t.releaseLocked(e)
	return e.object, nil
}

// YieldName lets the next object that wants it have the name of this one, which
// is found by it until then. Error: fault.Handle (not alive).
func (t *Table) YieldName(h int32) error {
	t.lock.Lock()
	defer t.lock.Unlock()
	e, err := t.get(h, Any)
	if err == nil {
		e.yields = true
	}
	return err
}

// Find finds a live object by its name, or an unnamed socket by '#' and its
// handle.
func (t *Table) Find(name string) (int32, bool) {
	if digits, ok := strings.CutPrefix(name, "#"); ok {
		return t.findUnnamed(digits)
	}
	t.lock.RLock()
	defer t.lock.RUnlock()
	h, ok := t.names[name]
	if !ok || t.entry(h) == nil { // not there, or still being made
		return 0, false
	}
	return h, true
}

func (t *Table) findUnnamed(digits string) (int32, bool) {
	n, err := strconv.ParseInt(digits, 10, 32)
	if err != nil || strconv.FormatInt(n, 10) != digits { // "+1" and "01" are no names
		return 0, false
	}
	e := t.entry(int32(n))
	if e == nil || e.name != "" || e.kind != Socket {
		return 0, false
	}
	return e.handle, true
}

// Name tells the name of a live object, '#' and the handle if it has none.
func (t *Table) Name(h int32) (string, bool) {
	e := t.entry(h)
	switch {
	case e == nil:
		return "", false
	case e.name == "":
		return "#" + strconv.Itoa(int(h)), true
	default:
		return e.name, true
	}
}

// Handles lists the live objects of a kind, or of Any, the oldest first.
func (t *Table) Handles(kind Kind) []int32 {
	entries := t.entries(kind)
	sort.Slice(entries, func(i, j int) bool { return entries[i].sequence < entries[j].sequence })
	handles := make([]int32, len(entries))
	for i, e := range entries {
		handles[i] = e.handle
	}
	return handles
}

func (t *Table) entries(kind Kind) []*entry {
	t.lock.RLock()
	defer t.lock.RUnlock()
	entries := make([]*entry, 0, t.countLocked(kind))
	for i := range t.grown {
		p := t.pages[(t.startPage+i)%pageCount].Load()
		for j := range p {
			if e := p[j].live.Load(); e != nil && e.is(kind) {
				entries = append(entries, e)
			}
		}
	}
	return entries
}

// Len is the number of live objects of a kind, or of Any.
func (t *Table) Len(kind Kind) int {
	t.lock.RLock()
	defer t.lock.RUnlock()
	return t.countLocked(kind)
}

func (t *Table) countLocked(kind Kind) int {
	if kind != Any {
		return t.counts[kind]
	}
	all := 0
	for _, n := range t.counts {
		all += n
	}
	return all
}

func (e *entry) is(kind Kind) bool { return kind == Any || e.kind == kind }

func index(h int32) int32 { return h & (slotCount - 1) }

// get is the lookup with its errors.
func (t *Table) get(h int32, kind Kind) (*entry, error) {
	e := t.entry(h)
	if e == nil {
		return nil, unknown(h)
	}
	if !e.is(kind) {
		return nil, fault.New(fault.Kind, fault.PhaseCall, "#"+strconv.Itoa(int(h))).With(neededKind[kind]).Advise(isKind[e.kind], "")
	}
	return e, nil
}

// entry is the lookup itself, nil if the handle is not alive.
func (t *Table) entry(h int32) *entry {
	if h <= 0 {
		return nil
	}
	p := t.pages[index(h)>>pageBits].Load()
	if p == nil {
		return nil
	}
	e := p[h&(pageSize-1)].live.Load()
	if e == nil || e.handle != h {
		return nil
	}
	return e
}

// slot finds the slot of an index whose page exists.
func (t *Table) slot(i int32) *slot {
	return &t.pages[i>>pageBits].Load()[i&(pageSize-1)]
}

// reserve takes a slot and the name for an object that is about to be made.
func (t *Table) reserve(name string, kind Kind) (*entry, error) {
	t.lock.Lock()
	defer t.lock.Unlock()
	if h, ok := t.names[name]; ok && name != "" && !t.yieldsLocked(h) {
		return nil, fault.New(fault.NameTaken, fault.PhaseCall, name)
	}
	if t.taken == MaxLive {
		return nil, fault.New(fault.Limit, fault.PhaseCall, name).
			With(fault.NoteLimit, strconv.Itoa(MaxLive))
	}
	for t.free <= minFree && t.grown < pageCount {
		t.growLocked()
	}
	t.sequence++
	e := &entry{handle: t.takeFreeLocked(), kind: kind, sequence: t.sequence, name: name}
	if name != "" {
		t.names[name] = e.handle
	}
	return e, nil
}

// yieldsLocked tells whether another object may have the name of this one; the lock is
// held.
func (t *Table) yieldsLocked(h int32) bool {
	e := t.entry(h)
	return e != nil && e.yields
}

// publish makes a finished object visible, under handle and name in one step:
// Find looks at the slot too.
func (t *Table) publish(e *entry) {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.counts[e.kind]++
	t.slot(index(e.handle)).live.Store(e)
}

func (t *Table) unreserve(e *entry) {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.releaseLocked(e)
}

// releaseLocked frees the name and the slot of an object. The caller holds the lock.
func (t *Table) releaseLocked(e *entry) {
	if t.names[e.name] == e.handle { // else another object has it now
		delete(t.names, e.name)
	}
	t.taken--
	t.enqueueFreeLocked(index(e.handle))
}

// takeFreeLocked dequeues the slot that has been free for longest and gives it its next
// generation.
func (t *Table) takeFreeLocked() int32 {
	i := t.first
	s := t.slot(i)
	t.first = s.next
	if t.first == noSlot {
		t.last = noSlot
	}
	t.free--
	t.taken++
	if s.generation++; s.generation > maxGeneration {
		s.generation = 1
	}
	return int32(s.generation)<<indexBits | i
}

// enqueueFreeLocked puts a slot behind all other free ones.
func (t *Table) enqueueFreeLocked(i int32) {
	t.slot(i).next = noSlot
	if t.last == noSlot {
		t.first = i
	} else {
		t.slot(t.last).next = i
	}
	t.last = i
	t.free++
}

// growLocked makes the next page and adds its slots to the free ones, shuffled and
// with random generations.
func (t *Table) growLocked() {
	number := (t.startPage + t.grown) % pageCount
	p := new(page)
	for i := range p {
		p[i].generation = uint16(rand.IntN(maxGeneration) + 1)
	}
	t.pages[number].Store(p)
	t.grown++
	for _, i := range rand.Perm(pageSize) {
		t.enqueueFreeLocked(int32(number*pageSize + i))
	}
}
