// echo.pas - a Free Pascal host that talks to echo.c in each mode.
program echo;

{$MODE DELPHI}

uses
  SysUtils, Math, wdsocket;

var
  Passed, Failed: Integer;

procedure Check(const Name: string; Good: Boolean);
var
  Text: array[0..999] of AnsiChar;
begin
  if Good then
  begin
    Inc(Passed);
    WriteLn('  ok   ', Name);
    Exit;
  end;
  Inc(Failed);
  WriteLn('  FAIL ', Name);
  Text[0] := #0;
  WDSocketErrorInfo(0, WDS_INFO_DETAIL, Text, SizeOf(Text));
  WriteLn('    ', PAnsiChar(@Text[0]));
end;

function Same(const Buffer: array of AnsiChar; Length: Integer; const Expected: AnsiString): Boolean;
begin
  Result := (Length = System.Length(Expected)) and CompareMem(@Buffer[0], @Expected[1], Length);
end;

function Stream(Mode, Port: Integer): Integer;
var
  Buffer: array[0..63] of AnsiChar;
  Opened, Written, Length: Integer;
  Name: AnsiString;
begin
  Name := 'client ' + IntToStr(Mode);
  Result := WDSocketNew(PAnsiChar(Name));
  WDSocketSetOption(Result, WDS_OPT_FRAME_LENGTH, 5);
  WDSocketChangeTransmissionMode(Result, Mode, PAnsiChar(#13#10), 2);
  Opened := WDSocketOpen(Result, WDS_KIND_CLIENT, Port, '127.0.0.1', 20000);
  Written := WDSocketWrite(Result, PAnsiChar('He'#0'lo'), 5);
  Length := WDSocketRead(Result, @Buffer, SizeOf(Buffer), 20000);
  Check('mode ' + IntToStr(Mode), (Opened = WDS_OK) and (Written = 5) and Same(Buffer, Length, 'He'#0'lo'));
end;

procedure Answers(Socket, Port: Integer);
var
  Text: array[0..63] of AnsiChar;
  Number, Length: Integer;
  Figure: Int64;
  Data, Token: Pointer;
begin
  Length := WDSocketClientInfo(Socket, WDS_INFO_ENDPOINT, Text, SizeOf(Text));
  Check('text', Same(Text, Length, '127.0.0.1:' + IntToStr(Port)));
  Check('number', (WDSocketGetOption(Socket, WDS_OPT_PEER_PORT, @Number) = WDS_OK) and (Number = Port));
  Check('figure', (WDSocketGetNumber(Socket, WDS_NUM_MESSAGES_READ, @Figure) = WDS_OK) and (Figure = 1));
  WDSocketWrite(Socket, PAnsiChar('again'), 5);
  Length := WDSocketReadMessage(Socket, 20000, @Data, @Number, @Token);
  Check('message', (Length = 5) and CompareMem(Data, PAnsiChar('again'), 5) and (WDSocketMessageFree(Token) = WDS_OK));
end;

procedure Datagram(Port: Integer);
var
  Buffer, Address: array[0..63] of AnsiChar;
  Socket, Length, Sender: Integer;
begin
  Socket := WDSocketCreateUDP(nil, 0, '127.0.0.1');
  WDSocketWriteUDP(Socket, PAnsiChar('Hello'), 5, '127.0.0.1', Port);
  Length := WDSocketReadUDP(Socket, @Buffer, SizeOf(Buffer), 20000, Address, SizeOf(Address), @Sender);
  Check('UDP', Same(Buffer, Length, 'Hello') and (StrPas(PAnsiChar(@Address[0])) = '127.0.0.1') and (Sender = Port));
end;

procedure Events;
var
  Records: array[0..3] of TWDSocketEvent;
  Queue, Timer, Count: Integer;
begin
  Queue := WDSocketNewQueue;
  Timer := WDSocketNewTimer(Queue, 1, 0, 77);
  Count := WDSocketNextEvents(Queue, 20000, @Records, SizeOf(TWDSocketEvent), 4);
  Check('events', (Count = 1) and (Records[0].socket = Timer) and (Records[0].kind = WDS_EVENT_TIMER) and
    (Records[0].user = 77) and (Records[0].queue = Queue) and (SizeOf(TWDSocketEvent) = 32));
end;

// What calls leave to the program: the exceptions that it wants, and all bits of
// Extended and Currency.
procedure FloatingPoint;
var
  Amount, Product: Currency;
  One, Whole, Zero: Extended;
  Raised: Boolean;
begin
  Amount := 900719925474.0993;
  One := 1;
  Product := Amount * One;
  Check('Currency', CurrToStr(Product) = CurrToStr(Amount));
  Whole := 9007199254740993.0; // 2^53 + 1
  Check('Extended', Trunc(Whole * One) = 9007199254740993);
  Zero := One - 1;
  Raised := False;
  try
    One := One / Zero;
  except
    on EZeroDivide do
      Raised := True;
  end;
  Check('division by zero is raised', Raised and ([exInvalidOp, exZeroDivide, exOverflow] * GetExceptionMask = []));
end;

var
  Mode, Socket, Sized, Port: Integer;
begin
  Sized := 0;
  for Mode := 0 to 7 do
  begin
    Socket := Stream(Mode, StrToInt(ParamStr(Mode + 1)));
    if Mode = WDS_MODE_SIZE then
      Sized := Socket;
  end;
  Port := StrToInt(ParamStr(WDS_MODE_SIZE + 1));
  Answers(Sized, Port);
  Datagram(StrToInt(ParamStr(9)));
  Events;
  Check('error', (WDSocketRead(1, nil, 0, 0) = WDS_E_HANDLE) and (WDSocketErrorCode(0, WDS_INFO_CODE) = WDS_E_HANDLE));
  FloatingPoint;
  Check('end', WDSocketCloseAll = WDS_OK);
  WriteLn(Passed, ' passed, ', Failed, ' failed');
  Halt(Ord(Failed <> 0));
end.
