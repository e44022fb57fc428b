"""Imports, with their mapping and the result of every row."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloan.core.keys import Subject
from carloan.core.models import Job, Membership, NaturalTenantModel, TenantModel
from carloan.core.sealed import SealedText


class ImportProfile(TenantModel):
    """A mapping of this lender (导入模板): which column means what, in which format. Shipped profiles are files."""

    key = models.SlugField(max_length=40)
    name = models.CharField(_("name"), max_length=80)
    spec = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="loans_importprofile_key")]

    def __str__(self) -> str:
        return self.name


class ImportBatch(TenantModel):
    """One file of loans (导入批次): sealed as it came, read by one mapping, checked, then booked chunk by chunk.

    `cursor` is the number of rows that are booked: a run that is killed goes on behind it.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    number = models.BigIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.UPLOADED)
    # People put names and identity numbers there; it goes with the file.
    file_name = SealedText(_("file"))
    size = models.BigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=200)
    wrapped_key = models.BinaryField()
    profile_key = models.CharField(_("mapping"), max_length=40, blank=True)
    spec = models.JSONField(default=dict)
    shape = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    total = models.BigIntegerField(_("rows"), default=0)
    cursor = models.BigIntegerField(default=0)
    created = models.BigIntegerField(_("new"), default=0)
    updated = models.BigIntegerField(_("changed"), default=0)
    unchanged = models.BigIntegerField(_("unchanged"), default=0)
    kept = models.BigIntegerField(_("older than the book"), default=0)
    rejected = models.BigIntegerField(_("left out"), default=0)
    warned = models.BigIntegerField(_("doubtful"), default=0, db_default=0)
    job = models.ForeignKey(Job, models.PROTECT, null=True, blank=True, related_name="+")
    uploaded_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="loans_importbatch_number"),
            models.CheckConstraint(
                condition=models.Q(state__in=["uploaded", "checked", "running", "done", "failed"]),
                name="loans_importbatch_state",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    def key_subject(self) -> Subject:
        return Subject("import", self.id)


class ImportRow(NaturalTenantModel):
    """What became of one row of a file. Errors and warnings (doubts about an accepted row) never name the value."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("New")
        UPDATED = "updated", _("Changed")
        UNCHANGED = "unchanged", _("Unchanged")
        KEPT = "kept", _("Older than the book")
        REJECTED = "rejected", _("Left out")

    pk = models.CompositePrimaryKey("tenant_id", "batch_id", "number")
    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", db_index=False)
    number = models.IntegerField(_("row"))
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome.choices)
    contract_no = models.CharField(_("contract number"), max_length=64, blank=True)
    loan_id = models.UUIDField(null=True)
    paid_on = models.DateField(null=True)
    # Which fields of a known loan it changed, or in a dry run would: names of a mapping's targets. Unknown of old rows.
    changed = models.JSONField(null=True)
    errors = models.JSONField(default=list)
    warnings = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))

    class Meta(NaturalTenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=["created", "updated", "unchanged", "kept", "rejected"]),
                name="loans_importrow_outcome",
            )
        ]
        # The rejected and the doubtful rows of a batch, which are few.
        indexes = [
            models.Index(fields=["tenant", "batch", "outcome", "number"], name="loans_importrow_outcome_idx"),
            models.Index(
                fields=["tenant", "batch", "number"],
                name="loans_importrow_warned_idx",
                condition=~models.Q(warnings=[]),
            ),
            # The way back from a loan to the imports that wrote it.
            models.Index(
                fields=["tenant", "loan_id", "batch"],
                name="loans_importrow_loan_idx",
                condition=models.Q(outcome__in=["created", "updated"], loan_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} row {self.number}"
