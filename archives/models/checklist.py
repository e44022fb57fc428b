"""Facts about a dossier's checklist: which paper stands for which item, waivers, closed stages. States are derived."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carloan.archives.models.paper import Dossier, Paper
from carloan.archives.policies.checklist import STAGES
from carloan.core.keys import Subject
from carloan.core.models import Membership, TenantModel
from carloan.core.sealed import SealedText
from carloan.loans.models import Party


class PaperTick(TenantModel):
    """A paper stands for an item of its dossier's pack, and for one person where the item is asked of persons.

    `valid_until` is the last day on which it counts. `placed_by` is who put it there by hand; such a tick stays when
    the paper is read again.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="ticks")
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="ticks")
    item_key = models.CharField(max_length=40)
    stage = models.CharField(max_length=11)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    valid_until = models.DateField(null=True)
    placed_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "paper", "item_key", "party"], nulls_distinct=False, name="archives_papertick_once"
            )
        ]
        indexes = [models.Index(fields=["tenant", "dossier", "item_key"], name="archives_papertick_item")]

    def __str__(self) -> str:
        return f"{self.paper_id} for {self.item_key}"


class Waiver(TenantModel):
    """Somebody asks that an item of a dossier need not be there (豁免), somebody else decides. Kept for good."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", pgettext_lazy("waiver", "Refused")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="waivers")
    item_key = models.CharField(max_length=40)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ASKED)
    reason = SealedText(_("reason"))
    until = models.DateField(_("until"), null=True, blank=True)
    asked_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = SealedText(_("answer"))
    revision = models.IntegerField(default=1)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "approved", "refused"]), name="archives_waiver_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state="asked", decided_by=None)
                | (~models.Q(state="asked") & models.Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="archives_waiver_decided",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | (models.Q(asked_by__isnull=False) & ~models.Q(decided_by=models.F("asked_by"))),
                name="archives_waiver_four_eyes",
            ),
            models.UniqueConstraint(
                fields=["tenant", "dossier", "item_key", "party"], nulls_distinct=False,
                condition=models.Q(state="asked"), name="archives_waiver_asked_once",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["tenant", "dossier", "item_key"], name="archives_waiver_item")]

    def __str__(self) -> str:
        return f"waiver of {self.item_key} for {self.dossier_id}"

    def key_subject(self) -> Subject:
        return Subject("loan", self.dossier.loan_id)


class StageClosing(TenantModel):
    """A stage of a dossier was closed and is sealed, until one person asked to reopen it and another one agreed.

    `papers` and `digest` say what lay in it then: how many, and the SHA-256 over their SHA-256s in order.
    """

    class State(models.TextChoices):
        CLOSED = "closed", pgettext_lazy("stage of a dossier", "Closed")
        ASKED = "asked", _("Closed; reopening asked for")
        REOPENED = "reopened", pgettext_lazy("stage of a dossier", "Reopened")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="closings")
    stage = models.CharField(_("stage"), max_length=11)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.CLOSED)
    papers = models.IntegerField(_("papers"))
    digest = models.CharField(max_length=64)
    closed_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(auto_now_add=True)
    reason = SealedText(_("reason for reopening"))
    asked_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    reopened_at = models.DateTimeField(null=True)
    revision = models.IntegerField(default=1)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "dossier", "stage"], condition=~models.Q(state="reopened"),
                name="archives_stageclosing_once",
            ),
            models.CheckConstraint(condition=models.Q(stage__in=list(STAGES)), name="archives_stageclosing_stage"),
            models.CheckConstraint(
                condition=models.Q(state__in=["closed", "asked", "reopened"]), name="archives_stageclosing_state"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="reopened")
                | (
                    models.Q(asked_by__isnull=False, reopened_by__isnull=False)
                    & ~models.Q(asked_by=models.F("reopened_by"))
                ),
                name="archives_stageclosing_four_eyes",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.stage} of {self.dossier_id}"

    def key_subject(self) -> Subject:
        return Subject("loan", self.dossier.loan_id)
