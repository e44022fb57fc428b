"""The blind index of recognised text: keyed hashes of runs of characters, rebuildable, never backed up.

Papers are indexed in segments: a new paper makes a small one, and the sweep merges small ones into larger ones. What a
segment says never changes; a paper that is read again or destroyed loses its slot, and its pages are gone with it.
The key is the tenant's, so that equal text of two tenants shares no gram. See docs/decisions for what it gives away.
"""

from django.db import models

from carloan.archives.models.paper import Paper
from carloan.core.models import NaturalTenantModel, TenantModel


class SearchSegment(TenantModel):
    """Some papers indexed together. `starts` are the numbers of their first pages (uint16), in the order of the slots.

    A merged segment stays for a while, for searches that have read its blocks and still need its slots. `purge` asks
    the sweep to write the segment anew at once, because the text of one of its papers was destroyed. `index_version` is
    that of the lender's index key, under which all its grams are hashed.
    """

    pages = models.IntegerField()
    papers = models.IntegerField()
    starts = models.BinaryField()
    purge = models.BooleanField(default=False)
    index_version = models.SmallIntegerField(default=1, db_default=1)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(
                fields=["tenant", "id"], condition=models.Q(retired_at=None), name="archives_searchsegment_live"
            )
        ]

    def __str__(self) -> str:
        return f"{self.papers} papers of segment {self.id}"


class SearchBlock(NaturalTenantModel):
    """Neighbouring grams of a segment, beginning with `first`, each with its pages (`policies.postings`)."""

    pk = models.CompositePrimaryKey("tenant_id", "segment_id", "first")
    segment = models.ForeignKey(SearchSegment, models.CASCADE, related_name="+", db_index=False)
    first = models.BigIntegerField()
    body = models.BinaryField()

    class Meta(NaturalTenantModel.Meta):
        pass

    def __str__(self) -> str:
        return f"block {self.first} of segment {self.segment_id}"


class SearchSlot(NaturalTenantModel):
    """Which paper stands at a place of a segment. Without its slot a paper is not found there any more."""

    pk = models.CompositePrimaryKey("tenant_id", "segment_id", "place")
    segment = models.ForeignKey(SearchSegment, models.CASCADE, related_name="+", db_index=False)
    place = models.IntegerField()
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="+")

    class Meta(NaturalTenantModel.Meta):
        pass

    def __str__(self) -> str:
        return f"place {self.place} of segment {self.segment_id}"
