"""What is run, how much of it at which scale, and the claims about it."""

import hashlib
import pickle
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Final

from benchmarks import Claim
from benchmarks.faults import drop, mixed, storm
from benchmarks.faults.acts import Fault, Place
from benchmarks.faults.chain import Build, Chain
from benchmarks.faults.picture import Damage
from benchmarks.faults.steps import Step
from benchmarks.faults.world import World, build, files, read
from carloan.archives.models import Paper
from carloan.archives.services.reading import MOST_ATTEMPTS
from carloan.core.ids import uuid7
from carloan.core.tenancy import tenant_atomic
from carloan.supervisor.bench import Stage
from carloan.supervisor.services import Services

# Points of the way killed (0: all of them), outages of each server, mixed papers, papers in the storm.
SIZES: Final = {"small": (12, 2, 20, 6), "full": (0, 20, 100, 16)}
SERVERS: Final = ("database", "keystore", "broker")
# Where a full disk shows: removing a file needs no room.
FILLING: Final = ("file: mkdir", "file: write", "file: link", "file: fsync")
# Of a busy machine for one paper, and for what leases and the broker's patience add once.
SECONDS_A_PAPER: Final = 60
# Empty pages for each paper of the storm: quickly read, so that something is on its way whenever something dies.
TRICKLE: Final = 3
LEASES_SECONDS: Final = 600


def run(scale: str, stage: Stage) -> list[Claim]:
    kills, outages, many, stormy = SIZES[scale]
    chain = prepared(stage.services, stage.home.path)
    made = _way(chain, kills, outages)
    with stage.site() as children:
        papers = mixed.mixed(many, cheap=scale == "small")
        world = chain.signed_in(build())
        answers = drop.drop_all(children.port, world, papers)
        drop.wait_for_all(world, seconds=SECONDS_A_PAPER * many, meanwhile=lambda: children.tend(0.5))
        made += _told(f"{many} mixed papers", drop.judged(world, papers, answers))
        papers = mixed.mixed(stormy, seed=2, cheap=True) + mixed.blank(TRICKLE * stormy)
        world = chain.signed_in(build())
        weather = storm.storm(stage, children, world, papers)
        drop.wait_for_all(
            world, seconds=LEASES_SECONDS + SECONDS_A_PAPER * len(papers), meanwhile=lambda: children.tend(0.5)
        )
        report = drop.judged(world, papers, weather.answers)
        report.damage.wrong += [f"answered {answer}" for answer in weather.unclear]
        print(f"Storm: {', '.join(weather.blows)}; answers {dict(weather.statuses)}", file=sys.stderr)
        made += _told(f"{len(papers)} papers while {len(weather.blows)} processes and servers die", report)
    return made


def prepared(services: Services, folder: Path) -> Chain:
    """The processes of the way, on these services: with the files read once by the real engine."""
    known = folder / "readings.pickle"
    sent = {name: data for name, data in files().items() if name != "lost"}
    known.write_bytes(pickle.dumps({hashlib.sha256(data).digest(): read(data) for data in sent.values()}))
    names = ("DATABASE_URL", "KEYSTORE_URL")
    urls = {role: {name: services.environment(role)[name] for name in names} for role in ("app", "worker")}
    return Chain(Place(urls, f"faults-{uuid7().hex[-8:]}", known), services.embedded)


def kill_points(steps: Sequence[Step], count: int, random: Random) -> list[Fault]:
    """`count` of the steps that change something, spread over the way; all of them for 0."""
    return [Fault("kill", step) for step in spread([step for step in steps if step.changes], count, random)]


def outage_points(steps: Sequence[Step], what: str, count: int, random: Random) -> list[Fault]:
    """`count` steps of the way, spread over it, before which a server goes or the disk is full."""
    if what == "disk":
        chosen = [step for step in steps if step.name in FILLING and step.act != "lose"]
    else:
        chosen = [step for step in steps if step.act not in ("lose", "tidy") and step.name != "end"]
    return [Fault(what, step) for step in spread(chosen, count, random)]


def spread(steps: Sequence[Step], count: int, random: Random) -> list[Step]:
    """One step out of each of `count` equal parts."""
    if not 0 < count < len(steps):
        return list(steps)
    edges = [number * len(steps) // count for number in range(count + 1)]
    return [steps[random.randrange(low, high)] for low, high in pairwise(edges)]


def _way(chain: Chain, kills: int, outages: int) -> list[Claim]:
    sent = files()

    def new() -> World:
        return chain.signed_in(build(sent))

    expected, steps = chain.undisturbed(new)
    random = Random(1)
    points = kill_points(steps, kills, random)
    damage = Damage()
    for fault in points:
        damage += _said(str(fault), chain.disturbed(fault, new, expected))
    made = _claims(f"{len(points)} kills", damage)
    print(f"{len(points)} kills done", file=sys.stderr)
    damage, count = Damage(), 0
    for what in (*SERVERS, "disk"):
        for fault in outage_points(steps, what, outages, random):
            damage += _said(str(fault), chain.disturbed(fault, new, expected))
            count += 1
    print(f"{count} outages done", file=sys.stderr)
    made.append(_poison(chain, steps, new))
    damage += _said("key store away for long", chain.outlasted("keystore", new, expected))
    return [*made, *_claims(f"{count + 1} outages", damage)]


def _poison(chain: Chain, steps: Sequence[Step], new: Build) -> Claim:
    """A paper that kills each worker in the middle of writing what was read: how many, until a person gets it."""
    step = next(step for step in steps if step.act == "work" and step.name == "default: INSERT archives_paperpage")
    world, workers = chain.poisoned(step, new)
    with tenant_atomic(world.tenant_id):
        state, problems = Paper.objects.values_list("state", "problems").get()
    isolated = state == Paper.State.REVIEW and [each["code"] for each in problems] == ["recognition_failed"]
    return Claim(
        "faults: workers that a poisonous paper takes before a person sees why",
        workers if isolated else float("inf"), "workers", target=MOST_ATTEMPTS,
    )  # fmt: skip


def _said(where: str, damage: Damage) -> Damage:
    if damage:
        print(f"{where}: {damage}", file=sys.stderr)
    return damage


def _told(what: str, report: drop.Report) -> list[Claim]:
    print(
        f"{what}: {dict(report.states)}; {report.values_filed} values filed alone; at the desk "
        f"{report.sure_at_desk} values sure, wrong of them {report.sure_wrong_at_desk}", file=sys.stderr,
    )  # fmt: skip
    _said(what, report.damage)
    sure = Claim(
        f"faults: {what}, values sure but wrong at the desk", len(report.sure_wrong_at_desk), "values", target=0
    )
    return [*_claims(what, report.damage), sure]


def _claims(what: str, damage: Damage) -> list[Claim]:
    return [
        Claim(f"faults: {what}, {head}", len(lines), "finds", target=0) for head, lines in vars(damage).items()
    ]  # fmt: skip
