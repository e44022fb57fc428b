"""What all rounds have in common: they begin anew until the process ends, whatever the database or others do."""

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar
from uuid import UUID

from django.db import DatabaseError, connections

from carloan.core import alarms
from carloan.core.models import Tenant

logger = logging.getLogger(__name__)


class Rounds(ABC, threading.Thread):
    """Goes round until `ended`; run it as a thread, or call run() in this one."""

    pause: ClassVar[float]
    # After so long without a round that came to its end it is not well; longer than a full round takes.
    stalled_after: ClassVar[float]

    def __init__(self, name: str, ended: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self.ended = ended
        self._last = time.monotonic()

    def well(self) -> bool:
        return time.monotonic() - self._last < self.stalled_after

    def run(self) -> None:
        while not self.ended.wait(self.pause):
            try:
                done = self.round()
            except DatabaseError as error:
                logger.warning("%s: the database does not serve: %s", self.name, type(error).__name__)
                connections.close_all()
            except Exception:
                # What an outsider answers must never end the thread that asks the others too.
                logger.exception("%s: a round failed", self.name)
            else:
                if done:
                    self._last = time.monotonic()

    @abstractmethod
    def round(self) -> bool:
        """Whether it came to its end. Raises DatabaseError when the database does not serve."""

    def lenders(self) -> Iterator[UUID]:
        """Every lender, until the process ends."""
        for tenant_id in Tenant.objects.order_by("id").values_list("id", flat=True):
            if self.ended.is_set():
                return
            yield tenant_id


class Told:
    """One alarm of this process: for whom it stands, so that the log says it once and its end is told once."""

    def __init__(self, name: str, thing_id: UUID | None = None) -> None:
        self.name, self.thing_id = name, thing_id
        self._stands: dict[UUID, bool] = {}

    def stands(self, tenant_id: UUID, why: object) -> None:
        if not self._stands.get(tenant_id):
            whose = "" if tenant_id == alarms.INSTALLATION else f", lender {tenant_id}"
            logger.error("%s%s: %s", self.name, whose, why)
        self._stands[tenant_id] = True
        # Each time: a broker that was away or lost it hears it again.
        alarms.raise_alarm(self.name, tenant_id, self.thing_id)

    def ends(self, tenant_id: UUID) -> None:
        """Also the first time, since a process before this one may have told it."""
        if self._stands.get(tenant_id) is not False:
            alarms.end_alarm(self.name, tenant_id, self.thing_id)
        self._stands[tenant_id] = False
