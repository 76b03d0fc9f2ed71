// Package core is the socket library: clients, simplified and standard
// servers and UDP, with whole messages in WLanguage's and other transmission
// modes. It is pure Go and a package in its own right; the C interface stands
// on it.
//
//	lib := core.NewLibrary()
//	defer lib.CloseAll()
//	s := lib.NewSocket("")
//	err := s.Open(core.KindClient, 0, 5000, "10.0.0.5", 3*time.Second)
//	n, err := s.Write([]byte("Hello World"))
//	n, err = s.Read(buf, time.Second)
//
// Time-outs are durations; negative is for ever, 0 does not wait. Errors are
// *fault.Error; errors.Is(err, fault.Timeout) asks for a kind. All methods may
// be called from any goroutine; one at a time reads a socket, any number
// write.
package core

import (
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"wdsocket/core/charset"
	"wdsocket/core/fault"
	"wdsocket/core/layer"
	"wdsocket/core/layer/capture"
	"wdsocket/core/layer/tlslayer"
	"wdsocket/core/lockorder"
	"wdsocket/core/logfile"
	"wdsocket/core/mem"
	"wdsocket/core/option"
	"wdsocket/core/poll"
	"wdsocket/core/task"
)

// Version of the library: major*10000 + minor*100 + patch.
const Version = 200

// Library is one set of sockets with the options, the memory budget and the
// log they share. Make it with NewLibrary.
type Library struct {
	// Direct makes calls wait in the thread that calls: right for threads of a
	// host, which cost nothing to block. Otherwise their goroutine is parked.
	// Set it before the first socket is made.
	Direct bool

	// Trays, if there are any, let the C side collect small writes and take messages
	// that have arrived, without a call into Go.
	// Set it before the first socket is made.
	Trays Trays

	// Lower and Upper are layers of the user's own that each connection gets, the
	// lowest first, below TLS and above it or the place where it would be. Those
	// above must be instant. Set them before the first socket is made.
	Lower, Upper []layer.Layer

	// TextsChanged, if set, is called after the language or the host's encoding
	// has changed. Set it before the first call.
	TextsChanged func()

	budget     mem.Budget
	journal    *logfile.Journal
	recordings *capture.Files // what WDS_TEXT_CAPTURE_FILE and WDS_TEXT_TRACE_FILE name
	hostText   atomic.Int32
	language   atomic.Int32
	logLevel   atomic.Int32
	logSize    atomic.Int32

	mu       lockorder.Mutex[lockorder.Library]
	defaults *option.Settings // shared with the sockets made, and replaced as a whole
	config   *ioConfig        // of the defaults
	logFile  string
	sockets  map[*Socket]struct{}
	queues   map[*Queue]struct{}

	sessions tlslayer.Sessions // of TLS clients

	tasks        map[*job]struct{}
	tasksRunning atomic.Int64

	calls         lockorder.Mutex[lockorder.LibraryCalls] // guards which call waits for which callback
	dispatchers   map[*dispatcher]struct{}
	loggedOptions sync.Map  // options of the system that were logged as refused, by name
	started       time.Time // what the times of figures are measured from
}

// Levels of the log.
const (
	levelError   = 1
	levelTraffic = 2
	levelAll     = 3
)

const (
	defaultBudget   = 256 << 20
	defaultBudget32 = 128 << 20
	defaultLogSize  = 10 << 20
)

// NewLibrary makes an empty library with the default options. report, where there is one, is
// told in a task why a recording could not begin or has ended: no call fails by it.
func NewLibrary(report ...func(error)) *Library {
	defaults := option.Defaults()
	cfg, err := newIOConfig(&defaults, nil, option.ToFraming)
	if err != nil {
		panic(err) // the defaults hold together
	}
	lib := &Library{journal: logfile.New(), started: time.Now(), defaults: &defaults, config: cfg, sockets: make(map[*Socket]struct{}), queues: make(map[*Queue]struct{}), tasks: make(map[*job]struct{}), dispatchers: make(map[*dispatcher]struct{})}
	lib.recordings = capture.NewFiles(func(err error) {
		lib.log(levelError, nil, "%v", err)
		for _, tell := range report {
			tell(err)
		}
	})
	lib.budget.Init(defaultBudget, lib.evictHolders, lib.Report)
	if runtime.GOARCH == "386" || runtime.GOARCH == "arm" {
		lib.budget.SetLimit(defaultBudget32)
	}
	defaults.System.Refused = lib.refusedOption
	lib.logLevel.Store(levelTraffic)
	lib.logSize.Store(defaultLogSize)
	lib.journal.SetLevel(levelTraffic)
	lib.journal.SetSize(defaultLogSize)
	return lib
}

// HostText is the encoding of the host's text.
func (lib *Library) HostText() charset.Encoding {
	return charset.Encoding(lib.hostText.Load())
}

// Language is the language of the error texts.
func (lib *Library) Language() fault.Language { return fault.Language(lib.language.Load()) }

// refusedOption logs once for each option that the system does not let sockets
// have, as in a sandbox.
func (lib *Library) refusedOption(name string, cause error) {
	if lib.journal.Enabled(levelTraffic) {
		if _, logged := lib.loggedOptions.LoadOrStore(name, true); !logged {
			lib.log(levelTraffic, nil, "%v: sockets keep what the system gives them", cause)
		}
	}
}

// NewSocket makes a socket with the options that are the default now. label
// names it in texts; "" names it by what it is connected to.
func (lib *Library) NewSocket(label string) *Socket {
	lib.mu.Lock()
	defer lib.mu.Unlock()
	s := newSocket(lib, label, lib.defaults, lib.config)
	lib.sockets[s] = struct{}{}
	return s
}

func (lib *Library) addSocket(s *Socket) {
	lib.mu.Lock()
	lib.sockets[s] = struct{}{}
	lib.mu.Unlock()
}

func (lib *Library) removeSocket(s *Socket) {
	lib.mu.Lock()
	delete(lib.sockets, s)
	lib.mu.Unlock()
}

func (lib *Library) removeQueue(q *Queue) {
	lib.mu.Lock()
	delete(lib.queues, q)
	lib.mu.Unlock()
}

// Report logs a panic that was caught beside the calls, with its stack.
func (lib *Library) Report(err *fault.Error) {
	lib.log(levelError, nil, "%v\n%s", err, task.StackOf(err))
}

// recoverPanic runs f in the goroutine of the caller: a panic is logged, and becomes
// the error fault.Internal. What f holds is released by its own deferred calls.
func (lib *Library) recoverPanic(name string, f func() error) error {
	var err error
	if panicked := task.Catch(name, func() { err = f() }); panicked != nil {
		lib.Report(panicked)
		return panicked
	}
	return err
}

// CloseAll closes every socket and queue there is and waits until all of them is
// given back: at most the longest close time-out. What other goroutines make
// meanwhile is closed too or stays, and is not waited for. Calls of callbacks
// that are running are, however long they take.
func (lib *Library) CloseAll() { lib.CloseAllFrom(NoCallback) }

// CloseAllFrom is CloseAll for a caller inside a callback.
func (lib *Library) CloseAllFrom(from CallbackID) {
	lib.closeExisting()
	lib.closeExisting() // what a server or a queue had just accepted
	lib.awaitTasks()
	lib.awaitDispatchers(from)
	lib.recordings.Wait(recordingTimeout)
	poll.ReleaseIdle()
}

// Interrupt wakes every call of the user's that waits, on whatever socket or queue,
// with fault.Cancelled, unless it began after a later clearing of the wake-up.
// Closing is not waiting, and goes on.
func (lib *Library) Interrupt(clearings uint32) {
	lib.mu.Lock()
	sockets, queues := slices.Collect(maps.Keys(lib.sockets)), slices.Collect(maps.Keys(lib.queues))
	lib.mu.Unlock()
	for _, s := range sockets {
		s.gate.Interrupt(clearings)
	}
	for _, q := range queues {
		q.gate.Interrupt(clearings)
	}
}

// closeExisting closes the queues and sockets there are and waits until each has
// given back what it holds, also where another call closes it. All are woken
// before any is waited for, so that those in which a call does not return make it
// no longer than one would.
func (lib *Library) closeExisting() {
	lib.mu.Lock()
	queues := slices.Collect(maps.Keys(lib.queues))
	sockets := slices.Collect(maps.Keys(lib.sockets))
	lib.mu.Unlock()
	gates := make([]*poll.Gate, 0, len(queues)+len(sockets))
	for _, q := range queues { // first: no event of the sockets is posted any more
		lib.recoverPanic("the close", func() error { q.shut(0); return nil })
		gates = append(gates, &q.gate)
	}
	for _, s := range sockets {
		lib.recoverPanic("the close", func() error { s.shut(s.tearDown, 0); return nil })
		s.shortenLinger()
		gates = append(gates, &s.gate)
	}
	awaitEmpty(gates)
}

// Number tells a figure of the whole library.
func (lib *Library) Number(what Number) (int64, error) {
	switch what {
	case NumSockets:
		lib.mu.Lock()
		defer lib.mu.Unlock()
		return int64(len(lib.sockets)), nil
	case NumGoroutines:
		return lib.tasksRunning.Load(), nil
	case NumDescriptors:
		return poll.Descriptors(), nil
	case NumBufferedBytes:
		return lib.budget.Used(), nil
	}
	return 0, option.WrongNumber("what", option.FamilyNumber, int32(what))
}

// SetOption sets an option of the process, or the default of a socket's.
func (lib *Library) SetOption(id option.ID, value int32) error {
	o, value, err := id.Check(value)
	if err != nil {
		return err
	}
	switch id {
	case option.HostText:
		lib.hostText.Store(value)
		lib.textsChanged()
	case option.TotalBuffer:
		lib.budget.SetLimit(int64(value))
	case option.LogLevel:
		lib.logLevel.Store(value)
		lib.journal.SetLevel(value)
	case option.LogSize:
		lib.logSize.Store(value)
		lib.journal.SetSize(int64(value))
	case option.CaptureSize:
		lib.recordings.SetSize(int64(value))
	default:
		return lib.change(func(s *option.Settings) error { return o.Store(s, value) })
	}
	return nil
}

// change tries a change of the defaults and keeps it if it is consistent.
func (lib *Library) change(set func(*option.Settings) error) error {
	lib.mu.Lock()
	defer lib.mu.Unlock()
	next := *lib.defaults
	if err := set(&next); err != nil {
		return err
	}
	cfg, err := newIOConfig(&next, nil, option.ToFraming)
	if err != nil {
		return err
	}
	lib.defaults, lib.config = &next, cfg
	return nil
}

// Option tells an option of the process or the default of a socket's.
func (lib *Library) Option(id option.ID) (int32, error) {
	switch id {
	case option.HostText:
		return lib.hostText.Load(), nil
	case option.TotalBuffer:
		return int32(lib.budget.Limit()), nil
	case option.LogLevel:
		return lib.logLevel.Load(), nil
	case option.LogSize:
		return lib.logSize.Load(), nil
	case option.CaptureSize:
		return int32(lib.recordings.Size()), nil
	}
	o, known := option.Ints()[id]
	if !known || o.Get == nil {
		return 0, option.WrongNumber("option", option.FamilyOption, int32(id))
	}
	lib.mu.Lock()
	defer lib.mu.Unlock()
	return o.Get(lib.defaults), nil
}

// SetText sets a text option of the process, or the default of a socket's.
func (lib *Library) SetText(id option.TextID, value string) error {
	switch id {
	case option.TextLanguage:
		return lib.setLanguage(value)
	case option.TextLogFile:
		if err := lib.journal.SetFile(value); err != nil {
			return err
		}
		lib.mu.Lock()
		lib.logFile = value
		lib.mu.Unlock()
		return nil
	}
	o, known := option.Texts()[id]
	if !known || o.Set == nil && o.Load == nil {
		return option.WrongNumber("option", option.FamilyText, int32(id))
	}
	lib.mu.Lock()
	now := lib.defaults
	lib.mu.Unlock()
	change, err := o.Change(now, value, lib.warn)
	if err != nil {
		return err
	}
	return lib.change(change)
}

func (lib *Library) setLanguage(value string) error {
	switch value {
	case "":
		lib.language.Store(int32(charset.SystemLanguage()))
	case "en":
		lib.language.Store(int32(fault.English))
	case "fr":
		lib.language.Store(int32(fault.French))
	default:
		return fault.New(fault.Unsupported, fault.PhaseOption, value)
	}
	lib.textsChanged()
	return nil
}

func (lib *Library) textsChanged() {
	if lib.TextsChanged != nil {
		lib.TextsChanged()
	}
}

// Text tells a text option of the process or the default of a socket's.
func (lib *Library) Text(id option.TextID) (string, error) {
	lib.mu.Lock()
	defer lib.mu.Unlock()
	switch id {
	case option.TextLanguage:
		if lib.Language() == fault.French {
			return "fr", nil
		}
		return "en", nil
	case option.TextLogFile:
		return lib.logFile, nil
	}
	o, known := option.Texts()[id]
	if !known || o.Get == nil {
		return "", option.WrongNumber("option", option.FamilyText, int32(id))
	}
	return o.Get(lib.defaults), nil
}
