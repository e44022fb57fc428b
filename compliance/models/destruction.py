"""Destruction: batches, their frozen lists and the voices about them. Rows stay for ever (销毁清册)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carloan.core.keys import Subject
from carloan.core.models import Membership, TenantModel
from carloan.core.sealed import SealedText
from carloan.core.tenancy import current_tenant_id


class DestructionBatch(TenantModel):
    """One destruction (销毁批次), from the proposal to the proof that everything on its list is gone.

    `list_digest` is the hash of the list as it stands; every voice names the one it spoke about, so that a change of
    the list voids them. `approved_at` and `cooling_until` are set by the database. `originals` says that papers lie in
    boxes too: without their shredding, witnessed by two, nothing is certified (models/certificates.py).
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        BUSINESS_REVIEWED = "business_reviewed", _("Reviewed by the business")
        ARCHIVIST_REVIEWED = "archivist_reviewed", _("Reviewed by the archive")
        COOLING = "cooling", _("Cooling off")
        EXECUTING = "executing", _("Being destroyed")
        EXECUTED = "executed", _("Destroyed, not verified")
        VERIFIED = "verified", _("Destroyed and verified")
        CERTIFIED = "certified", _("Certified")
        NOTARISED = "notarised", _("Notarised")
        REFUSED = "refused", pgettext_lazy("of a destruction", "Refused")

    number = models.IntegerField(_("number"))
    state = models.CharField(_("state"), max_length=18, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    opinion = SealedText(_("opinion of the appraisal"))
    policy_version = models.IntegerField(_("version of the policy"))
    cooling_days = models.SmallIntegerField(_("days of cooling-off"))
    list_digest = models.CharField(_("hash of the list"), max_length=64)
    approved_at = models.DateTimeField(null=True)
    cooling_until = models.DateTimeField(null=True)
    executed_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    originals = models.BooleanField(_("paper originals"), default=False)
    revision = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="compliance_destructionbatch_number"),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "proposed",
                        "business_reviewed",
                        "archivist_reviewed",
                        "cooling",
                        "executing",
                        "executed",
                        "verified",
                        "certified",
                        "notarised",
                        "refused",
                    ]
                ),
                name="compliance_destructionbatch_state",
            ),
            models.CheckConstraint(
                condition=models.Q(cooling_days__gte=7, cooling_days__lte=14),
                name="compliance_destructionbatch_cooling",
            ),
        ]
        # The sweep that goes on with what is due.
        indexes = [models.Index(fields=["tenant", "state"], name="compliance_batch_state")]

    def __str__(self) -> str:
        return f"destruction {self.number}"

    def key_subject(self) -> Subject:
        return Subject("tenant", current_tenant_id())


class DestructionItem(TenantModel):
    """One unit on the list, and afterwards its tombstone: which unit, which records by which rules, when it went.

    Nothing personal: `records` are classes, days and the law's floors. `digest` is the hash of what was listed.
    """

    class State(models.TextChoices):
        LISTED = "listed", _("Listed")
        DROPPED = "dropped", _("Taken off the list")
        SPARED = "spared", _("Kept back")
        DESTROYED = "destroyed", _("Destroyed")
        VERIFIED = "verified", _("Verified")

    class Spared(models.TextChoices):
        HELD = "held", _("A legal hold is in force")
        EARLY = "early", _("Its time is not over")
        NOT_SPARED = "", _("None")

    batch = models.ForeignKey(DestructionBatch, models.PROTECT, related_name="items")
    place = models.IntegerField(_("place"))
    unit = models.CharField(_("unit"), max_length=20)
    object_id = models.UUIDField()
    records = models.JSONField(_("records"))
    digest = models.CharField(_("hash"), max_length=64)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.LISTED)
    spared = models.CharField(_("kept back because"), max_length=5, choices=Spared.choices, blank=True, default="")
    files = models.IntegerField(_("files"), default=0)
    destroyed_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "batch", "place"], name="compliance_destructionitem_place"),
            # On one open list at most, also for two proposals at the same moment.
            models.UniqueConstraint(
                fields=["tenant", "unit", "object_id"],
                condition=models.Q(state="listed"),
                name="compliance_destructionitem_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["listed", "dropped", "spared", "destroyed", "verified"]),
                name="compliance_destructionitem_state",
            ),
            models.CheckConstraint(
                condition=models.Q(spared__in=["held", "early", ""]), name="compliance_destructionitem_spared"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.object_id}"


class DestructionVoice(TenantModel):
    """What one person said about a list: as the business, as the archive, or as one of the two approvers. Append-only;
    nobody speaks twice about one list, and whoever proposed it never."""

    class Part(models.TextChoices):
        BUSINESS = "business", _("Review by the business")
        ARCHIVE = "archive", _("Review by the archive")
        APPROVER = "approver", _("Approval")

    batch = models.ForeignKey(DestructionBatch, models.PROTECT, related_name="voices")
    part = models.CharField(_("part"), max_length=8, choices=Part.choices)
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    list_digest = models.CharField(_("hash of the list"), max_length=64)
    agrees = models.BooleanField(_("agrees"))
    reason = SealedText(_("reason"))
    said_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "batch", "list_digest", "member"], name="compliance_destructionvoice_once"
            ),
            models.CheckConstraint(
                condition=models.Q(part__in=["business", "archive", "approver"]),
                name="compliance_destructionvoice_part",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} of {self.batch_id}"

    def key_subject(self) -> Subject:
        return Subject("tenant", current_tenant_id())
