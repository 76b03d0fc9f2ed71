// Echo.cs - a C# host that talks to echo.c in each mode.
using System;
using System.Runtime.InteropServices;
using System.Text;
using WDSocketLibrary;

internal static class Echo
{
    private static int passed, failed;

    private static void Check(string name, bool good)
    {
        Console.WriteLine("  " + (good ? "ok   " : "FAIL ") + name);
        if (good)
        {
            passed++;
            return;
        }
        failed++;
        byte[] text = new byte[1000];
        Console.WriteLine("    " + WDSocket.String(text, WDSocket.WDSocketErrorInfo(0, WDSocket.WDS_INFO_DETAIL, text, text.Length)));
    }

    private static bool Same(byte[] buffer, int length, string expected)
    {
        return length == expected.Length && Encoding.ASCII.GetString(buffer, 0, length) == expected;
    }

    private static int Stream(int mode, int port)
    {
        int socket = WDSocket.WDSocketNew(WDSocket.Text("client " + mode));
        WDSocket.WDSocketSetOption(socket, WDSocket.WDS_OPT_FRAME_LENGTH, 5);
        WDSocket.WDSocketChangeTransmissionMode(socket, mode, Encoding.ASCII.GetBytes("\r\n"), 2);
        int opened = WDSocket.WDSocketOpen(socket, WDSocket.WDS_KIND_CLIENT, port, WDSocket.Text("127.0.0.1"), 20000);
        int written = WDSocket.WDSocketWrite(socket, Encoding.ASCII.GetBytes("He\0lo"), 5);
        byte[] buffer = new byte[64];
        int length = WDSocket.WDSocketRead(socket, buffer, buffer.Length, 20000);
        Check("mode " + mode, opened == WDSocket.WDS_OK && written == 5 && Same(buffer, length, "He\0lo"));
        return socket;
    }

    private static void Answers(int socket, int port)
    {
        byte[] text = new byte[64];
        int[] number = new int[1];
        long[] figure = new long[1];
        IntPtr[] data = new IntPtr[1], token = new IntPtr[1];
        int length = WDSocket.WDSocketClientInfo(socket, WDSocket.WDS_INFO_ENDPOINT, text, text.Length);
        Check("text", WDSocket.String(text, length) == "127.0.0.1:" + port);
        Check("number", WDSocket.WDSocketGetOption(socket, WDSocket.WDS_OPT_PEER_PORT, number) == WDSocket.WDS_OK && number[0] == port);
        Check("figure", WDSocket.WDSocketGetNumber(socket, WDSocket.WDS_NUM_MESSAGES_READ, figure) == WDSocket.WDS_OK && figure[0] == 1);
        WDSocket.WDSocketWrite(socket, Encoding.ASCII.GetBytes("again"), 5);
        length = WDSocket.WDSocketReadMessage(socket, 20000, data, number, token);
        byte[] copy = new byte[Math.Max(length, 0)];
        Marshal.Copy(data[0], copy, 0, copy.Length);
        Check("message", Same(copy, length, "again") && WDSocket.WDSocketMessageFree(token[0]) == WDSocket.WDS_OK);
    }

    private static void Datagram(int port)
    {
        byte[] buffer = new byte[64], address = new byte[64];
        int[] sender = new int[1];
        int socket = WDSocket.WDSocketCreateUDP(null, 0, WDSocket.Text("127.0.0.1"));
        WDSocket.WDSocketWriteUDP(socket, Encoding.ASCII.GetBytes("Hello"), 5, WDSocket.Text("127.0.0.1"), port);
        int length = WDSocket.WDSocketReadUDP(socket, buffer, buffer.Length, 20000, address, address.Length, sender);
        Check("UDP", Same(buffer, length, "Hello") && WDSocket.String(address, 9) == "127.0.0.1" && sender[0] == port);
    }

    private static void Events()
    {
        int queue = WDSocket.WDSocketNewQueue(), timer = WDSocket.WDSocketNewTimer(queue, 1, 0, 77);
        WDSocket.Event[] events = new WDSocket.Event[4];
        int count = WDSocket.WDSocketNextEvents(queue, 20000, events);
        Check("events", count == 1 && events[0].socket == timer && events[0].kind == WDSocket.WDS_EVENT_TIMER
            && events[0].user == 77 && events[0].queue == queue && Marshal.SizeOf(typeof(WDSocket.Event)) == 32);
    }

    private static bool Refused(Func<int> call, string word)
    {
        try
        {
            call();
        }
        catch (ArgumentException e)
        {
            return e.Message.Contains(word);
        }
        return false;
    }

    // An array knows its end, and nothing behind it is read or written.
    private static void Sizes(int socket)
    {
        byte[] hello = Encoding.ASCII.GetBytes("He\0lo"), buffer = new byte[8];
        int written = WDSocket.WDSocketWrite(socket, hello, -1);
        Check("-1 is the length of the array", written == 5 && Same(buffer, WDSocket.WDSocketRead(socket, buffer, -1, 20000), "He\0lo"));
        written = WDSocket.WDSocketWrite(socket, WDSocket.Text("He\0lo"), -1);
        Check("and without the NUL that WDSocket.Text makes", written == 5 && Same(buffer, WDSocket.WDSocketRead(socket, buffer, -1, 20000), "He\0lo"));
        written = WDSocket.WDSocketWrite(socket, WDSocket.Text("end\0"), -1);
        Check("but with one before it", written == 4 && Same(buffer, WDSocket.WDSocketRead(socket, buffer, -1, 20000), "end\0"));
        written = WDSocket.WDSocketWrite(socket, WDSocket.Text(""), -1);
        Check("an empty text is an empty message", written == 0 && WDSocket.WDSocketRead(socket, buffer, -1, 20000) == 0);
        written = WDSocket.WDSocketWrite(socket, WDSocket.Text("all"), 4);
        Check("a length that is given counts every byte", written == 4 && Same(buffer, WDSocket.WDSocketRead(socket, buffer, -1, 20000), "all\0"));
        Check("more than the array has", Refused(() => WDSocket.WDSocketWrite(socket, hello, 6), "5 elements, not 6")
            && Refused(() => WDSocket.WDSocketRead(socket, buffer, 9, 0), "8 elements, not 9")
            && Refused(() => WDSocket.WDSocketList(0, new int[1], 2), "1 elements, not 2"));
        Check("a text without its end", Refused(() => WDSocket.WDSocketFind(Encoding.ASCII.GetBytes("name")), "WDSocket.Text"));
    }

    private static int Main(string[] ports)
    {
        int sized = 0;
        for (int mode = 0; mode < 8; mode++)
        {
            int socket = Stream(mode, int.Parse(ports[mode]));
            if (mode == WDSocket.WDS_MODE_SIZE) sized = socket;
        }
        Answers(sized, int.Parse(ports[WDSocket.WDS_MODE_SIZE]));
        Datagram(int.Parse(ports[8]));
        Sizes(sized);
        Events();
        Check("error", WDSocket.WDSocketRead(1, null, 0, 0) == WDSocket.WDS_E_HANDLE && WDSocket.WDSocketErrorCode(0, WDSocket.WDS_INFO_CODE) == WDSocket.WDS_E_HANDLE);
        Check("end", WDSocket.WDSocketCloseAll() == WDSocket.WDS_OK);
        Console.WriteLine("{0} passed, {1} failed", passed, failed);
        return failed == 0 ? 0 : 1;
    }
}
