"""Stock-takes (盘点): what should lie in a place, what was scanned there, and how they differ. Nothing moves by one."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carloan.archives.models.originals import Original
from carloan.archives.models.storage import StoragePlace
from carloan.core.models import Membership, TenantModel


class StockTake(TenantModel):
    """One count of a place with all that lies in it. What should lie there is kept when it begins (`StockExpected`);
    `digest` is the hash of the differences when the count ends, which somebody else settles."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("stock-take", "Being counted")
        COUNTED = "counted", pgettext_lazy("stock-take", "Counted, to be settled")
        SETTLED = "settled", pgettext_lazy("stock-take", "Settled")
        WITHDRAWN = "withdrawn", pgettext_lazy("stock-take", "Withdrawn")

    number = models.IntegerField(_("number"))
    place = models.ForeignKey(
        StoragePlace, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("storage", "place")
    )
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OPEN)
    begun_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(auto_now_add=True)
    counted_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    counted_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(_("hash of the differences"), max_length=64, blank=True, default="")
    revision = models.IntegerField(default=1)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="archives_stocktake_number"),
            # Two counts of one place at once would each miss what the other scanned.
            models.UniqueConstraint(
                fields=["tenant", "place"], condition=models.Q(state="open"), name="archives_stocktake_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "counted", "settled", "withdrawn"]),
                name="archives_stocktake_state",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_by=None) | ~models.Q(settled_by=models.F("counted_by")),
                name="archives_stocktake_two",
            ),
        ]

    def __str__(self) -> str:
        return f"stock-take {self.number}"


class OfStockTake(TenantModel):
    """A fact of one stock-take."""

    stocktake = models.ForeignKey(StockTake, models.PROTECT, related_name="+")
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        abstract = True


class StockExpected(OfStockTake):
    """An original that should lie in the place when the count begins, and where in it."""

    original = models.ForeignKey(Original, models.PROTECT, related_name="+")
    place = models.ForeignKey(StoragePlace, models.PROTECT, related_name="+")

    class Meta(OfStockTake.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "stocktake", "original"], name="archives_stockexpected_once")
        ]

    def __str__(self) -> str:
        return f"{self.original_id} in {self.stocktake_id}"


class StockScan(OfStockTake):
    """A code that was scanned, and in which place of the tree; `original` is none for a code that is on nothing known.
    One code counts once, however often it is scanned or sent."""

    code = models.CharField(pgettext_lazy("storage", "code"), max_length=20)
    original = models.ForeignKey(Original, models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(StoragePlace, models.PROTECT, related_name="+")
    by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(OfStockTake.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "stocktake", "code"], name="archives_stockscan_once")]

    def __str__(self) -> str:
        return f"{self.code} in {self.stocktake_id}"


class StockDifference(OfStockTake):
    """One difference as it stood when the count ended."""

    class Kind(models.TextChoices):
        MISSING = "missing", pgettext_lazy("stock-take", "Not found")
        MISPLACED = "misplaced", pgettext_lazy("stock-take", "In another place")
        UNEXPECTED = "unexpected", pgettext_lazy("stock-take", "Should not be here")
        UNKNOWN = "unknown", pgettext_lazy("stock-take", "Code of nothing known")

    position = models.IntegerField(_("place"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    code = models.CharField(pgettext_lazy("storage", "code"), max_length=20)
    original = models.ForeignKey(Original, models.PROTECT, null=True, related_name="+")
    should_lie = models.ForeignKey(StoragePlace, models.PROTECT, null=True, related_name="+")
    lies = models.ForeignKey(StoragePlace, models.PROTECT, null=True, related_name="+")

    class Meta(OfStockTake.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "stocktake", "position"], name="archives_stockdifference_place"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["missing", "misplaced", "unexpected", "unknown"]),
                name="archives_stockdifference_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
