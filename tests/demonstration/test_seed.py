"""The demonstration in the database: made through the same doors as everything, whole after any interruption, once."""

import json
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from carloan.core.api_keys import key_of_token, tenant_of_token
from carloan.core.models import Tenant
from carloan.core.tenancy import tenant_atomic
from carloan.demonstration.lenders import LENDERS, ROLES
from carloan.demonstration.seed import house


@pytest.fixture(scope="module")
def furnished(django_db_setup: None, django_db_blocker: Any) -> list[Tenant]:
    with django_db_blocker.unblock():
        tenants = []
        for lender in LENDERS:
            tenants.append(tenant := house.tenant_of(lender))
            house.furnish(lender, tenant)
        return tenants


def credentials() -> dict[str, Any]:
    out = StringIO()
    call_command("demo_credentials", "--json", stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


@pytest.mark.django_db
def test_everybody_whose_login_is_printed_can_sign_in(furnished: list[Tenant]) -> None:
    told = credentials()
    assert [tenant["slug"] for tenant in told["tenants"]] == [lender.slug for lender in LENDERS]
    for tenant in told["tenants"]:
        assert {user["role"] for user in tenant["users"]} == set(ROLES)
        assert set(tenant) == {"slug", "name", "users", "api_keys"}
        for user in tenant["users"]:
            assert set(user) == {"role", "username", "password"}
        for user in tenant["users"][: len(ROLES)]:
            request = RequestFactory().post("/accounts/login/")
            assert authenticate(request, username=user["username"], password=user["password"]), user["username"]
            assert not authenticate(request, username=user["username"], password=user["password"] + "x")


@pytest.mark.django_db
def test_every_printed_api_key_opens_its_own_tenant_with_its_role(furnished: list[Tenant]) -> None:
    for told, tenant in zip(credentials()["tenants"], furnished, strict=True):
        assert set(told["api_keys"]) == set(ROLES)
        for role, token in told["api_keys"].items():
            assert tenant_of_token(token) == tenant.id
            with tenant_atomic(tenant.id):
                key = key_of_token(token)
                assert key is not None
                assert key.role.key == role


@pytest.mark.django_db
def test_an_installation_without_a_demonstration_tells_no_logins(furnished: list[Tenant]) -> None:
    Tenant.objects.update(is_demonstration=False)
    with pytest.raises(CommandError, match="no demonstration"):
        call_command("demo_credentials")
