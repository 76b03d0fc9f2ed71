// EventEcho.cs - an echo server that serves all clients in one thread, without
// polling: it sends each message back (WDS_MODE_SIZE).
//
//     mcs EventEcho.cs ../WDSocket.cs
//     EventEcho PORT [SILENCE_MS]
//
// Ctrl-C, Enter and the end of the input stop it cleanly; CleanStop.cs stops at signals
// without a terminal, too. Port 0 = any; clients silent for SILENCE_MS are ended.
using System;
using System.Threading;
using WDSocketLibrary;

internal static class EventEcho
{
    private const int Longest = 1048576;
    private static readonly byte[] message = new byte[Longest];
    private static volatile bool stopping; // clients that always send never make WDSocketNextEvents wait

    // Must ends the program where it cannot do what it is for.
    private static int Must(string what, int result)
    {
        if (result >= 0) return result;
        byte[] text = new byte[1000];
        int length = WDSocket.WDSocketErrorInfo(0, WDSocket.WDS_INFO_MESSAGE, text, text.Length);
        Console.Error.WriteLine(what + ": " + WDSocket.String(text, length));
        Environment.Exit(1);
        return result;
    }

    // The wait in WDSocketNextEvents ends with WDS_E_CANCELLED. Mono knows Ctrl-C in a
    // terminal only, therefore the input stops the program too.
    private static void StopWhenTold()
    {
        Console.CancelKeyPress += (sender, e) =>
        {
            e.Cancel = true; // the program ends by itself
            Stop();
        };
        Thread input = new Thread(() =>
        {
            Console.In.ReadLine();
            Stop();
        });
        input.IsBackground = true;
        input.Start();
    }

    private static void Stop()
    {
        stopping = true;
        WDSocket.WDSocketWakeup(1);
    }

    private static void Handle(int server, WDSocket.Event e)
    {
        if (e.kind == WDSocket.WDS_EVENT_MESSAGE)
        {
            int result = WDSocket.WDSocketRead(e.socket, message, Longest, 0);
            if (result >= 0) result = WDSocket.WDSocketWrite(e.socket, message, result);
            // WDS_E_FULL: the client does not read its answers.
            if (result == WDSocket.WDS_E_FULL || WDSocket.WDSocketErrorScope(e.socket, result) >= WDSocket.WDS_SCOPE_CONNECTION)
                WDSocket.WDSocketClose(e.socket);
        }
        // The connection has ended, but the socket exists until it is closed. An error
        // that ends less, such as one client that the server could not accept, needs nothing.
        else if (e.code != 0 && e.socket != server && e.detail >= WDSocket.WDS_SCOPE_CONNECTION)
            WDSocket.WDSocketClose(e.socket);
    }

    // Closes the clients that are there; what was written to them still goes out.
    private static void CloseClients(int server)
    {
        int[] clients = new int[1000];
        for (int count; (count = WDSocket.WDSocketList(server, clients, clients.Length)) > 0;)
            for (int i = 0; i < Math.Min(count, clients.Length); i++) WDSocket.WDSocketClose(clients[i]);
    }

    private static int Main(string[] arguments)
    {
        int port, silence = 60000;
        if (arguments.Length < 1 || arguments.Length > 2 || !int.TryParse(arguments[0], out port)
            || (arguments.Length == 2 && !int.TryParse(arguments[1], out silence)))
        {
            Console.Error.WriteLine("usage: EventEcho PORT [SILENCE_MS]");
            return 2;
        }
        StopWhenTold();
        int server = Must("opening the server", WDSocket.WDSocketCreate(WDSocket.Text("echo"), port, null));
        Must("setting the mode", WDSocket.WDSocketChangeTransmissionMode(server, WDSocket.WDS_MODE_SIZE, null, 0));
        Must("limiting silence", WDSocket.WDSocketSetOption(server, WDSocket.WDS_OPT_IDLE_LIMIT, silence));
        Must("limiting messages", WDSocket.WDSocketSetOption(server, WDSocket.WDS_OPT_MESSAGE_LIMIT, silence));
        Must("limiting the end", WDSocket.WDSocketSetOption(server, WDSocket.WDS_OPT_CLOSE_TIMEOUT, 1000));
        Must("limiting the messages", WDSocket.WDSocketSetOption(server, WDSocket.WDS_OPT_MAX_MESSAGE, Longest));
        // A client that does not read must not hold up the others: writes never wait.
        Must("setting the send queue", WDSocket.WDSocketSetOption(server, WDSocket.WDS_OPT_SEND_QUEUE, 4 * Longest));
        int queue = Must("making the queue", WDSocket.WDSocketNewQueue());
        Must("attaching the server", WDSocket.WDSocketAttach(queue, server, WDSocket.WDS_ATTACH_MANAGE));
        int[] number = new int[1];
        Must("asking for the port", WDSocket.WDSocketGetOption(server, WDSocket.WDS_OPT_LOCAL_PORT, number));
        Console.WriteLine("echo server on port " + number[0]);

        WDSocket.Event[] events = new WDSocket.Event[64];
        int result = WDSocket.WDS_E_CANCELLED;
        while (!stopping && (result = WDSocket.WDSocketNextEvents(queue, -1, events)) > 0)
            for (int i = 0; i < result; i++) Handle(server, events[i]);
        if (result != WDSocket.WDS_E_CANCELLED) Must("serving", result);

        CloseClients(server);
        WDSocket.WDSocketClose(server);
        WDSocket.WDSocketClose(queue);
        long[] held = new long[1];
        WDSocket.WDSocketGetNumber(0, WDSocket.WDS_NUM_SOCKETS, held);
        WDSocket.WDSocketCloseAll(); // waits for what still goes out
        Console.WriteLine("stopped, " + held[0] + " sockets are held");
        return held[0] == 0 ? 0 : 1;
    }
}
