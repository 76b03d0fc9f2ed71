/*
 * refuse.c - a host on a Windows that cannot run the library: loading fails with
 * an error, and the host lives.
 *
 * usage: refuse.exe library.dll
 */
#include <stdio.h>
#include <windows.h>

int main(int argc, char **argv)
{
    int i, failed = 0;

    if (argc != 2)
        return 2;
    for (i = 0; i < 3; i++) {
        HMODULE library;
        DWORD error;

        SetLastError(0);
        library = LoadLibraryA(argv[1]);
        error = GetLastError();
        if (library != NULL || error != ERROR_DLL_INIT_FAILED) {
            printf("    LoadLibrary: expected NULL and error 1114, got %p and %lu\n", (void *)library, (unsigned long)error);
            failed = 1;
        }
    }
    printf("  %s load_fails_and_the_host_lives\n", failed ? "FAIL" : "ok  ");
    printf("refuse: %d passed, %d failed\n", !failed, failed);
    return failed;
}
