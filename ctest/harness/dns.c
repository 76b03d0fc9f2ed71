/*
 * dns.c - see dns.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns.h"
#include "platform.h"
#include "sockets.h"

#define MAX_NAMES 16
#define TYPE_A 1
#define TYPE_AAAA 28

typedef struct {
    char name[128];
    char addresses[128];
    int delay_ms, how, asked;
} record;

struct h_dns {
    h_sock sock;
    char address[64];
    int port;
    record records[MAX_NAMES];
    int count;
    struct { /* a question for IPv6 whose answer waits, H_DNS_FOUR_FIRST */
        unsigned char packet[512];
        int length, port;
        int fours; /* answers for IPv4 that have not been followed by one for IPv6 */
    } held;
    volatile int64_t stop;
    h_mutex *mutex;
    h_thread *thread;
};

/* The question's name as text; gives the offset behind the question, 0 if it is none. */
static int question_of(const unsigned char *packet, int length, char *name, int *type)
{
    int at = 12, out = 0;

    while (at < length && packet[at] != 0) {
        int part = packet[at++];

        if (part > 63 || at + part > length || out + part + 2 > 127)
            return 0;
        memcpy(name + out, packet + at, (size_t)part);
        out += part;
        name[out++] = '.';
        at += part;
    }
    if (at + 5 > length)
        return 0;
    name[out > 0 ? out - 1 : 0] = 0;
    *type = packet[at + 1] << 8 | packet[at + 2];
    return at + 5;
}

/* The addresses of one family; gives the offset behind the last. */
static int put_addresses(unsigned char *packet, int at, const char *addresses, int type)
{
    char one[64];
    int used, count = 0;

    while (sscanf(addresses, " %63s%n", one, &used) == 1) {
        unsigned char raw[16];
        int length = h_address_bytes(one, raw);

        addresses += used;
        if (length != (type == TYPE_A ? 4 : 16))
            continue;
        {
            const unsigned char head[] = {0xc0, 12, 0, (unsigned char)type, 0, 1, 0, 0, 0, 60, 0, (unsigned char)length};

            memcpy(packet + at, head, sizeof head);
            at += (int)sizeof head;
        }
        memcpy(packet + at, raw, (size_t)length);
        at += length;
        count++;
    }
    packet[7] = (unsigned char)count;
    return at;
}

static record *find(h_dns *dns, const char *name)
{
    int i;

    for (i = 0; i < dns->count; i++)
        if (strcmp(dns->records[i].name, name) == 0)
            return &dns->records[i];
    return NULL;
}

/* late: the question was held back. */
static void answer(h_dns *dns, unsigned char *packet, int length, int from_port, int late)
{
    char name[128];
    int type, end = question_of(packet, length, name, &type);
    record found;
    record *one;

    if (end == 0)
        return;
    h_lock(dns->mutex);
    one = find(dns, name);
    if (one)
        one->asked++;
    memset(&found, 0, sizeof found);
    if (one)
        found = *one;
    h_unlock(dns->mutex);
    if (found.how == H_DNS_SILENT)
        return;
    if (found.how == H_DNS_FOUR_FIRST && type == TYPE_AAAA && !late) {
        memcpy(dns->held.packet, packet, (size_t)length);
        dns->held.length = length;
        dns->held.port = from_port;
        return;
    }
    if (found.how == H_DNS_FOUR_FIRST && type == TYPE_A)
        dns->held.fours++;
    h_sleep(found.delay_ms);
    packet[2] = 0x81; /* an answer, recursion wanted */
    packet[3] = (unsigned char)(0x80 | (one ? 0 : 3)); /* recursion offered; 3 = no such name */
    memset(packet + 6, 0, 6);
    if (found.how == H_DNS_SERVFAIL)
        packet[3] = 0x82;
    else if (found.how == H_DNS_GARBAGE)
        memset(packet + 2, 0xff, (size_t)(end - 2));
    else if (found.how == H_DNS_WRONG_ID)
        packet[0] = (unsigned char)~packet[0];
    else if (one && (type == TYPE_A || type == TYPE_AAAA))
        end = put_addresses(packet, end, found.addresses, type);
    h_udp_send(dns->sock, dns->address, from_port, packet, end);
}

static int32_t serve(void *argument)
{
    h_dns *dns = (h_dns *)argument;
    unsigned char packet[2048];

    while (!h_get(&dns->stop)) {
        int from, got = h_udp_recv(dns->sock, packet, 512, 20, &from);

        if (got >= 12)
            answer(dns, packet, got, from, 0);
        if (dns->held.length > 0 && dns->held.fours > 0) {
            int length = dns->held.length;

            memcpy(packet, dns->held.packet, (size_t)length);
            dns->held.length = 0;
            dns->held.fours--;
            h_sleep(3);
            answer(dns, packet, length, dns->held.port, 1);
        }
    }
    return 0;
}

h_dns *h_dns_start(void)
{
    return h_dns_start_at("127.0.0.1");
}

h_dns *h_dns_start_at(const char *address)
{
    h_dns *dns = (h_dns *)calloc(1, sizeof *dns);

    dns->mutex = h_mutex_new();
    snprintf(dns->address, sizeof dns->address, "%s", address);
    dns->sock = h_udp(address, &dns->port);
    dns->thread = h_start(serve, dns);
    return dns;
}

int h_dns_port(h_dns *dns)
{
    return dns->port;
}

const char *h_dns_address(h_dns *dns)
{
    return dns->address;
}

void h_dns_add(h_dns *dns, const char *name, const char *addresses, int delay_ms, int how)
{
    record *one;

    h_lock(dns->mutex);
    one = find(dns, name);
    if (!one && dns->count < MAX_NAMES)
        one = &dns->records[dns->count++];
    if (one) {
        snprintf(one->name, sizeof one->name, "%s", name);
        snprintf(one->addresses, sizeof one->addresses, "%s", addresses);
        one->delay_ms = delay_ms;
        one->how = how;
    }
    h_unlock(dns->mutex);
}

int h_dns_asked(h_dns *dns, const char *name)
{
    record *one;
    int asked;

    h_lock(dns->mutex);
    one = find(dns, name);
    asked = one ? one->asked : 0;
    h_unlock(dns->mutex);
    return asked;
}

void h_dns_stop(h_dns *dns)
{
    h_add(&dns->stop, 1);
    h_join(dns->thread);
    h_close(dns->sock);
    h_mutex_free(dns->mutex);
    free(dns);
}
