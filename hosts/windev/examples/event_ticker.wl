// A server that publishes prices twice a second; run it in its own thread.
// A client sends a name and gets the prices of that name from then on.
// wdSocketCancel(nQueue) or wdSocketCloseAll() from another thread ends it.
nQueue is int = wdSocketNewQueue()
IF NOT wdSocketCreate("ticker", 5001) THEN
	Trace(wdErrorInfo())
	wdSocketClose(nQueue)
	RETURN
END
// A client that does not read loses its oldest prices and does not delay others.
wdSocketSetOption("ticker", WDS_OPT_PUBLISH_QUEUE, 65536)
wdSocketSetOption("ticker", WDS_OPT_PUBLISH_POLICY, 0)
wdSocketSetOption("ticker", WDS_OPT_PEER_GONE, 30000)
wdSocketAttach(nQueue, "ticker", True)
wdSocketNewTimer(nQueue, 500, 500)
nPrice is int = 9120
LOOP
	// No polling: it sleeps until something happens.
	bufEvents is Buffer = wdSocketNextEvents(nQueue, -1)
	// Cancelled, or the queue is closed: an error of the queue, never of a client.
	IF wdErrorOccurred() THEN BREAK
	FOR nEvent = 1 TO wdEventCount(bufEvents)
		nSocket is int = wdEventSocket(bufEvents, nEvent)
		SWITCH wdEventKind(bufEvents, nEvent)
			CASE WDS_EVENT_TIMER
				nPrice = nPrice + Random(-10, 10)
				// Encoded once, written to every member of the group.
				wdSocketGroupPublish("ticker", "copper", "copper " + NumToString(nPrice))
			CASE WDS_EVENT_MESSAGE
				wdSocketGroupJoin(nSocket, wdSocketRead(nSocket))
			CASE WDS_EVENT_DROPPED
				Trace("a client does not read: " + NumToString(wdEventValue(bufEvents, nEvent)) + " prices dropped")
			CASE WDS_EVENT_PEER_CLOSED, WDS_EVENT_RESET, WDS_EVENT_TIMEOUT
				wdSocketClose(nSocket)
			CASE WDS_EVENT_ERROR
				// Less than the connection: one client could not be accepted, the server continues.
				IF wdEventDetail(bufEvents, nEvent) >= WDS_SCOPE_CONNECTION THEN wdSocketClose(nSocket)
		END
	END
END
Trace(NumToString(wdSocketStatistic("ticker", WDS_STAT_ACCEPTED)) + " clients came")
// The server, its clients and the queue: closing the server alone leaves its clients open.
wdSocketCloseAll()
