"""A key may be cut down to some of its role's rights, and then has no other."""

from typing import Any

import pytest
from django.test import Client

from carloan.core.access import actor_again
from carloan.core.errors import Invalid
from carloan.core.models import ApiKey, AuditEvent, Role, RoleCapability
from carloan.core.services.api_keys import api_key_make
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def made(lender: Lender, scopes: list[str], role: str = "officer") -> tuple[ApiKey, str]:
    with lender.open():
        return api_key_make(
            actor=lender.actor("admin"), name=f"cut {scopes}", role=Role.objects.get(key=role), scopes=scopes
        )


def status(token: str, path: str) -> int:
    return Client().get(path, headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_key_cut_down_opens_only_what_it_was_cut_to(bank: Lender) -> None:
    _, whole = made(bank, [])
    _, cut = made(bank, ["loans.view"])
    for path in ("/api/v1/loans/", "/api/v1/papers/"):
        assert status(whole, path) == 200
    assert status(cut, "/api/v1/loans/") == 200
    assert status(cut, "/api/v1/papers/") == 403


def test_sight_is_cut_too(bank: Lender) -> None:
    key, _ = made(bank, ["loans.view"])
    with bank.open():
        actor = actor_again("key", key.id, name="worker")
        assert actor is not None
        assert actor.can("loans.view")
        assert not actor.can("sight.clear")


def test_a_right_that_the_role_loses_is_lost_by_the_key(bank: Lender) -> None:
    _, token = made(bank, ["loans.view"])
    with bank.open():
        RoleCapability.objects.filter(role__key="officer", capability="loans.view").delete()
    assert status(token, "/api/v1/loans/") == 403


@pytest.mark.parametrize("code", ["no.such", "roles.manage"])
def test_what_nobody_knows_or_the_role_does_not_hold_is_refused(bank: Lender, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        made(bank, ["loans.view", code])
    assert list(refused.value.fields) == ["scopes"]


def test_the_page_cuts_a_key_down_and_says_so(client_of: Any, bank: Lender) -> None:
    admin = client_of(bank, "admin").confirmed()
    with bank.open():
        role = Role.objects.get(key="officer")
    wrong = admin.post("/api-keys/", {"name": "core", "role": role.id, "days": 30, "scopes": ["roles.manage"]})
    assert wrong.status_code == 422
    assert wrong.context["form"].errors["scopes"]
    page = admin.post("/api-keys/", {"name": "core", "role": role.id, "days": 30, "scopes": ["loans.view"]})
    assert page.status_code == 200
    with bank.open():
        key = ApiKey.objects.get(name="core")
        assert key.scopes == ["loans.view"]
        assert AuditEvent.objects.filter(action="core.api_key.made", object_id=key.id).exists()
    assert status(page.context["token"], "/api/v1/papers/") == 403
    assert "仅限： 查看贷款" in admin.get("/api-keys/").content.decode()


def test_an_expired_or_revoked_key_goes_on_with_nothing(bank: Lender) -> None:
    """What it began is not finished with rights that nobody holds any more."""
    from datetime import timedelta

    from django.utils import timezone

    key, _ = made(bank, [])
    with bank.open():
        assert actor_again("key", key.id, name="worker") is not None
        ApiKey.objects.filter(id=key.id).update(expires_at=timezone.now() - timedelta(seconds=1))
        assert actor_again("key", key.id, name="worker") is None
        later = timezone.now() + timedelta(days=1)
        ApiKey.objects.filter(id=key.id).update(expires_at=later, revoked_at=timezone.now())
        assert actor_again("key", key.id, name="worker") is None
