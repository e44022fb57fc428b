"""Retention as data: versions of the policy, what each says of a record class, and where each record stands by it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carloan.core.models import Membership, NaturalTenantModel, TenantModel


class RetentionPolicy(TenantModel):
    """One version of the lender's rules of retention (保管期限表). Once published nobody can change it, the owner of
    the database included; the newest one that is effective by a day counts for every record.

    `cooling_days` pass between the last approval of a destruction and its execution.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", pgettext_lazy("of a policy", "Published")

    version = models.IntegerField(_("version"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.DRAFT)
    effective_on = models.DateField(_("effective on"))
    cooling_days = models.SmallIntegerField(_("days of cooling-off"), default=7)
    note = models.CharField(_("reason for this version"), max_length=200, blank=True)
    made_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    published_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    revision = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "version"], name="compliance_retentionpolicy_version"),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(state="draft"), name="compliance_retentionpolicy_one_draft"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "published"]), name="compliance_retentionpolicy_state"
            ),
            models.CheckConstraint(
                condition=models.Q(cooling_days__gte=7, cooling_days__lte=14),
                name="compliance_retentionpolicy_cooling",
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"


class RetentionRule(TenantModel):
    """What a policy says of one record class after one trigger: the ends of the phases, in years from the trigger.

    `basis` and `review_on` stand where the lender keeps records for longer than the law asks for.
    """

    policy = models.ForeignKey(RetentionPolicy, models.PROTECT, related_name="rules")
    record_class = models.CharField(_("record class"), max_length=30)
    trigger = models.CharField(_("trigger"), max_length=20)
    active_years = models.SmallIntegerField(_("active until year"))
    archive_years = models.SmallIntegerField(_("archived until year"))
    total_years = models.SmallIntegerField(_("kept until year"))
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    review_on = models.DateField(_("reviewed on"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "policy", "record_class", "trigger"], name="compliance_retentionrule_once"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    active_years__gte=0,
                    archive_years__gte=models.F("active_years"),
                    total_years__gte=models.F("archive_years"),
                    total_years__lte=100,
                ),
                name="compliance_retentionrule_years",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_class} {self.trigger}"


class RetentionSweep(TenantModel):
    """One run over the records of a class: how many it moved, how many it found alive again."""

    record_class = models.CharField(max_length=30)
    policy_version = models.IntegerField()
    changed = models.BigIntegerField()
    stopped = models.BigIntegerField()
    swept_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.record_class} {self.swept_at}"


class RetentionRecord(NaturalTenantModel):
    """Where the records of a class stand, one row a unit, as the last sweep that changed it found it.

    A clock that stopped (the loan was reopened) leaves the phase `living` without days. `keep_until` is the last day on
    which it must be there; empty: not known yet, because the law does not count yet.
    """

    class Phase(models.TextChoices):
        LIVING = "living", pgettext_lazy("of records", "In use")
        ACTIVE = "active", pgettext_lazy("of records", "Active")
        ARCHIVE = "archive", _("Archived")
        SEALED = "sealed", _("Sealed apart")
        DUE = "due", _("To be appraised")
        DESTROYED = "destroyed", _("Destroyed")

    pk = models.CompositePrimaryKey("tenant_id", "record_class", "object_id")
    record_class = models.CharField(_("record class"), max_length=30)
    object_id = models.UUIDField()
    trigger = models.CharField(_("trigger"), max_length=20, blank=True)
    since = models.DateField(_("since"), null=True)
    lawful_since = models.DateField(null=True)
    phase = models.CharField(_("phase"), max_length=9, choices=Phase.choices)
    next_on = models.DateField(_("next phase on"), null=True)
    keep_until = models.DateField(_("kept until"), null=True)
    policy_version = models.IntegerField(_("version of the policy"))
    sweep_id = models.UUIDField()

    class Meta(NaturalTenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(phase__in=["living", "active", "archive", "sealed", "due", "destroyed"]),
                name="compliance_retentionrecord_phase",
            )
        ]
        # What is to be appraised, the longest due first.
        indexes = [
            models.Index(
                fields=["tenant", "record_class", "keep_until", "object_id"],
                condition=models.Q(phase="due"),
                name="compliance_record_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_class} {self.object_id}"
