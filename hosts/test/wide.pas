// wide.pas - must not compile: of a text of wide characters one letter would be sent.
program wide;

{$MODE DELPHI}

uses
  wdsocket;

var
  Text: UnicodeString;

begin
  Text := 'hello';
  WDSocketWrite(1, {$IFDEF WIDE}PWideChar{$ELSE}PAnsiChar{$ENDIF}(Text), -1);
end.
