// Classes.cs - the classes for C#: exceptions, texts and bytes, events, closing, and that
// nothing is left open, whatever fails.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using WDSocketLibrary;

internal static class Classes
{
    private const int Long = 20000;
    private static int passed, failed;

    private static void Check(string name, bool good)
    {
        Console.WriteLine("  " + (good ? "ok   " : "FAIL ") + name);
        if (good) passed++;
        else failed++;
    }

    // Throws gives the code of the exception, 0 if there is none.
    private static int Throws(Action call)
    {
        try
        {
            call();
        }
        catch (WDSocketException e)
        {
            return e.Code;
        }
        return 0;
    }

    private static bool Disposed(Action call)
    {
        try
        {
            call();
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
        return false;
    }

    private static long Held()
    {
        return WDSocketBase.SocketsHeld;
    }

    // Until waits for a condition that another thread brings about.
    private static bool Until(Func<bool> condition)
    {
        DateTime end = DateTime.UtcNow.AddMilliseconds(Long);
        while (!condition())
        {
            if (DateTime.UtcNow > end) return false;
            Thread.Sleep(5);
        }
        return true;
    }

    private static WDSocketServer Listening()
    {
        WDSocketServer server = new WDSocketServer();
        server.Listen(0, "127.0.0.1");
        return server;
    }

    private static WDSocketClient ConnectedTo(WDSocketServer server)
    {
        WDSocketClient client = new WDSocketClient();
        client.Connect("127.0.0.1", server.Port, Long);
        return client;
    }

    private static void Connecting()
    {
        int free;
        using (WDSocketServer server = Listening())
        {
            free = server.Port;
            using (WDSocketClient client = new WDSocketClient("twice"))
            {
                Check("a name is taken", Throws(() => new WDSocketClient("twice")) == WDSocket.WDS_E_NAME_TAKEN);
                // The server never answers: it does not speak TLS.
                int code = Throws(() => client.Connect("tls://127.0.0.1:" + free, 0, 50));
                Check("connecting has a time-out", code == WDSocket.WDS_E_TIMEOUT);
                client.Connect("127.0.0.1", free, Long);
                Check("after a failure it may be repeated", client.IsConnected && client.PeerEndpoint == "127.0.0.1:" + free
                    && client.PeerAddress == "127.0.0.1" && client.LocalEndpoint.StartsWith("127.0.0.1:"));
            }
            Check("a port that is taken", Throws(() => { using (WDSocketServer other = new WDSocketServer()) other.Listen(free, "127.0.0.1"); }) == WDSocket.WDS_E_PORT_TAKEN);
        }
        try
        {
            using (WDSocketClient client = new WDSocketClient()) client.Connect("127.0.0.1", free, Long);
        }
        catch (WDSocketException e)
        {
            Check("an exception says what and where", e.Code == WDSocket.WDS_E_REFUSED && e.Name == "WDS_E_REFUSED" && e.Message.Contains("127.0.0.1:" + free)
                && e.SystemError != 0 && e.Phase == WDSocket.WDS_PHASE_CONNECT && e.Scope == WDSocket.WDS_SCOPE_CONNECTION
                && e.IsConnectionOver && !e.IsTimeout && e.Detail.Contains("WDS_E_REFUSED"));
        }
        Check("and leaves nothing open", Held() == 0);
    }

    // Refused tells whether a text is refused that the library would read to its zero byte only.
    private static bool Refused(Action call)
    {
        try
        {
            call();
        }
        catch (ArgumentException e)
        {
            return e.Message.Contains("zero byte") && !e.Message.Contains("secret");
        }
        return false;
    }

    private static void Texts()
    {
        using (WDSocketServer server = new WDSocketServer())
        using (WDSocketClient client = new WDSocketClient())
        {
            Check("a zero byte in a name", Refused(() => new WDSocketClient("secret\0")) && Refused(() => new WDSocketServer("a\0b")));
            Check("in an address", Refused(() => client.Connect("127.0.0.1\0.example", 1, Long)) && Refused(() => server.Listen(0, "127.0.0.1\0")));
            Check("in an option, whose text may be secret", Refused(() => client.SetText(WDSocket.WDS_TEXT_SSL_PASSWORD, "secret\0")));
            client.StartEvents();
            Check("in an address for the background", Refused(() => client.ConnectInBackground("\0", 1)));
        }
        Check("and nothing is left open", Until(() => Held() == 0));
    }

    // What the guide shows.
    private static void Asking()
    {
        using (WDSocketServer server = Listening())
        {
            server.MessageReceived += (sender, e) => e.Connection.Write("weight? 12.5 kg");
            server.StartEvents();
            int port = server.Port;

            using (WDSocketClient client = new WDSocketClient())
            {
                client.Connect("127.0.0.1", port, 10000);
                client.Write("weight?");
                Console.WriteLine(client.ReadText(10000));
            }

            Check("the program of the guide leaves nothing open", Until(() => Held() == 1));
        }
    }

    // A request and its answer, and groups.
    private static void Asked()
    {
        using (WDSocketServer server = Listening())
        using (WDSocketClient client = ConnectedTo(server))
        using (WDSocketConnection channel = server.Accept(Long))
        {
            Thread answering = new Thread(() => channel.Write(channel.ReadText(Long) + " 12.5 kg"));
            answering.Start();
            Check("a request and its answer", client.Exchange("weight?", Long) == "weight? 12.5 kg");
            answering.Join();
            Check("no answer in time", Throws(() => client.Exchange(new byte[] { 1 }, 20)) == WDSocket.WDS_E_TIMEOUT);
            Check("but its request", channel.Read(Long).Length == 1);
            Check("a group without members", server.WriteToGroup("news", "x") == 0);
            channel.Join("news");
            Check("and with one", server.WriteToGroup("news", "hello") == 1 && client.ReadText(Long) == "hello");
            using (WDSocketClient second = ConnectedTo(server))
            using (WDSocketConnection other = server.Accept(Long))
            {
                Check("all others", channel.WriteToOthers("all") == 1 && second.ReadText(Long) == "all");
                Check("those of a group", other.WriteToOthers("them", "news") == 1 && client.ReadText(Long) == "them" && channel.WriteToOthers(new byte[1], "news") == 0);
                Check("of no server", Throws(() => client.WriteToOthers("x")) == WDSocket.WDS_E_KIND);
            }
            channel.Join("other");
            channel.Leave("news");
            Check("that leaves", server.WriteToGroup("news", "x") == 0 && server.WriteToGroup("other", "y") == 1);
            channel.Leave();
            Check("all of them", server.WriteToGroup("other", "x") == 0);
            Check("a group has a name", Throws(() => channel.Join("")) == WDSocket.WDS_E_ARGUMENT && Throws(() => channel.Join(null)) == WDSocket.WDS_E_ARGUMENT
                && Throws(() => server.WriteToGroup("", "x")) == WDSocket.WDS_E_ARGUMENT && Refused(() => channel.Join("a\0b")));
        }
    }

    // A server that decides by who asks.
    private static void Deciding()
    {
        using (WDSocketServer server = Listening())
        {
            Check("no client asks in time", !server.WaitForConnection(0) && !server.WaitForConnection(1) && Throws(server.Deny) == WDSocket.WDS_E_NO_REQUEST
                && Throws(() => server.PendingInfo()) == WDSocket.WDS_E_NO_REQUEST);
            using (WDSocketClient client = ConnectedTo(server))
            {
                Check("one asks, and who", server.WaitForConnection(Long) && server.PendingInfo() == client.LocalEndpoint
                    && server.PendingInfo(WDSocket.WDS_INFO_ADDRESS) == "127.0.0.1");
                server.Deny();
                Check("it is refused", Throws(() => client.Read(Long)) == WDSocket.WDS_E_RESET);
            }
            using (WDSocketClient client = ConnectedTo(server))
            {
                server.WaitForConnection(-1);
                using (WDSocketConnection channel = server.Accept(0))
                    Check("another is accepted", channel != null && channel.PeerEndpoint == client.LocalEndpoint);
            }
        }
    }

    private static void Exchanging()
    {
        using (WDSocketServer server = Listening())
        using (WDSocketClient client = ConnectedTo(server))
        using (WDSocketConnection channel = server.Accept(Long))
        {
            client.Write("h\u00e9\0llo");
            Check("a text, in UTF-8", channel.ReadText(Long) == "h\u00e9\0llo");
            byte[] bytes = new byte[200000];
            new Random(7).NextBytes(bytes);
            Thread writer = new Thread(() => client.Write(bytes));
            writer.Start();
            byte[] read = channel.Read(Long);
            writer.Join();
            Check("bytes, more than fit into a buffer", ((ICollection<byte>)read).Count == bytes.Length && Convert.ToBase64String(read) == Convert.ToBase64String(bytes));
            channel.Write(new byte[0]);
            Check("an empty message", client.Read(Long).Length == 0);
            client.TextEncoding = channel.TextEncoding = Encoding.GetEncoding(28591);
            client.Write("\u00e9");
            Check("a text, in ISO 8859-1", channel.Read(Long).Length == 1);
            byte[] message;
            Check("no message in time", !channel.TryRead(0, out message) && message == null && Throws(() => channel.Read(1)) == WDSocket.WDS_E_TIMEOUT);
            client.SetMode(WDSocket.WDS_MODE_END_TAG, "\r\n");
            channel.SetMode(WDSocket.WDS_MODE_END_TAG, "\r\n");
            client.Write("line");
            Check("another mode", channel.ReadText(Long) == "line");
            client.SetMode(WDSocket.WDS_MODE_END_TAG, new byte[] { 0xff, 0xfe });
            channel.SetMode(WDSocket.WDS_MODE_RAW);
            client.Write("x");
            Check("an end tag that is no text", Convert.ToBase64String(channel.ReadExactly(3, Long)) == Convert.ToBase64String(new byte[] { 120, 0xff, 0xfe }));
            channel.SetMode(WDSocket.WDS_MODE_END_TAG, "\r\n");
            client.SetMode(WDSocket.WDS_MODE_END_TAG, "\r\n");
            server.SetPreset("line"); // that of the clients that come from now on
            using (WDSocketClient described = ConnectedTo(server))
            {
                described.SetFrame("data 0D0A");
                described.Write("by a description");
                using (WDSocketConnection named = server.Accept(Long))
                    Check("a server of lines", named.ReadText(Long) == "by a description");
            }
            Check("a message that does not fit it", Throws(() => client.Write("two\r\nlines")) == WDSocket.WDS_E_TAG_IN_MESSAGE);
            client.Write("last");
            client.Close(Long);
            Check("what was written before the end", channel.ReadText(Long) == "last");
            Check("the end", Throws(() => channel.TryRead(Long, out message)) == WDSocket.WDS_E_PEER_CLOSED && !channel.IsConnected);
            Check("a closed client is disposed of", Disposed(() => client.Write("more")) && Disposed(() => client.Read(0)) && client.State == 0);
            Check("no request in time", server.Accept(0) == null && server.Accept(1) == null);
        }
        Check("nothing is left open", Held() == 0);
    }

    // Parts of the stream, and what else Python and C++ offer.
    private static void Parts()
    {
        using (WDSocketServer server = Listening())
        using (WDSocketClient client = ConnectedTo(server))
        using (WDSocketConnection channel = server.Accept(Long))
        {
            client.SetMode(WDSocket.WDS_MODE_RAW);
            client.Write("0123header\r\nrest");
            Check("so many bytes", Encoding.ASCII.GetString(channel.ReadExactly(4, Long)) == "0123" && Throws(() => channel.ReadExactly(100, 1)) == WDSocket.WDS_E_TIMEOUT);
            byte[] end = { 13, 10 };
            Check("bytes up to a tag", Encoding.ASCII.GetString(channel.ReadUntil(end, Long)) == "header" && Throws(() => channel.ReadUntil(end, 1)) == WDSocket.WDS_E_TIMEOUT);
            channel.SetMode(WDSocket.WDS_MODE_RAW);
            Check("what waits to be read", channel.Available() == 4 && channel.Discard() == 4 && channel.Available() == 0);
            client.SetOption(WDSocket.WDS_OPT_SEND_QUEUE, 1 << 20);
            client.Write("x");
            client.Flush(Long);
            Check("a figure", client.GetNumber(WDSocket.WDS_NUM_MESSAGES_WRITTEN) == 2 && channel.Read(Long).Length == 1);
            client.SetText(WDSocket.WDS_TEXT_USER_TEXT, new string('\u00e9', 1000));
            Check("a long text option", client.GetText(WDSocket.WDS_TEXT_USER_TEXT) == new string('\u00e9', 1000));
            client.SetBytes(WDSocket.WDS_TEXT_HEARTBEAT, new byte[] { 0, 1 });
            byte[] some = client.GetBytes(WDSocket.WDS_TEXT_HEARTBEAT);
            client.SetBytes(WDSocket.WDS_TEXT_HEARTBEAT, new byte[1000]);
            Check("an option that is bytes", some.Length == 2 && some[1] == 1 && client.GetBytes(WDSocket.WDS_TEXT_HEARTBEAT).Length == 1000);
            Check("TLS with a peer that has none", Throws(() => { using (WDSocketClient other = ConnectedTo(server)) other.StartTls(50); }) == WDSocket.WDS_E_TIMEOUT);
            int code = 0;
            Thread reader = new Thread(() => code = Throws(() => client.Read(-1)));
            reader.Start();
            while (!reader.Join(5)) client.Cancel();
            Check("a wait that is cancelled", code == WDSocket.WDS_E_CANCELLED && client.IsConnected);
            client.EndWriting(Long);
            Check("the end of one side", Throws(() => channel.Read(Long)) == WDSocket.WDS_E_PEER_CLOSED);
            channel.Write("answer");
            Check("which the other answers", client.ReadText(Long) == "answer");
        }
        Check("nothing is left open", Until(() => Held() == 0));
    }

    // What connections tell of the peer, and what bytes may be.
    private static void Telling()
    {
        using (WDSocketServer server = new WDSocketServer())
        using (WDSocketClient client = new WDSocketClient())
        {
            server.Listen(0, "ws://127.0.0.1:0/chat");
            client.Connect("ws://127.0.0.1:" + server.Port + "/chat?room=1", 0, Long);
            using (WDSocketConnection channel = server.Accept(Long))
            {
                Check("a WebSocket", channel.WebSocketInfo(WDSocket.WDS_INFO_WEBSOCKET_PATH) == "/chat?room=1"
                    && client.WebSocketInfo(WDSocket.WDS_INFO_WEBSOCKET_HEADERS).Contains("Upgrade"));
                Check("the peer's port", channel.PeerInfo(WDSocket.WDS_INFO_ENDPOINT) == "127.0.0.1:" + channel.PeerInfo(WDSocket.WDS_INFO_PORT)
                    && client.PeerInfo(WDSocket.WDS_INFO_PORT) == "" + server.Port && client.PeerInfo(WDSocket.WDS_INFO_PEER_PID) == "");
            }
        }
        using (WDSocketServer server = Listening())
        using (WDSocketClient client = ConnectedTo(server))
            Check("no WebSocket", Throws(() => client.WebSocketInfo(WDSocket.WDS_INFO_WEBSOCKET_PATH)) == WDSocket.WDS_E_KIND);
        Check("what bytes may be", WDSocketBase.Guess(Encoding.ASCII.GetBytes("12.5 kg\r\n12.6 kg\r\n")).Contains("0D") && WDSocketBase.Guess(new byte[0]) == "");
    }

    // UDP: who has sent, answers, what is too long, broadcasts, a group, refusals, events.
    private static void Datagrams()
    {
        using (WDSocketUdp one = new WDSocketUdp("one"))
        using (WDSocketUdp two = new WDSocketUdp())
        {
            Check("not open yet", Throws(() => one.Send("x", "127.0.0.1", 9)) == WDSocket.WDS_E_NOT_CONNECTED);
            one.Open(0, "127.0.0.1");
            two.Open();
            Check("no receiver yet", Throws(() => two.Send("x")) == WDSocket.WDS_E_NO_DESTINATION);
            one.Send("h\u00e9", "127.0.0.1", two.Port);
            WDSocketDatagram got = two.Receive(Long);
            Check("a datagram, and where it came from", got.Text == "h\u00e9" && got.Data.Length == 3 && got.Address == "127.0.0.1" && got.Port == one.Port);
            two.Send("pong");
            Check("its answer", one.Receive(Long).Text == "pong");
            one.Send(new byte[] { 0xff, 0xfe }, "127.0.0.1", two.Port);
            one.Send(new byte[0], "127.0.0.1", two.Port);
            Check("bytes that are no text", two.Receive(Long).Text == "\ufffd\ufffd" && two.Receive(Long).Data.Length == 0);
            one.Send(new byte[65507], "127.0.0.1", two.Port);
            Check("the longest", two.Receive(Long).Data.Length == 65507);
            Check("one that is too long", Throws(() => one.Send(new byte[65508], "127.0.0.1", two.Port)) == WDSocket.WDS_E_DATAGRAM_SIZE);
            Check("none in time", !two.TryReceive(1, out got) && got == null && Throws(() => two.Receive(0)) == WDSocket.WDS_E_TIMEOUT);
            Check("a port that is taken", Throws(() => { using (WDSocketUdp other = new WDSocketUdp()) other.Open(one.Port, "127.0.0.1"); }) == WDSocket.WDS_E_PORT_TAKEN);
            Check("a zero byte in an address", Refused(() => one.Send("x", "127.0.0.1\0", 9)) && Refused(() => one.Open(0, "\0")));
            one.Close();
            Check("closed", Disposed(() => one.Send("x", "127.0.0.1", 9)) && Disposed(() => one.Receive(0)));
        }
        if (Environment.OSVersion.Platform == PlatformID.Unix) ToMany();
        using (WDSocketUdp asking = new WDSocketUdp())
        using (WDSocketUdp answering = new WDSocketUdp())
        {
            Exception error = null;
            answering.DatagramReceived += (sender, e) =>
            {
                if (e.Datagram.Text == "throw") throw new InvalidOperationException("thrown");
                answering.Send("you said " + e.Datagram.Text, e.Datagram.Address, e.Datagram.Port);
            };
            answering.ErrorOccurred += (sender, e) => error = e.Error;
            answering.Open(0, "127.0.0.1");
            answering.StartEvents();
            asking.Open(0, "127.0.0.1");
            asking.Send("throw", "127.0.0.1", answering.Port);
            Check("an exception of a handler", Until(() => error != null) && error.Message == "thrown");
            asking.Send("hello", "127.0.0.1", answering.Port);
            Check("ends no events", asking.Receive(Long).Text == "you said hello");
            int free = answering.Port;
            answering.Close();
            asking.SetOption(WDSocket.WDS_OPT_UDP_ERRORS, 1);
            asking.Send("x", "127.0.0.1", free);
            if (Environment.OSVersion.Platform == PlatformID.Unix)
                Check("a refusal", Throws(() => asking.Receive(Long)) == WDSocket.WDS_E_PORT_UNREACHABLE && asking.State == WDSocket.WDS_STATE_OPEN);
        }
        using (WDSocketUdp asking = new WDSocketUdp())
        {
            asking.Open(0, "127.0.0.1");
            int port;
            using (WDSocketUdp other = new WDSocketUdp())
            {
                other.Open(0, "127.0.0.1");
                port = other.Port;
            }
            Thread answering = new Thread(() => Answering(port));
            answering.Start();
            WDSocketDatagram answer;
            do asking.Send("weight?", "127.0.0.1", port); // it may not be open yet
            while (!asking.TryReceive(50, out answer));
            answering.Join();
            Check("the program of the guide", answer.Text == "you said weight?");
        }
        Check("nothing is left open", Until(() => Held() == 0));
    }

    private static void Answering(int port)
    {
        using (WDSocketUdp udp = new WDSocketUdp())
        {
            udp.Open(port);
            WDSocketDatagram question = udp.Receive(10000);
            udp.Send("you said " + question.Text, question.Address, question.Port);
        }
    }

    private static void ToMany()
    {
        using (WDSocketUdp one = new WDSocketUdp())
        using (WDSocketUdp all = new WDSocketUdp())
        using (WDSocketUdp group = new WDSocketUdp())
        {
            one.Open();
            all.Open();
            one.Send("all", "127.255.255.255", all.Port);
            Check("a broadcast", all.Receive(Long).Text == "all");
            one.SetOption(WDSocket.WDS_OPT_BROADCAST, 0);
            Check("that is not allowed", Throws(() => one.Send("all", "127.255.255.255", all.Port)) == WDSocket.WDS_E_ACCESS);
            one.SetText(WDSocket.WDS_TEXT_MULTICAST_INTERFACE, "lo");
            group.Open(0, "239.20.30.51%lo");
            one.Send("members", "239.20.30.51", group.Port);
            Check("a group as address", group.Receive(Long).Text == "members");
            all.SetText(WDSocket.WDS_TEXT_MULTICAST_JOIN, "239.20.30.52%lo");
            one.Send("members", "239.20.30.52", all.Port);
            Check("a group that is joined", all.Receive(Long).Text == "members");
        }
    }

    // Fails gives the code of a task's exception, 0 if there is none, -1000 if it is cancelled, -2000 for other exceptions.
    private static int Fails(Task task)
    {
        try
        {
            if (!task.Wait(Long)) return -3000;
        }
        catch (AggregateException e)
        {
            WDSocketException ours = e.InnerException as WDSocketException;
            return ours != null ? ours.Code : e.InnerException is OperationCanceledException ? -1000 : -2000;
        }
        return 0;
    }

    private static bool Gives<T>(Task<T> task, Func<T, bool> good)
    {
        return task.Wait(Long) && good(task.Result);
    }

    // What the guide shows.
    private static async Task AskingAsync(int port)
    {
        using (WDSocketClient client = new WDSocketClient())
        using (CancellationTokenSource time = new CancellationTokenSource(10000))
        {
            await client.ConnectAsync("127.0.0.1", port, time.Token);
            await client.WriteAsync("weight?", time.Token);
            Console.WriteLine(await client.ReadTextAsync(time.Token));
        }
    }

    private static async Task ServeAsync(WDSocketServer server)
    {
        for (;;)
        {
            try
            {
                Answer(await server.AcceptAsync());
            }
            catch (WDSocketException e)
            {
                if (e.IsConnectionOver) return; // this program has closed the server
                Console.Error.WriteLine(e.Message); // of one client
            }
        }
    }

    private static async void Answer(WDSocketConnection client)
    {
        using (client)
        {
            try
            {
                for (;;) await client.WriteAsync("you said " + await client.ReadTextAsync());
            }
            catch (WDSocketException)
            {
                // It has left, or this program has closed the server.
            }
            catch (ObjectDisposedException)
            {
                // This program has closed the server before.
            }
        }
    }

    private static void Tasks()
    {
        CancellationToken cancelled = new CancellationToken(true);
        using (WDSocketServer server = Listening())
        {
            int port = server.Port;
            Task<WDSocketConnection> accepting = server.AcceptAsync();
            WDSocketClient client = new WDSocketClient();
            Check("a client that connects", Fails(client.ConnectAsync("127.0.0.1", port)) == 0 && client.IsConnected);
            WDSocketConnection channel = Gives(accepting, c => c != null) ? accepting.Result : null;
            Task<byte[]> first = client.ReadAsync();
            Task<string> second = client.ReadTextAsync();
            Check("reading waits", !first.IsCompleted && !second.IsCompleted);
            Check("writing does not", Fails(channel.WriteAsync("one")) == 0 && Fails(channel.WriteAsync(new byte[] { 50 })) == 0);
            Check("each gets a message, in order", Gives(first, m => m.Length == 3) && Gives(second, m => m == "2"));
            channel.Write("three");
            Check("a message that has arrived", Gives(client.ReadTextAsync(), m => m == "three"));

            CancellationTokenSource stop = new CancellationTokenSource();
            first = client.ReadAsync(stop.Token);
            Task<string> next = client.ReadTextAsync();
            stop.Cancel();
            channel.Write("four");
            Check("what is cancelled takes no message", Fails(first) == -1000 && first.IsCanceled && Gives(next, m => m == "four"));
            Check("a time", Fails(client.ReadAsync(new CancellationTokenSource(20).Token)) == -1000);
            Check("cancelled before", Fails(client.ReadAsync(cancelled)) == -1000 && Fails(client.WriteAsync("x", cancelled)) == -1000 && Fails(server.AcceptAsync(cancelled)) == -1000);

            bool refused = false;
            try { client.StartEvents(); }
            catch (InvalidOperationException e) { refused = e.Message.Contains("Async"); }
            Check("no events then", refused);

            // A peer that does not read: the task waits, and nothing of its message is sent if it is cancelled.
            Task writing;
            int whole = 0;
            bool cut;
            do
            {
                stop = new CancellationTokenSource();
                while ((writing = client.WriteAsync(new byte[1000000], stop.Token)).Wait(100)) whole++;
                stop.Cancel();
                cut = Fails(writing) == -1000;
                if (!cut) whole++; // it was sent in between
            } while (!cut);
            Task behind = client.WriteAsync("behind");
            Check("a write to a peer that does not read is cancelled", writing.IsCanceled);
            bool good = true;
            for (int i = 0; i < whole; i++) good &= Gives(channel.ReadAsync(), m => m.Length == 1000000);
            Check("leaves no part behind", good && Fails(behind) == 0 && Gives(channel.ReadTextAsync(), m => m == "behind"));

            first = client.ReadAsync();
            channel.Write("last");
            channel.Close();
            Check("the last message", Gives(first, m => m.Length == 4));
            Check("the end", Fails(client.ReadAsync()) == WDSocket.WDS_E_PEER_CLOSED && Fails(client.ReadAsync()) == WDSocket.WDS_E_PEER_CLOSED);
            Check("a closed socket", Fails(channel.ReadAsync()) == -2000 && Disposed(() => { channel.TextEncoding = channel.TextEncoding; channel.Write("x"); }));
            client.Close();

            client = ConnectedTo(server);
            channel = server.AcceptAsync().Result;
            first = client.ReadAsync();
            client.Close();
            Check("closing ends a task that waits", Fails(first) == WDSocket.WDS_E_CLOSED);
            first = channel.ReadAsync();
            Check("the end of the peer, too", Fails(first) == WDSocket.WDS_E_PEER_CLOSED);
            channel.Close();
        }
        Check("nothing is left open", Until(() => Held() == 0));
        Requests();
        NotConnecting();
        Serving();
    }

    // A device that answers requests, late the one that says so, and tells the last one.
    private static volatile string asked;

    private static void Answering(WDSocketConnection channel)
    {
        try
        {
            for (;;)
            {
                string request = channel.ReadText(-1);
                asked = request;
                if (request == "leave") return;
                if (request == "late") channel.ReadText(-1);
                if (request != "silent") channel.Write("re " + request);
            }
        }
        catch (WDSocketException)
        {
        }
        catch (ObjectDisposedException)
        {
        }
        finally
        {
            channel.Close();
        }
    }

    private static void Requests()
    {
        using (WDSocketServer server = Listening())
        using (WDSocketClient client = new WDSocketClient())
        {
            Check("a client for requests", Fails(client.ConnectAsync("127.0.0.1", server.Port)) == 0);
            WDSocketConnection channel = server.Accept(Long);
            Thread device = new Thread(() => Answering(channel));
            device.Start();
            Check("a request", Gives(client.ExchangeAsync("weight?"), a => a == "re weight?"));
            List<Task<string>> several = new List<Task<string>>();
            for (int i = 0; i < 20; i++) several.Add(client.ExchangeAsync("" + i));
            bool good = true;
            for (int i = 0; i < 20; i++) good &= Gives(several[i], a => a == "re " + i);
            Check("several, one after the other", good);
            Check("an answer that is too long", Fails(client.ExchangeAsync("weight?", CancellationToken.None, 3)) == WDSocket.WDS_E_BUFFER);

            CancellationTokenSource stop = new CancellationTokenSource();
            Task<string> waiting = client.ExchangeAsync("late", stop.Token);
            Check("one that waits", Until(() => asked == "late") && !waiting.IsCompleted && Fails(client.ReadAsync()) == WDSocket.WDS_E_BUSY);
            Task<string> behind = client.ExchangeAsync("behind", stop.Token);
            stop.Cancel();
            Check("is cancelled", Fails(waiting) == -1000 && waiting.IsCanceled && Fails(behind) == -1000);
            Check("cancelled before", Fails(client.ExchangeAsync("x", new CancellationToken(true))) == -1000);
            client.Write("go on");
            Check("its late answer is not that of the next", Gives(client.ExchangeAsync("weight?"), a => a == "re weight?"));

            Task<string> reading = client.ReadTextAsync();
            Check("not while a task reads", Fails(client.ExchangeAsync("x")) == WDSocket.WDS_E_BUSY);
            channel.Write("news");
            Check("which gets its message", Gives(reading, m => m == "news"));
            waiting = client.ExchangeAsync("silent");
            Check("writing goes on meanwhile", Until(() => asked == "silent") && Fails(client.WriteAsync("more")) == 0 && Gives(waiting, a => a == "re more"));

            Check("the peer leaves", Fails(client.ExchangeAsync("leave")) == WDSocket.WDS_E_PEER_CLOSED && Fails(client.ReadAsync()) == WDSocket.WDS_E_PEER_CLOSED
                && Fails(client.ExchangeAsync("x")) == WDSocket.WDS_E_PEER_CLOSED);
            device.Join();
        }
        using (WDSocketServer server = Listening())
        {
            WDSocketClient client = ConnectedTo(server);
            Task<byte[]> waiting = client.ExchangeAsync(new byte[] { 1 });
            Check("a request without an answer", server.Accept(Long).Read(Long).Length == 1 && !waiting.IsCompleted);
            client.Close();
            Check("is ended by closing", Fails(waiting) == WDSocket.WDS_E_CLOSED && Fails(client.ExchangeAsync("x")) == -2000);
        }
        Check("nothing is left open", Until(() => Held() == 0));
    }

    private static void NotConnecting()
    {
        int free;
        using (WDSocketServer server = Listening()) free = server.Port;
        using (WDSocketClient client = new WDSocketClient())
        {
            Task connecting = client.ConnectAsync("127.0.0.1", free);
            Check("nothing listens", Fails(connecting) == WDSocket.WDS_E_REFUSED && connecting.Exception.InnerException.Message.Contains("127.0.0.1:" + free));
            Check("not connected", Fails(client.ReadAsync()) == WDSocket.WDS_E_NOT_CONNECTED || Fails(client.ReadAsync()) == WDSocket.WDS_E_REFUSED);
            using (WDSocketServer server = Listening())
            {
                Check("it may try again", Fails(client.ConnectAsync("127.0.0.1", server.Port)) == 0);
                WDSocketClient silent = new WDSocketClient();
                connecting = silent.ConnectAsync("tls://127.0.0.1:" + server.Port, 0, new CancellationTokenSource(50).Token);
                Check("it takes too long", Fails(connecting) == -1000 && silent.State == 0);
            }
        }
        using (WDSocketServer server = Listening())
        {
            Thread reader = new Thread(() => Ends(() => server.Accept(-1)));
            reader.Start();
            Check("another thread waits", Until(() => Fails(server.AcceptAsync(new CancellationTokenSource(1).Token)) == WDSocket.WDS_E_BUSY || !reader.IsAlive));
            server.Close();
            reader.Join();
        }
        using (WDSocketServer server = Listening())
        {
            bool refused = false;
            Task reading = server.Simplified().ReadAsync();
            try { reading.Wait(); }
            catch (AggregateException e) { refused = e.InnerException is InvalidOperationException; }
            Check("a simplified server has no tasks", refused);
            server.StartEvents();
            Check("nor one with events", Fails(server.AcceptAsync()) == -2000);
        }
        using (WDSocketUdp one = new WDSocketUdp())
        using (WDSocketUdp two = new WDSocketUdp())
        {
            one.Open(0, "127.0.0.1");
            two.Open(0, "127.0.0.1");
            Task<WDSocketDatagram> receiving = two.ReceiveAsync();
            one.Send("ping", "127.0.0.1", two.Port);
            Check("a datagram", Gives(receiving, d => d.Text == "ping" && d.Port == one.Port));
        }
        Check("nothing is left open", Until(() => Held() == 0));
    }

    // The server of the guide, with bad clients, and many good ones that need no thread each.
    private static void Serving()
    {
        WDSocketServer server = Listening();
        server.SetPreset("line");
        server.SetOption(WDSocket.WDS_OPT_MAX_MESSAGE, 1000);
        Task serving = ServeAsync(server);
        using (WDSocketClient half = ConnectedTo(server), deaf = ConnectedTo(server), tooLong = ConnectedTo(server), foreign = ConnectedTo(server))
        {
            foreach (WDSocketClient each in new[] { half, deaf, tooLong, foreign }) each.SetMode(WDSocket.WDS_MODE_RAW);
            half.Write("half a line");
            deaf.SetOption(WDSocket.WDS_OPT_SEND_QUEUE, 1 << 20);
            for (int i = 0; i < 100; i++) deaf.Write("hello\n");
            tooLong.Write(new byte[5000]);
            foreign.Write(new byte[] { 0xff, 0xfe, 0x80, 10 });
            foreign.Read(Long);
            Resetting(server);
            List<WDSocketClient> many = new List<WDSocketClient>();
            List<Task<string>> answers = new List<Task<string>>();
            for (int i = 0; i < 200; i++)
            {
                WDSocketClient client = ConnectedTo(server);
                client.SetPreset("line");
                many.Add(client);
                answers.Add(client.ReadTextAsync());
            }
            Check("tasks need no thread each", System.Diagnostics.Process.GetCurrentProcess().Threads.Count < 150);
            foreach (WDSocketClient client in many) client.WriteAsync("hello").Wait();
            Check("many clients beside bad ones", Until(() => answers.TrueForAll(a => a.IsCompleted)) && answers.TrueForAll(a => a.Result == "you said hello"));
            server.Close();
            Check("closing the server ends its tasks", Fails(serving) == 0 && Fails(many[0].ReadAsync()) == WDSocket.WDS_E_PEER_CLOSED);
            foreach (WDSocketClient client in many) client.Close();
        }
        using (WDSocketServer scale = Listening())
        {
            Task served = ServeAsync(scale);
            Check("the program of the guide", Fails(AskingAsync(scale.Port)) == 0);
            scale.Close();
            Check("and its server", Fails(served) == 0);
        }
        Check("nothing is left open", Until(() => Held() == 0));
    }

    // A server that is read and written itself, with one client at a time.
    private static void SimplifiedServer()
    {
        using (WDSocketServer server = Listening())
        {
            WDSocketConnection served = server.Simplified();
            Check("a simplified server without a client", Throws(() => served.Write("x")) == WDSocket.WDS_E_NO_CLIENT && !served.IsConnected);
            foreach (string name in new[] { "first", "second" })
            {
                using (WDSocketClient client = ConnectedTo(server))
                {
                    client.Write(name);
                    Check("accepts as it reads, the " + name, served.ReadText(Long) == name && served.IsConnected);
                    served.Write("hello " + name);
                    Check("and answers", client.ReadText(Long) == "hello " + name);
                }
                Check("one client after the other", Throws(() => served.Read(Long)) == WDSocket.WDS_E_PEER_CLOSED && !served.IsConnected);
            }
            served.Close(Long);
            server.Simplified().Dispose();
            Check("its end closes nothing", server.State == WDSocket.WDS_STATE_LISTENING);
            using (WDSocketClient client = ConnectedTo(server))
            {
                WDSocketConnection third = server.Simplified();
                client.Write("third");
                third.Read(Long);
                third.Abort();
                Check("abort disconnects the client", Throws(() => client.Read(Long)) == WDSocket.WDS_E_RESET);
                using (WDSocketClient next = ConnectedTo(server))
                {
                    next.Write("fourth");
                    Check("and the next one is served", third.ReadText(Long) == "fourth");
                    third.Write("hello fourth");
                    Check("and answered", next.ReadText(Long) == "hello fourth");
                }
            }
        }
    }

    // The programs of the help texts go on when clients leave, are cut or do not read.
    private static void GoingOn()
    {
        using (WDSocketServer server = Listening())
        {
            WDSocketException end = null;
            Thread loop = new Thread(() =>
            {
                try
                {
                    Simplified(server);
                }
                catch (WDSocketException e)
                {
                    end = e;
                }
            });
            loop.Start();
            ConnectedTo(server).Dispose();
            Resetting(server);
            server.SetOption(WDSocket.WDS_OPT_WRITE_TIMEOUT, 100);
            using (WDSocketClient deaf = ConnectedTo(server))
            {
                Check("a client that does not read is disconnected", Throws(() => { for (;;) deaf.Write(new byte[100000]); }) == WDSocket.WDS_E_RESET);
            }
            server.SetOption(WDSocket.WDS_OPT_SEND_QUEUE, 100000); // WDS_E_FULL, of which nothing is sent
            using (WDSocketClient deaf = ConnectedTo(server))
            {
                Check("nor does one whose answers do not fit", Throws(() => { for (;;) deaf.Write(new byte[50000]); }) == WDSocket.WDS_E_RESET);
            }
            Check("the loop of a simplified server serves the next client", Asked(server) == "you said hello");
            server.Close();
            loop.Join();
            Check("and a close by the program ends it", end != null && end.IsConnectionOver);
        }
        using (WDSocketServer server = Listening())
        {
            server.MessageReceived += (sender, e) => e.Connection.Write(e.Data);
            server.ErrorOccurred += (sender, e) => Console.Error.WriteLine(e.Error.Message); // of one client: the others go on
            server.StartEvents();
            ConnectedTo(server).Dispose();
            Resetting(server);
            using (WDSocketClient deaf = ConnectedTo(server))
            {
                for (int i = 0; i < 80; i++) deaf.Write(new byte[100000]);
                Check("events serve the next client", Asked(server) == "hello");
                deaf.Abort();
            }
        }
    }

    // A collection does not wait for calls that wait in the library. Mono's would where they
    // wait on another stack than their thread's, and this would not end.
    private static void Collecting()
    {
        using (WDSocketServer server = Listening())
        using (WDSocketServer other = Listening())
        {
            server.StartEvents();
            WDSocketClient client = ConnectedTo(other);
            other.Accept(Long);
            Thread[] waiting = { new Thread(() => Ends(() => client.Read(-1))), new Thread(() => Ends(() => other.Accept(-1))) };
            foreach (Thread thread in waiting) thread.Start();
            for (int i = 0; i < 20; i++)
            {
                Thread.Sleep(1);
                GC.Collect();
            }
            Check("a collection does not wait for calls that wait", waiting[0].IsAlive && waiting[1].IsAlive);
            client.Dispose();
            other.Close();
            foreach (Thread thread in waiting) thread.Join();
        }
    }

    private static void Ends(Action call)
    {
        try
        {
            call();
        }
        catch (WDSocketException)
        {
        }
        catch (ObjectDisposedException)
        {
        }
    }

    private static void Simplified(WDSocketServer server)
    {
        server.SetOption(WDSocket.WDS_OPT_IDLE_LIMIT, 60000); // a silent client does not keep the next one waiting
        server.SetOption(WDSocket.WDS_OPT_MESSAGE_LIMIT, 60000); // nor does one that never ends its message
        WDSocketConnection served = server.Simplified();
        bool writing = false;
        for (;;)
        {
            try
            {
                writing = false;
                string question = served.ReadText(-1);
                writing = true;
                served.Write("you said " + question);
            }
            catch (WDSocketException e)
            {
                if (e.IsConnectionOver || e.Code == WDSocket.WDS_E_CANCELLED) throw; // of the server itself
                if (writing && e.Scope != WDSocket.WDS_SCOPE_MESSAGE) served.Abort(); // it may still be there, but takes no answers
            } // else the client has left
        }
    }

    private static void Resetting(WDSocketServer server)
    {
        using (WDSocketClient client = ConnectedTo(server))
        {
            client.Write(new byte[1000]);
            client.Abort();
        }
    }

    private static string Asked(WDSocketServer server)
    {
        using (WDSocketClient client = ConnectedTo(server))
        {
            client.Write("hello");
            return client.ReadText(Long);
        }
    }

    private static void Closing()
    {
        WDSocketServer server = Listening();
        List<WDSocketClient> clients = new List<WDSocketClient>();
        for (int i = 0; i < 300; i++)
        {
            clients.Add(ConnectedTo(server));
            server.Accept(Long).Write("welcome");
        }
        Check("a server knows its clients", server.Clients.Length == 300);
        server.Clients[0].Dispose();
        Check("but none that is closed", server.Clients.Length == 299);
        server.Close();
        server.Close();
        int good = 0;
        foreach (WDSocketClient client in clients)
        {
            if (client.ReadText(Long) == "welcome" && Throws(() => client.Read(Long)) == WDSocket.WDS_E_PEER_CLOSED) good++;
            client.Dispose();
        }
        Check("a server closes its clients, who get what was written", good == 300 && server.Clients.Length == 0);
        Check("nothing is left open", Held() == 0);

        using (WDSocketServer other = Listening())
        using (WDSocketClient client = ConnectedTo(other))
        {
            WDSocketConnection channel = other.Accept(Long);
            channel.Abort();
            Check("a reset", Throws(() => client.Read(Long)) == WDSocket.WDS_E_RESET && other.Clients.Length == 0);
            int code = -1;
            Thread reader = new Thread(() =>
            {
                using (WDSocketClient waiting = ConnectedTo(other))
                using (Timer timer = new Timer(state => waiting.Dispose(), null, 50, -1))
                {
                    try { waiting.Read(-1); }
                    catch (ObjectDisposedException) { code = 0; }
                    catch (WDSocketException e) { code = e.Code; }
                }
            });
            reader.Start();
            reader.Join();
            Check("closing ends a read of another thread", code == WDSocket.WDS_E_CLOSED || code == 0);
        }
    }

    // A server waits until its clients have what was written, or until the time is over.
    private static void Finishing()
    {
        byte[] much = new byte[8 << 20];
        foreach (bool reads in new[] { true, false })
        {
            using (WDSocketServer server = Listening())
            {
                server.SetOption(WDSocket.WDS_OPT_SEND_QUEUE, 4 * much.Length);
                using (WDSocketClient client = ConnectedTo(server))
                {
                    WDSocketConnection channel = server.Accept(Long);
                    for (int i = 0; i < 3; i++) channel.Write(much);
                    if (reads)
                    {
                        int got = 0;
                        Thread reader = new Thread(() => Ends(() => { for (;; got++) client.Read(Long); }));
                        reader.Start();
                        server.Close(Long);
                        reader.Join();
                        Check("a close that waits sends what was written", got == 3);
                    }
                    else
                    {
                        Check("as far as there is time", Throws(() => server.Close(50)) == WDSocket.WDS_E_TIMEOUT);
                        client.Abort();
                    }
                    Check("and closes the clients, too", Disposed(() => channel.Read(0)) && server.State == 0 && server.Clients.Length == 0);
                }
            }
        }
        Check("nothing is left open", Until(() => Held() == 0));
    }

    private static int Closed(List<string> log)
    {
        lock (log) return log.FindAll(line => line.StartsWith("closed")).Count;
    }

    private static void Events()
    {
        List<string> log = new List<string>();
        Action<string> note = text => { lock (log) log.Add(text); };
        Func<string, bool> noted = text => Until(() => { lock (log) return log.Contains(text); });
        using (WDSocketServer server = Listening())
        {
            server.ClientConnected += (sender, e) => { e.Connection.Tag = "guest"; note("connected"); };
            server.MessageReceived += (sender, e) =>
            {
                if (e.Text == "throw") throw new InvalidOperationException("thrown");
                if (e.Text == "leave") e.Connection.Dispose();
                else e.Connection.Write(e.Connection.Tag + " " + e.Text);
            };
            server.ClientClosed += (sender, e) => note("closed " + (e.Reason == null ? "in order" : e.Reason.Name) + " " + e.Connection.Tag);
            server.ErrorOccurred += (sender, e) => note("error " + e.Error.Message + " " + e.Connection.Tag);
            server.StartEvents();

            WDSocketClient client = new WDSocketClient();
            client.Connected += (sender, e) => { note("client connected"); client.Write("one"); };
            client.MessageReceived += (sender, e) => { note("client got " + e.Text); if (e.Text == "guest one") client.Write("throw"); };
            client.Closed += (sender, e) => note("client closed " + (e.Reason == null ? "in order" : e.Reason.Name));
            client.ErrorOccurred += (sender, e) => note("client error " + ((WDSocketException)e.Error).Name);
            bool refused = false;
            try { client.ConnectInBackground("127.0.0.1", server.Port); }
            catch (InvalidOperationException) { refused = true; }
            Check("connecting in the background needs events", refused);
            int queue = WDSocket.WDSocketNewQueue();
            WDSocket.WDSocketAttach(queue, client.Handle, WDSocket.WDS_ATTACH_PLAIN);
            Check("a socket of another queue", Throws(client.StartEvents) == WDSocket.WDS_E_STATE);
            WDSocket.WDSocketClose(queue);
            client.StartEvents();
            using (WDSocketServer gone = Listening())
            {
                int free = gone.Port;
                gone.Close();
                client.ConnectInBackground("127.0.0.1", free);
            }
            Check("it could not connect", noted("client error WDS_E_REFUSED"));
            client.ConnectInBackground("127.0.0.1", server.Port);
            Check("it is connected, also for the server", noted("client connected") && noted("connected"));
            Check("messages", noted("client got guest one"));
            Check("an exception of a handler", noted("error thrown guest"));
            client.Write("two");
            Check("ends neither the connection nor the events", noted("client got guest two"));
            client.Write("leave");
            Check("the end for the client", noted("client closed in order") && Until(() => client.State == 0));
            Check("a client that this program closes is no event", Until(() => server.Clients.Length == 0) && Closed(log) == 0);
            client.Dispose();

            // It has not asked: an answer that nothing reads would be a reset.
            ConnectedTo(server).Dispose();
            Check("the end for the server", noted("closed in order guest"));
            WDSocketClient cut = ConnectedTo(server);
            Check("another client", Until(() => server.Clients.Length == 1));
            cut.Abort();
            Check("a reset", noted("closed WDS_E_RESET guest") && Until(() => server.Clients.Length == 0));

            using (WDSocketClient first = ConnectedTo(server))
            using (WDSocketClient second = ConnectedTo(server))
            {
                Until(() => server.Clients.Length == 2);
                server.WriteToAll("all");
                Check("a message to all", first.ReadText(Long) == "all" && second.ReadText(Long) == "all");
                server.Dispose();
                Check("a server with events closes its clients", Throws(() => first.Read(Long)) == WDSocket.WDS_E_PEER_CLOSED && Throws(() => second.Read(Long)) == WDSocket.WDS_E_PEER_CLOSED);
            }
            Check("and raises no events then", Closed(log) == 2);
        }
        Check("nothing is left open", Held() == 0);
    }

    // Timers beside the events.
    private static void Timers()
    {
        using (WDSocketServer server = Listening())
        using (WDSocketClient client = ConnectedTo(server))
        using (WDSocketUdp udp = new WDSocketUdp())
        {
            bool refused = false;
            try { server.StartTimer(() => { }, 1); }
            catch (InvalidOperationException) { refused = true; }
            Check("a timer needs events", refused);
            Thread of = null, told = null;
            int once = 0, each = 0, later = 0;
            Exception error = null;
            server.MessageReceived += (sender, e) => of = Thread.CurrentThread;
            server.ErrorOccurred += (sender, e) => error = e.Error;
            server.StartEvents();
            server.StartTimer(() => once++, 0);
            WDSocketTimer never = server.StartTimer(() => later++, 3600000, 3600000);
            WDSocketTimer timer = null, other = null;
            lock (server)
            {
                timer = server.StartTimer(() => { lock (server) told = Thread.CurrentThread; if (++each == 3) timer.Dispose(); }, 5, 5);
            }
            Check("a timer is called at each interval, until it is ended", Until(() => each == 3));
            client.Write("x");
            Check("in the thread of the events", Until(() => of != null) && of == told);
            server.StartTimer(() => { throw new InvalidOperationException("thrown"); }, 1);
            Check("its exception is told", Until(() => error != null) && error.Message == "thrown");
            other = server.StartTimer(() => { if (each == 3) each = 10; }, 1);
            Check("one that is called once", Until(() => each == 10) && once == 1);
            other.Dispose();
            never.Dispose();
            never.Dispose();
            udp.Open(0, "127.0.0.1");
            udp.StartEvents();
            client.StartEvents();
            int calls = 0;
            udp.StartTimer(() => Interlocked.Increment(ref calls), 1);
            client.StartTimer(() => Interlocked.Increment(ref calls), 1);
            Check("clients and UDP have them, too", Until(() => calls == 2) && later == 0);
            Check("a time", Throws(() => server.StartTimer(() => { }, -1)) == WDSocket.WDS_E_ARGUMENT);
            server.StartTimer(() => later++, 3600000);
            server.Close();
            Check("a socket that is closed has none", Disposed(() => server.StartTimer(() => { }, 1)));
        }
        Check("nothing is left open", Held() == 0);
    }

    // The server closes itself in the thread of its events.
    private static void ClosingInAHandler()
    {
        using (WDSocketServer server = Listening())
        using (WDSocketClient client = new WDSocketClient())
        {
            server.MessageReceived += (sender, e) => server.Dispose();
            server.StartEvents();
            client.Connect("127.0.0.1", server.Port, Long);
            client.Write("stop");
            Check("a handler may close the server", Throws(() => client.Read(Long)) == WDSocket.WDS_E_PEER_CLOSED && Until(() => server.State == 0));
        }
    }

    // A thread as that of a window: what others send to it, it does in turn.
    private sealed class Window : SynchronizationContext
    {
        private readonly BlockingCollection<Action> work = new BlockingCollection<Action>();
        internal readonly Thread Thread;

        internal Window()
        {
            Thread = new Thread(() =>
            {
                SetSynchronizationContext(this);
                foreach (Action action in work.GetConsumingEnumerable()) action();
            });
            Thread.Start();
        }

        public override void Send(SendOrPostCallback call, object state)
        {
            using (ManualResetEvent done = new ManualResetEvent(false))
            {
                work.Add(() => { try { call(state); } finally { done.Set(); } });
                done.WaitOne();
            }
        }

        internal void End()
        {
            work.CompleteAdding();
            Thread.Join();
        }
    }

    private static void InAWindow()
    {
        Window window = new Window();
        Thread told = null;
        WDSocketServer server = null;
        using (WDSocketClient client = new WDSocketClient())
        {
            window.Send(state =>
            {
                server = Listening();
                server.MessageReceived += (sender, e) => { told = Thread.CurrentThread; e.Connection.Write(e.Data); };
                server.StartEvents();
            }, null);
            client.Connect("127.0.0.1", server.Port, Long);
            client.Write("hello");
            Check("events come in the thread of the window", client.ReadText(Long) == "hello" && told == window.Thread);
            client.Write("more");
            window.Send(state => server.Dispose(), null);
            Check("which may close the server", Until(() => server.State == 0));
        }
        window.End();
        Check("nothing is left open", Held() == 0);
    }

    // What a program forgets, the garbage collector closes.
    private static void Forgetting()
    {
        Thread making = new Thread(() => { for (int i = 0; i < 100; i++) new WDSocketClient(); });
        making.Start();
        making.Join();
        bool had = Held() == 100;
        Check("what is forgotten is collected", Until(() => { GC.Collect(); GC.WaitForPendingFinalizers(); return Held() < 50; }) && had);
    }

    private static int Main()
    {
        Connecting();
        Texts();
        Asking();
        Asked();
        Deciding();
        Exchanging();
        Parts();
        Telling();
        Datagrams();
        Tasks();
        SimplifiedServer();
        GoingOn();
        Collecting();
        Closing();
        Finishing();
        Events();
        Timers();
        ClosingInAHandler();
        InAWindow();
        Forgetting();
        Check("end", WDSocket.WDSocketCloseAll() == WDSocket.WDS_OK);
        Console.WriteLine("{0} passed, {1} failed", passed, failed);
        return failed == 0 ? 0 : 1;
    }
}
