"""How a child answers: length of the head, length of the body, JSON head, body."""

import json
import os
import struct
from typing import Any

HEADER = struct.Struct("!IQ")
# Of a request to the nursery.
LENGTH = struct.Struct("!I")


def write_frame(handle: int, head: dict[str, Any], body: bytes = b"") -> None:
    text = json.dumps(head).encode()
    for part in (HEADER.pack(len(text), len(body)), text, body):
        view = memoryview(part)
        while view:
            view = view[os.write(handle, view) :]
