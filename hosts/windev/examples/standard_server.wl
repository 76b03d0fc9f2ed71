// A standard server: one thread for each client. wdSocketClose("server") from
// another thread, or wdSocketCloseAll(), ends it at once.

PROCEDURE Listen()
IF NOT wdSocketCreate("server", 5000) THEN
	Error(wdErrorInfo())
	RETURN
END
nClient is int = 0
// No polling: -1 waits until a client comes or the server is closed.
WHILE wdSocketWaitForConnection("server", -1)
	sChannel is string = wdSocketAccept("server")
	IF sChannel <> "" THEN
		nClient = nClient + 1
		ThreadExecute("client" + NumToString(nClient), threadNormal, Serve, sChannel)
	END
END

PROCEDURE Serve(sChannel is string)
Trace("client " + wdSocketClientInfo(sChannel, WDS_INFO_ENDPOINT))
LOOP
	sMessage is string = wdSocketRead(sChannel)
	// Closed by the client, reset, or closed by this program: the text says which.
	IF wdErrorOccurred() THEN
		Trace(wdErrorInfo())
		BREAK
	END
	wdSocketWrite(sChannel, sMessage)
END
wdSocketClose(sChannel)
