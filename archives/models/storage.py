"""Where originals lie: warehouses, shelves, boxes and bags of a branch (库位), and how they were moved."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carloan.core.models import Branch, Membership, TenantModel


class StoragePlace(TenantModel):
    """One place of the tree (库位): a warehouse, a shelf, a box or a bag. `number` is on its label (policies/codes.py).

    `capacity` is how many places and originals may lie directly in it; none: nobody counts. It is closed, never
    removed: the chain of what once lay there names it.
    """

    class Level(models.TextChoices):
        WAREHOUSE = "warehouse", _("Warehouse")
        SHELF = "shelf", _("Shelf")
        BOX = "box", _("Box")
        BAG = "bag", _("Bag")

    number = models.IntegerField(_("number"))
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", verbose_name=_("branch"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    level = models.CharField(_("kind of place"), max_length=9, choices=Level.choices)
    name = models.CharField(pgettext_lazy("storage", "name"), max_length=60)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    revision = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="archives_storageplace_number"),
            # Two open places of one name beside each other would be one place to whoever looks for a paper.
            models.UniqueConstraint(
                fields=["tenant", "branch", "parent", "name"],
                condition=models.Q(closed_at=None),
                nulls_distinct=False,
                name="archives_storageplace_name",
            ),
            models.CheckConstraint(
                condition=models.Q(level__in=["warehouse", "shelf", "box", "bag"]), name="archives_storageplace_level"
            ),
            models.CheckConstraint(
                condition=models.Q(level="warehouse", parent=None)
                | (~models.Q(level="warehouse") & models.Q(parent__isnull=False)),
                name="archives_storageplace_root",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "parent"], name="archives_place_parent")]

    def __str__(self) -> str:
        return self.name


class StorageMove(TenantModel):
    """A place was put into another one with all that lies in it. A fact: never changed."""

    place = models.ForeignKey(StoragePlace, models.PROTECT, related_name="moves")
    source = models.ForeignKey(StoragePlace, models.PROTECT, related_name="+")
    target = models.ForeignKey(StoragePlace, models.PROTECT, related_name="+")
    by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.place_id} to {self.target_id}"
