// A standard server: one thread for each client. wdSocketClose("server") from
// another thread, or wdSocketCloseAll(), ends it at once.

PROCEDURE Listen()
IF NOT wdSocketCreate("server", 5000) THEN
	Trace(wdErrorInfo())
	RETURN
END
// A client that sends nothing, or stops inside a message, does not hold its thread.
wdSocketSetOption("server", WDS_OPT_IDLE_LIMIT, 60000)
nClient is int = 0
LOOP
	// No polling: -1 waits until a client comes or the server is closed.
	sChannel is string = wdSocketAccept("server", -1)
	// Below this scope an error concerns one client, or is temporary.
	IF wdErrorScope() >= WDS_SCOPE_CONNECTION OR wdErrorCode() = WDS_E_CANCELLED THEN BREAK
	IF sChannel <> "" THEN
		nClient = nClient + 1
		ThreadExecute("client" + NumToString(nClient), threadNormal, Serve, sChannel)
	END
END
Trace(wdErrorInfo())
wdSocketClose("server")

PROCEDURE Serve(sChannel is string)
Trace("client " + wdSocketClientInfo(sChannel, WDS_INFO_ENDPOINT))
LOOP
	sMessage is string = wdSocketRead(sChannel)
	IF NOT wdErrorOccurred() THEN wdSocketWrite(sChannel, sMessage)
	// The read or the write failed: left, reset, silent, closed by this program. The text says which.
	// Below this scope one message was wrong, and the next one may be right.
	IF wdErrorScope() >= WDS_SCOPE_CONNECTION OR wdErrorCode() = WDS_E_CANCELLED THEN
		Trace(wdErrorInfo())
		BREAK
	END
END
wdSocketClose(sChannel)
