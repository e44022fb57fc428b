"""The base of every tenant table and its manager, which raises outside an open tenant."""

from typing import Any, ClassVar, Self, TypeVar

from django.db import models

from carloan.core.ids import uuid7
from carloan.core.tenancy import CrossTenant, current_tenant_id

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class TenantQuerySet(models.QuerySet[Row_co]):
    """Refuses to write rows of another tenant; reading is scoped by the manager."""

    def _insert(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        tenant_id = current_tenant_id()
        if any(row.tenant_id != tenant_id for row in objs):
            raise CrossTenant("a row of another tenant was about to be written")
        return super()._insert(objs, *args, **kwargs)  # type: ignore[misc]

    def update(self, **values: Any) -> int:
        if "tenant" in values or "tenant_id" in values:
            raise CrossTenant("a row never changes its tenant")
        return super().update(**values)


class TenantManager(models.Manager[Row_co]):
    """Reads of the open tenant only; NoTenant is raised outside tenant_atomic()."""

    def get_queryset(self) -> TenantQuerySet[Row_co]:
        rows: TenantQuerySet[Row_co] = TenantQuerySet(self.model, using=self._db)
        return rows.filter(tenant_id=current_tenant_id())


class TenantModel(models.Model):
    """A row of one tenant. In the database its primary key is (tenant_id, id) (carloan/core/postgres/schema.py)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = models.ForeignKey(
        "core.Tenant", models.PROTECT, default=current_tenant_id, editable=False, related_name="+"
    )

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        abstract = True
        # Related objects and saves go through the same fence as lists.
        base_manager_name = "objects"


class NaturalTenantModel(models.Model):
    """A tenant's row without an id of its own, for tables of millions that no other row points at; the heir declares a
    CompositePrimaryKey that begins with the tenant."""

    tenant = models.ForeignKey(
        "core.Tenant", models.PROTECT, default=current_tenant_id, editable=False, related_name="+"
    )

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
