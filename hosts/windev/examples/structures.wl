// Messages that are structures: numbers of fixed size one behind the other, as a program in C
// or a PLC sends them. A structure that goes through Transfer has numbers and texts of fixed size only.
STMeasure is Structure
	nNumber is int
	nValue is int
END

PROCEDURE SendMeasure(nNumber is int, nValue is int)
stMeasure is STMeasure
stMeasure.nNumber = nNumber
stMeasure.nValue = nValue
bufMessage is Buffer on 8
Transfer(&bufMessage, &stMeasure, 8)
IF NOT wdSocketWriteBuffer("device", bufMessage) THEN Trace(wdErrorInfo())

PROCEDURE ReceiveMeasure()
stMeasure is STMeasure
bufMessage is Buffer = wdSocketReadBuffer("device", 2000)
IF Length(bufMessage) <> 8 THEN
	Trace("no measure: " + wdErrorInfo())
	RETURN
END
Transfer(&stMeasure, &bufMessage, 8)
Trace("measure " + NumToString(stMeasure.nNumber) + ": " + NumToString(stMeasure.nValue))
