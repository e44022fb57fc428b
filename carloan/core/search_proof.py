"""A search and what is asked for beside its hits are one question: the page carries a proof that it was told.

Without it, or with somebody else's, for other words or an old one, it is a question of its own.
"""

import hashlib
from datetime import timedelta

from django.core import signing

from .actors import Actor

HEADER = "X-Asked"
_LASTS = timedelta(minutes=5)
_SIGNER = signing.TimestampSigner(salt="core.search")


def proof_of(actor: Actor, query: str) -> str:
    """To be given out after `search_asked` only."""
    return _SIGNER.sign(_question(actor, query))


def proves(proof: str, actor: Actor, query: str) -> bool:
    """Whether this actor asked for these words some moments ago."""
    try:
        return _SIGNER.unsign(proof, max_age=_LASTS) == _question(actor, query)
    except signing.BadSignature:
        return False


def _question(actor: Actor, query: str) -> str:
    return hashlib.sha256(f"{actor.tenant_id}|{actor.id}|{query}".encode()).hexdigest()
