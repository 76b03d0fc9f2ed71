"""A WebSocket client and server of the package websockets, for websocket.c.

usage: python3 websocket.py client URL AUTHORITY COMPRESSION
       python3 websocket.py server CERTIFICATE COMPRESSION

The files are "" without TLS, COMPRESSION is 0 or 1.  A server prints its port and gives
back what it gets at the path /echo.  At the text "fragments" it sends 20 texts in three
parts with pings between, at "close" it closes with 4001.  It prints what a client closes
with, and ends behind the second one.  A client says the same things to a server, which
does so except for "fragments": that the client does itself.
"""
import asyncio
import http
import ssl
import sys
import urllib.request

import websockets

LENGTHS = [0, 1, 125, 126, 127, 1000, 65535, 65536, 1000000]
PATIENCE = 60


def expect(good, text):
    if not good:
        sys.exit("websocket.py: " + text)


async def parts(ws, pongs):
    """The parts of a message, with pings between."""
    for part in "one ", "two ", "three":
        yield part
        pongs.append(await ws.ping())


async def send_fragments(ws, count):
    pongs = []
    for _ in range(count):
        await ws.send(parts(ws, pongs))
    return pongs


def keyword(compression):
    return "deflate" if compression == "1" else None


async def server(certificate, compression):
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    ended = asyncio.Semaphore(0)

    async def handle(ws):
        expect(ws.request_headers["X-Test"] == "yes", "the header is missing")
        expect(bool(ws.extensions) == (compression == "1"), "compression")
        try:
            async for message in ws:
                if message == "fragments":
                    for pong in await send_fragments(ws, 20):
                        await asyncio.wait_for(pong, PATIENCE)
                elif message == "close":
                    await ws.close(4001, "go, é")
                else:
                    await ws.send(message)
        except websockets.ConnectionClosed:
            pass
        print("closed", ws.close_code, ws.close_reason, flush=True)
        ended.release()

    async def path_only(path, _headers):
        return None if path == "/echo" else (http.HTTPStatus.NOT_FOUND, [], b"no such path\n")

    async with websockets.serve(handle, "127.0.0.1", 0, subprotocols=["chat"], ssl=context, process_request=path_only, compression=keyword(compression)) as serving:
        print("listening on", serving.sockets[0].getsockname()[1], flush=True)
        for _ in range(2):
            await ended.acquire()
        await asyncio.sleep(3600)  # the client comes once more, to be refused


async def echo(ws, message):
    await ws.send(message)
    expect(await asyncio.wait_for(ws.recv(), PATIENCE) == message, "another message came back")


async def closed_by_peer(ws):
    try:
        await asyncio.wait_for(ws.recv(), PATIENCE)
    except websockets.ConnectionClosed as end:
        return end.rcvd.code, end.rcvd.reason
    return None


async def client(url, authority, compression):
    context = ssl.create_default_context(cafile=authority) if authority else None
    settings = {"ssl": context, "subprotocols": ["other", "chat"], "compression": keyword(compression)}
    async with websockets.connect(url, **settings) as ws:
        expect(ws.subprotocol == "chat", "another sub-protocol")
        expect(bool(ws.extensions) == (compression == "1"), "compression")
        for length in LENGTHS:
            await echo(ws, ("abcdefghijklmnopqrstuvwxyzé" * (length // 26 + 1))[:length])
            await echo(ws, bytes(i * 7 % 256 for i in range(length)))
        pongs = await send_fragments(ws, 20)
        for _ in range(20):
            expect(await asyncio.wait_for(ws.recv(), PATIENCE) == "one two three", "fragments came back otherwise")
        for pong in pongs[-1:]:
            await asyncio.wait_for(pong, PATIENCE)
        await ws.close(4004, "fini, é")
        expect(ws.close_code == 4004, "the close code did not come back")
    async with websockets.connect(url, **settings) as ws:
        await ws.send("close")
        expect(await closed_by_peer(ws) == (4003, "à bientôt"), "another close")
    try:
        await websockets.connect(url + "/other", **settings)
        sys.exit("a path that is not served")
    except websockets.InvalidStatusCode as refusal:
        expect(refusal.status_code == 404, "another status")
    try:
        page = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
        await asyncio.to_thread(page.open, url.replace("ws", "http", 1), timeout=PATIENCE)
        sys.exit("a page")
    except urllib.error.HTTPError as refusal:
        expect(refusal.code == 426, "another status for a page")
    async with websockets.connect(url, **settings) as ws:
        await ws.send("stop")
        expect(await closed_by_peer(ws) == (1000, ""), "another end")


asyncio.run({"client": client, "server": server}[sys.argv[1]](*sys.argv[2:]))
