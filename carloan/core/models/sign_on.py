"""How a lender's people sign in with its own identity provider."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloan.core.keys import Subject
from carloan.core.sealed import SealedText
from carloan.core.tenancy import current_tenant_id

from .base import TenantModel
from .people import Membership


class SignOn(TenantModel):
    """The identity provider of a lender (单点登录, OpenID Connect): one a lender, trusted only for its own people.

    With `passwords_closed` nobody of this lender alone who is linked there signs in otherwise, but for `break_glass`,
    who comes in when the provider is away.
    """

    issuer = models.CharField(_("issuer"), max_length=255)
    client_id = models.CharField(_("client id"), max_length=200)
    client_secret = SealedText(_("client secret"))
    is_active = models.BooleanField(default=False)
    passwords_closed = models.BooleanField(default=False)
    break_glass = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="core_signon_one"),
            models.CheckConstraint(
                condition=models.Q(passwords_closed=False) | models.Q(is_active=True, break_glass__isnull=False),
                name="core_signon_break_glass",
            ),
        ]

    def __str__(self) -> str:
        return self.issuer

    def key_subject(self) -> Subject:
        return Subject("tenant", current_tenant_id())


class SignOnLink(TenantModel):
    """Who a provider's subject is here: linked by the member in person, in a session opened by their own means."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="sign_on_links")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "issuer", "subject"], name="core_signonlink_subject"),
            models.UniqueConstraint(fields=["tenant", "issuer", "membership"], name="core_signonlink_member"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} at {self.issuer}"
