"""A service that drains, stops and starts in a twentieth of the time that a real one takes. Its port is its argument."""

import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# What a real one takes, in seconds: to drain, to answer after a start, to be good again.
SCALE = 20
DRAINS, ANSWERS, GOOD = 12 / SCALE, 15 / SCALE, 20 / SCALE
since = {}


def passed(what, seconds):
    """Whether this long has passed since something happened."""
    return what in since and time.monotonic() >= since[what] + seconds


class Service(BaseHTTPRequestHandler):
    """GET shows it, POST changes it; `/reset` makes it sick again."""

    def say(self, status, text):
        """Answers."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self):
        """What it is like now."""
        if self.path == "/health":
            return self.say(200 if passed("up", ANSWERS) else 503, "")
        if self.path == "/build":
            return self.say(200, "new" if "up" in since else "none" if "down" in since else "old")
        errors = 0.0004 if passed("up", GOOD) else 0.03
        active = 4 if passed("flag", DRAINS) else 87
        share = 0 if "flag" in since else 100
        self.say(200, f"errors {errors}\ngenesis_active_requests {active}\nshare {share}\n")

    def do_POST(self):
        """`/flag`, `/down`, `/up`."""
        if self.path == "/reset":
            since.clear()
        else:
            since[self.path[1:]] = time.monotonic()
        self.say(200, "ok")

    def log_message(self, *_):
        """Says nothing."""


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Service).serve_forever()
