// An echo server in the thread of a window: no other thread, no polling. Each client
// gets its own messages back.

// Global declarations of the window.
GLOBAL
	gnQueue is int

// End of initialization of the window.
PROCEDURE StartEcho()
gnQueue = wdSocketNewQueue()
wdSocketCreate("chat", 5000)
// A client that sends nothing for ten minutes is disconnected: WDS_EVENT_TIMEOUT.
wdSocketSetOption("chat", WDS_OPT_IDLE_LIMIT, 600000)
// A client that does not read must not hold up the window: writes never wait.
wdSocketSetOption("chat", WDS_OPT_SEND_QUEUE, 1048576)
Event("OnSockets", MyWindow..Name, WDS_WINDOW_MESSAGE)
wdSocketSetWindow(gnQueue, Handle(MyWindow))
wdSocketAttach(gnQueue, "chat", True)

// Called for each window message: fetches the events. Occasionally there are none.
PROCEDURE OnSockets()
bufEvents is Buffer = wdSocketNextEvents(gnQueue)
FOR nEvent = 1 TO wdEventCount(bufEvents)
	nSocket is int = wdEventSocket(bufEvents, nEvent)
	SWITCH wdEventKind(bufEvents, nEvent)
		CASE WDS_EVENT_MESSAGE: wdSocketWrite(nSocket, "You said: " + wdSocketRead(nSocket))
		CASE WDS_EVENT_PEER_CLOSED, WDS_EVENT_RESET, WDS_EVENT_TIMEOUT: wdSocketClose(nSocket)
		CASE WDS_EVENT_ERROR
			// Less than the connection: one client could not be accepted, the server continues.
			IF wdEventDetail(bufEvents, nEvent) >= WDS_SCOPE_CONNECTION THEN wdSocketClose(nSocket)
	END
END

// Closing of the window.
PROCEDURE EndEcho()
// The server with its clients, and the queue.
wdSocketServerClose("chat")
wdSocketClose(gnQueue)
