"""Approvals by passkey where the lender asks for it: the pages lead there, and no service takes less."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from carloan.compliance.models import Opening
from carloan.compliance.services.holds import hold_release
from carloan.compliance.services.masking import masking_publish
from carloan.compliance.services.openings import opening_ask, opening_decide
from carloan.core.actors import Actor
from carloan.core.capabilities import all_capabilities
from carloan.core.models import AccessPolicy, Role, RoleAssignment, RoleCapability
from carloan.core.services.access_policy import access_policy_set
from carloan.core.services.people import role_assign, role_withdraw
from carloan.core.services.reviews import review_open, review_sign
from carloan.core.services.roles import matrix_change, role_add
from carloan.core.services.sign_in import factors_remove, password_renew
from carloan.core.voices import PasskeyNeeded
from tests.cast import Lender
from tests.compliance.held import place
from tests.loans.book import open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def strict(bank: Lender) -> Lender:
    with bank.open():
        access_policy_set(
            actor=bank.actor("admin"), separated=False, passkeys=True, confirm_minutes=5, reason="审批须用通行密钥"
        )
    return bank


def test_the_list_of_approvals() -> None:
    assert {each.code for each in all_capabilities() if each.approval} == {
        "rights.assign", "roles.manage", "rights.review", "masking.manage", "openings.decide", "holds.release",
        "destruction.review_business", "destruction.review_archive", "destruction.approve", "originals.decide",
        "dossiers.approve",
    }  # fmt: skip


def acts(lender: Lender) -> dict[str, Callable[[Actor], Any]]:
    """What people with the rights of approvals do; destructions are spoken about through the same `voice_of`."""
    officer, service = lender.members["officer"], Role.objects.get(key="service")
    held = RoleAssignment.objects.get(membership=officer)
    hold = place(lender, ("loan", open_loan(lender.actor("admin"), 1).id))
    asked = {"loans": [str(open_loan(lender.actor("admin"), 2).id)]}
    opening = opening_ask(actor=lender.actor("officer"), kind="loans.export", asked=asked, reason_code="audit")
    review = review_open(actor=lender.actor("compliance"))
    cells = {"service": {"people.view": "all"}}
    return {
        "matrix": lambda actor: matrix_change(actor=actor, wanted=cells, reason="试"),
        "role": lambda actor: role_add(actor=actor, key="new", name="新"),
        "assign": lambda actor: role_assign(actor=actor, membership=officer, role=service),
        "withdraw": lambda actor: role_withdraw(actor=actor, assignment_id=held.id),
        "password": lambda actor: password_renew(actor=actor, membership=officer),
        "factors": lambda actor: factors_remove(actor=actor, membership=officer),
        "policy": lambda actor: access_policy_set(
            actor=actor, separated=False, passkeys=False, confirm_minutes=5, reason="试"
        ),
        "opening": lambda actor: opening_decide(actor=actor, opening=opening, approve=True),
        "masking": lambda actor: masking_publish(
            actor=actor, rules={}, effective_on=timezone.localdate(), reason="试一试", after=0
        ),
        "hold": lambda actor: hold_release(actor=actor, hold=hold, reason="撤诉"),
        "review": lambda actor: review_sign(actor=actor, review=review),
    }


def test_no_approval_is_taken_without_a_passkey_where_one_is_asked_for(strict: Lender) -> None:
    with strict.open():
        role = Role.objects.get(key="admin")
        RoleCapability.objects.create(
            role=role, capability="holds.release", scope="all", audit_event_id=role.audit_event_id
        )
        actor, answers = strict.actor("admin"), acts(strict)
        assert actor.passkeys
        assert not actor.by_passkey
        for act in answers.values():
            with pytest.raises(PasskeyNeeded):
                act(actor)


def test_an_approval_by_password_leads_to_the_passkey_and_the_note_is_kept(strict: Lender, client_of: Any) -> None:
    admin = client_of(strict, "admin").confirmed()
    cell = {"service:people.view": "all"}
    led = admin.post("/roles/", cell)
    assert led["Location"].startswith("/t/bank/accounts/2fa/?passkey=1&next=")
    page = admin.get(led["Location"]).content.decode()
    assert "通行密钥" in page
    assert "/t/bank/roles/" in page, "and back from there"
    Authenticator.objects.create(user=strict.users["admin"], type="webauthn", data={"name": "x", "credential": {}})
    assert admin.post("/roles/", cell)["Location"].startswith(
        "/t/bank/accounts/2fa/webauthn/reauthenticate/?passkey=1&next="
    )
    admin.confirmed(by_passkey=True)
    assert "1 项变更" in admin.get("/roles/").content.decode(), "what was chosen waited"
    saved = {**cell, "was": "service:people.view=", "confirm": "yes", "reason": "复核"}
    assert admin.post("/roles/", saved).status_code == 302
    with strict.open():
        assert RoleCapability.objects.filter(role__key="service", capability="people.view").exists()
    # The last confirmation counts: one by password after it is no approval.
    assert admin.confirmed().post("/roles/", {"service:roles.view": "all"}).status_code == 302


def test_a_passkey_of_long_ago_is_none_and_no_other_act_asks_for_one(strict: Lender, client_of: Any) -> None:
    admin = client_of(strict, "admin").confirmed(by_passkey=True)
    session = admin.session
    session["account_authentication_methods"][-1]["at"] -= 301
    session.save()
    assert "passkey=1" in admin.post("/roles/", {"service:people.view": "all"})["Location"]
    again = client_of(strict, "admin").confirmed()
    with strict.open():
        given = Role.objects.get(key="service").id
    assert again.post("/api-keys/", {"name": "core", "role": given, "days": "30"}).status_code == 200


def test_a_second_persons_word_asks_for_theirs(strict: Lender, client_of: Any) -> None:
    with strict.open():
        asked = {"loans": [str(open_loan(strict.actor("admin"), 1).id)]}
        row = opening_ask(actor=strict.actor("officer"), kind="loans.export", asked=asked, reason_code="audit")
    decider = client_of(strict, "compliance").confirmed()
    way = f"/compliance/openings/{row.id}/decide/"
    assert "passkey=1" in decider.post(way, {"word": "approve"})["Location"]
    assert decider.confirmed(by_passkey=True).post(way, {"word": "approve"}).status_code == 302
    with strict.open():
        assert Opening.objects.get(id=row.id).state == "approved"


def test_the_policy_costs_no_query(strict: Lender, django_assert_num_queries: Any) -> None:
    with strict.open(), django_assert_num_queries(2):
        assert strict.actor("admin").confirm_minutes == 5
    with strict.open():
        assert AccessPolicy.objects.get().passkeys
