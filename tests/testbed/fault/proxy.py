"""Stands between clients and servers, and does them harm: proxy.py CONTROL_PORT LISTEN=TARGET ...

PUT /LISTEN on the control port sets how one server is met from then on, a new whole rule each time:
{"mode": M, "ms": N, "bytes": N, "when": TEXT}. GET / tells every rule, with the connections seen.

pass     everything goes through
refuse   nobody listens; connections that are open go on
hang     what the client sends is read and goes nowhere, and nothing is answered
delay    each piece of the answer comes `ms` late
cut      the answer ends after `bytes`
swallow  the request arrives; instead of its answer comes, `ms` later, a reset

With `when` a connection is sound until the client has sent that text, so that a login before it works.
"""

import asyncio
import json
import socket
import struct
import sys

MODES = ("pass", "refuse", "hang", "delay", "cut", "swallow")
CHUNK = 65536


class Rule:
    """How one server is met."""

    def __init__(self, listen, target):
        self.listen, self.target, self.seen, self.listener = listen, target, 0, None
        self.mode, self.ms, self.bytes, self.when = "pass", 0, 0, ""

    def told(self):
        """The rule as the control port tells it."""
        return {"to": self.target, "mode": self.mode, "ms": self.ms, "bytes": self.bytes, "when": self.when, "seen": self.seen}

    async def set(self, wish):
        """Takes a wish whole or not at all; when this returns, it holds."""
        known = {"mode": "pass", "ms": 0, "bytes": 0, "when": ""}
        if not isinstance(wish, dict) or not wish.keys() <= known.keys() or wish.get("mode", "pass") not in MODES:
            raise ValueError(f"a rule has {', '.join(known)}; a mode is one of {', '.join(MODES)}")
        vars(self).update(known | wish)
        await self.listen_or_not()

    async def listen_or_not(self):
        """Refusing is the kernel's: a connection that is taken and dropped had been made."""
        if self.mode == "refuse" and self.listener:
            self.listener.close()
            self.listener = None
        elif self.mode != "refuse" and not self.listener:
            self.listener = await asyncio.start_server(self.meet, "127.0.0.1", self.listen)

    async def meet(self, reader, writer):
        """One client."""
        self.seen += 1
        try:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            return reset(writer)
        talk = Talk(self)
        sending = asyncio.create_task(talk.send(reader, server_writer))
        answering = asyncio.create_task(talk.answer(server_reader, writer))
        # A client that ends its half still waits for the answer; one whose answer has ended is done.
        await answering
        sending.cancel()
        server_writer.close()
        writer.close()


class Talk:
    """What goes to and fro on one connection."""

    def __init__(self, rule):
        self.rule, self.tail, self.hit = rule, b"", ""

    def mode(self):
        """The mode in force here and now."""
        waiting = self.rule.when and self.hit != self.rule.when
        return "pass" if waiting else self.rule.mode

    def listen_for(self, data):
        """Remembers whether the client has said what the fault waits for, also when it came in two pieces."""
        when = self.rule.when.encode()
        if when and when in self.tail + data:
            self.hit = self.rule.when
        self.tail = (self.tail + data)[-len(when) :] if when else b""

    async def send(self, reader, writer):
        """From the client to the server."""
        try:
            while data := await reader.read(CHUNK):
                self.listen_for(data)
                if self.mode() == "hang":
                    continue
                writer.write(data)
                await writer.drain()
            if self.mode() != "hang":
                writer.write_eof()
        except OSError:
            pass

    async def answer(self, reader, writer):
        """From the server to the client."""
        given = 0
        try:
            while data := await reader.read(CHUNK):
                mode = self.mode()
                if mode == "hang":
                    continue
                if mode == "swallow":
                    await asyncio.sleep(self.rule.ms / 1000)
                    return reset(writer)
                if mode == "delay":
                    await asyncio.sleep(self.rule.ms / 1000)
                if mode == "cut":
                    data = data[: max(0, self.rule.bytes - given)]
                    given += len(data)
                writer.write(data)
                await writer.drain()
                if mode == "cut" and given >= self.rule.bytes:
                    return
        except OSError:
            pass


def reset(writer):
    """Ends a connection as a crash does."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.close()


async def control(rules, reader, writer):
    """One request on the control port."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    verb, path, _ = head.split(" ", 2)
    length = next((int(line.split(":")[1]) for line in head.lower().split("\r\n") if line.startswith("content-length:")), 0)
    status, body = 200, await reader.readexactly(length)
    try:
        if verb == "PUT":
            await rules[path.strip("/")].set(json.loads(body))
        answer = {listen: rule.told() for listen, rule in rules.items()}
    except KeyError:
        status, answer = 404, {"error": f"no server is met on {path}"}
    except ValueError as error:
        status, answer = 400, {"error": str(error)}
    text = json.dumps(answer).encode()
    head = f"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode() + text)
    await writer.drain()
    writer.close()


async def main():
    """Meets every server, then listens to the control port: it answers only when all is ready."""
    rules = {pair.split("=")[0]: Rule(*map(int, pair.split("="))) for pair in sys.argv[2:]}
    for rule in rules.values():
        await rule.listen_or_not()
    server = await asyncio.start_server(lambda reader, writer: control(rules, reader, writer), "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


asyncio.run(main())
