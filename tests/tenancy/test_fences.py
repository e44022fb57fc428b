"""Two fences between lenders, each enough alone: the same leaks are tried with both and with either one."""

from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, connections, models, transaction
from django.utils import timezone

from carloan.core.catalog import findings
from carloan.core.ids import uuid7
from carloan.core.keys import KeyMissing, Subject, destroy_key, secrets_of
from carloan.core.keystore.models import SubjectKey, TenantKey
from carloan.core.models import Branch, Membership, Tenant, TenantManager
from carloan.core.registry import own_models
from carloan.core.tenancy import CrossTenant, NoTenant, current_tenant_id, tenant_atomic, tenant_scope
from tests.cast import Lender, lender_changes
from tests.tenancy.conftest import superuser

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def tenant_models() -> list[type[models.Model]]:
    return [
        model
        for model in own_models()
        if any(field.column == "tenant_id" for field in model._meta.concrete_fields)
        and model._meta.app_label != "keystore"
    ]


def test_the_catalogue_of_both_databases_is_whole() -> None:
    assert findings("default") == []
    assert findings("keystore") == []


def test_the_linter_sees_a_table_without_a_fence() -> None:
    """A check that cannot fail checks nothing: break the catalogue as the owner and look."""
    with superuser(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE leaky (tenant_id uuid, id uuid PRIMARY KEY, core_branch uuid)")
        cursor.execute("GRANT TRUNCATE ON leaky TO app")
        cursor.execute("CREATE VIEW peek AS SELECT * FROM core_branch")
        cursor.execute("ALTER TABLE core_branch NO FORCE ROW LEVEL SECURITY")
        cursor.execute("GRANT UPDATE ON core_auditevent TO app")
        cursor.execute("SELECT proowner::regrole::text FROM pg_proc WHERE proname = 'core_tenants_of'")
        unfenced = cursor.fetchone()[0]
        definer = "RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = public AS 'SELECT 1'"
        cursor.execute(f"CREATE FUNCTION peep() {definer}")
        cursor.execute(f"ALTER FUNCTION peep() OWNER TO {unfenced}")
        cursor.execute(f"CREATE FUNCTION gape() {definer}")
        cursor.execute(f"GRANT SELECT ON core_branch TO {unfenced}")
        cursor.execute(f"GRANT SELECT (display_name) ON core_membership TO {unfenced}")
        cursor.execute(f"GRANT UPDATE ON core_tenant TO {unfenced}")
        cursor.execute("CREATE TABLE nest (id int)")
        cursor.execute(f"ALTER TABLE nest OWNER TO {unfenced}")
        found = "\n".join(findings("default"))
    for line in (
        "leaky has no forced row-level security",
        "the unique index leaky_pkey tells one tenant about another",
        "app has TRUNCATE on leaky",
        "the view peek reads with its owner's rights",
        "core_branch has no forced row-level security",
        "app may update the append-only core_auditevent",
        "the function peep looks past row-level security",
        "the function gape looks past row-level security",
        "the owner of a function past row-level security has SELECT on core_branch",
        "the owner of a function past row-level security has SELECT on core_membership display_name",
        "the owner of a function past row-level security has UPDATE on core_tenant",
        "the owner of a function past row-level security has OWN on nest",
    ):
        assert line in found


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_a_query_without_a_tenant_raises(model: type[models.Model]) -> None:
    with pytest.raises(NoTenant):
        list(model._default_manager.all()[:1])
    with pytest.raises(NoTenant):
        model._base_manager.count()


def test_a_lender_never_sees_rows_of_the_other(fences: str, bank: Lender, other: Lender) -> None:
    """Every tenant table, whatever stands in it."""
    for mine, theirs in ((bank, other), (other, bank)):
        with mine.open():
            for model in tenant_models():
                seen = {row[0] for row in model._default_manager.values_list("tenant_id").distinct()}
                assert seen <= {mine.tenant.id}, (fences, model._meta.label)
            assert not Branch.objects.filter(id=theirs.branches["head"].id).exists()
            assert Branch.objects.filter(id=mine.branches["head"].id).exists()


def test_a_row_of_the_other_lender_cannot_be_changed_or_removed(fences: str, bank: Lender, other: Lender) -> None:
    target = other.branches["east"].id
    with bank.open():
        assert Branch.objects.filter(id=target).update(name="taken") == 0
        assert Branch.objects.filter(id=target).delete()[0] == 0
        stolen = other.branches["east"]
        with pytest.raises((CrossTenant, DatabaseError)), transaction.atomic():
            stolen.name = "taken"
            stolen.save(update_fields=["name"])
    with other.open():
        assert Branch.objects.get(id=target).name == "城东支行"


def test_a_row_cannot_be_written_into_the_other_lender(fences: str, bank: Lender, other: Lender) -> None:
    with bank.open(), pytest.raises((CrossTenant, DatabaseError)), transaction.atomic():
        Branch.objects.create(tenant_id=other.tenant.id, code="999", name="smuggled", audit_event_id=uuid7())
    with other.open():
        assert not Branch.objects.filter(code="999").exists()


def test_a_row_cannot_point_into_the_other_lender(bank: Lender, other: Lender) -> None:
    """A plain foreign key would pass row-level security; the composite one refuses at the end of the transaction."""
    with bank.open(), pytest.raises(DatabaseError), transaction.atomic():
        Branch.objects.create(code="998", name="x", parent_id=other.branches["head"].id, audit_event_id=uuid7())
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_same_natural_key_may_stand_in_both(bank: Lender, other: Lender) -> None:
    for lender in (bank, other):
        with lender.open():
            assert Branch.objects.filter(code="101").count() == 1


@pytest.mark.parametrize(
    "statement", ["SELECT * FROM core_branch", "SELECT * FROM core_membership", "SELECT * FROM core_auditevent"]
)
def test_raw_sql_sees_nothing_without_a_tenant_and_only_its_own_with_one(statement: str, bank: Lender) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.fetchall() == []
    with bank.open(), connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT tenant_id FROM ({statement}) AS rows")
        assert [UUID(str(row[0])) for row in cursor.fetchall()] == [bank.tenant.id]


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE core_branch",
        "ALTER TABLE core_branch DISABLE ROW LEVEL SECURITY",
        "DROP POLICY fence ON core_branch",
        "SET ROLE owner",
        "SET SESSION AUTHORIZATION postgres",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (id int)",
        "CREATE TEMP TABLE mine (id int)",
        "COPY core_branch TO PROGRAM 'cat'",
        "ALTER TABLE core_auditevent DISABLE TRIGGER ALL",
    ],
)
def test_the_application_role_cannot_step_over_the_fence(statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_setting_ends_with_its_block(bank: Lender, other: Lender) -> None:
    def setting() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(current_setting('app.tenant_id', true), '')")
            return str(cursor.fetchone()[0])

    with bank.open():
        assert setting() == str(bank.tenant.id)
        with tenant_atomic():
            assert setting() == str(bank.tenant.id)
        assert setting() == str(bank.tenant.id)
    assert setting() == ""
    with pytest.raises(RuntimeError, match="inside"), other.open():
        raise RuntimeError("inside")
    assert setting() == ""
    with bank.open():
        with pytest.raises(DatabaseError), tenant_atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
        assert setting() == str(bank.tenant.id)


def test_a_second_tenant_inside_the_first_is_refused(bank: Lender, other: Lender) -> None:
    with bank.open(), pytest.raises(CrossTenant), other.open():
        pass
    with tenant_scope(bank.tenant.id):
        with pytest.raises(NoTenant):
            current_tenant_id()
        with tenant_atomic():
            assert current_tenant_id() == bank.tenant.id
        with pytest.raises(CrossTenant), tenant_scope(other.tenant.id):
            pass


def test_a_queryset_of_one_lender_gives_nothing_in_the_other(bank: Lender, other: Lender) -> None:
    with bank.open():
        lazy = Branch.objects.all()
    with other.open():
        assert list(lazy) == []


def test_a_row_never_changes_its_tenant(bank: Lender, other: Lender) -> None:
    with bank.open(), pytest.raises(CrossTenant):
        Branch.objects.update(tenant_id=other.tenant.id)


@pytest.mark.parametrize("model", [SubjectKey, TenantKey])
def test_keys_of_the_other_lender_stay_closed(fences: str, bank: Lender, other: Lender, model: Any) -> None:
    theirs = Subject("tenant", other.tenant.id)
    with bank.open(), tenant_atomic(using="keystore"):
        assert {row.tenant_id for row in model.objects.all()} == {bank.tenant.id}
        assert not model.objects.filter(tenant_id=other.tenant.id).exists()
        # Keys are removed by nobody; without that fence there is none to remove.
        with suppress(DatabaseError), transaction.atomic(using="keystore"):
            assert model.objects.filter(tenant_id=other.tenant.id).delete()[0] == 0
        with pytest.raises(KeyMissing):
            secrets_of(theirs)
        assert not destroy_key(theirs)
    with other.open():
        assert secrets_of(theirs)


def test_a_key_cannot_be_written_into_the_other_lender(fences: str, bank: Lender, other: Lender) -> None:
    made = SubjectKey(
        id=uuid7(),
        tenant_id=other.tenant.id,
        kind="loan",
        tenant_key_version=1,
        wrapped=b"x",
        created_at=timezone.now(),
    )
    with bank.open(), pytest.raises((CrossTenant, DatabaseError)), tenant_atomic(using="keystore"):
        made.save(force_insert=True)
    with other.open(), tenant_atomic(using="keystore"):
        assert not SubjectKey.objects.filter(id=made.id).exists()


@pytest.mark.parametrize("model", [SubjectKey, TenantKey])
def test_without_a_tenant_the_key_store_shows_nothing(model: Any) -> None:
    with connections["keystore"].cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
        assert cursor.fetchone()[0] == 0


def test_who_belongs_where_is_told_by_ids_only(bank: Lender, other: Lender) -> None:
    from carloan.core.access import tenants_of

    assert tenants_of(bank.users["officer"]) == [bank.tenant.id]
    with bank.open():
        Membership.objects.filter(user=bank.users["officer"]).update(is_active=False)
    assert tenants_of(bank.users["officer"]) == []


def test_every_table_is_fenced_or_on_the_list_with_a_reason() -> None:
    from carloan.core.checks import GLOBAL_TABLES, every_table_has_a_fence

    assert every_table_has_a_fence(None) == []
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} | {"django_migrations"}
    assert set(GLOBAL_TABLES) <= tables, "a reason without a table"


def test_a_disabled_tenant_has_no_tasks(bank: Lender) -> None:
    lender_changes(bank, state=Tenant.State.DISABLED)
    from carloan.core.access import tenants_of

    assert tenants_of(bank.users["admin"]) == []


def test_these_tests_would_see_a_leak(monkeypatch: pytest.MonkeyPatch, bank: Lender, other: Lender) -> None:
    """With both fences off the other lender's rows do show: the tests above can fail."""
    monkeypatch.setattr(TenantManager, "get_queryset", models.Manager.get_queryset)
    with superuser(), superuser("keystore"):
        with bank.open():
            assert Branch.objects.filter(id=other.branches["head"].id).exists()
        with bank.open(), tenant_atomic(using="keystore"):
            assert SubjectKey.objects.filter(tenant_id=other.tenant.id).exists()
