package description

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

func TestCanonicalForm(t *testing.T) {
	for text, want := range map[string]string{
		"data":                                       "data",
		" \tDATA\r\n":                                "data",
		"s=02 d=data e=03 xor(d..e)":                 "s=02 d=data e=03 xor(d..e)",
		"hdr:1 len:varint data ; keep":               "hdr:1 len:varint data ; keep",
		"len:u24le=d hdr:1 d=data":                   "len:u24le=d hdr:1 d=data",
		"len:u16 data":                               "len:u16be data",
		"len:U16LE-4 data;max=100 keep":              "len:u16le-4 data ; keep max=100",
		"d=data (0d0a|0A|0D)":                        "d=data (0D0A|0A|0D)",
		`len:dec~":"=data data ","`:                  `len:dec~":"=data data ","`,
		"len:dec~0D0A data":                          "len:dec~0D0A data",
		"len:u16&fff0>>4=data+1 data":                "len:u16be&FFF0>>4=data+1 data",
		`24 data 2a xor/hex(data) 0D0A`:              `"$" data "*" xor/hex(data) 0D0A`,
		`02"AB"03"abc" data 03`:                      `0241` + `4203"abc" data 03`,
		"1002 data~~10 1003":                         "1002 data~~10 1003",
		`data~'22 0A`:                                "data~'22 0A",
		`data~"\" 0A`:                                `data~5C 0A`,
		"data:8 CRC-16/MODBUS/le/hex(data)":          "data:8 crc-16/modbus/hex/le(data)",
		"data 03 crc(16,8005,FFFF,1,1,0)/wire(data)": "data 03 crc(16,8005,ffff,1,1,0000)/wire(data)",
		`":" data LRC/pairs/hex(data) 0D0A`:          `":" data lrc/hex/pairs(data) 0D0A`,
		"data crc-16/modbus(data) ; gap=5":           "data crc-16/modbus(data) ; gap=5",
		"02 data 03 xor(data);control=05 ignore=(00|0A) restart noise bad=nak": "02 data 03 xor(data) ; restart noise ignore=(00|0A) control=05 bad=nak",
		"data 0D >> data 0A;max=5": "data 0D >> data 0A ; max=5",
		"data 0D0A>>data":          "data 0D0A >> data",
		"68 a=len:u8=data b=len:u8=data 68 data sum(data) 16": "\"h\" a=len:u8=data b=len:u8=data \"h\" data sum(data) 16",
		"len:hex4=data data len=0D":                           "len:hex4=data data len=0D",
	} {
		d, err := Parse(text)
		if assert.NoError(t, err, text) {
			assert.Equal(t, want, d.String(), text)
			again, err := Parse(want)
			require.NoError(t, err)
			assert.Equal(t, d, again, text)
		}
	}
}

// An error names the column and what may stand there.
func TestErrorsPointAtThePlace(t *testing.T) {
	many := strings.Repeat("hdr:1 ", MaxParts)
	for _, c := range []struct{ text, want string }{
		{`data"x"`, `column 5: "\"x\"" cannot stand here, allowed are " "`},
		{"", `column 1: it ends here, allowed are 02, "text"`},
		{"02 dta 03", `column 4: "dta" cannot stand here`},
		{"02 data 3", `column 9: "3" has an odd number`},
		{"02 data 03 xor(d..e)", `column 16: no part is called "d", there are data`},
		{"02 d=data 03 xor(x)", `there are d, data`},
		{`02 data "ab`, `column 9: the text that begins with "\"ab"`},
		{`02 data ""`, `column 9: a literal has at least one byte`},
		{"02 data (03|03)", `column 13: 03 stands here for the second time`},
		{"02 data (03", `column 12: it ends here, allowed are |, )`},
		{"len:u12 data", `column 5: "u12" cannot stand here, allowed are u8, u16be`},
		{"len:u8le data", `column 5: "u8le" cannot`},
		{"len:bcd3 data", `column 5: "bcd3" is not in the range bcd2..bcd18`},
		{"len:dec19 data", `is not in the range dec1..dec18`},
		{"len: data", `column 5: " " cannot stand here, allowed are u8`},
		{"len:dec~30 data", `column 9: "30" cannot stand here`},
		{"len:u16&0 data", `column 9: "0" cannot stand here, allowed are 0FFF`},
		{"len:u16&F0F0 data", `column 1: "len:u16be&F0F0" takes no value`},
		{"len:u8>>8 data", `takes no value`},
		{"len:u8+70000 data", `column 8: 70000 is not in the range 1..65536`},
		{"hdr:0 data 03", `column 5: 0 is not in the range 1..1024`},
		{"02 03", `column 6: the part data is missing`},
		{"data 03 data", `column 9: "data" is a second data part`},
		{"02 data", `column 4: nothing tells where "data" ends`},
		{"02 data xor(data) 03", `column 9: "xor(data)" stands between the data and the end marker`},
		{"data len:u8", `column 6: the length "len:u8" stands behind`},
		{"len:u8 data:4", `column 8: "data:4" has a fixed length`},
		{"a=hdr:2 len:u8=a data", `column 9: the length "len:u8=a" counts parts without the data`},
		{"l=len:varint=l..data data", `counts a part whose own size varies`},
		{"len:u8 data (0D|0D0A)", `counts a part whose own size varies`},
		{"a=xor(a..data) data 03", `column 1: "a=xor(a..data)" is computed over itself`},
		{"e=data a=02 xor(a..e)", `column 17: a..e ends before it begins`},
		{"a=02 a=data 03", `column 6: "a" stands here for the second time`},
		{"data=02 data 03", `column 1: "data" is the name that the data part has anyway`},
		{"1a=02 data 03", `column 1: "1a=02" cannot stand here, allowed are a=`},
		{"len:u8 data~10", `column 8: "data~10" has an escape, and no end marker`},
		{"02 data~10 10", `column 4: the escape byte of "data~10" cannot be told from the end marker 10`},
		{"02 data~~10 03", `column 4: with "data~~10" the end marker begins with the doubled byte`},
		{"02 data~'22 2203", `cannot be told from the end marker`},
		{"02 data~1002 10", `column 9: 1002 has 2 bytes, here one is allowed`},
		{"data 03 ; restart", `column 11: restart needs a start marker`},
		{"02 data 02 ; restart", `column 14: restart needs an end marker, and a start marker`},
		{"data 03 ; noise", `noise needs a start marker`},
		{"len:u8 data ; gap=5", `column 15: gap= ends data by silence`},
		{"data ; keep", `column 8: keep is about messages`},
		{"data 03 ; bad=keep", `column 11: bad= needs check bytes`},
		{"data 03 ; bad=no", `column 15: "no" cannot stand here, allowed are skip, nak, keep`},
		{"02 data 03 ; ignore=(00|02)", `column 14: ignore= has bytes that also begin a message`},
		{"02 data 03 ; control=(05|06) ignore=06", `control= has bytes`},
		{"02 data 03 ; control=(05|0606)", `column 22: 0606 has 2 bytes`},
		{"data:9 ; max=8", `column 1: 9 is longer than max= allows (8)`},
		{"data 03 ; max=0", `column 15: 0 is not in the range 1..2147483647`},
		{"data 03 ; max=8 max=9", `column 17: "max=9" stands here for the second time`},
		{"data 03 ; fast", `column 11: "fast" cannot stand here, allowed are keep, restart`},
		{"data 03 ;", `column 10: it ends here, allowed are keep`},
		{"data 03 >>", `column 11: it ends here, allowed are 02`},
		{"data 03 >> data ; gap=5", `column 19: "gap=5" says how to read`},
		{"data 03 >> data 0A >> data", `column 20: ">>" cannot stand here`},
		{"data 03>data", `column 8: ">data" cannot stand here`},
		{"data 03 crc(16,8005)x(data)", `column 21: "x(data)" cannot stand here, allowed are (data)`},
		{"02 data 03 crc-16/modbos(data)", `column 12: no check is called "crc-16/modbos"; some names are xor`},
		{"02 data 03 cheksum(data)", `some names are xor, sum, lrc, crc-16/modbus`},
		{"data 03 xor()", `column 13: ")" cannot stand here, allowed are data, a..b`},
		{"é=02 data 03", `column 1: "é=02" cannot stand here`},
		{`"é" dta`, `column 5: "dta" cannot stand here`},
		{many + "data", `column 145: "data" is one too many, at most 24`},
		{"averyveryverylonglabel=02 data 03", `column 1: "glabel" is one too many`},
		{"(" + strings.Repeat("02|", 1) + strings.Repeat("03", 256) + ") data 03", `column 5: 256 is not in the range 1..255`},
		{strings.Repeat(" ", MaxText) + "data", `column 1025: "data" is one too many, at most 1024`},
	} {
		_, err := Parse(c.text)
		var e *fault.Error
		if assert.ErrorAs(t, err, &e, c.text) {
			assert.Equal(t, fault.Argument, e.Code)
			assert.Equal(t, "WDS_TEXT_FRAME", e.Who)
			assert.Contains(t, e.Error(), c.want, c.text)
			french := strings.Replace(strings.SplitN(c.want, ":", 2)[0], "column", "colonne", 1)
			if strings.HasPrefix(c.want, "column") {
				assert.Contains(t, e.Text(fault.French), french+" :", c.text)
			}
		}
	}
}
