#include <stdio.h>
#include <wdsocket.h>

int main(void)
{
    char answer[100], why[500];
    int32_t server, client, channel;

    server = WDSocketCreate(NULL, 0, "127.0.0.1");              /* port 0: the system chooses */
    WDSocketLocalInfo(server, WDS_INFO_ENDPOINT, answer, sizeof answer);
    client = WDSocketConnect("scale", 0, answer, 3000);         /* "127.0.0.1:40123", 3 s */
    if (client < 0) {
        WDSocketErrorInfo(0, WDS_INFO_MESSAGE, why, sizeof why);
        return puts(why), 1;
    }
    WDSocketWrite(client, "Hello World", -1);                   /* goes out as 11 CR LF Hello World */
    channel = WDSocketAccept(server, 3000);
    if (WDSocketRead(channel, answer, sizeof answer, 3000) >= 0)
        puts(answer);
    return WDSocketCloseAll();
}
