/*
 * Made by tools/abigen from wdsocket.h. Do not edit.
 *
 * What the C shim and the Go exports share. The Go files that hold exports
 * include this file; it only declares.
 */
#ifndef WDSOCKET_EXPORT_SHIM_H
#define WDSOCKET_EXPORT_SHIM_H

#include <stdint.h>

/*
 * The error record of one thread. The shim owns it and sets code to 0 before
 * each call that may set it; Go fills it when the call fails, and the shim adds
 * the handle that the call was given, 0 for none. opened is the kind of socket
 * that the call was to make and open, 0 for other calls. text holds eight texts in
 * UTF-8, each ended by NUL: who, five arguments of the note, that of the hint,
 * detail.
 */
typedef struct {
    int32_t code;
    int32_t system;
    int32_t phase;
    int32_t note;
    int32_t hint;
    int32_t socket;
    int32_t opened;
    char text[4068];
} wds_record;

/* Calls the host's callback of a queue. */
extern void wds_invoke(uintptr_t callback, const int32_t *event, uintptr_t user, int32_t queue);

/* The queue whose callback the calling thread is in, 0 for none. */
extern int32_t wds_current_callback(void);

/* The language of texts and the encoding of the host's, which Go keeps up to date here for forked children. */
extern int32_t wds_language;
extern int32_t wds_host_text;

/* WDSocketErrorInfo, WDSocketErrorCode and WDSocketErrorText in a forked child, see export_forked.c. */
extern int32_t wds_forked_info(int32_t what, char *text, int32_t capacity);
extern int32_t wds_forked_code(int32_t what);
extern int32_t wds_forked_text(int32_t code, int32_t what, char *text, int32_t capacity);

/*
 * The Go exports behind the public functions, without const because cgo
 * declares them so.
 */
extern int32_t wdsgo_Version(wds_record *rec);
extern int32_t wdsgo_CloseAll(wds_record *rec);
extern int32_t wdsgo_ErrorInfo(wds_record *rec, int32_t socket, int32_t what, char *text, int32_t capacity);
extern int32_t wdsgo_ErrorCode(wds_record *rec, int32_t socket, int32_t what);
extern int32_t wdsgo_ErrorText(wds_record *rec, int32_t code, int32_t what, char *text, int32_t capacity);
extern int32_t wdsgo_ErrorScope(wds_record *rec, int32_t socket, int32_t code);
extern int32_t wdsgo_New(wds_record *rec, char *socket_name);
extern int32_t wdsgo_Open(wds_record *rec, int32_t socket, int32_t kind, int32_t port, char *address, int32_t timeout_ms);
extern int32_t wdsgo_Connect(wds_record *rec, char *socket_name, int32_t port, char *address, int32_t timeout_ms);
extern int32_t wdsgo_Create(wds_record *rec, char *socket_name, int32_t port, char *address);
extern int32_t wdsgo_CreateUDP(wds_record *rec, char *socket_name, int32_t port, char *address);
extern int32_t wdsgo_ConnectSSL(wds_record *rec, char *socket_name, int32_t port, char *address, int32_t ssl_options, int32_t timeout_ms, char *client_certificate, char *password);
extern int32_t wdsgo_CreateSSL(wds_record *rec, char *socket_name, int32_t port, char *certificate, int32_t ssl_options, char *address, char *password);
extern int32_t wdsgo_StartSSL(wds_record *rec, int32_t socket, int32_t role, int32_t ssl_options, char *certificate, char *password, int32_t timeout_ms);
extern int32_t wdsgo_StopSSL(wds_record *rec, int32_t socket, int32_t timeout_ms);
extern int32_t wdsgo_SSLInfo(wds_record *rec, int32_t socket, int32_t what, int32_t index, char *text, int32_t capacity);
extern int32_t wdsgo_WebSocketInfo(wds_record *rec, int32_t socket, int32_t what, char *text, int32_t capacity);
extern int32_t wdsgo_WaitForConnection(wds_record *rec, int32_t server, int32_t timeout_ms);
extern int32_t wdsgo_Accept(wds_record *rec, int32_t server, int32_t timeout_ms);
extern int32_t wdsgo_Deny(wds_record *rec, int32_t server);
extern int32_t wdsgo_Read(wds_record *rec, int32_t socket, void *buffer, int32_t capacity, int32_t timeout_ms);
extern int32_t wdsgo_ReadMany(wds_record *rec, int32_t socket, void *buffer, int32_t capacity, int32_t *lengths, int32_t count, int32_t timeout_ms);
extern int32_t wdsgo_ReadMessage(wds_record *rec, int32_t socket, int32_t timeout_ms, void **data, int32_t *length, void **message);
extern int32_t wdsgo_MessageFree(wds_record *rec, void *message);
extern int32_t wdsgo_ReadExactly(wds_record *rec, int32_t socket, void *buffer, int32_t length, int32_t timeout_ms);
extern int32_t wdsgo_ReadUntil(wds_record *rec, int32_t socket, void *buffer, int32_t capacity, void *tag, int32_t tag_length, int32_t timeout_ms);
extern int32_t wdsgo_Write(wds_record *rec, int32_t socket, void *data, int32_t length);
extern int32_t wdsgo_Exchange(wds_record *rec, int32_t socket, void *data, int32_t length, void *reply, int32_t capacity, int32_t timeout_ms);
extern int32_t wdsgo_WriteUDP(wds_record *rec, int32_t socket, void *data, int32_t length, char *address, int32_t port);
extern int32_t wdsgo_ReadUDP(wds_record *rec, int32_t socket, void *buffer, int32_t capacity, int32_t timeout_ms, char *address, int32_t address_capacity, int32_t *port);
extern int32_t wdsgo_Available(wds_record *rec, int32_t socket);
extern int32_t wdsgo_Discard(wds_record *rec, int32_t socket, int32_t what);
extern int32_t wdsgo_ChangeTransmissionMode(wds_record *rec, int32_t socket, int32_t mode, void *tag, int32_t tag_length);
extern int32_t wdsgo_Flush(wds_record *rec, int32_t socket, int32_t timeout_ms);
extern int32_t wdsgo_NewQueue(wds_record *rec);
extern int32_t wdsgo_Attach(wds_record *rec, int32_t queue, int32_t socket, int32_t how);
extern int32_t wdsgo_Detach(wds_record *rec, int32_t socket);
extern int32_t wdsgo_NextEvents(wds_record *rec, int32_t queue, int32_t timeout_ms, void *events, int32_t record_bytes, int32_t capacity);
extern int32_t wdsgo_NewTimer(wds_record *rec, int32_t queue, int32_t delay_ms, int32_t repeat_ms, int32_t user_number);
extern int32_t wdsgo_SetCallback(wds_record *rec, int32_t queue, uintptr_t callback, uintptr_t user);
extern int32_t wdsgo_SetWindow(wds_record *rec, int32_t queue, uintptr_t window, int32_t message);
extern int32_t wdsgo_Descriptor(wds_record *rec, int32_t queue);
extern int32_t wdsgo_GroupJoin(wds_record *rec, int32_t channel, char *group);
extern int32_t wdsgo_GroupLeave(wds_record *rec, int32_t channel, char *group);
extern int32_t wdsgo_GroupPublish(wds_record *rec, int32_t server, char *group, void *data, int32_t length);
extern int32_t wdsgo_ClientInfo(wds_record *rec, int32_t socket, int32_t what, char *text, int32_t capacity);
extern int32_t wdsgo_LocalInfo(wds_record *rec, int32_t socket, int32_t what, char *text, int32_t capacity);
extern int32_t wdsgo_Exist(wds_record *rec, int32_t socket);
extern int32_t wdsgo_State(wds_record *rec, int32_t socket);
extern int32_t wdsgo_Find(wds_record *rec, char *socket_name);
extern int32_t wdsgo_Name(wds_record *rec, int32_t socket, char *text, int32_t capacity);
extern int32_t wdsgo_List(wds_record *rec, int32_t server, int32_t *sockets, int32_t capacity);
extern int32_t wdsgo_GetNumber(wds_record *rec, int32_t socket, int32_t what, int64_t *value);
extern int32_t wdsgo_Statistics(wds_record *rec, int32_t socket, int64_t *figures, int32_t count);
extern int32_t wdsgo_SelfTest(wds_record *rec, char *text, int32_t capacity);
extern int32_t wdsgo_Guess(wds_record *rec, void *data, int32_t length, char *text, int32_t capacity);
extern int32_t wdsgo_SetOption(wds_record *rec, int32_t socket, int32_t option, int32_t value);
extern int32_t wdsgo_GetOption(wds_record *rec, int32_t socket, int32_t option, int32_t *value);
extern int32_t wdsgo_SetText(wds_record *rec, int32_t socket, int32_t option, char *text);
extern int32_t wdsgo_GetText(wds_record *rec, int32_t socket, int32_t option, char *text, int32_t capacity);
extern int32_t wdsgo_SetBytes(wds_record *rec, int32_t socket, int32_t option, void *data, int32_t length);
extern int32_t wdsgo_GetBytes(wds_record *rec, int32_t socket, int32_t option, void *buffer, int32_t capacity);
extern int32_t wdsgo_Cancel(wds_record *rec, int32_t socket);
extern int32_t wdsgo_WakeupDescriptor(wds_record *rec);
extern int32_t wdsgo_Close(wds_record *rec, int32_t socket);
extern int32_t wdsgo_CloseEx(wds_record *rec, int32_t socket, int32_t how, int32_t timeout_ms);

/* Those that no public function stands for. */
extern int32_t wdsgo_Start(void);
extern void wdsgo_Interrupt(uint32_t clearings);

#endif
