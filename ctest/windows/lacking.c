/*
 * lacking.c - bcryptprimitives.dll for Wine, which lacks it and without which no
 * Go program starts, and a control code of sockets that Wine 8 does not know
 * (SIO_UDP_NETRESET, which Go sets on every UDP socket).  It belongs to the
 * tests' own Wine folder and nowhere else.
 */
#include <winsock2.h>

#include <windows.h>

#include <stdint.h>
#include <string.h>

#define UDP_NETRESET 0x9800000f

BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG length); /* RtlGenRandom */

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length);

BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length)
{
    while (length > 0) {
        ULONG part = length > 0x10000 ? 0x10000 : (ULONG)length;

        if (!SystemFunction036(buffer, part))
            return FALSE;
        buffer += part;
        length -= part;
    }
    return TRUE;
}

typedef int(WSAAPI *ioctl_fn)(SOCKET, DWORD, void *, DWORD, void *, DWORD, DWORD *, WSAOVERLAPPED *, LPWSAOVERLAPPED_COMPLETION_ROUTINE);

static ioctl_fn real_ioctl;

static int WSAAPI ioctl_known(SOCKET s, DWORD code, void *in, DWORD in_size, void *out, DWORD out_size, DWORD *got, WSAOVERLAPPED *overlapped,
                              LPWSAOVERLAPPED_COMPLETION_ROUTINE done)
{
    if (code != UDP_NETRESET)
        return real_ioctl(s, code, in, in_size, out, out_size, got, overlapped, done);
    if (got != NULL)
        *got = 0;
    return 0;
}

/* A page that can be reached by an offset of 32 bits from base. */
static unsigned char *page_behind(unsigned char *base)
{
    uintptr_t at = (uintptr_t)base + 0x1000000, step = 0x100000;
    int i;

    for (i = 0; i < 2000; i++, at += step) {
        void *page = VirtualAlloc((void *)(at & ~(uintptr_t)0xffff), 4096, MEM_COMMIT | MEM_RESERVE, PAGE_EXECUTE_READWRITE);

        if (page != NULL)
            return page;
    }
    return NULL;
}

static void write_jump(unsigned char *to, ioctl_fn target)
{
#ifdef _WIN64
    static const unsigned char load[] = {0x48, 0xb8}; /* mov rax, target */
#else
    static const unsigned char load[] = {0xb8}; /* mov eax, target */
#endif
    static const unsigned char jump[] = {0xff, 0xe0};

    memcpy(to, load, sizeof load);
    memcpy(to + sizeof load, &target, sizeof target);
    memcpy(to + sizeof load + sizeof target, jump, sizeof jump);
}

/* Each later look-up of WSAIoctl gives ours. */
static void replace_ioctl(void)
{
    unsigned char *base = (unsigned char *)LoadLibraryA("ws2_32.dll"), *page;
    IMAGE_NT_HEADERS *head;
    IMAGE_EXPORT_DIRECTORY *exports;
    DWORD *names, *functions, i, old;
    WORD *numbers;

    if (base == NULL)
        return;
    head = (IMAGE_NT_HEADERS *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    exports = (IMAGE_EXPORT_DIRECTORY *)(base + head->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT].VirtualAddress);
    names = (DWORD *)(base + exports->AddressOfNames);
    functions = (DWORD *)(base + exports->AddressOfFunctions);
    numbers = (WORD *)(base + exports->AddressOfNameOrdinals);
    for (i = 0; i < exports->NumberOfNames; i++) {
        DWORD *function = &functions[numbers[i]];
        unsigned char *address = base + *function;

        if (strcmp((char *)base + names[i], "WSAIoctl") != 0)
            continue;
        page = page_behind(base);
        if (page == NULL || !VirtualProtect(function, sizeof *function, PAGE_READWRITE, &old))
            return;
        memcpy(&real_ioctl, &address, sizeof real_ioctl);
        write_jump(page, ioctl_known);
        *function = (DWORD)(page - base);
        VirtualProtect(function, sizeof *function, old, &old);
        return;
    }
}

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
    (void)self;
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH)
        replace_ioctl();
    return TRUE;
}
