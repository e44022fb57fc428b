"""The blind index of recognised text: keyed hashes of pairs of characters, rebuildable, never backed up."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from carloan.archives.models.paper import Paper
from carloan.core.models import Branch, TenantModel


class PageGrams(TenantModel):
    """The grams of one page. The key is the tenant's, so that equal text of two tenants shares no gram.

    Read only by the function `archives_search_grams`, which filters tenant and branch itself: array operators are not
    leakproof, and row-level security would keep the index from being used.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="+")
    number = models.IntegerField()
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, related_name="+")
    grams = ArrayField(models.IntegerField())

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "paper", "number"], name="archives_pagegrams_number")]
        indexes = [GinIndex(fields=["grams"], name="archives_pagegrams_gin")]

    def __str__(self) -> str:
        return f"grams of page {self.number} of {self.paper_id}"
