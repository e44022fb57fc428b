"""A real lender from the command line: set up, entered, changed, told in its trail."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from carloan.core.models import AuditEvent, Tenant, TenantHost
from carloan.core.tenancy import tenant_atomic
from tests.cast import Lender, as_platform

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def create(*arguments: str) -> str:
    out = StringIO()
    with as_platform():
        call_command("tenant_create", *arguments, stdout=out)
    return out.getvalue()


def change(*arguments: str) -> str:
    out = StringIO()
    with as_platform():
        call_command("tenant_change", *arguments, stdout=out)
    return out.getvalue()


def test_a_new_lender_can_be_entered_with_the_printed_password(bank: Lender) -> None:
    told = create("fresh-bank", "新银行", "--admin", "boss@fresh", "--host", "loans.fresh.example")
    password = re.findall(r"boss@fresh  (\S+)", told)[0]
    client = Client()
    client.post("/accounts/login/", {"login": "boss@fresh", "password": password})
    assert client.get("/t/fresh-bank/people/")["Location"].endswith("/accounts/password/change/")
    own = {"oldpassword": password, "password1": "a-goldfish-84-harbour", "password2": "a-goldfish-84-harbour"}
    client.post("/accounts/password/change/", own)
    assert client.get("/t/fresh-bank/people/").status_code == 200
    assert TenantHost.objects.get(host="loans.fresh.example").lender.slug == "fresh-bank"


@pytest.mark.parametrize(
    "arguments",
    [
        ("bank", "x", "--admin", "new@x"),
        ("Bad Slug", "x", "--admin", "new@x"),
        ("ok-slug", "x", "--admin", "new@x", "--time-zone", "Mars/Olympus"),
        ("ok-slug", "x", "--admin", "new@x", "--host", "not a host"),
    ],
)
def test_what_cannot_be_is_refused_in_words(bank: Lender, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as refused:
        create(*arguments)
    assert len(str(refused.value)) > 5


def test_a_change_is_told_in_the_lenders_trail(bank: Lender) -> None:
    assert "require_mfa, time_zone" in change("bank", "--require-mfa", "--time-zone", "Asia/Urumqi")
    assert Tenant.objects.get(slug="bank").require_mfa
    with tenant_atomic(bank.tenant.id):
        assert AuditEvent.objects.filter(action="core.tenant.changed").count() == 1
    change("bank", "--require-mfa")
    with tenant_atomic(bank.tenant.id):
        assert AuditEvent.objects.filter(action="core.tenant.changed").count() == 1


@pytest.mark.parametrize("command", ["tenant_change", "tenant_create"])
def test_a_host_that_is_not_answered_to_is_told(bank: Lender, command: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["known.example"]
    who = ["bank"] if command == "tenant_change" else ["new-bank", "新银行", "--admin", "boss@new-bank"]
    with as_platform():
        call_command(
            command,
            *who,
            *("--host", "known.example", "--host", "unknown.example"),
            stdout=StringIO(),
            stderr=(told := StringIO()),
        )
    (line,) = told.getvalue().splitlines()
    assert line.startswith("unknown.example: not among CARLOAN_HOSTS")


def test_a_host_of_one_lender_is_not_given_to_another(bank: Lender, other: Lender) -> None:
    change("bank", "--host", "loans.one.example")
    with pytest.raises(CommandError):
        change("other", "--host", "loans.one.example")
