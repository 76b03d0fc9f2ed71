// A simplified server, to be run in a thread of its own: one client at a time,
// no accept. The first read takes the client, so the client speaks first.
IF NOT wdSocketCreate("server", 5000) THEN
	Error(wdErrorInfo())
	RETURN
END
LOOP
	sMessage is string = wdSocketRead("server")
	nError is int = wdErrorCode()
	// Told once when a client goes; the next read takes the next client.
	IF nError = WDS_E_CLOSED OR nError = WDS_E_HANDLE THEN BREAK
	IF nError = WDS_OK THEN wdSocketWrite("server", "You said: " + sMessage)
END
