"""What a lender set up: gateways, quiet hours, words."""

from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone

from carloan.core.errors import NotFound
from carloan.messaging.kinds import MessageKind, Words, find_kind
from carloan.messaging.models import ContactPolicy, Gateway, MessageTemplate
from carloan.messaging.models.setup import QUIET_FROM, QUIET_UNTIL
from carloan.messaging.policies.quiet import next_moment

MANAGE = "messages.manage"


def gateway_of(channel: str) -> Gateway | None:
    """The lender's gateway of a channel, None where there is none in use."""
    return Gateway.objects.filter(channel=channel, is_active=True).first()


def gateways() -> dict[str, Gateway]:
    """What is set up, by channel, in use or not."""
    return {row.channel: row for row in Gateway.objects.all()}


def channels_in_use() -> frozenset[str]:
    return frozenset(Gateway.objects.filter(is_active=True).values_list("channel", flat=True))


def quiet_hours() -> tuple[time, time]:
    """From when until when nobody is written to, in the lender's local time."""
    row = ContactPolicy.objects.first()
    return (row.quiet_from, row.quiet_until) if row else (QUIET_FROM, QUIET_UNTIL)


def may_leave_at(now: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours that it falls into; by the lender's zone, which is active."""
    return next_moment(timezone.localtime(now), *quiet_hours())


@dataclass(frozen=True, slots=True)
class WordsInForce:
    words: Words
    version: int
    language: str


def words_of(kind: MessageKind, channel: str, language: str) -> WordsInForce:
    """The words that count now: the lender's newest, else those that ship with the kind. Chinese where the kind has
    none in the language. Raises NotFound for a channel without words."""
    row = (
        MessageTemplate.objects.filter(kind=kind.code, channel=channel, language=language).order_by("-version").first()
    )
    if row:
        return WordsInForce(Words(row.body, row.subject), row.version, language)
    if shipped := kind.words.get((channel, language)):
        return WordsInForce(shipped, 0, language)
    if language == "zh-hans":
        raise NotFound
    return words_of(kind, channel, "zh-hans")


def versions_of(kind_code: str, channel: str, language: str) -> list[MessageTemplate]:
    """The lender's own versions of the words, the newest first. Raises NotFound for what no kind has."""
    kind = find_kind(kind_code)
    if kind is None or (channel, language) not in kind.words:
        raise NotFound
    rows = MessageTemplate.objects.filter(kind=kind_code, channel=channel, language=language)
    return list(rows.select_related("made_by").order_by("-version"))
