"""Reads of the consent register; `may_contact` is what everybody asks before they contact somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from carloan.compliance.models import Consent, PersonRequest, ProcessingStop
from carloan.compliance.policies.consents import (
    ANY,
    CHANNELS,
    PURPOSES,
    WHY_LABELS,
    Answer,
    Purpose,
    Saying,
    channels_of,
    judge,
)
from carloan.compliance.selectors.person_rights import PARTY
from carloan.core.actors import Actor
from carloan.core.reach import reached

VIEW: Final = "consents.view"
MANAGE: Final = "consents.manage"


def reaches(actor: Actor, capability: str, party_id: UUID) -> bool:
    """Whether a right over consents covers this person: held in one branch, it covers people of its loans only."""
    return party_id in reached(actor, capability, PARTY, [party_id])


def may_contact(*, party_id: UUID, purpose: str, channel: str, at: datetime) -> Answer:
    """Whether this person may be contacted for a purpose by a channel at a moment, as the register knows it now.

    Two queries. The answer says why and by which article, and names the row that decided.
    """
    rows = Consent.objects.filter(party_id=party_id, purpose=purpose)
    return judge(_sayings(rows), purpose, channel, at, stopped=_is_stopped(party_id))


def _is_stopped(party_id: UUID) -> bool:
    return ProcessingStop.objects.filter(party_id=party_id, state=ProcessingStop.State.ACTIVE).exists()


def _sayings(rows: Any) -> list[Saying]:
    columns = ("id", "purpose", "channel", "given", "separate", "said_at", "recorded_at")
    return [Saying(*values) for values in rows.values_list(*columns)]


@dataclass(frozen=True, slots=True)
class Line:
    """One purpose with the answers of this moment: each with its words and the channels that it is about; none where it
    is about every one."""

    code: str
    purpose: Purpose
    answers: Sequence[tuple[Answer, Any, Sequence[Any]]]


def table_of(party_id: UUID, at: datetime | None = None) -> list[Line]:
    """What stands for a person, purpose by purpose, now or at a former moment, by what is on record today: an
    answer is `late` where it rests on what was entered only afterwards. Two queries.

    Of a former moment a stop that is in force today says nothing.
    """
    sayings, stopped = _sayings(Consent.objects.filter(party_id=party_id)), at is None and _is_stopped(party_id)
    moment = at or timezone.now()
    return [
        Line(code, purpose, _together({each: judge(sayings, code, each, moment, stopped=stopped) for each in channels}))
        for code, purpose in PURPOSES.items()
        for channels in [[each for each in channels_of(code) if each != ANY or not purpose.reaches]]
    ]


def _together(answers: Mapping[str, Answer]) -> list[tuple[Answer, Any, list[Any]]]:
    """Channels with the same answer stand together."""
    found: dict[Answer, tuple[Answer, Any, list[Any]]] = {}
    for channel, answer in answers.items():
        found.setdefault(answer, (answer, WHY_LABELS[answer.why], []))[2].append(CHANNELS[channel])
    return [
        (answer, words, [] if len(channels) == len(answers) else channels) for answer, words, channels in found.values()
    ]


def newest_for(actor: Actor, most: int) -> list[Consent]:
    """What was entered last, of people within the actor's reach. Two queries; of `most` rows that were looked at."""
    actor.require(VIEW)
    rows = list(Consent.objects.select_related("recorded_by").order_by("-id")[:most])
    within = reached(actor, VIEW, PARTY, [row.party_id for row in rows])
    return [row for row in rows if row.party_id in within]


def consents_of(party_id: UUID) -> list[Consent]:
    """Everything that was said, the last first."""
    rows = Consent.objects.select_related("recorded_by", "request").filter(party_id=party_id)
    return list(rows.order_by("-said_at", "-id"))


def withdrawals_of(request: PersonRequest) -> list[Consent]:
    """What was withdrawn under a request, the last first."""
    return list(Consent.objects.filter(request=request, given=False).order_by("-id"))
