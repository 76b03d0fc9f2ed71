/*
 * harness.h - what the C tests share.
 *
 * A test program is a file of TEST(name) { ... } functions.  It runs in its own
 * process, ends by asking the library whether anything is still held and prints
 * "program: N passed, N failed".  Everything that differs between systems is
 * behind these headers, so that the same sources run against the shared object
 * and the DLLs.
 *
 * The order is that of the layers: each file of this folder includes only what
 * stands above it here, which a test checks.  certificates.h and logfile.h stand
 * behind them, for the programs that need them.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wdsocket.h"

#include "platform.h" /* time, threads */
#include "patience.h" /* limits of time */
#include "proc.h"     /* output, files, signals, children */
#include "check.h"    /* TEST, CHECK, main */
#include "window.h"   /* windows that only get messages (Windows) */
#include "sockets.h"  /* raw peers */
#include "dns.h"      /* a name server */
#include "library.h"  /* what is asked of the library, pairs of its sockets */

#endif
