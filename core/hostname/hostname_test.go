package hostname

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNamesInTheirFormOfTheDNS(t *testing.T) {
	for name, want := range map[string]string{
		"müller.test":         "xn--mller-kva.test",
		"MÜLLER.test.":        "xn--mller-kva.test.",
		"straße.example":      "xn--strae-oqa.example",
		"例え.テスト":              "xn--r8jz45g.xn--zckzah",
		"my_host":             "my_host",
		"Plain.Example":       "Plain.Example",
		"plain.example.":      "plain.example.",
		"":                    "",
		"xn--mller-kva.test.": "xn--mller-kva.test.",
	} {
		got, err := ASCII(name)
		require.NoError(t, err, name)
		assert.Equal(t, want, got)
	}
	_, err := ASCII("ü\u0300\x01.test")
	assert.Error(t, err)
	got, err := InCertificate("müller.test.")
	require.NoError(t, err)
	assert.Equal(t, "xn--mller-kva.test", got)
}

func TestFourNumbersAreNoName(t *testing.T) {
	for text, want := range map[string]string{
		"192.168.001.010": "192.168.1.10",
		"1.2.3.4":         "1.2.3.4",
		"1.2.3.400":       "1.2.3.400",
		"000.0.0.0":       "0.0.0.0",
	} {
		got, is := Dotted(text)
		assert.True(t, is)
		assert.Equal(t, want, got)
	}
	for _, text := range []string{"", "1.2.3", "1.2.3.4.5", "1.2.3.x", "1..3.4", "a.example"} {
		_, is := Dotted(text)
		assert.False(t, is, text)
	}
}
