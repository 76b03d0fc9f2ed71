package charset

import (
	"strconv"
	"sync"

	"golang.org/x/sys/windows"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// ansi is the ANSI code page of this system. The conversion itself is the same
// code as on other systems, because it has to tell what it cannot convert.
var ansi = sync.OnceValue(func() encoding.Encoding { return codePage(windows.GetACP()) })

// codePage finds a code page by its number. Windows has as ANSI code pages
// only 874, 932, 936, 949, 950, 1250 to 1258 and 65001, which are all known.
func codePage(number uint32) encoding.Encoding {
	if c, err := Lookup("cp" + strconv.FormatUint(uint64(number), 10)); err == nil {
		return c.coder
	}
	return charmap.Windows1252
}
