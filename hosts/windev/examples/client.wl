// A client of a server in the WINDEV mode, size first: sends one message and
// waits five seconds for the answer.
IF NOT wdSocketConnect("client", 5000, "127.0.0.1", 3000) THEN
	Error(wdErrorInfo())
	RETURN
END
IF wdSocketWrite("client", "Hello World") THEN
	sAnswer is string = wdSocketRead("client", False, 5000)
	IF wdErrorOccurred() THEN
		Error(wdErrorInfo())
	ELSE
		Info("The server answers: " + sAnswer)
	END
ELSE
	Error(wdErrorInfo())
END
wdSocketClose("client")
