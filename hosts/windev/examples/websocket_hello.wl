// A client of a WebSocket server in the thread of a window, in as few lines as possible.
// websocket.wl has pings and a limit of silence besides.

// Global declarations of the window.
GLOBAL
	gnQueue is int

// End of initialization of the window.
PROCEDURE StartHello()
gnQueue = wdSocketNewQueue()
Event("OnWebSocket", MyWindow..Name, WDS_WINDOW_MESSAGE)
wdSocketSetWindow(gnQueue, Handle(MyWindow))
wdWebSocketClientConnectEvents("client", gnQueue, "192.168.1.10", 80, "/MyWebSocketServer")

PROCEDURE OnWebSocket()
bufEvents is Buffer = wdSocketNextEvents(gnQueue)
FOR nEvent = 1 TO wdEventCount(bufEvents)
	SWITCH wdEventKind(bufEvents, nEvent)
		CASE WDS_EVENT_CONNECTED: wdSocketWrite("client", "Hello")
		CASE WDS_EVENT_MESSAGE: Trace(wdSocketRead("client"))
		CASE WDS_EVENT_PEER_CLOSED, WDS_EVENT_RESET, WDS_EVENT_TIMEOUT
			Trace("closed: " + wdWebSocketInfo("client", WDS_INFO_WEBSOCKET_CLOSE_REASON))
			wdSocketClose("client")
		CASE WDS_EVENT_ERROR
			Error(wdSocketErrorInfo("client"))
			IF wdEventDetail(bufEvents, nEvent) >= WDS_SCOPE_CONNECTION THEN wdSocketClose("client")
	END
END

// Closing of the window.
PROCEDURE EndHello()
wdSocketClose("client")
wdSocketClose(gnQueue)
