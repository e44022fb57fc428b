"""Marks on pictures that leave: each look gets an id of its own, on the picture, in it and in the trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from carloan.archives.models import PageMark, Paper
from carloan.archives.watermark import codes, stamp
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.models import Membership, Tenant

LONGEST_NAME: Final = 24


@dataclass(frozen=True, slots=True)
class Signature:
    """Whose look it was, as it is written on the picture."""

    who: str
    when: str

    def lines(self, code: str) -> tuple[str, str]:
        return self.who, f"{self.when} · {codes.shown(code)}"


def look_record(
    *, actor: Actor, paper: Paper, action: str, pages: Sequence[int], after: dict[str, object]
) -> tuple[Signature, dict[int, str]]:
    """Record a look at pages of a paper, and the id of each picture that leaves for it (by page).

    It is called inside the transaction whose end is before the first byte leaves: without event there is no picture.
    Raises Shredded when the paper's key was destroyed.
    """
    event_id = audit.record(
        actor=actor, action=action, object_type="archives.paper", object_id=paper.id, loan_id=paper.loan_id,
        subject=paper.key_subject(), after=after,
    )  # fmt: skip
    marks = {number: codes.new_code() for number in pages}
    PageMark.objects.bulk_create(
        PageMark(code=code, paper_id=paper.id, page=number, audit_event_id=event_id) for number, code in marks.items()
    )
    return _signature(actor), marks


def mark(ground: stamp.Ground, signature: Signature, code: str) -> bytes:
    """The picture as it may leave: JPEG with its mark burned in."""
    return stamp.jpeg(stamp.marked(ground, signature.lines(code), code))


def _signature(actor: Actor) -> Signature:
    members = Membership.objects.select_related("tenant", "user")
    member = members.filter(id=actor.membership_id).first() if actor.membership_id else None
    lender = member.tenant if member else Tenant.objects.get(id=actor.tenant_id)
    number = (member.employee_no or member.user.get_username()) if member else ""
    now = timezone.now().astimezone(ZoneInfo(lender.time_zone))
    who = " ".join(filter(None, (actor.name[:LONGEST_NAME], number[:LONGEST_NAME])))
    return Signature(f"{who} · {lender.name[:LONGEST_NAME]}", f"{now:%Y-%m-%d %H:%M}")
