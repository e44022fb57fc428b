"""How a lender reaches people: its gateways, and the hours in which it does not."""

from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloan.core.keys import Subject
from carloan.core.models import TenantModel
from carloan.core.sealed import SealedText
from carloan.core.tenancy import current_tenant_id

QUIET_FROM, QUIET_UNTIL = time(21, 0), time(8, 0)


class Gateway(TenantModel):
    """Who carries the lender's messages of one channel: an SMS gateway, or a mail server (SMTP).

    `address` is the gateway's address (https), or smtps://host, smtp://host. `sender` is the signature of text messages
    (【华信】), or the mail address that mails come from. The secret is only ever written.
    """

    channel = models.CharField(_("channel"), max_length=5, choices=[("sms", _("Text message")), ("email", _("E-mail"))])
    address = models.CharField(_("address"), max_length=200)
    account = models.CharField(_("account"), max_length=120, blank=True)
    secret = SealedText(_("secret"))
    sender = models.CharField(_("sender"), max_length=120)
    is_active = models.BooleanField(_("in use"), default=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "channel"], name="messaging_gateway_channel"),
            models.CheckConstraint(condition=models.Q(channel__in=["sms", "email"]), name="messaging_gateway_known"),
        ]

    def __str__(self) -> str:
        return self.channel

    def key_subject(self) -> Subject:
        return Subject("tenant", current_tenant_id())


class ContactPolicy(TenantModel):
    """When nobody is written to (免打扰时段), in the lender's local time; one row a lender, none for the usual hours.

    What somebody asked for this very moment, such as a code, is no disturbance.
    """

    quiet_from = models.TimeField(_("Quiet from"), default=QUIET_FROM)
    quiet_until = models.TimeField(_("Quiet until"), default=QUIET_UNTIL)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant"], name="messaging_contactpolicy_one")]

    def __str__(self) -> str:
        return f"{self.quiet_from:%H:%M}-{self.quiet_until:%H:%M}"
