"""What lies in the broker is not always a message of ours: whatever it is, no worker ends of it.

Kombu takes for granted that each entry of a lane, and of its list of messages at work, is one of its envelopes, and
that its keys are its own; Celery that an envelope has the headers of a task. Either breaks off its loop, and with it
the worker, over one that is not. Here such an entry is taken out and told in the log, by its kind only, and a key of
another type makes room for the right one. What was lost in it the sweeps send again.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeVar

from kombu.transport import TRANSPORT_ALIASES, redis, virtual
from redis.exceptions import ResponseError

from carloan.envelope import JunkError, cleaned, is_word

logger = logging.getLogger(__name__)
# The stubs know little of it.
RedisChannel: Any = redis.Channel
RedisQoS: Any = redis.QoS
Answer = TypeVar("Answer")
# Kombu's own lock expires within this many seconds.
MUTEX_SECONDS: Final = 300


class Message(virtual.Message):
    """An envelope of ours and nothing else; raises JunkError for what is none."""

    def __init__(self, payload: Any, channel: Any = None, **options: Any) -> None:
        try:
            super().__init__(cleaned(payload), channel=channel, **options)
        except (LookupError, TypeError, ValueError) as error:
            raise JunkError from error


class QoS(RedisQoS):  # type: ignore[misc]
    """Keeps the messages at work, to send them again when their worker dies; junk among them is thrown away."""

    def append(self, message: Any, delivery_tag: str) -> None:
        self.channel.in_its_place(partial(super().append, message, delivery_tag))

    def ack(self, delivery_tag: str) -> None:
        self.channel.in_its_place(partial(super().ack, delivery_tag))

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        self.channel.in_its_place(partial(super().reject, delivery_tag, requeue=requeue))

    def restore_visible(self, *places: Any, **options: Any) -> None:
        self.channel.in_its_place(self._free_mutex)
        self.channel.in_its_place(partial(super().restore_visible, *places, **options))

    def restore_by_tag(self, tag: Any, client: Any = None, leftmost: bool = False) -> None:
        try:
            super().restore_by_tag(tag, client, leftmost)
        except (JunkError, ValueError, TypeError, RecursionError) as error:
            logger.error("what lay among the messages at work was none: %s", type(error).__name__)
            self._remove_from_indices(tag).execute()

    def _free_mutex(self) -> None:
        """Whoever dies with Kombu's lock in hand leaves one that expires; one that does not is nobody's."""
        with self.channel.conn_or_acquire() as client:
            left = client.pttl(self.unacked_mutex_key)
            if left == -1 or left > MUTEX_SECONDS * 1000:
                client.delete(self.unacked_mutex_key)


class Channel(RedisChannel):  # type: ignore[misc]
    """Reads lanes: junk is thrown away, and a message that nobody can begin with is rejected."""

    Message = Message
    QoS = QoS

    def in_its_place(self, act: Callable[[], Answer], *, lane: str = "") -> Answer:
        """Do it, and where a key of another type lies in the place of ours, do it again without that."""
        try:
            return act()
        except ResponseError as error:
            if "WRONGTYPE" not in str(error):
                raise
        self._make_room(lane)
        return act()

    def _make_room(self, lane: str) -> None:
        lanes = {lane, *self._active_queues} - {""}
        types = {self.unacked_key: b"hash", self.unacked_index_key: b"zset", self.unacked_mutex_key: b"string"}
        for name in lanes:
            types |= {self._q_for_pri(name, step): b"list" for step in self.priority_steps}
            types |= {self.keyprefix_queue % name: b"set", self.keyprefix_binding_permanent % name: b"set"}
        with self.conn_or_acquire() as client:
            for key, kind in types.items():
                if (found := client.type(key)) not in {kind, b"none"}:
                    logger.error("a %s lay in the place of the broker's %s", found.decode(), key)
                    client.delete(key)

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)
        except (JunkError, ValueError, RecursionError) as error:
            # It is out of the lane already.
            logger.error("what lay in a lane of the broker was no message: %s", type(error).__name__)
            return True
        except ResponseError as error:
            if "WRONGTYPE" not in str(error):
                raise
            self._make_room("")
            return True

    def _put(self, queue: str, message: Any, **options: Any) -> None:
        self.in_its_place(partial(super()._put, queue, message, **options), lane=queue)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        self.in_its_place(partial(super()._queue_bind, exchange, routing_key, pattern, queue), lane=queue)

    def _size(self, queue: str) -> int:
        return self.in_its_place(partial(super()._size, queue), lane=queue)  # type: ignore[no-any-return]

    def _do_restore_message(
        self, payload: Any, exchange: Any, routing_key: Any, pipe: Any, leftmost: bool = False
    ) -> None:
        # Messages of ours go straight into a lane; a table of bindings is anybody's word.
        if exchange != "" or not is_word(routing_key):
            raise JunkError
        super()._do_restore_message(cleaned(payload), exchange, routing_key, pipe, leftmost)

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


def speak_carefully() -> None:
    """Redis addresses mean this transport from now on, in this process."""
    for scheme in ("redis", "rediss"):
        TRANSPORT_ALIASES[scheme] = f"{__name__}:Transport"
