"""GET /healthz: "ok" only when every part of this copy answers within its time."""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Lock
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connections
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from carloan import heartbeat
from carloan.core import alarms
from carloan.core.broker_link import open_broker
from carloan.core.destroyed import ListAway
from carloan.core.doors import open_door
from carloan.core.models import Tenant
from carloan.core.services.replaying import brought_back
from carloan.core.store import is_marked
from carloan.core.tasks import LANES
from carloan.core.trail_months import FEWEST_AHEAD, months_left

SECONDS = 3.0
GOOD_FOR = 2.0
FEW_MONTHS = "trail-months"
# A hanging part keeps its thread; further probes then wait in the queue and count as failed, they pile nothing up.
PROBES = ThreadPoolExecutor(max_workers=8, thread_name_prefix="health")

logger = logging.getLogger(__name__)


class NotAliveError(Exception):
    """A part gave no sign of life."""


class BroughtBackError(Exception):
    """A restore brought back what was destroyed."""


class NotOursError(Exception):
    """A part answers, but it is not the one that belongs here."""


@open_door("asked by machines before anybody signs in")
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 and {"status": "ok"} or 503 and {"status": "failing"}; the words name parts and never their addresses."""
    components = CHECK.components()
    well = all(state == "ok" for state in components.values())
    body: dict[str, object] = {"status": "ok" if well else "failing", "components": components}
    # What a person must look into: it does not take this copy out of service, which would mend nothing.
    standing = alarms.standing() if components["broker"] == "ok" else {}
    if CHECK.months_left < FEWEST_AHEAD:
        standing[FEW_MONTHS] = CHECK.months_left
    if standing:
        body["alarms"] = standing
    return JsonResponse(body, status=200 if well else 503)


def probes() -> Iterator[tuple[str, Callable[[], None]]]:
    yield "database", partial(_ask_database, "default")
    yield "keystore", partial(_ask_database, "keystore")
    yield "broker", _ask_broker
    for lane in LANES:
        yield f"worker-{lane}", partial(_look_for, lane)
    for name in ("beat", "sealer", *(["witness"] if settings.WITNESSES else [])):
        yield name, partial(_look_for, name)
    yield "storage", _write_and_read
    yield "destroyed", _look_for_destroyed


class Check:
    """One look at every part at a time, good for a moment: strangers who ask without end cause no work without end."""

    def __init__(self) -> None:
        self._one = Lock()
        self._until = 0.0
        self._components: dict[str, str] = {}
        # How far the trail's partitions reach; enough as long as nobody can tell, which the database's state says.
        self.months_left = FEWEST_AHEAD

    def components(self) -> dict[str, str]:
        with self._one:
            if time.monotonic() >= self._until:
                running = {name: PROBES.submit(probe) for name, probe in probes()}
                months = PROBES.submit(_months_of_the_trail)
                # One patience for all, so that those who wait here wait no longer than that.
                end = time.monotonic() + SECONDS
                self._components = {name: _outcome(name, future, end) for name, future in running.items()}
                self.months_left = FEWEST_AHEAD if _outcome("months", months, end) != "ok" else months.result()
                self._until = time.monotonic() + GOOD_FOR
            return dict(self._components)

    def forget(self) -> None:
        self._until = 0.0


CHECK = Check()


def _outcome(name: str, future: "Future[Any]", end: float) -> str:
    try:
        future.result(max(0.0, end - time.monotonic()))
    except TimeoutError:
        future.cancel()
        return "no answer in time"
    except NotAliveError:
        return "no sign of life"
    except BroughtBackError:
        return "destroyed keys are back"
    except NotOursError:
        return "not the one that was marked"
    except Exception as error:  # noqa: BLE001 - whatever breaks a part, the answer must name it
        # The text of such errors carries hosts and users: the log may have it, the answer may not.
        logger.warning("health: %s: %s", name, error)
        return "failed"
    return "ok"


def _ask_database(alias: str) -> None:
    connection = connections[alias]
    try:
        with connection.cursor() as cursor:
            # Also false on a server that answers but stands in recovery and takes no writes.
            cursor.execute("SELECT pg_is_in_recovery()")
            if cursor.fetchone()[0]:
                raise NotAliveError
    finally:
        connection.close()


def _months_of_the_trail() -> int:
    try:
        return months_left(timezone.now())
    finally:
        connections["default"].close()


def _ask_broker() -> None:
    with open_broker() as broker:
        broker.ping()


def _look_for(part: str) -> None:
    with open_broker() as broker:
        if not heartbeat.alive(broker, [part]):
            raise NotAliveError


def _write_and_read() -> None:
    # First: a look at the health of an empty folder leaves nothing in it.
    if not is_marked():
        raise NotOursError
    storage = storages["papers"]
    name = storage.save(f"health/{uuid4()}", ContentFile(b"ok"))
    try:
        with storage.open(name) as file:
            if file.read() != b"ok":
                raise NotAliveError
    finally:
        storage.delete(name)


def _look_for_destroyed() -> None:
    """What the list of destroyed keys names must be gone; without the list nobody can tell."""
    try:
        if brought_back(list(Tenant.objects.values_list("id", flat=True))):
            raise BroughtBackError
    except ListAway as error:
        raise NotOursError from error
    finally:
        for alias in ("default", "keystore"):
            connections[alias].close()
