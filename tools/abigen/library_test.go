package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// small is a header with two functions.
func small(t *testing.T) *Header {
	t.Helper()
	h, err := ParseHeader("#define WDSOCKET_VERSION 10203\n" +
		"WDSOCKET_API int32_t WDSOCKET_CALL WDSocketOne(void);\n" +
		"WDSOCKET_API int32_t WDSOCKET_CALL WDSocketTwo(int32_t a, const char *b);\n")
	require.NoError(t, err)
	return h
}

// link builds a library from C text.
func link(t *testing.T, compiler, source string, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "small.c")
	require.NoError(t, os.WriteFile(file, []byte(source), 0o644))
	out := filepath.Join(dir, "small.lib")
	args = append([]string{"-shared", "-o", out, file}, args...)
	text, err := exec.Command(compiler, args...).CombinedOutput()
	require.NoError(t, err, string(text))
	return out
}

// resource compiles a version resource.
func resource(t *testing.T, triplet, text string, bits int) string {
	t.Helper()
	dir := t.TempDir()
	file, out := filepath.Join(dir, "small.rc"), filepath.Join(dir, "small.o")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	said, err := exec.Command(triplet+"windres", fmt.Sprintf("-DWDS_BITS=%d", bits), file, out).CombinedOutput()
	require.NoError(t, err, string(said))
	return out
}

func TestCheckLibraryELF(t *testing.T) {
	const both = "int WDSocketOne(void) { return 1; }\nint WDSocketTwo(int a, const char *b) { return a + *b; }\n"
	good := []string{"-fPIC", "-Wl,-soname," + soname, "-Wl,-z,nodelete"}
	for _, c := range []struct {
		name, source string
		args         []string
		want         string
	}{
		{"good", both, good, ""},
		{"one is missing", "int WDSocketOne(void) { return 1; }\n", good, "missing: [WDSocketTwo]"},
		{"one too many", both + "int helper(void) { return 1; }\n", good, "not in the header: [helper]"},
		{"no SONAME", both, []string{"-fPIC", "-Wl,-z,nodelete"}, "SONAME"},
		{"may be unloaded", both, []string{"-fPIC", "-Wl,-soname," + soname}, "NODELETE"},
		{"thread-local array", both + "__thread char big[2000];\nchar *last(void) { return big; }\n",
			append([]string{"-fvisibility=default"}, good...), "thread-local"},
		{"foreign library", both, append([]string{"-Wl,--no-as-needed", "-lm"}, good...), "libm.so"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := CheckLibrary(small(t), link(t, "gcc", c.source, c.args...))
			if c.want == "" {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, c.want)
			}
		})
	}
}

func TestCheckLibraryOfANewerGlibc(t *testing.T) {
	const source = "int future(void);\nint WDSocketOne(void) { return future(); }\nint WDSocketTwo(int a, const char *b) { return a + *b; }\n"
	for version, want := range map[string]string{maxGlibc: "", "2.4": "", "2.34.1": "needs glibc 2.34.1", "2.100": "needs glibc 2.100", "PRIVATE": "needs glibc PRIVATE"} {
		versions := filepath.Join(t.TempDir(), "versions")
		require.NoError(t, os.WriteFile(versions, []byte("GLIBC_"+version+" { future; };\n"), 0o644))
		newer := link(t, "gcc", "int future(void) { return 1; }\n", "-fPIC", "-Wl,-soname,libpthread.so.0", "-Wl,--version-script="+versions)
		err := CheckLibrary(small(t), link(t, "gcc", source, "-fPIC", "-Wl,-soname,"+soname, "-Wl,-z,nodelete", newer))
		if want == "" {
			assert.NoError(t, err, version)
		} else {
			assert.ErrorContains(t, err, want)
		}
	}
}

func TestTextsStateTheGlibcThatIsNeeded(t *testing.T) {
	_, root := realHeader(t)
	for _, name := range []string{"README.md", "docs/package.txt"} {
		// Wherever a line ends.
		text := strings.Join(strings.Fields(readText(t, root, name)), " ")
		assert.Contains(t, text, "glibc "+maxGlibc+" or newer", name)
		assert.Contains(t, text, "bcryptprimitives.dll", name)
	}
}

func TestReadmeAsksCMakeForThisVersion(t *testing.T) {
	h, root := realHeader(t)
	series := h.Version()[:strings.LastIndex(h.Version(), ".")]
	assert.Contains(t, readText(t, root, "README.md"), "find_package(wdsocket "+series+" REQUIRED)")
}

func TestCheckLibraryWindows(t *testing.T) {
	const both = "#ifdef _WIN64\n#define CALL\n#else\n#define CALL __stdcall\n#endif\n" +
		"int CALL WDSocketOne(void) { return 1; }\nint CALL WDSocketTwo(int a, const char *b) { return a + *b; }\n"
	h := small(t)
	for bits, compiler := range map[int]string{32: "i686-w64-mingw32-gcc", 64: "x86_64-w64-mingw32-gcc"} {
		t.Run(compiler, func(t *testing.T) {
			def := filepath.Join(t.TempDir(), "small.def")
			require.NoError(t, os.WriteFile(def, []byte(defFile(h, bits)), 0o644))
			triplet := strings.TrimSuffix(compiler, "gcc")
			right := resource(t, triplet, versionResource(h), bits)
			t.Setenv("SOURCE_DATE_EPOCH", "1790000000")
			assert.NoError(t, CheckLibrary(h, link(t, compiler, both, append(windowsHead(), def, right)...)))

			assert.ErrorContains(t, CheckLibrary(h, link(t, compiler, both, def)), `ProductName is ""`)
			old := resource(t, triplet, strings.ReplaceAll(versionResource(h), h.Version(), "1.2.2"), bits)
			assert.ErrorContains(t, CheckLibrary(h, link(t, compiler, both, def, old)), `FileVersion is "1.2.2", want "1.2.3"`)
			other := resource(t, triplet, versionResource(h), 96-bits)
			assert.ErrorContains(t, CheckLibrary(h, link(t, compiler, both, def, other)), "OriginalFilename")

			plain := link(t, compiler, both+"__declspec(dllexport) int helper(void) { return 1; }\n", right)
			assert.ErrorContains(t, CheckLibrary(h, plain), "helper")
		})
	}
}

// windowsHead are the options of a DLL whose headers are right.
func windowsHead() []string {
	return []string{"-Wl,--insert-timestamp", "-Wl,--major-os-version,10,--minor-os-version,0,--major-subsystem-version,10,--minor-subsystem-version,0"}
}

func TestTheHeadOfADLLSaysWhatIsTrue(t *testing.T) {
	h := small(t)
	const both = "int WDSocketOne(void) { return 1; }\nint WDSocketTwo(int a, const char *b) { return a + *b; }\n"
	for bits, compiler := range map[int]string{32: "i686-w64-mingw32-gcc", 64: "x86_64-w64-mingw32-gcc"} {
		def := filepath.Join(t.TempDir(), "small.def")
		require.NoError(t, os.WriteFile(def, []byte("EXPORTS\n WDSocketOne\n WDSocketTwo\n"), 0o644))
		right := resource(t, strings.TrimSuffix(compiler, "gcc"), versionResource(h), bits)
		for want, wrong := range map[string]string{
			"":                            "-O1",
			"runs on Windows 6.1":         "-Wl,--major-os-version,6,--minor-os-version,1",
			"subsystem 6.0":               "-Wl,--major-subsystem-version,6",
			"time stamp is 1970-01-01":    "-Wl,--no-insert-timestamp",
			"ASLR and DEP":                "-Wl,--disable-dynamicbase",
			"its flags are":               "-Wl,--disable-nxcompat",
			"claims Control Flow Guard":   "guard",
			"its checksum is 0xbad, want": "checksum",
		} {
			t.Run(fmt.Sprintf("%s %d", want, bits), func(t *testing.T) {
				t.Setenv("SOURCE_DATE_EPOCH", "1790000000")
				args := append(windowsHead(), def, right)
				if strings.HasPrefix(wrong, "-") {
					args = append(args, wrong)
				}
				file := link(t, compiler, both, args...)
				patchHead(t, file, wrong)
				if err := CheckLibrary(h, file); want == "" {
					assert.NoError(t, err)
				} else {
					assert.ErrorContains(t, err, want)
				}
			})
		}
	}
}

// patchHead changes what no option of the linker does.
func patchHead(t *testing.T, file, what string) {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	optional := binary.LittleEndian.Uint32(data[0x3c:]) + 24
	switch what {
	case "guard":
		data[optional+71] |= 0x40
	case "checksum":
		binary.LittleEndian.PutUint32(data[optional+64:], 0xbad)
	}
	require.NoError(t, os.WriteFile(file, data, 0o644))
}

func TestListsOfASmallHeader(t *testing.T) {
	h := small(t)
	assert.Contains(t, defFile(h, 32), "\n    WDSocketOne=WDSocketOne@0\n    WDSocketTwo=WDSocketTwo@8\n")
	assert.Contains(t, defFile(h, 64), "\n    WDSocketOne\n    WDSocketTwo\n")
	assert.Contains(t, versionScript(h), "global:\n    WDSocketOne;\n    WDSocketTwo;\nlocal:\n    *;\n")
	assert.Contains(t, abiList(h), "function int32_t WDSocketTwo(int32_t a, const char *b)\nconstant WDSOCKET_VERSION 10203\n")
}

// WLanguage programs ask after each call whether it failed.
func TestTheErrorOfTheThreadIsToldWithoutGo(t *testing.T) {
	h, _ := realHeader(t)
	text := shimFunction(function(t, h, "WDSocketErrorCode"))
	own, after, ok := strings.Cut(text, "result = wdsgo_ErrorCode(")
	require.True(t, ok)
	assert.NotContains(t, own, "wdsgo_")
	assert.Contains(t, own, "if (socket == 0 && (what == WDS_INFO_CODE")
	assert.Contains(t, own, "rec->code : what == WDS_INFO_SYSTEM ? rec->system : rec->phase;")
	assert.NotContains(t, after, "rec->")
}

func TestShimOfASmallHeader(t *testing.T) {
	two := shimFunction(small(t).Functions()[1])
	assert.Equal(t, `WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketTwo(int32_t a, const char *b)
{
    wds_record *rec;
    wds_float host;
    int32_t result;

    if (wds_forked)
        return WDS_E_FORKED;
    rec = wds_thread_record();
    if (rec == NULL)
        return wds_refusal();
    rec->code = 0;
    host = wds_float_enter();
    result = wdsgo_Two(rec, a, (char *)b);
    wds_float_leave(host);
    if (result < 0)
        rec->socket = 0;
    return result;
}
`, two)
}

func TestNoFunctionEntersGoWithTheHostsFloatingPoint(t *testing.T) {
	h, _ := realHeader(t)
	for _, f := range h.Functions() {
		if native[f.Name] {
			continue
		}
		text := shimFunction(f)
		assert.Equal(t, 1, strings.Count(text, "wdsgo_"), f.Name)
		before, after, ok := strings.Cut(text, "result = "+f.GoName()+"(")
		assert.True(t, ok && strings.HasSuffix(before, "host = wds_float_enter();\n    "), f.Name)
		assert.Regexp(t, `\);\n    wds_float_leave\(host\);\n(    if \(result < 0\)\n        rec->socket = \w+;\n)?    return result;\n}\n$`, after, f.Name)
	}
}

// A signal handler may interrupt anything: also a call that holds Go's locks, or the
// making of the thread's record.
func TestWhatASignalHandlerCallsEntersNothing(t *testing.T) {
	h, _ := realHeader(t)
	assert.Equal(t, `WDS_PUBLIC intptr_t WDSOCKET_CALL WDSocketWakeup(int32_t on)
{
    if (wds_forked)
        return WDS_E_FORKED;
    return wds_wakeup(on);
}
`, shimFunction(function(t, h, "WDSocketWakeup")))
}

func TestLicenceIsRecognised(t *testing.T) {
	for text, want := range map[string]string{
		"Apache License\n   Version 2.0, January 2004":                         "Apache-2.0",
		"Mozilla Public License Version 2.0":                                   "MPL-2.0",
		"Permission is hereby\ngranted, free of charge, to any":                "MIT",
		"Redistribution and use in source and binary forms … Neither the name": "BSD-3-Clause",
		"Redistribution and use in source and binary forms":                    "BSD-2-Clause",
		"All rights reserved":                                                  "",
	} {
		assert.Equal(t, want, licenceOf(text), text)
	}
}

// The test program itself is a Go binary.
func TestComponentsOfABinary(t *testing.T) {
	h, root := realHeader(t)
	self, err := os.Executable()
	require.NoError(t, err)
	out := t.TempDir()
	require.NoError(t, WriteComponents(h, root, self, out))

	var list bom
	require.NoError(t, json.Unmarshal([]byte(readText(t, out, "sbom.cdx.json")), &list))
	assert.Equal(t, "CycloneDX", list.Format)
	assert.Equal(t, h.Version(), list.Metadata.Component.Version)
	assert.Len(t, list.Metadata.Component.Hashes[0].Content, 64)
	require.NotEmpty(t, list.Components)
	assert.Len(t, list.Depends[0].DependsOn, len(list.Components))
	assert.Equal(t, 1, strings.Count(readText(t, out, "THIRD-PARTY.txt"), "The Go runtime and standard library"))
}

func TestComponentsNameEveryModule(t *testing.T) {
	_, root := realHeader(t)
	parts, err := linkedParts(root, &debug.BuildInfo{
		GoVersion: "go1.26.0 X:something",
		Deps: []*debug.Module{
			{Path: "golang.org/x/sys", Version: "v0.49.0"},
			{Path: "github.com/stretchr/testify", Version: "v1.12.1"},
		},
	})
	require.NoError(t, err)
	var got []string
	for _, p := range parts {
		got = append(got, p.name+" "+p.version+" "+p.id)
	}
	assert.Equal(t, []string{
		"github.com/stretchr/testify v1.12.1 MIT", "golang.org/x/sys v0.49.0 BSD-3-Clause", "std 1.26.0 BSD-3-Clause",
	}, got)
	text, err := thirdParty(parts)
	require.NoError(t, err)
	assert.Contains(t, text, "github.com/stretchr/testify v1.12.1 (MIT)")

	_, err = linkedParts(root, &debug.BuildInfo{GoVersion: "go1.26.0", Deps: []*debug.Module{{Path: "example.invalid/none"}}})
	assert.Error(t, err)
}
