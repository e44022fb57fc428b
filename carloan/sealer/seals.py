"""Sealing what every lender has; what one lender's ledger has wrong keeps no other one waiting."""

import threading
from uuid import UUID

from carloan.compliance.services.sealing import MOST, LedgerBroken, Signer, ledger_seal
from carloan.core import alarms
from carloan.core.tenancy import tenant_scope
from carloan.sealer.rounds import Rounds, Told


class Sealing(Rounds):
    # Of two to three seconds that an event waits; a hundredth of the five that are promised goes into asking.
    pause = 1.0
    stalled_after = 30.0

    def __init__(self, signer: Signer, ended: threading.Event) -> None:
        super().__init__("sealing", ended)
        self.signer = signer
        self._broken = Told(alarms.LEDGER_BROKEN)

    def round(self) -> bool:
        for tenant_id in self.lenders():
            self._seal(tenant_id)
        return True

    def _seal(self, tenant_id: UUID) -> None:
        try:
            with tenant_scope(tenant_id):
                while ledger_seal(self.signer) == MOST and not self.ended.is_set():
                    pass
        except LedgerBroken as error:
            self._broken.stands(tenant_id, f"the ledger is broken, nothing more is sealed: {error}")
        else:
            self._broken.ends(tenant_id)
