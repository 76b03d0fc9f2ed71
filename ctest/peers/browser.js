// Drives a Chromium that runs already, by the DevTools protocol.
//
// usage: node browser.js PROFILE open URL...
//        node browser.js PROFILE chat URL FILE
//
// PROFILE is the browser's folder, where it has written its port. The first opens pages
// in a window of its own, which it keeps until it is ended. The second has two pages of
// websocket_server.c talk to each other, and writes a picture of the first into FILE.
"use strict";
const fs = require("fs");
const path = require("path");
const { WebSocket } = require("/usr/share/nodejs/ws");

const PATIENCE_MS = 120000;

function fail(text) {
	console.error("browser.js: " + text);
	process.exit(1);
}

// connect gives a function that sends a command to the browser, or to a page by its
// session, and gives the result.
function connect(profile) {
	const [port, where] = fs.readFileSync(path.join(profile, "DevToolsActivePort"), "utf8").trim().split("\n");
	const socket = new WebSocket(`ws://127.0.0.1:${port}${where}`, { perMessageDeflate: false });
	const waiting = new Map();
	let last = 0;
	socket.on("message", (data) => {
		const { id, result, error } = JSON.parse(data);
		if (error)
			fail(error.message);
		if (id)
			waiting.get(id)(result);
	});
	socket.on("error", (error) => fail(String(error)));
	socket.on("close", () => fail("the browser has ended"));
	const send = (method, params, sessionId) => new Promise((resolve) => {
		waiting.set(++last, resolve);
		socket.send(JSON.stringify({ id: last, method, params, sessionId }));
	});
	return new Promise((resolve) => socket.on("open", () => resolve(send)));
}

async function open(send, urls) {
	const { browserContextId } = await send("Target.createBrowserContext", { disposeOnDetach: true });
	const sessions = [];
	for (const url of urls) {
		const { targetId } = await send("Target.createTarget", { url, browserContextId });
		sessions.push((await send("Target.attachToTarget", { targetId, flatten: true })).sessionId);
	}
	return sessions;
}

async function evaluate(send, page, expression) {
	const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, returnByValue: true }, page);
	if (exceptionDetails)
		fail(expression + ": " + exceptionDetails.text);
	return result.value;
}

async function until(send, page, expression) {
	const end = Date.now() + PATIENCE_MS;
	while (!await evaluate(send, page, expression)) {
		if (Date.now() > end)
			fail("it did not come true: " + expression + "; the page says: " + await evaluate(send, page, "document.body.innerText"));
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

// say types a text into a page of the example, as a person does.
async function say(send, page, pages, text) {
	await evaluate(send, page, "document.getElementById('text').focus()");
	await send("Input.insertText", { text }, page);
	for (const type of ["rawKeyDown", "char", "keyUp"])
		await send("Input.dispatchKeyEvent", { type, key: "Enter", code: "Enter", text: type === "char" ? "\r" : undefined, windowsVirtualKeyCode: 13 }, page);
	for (const other of pages)
		await until(send, other, `document.getElementById("said").innerText.includes(${JSON.stringify(text)})`);
}

async function chat(send, url, file) {
	const pages = await open(send, [url, url]);
	for (const page of pages)
		await until(send, page, "Boolean(document.getElementById('state')) && document.getElementById('state').innerText === 'connected, 2 pages here'");
	await say(send, pages[1], pages, "Hello from a second page");
	await say(send, pages[0], pages, "Good morning – bonjour à tous");
	await say(send, pages[1], pages, "<b>shown as text, not as HTML</b>");
	await send("Emulation.setDeviceMetricsOverride", { width: 720, height: 470, deviceScaleFactor: 1, mobile: false }, pages[0]);
	await send("Page.bringToFront", {}, pages[0]);
	const { data } = await send("Page.captureScreenshot", { format: "png" }, pages[0]);
	fs.writeFileSync(file, Buffer.from(data, "base64"));
	process.exit(0);
}

async function main(profile, what, ...rest) {
	const send = await connect(profile);
	if (what === "chat")
		await chat(send, ...rest);
	else
		await open(send, rest);
}

main(...process.argv.slice(2)).catch((error) => fail(String(error)));
