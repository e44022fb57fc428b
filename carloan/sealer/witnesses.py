"""Showing every lender's checkpoints to a witness, in a thread of its own a witness."""

import logging
import threading
from collections.abc import Sequence
from uuid import UUID

from carloan.compliance.adapters.witness import Refused, Witness
from carloan.compliance.services.sealing import Signer
from carloan.compliance.services.witnessing import LedgerForked, ledger_witness, witnessed_late
from carloan.core import alarms
from carloan.core.tenancy import tenant_scope
from carloan.lib import signed_note
from carloan.lib.http import Away
from carloan.sealer.rounds import Rounds, Told

logger = logging.getLogger(__name__)


def witnessings(texts: Sequence[str], signer: Signer, ended: threading.Event) -> list["Witnessing"]:
    """One for each witness of CARLOAN_WITNESSES. Raises ValueError for what names none."""
    return [Witnessing(Witness.parse(text), signer, ended) for text in texts]


class Witnessing(Rounds):
    # A busy lender has a checkpoint a second; a cosignature covers all before it.
    pause = 5.0
    stalled_after = 30.0

    def __init__(self, witness: Witness, signer: Signer, ended: threading.Event) -> None:
        super().__init__(f"witness {witness.url}", ended)
        self.witness, self.signer, self.key = witness, signer, witness.key
        self._forked = Told(alarms.LEDGER_FORKED, witness.id)
        self._late = Told(alarms.LEDGER_UNWITNESSED, witness.id)
        self._away = ""
        # To whom this process has shown what stood there when it began.
        self._begun: set[UUID] = set()

    def round(self) -> bool:
        try:
            key = self.witness.ask_key()
        except Away as error:
            # Asked once a round and not once a lender: whoever hangs holds this thread for one patience only.
            self._say_away(str(error))
            for tenant_id in self.lenders():
                self._look_whether_late(tenant_id, error)
            return False
        self._say_away("")
        self.key = key
        for tenant_id in self.lenders():
            self._show(tenant_id, key)
        return True

    def _show(self, tenant_id: UUID, key: signed_note.Key) -> None:
        try:
            with tenant_scope(tenant_id):
                ledger_witness(self.witness, key, self.signer, anew=tenant_id not in self._begun)
        except LedgerForked as error:
            self._forked.stands(tenant_id, error)
        except (Away, Refused) as error:
            self._look_whether_late(tenant_id, error)
        else:
            self._begun.add(tenant_id)
            self._forked.ends(tenant_id)
            self._late.ends(tenant_id)

    def _look_whether_late(self, tenant_id: UUID, why: Exception) -> None:
        with tenant_scope(tenant_id):
            late = witnessed_late(self.key)
        if late:
            self._late.stands(tenant_id, why)

    def _say_away(self, why: str) -> None:
        if why != self._away:
            logger.warning("%s: %s", self.name, f"away: {why}" if why else "is back")
        self._away = why
