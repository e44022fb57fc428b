"""A real lender from the command line: set up, entered, changed, told in its trail."""

import re
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from carloan.core.audit import open_detail
from carloan.core.calendars import working_days
from carloan.core.models import AccessPolicy, AuditEvent, Branch, RoleAssignment, Tenant, TenantHost
from carloan.core.tenancy import tenant_atomic
from carloan.lib import calendar_cn
from carloan.lib.jurisdictions import CODES
from carloan.lib.workdays import WorkdayTable
from tests.cast import Lender, as_platform

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


ALONE = ("--one-administrator",)


def create(*arguments: str) -> str:
    out = StringIO()
    with as_platform():
        call_command("tenant_create", *arguments, *ALONE, stdout=out)
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


def test_a_new_lender_has_three_administrators_unless_somebody_says_otherwise() -> None:
    out, three = StringIO(), ("--security-admin", "li@three", "--audit-admin", "wang@three")
    with as_platform():
        call_command("tenant_create", "three", "三员银行", "--admin", "zhang@three", *three, stdout=out)
    assert [line.split()[0] for line in out.getvalue().splitlines()[1:]] == ["zhang@three", "li@three", "wang@three"]
    with tenant_atomic(Tenant.objects.get(slug="three").id):
        assert AccessPolicy.objects.get().separated
        roles = RoleAssignment.objects.values_list("membership__user__username", "role__key")
        assert dict(roles) == {
            "zhang@three": "system_admin", "li@three": "security_admin", "wang@three": "audit_admin"
        }  # fmt: skip
    for wrong in ((), three[:2], ("--security-admin", "zhang@one", "--audit-admin", "li@one"), (*three, *ALONE)):
        with as_platform(), pytest.raises(CommandError):
            call_command("tenant_create", "one", "一员银行", "--admin", "zhang@one", *wrong, stdout=StringIO())
    assert not Tenant.objects.filter(slug="one").exists()


def test_the_operator_gives_a_lender_back_to_one_administrator() -> None:
    three = ("--security-admin", "li@back", "--audit-admin", "wang@back")
    with as_platform():
        call_command("tenant_create", "back", "三员银行", "--admin", "zhang@back", *three, stdout=StringIO())
    assert "separated" in change("back", "--one-administrator")
    assert "nothing changed" in change("back", "--one-administrator")
    with tenant_atomic(Tenant.objects.get(slug="back").id):
        assert not AccessPolicy.objects.get().separated
        assert AuditEvent.objects.filter(action="core.access_policy.changed").count() == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("bank", "x", "--admin", "new@x"),
        ("Bad Slug", "x", "--admin", "new@x"),
        ("ok-slug", "x", "--admin", "new@x", "--time-zone", "Mars/Olympus"),
        ("ok-slug", "x", "--admin", "new@x", "--host", "not a host"),
        ("ok-slug", "x", "--admin", "new@x", "--jurisdiction", "us", "--time-zone", "America/New_York"),
        ("ok-slug", "x", "--admin", "new@x", "--jurisdiction", "XX", "--time-zone", "America/New_York"),
        ("ok-slug", "x", "--admin", "new@x", "--jurisdiction", "US"),
    ],
)
def test_what_cannot_be_is_refused_in_words(bank: Lender, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as refused:
        create(*arguments)
    assert len(str(refused.value)) > 5


def test_a_lender_of_another_country_begins_with_weekends_and_is_warned() -> None:
    told = StringIO()
    where = ("--jurisdiction", "US", "--time-zone", "America/New_York", "--currency", "USD")
    with as_platform():
        call_command(
            "tenant_create", "us-bank", "US Bank", "--admin", "boss@us", *where, *ALONE, stdout=StringIO(), stderr=told
        )
    assert told.getvalue().startswith("The public holidays of US are not entered")
    tenant = Tenant.objects.get(slug="us-bank")
    assert (tenant.jurisdiction, tenant.time_zone, tenant.currency) == ("US", "America/New_York", "USD")
    with tenant_atomic(tenant.id):
        assert working_days() == WorkdayTable()
        assert Branch.objects.get(code="000").zone == ZoneInfo("America/New_York")
        event = AuditEvent.objects.get(action="core.tenant.created")
        assert open_detail(event)["after"]["jurisdiction"] == "US"


def test_a_lender_is_chinas_if_nothing_else_is_said() -> None:
    told = StringIO()
    with as_platform():
        call_command("tenant_create", "cn-bank", "银行", "--admin", "boss@cn", *ALONE, stdout=StringIO(), stderr=told)
    assert told.getvalue() == ""
    tenant = Tenant.objects.get(slug="cn-bank")
    assert (tenant.jurisdiction, tenant.time_zone) == ("CN", "Asia/Shanghai")
    with tenant_atomic(tenant.id):
        assert working_days(calendar="CN").years == calendar_cn.YEARS


def test_the_countries_are_those_of_the_standard() -> None:
    assert len(CODES) == 249
    assert {"CN", "HK", "TW", "US", "GB"} <= CODES


@pytest.mark.parametrize("code", ["cn", "C", "C1"])
def test_the_database_keeps_two_capital_letters(bank: Lender, code: str) -> None:
    refused = pytest.raises(IntegrityError, match="core_tenant_jurisdiction")
    with as_platform(), refused, transaction.atomic():
        Tenant.objects.filter(id=bank.tenant.id).update(jurisdiction=code)


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
    who = ["bank"] if command == "tenant_change" else ["new-bank", "新银行", "--admin", "boss@new-bank", *ALONE]
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
