"""A worker that has work and begins none gives no sign of life."""

from uuid import uuid4

import redis
from celery.worker import state
from django.conf import settings

from carloan.heartbeat import Pulse, alive
from carloan.supervisor.process import wait_until
from carloan.worker import Progress


class Work:
    """Stands among the tasks at work, which are only held as long as somebody else holds them."""


def test_what_waits_while_nothing_is_begun_ends_the_sign() -> None:
    lane = f"stalled-{uuid4()}"
    progress = Progress([lane], patience=0.3)
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        try:
            assert progress(broker)
            broker.rpush(lane, "x")
            assert wait_until(lambda: not progress(broker), seconds=10)
            # Something else was begun meanwhile: the lane moves.
            state.all_total_count[0] += 1
            assert progress(broker)
            assert wait_until(lambda: not progress(broker), seconds=10)
            # A long task may keep all others waiting.
            work = Work()
            state.active_requests.add(work)
            assert progress(broker)
            state.active_requests.discard(work)
            broker.delete(lane)
            assert progress(broker)
            # Taken out of the lane, and never begun.
            state.reserved_requests.add(work)
            assert wait_until(lambda: not progress(broker), seconds=10)
        finally:
            broker.delete(lane)
            state.reset_state()


def test_a_sign_is_given_only_while_all_is_well() -> None:
    name, states = f"part-{uuid4()}", iter([False, True])
    pulse = Pulse(url=settings.REDIS_URL, names=[name], well=lambda _broker: next(states))
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        pulse._renew()
        assert not alive(broker, [name])
        pulse._renew()
        assert alive(broker, [name])
