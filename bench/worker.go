package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// answerLimit is how long a worker may take for one command. It is far beyond
// any block; a worker that exceeds it hangs.
const answerLimit = 2 * time.Minute

// A worker is a running process that obeys commands, see workers/harness.h.
type worker struct {
	name    string
	command *exec.Cmd
	input   io.WriteCloser
	lines   chan string
	errors  bytes.Buffer
	// port is where it listens, "" if it does not.
	port string
}

// startWorker starts a program of the folder and waits until it is ready. If
// processor is not "" it runs on that one only; environment is added to our own.
func startWorker(folder string, words []string, processor string, environment ...string) (*worker, error) {
	w := &worker{name: words[0], lines: make(chan string)}
	line := append([]string{filepath.Join(folder, words[0])}, words[1:]...)
	if processor != "" {
		// Before the program begins: the library has threads as soon as it is loaded.
		line = append([]string{"taskset", "-c", processor}, line...)
	}
	w.command = exec.Command(line[0], line[1:]...)
	w.command.Stderr = &w.errors
	w.command.Env = append(os.Environ(), environment...)
	input, err := w.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := w.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	w.input = input
	if err := w.command.Start(); err != nil {
		return nil, err
	}
	go w.listen(output)
	ready, err := w.answer("ready")
	if err != nil {
		w.stop()
		return nil, err
	}
	_, w.port, _ = strings.Cut(ready, "port=")
	return w, nil
}

func (w *worker) listen(output io.Reader) {
	defer close(w.lines)
	scanner := bufio.NewScanner(output)
	for scanner.Scan() {
		w.lines <- scanner.Text()
	}
}

// answer waits for a line that begins with a word and gives what follows.
func (w *worker) answer(word string) (string, error) {
	select {
	case line, open := <-w.lines:
		if !open {
			return "", w.ended()
		}
		rest, found := strings.CutPrefix(line, word)
		if !found {
			return "", fmt.Errorf("%s answered %q, not %q", w.name, line, word)
		}
		return strings.TrimSpace(rest), nil
	case <-time.After(answerLimit):
		return "", fmt.Errorf("%s did not answer for %v", w.name, answerLimit)
	}
}

// ended tells why a worker has gone.
func (w *worker) ended() error {
	err := w.command.Wait()
	if text := strings.TrimSpace(w.errors.String()); text != "" {
		return errors.New(text)
	}
	return fmt.Errorf("%s ended: %v", w.name, err)
}

// run has a block of operations done.
func (w *worker) run(operations int) (map[string]float64, error) {
	if _, err := fmt.Fprintf(w.input, "run %d\n", operations); err != nil {
		return nil, w.ended()
	}
	text, err := w.answer("done")
	if err != nil {
		return nil, err
	}
	return parseValues(text)
}

// cpu tells the CPU seconds that the process has used so far.
func (w *worker) cpu() (float64, error) {
	if _, err := fmt.Fprintln(w.input, "cpu"); err != nil {
		return 0, w.ended()
	}
	text, err := w.answer("cpu")
	if err != nil {
		return 0, err
	}
	return strconv.ParseFloat(text, 64)
}

// memory tells how many bytes of the process are resident.
func (w *worker) memory() (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", w.command.Process.Pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0, fmt.Errorf("memory of %s: %q", w.name, text)
	}
	pages, err := strconv.ParseFloat(fields[1], 64)
	return pages * float64(os.Getpagesize()), err
}

// stop ends the process, by force if it does not end by itself.
func (w *worker) stop() {
	_ = w.input.Close()
	killer := time.AfterFunc(5*time.Second, func() { _ = w.command.Process.Kill() })
	for range w.lines {
		// The pipe must be empty before it is waited for.
	}
	_ = w.command.Wait()
	killer.Stop()
}

func parseValues(text string) (map[string]float64, error) {
	values := map[string]float64{}
	for _, field := range strings.Fields(text) {
		key, number, _ := strings.Cut(field, "=")
		value, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return nil, fmt.Errorf("figure %q: %w", field, err)
		}
		values[key] = value
	}
	return values, nil
}
