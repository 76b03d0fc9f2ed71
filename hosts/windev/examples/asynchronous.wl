// A chat server and a client in the threads of their windows: no other thread, no
// polling. A procedure is called for each event.

// End of initialization of the server's window.
PROCEDURE StartServer()
IF NOT wdSocketCreate("chat", 5000) THEN
	Error(wdErrorInfo())
	RETURN
END
// One that vanishes is detected after 30 seconds.
wdSocketSetOption("chat", WDS_OPT_PEER_GONE, 30000)
IF NOT wdSocketOn("chat", "OnClient") THEN Error(wdErrorInfo())

// Called for each event of each client.
PROCEDURE OnClient(nSocket is int, sMessage is string, nEvent is int)
SWITCH nEvent
	CASE wdSocketOpening
		wdSocketWrite(nSocket, "Welcome")
	CASE wdSocketMessage
		wdSocketGroupPublish("chat", "", wdSocketClientInfo(nSocket, WDS_INFO_ENDPOINT) + ": " + sMessage)
	CASE wdSocketClosing
		// The client has left, and its socket is closed after this procedure.
		Trace(sMessage)
	CASE wdSocketError
		// The connection was cut, or one client could not be accepted: the text says which.
		Trace(sMessage)
END

// Closing of the server's window: the server and its clients.
PROCEDURE EndServer()
wdSocketServerClose("chat")

// End of initialization of the client's window.
PROCEDURE StartClient()
wdSocketNew("client")
wdSocketOn("client", "OnServer")
// 0: the window does not wait; wdSocketOpening tells that the connection is open.
IF NOT wdSocketConnect("client", 5000, "192.168.1.10", 0) THEN Error(wdErrorInfo())

PROCEDURE OnServer(nSocket is int, sMessage is string, nEvent is int)
SWITCH nEvent
	CASE wdSocketOpening
		wdSocketWrite(nSocket, "Hello")
	CASE wdSocketMessage
		Trace(sMessage)
	CASE wdSocketClosing, wdSocketError
		Info("The conversation is over: " + sMessage)
END

// Closing of the client's window.
PROCEDURE EndClient()
wdSocketClose("client")
