"""How paper originals show themselves: words, lines of lists, the loan's tab, names in the trail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from carloan.archives.models import CustodyRequest, HandoverList, Original, StoragePlace
from carloan.archives.policies.originals.codes import ORIGINAL, PLACE, code_of
from carloan.archives.policies.originals.custody import BUNDLE
from carloan.archives.policies.originals.requests import PURPOSES
from carloan.archives.selectors.originals.handovers import visible_handovers
from carloan.archives.selectors.originals.originals import (
    REGISTER,
    originals_of_loan,
    visible_originals,
)
from carloan.archives.selectors.originals.places import path_of, visible_places
from carloan.archives.selectors.originals.rooms import VIEW as ROOMS
from carloan.archives.selectors.originals.rooms import visible_devices
from carloan.archives.selectors.originals.shredding import orders_for
from carloan.archives.selectors.originals.stocktakes import visible_stocktakes
from carloan.archives.words import kind_label
from carloan.compliance.names import Named
from carloan.compliance.selectors.destruction import VIEW as DESTRUCTIONS
from carloan.compliance.values import Words
from carloan.core.actors import Actor
from carloan.core.models import AuditEvent
from carloan.loans.models import Loan
from carloan.loans.selectors.loans import may

ACTS: Final = {
    "archives.original.registered": gettext_lazy("Original registered"),
    "archives.original.received": gettext_lazy("Original received"),
    "archives.original.shelved": gettext_lazy("Original put into its place"),
    "archives.original.lent": gettext_lazy("Original lent"),
    "archives.original.extended": gettext_lazy("Original lent longer"),
    "archives.original.given_back": gettext_lazy("Original given back"),
    "archives.original.sent": gettext_lazy("Original sent on its way"),
    "archives.original.arrived": gettext_lazy("Original arrived"),
    "archives.original.turned_back": gettext_lazy("Original turned back on its way"),
    "archives.original.sealed": gettext_lazy("Original sealed anew"),
    "archives.original.lost": gettext_lazy("Original called missing"),
    "archives.original.found": gettext_lazy("Original found again"),
    "archives.original.released": gettext_lazy("Original given to its owner"),
    "archives.original.shredded": gettext_lazy("Original shredded"),
    "archives.original.voided": gettext_lazy("Entry of an original called a mistake"),
    "archives.original.asked": gettext_lazy("Request about an original"),
    "archives.original.granted": gettext_lazy("Request about an original granted"),
    "archives.original.refused": gettext_lazy("Request about an original refused"),
    "archives.original.withdrawn": gettext_lazy("Request about an original withdrawn"),
    "archives.original.photo_viewed": gettext_lazy("Picture of an original looked at"),
    "archives.originals.exported": gettext_lazy("List of originals exported"),
    "archives.originals.reminded": gettext_lazy("Reminders of lent originals"),
    "archives.labels.issued": gettext_lazy("Labels for originals printed ahead"),
    "archives.handover.drawn": gettext_lazy("Hand-over list drawn up"),
    "archives.handover.given": gettext_lazy("Hand-over list confirmed by the giver"),
    "archives.handover.taken": gettext_lazy("Hand-over list confirmed by the taker"),
    "archives.handover.refused": gettext_lazy("Hand-over list refused"),
    "archives.handover.withdrawn": gettext_lazy("Hand-over list withdrawn"),
    "archives.stocktake.begun": gettext_lazy("Stock-take begun"),
    "archives.stocktake.counted": gettext_lazy("Stock-take counted"),
    "archives.stocktake.settled": gettext_lazy("Stock-take settled"),
    "archives.stocktake.withdrawn": gettext_lazy("Stock-take withdrawn"),
    "archives.stocktake.exported": gettext_lazy("Differences of a stock-take exported"),
    "archives.shredding.drawn": gettext_lazy("Shredding order drawn up"),
    "archives.shredding.done": gettext_lazy("Originals of a destruction shredded"),
    "archives.shredding.withdrawn": gettext_lazy("Shredding order withdrawn"),
    "archives.room.device_made": gettext_lazy("Door of a room made"),
    "archives.room.device_revoked": gettext_lazy("Door of a room revoked"),
    "archives.room.reported": gettext_lazy("Event of a door reported"),
    "archives.rooms.exported": gettext_lazy("Room access exported"),
    "archives.place.made": gettext_lazy("Storage place made"),
    "archives.place.changed": gettext_lazy("Storage place changed"),
    "archives.place.moved": gettext_lazy("Storage place moved"),
    "archives.place.closed": gettext_lazy("Storage place closed"),
}
LOOKS: Final = ("archives.original.photo_viewed",)
EXPORTS: Final = ("archives.originals.exported", "archives.stocktake.exported", "archives.rooms.exported")
_TONES: Final[dict[str, str]] = {
    "expected": "",
    "received": "st-yellow",
    "shelved": "st-green",
    "lent": "st-blue",
    "in_transit": "st-purple",
    "missing": "st-dark",
    "released": "",
    "shredded": "",
    "voided": "",
}
MOST_IN_TAB: Final = 200


def original_kind(kind: str) -> str:
    """What an original is of, in words."""
    return _("Bundle of papers") if kind == BUNDLE else kind_label(kind)


def purpose_word(code: str) -> str:
    return str(PURPOSES.get(code, code))


def original_code(original: Original) -> str:
    return code_of(ORIGINAL, original.number)


def place_code(place: StoragePlace) -> str:
    return code_of(PLACE, place.number)


@dataclass(frozen=True, slots=True)
class Row:
    """An original in a list. `where` is the place or whoever has it."""

    original: Original
    code: str
    kind: str
    state: str
    tone: str
    where: str
    is_late: bool
    url: str


def row_of(original: Original, today: date) -> Row:
    late = original.due_on is not None and original.due_on < today
    return Row(
        original,
        code=original_code(original),
        kind=original_kind(original.kind),
        state=_("Overdue") if late else str(original.get_state_display()),
        tone="st-red" if late else _TONES[original.state],
        where=where_of(original),
        is_late=late,
        url=reverse("archives:original-chain", args=[original.id]),
    )


def where_of(original: Original) -> str:
    if original.place is not None:
        return path_of(original.place)
    return str(original.holder) if original.holder is not None else ""


def rows_of(originals: Iterable[Original]) -> list[Row]:
    today = timezone.localdate()
    return [row_of(original, today) for original in originals]


def originals_tab(actor: Actor, loan: Loan, query: Mapping[str, str]) -> dict[str, Any]:
    return {
        "rows": rows_of(originals_of_loan(actor, loan)[:MOST_IN_TAB]),
        "may_register": may(actor, REGISTER, loan),
        "new_url": f"{reverse('archives:original-new')}?loan={loan.contract_no}",
    }


def originals_count(actor: Actor, loan: Loan) -> int:
    return originals_of_loan(actor, loan).count()


def original_names(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Named]:
    rows = visible_originals(actor).filter(id__in=list(ids))
    return {row.id: Named(original_code(row), reverse("archives:original-chain", args=[row.id])) for row in rows}


def place_names(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Named]:
    rows = visible_places(actor).filter(id__in=list(ids))
    return {row.id: Named(path_of(row), reverse("archives:place", args=[row.id])) for row in rows}


def handover_names(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Named]:
    rows = visible_handovers(actor).filter(id__in=list(ids))
    return {row.id: Named(handover_called(row), reverse("archives:handover", args=[row.id])) for row in rows}


def handover_called(handover: HandoverList) -> str:
    return _("Hand-over list %(number)s") % {"number": handover.number}


def shredding_names(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Named]:
    if not actor.can(DESTRUCTIONS):
        return {}
    wanted = set(ids)
    return {
        row.id: Named(
            _("Shredding order %(number)s") % {"number": row.number}, reverse("archives:shredding", args=[row.id])
        )
        for row in orders_for(actor)
        if row.id in wanted
    }


def device_names(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Named]:
    if not actor.can(ROOMS):
        return {}
    rows = visible_devices(actor).filter(id__in=list(ids))
    return {row.id: Named(row.name, f"{reverse('archives:rooms')}?device={row.id}") for row in rows}


def stocktake_names(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Named]:
    rows = visible_stocktakes(actor).filter(id__in=list(ids))
    return {
        row.id: Named(_("Stock-take %(number)s") % {"number": row.number}, reverse("archives:stocktake", args=[row.id]))
        for row in rows
    }


_FIELD_WORDS: Final = {
    "holder": gettext_lazy("in the hands of"),
    "second": gettext_lazy("second person"),
    "request": gettext_lazy("request"),
    "place": pgettext_lazy("storage", "place"),
    "purpose": pgettext_lazy("custody", "purpose"),
}


def trail_word(name: str) -> str | None:
    """What the trail calls a value that is no column of an original."""
    return str(capfirst(_FIELD_WORDS[name])) if name in _FIELD_WORDS else None


def original_words(event: AuditEvent) -> Words:
    """Values of one event about an original."""
    return Words(_value)


def _value(name: str, value: Any) -> Any:
    if name == "kind":
        return original_kind(str(value))
    if name == "purpose":
        return purpose_word(str(value))
    if name == "request":
        return CustodyRequest.Kind(value).label
    return None
