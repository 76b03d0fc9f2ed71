// Tls.cs - a server and a client with TLS, as docs/tls.md shows them, in the folder with
// its certificates.
using System;
using System.Threading;
using WDSocketLibrary;

internal static class Tls
{
    private static bool Talking()
    {
        using (WDSocketServer server = new WDSocketServer())
        using (WDSocketClient client = new WDSocketClient())
        {
            server.SetText(WDSocket.WDS_TEXT_SSL_CERTIFICATE, "server.pem");
            server.Listen(0, "tls://127.0.0.1:0");

            client.SetText(WDSocket.WDS_TEXT_SSL_AUTHORITIES, "ca.pem");
            client.Connect("tls://localhost:" + server.Port, 0, 10000);

            client.Write("hello");
            return server.Accept(10000).ReadText(10000) == "hello" && IsTold(client);
        }
    }

    // The certificate is longer than what is asked for at first.
    private static bool IsTold(WDSocketClient client)
    {
        return client.TlsInfo(WDSocket.WDS_INFO_SSL_SUBJECT) == "CN=my server"
            && client.TlsInfo(WDSocket.WDS_INFO_SSL_PEM).EndsWith("-----END CERTIFICATE-----\n") && IsRefused(client);
    }

    private static bool IsRefused(WDSocketClient client)
    {
        try
        {
            client.TlsInfo(WDSocket.WDS_INFO_SSL_SUBJECT, 1000);
            return false;
        }
        catch (WDSocketException e)
        {
            return e.Code == WDSocket.WDS_E_ARGUMENT;
        }
    }

    // One end of a connection whose ends agree on TLS, and later on going on without. The text that
    // arrives between shows which of both it was.
    private static void Switching(WDSocketConnection connection, int role, string[] told)
    {
        connection.StartTls(10000, 0, role);
        connection.Write("secret");
        told[0] = connection.TlsInfo(WDSocket.WDS_INFO_SSL_VERSION) + " " + connection.ReadText(10000);
        connection.StopTls(10000);
        connection.Write("plain");
        told[1] = Code(() => connection.TlsInfo(WDSocket.WDS_INFO_SSL_VERSION)) + " " + connection.ReadText(10000);
        told[2] = "" + Code(() => connection.StopTls(10));
    }

    private static int Code(Action call)
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

    // TLS begins on a connection that is open, and ends on it.
    private static bool BeginsAndEnds()
    {
        using (WDSocketServer server = new WDSocketServer())
        using (WDSocketClient client = new WDSocketClient())
        {
            server.SetText(WDSocket.WDS_TEXT_SSL_CERTIFICATE, "server.pem");
            server.Listen(0, "127.0.0.1");
            client.SetText(WDSocket.WDS_TEXT_SSL_AUTHORITIES, "ca.pem");
            client.Connect("localhost", server.Port, 10000);
            using (WDSocketConnection channel = server.Accept(10000))
            {
                string[] one = new string[3], two = new string[3];
                Thread other = new Thread(() => Switching(channel, WDSocket.WDS_ROLE_SERVER, two));
                other.Start();
                Switching(client, WDSocket.WDS_ROLE_CLIENT, one);
                other.Join();
                return IsSwitched(one) && IsSwitched(two);
            }
        }
    }

    private static bool IsSwitched(string[] told)
    {
        string none = "" + WDSocket.WDS_E_TLS_NOT_SECURED;
        return told[0] == "TLS 1.3 secret" && told[1] == none + " plain" && told[2] == none;
    }

    private static int Main()
    {
        int failed = 0;
        foreach (bool good in new[] { Talking(), BeginsAndEnds(), WDSocketBase.SocketsHeld == 0 })
            if (!good) failed++;
        Console.WriteLine("{0} passed, {1} failed", 3 - failed, failed);
        return failed == 0 ? 0 : 1;
    }
}
