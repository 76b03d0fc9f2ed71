Attribute VB_Name = "wdsocketPolling"
' wdsocketPolling.bas - loads the DLL, and asks for the events of WDSocketClient once a second
' by Application.OnTime, for Excel. Not measured: it was not run in Office.
'
' Excel runs what OnTime has planned when it is idle: not while a cell is edited or a dialog is
' open. What arrives meanwhile waits in the library.
'
' Call wdsocketEnd in Workbook_BeforeClose: a plan that is left would open the workbook again.
' After End, or a reset in the debugger, sockets stay open until Excel ends: WDSocketCloseAll
' closes them.
Option Explicit

#If VBA7 Then
    Private Declare PtrSafe Function LoadLibraryA Lib "kernel32" (ByVal fileName As String) As LongPtr
#Else
    Private Declare Function LoadLibraryA Lib "kernel32" (ByVal fileName As String) As Long
#End If

Private loaded As Boolean
Private clients As Collection
Private planned As Date ' 0: nothing is

' Loads the DLL of the folder, of the workbook's unless one is given, and has texts passed as
' ANSI. WDSocketClient calls it; call it first where the DLL is in another folder.
Public Sub wdsocketLoad(Optional ByVal folder As String = "")
    Dim fileName As String
    If loaded Then Exit Sub
    If Len(folder) = 0 Then folder = ThisWorkbook.Path
    #If Win64 Then
        fileName = folder & "\wdsocket64.dll"
    #Else
        fileName = folder & "\wdsocket32.dll"
    #End If
    If LoadLibraryA(fileName) = 0 Then
        Err.Raise 53, "wdsocketLoad", fileName & " cannot be loaded (system error " & Err.LastDllError & _
            "): is it there? Is it blocked (Properties, Unblock)? For a workbook in OneDrive give wdsocketLoad the folder."
    End If
    WDSocketSetOption 0, WDS_OPT_HOST_TEXT, WDS_HOST_TEXT_ANSI
    loaded = True
End Sub

' Asks for the events of a client from now on. WDSocketClient calls it.
Public Sub wdsocketWatch(ByVal client As WDSocketClient)
    If clients Is Nothing Then Set clients = New Collection
    clients.Add client
    Plan
End Sub

' No longer. WDSocketClient calls it.
Public Sub wdsocketUnwatch(ByVal client As WDSocketClient)
    Dim i As Long
    If clients Is Nothing Then Exit Sub
    For i = clients.Count To 1 Step -1
        If clients(i) Is client Then clients.Remove i
    Next i
End Sub

' Raises the events of all clients. OnTime calls it; a program that is busy for long may, too.
Public Sub wdsocketPoll()
    Dim now_watched As Collection, client As WDSocketClient
    planned = 0
    If clients Is Nothing Then Exit Sub
    If clients.Count = 0 Then Exit Sub
    Plan ' first: an error in a handler does not end the polling
    Set now_watched = New Collection ' handlers change the other one
    For Each client In clients
        now_watched.Add client
    Next client
    For Each client In now_watched
        client.ProcessEvents
    Next client
End Sub

' Ends the polling and closes all clients that have events.
Public Sub wdsocketEnd()
    Dim client As WDSocketClient
    If planned <> 0 Then
        On Error Resume Next ' it may have begun to run
        Application.OnTime planned, "wdsocketPoll", , False
        On Error GoTo 0
        planned = 0
    End If
    If clients Is Nothing Then Exit Sub
    Do While clients.Count > 0
        Set client = clients(clients.Count)
        client.Disconnect
    Loop
End Sub

Private Sub Plan()
    If planned <> 0 Then Exit Sub
    planned = Now + TimeSerial(0, 0, 1)
    Application.OnTime planned, "wdsocketPoll"
End Sub
