"""Whatever fails at whichever step of intake, in the end everything stands as if nothing had failed.

Some of the points through which `script/bench faults` goes, each in processes of its own: `kill -9`, a server stopped,
a full disk.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from benchmarks.faults.acts import Fault
from benchmarks.faults.chain import Build, Chain
from benchmarks.faults.claims import kill_points, outage_points, prepared
from benchmarks.faults.picture import Fact, differences, leftovers, picture
from benchmarks.faults.steps import Step
from benchmarks.faults.world import World, build, files
from carloan.archives.models import Paper, PaperPage, SearchSlot
from carloan.archives.words import problem_text
from carloan.core.audit import open_detail
from carloan.core.ids import uuid7
from carloan.core.keys import Subject, make_keys
from carloan.core.models import AuditEvent, Tenant
from carloan.core.services.tenants import tenant_create
from carloan.core.tenancy import tenant_atomic
from tests.cast import as_platform
from tests.plugin import servers, services

pytestmark = pytest.mark.ocr
KILLS = 6
SEED = 11


@dataclass
class Way:
    """The undisturbed way: what stands at its end, its steps, and how to begin another one."""

    chain: Chain
    new: Build
    expected: Counter[Fact]
    steps: list[Step]


@pytest.fixture(scope="module")
def way(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    def make(**facts: Any) -> Tenant:
        with as_platform():
            return tenant_create(**facts)

    with django_db_blocker.unblock():
        sent, chain = files(), prepared(services(), tmp_path_factory.mktemp("way"))

        def new() -> World:
            return chain.signed_in(build(sent, make=make))

        expected, steps = chain.undisturbed(new)
        yield Way(chain, new, expected, steps)


def server(name: str) -> str:
    if name not in servers:
        pytest.skip(f"the {name} of this run is not ours to stop")
    return name


def test_the_way_goes_through_everything_a_fault_can_come_between(way: Way) -> None:
    names = {step.name for step in way.steps if step.changes}
    assert {"default: COMMIT", "keystore: COMMIT", "keystore: INSERT keystore_subjectkey"} <= names
    assert {"file: write", "file: fsync", "file: link", "file: remove"} <= names
    assert {"broker: send recognise_paper", "broker: take", "broker: acknowledge"} <= names
    assert {"default: INSERT archives_paper", "default: INSERT archives_searchslot"} <= names
    assert len(kill_points(way.steps, 0, Random(SEED))) > 100


@pytest.mark.parametrize("number", range(KILLS))
def test_a_process_that_is_killed_at_a_step_changes_nothing_in_the_end(way: Way, number: int) -> None:
    fault = kill_points(way.steps, KILLS, Random(SEED))[number]
    damage = way.chain.disturbed(fault, way.new, way.expected)
    assert not damage, f"{fault}: {damage}"


@pytest.mark.parametrize("what", ["database", "keystore", "broker", "disk"])
def test_a_part_that_is_gone_at_a_step_is_told_and_changes_nothing_in_the_end(way: Way, what: str) -> None:
    (fault,) = outage_points(way.steps, what if what == "disk" else server(what), 1, Random(SEED))
    damage = way.chain.disturbed(fault, way.new, way.expected)
    assert not damage, f"{fault}: {damage}"


@pytest.mark.parametrize(
    ("what", "name"),
    [
        # Noticed by no view: at the session before it, and at the last commit behind it.
        ("database", "default: SELECT "),
        ("database", "default: COMMIT"),
        # Safe already: only its message and its answer are still to come.
        ("broker", "broker: send recognise_paper"),
    ],
)
def test_a_part_that_is_gone_where_no_view_notices_is_told_as_well(way: Way, what: str, name: str) -> None:
    sending = [step for step in way.steps if step.act == "send_by_page" and step.name == name]
    step = sending[-1] if name.endswith("COMMIT") else sending[0]
    damage = way.chain.disturbed(Fault(server(what), step), way.new, way.expected)
    assert not damage, str(damage)


def test_a_key_store_that_is_away_for_long_uses_up_no_try_of_a_paper(way: Way) -> None:
    damage = way.chain.outlasted(server("keystore"), way.new, way.expected)
    assert not damage, str(damage)


def test_a_paper_that_kills_three_workers_goes_to_a_person_who_sees_why(way: Way) -> None:
    step = next(step for step in way.steps if step.act == "work" and step.name == "default: INSERT archives_paperpage")
    world, killed = way.chain.poisoned(step, way.new)
    assert killed == 3
    with tenant_atomic(world.tenant_id):
        paper = Paper.objects.get()
        assert (paper.state, paper.kind, paper.attempts) == ("review", "other", 3)
        (problem,) = paper.problems
        assert problem["code"] == "recognition_failed"
        with translation.override("en"):
            assert "Recognition failed three times" in problem_text(problem)
        (given_up,) = AuditEvent.objects.filter(action="archives.paper.given_up", object_id=paper.id)
        assert open_detail(given_up)["after"] == {"error": "worker lost"}
        assert not PaperPage.objects.filter(paper=paper).exists()
    assert not leftovers(world.tenant_id)


def test_damage_of_every_sort_is_seen(way: Way) -> None:
    world = way.new()
    way.chain.do(("send_by_page", "work"), world)
    before = picture(world)
    assert not leftovers(world.tenant_id)
    with tenant_atomic(world.tenant_id):
        paper = Paper.objects.get()
        stored = Path(settings.PAPERS) / paper.stored
        content = stored.read_bytes()
        stored.with_name(f"{uuid7().hex}.1.original").write_bytes(content)
        stored.unlink()
        make_keys([Subject("desk", uuid7())])
        SearchSlot.objects.filter(paper=paper).delete()
        Paper.objects.filter(id=paper.id).update(certainty=1)
    left = leftovers(world.tenant_id)
    assert [line.partition(" ")[0] for line in left.orphans] == ["file", "key"]
    assert left.lost == [f"file {paper.stored}"]
    after = picture(world)
    missing = differences(before, after)
    assert any(line.startswith("missing paper") for line in missing.wrong)
    assert any(line.startswith("missing slot") for line in missing.lost)
    assert any(line.startswith("missing hit") for line in missing.lost)
    assert any(line.startswith("slot") for line in differences(after, before).ghosts)
    assert differences(Counter(), Counter([("event", "a", "b")])).doubled
