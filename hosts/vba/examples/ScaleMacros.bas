Attribute VB_Name = "ScaleMacros"
' ScaleMacros.bas - the macros of the example: StartScale, StopScale, AskScale. In ThisWorkbook:
'
'     Private Sub Workbook_BeforeClose(Cancel As Boolean)
'         StopScale
'         wdsocketEnd
'     End Sub
Option Explicit

Private reader As ScaleReader

Public Sub StartScale()
    On Error GoTo failed
    StopScale
    Set reader = New ScaleReader
    reader.Start ActiveSheet, "192.168.1.50", 8001
    Exit Sub
failed:
    MsgBox Err.Description
End Sub

Public Sub StopScale()
    If Not reader Is Nothing Then reader.Finish
    Set reader = Nothing
End Sub

' Asks once, and waits at most 3 seconds; Excel waits, too.
Public Sub AskScale()
    Dim client As WDSocketClient

    Set client = New WDSocketClient
    client.Connect "192.168.1.50", 8001, 3000
    client.SendText "S"
    MsgBox client.ReadText(3000)
    client.Disconnect
End Sub
