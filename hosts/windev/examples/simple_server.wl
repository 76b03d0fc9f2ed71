// A simplified server, to be run in its own thread: one client at a time, no
// accept. The first read accepts the client, so the client must send first.
IF NOT wdSocketCreate("server", 5000) THEN
	Error(wdErrorInfo())
	RETURN
END
// A silent client keeps the others waiting for at most a minute.
wdSocketSetOption("server", WDS_OPT_IDLE_LIMIT, 60000)
LOOP
	sMessage is string = wdSocketRead("server")
	nError is int = wdErrorCode()
	// These end the server; all other errors concern its present client.
	IF nError = WDS_E_CLOSED OR nError = WDS_E_HANDLE OR nError = WDS_E_CANCELLED THEN BREAK
	IF nError = WDS_OK THEN
		wdSocketWrite("server", "You said: " + sMessage)
	ELSE
		// Returned once; the next read accepts the next client, even if this one is still connected.
		wdSocketDeny("server")
	END
END
