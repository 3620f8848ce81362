"""One arm of the service and its exporter: GET /answer /pins /healthz /metrics."""

import argparse
import json
import random
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlparse

PINS = ["BUILD_ID", "GIT_SHA", "MODEL_VER", "PROMPT_VER", "INDEX_HASH", "RERANK_CONF", "TOK_VER", "ANALYZER_CONF"]
BUCKETS = [0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

parser = argparse.ArgumentParser()
parser.add_argument("--arm", required=True)
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--sick", action="store_true")
args = parser.parse_args()

pins = {pin: f"{pin.lower()}-{args.arm}" for pin in PINS}
chance = random.Random(7)
lock = threading.Lock()
codes = {"200": 0, "500": 0}
buckets, count, total = [0] * len(BUCKETS), 0, 0.0


def observe(code, seconds):
    """Counts one answer and its duration."""
    global count, total
    with lock:
        codes[code] += 1
        count, total = count + 1, total + seconds
        for i, bound in enumerate(BUCKETS):
            buckets[i] += seconds <= bound


def gauges():
    """Drift, coverage and flip rate of what this arm answers, with a little noise."""
    noise = chance.uniform(-0.01, 0.01)
    values = (0.41, 0.52, 0.27) if args.sick else (0.22, 0.78, 0.06)
    return zip(("rag_delta_s", "rag_coverage", "lambda_flip_rate"), (value + noise for value in values))


def metrics():
    """The exposition text."""
    name = "http_request_duration_seconds"
    with lock:
        lines = ["# TYPE http_requests_total counter"]
        lines += [f'http_requests_total{{code="{code}"}} {n}' for code, n in codes.items()]
        lines += [f"# TYPE {name} histogram"]
        lines += [f'{name}_bucket{{le="{bound}"}} {n}' for bound, n in zip(BUCKETS, buckets)]
        lines += [f'{name}_bucket{{le="+Inf"}} {count}', f"{name}_sum {total}", f"{name}_count {count}"]
    for gauge, value in gauges():
        lines += [f"# TYPE {gauge} gauge", f"{gauge} {value:.4f}"]
    return "\n".join(lines) + "\n"


class Handler(BaseHTTPRequestHandler):
    """Answers for one arm."""

    protocol_version = "HTTP/1.1"
    # Without this the body waits for the header's acknowledgement: 40 ms that are nobody's latency.
    disable_nagle_algorithm = True

    def log_message(self, *_):
        """Says nothing: the load would fill the log."""

    def reply(self, code, body, kind="application/json"):
        """One whole answer that names its arm."""
        data = body.encode()
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Arm", args.arm)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        """Routes by path."""
        path = urlparse(self.path).path
        if path == "/answer":
            self.answer()
        elif path == "/pins":
            self.reply(200, json.dumps({"arm": args.arm, **pins}))
        elif path == "/metrics":
            self.reply(200, metrics(), "text/plain; version=0.0.4")
        elif path == "/healthz":
            self.reply(200, "{}")
        else:
            self.reply(404, '{"error":"not found"}')

    def answer(self):
        """One answer of the service, as slow and as wrong as this arm is."""
        seconds = chance.uniform(0.06, 0.3) if args.sick else chance.uniform(0.008, 0.036)
        code = "500" if args.sick and chance.random() < 0.06 else "200"
        time.sleep(seconds)
        observe(code, seconds)
        self.reply(int(code), json.dumps({"arm": args.arm, "code": int(code)}))


ThreadingHTTPServer(("127.0.0.1", args.port), Handler).serve_forever()
