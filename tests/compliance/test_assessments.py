"""Impact assessments: every part answered, signed by a second person, fixed, kept for three years by the database."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError
from django.utils import timezone

from carloan.compliance.models import ImpactAssessment
from carloan.compliance.models.assessment import SECTIONS, three_years_after
from carloan.compliance.policies.assessments import MOVES
from carloan.compliance.selectors.assessments import assessments_for, versions_of, waiting_count
from carloan.compliance.services.assessments import (
    assessment_begin,
    assessment_renew,
    assessment_return,
    assessment_sign,
    assessment_submit,
    assessment_write,
)
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.tenancy import tenant_atomic
from tests.cast import Lender
from tests.compliance.held import another
from tests.machines import walk
from tests.tenancy.conftest import superuser

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
WORDS = {name: f"{name}：车辆定位仅用于失联处置" for name in SECTIONS}


def begun(lender: Lender) -> ImpactAssessment:
    return assessment_begin(actor=lender.actor("compliance"), title="车辆定位", occasion="sensitive")


def written(lender: Lender, row: ImpactAssessment, **gaps: str) -> ImpactAssessment:
    return assessment_write(
        actor=lender.actor("compliance"), assessment=row, revision=row.revision, title=row.title,
        occasion=row.occasion, risk=gaps.pop("risk", "medium"), sections={**WORDS, **gaps},
    )  # fmt: skip


def waiting(lender: Lender) -> ImpactAssessment:
    return assessment_submit(actor=lender.actor("compliance"), assessment=written(lender, begun(lender)))


def signed(lender: Lender) -> ImpactAssessment:
    return assessment_sign(actor=another(lender, "compliance", "复核人"), assessment=waiting(lender))


def test_every_event_in_every_state(bank: Lender) -> None:
    with bank.open():
        row = waiting(bank)
        second = another(bank, "compliance", "复核人")
        today = timezone.localdate()
        # The database wants to know who signed wherever it is signed.
        ImpactAssessment.objects.filter(id=row.id).update(
            signed_by_id=second.membership_id, signed_on=today, keep_until=three_years_after(today)
        )
        doings: dict[str, Callable[[ImpactAssessment], Any]] = {
            "submit": lambda fresh: assessment_submit(actor=bank.actor("compliance"), assessment=fresh),
            "sign": lambda fresh: assessment_sign(actor=second, assessment=fresh),
            "return": lambda fresh: assessment_return(actor=second, assessment=fresh, reason="补充影响"),
        }
        taken, refused = walk(row, MOVES, ["draft", "waiting"], lambda fresh, event: doings[event](fresh))
        assert (taken, refused) == (3, 3)
        over = assessment_sign(actor=second, assessment=ImpactAssessment.objects.get())
        for doing in doings.values():
            with pytest.raises(Conflict):
                doing(over)


def test_a_gap_is_named_by_its_part(bank: Lender) -> None:
    with bank.open():
        row = written(bank, begun(bank), measures=" ", risk="")
        with pytest.raises(Invalid) as error:
            assessment_submit(actor=bank.actor("compliance"), assessment=row)
        assert sorted(error.value.fields) == ["measures", "risk"]
        assert ImpactAssessment.objects.get().state == "draft"


def test_whoever_wrote_it_does_not_sign_it(bank: Lender) -> None:
    with bank.open():
        row = waiting(bank)
        with pytest.raises(Invalid):
            assessment_sign(actor=bank.actor("compliance"), assessment=row)
        with pytest.raises(Forbidden):
            assessment_sign(actor=bank.actor("officer"), assessment=row)
        assert (waiting_count(bank.actor("compliance")), waiting_count(bank.actor("admin"))) == (0, 1)
        with pytest.raises(IntegrityError), tenant_atomic():
            ImpactAssessment.objects.filter(id=row.id).update(signed_by=row.made_by_id)


def test_what_is_signed_is_fixed_and_kept_for_three_years(bank: Lender) -> None:
    with bank.open():
        row = signed(bank)
        assert row.keep_until == three_years_after(timezone.localdate())
        for statement in (
            lambda: ImpactAssessment.objects.filter(id=row.id).update(impact="没有影响"),
            lambda: ImpactAssessment.objects.filter(id=row.id).update(keep_until=date(2026, 1, 1)),
            lambda: ImpactAssessment.objects.filter(id=row.id).delete(),
        ):
            with pytest.raises(DatabaseError), tenant_atomic():
                statement()
        with pytest.raises(Conflict):
            written(bank, row)
        assert ImpactAssessment.objects.get(id=row.id).impact == WORDS["impact"]


def test_not_even_the_administrator_of_the_database_removes_it(bank: Lender) -> None:
    with superuser(), bank.open():
        row = signed(bank)
        with pytest.raises(DatabaseError, match="is kept until"), tenant_atomic():
            ImpactAssessment.objects.filter(id=row.id).delete()


def test_no_day_of_the_three_years_is_lost() -> None:
    assert three_years_after(date(2024, 2, 29)) == date(2027, 3, 1)
    assert three_years_after(date(2026, 11, 30)) == date(2029, 11, 30)


def test_a_change_of_the_processing_is_a_new_version(bank: Lender) -> None:
    with bank.open():
        first = signed(bank)
        second = assessment_renew(actor=bank.actor("compliance"), assessment=first)
        assert (second.number, second.version, second.state) == (first.number, 2, "draft")
        assert second.impact == first.impact
        for row in (first, second):
            with pytest.raises(Conflict):
                assessment_renew(actor=bank.actor("compliance"), assessment=row)
        assert [row.version for row in versions_of(first)] == [2, 1]
        assert assessments_for(bank.actor("admin")) == [second]
        assert assessments_for(bank.actor("admin"), state="signed") == [first]


def test_two_who_write_at_once_do_not_lose_each_others_words(bank: Lender) -> None:
    with bank.open():
        row = begun(bank)
        written(bank, row)
        with pytest.raises(Conflict):
            written(bank, row)


def test_the_whole_way_through_the_pages(client_of: Any, bank: Lender) -> None:
    client = client_of(bank, "compliance").confirmed()
    assert client.post("/compliance/assessments/new/", {"title": "", "occasion": "sensitive"}).status_code == 422
    begun_ = client.post("/compliance/assessments/new/", {"title": "车辆定位", "occasion": "sensitive"})
    edit = begun_["Location"].removeprefix(f"/t/{bank.tenant.slug}")
    sent: dict[str, Any] = {"title": "车辆定位", "occasion": "sensitive", "risk": "high", "revision": 1}
    assert client.post(edit, sent).status_code == 302
    page = edit.removesuffix("edit/")
    assert "第五十六条" in client.post(f"{page}submit/").content.decode()
    assert client.post(edit, {**sent, **WORDS, "revision": 1}).status_code == 409
    assert client.post(edit, {**sent, **WORDS, "revision": 2}).status_code == 302
    assert client.post(f"{page}submit/").status_code == 302
    assert client.post(f"{page}sign/").status_code == 422
    admin = client_of(bank, "admin")
    assert admin.post(f"{page}return/", {"reason": ""}).status_code == 422
    assert admin.post(f"{page}sign/").status_code == 302
    with bank.open():
        assert ImpactAssessment.objects.get().state == "waiting", "without the password of now nothing is signed"
    assert admin.confirmed().post(f"{page}sign/").status_code == 302
    shown = client.get(page).content.decode()
    assert WORDS["measures"] in shown
    assert (timezone.localdate() + timedelta(days=1)).isoformat()[:4] in shown
    assert client.get(edit).status_code == 409
    assert client.post(f"{page}renew/").status_code == 302
    assert "v2" in client.get("/compliance/assessments/").content.decode()
