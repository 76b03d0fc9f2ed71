// Devices whose messages begin with a binary length.

// A Modbus TCP device: reads two holding registers from address 0 of unit 1.
// A message is transaction (2 bytes), protocol 0 (2), length (2), unit (1),
// function (1) and its data. The preset knows where the length field is; it
// is filled in on a write, and answers to other transactions are discarded.
PROCEDURE ReadRegisters()
wdSocketNew("plc")
wdSocketPreset("plc", "modbus-tcp")
IF NOT wdSocketConnect("plc", 502, "192.168.1.20", 2000) THEN
	Error(wdErrorInfo())
	// wdSocketNew has made it, and the next call makes it anew.
	wdSocketClose("plc")
	RETURN
END
// Bytes of a buffer are set one by one: Charact() gives two in a UNICODE project.
bufQuestion is Buffer
bufQuestion[[1]] = 0
bufQuestion[[2]] = 1
bufQuestion[[3]] = 0
bufQuestion[[4]] = 0
bufQuestion[[5]] = 0
bufQuestion[[6]] = 0
bufQuestion[[7]] = 1
bufQuestion[[8]] = 3
bufQuestion[[9]] = 0
bufQuestion[[10]] = 0
bufQuestion[[11]] = 0
bufQuestion[[12]] = 2
bufAnswer is Buffer = wdSocketExchange("plc", bufQuestion, 1000)
IF wdErrorOccurred() THEN
	Error(wdErrorInfo())
ELSE
	sRegister is ANSI string = bufAnswer[[10 TO 11]]
	Info("First register: " + NumToString(Asc(sRegister[[1]]) * 256 + Asc(sRegister[[2]])))
END
wdSocketClose("plc")

// Another device: four bytes, low byte first, give the number of bytes that
// follow them; a message has at most 64 KB.
PROCEDURE OwnPrefix()
wdSocketNew("device")
wdSocketSetOption("device", WDS_OPT_FRAME_WIDTH, 4)
wdSocketSetOption("device", WDS_OPT_FRAME_ORDER, 1)
wdSocketSetOption("device", WDS_OPT_MAX_MESSAGE, 65536)
wdSocketChangeTransmissionMode("device", WDS_MODE_LENGTH)
IF wdSocketConnect("device", 4001, "192.168.1.21", 2000) THEN
	bufMessage is Buffer = wdSocketReadBuffer("device", 5000)
	IF wdErrorOccurred() THEN Error(wdErrorInfo())
END
wdSocketClose("device")
