package inject

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wdsocket/core/fault"
)

func TestParse(t *testing.T) {
	none := Direction{Cut: -1, Stall: -1}
	with := func(change func(*Direction)) Direction {
		d := none
		change(&d)
		return d
	}
	tests := []struct {
		text string
		want *Faults
	}{
		{"", nil},
		{"  \t", nil},
		{"seed=42", &Faults{Send: none, Receive: none, Seed: 42}},
		{"at=top", &Faults{Send: none, Receive: none, Top: true}},
		{"at=bottom seed=18446744073709551615", &Faults{Send: none, Receive: none, Seed: 1<<64 - 1}},
		{"delay=20..50", &Faults{
			Send:    with(func(d *Direction) { d.DelayMin, d.DelayMax = 20*time.Millisecond, 50*time.Millisecond }),
			Receive: with(func(d *Direction) { d.DelayMin, d.DelayMax = 20*time.Millisecond, 50*time.Millisecond }),
		}},
		{"send:partial=1..7 receive:partial=3", &Faults{
			Send:    with(func(d *Direction) { d.PartialMin, d.PartialMax = 1, 7 }),
			Receive: with(func(d *Direction) { d.PartialMin, d.PartialMax = 3, 3 }),
		}},
		{"receive:corrupt=0.001 cut=5000 send:stall=1000/2000", &Faults{
			Send:    with(func(d *Direction) { d.Cut, d.Stall, d.StallFor = 5000, 1000, 2*time.Second }),
			Receive: with(func(d *Direction) { d.Cut, d.Corrupt = 5000, 0.001 }),
		}},
		{"receive:stall=0 receive:cut=0 send:corrupt=1", &Faults{
			Send:    with(func(d *Direction) { d.Corrupt = 1 }),
			Receive: with(func(d *Direction) { d.Cut, d.Stall = 0, 0 }),
		}},
	}
	for _, tt := range tests {
		got, err := Parse(tt.text)
		require.NoError(t, err, tt.text)
		assert.Equal(t, tt.want, got, tt.text)
		again, err := Parse(got.String())
		require.NoError(t, err, got.String())
		assert.Equal(t, got, again, got.String())
	}
}

func TestWordsThatAreWrong(t *testing.T) {
	for _, word := range []string{
		"delay", "delay=", "delay=x", "delay=5..", "delay=..5", "delay=9..5", "delay=-1", "delay=600001", "delay=1.5", "Delay=5", "delay=+5",
		"partial=0", "partial=0..5", "partial=2147483648", "partial=5..4",
		"corrupt=2", "corrupt=-0.1", "corrupt=NaN", "corrupt=", "corrupt=0,5",
		"cut=-1", "cut=9223372036854775808", "cut=5/5", "stall=5/0", "stall=5/", "stall=/5", "stall=5/3600001",
		"seed=-1", "seed=18446744073709551616", "seed=0x10", "send:seed=1", "receive:at=top", "at=middle", "at=",
		"send:", "send:delay", "both:delay=5", "=", "=5", "receive:send:delay=5", "\x00", "é=1", strings.Repeat("long", 100),
	} {
		_, err := Parse("seed=1 " + word)
		if strings.HasPrefix(word, "seed") {
			_, err = Parse(word)
		}
		require.ErrorIs(t, err, fault.Argument, word)
		var e *fault.Error
		require.ErrorAs(t, err, &e)
		assert.Contains(t, e.Text(fault.English), strings.ReplaceAll(word, "\x00", `\x00`)[:min(len(word), 60)])
		assert.NotEqual(t, e.Text(fault.English), e.Text(fault.French))
		name, _, found := strings.Cut(word, "=")
		if forms[name] != "" && found {
			assert.Contains(t, e.Text(fault.English), forms[name], word)
		}
	}
	for _, twice := range []string{"delay=5 delay=6", "delay=5 send:delay=6", "send:cut=1 cut=2", "seed=1 seed=1", "at=top at=top"} {
		_, err := Parse(twice)
		require.ErrorIs(t, err, fault.Argument, twice)
		assert.Contains(t, err.Error(), strings.Fields(twice)[1])
		assert.Contains(t, err.Error(), "second time")
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"", "delay=20..50 partial=1..7 corrupt=0.001 cut=5000 stall=1000/2000 seed=42 at=top", "send:delay=1 receive:delay=2", "corrupt=1e-300", "=", "stall=1/"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Parse(text)
		if err != nil {
			require.ErrorIs(t, err, fault.Argument)
			return
		}
		again, err := Parse(got.String())
		require.NoError(t, err, "%q became %q", text, got.String())
		if got != nil {
			require.Equal(t, got.String(), again.String())
		}
	})
}
