"""The shape of a message of ours. Whatever else an envelope carries never reaches Celery, which trusts all of it.

Celery takes a place in its pool before it looks at most headers, and walks through callbacks of any kind and size.
Our tasks are sent with keyword arguments that are ids, at once, without callbacks, limits or tries: what says so is
dropped, and what would be needed for more is no message.
"""

from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any, Final

from kombu.utils.json import loads

# Ids, names of tasks, places and signatures of ours are far shorter; all of them are logged and sent on.
LONGEST_WORD: Final = 255
# Our arguments are some ids: well below a thousand signs.
LONGEST_BODY: Final = 65_536
CONTENT: Final = {"content-type": "application/json", "content-encoding": "utf-8"}
LOWEST: Final = 9


class JunkError(Exception):
    """An entry of a lane that is no envelope of ours."""


def is_word(found: Any) -> bool:
    return isinstance(found, str) and 0 < len(found) <= LONGEST_WORD


def _is_place(found: Any) -> bool:
    # The exchange that puts messages straight into lanes has an empty name.
    return found == "" or is_word(found)


# What Celery and our tasks read of a message: a header that sending begins to need is named here, or never arrives.
NEEDED: Final[Mapping[str, Callable[[Any], bool]]] = {"task": is_word, "id": is_word}
WELCOME: Final[Mapping[str, Callable[[Any], bool]]] = {
    "expires": is_word, "carloan_tenant": is_word, "carloan_signature": is_word,
}  # fmt: skip


def cleaned(found: Any) -> dict[str, Any]:
    """The envelope with nothing but what ours have. Raises JunkError for what is none of ours."""
    if not isinstance(found, dict) or any(found.get(name) != value for name, value in CONTENT.items()):
        raise JunkError
    _check_body(found.get("body"), _part(found, "properties").get("body_encoding"))
    return {
        **CONTENT,
        "body": found["body"],
        "headers": _headers(_part(found, "headers")),
        "properties": _properties(_part(found, "properties")),
    }


def _headers(found: dict[str, Any]) -> dict[str, Any]:
    # Ours are never packed: a few bytes could become more than a worker has memory for.
    if found.get("compression"):
        raise JunkError
    known = {**NEEDED, **WELCOME}
    kept = {name: value for name, value in found.items() if name in known and value is not None}
    if not NEEDED.keys() <= kept.keys() or not all(known[name](value) for name, value in kept.items()):
        raise JunkError
    return kept


def _properties(found: dict[str, Any]) -> dict[str, Any]:
    place, priority = _part(found, "delivery_info"), found.get("priority")
    if not is_word(found.get("delivery_tag")) or not is_word(place.get("routing_key")):
        raise JunkError
    if not _is_place(place.get("exchange")):
        raise JunkError
    return {
        "body_encoding": "base64",
        "delivery_tag": found["delivery_tag"],
        # Celery gives a message that came back after its worker died no third try.
        "delivery_info": {
            "exchange": place["exchange"], "routing_key": place["routing_key"],
            "redelivered": place.get("redelivered") is True,
        },
        "priority": priority if type(priority) is int and 0 <= priority <= LOWEST else 0,
    }  # fmt: skip


def _check_body(body: Any, encoding: Any) -> None:
    if not isinstance(body, str) or len(body) > LONGEST_BODY or encoding != "base64":
        raise JunkError
    try:
        # As Celery reads it, with the types that Kombu finds in it.
        places, arguments, embedded = loads(b64decode(body, validate=True).decode())
    except Exception as error:  # whatever a stranger's body breaks
        raise JunkError from error
    if not (isinstance(places, list) and isinstance(arguments, dict) and isinstance(embedded, dict)):
        raise JunkError
    if any(embedded.values()):
        raise JunkError


def _part(found: dict[str, Any], name: str) -> dict[str, Any]:
    part = found.get(name)
    if not isinstance(part, dict):
        raise JunkError
    return part
