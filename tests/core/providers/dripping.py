"""A provider that never comes to an end."""

import socket
import threading
from contextlib import suppress
from typing import Any


class Dripping:
    """Sends a beginning and then a byte every now and then, for ever; counts who came."""

    def __init__(self, beginning: bytes) -> None:
        self.beginning = beginning
        self.came: list[socket.socket] = []
        self.ended = threading.Event()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.issuer = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "Dripping":
        self.thread.start()
        return self

    def __exit__(self, *_error: Any) -> None:
        self.ended.set()
        self.thread.join()
        self.server.close()

    def _serve(self) -> None:
        self.server.settimeout(0.05)
        while not self.ended.is_set():
            with suppress(TimeoutError):
                link, _address = self.server.accept()
                self.came.append(link)
                link.sendall(self.beginning)
            for link in self.came:
                with suppress(OSError):
                    link.sendall(b"x")
        for link in self.came:
            link.close()
