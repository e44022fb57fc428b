"""Hand-over lists: drawn up, and handed over once both sides have confirmed the same hash."""

from typing import Any

import pytest

from carloan.archives.models import (
    Custody,
    CustodyRequest,
    HandoverList,
    Original,
)
from carloan.archives.policies.originals.custody import CERTIFICATE
from carloan.archives.policies.originals.handovers import MOVES as LISTS
from carloan.archives.policies.originals.requests import MOVES as REQUESTS
from carloan.archives.services.originals.handing import (
    handover_draw,
    handover_refuse,
    handover_sign,
    handover_withdraw,
)
from carloan.archives.services.originals.keeping import (
    original_seal,
)
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.moves import step
from tests.archives.originals import (
    SEALED,
    borrowed,
    drawn,
    here,
    shelved,
)
from tests.cast import Lender
from tests.machines import walk

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def again(row: Any) -> Any:
    return type(row).objects.get(id=row.id)


def test_a_list_is_handed_over_when_both_sides_confirm_the_same_digest(bank: Lender) -> None:
    with bank.open():
        handover = drawn(bank)
        with pytest.raises(Forbidden):
            handover_sign(actor=bank.actor("admin"), handover=handover, digest=handover.digest)
        with pytest.raises(Conflict):
            handover_sign(actor=bank.actor("archivist"), handover=handover, digest=handover.digest)
        with pytest.raises(Conflict):
            handover_sign(actor=bank.actor("officer"), handover=handover, digest="0" * 64)
        handover_sign(actor=bank.actor("officer"), handover=handover, digest=handover.digest)
        assert set(Original.objects.values_list("state", flat=True)) == {"in_transit"}
        with pytest.raises(Conflict):
            handover_sign(actor=bank.actor("archivist"), handover=handover, digest="0" * 64)
        handover_sign(actor=bank.actor("archivist"), handover=handover, digest=handover.digest)
        assert set(Original.objects.values_list("state", "holder")) == {("received", bank.members["archivist"].id)}
        assert again(handover).state == "taken"
        assert {row.digest for row in handover.signatures.all()} == {handover.digest}


def test_a_list_whose_paper_stands_otherwise_by_now_is_not_confirmed(bank: Lender) -> None:
    with bank.open():
        handover = drawn(bank, giver="archivist", taker="officer")
        first = Original.objects.order_by("number").first()
        assert first is not None
        original_seal(actor=bank.actor("archivist"), original=first, proof=SEALED)
        with pytest.raises(Conflict):
            handover_sign(actor=bank.actor("archivist"), handover=handover, digest=handover.digest)


def test_what_is_refused_or_withdrawn_is_with_the_giver_again(bank: Lender) -> None:
    with bank.open():
        for end in ("refuse", "withdraw"):
            handover = drawn(bank)
            handover_sign(actor=bank.actor("officer"), handover=handover, digest=handover.digest)
            if end == "refuse":
                with pytest.raises(Invalid):
                    handover_refuse(actor=bank.actor("archivist"), handover=handover, words="")
                handover_refuse(actor=bank.actor("archivist"), handover=handover, words="少一份")
            else:
                with pytest.raises(Forbidden):
                    handover_withdraw(actor=bank.actor("archivist"), handover=handover)
                handover_withdraw(actor=bank.actor("officer"), handover=handover)
        assert set(Original.objects.values_list("state", "holder")) == {("received", bank.members["officer"].id)}


def test_a_certificate_goes_on_a_list_only_sealed_and_pictured(bank: Lender) -> None:
    with bank.open():
        handover = drawn(bank, giver="archivist", taker="officer", kind=CERTIFICATE)
        with pytest.raises(Invalid):
            handover_sign(actor=bank.actor("archivist"), handover=handover, digest=handover.digest)
        handover_withdraw(actor=bank.actor("archivist"), handover=handover)
        ids = list(Original.objects.values_list("id", flat=True))
        for original in Original.objects.all():
            original_seal(actor=bank.actor("archivist"), original=original, proof=SEALED)
        sealed = handover_draw(actor=bank.actor("archivist"), taker=bank.members["officer"], purpose="branch", ids=ids)
        handover_sign(actor=bank.actor("archivist"), handover=sealed, digest=sealed.digest)
        sent = Custody.objects.filter(act="send").first()
        assert sent is not None
        assert (sent.seal_no, len(sent.photo_sha256)) == ("F-0001", 64)


def test_only_what_is_in_ones_hands_is_handed_over(bank: Lender) -> None:
    with bank.open():
        theirs = here(bank, role="archivist")
        with pytest.raises(Invalid) as caught:
            handover_draw(
                actor=bank.actor("officer"), taker=bank.members["archivist"], purpose="keeping", ids=[theirs.id]
            )
        assert "originals" in caught.value.fields
        with pytest.raises(Invalid):
            handover_draw(actor=bank.actor("officer"), taker=bank.members["officer"], purpose="", ids=[])


def test_requests_and_lists_take_their_lines_or_are_refused(bank: Lender) -> None:
    with bank.open():
        asked, handover = borrowed(bank, shelved(bank)), drawn(bank)

    def act(row: Any, event: str) -> None:
        moves = REQUESTS if isinstance(row, CustodyRequest) else LISTS
        step(row, moves, event, audit_event_id=row.audit_event_id)

    with bank.open():
        assert walk(asked, REQUESTS, CustodyRequest.State.values, act)[0] == len(list(REQUESTS))
        assert walk(handover, LISTS, HandoverList.State.values, act)[0] == len(list(LISTS))
