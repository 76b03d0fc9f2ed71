/*
 * pem_files_tls.c - certificate files as editors and people leave them: with byte
 * order marks, in UTF-16, without line ends between files, with blocks that are
 * damaged or that are no certificates.
 */
#include "certificates.h"
#include "harness.h"
#include "logfile.h"

static char *made; /* the file of the test, in the folder of this run */

/* Writes a file and gives its path. */
static const char *file_of(const void *data, int length)
{
    FILE *file;

    if (!made)
        made = h_temp_path("made.pem");
    file = fopen(made, "wb");
    CHECK(file != NULL);
    if (!file)
        return made;
    CHECK_EQ(fwrite(data, 1, (size_t)length, file), length);
    fclose(file);
    return made;
}

/* Texts put one behind the other. */
static const char *joined(const char *one, const char *two, const char *three)
{
    static char text[65536];

    snprintf(text, sizeof text, "%s%s%s", one, two, three);
    return text;
}

/* A file with the text in UTF-16. */
static const char *wide_file(const char *text, int high_first, int mark)
{
    static char wide[131072];
    int n = 0;

    if (mark) {
        wide[n++] = (char)(high_first ? 0xFE : 0xFF);
        wide[n++] = (char)(high_first ? 0xFF : 0xFE);
    }
    for (; *text; text++) {
        wide[n + high_first] = *text;
        wide[n + !high_first] = 0;
        n += 2;
    }
    return file_of(wide, n);
}

static const char *text_file(const char *text)
{
    return file_of(text, (int)strlen(text));
}

/* Every line end as asked for, and blanks before each line. */
static const char *with_lines(const char *text, const char *end, const char *indent)
{
    static char out[65536];
    size_t n = (size_t)snprintf(out, sizeof out, "%s", indent);

    for (; *text && n + 16 < sizeof out; text++)
        if (*text == '\n')
            n += (size_t)snprintf(out + n, sizeof out - n, "%s%s", end, indent);
        else if (*text != '\r')
            out[n++] = *text;
    out[n] = 0;
    return out;
}

#define MARK "\xEF\xBB\xBF"

/* Trusts what the file or text says, and nothing else, in one client. */
static int32_t trusts(const char *authorities, int port)
{
    int32_t client = WDSocketNew(NULL), code;

    CHECK_OK(WDSocketSetOption(client, WDS_OPT_SSL_OPTIONS, WDS_SSL_ONLY_AUTHORITIES));
    code = WDSocketSetText(client, WDS_TEXT_SSL_AUTHORITIES, authorities);
    if (code == WDS_OK)
        code = WDSocketOpen(client, WDS_KIND_CLIENT_SSL, port, "127.0.0.1", 20000);
    CHECK_OK(WDSocketClose(client));
    return code;
}

TEST(authorities_are_read_however_they_were_saved)
{
    char *root = cert_text("root.crt"), *other = cert_text("other-root.crt"), *key = cert_text("good.key"), *cut;
    int port;
    int32_t server = tls_server("good.pem", 0, &port);

    REQUIRE(CHECK_GE(server, 1));
    CHECK_CODE(trusts(text_file(other), port), WDS_E_TLS_UNKNOWN_AUTHORITY); /* so the others below count */
    CHECK_OK(trusts(text_file(joined(MARK, root, "")), port));
    CHECK_OK(trusts(text_file(joined(other, MARK, root)), port));
    CHECK_OK(trusts(wide_file(root, 0, 1), port));
    CHECK_OK(trusts(wide_file(root, 1, 1), port));
    CHECK_OK(trusts(wide_file(joined(other, root, ""), 0, 0), port));
    CHECK_OK(trusts(wide_file(joined(other, root, ""), 1, 0), port));
    CHECK_OK(trusts(text_file(with_lines(root, "\r\n", "")), port));
    CHECK_OK(trusts(text_file(with_lines(root, "\r", "")), port));
    CHECK_OK(trusts(text_file(with_lines(root, "\n", "  \t")), port));
    CHECK_OK(trusts(text_file(joined("# our authorities\n", key, root)), port));
    CHECK_OK(trusts(text_file(joined(other, "-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n", root)), port));
    CHECK_OK(trusts(joined(MARK, root, ""), port)); /* in memory */
    cut = strrchr(other, '-');
    REQUIRE(CHECK(cut != NULL));
    cut[1] = 0;
    CHECK_OK(trusts(text_file(joined(other, root, "")), port)); /* no line end between them */
    CHECK_OK(trusts(text_file(joined(root, MARK, "")), port));
    CHECK_OK(WDSocketClose(server));
    free(root);
    free(other);
    free(key);
}

/* An own certificate: the server starts with it and a client is served. */
static void serves(const char *certificate)
{
    int32_t server = WDSocketCreateSSL(NULL, 0, certificate, 0, "127.0.0.1", NULL);

    REQUIRE(CHECK_GE(server, 1));
    CHECK_OK(tls_try(h_port(server), 0));
    CHECK_OK(WDSocketClose(server));
}

TEST(own_certificates_are_read_however_they_were_saved)
{
    char *chain = cert_text("chain.pem"), *crt = cert_text("good.crt"), *key = cert_text("good.key");
    char both[4096];

    tls_trust();
    serves(text_file(joined(MARK, chain, "")));
    serves(wide_file(chain, 0, 1));
    serves(wide_file(chain, 1, 1));
    serves(joined(MARK, chain, ""));
    snprintf(both, sizeof both, MARK "%s" MARK "%s", crt, key);
    serves(text_file(both));
    snprintf(both, sizeof both, "%s|%s", cert("good.crt"), wide_file(key, 0, 1));
    serves(both);
    snprintf(both, sizeof both, "%s|%s", cert("good.crt"), text_file(joined(MARK, key, "")));
    serves(both);
    free(chain);
    free(crt);
    free(key);
}

/* The number of the line in which part begins. */
static const char *line_of(const char *text, const char *part)
{
    static char words[32];
    const char *at = strstr(text, part);
    int line = 1;

    CHECK(at != NULL);
    for (; at && text < at; text++)
        line += *text == '\n';
    snprintf(words, sizeof words, "line %d: ", line);
    return words;
}

TEST(a_damaged_certificate_is_an_error_with_its_line)
{
    char *root = cert_text("root.crt"), *other = cert_text("other-root.crt"), *key = cert_text("good.key"), *crt = cert_text("good.crt");
    char damaged[8192], *at;
    int32_t socket = WDSocketNew(NULL);
    int i;

    for (i = 0; i < 6; i++) {
        snprintf(damaged, sizeof damaged, "%s%s", root, other);
        at = damaged + strlen(root);
        switch (i) {
        case 0: at[100] = '!'; break;                                     /* no letter of base64 */
        case 1: at = strchr(at + 100, '\n'); memmove(at, at + 65, strlen(at + 65) + 1); break; /* a line is missing */
        case 2: strstr(at, "-----END")[0] = 0; break;                     /* the end is missing */
        case 3: memmove(at, at + 1, strlen(at)); break;                   /* a dash is missing */
        case 4: memcpy(strstr(at, "END CERT"), "END CARD", 8); break;     /* another end */
        default: memmove(at, strchr(at, '\n') + 1, strlen(strchr(at, '\n') + 1) + 1); break; /* the beginning is missing */
        }
        CHECK_CODE(WDSocketSetText(socket, WDS_TEXT_SSL_AUTHORITIES, text_file(damaged)), WDS_E_TLS_CERTIFICATE_FILE);
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), made);
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "CERTIFICATE");
        if (i < 5)
            CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), line_of(joined(root, other, ""), other));
        CHECK_CODE(WDSocketSetText(socket, WDS_TEXT_SSL_AUTHORITIES, damaged), WDS_E_TLS_CERTIFICATE_FILE);
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "WDS_TEXT_SSL_AUTHORITIES");
        /* and behind an own certificate, where it is an intermediate one */
        CHECK_CODE(WDSocketSetText(socket, WDS_TEXT_SSL_CERTIFICATE, text_file(joined(crt, key, damaged))), WDS_E_TLS_CERTIFICATE_FILE);
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "line ");
    }
    /* a damaged key is told of as one */
    at = strstr(key, "\n") + 10;
    at[0] = '!';
    CHECK_CODE(WDSocketSetText(socket, WDS_TEXT_SSL_CERTIFICATE, text_file(joined(crt, key, ""))), WDS_E_TLS_CERTIFICATE_FILE);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), line_of(joined(crt, key, ""), key));
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "PRIVATE KEY");
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "fr"));
    CHECK_CODE(WDSocketSetText(socket, WDS_TEXT_SSL_CERTIFICATE, made), WDS_E_TLS_CERTIFICATE_FILE);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "ligne ");
    CHECK_OK(WDSocketSetText(0, WDS_TEXT_LANGUAGE, "en"));
    CHECK_OK(WDSocketClose(socket));
    free(root);
    free(other);
    free(key);
    free(crt);
}

TEST(a_file_that_changes_its_encoding_is_an_error)
{
    char *root = cert_text("root.crt"), *other = cert_text("other-root.crt"), half[32768];
    int32_t socket = WDSocketNew(NULL);
    int i, n;

    n = snprintf(half, sizeof half, "%s", root); /* "type other >> authorities" of PowerShell */
    for (i = 0; other[i] && n + 2 < (int)sizeof half; i++) {
        half[n++] = other[i];
        half[n++] = 0;
    }
    CHECK_CODE(WDSocketSetText(socket, WDS_TEXT_SSL_AUTHORITIES, file_of(half, n)), WDS_E_TLS_CERTIFICATE_FILE);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "UTF-16");
    CHECK_CODE(WDSocketSetText(socket, WDS_TEXT_SSL_CERTIFICATE, made), WDS_E_TLS_CERTIFICATE_FILE);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), "UTF-16");
    CHECK_OK(WDSocketClose(socket));
    free(root);
    free(other);
}

TEST(an_authority_that_cannot_be_used_is_named_in_the_log)
{
    char *root = cert_text("root.crt"), *odd = cert_text("at-sign.crt"), *log;
    int port;
    int32_t server = tls_server("good.pem", 0, &port);

    REQUIRE(CHECK_GE(server, 1));
    log_begin(1);
    CHECK_OK(trusts(text_file(joined(odd, root, "")), port));
    log = log_end();
    CHECK_HAS(log, "warning: ");
    CHECK_HAS(log, made);
    CHECK_HAS(log, "line 1: ");
    CHECK_HAS(log, "sales@tests.example");
    CHECK_HAS(log, "PrintableString");
    free(log);
    /* alone it is an error, which says the same */
    CHECK_CODE(trusts(text_file(odd), port), WDS_E_TLS_CERTIFICATE_FILE);
    CHECK_OK(WDSocketClose(server));
    free(odd);
    free(root);
}
