package task_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"wdsocket/core/fault"
	"wdsocket/core/task"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 20 * time.Second

func goesWrong() { panic("it goes wrong") }

// Each way to start something: its panic is reported and harms nobody.
func TestAPanicIsReported(t *testing.T) {
	type object struct{ _ *int }
	for name, start := range map[string]func(task.Report){
		"goroutine": func(r task.Report) { task.Go("the test", r, goesWrong) },
		"timer":     func(r task.Report) { task.AfterFunc("the test", r, time.Millisecond, goesWrong) },
		"context": func(r task.Report) {
			ctx, cancel := context.WithCancel(context.Background())
			task.AfterDone("the test", r, ctx, goesWrong)
			cancel()
		},
		"finalizer": func(r task.Report) {
			task.SetFinalizer("the test", r, new(object), func(*object) { goesWrong() })
		},
		"cleanup": func(r task.Report) {
			task.AddCleanup("the test", r, new(object), func(int) { goesWrong() }, 1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			reported := make(chan *fault.Error, 1)
			start(func(err *fault.Error) { reported <- err })
			end := time.After(patience)
			for {
				runtime.GC()
				select {
				case err := <-reported:
					require.Equal(t, fault.Internal, err.Code)
					assert.Equal(t, "the test", err.Who)
					assert.Contains(t, err.Error(), "it goes wrong")
					assert.Contains(t, task.StackOf(err), "goesWrong")
					return
				case <-end:
					require.Fail(t, "nothing was reported")
				case <-time.After(time.Millisecond):
				}
			}
		})
	}
}

func TestAReportThatPanicsHarmsNobody(t *testing.T) {
	asked := make(chan struct{})
	task.Go("the test", func(*fault.Error) { close(asked); goesWrong() }, goesWrong)
	<-asked
	over := make(chan struct{})
	task.Go("the test", nil, func() { defer close(over); goesWrong() })
	<-over
}

func TestCatch(t *testing.T) {
	assert.Nil(t, task.Catch("the test", func() {}))
	err := task.Catch("the test", func() { panic(errors.New("wrong")) })
	require.NotNil(t, err)
	var p *task.Panic
	require.ErrorAs(t, err, &p)
	assert.Equal(t, "wrong", p.Error())
	assert.NotEmpty(t, task.StackOf(fmt.Errorf("beside: %w", err)))
	assert.Empty(t, task.StackOf(errors.New("another")))
	assert.Empty(t, task.StackOf(nil))
}
