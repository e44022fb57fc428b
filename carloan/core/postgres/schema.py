"""How a tenant's table looks in PostgreSQL, decided in one place for every migration.

A model with a `tenant_id` column is a tenant's table. It gets, without its author writing any of it:

1. the primary key (tenant_id, id), and none on id alone, so that the table can be distributed by tenant;
2. foreign keys to other tenant tables as (tenant_id, x_id), so that a row can never point into another tenant
   (a plain foreign key passes row-level security: constraint checks run as the table's owner);
3. indexes of foreign keys that begin with tenant_id;
4. row-level security, forced, with a permissive base policy and a restrictive fence;
5. grants of SELECT, INSERT, UPDATE, DELETE to `app` and `worker`, never TRUNCATE or REFERENCES.

The catalog linter (carloan/core/catalog.py) checks the result in the running database.
"""

from typing import Any

from django.db.backends.ddl_references import Columns, Statement, Table
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.models import CompositePrimaryKey

# `current_setting` stands unwrapped: Citus refuses subqueries in policies, and after a transaction the setting
# reads '' instead of NULL, which is why nullif is there.
TENANT = "nullif(current_setting('app.tenant_id', true), '')::uuid"
READ_ONLY_TABLES = {"django_migrations"}
SERVICE_ROLES = ("app", "worker")


def is_tenant_table(model: Any) -> bool:
    return any(field.column == "tenant_id" for field in model._meta.local_fields)


class TenantSchemaEditor(DatabaseSchemaEditor):
    # Foreign keys added later go through _create_fk_sql too instead of standing in the column's definition.
    sql_create_column_inline_fk = None  # type: ignore[assignment]

    def create_model(self, model: Any) -> None:
        super().create_model(model)
        table = self.quote_name(model._meta.db_table)
        if is_tenant_table(model):
            # A composite key names the tenant itself and was made with the table.
            if not isinstance(model._meta.pk, CompositePrimaryKey):
                self.execute(
                    f"ALTER TABLE {table} ADD PRIMARY KEY (tenant_id, {self.quote_name(model._meta.pk.column)})"
                )
            for statement in fence_sql(table):
                self.execute(statement)
        for statement in grant_sql(model._meta.db_table, table):
            self.execute(statement)

    def _iter_column_sql(self, column_db_type: str, params: Any, model: Any, *rest: Any) -> Any:
        for part in super()._iter_column_sql(column_db_type, params, model, *rest):  # type: ignore[misc]
            if not (part == "PRIMARY KEY" and is_tenant_table(model)):
                yield part

    def _create_fk_sql(self, model: Any, field: Any, suffix: str) -> Statement:
        target = field.target_field.model
        if not (is_tenant_table(model) and is_tenant_table(target)):
            return super()._create_fk_sql(model, field, suffix)  # type: ignore[misc,no-any-return]
        return Statement(
            self.sql_create_fk,
            table=Table(model._meta.db_table, self.quote_name),
            name=self._fk_constraint_name(model, field, suffix),  # type: ignore[attr-defined]
            column=Columns(model._meta.db_table, ["tenant_id", field.column], self.quote_name),
            to_table=Table(target._meta.db_table, self.quote_name),
            to_column=Columns(target._meta.db_table, ["tenant_id", field.target_field.column], self.quote_name),
            deferrable=self.connection.ops.deferrable_sql(),
        )

    def _field_indexes_sql(self, model: Any, field: Any) -> list[Any]:
        if not (is_tenant_table(model) and field.is_relation and self._field_should_be_indexed(model, field)):  # type: ignore[attr-defined]
            return super()._field_indexes_sql(model, field)  # type: ignore[misc,no-any-return]
        if field.column == "tenant_id":
            return []  # the primary key leads with it
        tenant = model._meta.get_field("tenant")
        return [self._create_index_sql(model, fields=[tenant, field])]  # type: ignore[attr-defined]


def fence_sql(table: str) -> list[str]:
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY base ON {table} AS PERMISSIVE USING (true) WITH CHECK (true)",
        f"CREATE POLICY fence ON {table} AS RESTRICTIVE USING (tenant_id = {TENANT}) WITH CHECK (tenant_id = {TENANT})",
    ]


def grant_sql(name: str, table: str) -> list[str]:
    rights = "SELECT" if name in READ_ONLY_TABLES else "SELECT, INSERT, UPDATE, DELETE"
    return [f"GRANT {rights} ON {table} TO {role}" for role in SERVICE_ROLES]
