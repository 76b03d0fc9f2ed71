// tls.pas - a server and a client with TLS, as docs/tls.md shows them, in the folder with
// its certificates.
program tls;

{$IFDEF FPC}{$MODE DELPHI}{$ENDIF}
{$APPTYPE CONSOLE}

uses
  SysUtils, wdsocket, wdsocketclasses;

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

begin
  if Talking then
    WriteLn('1 passed, 0 failed')
  else
    WriteLn('0 passed, 1 failed');
end.
