"""Bounded load: load.py URL REQUESTS_PER_SECOND SECONDS; at most 200 a second for 15 minutes."""

import http.client
import sys
import threading
import time
from urllib.parse import urlparse

WORKERS = 16

url = urlparse(sys.argv[1])
rate = min(float(sys.argv[2]), 200.0)
end = time.monotonic() + min(float(sys.argv[3]), 900.0)


def work():
    """Asks at a steady pace on connections of its own; whatever goes wrong is the edge's to count."""
    while time.monotonic() < end:
        began = time.monotonic()
        try:
            connection = http.client.HTTPConnection(url.hostname, url.port, timeout=3)
            connection.request("GET", url.path or "/")
            connection.getresponse().read()
            connection.close()
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(max(0.0, WORKERS / rate - (time.monotonic() - began)))


workers = [threading.Thread(target=work) for _ in range(WORKERS)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
