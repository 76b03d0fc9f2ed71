// event_echo.pas - an echo server that serves all clients in one thread, without
// polling: it sends each message back (WDS_MODE_SIZE).
//
//     fpc -Fu.. event_echo.pas
//     event_echo PORT [SILENCE_MS]
//
// Ctrl-C stops it cleanly; port 0 = any; clients silent for SILENCE_MS are ended.
// For Delphi and Free Pascal on Windows, and Free Pascal on Linux.
program event_echo;

{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}
{$APPTYPE CONSOLE}

uses
  {$IFDEF MSWINDOWS}Windows{$ELSE}BaseUnix{$ENDIF}, SysUtils, wdsocket;

const
  LONGEST = 1048576;

var
  Buffer: array[0..LONGEST - 1] of AnsiChar;
  Stopping: Boolean; // clients that always send never make WDSocketNextEvents wait

// Must ends the program where it cannot do what it is for.
function Must(const What: string; Code: Integer): Integer;
var
  Text: array[0..999] of AnsiChar;
begin
  Result := Code;
  if Code >= 0 then
    Exit;
  Text[0] := #0;
  WDSocketErrorInfo(0, WDS_INFO_MESSAGE, Text, SizeOf(Text));
  WriteLn(StdErr, What, ': ', PAnsiChar(@Text[0]));
  Halt(1);
end;

// Ctrl-C: the wait in WDSocketNextEvents ends with WDS_E_CANCELLED. In a handler of
// a signal no other function of the library may be called.
{$IFDEF MSWINDOWS}
function Stop(Kind: DWORD): BOOL; stdcall;
begin
  Stopping := True;
  WDSocketWakeup(1);
  Result := True;
end;

procedure StopWhenTold;
begin
  SetConsoleCtrlHandler(@Stop, True);
end;
{$ELSE}
procedure Stop(Number: cint); cdecl;
begin
  Stopping := True;
  WDSocketWakeup(1);
end;

// SA_ONSTACK: a thread that is inside the library may be on a small stack. Free
// Pascal forgets what a handler returns by if that flag is there at once.
procedure StopWhen(Signal: cint);
var
  Action: SigActionRec;
begin
  FillChar(Action, SizeOf(Action), 0);
  Action.sa_handler := SigActionHandler(@Stop);
  FpSigAction(Signal, @Action, nil);
  FpSigAction(Signal, nil, @Action);
  Action.sa_flags := Action.sa_flags or SA_RESTART or SA_ONSTACK;
  FpSigAction(Signal, @Action, nil);
end;

procedure StopWhenTold;
begin
  StopWhen(SIGINT);
  StopWhen(SIGTERM);
end;
{$ENDIF}

procedure Handle(Server: Integer; const Event: TWDSocketEvent);
var
  Code: Integer;
begin
  if Event.kind = WDS_EVENT_MESSAGE then
  begin
    Code := WDSocketRead(Event.socket, @Buffer, LONGEST, 0);
    if Code >= 0 then
      Code := WDSocketWrite(Event.socket, @Buffer[0], Code);
    // WDS_E_FULL: the client does not read its answers.
    if (Code = WDS_E_FULL) or (WDSocketErrorScope(Event.socket, Code) >= WDS_SCOPE_CONNECTION) then
      WDSocketClose(Event.socket);
  end
  // The connection has ended, but the socket exists until it is closed. An error
  // that ends less, such as one client that the server could not accept, needs nothing.
  else if (Event.code <> 0) and (Event.socket <> Server) and (Event.detail >= WDS_SCOPE_CONNECTION) then
    WDSocketClose(Event.socket);
end;

// Closes the clients that are there; what was written to them still goes out.
procedure CloseClients(Server: Integer);
var
  Clients: array[0..999] of Integer;
  Count, I: Integer;
begin
  repeat
    Count := WDSocketList(Server, @Clients, Length(Clients));
    if Count > Length(Clients) then
      Count := Length(Clients);
    for I := 0 to Count - 1 do
      WDSocketClose(Clients[I]);
  until Count <= 0;
end;

var
  Events: array[0..63] of TWDSocketEvent;
  Port, Silence, Server, Queue, Code, I: Integer;
  Held: Int64;
begin
  Silence := 60000;
  if (ParamCount < 1) or (ParamCount > 2) or not TryStrToInt(ParamStr(1), Port)
    or ((ParamCount = 2) and not TryStrToInt(ParamStr(2), Silence)) then
  begin
    WriteLn(StdErr, 'usage: event_echo PORT [SILENCE_MS]');
    Halt(2);
  end;
  StopWhenTold;
  Server := Must('opening the server', WDSocketCreate('echo', Port, nil));
  Must('setting the mode', WDSocketChangeTransmissionMode(Server, WDS_MODE_SIZE, nil, 0));
  Must('limiting silence', WDSocketSetOption(Server, WDS_OPT_IDLE_LIMIT, Silence));
  Must('limiting messages', WDSocketSetOption(Server, WDS_OPT_MESSAGE_LIMIT, Silence));
  Must('limiting the end', WDSocketSetOption(Server, WDS_OPT_CLOSE_TIMEOUT, 1000));
  Must('limiting the messages', WDSocketSetOption(Server, WDS_OPT_MAX_MESSAGE, LONGEST));
  // A client that does not read must not hold up the others: writes never wait.
  Must('setting the send queue', WDSocketSetOption(Server, WDS_OPT_SEND_QUEUE, 4 * LONGEST));
  Queue := Must('making the queue', WDSocketNewQueue);
  Must('attaching the server', WDSocketAttach(Queue, Server, WDS_ATTACH_MANAGE));
  Must('asking for the port', WDSocketGetOption(Server, WDS_OPT_LOCAL_PORT, @Port));
  WriteLn('echo server on port ', Port);
  Flush(Output);

  repeat
    Code := WDSocketNextEvents(Queue, -1, @Events, SizeOf(TWDSocketEvent), Length(Events));
    for I := 0 to Code - 1 do
      Handle(Server, Events[I]);
  until Stopping or (Code <= 0);
  if not Stopping and (Code <> WDS_E_CANCELLED) then
    Must('serving', Code);

  CloseClients(Server);
  WDSocketClose(Server);
  WDSocketClose(Queue);
  WDSocketGetNumber(0, WDS_NUM_SOCKETS, @Held);
  WDSocketCloseAll; // waits for what still goes out
  WriteLn('stopped, ', Held, ' sockets are held');
  Halt(Ord(Held <> 0));
end.
