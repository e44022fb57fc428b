"""A lender makes masking stricter, never looser; what counted on a day can be said again."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from carloan.compliance.models import MaskingPolicy
from carloan.compliance.selectors.masking import policy_of, rules_of
from carloan.compliance.services.masking import masking_publish
from carloan.core import registry
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.models import AuditEvent
from carloan.core.registry import Tighter
from carloan.core.sight import show
from carloan.core.tenancy import tenant_atomic
from carloan.core.tightening import EXPORTS, HARDER, tightenable, tightened
from carloan.lib.masks import MASKS
from carloan.loans.models import Loan, LoanParty, Party
from tests.cast import Lender
from tests.loans.book import id_number, name, open_loan, phone

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
PLATE = {"loans.vehicle.plate": Tighter(guarded=True)}
NAME = {"loans.party.name": Tighter(mask="text", guarded=True)}


@pytest.fixture
def loan(bank: Lender) -> Loan:
    with bank.open():
        return open_loan(bank.system, branch_id=bank.branches["east"].id)


def publish(lender: Lender, rules: dict[str, Tighter], *, on: date | None = None, role: str = "compliance") -> Any:
    with lender.open():
        return masking_publish(
            actor=lender.actor(role),
            rules=rules,
            effective_on=on or timezone.localdate(),
            reason="审计要求",
            after=MaskingPolicy.objects.count(),
        )


def test_what_was_clear_is_masked_from_its_day_on_and_everywhere(client_of: Any, bank: Lender, loan: Loan) -> None:
    page = f"/loans/{loan.id}/"
    assert name(1) in client_of(bank, "officer").get(page).content.decode()
    publish(bank, NAME)
    assert name(1) not in client_of(bank, "officer").get(page).content.decode()
    assert name(1) not in client_of(bank, "officer").get("/loans/").content.decode()
    assert name(1)[0] + "*" not in client_of(bank, "service").get("/loans/").content.decode(), "not even the surname"
    api = Client().get("/api/v1/loans/", headers={"Authorization": bank.key("officer")}).json()
    assert api["results"][0]["borrower"]["name"] == name(1), "a system with the right goes on: it is no screen"


def test_a_version_of_another_day_does_not_count_yet(client_of: Any, bank: Lender, loan: Loan) -> None:
    publish(bank, NAME, on=timezone.localdate() + timedelta(days=3))
    assert name(1) in client_of(bank, "officer").get(f"/loans/{loan.id}/").content.decode()
    with bank.open():
        assert policy_of(on=timezone.localdate()) is None
        assert rules_of(on=timezone.localdate() + timedelta(days=3)) == NAME


def test_a_field_that_may_leave_in_no_file_is_left_out(client_of: Any, bank: Lender, loan: Loan) -> None:
    publish(bank, {"loans.party.name": Tighter(export="never"), "loans.vehicle.plate": Tighter(export="never")})
    answer = client_of(bank, "officer").confirmed().get("/loans/export.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "HT-000001" in text
    assert name(1)[0] + "*" not in text
    assert "粤B" not in text


def test_a_field_that_nobody_may_search_for_finds_nothing(client_of: Any, bank: Lender, loan: Loan) -> None:
    def hits() -> str:
        client = client_of(bank, "officer")
        return "".join(client.get(f"{page}?q={phone(1)}").content.decode() for page in ("/search/", "/loans/"))

    assert "HT-000001" in hits()
    publish(bank, {"loans.contactpoint.value": Tighter(unsearched=True)})
    assert "HT-000001" not in hits()


@pytest.mark.parametrize(
    "rules",
    [
        {"loans.party.id_number": Tighter(mask="name")},
        {"loans.party.name": Tighter(mask="ends")},
        {"loans.party.name": Tighter(export="clear")},
        {"loans.party.name": Tighter(export="masked")},
        {"loans.loan.principal": Tighter(guarded=True)},
        {"core.user.password": Tighter(export="clear")},
        {"nothing.at.all": Tighter(guarded=True)},
        {"loans.party.address": Tighter(unsearched=True)},
    ],
)
def test_what_would_show_more_or_means_nothing_is_refused(bank: Lender, rules: dict[str, Tighter]) -> None:
    with pytest.raises(Invalid):
        publish(bank, rules)
    with bank.open():
        assert not MaskingPolicy.objects.exists()


def test_no_policy_whatever_it_holds_shows_more_than_the_registry() -> None:
    """Also one that was written past the page: every mask and every rule, with every combination."""
    sayings = [
        Tighter(mask, guarded, export, unsearched)
        for mask in ("", "nonsense", *MASKS)
        for guarded in (False, True)
        for export in ("", "nonsense", *EXPORTS)
        for unsearched in (False, True)
    ]
    for field in tightenable().values():
        for said in sayings:
            rule = tightened(field.rule, said)
            assert rule.mask == field.rule.mask or rule.mask in HARDER[field.rule.mask or ""]
            assert rule.guarded >= field.rule.guarded
            assert EXPORTS.index(rule.export) >= EXPORTS.index(field.rule.export)
            assert rule.data_class == field.rule.data_class


def test_a_harder_mask_shows_less_of_any_number() -> None:
    values = {"id_number": id_number(1), "phone": phone(1), "card": "6222020000000000000", "vin": "LSVAA49J0E0000011"}
    for mask, value in values.items():
        shown = {place for place, sign in enumerate(MASKS[mask](value)) if sign != "*"}
        harder = {place for place, sign in enumerate(MASKS["ends"](value)) if sign != "*"}
        assert harder < shown


def test_the_newest_word_counts_and_what_was_known_before_can_be_said_again(bank: Lender) -> None:
    today = timezone.localdate()
    publish(bank, NAME, on=today)
    first_known = timezone.now()
    publish(bank, NAME | PLATE, on=today)
    with bank.open():
        assert rules_of(on=today) == NAME | PLATE
        assert rules_of(on=today, known_at=first_known) == NAME
        assert policy_of(on=today - timedelta(days=1)) is None
        assert [row.number for row in MaskingPolicy.objects.order_by("number")] == [1, 2]


def days(count: int) -> date:
    return timezone.localdate() + timedelta(days=count)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (NAME, {}),
        (NAME, {"loans.party.name": Tighter(mask="text")}),
        (NAME | PLATE, PLATE),
        ({"loans.party.id_number": Tighter(mask="text")}, {"loans.party.id_number": Tighter(mask="ends")}),
        ({"loans.party.name": Tighter(export="never")}, PLATE),
        ({"loans.contactpoint.value": Tighter(unsearched=True)}, NAME),
        ({"picture.id_card_front": Tighter(guarded=True)}, {}),
    ],
)
def test_what_shows_more_than_before_counts_a_week_later_at_the_earliest(
    bank: Lender, before: dict[str, Tighter], after: dict[str, Tighter]
) -> None:
    publish(bank, before)
    for early in (0, 1, 6):
        with pytest.raises(Invalid) as refused:
            publish(bank, after, on=days(early))
        assert list(refused.value.fields) == ["effective_on"]
    publish(bank, after, on=days(7))
    with bank.open():
        assert rules_of(on=days(6)) == before
        assert rules_of(on=days(7)) == after


def test_a_version_that_only_tightens_counts_today(bank: Lender) -> None:
    publish(bank, {"loans.party.id_number": Tighter(mask="ends")})
    tighter = NAME | {"loans.party.id_number": Tighter(mask="text")}
    publish(bank, tighter)
    with bank.open():
        assert rules_of(on=timezone.localdate()) == tighter


def test_what_was_loosened_for_a_day_to_come_is_not_loosened_today_by_the_next_version(bank: Lender) -> None:
    publish(bank, NAME)
    publish(bank, {}, on=days(7))
    with pytest.raises(Invalid):
        publish(bank, PLATE)


def test_a_tightening_that_waits_for_its_day_is_not_dropped_by_the_versions_after_it(bank: Lender) -> None:
    publish(bank, NAME, on=days(3))
    with pytest.raises(Invalid):
        publish(bank, PLATE)
    publish(bank, PLATE, on=days(8))
    with pytest.raises(Invalid):  # not looser than the newest, nor than today: than what counts in three days
        publish(bank, PLATE | {"loans.party.address": Tighter(mask="text")})
    with bank.open():
        assert [rules_of(on=days(day)) for day in (0, 3, 7, 8)] == [{}, NAME, NAME, PLATE]


def test_a_tightening_outlasts_the_day_of_an_earlier_loosening(bank: Lender) -> None:
    publish(bank, NAME)
    publish(bank, {}, on=days(7))
    publish(bank, NAME | PLATE)
    with bank.open():
        assert [rules_of(on=days(day)) for day in (0, 7, 30)] == [NAME | PLATE] * 3


def test_the_page_says_from_which_day_a_looser_version_counts(client_of: Any, bank: Lender) -> None:
    publish(bank, NAME)
    sent = {"effective_on": timezone.localdate().isoformat(), "reason": "监管检查", "after": "1"}
    answer = client_of(bank, "compliance").confirmed().post("/compliance/masking/", sent)
    assert answer.status_code == 422
    assert days(7).isoformat() in str(answer.context["form"].errors["effective_on"])
    assert days(7).isoformat() in answer.content.decode()
    with bank.open():
        assert MaskingPolicy.objects.count() == 1


def test_a_version_is_never_changed(bank: Lender) -> None:
    publish(bank, NAME)
    with pytest.raises(DatabaseError), bank.open(), tenant_atomic():
        MaskingPolicy.objects.update(rules={})


def test_two_who_publish_from_the_same_page_do_not_undo_each_other(bank: Lender) -> None:
    publish(bank, NAME)
    with bank.open(), pytest.raises(Conflict):
        masking_publish(
            actor=bank.actor("admin"), rules={}, effective_on=timezone.localdate(), reason="同时修改", after=0
        )


def test_it_needs_the_right_a_reason_and_a_day_to_come(bank: Lender) -> None:
    with pytest.raises(Forbidden):
        publish(bank, NAME, role="officer")
    with pytest.raises(Invalid):
        publish(bank, NAME, on=timezone.localdate() - timedelta(days=1))
    with bank.open(), pytest.raises(Invalid):
        masking_publish(actor=bank.actor("admin"), rules=NAME, effective_on=timezone.localdate(), reason=" ", after=0)


def test_the_page_shows_what_would_change_and_publishes_it_with_an_event(
    client_of: Any, bank: Lender, loan: Loan
) -> None:
    client = client_of(bank, "compliance").confirmed()
    form = client.get("/compliance/masking/").context["form"]
    place = list(tightenable()).index("loans.party.name")
    sent = {"effective_on": timezone.localdate().isoformat(), "reason": "监管检查", "after": "0"}
    sent |= {f"{place}-mask": "text", f"{place}-guarded": "on"}
    assert f"{place}-mask" in form.fields
    preview = client.post("/compliance/masking/", {**sent, "preview": "1"})
    assert preview.status_code == 200
    assert "王** → ******" in preview.content.decode()
    assert "王小明 → ******" in preview.content.decode()
    with bank.open():
        assert not MaskingPolicy.objects.exists(), "a preview publishes nothing"
    assert client.post("/compliance/masking/", sent).status_code == 302
    with bank.open():
        policy = MaskingPolicy.objects.get()
        assert policy.rules == {"loans.party.name": {"mask": "text", "guarded": True}}
        event = AuditEvent.objects.get(action="compliance.masking.published")
        assert event.id == policy.audit_event_id
    opened = client.post(f"/compliance/trail/{event.id}/open/", {"reason_code": "audit"}).content.decode()
    assert "revealed one by one" in opened or "逐项" in opened


def test_publishing_asks_for_the_password_again_and_a_reader_sees_without_controls(
    client_of: Any, bank: Lender
) -> None:
    sent = {"effective_on": timezone.localdate().isoformat(), "reason": "监管检查", "after": "0", "0-guarded": "on"}
    answer = client_of(bank, "compliance").post("/compliance/masking/", sent)
    assert answer.status_code in (302, 204)
    with bank.open():
        assert not MaskingPolicy.objects.exists()
    assert client_of(bank, "officer").get("/compliance/masking/").status_code == 403


def test_it_costs_no_query(bank: Lender, loan: Loan, django_assert_num_queries: Any) -> None:
    publish(bank, NAME)
    with bank.open():
        party = LoanParty.objects.get(loan=loan).party
        actor = bank.actor("officer")
        show(actor, party, "name")
        with django_assert_num_queries(0):
            for _time in range(50):
                assert show(actor, party, "name").masked
        with django_assert_num_queries(2):  # the member with the policy, the rights
            bank.actor("officer")


def test_one_lenders_policy_is_none_of_anothers(bank: Lender, other: Lender) -> None:
    publish(bank, NAME)
    with other.open():
        open_loan(other.system, branch_id=other.branches["east"].id)
        party = Party.objects.first()
        assert not show(other.actor("officer"), party, "name").masked
    assert registry.rule_of(Party, "name").guarded is False
