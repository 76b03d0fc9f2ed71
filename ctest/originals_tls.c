/*
 * originals_tls.c - as originals.c, with TLS: each end of a conversation is the model or
 * what the compatibility set does, in all four combinations, and each gives the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificates.h"
#include "harness.h"
#include "originals/script.h"

/* The first program is the server, "B" is the client. */

static const char *const standard[] = {
    "createssl s", "& B connectssl c 20000", "wait s 20000", "accept s", "join",
    "B write c question", "read $ 20000", "info $ address", "write $ answer", "B read c forever", "B read c 50",
    "B mode c tag ;", "mode $ tag ;", "B write c a", "B write c b", "read $ 20000", "read $ 20000", "read $ 50",
    "close s", "write $ last", "close $", "B read c 20000", "B read c 20000", "B read c 20000", "B exist c", "B close c", NULL
};

static const char *const simplified[] = {
    "createssl s", "& B askssl c 20000", "read s 20000", "join", "read s 50", "write s answer", "B read c 20000",
    "B close c", "read s 20000", "read s 50", "exist s", "close s", NULL
};

static const char *const parameters[] = {
    "createssl s", "& B connectssl c 20000", "wait s 20000", "accept s", "join",
    "B mode c none", "B write c 5\r\nHe", "read $ 50", "read $ 20000 4096 50", "B write c llo", "read $ 20000",
    "mode $ none", "B write c abcdef", "read $ 20000 4", "read $ 20000 4096 50", "close s", "close $", "B close c", NULL
};

/* Protocols that are named, with a gap between them. */
static const char *const versions[] = {
    "createssl s 2", "& B connectssl c 20000 02", "wait s 20000", "accept s", "join", "B write c x", "read $ 20000", "close s", "close $", "B close c", NULL
};

static void all_four(const char *const *script)
{
    const originals *const ends[] = { &model, &twin };
    trace *first = calloc(1, sizeof *first), *now = calloc(1, sizeof *now);
    int i, line;

    tls_trust();
    run_script(&model, &model, script, first);
    for (i = 1; i < 4; i++) {
        run_script(ends[i & 1], ends[i >> 1], script, now);
        if (getenv("CTEST_TRACE"))
            for (line = 0; script[line]; line++)
                printf("    %-32.32s | %-50s | %s\n", script[line], first->line[line], now->line[line]);
        for (line = 0; script[line]; line++)
            if (!h_check_text(__FILE__, __LINE__, script[line], now->line[line], first->line[line]))
                printf("    the server is %s, the client %s\n", ends[i & 1]->name, ends[i >> 1]->name);
    }
    free(first);
    free(now);
}

TEST(a_standard_server) { all_four(standard); }
TEST(a_simplified_server) { all_four(simplified); }
TEST(the_five_parameters) { all_four(parameters); }
TEST(protocols_with_a_gap) { all_four(versions); }

/* What the compatibility set passes on for a variable of type Certificate, and for a store
 * that cannot be used: refused before anything is connected, in words that a user sees. */
TEST(certificates_that_cannot_be_taken)
{
    static const char *const all[] = {
        "a variable of type Certificate: give a PEM or PFX file, or the thumbprint of a certificate in the store of Windows",
        "store ROOT: only the personal store, MY, can be used"
    };
    size_t i;

    for (i = 0; i < sizeof all / sizeof *all; i++) {
        CHECK_CODE(WDSocketConnectSSL(NULL, 1, "127.0.0.1", 0, 1000, all[i], ""), WDS_E_TLS_CERTIFICATE_FILE);
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), all[i]);
        CHECK_CODE(WDSocketCreateSSL(NULL, 0, all[i], 0, "127.0.0.1", ""), WDS_E_TLS_CERTIFICATE_FILE);
        CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), all[i]);
    }
}
