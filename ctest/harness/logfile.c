/*
 * logfile.c - see logfile.h.
 */
#include <stdlib.h>
#include <string.h>

#include "logfile.h"
#include "proc.h"

typedef struct {
    char level[8];      /* error, event, trace */
    int32_t handle;     /* 0: none */
    char name[600];     /* as it stands between the quotation marks, "": none */
    char kind[16];      /* client, channel, server, udp, socket, process */
    char local[64];     /* own end, "": none */
    char arrow[4];      /* "->", "<-", "": none */
    char peer[600];     /* "": none */
    char text[8300];
} log_line;

/* The next word of up to size-1 bytes, behind one space that may stand before it. */
static const char *next_word(const char *at, char *word, size_t size)
{
    size_t n = strcspn(at, " ");

    if (n == 0 || n >= size)
        return NULL;
    memcpy(word, at, n);
    word[n] = 0;
    return at[n] == ' ' ? at + n + 1 : at + n;
}

/* Whether an end has the form it should: "-", or an address and a port. */
static int is_end(const char *end)
{
    const char *colon = strrchr(end, ':');

    if (strcmp(end, "-") == 0)
        return 1;
    return colon != NULL && colon > end && colon[1] != 0 && strspn(colon + 1, "0123456789") == strlen(colon + 1);
}

/* Takes one line apart, which has no end any more. 0: it has not the form. */
static int parse(const char *at, log_line *line)
{
    static const char *const kinds[] = {"client", "channel", "server", "udp", "socket", "process"};
    static const char form[] = "dddd-dd-ddTdd:dd:dd.dddZ ";
    const char *subject, *end;
    char head[2048];
    size_t i, n;
    int quoted = 0;

    memset(line, 0, sizeof *line);
    for (i = 0; form[i]; i++)
        if (form[i] == 'd' ? at[i] < '0' || at[i] > '9' : at[i] != form[i])
            return 0;
    at = next_word(at + i, line->level, sizeof line->level);
    if (at == NULL || (strcmp(line->level, "error") && strcmp(line->level, "event") && strcmp(line->level, "trace")))
        return 0;
    /* the subject ends at the first ": " that is not in quotation marks */
    for (end = at; *end; end++) {
        if (quoted && *end == '\\' && end[1])
            end++;
        else if (*end == '"')
            quoted = !quoted;
        else if (!quoted && end[0] == ':' && end[1] == ' ')
            break;
    }
    n = (size_t)(end - at);
    if (*end == 0 || n >= sizeof head || strlen(end + 2) >= sizeof line->text || end[2] == 0)
        return 0;
    memcpy(head, at, n);
    head[n] = 0;
    strcpy(line->text, end + 2);
    subject = head;
    if (*subject == '#') {
        line->handle = (int32_t)strtol(subject + 1, (char **)&subject, 10);
        if (line->handle <= 0 || *subject++ != ' ')
            return 0;
    }
    if (*subject == '"') {
        for (n = 0, subject++; *subject != '"'; subject++) {
            if (*subject == 0 || n + 2 >= sizeof line->name)
                return 0;
            if (*subject == '\\')
                line->name[n++] = *subject++;
            line->name[n++] = *subject;
        }
        if (*++subject != ' ')
            return 0;
        subject++;
    }
    subject = next_word(subject, line->kind, sizeof line->kind);
    for (i = 0; subject && i < sizeof kinds / sizeof *kinds && strcmp(line->kind, kinds[i]); i++)
        ;
    if (subject == NULL || i == sizeof kinds / sizeof *kinds)
        return 0;
    if (*subject) {
        subject = next_word(subject, line->local, sizeof line->local);
        if (subject == NULL || !is_end(line->local))
            return 0;
    }
    if (*subject) {
        subject = next_word(subject, line->arrow, sizeof line->arrow);
        if (subject == NULL || (strcmp(line->arrow, "->") && strcmp(line->arrow, "<-")))
            return 0;
        subject = next_word(subject, line->peer, sizeof line->peer);
        if (subject == NULL || *subject || !is_end(line->peer))
            return 0;
    }
    /* a connection has both ends, a server and a UDP socket at least their own */
    if (strcmp(line->kind, "client") == 0 || strcmp(line->kind, "channel") == 0)
        return line->peer[0] != 0;
    if (strcmp(line->kind, "server") == 0 || strcmp(line->kind, "udp") == 0)
        return line->local[0] != 0;
    return line->local[0] == 0;
}

static int same(const char *want, const char *got) { return want == NULL || strcmp(want, got) == 0; }

int log_count(const char *log, const log_wanted *want)
{
    static log_line line;
    char one[9000];
    int found = 0;
    size_t n;

    for (; *log; log += n + 1) {
        n = strcspn(log, "\n");
        if (log[n] == 0 || n >= sizeof one)
            return -1;
        memcpy(one, log, n);
        one[n] = 0;
        if (!parse(one, &line)) {
            printf("not a line of the log: %s\n", one);
            return -1;
        }
        if (same(want->level, line.level) && (want->handle == 0 || want->handle == line.handle) && same(want->name, line.name) &&
            same(want->kind, line.kind) && same(want->local, line.local) && same(want->arrow, line.arrow) &&
            same(want->peer, line.peer) && (want->text == NULL || strncmp(line.text, want->text, strlen(want->text)) == 0))
            found++;
    }
    return found;
}

char *log_path, *log_turned;

void log_begin(int level)
{
    log_path = h_temp_path("wdsocket-test.log");
    log_turned = h_temp_path("wdsocket-test.log.1");
    h_remove(log_path);
    h_remove(log_turned);
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_LOG_LEVEL, level));
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LOG_FILE, log_path));
}

char *log_end(void)
{
    char *text;

    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LOG_FILE, ""));
    CHECK_OK(WDSocketSetOption(0, WDS_OPT_LOG_LEVEL, 2));
    text = h_read_file(log_path);
    h_remove(log_path);
    h_remove(log_turned);
    free(log_path);
    free(log_turned);
    return text ? text : (char *)calloc(1, 1);
}
