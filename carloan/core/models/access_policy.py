"""How strictly a lender gives out rights and asks who acts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloan.core.actors import USUAL

from .base import TenantModel

SHORTEST, LONGEST = 1, 15  # minutes


class AccessPolicy(TenantModel):
    """One row a lender, none for what has always been so.

    `separated`: nobody holds rights of two families at once (三员分立, families.py), which the database keeps by
    triggers on assignments, lent duties and the matrix; the lender itself never lifts it again. `passkeys`: approvals
    are given with a passkey. `confirm_minutes`: how long a confirmation of who acts counts.
    """

    separated = models.BooleanField(_("Administrators are separated"), default=False)
    passkeys = models.BooleanField(_("Approvals are given with a passkey"), default=False)
    confirm_minutes = models.PositiveSmallIntegerField(_("A confirmation counts for (minutes)"), default=USUAL)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="core_accesspolicy_one"),
            models.CheckConstraint(
                condition=models.Q(confirm_minutes__gte=SHORTEST, confirm_minutes__lte=LONGEST),
                name="core_accesspolicy_minutes",
            ),
        ]

    def __str__(self) -> str:
        return "separated" if self.separated else "not separated"
