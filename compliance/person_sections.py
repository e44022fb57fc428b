"""What compliance itself holds of a person, for their copy: what they said and asked, and which roles looked."""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carloan.compliance.models import Consent, PersonRequest
from carloan.compliance.personal_data import Record, record, register_personal_data
from carloan.compliance.selectors.person_rights import PARTY
from carloan.compliance.selectors.trail import events_matching
from carloan.compliance.selectors.transfers import deliveries_of, recipient_of
from carloan.compliance.things import About
from carloan.core.actors import Actor
from carloan.core.acts import act_label
from carloan.core.models import RoleAssignment
from carloan.core.sealed import clear
from carloan.core.tenancy import current_tenant_id


def _consents(party_id: UUID) -> Iterator[Record]:
    for row in Consent.objects.filter(party_id=party_id).order_by("said_at", "id"):
        yield record(
            ("purpose", _("Purpose"), row.get_purpose_display()),
            ("channel", _("Channel"), row.get_channel_display()),
            ("said", _("The person said"), row.get_given_display()),
            ("separate", _("Separate consent"), _("yes") if row.separate else _("no")),
            ("proof", _("Shown by"), row.get_proof_display() if row.proof else ""),
            ("evidence", _("Number of the paper, recording or form"), clear(row, "evidence")),
            ("said_at", _("Said at"), _moment(row.said_at)),
            ("recorded_at", _("Entered at"), _moment(row.recorded_at)),
        )


def _requests(party_id: UUID) -> Iterator[Record]:
    for row in PersonRequest.objects.filter(party_id=party_id).order_by("number"):
        yield record(
            ("number", _("Number"), row.number),
            ("kind", _("Kind"), row.get_kind_display()),
            ("received_on", _("Received on"), row.received_on.isoformat()),
            ("words", _("What is asked for"), clear(row, "words")),
            ("state", _("State"), row.get_state_display()),
            ("ended_on", _("Ended on"), row.ended_on.isoformat() if row.ended_on else ""),
            ("answer", _("Answer"), clear(row, "answer")),
            *_recipient(row),
        )


def _recipient(row: PersonRequest) -> Iterator[tuple[str, Any, str]]:
    """To whom a transfer goes, and what was handed over."""
    recipient = recipient_of(row) if row.kind == PersonRequest.Kind.TRANSFER else None
    if recipient is not None:
        yield "recipient", _("Handler that receives the data"), clear(recipient, "name")
        for delivery in deliveries_of(row):
            yield "delivered_at", _("Handed over at"), f"{_moment(delivery.delivered_at)} {delivery.digest}"


def _looks(party_id: UUID) -> Iterator[Record]:
    """Month by month: what was looked at, by which role, how often. Names of the lender's people stay in the house."""
    actor = Actor.system(current_tenant_id(), "worker")
    events = events_matching(actor, {"about": About(PARTY, party_id), "looks": True}, zone="UTC")
    rows = [] if events is None else list(events.values_list("created_at", "action", "actor_kind", "actor_id"))
    roles = _roles({actor_id for _at, _action, kind, actor_id in rows if kind == "person"})
    counted = Counter(
        (f"{timezone.localtime(at):%Y-%m}", act_label(action), _who(kind, roles.get(actor_id, "")))
        for at, action, kind, actor_id in rows
    )
    for (month, act, who), count in sorted(counted.items()):
        yield record(
            ("month", _("Month"), month), ("act", _("Act"), act), ("role", _("Role"), who), ("times", _("Times"), count)
        )


def _roles(members: set[UUID | None]) -> dict[UUID | None, str]:
    found: dict[UUID | None, set[str]] = {}
    for assignment in RoleAssignment.objects.filter(membership_id__in=members - {None}).select_related("role"):
        found.setdefault(assignment.membership_id, set()).add(str(assignment.role))
    return {member: _(", ").join(sorted(roles)) for member, roles in found.items()}


def _who(kind: str, role: str) -> str:
    if kind == "key":
        return _("Another system of the lender")
    if kind == "visitor":
        return _("Somebody with a one-time link")
    return _("This installation itself") if kind == "system" else role or _("A former role")


def _moment(at: object) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")  # type: ignore[arg-type]


register_personal_data("consents", gettext_lazy("Consents"), _consents)
register_personal_data("requests", gettext_lazy("Your requests"), _requests)
register_personal_data("looks", gettext_lazy("Who looked, by role"), _looks)
