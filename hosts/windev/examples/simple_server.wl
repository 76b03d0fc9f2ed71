// A simplified server, to be run in a thread of its own: one client at a time,
// no accept. The first read takes the client, so the client speaks first.
IF NOT wdSocketCreate("server", 5000) THEN
	Error(wdErrorInfo())
	RETURN
END
// One that says nothing does not keep the others waiting for more than a minute.
wdSocketSetOption("server", WDS_OPT_IDLE_LIMIT, 60000)
LOOP
	sMessage is string = wdSocketRead("server")
	nError is int = wdErrorCode()
	// What ends the server; all other errors are of its present client.
	IF nError = WDS_E_CLOSED OR nError = WDS_E_HANDLE OR nError = WDS_E_CANCELLED THEN BREAK
	IF nError = WDS_OK THEN
		wdSocketWrite("server", "You said: " + sMessage)
	ELSE
		// Told once; the next read takes the next client, even if this one is still there.
		wdSocketDeny("server")
	END
END
