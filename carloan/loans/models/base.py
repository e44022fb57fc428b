"""Rows that are known by natural keys: millions of them, which no other row points at."""

from django.db import models

from carloan.core.models import TenantManager
from carloan.core.tenancy import current_tenant_id


class NaturalTenantModel(models.Model):
    """A tenant's row without an id of its own; the heir declares a CompositePrimaryKey that begins with the tenant."""

    tenant = models.ForeignKey(
        "core.Tenant", models.PROTECT, default=current_tenant_id, editable=False, related_name="+"
    )

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
