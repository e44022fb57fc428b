"""How strictly a lender gives out rights and asks who acts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloan.core.actors import USUAL
from carloan.core.session_rules import (
    IDLE_MINUTES,
    LEAST_HOURS,
    LEAST_IDLE,
    MOST_AT_ONCE,
    MOST_HOURS,
    MOST_IDLE,
    SESSION_HOURS,
    SESSIONS_AT_ONCE,
    SessionRules,
)

from .base import TenantModel

SHORTEST, LONGEST = 1, 15  # minutes


class AccessPolicy(TenantModel):
    """One row a lender, none for what has always been so.

    `separated`: nobody holds rights of two families at once (三员分立, families.py), which the database keeps by
    triggers on assignments, lent duties and the matrix; the lender itself never lifts it again. `passkeys`: approvals
    are given with a passkey. `confirm_minutes`: how long a confirmation of who acts counts. `idle_minutes`,
    `session_hours`, `sessions_at_once`: how long a session lasts and how many a person has (session_rules.py).
    """

    separated = models.BooleanField(_("Administrators are separated"), default=False)
    passkeys = models.BooleanField(_("Approvals are given with a passkey"), default=False)
    confirm_minutes = models.PositiveSmallIntegerField(_("A confirmation counts for (minutes)"), default=USUAL)
    idle_minutes = models.PositiveSmallIntegerField(
        _("A session ends without use after (minutes)"), default=IDLE_MINUTES, db_default=IDLE_MINUTES
    )
    session_hours = models.PositiveSmallIntegerField(
        _("A session ends after (hours)"), default=SESSION_HOURS, db_default=SESSION_HOURS
    )
    sessions_at_once = models.PositiveSmallIntegerField(
        _("Sessions of a person at once"), default=SESSIONS_AT_ONCE, db_default=SESSIONS_AT_ONCE
    )
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="core_accesspolicy_one"),
            models.CheckConstraint(
                condition=models.Q(confirm_minutes__gte=SHORTEST, confirm_minutes__lte=LONGEST),
                name="core_accesspolicy_minutes",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    idle_minutes__gte=LEAST_IDLE,
                    idle_minutes__lte=MOST_IDLE,
                    session_hours__gte=LEAST_HOURS,
                    session_hours__lte=MOST_HOURS,
                    sessions_at_once__gte=1,
                    sessions_at_once__lte=MOST_AT_ONCE,
                ),
                name="core_accesspolicy_sessions",
            ),
        ]

    @property
    def session_rules(self) -> SessionRules:
        return SessionRules(self.idle_minutes, self.session_hours, self.sessions_at_once)

    def __str__(self) -> str:
        return "separated" if self.separated else "not separated"
