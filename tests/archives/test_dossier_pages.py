"""Pages of dossiers and template packs, as officers, archivists and administrators use them."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from carloan.archives.models import Dossier, PackItem, PackVersion, Paper, PaperTick, StageClosing, Waiver
from carloan.archives.policies.conditions import Condition, Question
from carloan.archives.selectors.packs import draft_of
from carloan.archives.services.packs import pack_draft, packs_install
from carloan.core.models import RoleAssignment
from carloan.loans.models import Loan
from carloan.loans.services.loans import PersonIn
from tests.archives.checklists import BACK, BORROWER, CARD, NEW
from tests.archives.conftest import loan_for, transcribed
from tests.archives.test_dossiers import complete
from tests.archives.test_receiving import picture
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def loan(bank: Lender, db: None) -> Loan:
    with bank.open():
        return loan_for(bank, people=[PersonIn(BORROWER)], vehicle=NEW)


def revision_in(page: str) -> str:
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found
    return found[1]


class TestDossiers:
    def test_the_papers_of_a_loan_stand_below_what_it_is_asked_for(
        self, bank: Lender, client_of: Any, loan: Loan
    ) -> None:
        with bank.open():
            transcribed(bank, CARD, loan=loan)
        page = client_of(bank, "officer").get(f"/loans/{loan.id}/?tab=papers").content.decode()
        assert "借款人身份证(人像面)" in page
        assert "25 %" in page
        assert page.index('id="checklist"') < page.index('id="papers"')
        # The name of whose card it is is masked where names are.
        assert "李蓝" in page
        assert "李蓝" not in re.search(
            r'id="checklist".*?</section>',
            client_of(bank, "compliance").get(f"/loans/{loan.id}/?tab=papers").content.decode(), re.DOTALL,
        )[0]  # type: ignore[index]  # fmt: skip

    def test_a_file_that_is_dropped_on_a_line_stands_for_it(self, bank: Lender, client_of: Any, loan: Loan) -> None:
        with bank.open():
            transcribed(bank, CARD, loan=loan)
        answer = client_of(bank, "officer").post(
            "/archives/upload/",
            {"file": SimpleUploadedFile("申请表.png", picture("form")), "loan": loan.contract_no,
             "item": "application_form"},
            headers={"Accept": "application/json"},
        )  # fmt: skip
        assert answer.status_code == 201
        with bank.open():
            tick = PaperTick.objects.get(paper_id=answer.json()["id"])
            assert (tick.item_key, tick.placed_by_id) == ("application_form", bank.members["officer"].id)
        page = client_of(bank, "officer").get(f"/archives/loans/{loan.id}/items/application_form/").content.decode()
        assert "已收到" in page

    def test_the_checklist_is_asked_for_again_by_itself(self, bank: Lender, client_of: Any, loan: Loan) -> None:
        with bank.open():
            transcribed(bank, CARD, loan=loan)
        client = client_of(bank, "officer")
        at = f"/archives/loans/{loan.id}/checklist/"
        assert at in client.get(f"/loans/{loan.id}/?tab=papers").content.decode()
        assert client.get(at).content.decode().startswith("<section")
        item = f"/archives/loans/{loan.id}/items/application_form/"
        assert f'hx-get="/t/bank{item}"' in client.get(item).content.decode()
        renewed = client.get(item, headers={"HX-Request": "true"}).content.decode()
        assert renewed.startswith('<div class="card" id="papers"')

    def test_what_is_not_asked_for_cannot_be_dropped(self, bank: Lender, client_of: Any, loan: Loan) -> None:
        answer = client_of(bank, "officer").post(
            "/archives/upload/",
            {"file": SimpleUploadedFile("a.png", picture("x")), "loan": loan.contract_no, "item": "nothing"},
            headers={"Accept": "application/json"},
        )
        assert answer.status_code == 422
        with bank.open():
            assert not Paper.objects.exists()

    def test_a_waiver_is_asked_by_one_and_approved_by_another(self, bank: Lender, client_of: Any, loan: Loan) -> None:
        with bank.open():
            transcribed(bank, CARD, loan=loan)
        at = f"/archives/loans/{loan.id}/items/credit_consent/"
        officer, archivist = client_of(bank, "officer"), client_of(bank, "archivist").confirmed()
        assert officer.post(f"{at}waive/", {"reason": ""}).status_code == 422
        assert officer.post(f"{at}waive/", {"reason": "线上授权"}).status_code == 302
        with bank.open():
            waiver = Waiver.objects.get()
        assert "待批准" in officer.get(at).content.decode()
        page = archivist.get(at).content.decode()
        assert f"/archives/waivers/{waiver.id}/" in page
        given = {"revision": waiver.revision, "agrees": "yes", "answer": ""}
        assert archivist.post(f"/archives/waivers/{waiver.id}/", given).status_code == 302
        with bank.open():
            assert Waiver.objects.get().state == "approved"
            assert Dossier.objects.get(loan=loan).done == 2

    def test_a_stage_is_closed_and_reopened(self, bank: Lender, client_of: Any, loan: Loan) -> None:
        with bank.open():
            transcribed(bank, CARD, loan=loan)
        at = f"/archives/loans/{loan.id}/stages/application/"
        officer, archivist = client_of(bank, "officer"), client_of(bank, "archivist").confirmed()
        assert officer.post(f"{at}close/").status_code == 422
        assert "身份证(国徽面)" in officer.get(at).content.decode()
        with bank.open():
            complete(bank, loan)
        assert officer.post(f"{at}close/").status_code == 302
        with bank.open():
            closing = StageClosing.objects.get()
        assert officer.post(
            f"/archives/closings/{closing.id}/ask/", {"revision": closing.revision, "reason": "补件"}
        ).status_code == 302  # fmt: skip
        page = archivist.get(at).content.decode()
        given = {"revision": revision_in(page), "agrees": "yes", "answer": ""}
        assert archivist.post(f"/archives/closings/{closing.id}/decide/", given).status_code == 302
        with bank.open():
            assert StageClosing.objects.get().state == "reopened"

    def test_a_loose_paper_is_taken_and_a_dossier_moves_to_another_pack(
        self, bank: Lender, client_of: Any, loan: Loan
    ) -> None:
        with bank.open():
            paper = transcribed(bank, BACK, kind="other", loan=loan)
            lease = PackVersion.objects.get(pack__code="lease")
        officer = client_of(bank, "officer")
        at = f"/archives/loans/{loan.id}/items/application_form/"
        assert str(paper.id) in officer.get(at).content.decode()
        assert officer.post(f"{at}place/", {"paper": paper.id}).status_code == 302
        page = officer.get(f"/archives/loans/{loan.id}/pack/?version={lease.id}").content.decode()
        assert "融资租赁合同" in page
        there = f"/archives/loans/{loan.id}/pack/"
        assert officer.post(there, {"version": lease.id, "reason": ""}).status_code == 422
        assert officer.post(there, {"version": lease.id, "reason": "改做租赁"}).status_code == 302
        with bank.open():
            assert Dossier.objects.get(loan=loan).pack_version_id == lease.id
            assert PaperTick.objects.get(paper=paper).item_key == "application_form"

    def test_an_officer_of_another_branch_finds_nothing(self, bank: Lender, client_of: Any) -> None:
        with bank.open():
            far = loan_for(bank, contract_no="HX-W-1", branch="west", people=[PersonIn(BORROWER)], vehicle=NEW)
            transcribed(bank, CARD, loan=far, role="archivist")
            RoleAssignment.objects.filter(membership=bank.members["officer"]).update(branch=bank.branches["east"])
        officer = client_of(bank, "officer")
        for at in ("items/credit_consent/", "stages/application/", "pack/", "checklist/"):
            assert officer.get(f"/archives/loans/{far.id}/{at}").status_code == 404


class TestPacks:
    def test_ready_packs_are_taken_copied_changed_and_published(self, bank: Lender, client_of: Any) -> None:
        admin = client_of(bank, "admin")
        assert admin.post("/archives/packs/ready/").status_code == 302
        assert "新车抵押贷款" in admin.get("/archives/packs/").content.decode()
        with bank.open():
            ready = PackVersion.objects.get(pack__code="new_car")
        made = admin.post(f"/archives/packs/versions/{ready.id}/copy/", {"name": "新车贷(简)"})
        draft_url = made["Location"].removeprefix("/t/bank")
        page = admin.get(draft_url).content.decode()
        with bank.open():
            draft = PackVersion.objects.get(pack__name="新车贷(简)")
        item_url = f"{draft_url}items/income/"
        form = {
            "revision": draft.revision, "name": "收入证明", "stage": "application", "of": "loan", "count": "1",
            "confidentiality": "confidential", "lines": "3", "ask_0": "principal|at_least|", "figure_0": "30万",
            "join_1": "or", "ask_1": "guarantor|is|no", "required": "on",
        }  # fmt: skip
        assert admin.post(item_url, form | {"figure_0": ""}).status_code == 422
        assert admin.post(item_url, form).status_code == 302
        with bank.open():
            item = draft_of(PackItem.objects.get(version=draft, key="income"))
            assert item.condition == Condition(
                ((Question("principal", "at_least", 30_000_000),), (Question("guarantor", "is", False),))
            )
        page = admin.get(item_url).content.decode()
        assert 'value="300000.00"' in page
        page = admin.get(draft_url).content.decode()
        revision = revision_in(page)
        assert admin.post(f"{draft_url}publish/", {"revision": revision}).status_code == 302
        assert admin.get(item_url).status_code == 404
        with bank.open():
            draft.refresh_from_db()
            assert draft.state == "published"

    def test_a_new_version_shows_what_changes_and_retires_the_old_one(self, bank: Lender, client_of: Any) -> None:
        with bank.open():
            packs_install(actor=bank.system)
            old = PackVersion.objects.get(pack__code="new_car")
            draft = pack_draft(actor=bank.actor("admin"), pack=old.pack)
        admin = client_of(bank, "admin")
        at = f"/archives/packs/versions/{draft.id}/"
        act = f"{at}items/gps/act/"
        assert admin.post(act, {"revision": draft.revision, "act": "remove"}).status_code == 302
        page = admin.get(at).content.decode()
        assert "不再要求" in page
        assert admin.post(act, {"revision": draft.revision, "act": "up"}).status_code == 409
        assert admin.post(f"{at}publish/", {"revision": revision_in(page)}).status_code == 302
        with bank.open():
            old.refresh_from_db()
            assert old.state == "retired"

    @pytest.mark.parametrize(("role", "status"), [("officer", 403), ("compliance", 403), ("archivist", 302)])
    def test_who_may_change_packs(self, bank: Lender, client_of: Any, role: str, status: int) -> None:
        assert client_of(bank, role).post("/archives/packs/ready/").status_code == status
