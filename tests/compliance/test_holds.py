"""Legal holds: who places and releases them, and that the databases keep them on every way."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from carloan.archives.models import Paper, PaperField
from carloan.compliance.models import HoldRelease, LegalHold
from carloan.compliance.policies import holds as policies
from carloan.compliance.selectors.holds import notices_on, require_unheld
from carloan.compliance.services.held_keys import held_keys_mend, keys_hold, keys_release
from carloan.compliance.services.holds import hold_extend, hold_place, hold_release
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Held, Invalid, NotFound
from carloan.core.ids import uuid7
from carloan.core.keys import destroy_key, is_destroyed, secrets_of
from carloan.core.keystore.models import HeldKey
from carloan.core.models import AuditEvent
from carloan.core.sealed import seal
from carloan.core.tenancy import tenant_atomic
from carloan.loans.models import Loan, Party
from carloan.loans.services.shredding import loan_shred, party_shred
from tests.archives.conftest import received
from tests.cast import Lender
from tests.compliance.held import another, place
from tests.compliance.retained import borrower
from tests.loans.book import open_loan, person
from tests.machines import walk
from tests.tenancy.routes import BLANK_PAGE

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
WORD = "案件已结"


def filed(lender: Lender, loan: Loan) -> Paper:
    """A filed paper of a loan with a value on it."""
    paper = received(lender, BLANK_PAGE, loan=loan)
    Paper.objects.filter(id=paper.id).update(state="filed", kind="id_card")
    paper.refresh_from_db()
    field = PaperField(id=uuid7(), paper=paper, name="name", confidence=1000, audit_event_id=paper.audit_event_id)
    seal(field, value="王伟")
    field.save(force_insert=True)
    return paper


class TestPlacing:
    def test_a_hold_stands_with_an_event_for_itself_and_for_each_thing(self, bank: Lender) -> None:
        with bank.open():
            loan = open_loan(bank.actor("admin"), 1)
            hold = place(bank, ("loan", loan.id), ("party", borrower(loan).id), ("loan", loan.id))
            assert [each.number for each in notices_on([("loan", loan.id)])] == [hold.number]
            assert AuditEvent.objects.get(action="compliance.hold.placed").id == hold.audit_event_id
            told = AuditEvent.objects.filter(action="compliance.hold.added").values_list("object_id", flat=True)
            assert set(told) == {loan.id, borrower(loan).id}
            with pytest.raises(Held):
                require_unheld([("loan", loan.id)])

    def test_overlapping_holds_hold_each_for_itself(self, bank: Lender) -> None:
        with bank.open():
            loan = open_loan(bank.actor("admin"), 1)
            first, second = place(bank, ("loan", loan.id)), place(bank, ("loan", loan.id), kind="aml")
            for name in ("甲", "乙"):
                hold_release(actor=another(bank, "compliance", name), hold=first, reason=WORD)
            assert [each.id for each in notices_on([("loan", loan.id)])] == [second.id]

    def test_what_is_incomplete_hidden_or_not_a_persons_is_refused(self, bank: Lender, other: Lender) -> None:
        with other.open():
            theirs = open_loan(other.actor("admin"), 1).id
        with bank.open():
            loan = open_loan(bank.actor("admin"), 1)
            given: dict[str, Any] = {"kind": "audit", "name": "n", "reason": "r", "things": [("loan", loan.id)]}
            wrongs: tuple[dict[str, Any], ...] = ({"kind": "x"}, {"name": " "}, {"reason": ""}, {"things": []})
            for wrong in wrongs:
                with pytest.raises(Invalid):
                    hold_place(actor=bank.actor("compliance"), **{**given, **wrong})
            for unseen in (("loan", theirs), ("moon", loan.id), ("paper", loan.id)):
                with pytest.raises(NotFound):
                    hold_place(actor=bank.actor("compliance"), **{**given, "things": [unseen]})
            for nobody in (bank.actor("officer"), bank.actor("admin"), Actor.system(bank.tenant.id, "sweep")):
                with pytest.raises(Forbidden):
                    hold_place(actor=nobody, **given)

    def test_what_was_destroyed_takes_no_hold(self, bank: Lender) -> None:
        with bank.open():
            loan = open_loan(bank.actor("admin"), 1)
            loan_shred(actor=bank.system, loan=loan)
            with pytest.raises(Conflict):
                place(bank, ("loan", loan.id))

    def test_a_hold_grows_and_never_shrinks(self, bank: Lender) -> None:
        with bank.open():
            one, two = open_loan(bank.actor("admin"), 1), open_loan(bank.actor("admin"), 2, people=[person(2)])
            hold = place(bank, ("loan", one.id))
            hold_extend(actor=bank.actor("compliance"), hold=hold, things=[("loan", one.id), ("loan", two.id)])
            assert hold.targets.count() == 2
            with pytest.raises(DatabaseError), transaction.atomic():
                hold.targets.all().delete()


class TestReleasing:
    def test_two_others_release_what_a_court_caused(self, bank: Lender) -> None:
        with bank.open():
            hold = place(bank, ("loan", open_loan(bank.actor("admin"), 1).id))
            with pytest.raises(Conflict):
                hold_release(actor=bank.actor("compliance"), hold=hold, reason=WORD)
            first = another(bank, "compliance", "甲")
            assert hold_release(actor=first, hold=hold, reason=WORD).state == "active"
            with pytest.raises(Conflict):
                hold_release(actor=first, hold=hold, reason=WORD)
            with pytest.raises(Invalid):
                hold_release(actor=bank.actor("archivist"), hold=hold, reason=" ")
            assert hold_release(actor=bank.actor("archivist"), hold=hold, reason=WORD).state == "released"
            with pytest.raises(Conflict):
                hold_release(actor=another(bank, "compliance", "乙"), hold=hold, reason=WORD)

    def test_whoever_placed_it_may_be_one_of_two_where_it_came_from_the_house(self, bank: Lender) -> None:
        with bank.open():
            hold = place(bank, ("loan", open_loan(bank.actor("admin"), 1).id), kind="complaint")
            hold_release(actor=bank.actor("compliance"), hold=hold, reason=WORD)
            assert hold_release(actor=bank.actor("archivist"), hold=hold, reason=WORD).state == "released"

    def test_its_states_are_walked(self, bank: Lender) -> None:
        with bank.open():
            hold = place(bank, ("loan", open_loan(bank.actor("admin"), 1).id))
            for name in ("甲", "乙"):
                another(bank, "compliance", name)
                HoldRelease.objects.create(hold=hold, member=bank.members[name], audit_event_id=hold.audit_event_id)
            third = another(bank, "compliance", "丙")
            taken = walk(
                hold,
                policies.MOVES,
                LegalHold.State.values,
                lambda row, event: hold_release(actor=third, hold=row, reason=WORD),
            )
            assert taken == (1, 1)


@pytest.mark.parametrize("role", ["app", "worker"])
class TestTheDatabaseKeepsIt:
    """Plain SQL of the roles that web and workers log in as."""

    def refuses(self, role: str, statement: str, *given: Any) -> str:
        """What the server calls the rule that refused."""
        with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
            if role == "worker":
                cursor.execute("SET LOCAL ROLE worker")
            cursor.execute(statement, given)
        cause: Any = refused.value.__cause__
        return str(cause.diag.constraint_name or cause.pgcode)

    @pytest.mark.parametrize("held", ["loan", "party", "paper"])
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE archives_paper SET loan_id = NULL, dossier_id = NULL",
            "UPDATE archives_paper SET loan_id = (SELECT max(id::text)::uuid FROM loans_loan)",
            "UPDATE archives_paper SET sha256 = 'x'",
            "UPDATE archives_paper SET stored = ''",
            "UPDATE archives_paper SET name = NULL",
            "UPDATE archives_paper SET wrapped_key = 'x'",
            "UPDATE archives_paper SET state = 'review'",
            "UPDATE archives_paper SET kind = 'other'",
            "DELETE FROM archives_paper",
            "UPDATE archives_paperfield SET value = 'y'",
            "UPDATE archives_paperfield SET original = 'y'",
            "DELETE FROM archives_paperfield",
        ],
    )
    def test_no_paper_is_changed_moved_or_destroyed(self, bank: Lender, role: str, held: str, statement: str) -> None:
        with bank.open():
            loan = open_loan(bank.actor("admin"), 1)
            open_loan(bank.actor("admin"), 2, people=[person(2)])
            paper = filed(bank, loan)
            target = {"loan": loan.id, "party": borrower(loan).id, "paper": paper.id}[held]
            place(bank, (held, target))
            assert self.refuses(role, statement) == "legal_hold"

    @pytest.mark.parametrize("held", ["loan", "party"])
    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM loans_loan",
            "DELETE FROM loans_vehicle",
            "UPDATE loans_vehicle SET vin = NULL",
            "UPDATE loans_vehicle SET engine_no = NULL",
            "UPDATE loans_party SET name = NULL",
            "UPDATE loans_party SET id_number = NULL, id_digest = NULL",
            "DELETE FROM loans_party",
            "UPDATE loans_contactpoint SET value = NULL",
            "DELETE FROM loans_contactpoint",
        ],
    )
    def test_no_loan_and_no_person_is_emptied(self, bank: Lender, role: str, held: str, statement: str) -> None:
        with bank.open():
            loan = open_loan(bank.actor("admin"), 1)
            place(bank, (held, {"loan": loan.id, "party": borrower(loan).id}[held]))
            assert self.refuses(role, statement) == "legal_hold"

    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM compliance_holdtarget",
            "UPDATE compliance_holdtarget SET target_id = gen_random_uuid()",
            "DELETE FROM compliance_legalhold",
            "UPDATE compliance_legalhold SET state = 'released'",
            "UPDATE compliance_legalhold SET placer_may_release = true",
            "UPDATE compliance_legalhold SET placed_by_id = (SELECT max(id::text)::uuid FROM core_membership)",
            "UPDATE compliance_legalhold SET number = 99",
            "INSERT INTO compliance_holdrelease (tenant_id, id, hold_id, member_id, said_at, audit_event_id)"
            " SELECT tenant_id, gen_random_uuid(), id, placed_by_id, now(), audit_event_id FROM compliance_legalhold",
            "DELETE FROM compliance_holdrelease",
        ],
    )
    def test_no_hold_goes_without_two_voices(self, bank: Lender, role: str, statement: str) -> None:
        with bank.open():
            hold = place(bank, ("loan", open_loan(bank.actor("admin"), 1).id))
            hold_release(actor=another(bank, "compliance", "甲"), hold=hold, reason=WORD)
            assert self.refuses(role, statement) in {"23001", "42501"}


def test_the_rest_of_the_work_goes_on_under_a_hold(bank: Lender) -> None:
    """Money is booked, terms change, a paper that came in is read and filed; another loan is free."""
    with bank.open():
        loan, free = open_loan(bank.actor("admin"), 1), open_loan(bank.actor("admin"), 2, people=[person(2)])
        fresh = received(bank, BLANK_PAGE, loan=loan)
        place(bank, ("loan", loan.id))
        Loan.objects.filter(id=loan.id).update(overdue=5)
        Party.objects.filter(id=borrower(loan).id).update(occupation="教师")
        Paper.objects.filter(id=fresh.id).update(state="filed", kind="id_card")
        loan_shred(actor=bank.system, loan=free)
        assert is_destroyed(free.key_subject())


def test_shredding_a_held_loan_or_person_destroys_nothing(bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.actor("admin"), 1)
        who = borrower(loan)
        place(bank, ("party", who.id))
        acts: tuple[Callable[[], None], ...] = (
            lambda: loan_shred(actor=bank.system, loan=loan),
            lambda: party_shred(actor=bank.system, party=who),
        )
        for act in acts:
            with pytest.raises(IntegrityError), transaction.atomic():
                act()
        assert not is_destroyed(loan.key_subject())
        assert not is_destroyed(who.key_subject())
        assert secrets_of(loan.key_subject())


class TestKeyStore:
    def test_a_held_key_is_destroyed_by_nobody(self, bank: Lender) -> None:
        with bank.open():
            loan = open_loan(bank.actor("admin"), 1)
            hold = place(bank, ("loan", loan.id))
            assert keys_hold(hold) == 2
            assert keys_hold(hold) == 0
            with pytest.raises(IntegrityError), transaction.atomic(using="keystore"):
                destroy_key(loan.key_subject())
            for statement in (
                "UPDATE keystore_subjectkey SET wrapped = '', destroyed_at = now()",
                "UPDATE keystore_subjectkey SET wrapped = ''",
                "DELETE FROM keystore_subjectkey",
                "DELETE FROM keystore_heldkey",
                "UPDATE keystore_heldkey SET subject_id = gen_random_uuid()",
                "UPDATE keystore_heldkey SET second_voice = gen_random_uuid()",
                "UPDATE keystore_heldkey SET first_voice = placed_by, second_voice = gen_random_uuid()",
                "UPDATE keystore_heldkey SET first_voice = tenant_id, second_voice = tenant_id",
            ):
                with (
                    pytest.raises(DatabaseError),
                    transaction.atomic(using="keystore"),
                    connections["keystore"].cursor() as cursor,
                ):
                    cursor.execute(f"SET LOCAL app.tenant_id = '{bank.tenant.id}'")
                    cursor.execute(statement)
            assert not is_destroyed(loan.key_subject())

    def test_two_voices_let_it_go_and_the_sweep_mends_what_a_crash_left(self, bank: Lender) -> None:
        with bank.open():
            loan = open_loan(bank.actor("admin"), 1)
            hold = place(bank, ("party", borrower(loan).id))
            assert held_keys_mend() == 2  # in a test nothing runs behind the commit
            assert held_keys_mend() == 0
            people = [another(bank, "compliance", name) for name in ("甲", "乙")]
            for actor in people:
                hold = hold_release(actor=actor, hold=hold, reason=WORD)
            assert held_keys_mend() == 1
            with tenant_atomic(using="keystore"):
                row = HeldKey.objects.filter(hold_id=hold.id).first()
            assert row is not None
            assert {row.first_voice, row.second_voice} == {each.membership_id for each in people}
            keys_release(hold, [each.membership_id for each in people if each.membership_id])
            assert destroy_key(loan.key_subject())


def test_pages_place_show_and_release(client_of: Any, bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.actor("admin"), 1)
        paper = filed(bank, loan)
        another(bank, "compliance", "甲")
    client = client_of(bank, "compliance")
    form = {"kind": "litigation", "name": "王某案", "reason": "保全", "things": loan.contract_no, "thing": ""}
    assert "reauthenticate" in client.post("/compliance/holds/new/", form).url
    client.confirmed()
    assert client.post("/compliance/holds/new/", {**form, "things": "NO-SUCH"}).status_code == 422
    assert client.get(f"/compliance/holds/new/?thing=paper:{paper.id}").status_code == 200
    assert client.get(f"/compliance/holds/new/?thing=paper:{loan.id}").status_code == 404
    address = client.post("/compliance/holds/new/", form).url
    page = client.get(address).content.decode()
    assert "王某案" in page
    assert loan.contract_no in page
    assert "王某案" in client.get("/compliance/holds/").content.decode()
    for path in (f"/loans/{loan.id}/", f"/archives/papers/{paper.id}/"):
        seen = client_of(bank, "officer").get(path).content.decode()
        assert "法律冻结" in seen
        assert "王某案" not in seen
    local = address.removeprefix(f"/t/{bank.tenant.slug}")
    assert client.post(f"{local}release/", {"reason": "x"}).status_code == 409
    assert client_of(bank, "officer").post(f"{local}release/", {"reason": "x"}).status_code == 403
    assert "reauthenticate" in client_of(bank, "甲").post(f"{local}release/", {"reason": "x"}).url
    assert client_of(bank, "甲").confirmed().post(f"{local}release/", {"reason": "x"}).status_code == 302
    assert client_of(bank, "archivist").confirmed().post(f"{local}release/", {"reason": "y"}).status_code == 302
    assert "法律冻结" not in client_of(bank, "officer").get(f"/loans/{loan.id}/").content.decode()


def test_an_act_on_held_evidence_is_answered_in_words_and_told(client_of: Any, bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.actor("admin"), 1)
        paper = filed(bank, loan)
        place(bank, ("paper", paper.id))
        revision = paper.revision
    client = client_of(bank, "archivist")
    answer = client.post(
        f"/archives/papers/{paper.id}/return/", {"revision": revision, "reason_code": "blurred", "reason": "重新拍摄"}
    )
    assert answer.status_code == 409, answer.content.decode()[:2000]
    assert "法律冻结" in answer.content.decode()
    with bank.open():
        paper.refresh_from_db()
        assert paper.state == "filed"
        assert AuditEvent.objects.filter(outcome="refused", reason_code="held").exists()
