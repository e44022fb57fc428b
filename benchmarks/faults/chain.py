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
from collections.abc import Iterator, Mapping, Sequence
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
from carloan.supervisor.embedded import Embedded

WAY: Final = ("send_by_page", "send_by_key", "work", "move", "file", "lose", "sweep", "keys", "tidy")
SENDING: Final = WAY[:2]
SETTLING: Final = ("read_on", "keys")
LONGEST_SECONDS: Final = 60
MOST_SECONDS: Final = 5


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
            raise AssertionError(f"{names} do not end")
        if process.exitcode == 0:
            steps = tuple(said.pop())
            struck = fault is not None and (fault.step.act, fault.step.number) in {(e.act, e.number) for e in steps}
            return Ended(tuple(said), steps, struck)
        if fault and fault.what == "kill" and process.exitcode == -signal.SIGKILL:
            return Ended(tuple(said), (), struck=True)
        raise AssertionError(f"one of {names} failed: its output is above")

    def signed_in(self, world: World) -> World:
        return replace(world, session=self.do(["sign_in"], world).said[0])

    def undisturbed(self, world: World, words: Sequence[str]) -> tuple[Counter[Fact], list[Step]]:
        """The facts at the end, and every step on the way."""
        steps = self.do(WAY, world).steps
        if damage := self._settle((), world):
            raise AssertionError(f"the undisturbed way leaves damage: {damage}")
        return picture(world, words), list(steps)

    def disturbed(self, fault: Fault, world: World, words: Sequence[str], expected: Counter[Fact]) -> Damage:
        """Go the way, run into the fault, be mended, go on; what is wrong in the end."""
        act = fault.step.act
        here = WAY.index(act)
        ended = self.do(WAY[: here + 1], world, fault)
        if not ended.struck:
            raise AssertionError(f"{fault} was not reached")
        # What is committed is whole at any moment; what is left over may wait for its sweep.
        damage = Damage(lost=leftovers(world.tenant_id).lost)
        answer = ended.answers[SENDING.index(act)] if act in SENDING and len(ended.answers) > here else None
        if answer and answer.status not in (200, 201) and not _tells_what_to_do(answer):
            damage.wrong.append(f"answered {answer}")
        answered = answer is not None and answer.status in (200, 201)
        # Merging segments changes nothing that a picture shows, and takes longer than all the rest.
        rest = [each for each in WAY[here + 1 :] if each != "tidy"]
        damage += self._settle((*_mending(act, answered=answered), *rest), world)
        damage += differences(expected, picture(world, words))
        return damage

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
    while True:
        try:
            yield link.recv()
        except EOFError:
            return
