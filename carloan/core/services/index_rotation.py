"""Rotation of a lender's index key: every keyed hash made anew from its sealed value while people search and write.

1. The new version is made. Nothing stands under it until every process has forgotten what it remembered of the key
   before, so that whoever searches asks for both.
2. It is taken into use: whatever is written from now on is found under both versions. Terms, text, identity numbers
   are made anew in batches (core/indexed.py).
3. The former versions are retired once nothing would be found under them alone. Nobody writes meanwhile, and whoever
   writes afterwards writes the new version alone: what is shown then stays true.
4. What stood under them is let go, and the job ends when nothing does.

Each step looks at what is there, so that a killed worker, a second one and people at work end in the same state. A
retired version is emptied unless rows of the trail, which nobody may change, bear hashes of addresses under it.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core import audit, jobs
from carloan.core.actors import Actor
from carloan.core.index_keys import INDEX, nobody_writes, version_in_use
from carloan.core.indexed import indexed_parts
from carloan.core.keyring import retire_index_versions
from carloan.core.keys import past_the_seal
from carloan.core.keystore.models import TenantKey
from carloan.core.models import AuditEvent, Job, KeyCeremony
from carloan.core.services.ceremonies import ceremony_log
from carloan.core.tenancy import current_tenant_id, tenant_atomic

# A search that began with the former key in hand has ended by then, and clocks of machines differ by less.
GRACE: Final = timedelta(seconds=10)
STEP_SECONDS = 20.0
DAMAGED = _(
    "Some values do not open, so the former version of the index key stays in force: they were changed in the "
    "database, or their key is missing. Bring them back from a backup, then rotate again."
)
Send = Callable[[Job], None]


def index_left(version: int) -> int:
    """How many things a rotation to this version has to make anew."""
    return sum(part.left(version) for part in indexed_parts().values())


def index_work(job: Job, send: Send) -> None:
    """Go on with a claimed rotation for some seconds; then hand over to the next task (`send`), wait for the sweep to
    send it again, or end the job."""
    version = int(job.params["version"])
    if not _everybody_knows(version):
        _hand_over(job, None)
        return
    _take_into_use(version)
    until = time.monotonic() + STEP_SECONDS
    # For the installation: what is sealed apart is searched as before, and nobody sees it for this.
    with past_the_seal():
        if not _is_logged(KeyCeremony.Act.RETIRED, version):
            if not _walk(job, send, version, "renew", until):
                return
            if job.params.get("damaged"):
                jobs.fail(job, DAMAGED)
                return
            if not _retire(job, version):
                # What somebody held is waited for from now on, one thing at a time.
                job.params["patient"] = True
                _again(job, send)
                return
        if not _walk(job, send, version, "forget", until):
            return
    if any(part.remains(version) for part in indexed_parts().values()):
        # The sweep sends it again: what is left stays until searches that began before have ended.
        _again(job, None)
        return
    jobs.finish(job, {"version": version, "keys": job.done})


def _everybody_knows(version: int) -> bool:
    """Whether each process that remembered the key before this version was made has forgotten it."""
    with tenant_atomic(using="keystore"):
        made = TenantKey.objects.get(purpose=INDEX, version=version).created_at
    return bool(timezone.now() >= made + timedelta(seconds=settings.KEY_CACHE_SECONDS) + GRACE)


def _take_into_use(version: int) -> None:
    if _is_logged(KeyCeremony.Act.USED, version):
        return
    with tenant_atomic():
        nobody_writes()
        if version_in_use() < version:
            _log(KeyCeremony.Act.USED, "core.keys.index_used", version)


def _walk(job: Job, send: Send, version: int, step: str, until: float) -> bool:
    """Go through all parts, batch by batch, from where the job stood; False when the time of this task is over."""
    names = list(indexed_parts())
    place: UUID | None = None
    if job.params.get("step") == step:
        names = names[names.index(job.params["part"]) :]
        place = UUID(job.params["after"]) if job.params["after"] else None
    for name in names:
        while True:
            part = indexed_parts()[name]
            if step == "renew":
                batch = part.renew(version, place, bool(job.params.get("patient")))
            else:
                batch = part.forget(version, place)
            place = batch.place
            job.params |= {"step": step, "part": name, "after": str(place) if place else ""}
            job.params["damaged"] = int(job.params.get("damaged", 0)) + batch.damaged
            done = job.done + (batch.done if step == "renew" else 0)
            jobs.advance(job, done=done, total=max(job.total, done))
            if place is None:
                break
            if time.monotonic() > until:
                _hand_over(job, send)
                return False
    return True


def _retire(job: Job, version: int) -> bool:
    """Retire the former versions if nothing would be found under them alone; with the log, behind the key store.

    Killed in between, the next worker finds the same and tells it.
    """
    if index_left(version):  # before anybody has to wait for the look
        return False
    with tenant_atomic():
        nobody_writes()
        if index_left(version):
            return False
        kept = AuditEvent.objects.filter(address_digest__isnull=False).exists()
        retire_index_versions(version, keep=kept)
        _log(KeyCeremony.Act.RETIRED, "core.keys.index_retired", version, count=job.done)
    return True


def _again(job: Job, send: Send | None) -> None:
    """Let the job go through its step from the beginning, at once or when the sweep sends it."""
    for name in ("step", "part", "after"):
        job.params.pop(name, None)
    _hand_over(job, send)


def _hand_over(job: Job, send: Send | None) -> None:
    with tenant_atomic():
        jobs.hand_over(job)
        if send is not None:
            send(job)


def _is_logged(act: str, version: int) -> bool:
    with tenant_atomic():
        return KeyCeremony.objects.filter(purpose=INDEX, version=version, act=act).exists()


def _log(act: KeyCeremony.Act, action: str, version: int, *, count: int | None = None) -> None:
    event_id = audit.record(
        actor=Actor.system(current_tenant_id(), "worker"),
        action=action,
        object_type="core.tenant",
        object_id=current_tenant_id(),
        after={"version": version},
        count=count,
    )
    begun = KeyCeremony.objects.get(purpose=INDEX, version=version, act=KeyCeremony.Act.ROTATED)
    ceremony_log(act, INDEX, version, event_id, by_id=begun.by_id, witnesses=[], reason="")
