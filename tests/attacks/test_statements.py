"""Statements past every service, by the role that the web has in both databases: what is held, listed or registered
stays."""

import psycopg2
import pytest
from django.db import DatabaseError, connections, transaction

from carloan.compliance.services.held_keys import keys_hold
from carloan.core.keyring import tenant_secret
from carloan.core.keys import Tampered, forget_keys, secrets_of
from carloan.core.migration_operations import kept_rows
from carloan.core.tenancy import tenant_atomic
from carloan.loans.models import LoanParty
from carloan.loans.services.loan_people import loan_party_end
from tests.cast import Lender
from tests.compliance.held import place
from tests.loans.book import open_loan, person
from tests.plugin import owner_urls

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])

GARBAGE = "decode(repeat('00', 60), 'hex')"
NEW_KEY = (
    "INSERT INTO keystore_tenantkey"
    " (id, tenant_id, created_at, purpose, suite, version, min_decryption_version, wrapped)"
    " (SELECT gen_random_uuid(), current_setting('app.tenant_id')::uuid, now(), 'wrap', 'A', v.* FROM (VALUES"
)
REGISTERS = (
    "opening", "sealedunit", "archivesegment", "personrequest", "processingstop", "entrustedprocessor", "risk",
    "rulechange", "course", "examresult", "examgate",
)  # fmt: skip


def refused(lender: Lender, statement: str, using: str = "default") -> None:
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(using=using),
        connections[using].cursor() as cursor,
    ):
        cursor.execute(f"SET LOCAL app.tenant_id = '{lender.tenant.id}'")
        cursor.execute(statement)


@pytest.mark.parametrize("register", REGISTERS)
def test_no_statement_removes_what_a_register_holds(bank: Lender, register: str) -> None:
    for statement in (f"DELETE FROM compliance_{register}", f"TRUNCATE compliance_{register} CASCADE"):
        refused(bank, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM keystore_tenantkey",
        "DELETE FROM keystore_subjectkey",
        "DELETE FROM keystore_destroyedmark",
        "UPDATE keystore_tenantkey SET wrapped = ''",
        "UPDATE keystore_tenantkey SET wrapped = '', retired_at = now()",
        "UPDATE keystore_tenantkey SET wrapped = '', retired_at = now() WHERE purpose = 'index'",
        # Written over, each by something that opens nothing.
        f"UPDATE keystore_tenantkey SET wrapped = {GARBAGE}",
        f"UPDATE keystore_tenantkey SET wrapped = {GARBAGE}, retired_at = now()",
        f"UPDATE keystore_subjectkey SET wrapped = {GARBAGE}",
        f"UPDATE keystore_subjectkey SET wrapped = {GARBAGE}, tenant_key_version = 2",
        "UPDATE keystore_subjectkey SET wrapped = ''",
        "UPDATE keystore_subjectkey SET apart = true",
        "UPDATE keystore_subjectkey SET tenant_key_version = 0",
        "UPDATE keystore_subjectkey SET kind = 'party' WHERE kind = 'loan'",
        # What it is, and what it opens.
        "UPDATE keystore_tenantkey SET suite = 'S'",
        "UPDATE keystore_tenantkey SET purpose = 'seal' WHERE purpose = 'index'",
        "UPDATE keystore_tenantkey SET version = 2",
        "UPDATE keystore_tenantkey SET retired_at = now()",
        f"{NEW_KEY} (3, 1, {GARBAGE})) v)",
        f"{NEW_KEY} (2, 2, {GARBAGE})) v)",
        f"{NEW_KEY} (2, 1, ''::bytea)) v)",
    ],
)
def test_no_statement_takes_a_lender_s_keys_away(bank: Lender, statement: str) -> None:
    with bank.open():
        loan = open_loan(bank.actor("admin"), 1)
        refused(bank, statement, "keystore")
        forget_keys()
        assert secrets_of(loan.key_subject())


def test_a_version_that_opens_nothing_stops_nothing_that_stands_under_another(bank: Lender) -> None:
    """The next version is the web's to make, and the database cannot see whether it opens."""
    with bank.open():
        loan = open_loan(bank.actor("admin"), 1)
        with tenant_atomic(using="keystore"), connections["keystore"].cursor() as cursor:
            cursor.execute(f"{NEW_KEY} (2, 1, {GARBAGE})) v)")
        refused(bank, "UPDATE keystore_tenantkey SET min_decryption_version = 2 WHERE version = 2", "keystore")
        refused(bank, "UPDATE keystore_tenantkey SET retired_at = now(), wrapped = '' WHERE version = 1", "keystore")
        forget_keys()
        assert secrets_of(loan.key_subject())
        another = open_loan(bank.actor("admin"), 2)
        forget_keys()
        assert secrets_of(another.key_subject())
        with pytest.raises(Tampered):
            tenant_secret("wrap", 2)


def test_who_owns_the_tables_replaces_what_the_root_key_wraps(bank: Lender) -> None:
    link = psycopg2.connect(owner_urls["KEYSTORE_URL"])
    with link.cursor() as cursor:
        of = f"purpose = 'wrap' AND tenant_id = '{bank.tenant.id}'"
        cursor.execute(f"UPDATE keystore_tenantkey SET wrapped = {GARBAGE} WHERE {of}")
        assert cursor.rowcount == 1
    link.rollback()
    link.close()


def test_the_key_of_what_is_held_is_not_written_over(bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.actor("admin"), 1)
        keys_hold(place(bank, ("loan", loan.id)))
        refused(bank, "UPDATE keystore_subjectkey SET wrapped = decode(repeat('00', 60), 'hex')", "keystore")
        forget_keys()
        assert secrets_of(loan.key_subject())


def test_nobody_is_cut_off_from_a_held_loan(bank: Lender) -> None:
    """Who stands in a held loan is held by that alone: the tie stays, as a role or as a former one."""
    with bank.open():
        loan = open_loan(bank.actor("admin"), 1, people=[person(1), person(2, "guarantor")])
        place(bank, ("loan", loan.id))
        guarantor = LoanParty.objects.get(loan=loan, role="guarantor")
        other = open_loan(bank.actor("admin"), 3)
        refused(bank, "DELETE FROM loans_loanparty")
        refused(bank, f"UPDATE loans_loanparty SET loan_id = '{other.id}' WHERE id = '{guarantor.id}'")
        loan_party_end(
            actor=bank.actor("admin"), loan=loan, row=guarantor, revision=guarantor.revision, reason="登记有误"
        )
        assert not LoanParty.objects.filter(id=guarantor.id).exists()


def test_kept_rows_are_kept_from_the_owner_too() -> None:
    made = kept_rows("some_table").sql
    assert any("BEFORE DELETE ON some_table" in each for each in made)
    assert any("BEFORE TRUNCATE ON some_table" in each for each in made)
