//go:build !windows

package charset

import "wdsocket/core/fault"

// SystemLanguage is English: programs on servers log, and their logs are searched for English texts.
func SystemLanguage() fault.Language { return fault.English }
