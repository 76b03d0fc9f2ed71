// wdsocketclasses.pas - clients, servers and their connections as classes, with exceptions
// and events, above the declarations in wdsocket.pas.
//
// For Delphi from 2010 on, and Free Pascal in the mode Delphi. Texts travel as UTF-8; in Free
// Pascal on Linux a string is taken to be UTF-8 already.
unit wdsocketclasses;

{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}

interface

uses
  SysUtils, SyncObjs, wdsocket;

type
  TWDSocketConnection = class;
  TWDSocketServer = class;
  TWDSocketConnections = array of TWDSocketConnection;

  /// <summary>An error of the library. Its message says what happened, at which address,
  /// and what to do.</summary>
  EWDSocketError = class(Exception)
  private
    FCode, FSystemError, FPhase, FScope: Integer;
    FCodeName, FDetail: string;
  public
    /// <summary>For the classes of this unit: the code ACode that happened to Socket; its text is that
    /// of Source, 0 for the last call of this thread.</summary>
    constructor CreateOf(ACode, Source, Socket: Integer);
    /// <summary>Whether the time was up: the call may be repeated.</summary>
    function IsTimeout: Boolean;
    /// <summary>Whether the connection has ended or was not made, or this program has closed it in another
    /// thread (WDS_E_CLOSED, WDS_E_HANDLE): what is left is to close it. After WDS_E_FRAME it can also be read
    /// on in another mode.</summary>
    function IsConnectionOver: Boolean;
    /// <summary>The code of the library, one of WDS_E_; docs/errors.md explains every code.</summary>
    property Code: Integer read FCode;
    /// <summary>The name of the code: 'WDS_E_REFUSED'.</summary>
    property CodeName: string read FCodeName;
    /// <summary>The number of the system's error, 0 if the system had none.</summary>
    property SystemError: Integer read FSystemError;
    /// <summary>What the library was doing, one of WDS_PHASE_.</summary>
    property Phase: Integer read FPhase;
    /// <summary>What the error has ended, one of WDS_SCOPE_: the call, a message, the connection.</summary>
    property Scope: Integer read FScope;
    /// <summary>Everything that is known of the error, a line each, for a log.</summary>
    property Detail: string read FDetail;
  end;

  /// <summary>A connection is open, or a client has connected.</summary>
  TWDSocketNotifyEvent = procedure(Sender: TObject; Connection: TWDSocketConnection) of object;
  /// <summary>A message has arrived; in raw mode the bytes that have. WDSocketText makes a text of it.</summary>
  TWDSocketMessageEvent = procedure(Sender: TObject; Connection: TWDSocketConnection; const Data: TBytes) of object;
  /// <summary>A connection has ended, but not by this program. Reason is nil if the peer has closed it
  /// in order; it is freed after the handler.</summary>
  TWDSocketClosedEvent = procedure(Sender: TObject; Connection: TWDSocketConnection; Reason: EWDSocketError) of object;
  /// <summary>Something failed that has ended no connection. Connection is nil where it is the
  /// server's; Error is freed after the handler.</summary>
  TWDSocketErrorEvent = procedure(Sender: TObject; Connection: TWDSocketConnection; Error: EWDSocketError) of object;
  /// <summary>A timer is due, which StartTimer gave. A call that comes late stands for those that it has missed.</summary>
  TWDSocketTimerEvent = procedure(Sender: TObject; Timer: Integer) of object;
  /// <summary>An event of the library that has no event of its own here.</summary>
  TWDSocketOtherEvent = procedure(Sender: TObject; Connection: TWDSocketConnection; const Event: TWDSocketEvent) of object;

  /// <summary>What clients, connections and servers have in common. All methods may be called by
  /// any thread, except ProcessEvents and Run (one thread at a time) and Free.</summary>
  TWDSocketBase = class
  private
    FHandle, FQueue: Integer;
    FClosed, FStopped: Boolean;
    FEvents: array[0..63] of TWDSocketEvent;
    FCount, FNext: Integer; // of FEvents: those that were fetched, and the first that is not handled
    FOnMessage: TWDSocketMessageEvent;
    FOnError: TWDSocketErrorEvent;
    FOnOther: TWDSocketOtherEvent;
    FOnTimer: TWDSocketTimerEvent;
    function Check(Code: Integer): Integer;
    function OfPeer(What: Integer): string;
    procedure Announced(Connection: TWDSocketConnection);
    procedure TellError(Connection: TWDSocketConnection; const Event: TWDSocketEvent);
    procedure Attach(How: Integer);
    procedure Due(const Event: TWDSocketEvent);
    procedure Happened(const Event: TWDSocketEvent); virtual;
    procedure Handled; virtual;
  public
    /// <summary>Closes the socket and frees the object.</summary>
    destructor Destroy; override;
    /// <summary>Closes the socket. What was written is still sent. More calls do nothing.</summary>
    procedure Close; virtual;
    /// <summary>What the socket is doing, one of WDS_STATE_; 0 once it is closed.</summary>
    function State: Integer;
    /// <summary>Sets an option, one of WDS_OPT_.</summary>
    procedure SetOption(Option, Value: Integer);
    /// <summary>The value of an option, one of WDS_OPT_.</summary>
    function GetOption(Option: Integer): Integer;
    /// <summary>Sets an option that is a text, one of WDS_TEXT_.</summary>
    procedure SetText(Option: Integer; const Value: string);
    /// <summary>An option that is a text, one of WDS_TEXT_.</summary>
    function GetText(Option: Integer): string;
    /// <summary>Sets an option that is bytes, such as WDS_TEXT_HEARTBEAT.</summary>
    procedure SetBytes(Option: Integer; const Value: TBytes);
    /// <summary>An option that is bytes.</summary>
    function GetBytes(Option: Integer): TBytes;
    /// <summary>A figure, one of WDS_NUM_.</summary>
    function GetNumber(What: Integer): Int64;
    /// <summary>Ends the calls of other threads that wait on this socket, with WDS_E_CANCELLED; it stays open.</summary>
    procedure Cancel;
    /// <summary>Chooses how messages are delimited, one of WDS_MODE_, with the end tag for the modes
    /// that have one: #13#10. Unless this is called, it is WDS_MODE_SIZE. Of a server, before or after
    /// Listen, it is that of the clients that it accepts from then on.</summary>
    procedure SetMode(Mode: Integer; const Tag: string = ''); overload;
    /// <summary>As SetMode, with an end tag that is no text, 1 to 64 bytes, for WDS_MODE_END_TAG or
    /// WDS_MODE_END_TAG_BUFFER.</summary>
    procedure SetMode(Mode: Integer; const Tag: TBytes); overload;
    /// <summary>As SetMode, by the name of a protocol (WDS_TEXT_FRAME_PRESET): 'line', 'modbus-tcp'.
    /// docs/framing.md has the names.</summary>
    procedure SetPreset(const Name: string);
    /// <summary>As SetMode, by a description of the bytes (WDS_TEXT_FRAME): 'len:u16be data' is a message
    /// behind its length in two bytes. docs/framing.md has the language.</summary>
    procedure SetFrame(const Description: string);
    /// <summary>Begins to collect events. Set the handlers first, and call ProcessEvents or Run.</summary>
    procedure StartEvents; virtual;
    /// <summary>Calls the handlers of what has happened, in this thread; waits for something, -1 =
    /// for ever, 0 = does not wait. In a program with windows a timer calls it with 0. An
    /// exception of a handler leaves it; the next call continues with the next event.</summary>
    /// <returns>False if nothing happened in time, or the events have ended.</returns>
    function ProcessEvents(TimeoutMs: Integer): Boolean;
    /// <summary>Handles events until Stop or Close is called, or WDSocketWakeup ends the wait for one. An exception of a handler
    /// leaves it, too, such as that of a write to one client: handle it in the handler, or call Run again.</summary>
    procedure Run;
    /// <summary>Ends Run, also if it has not begun yet.</summary>
    procedure Stop;
    /// <summary>Tells how a device may delimit its messages, from bytes that raw mode has read, from the beginning of a
    /// message on: a line for each way, the best one first, with the text for SetFrame, a tab, the names for SetPreset,
    /// a tab, and the reason; '' if nothing fits.</summary>
    class function Guess(const Received: TBytes): string;
    /// <summary>Has OnTimer called by ProcessEvents or Run after DelayMs, and then each RepeatMs, 0 = once, in
    /// milliseconds. It is the number that OnTimer gets, and ends with the socket or by StopTimer. Needs StartEvents.</summary>
    function StartTimer(DelayMs: Integer; RepeatMs: Integer = 0): Integer;
    /// <summary>Ends a timer: OnTimer is not called for it any more. More calls do nothing.</summary>
    procedure StopTimer(Timer: Integer);
    /// <summary>The handle, for functions of the unit wdsocket that this class does not wrap.</summary>
    property Handle: Integer read FHandle;
    property OnMessage: TWDSocketMessageEvent read FOnMessage write FOnMessage;
    property OnError: TWDSocketErrorEvent read FOnError write FOnError;
    property OnOther: TWDSocketOtherEvent read FOnOther write FOnOther;
    property OnTimer: TWDSocketTimerEvent read FOnTimer write FOnTimer;
  end;

  /// <summary>A connection: one that a server has accepted, or, as TWDSocketClient, one of a client.
  /// The program frees what Accept gives. What events give belongs to the server, which frees
  /// it when the connection has ended: the program may Close it, but not free it.</summary>
  TWDSocketConnection = class(TWDSocketBase)
  private
    FServer: TWDSocketServer;
    FOfEvents: Boolean; // the server frees it
    FSimplified: Boolean; // on the handle of a server, which alone closes it
    FTag: TObject;
    function Take(TimeoutMs: Integer; out Data: TBytes): Integer;
    function ReasonOf(const Event: TWDSocketEvent): EWDSocketError;
  public
    destructor Destroy; override;
    /// <summary>Closes the connection. What was written is still sent. More calls do nothing. That of a simplified
    /// server closes nothing.</summary>
    procedure Close; override;
    /// <summary>Closes the connection and waits until the peer's system has what was written.
    /// Raises EWDSocketError if that was not possible in time; it is closed all the same.</summary>
    procedure CloseAfterSending(TimeoutMs: Integer);
    /// <summary>Resets the connection at once; what was not sent is discarded. That of a simplified server goes on
    /// with the next client.</summary>
    procedure Abort;
    /// <summary>Begins to collect events, but not for a simplified server: those are events of the server.</summary>
    procedure StartEvents; override;
    /// <summary>Writes a message.</summary>
    procedure Write(const Data: TBytes); overload;
    /// <summary>Writes a text as a message, in UTF-8.</summary>
    procedure Write(const Text: string); overload;
    /// <summary>Waits for a message, -1 = for ever. Raises EWDSocketError if none came in time
    /// (IsTimeout) or the connection has ended.</summary>
    function Read(TimeoutMs: Integer): TBytes;
    /// <summary>As Read, but False if none came in time.</summary>
    function TryRead(TimeoutMs: Integer; out Data: TBytes): Boolean;
    /// <summary>As Read, and makes a text of it.</summary>
    function ReadText(TimeoutMs: Integer): string;
    /// <summary>Waits for the next bytes of the stream, so many, whatever the mode is. Raises EWDSocketError
    /// as Read does; after a time-out what has come is still there.</summary>
    function ReadExactly(Size, TimeoutMs: Integer): TBytes;
    /// <summary>Waits for the bytes up to a tag, such as #13#10, which is not part of the result, of at most so
    /// many bytes, whatever the mode is.</summary>
    function ReadUntil(const Tag: string; TimeoutMs: Integer; Most: Integer = 65536): TBytes; overload;
    /// <summary>As ReadUntil, with a tag that is no text.</summary>
    function ReadUntil(const Tag: TBytes; TimeoutMs: Integer; Most: Integer = 65536): TBytes; overload;
    /// <summary>How many bytes of messages can be read without waiting.</summary>
    function Available: Integer;
    /// <summary>Discards what has arrived, one of WDS_DISCARD_, and gives how many bytes that were.</summary>
    function Discard(What: Integer = WDS_DISCARD_ALL): Integer;
    /// <summary>Waits until the system has what was written, with a send queue (WDS_OPT_SEND_QUEUE).</summary>
    procedure Flush(TimeoutMs: Integer);
    /// <summary>Begins TLS on the open connection, after both ends have agreed on it (STARTTLS); on the side of
    /// the server the role is WDS_ROLE_SERVER, with the certificate of WDS_TEXT_SSL_CERTIFICATE. Options are bits
    /// of WDS_SSL_. Raises EWDSocketError: the handshake failed, and the connection can only be closed; or what has
    /// arrived in plain text is to be read first (WDS_E_TLS_SURPLUS), and it goes on as before.</summary>
    procedure StartTls(TimeoutMs: Integer; Options: Integer = 0; Role: Integer = WDS_ROLE_CLIENT);
    /// <summary>Ends TLS and goes on in plain text, after both ends have agreed on it: it waits until the peer
    /// ends it, too, -1 = for ever. Raises EWDSocketError: the peer did not in time (IsTimeout), call it again or
    /// close; there is no TLS (WDS_E_TLS_NOT_SECURED); or events receive for the connection (WDS_E_BUSY).</summary>
    procedure StopTls(TimeoutMs: Integer);
    /// <summary>Ends what this program sends: the peer reads the end, and can still answer.</summary>
    procedure EndWriting(TimeoutMs: Integer);
    /// <summary>Writes a request and waits for its answer, of at most 65536 bytes. What came before it is
    /// discarded, and an answer that comes too late is not taken for that of the next request. Raises
    /// EWDSocketError as Read does.</summary>
    function Exchange(const Request: TBytes; TimeoutMs: Integer): TBytes; overload;
    /// <summary>As Exchange, with texts in UTF-8.</summary>
    function Exchange(const Request: string; TimeoutMs: Integer): string; overload;
    /// <summary>Joins a group of the server that has accepted the connection, to which WriteToGroup writes.</summary>
    procedure Join(const Group: string);
    /// <summary>Leaves a group, or with '' all of them.</summary>
    procedure Leave(const Group: string = '');
    /// <summary>Writes a message to the other clients of the server that has accepted the connection, or of a group, of which
    /// it need not be a member, as a chat does with what one says. It never waits, as WriteToAll, and gives how many they are. Raises
    /// EWDSocketError if no server has accepted it (WDS_E_KIND) or that is closed (WDS_E_CLOSED).</summary>
    function WriteToOthers(const Data: TBytes; const Group: string = ''): Integer; overload;
    /// <summary>As WriteToOthers, a text in UTF-8.</summary>
    function WriteToOthers(const Text: string; const Group: string = ''): Integer; overload;
    /// <summary>Whether messages can be written and read; of a simplified server, whether it has a client:
    /// it is asked by the thread that reads.</summary>
    function IsConnected: Boolean;
    /// <summary>The peer: '192.168.1.7:5000'.</summary>
    function PeerEndpoint: string;
    /// <summary>The peer without the port: '192.168.1.7'.</summary>
    function PeerAddress: string;
    /// <summary>This end: '192.168.1.2:40123'.</summary>
    function LocalEndpoint: string;
    /// <summary>What else is known of the peer, one of WDS_INFO_, such as WDS_INFO_PROXY_ENDPOINT, the proxy that it
    /// came through, or WDS_INFO_PEER_PID, the process at the other end of a local socket; '' where there is none.</summary>
    function PeerInfo(What: Integer): string;
    /// <summary>What the handshake of a WebSocket said, and how the peer closed it, one of WDS_INFO_WEBSOCKET_, such as
    /// WDS_INFO_WEBSOCKET_PATH. Raises EWDSocketError if it is no WebSocket (WDS_E_KIND).</summary>
    function WebSocketInfo(What: Integer): string;
    /// <summary>What TLS has agreed upon and who the peer is, one of WDS_INFO_SSL_. Certificate 0 is the
    /// peer's own, then follow those that signed it.</summary>
    function TlsInfo(What: Integer; Certificate: Integer = 0): string;
    /// <summary>Any object of the program, which frees it.</summary>
    property Tag: TObject read FTag write FTag;
  end;

  /// <summary>A client. It has one connection; for another one make another object.</summary>
  TWDSocketClient = class(TWDSocketConnection)
  private
    FOnConnected: TWDSocketNotifyEvent;
    FOnClosed: TWDSocketClosedEvent;
    procedure Happened(const Event: TWDSocketEvent); override;
  public
    /// <summary>Makes a client that is not connected yet, so that its options can be set first.
    /// The name is for texts of errors and for the log; it is unique among the program's sockets.</summary>
    constructor Create(const Name: string = '');
    /// <summary>Connects, and waits for it: from 1 ms, -1 = as long as the system takes. The address
    /// is a name or IP address; with port 0 also 'host:port', 'tls://host:port', 'ws://host/path'
    /// and whatever else the library connects to. Raises EWDSocketError; may be called again then.</summary>
    procedure Connect(const Address: string; Port, TimeoutMs: Integer);
    /// <summary>Begins to connect: OnConnected or OnError tells how it ended. Needs StartEvents.</summary>
    procedure ConnectInBackground(const Address: string; Port: Integer);
    property OnConnected: TWDSocketNotifyEvent read FOnConnected write FOnConnected;
    property OnClosed: TWDSocketClosedEvent read FOnClosed write FOnClosed;
  end;

  /// <summary>A server for many clients, which are accepted one by one, or by themselves once
  /// events are started. Closing it closes its clients too.</summary>
  TWDSocketServer = class(TWDSocketBase)
  private
    FLock: TCriticalSection;
    FClients: array of TWDSocketConnection; // by their handles, ascending
    FClientCount: Integer;
    FEnded: array of TWDSocketConnection; // to be freed when no handler has them
    FEndedCount: Integer;
    FOnConnected: TWDSocketNotifyEvent;
    FOnClosed: TWDSocketClosedEvent;
    function Place(Channel: Integer): Integer;
    function Find(Channel: Integer): TWDSocketConnection;
    function Remember(Channel: Integer; OfEvents: Boolean): TWDSocketConnection;
    procedure Forget(Client: TWDSocketConnection);
    procedure EndEvents;
    procedure CloseUnknown;
    procedure Happened(const Event: TWDSocketEvent); override;
    procedure Handled; override;
  public
    /// <summary>Makes a server that does not listen yet, so that options can be set first: its clients
    /// get them all.</summary>
    constructor Create(const Name: string = '');
    destructor Destroy; override;
    /// <summary>Opens the server. Port 0 = chosen by the system or part of the address; no address =
    /// all of this machine. Raises EWDSocketError; may be called again then.</summary>
    procedure Listen(Port: Integer; const Address: string = '');
    /// <summary>Waits for a client and accepts it; nil if none came in time. Not for servers with events,
    /// which accept by themselves. The program frees the connection.</summary>
    function Accept(TimeoutMs: Integer): TWDSocketConnection;
    /// <summary>Waits until a client asks to connect, -1 = for ever; False if none did in time. PendingInfo tells who it
    /// is, and Accept or Deny decides; until then it waits. Not for servers with events.</summary>
    function WaitForConnection(TimeoutMs: Integer): Boolean;
    /// <summary>Who asks to connect: '192.168.1.7:40123', or as PeerInfo of a connection; of a simplified server, who is
    /// its client. Raises EWDSocketError if no client asks (WDS_E_NO_REQUEST).</summary>
    function PendingInfo(What: Integer = WDS_INFO_ENDPOINT): string;
    /// <summary>Refuses the client that asks to connect, by a reset; of a simplified server it disconnects its client.
    /// Raises EWDSocketError if no client asks (WDS_E_NO_REQUEST): it has given up, for instance.</summary>
    procedure Deny;
    /// <summary>The server as WLanguage's simplified one, which has one client at a time: the first read waits for
    /// a client and accepts it. When that leaves, a call raises an error that is not IsConnectionOver, and the next
    /// read waits for another client. Closing the connection closes nothing, and Abort disconnects the client and
    /// goes on with the next: for one that stays after a write to it has failed. Not for a server that accepts, or
    /// that has events. The program frees the connection. hosts/README.md has a program.</summary>
    function Simplified: TWDSocketConnection;
    /// <summary>Begins to accept clients and to collect events. One thread serves all clients, so that
    /// writing must not wait for one of them: unless WDS_OPT_SEND_QUEUE is set, it becomes 1 MiB,
    /// and for a client that reads too slowly a write raises an error with WDS_E_FULL.</summary>
    procedure StartEvents; override;
    /// <summary>Writes a message to all clients. It never waits: what a client does not take at once waits within its
    /// WDS_OPT_PUBLISH_QUEUE, 1 MiB unless set; beyond it the oldest messages are dropped (WDS_EVENT_DROPPED), or the client is
    /// disconnected (WDS_OPT_PUBLISH_POLICY).</summary>
    procedure WriteToAll(const Data: TBytes); overload;
    /// <summary>Writes a text to all clients, in UTF-8.</summary>
    procedure WriteToAll(const Text: string); overload;
    /// <summary>Writes a message to the clients of a group and gives how many there are. It never waits: see WriteToAll.</summary>
    function WriteToGroup(const Group: string; const Data: TBytes): Integer; overload;
    /// <summary>Writes a text to the clients of a group, in UTF-8.</summary>
    function WriteToGroup(const Group, Text: string): Integer; overload;
    /// <summary>Closes the clients, to whom what was written is still sent, and the server. A handler
    /// may call it; it may not free the server.</summary>
    procedure Close; override;
    /// <summary>As Close, and waits until the clients' systems have what was written, all of them within TimeoutMs, -1 = for
    /// ever: for the end of a program. Raises EWDSocketError if that was not possible in time (IsTimeout), and it is sent on for
    /// a while, or a connection was cut; all are closed all the same.</summary>
    procedure CloseAfterSending(TimeoutMs: Integer);
    /// <summary>The port that the server listens on, also if the system has chosen it.</summary>
    function Port: Integer;
    /// <summary>How many clients are connected and not closed by this program.</summary>
    function ClientCount: Integer;
    /// <summary>These clients. With events, they are to be used in the thread that calls ProcessEvents or Run, and until that
    /// goes on: a client whose connection ends is freed after its event.</summary>
    function Clients: TWDSocketConnections;
    property OnConnected: TWDSocketNotifyEvent read FOnConnected write FOnConnected;
    property OnClosed: TWDSocketClosedEvent read FOnClosed write FOnClosed;
  end;

  /// <summary>A datagram that has arrived, never cut, and where it came from: '192.168.1.7', 5000.
  /// WDSocketText makes a text of Data.</summary>
  TWDSocketDatagram = record
    Data: TBytes;
    Address: string;
    Port: Integer;
  end;
  /// <summary>A datagram has arrived.</summary>
  TWDSocketDatagramEvent = procedure(Sender: TObject; const Datagram: TWDSocketDatagram) of object;

  /// <summary>A UDP socket: it sends datagrams, which need not arrive, and receives them. To a broadcast
  /// address they go to all of that network; what is sent to a multicast group is received where the group is
  /// the address of Open, or is joined afterwards by SetText(WDS_TEXT_MULTICAST_JOIN, '239.7.7.1'). Events are
  /// OnDatagram, in place of OnMessage, and OnError: the socket stays open. Modes and presets are those of
  /// connections.</summary>
  TWDSocketUdp = class(TWDSocketBase)
  private
    FOnDatagram: TWDSocketDatagramEvent;
    function Take(TimeoutMs: Integer; out Datagram: TWDSocketDatagram): Integer;
    procedure Happened(const Event: TWDSocketEvent); override;
  public
    /// <summary>Makes a socket that is not open yet, so that options can be set first.</summary>
    constructor Create(const Name: string = '');
    /// <summary>Opens the socket; only then it sends, too. Port 0 = chosen by the system, for what only asks; no
    /// address = all of this machine. Raises EWDSocketError; may be called again then.</summary>
    procedure Open(Port: Integer = 0; const Address: string = '');
    /// <summary>Sends a datagram of at most 65507 bytes over IPv4; without an address to where the last one
    /// came from. Raises EWDSocketError if it is too long (WDS_E_DATAGRAM_SIZE) or there is no way to the receiver.</summary>
    procedure Send(const Data: TBytes; const Address: string = ''; Port: Integer = 0); overload;
    /// <summary>Sends a text as a datagram, in UTF-8.</summary>
    procedure Send(const Text: string; const Address: string = ''; Port: Integer = 0); overload;
    /// <summary>Waits for a datagram, -1 = for ever. Raises EWDSocketError if none came in time (IsTimeout), or
    /// one that was sent was refused (WDS_OPT_UDP_ERRORS): receive on.</summary>
    function Receive(TimeoutMs: Integer): TWDSocketDatagram;
    /// <summary>As Receive, but False if none came in time.</summary>
    function TryReceive(TimeoutMs: Integer; out Datagram: TWDSocketDatagram): Boolean;
    /// <summary>The port that it receives on, also if the system has chosen it.</summary>
    function Port: Integer;
    property OnDatagram: TWDSocketDatagramEvent read FOnDatagram write FOnDatagram;
  end;

/// <summary>How many sockets the program holds, without event queues: 0 at its end, if it has closed them all.</summary>
function WDSocketsHeld: Int64;
/// <summary>A message as a text: it is taken to be UTF-8.</summary>
function WDSocketText(const Data: TBytes): string;
/// <summary>A text as a message: its UTF-8.</summary>
function WDSocketBytes(const Text: string): TBytes;

implementation

// Free Pascal on Linux knows no character set of the system unless a unit is used for it:
// there, texts are taken as they are.
function ToUTF8(const Text: string): UTF8String;
begin
{$IF DEFINED(UNICODE)}
  Result := UTF8Encode(Text);
{$ELSEIF DEFINED(MSWINDOWS)}
  Result := UTF8Encode(UnicodeString(Text));
{$ELSE}
  SetString(Result, PAnsiChar(Text), Length(Text));
{$IFEND}
end;

function FromUTF8(Text: PAnsiChar; Length: Integer): string;
{$IF DEFINED(UNICODE) OR DEFINED(MSWINDOWS)}
var
  Copy: UTF8String;
begin
  SetString(Copy, Text, Length);
{$IFDEF UNICODE}
  Result := UTF8ToString(Copy);
{$ELSE}
  Result := string(UTF8Decode(Copy));
{$ENDIF}
end;
{$ELSE}
begin
  SetString(Result, Text, Length);
end;
{$IFEND}

function First(const Data: TBytes): PAnsiChar;
begin
  if Length(Data) = 0 then
    Result := nil
  else
    Result := PAnsiChar(@Data[0]);
end;

// ForC refuses a text that would end at a zero byte in it. It may be a password, and is not shown.
function ForC(const Text: string): UTF8String;
begin
  if Pos(#0, Text) > 0 then
    raise EArgumentException.Create('the text would end at the zero byte in it');
  Result := ToUTF8(Text);
end;

// OrNil is NULL for an empty text.
function OrNil(const Text: UTF8String): PAnsiChar;
begin
  if Text = '' then
    Result := nil
  else
    Result := PAnsiChar(Text);
end;

function WDSocketsHeld: Int64;
begin
  WDSocketGetNumber(0, WDS_NUM_SOCKETS, @Result);
end;

function WDSocketText(const Data: TBytes): string;
begin
  Result := FromUTF8(First(Data), Length(Data));
end;

function WDSocketBytes(const Text: string): TBytes;
var
  Copy: UTF8String;
begin
  Copy := ToUTF8(Text);
  SetLength(Result, Length(Copy));
  if Length(Copy) > 0 then
    Move(Copy[1], Result[0], Length(Copy));
end;

// ErrorInfo is one of WDS_INFO_ of the last error of this thread, or of a socket's.
function ErrorInfo(Socket, What: Integer): string;
var
  Text: array of AnsiChar;
  Length: Integer;
begin
  Length := WDSocketErrorInfo(Socket, What, nil, 0);
  Result := '';
  if Length <= 0 then
    Exit;
  SetLength(Text, Length + 1);
  WDSocketErrorInfo(Socket, What, @Text[0], Length + 1);
  Result := FromUTF8(@Text[0], Length);
end;

function CodeInfo(Code, What: Integer): string;
var
  Text: array[0..1023] of AnsiChar;
  Length: Integer;
begin
  Length := WDSocketErrorText(Code, What, @Text[0], SizeOf(Text));
  if Length < 0 then
    Length := 0
  else if Length >= SizeOf(Text) then
    Length := SizeOf(Text) - 1;
  Result := FromUTF8(@Text[0], Length);
end;

{ EWDSocketError }

// Source is 0 for the error of the call that this thread has just made, or a socket whose end
// an event has told; Socket is what the error happened to.
constructor EWDSocketError.CreateOf(ACode, Source, Socket: Integer);
var
  Text: string;
begin
  FCode := ACode;
  // Only an error that is still the one on record has more to say.
  if WDSocketErrorCode(Source, WDS_INFO_CODE) = ACode then
  begin
    Text := ErrorInfo(Source, WDS_INFO_MESSAGE);
    FDetail := ErrorInfo(Source, WDS_INFO_DETAIL);
    FSystemError := WDSocketErrorCode(Source, WDS_INFO_SYSTEM);
    FPhase := WDSocketErrorCode(Source, WDS_INFO_PHASE);
  end;
  if Text = '' then
    Text := CodeInfo(ACode, WDS_INFO_MESSAGE);
  FScope := WDSocketErrorScope(Socket, ACode);
  FCodeName := CodeInfo(ACode, WDS_INFO_NAME);
  inherited Create(Text);
end;

function EWDSocketError.IsTimeout: Boolean;
begin
  Result := FCode = WDS_E_TIMEOUT;
end;

function EWDSocketError.IsConnectionOver: Boolean;
begin
  Result := FScope >= WDS_SCOPE_CONNECTION;
end;

{ TWDSocketBase }

const
  // The user numbers of timers say what they are for.
  OF_STOP = 0;
  ONCE = 1;
  EACH_TIME = 2;

destructor TWDSocketBase.Destroy;
begin
  Close;
  inherited Destroy;
end;

function TWDSocketBase.Check(Code: Integer): Integer;
begin
  if Code < 0 then
    raise EWDSocketError.CreateOf(Code, 0, FHandle);
  Result := Code;
end;

// OfPeer is one of WDS_INFO_ that WDSocketClientInfo tells.
function TWDSocketBase.OfPeer(What: Integer): string;
var
  Text: array of AnsiChar;
begin
  SetLength(Text, Check(WDSocketClientInfo(FHandle, What, nil, 0)) + 1);
  Result := FromUTF8(@Text[0], Check(WDSocketClientInfo(FHandle, What, @Text[0], Length(Text))));
end;

class function TWDSocketBase.Guess(const Received: TBytes): string;
var
  Text: array[0..8191] of AnsiChar; // enough, as the reference says
  Length: Integer;
begin
  Length := WDSocketGuess(First(Received), System.Length(Received), @Text[0], SizeOf(Text));
  if Length < 0 then
    raise EWDSocketError.CreateOf(Length, 0, 0);
  Result := FromUTF8(@Text[0], Length);
end;

// A closed handle is refused by the library and not given again: it is kept, so that closing
// twice, and by two threads at once, does no harm.
procedure TWDSocketBase.Close;
begin
  FClosed := True;
  FStopped := True;
  if FQueue <> 0 then
    WDSocketClose(FQueue);
  if FHandle <> 0 then
    WDSocketClose(FHandle);
end;

function TWDSocketBase.State: Integer;
begin
  Result := WDSocketState(FHandle);
  if Result < 0 then
    Result := 0;
end;

procedure TWDSocketBase.SetOption(Option, Value: Integer);
begin
  Check(WDSocketSetOption(FHandle, Option, Value));
end;

function TWDSocketBase.GetOption(Option: Integer): Integer;
begin
  Check(WDSocketGetOption(FHandle, Option, @Result));
end;

procedure TWDSocketBase.SetText(Option: Integer; const Value: string);
begin
  Check(WDSocketSetText(FHandle, Option, PAnsiChar(ForC(Value))));
end;

function TWDSocketBase.GetText(Option: Integer): string;
var
  Text: array of AnsiChar;
  Length: Integer;
begin
  Length := Check(WDSocketGetText(FHandle, Option, nil, 0));
  SetLength(Text, Length + 1);
  Result := FromUTF8(@Text[0], Check(WDSocketGetText(FHandle, Option, @Text[0], Length + 1)));
end;

procedure TWDSocketBase.SetBytes(Option: Integer; const Value: TBytes);
begin
  Check(WDSocketSetBytes(FHandle, Option, First(Value), Length(Value)));
end;

function TWDSocketBase.GetBytes(Option: Integer): TBytes;
var
  Length: Integer;
begin
  SetLength(Result, 256);
  repeat
    Length := WDSocketGetBytes(FHandle, Option, @Result[0], System.Length(Result));
    if Length = WDS_E_BUFFER then
      SetLength(Result, 2 * System.Length(Result));
  until Length <> WDS_E_BUFFER;
  SetLength(Result, Check(Length));
end;

function TWDSocketBase.GetNumber(What: Integer): Int64;
begin
  Check(WDSocketGetNumber(FHandle, What, @Result));
end;

procedure TWDSocketBase.Cancel;
begin
  Check(WDSocketCancel(FHandle));
end;

procedure TWDSocketBase.SetMode(Mode: Integer; const Tag: string);
begin
  SetMode(Mode, WDSocketBytes(Tag));
end;

procedure TWDSocketBase.SetMode(Mode: Integer; const Tag: TBytes);
begin
  Check(WDSocketChangeTransmissionMode(FHandle, Mode, First(Tag), Length(Tag)));
end;

procedure TWDSocketBase.SetPreset(const Name: string);
begin
  SetText(WDS_TEXT_FRAME_PRESET, Name);
end;

procedure TWDSocketBase.SetFrame(const Description: string);
begin
  SetText(WDS_TEXT_FRAME, Description);
  SetMode(WDS_MODE_DESCRIBED);
end;

procedure TWDSocketBase.StartEvents;
begin
  Attach(WDS_ATTACH_PLAIN);
end;

procedure TWDSocketBase.Attach(How: Integer);
var
  Queue, Code: Integer;
begin
  Queue := Check(WDSocketNewQueue);
  Code := WDSocketAttach(Queue, FHandle, How);
  if Code = WDS_OK then
    FQueue := Queue
  else
    try
      Check(Code);
    finally
      WDSocketClose(Queue);
    end;
end;

function TWDSocketBase.ProcessEvents(TimeoutMs: Integer): Boolean;
var
  Code: Integer;
  Event: TWDSocketEvent;
begin
  Result := False;
  if FNext >= FCount then
  begin
    FNext := 0;
    FCount := 0;
    Code := WDSocketNextEvents(FQueue, TimeoutMs, @FEvents, SizeOf(TWDSocketEvent), Length(FEvents));
    if Code = WDS_E_TIMEOUT then
      Exit;
    if FClosed or (Code = WDS_E_CANCELLED) then
    begin
      FStopped := True;
      Exit;
    end;
    FCount := Check(Code);
  end;
  Result := True;
  while (FNext < FCount) and not FClosed do
  begin
    Event := FEvents[FNext];
    Inc(FNext);
    try
      if Event.kind = WDS_EVENT_TIMER then
        Due(Event)
      else
        Happened(Event);
    finally
      Handled;
    end;
  end;
  if FClosed then
    FCount := 0;
end;

procedure TWDSocketBase.Run;
begin
  while not FStopped do
    ProcessEvents(-1);
  FStopped := FClosed;
end;

// A timer that is due ends the wait, also one that begins only then.
procedure TWDSocketBase.Stop;
begin
  FStopped := True;
  if FQueue <> 0 then
    WDSocketNewTimer(FQueue, 1, 0, OF_STOP);
end;

function TWDSocketBase.StartTimer(DelayMs, RepeatMs: Integer): Integer;
begin
  if FQueue = 0 then
    raise EInvalidOpException.Create('call StartEvents first: the timer is told as events are');
  if RepeatMs = 0 then
    Result := Check(WDSocketNewTimer(FQueue, DelayMs, 0, ONCE))
  else
    Result := Check(WDSocketNewTimer(FQueue, DelayMs, RepeatMs, EACH_TIME));
end;

procedure TWDSocketBase.StopTimer(Timer: Integer);
begin
  WDSocketClose(Timer);
end;

// Due handles the event of a timer. One that was stopped since its event was fetched is not told.
procedure TWDSocketBase.Due(const Event: TWDSocketEvent);
begin
  if WDSocketState(Event.socket) = WDS_E_HANDLE then
    Exit;
  if Event.user <> EACH_TIME then
    WDSocketClose(Event.socket);
  if (Event.user <> OF_STOP) and Assigned(FOnTimer) then
    FOnTimer(Self, Event.socket);
end;

procedure TWDSocketBase.Happened(const Event: TWDSocketEvent);
begin
end;

procedure TWDSocketBase.Handled;
begin
end;

// Announced reads the message of an event. One that cannot be converted is discarded; one that
// was taken back is not there, nor one of a connection that another thread has closed.
procedure TWDSocketBase.Announced(Connection: TWDSocketConnection);
var
  Data: TBytes;
  Code: Integer;
  Error: EWDSocketError;
begin
  Code := Connection.Take(0, Data);
  if Code >= 0 then
  begin
    if Assigned(FOnMessage) then
      FOnMessage(Self, Connection, Data);
  end
  else if (Code <> WDS_E_TIMEOUT) and not Connection.FClosed then
  begin
    Error := EWDSocketError.CreateOf(Code, 0, Connection.FHandle);
    try
      if Code = WDS_E_TEXT then
        WDSocketDiscard(Connection.FHandle, WDS_DISCARD_MESSAGE);
      if Assigned(FOnError) then
        FOnError(Self, Connection, Error);
    finally
      Error.Free;
    end;
  end;
end;

procedure TWDSocketBase.TellError(Connection: TWDSocketConnection; const Event: TWDSocketEvent);
var
  Error: EWDSocketError;
begin
  if not Assigned(FOnError) then
    Exit;
  Error := EWDSocketError.CreateOf(Event.code, Event.socket, Event.socket);
  try
    FOnError(Self, Connection, Error);
  finally
    Error.Free;
  end;
end;

{ TWDSocketConnection }

// In a server it must not be found any more before it is gone.
destructor TWDSocketConnection.Destroy;
begin
  FOfEvents := False;
  inherited Destroy;
end;

// Another thread that closes it, too, takes the server away.
procedure TWDSocketConnection.Close;
var
  Server: TWDSocketServer;
begin
  if FSimplified then
    Exit;
  inherited Close;
  Server := FServer;
  if Server <> nil then
    Server.Forget(Self);
end;

procedure TWDSocketConnection.CloseAfterSending(TimeoutMs: Integer);
begin
  if FSimplified then
    Exit;
  try
    Check(WDSocketCloseEx(FHandle, WDS_CLOSE_GRACEFUL, TimeoutMs));
  finally
    Close;
  end;
end;

procedure TWDSocketConnection.StartEvents;
begin
  if FSimplified then
    raise EInvalidOpException.Create('a simplified server has no events: call StartEvents of the server, which then accepts all clients');
  inherited StartEvents;
end;

procedure TWDSocketConnection.Abort;
begin
  if FSimplified then
  begin
    WDSocketDeny(FHandle);
    Exit;
  end;
  WDSocketCloseEx(FHandle, WDS_CLOSE_ABORT, 0);
  Close;
end;

procedure TWDSocketConnection.Write(const Data: TBytes);
begin
  Check(WDSocketWrite(FHandle, First(Data), Length(Data)));
end;

procedure TWDSocketConnection.Write(const Text: string);
begin
  Write(WDSocketBytes(Text));
end;

// Take reads a message of any length, or gives an error.
function TWDSocketConnection.Take(TimeoutMs: Integer; out Data: TBytes): Integer;
var
  Memory, Token: Pointer;
  Length: Integer;
begin
  Data := nil;
  Result := WDSocketReadMessage(FHandle, TimeoutMs, @Memory, @Length, @Token);
  if Result < 0 then
    Exit;
  try
    SetLength(Data, Length);
    if Length > 0 then
      Move(Memory^, Data[0], Length);
  finally
    WDSocketMessageFree(Token);
  end;
end;

function TWDSocketConnection.Read(TimeoutMs: Integer): TBytes;
begin
  Check(Take(TimeoutMs, Result));
end;

function TWDSocketConnection.TryRead(TimeoutMs: Integer; out Data: TBytes): Boolean;
var
  Code: Integer;
begin
  Code := Take(TimeoutMs, Data);
  Result := Code <> WDS_E_TIMEOUT;
  if Result then
    Check(Code);
end;

function TWDSocketConnection.ReadText(TimeoutMs: Integer): string;
begin
  Result := WDSocketText(Read(TimeoutMs));
end;

function TWDSocketConnection.ReadExactly(Size, TimeoutMs: Integer): TBytes;
begin
  SetLength(Result, Size);
  Check(WDSocketReadExactly(FHandle, First(Result), Size, TimeoutMs));
end;

function TWDSocketConnection.ReadUntil(const Tag: string; TimeoutMs, Most: Integer): TBytes;
begin
  Result := ReadUntil(WDSocketBytes(Tag), TimeoutMs, Most);
end;

function TWDSocketConnection.ReadUntil(const Tag: TBytes; TimeoutMs, Most: Integer): TBytes;
begin
  SetLength(Result, Most);
  SetLength(Result, Check(WDSocketReadUntil(FHandle, First(Result), Most, First(Tag), Length(Tag), TimeoutMs)));
end;

function TWDSocketConnection.Available: Integer;
begin
  Result := Check(WDSocketAvailable(FHandle));
end;

function TWDSocketConnection.Discard(What: Integer): Integer;
begin
  Result := Check(WDSocketDiscard(FHandle, What));
end;

procedure TWDSocketConnection.Flush(TimeoutMs: Integer);
begin
  Check(WDSocketFlush(FHandle, TimeoutMs));
end;

procedure TWDSocketConnection.StartTls(TimeoutMs, Options, Role: Integer);
begin
  Check(WDSocketStartSSL(FHandle, Role, Options, nil, nil, TimeoutMs));
end;

procedure TWDSocketConnection.StopTls(TimeoutMs: Integer);
begin
  Check(WDSocketStopSSL(FHandle, TimeoutMs));
end;

procedure TWDSocketConnection.EndWriting(TimeoutMs: Integer);
begin
  Check(WDSocketCloseEx(FHandle, WDS_CLOSE_WRITE, TimeoutMs));
end;

function TWDSocketConnection.Exchange(const Request: TBytes; TimeoutMs: Integer): TBytes;
begin
  SetLength(Result, 65536);
  SetLength(Result, Check(WDSocketExchange(FHandle, First(Request), Length(Request), @Result[0], Length(Result), TimeoutMs)));
end;

function TWDSocketConnection.Exchange(const Request: string; TimeoutMs: Integer): string;
begin
  Result := WDSocketText(Exchange(WDSocketBytes(Request), TimeoutMs));
end;

procedure TWDSocketConnection.Join(const Group: string);
begin
  Check(WDSocketGroupJoin(FHandle, PAnsiChar(ForC(Group))));
end;

procedure TWDSocketConnection.Leave(const Group: string);
begin
  Check(WDSocketGroupLeave(FHandle, OrNil(ForC(Group))));
end;

function TWDSocketConnection.WriteToOthers(const Data: TBytes; const Group: string): Integer;
begin
  Result := Check(WDSocketGroupPublish(FHandle, OrNil(ForC(Group)), First(Data), Length(Data)));
end;

function TWDSocketConnection.WriteToOthers(const Text, Group: string): Integer;
begin
  Result := WriteToOthers(WDSocketBytes(Text), Group);
end;

function TWDSocketConnection.IsConnected: Boolean;
begin
  if FSimplified then
    Result := WDSocketAvailable(FHandle) >= 0
  else
    Result := State = WDS_STATE_OPEN;
end;

function TWDSocketConnection.PeerEndpoint: string;
begin
  Result := OfPeer(WDS_INFO_ENDPOINT);
end;

function TWDSocketConnection.PeerAddress: string;
begin
  Result := OfPeer(WDS_INFO_ADDRESS);
end;

function TWDSocketConnection.LocalEndpoint: string;
var
  Text: array[0..1023] of AnsiChar;
begin
  Result := FromUTF8(@Text[0], Check(WDSocketLocalInfo(FHandle, WDS_INFO_ENDPOINT, @Text[0], SizeOf(Text))));
end;

function TWDSocketConnection.PeerInfo(What: Integer): string;
begin
  Result := OfPeer(What);
end;

function TWDSocketConnection.WebSocketInfo(What: Integer): string;
var
  Text: array of AnsiChar;
begin
  SetLength(Text, Check(WDSocketWebSocketInfo(FHandle, What, nil, 0)) + 1);
  Result := FromUTF8(@Text[0], Check(WDSocketWebSocketInfo(FHandle, What, @Text[0], Length(Text))));
end;

function TWDSocketConnection.TlsInfo(What, Certificate: Integer): string;
var
  Text: array of AnsiChar;
begin
  SetLength(Text, Check(WDSocketSSLInfo(FHandle, What, Certificate, nil, 0)) + 1);
  Result := FromUTF8(@Text[0], Check(WDSocketSSLInfo(FHandle, What, Certificate, @Text[0], Length(Text))));
end;

// ReasonOf is why a connection has ended that an event tells of: nil if in order.
function TWDSocketConnection.ReasonOf(const Event: TWDSocketEvent): EWDSocketError;
begin
  Result := nil;
  if (Event.code <> 0) and (Event.code <> WDS_E_PEER_CLOSED) then
    Result := EWDSocketError.CreateOf(Event.code, Event.socket, Event.socket);
end;

{ TWDSocketClient }

constructor TWDSocketClient.Create(const Name: string);
begin
  inherited Create;
  FHandle := Check(WDSocketNew(OrNil(ForC(Name))));
end;

procedure TWDSocketClient.Connect(const Address: string; Port, TimeoutMs: Integer);
begin
  if TimeoutMs = 0 then
    raise EArgumentException.Create('TimeoutMs is 1 or more, or -1: what does not wait is ConnectInBackground');
  Check(WDSocketOpen(FHandle, WDS_KIND_CLIENT, Port, OrNil(ForC(Address)), TimeoutMs));
end;

procedure TWDSocketClient.ConnectInBackground(const Address: string; Port: Integer);
begin
  if FQueue = 0 then
    raise EInvalidOpException.Create('call StartEvents first: events tell how it ended');
  Check(WDSocketOpen(FHandle, WDS_KIND_CLIENT, Port, OrNil(ForC(Address)), 0));
end;

procedure TWDSocketClient.Happened(const Event: TWDSocketEvent);
var
  Reason: EWDSocketError;
begin
  case Event.kind of
    WDS_EVENT_MESSAGE:
      Announced(Self);
    WDS_EVENT_CONNECTED, WDS_EVENT_RECONNECTED:
      if Assigned(FOnConnected) then
        FOnConnected(Self, Self);
    WDS_EVENT_PEER_CLOSED, WDS_EVENT_RESET, WDS_EVENT_TIMEOUT, WDS_EVENT_ERROR:
      if State = WDS_STATE_FAILED then
        TellError(Self, Event) // it could not connect, and may try again
      else
      begin
        Reason := ReasonOf(Event);
        try
          if Assigned(FOnClosed) then
            FOnClosed(Self, Self, Reason);
        finally
          Reason.Free;
          Close;
        end;
      end;
  else
    if Assigned(FOnOther) then
      FOnOther(Self, Self, Event);
  end;
end;

{ TWDSocketServer }

constructor TWDSocketServer.Create(const Name: string);
begin
  inherited Create;
  FLock := TCriticalSection.Create;
  FHandle := Check(WDSocketNew(OrNil(ForC(Name))));
end;

destructor TWDSocketServer.Destroy;
begin
  if FLock <> nil then
    Close;
  Handled;
  inherited Destroy;
  FLock.Free;
end;

procedure TWDSocketServer.Listen(Port: Integer; const Address: string);
begin
  Check(WDSocketOpen(FHandle, WDS_KIND_SERVER, Port, OrNil(ForC(Address)), 0));
end;

function TWDSocketServer.Accept(TimeoutMs: Integer): TWDSocketConnection;
var
  Channel: Integer;
begin
  Result := nil;
  Channel := WDSocketAccept(FHandle, TimeoutMs);
  // 0 ms without a request: another code says the same.
  if (Channel <> WDS_E_TIMEOUT) and (Channel <> WDS_E_NO_REQUEST) then
    Result := Remember(Check(Channel), False);
end;

function TWDSocketServer.WaitForConnection(TimeoutMs: Integer): Boolean;
var
  Code: Integer;
begin
  Code := WDSocketWaitForConnection(FHandle, TimeoutMs);
  Result := Code <> WDS_E_TIMEOUT;
  if Result then
    Check(Code);
end;

function TWDSocketServer.PendingInfo(What: Integer): string;
begin
  Result := OfPeer(What);
end;

procedure TWDSocketServer.Deny;
begin
  Check(WDSocketDeny(FHandle));
end;

function TWDSocketServer.Simplified: TWDSocketConnection;
begin
  Result := TWDSocketConnection.Create;
  Result.FHandle := FHandle;
  Result.FSimplified := True;
end;

procedure TWDSocketServer.StartEvents;
begin
  if GetOption(WDS_OPT_SEND_QUEUE) = 0 then
    SetOption(WDS_OPT_SEND_QUEUE, 1 shl 20);
  Attach(WDS_ATTACH_MANAGE);
end;

procedure TWDSocketServer.WriteToAll(const Data: TBytes);
begin
  Check(WDSocketGroupPublish(FHandle, nil, First(Data), Length(Data)));
end;

procedure TWDSocketServer.WriteToAll(const Text: string);
begin
  WriteToAll(WDSocketBytes(Text));
end;

function TWDSocketServer.WriteToGroup(const Group: string; const Data: TBytes): Integer;
begin
  Result := Check(WDSocketGroupPublish(FHandle, PAnsiChar(ForC(Group)), First(Data), Length(Data)));
end;

function TWDSocketServer.WriteToGroup(const Group, Text: string): Integer;
begin
  Result := WriteToGroup(Group, WDSocketBytes(Text));
end;

function TWDSocketServer.Port: Integer;
begin
  Result := GetOption(WDS_OPT_LOCAL_PORT);
end;

function TWDSocketServer.ClientCount: Integer;
begin
  Result := FClientCount;
end;

function TWDSocketServer.Clients: TWDSocketConnections;
var
  I: Integer;
begin
  FLock.Acquire;
  try
    SetLength(Result, FClientCount);
    for I := 0 to FClientCount - 1 do
      Result[I] := FClients[I];
  finally
    FLock.Release;
  end;
end;

// Place is where a channel stands among the clients, or would.
function TWDSocketServer.Place(Channel: Integer): Integer;
var
  Last, Middle: Integer;
begin
  Result := 0;
  Last := FClientCount;
  while Result < Last do
  begin
    Middle := (Result + Last) div 2;
    if FClients[Middle].FHandle < Channel then
      Result := Middle + 1
    else
      Last := Middle;
  end;
end;

function TWDSocketServer.Find(Channel: Integer): TWDSocketConnection;
var
  At: Integer;
begin
  Result := nil;
  FLock.Acquire;
  try
    At := Place(Channel);
    if (At < FClientCount) and (FClients[At].FHandle = Channel) then
      Result := FClients[At];
  finally
    FLock.Release;
  end;
end;

// Remember makes the object of a channel; if that fails, the channel is closed.
function TWDSocketServer.Remember(Channel: Integer; OfEvents: Boolean): TWDSocketConnection;
var
  At: Integer;
begin
  try
    Result := TWDSocketConnection.Create;
  except
    WDSocketClose(Channel);
    raise;
  end;
  Result.FHandle := Channel;
  FLock.Acquire;
  try
    try
      if FClosed then
        raise EWDSocketError.CreateOf(WDS_E_CLOSED, 0, FHandle);
      if FClientCount = Length(FClients) then
        SetLength(FClients, 2 * FClientCount + 16);
    except
      Result.Free;
      raise;
    end;
    At := Place(Channel);
    if At < FClientCount then
      Move(FClients[At], FClients[At + 1], (FClientCount - At) * SizeOf(FClients[0]));
    FClients[At] := Result;
    Inc(FClientCount);
    Result.FServer := Self;
    Result.FOfEvents := OfEvents;
  finally
    FLock.Release;
  end;
end;

// Forget takes a client out of the table. One that events have made is kept until no handler
// has it any more.
procedure TWDSocketServer.Forget(Client: TWDSocketConnection);
var
  At: Integer;
begin
  FLock.Acquire;
  try
    At := Place(Client.FHandle);
    if (At = FClientCount) or (FClients[At] <> Client) then
      Exit;
    Dec(FClientCount);
    if At < FClientCount then
      Move(FClients[At + 1], FClients[At], (FClientCount - At) * SizeOf(FClients[0]));
    Client.FServer := nil;
    if not Client.FOfEvents then
      Exit;
    if FEndedCount = Length(FEnded) then
      SetLength(FEnded, 2 * FEndedCount + 16);
    FEnded[FEndedCount] := Client;
    Inc(FEndedCount);
  finally
    FLock.Release;
  end;
end;

// Handled frees the connections that have ended, after a handler.
procedure TWDSocketServer.Handled;
var
  Client: TWDSocketConnection;
begin
  while FEndedCount > 0 do
  begin
    FLock.Acquire;
    try
      Dec(FEndedCount);
      Client := FEnded[FEndedCount];
    finally
      FLock.Release;
    end;
    Client.Free;
  end;
end;

// EndEvents: without its queue nothing is accepted any more.
procedure TWDSocketServer.EndEvents;
begin
  FLock.Acquire;
  try
    FClosed := True;
  finally
    FLock.Release;
  end;
  if FQueue <> 0 then
    WDSocketClose(FQueue);
end;

procedure TWDSocketServer.CloseAfterSending(TimeoutMs: Integer);
begin
  EndEvents;
  try
    Check(WDSocketCloseEx(FHandle, WDS_CLOSE_GRACEFUL + WDS_CLOSE_CLIENTS, TimeoutMs));
  finally
    Close;
  end;
end;

procedure TWDSocketServer.Close;
var
  Client: TWDSocketConnection;
begin
  EndEvents;
  repeat
    Client := nil;
    FLock.Acquire;
    try
      if FClientCount > 0 then
        Client := FClients[FClientCount - 1];
    finally
      FLock.Release;
    end;
    if Client <> nil then
      Client.Close;
  until Client = nil;
  CloseUnknown;
  inherited Close;
end;

// CloseUnknown closes what was accepted and whose event was not fetched any more.
procedure TWDSocketServer.CloseUnknown;
var
  Channels: array of Integer;
  Count, I: Integer;
begin
  if FHandle = 0 then // which would mean all sockets of the program
    Exit;
  SetLength(Channels, 256);
  repeat
    Count := WDSocketList(FHandle, @Channels[0], Length(Channels));
    if Count = WDS_E_BUFFER then
      SetLength(Channels, 2 * Length(Channels));
    for I := 0 to Count - 1 do
      WDSocketClose(Channels[I]);
  until (Count <= 0) and (Count <> WDS_E_BUFFER);
end;

procedure TWDSocketServer.Happened(const Event: TWDSocketEvent);
var
  Client: TWDSocketConnection;
  Reason: EWDSocketError;
begin
  if Event.kind = WDS_EVENT_ACCEPTED then
    Client := Remember(Event.socket, True)
  else
    Client := Find(Event.socket);
  // One that this program has closed meanwhile.
  if (Client = nil) and (Event.socket <> FHandle) then
    Exit;
  case Event.kind of
    WDS_EVENT_ACCEPTED:
      if Assigned(FOnConnected) then
        FOnConnected(Self, Client);
    WDS_EVENT_MESSAGE:
      Announced(Client);
    WDS_EVENT_PEER_CLOSED, WDS_EVENT_RESET, WDS_EVENT_TIMEOUT, WDS_EVENT_ERROR:
      if Client = nil then
        TellError(nil, Event)
      else
      begin
        Reason := Client.ReasonOf(Event);
        try
          if Assigned(FOnClosed) then
            FOnClosed(Self, Client, Reason);
        finally
          Reason.Free;
          Client.Close;
        end;
      end;
  else
    if Assigned(FOnOther) then
      FOnOther(Self, Client, Event);
  end;
end;

{ TWDSocketUdp }

constructor TWDSocketUdp.Create(const Name: string);
begin
  inherited Create;
  FHandle := Check(WDSocketNew(OrNil(ForC(Name))));
end;

procedure TWDSocketUdp.Open(Port: Integer; const Address: string);
begin
  Check(WDSocketOpen(FHandle, WDS_KIND_UDP, Port, OrNil(ForC(Address)), 0));
end;

procedure TWDSocketUdp.Send(const Data: TBytes; const Address: string; Port: Integer);
begin
  Check(WDSocketWriteUDP(FHandle, First(Data), Length(Data), OrNil(ForC(Address)), Port));
end;

procedure TWDSocketUdp.Send(const Text, Address: string; Port: Integer);
begin
  Send(WDSocketBytes(Text), Address, Port);
end;

// Take reads a datagram, or gives an error. None is longer than the memory for it.
function TWDSocketUdp.Take(TimeoutMs: Integer; out Datagram: TWDSocketDatagram): Integer;
var
  Address: array[0..127] of AnsiChar;
begin
  Datagram.Address := '';
  Datagram.Port := 0;
  SetLength(Datagram.Data, 65536);
  Result := WDSocketReadUDP(FHandle, @Datagram.Data[0], Length(Datagram.Data), TimeoutMs, @Address[0], SizeOf(Address), @Datagram.Port);
  if Result < 0 then
  begin
    Datagram.Data := nil;
    Exit;
  end;
  SetLength(Datagram.Data, Result);
  Datagram.Address := FromUTF8(@Address[0], StrLen(PAnsiChar(@Address[0])));
end;

function TWDSocketUdp.Receive(TimeoutMs: Integer): TWDSocketDatagram;
begin
  Check(Take(TimeoutMs, Result));
end;

function TWDSocketUdp.TryReceive(TimeoutMs: Integer; out Datagram: TWDSocketDatagram): Boolean;
var
  Code: Integer;
begin
  Code := Take(TimeoutMs, Datagram);
  Result := Code <> WDS_E_TIMEOUT;
  if Result then
    Check(Code);
end;

function TWDSocketUdp.Port: Integer;
begin
  Result := GetOption(WDS_OPT_LOCAL_PORT);
end;

procedure TWDSocketUdp.Happened(const Event: TWDSocketEvent);
var
  Datagram: TWDSocketDatagram;
  Code: Integer;
begin
  case Event.kind of
    WDS_EVENT_MESSAGE:
      begin
        Code := Take(0, Datagram);
        // Taken back, or closed by another thread meanwhile.
        if (Code = WDS_E_TIMEOUT) or ((Code < 0) and FClosed) then
          Exit;
        Check(Code);
        if Assigned(FOnDatagram) then
          FOnDatagram(Self, Datagram);
      end;
    WDS_EVENT_ERROR:
      TellError(nil, Event);
  else
    if Assigned(FOnOther) then
      FOnOther(Self, nil, Event);
  end;
end;

end.
