"""The installation's root key, and a second one that opens too while one replaces the other (docs/operate.md)."""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings

Opened = TypeVar("Opened")


def root_keys() -> tuple[bytes, ...]:
    """The key that seals first, then what else may have sealed."""
    return (settings.ROOT_KEY, settings.ROOT_KEY_OTHER) if settings.ROOT_KEY_OTHER else (settings.ROOT_KEY,)


def with_any_root(attempt: Callable[[bytes], Opened], failure: type[Exception]) -> Opened:
    """What the first root key gives that `attempt` does not refuse with `failure`; raises the last refusal."""
    *others, last = root_keys()
    for root in others:
        try:
            return attempt(root)
        except failure:
            continue
    return attempt(last)
