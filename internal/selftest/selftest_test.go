package selftest

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"wdsocket/core/charset"
	"wdsocket/core/fault"
	"wdsocket/core/frame"
)

func TestTheReport(t *testing.T) {
	defer goleak.VerifyNone(t)
	summaries := map[fault.Language]string{fault.English: `^All is well: (\d+) of (\d+), \d+ ms$`, fault.French: `^Tout va bien : (\d+) sur (\d+), \d+ ms$`}
	for lang, summary := range summaries {
		for _, enc := range []charset.Encoding{charset.UTF8, charset.ANSI, charset.UTF16} {
			t.Run(fmt.Sprint(lang, " ", enc), func(t *testing.T) {
				text := Run(lang, enc)
				t.Log("\n" + text)
				require.True(t, strings.HasSuffix(text, "\r\n"))
				lines := strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n")
				require.GreaterOrEqual(t, len(lines), 20)
				assert.Regexp(t, summary, lines[len(lines)-1])
				for _, line := range lines[5 : len(lines)-2] {
					assert.Regexp(t, `^(ok      |--      ).`, line)
				}
				for _, i := range append(frame.Modes(), frame.Described) {
					assert.Contains(t, text, fmt.Sprintf("ok      mode %d,", i))
				}
				assert.Contains(t, text, "TLS 1.3")
				assert.Contains(t, text, "WDS_E_REFUSED")
				spelled := strings.ToUpper(hex.EncodeToString(charset.Encode(enc, "é")))
				assert.Contains(t, strings.ReplaceAll(text, " ", ""), "é="+spelled)
			})
		}
	}
}

func TestSeveralAtOnce(t *testing.T) {
	defer goleak.VerifyNone(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { assert.Contains(t, Run(fault.English, charset.UTF8), "All is well") })
	}
	wg.Wait()
}

// played gives the lines of a report with these trials.
func played(lang fault.Language, until time.Time, all ...trial) *report {
	r := &report{lang: lang, until: until}
	r.try(all)
	r.summary(time.Second)
	return r
}

func TestFailuresAreTold(t *testing.T) {
	defer goleak.VerifyNone(t)
	later := time.Now().Add(time.Minute)
	fails := func(err error) trial {
		return trial{said{"a trial", "un essai"}, func(*stage) (string, error) { return "", err }}
	}
	r := played(fault.English, later,
		fails(fault.New(fault.Refused, fault.PhaseConnect, "10.0.0.5:80")),
		fails(fault.Timeout),
		fails(errors.New("two\r\nlines")),
		fails(said{"english", "français"}),
		fails(fault.New(fault.Unsupported, fault.PhaseCall, "")),
		trial{said{"a trial", "un essai"}, func(*stage) (string, error) { panic("a fault") }})
	for i, want := range []string{
		`^FAILED  a trial: -\d+ WDS_E_REFUSED, .*10\.0\.0\.5:80`,
		`^FAILED  a trial: -1 WDS_E_TIMEOUT$`,
		`^FAILED  a trial: two lines$`,
		`^FAILED  a trial: english$`,
		`^--      a trial: not on this system$`,
		`^FAILED  a trial: panic: a fault$`,
		`^ok      nothing is left behind$`,
		`^$`,
		`^5 of 7 FAILED, 1000 ms$`,
	} {
		require.Regexp(t, want, r.lines[i])
	}
	r = played(fault.French, later, fails(said{"english", "français"}))
	assert.Equal(t, "ÉCHEC   un essai : français", r.lines[0])
	assert.Equal(t, "1 sur 2 en ÉCHEC, 1000 ms", r.lines[3])
}

// A machine that stands still for seconds is no failure, and one on which nothing
// arrives is told soon.
func TestCallsHaveTimeUntilOneWaitedInVain(t *testing.T) {
	defer goleak.VerifyNone(t)
	var left []time.Duration
	looks := func(err error) trial {
		return trial{run: func(s *stage) (string, error) {
			left = append(left, s.left())
			return "", err
		}}
	}
	all := []trial{looks(nil), looks(fault.Refused), looks(fault.Timeout), looks(nil)}
	played(fault.English, time.Now().Add(time.Hour), all...)
	assert.Equal(t, []time.Duration{patience, patience, patience, afterwards}, left)
	worst := patience + time.Duration(len(trials())-1)*afterwards
	assert.LessOrEqual(t, worst, longest, "each trial has its turn")
}

// When the time is over, the trials that are left fail at once.
func TestItEnds(t *testing.T) {
	defer goleak.VerifyNone(t)
	begun := time.Now()
	r := played(fault.English, begun, trials()...)
	assert.Less(t, time.Since(begun), 5*time.Second)
	assert.Equal(t, r.tried-1, r.failed, "but for what is left behind")
}

func TestTheLongestReportFits(t *testing.T) {
	for _, lang := range []fault.Language{fault.English, fault.French} {
		r := &report{lang: lang, enc: charset.UTF16}
		r.facts()
		for _, trial := range trials() {
			r.verdict(trial.title, "", errors.New(strings.Repeat("é", 10000)))
		}
		r.summary(time.Second)
		text := r.text()
		assert.Regexp(t, regexp.MustCompile(`\d+ ms\r\n$`), text, "nothing is cut")
		for _, enc := range []charset.Encoding{charset.UTF8, charset.ANSI, charset.UTF16} {
			assert.LessOrEqual(t, len(charset.Encode(enc, text))+2, Room)
		}
		r.line("%s", strings.Repeat("é", Room))
		assert.LessOrEqual(t, len(charset.Encode(charset.UTF16, r.text()))+2, Room)
	}
}

// What the module for WINDEV reads a report into.
func TestTheModuleOfWINDEVHasRoomForAnyReport(t *testing.T) {
	module, err := os.ReadFile("../../hosts/windev/wdsocket.wl")
	require.NoError(t, err)
	found := regexp.MustCompile(`WDS_REPORT_ROOM = (\d+)`).FindStringSubmatch(string(module))
	require.NotNil(t, found)
	room, err := strconv.Atoi(found[1])
	require.NoError(t, err)
	assert.GreaterOrEqual(t, room, Room)
}
