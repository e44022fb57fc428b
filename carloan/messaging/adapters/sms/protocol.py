"""How requests to an SMS gateway, and its receipts, are signed; client, receipts and sandbox read these lines.

X-Account    the account
X-Timestamp  seconds since 1970
X-Nonce      16 bytes by chance, hex
X-Signature  HMAC-SHA256(secret, METHOD LF path LF timestamp LF nonce LF SHA-256(body) in hex), hex
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from typing import Final

# How far clocks may differ, and how long a receipt may be on its way; a receipt that comes twice changes nothing.
FRESH_SECONDS: Final = 600


def signature(secret: str, request: tuple[str, str, bytes], timestamp: str, nonce: str) -> str:
    """Of a request: method, path, body."""
    method, path, body = request
    text = "\n".join((method, path, timestamp, nonce, hashlib.sha256(body).hexdigest()))
    return hmac.new(secret.encode(), text.encode(), "sha256").hexdigest()


def signed(account: str, secret: str, method: str, path: str, body: bytes) -> dict[str, str]:
    """The headers of a request of now."""
    timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
    return {
        "X-Account": account,
        "X-Timestamp": timestamp,
        "X-Nonce": nonce,
        "X-Signature": signature(secret, (method, path, body), timestamp, nonce),
    }


def is_signed(headers: Mapping[str, str], secret: str, method: str, path: str, body: bytes) -> bool:
    """Whether the request comes from who has the secret, a moment ago."""
    timestamp, nonce = headers.get("X-Timestamp") or "", headers.get("X-Nonce") or ""
    given = headers.get("X-Signature") or ""
    fresh = timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 12
    right = signature(secret, (method, path, body), timestamp, nonce)
    known = hmac.compare_digest(right.encode(), given.encode(errors="replace"))
    return known and fresh and abs(time.time() - int(timestamp)) <= FRESH_SECONDS
