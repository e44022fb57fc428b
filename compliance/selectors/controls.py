"""The map of controls for those who may see it, with what the tests of this program said and what the house tells."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from carloan.compliance import controls
from carloan.compliance.controls import Control, Framework, Proof, Status
from carloan.compliance.controls.facts import Fact, Line, fact
from carloan.compliance.controls.results import Outcome, Results, results, worst
from carloan.compliance.models import AuditorPack
from carloan.core.actors import Actor
from carloan.core.errors import NotFound
from carloan.core.models import Job

VIEW = "controls.view"
PACK = "compliance.pack"


@dataclass(frozen=True)
class ShownProof:
    """A proof with the outcome of each of its tests and, where it was asked for, what the installation tells."""

    proof: Proof
    tests: list[tuple[str, Outcome]]
    facts: list[tuple[Fact, list[Line]]]


@dataclass(frozen=True)
class Row:
    """A control with what its tests said together; None where none shows it."""

    control: Control
    outcome: Outcome | None


def frameworks_for(actor: Actor) -> list[Framework]:
    """All frameworks."""
    actor.require(VIEW)
    return controls.frameworks()


def get_framework_for(actor: Actor, code: str) -> Framework:
    """Raises NotFound."""
    actor.require(VIEW)
    try:
        return controls.framework(code)
    except KeyError as error:
        raise NotFound from error


def get_control_for(actor: Actor, code: str, control_id: str) -> tuple[Framework, Control]:
    """Raises NotFound."""
    framework = get_framework_for(actor, code)
    if (control := framework.control(control_id)) is None:
        raise NotFound
    return framework, control


def rows_of(framework: Framework, *, status: str = "", chapter: str = "") -> list[Row]:
    """The rows of a framework, narrowed to a status and a chapter."""
    found = results()
    return [
        Row(control, outcome_of(control.proofs, found))
        for control in framework.controls
        if (not status or control.status == Status(status)) and (not chapter or control.chapter == chapter)
    ]


def outcome_of(proofs: Iterable[Proof], found: Results | None) -> Outcome | None:
    """What the tests of proofs said together; None where they have no test."""
    nodes = {node for proof in proofs for node in proof.tests}
    return worst(_outcome(node, found) for node in nodes) if nodes else None


def evidence_of(control: Control, *, found: Results | None) -> list[ShownProof]:
    """Its proofs, with what the installation tells at this moment."""
    return [
        ShownProof(
            proof,
            [(node, _outcome(node, found)) for node in proof.tests],
            [(told, told.read()) for told in map(fact, proof.live)],
        )
        for proof in control.proofs
    ]


def _outcome(node: str, found: Results | None) -> Outcome:
    return found.of(node) if found else Outcome.UNKNOWN


def packs_for(actor: Actor) -> list[AuditorPack]:
    """The packs that were made, newest first, without their content."""
    actor.require(VIEW)
    return list(AuditorPack.objects.defer("content").select_related("made_by").order_by("-number")[:50])


def get_pack_for(actor: Actor, pack_id: UUID) -> AuditorPack:
    """Raises NotFound."""
    actor.require(VIEW)
    if (pack := AuditorPack.objects.filter(id=pack_id).first()) is None:
        raise NotFound
    return pack


def last_pack_job(actor: Actor) -> Job | None:
    """The newest order for a pack, done or not."""
    actor.require(VIEW)
    return Job.objects.filter(kind=PACK).order_by("-id").first()


def get_pack_job_for(actor: Actor, job_id: UUID) -> Job:
    """Raises NotFound."""
    actor.require(VIEW)
    if (job := Job.objects.filter(kind=PACK, id=job_id).first()) is None:
        raise NotFound
    return job
