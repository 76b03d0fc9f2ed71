// CleanStop.cs - a server for many clients that Ctrl-C and SIGTERM stop cleanly, also
// without a terminal. A thread waits for the signals, and WDSocketWakeup ends all
// calls that wait, with WDS_E_CANCELLED. A client that sends all the time never makes a
// read wait: therefore each turn of a loop also looks at a flag.
//
//     mcs -r:Mono.Posix CleanStop.cs ../*.cs      Debian: mono-mcs, libmono-posix4.0-cil
//     CleanStop PORT [SILENCE_MS]
//
// port 0 = any; clients silent for SILENCE_MS are ended. In .NET 6 and newer
// PosixSignalRegistration.Create does what UnixSignal does in Mono; that is not measured.
using System;
using System.Collections.Generic;
using System.Threading;
using Mono.Unix;
using Mono.Unix.Native;
using WDSocketLibrary;

internal static class CleanStop
{
    private static volatile bool stopping;

    private static void StopAtSignals()
    {
        // Made here, before the program says that it is there: from now on no signal ends it.
        UnixSignal[] signals = { new UnixSignal(Signum.SIGINT), new UnixSignal(Signum.SIGTERM) };
        Thread waiting = new Thread(() =>
        {
            // Mono's WaitAny does not end for a signal that came before it.
            while (!signals[0].IsSet && !signals[1].IsSet) UnixSignal.WaitAny(signals, 200);
            stopping = true;
            WDSocket.WDSocketWakeup(1);
        });
        waiting.IsBackground = true;
        waiting.Start();
    }

    private static void Serve(WDSocketConnection client)
    {
        using (client)
        {
            try
            {
                while (!stopping) client.Write(client.Read(-1));
            }
            catch (WDSocketException e)
            {
                if (e.Code != WDSocket.WDS_E_CANCELLED && e.Code != WDSocket.WDS_E_PEER_CLOSED) Console.Error.WriteLine(e.Message);
            }
            catch (OutOfMemoryException e) // for a message: it ends its client, and not the program
            {
                Console.Error.WriteLine(e.Message);
            }
            if (stopping) SayGoodbye(client);
        }
    }

    // Writing goes on after a wake-up where it need not wait.
    private static void SayGoodbye(WDSocketConnection client)
    {
        try
        {
            client.Write("goodbye");
        }
        catch (WDSocketException e)
        {
            Console.Error.WriteLine(e.Message);
        }
    }

    // Start serves a client in a thread of its own; a machine that has no more threads ends this client only.
    private static void Start(WDSocketConnection client, List<Thread> threads)
    {
        Thread thread = new Thread(() => Serve(client));
        try
        {
            thread.Start();
        }
        catch (OutOfMemoryException e)
        {
            Console.Error.WriteLine(e.Message);
            client.Dispose();
            return;
        }
        threads.RemoveAll(t => !t.IsAlive);
        threads.Add(thread);
    }

    private static void AcceptAll(WDSocketServer server, List<Thread> threads)
    {
        while (!stopping)
        {
            try
            {
                WDSocketConnection client = server.Accept(-1);
                if (client != null) Start(client, threads);
            }
            catch (WDSocketException e)
            {
                if (e.Code == WDSocket.WDS_E_CANCELLED) return;
                if (e.IsConnectionOver) throw; // the server itself: the program ends
                Console.Error.WriteLine(e.Message); // temporary, or about one client
                Thread.Sleep(100);
            }
        }
    }

    private static int Main(string[] arguments)
    {
        int port, silence = 60000;
        if (arguments.Length < 1 || arguments.Length > 2 || !int.TryParse(arguments[0], out port)
            || (arguments.Length == 2 && !int.TryParse(arguments[1], out silence)))
        {
            Console.Error.WriteLine("usage: CleanStop PORT [SILENCE_MS]");
            return 2;
        }
        StopAtSignals();
        List<Thread> threads = new List<Thread>();
        using (WDSocketServer server = new WDSocketServer())
        {
            // A client that says nothing, or never ends its message, does not keep its thread.
            server.SetOption(WDSocket.WDS_OPT_IDLE_LIMIT, silence);
            server.SetOption(WDSocket.WDS_OPT_MESSAGE_LIMIT, silence);
            server.SetOption(WDSocket.WDS_OPT_CLOSE_TIMEOUT, 1000); // the end waits so long for clients that do not read, or go on sending
            server.Listen(port);
            Console.WriteLine("echo server on port " + server.Port);
            try
            {
                AcceptAll(server, threads);
            }
            finally
            {
                stopping = true; // set already, but after a failure: the threads end
                WDSocket.WDSocketWakeup(1);
                foreach (Thread thread in threads) thread.Join();
            }
        }
        long held = WDSocketBase.SocketsHeld;
        WDSocket.WDSocketCloseAll(); // waits for what still goes out
        Console.WriteLine("stopped, " + held + " sockets are held");
        return held == 0 ? 0 : 1;
    }
}
