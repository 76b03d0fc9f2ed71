package charset

import (
	"golang.org/x/sys/windows"

	"wdsocket/core/fault"
)

var getUserDefaultUILanguage = windows.NewLazySystemDLL("kernel32.dll").NewProc("GetUserDefaultUILanguage")

// SystemLanguage is the language of error texts that fits the user interface of Windows: a user who
// reads menus in French reads errors in French, whatever the regional formats are.
func SystemLanguage() fault.Language {
	if getUserDefaultUILanguage.Find() != nil {
		return fault.English
	}
	number, _, _ := getUserDefaultUILanguage.Call()
	return languageOf(uint16(number))
}
