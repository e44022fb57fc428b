"""One masked field, one reason, one event; and nothing without all three."""

from typing import Any
from uuid import UUID

import pyotp
import pytest
from allauth.mfa.models import Authenticator

from carloan.compliance.services import reveals as services
from carloan.compliance.services.watching import LOOKS
from carloan.core import audit
from carloan.core.models import AccessPolicy, AuditEvent, User
from carloan.core.pages.second_factors import MFAAdapter
from carloan.loans.models import ContactPoint, LoanParty
from tests.cast import Lender
from tests.loans.book import id_number, open_loan, person

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])

PASSWORD = "a-long-password-1"


def sign_in_with_password(client: Any, username: str) -> None:
    """Signed in long ago, with a password."""
    user = User.objects.get(username=username)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")


@pytest.fixture
def party_id(bank: Lender) -> UUID:
    with bank.open():
        loan = open_loan(bank.system, branch_id=bank.branches["east"].id)
        return LoanParty.objects.get(loan=loan, role="borrower").party_id


def reveals(lender: Lender) -> list[AuditEvent]:
    with lender.open():
        return list(AuditEvent.objects.filter(action="compliance.field.revealed").order_by("id"))


def path(party_id: UUID, field: str = "id_number") -> str:
    return f"/compliance/reveal/loans.party/{party_id}/{field}/"


def test_a_value_comes_with_a_reason_and_an_event_that_does_not_hold_it(
    client_of: Any, bank: Lender, party_id: UUID
) -> None:
    client = client_of(bank, "officer").confirmed()
    form = client.get(path(party_id))
    assert form.status_code == 200
    assert id_number(1) not in form.content.decode()
    assert next(iter(form.context["form"].fields["reason_code"].choices))[0] == "", "no reason is chosen beforehand"
    answer = client.post(path(party_id), {"reason_code": "identity_check"})
    assert answer.status_code == 200
    assert id_number(1) in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    (event,) = reveals(bank)
    assert (event.field, event.reason_code, event.outcome) == ("id_number", "identity_check", "revealed")
    assert id_number(1).encode() not in bytes(event.canon)
    with bank.open():
        assert id_number(1) not in str(audit.open_detail(event))


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"reason_code": ""},
        {"reason_code": "because"},
        {"reason_code": "other"},
        {"reason_code": "other", "reason": "x"},
        {"reason_code": "other", "reason": "\u3164" * 8},
        {"reason_code": "other", "reason": "\u200b" * 8},
    ],
)
def test_without_a_reason_there_is_no_value(
    client_of: Any, bank: Lender, party_id: UUID, posted: dict[str, str]
) -> None:
    answer = client_of(bank, "officer").confirmed().post(path(party_id), posted)
    assert answer.status_code == 422
    assert id_number(1) not in answer.content.decode()
    assert reveals(bank) == []


def test_without_an_event_there_is_no_value(
    client_of: Any, bank: Lender, party_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(bank, "officer").confirmed()
    client.get(path(party_id))
    client.raise_request_exception = False

    def broken(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("carloan.compliance.services.reveals.audit.record", broken)
    answer = client.post(path(party_id), {"reason_code": "contact"})
    assert answer.status_code == 500
    assert id_number(1) not in answer.content.decode()


def test_customer_service_may_not_reveal(client_of: Any, bank: Lender, party_id: UUID) -> None:
    assert client_of(bank, "service").confirmed().post(path(party_id), {"reason_code": "contact"}).status_code == 403
    assert reveals(bank) == []


def test_the_other_lender_finds_nothing_to_reveal(stranger: Any, party_id: UUID, other: Lender) -> None:
    assert stranger.post(path(party_id), {"reason_code": "contact"}).status_code == 404
    assert reveals(other) == []


@pytest.mark.parametrize("field", ["audit_event_id", "id_digest", "tenant", "nothing", "kind", "id"])
def test_only_masked_fields_can_be_revealed(client_of: Any, bank: Lender, party_id: UUID, field: str) -> None:
    answer = client_of(bank, "officer").confirmed().post(path(party_id, field), {"reason_code": "contact"})
    assert answer.status_code in {403, 404}
    assert reveals(bank) == []


@pytest.mark.parametrize("label", ["core.user", "core.apikey", "keystore.subjectkey", "loans.nothing"])
def test_only_registered_types_can_be_revealed(client_of: Any, bank: Lender, label: str) -> None:
    target = f"/compliance/reveal/{label}/{bank.users['officer'].id}/password/"
    assert client_of(bank, "admin").confirmed().post(target, {"reason_code": "contact"}).status_code == 404


def test_who_looks_is_asked_in_the_form_and_the_reason_is_typed_once(
    client_of: Any, bank: Lender, party_id: UUID
) -> None:
    client = client_of(bank, "officer")
    sign_in_with_password(client, "officer@bank")
    sent = {"reason_code": "other", "reason": "核对还款人身份"}
    asked = client.post(path(party_id), sent)
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "核对还款人身份" in page
    assert 'name="password"' in page
    assert id_number(1) not in page
    wrong = client.post(path(party_id), {**sent, "password": "not-this-one"})
    assert (wrong.status_code, "核对还款人身份" in wrong.content.decode()) == (422, True)
    assert "密码错误" in wrong.content.decode()
    assert reveals(bank) == []
    answer = client.post(path(party_id), {**sent, "password": PASSWORD})
    assert answer.status_code == 200
    assert id_number(1) in answer.content.decode()
    assert 'name="password"' not in client.get(path(party_id)).content.decode(), "it counts for some minutes"
    with bank.open():
        assert AuditEvent.objects.filter(action="core.sign_in.failed").count() == 1


def test_wrong_passwords_at_a_reveal_lock_as_at_the_door(client_of: Any, bank: Lender, party_id: UUID) -> None:
    client = client_of(bank, "officer")
    sign_in_with_password(client, "officer@bank")
    for _try in range(5):
        client.post(path(party_id), {"reason_code": "contact", "password": "not-this-one"})
    answer = client.post(path(party_id), {"reason_code": "contact", "password": PASSWORD})
    assert id_number(1) not in answer.content.decode()
    assert reveals(bank) == []


def test_a_code_of_the_app_confirms_a_reveal(client_of: Any, bank: Lender, party_id: UUID) -> None:
    client = client_of(bank, "officer")
    secret = pyotp.random_base32()
    Authenticator.objects.create(user=bank.users["officer"], type="totp", data={"secret": MFAAdapter().encrypt(secret)})
    assert 'name="code"' in client.get(path(party_id)).content.decode()
    wrong = client.post(path(party_id), {"reason_code": "contact", "code": "000000"})
    assert wrong.status_code == 422
    answer = client.post(path(party_id), {"reason_code": "contact", "code": pyotp.TOTP(secret).now()})
    assert id_number(1) in answer.content.decode()


def test_the_window_is_the_lenders(client_of: Any, bank: Lender, party_id: UUID) -> None:
    client = client_of(bank, "officer").confirmed()
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 90
    session.save()
    posted = {"reason_code": "contact"}
    assert client.post(path(party_id), posted).status_code == 200
    with bank.open():
        AccessPolicy.objects.create(confirm_minutes=1, audit_event_id=bank.members["admin"].audit_event_id)
    assert client.post(path(party_id), posted).status_code == 422


def test_who_came_through_the_provider_is_led_there_and_finds_the_reason_again(
    client_of: Any, bank: Lender, party_id: UUID
) -> None:
    client = client_of(bank, "officer")
    session = client.session
    session["signed_on"] = str(bank.tenant.id)
    session.save()
    asked = client.get(path(party_id)).content.decode()
    assert 'name="elsewhere"' in asked
    assert 'name="password"' not in asked
    sent = {"reason_code": "other", "reason": "核对还款人身份", "elsewhere": "yes"}
    led = client.post(path(party_id), sent)
    assert led["Location"].startswith("/t/bank/accounts/sign-on/again/?next=")
    way = client.get(led["Location"])
    assert way.headers["Refresh"].startswith("0; url=/t/bank/accounts/sign-on/?next=")
    assert "核对还款人身份" in client.get(path(party_id)).content.decode()


def test_revealing_has_a_quota_a_minute_and_a_day(
    client_of: Any, bank: Lender, party_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(bank, "officer").confirmed()
    posted = {"reason_code": "identity_check"}
    for most in ("MOST_A_MINUTE", "MOST_A_DAY"):
        there = len(reveals(bank))
        with monkeypatch.context() as patched:
            patched.setattr(services, most, there + 1)
            assert client.post(path(party_id), posted).status_code == 200
            refused = client.post(path(party_id), posted)
            assert refused.status_code == 429
            assert id_number(1) not in refused.content.decode()
        assert len(reveals(bank)) == there + 1
    assert client_of(bank, "archivist").confirmed().post(path(party_id), posted).status_code == 200


def test_details_of_the_trail_and_reveals_count_together(
    client_of: Any, bank: Lender, party_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(bank, "compliance").confirmed()
    posted = {"reason_code": "identity_check"}
    with bank.open():
        event = AuditEvent.objects.get(action="loans.party.entered", object_id=party_id)
    opening = f"/compliance/trail/{event.id}/open/"
    for most in ("MOST_A_MINUTE", "MOST_A_DAY"):
        with bank.open():
            there = AuditEvent.objects.filter(action__in=LOOKS).count()
        with monkeypatch.context() as patched:
            patched.setattr(services, most, there + 2)
            assert id_number(1) in client.post(opening, posted).content.decode()
            assert client.post(path(party_id), posted).status_code == 200
            for address in (opening, path(party_id)):
                refused = client.post(address, posted)
                assert refused.status_code == 429
                assert id_number(1) not in refused.content.decode()


@pytest.mark.parametrize("words", ["", "  x ", "    "])
def test_another_reason_for_a_detail_needs_words(client_of: Any, bank: Lender, party_id: UUID, words: str) -> None:
    with bank.open():
        event = AuditEvent.objects.get(action="loans.party.entered", object_id=party_id)
    answer = (
        client_of(bank, "compliance")
        .confirmed()
        .post(f"/compliance/trail/{event.id}/open/", {"reason_code": "other", "reason": words})
    )
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "请简要说明查看的原因。" in body
    assert id_number(1) not in body
    with bank.open():
        assert not AuditEvent.objects.filter(action="compliance.detail.opened").exists()


def test_a_look_at_a_person_is_told_in_the_loan_on_whose_page_it_was_taken(
    client_of: Any, bank: Lender, party_id: UUID
) -> None:
    with bank.open():
        second, foreign = (
            open_loan(bank.system, serial, branch_id=bank.branches["east"].id, people=[person(of)])
            for serial, of in ((2, 1), (3, 3))
        )
        (first,) = LoanParty.objects.filter(party_id=party_id).exclude(loan=second).values_list("loan_id", flat=True)
        contact_id = ContactPoint.objects.get(party_id=party_id).id
    client = client_of(bank, "officer").confirmed()
    page = client.get(f"/loans/{first}/").content.decode()
    assert f"/reveal/loans.party/{party_id}/id_number/?loan={first}" in page
    contact = f"/compliance/reveal/loans.contactpoint/{contact_id}/value/?loan={first}"
    asked = [
        f"{path(party_id)}?loan={first}", f"{path(party_id)}?loan={second.id}", path(party_id),
        f"{path(party_id)}?loan={foreign.id}", f"{path(party_id)}?loan=x", contact,
    ]  # fmt: skip
    for address in asked:
        assert client.post(address, {"reason_code": "contact"}).status_code == 200
    told = [event.loan_id for event in reveals(bank)]
    assert told == [first, second.id, second.id, second.id, second.id, first]
