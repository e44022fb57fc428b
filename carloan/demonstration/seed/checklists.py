"""Checklists in use: papers that need not be there, some of it still to be decided, and stages that are closed."""

from carloan.archives.models import Dossier, StageClosing, Waiver
from carloan.archives.policies.checklist import STAGES, blocking
from carloan.archives.selectors.checklist import checklist_of
from carloan.archives.services.stages import stage_close
from carloan.archives.services.ticking import KEEP, Spot
from carloan.archives.services.waivers import waiver_ask, waiver_decide
from carloan.core.models import Tenant
from carloan.core.tenancy import tenant_atomic
from carloan.demonstration.lenders import Lender
from carloan.demonstration.seed.book import actor_of
from carloan.loans.selectors.loans import may

# Of so many dossiers the officer asks for waivers; of the last nobody has decided yet.
ASKED, DECIDED = 6, 4
REASONS = ("纸质原件已入库，影像待补", "线上签署，存于电子签约平台", "客户为存量客户，沿用前次材料")


def waive_and_close(lender: Lender, tenant: Tenant) -> None:
    """Once, a transaction a dossier: ask for what its first stage lacks, decide, and close it where it is whole."""
    with tenant_atomic(tenant.id):
        if Waiver.objects.exists():
            return
        officer = actor_of(tenant, f"{lender.slug}.officer")
        archivist = actor_of(tenant, f"{lender.slug}.archivist")
        dossiers = Dossier.objects.exclude(pack_version=None).select_related("loan").order_by("id")
        loans = [dossier.loan for dossier in dossiers if may(officer, KEEP, dossier.loan)][:ASKED]
    for number, loan in enumerate(loans):
        with tenant_atomic(tenant.id):
            for place, one in enumerate(blocking(checklist_of(loan).standings, STAGES[0])):
                waiver = waiver_ask(
                    actor=officer, loan=loan, spot=Spot(one.asked.rule.key, one.asked.party_id),
                    reason=REASONS[place % len(REASONS)],
                )  # fmt: skip
                if number < DECIDED:
                    waiver_decide(actor=archivist, waiver=waiver, revision=waiver.revision, agrees=True)
            whole = not blocking(checklist_of(loan).standings, STAGES[0])
            if whole and number % 2 == 0 and not StageClosing.objects.filter(dossier__loan=loan).exists():
                stage_close(actor=archivist, loan=loan, stage=STAGES[0])
