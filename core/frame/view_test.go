package frame

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
	"wdsocket/core/frame/description"
)

func TestViews(t *testing.T) {
	for _, c := range []struct {
		want   string
		change func(*Params)
	}{
		{"len:dec~0D0A data", func(*Params) {}},
		{"data 1A", func(p *Params) { p.Mode = EndTag }},
		{"data 0D0A >> data", func(p *Params) { p.Mode, p.Tag, p.TagAsIs = EndTagBuffer, []byte("\r\n"), true }},
		{"data", func(p *Params) { p.Mode = Raw }},
		{"data:8", func(p *Params) { p.Mode, p.Length = Fixed, 8 }},
		{"data ; gap=50", func(p *Params) { p.Mode = Gap }},
		{"len:u16be data", func(p *Params) { p.Mode = Length }},
		{"len:u8+3 data", func(p *Params) { p.Mode, p.Width, p.LittleEndian, p.Adjustment = Length, 1, true, 3 }},
		{`"ab" hdr:2 len:u32le-4 data`, func(p *Params) {
			p.Mode, p.Width, p.LittleEndian, p.Adjustment, p.Offset, p.Header = Length, 4, true, -4, 4, []byte("ab")
		}},
		{"hdr:4 len:u16be data ; keep", func(p *Params) { p.Mode, p.Offset, p.KeepHeader, p.Header = Length, 4, true, []byte{1} }},
		{"02 data 03", func(p *Params) { p.Mode = Markers }},
		{"data~10 03", func(p *Params) { p.Mode, p.Start, p.Escape = Markers, nil, []byte{0x10} }},
		{"02 data 03 ; restart", func(p *Params) { p.Mode, p.Restart = Markers, true }},
		{"s=02 d=data e=03 crc-16/modbus(s..e)", func(p *Params) { p.Mode, p.Check, p.CheckSpan = Markers, CheckCRC16, 3 }},
		{"s=02 d=data e=03 lrc(d)", func(p *Params) { p.Mode, p.Check, p.CheckSpan = Markers, CheckLRC, 0 }},
		{"d=data e=03 sum(d..e)", func(p *Params) { p.Mode, p.Check, p.CheckSpan, p.Start = Markers, CheckSum, 3, nil }},
		{"", func(p *Params) { p.Records = true }},
	} {
		p := Defaults()
		c.change(&p)
		assert.Equal(t, c.want, View(p))
	}
}

// The presets of WDS_TEXT_FRAME_PRESET are the descriptions that have their names.
func TestViewsOfPresets(t *testing.T) {
	for _, name := range Presets() {
		p, _ := Preset(Defaults(), name)
		named, is := description.Find(name)
		if !assert.True(t, is, name) {
			continue
		}
		d, err := description.Parse(named.Text)
		require.NoError(t, err)
		view := View(p)
		if p.Check != CheckNone { // labels are of no matter
			d.Read.Parts[0].Label = "s"
		}
		assert.Equal(t, view, d.String(), name)
	}
}

// Every mode that is valid has a description that can be read.
func TestEveryViewCanBeRead(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	seen := map[Mode]int{}
	for range 20000 {
		p := randomParams(r)
		if r.IntN(4) == 0 {
			p.Mode = Modes()[r.IntN(len(Modes()))]
		}
		p.TagAsIs = r.IntN(2) == 0
		if p.Validate() != nil || p.Mode > Gap {
			continue
		}
		view := View(p)
		d, err := description.Parse(view)
		if !assert.NoError(t, err, "%s: %+v", view, p) {
			return
		}
		assert.Equal(t, view, d.String())
		seen[p.Mode]++
	}
	for mode := EndTag; mode <= Gap; mode++ {
		assert.Greater(t, seen[mode], 50, "mode %d", mode)
	}
	// the longest there is
	p := Defaults()
	p.Mode, p.Offset, p.Width, p.Header = Length, 255, 4, make([]byte, 255)
	require.NoError(t, p.Validate())
	_, err := description.Parse(View(p))
	require.NoError(t, err)
	_, err = description.Parse(View(p) + " x")
	require.ErrorIs(t, err, fault.Argument)
}
