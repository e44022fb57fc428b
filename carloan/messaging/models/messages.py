"""What is sent to people: the outbox and delivery log in one, and the words it is written with."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloan.core.keys import Subject
from carloan.core.models import Membership, TenantModel
from carloan.core.sealed import SealedText
from carloan.loans.models import ContactPoint, Loan, Party

from .links import OneTimeLink


class Message(TenantModel):
    """One message to one person (消息): written in the transaction of what it tells, delivered by a worker.

    Its id is the idempotency key that the gateway knows it by, for life. Address and words are sealed with the person's
    key; `secret` holds what opens a door (a link, a code) and is emptied once the message is at its end: the log
    shows the words without it. `why` says by which rule it was stopped, or what the gateway answered.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("To be sent")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Taken by the gateway")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Not delivered")
        UNKNOWN = "unknown", _("Unknown, is asked about")
        BLOCKED = "blocked", _("Not allowed")
        CANCELLED = "cancelled", _("Called off")

    class Channel(models.TextChoices):
        SMS = "sms", _("Text message")
        EMAIL = "email", _("E-mail")

    kind = models.CharField(_("kind"), max_length=30)
    purpose = models.CharField(_("purpose"), max_length=13)
    channel = models.CharField(_("by"), max_length=5, choices=Channel.choices)
    language = models.CharField(_("language"), max_length=7)
    template_version = models.IntegerField(default=0)
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    loan = models.ForeignKey(Loan, models.PROTECT, null=True, blank=True, related_name="+")
    contact = models.ForeignKey(ContactPoint, models.PROTECT, related_name="+")
    link = models.ForeignKey(OneTimeLink, models.PROTECT, null=True, blank=True, related_name="messages")
    to = SealedText(_("to"))
    subject = SealedText(_("subject"))
    body = SealedText(_("text"))
    secret = SealedText()
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.QUEUED)
    why = models.CharField(_("why"), max_length=60, blank=True, default="")
    decision_id = models.UUIDField(null=True)
    reference = models.CharField(_("number at the gateway"), max_length=100, blank=True, default="")
    due_at = models.DateTimeField(_("not before"))
    lease_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    made_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["queued", "sending", "sent", "delivered", "failed", "unknown", "blocked", "cancelled"]
                ),
                name="messaging_message_state",
            ),
            models.CheckConstraint(condition=models.Q(channel__in=["sms", "email"]), name="messaging_message_channel"),
            # What opens a door is kept no longer than it takes to deliver it.
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "sending", "unknown"]) | models.Q(secret__isnull=True),
                name="messaging_message_secret_gone",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "due_at"],
                condition=models.Q(state__in=["queued", "sending", "unknown"]),
                name="messaging_message_due",
            ),
            models.Index(fields=["tenant", "loan", "-id"], name="messaging_message_loan"),
            models.Index(fields=["tenant", "party", "-id"], name="messaging_message_party"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    def key_subject(self) -> Subject:
        return Subject("party", self.party_id)


class MessageTemplate(TenantModel):
    """The words of a kind of message, by channel and language (消息模板): versions, of which the newest counts.

    Where a lender has none, the words that ship with the kind are used (kinds.py), as version 0.
    """

    kind = models.CharField(_("kind"), max_length=30)
    channel = models.CharField(_("by"), max_length=5, choices=Message.Channel.choices)
    language = models.CharField(_("language"), max_length=7)
    version = models.IntegerField(_("version"))
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    body = models.TextField(_("text"))
    made_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "kind", "channel", "language", "version"], name="messaging_template_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel} {self.version}"
