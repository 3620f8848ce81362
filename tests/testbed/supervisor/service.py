"""The service under supervisord: answers the version of the work tree and the environment file it was started with."""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

with open("VERSION", encoding="utf-8") as file:
    VERSION = file.read().strip()
with open(sys.argv[2], encoding="utf-8") as file:
    ENV = dict(line.strip().split("=", 1) for line in file if "=" in line)


class Service(BaseHTTPRequestHandler):
    """One answer."""

    def log_message(self, *_):
        """Says nothing."""

    def do_GET(self):
        """The version read at the start, not the files': a checkout without a restart changes nothing."""
        body = json.dumps({"version": VERSION, "env": ENV}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


HTTPServer(("127.0.0.1", int(sys.argv[1])), Service).serve_forever()
