// Package core is the socket library: clients, simplified and standard
// servers and UDP, with whole messages in WLanguage's and other transmission
// modes. It is pure Go and a package in its own right; the C interface stands
// on it.
//
//	lib := core.NewLibrary()
//	defer lib.CloseAll()
//	s := lib.NewSocket("")
//	err := s.Open(core.KindClient, 5000, "10.0.0.5", 3*time.Second)
//	n, err := s.Write([]byte("Hello World"))
//	n, err = s.Read(buf, time.Second)
//
// Time-outs are durations; negative is for ever, 0 does not wait. Errors are
// *fault.Error; errors.Is(err, fault.Timeout) asks for a kind. All methods may
// be called from any goroutine; one at a time reads a socket, any number
// write.
//
// Lock order: Queue.turn, Queue.calls, then Socket.mu, then server.mu, then the
// locks of the layers below. Library.calls is taken last of these.
package core

import (
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"wdsocket/core/fault"
	"wdsocket/core/hosttext"
	"wdsocket/core/journal"
	"wdsocket/core/secure"
	"wdsocket/core/wire"
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

	// Trays, if there are any, let somebody outside of Go collect small writes
	// and take messages that have arrived.
	// Set it before the first socket is made.
	Trays Trays

	money    budget
	log0     *journal.Journal
	hostText atomic.Int32
	language atomic.Int32
	logLevel atomic.Int32
	logSize  atomic.Int32

	mu       sync.Mutex
	defaults *settings // shared with the sockets made, and replaced as a whole
	live     *live     // of the defaults
	logFile  string
	sockets  map[*Socket]struct{}
	queues   map[*Queue]struct{}

	sessions secure.Sessions // of TLS clients

	tasks   map[chan struct{}]struct{} // closed when the task is over
	running atomic.Int64

	calls      sync.Mutex // guards who waits for whose callback
	deliveries map[*delivery]struct{}
	began      time.Time // what the times of figures are measured from
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

// NewLibrary makes an empty library with the default options.
func NewLibrary() *Library {
	defaults := defaultSettings()
	lv, err := newLive(&defaults, nil, true)
	if err != nil {
		panic(err) // the defaults hold together
	}
	lib := &Library{log0: journal.New(), began: time.Now(), defaults: &defaults, live: lv, sockets: make(map[*Socket]struct{}), queues: make(map[*Queue]struct{}), tasks: make(map[chan struct{}]struct{}), deliveries: make(map[*delivery]struct{})}
	lib.money.limit.Store(defaultBudget)
	if runtime.GOARCH == "386" || runtime.GOARCH == "arm" {
		lib.money.limit.Store(defaultBudget32)
	}
	lib.logLevel.Store(levelTraffic)
	lib.logSize.Store(defaultLogSize)
	lib.log0.SetLevel(levelTraffic)
	lib.log0.SetSize(defaultLogSize)
	return lib
}

// HostText is the encoding of the host's text.
func (lib *Library) HostText() hosttext.Encoding {
	return hosttext.Encoding(lib.hostText.Load())
}

// Language is the language of the error texts.
func (lib *Library) Language() fault.Language { return fault.Language(lib.language.Load()) }

func (lib *Library) log(level int32, format string, args ...any) {
	if lib.log0.Enabled(level) {
		lib.log0.Log(level, format, args...)
	}
}

// NewSocket makes a socket with the options that are the default now. label
// names it in texts; "" names it by what it is connected to.
func (lib *Library) NewSocket(label string) *Socket {
	lib.mu.Lock()
	defer lib.mu.Unlock()
	s := newSocket(lib, label, lib.defaults, lib.live)
	lib.sockets[s] = struct{}{}
	return s
}

func (lib *Library) adopt(s *Socket) {
	lib.mu.Lock()
	lib.sockets[s] = struct{}{}
	lib.mu.Unlock()
}

func (lib *Library) forget(s *Socket) {
	lib.mu.Lock()
	delete(lib.sockets, s)
	lib.mu.Unlock()
}

// task runs f beside the caller; CloseAll waits for it.
func (lib *Library) task(f func()) {
	over := lib.taskBegins()
	go func() {
		defer lib.taskOver(over)
		defer lib.contain()
		f()
	}()
}

// taskBegins counts something that CloseAll waits for; taskOver ends it.
func (lib *Library) taskBegins() chan struct{} {
	over := make(chan struct{})
	lib.mu.Lock()
	lib.tasks[over] = struct{}{}
	lib.mu.Unlock()
	lib.running.Add(1)
	return over
}

func (lib *Library) taskOver(over chan struct{}) {
	lib.running.Add(-1)
	lib.mu.Lock()
	delete(lib.tasks, over)
	lib.mu.Unlock()
	close(over)
}

// contain keeps a panic of a task from ending the host.
func (lib *Library) contain() {
	if p := recover(); p != nil {
		stack := make([]byte, 4096)
		lib.log(levelError, "internal fault: %v\n%s", p, stack[:runtime.Stack(stack, false)])
	}
}

// CloseAll closes every socket there is and waits until all of them is given
// back: at most the longest close time-out. Sockets that other calls make
// meanwhile are not waited for, calls of callbacks that are running are,
// however long they take.
func (lib *Library) CloseAll() { lib.CloseAllFrom(Outside) }

// CloseAllFrom is CloseAll for a caller who is inside a callback.
func (lib *Library) CloseAllFrom(from Inside) {
	lib.mu.Lock()
	queues := slices.Collect(maps.Keys(lib.queues))
	lib.mu.Unlock()
	for _, q := range queues {
		q.Shut()
	}
	lib.closePresent()
	lib.closePresent() // what a server had just accepted
	lib.mu.Lock()
	tasks := slices.Collect(maps.Keys(lib.tasks))
	lib.mu.Unlock()
	for _, over := range tasks {
		<-over
	}
	lib.awaitDeliveries(from)
	wire.ReleaseIdle()
}

// closePresent closes the sockets there are.
func (lib *Library) closePresent() {
	lib.mu.Lock()
	all := make([]*Socket, 0, len(lib.sockets))
	for s := range lib.sockets {
		all = append(all, s)
	}
	lib.mu.Unlock()
	for _, s := range all {
		s.Close()
	}
}

// Number tells a figure of the whole library.
func (lib *Library) Number(what Number) (int64, error) {
	switch what {
	case NumSockets:
		lib.mu.Lock()
		defer lib.mu.Unlock()
		return int64(len(lib.sockets)), nil
	case NumGoroutines:
		return lib.running.Load(), nil
	case NumDescriptors:
		return wire.Descriptors(), nil
	case NumBufferedBytes:
		return lib.money.used.Load(), nil
	}
	return 0, WrongNumber("what", FamilyNumber, int32(what))
}

// SetOption sets an option of the process, or the default of a socket's.
func (lib *Library) SetOption(id Option, value int32) error {
	o, value, err := id.check(value)
	if err != nil {
		return err
	}
	switch id {
	case OptHostText:
		lib.hostText.Store(value)
	case OptTotalBuffer:
		lib.money.limit.Store(int64(value))
		lib.money.retry()
	case OptLogLevel:
		lib.logLevel.Store(value)
		lib.log0.SetLevel(value)
	case OptLogSize:
		lib.logSize.Store(value)
		lib.log0.SetSize(int64(value))
	default:
		return lib.change(func(s *settings) error { return o.store(s, value) })
	}
	return nil
}

// change tries a change of the defaults and keeps it if it is consistent.
func (lib *Library) change(set func(*settings) error) error {
	lib.mu.Lock()
	defer lib.mu.Unlock()
	next := *lib.defaults
	if err := set(&next); err != nil {
		return err
	}
	lv, err := newLive(&next, nil, true)
	if err != nil {
		return err
	}
	lib.defaults, lib.live = &next, lv
	return nil
}

// Option tells an option of the process or the default of a socket's.
func (lib *Library) Option(id Option) (int32, error) {
	switch id {
	case OptHostText:
		return lib.hostText.Load(), nil
	case OptTotalBuffer:
		return int32(lib.money.limit.Load()), nil
	case OptLogLevel:
		return lib.logLevel.Load(), nil
	case OptLogSize:
		return lib.logSize.Load(), nil
	}
	o, known := intOptions[id]
	if !known || o.get == nil {
		return 0, WrongNumber("option", FamilyOption, int32(id))
	}
	lib.mu.Lock()
	defer lib.mu.Unlock()
	return o.get(lib.defaults), nil
}

// SetText sets a text option of the process, or the default of a socket's.
func (lib *Library) SetText(id TextOption, value string) error {
	switch id {
	case TextLanguage:
		return lib.setLanguage(value)
	case TextLogFile:
		if err := lib.log0.SetFile(value); err != nil {
			return err
		}
		lib.mu.Lock()
		lib.logFile = value
		lib.mu.Unlock()
		return nil
	}
	o, known := textOptions[id]
	if !known || o.set == nil {
		return WrongNumber("option", FamilyText, int32(id))
	}
	return lib.change(func(s *settings) error { return o.set(s, value) })
}

func (lib *Library) setLanguage(value string) error {
	switch value {
	case "en", "":
		lib.language.Store(int32(fault.English))
	case "fr":
		lib.language.Store(int32(fault.French))
	default:
		return fault.New(fault.Unsupported, fault.PhaseOption, value)
	}
	return nil
}

// Text tells a text option of the process or the default of a socket's.
func (lib *Library) Text(id TextOption) (string, error) {
	lib.mu.Lock()
	defer lib.mu.Unlock()
	switch id {
	case TextLanguage:
		if lib.Language() == fault.French {
			return "fr", nil
		}
		return "en", nil
	case TextLogFile:
		return lib.logFile, nil
	}
	o, known := textOptions[id]
	if !known || o.get == nil {
		return "", WrongNumber("option", FamilyText, int32(id))
	}
	return o.get(lib.defaults), nil
}

// Binary tells whether an option is a row of bytes and not text.
func (id TextOption) Binary() bool { return textOptions[id].binary }
