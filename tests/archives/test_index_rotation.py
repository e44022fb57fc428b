"""The index key is rotated while people search and write: nothing is missed, nothing doubled, nothing of it is left."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from threading import Event, Thread
from typing import Any, Final
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connections
from django.utils import timezone

from carloan.archives.models import SearchBlock, SearchSegment
from carloan.archives.selectors.text_search import papers_containing
from carloan.archives.services import indexing
from carloan.archives.services import renewing as archives_renewing
from carloan.compliance.selectors.trail import events_matching
from carloan.core import keyring, lookup
from carloan.core.ids import uuid7
from carloan.core.index_keys import index_keys, writing_keys
from carloan.core.keyring import ring_of
from carloan.core.keystore.models import TenantKey
from carloan.core.models import AuditEvent, Job, KeyCeremony, LookupTerm
from carloan.core.services import index_rotation, terms
from carloan.core.services.key_rotation import rotation_work, tenant_key_rotate
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.loans.models import Loan, LoanParty, Party
from carloan.loans.services import renewing as loans_renewing
from carloan.loans.services.finding_again import party_find_again
from carloan.loans.services.shredding import loan_shred
from tests.archives.conftest import transcribed
from tests.at_once import at_once
from tests.cast import Lender
from tests.conftest import TenantClient
from tests.killed import job_left, killed
from tests.loans.book import core_file, id_number, name, open_loan, person, phone, vin_number
from tests.loans.test_imports import brought, counts

WITNESSES: Final = ["李见证"]
SIX: Final = range(1, 7)


@pytest.fixture(autouse=True)
def at_once_and_in_small_batches(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """No process remembers a key for long, so that nobody has to wait until it has forgotten."""
    settings.KEY_CACHE_SECONDS = 0
    monkeypatch.setattr(index_rotation, "GRACE", timedelta(0))
    monkeypatch.setattr(indexing, "RETIRED", timedelta(0))
    monkeypatch.setattr(terms, "RENEWED_AT_ONCE", 2)
    monkeypatch.setattr(terms, "FORGOTTEN_AT_ONCE", 10)
    monkeypatch.setattr(loans_renewing, "AT_ONCE", 2)
    monkeypatch.setattr(archives_renewing, "AT_ONCE", 2)


@pytest.fixture
def full(committed: Lender) -> Lender:
    """Six loans with a person, a car and a paper each."""
    for serial in SIX:
        with committed.open():
            loan = open_loan(committed.actor("admin"), serial)
            transcribed(
                committed, {"name": name(serial), "number": id_number(serial)}, loan=loan,
                text=f"抵押登记证明 所有人{name(serial)} 编号{serial:04d}", serial=str(serial),
            )  # fmt: skip
    return committed


def begun(lender: Lender) -> Job:
    with tenant_scope(lender.tenant.id), tenant_atomic():
        return tenant_key_rotate(actor=lender.actor("admin"), witnesses=WITNESSES, reason="年度轮换", purpose="index")


def worked(lender: Lender, job: Job) -> Job:
    with tenant_scope(lender.tenant.id):
        rotation_work(job_id=job.id)
        with tenant_atomic():
            return Job.objects.get(id=job.id)


def done(lender: Lender, job: Job) -> Job:
    """To its end, as the sweep sends it again and again."""
    for _turn in range(60):
        job = worked(lender, job)
        if job.state in ("done", "failed"):
            return job
    raise AssertionError(f"{job.state} after 60 turns: {job.params}")


def objects(query: str) -> list[tuple[str, UUID, str]]:
    return sorted((match.object_kind, match.object_id, match.field) for match in lookup.find(query))


def hits(lender: Lender) -> dict[str, Any]:
    """What people look for and what they find of it, once each."""
    with lender.open():
        found: dict[str, Any] = {}
        for serial in SIX:
            for query in (id_number(serial), id_number(serial)[-4:], name(serial), phone(serial), vin_number(serial)):
                found[query] = objects(query)
            found[f"HT-{serial:06d}"] = objects(f"HT-{serial:06d}")
            text = f"编号{serial:04d}"
            found[text] = [paper.id for paper in papers_containing(lender.actor("admin"), text)]
        found["抵押登记"] = [paper.id for paper in papers_containing(lender.actor("admin"), "抵押登记")]
        found["not"] = [paper.id for paper in papers_containing(lender.actor("admin"), "抵押登记 -编号0001")]
        return found


def left_of(version: int) -> list[int]:
    return [
        LookupTerm.objects.filter(index_version=version).count(),
        Party.objects.filter(index_version=version).exclude(id_digest=None).count(),
        Loan.objects.filter(index_version=version).exclude(import_digest=None).count(),
        SearchSegment.objects.filter(index_version=version).count(),
    ]


def test_everything_is_found_before_meanwhile_and_afterwards_and_nothing_of_the_old_version_is_left(
    full: Lender,
) -> None:
    before = hits(full)
    assert len(before["抵押登记"]) == 6
    assert all(len(found) > 0 for found in before.values())
    with full.open():
        digests = {bytes(digest) for digest in LookupTerm.objects.values_list("digest", flat=True)}
        grams = set(SearchBlock.objects.values_list("first", flat=True))
        numbers = {bytes(party.id_digest or b"") for party in Party.objects.all()}
    job = begun(full)
    assert hits(full) == before
    job = done(full, job)
    assert job.state == "done", job.error
    assert hits(full) == before
    with full.open():
        assert left_of(1) == [0, 0, 0, 0]
        assert not digests & {bytes(digest) for digest in LookupTerm.objects.values_list("digest", flat=True)}
        assert not grams & set(SearchBlock.objects.values_list("first", flat=True))
        assert not numbers & {bytes(party.id_digest or b"") for party in Party.objects.all()}
        acts = KeyCeremony.objects.filter(purpose="index").order_by("created_at").values_list("act", "version")
        assert list(acts) == [("made", 1), ("rotated", 2), ("used", 2), ("retired", 2)]
        used, retired = KeyCeremony.objects.filter(purpose="index", act__in=["used", "retired"]).order_by("created_at")
        assert used.by == retired.by == full.members["admin"]
        assert AuditEvent.objects.get(id=retired.audit_event_id).action == "core.keys.index_retired"
    # And once more, with what the first rotation left.
    assert done(full, begun(full)).state == "done"
    assert hits(full) == before
    with full.open():
        assert left_of(2) == [0, 0, 0, 0]


def test_a_version_that_the_trail_needs_is_kept_for_it_alone_and_otherwise_emptied(committed: Lender) -> None:
    with committed.open():
        open_loan(committed.actor("admin"), 1)
    assert done(committed, begun(committed)).state == "done"
    with tenant_atomic(committed.tenant.id, using="keystore"):
        first = TenantKey.objects.get(purpose="index", version=1)
        assert (bytes(first.wrapped), first.retired_at is None) == (b"", False)
    with committed.open():
        open_loan(replace(committed.actor("admin"), address="192.0.2.7"), 2)
    assert done(committed, begun(committed)).state == "done"
    with tenant_atomic(committed.tenant.id, using="keystore"):
        second = TenantKey.objects.get(purpose="index", version=2)
        assert (bool(second.wrapped), second.retired_at is None) == (True, False)
    with committed.open():
        assert [each.version for each in index_keys()] == [3]
        assert [each.version for each in index_keys(kept=True)] == [3, 2]
        open_loan(replace(committed.actor("admin"), address="192.0.2.7"), 3)
        events = events_matching(committed.actor("compliance"), {"address": "192.0.2.7"}, zone="UTC")
        assert events is not None
        contracts = set(events.filter(action="loans.loan.opened").values_list("object_id", flat=True))
        assert contracts == set(Loan.objects.exclude(contract_no="HT-000001").values_list("id", flat=True))


def test_nothing_stands_under_the_new_version_before_every_process_has_forgotten_what_it_knew(
    full: Lender, settings: Any
) -> None:
    settings.KEY_CACHE_SECONDS = 300
    job = worked(full, begun(full))
    assert job.state == "waiting"
    with full.open():
        assert left_of(2) == [0, 0, 0, 0]
        assert [each.version for each in writing_keys()] == [1]
        open_loan(full.actor("admin"), 7)
        assert left_of(2) == [0, 0, 0, 0]
        assert not KeyCeremony.objects.filter(act="used").exists()
    with tenant_atomic(full.tenant.id, using="keystore"):
        TenantKey.objects.filter(purpose="index", version=2).update(created_at=timezone.now() - timedelta(seconds=301))
    assert done(full, job).state == "done"


def test_people_search_and_enter_while_it_runs_and_nothing_is_missed_or_doubled(full: Lender) -> None:
    """Searchers ask all along for what was there, and find each thing once; others open loans for the same people."""
    before = hits(full)
    stop, faults, searches, entered = Event(), [], [0, 0], [0, 0]

    def search(which: int) -> None:
        try:
            while not stop.is_set():
                found = hits(full)
                wrong = {
                    query: (found[query], wanted)
                    for query, wanted in before.items()
                    if not set(wanted) <= set(found[query]) or len(found[query]) != len(set(found[query]))
                }
                assert not wrong
                searches[which] += 1
        except Exception as error:  # noqa: BLE001  any of them is a search that failed
            faults.append(repr(error))
        finally:
            connections.close_all()

    def enter(which: int) -> None:
        try:
            while not stop.is_set():
                serial = 1_000 * (which + 1) + entered[which]
                with full.open():
                    people = [person(entered[which] % 6 + 1), person(90, "guarantor")]
                    open_loan(full.actor("admin"), serial, people=people)
                with full.open():
                    assert [kind for kind, *_which in objects(vin_number(serial))] == ["vehicle"]
                entered[which] += 1
        except Exception as error:  # noqa: BLE001
            faults.append(repr(error))
        finally:
            connections.close_all()

    threads = [Thread(target=act, args=(which,)) for act in (search, enter) for which in range(2)]
    for thread in threads:
        thread.start()
    try:
        states = [done(full, begun(full)).state for _round in range(2)]
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    assert faults == []
    assert states == ["done", "done"]
    assert min(*searches, *entered) > 0
    with full.open():
        assert Party.objects.count() == 7, "each person once, however many loans"
        assert Party.objects.exclude(id_place=0).count() == 0
        assert left_of(1) == left_of(2) == [0, 0, 0, 0]


@pytest.mark.parametrize("stage", ["made", "used", "half", "renewed", "done"])
def test_a_person_whose_number_is_known_stays_one_at_every_stage(
    full: Lender, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    job = begun(full)
    with tenant_scope(full.tenant.id):
        if stage in ("used", "half", "renewed"):
            index_rotation._take_into_use(2)
        if stage in ("half", "renewed"):
            after = loans_renewing.numbers_renew(2, None, False).place
            while stage == "renewed" and after:
                after = loans_renewing.numbers_renew(2, after, False).place
    if stage == "done":
        done(full, job)
    with full.open():
        versions = set(Party.objects.values_list("index_version", flat=True))
        assert versions == {"made": {1}, "used": {1}, "half": {1, 2}}.get(stage, {2})
        known = {row.party_id for row in LoanParty.objects.all()}
        for serial in SIX:
            again = open_loan(full.actor("admin"), 100 + serial, people=[person(serial)])
            assert LoanParty.objects.get(loan=again).party_id in known
        batch = brought(full.actor("admin"), core_file(6))
        assert counts(batch) == (6, 0, 0, 0)
        assert Party.objects.count() == 6
    # Two at once who enter a number that nobody had make one person of it.
    acts = [lambda serial=serial: open_loan(full.system, serial, people=[person(50)]) for serial in (201, 202)]
    assert at_once(full, *acts) == []
    with full.open():
        assert Party.objects.count() == 7
    assert done(full, job).state == "done" or stage == "done"
    with full.open():
        assert left_of(1) == [0, 0, 0, 0]
        assert objects(id_number(50))[0][0] == "party"


def test_a_process_that_was_asleep_finds_the_person_under_the_new_version(full: Lender) -> None:
    """It remembers the former version alone, long after the new one came into use, and would find nobody by it."""
    with tenant_scope(full.tenant.id):
        stale = ring_of("index")
    job = begun(full)
    with tenant_scope(full.tenant.id):
        index_rotation._take_into_use(2)
        after = loans_renewing.numbers_renew(2, None, False).place
        while after:
            after = loans_renewing.numbers_renew(2, after, False).place
        keyring._rings._items[full.tenant.id, "index"] = (float("inf"), stale)
    with full.open():
        again = open_loan(full.actor("admin"), 100, people=[person(1)])
        assert Party.objects.count() == 6
        assert LoanParty.objects.get(loan=again).party_id in {party.id for party in Party.objects.all()}
    assert done(full, job).state == "done"


def test_a_file_read_again_meanwhile_changes_nothing_and_afterwards_costs_one_look(committed: Lender) -> None:
    with committed.open():
        actor = committed.actor("admin")
        assert counts(brought(actor, core_file(4))) == (4, 0, 0, 0)
    job = begun(committed)
    with committed.open():
        assert counts(brought(committed.actor("admin"), core_file(4))) == (0, 0, 4, 0)
    with tenant_scope(committed.tenant.id):
        index_rotation._take_into_use(2)
    with committed.open():
        assert counts(brought(committed.actor("admin"), core_file(5))) == (1, 0, 4, 0)
    assert done(committed, job).state == "done"
    with committed.open():
        assert left_of(1) == [0, 0, 0, 0]
        assert counts(brought(committed.actor("admin"), core_file(5))) == (0, 4, 1, 0)
        assert counts(brought(committed.actor("admin"), core_file(5))) == (0, 0, 5, 0)


KILLED = """
from datetime import timedelta
from carloan.archives.services import indexing, renewing as texts
from carloan.core.services import index_rotation, terms
from carloan.core.services.key_rotation import rotation_work
from carloan.loans.services import renewing as loans
index_rotation.GRACE = indexing.RETIRED = timedelta(0)
terms.RENEWED_AT_ONCE = loans.AT_ONCE = texts.AT_ONCE = 2
terms.FORGOTTEN_AT_ONCE = 10
{dies}
with tenant_scope(UUID(sys.argv[1])):
    rotation_work(job_id=UUID(sys.argv[2]))
"""


@pytest.mark.parametrize(
    "dies",
    [
        "dies(terms.lookup, 'index_anew', 3)",
        "dies(loans, 'number_digest', 3)",
        "dies(texts, 'segment_write', 2)",
        "dies(index_rotation, 'retire_index_versions', 1)",
        "dies(index_rotation, 'ceremony_log', 2)",
        "dies(texts, 'segments_tidy', 1)",
        "dies(index_rotation.jobs, 'finish', 1)",
    ],
)
def test_a_killed_worker_is_followed_by_one_that_brings_it_to_its_end(full: Lender, dies: str) -> None:
    before, job = hits(full), begun(full)
    killed(KILLED.format(dies=dies), full.tenant.id, job.id, environment={"CARLOAN_KEY_CACHE_SECONDS": "0"})
    assert hits(full) == before
    job_left(full, job)
    assert done(full, job).state == "done"
    assert hits(full) == before
    with full.open():
        assert left_of(1) == [0, 0, 0, 0]
        acts = KeyCeremony.objects.filter(purpose="index", version=2).order_by("created_at")
        assert list(acts.values_list("act", flat=True)) == ["rotated", "used", "retired"]


def test_a_value_that_does_not_open_keeps_the_old_version_in_force(full: Lender) -> None:
    with full.open():
        bad = Party.objects.order_by("id")[0]
        whole = bytes(bad.id_number)
        Party.objects.filter(id=bad.id).update(id_number=whole[:-1] + bytes([whole[-1] ^ 1]))
    job = done(full, begun(full))
    assert job.state == "failed"
    with full.open():
        assert [each.version for each in writing_keys()] == [2, 1]
        assert objects(id_number(1)), "found as before"
        Party.objects.filter(id=bad.id).update(id_number=whole)
    again = done(full, begun(full))
    assert (again.state, again.result["version"]) == ("done", 2)
    with full.open():
        assert left_of(1) == [0, 0, 0, 0]


def test_what_is_destroyed_meanwhile_is_not_brought_back(full: Lender, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes between the look and the hold of a batch, and is found by nothing afterwards."""
    with full.open():
        gone = Loan.objects.get(contract_no="HT-000001")
    held = loans_renewing.loans_held
    shredded: list[bool] = []

    def shred() -> None:
        with suppress(Exception), full.open():
            loan_shred(actor=full.system, loan=gone)
        connections.close_all()

    def late(ids: Any, patient: bool) -> Any:
        if gone.id in ids and not shredded:
            shredded.append(True)
            thread = Thread(target=shred)
            thread.start()
            thread.join(60)
        return held(ids, patient)

    monkeypatch.setattr(loans_renewing, "loans_held", late)
    assert done(full, begun(full)).state == "done"
    assert shredded
    with full.open():
        assert objects("HT-000001") == []
        assert objects(vin_number(1)) == []
        assert papers_containing(full.actor("admin"), "编号0001") == []
        assert len(papers_containing(full.actor("admin"), "抵押登记")) == 5


def test_what_somebody_holds_comes_in_the_next_round_which_waits_for_it(full: Lender) -> None:
    job, held, release = begun(full), Event(), Event()
    with full.open():
        known = Party.objects.order_by("id")[0]

    def hold() -> None:
        with full.open():
            Party.objects.select_for_update().get(id=known.id)
            held.set()
            release.wait(60)
        connections.close_all()

    thread = Thread(target=hold)
    thread.start()
    held.wait(60)
    try:
        job = worked(full, job)
        assert (job.state, job.params["patient"]) == ("waiting", True)
        with full.open():
            assert left_of(1)[1] == 1
    finally:
        release.set()
        thread.join(60)
    assert done(full, job).state == "done"


def test_a_person_from_a_backup_stands_under_the_version_in_use_beside_whoever_came_meanwhile(full: Lender) -> None:
    with full.open():
        party = Party.objects.order_by("id")[0]
        digest = bytes(party.id_digest or b"")
    assert done(full, begun(full)).state == "done"
    with full.open():
        # As a row of the book before the rotation comes back, while a second one was entered for the number.
        Party.objects.filter(id=party.id).update(id_digest=None)
        other = open_loan(full.actor("admin"), 100, people=[person(1)])
        Party.objects.filter(id=party.id).update(id_digest=digest, index_version=1)
        party_find_again(party.id)
        party.refresh_from_db()
        entered = LoanParty.objects.get(loan=other).party
        assert bytes(party.id_digest or b"") == bytes(entered.id_digest or b"")
        assert (party.index_version, {party.id_place, entered.id_place}) == (2, {0, 1})
        with pytest.raises(IntegrityError), tenant_atomic():
            Party.objects.filter(id=party.id).update(id_place=entered.id_place)


def test_what_is_found_by_terms_without_a_row_goes(committed: Lender) -> None:
    with committed.open():
        lookup.index("party", uuid7(), None, {"name": "没有人"})
    assert done(committed, begun(committed)).state == "done"
    with committed.open():
        assert LookupTerm.objects.count() == 0


def test_the_page_and_the_command_offer_it_as_the_third_key(full: Lender) -> None:
    admin = TenantClient(full.tenant.slug)
    admin.force_login(full.users["admin"], backend="django.contrib.auth.backends.ModelBackend")
    shown = admin.get("/encryption/").content.decode()
    assert '<option value="index">索引密钥</option>' in shown
    form = {"purpose": "index", "suite": "A", "witnesses": "李见证", "reason": "索引密钥外泄"}
    begun_at = admin.confirmed().post("/encryption/", form)
    assert begun_at.status_code == 302
    with full.open():
        job = Job.objects.get(kind="core.key_rotation")
    assert admin.get(f"/jobs/{job.id}/").status_code == 200
    assert "在索引重建完成前仍可检索" in admin.get("/encryption/").content.decode()
    done(full, job)
    shown = admin.get("/encryption/").content.decode()
    assert "已停用，为审计记录保留" in shown
    assert "新版本启用" in shown
    out = StringIO()
    call_command(
        "rotate_keys", full.tenant.slug, "--key", "index", "--witness", "李见证", "--reason", "轮换", stdout=out
    )
    assert "entries of the index stand under version 3" in out.getvalue()
