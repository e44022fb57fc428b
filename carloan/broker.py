"""What lies in the broker is not always a message of ours: whatever it is, no worker ends of it.

Kombu takes for granted that each entry of a lane is one of its envelopes, and Celery that an envelope has the headers
of a task; either breaks off its loop, and with it the worker, over one that is not. Here such an entry is taken out of
the lane and told in the log, by its kind and size only. What it should have asked for the sweeps send again.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from kombu.transport import TRANSPORT_ALIASES, redis, virtual

logger = logging.getLogger(__name__)
# The stubs know little of it.
RedisChannel: Any = redis.Channel
ENVELOPE: Final = {"headers": dict, "properties": dict, "body": str}
PROPERTIES: Final = {"delivery_tag": str, "delivery_info": dict}
PLACE: Final = {"exchange": str, "routing_key": str}
TASK: Final = {"task": str, "id": str}


class JunkError(Exception):
    """An entry of a lane that is no envelope."""


class Message(virtual.Message):
    """An envelope; raises JunkError for what is none."""

    def __init__(self, payload: Any, channel: Any = None, **options: Any) -> None:
        if not _is_envelope(payload):
            raise JunkError
        try:
            super().__init__(payload, channel=channel, **options)
        except (LookupError, TypeError, ValueError) as error:
            raise JunkError from error


class Channel(RedisChannel):  # type: ignore[misc]
    """Reads lanes: junk is thrown away, and a message that nobody can begin with is rejected."""

    Message = Message

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)
        except (JunkError, ValueError, RecursionError) as error:
            # It is out of the lane already.
            logger.error("what lay in a lane of the broker was no message: %s", type(error).__name__)
            return True

    def basic_consume(
        self, queue: str, no_ack: bool, callback: Callable[[Any], Any], *more: Any, **options: Any
    ) -> Any:
        def careful(message: Any) -> Any:
            try:
                return callback(message)
            except (*self.connection_errors, *self.connection.channel_errors):
                raise
            except Exception as error:  # noqa: BLE001 - whatever a stranger's headers break
                logger.error("a message of the broker could not be begun: %s", type(error).__name__)
                message.reject_log_error(logger, self.connection_errors)

        return super().basic_consume(queue, no_ack, careful, *more, **options)


class Transport(redis.Transport):
    Channel = Channel


def _is_envelope(found: Any) -> bool:
    """Whether it says where it came from and which task it means, as every message of ours does."""
    return (
        _has(found, ENVELOPE) and _has(found["properties"], PROPERTIES)
        and _has(found["properties"]["delivery_info"], PLACE) and _has(found["headers"], TASK)
        and _are_limits(found["headers"].get("timelimit"))
    )  # fmt: skip


def _are_limits(found: Any) -> bool:
    """Seconds or nothing, hard and soft. Celery trusts them when a place in its pool is already taken."""
    if not isinstance(found, list):
        return found is None
    return len(found) == 2 and all(each is None or (type(each) in (int, float) and each > 0) for each in found)


def _has(found: Any, kinds: Mapping[str, type]) -> bool:
    return isinstance(found, dict) and all(isinstance(found.get(name), kind) for name, kind in kinds.items())


def speak_carefully() -> None:
    """Redis addresses mean this transport from now on, in this process."""
    for scheme in ("redis", "rediss"):
        TRANSPORT_ALIASES[scheme] = f"{__name__}:Transport"
