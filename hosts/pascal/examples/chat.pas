// chat.pas - a chat: the server sends what a client says to the others. It shows the classes
// TWDSocketServer and TWDSocketClient with their events.
//
//     fpc -Fu.. chat.pas
//     chat serve PORT            port 0 = any; Enter or the end of the input stops it
//     chat NAME ADDRESS PORT     each line of the input is said
//
// For Delphi and Free Pascal on Windows, and Free Pascal on Linux.
program chat;

{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}
{$APPTYPE CONSOLE}

uses
  {$IFDEF UNIX}cthreads,{$ENDIF} SysUtils, Classes, wdsocket, wdsocketclasses;

type
  // What happens, in the thread that runs the events.
  TServer = class
    Server: TWDSocketServer;
    constructor Create;
    destructor Destroy; override;
    procedure Connected(Sender: TObject; Connection: TWDSocketConnection);
    procedure Message(Sender: TObject; Connection: TWDSocketConnection; const Data: TBytes);
    procedure Closed(Sender: TObject; Connection: TWDSocketConnection; Reason: EWDSocketError);
  end;

  TTalker = class
    Client: TWDSocketClient;
    constructor Create;
    destructor Destroy; override;
    procedure Message(Sender: TObject; Connection: TWDSocketConnection; const Data: TBytes);
    procedure Closed(Sender: TObject; Connection: TWDSocketConnection; Reason: EWDSocketError);
  end;

  // Reads the input: each line is said, or the first one ends the server.
  TInput = class(TThread)
    Name: string;
    Ends: TWDSocketBase;
    procedure Execute; override;
  end;

procedure Say(const Text: string);
begin
  WriteLn(Text);
  Flush(Output);
end;

procedure TInput.Execute;
var
  Line: string;
begin
  try
    while not Eof do
    begin
      ReadLn(Line);
      if not (Ends is TWDSocketClient) then
        Break;
      TWDSocketClient(Ends).Write(Name + ': ' + Line);
    end;
    if Ends is TWDSocketClient then
      TWDSocketClient(Ends).CloseAfterSending(5000); // what was said still arrives
  except
    on E: Exception do
      WriteLn(StdErr, E.Message);
  end;
  Ends.Stop;
end;

constructor TServer.Create;
begin
  Server := TWDSocketServer.Create('chat');
  Server.SetOption(WDS_OPT_MAX_MESSAGE, 4096);
  Server.SetOption(WDS_OPT_MAX_CLIENTS, 1000);
  Server.OnConnected := Connected;
  Server.OnMessage := Message;
  Server.OnClosed := Closed;
end;

destructor TServer.Destroy;
begin
  Server.Free; // closes the clients, too
  inherited Destroy;
end;

procedure TServer.Connected(Sender: TObject; Connection: TWDSocketConnection);
begin
  Say(Connection.PeerAddress + ' is here');
end;

procedure TServer.Message(Sender: TObject; Connection: TWDSocketConnection; const Data: TBytes);
begin
  Connection.WriteToOthers(Data);
end;

procedure TServer.Closed(Sender: TObject; Connection: TWDSocketConnection; Reason: EWDSocketError);
begin
  if Reason = nil then
    Say('one has left')
  else
    Say(Reason.Message);
end;

constructor TTalker.Create;
begin
  Client := TWDSocketClient.Create;
  Client.OnMessage := Message;
  Client.OnClosed := Closed;
end;

destructor TTalker.Destroy;
begin
  Client.Free;
  inherited Destroy;
end;

procedure TTalker.Message(Sender: TObject; Connection: TWDSocketConnection; const Data: TBytes);
begin
  Say(WDSocketText(Data));
end;

procedure TTalker.Closed(Sender: TObject; Connection: TWDSocketConnection; Reason: EWDSocketError);
begin
  if Reason = nil then
    Say('the server has stopped')
  else
    Say(Reason.Message);
  Halt(0);
end;

// Serves the events of Socket until the input ends, or something else ends it.
procedure RunWithInput(const Name: string; Socket: TWDSocketBase);
var
  Input: TInput;
begin
  Input := TInput.Create(True);
  Input.Name := Name;
  Input.Ends := Socket;
  Input.Start;
  Socket.Run;
  Input.WaitFor; // it still has the socket
  Input.Free;
end;

procedure Serve(Port: Integer);
var
  Chat: TServer;
begin
  Chat := TServer.Create;
  try
    Chat.Server.Listen(Port);
    Chat.Server.StartEvents;
    Say('chat on port ' + IntToStr(Chat.Server.Port));
    RunWithInput('', Chat.Server);
  finally
    Chat.Free;
  end;
  Say('stopped');
end;

procedure Talk(const Name, Address: string; Port: Integer);
var
  Talker: TTalker;
begin
  Talker := TTalker.Create;
  try
    Talker.Client.Connect(Address, Port, 5000);
    Talker.Client.StartEvents;
    RunWithInput(Name, Talker.Client);
  finally
    Talker.Free;
  end;
end;

var
  Port: Integer;
begin
  if not (((ParamCount = 2) and (ParamStr(1) = 'serve')) or (ParamCount = 3)) or not TryStrToInt(ParamStr(ParamCount), Port) then
  begin
    WriteLn(StdErr, 'usage: chat serve PORT, or chat NAME ADDRESS PORT');
    Halt(2);
  end;
  try
    if ParamCount = 2 then
      Serve(Port)
    else
      Talk(ParamStr(1), ParamStr(2), Port);
  except
    on E: EWDSocketError do
    begin
      WriteLn(StdErr, E.Message);
      Halt(1);
    end;
  end;
end.
