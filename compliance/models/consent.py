"""The consent register (同意登记): what a person agreed to and what they withdrew, one row each time they said so."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carloan.compliance.models.person_rights import PersonRequest
from carloan.compliance.policies.consents import CHANNELS, PURPOSES
from carloan.core.keys import Subject
from carloan.core.models import Membership, TenantModel
from carloan.core.sealed import SealedText


def is_dated_back(said_at: datetime, recorded_at: datetime) -> bool:
    """Whether something was said on a day before the one on which it is entered, by the lender's calendar."""
    return timezone.localdate(said_at) < timezone.localdate(recorded_at)


class Consent(TenantModel):
    """One saying: given or withdrawn, for a purpose and a channel. Append-only; the last one said counts.

    `separate`: by itself, not within other terms (单独同意, PIPL 29). `evidence` is the number of a paper, a recording
    or the version of a form; a consent that is dated back is nothing without it. `said_at` is when the person said so,
    `recorded_at` when it was entered.
    """

    class Proof(models.TextChoices):
        NONE = "", _("None")
        PAPER = "paper", _("Signed paper")
        RECORDING = "recording", _("Recording")
        FORM = "form", _("Form ticked online")
        REPLY = "reply", _("Message or letter of the person")
        COUNTER = "counter", _("Said at the counter")

    party_id = models.UUIDField()
    purpose = models.CharField(
        _("purpose"), max_length=13, choices=[(code, purpose.label) for code, purpose in PURPOSES.items()]
    )
    channel = models.CharField(_("channel"), max_length=6, choices=list(CHANNELS.items()))
    given = models.BooleanField(
        _("what was said"),
        choices=[(True, pgettext_lazy("consent", "Given")), (False, pgettext_lazy("consent", "Withdrawn"))],
    )
    separate = models.BooleanField(_("separate consent"), default=False)
    proof = models.CharField(_("shown by"), max_length=9, choices=Proof.choices, blank=True, default="")
    evidence = SealedText(_("number of the paper, recording or form"))
    said_at = models.DateTimeField(_("said at"))
    request = models.ForeignKey(PersonRequest, models.PROTECT, null=True, blank=True, related_name="consents")
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            # What is not shown by anything was not given; to withdraw takes nothing (PIPL 15).
            models.CheckConstraint(condition=Q(given=False) | ~Q(proof=""), name="compliance_consent_shown"),
            models.CheckConstraint(
                condition=~Q(given=True, purpose__in=["location", "biometric"]) | Q(separate=True),
                name="compliance_consent_separate",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["any", "call", "sms", "email", "wechat", "app", "letter", "visit"]),
                name="compliance_consent_channel",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "party_id", "purpose"], name="compliance_consent_party")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.channel}"

    @property
    def dated_back(self) -> bool:
        return is_dated_back(self.said_at, self.recorded_at)

    def key_subject(self) -> Subject:
        return Subject("party", self.party_id)
