"""A loan with a checklist, and what hangs on one, for suites that only need that it is there."""

from typing import Any

from carloan.archives.models import PackVersion, StageClosing, Waiver
from carloan.archives.policies.checklist import STAGES
from carloan.archives.services.packs import pack_draft, packs_install
from carloan.archives.services.receiving import dossier_of
from carloan.archives.services.stages import dossier_move
from carloan.archives.services.ticking import Spot
from carloan.archives.services.waivers import waiver_ask
from carloan.loans.models import Loan
from carloan.loans.policies.facts import PersonFacts, VehicleFacts
from carloan.loans.services.loans import PersonIn
from tests.archives.conftest import loan_for, transcribed
from tests.cast import Lender

ITEM = "credit_consent"
BORROWER = PersonFacts(name="李蓝", id_kind="resident", id_number="110101199001011229")
NEW = VehicleFacts(vin="LFGGF53W0WH228343", plate="鄂E3887K", condition="new")
CARD = {
    "name": "李蓝", "sex": "女", "ethnicity": "汉", "birth": "1990-01-01", "address": "北京市东城区某路1号",
    "number": "110101199001011229",
}  # fmt: skip
BACK = {"authority": "北京市公安局东城分局", "valid_from": "2020-01-01", "valid_to": "2040-01-01"}


def loan(lender: Lender, **more: Any) -> Loan:
    """A loan of a new car whose borrower's card is there. Call it inside lender.open()."""
    made = loan_for(lender, people=[PersonIn(BORROWER)], vehicle=NEW, **more)
    transcribed(lender, CARD, loan=made)
    return made


def draft(lender: Lender) -> PackVersion:
    """A draft of the pack for new cars."""
    packs_install(actor=lender.system)
    live = PackVersion.objects.get(pack__code="new_car", state=PackVersion.State.PUBLISHED)
    known = PackVersion.objects.filter(pack=live.pack_id, state=PackVersion.State.DRAFT).first()
    return known or pack_draft(actor=lender.actor("admin"), pack=live.pack)


def waiver(lender: Lender, of: Loan) -> Waiver:
    """A waiver that the officer asks for."""
    _equipped(lender, of)
    known = Waiver.objects.filter(dossier__loan=of).first()
    return known or waiver_ask(actor=lender.actor("admin"), loan=of, spot=Spot(ITEM), reason="另案已存")


def closing(lender: Lender, of: Loan) -> StageClosing:
    """A closed stage, whatever is in it."""
    known = StageClosing.objects.filter(dossier__loan=of).first()
    if known is not None:
        return known
    dossier = dossier_of(of, event_id=of.audit_event_id)
    return StageClosing.objects.create(
        dossier=dossier, stage=STAGES[0], papers=0, digest="0" * 64, audit_event_id=of.audit_event_id
    )


def _equipped(lender: Lender, of: Loan) -> None:
    packs_install(actor=lender.system)
    version = PackVersion.objects.get(pack__code="new_car", state=PackVersion.State.PUBLISHED)
    dossier = dossier_of(of, event_id=of.audit_event_id)
    if dossier.pack_version_id is None:
        dossier_move(actor=lender.actor("admin"), loan=of, version=version, reason="测试")
