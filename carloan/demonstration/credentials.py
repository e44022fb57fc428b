"""Logins and API keys of the demonstration: the same from one start to the next, different on every installation.

They follow from one secret file of the installation (0600), so that nothing readable lies in the database and a public
copy of this program opens no door.
"""

import base64
import hmac
from functools import lru_cache

from django.conf import settings

from carloan import env

_CONSONANTS, _VOWELS = "bdfghklmnprstvwz", "aeiou"


@lru_cache(maxsize=1)
def _secret() -> bytes:
    return env.secret("demonstration", settings.SECRETS).encode()


def password(username: str) -> str:
    """Two spoken words and four digits: kalovemi-3826."""
    drawn = hmac.digest(_secret(), f"password|{username}".encode(), "sha256")
    word = "".join(
        _CONSONANTS[drawn[at] % len(_CONSONANTS)] + _VOWELS[drawn[at + 1] % len(_VOWELS)] for at in range(0, 8, 2)
    )
    return f"{word}-{int.from_bytes(drawn[8:12]) % 10_000:04}"


def key_secret(slug: str, role: str) -> str:
    """The secret half of a role's API key."""
    drawn = hmac.digest(_secret(), f"key|{slug}|{role}".encode(), "sha256")
    return base64.urlsafe_b64encode(drawn).decode().rstrip("=")
