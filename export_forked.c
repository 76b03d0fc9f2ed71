/*
 * Made by tools/abigen from wdsocket.h and the texts of core/fault. Do not edit.
 *
 * What a forked child is told: why every call fails there. Go cannot be
 * entered, so the texts are here, in each language and encoding.
 */
#include "export_shim.h"

#include <string.h>

#define WDS_E_ARGUMENT (-10)
#define WDS_E_FORKED (-14)
#define WDS_INFO_MESSAGE (4001)
#define WDS_INFO_NAME (4002)
#define WDS_INFO_CODE (4003)
#define WDS_INFO_SYSTEM (4004)
#define WDS_INFO_PHASE (4005)
#define WDS_INFO_DETAIL (4006)
#define WDS_PHASE_CALL (1)

/* As Go numbers them. */
int32_t wds_language;
int32_t wds_host_text;

#define LANGUAGES 2
#define ENCODINGS 3
#define UTF8 0
#define UTF16 2

typedef struct {
    const char *bytes;
    int32_t length;
} encoded_text;

static const struct {
    int32_t what;
    encoded_text texts[LANGUAGES][ENCODINGS];
} forked_texts[] = {
    {WDS_INFO_MESSAGE,
     {{{"the library cannot work in a child process forked after it was loaded: start a new program there with exec, or, if you load the library at run time, load it only after the fork, in the child", 190},
       {"the library cannot work in a child process forked after it was loaded: start a new program there with exec, or, if you load the library at run time, load it only after the fork, in the child", 190},
       {"t\000h\000e\000 \000l\000i\000b\000r\000a\000r\000y\000 \000c\000a\000n\000n\000o\000t\000 \000w\000o\000r\000k\000 \000i\000n\000 \000a\000 \000c\000h\000i\000l\000d\000 \000p\000r\000o\000c\000e\000s\000s\000 \000f\000o\000r\000k\000e\000d\000 \000a\000f\000t\000e\000r\000 \000i\000t\000 \000w\000a\000s\000 \000l\000o\000a\000d\000e\000d\000:\000 \000s\000t\000a\000r\000t\000 \000a\000 \000n\000e\000w\000 \000p\000r\000o\000g\000r\000a\000m\000 \000t\000h\000e\000r\000e\000 \000w\000i\000t\000h\000 \000e\000x\000e\000c\000,\000 \000o\000r\000,\000 \000i\000f\000 \000y\000o\000u\000 \000l\000o\000a\000d\000 \000t\000h\000e\000 \000l\000i\000b\000r\000a\000r\000y\000 \000a\000t\000 \000r\000u\000n\000 \000t\000i\000m\000e\000,\000 \000l\000o\000a\000d\000 \000i\000t\000 \000o\000n\000l\000y\000 \000a\000f\000t\000e\000r\000 \000t\000h\000e\000 \000f\000o\000r\000k\000,\000 \000i\000n\000 \000t\000h\000e\000 \000c\000h\000i\000l\000d\000", 380}},
      {{"la biblioth\303\250que ne fonctionne pas dans un processus fils cr\303\251\303\251 par fork apr\303\250s son chargement : lancez-y un nouveau programme par exec, ou, si vous chargez la biblioth\303\250que \303\240 l'ex\303\251cution, chargez-la seulement apr\303\250s le fork, dans le fils", 241},
       {"la biblioth\350que ne fonctionne pas dans un processus fils cr\351\351 par fork apr\350s son chargement : lancez-y un nouveau programme par exec, ou, si vous chargez la biblioth\350que \340 l'ex\351cution, chargez-la seulement apr\350s le fork, dans le fils", 233},
       {"l\000a\000 \000b\000i\000b\000l\000i\000o\000t\000h\000\350\000q\000u\000e\000 \000n\000e\000 \000f\000o\000n\000c\000t\000i\000o\000n\000n\000e\000 \000p\000a\000s\000 \000d\000a\000n\000s\000 \000u\000n\000 \000p\000r\000o\000c\000e\000s\000s\000u\000s\000 \000f\000i\000l\000s\000 \000c\000r\000\351\000\351\000 \000p\000a\000r\000 \000f\000o\000r\000k\000 \000a\000p\000r\000\350\000s\000 \000s\000o\000n\000 \000c\000h\000a\000r\000g\000e\000m\000e\000n\000t\000 \000:\000 \000l\000a\000n\000c\000e\000z\000-\000y\000 \000u\000n\000 \000n\000o\000u\000v\000e\000a\000u\000 \000p\000r\000o\000g\000r\000a\000m\000m\000e\000 \000p\000a\000r\000 \000e\000x\000e\000c\000,\000 \000o\000u\000,\000 \000s\000i\000 \000v\000o\000u\000s\000 \000c\000h\000a\000r\000g\000e\000z\000 \000l\000a\000 \000b\000i\000b\000l\000i\000o\000t\000h\000\350\000q\000u\000e\000 \000\340\000 \000l\000'\000e\000x\000\351\000c\000u\000t\000i\000o\000n\000,\000 \000c\000h\000a\000r\000g\000e\000z\000-\000l\000a\000 \000s\000e\000u\000l\000e\000m\000e\000n\000t\000 \000a\000p\000r\000\350\000s\000 \000l\000e\000 \000f\000o\000r\000k\000,\000 \000d\000a\000n\000s\000 \000l\000e\000 \000f\000i\000l\000s\000", 466}}}},
    {WDS_INFO_NAME,
     {{{"WDS_E_FORKED", 12},
       {"WDS_E_FORKED", 12},
       {"W\000D\000S\000_\000E\000_\000F\000O\000R\000K\000E\000D\000", 24}},
      {{"WDS_E_FORKED", 12},
       {"WDS_E_FORKED", 12},
       {"W\000D\000S\000_\000E\000_\000F\000O\000R\000K\000E\000D\000", 24}}}},
    {WDS_INFO_CODE,
     {{{"-14", 3},
       {"-14", 3},
       {"-\0001\0004\000", 6}},
      {{"-14", 3},
       {"-14", 3},
       {"-\0001\0004\000", 6}}}},
    {WDS_INFO_SYSTEM,
     {{{"0", 1},
       {"0", 1},
       {"0\000", 2}},
      {{"0", 1},
       {"0", 1},
       {"0\000", 2}}}},
    {WDS_INFO_PHASE,
     {{{"call", 4},
       {"call", 4},
       {"c\000a\000l\000l\000", 8}},
      {{"appel", 5},
       {"appel", 5},
       {"a\000p\000p\000e\000l\000", 10}}}},
    {WDS_INFO_DETAIL,
     {{{"the library cannot work in a child process forked after it was loaded: start a new program there with exec, or, if you load the library at run time, load it only after the fork, in the child\012WDS_E_FORKED (-14)\012call", 214},
       {"the library cannot work in a child process forked after it was loaded: start a new program there with exec, or, if you load the library at run time, load it only after the fork, in the child\012WDS_E_FORKED (-14)\012call", 214},
       {"t\000h\000e\000 \000l\000i\000b\000r\000a\000r\000y\000 \000c\000a\000n\000n\000o\000t\000 \000w\000o\000r\000k\000 \000i\000n\000 \000a\000 \000c\000h\000i\000l\000d\000 \000p\000r\000o\000c\000e\000s\000s\000 \000f\000o\000r\000k\000e\000d\000 \000a\000f\000t\000e\000r\000 \000i\000t\000 \000w\000a\000s\000 \000l\000o\000a\000d\000e\000d\000:\000 \000s\000t\000a\000r\000t\000 \000a\000 \000n\000e\000w\000 \000p\000r\000o\000g\000r\000a\000m\000 \000t\000h\000e\000r\000e\000 \000w\000i\000t\000h\000 \000e\000x\000e\000c\000,\000 \000o\000r\000,\000 \000i\000f\000 \000y\000o\000u\000 \000l\000o\000a\000d\000 \000t\000h\000e\000 \000l\000i\000b\000r\000a\000r\000y\000 \000a\000t\000 \000r\000u\000n\000 \000t\000i\000m\000e\000,\000 \000l\000o\000a\000d\000 \000i\000t\000 \000o\000n\000l\000y\000 \000a\000f\000t\000e\000r\000 \000t\000h\000e\000 \000f\000o\000r\000k\000,\000 \000i\000n\000 \000t\000h\000e\000 \000c\000h\000i\000l\000d\000\012\000W\000D\000S\000_\000E\000_\000F\000O\000R\000K\000E\000D\000 \000(\000-\0001\0004\000)\000\012\000c\000a\000l\000l\000", 428}},
      {{"la biblioth\303\250que ne fonctionne pas dans un processus fils cr\303\251\303\251 par fork apr\303\250s son chargement : lancez-y un nouveau programme par exec, ou, si vous chargez la biblioth\303\250que \303\240 l'ex\303\251cution, chargez-la seulement apr\303\250s le fork, dans le fils\012WDS_E_FORKED (-14)\012appel", 266},
       {"la biblioth\350que ne fonctionne pas dans un processus fils cr\351\351 par fork apr\350s son chargement : lancez-y un nouveau programme par exec, ou, si vous chargez la biblioth\350que \340 l'ex\351cution, chargez-la seulement apr\350s le fork, dans le fils\012WDS_E_FORKED (-14)\012appel", 258},
       {"l\000a\000 \000b\000i\000b\000l\000i\000o\000t\000h\000\350\000q\000u\000e\000 \000n\000e\000 \000f\000o\000n\000c\000t\000i\000o\000n\000n\000e\000 \000p\000a\000s\000 \000d\000a\000n\000s\000 \000u\000n\000 \000p\000r\000o\000c\000e\000s\000s\000u\000s\000 \000f\000i\000l\000s\000 \000c\000r\000\351\000\351\000 \000p\000a\000r\000 \000f\000o\000r\000k\000 \000a\000p\000r\000\350\000s\000 \000s\000o\000n\000 \000c\000h\000a\000r\000g\000e\000m\000e\000n\000t\000 \000:\000 \000l\000a\000n\000c\000e\000z\000-\000y\000 \000u\000n\000 \000n\000o\000u\000v\000e\000a\000u\000 \000p\000r\000o\000g\000r\000a\000m\000m\000e\000 \000p\000a\000r\000 \000e\000x\000e\000c\000,\000 \000o\000u\000,\000 \000s\000i\000 \000v\000o\000u\000s\000 \000c\000h\000a\000r\000g\000e\000z\000 \000l\000a\000 \000b\000i\000b\000l\000i\000o\000t\000h\000\350\000q\000u\000e\000 \000\340\000 \000l\000'\000e\000x\000\351\000c\000u\000t\000i\000o\000n\000,\000 \000c\000h\000a\000r\000g\000e\000z\000-\000l\000a\000 \000s\000e\000u\000l\000e\000m\000e\000n\000t\000 \000a\000p\000r\000\350\000s\000 \000l\000e\000 \000f\000o\000r\000k\000,\000 \000d\000a\000n\000s\000 \000l\000e\000 \000f\000i\000l\000s\000\012\000W\000D\000S\000_\000E\000_\000F\000O\000R\000K\000E\000D\000 \000(\000-\0001\0004\000)\000\012\000a\000p\000p\000e\000l\000", 516}}}},
};

/* The longest part of a text that does not end inside a character, for room bytes without the end. */
static int32_t cut_at_character(const char *bytes, int32_t length, int32_t room, int32_t encoding)
{
    if (length <= room)
        return length;
    if (encoding == UTF16)
        return room & ~1; /* there are no surrogates in it */
    while (encoding == UTF8 && room > 0 && ((unsigned char)bytes[room] & 0xc0) == 0x80)
        room--;
    return room;
}

static int32_t copy_text(const encoded_text *from, int32_t encoding, char *text, int32_t capacity)
{
    int32_t end = encoding == UTF16 ? 2 : 1, n;

    if (text == NULL || capacity < end)
        return from->length;
    n = cut_at_character(from->bytes, from->length, capacity - end, encoding);
    memcpy(text, from->bytes, (size_t)n);
    memset(text + n, 0, (size_t)end);
    return from->length;
}

int32_t wds_forked_info(int32_t what, char *text, int32_t capacity)
{
    int32_t language = wds_language, encoding = wds_host_text;
    size_t i;

    if (language < 0 || language >= LANGUAGES)
        language = 0;
    if (encoding < 0 || encoding >= ENCODINGS)
        encoding = UTF8;
    for (i = 0; i < sizeof forked_texts / sizeof forked_texts[0] && capacity >= 0; i++)
        if (forked_texts[i].what == what)
            return copy_text(&forked_texts[i].texts[language][encoding], encoding, text, capacity);
    return WDS_E_ARGUMENT;
}

int32_t wds_forked_code(int32_t what)
{
    switch (what) {
    case WDS_INFO_CODE:
        return WDS_E_FORKED;
    case WDS_INFO_SYSTEM:
        return 0;
    case WDS_INFO_PHASE:
        return WDS_PHASE_CALL;
    default:
        return WDS_E_ARGUMENT;
    }
}

int32_t wds_forked_text(int32_t code, int32_t what, char *text, int32_t capacity)
{
    if (what != WDS_INFO_NAME && what != WDS_INFO_MESSAGE)
        return WDS_E_ARGUMENT;
    return code == WDS_E_FORKED ? wds_forked_info(what, text, capacity) : WDS_E_FORKED;
}
