"""Lists as people like to see them: their filters under a name."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .base import TenantModel
from .people import Membership


class SavedView(TenantModel):
    """A named query string of a list (保存的视图), one's own or everybody's. `page` says of which list.

    `name` is what its maker typed; views that come with a lender have their English one too.
    """

    page = models.CharField(max_length=30)
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(max_length=60, blank=True, default="", db_default="")
    query = models.CharField(max_length=500)
    owner = models.ForeignKey(Membership, models.CASCADE, null=True, blank=True, related_name="saved_views")
    position = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        # The name of its first owner: the version before works on the same table.
        db_table = "loans_savedview"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "page", "owner", "name"], name="loans_savedview_name", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name
