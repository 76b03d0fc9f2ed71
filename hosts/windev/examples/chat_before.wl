// A chat server with the socket functions of WLanguage, as many programs have it: every thread
// wakes every 10 ms, and "BYE" tells the other end that the conversation is over. chat_after.wl
// is the same server with wdsocket.
GLOBAL
	gbEnd is boolean = False
	garrChannels is array of strings

PROCEDURE StartChat()
IF NOT SocketCreate("chat", 5000) THEN
	Error(ErrorInfo())
	RETURN
END
ThreadExecute("listen", threadNormal, Listen)

PROCEDURE Listen()
LOOP
	IF gbEnd THEN BREAK
	IF SocketWaitForConnection("chat", 10) THEN
		sChannel is string = SocketAccept("chat")
		IF sChannel <> "" THEN
			ArrayAdd(garrChannels, sChannel)
			ThreadExecute("client" + sChannel, threadNormal, Serve, sChannel)
		END
	END
END

PROCEDURE Serve(sChannel is string)
LOOP
	IF gbEnd THEN BREAK
	sMessage is string = SocketRead(sChannel, False, 10)
	IF sMessage = "BYE" THEN BREAK
	IF sMessage <> "" THEN
		FOR EACH sOther OF garrChannels
			SocketWrite(sOther, sMessage)
		END
	END
END
SocketWrite(sChannel, "BYE")
SocketClose(sChannel)

PROCEDURE EndChat()
gbEnd = True
ThreadWait("listen", 1000)
SocketClose("chat")
