package logfile

import (
	"wdsocket/core/fault"
	"wdsocket/core/safefile"
)

// fileError tells why a log file could not be opened.
func fileError(path string, err error) error {
	return safefile.Explain(fault.New(safefile.Code(err), fault.PhaseOption, path), err)
}
