"""Take up what was left behind: papers nobody reads, and files of uploads whose transaction never committed."""

import hashlib
import logging
import re
import time
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from carloan.archives.models import Paper
from carloan.archives.services.restoring import lost_files_look
from carloan.archives.tasks import recognise_paper
from carloan.core import audit, vault
from carloan.core.actors import Actor
from carloan.core.errors import Unavailable
from carloan.core.store import papers_store, require_mark
from carloan.core.tasks import queued
from carloan.core.tenancy import scoped_tenant_id, tenant_atomic
from carloan.core.vault_parts import owner_of_part

logger = logging.getLogger(__name__)
# A paper normally waits for less than this; longer means its message was lost.
WAIT = timedelta(seconds=60)
# An upload that has not committed by now never will: requests and jobs are far shorter.
ORPHAN_AGE = timedelta(hours=1)
BATCH = 200
# How often beat sends the sweep.
TURN_SECONDS = 30
_STORED = re.compile(r"\.?(?P<row>[0-9a-f]{32})\.\d+\.(?P<part>[a-z-]+\d*)(?P<draft>\.[0-9a-f]+\.tmp)?")


def papers_sweep() -> tuple[int, int]:
    """Send stuck papers again and remove orphaned files of the tenant at work; returns how many of each.

    While the store is away nothing is looked for in it.
    """
    sent = papers_resend()
    try:
        lost_files_look()
        return sent, orphans_remove()
    except Unavailable as error:
        logger.warning("the store was not swept: %s", error.error_code)
        return sent, 0


def papers_resend() -> int:
    """Papers that were received but not taken up, and papers whose worker's lease ended.

    While many messages wait, those that were received probably wait among them: sending them again at each turn would
    only make the lane longer than the work. What the broker lost comes again once the lane is short.
    """
    now = timezone.now()
    with tenant_atomic():
        stuck = Q(state=Paper.State.RECOGNISING, lease_until__lt=now)
        if queued(recognise_paper.lane) < BATCH:
            stuck |= Q(state=Paper.State.RECEIVED, received_at__lt=now - WAIT)
        ids = list(Paper.objects.filter(stuck).order_by("id").values_list("id", flat=True)[:BATCH])
        for paper_id in ids:
            recognise_paper.send(paper_id=str(paper_id))
    return len(ids)


def orphans_remove(*, folder: str | None = None, age: timedelta = ORPHAN_AGE) -> int:
    """Remove the files of one folder that are older than `age` and that no row names, with one event.

    Without `folder` it takes the one whose turn it is, so that all 256 come round in about two hours. The keys of
    orphans were never stored anywhere: their bytes are noise already. The event is committed before the files go: a
    crash in between tells an act that the next turn does, never the other way round. Raises StoreAway or Unavailable.
    """
    tenant_id = scoped_tenant_id()
    assert tenant_id is not None
    require_mark()
    folder = folder or f"{int(time.time()) // TURN_SECONDS % 256:02x}"
    with tenant_atomic():
        orphans = _orphans(f"{tenant_id}/{folder}", timezone.now() - age)
        if orphans:
            audit.record(
                actor=Actor.system(tenant_id, "sweep"), action="archives.orphans.removed", object_type="archives.paper",
                count=len(orphans), digest=hashlib.sha256("\n".join(orphans).encode()).hexdigest(),
            )  # fmt: skip
    for name in orphans:
        vault.remove(name)
    return len(orphans)


def _orphans(folder: str, before: datetime) -> list[str]:
    """Old files of a folder whose row is not there, and drafts that nobody finished; what nobody registered stays."""
    storage = papers_store()
    try:
        _, names = storage.listdir(folder)
    except FileNotFoundError:
        return []
    drafts: list[str] = []
    named: defaultdict[Any, dict[str, UUID]] = defaultdict(dict)
    for name in names:
        found = _STORED.fullmatch(name)
        model = owner_of_part(found["part"]) if found else None
        if found is None or model is None or storage.get_modified_time(f"{folder}/{name}") >= before:
            continue
        if found["draft"]:
            drafts.append(f"{folder}/{name}")
        else:
            named[model][f"{folder}/{name}"] = UUID(hex=found["row"])
    orphans = []
    for model, rows in named.items():
        known = set(model.objects.filter(id__in=set(rows.values())).values_list("id", flat=True))
        orphans += [name for name, row_id in rows.items() if row_id not in known]
    return drafts + orphans
