"""A worker that reads a paper holds it for some seconds, and longer only as long as its process lives.

What decides is the lease in the paper's row. The broker keeps a list of the leases beside it, so that those of killed
workers are noticed at once without asking every lender; whatever is missing in that list the sweep finds later.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import redis
from django.db import Error, connections
from django.db.models import Q
from django.utils import timezone

from carloan.archives.models import Paper
from carloan.archives.recognition.limits import LIMITS
from carloan.core.broker_link import open_broker
from carloan.core.tenancy import scoped_tenant_id, tenant_atomic

LEASE = timedelta(seconds=12)
# Three signs of life may fail before a worker counts as dead.
PAUSE = 3.0
HELD = "carloan:held-papers"
# The row's lease is over when its turn comes, even if clocks differ a little.
GRACE = 0.5

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lease:
    """A claim on one paper; `attempt` tells its holder from a later one."""

    paper: Paper
    attempt: int

    @property
    def mine(self) -> Q:
        return Q(id=self.paper.id, state=Paper.State.RECOGNISING, attempts=self.attempt)


@contextmanager
def held(lease: Lease) -> Iterator[None]:
    """Renew the lease beside the work inside, but never for longer than a paper may hold a worker."""
    tenant_id = scoped_tenant_id()
    assert tenant_id is not None
    pulse = _Pulse(tenant_id, lease)
    pulse.start()
    try:
        yield
    finally:
        pulse.ended.set()
        pulse.join()
        pulse.forget()


def abandoned() -> list[tuple[UUID, UUID]]:
    """Tenants and papers whose lease ended without its worker, each told once. Raises RedisError without the broker."""
    with open_broker() as broker:
        try:
            found: list[bytes] = broker.zrangebyscore(HELD, "-inf", time.time())
        except redis.ResponseError:
            logger.warning("something else stood in the place of the held papers; it was removed")
            broker.delete(HELD)
            return []
        # Two who look at once: only one takes it away.
        taken = [name for name in found if broker.zrem(HELD, name)]
    return [ids for name in taken if (ids := _ids(name)) is not None]


def _ids(name: bytes) -> tuple[UUID, UUID] | None:
    """Tenant and paper that an entry names; None for what is no entry of ours."""
    try:
        tenant_id, paper_id = map(UUID, name.decode().split())
    except ValueError:
        return None
    return tenant_id, paper_id


class _Pulse(threading.Thread):
    """The signs of life of one lease, by the database and the broker. It dies with the process, however that dies."""

    def __init__(self, tenant_id: UUID, lease: Lease) -> None:
        super().__init__(name="lease", daemon=True)
        self.ended = threading.Event()
        self._tenant_id, self._lease = tenant_id, lease
        self._name = f"{tenant_id} {lease.paper.id}"

    def run(self) -> None:
        end = time.monotonic() + LIMITS.worker_seconds
        self._tell(self._lease.paper.lease_until)
        try:
            while not self.ended.wait(PAUSE) and time.monotonic() < end:
                self._renew()
        finally:
            connections.close_all()

    def _renew(self) -> None:
        until = timezone.now() + LEASE
        try:
            with tenant_atomic(self._tenant_id):
                mine = Paper.objects.filter(self._lease.mine).update(lease_until=until)
        except Error as error:
            # It may be back before the lease ends; otherwise whoever reads the paper next finishes it.
            logger.warning("a lease was not renewed: %s", type(error).__name__)
            connections.close_all()
            return
        if mine:
            self._tell(until)

    def _tell(self, until: datetime | None) -> None:
        if until is None:
            return
        try:
            with open_broker() as broker:
                broker.zadd(HELD, {self._name: until.timestamp() + GRACE})
        except redis.RedisError as error:
            logger.warning("a lease stands in the paper only: %s", type(error).__name__)

    def forget(self) -> None:
        try:
            with open_broker() as broker:
                broker.zrem(HELD, self._name)
        except redis.RedisError:
            return  # it is sent once too often, and whoever takes it finds nothing to do
