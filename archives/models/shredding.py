"""Shredding orders (销毁工单): originals of what a batch destroyed, scanned one by one before they go."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carloan.archives.models.originals import Original
from carloan.compliance.models import DestructionBatch
from carloan.core.models import Membership, TenantModel


class ShreddingOrder(TenantModel):
    """The originals of one batch on their way to the shredder. How they went, and who saw it, is recorded with the
    batch (compliance.DestructionShredding); this order says which sheets they were, and ends with that record."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("shredding order", "Being scanned")
        DONE = "done", pgettext_lazy("shredding order", "Shredded and witnessed")
        WITHDRAWN = "withdrawn", pgettext_lazy("shredding order", "Withdrawn")

    number = models.IntegerField(_("number"))
    batch = models.ForeignKey(DestructionBatch, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OPEN)
    drawn_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    revision = models.IntegerField(default=1)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="archives_shreddingorder_number"),
            models.UniqueConstraint(
                fields=["tenant", "batch"], condition=models.Q(state="open"), name="archives_shreddingorder_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "done", "withdrawn"]), name="archives_shreddingorder_state"
            ),
        ]

    def __str__(self) -> str:
        return f"shredding order {self.number}"


class ShreddingItem(TenantModel):
    """An original of the order, and at which place of the batch's list its loan stands. A fact."""

    order = models.ForeignKey(ShreddingOrder, models.PROTECT, related_name="items")
    original = models.ForeignKey(Original, models.PROTECT, related_name="+")
    position = models.IntegerField(_("place"))
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "order", "original"], name="archives_shreddingitem_once")
        ]

    def __str__(self) -> str:
        return f"{self.original_id} of {self.order_id}"


class ShreddingScan(TenantModel):
    """An original of the order was scanned at the shredder. A fact."""

    order = models.ForeignKey(ShreddingOrder, models.PROTECT, related_name="scans")
    original = models.ForeignKey(Original, models.PROTECT, related_name="+")
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "order", "original"], name="archives_shreddingscan_once")
        ]

    def __str__(self) -> str:
        return f"{self.original_id} at {self.order_id}"
