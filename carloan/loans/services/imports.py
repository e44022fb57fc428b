"""What people do with an import: upload a file, say what its columns mean, have it checked and booked, let go of it.

The work itself, row by row, is in `import_steps`.
"""

import os
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from carloan.core import audit, jobs, vault
from carloan.core.actors import Actor
from carloan.core.errors import Invalid, TooLarge
from carloan.core.ids import uuid7
from carloan.core.keys import Subject, destroy_key, make_keys, wrap_paper_key
from carloan.core.models import Job
from carloan.core.moves import step
from carloan.core.numbers import next_number
from carloan.core.sealed import seal
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import fold, safe_file_name
from carloan.loans.imports.opening import sniff
from carloan.loans.imports.showing import sees_cells
from carloan.loans.imports.spec import best_profile, check_spec, known_names, profiles, resolve
from carloan.loans.models import ImportBatch, ImportProfile, ImportRow
from carloan.loans.policies.batches import CHECK, MOVES, RUN
from carloan.loans.selectors.imports import PART, require_file, shape_of
from carloan.loans.tasks import work_on_import
from carloan.loans.uploads import LARGEST_FILE

from .import_steps import COUNTS

MOST_DESTROYED = 500


def import_upload(*, actor: Actor, file: IO[bytes], name: str, profile_key: str = "") -> ImportBatch:
    """Seal a file and find out how it is read: by the profile named, or the one that knows most of its columns.

    Raises Invalid for what is no readable table, for an unknown profile and for one that gives no loans from this file;
    TooLarge above 300 MB. Nothing is kept then.
    """
    actor.require("loans.import")
    file.seek(0, os.SEEK_END)
    size = file.tell()
    if size > LARGEST_FILE:
        raise TooLarge
    shape = sniff(file, known_names())
    available = profiles()
    if profile_key and profile_key not in available:
        raise Invalid(fields={"profile": [_("There is no such mapping.")]})
    profile = available[profile_key] if profile_key else best_profile(shape.header)
    spec = resolve(profile, shape.header)
    batch_id, key = uuid7(), os.urandom(32)
    subject = Subject("import", batch_id)
    file.seek(0)
    with ExitStack() as undo:
        undo.callback(destroy_key, subject)
        make_keys([subject])
        sealed = vault.put(file, paper_key=key, paper_id=batch_id, part=PART)
        undo.callback(vault.remove, sealed.name)
        with tenant_atomic():
            number = next_number("loans.import")
            event_id = audit.record(
                actor=actor,
                action="loans.import.uploaded",
                object_type="loans.importbatch",
                object_id=batch_id,
                digest=sealed.sha256,
                after={"number": number, "size": sealed.size, "profile": profile.key},
            )
            batch = ImportBatch(
                id=batch_id,
                number=number,
                size=sealed.size,
                sha256=sealed.sha256,
                stored_as=sealed.name,
                wrapped_key=wrap_paper_key(subject, key, batch_id),
                profile_key=profile.key,
                spec=spec,
                shape=shape.as_json(),
                uploaded_by_id=actor.membership_id,
                audit_event_id=event_id,
            )
            seal(batch, file_name=safe_file_name(name))
            batch.save(force_insert=True)
        undo.pop_all()
        return batch


def import_map(*, actor: Actor, batch: ImportBatch, spec: Mapping[str, Any], profile_key: str = "") -> ImportBatch:
    """Say what the columns mean; a new mapping voids an earlier check.

    Raises Invalid when no loan comes of it, Conflict for an import that is running or was booked.
    """
    actor.require("loans.import")
    check_spec(spec, shape_of(batch).header)
    with tenant_atomic():
        batch.refresh_from_db(from_queryset=ImportBatch.objects.select_for_update(of=("self",)))
        event_id = audit.record(
            actor=actor,
            action="loans.import.mapped",
            object_type="loans.importbatch",
            object_id=batch.id,
            after={"columns": {field: column["column"] for field, column in spec["columns"].items()}},
        )
        key = profile_key or batch.profile_key
        step(batch, MOVES, "map", spec=dict(spec), profile_key=key, report={}, audit_event_id=event_id)
    return batch


def import_profile_keep(*, actor: Actor, batch: ImportBatch, name: str) -> ImportProfile:
    """Keep the mapping of an import under a name, for the next file of its make. The same name again replaces it."""
    actor.require("loans.import")
    name = fold(name)[:80]
    key = slugify(name, allow_unicode=True)[:40]
    if not name or not key:
        raise Invalid(fields={"name": [_("Give the mapping a name.")]})
    columns = {
        field: {"names": [column["column"]], **({"format": column["format"]} if column.get("format") else {})}
        for field, column in batch.spec["columns"].items()
    }
    rest = {name: value for name, value in batch.spec.items() if name != "columns"}
    with tenant_atomic():
        profile = ImportProfile.objects.filter(key=key).first() or ImportProfile(id=uuid7(), key=key)
        profile.name, profile.spec = name, {"columns": columns, "rest": rest}
        profile.audit_event_id = audit.record(
            actor=actor,
            action="loans.import_profile.kept",
            object_type="loans.importprofile",
            object_id=profile.id,
            after={"name": name},
        )
        profile.save()
    return profile


def import_check_start(*, actor: Actor, batch: ImportBatch) -> Job:
    """Check every row without booking any, in the background. Raises Conflict for one that is running or was booked."""
    return _start(actor, batch, CHECK, "check")


def import_run_start(*, actor: Actor, batch: ImportBatch) -> Job:
    """Book the file in the background. Rows with faults are left out and told; the rest is booked.

    A finished import may run again: it changes nothing (contract number and state of each row are known). Raises
    Conflict for one that is running.
    """
    return _start(actor, batch, RUN, "book")


def import_errors_take(*, actor: Actor, batch: ImportBatch) -> None:
    """Note, before the first byte leaves, that somebody takes the rejected and doubtful rows.

    Raises Conflict without a file.
    """
    actor.require("loans.import")
    require_file(batch)
    with tenant_atomic():
        audit.record(
            actor=actor,
            action="loans.import.errors_downloaded",
            object_type="loans.importbatch",
            object_id=batch.id,
            count=batch.rejected + batch.warned,
            after={"masked": not sees_cells(actor, batch)},
        )


def import_results_take(*, actor: Actor, batch: ImportBatch, shown: str) -> None:
    """Note, before the first byte leaves, that somebody takes what became of each row, or of those `shown`."""
    actor.require("loans.import")
    with tenant_atomic():
        audit.record(
            actor=actor,
            action="loans.import.results_downloaded",
            object_type="loans.importbatch",
            object_id=batch.id,
            count=batch.cursor,
            after={"shown": shown},
        )


def import_files_destroy(*, actor: Actor) -> int:
    """Destroy files, and their keys, that ended `settings.IMPORT_FILE_DAYS` days ago: the rows are in the book, or were
    never wanted. What became of each row stays. Returns how many."""
    ended = timezone.now() - timedelta(days=settings.IMPORT_FILE_DAYS)
    with tenant_atomic():
        over = (
            ImportBatch.objects.exclude(state="running")
            .exclude(stored_as="")
            .filter(Q(job=None, created_at__lt=ended) | Q(job__finished_at__lt=ended))
        )
        due = list(over.order_by("id").values_list("id", flat=True)[:MOST_DESTROYED])
    return sum(_file_destroy(actor, batch_id) for batch_id in due)


def _file_destroy(actor: Actor, batch_id: UUID) -> bool:
    with tenant_atomic():
        held = ImportBatch.objects.select_for_update().exclude(state="running").exclude(stored_as="")
        batch = held.filter(id=batch_id).first()
        if batch is None:
            return False
        event_id = audit.record(
            actor=actor, action="loans.import.file_destroyed", object_type="loans.importbatch", object_id=batch.id
        )
        # Both can be done twice: when the commit behind them fails, the next sweep does them again.
        destroy_key(Subject("import", batch.id))
        vault.remove(batch.stored_as)
        ImportBatch.objects.filter(id=batch.id).update(
            stored_as="", wrapped_key=b"", file_name=None, audit_event_id=event_id
        )
    return True


def _start(actor: Actor, batch: ImportBatch, kind: str, event: str) -> Job:
    actor.require("loans.import")
    with tenant_atomic():
        batch.refresh_from_db(from_queryset=ImportBatch.objects.select_for_update(of=("self",)))
        require_file(batch)
        check_spec(batch.spec, shape_of(batch).header)
        params = {
            "batch": str(batch.id),
            "branch": str(actor.branch_id or ""),
        }
        job = jobs.start(actor=actor, kind=kind, total=batch.total, params=params)
        anew: dict[str, Any] = {"cursor": 0, "report": {}, **dict.fromkeys(COUNTS, 0)}
        step(batch, MOVES, event, job=job, audit_event_id=job.audit_event_id, **anew)
        ImportRow.objects.filter(batch_id=batch.id).delete()
        work_on_import.send(job_id=str(job.id))
    return job
