// An echo server in three lines, in the thread of a window: at the end of its
// initialization, and a procedure that is called for each event of each client.
wdSocketCreate("chat", 5000)
wdSocketOn("chat", "OnClient")

PROCEDURE OnClient(nSocket is int, sMessage is string, nEvent is int)
IF nEvent = wdSocketMessage THEN wdSocketWrite(nSocket, "You said: " + sMessage)
