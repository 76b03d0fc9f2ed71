package logfile

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"wdsocket/core/fault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 30 * time.Second

// start makes a Journal that writes into a new directory.
func start(t *testing.T) (*Journal, string) {
	t.Helper()
	j := New()
	path := filepath.Join(t.TempDir(), "wdsocket.log")
	require.NoError(t, j.SetFile(path))
	t.Cleanup(j.Close)
	return j, path
}

func lines(t *testing.T, path string) []string {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	if len(b) == 0 {
		return nil
	}
	require.True(t, strings.HasSuffix(string(b), "\n"), "the last line has its end")
	return strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
}

func TestLines(t *testing.T) {
	j, path := start(t)
	j.SetLevel(Everything)
	before := time.Now().UTC().Truncate(time.Millisecond)
	j.Log(Errors, "connection to %s refused", "10.0.0.5:5000")
	j.Log(Connects, "connected")
	j.Log(Everything, "read %d bytes", 5)
	j.Log(0, "%s", "level 0 is kept too")
	require.True(t, j.Flush(patience))
	after := time.Now().UTC()

	form := regexp.MustCompile(`^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (error|event|trace) (.*)$`)
	want := [][2]string{{"error", "connection to 10.0.0.5:5000 refused"}, {"event", "connected"}, {"trace", "read 5 bytes"}, {"error", "level 0 is kept too"}}
	got := lines(t, path)
	require.Len(t, got, len(want))
	for i, line := range got {
		m := form.FindStringSubmatch(line)
		require.NotNil(t, m, line)
		assert.Equal(t, want[i], [2]string{m[2], m[3]})
		at, err := time.Parse(time.RFC3339, m[1])
		require.NoError(t, err)
		assert.False(t, at.Before(before) || at.After(after), line)
	}
}

func TestLevels(t *testing.T) {
	j := New()
	assert.Equal(t, Connects, j.Level())
	assert.False(t, j.Enabled(Errors), "no file")
	j.Log(Errors, "goes nowhere")

	path := filepath.Join(t.TempDir(), "log")
	require.NoError(t, j.SetFile(path))
	defer j.Close()
	for level := int32(0); level <= Everything; level++ {
		j.SetLevel(level)
		for event := Errors; event <= Everything; event++ {
			assert.Equal(t, event <= level, j.Enabled(event))
			j.Log(event, "%d", event)
		}
	}
	j.Close()
	assert.Len(t, lines(t, path), 1+2+3)
	assert.False(t, j.Enabled(Errors))
}

func TestOneLineForEachEvent(t *testing.T) {
	tests := []struct{ text, want string }{
		{"two\nlines\r\n", `two\x0Alines\x0D\x0A`},
		{"\x1b[31mred\x7f", `\x1B[31mred\x7F`},
		{"caf\xe9 €", `caf\xE9 €`},
		{"\u0085next", `\xC2\x85next`},
		{"", ""},
		{"100% {who}", "100% {who}"},
	}
	j, path := start(t)
	for _, tt := range tests {
		j.Log(Errors, "%s", tt.text)
	}
	j.Log(Errors, "%s", strings.Repeat("é", 1<<20))
	j.Log(Errors, "%s", strings.Repeat("\x00", 1<<20))
	require.True(t, j.Flush(patience))
	got := lines(t, path)
	require.Len(t, got, len(tests)+2)
	for i, tt := range tests {
		_, text, ok := strings.Cut(got[i], " error ")
		require.True(t, ok)
		assert.Equal(t, tt.want, text)
	}
	for _, line := range got[len(tests):] {
		assert.LessOrEqual(t, len(line), maxLine+3)
		assert.Greater(t, len(line), maxLine-8)
		assert.True(t, strings.HasSuffix(line, "..."))
		assert.NotContains(t, line, "\uFFFD")
	}
}

func TestTheFileIsAppendedToAndPrivate(t *testing.T) {
	j, path := start(t)
	assert.Equal(t, path, j.File())
	j.Log(Errors, "first")
	j.Close()
	assert.Empty(t, j.File())
	j.Log(Errors, "nowhere")
	require.NoError(t, j.SetFile(path))
	j.Log(Errors, "second")
	require.NoError(t, j.SetFile(path), "the same file again")
	j.Log(Errors, "third")
	require.NoError(t, j.SetFile(""))
	got := lines(t, path)
	require.Len(t, got, 3)
	assert.Contains(t, got[2], "third")
	if runtime.GOOS != "windows" {
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
	}
	j.Close()
	assert.True(t, j.Flush(0), "nothing to wait for")
}

func TestARelativePathStays(t *testing.T) {
	t.Chdir(t.TempDir())
	here, err := os.Getwd()
	require.NoError(t, err)
	j := New()
	defer j.Close()
	require.NoError(t, j.SetFile("relative.log"))
	t.Chdir(t.TempDir())
	j.SetSize(100)
	for range 5 {
		j.Log(Errors, "%s", strings.Repeat("x", 50))
	}
	j.Close()
	assert.FileExists(t, filepath.Join(here, "relative.log"))
	assert.FileExists(t, filepath.Join(here, "relative.log.1"))
	assert.NoFileExists(t, "relative.log")
}

func TestFilesThatCannotBe(t *testing.T) {
	j, good := start(t)
	dir := t.TempDir()
	missing := filepath.Join(dir, "no", "such", "log")
	for path, code := range map[string]fault.Code{
		dir:     fault.Access,
		missing: fault.System,
		filepath.Join(dir, strings.Repeat("long", 1000)): fault.System,
	} {
		err := j.SetFile(path)
		require.ErrorIs(t, err, code, path)
		var e *fault.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, fault.PhaseOption, e.Phase)
		assert.Contains(t, e.Text(fault.English), path)
		assert.Contains(t, e.Text(fault.French), path)
	}
	err := j.SetFile(missing)
	require.ErrorIs(t, err, fs.ErrNotExist)
	var e *fault.Error
	require.ErrorAs(t, err, &e)
	assert.NotZero(t, e.Sys)
	assert.NotContains(t, e.Args[0], missing, "the path is named once")

	j.Log(Errors, "the file before goes on")
	require.True(t, j.Flush(patience))
	assert.Len(t, lines(t, good), 1)
}

func TestDenialIsToldApart(t *testing.T) {
	denied := &fs.PathError{Op: "open", Path: "/x", Err: fs.ErrPermission}
	assert.ErrorIs(t, fileError("/x", denied), fault.Access)
	assert.ErrorIs(t, fileError("/x", errors.New("other")), fault.System)
}

func TestTurnOver(t *testing.T) {
	j, path := start(t)
	const size = 1000
	j.SetSize(size)
	assert.EqualValues(t, size, j.Size())
	const n = 200
	for i := range n {
		j.Log(Errors, "event number %d", i)
	}
	j.Close()

	now, before := lines(t, path), lines(t, path+".1")
	all := append(before, now...)
	for i, line := range all {
		assert.True(t, strings.HasSuffix(line, fmt.Sprintf("event number %d", n-len(all)+i)), line)
	}
	for _, p := range []string{path, path + ".1"} {
		info, err := os.Stat(p)
		require.NoError(t, err)
		assert.LessOrEqual(t, info.Size(), int64(size))
	}
	assert.Greater(t, len(before), 10)
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, entries, 2)
}

func TestNoTurnOverWithoutASize(t *testing.T) {
	for _, size := range []int64{0, -1, math.MaxInt64} {
		j, path := start(t)
		j.SetSize(size)
		for range 100 {
			j.Log(Errors, "event")
		}
		j.Close()
		assert.Len(t, lines(t, path), 100)
		assert.NoFileExists(t, path+".1")
	}
}

func TestALineLongerThanTheSize(t *testing.T) {
	j, path := start(t)
	j.SetSize(10)
	j.Log(Errors, "one")
	j.Log(Errors, "two")
	j.Close()
	assert.Len(t, lines(t, path), 1)
	assert.Len(t, lines(t, path+".1"), 1)
}

// The file cannot be renamed where a directory that is not empty is in the way.
func TestATurnOverThatFails(t *testing.T) {
	j, path := start(t)
	require.NoError(t, os.MkdirAll(filepath.Join(path+".1", "full"), 0o700))
	j.SetSize(100)
	for i := range 500 {
		j.Log(Errors, "event number %d", i)
	}
	j.Close()
	assert.Len(t, lines(t, path), 500, "it grows on, nothing is lost")
}

func TestAnotherProcessTurnedItOver(t *testing.T) {
	j, path := start(t)
	j.SetSize(120)
	j.Log(Errors, "%s", strings.Repeat("a", 60))
	require.True(t, j.Flush(patience))
	require.NoError(t, os.Rename(path, path+".1"))
	require.NoError(t, os.WriteFile(path, []byte("line of another\n"), 0o600))
	j.Log(Errors, "%s", strings.Repeat("b", 60))
	j.Close()
	assert.Contains(t, lines(t, path+".1")[0], "aaa", "not turned over twice")
	got := lines(t, path)
	require.Len(t, got, 2)
	assert.Contains(t, got[1], "bbb")
}

// badDisk is a file that fails, hangs or takes half as the test says.
type badDisk struct {
	lock sync.Mutex
	file
	fail bool
	half bool
	ill  bool // panics
	hang chan struct{}
}

func (d *badDisk) Write(b []byte) (int, error) {
	d.lock.Lock()
	fail, half, ill, hang := d.fail, d.half, d.ill, d.hang
	d.lock.Unlock()
	if ill {
		panic("it goes wrong")
	}
	if hang != nil {
		<-hang
	}
	if fail {
		return 0, errors.New("no space left")
	}
	if half {
		n, _ := d.file.Write(b[:len(b)/2])
		return n, errors.New("no space left")
	}
	return d.file.Write(b)
}

func (d *badDisk) set(change func()) {
	d.lock.Lock()
	defer d.lock.Unlock()
	change()
}

// startBad makes a Journal whose disk can be made to fail.
func startBad(t *testing.T) (*Journal, *badDisk, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log")
	f, err := openLog(path)
	require.NoError(t, err)
	disk := &badDisk{file: f}
	j := New()
	j.replace(newWriter(j, path, disk, openLog))
	t.Cleanup(j.Close)
	return j, disk, path
}

func TestAFailingDisk(t *testing.T) {
	j, disk, path := startBad(t)
	disk.set(func() { disk.fail = true })
	for range 7 {
		j.Log(Errors, "lost")
	}
	require.True(t, j.Flush(patience))
	assert.EqualValues(t, 7, j.dropped.Load())
	disk.set(func() { disk.fail = false })
	j.Log(Errors, "written")
	j.Log(Errors, "written too")
	j.Close()
	got := lines(t, path)
	require.Len(t, got, 3)
	assert.True(t, strings.HasSuffix(got[0], "error process: lines of this log that could not be written: 7"))
	assert.True(t, strings.HasSuffix(got[1], "written"))
}

func TestADiskThatPanics(t *testing.T) {
	j, disk, path := startBad(t)
	j.Log(Errors, "before")
	require.True(t, j.Flush(patience))
	disk.set(func() { disk.ill = true })
	j.Log(Errors, "lost")
	require.True(t, j.Flush(patience), "the writer goes on")
	j.Log(Errors, "written")
	j.Close()
	got := lines(t, path)
	require.NotEmpty(t, got)
	all := strings.Join(got, "|")
	assert.Contains(t, all, "error before")
	assert.Contains(t, all, "error process: lines of this log that could not be written: 1|")
	assert.NotContains(t, all, "lost")
	assert.True(t, strings.HasSuffix(all, "error written"))
}

func TestADiskThatTakesHalfALine(t *testing.T) {
	j, disk, path := startBad(t)
	disk.set(func() { disk.half = true })
	j.Log(Errors, "torn")
	require.Eventually(t, func() bool { return j.dropped.Load() == 1 }, patience, time.Millisecond)
	disk.set(func() { disk.half = false })
	j.Log(Errors, "whole")
	j.Close()
	got := lines(t, path)
	require.Len(t, got, 3, "the torn line, the count, the whole line")
	assert.Contains(t, got[1], "could not be written: 1")
	assert.True(t, strings.HasSuffix(got[2], " error whole"))
}

func TestADiskThatHangsHarmsNobody(t *testing.T) {
	j, disk, path := startBad(t)
	release := make(chan struct{})
	disk.set(func() { disk.hang = release })
	const n = 3 * queueLength
	for i := range n { // returns though nothing is written
		j.Log(Errors, "%d", i)
	}
	assert.False(t, j.Flush(time.Millisecond))
	w := j.writer
	j.Close() // returns too
	close(release)
	<-w.ended
	written, reported := count(t, path)
	assert.LessOrEqual(t, written, queueLength+1)
	assert.EqualValues(t, n, int64(written)+reported+j.dropped.Load(), "every line is written or counted")
}

// count tells how many events are in a log, and how many it says are missing.
func count(t *testing.T, path string) (written int, lost int64) {
	t.Helper()
	for _, line := range lines(t, path) {
		_, text, ok := strings.Cut(line, " error ")
		require.True(t, ok, line)
		var n int64
		if _, err := fmt.Sscanf(text, "process: lines of this log that could not be written: %d", &n); err == nil {
			lost += n
			continue
		}
		written++
	}
	return written, lost
}

func TestManyGoroutines(t *testing.T) {
	j, path := start(t)
	j.SetSize(0)
	const loggers, each = 8, 300
	var wg sync.WaitGroup
	for g := range loggers {
		wg.Go(func() {
			for i := range each {
				j.Log(Errors, "goroutine %d line %d", g, i)
			}
		})
	}
	wg.Go(func() {
		for i := range 20 {
			j.SetLevel(Errors + int32(i%3))
			assert.NoError(t, j.SetFile(path))
			j.Flush(patience)
			_ = j.File()
		}
	})
	wg.Wait()
	j.Close()
	for _, line := range lines(t, path) {
		require.Regexp(t, `^\S+ error (goroutine \d line \d+|process: lines of this log .*: \d+)$`, line)
	}
	written, reported := count(t, path)
	assert.EqualValues(t, loggers*each, int64(written)+reported+j.dropped.Load())
}

func TestDisabledCostsNothing(t *testing.T) {
	j := New()
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		if j.Enabled(Errors) {
			t.Fatal("enabled")
		}
		j.Log(Errors, "no file")
	}))
}
