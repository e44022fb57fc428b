"""Finding encrypted values, numbers without gaps, leased work and signed messages."""

import hmac
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.utils import timezone

from carloan.core import checks, jobs, lookup, registry
from carloan.core.errors import Conflict
from carloan.core.ids import uuid7
from carloan.core.models import AuditEvent, Job, LookupTerm
from carloan.core.numbers import next_number
from carloan.core.signing import ForgedMessage, sign, verify
from carloan.core.tasks import PLATFORM_TASKS, tenant_task
from carloan.core.tenancy import scoped_tenant_id, tenant_scope
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
PERSON = {"id_number": "11010519491231002X", "phone": "13812345678", "name": "欧阳娜娜"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("11010519491231002X", True),
        ("11010519491231002x", True),
        ("１１０１０５１９４９１２３１００２Ｘ", True),
        ("110105 19491231 002X", True),
        ("110105-19491231-002X", True),
        ("138-1234-5678", True),
        ("138\u20131234\u20135678", True),
        ("56-78", True),
        ("13-12345678", False),
        ("欧·阳", False),
        ("002X", True),
        ("31002X", True),
        ("13812345678", True),
        ("5678", True),
        ("345678", True),
        ("欧阳娜娜", True),
        ("娜娜", True),
        ("欧 阳", True),
        ("阳欧", False),
        ("欧阳娜英", False),
        ("12345678", False),
        ("11010519491231", False),
        ("", False),
        ("1", False),
    ],
)
def test_a_person_is_found_by_what_people_type(bank: Lender, query: str, found: bool) -> None:
    with bank.open():
        person = uuid7()
        lookup.index("party", person, None, PERSON)
        assert (person in {match.object_id for match in lookup.find(query)}) is found


def test_a_number_is_the_very_one_only_as_it_is_written(bank: Lender) -> None:
    """What the machine files by must be exact; people find it however they write it."""
    with bank.open():
        car, loan = uuid7(), uuid7()
        lookup.index("vehicle", car, None, {"plate": "粤B12345"})
        lookup.index("loan", loan, None, {"contract_no": "HX-2025-000777"})
        for query, wanted, exact in (
            ("粤B12345", car, True), ("粤B·12345", car, False), ("粤B-12345", car, False),
            ("hx-2025-000777", loan, True), ("HX\u20112025\u2011000777", loan, False),
        ):  # fmt: skip
            assert [(match.object_id, match.exact) for match in lookup.find(query)] == [(wanted, exact)], query


def test_the_registry_says_by_what_things_are_found(bank: Lender) -> None:
    """One list: a field without a term is neither indexed nor asked for, and no term is described twice."""
    assert registry.terms_of("loans.Vehicle") == ["vin", "plate", "engine_no"]
    assert set(registry.terms()) == {
        "name", "id_number", "phone", "vin", "plate", "engine_no", "contract_no", "card", "invoice_number",
    }  # fmt: skip
    with bank.open():
        for act in (
            lambda: lookup.index("party", uuid7(), None, {"address": "x"}),
            lambda: lookup.find("123", fields=["address"]),
        ):
            with pytest.raises(KeyError):
                act()
    with pytest.raises(ValueError, match="twice"):
        registry.register_terms(registry.Term("vin", tails=(3,)))


def test_a_sealed_field_that_lists_would_narrow_by_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.every_field_has_a_class(None) == []
    monkeypatch.setitem(registry._registry["loans.party"], "address", registry.Field("C2", search="filter"))
    (error,) = checks.every_field_has_a_class(None)
    assert (error.id, "loans.Party.address" in error.msg) == ("carloan.E006", True)


def test_the_index_holds_nothing_readable(bank: Lender) -> None:
    with bank.open():
        lookup.index("party", uuid7(), None, PERSON)
        stored = b"".join(bytes(digest) for digest in LookupTerm.objects.values_list("digest", flat=True))
        assert not any(value.encode() in stored for value in PERSON.values())


def test_terms_of_two_lenders_never_compare(bank: Lender, other: Lender) -> None:
    digests = []
    for lender in (bank, other):
        with lender.open():
            lookup.index("party", uuid7(), None, PERSON)
            digests.append({bytes(digest) for digest in LookupTerm.objects.values_list("digest", flat=True)})
    assert digests[0] & digests[1] == set()


def test_indexing_again_replaces(bank: Lender) -> None:
    with bank.open():
        person = uuid7()
        lookup.index("party", person, None, PERSON)
        lookup.index("party", person, None, {"phone": "13900000001"})
        assert not lookup.find("13812345678")
        assert [match.object_id for match in lookup.find("13900000001")] == [person]


def test_exact_hits_rank_before_tails(bank: Lender) -> None:
    with bank.open():
        tail, exact = uuid7(), uuid7()
        lookup.index("vehicle", tail, None, {"vin": "LSVAA49J132047371"})
        lookup.index("vehicle", exact, None, {"plate": "7371"})
        assert [match.object_id for match in lookup.find("7371")] == [exact, tail]


def test_numbers_of_two_lenders_count_alone_and_without_gaps(bank: Lender, other: Lender) -> None:
    with bank.open():
        assert [next_number("tests") for _ in range(3)] == [1, 2, 3]
    with other.open():
        assert next_number("tests") == 1


def test_a_job_is_claimed_once_and_again_after_its_lease(bank: Lender) -> None:
    with bank.open():
        job = jobs.start(actor=bank.system, kind="sweep", total=10)
        claimed = jobs.claim(job.id)
        assert claimed is not None
        assert jobs.claim(job.id) is None
        jobs.advance(claimed, done=4)
        Job.objects.filter(id=job.id).update(lease_until=timezone.now() - timedelta(seconds=1))
        assert job.id in {stalled.id for stalled in jobs.stalled()}
        again = jobs.claim(job.id)
        assert again is not None
        assert again.done == 4
        with pytest.raises(Conflict):
            jobs.advance(claimed, done=5)
        with pytest.raises(Conflict):
            jobs.finish(claimed, {"from": "the dead"})
        assert not AuditEvent.objects.filter(action="core.job.finished").exists()
        assert Job.objects.get(id=job.id).state == "running"
        jobs.finish(again, {"ok": True})
        assert Job.objects.get(id=job.id).result == {"ok": True}


def test_a_poisonous_job_ends(bank: Lender) -> None:
    with bank.open():
        job = jobs.start(actor=bank.system, kind="sweep")
        for _ in range(jobs.MOST_ATTEMPTS):
            assert jobs.claim(job.id) is not None
            Job.objects.filter(id=job.id).update(lease_until=timezone.now() - timedelta(seconds=1))
        assert jobs.claim(job.id) is None
        assert Job.objects.get(id=job.id).state == "failed"


def test_a_forged_message_is_refused(bank: Lender, other: Lender) -> None:
    meant = {"job_id": "7", "after": "", "missing": 0}
    good = {"carloan_tenant": str(bank.tenant.id), "carloan_signature": sign("t1", "task", str(bank.tenant.id), meant)}
    assert verify(good, task_id="t1", name="task", arguments=meant) == bank.tenant.id
    older = hmac.digest(settings.TASK_KEY, f"t1|task|{bank.tenant.id}".encode(), "sha256").hex()
    for forged in (
        {},
        good | {"carloan_tenant": str(other.tenant.id)},
        good | {"carloan_signature": ""},
        good | {"carloan_signature": "ß"},
        good | {"carloan_signature": older},
        {"carloan_tenant": str(bank.tenant.id)},
    ):
        with pytest.raises(ForgedMessage):
            verify(forged, task_id="t1", name="task", arguments=meant)
    for task_id, name, arguments, places in (
        ("t2", "task", meant, ()),
        ("t1", "other", meant, ()),
        ("t1", "task", meant | {"job_id": "8"}, ()),
        ("t1", "task", {}, ()),
        ("t1", "task", meant, ("8",)),
        ("t1", "task", meant | {"job_id": UUID(int=7)}, ()),
    ):
        with pytest.raises(ForgedMessage):
            verify(good, task_id=task_id, name=name, arguments=arguments, places=places)


def test_a_task_is_sent_after_commit_and_runs_in_its_lender(
    bank: Lender, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    sent: list[dict[str, Any]] = []

    @tenant_task(lane="interactive", name="tests.probe")
    def probe(number: int) -> None:
        seen.append((scoped_tenant_id(), number))

    monkeypatch.setattr(probe, "apply_async", lambda **options: sent.append(options))
    with django_capture_on_commit_callbacks(execute=True):
        with bank.open():
            probe.send(number=7)
        assert sent == []
    assert sent[0]["queue"] == "interactive"
    probe.push_request(id=sent[0]["task_id"], headers=sent[0]["headers"])
    try:
        probe(**sent[0]["kwargs"])
        with pytest.raises(ForgedMessage):
            probe(number=8)
    finally:
        probe.pop_request()
    assert seen == [(bank.tenant.id, 7)]
    with pytest.raises(ForgedMessage):
        probe(number=8)


def test_what_is_committed_stands_when_its_message_cannot_be_sent(
    bank: Lender, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    @tenant_task(lane="interactive", name="tests.unsent")
    def unsent() -> None: ...

    def away(**options: Any) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(unsent, "apply_async", away)
    with django_capture_on_commit_callbacks(execute=True) as callbacks, bank.open():
        unsent.send()
    assert len(callbacks) == 1
    with tenant_scope(bank.tenant.id):
        unsent.send()


def test_tasks_without_a_tenant_say_why() -> None:
    import carloan.core.sweeps  # noqa: F401

    assert PLATFORM_TASKS
    assert all(len(reason) > 10 for reason in PLATFORM_TASKS.values())


def test_a_whole_name_is_not_crowded_out_by_its_parts(bank: Lender) -> None:
    with bank.open():
        lookup.index_many([("party", uuid7(), None, {"name": f"{surname}小明"}) for surname in "赵钱孙李周吴郑陈" * 60])
        wanted = uuid7()
        lookup.index("party", wanted, None, {"name": "王小明"})
        assert lookup.find("王小明", limit=5)[0].object_id == wanted
        assert len(lookup.find("小明")) == 481
