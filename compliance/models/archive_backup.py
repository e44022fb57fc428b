"""Quarterly backups of what is archived (季度备份): what each took, and what its restore test found."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carloan.core.models import Job, Membership, TenantModel


class ArchiveBackup(TenantModel):
    """One backup of everything of the lender that is archived, sealed apart or to be appraised, and its restore test.

    `root` is the root of the tree over its segments' roots, `manifest_digest` the SHA-256 of its manifest. `gone` are
    units that were destroyed while it was written, `missing` files that rows name and that the store had lost. From
    `expires_on` on its files are removed, once a later one has passed its test.
    """

    class State(models.TextChoices):
        WRITING = "writing", pgettext_lazy("of a backup", "Being written")
        CHECKING = "checking", pgettext_lazy("of a backup", "Restore test")
        PASSED = "passed", pgettext_lazy("of a backup", "Passed")
        FAILED = "failed", pgettext_lazy("of a backup", "Failed")

    quarter = models.CharField(_("quarter"), max_length=6)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WRITING)
    job = models.ForeignKey(Job, models.PROTECT, related_name="+")
    begun_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    policy_version = models.IntegerField(_("version of the policy"))
    units = models.BigIntegerField(_("units"), default=0)
    items = models.BigIntegerField(_("items"), default=0)
    size = models.BigIntegerField(_("size"), default=0)
    gone = models.BigIntegerField(_("destroyed meanwhile"), default=0)
    missing = models.BigIntegerField(_("missing files"), default=0)
    checked = models.BigIntegerField(_("checked"), default=0)
    opened = models.BigIntegerField(_("opened"), default=0)
    faults = models.BigIntegerField(_("faults"), default=0)
    root = models.CharField(_("root"), max_length=64, blank=True)
    manifest_digest = models.CharField(max_length=64, blank=True)
    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    expires_on = models.DateField(_("kept until"))
    removed_at = models.DateTimeField(_("removed"), null=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            # One that did not fail in a quarter, also for two who begin it at the same moment.
            models.UniqueConstraint(
                fields=["tenant", "quarter"],
                condition=~models.Q(state="failed"),
                name="compliance_archivebackup_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["writing", "checking", "passed", "failed"]),
                name="compliance_archivebackup_state",
            ),
        ]

    def __str__(self) -> str:
        return f"backup {self.quarter}"


class ArchiveSegment(TenantModel):
    """One file of a backup: whole units, each with its rows and files. `last_unit` and `last_id` say up to where it
    goes, hence where the next one begins; `checked_at` is empty until the restore test has read it."""

    backup = models.ForeignKey(ArchiveBackup, models.PROTECT, related_name="segments")
    place = models.IntegerField()
    last_unit = models.CharField(max_length=20)
    last_id = models.UUIDField()
    units = models.IntegerField()
    items = models.IntegerField()
    gone = models.IntegerField()
    missing = models.IntegerField()
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    root = models.CharField(max_length=64)
    checked_at = models.DateTimeField(null=True)
    opened = models.IntegerField(default=0)
    faults = models.IntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "backup", "place"], name="compliance_archivesegment_place")
        ]

    def __str__(self) -> str:
        return f"segment {self.place} of {self.backup_id}"
