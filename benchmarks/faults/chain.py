"""The whole way of two papers, hit by a fault before one of its steps and mended as production mends it.

A paper is dropped on the desk by a person and another one is sent to a loan by a key; a worker reads both; somebody
moves one to the desk and files it elsewhere; the sweeps tidy up. Whoever was killed is started again, as the supervisor
does; a person whose act was not answered does it again; messages and leases come back when their time is over. At the
end everything must stand as after an undisturbed way.
"""

import multiprocessing
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any, Final

from benchmarks.faults import acts
from benchmarks.faults.acts import Answer, Fault, Place, Wish
from benchmarks.faults.outage import away
from benchmarks.faults.picture import Damage, Fact, differences, leftovers, picture
from benchmarks.faults.steps import Step
from benchmarks.faults.world import World
from carloan.archives.services.reading import MOST_ATTEMPTS
from carloan.supervisor.embedded import Embedded

WAY: Final = ("send_by_page", "send_by_key", "work", "move", "file", "lose", "sweep", "keys", "tidy")
SENDING: Final = WAY[:2]
SETTLING: Final = ("read_on", "keys")
TAKEN: Final = (200, 201)
MOST_WORLDS: Final = 6
LONGEST_SECONDS: Final = 120
MOST_SECONDS: Final = 5

Build = Callable[[], World]


@dataclass(frozen=True)
class Ended:
    """How a process ended: what it said, the steps it took, and whether the fault came."""

    said: tuple[Any, ...]
    steps: tuple[Step, ...]
    struck: bool

    @property
    def answers(self) -> list[Answer]:
        return [each for each in self.said if isinstance(each, Answer)]


class Chain:
    """Lets processes do acts. One at a time: they share a nursery. `servers` may be stopped by name."""

    def __init__(self, place: Place, servers: Mapping[str, Embedded]) -> None:
        self.place, self.servers = place, servers
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["benchmarks.faults.warm"])

    def do(self, names: Sequence[str], world: World, fault: Fault | None = None) -> Ended:
        """A process does these acts. Raises AssertionError when it fails without a fault."""
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=acts.perform, args=(names, world, self.place, fault, theirs))
        process.start()
        theirs.close()
        with ExitStack() as outages:
            said = []
            for each in _heard(ours):
                if isinstance(each, Wish):
                    outages.enter_context(away(self.servers[each.server]))
                    ours.send("gone")
                else:
                    said.append(each)
            process.join(LONGEST_SECONDS)
        if process.exitcode is None:
            process.kill()
        if process.exitcode == 0:
            steps = tuple(said.pop())
            return Ended(tuple(said), steps, struck=fault is not None and fault.step in steps)
        if fault and fault.what == "kill" and process.exitcode == -signal.SIGKILL:
            return Ended(tuple(said), (), struck=True)
        raise AssertionError(f"one of {names} failed ({process.exitcode}): its output is above")

    def signed_in(self, world: World) -> World:
        return replace(world, session=self.do(["sign_in"], world).said[0])

    def undisturbed(self, build: Build) -> tuple[Counter[Fact], list[Step]]:
        """The facts at the end, and every step on the way."""
        world = build()
        steps = self.do(WAY, world).steps
        if damage := self._settle((), world):
            raise AssertionError(f"the undisturbed way leaves damage: {damage}")
        return picture(world), list(steps)

    def disturbed(self, fault: Fault, build: Build, expected: Counter[Fact]) -> Damage:
        """Go the way, run into the fault, be mended, go on; what is wrong in the end.

        A step may have another number in another world (a folder that was there, one more to sweep): then once more.
        """
        here = WAY.index(fault.step.act)
        for _ in range(MOST_WORLDS):
            world = build()
            ended = self.do(WAY[: here + 1], world, fault)
            if ended.struck:
                return self._mended(fault, ended, world, expected)
        raise AssertionError(f"{fault} was not reached")

    def _mended(self, fault: Fault, ended: Ended, world: World, expected: Counter[Fact]) -> Damage:
        act = fault.step.act
        here = WAY.index(act)
        # What is committed is whole at any moment; what is left over may wait for its sweep.
        damage = Damage(lost=leftovers(world.tenant_id).lost)
        answer = ended.answers[here] if act in SENDING and len(ended.answers) > here else None
        if answer and answer.status not in TAKEN and not _tells_what_to_do(answer):
            damage.wrong.append(f"answered {answer}")
        answered = answer is not None and answer.status in TAKEN
        # Merging segments changes nothing that a picture shows, and takes longer than all the rest.
        rest = [each for each in WAY[here + 1 :] if each != "tidy"]
        damage += self._settle((*_mending(act, answered=answered), *rest), world)
        damage += differences(expected, picture(world))
        return damage

    def outlasted(self, server: str, build: Build, expected: Counter[Fact]) -> Damage:
        """A server is away for longer than a paper has tries: what is wrong in the end."""
        world = build()
        self.do(SENDING, world)
        with away(self.servers[server]):
            for _ in range(MOST_ATTEMPTS + 1):
                self.do(("wait_out", "sweep", "work"), world)
        damage = self._settle(("read_on", *WAY[WAY.index("work") + 1 :]), world)
        damage += differences(expected, picture(world))
        return damage

    def poisoned(self, step: Step, build: Build) -> tuple[World, int]:
        """A paper that kills its worker at this step whenever it is read; the world, and how many workers it took."""
        world = build()
        self.do(("send_by_page",), world)
        killed = 0
        while killed <= 2 * MOST_ATTEMPTS and self.do(("work",), world, Fault("kill", step)).struck:
            killed += 1
            self.do(("wait_out", "sweep"), world)
        self.do(("read_on",), world)
        return world, killed

    def _settle(self, names: Sequence[str], world: World) -> Damage:
        """Go on, then every sweep, until nothing is left over; a killed process's connection ends a moment later."""
        deadline = time.monotonic() + MOST_SECONDS
        self.do((*names, *SETTLING), world)
        while (damage := leftovers(world.tenant_id)) and time.monotonic() < deadline:
            self.do(SETTLING, world)
        return damage


def _tells_what_to_do(answer: Answer) -> bool:
    """A part of the system is away: 503 with a code and a sentence, whoever asked and whichever part it is."""
    error = answer.body.get("error", {})
    return answer.status == 503 and error.get("code") == "unavailable" and bool(error.get("message"))


def _mending(act: str, *, answered: bool) -> tuple[str, ...]:
    """Whoever got no answer does it again; what the machine does goes on by itself."""
    if act.startswith("send"):
        return (*(() if answered else (act,)), "wait_out", "sweep")
    return ("read_on",) if act == "work" else (act,)


def _heard(link: Connection) -> Iterator[Any]:
    """What a process says until it ends, or falls silent for longer than any act takes."""
    while link.poll(LONGEST_SECONDS):
        try:
            yield link.recv()
        except EOFError:
            return
