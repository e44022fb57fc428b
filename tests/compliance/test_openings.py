"""Clear values of many things: one asks, another decides, it opens once and in time, and each step is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from carloan.compliance.models import Opening
from carloan.compliance.policies.openings import MOVES
from carloan.compliance.selectors.openings import openings_for
from carloan.compliance.services.openings import (
    opening_ask,
    opening_decide,
    opening_use,
    opening_withdraw,
    openings_seal,
)
from carloan.core.errors import Conflict, Forbidden, Invalid, NotFound
from carloan.core.models import AuditEvent, Role, RoleCapability
from carloan.core.sealed import clear
from carloan.core.tenancy import tenant_atomic
from carloan.loans.models import Loan
from tests.cast import Lender
from tests.loans.book import id_number, name, open_loan
from tests.machines import walk

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def asked(lender: Lender, role: str = "officer", **changes: Any) -> Opening:
    """Call it inside the open lender."""
    loan = Loan.objects.first() or open_loan(lender.system, branch_id=lender.branches["east"].id)
    given: dict[str, Any] = {"reason_code": "audit", "kind": "loans.export", "asked": {"loans": [str(loan.id)]}}
    return opening_ask(actor=lender.actor(role), **{**given, **changes})


def acts(lender: Lender) -> list[str]:
    found = AuditEvent.objects.filter(action__startswith="compliance.opening.").order_by("id")
    return [action.rpartition(".")[2] for action in found.values_list("action", flat=True)]


def test_every_event_in_every_state(bank: Lender) -> None:
    with bank.open():
        row = asked(bank)
        # The database wants to know who decided wherever somebody must have.
        Opening.objects.filter(id=row.id).update(decided_by=bank.members["admin"])
        row.refresh_from_db()
        doings: dict[str, Callable[[Opening], Any]] = {
            "approve": lambda fresh: opening_decide(actor=bank.actor("admin"), opening=fresh, approve=True),
            "refuse": lambda fresh: opening_decide(actor=bank.actor("admin"), opening=fresh, approve=False),
            "withdraw": lambda fresh: opening_withdraw(actor=bank.actor("officer"), opening=fresh),
            "open": lambda fresh: opening_use(actor=bank.actor("officer"), opening=fresh),
        }
        taken, refused = walk(row, MOVES, Opening.State.values, lambda fresh, event: doings[event](fresh))
    assert (taken, refused) == (5, 15)


def test_nobody_decides_about_their_own_question(bank: Lender) -> None:
    with bank.open():
        row = asked(bank, "admin")
        with pytest.raises(Invalid):
            opening_decide(actor=bank.actor("admin"), opening=row, approve=True)
        assert Opening.objects.get().state == "asked"
        assert acts(bank) == ["asked"]


def test_the_database_refuses_one_pair_of_eyes_too(bank: Lender) -> None:
    with bank.open():
        row = asked(bank, "admin")
        for values in (
            {"state": "approved", "decided_by": row.asked_by},
            {"state": "approved"},
            {"state": "opened"},
            {"state": "nonsense"},
        ):
            with pytest.raises(IntegrityError), tenant_atomic():
                Opening.objects.filter(id=row.id).update(**values)


def test_it_opens_once_and_only_for_who_asked(bank: Lender) -> None:
    with bank.open():
        row = asked(bank)
        with pytest.raises(Conflict):
            opening_use(actor=bank.actor("officer"), opening=row)
        opening_decide(actor=bank.actor("compliance"), opening=row, approve=True, note="已核对")
        with pytest.raises(Invalid):
            opening_use(actor=bank.actor("admin"), opening=row)
        opening_use(actor=bank.actor("officer"), opening=row)
        with pytest.raises(Conflict):
            opening_use(actor=bank.actor("officer"), opening=Opening.objects.get())
        assert acts(bank) == ["asked", "approved", "opened"]


@pytest.mark.parametrize("state", ["asked", "approved"])
def test_what_is_late_is_over(bank: Lender, state: str) -> None:
    with bank.open():
        row = asked(bank)
        if state == "approved":
            opening_decide(actor=bank.actor("admin"), opening=row, approve=True)
        Opening.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        row = Opening.objects.get()
        assert row.is_late
        with pytest.raises(Invalid):
            if state == "asked":
                opening_decide(actor=bank.actor("admin"), opening=row, approve=True)
            else:
                opening_use(actor=bank.actor("officer"), opening=row)


def test_asking_needs_rights_a_reason_and_something_behind_it(bank: Lender) -> None:
    with bank.open():
        for role in ("service", "collector", "archivist"):
            with pytest.raises(Forbidden):
                asked(bank, role)
        with pytest.raises(Invalid):
            asked(bank, reason_code="")
        with pytest.raises(Invalid):
            asked(bank, asked={"loans": []})
        with pytest.raises(NotFound):
            asked(bank, kind="anything")
        with pytest.raises(Forbidden):
            opening_decide(actor=bank.actor("officer"), opening=asked(bank, "admin"), approve=True)


def test_the_whole_way_through_the_pages(client_of: Any, bank: Lender) -> None:
    with bank.open():
        open_loan(bank.system, branch_id=bank.branches["east"].id)
    officer, other = client_of(bank, "officer").confirmed(), client_of(bank, "compliance").confirmed()
    assert "/loans/export/ask/" in officer.get("/loans/").content.decode()
    assert officer.get("/loans/export/ask/?state=").status_code == 200
    answer = officer.post("/loans/export/ask/", {"reason_code": "legal", "reason": "法院调取"})
    assert answer.status_code == 302
    with bank.open():
        row = Opening.objects.get()
    page, path = f"/compliance/openings/{row.id}/", f"/compliance/openings/{row.id}"
    assert answer["Location"].endswith(page)
    mine = officer.get(page).content.decode()
    assert "HT-000001" in mine
    assert f"{path}/decide/" not in mine
    assert officer.post(f"{path}/open/").status_code == 409
    assert officer.post(f"{path}/decide/", {"word": "approve"}).status_code == 403
    assert f"{path}/decide/" in other.get(page).content.decode()
    assert other.get("/compliance/openings/").status_code == 200
    assert client_of(bank, "compliance").post(f"{path}/decide/", {"word": "approve"}).status_code in (302, 204)
    with bank.open():
        assert Opening.objects.get().state == "asked", "without the password of now it is no decision"
    assert other.post(f"{path}/decide/", {"word": "approve", "note": "同意"}).status_code == 302
    opened = officer.post(f"{path}/open/")
    text = b"".join(opened.streaming_content).decode("utf-8-sig")
    assert name(1) in text
    assert id_number(1) in text
    assert "no-store" in opened["Cache-Control"]
    assert officer.post(f"{path}/open/").status_code == 409
    assert client_of(bank, "archivist").get(page).status_code == 403
    with bank.open():
        assert acts(bank) == ["asked", "approved", "opened"]
        event = AuditEvent.objects.get(action="loans.loans.exported_clear")
        assert (event.outcome, event.object_id) == ("revealed", row.id)
        (look,) = AuditEvent.objects.filter(action="loans.loan.exported_clear")
        assert look.object_id == look.loan_id == Loan.objects.get().id, "who looked at the loan is told by it"
        assert id_number(1).encode() not in bytes(event.canon)


def test_who_lost_the_right_to_clear_values_meanwhile_gets_none(client_of: Any, bank: Lender) -> None:
    with bank.open():
        row = asked(bank)
        opening_decide(actor=bank.actor("admin"), opening=row, approve=True)
        RoleCapability.objects.filter(role=Role.objects.get(key="officer"), capability="sight.clear").delete()
    answer = client_of(bank, "officer").confirmed().post(f"/compliance/openings/{row.id}/open/")
    assert answer.status_code == 403
    with bank.open():
        assert Opening.objects.get().state == "approved", "nothing was shown, so nothing was used"


def test_one_lenders_openings_are_none_of_anothers(client_of: Any, bank: Lender, other: Lender) -> None:
    with bank.open():
        row = asked(bank)
    client = client_of(other, "admin").confirmed()
    assert client.get(f"/compliance/openings/{row.id}/").status_code == 404
    assert client.post(f"/compliance/openings/{row.id}/decide/", {"word": "approve"}).status_code == 404


def test_what_was_said_is_sealed_also_what_an_older_version_left(bank: Lender, client_of: Any) -> None:
    with bank.open():
        fresh = asked(bank, reason="法院调取")
        opening_decide(actor=bank.actor("admin"), opening=fresh, approve=False, note="已核对")
        old = asked(bank)
        Opening.objects.filter(id=old.id).update(reason="旧的理由", note="旧的答复")
        page = client_of(bank, "admin").get(f"/compliance/openings/{old.id}/").content.decode()
        assert "旧的理由" in page, "it stays readable meanwhile"
        assert openings_seal(actor=bank.system) == 1
        assert openings_seal(actor=bank.system) == 0
        assert set(Opening.objects.values_list("reason", "note")) == {("", "")}
        kept = {row.id: (clear(row, "why"), clear(row, "answer")) for row in Opening.objects.all()}
        assert kept == {fresh.id: ("法院调取", "已核对"), old.id: ("旧的理由", "旧的答复")}
        assert AuditEvent.objects.get(action="compliance.opening.sealed").object_id is None
    page = client_of(bank, "admin").get(f"/compliance/openings/{old.id}/").content.decode()
    assert "旧的理由" in page


def test_who_asked_hears_what_became_of_it_on_the_home_page(client_of: Any, bank: Lender) -> None:
    officer = client_of(bank, "officer")
    assert "我申请的明文调阅" not in officer.get("/home/").content.decode()
    with bank.open():
        row = asked(bank)
    home = officer.get("/home/").content.decode()
    assert "1 项待审批" in home
    assert f"/compliance/openings/{row.id}/" in home, "one question: the way leads to itself"
    assert "/compliance/openings/" in officer.get("/loans/").content.decode(), "its list stands in the navigation"
    with bank.open():
        opening_decide(actor=bank.actor("admin"), opening=row, approve=True)
        opening_decide(actor=bank.actor("admin"), opening=asked(bank), approve=False)
    home = officer.get("/home/").content.decode()
    assert "1 项已批准，请按时调阅 · 1 项被拒绝" in home
    assert "我申请的明文调阅" not in client_of(bank, "compliance").get("/home/").content.decode()
    with bank.open():
        Opening.objects.update(expires_at=timezone.now(), decided_at=timezone.now() - timedelta(days=1, seconds=1))
    assert "我申请的明文调阅" not in officer.get("/home/").content.decode(), "what is over is not told for ever"


def test_what_is_late_stands_behind_what_waits(bank: Lender) -> None:
    with bank.open():
        waits, late = asked(bank), asked(bank)
        Opening.objects.filter(id=late.id).update(expires_at=timezone.now())
        assert openings_for(bank.actor("admin")) == [waits, late]


def test_the_words_of_who_decides_wait_while_they_confirm_who_they_are(client_of: Any, bank: Lender) -> None:
    with bank.open():
        row = asked(bank)
    other = client_of(bank, "compliance")
    page = f"/compliance/openings/{row.id}/"
    assert other.post(f"{page}decide/", {"word": "refuse", "note": "请按分行缩小范围"}).status_code == 302
    assert "请按分行缩小范围" in other.confirmed().get(page).content.decode()


def test_who_may_not_ask_is_not_led_to_a_form_that_is_refused(client_of: Any, bank: Lender) -> None:
    with bank.open():
        RoleCapability.objects.filter(role__key="officer", capability="openings.ask").delete()
    assert client_of(bank, "officer").get("/loans/export/ask/").status_code == 403
