package charset

import "wdsocket/core/fault"

// Windows numbers languages: the low ten bits say which, the others where it is spoken.
const (
	primaryLanguage = 0x3FF
	french          = 0x0C
)

// languageOf is the language of error texts for a language of Windows: French in France, Belgium,
// Canada and wherever else it is spoken, otherwise English.
func languageOf(number uint16) fault.Language {
	if number&primaryLanguage == french {
		return fault.French
	}
	return fault.English
}
