"""Each night every ledger is hashed anew and held against what was signed, and the book against the trail."""

import logging
from hashlib import sha256
from typing import Any, Final

from carloan.compliance.selectors.ledger_check import LedgerLook, LedgerReport
from carloan.core import alarms, audit
from carloan.core.actors import Actor
from carloan.core.tenancy import current_tenant_id, tenant_atomic

# A task must be far shorter than the broker's patience: so many batches, then the next task goes on.
BATCHES_A_TASK: Final = 100

logger = logging.getLogger(__name__)


def ledger_care(*, laid_down: dict[str, Any] | None = None) -> dict[str, Any] | None:
    """Look at the ledger of the scope's tenant for some batches from where it was laid down; None at the end.

    The end leaves an event, also when nothing is wrong: that somebody looked is evidence too. What is wrong stands in
    the log and lets the alarm `ledger-findings` stand until a look finds nothing.
    """
    look = LedgerLook.taken_up(**laid_down) if laid_down else LedgerLook()
    if not look.step(BATCHES_A_TASK):
        return look.laid_down()
    _close(look.report)
    return None


def _close(report: LedgerReport) -> None:
    with tenant_atomic():
        tenant_id = current_tenant_id()
        audit.record(
            actor=Actor.system(tenant_id, "sweep"),
            action="compliance.ledger.broken" if report.findings else "compliance.ledger.checked",
            object_type="compliance.ledger",
            count=len(report.findings) or report.events,
            digest=sha256("\n".join(report.findings).encode()).hexdigest(),
        )
    for finding in report.findings:
        logger.error("the ledger of lender %s: %s", tenant_id, finding)
    if report.findings:
        alarms.raise_alarm(alarms.LEDGER_FINDINGS, tenant_id, count=len(report.findings))
    else:
        alarms.end_alarm(alarms.LEDGER_FINDINGS, tenant_id)
