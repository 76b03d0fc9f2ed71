// The devices of docs/devices.md, which says what each of them sends and means. Copy the
// procedures of your device; addresses and ports are examples.

// The queue of the trackers.
GLOBAL
	gnQueue is int

// A scale: its weight once it is stable, or -1.
PROCEDURE StableWeight()
sLine is string
wdSocketConnect("scale", 4305, "192.168.1.30", 3000)
wdSocketChangeTransmissionMode("scale", WDS_MODE_END_TAG, Charact(13) + Charact(10))
FOR nTry = 1 TO 5
	wdSocketWrite("scale", "S")
	sLine = wdSocketRead("scale", False, 5000)
	IF wdErrorOccurred() THEN BREAK
	// 16 characters: with noise in front, or without its beginning, a line has another number.
	IF Length(sLine) = 16 AND sLine[[1 TO 4]] = "S S " THEN BREAK
	sLine = ""
END
wdSocketClose("scale")
IF sLine = "" THEN RESULT -1
RESULT Val(sLine[[5 TO 14]])

// A receipt printer: prints, unless it has no paper.
PROCEDURE PrinterStatus(nWhich is int)
bufQuestion is Buffer
bufQuestion[[1]] = 16
bufQuestion[[2]] = 4
bufQuestion[[3]] = nWhich
bufAnswer is Buffer = wdSocketExchange("printer", bufQuestion, 5000)
IF wdErrorOccurred() THEN RESULT -1
sStatus is ANSI string = bufAnswer
RESULT Asc(sStatus[[1]])

PROCEDURE PrintReceipt(sReceipt is string)
wdSocketConnect("printer", 9100, "192.168.1.31", 3000)
wdSocketChangeTransmissionMode("printer", WDS_MODE_RAW)
// Bits 5 and 6 of status 4: no paper. Bit 3 of status 1: off line.
nPaper is int = PrinterStatus(4)
bPrinted is boolean = False
IF nPaper >= 0 AND nPaper < 32 THEN bPrinted = wdSocketWrite("printer", Charact(27) + "@" + sReceipt + Charact(29) + "VB" + Charact(0))
wdSocketClose("printer")
RESULT bPrinted

// A label printer: prints, unless it has no labels or is paused.
PROCEDURE PrintLabel(sText is string)
sFirst is string
sSecond is string
sThird is string
wdSocketConnect("labels", 9100, "192.168.1.32", 3000)
wdSocketChangeTransmissionMode("labels", WDS_MODE_END_TAG, Charact(3) + Charact(13) + Charact(10))
wdSocketSetOption("labels", WDS_OPT_WRITE_MODE, WDS_MODE_RAW)
wdSocketWrite("labels", "~HS")
sFirst = wdSocketRead("labels", False, 5000)
sSecond = wdSocketRead("labels", False, 5000)
sThird = wdSocketRead("labels", False, 5000)
bPrinted is boolean = False
IF NOT wdErrorOccurred() THEN
	// The second field: no labels. The third: paused.
	IF ExtractString(sFirst, 2, ",") = "0" AND ExtractString(sFirst, 3, ",") = "0" THEN
		bPrinted = wdSocketWrite("labels", "^XA^FO50,50^A0N,50,50^FD" + sText + "^FS^XZ")
	END
END
wdSocketClose("labels")
RESULT bPrinted

// A barcode reader: each code as it comes, in a thread.
PROCEDURE ReadCodes()
sCode is string
wdSocketConnect("reader", 9004, "192.168.1.33", 3000)
wdSocketChangeTransmissionMode("reader", WDS_MODE_END_TAG, Charact(13))
LOOP
	// Without limit: until somebody has a code read. In a window use events instead.
	sCode = wdSocketRead("reader")
	IF wdErrorOccurred() THEN BREAK
	IF Length(sCode) > 0 THEN
		// Of a reader that is set up for CR LF.
		IF sCode[[1]] = Charact(10) THEN sCode = sCode[[2 TO]]
	END
	Trace(sCode)
END
wdSocketClose("reader")
RESULT True

// A payment terminal: True if the amount was paid.
PROCEDURE SayByte(nByte is int)
bufByte is Buffer
bufByte[[1]] = nByte
wdSocketSetOption("terminal", WDS_OPT_WRITE_MODE, WDS_MODE_RAW)
bWritten is boolean = wdSocketWriteBuffer("terminal", bufByte)
wdSocketSetOption("terminal", WDS_OPT_WRITE_MODE, -1)
RESULT bWritten

PROCEDURE HearByte(nTimeout is int)
bufByte is Buffer = wdSocketReadExactly("terminal", 1, nTimeout)
IF wdErrorOccurred() THEN RESULT -1
sByte is ANSI string = bufByte
RESULT Asc(sByte[[1]])

PROCEDURE Pay(nCents is int)
sResult is string
sAmount is string = NumToString(nCents, "08d")
wdSocketConnect("terminal", 8888, "192.168.1.34", 3000)
wdSocketPreset("terminal", "stx-etx-bcc")
SayByte(5)
IF HearByte(3000) = 6 THEN
	wdSocketWrite("terminal", "01" + sAmount + "010978          A010B010")
	IF HearByte(3000) = 6 THEN
		SayByte(4)
		// The customer has 90 seconds.
		IF HearByte(90000) = 5 THEN
			SayByte(6)
			sResult = wdSocketRead("terminal", False, 3000)
			SayByte(6)
		END
	END
END
wdSocketClose("terminal")
IF Length(sResult) < 25 THEN RESULT False
RESULT sResult[[3]] = "0" AND sResult[[4 TO 11]] = sAmount

// A PLC with Modbus TCP: one register of unit 1, or -1.
PROCEDURE ReadRegister(nRegister is int)
wdSocketNew("plc")
wdSocketPreset("plc", "modbus-tcp")
nValue is int = -1
IF wdSocketConnect("plc", 502, "192.168.1.20", 2000) THEN
	// Transaction 1, unit 1, function 3: one register.
	bufQuestion is Buffer = HexaToBuffer("00 01 00 00 00 00 01 03 00 00 00 01")
	bufQuestion[[9]] = IntegerPart(nRegister / 256)
	bufQuestion[[10]] = nRegister modulo 256
	bufAnswer is Buffer = wdSocketExchange("plc", bufQuestion, 3000)
	IF NOT wdErrorOccurred() THEN
		sAnswer is ANSI string = bufAnswer
		IF Length(bufAnswer) = 11 THEN nValue = Asc(sAnswer[[10]]) * 256 + Asc(sAnswer[[11]])
	END
END
wdSocketClose("plc")
RESULT nValue

// A PLC with the S7 protocol: 20 bytes of data block 1, in hexadecimal.
PROCEDURE ReadBlock()
wdSocketNew("s7")
wdSocketPreset("s7", "tpkt")
sBytes is string
IF wdSocketConnect("s7", 102, "192.168.1.21", 3000) THEN
	// Rack 0, slot 2; then packets of 480 bytes; then 20 bytes from the beginning of data block 1.
	bufConnect is Buffer = wdSocketExchange("s7", HexaToBuffer("11E00000000100C0010AC1020100C2020102"), 3000)
	// Answers repeat the reference of their question, behind 7 bytes.
	wdSocketSetOption("s7", WDS_OPT_EXCHANGE_FIELD, 7)
	bufSetup is Buffer = wdSocketExchange("s7", HexaToBuffer("02F08032010000000100080000F0000001000101E0"), 3000)
	bufRead is Buffer = wdSocketExchange("s7", HexaToBuffer("02F080320100000002000E00000401120A10020014000184000000"), 3000)
	// Behind 15 bytes of headers: function, items, FF 04, length.
	IF Length(bufRead) = 41 THEN sBytes = BufferToHexa(bufRead[[22 TO 41]])
END
wdSocketClose("s7")
RESULT sBytes

// An HL7 receiver: True if it has accepted the message.
PROCEDURE SendHL7(sMessage is string, sNumber is string)
sAnswer is string
wdSocketNew("his")
wdSocketPreset("his", "mllp")
bAccepted is boolean = False
IF wdSocketConnect("his", 2575, "192.168.1.40", 3000) THEN
	wdSocketWrite("his", sMessage)
	LOOP
		sAnswer = wdSocketRead("his", False, 10000)
		IF wdErrorOccurred() THEN BREAK
		// An answer that comes late belongs to a message before.
		IF Position(sAnswer, "|" + sNumber) > 0 THEN
			bAccepted = Position(sAnswer, Charact(13) + "MSA|AA|" + sNumber) > 0
			BREAK
		END
	END
END
wdSocketClose("his")
RESULT bAccepted

// GPS trackers: a server for many of them, in the thread of a window.
PROCEDURE OpenTrackers()
gnQueue = wdSocketNewQueue()
wdSocketCreate("trackers", 5027)
wdSocketChangeTransmissionMode("trackers", WDS_MODE_LENGTH)
wdSocketSetOption("trackers", WDS_OPT_WRITE_MODE, WDS_MODE_RAW)
wdSocketSetOption("trackers", WDS_OPT_IDLE_LIMIT, 600000)
wdSocketSetOption("trackers", WDS_OPT_SEND_QUEUE, 1048576)
wdSocketAttach(gnQueue, "trackers", True)
RESULT True

PROCEDURE OneMessage(nSocket is int)
bufMessage is Buffer = wdSocketReadBuffer(nSocket, 0)
bufAnswer is Buffer
sBytes is ANSI string = bufMessage
IF wdErrorOccurred() THEN RESULT False
IF wdSocketGetOption(nSocket, WDS_OPT_USER_NUMBER) = 0 THEN
	// The login: from now on packets.
	wdSocketSetOption(nSocket, WDS_OPT_USER_NUMBER, 1)
	wdSocketSetText(nSocket, WDS_TEXT_USER_TEXT, sBytes)
	wdSocketSetOption(nSocket, WDS_OPT_FRAME_OFFSET, 4)
	wdSocketSetOption(nSocket, WDS_OPT_FRAME_WIDTH, 4)
	wdSocketSetOption(nSocket, WDS_OPT_FRAME_ADJUSTMENT, 4)
	bufAnswer[[1]] = 1
	RESULT wdSocketWriteBuffer(nSocket, bufAnswer)
END
// The second byte is the number of records. The program in C decodes them and verifies the CRC.
IF Length(bufMessage) < 7 THEN RESULT False
bufAnswer = HexaToBuffer("00 00 00 00")
bufAnswer[[4]] = Asc(sBytes[[2]])
Trace(wdSocketGetText(nSocket, WDS_TEXT_USER_TEXT), BufferToHexa(bufMessage))
RESULT wdSocketWriteBuffer(nSocket, bufAnswer)

PROCEDURE OnTrackers()
bufEvents is Buffer = wdSocketNextEvents(gnQueue)
FOR nEvent = 1 TO wdEventCount(bufEvents)
	nSocket is int = wdEventSocket(bufEvents, nEvent)
	SWITCH wdEventKind(bufEvents, nEvent)
		CASE WDS_EVENT_MESSAGE
			IF NOT OneMessage(nSocket) THEN wdSocketClose(nSocket)
		CASE WDS_EVENT_PEER_CLOSED, WDS_EVENT_RESET, WDS_EVENT_TIMEOUT: wdSocketClose(nSocket)
		CASE WDS_EVENT_ERROR
			IF wdEventDetail(bufEvents, nEvent) >= WDS_SCOPE_CONNECTION THEN wdSocketClose(nSocket)
	END
END
RESULT True
