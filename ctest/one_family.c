/*
 * one_family.c - names with addresses of both families where the system has one only:
 * a network without IPv6, a system that does not know it, and a network without IPv4;
 * and groups of IPv6, which loopback does not carry.
 *
 * Each is a network of its own, in which this program runs again with the tests for
 * it. Where the system allows no such network that is said, as NOT RUN.
 */
#define _GNU_SOURCE 1 /* unshare */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_tun.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the environment of a program that runs in a network of its own: which. */
#define NETWORK "CTEST_NETWORK"

/* ---- making the networks ---- */

static int put(const char *path, const char *text)
{
    int file = open(path, O_WRONLY), length = (int)strlen(text), good;

    if (file < 0)
        return 0;
    good = write(file, text, (size_t)length) == length;
    close(file);
    return good;
}

/* A name space with a network of its own; one of its own for users where that needs no rights. */
static int leave_the_network(void)
{
    char map[64];
    int user = (int)geteuid(), group = (int)getegid();

    if (unshare(CLONE_NEWNET) == 0)
        return 1;
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return 0;
    snprintf(map, sizeof map, "0 %d 1", user);
    if (!put("/proc/self/setgroups", "deny") || !put("/proc/self/uid_map", map))
        return 0;
    snprintf(map, sizeof map, "0 %d 1", group);
    return put("/proc/self/gid_map", map);
}

/* Loopback goes up; the system gives it the addresses of the families that it has. */
static int loopback_up(void)
{
    struct ifreq request;
    int fd = socket(AF_INET, SOCK_DGRAM, 0), good;

    memset(&request, 0, sizeof request);
    strcpy(request.ifr_name, "lo");
    request.ifr_flags = IFF_UP;
    good = ioctl(fd, SIOCSIFFLAGS, &request) == 0;
    close(fd);
    return good;
}

static int without_six(void)
{
    static const char *const where[] = {"all", "default", "lo"};
    char path[96];
    size_t i;

    if (!leave_the_network())
        return 0;
    if (access("/proc/sys/net/ipv6", F_OK) != 0)
        return loopback_up(); /* it has none anyway */
    for (i = 0; i < sizeof where / sizeof where[0]; i++) {
        snprintf(path, sizeof path, "/proc/sys/net/ipv6/conf/%s/disable_ipv6", where[i]);
        if (!put(path, "1"))
            return 0;
    }
    return loopback_up();
}

/* As where the kernel was made or started without IPv6; that needs no network of one's own. */
static int six_unknown(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAFNOSUPPORT),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog program = {sizeof code / sizeof *code, code};

    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* Loopback loses its address of IPv4. */
static int without_four(void)
{
    struct ifreq request;
    int fd, good;

    if (!leave_the_network() || !loopback_up())
        return 0;
    fd = socket(AF_INET, SOCK_DGRAM, 0);
    memset(&request, 0, sizeof request);
    strcpy(request.ifr_name, "lo");
    request.ifr_addr.sa_family = AF_INET; /* 0.0.0.0 */
    good = ioctl(fd, SIOCSIFADDR, &request) == 0;
    close(fd);
    return good && h_has_six();
}

#define LINE "group0"

/* Whether it has an address that may be sent from: the system gives it one a moment after it is up. */
static int line_has_address(void)
{
    FILE *list = fopen("/proc/net/if_inet6", "r");
    char name[32];
    unsigned flags;
    int found = 0;

    if (list == NULL)
        return 0;
    while (!found && fscanf(list, "%*s %*x %*x %*x %x %31s", &flags, name) == 2)
        found = strcmp(name, LINE) == 0 && (flags & 0x40) == 0; /* IFA_F_TENTATIVE */
    fclose(list);
    return found;
}

/* An interface that carries groups of IPv6, which loopback does not; it lives as long as the process. */
static int with_groups(void)
{
    int64_t start = h_now_us();
    struct ifreq request;
    int tap, fd, good;

    if (!leave_the_network() || !loopback_up() || !put("/proc/sys/net/ipv6/conf/default/accept_dad", "0"))
        return 0;
    tap = open("/dev/net/tun", O_RDWR);
    memset(&request, 0, sizeof request);
    strcpy(request.ifr_name, LINE);
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    if (tap < 0 || ioctl(tap, TUNSETIFF, &request) != 0)
        return 0;
    fd = socket(AF_INET6, SOCK_DGRAM, 0);
    request.ifr_flags = IFF_UP;
    good = ioctl(fd, SIOCSIFFLAGS, &request) == 0;
    close(fd);
    while (good && !line_has_address() && !h_overdue(start, H_PATIENCE))
        h_nap();
    return good;
}

enum { REFUSED = 100 }; /* and errno: what a program ends with that gets no such network */

/* Runs this program again in the network that prepare makes. */
static void in_network(const char *name, int (*prepare)(void), const char *what)
{
    int status = -1;
    pid_t child;

    REQUIRE(CHECK_EQ(setenv(NETWORK, name, 1), 0));
    fflush(stdout);
    child = fork();
    if (child == 0) {
        if (prepare())
            h_execute_again("one_family_inside");
        _exit(REFUSED + errno);
    }
    unsetenv(NETWORK);
    CHECK_EQ(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) >= REFUSED)
        printf("NOT RUN  UDP %s: this machine allows no network of its own for a program (%s)\n", what, strerror(WEXITSTATUS(status) - REFUSED));
    else
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void network_without_six(void) { in_network("four", without_six, "without IPv6"); }
static void system_without_six(void) { in_network("four", six_unknown, "on a system without IPv6"); }
static void network_with_groups(void) { in_network("groups", with_groups, "of groups of IPv6"); }
static void network_without_four(void) { in_network("six", without_four, "without IPv4"); }

/* ---- what runs there ---- */

static const char *own, *other; /* loopback of the family that there is, and of the one that there is not */
static const char *far_away;    /* an address of the other family beside loopback */

static void choose_family(void)
{
    int four = strcmp(getenv(NETWORK), "four") == 0;
    h_sock sock;

    own = four ? "127.0.0.1" : "::1";
    other = four ? "::1" : "127.0.0.1";
    far_away = four ? "2001:db8::1" : "203.0.113.1";
    /* is it such a network? */
    sock = h_udp(own, NULL);
    CHECK(sock != H_NO_SOCK);
    h_close(sock);
    CHECK(h_udp(other, NULL) == H_NO_SOCK);
}

typedef struct {
    h_dns *dns;
    h_sock peer; /* a UDP socket on the address that there is */
    int port;
} scene;

static void scene_open(scene *s)
{
    char both[128];

    choose_family();
    s->dns = h_dns_start_at(own);
    s->peer = h_udp(own, &s->port);
    snprintf(both, sizeof both, "127.0.0.1 ::1");
    h_dns_add(s->dns, "both.example", both, 0, H_DNS_ANSWER);
    h_dns_add(s->dns, "late.example", both, 0, H_DNS_FOUR_FIRST);
    snprintf(both, sizeof both, "%s %s %s", far_away, other, own);
    h_dns_add(s->dns, "many.example", both, 0, H_DNS_ANSWER);
    h_dns_add(s->dns, "other.example", other, 0, H_DNS_ANSWER);
}

static void scene_close(scene *s)
{
    h_close(s->peer);
    h_dns_stop(s->dns);
}

/* The datagrams of new sockets, bound as local says, reach the address that there is,
   and only that is remembered. */
static void arrive(scene *s, const char *local)
{
    static const char *const names[] = {"both.example", "late.example", "many.example"};
    char got[8];
    int i, asked;

    for (i = 0; i < 30; i++) {
        const char *name = names[i % 3];
        int32_t socket = h_dns_socket(s->dns, NULL);

        CHECK_OK(WDSocketOpen(socket, WDS_KIND_UDP, 0, local, 0));
        CHECK_CODE(WDSocketWriteUDP(socket, "first", 5, name, s->port), 5);
        CHECK_EQ(h_udp_recv(s->peer, got, (int)sizeof got, 20000, NULL), 5);
        asked = h_dns_asked(s->dns, name);
        CHECK_CODE(WDSocketWriteUDP(socket, "next", 4, name, s->port), 4);
        CHECK_EQ(h_udp_recv(s->peer, got, (int)sizeof got, 20000, NULL), 4);
        CHECK_EQ(h_dns_asked(s->dns, name), asked);
        CHECK_OK(WDSocketClose(socket));
    }
}

static void datagrams_to_names(void)
{
    scene s;

    scene_open(&s);
    arrive(&s, NULL);
    arrive(&s, own);
    scene_close(&s);
}

/* localhost as the system knows it: 127.0.0.1, and on many systems ::1. */
static void datagrams_to_localhost(void)
{
    int32_t socket;
    char got[8];
    scene s;
    int i;

    scene_open(&s);
    for (i = 0; i < 20; i++) {
        socket = WDSocketCreateUDP(NULL, 0, NULL);
        CHECK_CODE(WDSocketWriteUDP(socket, "local", 5, "localhost", s.port), 5);
        CHECK_EQ(h_udp_recv(s.peer, got, (int)sizeof got, 20000, NULL), 5);
        CHECK_OK(WDSocketClose(socket));
    }
    scene_close(&s);
}

/* What cannot be reached says so, is not remembered, and spoils nothing. */
static void datagrams_that_cannot_leave(void)
{
    int32_t socket, six;
    char got[8], text[64], address[64];
    int32_t from = 0;
    int asked, peer_port;
    scene s;
    h_sock peer;

    scene_open(&s);
    socket = h_dns_socket(s.dns, NULL);
    CHECK_OK(WDSocketOpen(socket, WDS_KIND_UDP, 0, NULL, 0));
    CHECK_CODE(WDSocketWriteUDP(socket, "x", 1, "other.example", s.port), WDS_E_UNREACHABLE);
    asked = h_dns_asked(s.dns, "other.example");
    CHECK_CODE(WDSocketWriteUDP(socket, "x", 1, "other.example", s.port), WDS_E_UNREACHABLE);
    CHECK(h_dns_asked(s.dns, "other.example") > asked);
    CHECK_CODE(WDSocketWriteUDP(socket, "x", 1, other, s.port), WDS_E_UNREACHABLE);
    CHECK_CODE(WDSocketWriteUDP(socket, "x", 1, far_away, s.port), WDS_E_UNREACHABLE);
    CHECK_HAS(h_error(0, WDS_INFO_MESSAGE), far_away);
    CHECK_CODE(WDSocketCreateUDP(NULL, 0, other), WDS_E_LOCAL_ADDRESS);
    /* and the other way it serves on all addresses, and answers from the one that was asked */
    peer = h_udp(own, &peer_port);
    CHECK(h_udp_send(peer, own, h_port(socket), "?", 1));
    CHECK_CODE(WDSocketReadUDP(socket, got, (int32_t)sizeof got, 20000, address, (int32_t)sizeof address, &from), 1);
    CHECK_TEXT(address, own);
    CHECK_EQ(from, peer_port);
    CHECK_GE(WDSocketLocalInfo(socket, WDS_INFO_DESTINATION, text, (int32_t)sizeof text), 1);
    CHECK_TEXT(text, own);
    CHECK_EQ(WDSocketWrite(socket, "!", 1), 1);
    CHECK_EQ(h_udp_recv(peer, got, (int)sizeof got, 20000, NULL), 1);
    CHECK_OK(WDSocketClose(socket));
    h_close(peer);
    /* a socket for the family that there is not */
    six = WDSocketNew(NULL);
    CHECK_OK(WDSocketSetOption(six, WDS_OPT_ADDRESS_FAMILY, strchr(own, ':') ? 4 : 6));
    if (WDSocketOpen(six, WDS_KIND_UDP, 0, NULL, 0) == WDS_OK)
        CHECK_CODE(WDSocketWriteUDP(six, "x", 1, other, s.port), WDS_E_UNREACHABLE);
    CHECK_OK(WDSocketClose(six));
    scene_close(&s);
}

/* Connections do the same. */
static void connections_to_names(void)
{
    static const char *const names[] = {"both.example", "late.example", "many.example"};
    int32_t server, client, channel;
    int port, i;
    char text[64];
    scene s;

    scene_open(&s);
    server = WDSocketCreate(NULL, 0, NULL); /* on all addresses */
    REQUIRE(CHECK_GE(server, 1));
    port = h_port(server);
    for (i = 0; i < 9; i++) {
        client = h_dns_socket(s.dns, NULL);
        CHECK_OK(WDSocketOpen(client, WDS_KIND_CLIENT, port, names[i % 3], 20000));
        channel = WDSocketAccept(server, 20000);
        CHECK_GE(channel, 1);
        CHECK_GE(WDSocketClientInfo(client, WDS_INFO_ADDRESS, text, (int32_t)sizeof text), 1);
        CHECK_TEXT(text, own);
        CHECK_EQ(WDSocketWrite(client, "hello", 5), 5);
        CHECK_EQ(WDSocketRead(channel, text, (int32_t)sizeof text, 20000), 5);
        CHECK_OK(WDSocketClose(client));
        CHECK_OK(WDSocketClose(channel));
    }
    CHECK_OK(WDSocketClose(server));
    client = h_dns_socket(s.dns, NULL);
    CHECK_CODE(WDSocketOpen(client, WDS_KIND_CLIENT, port, "both.example", 20000), WDS_E_REFUSED);
    CHECK_OK(WDSocketClose(client));
    client = h_dns_socket(s.dns, NULL);
    CHECK_CODE(WDSocketOpen(client, WDS_KIND_CLIENT, port, "other.example", 20000), WDS_E_UNREACHABLE);
    CHECK_OK(WDSocketClose(client));
    CHECK_CODE(WDSocketConnect(NULL, port, other, 20000), WDS_E_UNREACHABLE);
    scene_close(&s);
}

static int32_t shared(void)
{
    int32_t socket = WDSocketNew(NULL);

    CHECK_OK(WDSocketSetOption(socket, WDS_OPT_EXCLUSIVE_PORT, 0));
    return socket;
}

/* A socket hears the group that it joined, and none that only another one joined; one
   on the group's address hears that. */
static void groups_of_six(void)
{
    int32_t member = shared(), other_one = shared(), on_it = shared(), sender = WDSocketNew(NULL);
    int port;
    char got[8];

    CHECK_OK(WDSocketOpen(member, WDS_KIND_UDP, 0, NULL, 0));
    port = h_port(member);
    CHECK_OK(WDSocketOpen(other_one, WDS_KIND_UDP, port, NULL, 0));
    CHECK_OK(WDSocketOpen(on_it, WDS_KIND_UDP, port, "ff02::4242%" LINE, 0));
    CHECK_OK(WDSocketSetText(member, WDS_TEXT_MULTICAST_JOIN, "ff02::4242%" LINE));
    CHECK_OK(WDSocketSetText(sender, WDS_TEXT_MULTICAST_INTERFACE, LINE));
    CHECK_OK(WDSocketOpen(sender, WDS_KIND_UDP, 0, NULL, 0));
    CHECK_CODE(WDSocketWriteUDP(sender, "club", 4, "ff02::4242", port), 4);
    CHECK_CODE(WDSocketRead(member, got, (int32_t)sizeof got, 20000), 4);
    CHECK_CODE(WDSocketRead(on_it, got, (int32_t)sizeof got, 20000), 4);
    CHECK_CODE(WDSocketRead(other_one, got, (int32_t)sizeof got, 50), WDS_E_TIMEOUT);
    CHECK_OK(WDSocketSetText(member, WDS_TEXT_MULTICAST_LEAVE, "ff02::4242%" LINE));
    CHECK_CODE(WDSocketWriteUDP(sender, "club", 4, "ff02::4242", port), 4);
    CHECK_CODE(WDSocketRead(on_it, got, (int32_t)sizeof got, 20000), 4);
    CHECK_CODE(WDSocketRead(member, got, (int32_t)sizeof got, 50), WDS_E_TIMEOUT);
    CHECK_OK(WDSocketClose(member));
    CHECK_OK(WDSocketClose(other_one));
    CHECK_OK(WDSocketClose(on_it));
    CHECK_OK(WDSocketClose(sender));
}

__attribute__((constructor)) static void choose_tests(void)
{
    if (getenv(NETWORK) == NULL) {
        h_register("network_without_six", 1, network_without_six);
        h_register("system_without_six", 2, system_without_six);
        h_register("network_without_four", 3, network_without_four);
        h_register("network_with_groups", 4, network_with_groups);
        return;
    }
    if (strcmp(getenv(NETWORK), "groups") == 0) {
        h_register("groups_of_six", 1, groups_of_six);
        return;
    }
    h_register("datagrams_to_names", 1, datagrams_to_names);
    if (strcmp(getenv(NETWORK), "four") == 0)
        h_register("datagrams_to_localhost", 2, datagrams_to_localhost);
    h_register("datagrams_that_cannot_leave", 3, datagrams_that_cannot_leave);
    h_register("connections_to_names", 4, connections_to_names);
}
