// Chat.cs - a chat: the server sends what a client says to the others. It shows the classes
// WDSocketServer and WDSocketClient with their events.
//
//     mcs Chat.cs ../*.cs
//     Chat serve PORT            port 0 = any; Enter or the end of the input stops it
//     Chat NAME ADDRESS PORT     each line of the input is said
using System;
using WDSocketLibrary;

internal static class Chat
{
    private static void Serve(int port)
    {
        // What "using" opens is closed in any case, with all clients.
        using (WDSocketServer server = new WDSocketServer("chat"))
        {
            server.SetOption(WDSocket.WDS_OPT_MAX_MESSAGE, 4096);
            server.SetOption(WDSocket.WDS_OPT_MAX_CLIENTS, 1000);
            server.ClientConnected += (sender, e) => Console.WriteLine(e.Connection.PeerAddress + " is here");
            server.MessageReceived += (sender, e) => e.Connection.WriteToOthers(e.Data);
            server.ClientClosed += (sender, e) => Console.WriteLine(e.Reason == null ? "one has left" : e.Reason.Message);
            server.ErrorOccurred += (sender, e) => Console.Error.WriteLine(e.Error.Message);
            server.Listen(port);
            server.StartEvents();
            Console.WriteLine("chat on port " + server.Port);
            Console.ReadLine();
        }
        Console.WriteLine("stopped");
    }

    private static void Talk(string name, string address, int port)
    {
        using (WDSocketClient client = new WDSocketClient())
        {
            client.MessageReceived += (sender, e) => Console.WriteLine(e.Text);
            client.Closed += (sender, e) =>
            {
                Console.WriteLine(e.Reason == null ? "the server has stopped" : e.Reason.Message);
                Environment.Exit(0);
            };
            client.Connect(address, port, 5000);
            client.StartEvents();
            for (string line; (line = Console.ReadLine()) != null;) client.Write(name + ": " + line);
            client.Close(5000); // what was said still arrives
        }
    }

    private static int Main(string[] arguments)
    {
        int port;
        if ((arguments.Length != 2 || arguments[0] != "serve") && arguments.Length != 3
            || !int.TryParse(arguments[arguments.Length - 1], out port))
        {
            Console.Error.WriteLine("usage: Chat serve PORT, or Chat NAME ADDRESS PORT");
            return 2;
        }
        try
        {
            if (arguments.Length == 2) Serve(port);
            else Talk(arguments[0], arguments[1], port);
            return 0;
        }
        catch (WDSocketException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }
}
