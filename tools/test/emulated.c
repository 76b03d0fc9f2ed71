/*
 * emulated.c - ends with 0 where a program has what its argument names, which emulators of system calls may lack:
 *
 *   groups  a socket joins a group on an interface, and sends to groups from there
 *   tcp     all that the system tells of a connection
 */
#define _DEFAULT_SOURCE

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

static int groups(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct ip_mreqn group;

    memset(&group, 0, sizeof group);
    group.imr_multiaddr.s_addr = inet_addr("239.20.30.43");
    group.imr_ifindex = (int)if_nametoindex("lo");
    return setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &group, sizeof group) == 0 && setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group) == 0;
}

static int tcp(void)
{
    struct tcp_info info;
    socklen_t length = sizeof info;

    return getsockopt(socket(AF_INET, SOCK_STREAM, 0), IPPROTO_TCP, TCP_INFO, &info, &length) == 0 && length > sizeof(int);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    return strcmp(argv[1], "groups") == 0 ? !groups() : strcmp(argv[1], "tcp") == 0 ? !tcp() : 2;
}
