// class_test.pas - the classes for Delphi and Free Pascal: exceptions, texts and bytes, events,
// closing, and that nothing is left open, whatever fails.
program class_test;

{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}
{$APPTYPE CONSOLE}

uses
{$IFDEF UNIX}{$IFDEF FPC}
  cthreads,
{$ENDIF}{$ENDIF}
  SysUtils, Classes, wdsocket, wdsocketclasses;

const
  LONG = 20000;
  CROWD = {$IFDEF MSWINDOWS}50{$ELSE}300{$ENDIF}; // under Wine each takes its time
  EACUTE = {$IFDEF UNICODE}#$E9{$ELSE}{$IFDEF MSWINDOWS}#$E9{$ELSE}#$C3#$A9{$ENDIF}{$ENDIF};

var
  Passed, Failed: Integer;

procedure Check(const Name: string; Good: Boolean);
begin
  if Good then
  begin
    Inc(Passed);
    WriteLn('  ok   ', Name);
  end
  else
  begin
    Inc(Failed);
    WriteLn('  FAIL ', Name);
  end;
  Flush(Output);
end;

function Held: Int64;
begin
  Result := WDSocketsHeld;
end;

function Listening: TWDSocketServer;
begin
  Result := TWDSocketServer.Create;
  try
    Result.Listen(0, '127.0.0.1');
  except
    Result.Free;
    raise;
  end;
end;

function ConnectedTo(Server: TWDSocketServer): TWDSocketClient;
begin
  Result := TWDSocketClient.Create;
  try
    Result.Connect('127.0.0.1', Server.Port, LONG);
  except
    Result.Free;
    raise;
  end;
end;

// CodeOfRead is the error of a read, 0 if there is none.
function CodeOfRead(Connection: TWDSocketConnection; TimeoutMs: Integer): Integer;
begin
  Result := 0;
  try
    Connection.Read(TimeoutMs);
  except
    on E: EWDSocketError do
      Result := E.Code;
  end;
end;

function CodeOfConnect(Client: TWDSocketClient; const Address: string; Port, TimeoutMs: Integer): Integer;
begin
  Result := 0;
  try
    Client.Connect(Address, Port, TimeoutMs);
  except
    on E: EWDSocketError do
      Result := E.Code;
  end;
end;

procedure Connecting;
var
  Server, Other: TWDSocketServer;
  Client: TWDSocketClient;
  Free, Code: Integer;
begin
  Server := Listening;
  Client := TWDSocketClient.Create('twice');
  try
    Free := Server.Port;
    Code := 0;
    try
      TWDSocketClient.Create('twice');
    except
      on E: EWDSocketError do
        Code := E.Code;
    end;
    Check('a name is taken', Code = WDS_E_NAME_TAKEN);
    // The server never answers: it does not speak TLS.
    Check('connecting has a time-out', CodeOfConnect(Client, 'tls://127.0.0.1:' + IntToStr(Free), 0, 50) = WDS_E_TIMEOUT);
    Check('after a failure it may be repeated', (CodeOfConnect(Client, '127.0.0.1', Free, LONG) = 0) and Client.IsConnected
      and (Client.PeerEndpoint = '127.0.0.1:' + IntToStr(Free)) and (Client.PeerAddress = '127.0.0.1')
      and (Pos('127.0.0.1:', Client.LocalEndpoint) = 1));
    Code := 0;
    Other := TWDSocketServer.Create;
    try
      Other.Listen(Free, '127.0.0.1');
    except
      on E: EWDSocketError do
        Code := E.Code;
    end;
    Other.Free;
    Check('a port that is taken', Code = WDS_E_PORT_TAKEN);
  finally
    Client.Free;
    Server.Free;
  end;
  Client := TWDSocketClient.Create;
  try
    Client.Connect('127.0.0.1', Free, LONG);
  except
    on E: EWDSocketError do
      Check('an exception says what and where', (E.Code = WDS_E_REFUSED) and (E.CodeName = 'WDS_E_REFUSED')
        and (Pos('127.0.0.1:' + IntToStr(Free), E.Message) > 0) and (E.SystemError <> 0) and (E.Phase = WDS_PHASE_CONNECT)
        and (E.Scope = WDS_SCOPE_CONNECTION) and E.IsConnectionOver and not E.IsTimeout and (Pos('WDS_E_REFUSED', E.Detail) > 0));
  end;
  Client.Free;
  Check('and leaves nothing open', Held = 0);
end;

// Refused tells whether a text was refused that the library would read to its zero byte only: a
// name if there is no client, an address if there is no option, or the text of that.
function Refused(Client: TWDSocketClient; Option: Integer; const Text: string): Boolean;
begin
  Result := False;
  try
    if Client = nil then
      TWDSocketClient.Create(Text)
    else if Option = 0 then
      Client.Connect(Text, 1, LONG)
    else
      Client.SetText(Option, Text);
  except
    on E: EArgumentException do
      Result := (Pos('zero byte', E.Message) > 0) and (Pos('secret', E.Message) = 0);
  end;
end;

procedure Texts;
var
  Client: TWDSocketClient;
begin
  Client := TWDSocketClient.Create;
  Check('a zero byte in a name', Refused(nil, 0, 'secret'#0));
  Check('in an address', Refused(Client, 0, '127.0.0.1'#0'.example') and Refused(Client, 0, #0));
  Check('in an option, whose text may be secret', Refused(Client, WDS_TEXT_SSL_PASSWORD, 'secret'#0'more'));
  Client.Free;
  Check('and nothing is left open', Held = 0);
end;

// What the guide shows.
procedure Asking;
var
  Server: TWDSocketServer;
  Client: TWDSocketClient;
  Scale: TWDSocketConnection;
  Port: Integer;
begin
  Server := Listening;
  Port := Server.Port;

  Client := TWDSocketClient.Create;
  try
    Client.Connect('127.0.0.1', Port, 10000);
    Client.Write('weight?');

    Scale := Server.Accept(LONG);
    Scale.Write('12.5 kg');
    Scale.Free;

    WriteLn(Client.ReadText(10000));
  finally
    Client.Free;
  end;

  Server.Free;
end;

type
  // A device that answers one request.
  TDevice = class(TThread)
  private
    FChannel: TWDSocketConnection;
  protected
    procedure Execute; override;
  public
    constructor Create(Channel: TWDSocketConnection);
  end;

constructor TDevice.Create(Channel: TWDSocketConnection);
begin
  FChannel := Channel;
  inherited Create(False);
end;

procedure TDevice.Execute;
begin
  FChannel.Write(FChannel.ReadText(LONG) + ' 12.5 kg');
end;

// Requests with and without an answer, and groups.
procedure Asked;
var
  Server: TWDSocketServer;
  Client, Second: TWDSocketClient;
  Channel, Other: TWDSocketConnection;
  Device: TDevice;
  Code: Integer;
begin
  Server := Listening;
  Client := ConnectedTo(Server);
  Channel := Server.Accept(LONG);
  Device := TDevice.Create(Channel);
  Check('a request and its answer', Client.Exchange('weight?', LONG) = 'weight? 12.5 kg');
  Device.WaitFor;
  Device.Free;
  Code := 0;
  try
    Client.Exchange('weight?', 20);
  except
    on E: EWDSocketError do
      Code := E.Code;
  end;
  Check('no answer in time, but its request', (Code = WDS_E_TIMEOUT) and (Channel.ReadText(LONG) = 'weight?'));
  Check('a group without members', Server.WriteToGroup('news', 'x') = 0);
  Channel.Join('news');
  Check('and with one', (Server.WriteToGroup('news', 'hello') = 1) and (Client.ReadText(LONG) = 'hello'));
  Second := ConnectedTo(Server);
  Other := Server.Accept(LONG);
  Check('all others', (Channel.WriteToOthers('all') = 1) and (Second.ReadText(LONG) = 'all'));
  Check('those of a group', (Other.WriteToOthers('them', 'news') = 1) and (Client.ReadText(LONG) = 'them')
    and (Channel.WriteToOthers(WDSocketBytes('x'), 'news') = 0));
  Other.Free;
  Second.Free;
  Channel.Join('other');
  Channel.Leave('news');
  Check('that leaves', (Server.WriteToGroup('news', 'x') = 0) and (Server.WriteToGroup('other', WDSocketBytes('y')) = 1));
  Channel.Leave;
  Check('all of them', Server.WriteToGroup('other', 'x') = 0);
  Code := 0;
  try
    Server.WriteToGroup('', 'x');
  except
    on E: EWDSocketError do
      Code := E.Code;
  end;
  Check('a group has a name', Code = WDS_E_ARGUMENT);
  Channel.Free;
  Client.Free;
  Server.Free;
end;

// CodeOfDeny is the error of a refusal, 0 if there is none.
function CodeOfDeny(Server: TWDSocketServer): Integer;
begin
  Result := 0;
  try
    Server.Deny;
  except
    on E: EWDSocketError do
      Result := E.Code;
  end;
end;

// A server that decides by who asks.
procedure Deciding;
var
  Server: TWDSocketServer;
  Client: TWDSocketClient;
  Channel: TWDSocketConnection;
begin
  Server := Listening;
  Check('no client asks in time', not Server.WaitForConnection(0) and not Server.WaitForConnection(1) and (CodeOfDeny(Server) = WDS_E_NO_REQUEST));
  Client := ConnectedTo(Server);
  Check('one asks, and who', Server.WaitForConnection(LONG) and (Server.PendingInfo = Client.LocalEndpoint)
    and (Server.PendingInfo(WDS_INFO_ADDRESS) = '127.0.0.1'));
  Check('it is refused', (CodeOfDeny(Server) = 0) and (CodeOfRead(Client, LONG) = WDS_E_RESET));
  Client.Free;
  Client := ConnectedTo(Server);
  Server.WaitForConnection(-1);
  Channel := Server.Accept(0);
  Check('another is accepted', (Channel <> nil) and (Channel.PeerEndpoint = Client.LocalEndpoint));
  Channel.Free;
  Client.Free;
  Server.Free;
end;

// NoText are bytes that are no character.
function NoText: TBytes;
begin
  SetLength(Result, 2);
  Result[0] := $FF;
  Result[1] := $FE;
end;

procedure Exchanging;
var
  Server: TWDSocketServer;
  Client: TWDSocketClient;
  Channel: TWDSocketConnection;
  Data, Sent: TBytes;
  I, Code: Integer;
begin
  Server := Listening;
  Client := ConnectedTo(Server);
  Channel := Server.Accept(LONG);
  try
    Client.Write('h' + EACUTE + #0'llo');
    Check('a text', Channel.ReadText(LONG) = 'h' + EACUTE + #0'llo');
    SetLength(Sent, 50000);
    for I := 0 to High(Sent) do
      Sent[I] := I * 7 mod 256;
    Client.Write(Sent);
    Data := Channel.Read(LONG);
    Check('bytes', (Length(Data) = Length(Sent)) and CompareMem(@Data[0], @Sent[0], Length(Sent)));
    Channel.Write('');
    Check('an empty message', Length(Client.Read(LONG)) = 0);
    Check('no message in time', not Channel.TryRead(0, Data) and (CodeOfRead(Channel, 1) = WDS_E_TIMEOUT));
    Client.SetMode(WDS_MODE_END_TAG, #13#10);
    Channel.SetMode(WDS_MODE_END_TAG, #13#10);
    Client.Write('line');
    Check('another mode', Channel.ReadText(LONG) = 'line');
    Client.SetMode(WDS_MODE_END_TAG, NoText);
    Channel.SetMode(WDS_MODE_RAW);
    Client.Write('x');
    Data := Channel.ReadExactly(3, LONG);
    Check('an end tag that is no text', (Data[0] = 120) and (Data[1] = $FF) and (Data[2] = $FE));
    Client.Write('y');
    Check('and one that is read to', WDSocketText(Channel.ReadUntil(NoText, LONG)) = 'y');
    Channel.SetPreset('line');
    Client.SetFrame('data 0D0A');
    Client.Write('by a description');
    Check('lines by name', Channel.ReadText(LONG) = 'by a description');
    Client.SetMode(WDS_MODE_END_TAG, #13#10);
    Code := 0;
    try
      Client.Write('two'#13#10'lines');
    except
      on E: EWDSocketError do
        Code := E.Code;
    end;
    Check('a message that does not fit it', Code = WDS_E_TAG_IN_MESSAGE);
    Client.Write('last');
    Client.CloseAfterSending(LONG);
    Check('what was written before the end', Channel.ReadText(LONG) = 'last');
    Check('the end', (CodeOfRead(Channel, LONG) = WDS_E_PEER_CLOSED) and not Channel.IsConnected);
    Check('a closed client refuses', (CodeOfRead(Client, 0) = WDS_E_HANDLE) and (Client.State = 0));
    Check('no request in time', (Server.Accept(0) = nil) and (Server.Accept(1) = nil));
  finally
    Channel.Free;
    Client.Free;
    Server.Free;
  end;
  Check('nothing is left open', Held = 0);
end;

type
  // A thread that reads until it gets an error.
  TReader = class(TThread)
  private
    FClient: TWDSocketConnection;
    FCode: Integer;
    FEnded: Boolean;
  protected
    procedure Execute; override;
  end;

procedure TReader.Execute;
begin
  FCode := CodeOfRead(FClient, -1);
  FEnded := True;
end;

// Parts of the stream, and what else Python and C++ offer.
procedure Parts;
var
  Server: TWDSocketServer;
  Client, Other: TWDSocketClient;
  Channel: TWDSocketConnection;
  Reader: TReader;
  Late, Tls: Integer;
begin
  Server := Listening;
  Client := ConnectedTo(Server);
  Channel := Server.Accept(LONG);
  Late := 0;
  Tls := 0;
  try
    Client.SetMode(WDS_MODE_RAW);
    Client.Write('0123header'#13#10'rest');
    Check('so many bytes', WDSocketText(Channel.ReadExactly(4, LONG)) = '0123');
    Check('bytes up to a tag', WDSocketText(Channel.ReadUntil(#13#10, LONG)) = 'header');
    try
      Channel.ReadUntil(#13#10, 1);
    except
      on E: EWDSocketError do
        Late := E.Code;
    end;
    Check('none in time', Late = WDS_E_TIMEOUT);
    Channel.SetMode(WDS_MODE_RAW);
    Check('what waits to be read', (Channel.Available = 4) and (Channel.Discard = 4) and (Channel.Available = 0));
    Client.SetOption(WDS_OPT_SEND_QUEUE, 65536);
    Client.Write('x');
    Client.Flush(LONG);
    Check('a figure', (Client.GetNumber(WDS_NUM_MESSAGES_WRITTEN) = 2) and (Length(Channel.Read(LONG)) = 1));
    Client.SetText(WDS_TEXT_USER_TEXT, StringOfChar('x', 3000));
    Check('a long text option', Client.GetText(WDS_TEXT_USER_TEXT) = StringOfChar('x', 3000));
    Client.SetBytes(WDS_TEXT_HEARTBEAT, WDSocketBytes(#1#2));
    Check('an option that is bytes', WDSocketText(Client.GetBytes(WDS_TEXT_HEARTBEAT)) = #1#2);
    Client.SetBytes(WDS_TEXT_HEARTBEAT, WDSocketBytes(StringOfChar('x', 1000)));
    Check('and a long one', WDSocketText(Client.GetBytes(WDS_TEXT_HEARTBEAT)) = StringOfChar('x', 1000));
    Other := ConnectedTo(Server);
    try
      Other.StartTls(50);
    except
      on E: EWDSocketError do
        Tls := E.Code;
    end;
    Other.Free;
    Check('TLS with a peer that has none', Tls = WDS_E_TIMEOUT);
    Reader := TReader.Create(True);
    Reader.FClient := Client;
    Reader.Start;
    while not Reader.FEnded do
    begin
      Client.Cancel;
      Sleep(5);
    end;
    Reader.WaitFor;
    Check('a wait that is cancelled', (Reader.FCode = WDS_E_CANCELLED) and Client.IsConnected);
    Reader.Free;
    Client.EndWriting(LONG);
    Check('the end of one side', CodeOfRead(Channel, LONG) = WDS_E_PEER_CLOSED);
    Channel.Write('answer');
    Check('which the other answers', Client.ReadText(LONG) = 'answer');
  finally
    Channel.Free;
    Client.Free;
    Server.Free;
  end;
  Check('nothing is left open', Held = 0);
end;

// What connections tell of the peer, and what bytes may be.
procedure Telling;
var
  Server: TWDSocketServer;
  Client: TWDSocketClient;
  Channel: TWDSocketConnection;
  Code: Integer;
begin
  Server := TWDSocketServer.Create;
  Client := TWDSocketClient.Create;
  Channel := nil;
  try
    Server.Listen(0, 'ws://127.0.0.1:0/chat');
    Client.Connect('ws://127.0.0.1:' + IntToStr(Server.Port) + '/chat?room=1', 0, LONG);
    Channel := Server.Accept(LONG);
    Check('a WebSocket', (Channel.WebSocketInfo(WDS_INFO_WEBSOCKET_PATH) = '/chat?room=1')
      and (Pos('Upgrade', Client.WebSocketInfo(WDS_INFO_WEBSOCKET_HEADERS)) > 0));
    Check('the peer''s port', (Channel.PeerInfo(WDS_INFO_ENDPOINT) = '127.0.0.1:' + Channel.PeerInfo(WDS_INFO_PORT))
      and (Client.PeerInfo(WDS_INFO_PORT) = IntToStr(Server.Port)) and (Client.PeerInfo(WDS_INFO_PEER_PID) = ''));
  finally
    Channel.Free;
    Client.Free;
    Server.Free;
  end;
  Server := Listening;
  Client := ConnectedTo(Server);
  Code := 0;
  try
    Client.WebSocketInfo(WDS_INFO_WEBSOCKET_PATH);
  except
    on E: EWDSocketError do
      Code := E.Code;
  end;
  Check('no WebSocket', Code = WDS_E_KIND);
  Client.Free;
  Server.Free;
  Check('what bytes may be', (Pos('0D', TWDSocketBase.Guess(WDSocketBytes('12.5 kg'#13#10'12.6 kg'#13#10))) > 0) and (TWDSocketBase.Guess(nil) = ''));
end;

// CodeOfSend is the error of a datagram, 0 if there is none.
function CodeOfSend(Udp: TWDSocketUdp; Size: Integer; const Address: string; Port: Integer): Integer;
var
  Data: TBytes;
begin
  Result := 0;
  SetLength(Data, Size);
  try
    Udp.Send(Data, Address, Port);
  except
    on E: EWDSocketError do
      Result := E.Code;
  end;
end;

function CodeOfReceive(Udp: TWDSocketUdp; TimeoutMs: Integer): Integer;
begin
  Result := 0;
  try
    Udp.Receive(TimeoutMs);
  except
    on E: EWDSocketError do
      Result := E.Code;
  end;
end;

type
  // What a UDP socket is told by events.
  TAnswering = class
    procedure Told(Sender: TObject; const Datagram: TWDSocketDatagram);
  end;

procedure TAnswering.Told(Sender: TObject; const Datagram: TWDSocketDatagram);
begin
  if WDSocketText(Datagram.Data) = 'raise' then
    raise Exception.Create('raised');
  (Sender as TWDSocketUdp).Send('you said ' + WDSocketText(Datagram.Data), Datagram.Address, Datagram.Port);
  (Sender as TWDSocketUdp).Stop;
end;

// A broadcast and groups.
procedure ToMany;
var
  One, All, Group: TWDSocketUdp;
begin
  One := TWDSocketUdp.Create;
  All := TWDSocketUdp.Create;
  Group := TWDSocketUdp.Create;
  try
    One.Open;
    All.Open;
    One.Send('all', '127.255.255.255', All.Port);
    Check('a broadcast', WDSocketText(All.Receive(LONG).Data) = 'all');
    One.SetOption(WDS_OPT_BROADCAST, 0);
    Check('that is not allowed', CodeOfSend(One, 3, '127.255.255.255', All.Port) = WDS_E_ACCESS);
    One.SetText(WDS_TEXT_MULTICAST_INTERFACE, 'lo');
    Group.Open(0, '239.20.30.53%lo');
    One.Send('members', '239.20.30.53', Group.Port);
    Check('a group as address', WDSocketText(Group.Receive(LONG).Data) = 'members');
    All.SetText(WDS_TEXT_MULTICAST_JOIN, '239.20.30.54%lo');
    One.Send('members', '239.20.30.54', All.Port);
    Check('a group that is joined', WDSocketText(All.Receive(LONG).Data) = 'members');
  finally
    One.Free;
    All.Free;
    Group.Free;
  end;
end;

// UDP: who has sent, answers, what is too long, broadcasts, groups, events.
procedure Datagrams;
var
  Asking, Udp, Other: TWDSocketUdp;
  Question: TWDSocketDatagram;
  Answering: TAnswering;
  Port, Code: Integer;
  Raised: Boolean;
begin
  Asking := TWDSocketUdp.Create('asking');
  Udp := TWDSocketUdp.Create;
  Port := 0;
  try
    Check('not open yet', CodeOfSend(Asking, 1, '127.0.0.1', 9) = WDS_E_NOT_CONNECTED);
    Asking.Open(0, '127.0.0.1');
    Udp.Open(0, '127.0.0.1');
    Check('no receiver yet', CodeOfSend(Udp, 1, '', 0) = WDS_E_NO_DESTINATION);
    Port := Udp.Port;
    Asking.Send('h' + EACUTE, '127.0.0.1', Port);
    Question := Udp.Receive(LONG);
    Check('a datagram, and where it came from', (WDSocketText(Question.Data) = 'h' + EACUTE) and (Length(Question.Data) = 3)
      and (Question.Address = '127.0.0.1') and (Question.Port = Asking.Port));
    Udp.Send('pong');
    Check('its answer', WDSocketText(Asking.Receive(LONG).Data) = 'pong');
    Asking.Send('', '127.0.0.1', Port);
    Check('an empty one', (Length(Udp.Receive(LONG).Data) = 0));
    Check('the longest', (CodeOfSend(Asking, 65507, '127.0.0.1', Port) = 0) and (Length(Udp.Receive(LONG).Data) = 65507));
    Check('one that is too long', CodeOfSend(Asking, 65508, '127.0.0.1', Port) = WDS_E_DATAGRAM_SIZE);
    Check('none in time', not Udp.TryReceive(1, Question) and (Question.Data = nil) and (CodeOfReceive(Udp, 0) = WDS_E_TIMEOUT));
    Code := 0;
    Other := TWDSocketUdp.Create;
    try
      Other.Open(Port, '127.0.0.1');
    except
      on E: EWDSocketError do
        Code := E.Code;
    end;
    Other.Free;
    Check('a port that is taken', Code = WDS_E_PORT_TAKEN);
    Answering := TAnswering.Create;
    Udp.OnDatagram := Answering.Told;
    Udp.StartEvents;
    Asking.Send('raise', '127.0.0.1', Port);
    Raised := False;
    try
      Udp.Run;
    except
      on E: Exception do
        Raised := E.Message = 'raised';
    end;
    Check('an exception of a handler leaves Run', Raised);
    Asking.Send('weight?', '127.0.0.1', Port);
    Udp.Run;
    Check('which goes on', WDSocketText(Asking.Receive(LONG).Data) = 'you said weight?');
    Answering.Free;
    Udp.Close;
    Check('closed', (CodeOfReceive(Udp, 0) = WDS_E_HANDLE) and (Udp.State = 0));
{$IFNDEF MSWINDOWS}
    Asking.SetOption(WDS_OPT_UDP_ERRORS, 1);
    Asking.Send('x', '127.0.0.1', Port);
    Check('a refusal', (CodeOfReceive(Asking, LONG) = WDS_E_PORT_UNREACHABLE) and (Asking.State = WDS_STATE_OPEN));
    ToMany;
{$ENDIF}
  finally
    Asking.Free;
    Udp.Free;
  end;
  Check('nothing is left open', Held = 0);
end;

procedure Replying(Asking: TWDSocketUdp; const Address: string);
var
  Udp: TWDSocketUdp;
  Question: TWDSocketDatagram;
  Port: Integer;
begin
  Udp := TWDSocketUdp.Create;
  Udp.Open;
  Port := Udp.Port;
  Udp.Free;
  Udp := TWDSocketUdp.Create;
  try
    Udp.Open(Port);

    Asking.Send('weight?', Address, Port);

    Question := Udp.Receive(10000);
    Udp.Send('you said ' + WDSocketText(Question.Data), Question.Address, Question.Port);
  finally
    Udp.Free;
  end;
end;

// What the guide shows.
procedure AskingByUdp;
var
  Asking: TWDSocketUdp;
begin
  Asking := TWDSocketUdp.Create;
  try
    Asking.Open(0, '127.0.0.1');
    Replying(Asking, '127.0.0.1');
    Check('the program of the guide', WDSocketText(Asking.Receive(LONG).Data) = 'you said weight?');
  finally
    Asking.Free;
  end;
end;

procedure Closing;
var
  Server: TWDSocketServer;
  Clients: array[0..CROWD - 1] of TWDSocketClient;
  Channels: array[0..CROWD - 1] of TWDSocketConnection;
  I, Good: Integer;
begin
  Server := Listening;
  for I := 0 to High(Clients) do
  begin
    Clients[I] := ConnectedTo(Server);
    Channels[I] := Server.Accept(LONG);
    Channels[I].Write('welcome');
  end;
  Check('a server knows its clients', Server.ClientCount = CROWD);
  FreeAndNil(Channels[10]);
  Channels[20].Close;
  Check('but none that is closed', (Server.ClientCount = CROWD - 2) and (Length(Server.Clients) = CROWD - 2) and (Server.Clients[0].PeerAddress = '127.0.0.1'));
  Server.Close;
  Server.Close;
  Good := 0;
  for I := 0 to High(Clients) do
  begin
    if (Clients[I].ReadText(LONG) = 'welcome') and (CodeOfRead(Clients[I], LONG) = WDS_E_PEER_CLOSED) then
      Inc(Good);
    Clients[I].Free;
  end;
  Check('a server closes its clients, who get what was written', (Good = CROWD) and (Server.ClientCount = 0));
  Server.Free;
  for I := 0 to High(Channels) do
    Channels[I].Free; // after the server, which does not own them
  Check('nothing is left open', Held = 0);
end;

// A server that is read and written itself, with one client at a time.
procedure SimplifiedServer;
var
  Server: TWDSocketServer;
  Client, Next: TWDSocketClient;
  Served: TWDSocketConnection;
  Code, I: Integer;
  Refused: Boolean;
begin
  Server := Listening;
  Served := Server.Simplified;
  try
    Code := 0;
    try
      Served.Write('x');
    except
      on E: EWDSocketError do
        Code := E.Code;
    end;
    Check('a simplified server without a client', (Code = WDS_E_NO_CLIENT) and not Served.IsConnected);
    for I := 1 to 2 do
    begin
      Client := ConnectedTo(Server);
      Client.Write('hello');
      Check('accepts as it reads', (Served.ReadText(LONG) = 'hello') and Served.IsConnected);
      Served.Write('welcome');
      Check('and answers', Client.ReadText(LONG) = 'welcome');
      Client.Free;
      Check('one client after the other', (CodeOfRead(Served, LONG) = WDS_E_PEER_CLOSED) and not Served.IsConnected);
    end;
    Refused := False;
    try
      Served.StartEvents;
    except
      on EInvalidOpException do
        Refused := True;
    end;
    Check('it has no events', Refused);
    Served.Close;
    Served.CloseAfterSending(LONG);
    FreeAndNil(Served);
    Check('its end closes nothing', Server.State = WDS_STATE_LISTENING);
    Served := Server.Simplified;
    Client := ConnectedTo(Server);
    Client.Write('third');
    Served.Read(LONG);
    Served.Abort;
    Check('abort disconnects the client', CodeOfRead(Client, LONG) = WDS_E_RESET);
    Client.Free;
    Next := ConnectedTo(Server);
    Next.Write('fourth');
    Check('and the next one is served', Served.ReadText(LONG) = 'fourth');
    Served.Write('hello fourth');
    Check('and answered', Next.ReadText(LONG) = 'hello fourth');
    Next.Free;
  finally
    Served.Free;
    Server.Free;
  end;
  Check('nothing is left open', Held = 0);
end;

type
  // The program of the guide, in a thread.
  TSimplified = class(TThread)
  private
    FServer: TWDSocketServer;
    FOver: Boolean;
    procedure Serve(Server: TWDSocketServer);
  protected
    procedure Execute; override;
  end;

procedure TSimplified.Serve(Server: TWDSocketServer);
var
  Served: TWDSocketConnection;
  Question: string;
  Writing: Boolean;
begin
  Server.SetOption(WDS_OPT_IDLE_LIMIT, 60000); // a silent client does not keep the next one waiting
  Server.SetOption(WDS_OPT_MESSAGE_LIMIT, 60000); // nor does one that never ends its message
  Served := Server.Simplified;
  try
    while True do
    begin
      Writing := False;
      try
        Question := Served.ReadText(-1);
        Writing := True;
        Served.Write('you said ' + Question);
      except
        on E: EWDSocketError do
        begin
          if E.IsConnectionOver or (E.Code = WDS_E_CANCELLED) then
            raise; // of the server itself
          if Writing and (E.Scope <> WDS_SCOPE_MESSAGE) then
            Served.Abort; // it may still be there, but takes no answers
        end; // else the client has left
      end;
    end;
  finally
    Served.Free;
  end;
end;

procedure TSimplified.Execute;
begin
  try
    Serve(FServer);
  except
    on E: EWDSocketError do
      FOver := E.IsConnectionOver;
  end;
end;

// The program of the guide goes on when clients leave, are cut or do not read.
procedure GoingOn;
var
  Server: TWDSocketServer;
  Client: TWDSocketClient;
  Loop: TSimplified;
  Data: TBytes;
  Code, I: Integer;
begin
  SetLength(Data, 100000);
  Server := Listening;
  Loop := TSimplified.Create(True);
  Loop.FServer := Server;
  Loop.Start;
  ConnectedTo(Server).Free;
  Client := ConnectedTo(Server);
  Client.Write(Data);
  Client.Abort;
  Client.Free;
  Server.SetOption(WDS_OPT_WRITE_TIMEOUT, 100);
  for I := 1 to 2 do
  begin
    Client := ConnectedTo(Server);
    Code := 0;
    while Code = 0 do
      try
        Client.Write(Data);
      except
        on E: EWDSocketError do
          Code := E.Code;
      end;
    Client.Free;
    Check('a client that does not read is disconnected', Code = WDS_E_RESET);
    Server.SetOption(WDS_OPT_SEND_QUEUE, 100000); // WDS_E_FULL, of which nothing is sent
  end;
  Client := ConnectedTo(Server);
  Client.Write('hello');
  Check('the loop of a simplified server serves the next client', Client.ReadText(LONG) = 'you said hello');
  Client.Free;
  Server.Close;
  Loop.WaitFor;
  Check('and a close by the program ends it', Loop.FOver);
  Loop.Free;
  Server.Free;
  Check('nothing is left open', Held = 0);
end;

type
  TLog = class
    Text: string;
    Server: TWDSocketServer;
    Client: TWDSocketClient;
    procedure Connected(Sender: TObject; Connection: TWDSocketConnection);
    procedure Message(Sender: TObject; Connection: TWDSocketConnection; const Data: TBytes);
    procedure Closed(Sender: TObject; Connection: TWDSocketConnection; Reason: EWDSocketError);
    procedure Error(Sender: TObject; Connection: TWDSocketConnection; Error: EWDSocketError);
    function Until_(const Wanted: string): Boolean;
    procedure Note(Sender: TObject; const What: string);
  end;

procedure TLog.Note(Sender: TObject; const What: string);
begin
  if Sender is TWDSocketServer then
    Text := Text + 'server ' + What + ';'
  else
    Text := Text + 'client ' + What + ';';
end;

procedure TLog.Connected(Sender: TObject; Connection: TWDSocketConnection);
begin
  Connection.Tag := Self;
  Note(Sender, 'connected');
end;

procedure TLog.Message(Sender: TObject; Connection: TWDSocketConnection; const Data: TBytes);
var
  Said: string;
begin
  Said := WDSocketText(Data);
  Note(Sender, 'got ' + Said);
  if Sender is TWDSocketClient then
    Exit;
  if Said = 'raise' then
    raise Exception.Create('raised')
  else if Said = 'leave' then
    Connection.Close
  else if Said = 'stop' then
    Server.Stop
  else if Said = 'end' then
    Server.Close
  else if Connection.Tag = Self then
    Connection.Write('re ' + Said);
end;

procedure TLog.Closed(Sender: TObject; Connection: TWDSocketConnection; Reason: EWDSocketError);
begin
  if Reason = nil then
    Note(Sender, 'closed in order')
  else
    Note(Sender, 'closed ' + Reason.CodeName);
end;

procedure TLog.Error(Sender: TObject; Connection: TWDSocketConnection; Error: EWDSocketError);
begin
  Note(Sender, 'error ' + Error.CodeName);
end;

// Until_ serves both until an event is noted, and takes it out of the text.
function TLog.Until_(const Wanted: string): Boolean;
var
  Tries, At: Integer;
begin
  Tries := 0;
  repeat
    At := Pos(Wanted + ';', Text);
    Inc(Tries);
    if At = 0 then
    begin
      Server.ProcessEvents(5);
      if Client <> nil then
        Client.ProcessEvents(5);
    end;
  until (At > 0) or (Tries = 2000);
  Result := At > 0;
  if not Result then
    WriteLn('    ', Wanted, ' is not in: ', Text);
  Delete(Text, At, Length(Wanted) + 1);
end;

procedure Events;
var
  Log: TLog;
  Gone: TWDSocketServer;
  Other: TWDSocketClient;
  Free: Integer;
  Raised: string;
begin
  Log := TLog.Create;
  Log.Server := Listening;
  Log.Server.OnConnected := Log.Connected;
  Log.Server.OnMessage := Log.Message;
  Log.Server.OnClosed := Log.Closed;
  Log.Server.OnError := Log.Error;
  Log.Server.StartEvents;
  Log.Client := TWDSocketClient.Create;
  Log.Client.OnConnected := Log.Connected;
  Log.Client.OnMessage := Log.Message;
  Log.Client.OnClosed := Log.Closed;
  Log.Client.OnError := Log.Error;
  Raised := '';
  try
    Log.Client.ConnectInBackground('127.0.0.1', Log.Server.Port);
  except
    on E: EInvalidOpException do
      Raised := E.Message;
  end;
  Check('connecting in the background needs events', Raised <> '');
  Log.Client.StartEvents;
  Gone := Listening;
  Free := Gone.Port;
  Gone.Free;
  Log.Client.ConnectInBackground('127.0.0.1', Free);
  Check('it could not connect', Log.Until_('client error WDS_E_REFUSED'));
  Log.Client.ConnectInBackground('127.0.0.1', Log.Server.Port);
  Check('it is connected, also for the server', Log.Until_('client connected') and Log.Until_('server connected'));
  Log.Client.Write('one');
  Check('messages', Log.Until_('server got one') and Log.Until_('client got re one'));
  Raised := '';
  Log.Client.Write('raise');
  Log.Client.Write('two');
  try
    Log.Until_('client got re two');
  except
    on E: Exception do
      Raised := E.Message;
  end;
  Check('an exception of a handler reaches the program', Raised = 'raised');
  Check('and the next event is told', Log.Until_('client got re two'));
  Log.Client.Write('leave');
  Check('the end for the client', Log.Until_('client closed in order') and (Log.Client.State = 0) and not Log.Client.ProcessEvents(0));
  Check('a client that this program closes is no event', (Log.Server.ClientCount = 0) and (Pos('server closed', Log.Text) = 0));
  FreeAndNil(Log.Client);

  Other := ConnectedTo(Log.Server);
  Other.Free; // it has not asked: an answer that nothing reads would be a reset
  Check('the end for the server', Log.Until_('server connected') and Log.Until_('server closed in order'));
  Other := ConnectedTo(Log.Server);
  Check('another client', Log.Until_('server connected'));
  Other.Abort;
  Check('a reset', Log.Until_('server closed WDS_E_RESET') and (Log.Server.ClientCount = 0));
  Other.Free;

  Other := ConnectedTo(Log.Server);
  Log.Until_('server connected');
  Log.Server.WriteToAll('all');
  Check('a message to all', Other.ReadText(LONG) = 'all');
  Other.Write('stop');
  Log.Server.Run;
  Log.Server.Stop;
  Log.Server.Run;
  Check('Stop ends Run, also one that follows', Log.Server.ClientCount = 1);
  Log.Text := '';
  Other.Write('end');
  Log.Server.Run;
  Check('a handler may close the server', (Log.Server.State = 0) and (CodeOfRead(Other, LONG) = WDS_E_PEER_CLOSED) and (Log.Text = 'server got end;'));
  Other.Free;
  Log.Server.Free;
  Log.Free;
  Check('nothing is left open', Held = 0);
end;

type
  // A thread that reads until it gets an error, and counts.
  TCounting = class(TThread)
  private
    FClient: TWDSocketConnection;
    FCount: Integer;
  protected
    procedure Execute; override;
  end;

procedure TCounting.Execute;
begin
  while CodeOfRead(FClient, LONG) = 0 do
    Inc(FCount);
end;

// A server waits until its clients have what was written, or until the time is over.
procedure Finishing(Reads: Boolean);
var
  Server: TWDSocketServer;
  Client: TWDSocketClient;
  Channel: TWDSocketConnection;
  Reader: TCounting;
  Much: TBytes;
  Code, I: Integer;
begin
  SetLength(Much, 8 * 1024 * 1024);
  Server := Listening;
  Server.SetOption(WDS_OPT_SEND_QUEUE, 4 * Length(Much));
  Client := ConnectedTo(Server);
  Channel := Server.Accept(LONG);
  for I := 1 to 3 do
    Channel.Write(Much);
  Reader := TCounting.Create(True);
  Reader.FClient := Client;
  if Reads then
    Reader.Start;
  Code := 0;
  try
    if Reads then
      Server.CloseAfterSending(LONG)
    else
      Server.CloseAfterSending(50);
  except
    on E: EWDSocketError do
      Code := E.Code;
  end;
  if Reads then
  begin
    Reader.WaitFor;
    Check('a close that waits sends what was written', (Code = 0) and (Reader.FCount = 3));
  end
  else
  begin
    Check('as far as there is time', Code = WDS_E_TIMEOUT);
    Client.Abort;
    Reader.Start;
  end;
  Check('and closes the clients, too', (CodeOfRead(Channel, 0) = WDS_E_HANDLE) and (Server.State = 0) and (Server.ClientCount = 0));
  Reader.Free;
  Channel.Free;
  Client.Free;
  Server.Free;
  Check('nothing is left open', Held = 0);
end;

type
  // Timers of a server.
  TTicks = class
    Server: TWDSocketServer;
    Once, Each, Stopped, Last: Integer; // the timers
    Onces, Eachs, Others: Integer; // their calls
    procedure Tick(Sender: TObject; Timer: Integer);
  end;

procedure TTicks.Tick(Sender: TObject; Timer: Integer);
begin
  if Timer = Once then
    Inc(Onces)
  else if Timer = Each then
    Inc(Eachs)
  else if Timer = Last then
    Server.Stop
  else
    Inc(Others);
  if Eachs = 1 then
    Server.StopTimer(Stopped);
  if Eachs = 3 then
  begin
    Server.StopTimer(Each);
    Server.Stop;
  end;
end;

// Timers beside the events.
procedure Timers;
var
  Ticks: TTicks;
  Raised: Boolean;
begin
  Ticks := TTicks.Create;
  Ticks.Server := Listening;
  Raised := False;
  try
    Ticks.Server.StartTimer(1);
  except
    on EInvalidOpException do
      Raised := True;
  end;
  Check('a timer needs events', Raised);
  Ticks.Server.OnTimer := Ticks.Tick;
  Ticks.Server.StartEvents;
  Ticks.Once := Ticks.Server.StartTimer(0);
  Ticks.Each := Ticks.Server.StartTimer(5, 5);
  Ticks.Stopped := Ticks.Server.StartTimer(3600000, 3600000);
  Ticks.Server.Run;
  Check('a timer is told at each interval, until it is stopped', Ticks.Eachs = 3);
  Ticks.Last := Ticks.Server.StartTimer(20);
  Ticks.Server.Run;
  Check('one that is told once', (Ticks.Onces = 1) and (Ticks.Eachs = 3) and (Ticks.Others = 0));
  Ticks.Server.StopTimer(Ticks.Once);
  Raised := False;
  try
    Ticks.Server.StartTimer(-1);
  except
    on E: EWDSocketError do
      Raised := E.Code = WDS_E_ARGUMENT;
  end;
  Check('a time', Raised);
  Ticks.Server.StartTimer(3600000);
  Ticks.Server.Free;
  Ticks.Free;
  Check('nothing is left open', Held = 0);
end;

begin
  Connecting;
  Texts;
  Asking;
  Asked;
  Deciding;
  Exchanging;
  Parts;
  Telling;
  Datagrams;
  AskingByUdp;
  SimplifiedServer;
  GoingOn;
  Closing;
  Events;
  Timers;
  Finishing(True);
  Finishing(False);
  Check('end', WDSocketCloseAll = WDS_OK);
  WriteLn(Passed, ' passed, ', Failed, ' failed');
  Halt(Ord(Failed <> 0));
end.
