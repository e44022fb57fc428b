"""What a token may say that is not so: what is changed of its body and of its head, and the reason that is told."""

import time
from typing import Any

NOW = int(time.time())
LIES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "another audience": ({"aud": "somebody-else"}, {}, "audience"),
    "several audiences without a party": ({"aud": ["carloan", "x"]}, {}, "audience"),
    "another authorised party": ({"azp": "somebody-else"}, {}, "audience"),
    "another nonce": ({"nonce": "of-another-question"}, {}, "nonce"),
    "a nonce that is not even ASCII": ({"nonce": "问题"}, {}, "nonce"),
    "half of a sign for a nonce": ({"nonce": "\ud83d"}, {}, "nonce"),
    "no nonce": ({"nonce": None}, {}, "nonce"),
    "expired": ({"exp": NOW - 3600}, {}, "times"),
    "no end": ({"exp": None}, {}, "times"),
    "an end that is no number": ({"exp": "9999999999"}, {}, "times"),
    "from the future": ({"iat": NOW + 3600}, {}, "times"),
    "not yet": ({"nbf": NOW + 3600}, {}, "times"),
    "another issuer": ({"iss": "https://login.other.example"}, {}, "issuer"),
    "no subject": ({"sub": None}, {}, "subject"),
    "a subject that is no text": ({"sub": 7}, {}, "subject"),
    "an endless subject": ({"sub": "s" * 256}, {}, "subject"),
    "no signature": ({}, {"alg": "none"}, "algorithm"),
    "no signature, in capitals": ({}, {"alg": "NONE"}, "algorithm"),
    "the public key as a secret": ({}, {"alg": "HS256"}, "algorithm"),
    "a list of algorithms": ({}, {"alg": ["RS256"]}, "algorithm"),
    "a head that must be understood": ({}, {"crit": ["exp"]}, "algorithm"),
    "a key that it does not have": ({}, {"kid": "2"}, "key"),
    "another kind of key": ({}, {"alg": "ES256"}, "key"),
}
