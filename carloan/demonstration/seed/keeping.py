"""Records in their phases: a policy, what is sealed apart, holds, the quarter's backup, destructions on their way.

Nobody shortens a cooling-off, not even for a demonstration: the destruction that was approved is executed, verified
and certified when its days are over, by the worker, as everywhere.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from carloan.compliance.models import DestructionBatch, LegalHold, RetentionPolicy, SealedUnit
from carloan.compliance.retention import record_classes, units
from carloan.compliance.selectors.archive_backups import archived_count
from carloan.compliance.selectors.destruction import due_units
from carloan.compliance.services.archive_backups import backup_begin
from carloan.compliance.services.destruction import batch_propose, batch_speak
from carloan.compliance.services.holds import hold_place, hold_release
from carloan.compliance.services.retention import policy_draft, policy_publish
from carloan.compliance.services.sealing_apart import sealed_ask, units_seal_apart
from carloan.compliance.services.sweeping import retention_sweep
from carloan.core.actors import Actor
from carloan.core.models import Tenant
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.demonstration.lenders import Lender
from carloan.demonstration.seed.book import actor_of
from carloan.loans.models import Loan, LoanParty

# What each part says about a list, in the order in which they are asked.
_VOICES = (
    ("officer", "无在途业务、无未结投诉，同意。"),
    ("archivist.2", "清册与档案逐件核对一致，同意。"),
    ("compliance", "保管期限届满，依据充分，同意销毁。"),
    ("compliance.2", "同意销毁。"),
)
_OPINION = "保管期限届满；鉴定小组逐件核对，无未结诉讼、查询与投诉，建议销毁。"


def keep_and_destroy(lender: Lender, tenant: Tenant) -> None:
    """Each step once: one that was interrupted is done by the next run."""
    _policy(lender, tenant)
    installation = Actor.system(tenant.id, "demonstration")
    with tenant_scope(tenant.id):
        for each in record_classes():
            retention_sweep(actor=installation, record_class=each)
        for unit in units():
            units_seal_apart(actor=installation, unit=unit)
    with tenant_atomic(tenant.id):
        if not LegalHold.objects.exists():
            _holds(lender, tenant)
    with tenant_atomic(tenant.id):
        if not DestructionBatch.objects.exists():
            _destructions(lender, tenant)
            _opening(lender, tenant)
            if archived_count():
                # The worker goes on with it, and tests it.
                backup_begin(actor=actor_of(tenant, f"{lender.slug}.compliance"))


def _policy(lender: Lender, tenant: Tenant) -> None:
    with tenant_atomic(tenant.id):
        if RetentionPolicy.objects.exists():
            return
        officer = actor_of(tenant, f"{lender.slug}.compliance")
        policy = policy_draft(actor=officer)
        policy_publish(actor=officer, policy=policy, revision=policy.revision)


def _holds(lender: Lender, tenant: Tenant) -> None:
    """A lawsuit about arrears, an inquiry into somebody of the archive, and one that two people released."""
    officer = actor_of(tenant, f"{lender.slug}.compliance")
    year = timezone.localdate().year
    late = list(Loan.objects.filter(state="servicing", days_overdue__gt=0).order_by("-days_overdue", "contract_no")[:3])
    if late:
        hold_place(
            actor=officer, kind="litigation", name=f"（{year}）浙0106民初4127号", reason="借款合同纠纷，法院保全证据",
            things=[("loan", loan.id) for loan in late[:2]],
        )  # fmt: skip
        party_id = LoanParty.objects.get(loan=late[-1], role=LoanParty.Role.BORROWER).party_id
        over = hold_place(
            actor=officer, kind="complaint", name="客户投诉 TS-0093", reason="投诉处理期间保留通话与还款记录",
            things=[("party", party_id)],
        )  # fmt: skip
        for who, reason in (("compliance", "投诉已办结，客户签收答复。"), ("archivist", "核对无误，同意解除。")):
            hold_release(actor=actor_of(tenant, f"{lender.slug}.{who}"), hold=over, reason=reason)
    for loan_id in due_units(officer, "loan", 100)[-1:]:
        hold_place(
            actor=officer, kind="aml", name=f"反洗钱协查函 {year} 第 18 号", reason="主管部门要求保留交易记录",
            things=[("loan", loan_id)],
        )  # fmt: skip


def _destructions(lender: Lender, tenant: Tenant) -> None:
    """One in its cooling-off, one that waits for its approvers, one just proposed, one refused."""
    loans = due_units(actor_of(tenant, f"{lender.slug}.archivist"), "loan", 100)
    people = due_units(actor_of(tenant, f"{lender.slug}.archivist"), "party", 100)
    _spoken(_proposed(lender, tenant, "loan", loans[:3]), lender, tenant, len(_VOICES))
    _spoken(_proposed(lender, tenant, "loan", loans[3:5], originals=True), lender, tenant, 2)
    _proposed(lender, tenant, "loan", loans[5:6])
    refused = _proposed(lender, tenant, "party", people[:2])
    if refused is not None:
        batch_speak(
            actor=actor_of(tenant, f"{lender.slug}.officer"), batch=refused, digest=refused.list_digest, agrees=False,
            reason="其中一人近期咨询续贷，暂缓销毁其身份资料，下季度再议。",
        )  # fmt: skip


def _proposed(
    lender: Lender, tenant: Tenant, unit: str, ids: Sequence[UUID], *, originals: bool = False
) -> DestructionBatch | None:
    """Nothing where the archive has nothing that is due."""
    if not ids:
        return None
    archivist = actor_of(tenant, f"{lender.slug}.archivist")
    return batch_propose(actor=archivist, unit=unit, ids=ids, opinion=_OPINION, originals=originals)


def _spoken(batch: DestructionBatch | None, lender: Lender, tenant: Tenant, most: int) -> None:
    if batch is None:
        return
    for who, reason in _VOICES[:most]:
        speaker = actor_of(tenant, f"{lender.slug}.{who}")
        batch = batch_speak(actor=speaker, batch=batch, digest=batch.list_digest, agrees=True, reason=reason)


def _opening(lender: Lender, tenant: Tenant) -> None:
    """Somebody asks to open what is sealed apart; a second person has not decided yet."""
    row = SealedUnit.objects.filter(unit="loan", ended_at=None).order_by("object_id").first()
    if row is not None:
        sealed_ask(
            actor=actor_of(tenant, f"{lender.slug}.compliance.2"), row=row,
            until=timezone.localdate() + timedelta(days=7), reason_code="legal", reason="法院调取交易流水",
        )  # fmt: skip
