"""What a door controller signs, and how old what it sends may be."""

import hashlib
import hmac
from datetime import timedelta
from typing import Final

# Clocks of controllers differ; what is older was kept back, or is sent again by somebody else.
PATIENCE: Final = timedelta(minutes=5)
SECRET_BYTES: Final = 32
NONCE: Final = r"[A-Za-z0-9_-]{16,64}"


def signature(secret: bytes, *, device: str, timestamp: str, nonce: str, body: bytes) -> str:
    """HMAC-SHA256 in hexadecimal over the four, each behind the length of it, so that none reads as part of another."""
    parts = (device.encode(), timestamp.encode(), nonce.encode(), body)
    return hmac.new(secret, b"".join(b"%d:%s" % (len(part), part) for part in parts), hashlib.sha256).hexdigest()


def is_signed(given: str, secret: bytes, *, device: str, timestamp: str, nonce: str, body: bytes) -> bool:
    """Compared in a time that tells nothing."""
    wanted = signature(secret, device=device, timestamp=timestamp, nonce=nonce, body=body)
    return hmac.compare_digest(given.lower().encode(), wanted.encode())
