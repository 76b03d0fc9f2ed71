// A chat server in the thread of a window: no other thread, no polling. The window
// gets a message when there are events, and OnSockets fetches them.

// Global declarations of the window.
GLOBAL
	gnQueue is int

// End of initialization of the window.
PROCEDURE StartChat()
gnQueue = wdSocketNewQueue()
IF NOT wdSocketCreate("chat", 5000) THEN
	Error(wdErrorInfo())
	RETURN
END
// A client that does not read must not hold up the window: writes never wait.
wdSocketSetOption("chat", WDS_OPT_SEND_QUEUE, 1048576)
// A client that only listens stays; one that vanishes is detected after 30 seconds.
wdSocketSetOption("chat", WDS_OPT_PEER_GONE, 30000)
wdSocketSetOption("chat", WDS_OPT_MAX_CLIENTS, 1000)
Event("OnSockets", MyWindow..Name, WDS_WINDOW_MESSAGE)
wdSocketSetWindow(gnQueue, Handle(MyWindow))
wdSocketAttach(gnQueue, "chat", True)

// Called for each window message: fetches the events. Occasionally there are none.
PROCEDURE OnSockets()
bufEvents is Buffer = wdSocketNextEvents(gnQueue)
FOR nEvent = 1 TO wdEventCount(bufEvents)
	nSocket is int = wdEventSocket(bufEvents, nEvent)
	sWho is string = wdSocketClientInfo(nSocket, WDS_INFO_ENDPOINT)
	SWITCH wdEventKind(bufEvents, nEvent)
		CASE WDS_EVENT_ACCEPTED
			wdSocketGroupPublish("chat", "", sWho + " comes in")
		CASE WDS_EVENT_MESSAGE
			wdSocketGroupPublish("chat", "", sWho + ": " + wdSocketRead(nSocket))
		CASE WDS_EVENT_PEER_CLOSED, WDS_EVENT_RESET, WDS_EVENT_TIMEOUT
			wdSocketClose(nSocket)
			wdSocketGroupPublish("chat", "", sWho + " leaves")
		CASE WDS_EVENT_ERROR
			// Less than the connection: one client could not be accepted, the server continues.
			IF wdEventDetail(bufEvents, nEvent) >= WDS_SCOPE_CONNECTION THEN
				wdSocketClose(nSocket)
				wdSocketGroupPublish("chat", "", sWho + " leaves")
			END
	END
END

// Closing of the window.
PROCEDURE EndChat()
// The server with its clients, and the queue.
wdSocketServerClose("chat")
wdSocketClose(gnQueue)
