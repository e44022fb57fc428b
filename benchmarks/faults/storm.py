"""A bad day of a whole site: while papers come in and are read, each of its processes and servers is killed once.

The supervisor starts again what died, as it does in production; the servers stay away for some seconds. Whoever gets no
answer, or is told to try again, does so. Nobody helps otherwise: the sweeps, the broker and the leases do.
"""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.faults.drop import HANDS, TAKEN, Answer, Hand
from benchmarks.faults.mixed import Sent
from benchmarks.faults.outage import away
from benchmarks.faults.world import World
from carloan.supervisor.bench import Stage
from carloan.supervisor.children import Children

AWAY_SECONDS: Final = 5.0
PAUSE_SECONDS: Final = 4.0
# A file that nobody can get rid of for so long is lost.
PATIENCE_SECONDS: Final = 300.0


@dataclass
class Weather:
    """What people were answered in the storm, and what happened to the site."""

    answers: list[Answer] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    unclear: list[Answer] = field(default_factory=list)
    blows: list[str] = field(default_factory=list)


def storm(stage: Stage, children: Children, world: World, files: Sequence[Sent]) -> Weather:
    """Send the files while everything is killed. Returns when each of them was taken or refused."""
    weather = Weather()
    ways = [Hand(children.port, world), Hand(children.port, world, by_key=True)]
    blows = _blows(stage, children)
    # They come as long as it storms.
    pause = len(blows) * PAUSE_SECONDS * HANDS / len(files)
    with ThreadPoolExecutor(HANDS) as hands:
        sending = [hands.submit(_insist, ways[number % 2], sent, weather, pause) for number, sent in enumerate(files)]
        for name, blow in blows:
            _tend(children, PAUSE_SECONDS)
            weather.blows.append(name)
            blow()
        while not all(each.done() for each in sending):
            children.tend(0.5)
        weather.answers = [each.result() for each in sending]
    return weather


def _insist(hand: Hand, sent: Sent, weather: Weather, pause: float) -> Answer:
    """Drop a file, and again and again, as somebody does who is told to, until it is taken or refused."""
    time.sleep(pause)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        answer = hand.drop(sent)
        weather.statuses[answer.status] += 1
        if answer.status in (*TAKEN, 422) or time.monotonic() > deadline:
            return answer
        if answer.status and not (answer.status == 503 and answer.explains):
            weather.unclear.append(answer)
        time.sleep(1.0)


def _blows(stage: Stage, children: Children) -> list[tuple[str, Callable[[], None]]]:
    """Every process of the site and every server once; the reader, which works longest, itself and its pool."""
    found: list[tuple[str, Callable[[], None]]] = [
        ("pool process of worker-recognise", lambda: _kill(_child_of(_pid(children, "worker-recognise")))),
        ("worker process of web", lambda: _kill(_child_of(_pid(children, "web")))),
    ]
    for server in stage.services.embedded.values():
        found.append((f"{server.what} in {server.folder.name}", lambda server=server: _away(server)))  # type: ignore[misc]
    for child in children.all:
        name = child.part.name
        found.append((name, lambda name=name: _kill(_pid(children, name))))  # type: ignore[misc]
    return found


def _away(server: object) -> None:
    with away(server):  # type: ignore[arg-type]
        time.sleep(AWAY_SECONDS)


def _tend(children: Children, seconds: float) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        children.tend(min(left, 0.5))


def _pid(children: Children, name: str) -> int:
    """The process of a part, waited for when it has just been killed."""
    while True:
        for child in children.all:
            if child.part.name == name and child.process is not None and child.process.poll() is None:
                return child.process.pid
        children.tend(0.2)


def _child_of(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[0]) if children else pid


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
