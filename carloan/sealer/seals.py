"""Sealing what every lender has; what one lender's ledger has wrong keeps no other one waiting."""

import threading
import time
from typing import Final
from uuid import UUID

from carloan.compliance.selectors.seal_blockers import holder_of, oldest_transaction
from carloan.compliance.services.sealing import MOST, LedgerBroken, Signer, ledger_seal
from carloan.core import alarms
from carloan.core.tenancy import tenant_scope
from carloan.sealer.rounds import Rounds, Told

# Seconds for which one transaction may hold up the seal of the whole cluster before somebody is told.
LONGEST_WAIT: Final = 10.0


class Sealing(Rounds):
    # Of two to three seconds that an event waits; a hundredth of the five that are promised goes into asking.
    pause = 1.0
    stalled_after = 30.0

    def __init__(self, signer: Signer, ended: threading.Event) -> None:
        super().__init__("sealing", ended)
        self.signer = signer
        self._broken = Told(alarms.LEDGER_BROKEN)
        self._waits = Told(alarms.LEDGER_WAITS)
        # Which transaction was the oldest when, since it is.
        self._oldest: tuple[int | None, float] = (None, 0.0)

    def round(self) -> bool:
        for tenant_id in self.lenders():
            self._seal(tenant_id)
        self._look_who_waits()
        return True

    def _look_who_waits(self) -> None:
        oldest, now = oldest_transaction(), time.monotonic()
        if oldest != self._oldest[0]:
            self._oldest = (oldest, now)
        since = now - self._oldest[1]
        holder = holder_of(oldest) if oldest is not None and since > LONGEST_WAIT else None
        if holder is None:
            self._waits.ends(alarms.INSTALLATION)
        else:
            self._waits.stands(
                alarms.INSTALLATION,
                f"nothing newer is sealed until a transaction ends that is open for more than {since:.0f} s: database"
                f" process {holder.pid}, login {holder.role}, application {holder.application}",
            )

    def _seal(self, tenant_id: UUID) -> None:
        try:
            with tenant_scope(tenant_id):
                while ledger_seal(self.signer) == MOST and not self.ended.is_set():
                    pass
        except LedgerBroken as error:
            self._broken.stands(tenant_id, f"the ledger is broken, nothing more is sealed: {error}")
        else:
            self._broken.ends(tenant_id)
