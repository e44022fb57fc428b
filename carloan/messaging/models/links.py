"""The borrower's door: one-time links and the browsers that came in by them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloan.core.models import Membership, TenantModel
from carloan.loans.models import ContactPoint, Loan, Party


class OneTimeLink(TenantModel):
    """A link that lets one person do one errand about one loan without an account (一次性链接).

    Of its token only a keyed hash is kept (`digest`); whoever sends it again makes a new token, and the old one is
    dead. `errand` says what it is for (errands.py), `wants` which things are asked for. The second step is a code:
    sent to `code_contact`, by another way than the link went, or read out by whoever made the link (`spoken_*`).
    `wrong` counts codes that were not right and `codes` browsers that began (each was sent one, where codes are sent)
    since the link was made or sent again.
    """

    class Channel(models.TextChoices):
        SMS = "sms", _("Text message")
        EMAIL = "email", _("E-mail")
        SCREEN = "screen", _("Copied or shown as QR code")

    class CodeWay(models.TextChoices):
        SMS = "sms", _("Text message")
        EMAIL = "email", _("E-mail")
        SPOKEN = "spoken", _("Told by the officer")

    errand = models.CharField(_("what it is for"), max_length=20)
    loan = models.ForeignKey(Loan, models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    wants = models.JSONField(_("asked for"), default=list)
    language = models.CharField(_("language"), max_length=7)
    channel = models.CharField(_("sent by"), max_length=6, choices=Channel.choices)
    contact = models.ForeignKey(ContactPoint, models.PROTECT, null=True, blank=True, related_name="+")
    code_way = models.CharField(_("code by"), max_length=6, choices=CodeWay.choices)
    code_contact = models.ForeignKey(ContactPoint, models.PROTECT, null=True, blank=True, related_name="+")
    digest = models.BinaryField(max_length=32)
    spoken_digest = models.BinaryField(max_length=32, null=True)
    spoken_until = models.DateTimeField(null=True)
    wrong = models.SmallIntegerField(default=0)
    codes = models.SmallIntegerField(default=0)
    uses = models.SmallIntegerField(default=0)
    made_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    opened_at = models.DateTimeField(null=True)
    passed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "digest"], name="messaging_link_digest"),
            models.CheckConstraint(
                condition=models.Q(channel__in=["sms", "email", "screen"]), name="messaging_link_channel"
            ),
            models.CheckConstraint(
                condition=models.Q(code_way__in=["sms", "email", "spoken"]), name="messaging_link_code_way"
            ),
            # The second step never goes the way of the first.
            models.CheckConstraint(condition=~models.Q(channel=models.F("code_way")), name="messaging_link_two_ways"),
        ]

    def __str__(self) -> str:
        return f"{self.errand} {self.id}"


class LinkVisit(TenantModel):
    """One browser behind a link: it asked for a code, and has passed when `passed_at` is set.

    `digest` is the keyed hash of the secret in its cookie, another one before and behind the code. A sent code belongs
    to this browser alone.
    """

    link = models.ForeignKey(OneTimeLink, models.PROTECT, related_name="visits")
    digest = models.BinaryField(max_length=32)
    code_digest = models.BinaryField(max_length=32, null=True)
    code_until = models.DateTimeField(null=True)
    wrong = models.SmallIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)
    passed_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "digest"], name="messaging_visit_digest")]

    def __str__(self) -> str:
        return f"visit of {self.link_id}"
