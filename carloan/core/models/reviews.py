"""The quarterly review of who has access to what, and what was decided about each right."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import TenantModel
from .people import Membership


class AccessReview(TenantModel):
    """A review of all access in one quarter (权限复核), open until it is signed; a signed one never changes.

    `digest` is the SHA-256 of the signed report (services/reviews.py: `report_of`), which also stands in the event.
    """

    quarter = models.CharField(max_length=6)
    due_on = models.DateField()
    opened_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    signed_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "quarter"], name="core_accessreview_quarter"),
            models.CheckConstraint(
                condition=models.Q(quarter__regex="^[0-9]{4}Q[1-4]$"), name="core_accessreview_quarter_form"
            ),
            models.CheckConstraint(
                condition=models.Q(signed_at=None, signed_by=None, digest="")
                | models.Q(signed_at__isnull=False, signed_by__isnull=False, digest__regex="^[0-9a-f]{64}$"),
                name="core_accessreview_signed",
            ),
        ]

    def __str__(self) -> str:
        return self.quarter


class ReviewItem(TenantModel):
    """One right that a review asks about, as it stood when the review was opened, and what was decided.

    `kind` is one of core.reviewed; `mark` is the digest of what is asked (without its last use), by which the next
    review knows what has not changed. `member` is whose right it is; other systems' keys have none.
    """

    class Decision(models.TextChoices):
        KEEP = "keep", _("Kept")
        TAKE = "take", _("Taken away")

    review = models.ForeignKey(AccessReview, models.PROTECT, related_name="items")
    kind = models.CharField(max_length=20)
    object_id = models.UUIDField()
    member = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    whose = models.CharField(max_length=120)
    what = models.CharField(max_length=200)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    mark = models.CharField(max_length=64)
    unchanged = models.BooleanField(default=False)
    decision = models.CharField(max_length=4, choices=Decision.choices, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "review", "kind", "object_id"], name="core_reviewitem_once"),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_by=None, decided_at=None)
                | models.Q(decision__in=["keep", "take"], decided_by__isnull=False, decided_at__isnull=False),
                name="core_reviewitem_decided",
            ),
            # Nobody decides about a right of their own; the database holds it too.
            models.CheckConstraint(
                condition=models.Q(member=None) | models.Q(decided_by=None) | ~models.Q(member=models.F("decided_by")),
                name="core_reviewitem_not_own",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.whose}: {self.what}"
