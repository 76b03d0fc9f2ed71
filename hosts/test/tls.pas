// tls.pas - a server and a client with TLS, as docs/tls.md shows them, in the folder with
// its certificates.
program tls;

{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}
{$APPTYPE CONSOLE}

uses
{$IFDEF UNIX}{$IFDEF FPC}
  cthreads,
{$ENDIF}{$ENDIF}
  SysUtils, Classes, wdsocket, wdsocketclasses;

function Talking: Boolean;
var
  Server: TWDSocketServer;
  Client: TWDSocketClient;
  Channel: TWDSocketConnection;
begin
  Channel := nil;
  Client := nil;
  Server := TWDSocketServer.Create;
  try
    Client := TWDSocketClient.Create;

    Server.SetText(WDS_TEXT_SSL_CERTIFICATE, 'server.pem');
    Server.Listen(0, 'tls://127.0.0.1:0');

    Client.SetText(WDS_TEXT_SSL_AUTHORITIES, 'ca.pem');
    Client.Connect('tls://localhost:' + IntToStr(Server.Port), 0, 10000);

    Client.Write('hello');
    Channel := Server.Accept(10000);
    Result := (Channel <> nil) and (Channel.ReadText(10000) = 'hello')
      and (Client.TlsInfo(WDS_INFO_SSL_SUBJECT) = 'CN=my server')
      and (Pos('-----END CERTIFICATE-----', Client.TlsInfo(WDS_INFO_SSL_PEM)) > 256);
  finally
    Channel.Free;
    Client.Free;
    Server.Free;
  end;
end;

type
  // One end of a connection whose ends agree on TLS, and later on going on without. Told says what
  // arrived between.
  TEnd = class(TThread)
  private
    FConnection: TWDSocketConnection;
    FRole: Integer;
    FTold: string;
    function IsSecured: Boolean;
    procedure Switch;
  protected
    procedure Execute; override;
  end;

function TEnd.IsSecured: Boolean;
begin
  Result := True;
  try
    FConnection.TlsInfo(WDS_INFO_SSL_VERSION);
  except
    on E: EWDSocketError do
      Result := E.Code <> WDS_E_TLS_NOT_SECURED;
  end;
end;

procedure TEnd.Switch;
begin
  FConnection.StartTls(10000, 0, FRole);
  FConnection.Write('secret');
  if IsSecured then
    FTold := 'secured ' + FConnection.ReadText(10000);
  FConnection.StopTls(10000);
  FConnection.Write('plain');
  if not IsSecured then
    FTold := FTold + ', open ' + FConnection.ReadText(10000);
end;

procedure TEnd.Execute;
begin
  Switch;
end;

// TLS begins on a connection that is open, and ends on it.
function BeginsAndEnds: Boolean;
var
  Server: TWDSocketServer;
  Client: TWDSocketClient;
  One, Two: TEnd;
begin
  Server := TWDSocketServer.Create;
  Client := TWDSocketClient.Create;
  One := TEnd.Create(True);
  Two := TEnd.Create(True);
  try
    Server.SetText(WDS_TEXT_SSL_CERTIFICATE, 'server.pem');
    Server.Listen(0, '127.0.0.1');
    Client.SetText(WDS_TEXT_SSL_AUTHORITIES, 'ca.pem');
    Client.Connect('localhost', Server.Port, 10000);
    One.FConnection := Client;
    One.FRole := WDS_ROLE_CLIENT;
    Two.FConnection := Server.Accept(10000);
    Two.FRole := WDS_ROLE_SERVER;
    Two.Start;
    One.Start;
    One.WaitFor;
    Two.WaitFor;
    Result := (One.FTold = 'secured secret, open plain') and (Two.FTold = One.FTold);
  finally
    Two.FConnection.Free;
    One.Free;
    Two.Free;
    Client.Free;
    Server.Free;
  end;
end;

var
  Failed: Integer;

begin
  Failed := Ord(not Talking) + Ord(not BeginsAndEnds) + Ord(WDSocketsHeld <> 0);
  WriteLn(3 - Failed, ' passed, ', Failed, ' failed');
end.
