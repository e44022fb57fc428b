"""Paper originals: every hand is a row, nothing changes without one, and what leaves leaves by two people."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from carloan.archives.models import (
    Custody,
    CustodyDetail,
    CustodyReminder,
    Original,
    StoragePlace,
)
from carloan.archives.policies.originals.codes import ORIGINAL, PLACE, code_of, read_code
from carloan.archives.policies.originals.custody import CERTIFICATE, MOVES, Hand, Link, gaps
from carloan.archives.policies.originals.reminding import steps_due
from carloan.archives.selectors.originals.originals import OriginalFilters, chain_of, originals_page
from carloan.archives.services.originals.custody import Proof, original_hand
from carloan.archives.services.originals.keeping import (
    original_find,
    original_give_back,
    original_lend,
    original_seal,
    originals_shelve,
)
from carloan.archives.services.originals.places import place_change, place_close, place_make, place_move
from carloan.archives.services.originals.registering import labels_issue, original_register, original_void
from carloan.archives.services.originals.reminding import originals_remind
from carloan.archives.services.originals.requests import (
    original_release,
    request_ask,
    request_grant,
    request_refuse,
    request_withdraw,
)
from carloan.archives.services.originals.shredding import originals_left
from carloan.core.errors import Conflict, Forbidden, Held, Invalid
from carloan.core.models import AuditEvent
from carloan.core.moves import step
from carloan.core.sealed import clear
from carloan.core.transitions import history_of
from carloan.loans.services.shredding import loan_shred
from tests.archives.originals import (
    JPEG,
    SEALED,
    borrowed,
    certificate_lent,
    here,
    inside,
    late,
    lent,
    loan_of,
    shelved,
    warehouse,
)
from tests.cast import Lender
from tests.compliance.held import place as hold
from tests.machines import walk

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def acts(original: Original) -> list[str]:
    return list(Custody.objects.filter(original=original).order_by("number").values_list("act", flat=True))


def again(row: Any) -> Any:
    return type(row).objects.get(id=row.id)


# Codes


def test_a_code_is_read_however_it_was_typed_and_a_slip_is_seen() -> None:
    code = code_of(ORIGINAL, 123)
    assert len(code) == 8
    for typed in (code, code.lower(), f" {code[:3]} {code[3:]}", f"{code[:4]}-{code[4:]}", code.replace("Y", "Ｙ")):
        assert read_code(typed) == (ORIGINAL, 123), typed
    slipped = code[:4] + str((int(code[4]) + 1) % 10) + code[5:]
    assert read_code(slipped) is None
    assert read_code(code_of(PLACE, 7)) == (PLACE, 7)
    assert [read_code(text) for text in ("", "Y12", "X0001234", "Y0000000", "Y" + "1" * 30)] == [None] * 5


# The chain


def test_an_original_comes_lies_is_lent_and_comes_back_and_each_hand_is_told(bank: Lender) -> None:
    with bank.open():
        original = lent(bank)
        assert (original.state, original.holder, original.place) == ("lent", bank.members["officer"], None)
        original_give_back(actor=bank.actor("archivist"), original=original)
        original = again(original)
        assert (original.state, original.holder, original.due_on) == ("received", bank.members["archivist"], None)
        assert acts(original) == ["expect", "receive", "shelve", "lend", "give_back"]
        last = Custody.objects.get(original=original, number=5)
        assert (last.from_holder, last.to_holder, last.by) == (
            bank.members["officer"],
            bank.members["archivist"],
            bank.members["archivist"],
        )
        assert [each.event for each in history_of(original)] == ["receive", "shelve", "lend", "give_back"]
        told = AuditEvent.objects.filter(object_id=original.id).values_list("action", flat=True)
        assert "archives.original.given_back" in told


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE archives_original SET state = 'lent', place_id = NULL, due_on = now()",
        "UPDATE archives_original SET state = 'received', place_id = NULL",
        "UPDATE archives_original SET place_id = NULL",
        "UPDATE archives_original SET hands = hands + 1",
        "UPDATE archives_original SET state = 'shredded', place_id = NULL, hands = hands + 1",
        "UPDATE archives_original SET sheets = 2",
        "DELETE FROM archives_original",
        "UPDATE archives_custody SET by_id = NULL",
        "DELETE FROM archives_custody",
        "DELETE FROM archives_custodydetail",
        "UPDATE archives_custodydetail SET words = 'x'",
        "DELETE FROM archives_custodyrequest",
        "DELETE FROM archives_storageplace",
    ],
)
def test_plain_sql_changes_no_original_and_no_hand(bank: Lender, statement: str) -> None:
    with bank.open():
        original = shelved(bank)
        original_seal(actor=bank.actor("archivist"), original=original, proof=SEALED)
        borrowed(bank, original)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_every_event_in_every_state_takes_its_line_or_is_refused(bank: Lender) -> None:
    with bank.open():
        original, where = shelved(bank), warehouse(bank, "二号库")
        other = bank.members["officer"].id

    def act(row: Original, event: Any) -> None:
        target: dict[str, Any] = {}
        if event in ("shelve", "seal") and (event == "shelve" or row.state == "shelved"):
            target["place"] = where
        elif event in ("lend", "extend"):
            target |= {"holder_id": other, "due_on": timezone.localdate()}
        elif event in ("receive", "give_back", "arrive", "turn_back", "find", "seal"):
            target["holder_id"] = other
        original_hand(
            actor=bank.actor("archivist"),
            original=row,
            event=event,
            second_id=other,
            proof=SEALED,
            **target,
        )
        row.refresh_from_db()

    with bank.open():
        taken, refused = walk(original, MOVES, Original.State.values, act)
    assert taken == len(list(MOVES))
    assert refused > taken


# Coming in


def test_a_label_that_was_printed_ahead_is_what_the_original_is_called_by(bank: Lender) -> None:
    with bank.open():
        numbers = labels_issue(actor=bank.actor("archivist"), count=3)
        code = code_of(ORIGINAL, numbers[1])
        original = here(bank, code=code)
        assert original.number == numbers[1]
        for wrong in (code, code_of(ORIGINAL, numbers[-1] + 50), code_of(PLACE, numbers[0]), "Y0000000"):
            with pytest.raises(Invalid) as caught:
                here(bank, code=wrong)
            assert "code" in caught.value.fields
        assert here(bank).number == numbers[-1] + 1


def test_an_expected_original_that_was_a_mistake_keeps_its_number(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("officer")
        expected = original_register(actor=actor, loan=loan_of(bank), kind="loan_contract", sheets=2)
        with pytest.raises(Invalid):
            original_void(actor=actor, original=expected, words=" ")
        original_void(actor=actor, original=expected, words="重复登记")
        assert again(expected).state == "voided"
        with pytest.raises(Conflict):
            original_void(actor=actor, original=here(bank), words="重复登记")


def test_strangers_and_other_branches_enter_nothing(bank: Lender, other: Lender) -> None:
    with bank.open():
        loan = loan_of(bank)
        with pytest.raises(Forbidden):
            original_register(actor=bank.actor("collector"), loan=loan, kind="loan_contract", sheets=1)
        with pytest.raises(Invalid):
            original_register(actor=bank.actor("officer"), loan=loan, kind="no_kind", sheets=0)
    with other.open():
        assert originals_page(other.actor("admin"), OriginalFilters())[0] == []


# Places


def test_a_tree_of_places_knows_what_fits_and_how_much(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("archivist")
        house = warehouse(bank)
        shelf = inside(bank, house, "shelf", "A架")
        box = inside(bank, shelf, "box", "一号盒", capacity=1)
        with pytest.raises(Invalid):
            place_make(actor=actor, level="shelf", name="架", parent=box)
        with pytest.raises(Invalid):
            place_make(actor=actor, level="box", name="盒", branch=bank.branches["east"])
        with pytest.raises(Invalid) as caught:
            inside(bank, shelf, "box", "一号盒")
        assert "name" in caught.value.fields
        shelved(bank, box)
        with pytest.raises(Invalid) as caught:
            shelved(bank, box)
        assert "place" in caught.value.fields
        with pytest.raises(Conflict):
            place_close(actor=actor, place=box)
        with pytest.raises(Forbidden):
            place_make(actor=bank.actor("officer"), level="box", name="私盒", parent=shelf)


def test_a_box_moves_with_all_that_lies_in_it(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("archivist")
        east, west = warehouse(bank, "东库"), warehouse(bank, "西库", "west")
        shelf = inside(bank, east, "shelf", "A架")
        box = inside(bank, shelf, "box", "一号盒")
        bag = inside(bank, box, "bag", "一号袋")
        original = shelved(bank, bag)
        place_move(actor=actor, place=again(box), target=west)
        assert again(box).parent == west
        assert {again(box).branch_id, again(bag).branch_id} == {bank.branches["west"].id}
        assert (again(original).place, again(box).moves.get().source) == (bag, shelf)
        with pytest.raises(Conflict):
            place_move(actor=actor, place=west, target=east)
        with pytest.raises(Invalid):
            place_move(actor=actor, place=again(box), target=bag)
        with pytest.raises(Conflict):
            place_change(actor=actor, place=again(box), revision=1, name="二号盒", capacity=None)


def test_a_pile_is_shelved_whole_or_not_at_all(bank: Lender) -> None:
    with bank.open():
        actor = bank.actor("archivist")
        place, first, second, away = warehouse(bank), here(bank), here(bank), lent(bank)
        codes = [code_of(ORIGINAL, each.number) for each in (first, second)]
        with pytest.raises(Invalid) as caught:
            originals_shelve(actor=actor, place=place, codes=[*codes, "Y0000000", code_of(ORIGINAL, away.number)])
        assert len(caught.value.fields["codes"]) == 2
        assert again(first).state == "received"
        assert len(originals_shelve(actor=actor, place=place, codes=[*codes, codes[0], ""])) == 2
        assert again(second).place == place


# Borrowing


def test_who_asks_does_not_decide_and_what_is_granted_happens(bank: Lender) -> None:
    with bank.open():
        original = shelved(bank)
        asked = borrowed(bank, original, by="archivist")
        with pytest.raises(Conflict):
            request_grant(actor=bank.actor("archivist"), request=asked)
        with pytest.raises(Conflict):
            borrowed(bank, original)
        request_withdraw(actor=bank.actor("archivist"), request=asked)
        asked = borrowed(bank, original)
        with pytest.raises(Forbidden):
            request_grant(actor=bank.actor("release_officer"), request=asked)
        request_grant(actor=bank.actor("archivist"), request=asked)
        original = again(original)
        assert (original.state, original.holder, again(asked).state) == ("lent", bank.members["officer"], "used")
        longer = request_ask(
            actor=bank.actor("officer"),
            original=original,
            kind="extend",
            due_on=original.due_on + timedelta(days=7),
            words="车管所排队",
        )
        assert again(original).due_on == original.due_on
        request_grant(actor=bank.actor("archivist"), request=longer)
        assert again(original).due_on == longer.due_on
        with pytest.raises(Conflict):
            request_refuse(actor=bank.actor("archivist"), request=longer)


def test_nobody_borrows_without_a_day_and_a_purpose_or_keeps_what_is_not_theirs(bank: Lender) -> None:
    with bank.open():
        original = shelved(bank)
        far = timezone.localdate() + timedelta(days=91)
        with pytest.raises(Invalid) as caught:
            request_ask(actor=bank.actor("officer"), original=original, kind="borrow", due_on=far)
        assert {"due_on", "purpose"} <= caught.value.fields.keys()
        with pytest.raises(Conflict):
            request_ask(
                actor=bank.actor("officer"),
                original=original,
                kind="extend",
                due_on=timezone.localdate() + timedelta(days=2),
                words="需要",
            )
        with pytest.raises(Invalid):
            original_lend(
                actor=bank.actor("archivist"),
                original=original,
                borrower=bank.members["archivist"],
                due_on=timezone.localdate(),
                purpose="check",
            )


def test_a_loss_counts_once_somebody_else_has_confirmed_it(bank: Lender) -> None:
    with bank.open():
        original = lent(bank)
        asked = request_ask(actor=bank.actor("officer"), original=original, kind="loss", words="外出途中遗失")
        assert again(original).state == "lent"
        with pytest.raises(Forbidden):
            request_grant(actor=bank.actor("officer"), request=asked)
        request_grant(actor=bank.actor("compliance"), request=asked)
        original = again(original)
        assert (original.state, original.holder) == ("missing", None)
        detail = CustodyDetail.objects.get(custody__original=original)
        assert clear(detail, "words") == "外出途中遗失"
        original_find(actor=bank.actor("archivist"), original=original, words="在另一案卷中")
        assert again(original).state == "received"


def test_what_goes_to_its_owner_takes_two_and_no_legal_hold(bank: Lender) -> None:
    with bank.open():
        original = shelved(bank)
        asked = request_ask(actor=bank.actor("archivist"), original=original, kind="release", words="借款人本人")
        with pytest.raises(Conflict):
            original_release(actor=bank.actor("archivist"), request=asked)
        request_grant(actor=bank.actor("compliance"), request=asked)
        hold(bank, ("loan", original.loan_id))
        with pytest.raises(Held):
            original_release(actor=bank.actor("archivist"), request=asked)
        # Lending goes on: what is held is needed in court.
        original_lend(
            actor=bank.actor("archivist"),
            original=original,
            borrower=bank.members["officer"],
            due_on=timezone.localdate(),
            purpose="lawsuit",
        )
        assert again(original).state == "lent"


def test_the_database_keeps_what_a_hold_keeps(bank: Lender) -> None:
    with bank.open():
        original = shelved(bank)
        hold(bank, ("loan", original.loan_id))
        with pytest.raises(DatabaseError, match="legal hold"), transaction.atomic():
            Custody.objects.create(original=original, number=4, act="release", audit_event_id=original.audit_event_id)
            step(
                original, MOVES, "release", facts=_two(), audit_event_id=original.audit_event_id, hands=4, place_id=None
            )


def _two() -> Any:
    return Hand("loan_contract", two_people=True)


# The certificate


def test_a_certificate_leaves_sealed_pictured_and_by_two_people(bank: Lender) -> None:
    with bank.open():
        original = shelved(bank, kind=CERTIFICATE)
        with pytest.raises(Invalid) as caught:
            original_lend(
                actor=bank.actor("archivist"),
                original=original,
                borrower=bank.members["officer"],
                due_on=timezone.localdate(),
                purpose="mortgage",
            )
        assert caught.value.fields.keys() == {"seal_no", "photo", "act"}
        asked = borrowed(bank, original)
        for lacking in (Proof(), Proof(seal_no="F-0001"), Proof(photo=JPEG)):
            with pytest.raises(Invalid):
                request_grant(actor=bank.actor("archivist"), request=asked, proof=lacking)
        with pytest.raises(Invalid):
            request_grant(
                actor=bank.actor("archivist"), request=asked, proof=Proof(seal_no="1", photo=b"MZ no picture")
            )
        request_grant(actor=bank.actor("archivist"), request=asked, proof=SEALED)
        hand = Custody.objects.get(original=original, act="lend")
        assert (hand.second, hand.seal_no, len(hand.photo_sha256)) == (bank.members["officer"], "F-0001", 64)


def test_gaps_of_a_certificates_chain_are_shown_as_gaps(bank: Lender) -> None:
    with bank.open():
        original = certificate_lent(bank)
        original_give_back(actor=bank.actor("archivist"), original=original, proof=Proof(seal_no="F-9999"))
        told = [[problem.code for problem in hand.gaps] for hand in chain_of(again(original), certificate=True)]
    assert told == [[], ["seal", "photo"], ["seal", "photo"], [], ["photo", "seal_changed"]]


def test_a_break_in_a_chain_is_a_gap() -> None:
    chain = [
        Link("receive", "a", "1", True, "", "a"),
        Link("lend", "a", "1", True, "b", "c"),
        Link("give_back", "", "1", True, "c", "a"),
    ]
    assert [[problem.code for problem in each] for each in gaps(chain)] == [[], ["break"], ["by"]]


# Reminders


def test_steps_of_reminding_follow_the_due_day() -> None:
    day = timezone.localdate()
    told = {late: steps_due(day - timedelta(days=late), day) for late in (-3, -2, 0, 1, 4, 5)}
    assert told == {
        -3: [],
        -2: ["soon"],
        0: ["soon"],
        1: ["late"],
        4: ["late"],
        5: ["late", "escalated"],
    }


def test_the_night_reminds_once_a_step_and_tells_the_trail_how_many(bank: Lender) -> None:
    with bank.open():
        lent(bank, days=2)
        late(bank, days=6)
        lent(bank, days=20)
        assert originals_remind(actor=bank.system) == 3
        assert originals_remind(actor=bank.system) == 0
        assert sorted(CustodyReminder.objects.values_list("step", flat=True)) == ["escalated", "late", "soon"]
        told = AuditEvent.objects.get(action="archives.originals.reminded")
        assert json.loads(bytes(told.canon))["count"] == 3
        with pytest.raises(Forbidden):
            originals_remind(actor=bank.actor("admin"))


# The end of a loan


def test_words_and_pictures_go_with_the_loans_key_and_the_chain_stays(bank: Lender) -> None:
    with bank.open():
        original = certificate_lent(bank)
        assert list(originals_left(original.loan_id)) == ["columns", "originals"]
        loan_shred(actor=bank.system, loan=original.loan)
        assert list(originals_left(original.loan_id)) == ["originals"]
        original_give_back(actor=bank.actor("archivist"), original=again(original))
        assert acts(original)[-1] == "give_back"
        assert StoragePlace.objects.exists()
