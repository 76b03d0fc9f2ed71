package tlslayer

import (
	"os"
	"sync"

	"wdsocket/core/safefile"
)

// keyLogFile is a file that keys are appended to. It is opened for each line:
// it serves debugging, and no descriptor has to be kept for it.
type keyLogFile string

// keyLogMu keeps the lines of concurrent handshakes apart.
var keyLogMu sync.Mutex

func (f keyLogFile) open() (*os.File, error) {
	return safefile.OpenAppend(string(f))
}

// try tells whether the file can be written.
func (f keyLogFile) try() error {
	file, err := f.open()
	if err != nil {
		return err
	}
	return file.Close()
}

// Write appends a line. A file that cannot be written any more does not stop
// the connection.
func (f keyLogFile) Write(line []byte) (int, error) {
	keyLogMu.Lock()
	defer keyLogMu.Unlock()
	file, err := f.open()
	if err != nil {
		return len(line), nil
	}
	defer file.Close()
	file.Write(line)
	return len(line), nil
}
