// A client that reconnects by itself, in the thread of a window. The server may be
// stopped and started again: unsent messages follow later, and messages that the
// server may not have read are reported.

// Global declarations of the window.
GLOBAL
	gnClientQueue is int

// End of initialization of the window.
PROCEDURE StartClient()
gnClientQueue = wdSocketNewQueue()
wdSocketNew("client")
wdSocketSetOption("client", WDS_OPT_RECONNECT, 1)
wdSocketSetOption("client", WDS_OPT_RECONNECT_MOST, 5000)
wdSocketSetOption("client", WDS_OPT_RECONNECT_KEEP, 1048576)
wdSocketSetOption("client", WDS_OPT_PEER_GONE, 10000)
Event("OnClient", MyWindow..Name, WDS_WINDOW_MESSAGE)
wdSocketSetWindow(gnClientQueue, Handle(MyWindow))
wdSocketAttach(gnClientQueue, "client")
// 0: the window does not wait; an event reports that the connection is open.
wdSocketConnect("client", 5000, "192.168.1.10", 0)

PROCEDURE OnClient()
bufEvents is Buffer = wdSocketNextEvents(gnClientQueue)
FOR nEvent = 1 TO wdEventCount(bufEvents)
	nValue is int = wdEventValue(bufEvents, nEvent)
	nFirst is int = wdEventDetail(bufEvents, nEvent)
	SWITCH wdEventKind(bufEvents, nEvent)
		CASE WDS_EVENT_CONNECTED
			wdSocketWrite("client", "hello")
		CASE WDS_EVENT_MESSAGE
			Trace(wdSocketRead("client"))
		CASE WDS_EVENT_RECONNECTING
			Trace("the connection is down, attempt " + NumToString(nValue))
		CASE WDS_EVENT_RECONNECTED
			Trace("the connection is back")
		CASE WDS_EVENT_DROPPED
			Trace(NumToString(nValue) + " messages were dropped, from number " + NumToString(nFirst))
		CASE WDS_EVENT_UNSURE
			Trace(NumToString(nValue) + " messages may not have been read, from number " + NumToString(nFirst))
		CASE WDS_EVENT_NOISE
			Trace(NumToString(nValue) + " bytes that are not a message were skipped")
		CASE WDS_EVENT_ERROR, WDS_EVENT_PEER_CLOSED, WDS_EVENT_RESET, WDS_EVENT_TIMEOUT
			Error(wdSocketErrorInfo("client"))
			// It is over for good, and held until it is closed.
			wdSocketClose("client")
	END
END

// Closing of the window.
PROCEDURE EndClient()
wdSocketClose("client")
wdSocketClose(gnClientQueue)
