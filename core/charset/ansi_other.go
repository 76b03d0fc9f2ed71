//go:build !windows

package charset

import (
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// ansi is the code page that stands in for the one of Windows.
var ansi = func() encoding.Encoding { return charmap.Windows1252 }
