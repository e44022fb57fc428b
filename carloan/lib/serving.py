"""How a sandbox twin of an outsider serves: a process of its own that ends when it is told."""

import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def serve(handler: type[BaseHTTPRequestHandler], listen: str) -> None:
    """Answer at `listen` (host:port) until SIGTERM or SIGINT. To be called by the main thread."""
    host, _colon, port = listen.rpartition(":")
    server = ThreadingHTTPServer((host, int(port)), handler)
    server.daemon_threads = True
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()
    server.server_close()
