// A client of a WebSocket server in the thread of a window: nothing waits. Each
// message is text.

// Global declarations of the window.
GLOBAL
	gnWebQueue is int

// End of initialization of the window.
PROCEDURE StartWebSocket()
gnWebQueue = wdSocketNewQueue()
wdSocketNew("web")
wdSocketSetOption("web", WDS_OPT_WEBSOCKET_KIND, WDS_WEBSOCKET_TEXT)
// A ping every 20 seconds, and an error if nothing comes for a minute.
wdSocketSetOption("web", WDS_OPT_HEARTBEAT, 20000)
wdSocketSetOption("web", WDS_OPT_IDLE_LIMIT, 60000)
Event("OnWebSocket", MyWindow..Name, WDS_WINDOW_MESSAGE)
wdSocketSetWindow(gnWebQueue, Handle(MyWindow))
IF NOT wdWebSocketClientConnectEvents("web", gnWebQueue, "192.168.1.10", 8080, "/chat") THEN
	Error(wdErrorInfo())
END

PROCEDURE OnWebSocket()
bufEvents is Buffer = wdSocketNextEvents(gnWebQueue)
FOR nEvent = 1 TO wdEventCount(bufEvents)
	SWITCH wdEventKind(bufEvents, nEvent)
		CASE WDS_EVENT_CONNECTED
			wdSocketWrite("web", "Hello")
		CASE WDS_EVENT_MESSAGE
			Trace(wdSocketRead("web"))
		CASE WDS_EVENT_PEER_CLOSED
			Trace("closed with " + wdWebSocketInfo("web", WDS_INFO_WEBSOCKET_CLOSE_CODE))
			wdSocketClose("web")
		CASE WDS_EVENT_ERROR, WDS_EVENT_RESET, WDS_EVENT_TIMEOUT
			Error(wdSocketErrorInfo("web"))
			wdSocketClose("web")
	END
END

// Closing of the window.
PROCEDURE EndWebSocket()
wdSocketClose("web")
wdSocketClose(gnWebQueue)
