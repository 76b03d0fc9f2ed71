/*
 * load.c - a host that loads the library at run time, uses it, frees it, and does
 * it all again.
 */
#include "harness.h"

typedef int32_t(WDSOCKET_CALL *none_fn)(void);
typedef int32_t(WDSOCKET_CALL *create_fn)(const char *, int32_t, const char *);
typedef int32_t(WDSOCKET_CALL *connect_fn)(const char *, int32_t, const char *, int32_t);
typedef int32_t(WDSOCKET_CALL *accept_fn)(int32_t, int32_t);
typedef int32_t(WDSOCKET_CALL *option_fn)(int32_t, int32_t, int32_t *);
typedef int32_t(WDSOCKET_CALL *write_fn)(int32_t, const void *, int32_t);
typedef int32_t(WDSOCKET_CALL *read_fn)(int32_t, void *, int32_t, int32_t);

/* ISO C has no way from void * to a function but through its bytes. */
#define GET(fn, library, name)                                                       \
    do {                                                                             \
        void *address = h_symbol(library, name);                                     \
        CHECK(address != NULL);                                                      \
        memcpy(&(fn), &address, sizeof(fn));                                         \
    } while (0)

static void *open_library(void)
{
    const char *path = getenv("CTEST_LIBRARY");
    void *library = h_load(path ? path : "libwdsocket.so");

    CHECK(library != NULL);
    return library;
}

static void converse(void *library)
{
    none_fn version, close_all;
    create_fn create;
    connect_fn connect;
    accept_fn accept;
    option_fn option;
    write_fn write;
    read_fn read;
    int32_t server, client, channel, port = 0;
    char got[16];

    GET(version, library, "WDSocketVersion");
    GET(close_all, library, "WDSocketCloseAll");
    GET(create, library, "WDSocketCreate");
    GET(connect, library, "WDSocketConnect");
    GET(accept, library, "WDSocketAccept");
    GET(option, library, "WDSocketGetOption");
    GET(write, library, "WDSocketWrite");
    GET(read, library, "WDSocketRead");
    CHECK_EQ(version(), WDSOCKET_VERSION);
    server = create(NULL, 0, "127.0.0.1");
    CHECK_EQ(option(server, WDS_OPT_LOCAL_PORT, &port), WDS_OK);
    client = connect(NULL, port, "127.0.0.1", 5000);
    channel = accept(server, 20000);
    CHECK_EQ(write(client, "round", 5), 5);
    CHECK_BYTES(got, read(channel, got, (int32_t)sizeof got, 20000), "round", 5);
    CHECK_EQ(close_all(), WDS_OK);
}

#if defined(__x86_64__)
/*
 * A host that wants every floating-point exception when it loads: the threads that
 * the library makes then inherit nothing of it, and it gets its word back.
 */
TEST(loaded_by_a_host_that_raises_exceptions)
{
    uint32_t raises = 0, usual = 0x1f80, now;
    void *library;
    int i;

    __asm__ volatile("ldmxcsr %0" : : "m"(raises));
    library = open_library();
    __asm__ volatile("stmxcsr %0\n\tldmxcsr %1" : "=m"(now) : "m"(usual));
    REQUIRE(library != NULL);
    CHECK_EQ(now & 0xffc0, 0);
    for (i = 0; i < h_rounds(200); i++)
        converse(library);
    h_unload(library);
}
#endif

TEST(twenty_rounds_of_load_use_free)
{
    int i;

    for (i = 0; i < 20; i++) {
        void *library = open_library();

        REQUIRE(library != NULL);
        converse(library);
        h_unload(library);
    }
}

TEST(free_without_use)
{
    int i;

    for (i = 0; i < 20; i++) {
        void *library = open_library();

        REQUIRE(library != NULL);
        h_unload(library);
    }
}

static int32_t in_a_thread(void *argument)
{
    void *library = open_library();

    (void)argument;
    if (!library)
        return 1;
    converse(library);
    h_unload(library);
    return 0;
}

/* One after the other: closing everything is for the whole process. */
TEST(each_round_in_a_new_thread)
{
    int i;

    for (i = 0; i < 10; i++)
        CHECK_EQ(h_join(h_start(in_a_thread, NULL)), 0);
}

TEST(loaded_twice_is_one_library)
{
    void *one = open_library(), *two = open_library();

    CHECK(h_symbol(one, "WDSocketNew") == h_symbol(two, "WDSocketNew"));
    h_unload(one);
    converse(two);
    h_unload(two);
}
