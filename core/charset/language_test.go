package charset

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"wdsocket/core/fault"
)

func TestFrenchIsFrenchWhereverItIsSpoken(t *testing.T) {
	for number, want := range map[uint16]fault.Language{
		0x040C: fault.French, // France
		0x080C: fault.French, // Belgium
		0x0C0C: fault.French, // Canada
		0x100C: fault.French, // Switzerland
		0x0409: fault.English,
		0x0407: fault.English, // German: there are no German texts
		0x0C09: fault.English, // Australia, whose high bits are those of Canada above
		0:      fault.English,
	} {
		assert.Equal(t, want, languageOf(number), "%04X", number)
	}
}
