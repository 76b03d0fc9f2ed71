// The first message: a server and a client in one button. Every result is looked at, and no
// wait is longer than three seconds, so that the window does not freeze.
nServer is int = wdSocketCreate("", 0, "127.0.0.1")
IF nServer = 0 THEN
	Error(wdErrorInfo())
	RETURN
END
nClient is int = wdSocketConnect("", wdSocketGetOption(nServer, WDS_OPT_LOCAL_PORT), "127.0.0.1", 3000)
IF nClient = 0 THEN
	Error(wdErrorInfo())
	wdSocketClose(nServer)
	RETURN
END
sMessage is string = ""
IF wdSocketWrite(nClient, "Hello World") THEN sMessage = wdSocketRead(nServer, False, 3000)
// Of the write or of the read, whichever came last.
IF wdErrorOccurred() THEN
	Error(wdErrorInfo())
ELSE
	Info(sMessage)
END
wdSocketClose(nClient)
wdSocketClose(nServer)
