/*
 * entry.c - the entry point of the Windows DLLs
 *
 * Go's runtime starts in a constructor and ends the whole process when the
 * system lacks ProcessPrng, as Windows 7 and Server 2012 do.  This asks first,
 * before the C run-time and with it Go begins: LoadLibrary then fails with
 * ERROR_DLL_INIT_FAILED (1114) and the host lives.
 */
#include <windows.h>

BOOL WINAPI DllMainCRTStartup(HINSTANCE self, DWORD reason, LPVOID reserved);
BOOL WINAPI wds_entry(HINSTANCE self, DWORD reason, LPVOID reserved);

#ifndef LOAD_LIBRARY_SEARCH_SYSTEM32
#define LOAD_LIBRARY_SEARCH_SYSTEM32 0x00000800
#endif

/* Go loads it from the system's folder too, and keeps it. */
static BOOL has_random(void)
{
    HMODULE library = LoadLibraryExA("bcryptprimitives.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);

    if (library == NULL)
        return FALSE;
    if (GetProcAddress(library, "ProcessPrng") != NULL)
        return TRUE;
    FreeLibrary(library);
    return FALSE;
}

BOOL WINAPI wds_entry(HINSTANCE self, DWORD reason, LPVOID reserved)
{
    if (reason == DLL_PROCESS_ATTACH && !has_random())
        return FALSE;
    return DllMainCRTStartup(self, reason, reserved);
}
