// A WebSocket client and server of the package ws, for websocket.c: the same as
// websocket.py, whose head says what they do.
"use strict";
const fs = require("fs");
const http = require("http");
const https = require("https");
const { WebSocket, WebSocketServer } = require("/usr/share/nodejs/ws");

const LENGTHS = [0, 1, 125, 126, 127, 1000, 65535, 65536, 1000000];

function fail(text) {
	console.error("websocket.js: " + text);
	process.exit(1);
}

function expect(good, text) {
	if (!good)
		fail(text);
}

function sendFragments(ws, count) {
	for (let i = 0; i < count; i++) {
		ws.send("one ", { fin: false });
		ws.ping("between");
		ws.send("two ", { fin: false });
		ws.ping("between");
		ws.send("three", { fin: true });
	}
}

function server(certificate, compression) {
	const answer = (_request, response) => response.writeHead(404).end();
	const serving = certificate ? https.createServer({ cert: fs.readFileSync(certificate), key: fs.readFileSync(certificate) }, answer) : http.createServer(answer);
	const sockets = new WebSocketServer({ server: serving, path: "/echo", perMessageDeflate: compression === "1", handleProtocols: (names) => names.has("chat") && "chat" });
	sockets.on("connection", (ws, request) => {
		expect(request.headers["x-test"] === "yes", "the header is missing");
		expect((ws.extensions !== "") === (compression === "1"), "compression");
		let pongs = 0;
		ws.on("pong", (data) => { expect(String(data) === "between", "another pong"); pongs++; });
		ws.on("message", (data, binary) => {
			const text = binary ? "" : String(data);
			if (text === "fragments")
				sendFragments(ws, 20);
			else if (text === "close") {
				expect(pongs > 0, "no pong");
				ws.close(4001, "go, é");
			} else
				ws.send(data, { binary });
		});
		ws.on("error", (error) => fail(String(error)));
		ws.on("close", (code, reason) => console.log("closed", code, String(reason)));
	});
	serving.listen(0, "127.0.0.1", () => console.log("listening on", serving.address().port));
}

// open connects, and gives messages and the end one by one.
function open(url, settings) {
	const ws = new WebSocket(url, ["other", "chat"], settings);
	const came = [], waiting = [];
	const put = (what) => waiting.length > 0 ? waiting.shift()(what) : came.push(what);
	ws.on("open", () => put({ open: true }));
	ws.on("message", (data, binary) => put({ data, binary }));
	ws.on("close", (code, reason) => put({ code, reason: String(reason) }));
	ws.on("unexpected-response", (_request, response) => { put({ status: response.statusCode }); ws.terminate(); });
	ws.on("error", () => {});
	return { ws, next: () => new Promise((resolve) => came.length > 0 ? resolve(came.shift()) : waiting.push(resolve)) };
}

async function opened(url, settings) {
	const peer = open(url, settings);
	expect((await peer.next()).open, "not connected");
	return peer;
}

async function echo(peer, data, binary) {
	peer.ws.send(data, { binary });
	const got = await peer.next();
	expect(got.data !== undefined && got.binary === binary && got.data.equals(Buffer.from(data)), "another message came back");
}

async function client(url, authority, compression) {
	const settings = { perMessageDeflate: compression === "1" };
	if (authority)
		settings.ca = fs.readFileSync(authority);
	let peer = await opened(url, settings);
	expect(peer.ws.protocol === "chat", "another sub-protocol");
	expect((peer.ws.extensions !== "") === (compression === "1"), "compression");
	for (const length of LENGTHS) {
		await echo(peer, "abcdefghijklmnopqrstuvwxyzé".repeat(length / 26 + 1).slice(0, length), false);
		await echo(peer, Buffer.alloc(length, "\x00\x01\xfe\xff", "latin1"), true);
	}
	let pongs = 0;
	peer.ws.on("pong", () => pongs++);
	sendFragments(peer.ws, 20);
	for (let i = 0; i < 20; i++)
		expect(String((await peer.next()).data) === "one two three", "fragments came back otherwise");
	expect(pongs > 0, "no pong");
	peer.ws.close(4004, "fini, é");
	expect((await peer.next()).code === 4004, "the close code did not come back");

	peer = await opened(url, settings);
	peer.ws.send("close");
	const end = await peer.next();
	expect(end.code === 4003 && end.reason === "à bientôt", "another close");
	expect((await open(url + "/other", settings).next()).status === 404, "a path that is not served");
	const status = await new Promise((resolve) => (authority ? https : http).get(url.replace("ws", "http"), { ca: settings.ca, agent: false }, (answer) => { answer.resume(); resolve(answer.statusCode); }));
	expect(status === 426, "another status for a page");
	peer = await opened(url, settings);
	peer.ws.send("stop");
	expect((await peer.next()).code === 1000, "another end");
}

const run = { client, server }[process.argv[2]];
Promise.resolve(run(...process.argv.slice(3))).catch((error) => fail(String(error)));
