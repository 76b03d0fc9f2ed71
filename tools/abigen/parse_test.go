package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// realHeader is the header of the repository, and the root it lies under.
func realHeader(t *testing.T) (*Header, string) {
	t.Helper()
	root, err := findRoot()
	require.NoError(t, err)
	h, err := LoadHeader(root)
	require.NoError(t, err)
	return h, root
}

func function(t *testing.T, h *Header, name string) Function {
	t.Helper()
	for _, f := range h.Functions() {
		if f.Name == name {
			return f
		}
	}
	require.Fail(t, "no function "+name)
	return Function{}
}

func TestHeaderIsUnderstood(t *testing.T) {
	h, _ := realHeader(t)
	assert.GreaterOrEqual(t, len(h.Functions()), 40)
	assert.Equal(t, "0.2.0", h.Version())

	read := function(t, h, "WDSocketReadUDP")
	assert.Equal(t, "int32_t WDSocketReadUDP(int32_t socket, void *buffer, int32_t capacity, int32_t timeout_ms, "+
		"char *address, int32_t address_capacity, int32_t *port)", read.Signature())
	assert.Equal(t, 28, read.StackBytes())

	c, ok := h.Constant("WDS_E_PORT_UNREACHABLE")
	require.True(t, ok)
	assert.Equal(t, int64(-70), c.Value)
	c, ok = h.Constant("WDS_OPT_READ_GAP")
	require.True(t, ok)
	assert.Contains(t, c.Comment, "Other modes: once a message has begun", "a comment of two lines")
}

func TestTheRecordOfAnEventIsUnderstood(t *testing.T) {
	h, _ := realHeader(t)
	record := h.Record()
	assert.Equal(t, 32, record.Bytes())
	assert.Equal(t, Field{"kind", "one of WDS_EVENT_"}, record.Fields[1])
	assert.Contains(t, abiList(h), "\nstruct wds_event socket@0 kind@4 value@8 code@12 user@16 sequence@20 queue@24 detail@28 size 32\n")
}

func TestNothingOfTheHeaderIsOverlooked(t *testing.T) {
	h, root := realHeader(t)
	text := readText(t, root, "include/wdsocket.h")
	assert.Len(t, h.Functions(), strings.Count(text, "\nWDSOCKET_API int32_t"))
	defines := regexp.MustCompile(`(?m)^#define (WDS_\w+|WDSOCKET_VERSION) `).FindAllString(text, -1)
	assert.Len(t, h.Constants(), len(defines))
	assert.Len(t, h.Structs, strings.Count(text, "typedef struct"))
}

func TestParserRefusesWhatItDoesNotKnow(t *testing.T) {
	for name, text := range map[string]string{
		"hexadecimal constant":     "#define WDS_X 0x10",
		"constant as text":         "#define WDS_X \"1\"",
		"64 bits by value":         "WDSOCKET_API int32_t WDSOCKET_CALL WDSocketX(int64_t size);",
		"size_t":                   "WDSOCKET_API int32_t WDSOCKET_CALL WDSocketX(size_t size);",
		"a double":                 "WDSOCKET_API int32_t WDSOCKET_CALL WDSocketX(double d);",
		"parameter without a name": "WDSOCKET_API int32_t WDSOCKET_CALL WDSocketX(int32_t);",
		"no parameter list":        "WDSOCKET_API int32_t WDSOCKET_CALL WDSocketX();",
		"other result":             "WDSOCKET_API void WDSOCKET_CALL WDSocketX(void);",
		"convention left out":      "WDSOCKET_API int32_t WDSocketX(void);",
		"linkage left out":         "int32_t WDSOCKET_CALL WDSocketX(void);",
		"prototype without end":    "WDSOCKET_API int32_t WDSOCKET_CALL WDSocketX(void)",
		"comment without end":      "/* one\n * two",
		"text behind a comment":    "/* one */ int x;",
		"record of another type":   "typedef struct wds_x {\n    int64_t size;\n} wds_x;",
		"record without fields":    "typedef struct wds_x {\n} wds_x;",
		"record of two names":      "typedef struct wds_x {\n    int32_t a;\n} wds_y;",
		"record without a name":    "typedef struct {\n    int32_t a;\n} wds_x;",
		"record without end":       "typedef struct wds_x {\n    int32_t a;",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseHeader(text)
			assert.Error(t, err)
		})
	}
}

func TestParserReadsSectionsAndGroups(t *testing.T) {
	h, err := ParseHeader(strings.Join([]string{
		"/* ------------------------------",
		" * Things",
		" *",
		" * A remark.",
		" * ------------------------------ */",
		"",
		"/* first */",
		"#define WDS_A 1 /* one */",
		"#define WDS_B (-2)",
		"",
		"#define WDS_C 3",
		"",
		"/*",
		" * WDSocketX does it.",
		" */",
		"WDSOCKET_API int32_t WDSOCKET_CALL WDSocketX(int32_t a,",
		"    const void *b);",
	}, "\r\n"))
	require.NoError(t, err)
	require.Len(t, h.Sections, 2)
	s := h.Sections[1]
	assert.Equal(t, "Things", s.Title)
	assert.Equal(t, []string{"A remark."}, s.Text)
	assert.Equal(t, []Group{
		{Title: "first", Constants: []Constant{{"WDS_A", 1, "one"}, {"WDS_B", -2, ""}}},
		{Constants: []Constant{{"WDS_C", 3, ""}}},
	}, s.Groups)
	require.Len(t, s.Functions, 1)
	assert.Equal(t, []string{"WDSocketX does it."}, s.Functions[0].Comment)
	assert.Equal(t, []Param{{"int32_t", "a"}, {"const void *", "b"}}, s.Functions[0].Params)
}

func TestCommentIsTakenApart(t *testing.T) {
	d, err := ParseDoc(Function{
		Name:   "WDSocketX",
		Params: []Param{{"int32_t", "a"}, {"int32_t", "b"}, {"char *", "c"}},
		Comment: []string{
			"WDSocketX does",
			"it.",
			"",
			"a, b      two",
			"          numbers",
			"c  text",
			"More.",
			"",
			"Still more.",
			"",
			"Results:",
			"  >= 0                 fine",
			"  WDS_E_A, WDS_E_B,",
			"  WDS_E_C              not",
			"                       fine",
			"  as WDSocketY",
			"  WDS_E_D,",
			"  WDS_E_E",
			"A remark.",
			"Threads: any, one",
			"at a time.",
			"Since: 1.2.3",
		},
	})
	require.NoError(t, err)
	assert.Equal(t, &Doc{
		Summary: "WDSocketX does it.",
		Params:  map[string]string{"a": "two numbers", "b": "two numbers", "c": "text"},
		Body:    []string{"More.", "Still more."},
		Results: []ResultRow{
			{">= 0", "fine"}, {"WDS_E_A, WDS_E_B, WDS_E_C", "not fine"}, {"as WDSocketY", ""}, {"WDS_E_D, WDS_E_E", ""},
		},
		After:   "A remark.",
		Threads: "any, one at a time.",
		Since:   "1.2.3",
	}, d)
}

func TestCommentThatLacksSomethingIsRefused(t *testing.T) {
	whole := []string{"WDSocketX does it.", "Results:", "  WDS_OK", "Threads: any.", "Since: 0.1.0"}
	for i, line := range whole {
		t.Run(line, func(t *testing.T) {
			var less []string
			less = append(less, whole[:i]...)
			less = append(less, whole[i+1:]...)
			_, err := ParseDoc(Function{Name: "WDSocketX", Comment: less})
			assert.Error(t, err)
		})
	}
	_, err := ParseDoc(Function{Name: "WDSocketX", Comment: whole})
	assert.NoError(t, err)
}
