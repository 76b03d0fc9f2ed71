// Tls.cs - a server and a client with TLS, as docs/tls.md shows them, in the folder with
// its certificates.
using System;
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

    private static int Main()
    {
        bool good = Talking() && WDSocketBase.SocketsHeld == 0;
        Console.WriteLine(good ? "1 passed, 0 failed" : "0 passed, 1 failed");
        return good ? 0 : 1;
    }
}
