/*
 * dns.h - a small name server on loopback, as good or as bad as a test wants it.
 */
#ifndef HARNESS_DNS_H
#define HARNESS_DNS_H

#include <stdint.h>

typedef struct h_dns h_dns;
enum { H_DNS_ANSWER, H_DNS_SERVFAIL, H_DNS_GARBAGE, H_DNS_SILENT, H_DNS_WRONG_ID, H_DNS_FOUR_FIRST };

h_dns *h_dns_start(void);
h_dns *h_dns_start_at(const char *address); /* another one of this machine's own than 127.0.0.1 */
int h_dns_port(h_dns *dns);
const char *h_dns_address(h_dns *dns);
/* name gives these addresses of IPv4 and IPv6, "a b c"; delay_ms before each answer; how is
   one of H_DNS_ (H_DNS_FOUR_FIRST: the answer for IPv6 follows 3 ms behind that for IPv4) */
void h_dns_add(h_dns *dns, const char *name, const char *addresses, int delay_ms, int how);
int h_dns_asked(h_dns *dns, const char *name); /* how often */
void h_dns_stop(h_dns *dns);

#endif
