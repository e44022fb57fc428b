"""`python -m carloan.sealer`: the process that seals every lender's trail, as the database role `sealer`.

Started once a copy (two do no harm, one waits for the other). It alone is given the key that signs, and nothing of the
rows that it seals but their canonical bytes.
"""

import logging
import signal
import threading
import time
from types import FrameType
from uuid import UUID

import django
import redis
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import DatabaseError, connections

from carloan import env, lifeline  # noqa: F401
from carloan.heartbeat import Pulse, on_this_host

logger = logging.getLogger(__name__)
# Of two to three seconds that an event waits; a hundredth of the five that are promised goes into asking.
PAUSE = 1.0
# Longer than a full round takes with many lenders behind.
STALLED_AFTER = 30.0


class Sealer:
    """Goes round the lenders until it is told to end; what one lender's ledger has wrong keeps no other one waiting."""

    def __init__(self) -> None:
        from carloan.compliance.services.sealing import Signer  # noqa: PLC0415 - after settings

        secret = env.secret("ledger_key", settings.SECRETS)
        self.signer = Signer(settings.LEDGER_NAME, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)))
        self.ended = threading.Event()
        self._last = time.monotonic()
        self._broken: set[UUID] = set()

    def well(self, _broker: redis.Redis) -> bool:
        return time.monotonic() - self._last < STALLED_AFTER

    def end(self, _signal: int, _frame: FrameType | None) -> None:
        self.ended.set()

    def run(self) -> None:
        while not self.ended.wait(PAUSE):
            try:
                self.round()
            except DatabaseError as error:
                logger.warning("nothing can be sealed now: %s", type(error).__name__)
                connections.close_all()
            else:
                self._last = time.monotonic()

    def round(self) -> None:
        """Seal what every lender has. Raises DatabaseError when the database does not serve."""
        from carloan.core.models import Tenant  # noqa: PLC0415

        for tenant_id in Tenant.objects.order_by("id").values_list("id", flat=True):
            if self.ended.is_set():
                return
            self._seal(tenant_id)

    def _seal(self, tenant_id: UUID) -> None:
        from carloan.compliance.services.sealing import MOST, LedgerBroken, ledger_seal  # noqa: PLC0415
        from carloan.core import alarms  # noqa: PLC0415
        from carloan.core.tenancy import tenant_scope  # noqa: PLC0415

        try:
            with tenant_scope(tenant_id):
                while ledger_seal(self.signer) == MOST and not self.ended.is_set():
                    pass
        except LedgerBroken as error:
            if tenant_id not in self._broken:
                logger.error("the ledger of lender %s is broken, nothing more is sealed: %s", tenant_id, error)
                self._broken.add(tenant_id)
            alarms.raise_alarm(alarms.LEDGER_BROKEN, tenant_id)
        else:
            if tenant_id in self._broken:
                self._broken.discard(tenant_id)
                alarms.end_alarm(alarms.LEDGER_BROKEN, tenant_id)


def main() -> None:
    django.setup()
    sealer = Sealer()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, sealer.end)
    Pulse(url=settings.CELERY_BROKER_URL, names=["sealer", on_this_host("sealer")], well=sealer.well).start()
    logger.info("sealing as %s", settings.LEDGER_NAME)
    sealer.run()


if __name__ == "__main__":
    main()
