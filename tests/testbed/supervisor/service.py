"""The service under supervisord: answers the version of the work tree it was started in."""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

with open("VERSION", encoding="utf-8") as file:
    VERSION = file.read().strip()


class Service(BaseHTTPRequestHandler):
    """One answer."""

    def log_message(self, *_):
        """Says nothing."""

    def do_GET(self):
        """The version read at the start, not the file's: a checkout without a restart changes nothing."""
        body = json.dumps({"version": VERSION}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


HTTPServer(("127.0.0.1", int(sys.argv[1])), Service).serve_forever()
