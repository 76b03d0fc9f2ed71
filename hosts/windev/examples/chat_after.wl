// The chat server of chat_before.wl with wdsocket: no thread wakes without a reason, and the end
// of a conversation is seen without "BYE", also when a client is killed or its cable is cut.
PROCEDURE StartChat()
IF NOT wdSocketCreate("chat", 5000) THEN
	Error(wdErrorInfo())
	RETURN
END
// A client that vanishes is noticed after 30 seconds; one that does not read holds up nobody.
wdSocketSetOption("chat", WDS_OPT_PEER_GONE, 30000)
wdSocketSetOption("chat", WDS_OPT_SEND_QUEUE, 1048576)
ThreadExecute("listen", threadNormal, Listen)

PROCEDURE Listen()
LOOP
	// Waits until a client comes, or EndChat closes the server.
	sChannel is string = wdSocketAccept("chat", -1)
	IF wdErrorScope() >= WDS_SCOPE_CONNECTION OR wdErrorCode() = WDS_E_CANCELLED THEN BREAK
	IF sChannel <> "" THEN ThreadExecute("client" + sChannel, threadNormal, Serve, sChannel)
END

PROCEDURE Serve(sChannel is string)
LOOP
	sMessage is string = wdSocketRead(sChannel)
	IF NOT wdErrorOccurred() THEN wdSocketGroupPublish("chat", "", sMessage)
	IF wdErrorScope() >= WDS_SCOPE_CONNECTION OR wdErrorCode() = WDS_E_CANCELLED THEN BREAK
END
wdSocketClose(sChannel)

PROCEDURE EndChat()
// The server and its clients: every waiting call ends, and with it every thread.
wdSocketServerClose("chat")
