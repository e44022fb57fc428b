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
from carloan.core.models import AuditEvent, Branch, Tenant, TenantHost
from carloan.core.tenancy import tenant_atomic
from carloan.lib import calendar_cn
from carloan.lib.jurisdictions import CODES
from carloan.lib.workdays import WorkdayTable
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
            "tenant_create", "us-bank", "US Bank", "--admin", "boss@us", *where, stdout=StringIO(), stderr=told
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
        call_command("tenant_create", "cn-bank", "银行", "--admin", "boss@cn", stdout=StringIO(), stderr=told)
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
