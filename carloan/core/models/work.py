"""Long work that people can watch, the steps that rows took, and the blind indexes that find encrypted values."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloan.core.sentences import told

from .base import NaturalTenantModel, TenantModel
from .people import Membership


class Job(TenantModel):
    """A long piece of work (import, export, sweep) with its progress, result and error for people to see."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    params = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)
    started_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="jobs")
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.IntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done", "failed", "cancelled"]),
                name="core_job_state",
            )
        ]
        # The sweep that takes up work whose worker died looks for running jobs by the end of their lease.
        indexes = [models.Index(fields=["tenant", "state", "lease_until"], name="core_job_lease")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def error_shown(self) -> str:
        """The error in the reader's language; it is stored in English."""
        return "\n".join(told(line) for line in self.error.split("\n"))


class AnsweredRequest(TenantModel):
    """What a request with an `Idempotency-Key` made, so that the same request again is answered and not done again.

    Nothing of its content: keyed hashes of the caller's key and of the body, and the id of what was made.
    """

    caller_id = models.UUIDField()
    place = models.CharField(max_length=40)
    key_digest = models.CharField(max_length=64)
    body_digest = models.CharField(max_length=64)
    made_id = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "caller_id", "place", "key_digest"], name="core_answeredrequest_key"
            )
        ]
        # The nightly sweep takes those that are too old to count.
        indexes = [models.Index(fields=["tenant", "created_at"], name="core_answeredrequest_age")]

    def __str__(self) -> str:
        return f"{self.place} {self.made_id}"


class Transition(NaturalTenantModel):
    """A step that a row took in its state machine (law 8), written with the step (carloan/core/transitions.py) and
    never changed: the database refuses.

    `kind` is the row's model ("loans.loan"), `number` counts the steps of one row from 1 without a gap. Rows that took
    steps before there was this table have none of those. The key is what reading a row's history needs.
    """

    pk = models.CompositePrimaryKey("tenant_id", "kind", "row_id", "number")
    kind = models.CharField(max_length=40)
    row_id = models.UUIDField()
    number = models.IntegerField()
    source = models.CharField(max_length=20)
    event = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    recorded_at = models.DateTimeField(editable=False)
    audit_event_id = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id} {self.number}: {self.source} {self.event} {self.target}"


class LookupTerm(NaturalTenantModel):
    """A keyed hash of an identifying value: finds the object by equality, tells nothing without the tenant's key.

    The digest holds the field too, so that object and digest are the row. The key leads with the object: its terms lie
    together, new ones at the end, and re-indexing finds them. `index_version` is that of the lender's index key.
    """

    pk = models.CompositePrimaryKey("tenant_id", "object_id", "digest")
    field = models.CharField(max_length=24)
    digest = models.BinaryField(max_length=16)
    index_version = models.SmallIntegerField(default=1, db_default=1)
    object_kind = models.CharField(max_length=24)
    object_id = models.UUIDField()
    loan_id = models.UUIDField(null=True, blank=True)

    class Meta(NaturalTenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "digest"], name="core_lookupterm_digest")]

    def __str__(self) -> str:
        return f"{self.object_kind} {self.field}"
