"""Django's PostgreSQL backend with tenant tables by construction (see schema.py) and an optional role."""

import os
from typing import Any

from django.db.backends.postgresql import base, features

from .schema import TenantSchemaEditor


class DatabaseFeatures(features.DatabaseFeatures):
    # The primary key is (tenant_id, id): PostgreSQL does not take `id` alone as standing for the other columns.
    allows_group_by_selected_pks = False


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = TenantSchemaEditor
    features_class = DatabaseFeatures

    def init_connection_state(self) -> None:
        """Set-up commands log in as an administrator and act as `owner`, so that every table belongs to it."""
        super().init_connection_state()
        if role := os.environ.get("CARLOAN_DB_ROLE", ""):
            with self.cursor() as cursor:
                cursor.execute(f"SET ROLE {self.ops.quote_name(role)}")

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        # An open tenant belongs to a transaction of the old connection, never to a new one.
        self.open_tenant: Any = None
        return connection
