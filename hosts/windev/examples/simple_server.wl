// A simplified server, to be run in its own thread: one client at a time, no
// accept. The first read accepts the client, so the client must send first.
IF NOT wdSocketCreate("server", 5000) THEN
	Trace(wdErrorInfo())
	RETURN
END
// A silent client keeps the others waiting for at most a minute, and so does one that never ends its message.
wdSocketSetOption("server", WDS_OPT_IDLE_LIMIT, 60000)
wdSocketSetOption("server", WDS_OPT_MESSAGE_LIMIT, 60000)
// The scope is that of the last error, of the read or of the write: after WDS_SCOPE_MESSAGE one
// message was wrong, and the client's next one may be right. wdSocketCancel ends the loop too.
LOOP
	sMessage is string = wdSocketRead("server")
	bWriting is boolean = NOT wdErrorOccurred()
	IF bWriting THEN wdSocketWrite("server", "You said: " + sMessage)
	nScope is int = wdErrorScope()
	IF nScope >= WDS_SCOPE_CONNECTION OR wdErrorCode() = WDS_E_CANCELLED THEN BREAK
	// After a write that failed, the client may still be connected, but it takes no answers. After a read, the server has closed it.
	IF bWriting AND (nScope = WDS_SCOPE_CLIENT OR nScope = WDS_SCOPE_CALL) THEN wdSocketDeny("server")
END
Trace(wdErrorInfo())
wdSocketClose("server")
