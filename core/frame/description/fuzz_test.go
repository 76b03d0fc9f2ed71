package description

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

// FuzzParse: what can be read is printed so that it is read again as the same, in the
// same words; an error names the option, and is one line of text.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"", "data", "s=02 d=data e=03 xor(d..e)", "hdr:1 len:varint data ; keep",
		"len:u24le hdr:1 data", "d=data (0D0A|0A|0D)", `len:dec~":"=d+1 d=data ","`,
		"len:u16&0FFF>>2-1 data ; max=9", "1002 data~~10 1003 crc(16,8005,FFFF,1,1,0)/hex/le/wire(data)",
		"02 data 03 ; restart noise ignore=(00|0A) control=05 gap=5", "data~'22 0A >> data 0D0A;keep",
		"\"é\" data \xff", "data 0D \x00 >>", "(((((", "a=a=a=", "len:u8>>>>", "crc(,)(data)", "xor(data..data)/hex",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Parse(text)
		if err != nil {
			var e *fault.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, "WDS_TEXT_FRAME", e.Who)
			for _, lang := range []fault.Language{fault.English, fault.French} {
				require.True(t, utf8.ValidString(e.Text(lang)))
				require.NotContains(t, e.Text(lang), "\n")
			}
			return
		}
		require.LessOrEqual(t, len(d.Read.Parts), MaxParts)
		canonical := d.String()
		require.LessOrEqual(t, len(canonical), MaxText)
		again, err := Parse(canonical)
		require.NoError(t, err, canonical)
		require.Equal(t, d, again, canonical)
		require.Equal(t, canonical, again.String())
		require.Equal(t, d.Read.Data(), again.Read.Data())
	})
}
