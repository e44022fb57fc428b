"""Rotation of a lender's wrapping or sealing key while people work: a new version, every key under it, then the old
ones refused. That of its index key begins here too and goes its own way (index_rotation.py).

Nobody waits for it and no read fails: a key opens under either version until the last one was moved, and the former
versions are retired only when the database shows that nothing stands under them. The subjects' own keys stay the same,
so nothing that they sealed is touched. Choosing another suite is a rotation too: the newest version names it, that of
the wrapping key also for whatever is sealed from then on. What is kept apart stands under the sealing key, and opens
before, during and after its rotation for nobody but those whom two people let.
"""

import time
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from carloan.core import audit, jobs
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.index_keys import INDEX
from carloan.core.key_versions import key_versions
from carloan.core.keyring import new_version, retire_versions, rewrap_versions, ring_of
from carloan.core.keys import rewrap_batch, suite_at_work
from carloan.core.keystore.models import TenantKey
from carloan.core.locks import hold
from carloan.core.models import Job, KeyCeremony
from carloan.core.postgres.wrapping import living_by_version
from carloan.core.services.ceremonies import ceremony_log
from carloan.core.services.index_rotation import index_left, index_work
from carloan.core.suites import SUITES
from carloan.core.tenancy import current_tenant_id, tenant_atomic

KIND: Final = "core.key_rotation"
WRAP: Final = TenantKey.Purpose.WRAP.value
SEAL: Final = TenantKey.Purpose.SEAL.value
ROTATED: Final = {
    WRAP: "core.keys.rotated",
    SEAL: "core.keys.sealing_rotated",
    INDEX: "core.keys.index_rotated",
}
RETIRED: Final = {WRAP: "core.keys.retired", SEAL: "core.keys.sealing_retired"}
LONGEST_NAME, LONGEST_REASON, MOST_WITNESSES = 80, 500, 10
# A task must be far shorter than the broker's patience: then the next one goes on.
STEP_SECONDS = 20.0
DAMAGED: Final = {
    WRAP: _(
        "Some keys do not open, so the former version of the wrapping key stays in force: they were changed in the key "
        "store. Bring it back from a backup, then rotate again."
    ),
    SEAL: _(
        "Some keys do not open, so the former version of the sealing key stays in force: they were changed in the key "
        "store. Bring it back from a backup, then rotate again."
    ),
}


def tenant_key_rotate(
    *, actor: Actor, witnesses: Sequence[str], reason: str, suite: str = "", purpose: str = WRAP
) -> Job:
    """Begin a rotation and return the job that carries it to its end. Needs `encryption.rotate`.

    `purpose` says which key: the wrapping, the sealing or the index one. `witnesses` are the names of those present, at
    least one and none of them the actor; `suite` is a code of core.suites, without it the one in use, and nothing to
    the index key, whose hashes are the same in every suite. A rotation that was cut off
    before its job began is taken up instead of making one version more. Raises Invalid, also for a sealing key that the
    lender has not yet, and Conflict while another rotation is under way.
    """
    actor.require("encryption.rotate")
    names = [name.strip() for name in witnesses if name.strip()]
    _refuse_wrong(actor, names, reason, suite)
    if purpose not in ROTATED or not key_versions(purpose):
        raise Invalid(
            fields={"purpose": [_("There is no such key yet: it is made with the first that is sealed apart.")]}
        )
    with tenant_atomic():
        hold("rotation")  # two people at once: the second one finds the job of the first
        if running() is not None:
            raise Conflict(_("A rotation of this lender's key is under way. Wait for its end."))
        ring = ring_of(purpose, fresh=True)
        wanted = SUITES[suite] if suite and purpose != INDEX else ring.newest.suite
        begun = ring.floor < ring.newest.version and ring.newest.suite is wanted
        version = ring.newest.version if begun else new_version(purpose, suite=wanted).version
        event_id = audit.record(
            actor=actor,
            action=ROTATED[purpose],
            object_type="core.tenant",
            object_id=current_tenant_id(),
            after={"version": version, "suite": wanted.code, "witnesses": names},
            reason=reason,
        )
        if not KeyCeremony.objects.filter(purpose=purpose, version=version, act=KeyCeremony.Act.ROTATED).exists():
            ceremony_log(
                KeyCeremony.Act.ROTATED, purpose, version, event_id,
                by_id=actor.membership_id, witnesses=names, reason=reason,
            )  # fmt: skip
        params = {"purpose": purpose, "version": version}
        job = jobs.start(actor=actor, kind=KIND, total=_below(purpose, version), params=params)
        _send(job)
    return job


def keys_told(event_id: UUID) -> None:
    """Begin the log of a new lender's keys with their first versions, made with the lender by the platform."""
    for purpose in (TenantKey.Purpose.WRAP, TenantKey.Purpose.INDEX):
        KeyCeremony.objects.create(
            act=KeyCeremony.Act.MADE, purpose=purpose.value, version=1, suite="A", audit_event_id=event_id
        )


def sealing_key_told(event_id: UUID) -> None:
    """Say once in the log of a lender's keys that its sealing key was made: with the first that is kept apart."""
    if not KeyCeremony.objects.filter(purpose=SEAL).exists():
        KeyCeremony.objects.create(
            act=KeyCeremony.Act.MADE, purpose=SEAL, version=1, suite=suite_at_work().code, audit_event_id=event_id
        )


def root_key_rotate(*, witnesses: Sequence[str], reason: str) -> int:
    """Put the open tenant's keys under the root key that seals now; returns how many stood under another one.

    For the platform, with one row of the log and one event where something was moved. Raises Invalid like
    `tenant_key_rotate`.
    """
    actor = Actor.system(current_tenant_id(), "platform")
    names = [name.strip() for name in witnesses if name.strip()]
    _refuse_wrong(actor, names, reason, "")
    with tenant_atomic():
        hold("rotation")
        moved = rewrap_versions()
        if moved:
            event_id = audit.record(
                actor=actor,
                action="core.keys.root_replaced",
                object_type="core.tenant",
                object_id=current_tenant_id(),
                after={"witnesses": names},
                reason=reason,
                count=moved,
            )
            newest = ring_of(WRAP, fresh=True).newest.version
            ceremony_log(KeyCeremony.Act.REWRAPPED, WRAP, newest, event_id, by_id=None, witnesses=names, reason=reason)
    return moved


def rotation_work(*, job_id: UUID) -> None:
    """Move keys for some seconds and hand over, or end the job. Killed anywhere, the next worker moves what is left."""
    job = jobs.claim(job_id)
    if job is None:
        return
    if job.params.get("purpose") == INDEX:
        index_work(job, _send)
        return
    # A job that an earlier version of this program began names no purpose: there was one.
    purpose = job.params.get("purpose", WRAP)
    version, after = int(job.params["version"]), job.params.get("after")
    place = UUID(after) if after else None
    began, damaged, done = time.monotonic(), int(job.params.get("damaged", 0)), job.done
    while True:
        moved, unopened, place = rewrap_batch(purpose, version, place)
        done, damaged = done + moved, damaged + unopened
        jobs.advance(job, done=done, total=max(job.total, done))
        if place is None:
            if _retire(job, purpose, version):
                return
            if damaged:
                jobs.fail(job, DAMAGED[purpose])
                return
            # Meanwhile a process that still remembered the former version made keys under it: another round.
            continue
        if time.monotonic() - began > STEP_SECONDS:
            job.params |= {"after": str(place), "damaged": damaged}
            with tenant_atomic():
                jobs.hand_over(job)
                _send(job)
            return


def running() -> Job | None:
    """The rotation of the open tenant that has not ended."""
    return Job.objects.filter(kind=KIND, state__in=[Job.State.WAITING, Job.State.RUNNING]).first()


def failed() -> Job | None:
    """The newest rotation of the open tenant, where it ended without reaching its end."""
    last = Job.objects.filter(kind=KIND).order_by("-id").first()
    return last if last is not None and last.state == Job.State.FAILED else None


def _retire(job: Job, purpose: str, version: int) -> bool:
    """Refuse the former versions and end the job; the event is committed with the job's end, behind the key store.

    Killed in between, the next worker finds nothing left to move and tells it.
    """
    if not retire_versions(purpose, version):
        return False
    with tenant_atomic():
        event_id = audit.record(
            actor=Actor.system(current_tenant_id(), "worker"),
            action=RETIRED[purpose],
            object_type="core.tenant",
            object_id=current_tenant_id(),
            after={"min_decryption_version": version},
            count=job.done,
        )
        begun = KeyCeremony.objects.get(purpose=purpose, version=version, act=KeyCeremony.Act.ROTATED)
        ceremony_log(KeyCeremony.Act.RETIRED, purpose, version, event_id, by_id=begun.by_id, witnesses=[], reason="")
        jobs.finish(job, {"version": version, "keys": job.done})
    return True


def _refuse_wrong(actor: Actor, names: Sequence[str], reason: str, suite: str) -> None:
    wrong: dict[str, list[Any]] = {}
    if not names or len(names) > MOST_WITNESSES or any(len(name) > LONGEST_NAME for name in names):
        wrong["witnesses"] = [_("Name at least one witness, one a line.")]
    elif actor.name in names:
        wrong["witnesses"] = [_("Whoever acts is no witness.")]
    if not reason.strip() or len(reason) > LONGEST_REASON:
        wrong["reason"] = [_("Say why, in at most %(most)s characters.") % {"most": LONGEST_REASON}]
    if suite and suite not in SUITES:
        wrong["suite"] = [_("There is no such suite.")]
    if wrong:
        raise Invalid(fields=wrong)


def _below(purpose: str, version: int) -> int:
    if purpose == INDEX:
        return index_left(version)
    with tenant_atomic(using="keystore"):
        return sum(count for under, count in living_by_version(purpose).items() if under < version)


def _send(job: Job) -> None:
    from carloan.core.sweeps import rotate_keys  # noqa: PLC0415  the pair of task and service

    rotate_keys.send(job_id=str(job.id))
