"""Receives messages: hook.py PORT FILE. Each POST becomes one JSON line of FILE; PUT /answer {"status": N} sets what
later ones are answered, 429 with Retry-After: 3."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

lock = threading.Lock()
status = 200


class Hook(BaseHTTPRequestHandler):
    """Keeps what it is sent."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        """Says nothing: what arrived is in the file."""

    def body(self):
        """The request's body as text."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()

    def reply(self, code):
        """An answer of two bytes, as chat services give."""
        self.send_response(code)
        if code == 429:
            self.send_header("Retry-After", "3")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def do_GET(self):
        """Only says that it is up."""
        self.reply(200)

    def do_PUT(self):
        """Sets what is answered from now on."""
        global status
        status = int(json.loads(self.body())["status"])
        self.reply(200)

    def do_POST(self):
        """Keeps the message before it answers, whatever it answers: what was refused had arrived."""
        line = json.dumps({"path": self.path, "headers": dict(self.headers), "body": self.body()})
        with lock, open(sys.argv[2], "a", encoding="utf-8") as file:
            file.write(line + "\n")
        self.reply(status)

    # An update is a message as well.
    do_PATCH = do_POST


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Hook).serve_forever()
