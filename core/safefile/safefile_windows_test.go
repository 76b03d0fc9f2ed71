package safefile

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestDevicesByName(t *testing.T) {
	for _, path := range []string{`\\.\pipe\x`, `//./pipe/x`, `\\?\pipe\x`, `\\.\COM1`, "CON", "nul", `C:\temp\NUL`, "CONIN$", "COM1", `C:\temp\lpt1`, "log:stream"} {
		assert.True(t, device(path), path)
		_, err := Read(path)
		requireNote(t, noteNotRegular, err)
		_, err = OpenAppend(path)
		requireNote(t, noteNotRegular, err)
	}
	for _, path := range []string{`C:\temp\file.pem`, "file.pem", `..\x`, "..", ".", `\`, `\\server\share\x`, `\\?\C:\temp\x`, `\\?\UNC\server\share\x`, "console.log"} {
		assert.False(t, device(path), path)
	}
}
