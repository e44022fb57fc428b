"""Files sent to a running site from many hands at once, and what became of each of them."""

import hashlib
import http.client
import json
import secrets
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from benchmarks.faults.mixed import NAMING, Sent
from benchmarks.faults.picture import Damage, leftovers
from benchmarks.faults.world import World
from benchmarks.recognition.alignment import Errors
from benchmarks.recognition.verdict import Read, Verdict, judge
from carloan.archives.models import Paper
from carloan.archives.recognition import proof
from carloan.archives.selectors.papers import fields_of, text_of
from carloan.archives.selectors.text_search import papers_containing
from carloan.archives.values import typed
from carloan.core.actors import Actor
from carloan.core.models import AuditEvent
from carloan.core.sealed import clear
from carloan.core.services.key_care import orphans_destroy
from carloan.core.tenancy import tenant_atomic, tenant_scope

HANDS: Final = 8
ENDED: Final = (Paper.State.FILED, Paper.State.REVIEW, Paper.State.REFUSED)
# What says of a paper that its bytes lie somewhere already.
KNOWN: Final = {"already_filed", "possible_duplicate"}
TAKEN: Final = (200, 201)


@dataclass(frozen=True)
class Answer:
    """What the site said to a file; status 0 when it said nothing."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def papers(self) -> list[UUID]:
        """The papers it says are safe."""
        listed = self.body.get("papers") or [self.body]
        return [UUID(each["id"]) for each in listed if "id" in each] if self.status in TAKEN else []

    @property
    def explains(self) -> bool:
        """Whether a refusal says what it is about, in a code and a sentence."""
        error = self.body.get("error", {})
        return bool(error.get("code") and error.get("message"))


@dataclass(frozen=True)
class Hand:
    """Who drops files: a person whose browser has signed in, or another system with its key."""

    port: int
    world: World
    by_key: bool = False

    def drop(self, sent: Sent) -> Answer:
        world, host = self.world, f"localhost:{self.port}"
        body, kind = _form({"loan": world.contracts[sent.place - 1]} if sent.place else {}, sent)
        headers = {"Host": host, "Content-Type": kind, "Accept": "application/json"}
        if self.by_key:
            path = "/api/v1/papers/"
            headers["Authorization"] = f"Bearer {world.token}"
        else:
            path, token = f"/t/{world.slug}/archives/upload/", secrets.token_hex(16)
            headers |= {"Origin": f"http://{host}", "X-CSRFToken": token}
            headers["Cookie"] = "; ".join(
                (f"{settings.SESSION_COOKIE_NAME}={world.session}", f"{settings.CSRF_COOKIE_NAME}={token}")
            )
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            link.request("POST", path, body, headers)
            answer = link.getresponse()
            return Answer(answer.status, json.loads(answer.read()))
        except (OSError, http.client.HTTPException):
            return Answer(0)
        except ValueError:
            return Answer(answer.status)
        finally:
            link.close()


def _form(parts: dict[str, str], sent: Sent) -> tuple[bytes, str]:
    edge = secrets.token_hex(16)
    rows = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in parts.items()
    ]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{sent.name}"\r\n\r\n'
    return "".join(
        [*rows, head]
    ).encode() + sent.data + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def drop_all(port: int, world: World, files: Sequence[Sent]) -> list[Answer]:
    """All at once; every other one by a key. The answers in the order of the files."""
    ways = [Hand(port, world), Hand(port, world, by_key=True)]
    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(lambda pair: ways[pair[0] % 2].drop(pair[1]), enumerate(files)))


def wait_for_all(world: World, *, seconds: float, meanwhile: Callable[[], None] = lambda: time.sleep(0.3)) -> bool:
    """Until no paper of the lender waits for a worker; False when that takes longer. `meanwhile` fills the time."""
    deadline = time.monotonic() + seconds
    while True:
        with tenant_atomic(world.tenant_id):
            if not Paper.objects.exclude(state__in=ENDED).exists():
                return True
        if time.monotonic() > deadline:
            return False
        meanwhile()


@dataclass
class Report:
    """What became of them: counts, damage, and what is not damage but worth knowing."""

    states: Counter[str] = field(default_factory=Counter)
    damage: Damage = field(default_factory=Damage)
    values_filed: int = 0
    sure_at_desk: int = 0
    sure_wrong_at_desk: list[str] = field(default_factory=list)


def judged(world: World, files: Sequence[Sent], answers: Sequence[Answer]) -> Report:
    """Hold every paper of the lender against the files that were sent and what was answered."""
    with tenant_scope(world.tenant_id):
        orphans_destroy(age=timedelta())  # the nightly look for keys that nothing owns, as if none were too young
    report = Report(damage=leftovers(world.tenant_id))
    with tenant_atomic(world.tenant_id):
        papers = {paper.id: paper for paper in Paper.objects.select_related("loan")}
        _answered(report, files, answers, papers)
        came_from = {
            paper_id: sent for sent, answer in zip(files, answers, strict=True) for paper_id in answer.papers
        }  # fmt: skip
        for paper in papers.values():
            report.states[paper.state] += 1
            if paper.state not in ENDED:
                report.damage.lost.append(f"{paper.state} for ever: {paper.id}")
            sent = came_from.get(paper.id)
            if sent is None:
                report.damage.doubled.append(f"nobody was told of paper {paper.id}")
            elif paper.kind:
                _paper(report, world, paper, sent)
        _doubles(report, files, answers, papers)
        _events(report, papers)
        _search(report, world, papers)
    return report


def _answered(report: Report, files: Sequence[Sent], answers: Sequence[Answer], papers: dict[UUID, Paper]) -> None:
    for sent, answer in zip(files, answers, strict=True):
        for paper_id in answer.papers:
            paper = papers.get(paper_id)
            if paper is None:
                report.damage.lost.append(f"{sent.name} was accepted and is not there")
            elif not answer.body.get("papers") and paper.sha256 != hashlib.sha256(sent.data).hexdigest():
                report.damage.wrong.append(f"{sent.name} was answered with another paper")
        if answer.status == 422 and answer.explains:
            report.states["refused at the door"] += 1
        elif not answer.papers:
            report.damage.lost.append(f"{sent.name} was answered {answer.status} {answer.body}")


def _paper(report: Report, world: World, paper: Paper, sent: Sent) -> None:
    filed = paper.state == Paper.State.FILED
    if filed:
        allowed = {sent.home} | ({sent.place} if sent.kind not in NAMING else set())
        at = world.contracts.index(paper.loan.contract_no) + 1 if paper.loan else 0
        if at not in allowed - {0}:
            report.damage.wrong.append(f"{sent.name} was filed in loan {at}")
        if paper.kind != sent.kind:
            report.damage.wrong.append(f"{sent.name} was filed as {paper.kind}")
    for value in _verdict(paper, sent, filed=filed).values:
        told = f"{sent.name} {value.name}: {value.wanted!r} read {value.got!r}"
        if filed:
            report.values_filed += value.got is not None
            if value.outcome in ("wrong", "stray"):
                report.damage.wrong.append(told)
        else:
            report.sure_at_desk += value.sure
            if value.accepted_wrong:
                report.sure_wrong_at_desk.append(told)


def _verdict(paper: Paper, sent: Sent, *, filed: bool) -> Verdict:
    read = {
        row.name: Read(typed(row.name, clear(row, "value")), row.confidence / 1000)
        for row in fields_of(paper)
        if row.value
    }
    return judge(
        seed=sent.name, kind=sent.kind, condition=sent.condition, faults=(), truth=sent.truth, read_as=paper.kind,
        read=read, filed=filed, letters=Errors(0, 0), sure_from=proof.SURE,
    )  # fmt: skip


def _doubles(report: Report, files: Sequence[Sent], answers: Sequence[Answer], papers: dict[UUID, Paper]) -> None:
    """Of the same bytes one is news; every other file is told as known, by its answer or on its paper."""
    came: dict[str, list[tuple[Sent, Answer]]] = defaultdict(list)
    for sent, answer in zip(files, answers, strict=True):
        if answer.papers:
            came[hashlib.sha256(sent.data).hexdigest()].append((sent, answer))
    for group in came.values():
        told = sum(
            answer.status == 200
            or any(KNOWN & {each["code"] for each in papers[paper_id].problems} for paper_id in answer.papers)
            for _, answer in group
        )
        if told < len(group) - 1:
            report.damage.doubled.append(f"{group[0][0].name} came {len(group)} times, {told} were told")
    filed = Counter((paper.sha256, paper.loan_id) for paper in papers.values() if paper.loan_id)
    report.damage.doubled += [f"{sha} lies {count} times in a loan" for (sha, _), count in filed.items() if count > 1]


def _events(report: Report, papers: dict[UUID, Paper]) -> None:
    once = ("archives.paper.received", "archives.paper.recognised", "archives.paper.filed")
    events = AuditEvent.objects.filter(action__in=once).values_list("object_id", "action")
    counted = Counter(events)
    report.damage.doubled += [f"{action} twice of {about}" for (about, action), count in counted.items() if count > 1]
    report.damage.lost += [
        f"no event of {paper.id} {paper.state}" for paper in papers.values()
        if not counted[paper.id, once[0]] or (paper.state == Paper.State.FILED and not counted[paper.id, once[2]])
    ]  # fmt: skip


def _search(report: Report, world: World, papers: dict[UUID, Paper]) -> None:
    """Each paper is found by a word of its own text, once; a word finds no paper that does not bear it."""
    actor = Actor.system(world.tenant_id, "bench")
    texts = {paper.id: "".join(text_of(paper).split()) for paper in papers.values()}
    for paper_id, text in texts.items():
        word = text[len(text) // 3 : len(text) // 3 + 6]
        if len(word) < 6 or not word.isalnum():
            continue
        found = Counter(paper.id for paper in papers_containing(actor, word, limit=1000))
        if not found[paper_id]:
            report.damage.lost.append(f"{paper_id} is not found by {word}")
        report.damage.ghosts += [
            f"{word} finds {each}" for each, times in found.items() if times > 1 or each not in papers
        ]
