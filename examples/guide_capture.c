/*
 * guide_capture.c - the lines of docs/capture.md, with a conversation that is recorded.
 * The files are those that the guide names; they are removed at the end.
 *
 *     guide_capture
 */
#include "example.h"

#define LOOPBACK "127.0.0.1"
#define WAIT_MS 20000

/* The bytes of a file, which is removed. */
static long size_of(const char *name)
{
	FILE *file = fopen(name, "rb");
	long size = -1;

	if (file != NULL) {
		fseek(file, 0, SEEK_END);
		size = ftell(file);
		fclose(file);
		remove(name);
	}
	return size;
}

int main(void)
{
	int32_t server = must("opening the server", WDSocketCreate(NULL, 0, LOOPBACK)), port = 0;
	int32_t socket = must("making the socket", WDSocketNew(NULL)), second;
	char answer[100];
	long trace, capture;

	must("asking for the port", WDSocketGetOption(server, WDS_OPT_LOCAL_PORT, &port));

	WDSocketSetText(0, WDS_TEXT_FAULTS, "delay=20..50 partial=1..7 seed=42");

	WDSocketSetText(0, WDS_TEXT_TRACE_FILE, "C:\\temp\\scale.txt");       /* all sockets from now on */
	WDSocketSetText(socket, WDS_TEXT_CAPTURE_FILE, "/tmp/scale.pcapng"); /* one socket, open or not */

	must("connecting", WDSocketOpen(socket, WDS_KIND_CLIENT, port, LOOPBACK, WAIT_MS));
	must("writing", WDSocketWrite(socket, "Hello World", -1));
	must("reading", WDSocketRead(server, answer, (int32_t)sizeof answer, WAIT_MS));
	second = must("connecting", WDSocketConnect(NULL, port, LOOPBACK, WAIT_MS));
	must("writing", WDSocketWrite(second, "Hello World", -1));
	must("closing all", WDSocketCloseAll());
	trace = size_of("C:\\temp\\scale.txt");
	capture = size_of("/tmp/scale.pcapng");
	printf("read \"%s\"; the trace has %ld bytes, the capture %ld\n", answer, trace, capture);
	return trace < 100 || capture < 100;
}
