"""Paper originals go with their batch: recorded, filmed, and seen by two who neither proposed nor did it."""

import hashlib
import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from carloan.compliance.models import DestructionBatch
from carloan.compliance.policies.certificates import NoSegment, film_gaps, segments_of
from carloan.compliance.selectors.certificates import evidence_of, proofs_of, shredding_of, shredding_told
from carloan.compliance.selectors.destruction import items_of
from carloan.compliance.services.shredding import originals_declare, shredding_record, shredding_witness
from carloan.core.audit import canonical
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.models import AuditEvent
from carloan.supervisor.setup import node_path
from tests.cast import Lender
from tests.compliance.certified import (
    segment,
    shredding,
    verified_by_hand,
)
from tests.compliance.destroyed import approved, due_loans, proposed, say
from tests.compliance.held import another

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
SHA = "ab" * 32
EARLIER = timezone.now() - timedelta(hours=9)


@pytest.fixture
def batch(bank: Lender) -> Any:
    with bank.open():
        yield verified_by_hand(bank, originals=True)


def test_two_who_saw_it_confirm_what_somebody_else_recorded(bank: Lender, batch: DestructionBatch) -> None:
    recorder = another(bank, "archivist", "经办人")
    for nobody in (bank.actor("officer"), bank.actor("admin"), bank.system):
        with pytest.raises(Forbidden):
            shredding_record(actor=nobody, batch=batch, record=shredding())
    record = shredding_record(actor=recorder, batch=batch, record=shredding())
    assert record.digest == hashlib.sha256(canonical(shredding_told(record))).hexdigest()
    for who in (another(bank, "compliance", "提议人"), recorder):
        with pytest.raises(Conflict):
            shredding_witness(actor=who, batch=batch, digest=record.digest)
    with pytest.raises(Forbidden):
        shredding_witness(actor=bank.actor("service"), batch=batch, digest=record.digest)
    first = bank.actor("officer")
    shredding_witness(actor=first, batch=batch, digest=record.digest)
    with pytest.raises(Conflict):
        shredding_witness(actor=first, batch=batch, digest=record.digest)
    items = items_of(batch)
    assert evidence_of(batch, items, proofs_of(batch, items)).witnesses == 1
    anew = shredding_record(actor=recorder, batch=batch, record=shredding(counts={1: (1, 39), 2: (0, 1)}))
    assert anew.version == 2
    assert evidence_of(batch, items, proofs_of(batch, items)).witnesses == 0, "they spoke about something else"
    with pytest.raises(Conflict):
        shredding_witness(actor=bank.actor("compliance"), batch=batch, digest=record.digest)
    for role in ("officer", "compliance"):
        shredding_witness(actor=bank.actor(role), batch=batch, digest=anew.digest)
    with pytest.raises(Conflict):
        shredding_witness(actor=bank.actor("archivist"), batch=batch, digest=anew.digest)
    assert evidence_of(batch, items, proofs_of(batch, items)).witnesses == 2
    event = AuditEvent.objects.get(id=anew.audit_event_id)
    assert json.loads(bytes(event.canon))["digest"] == anew.digest
    assert "深圳".encode() not in bytes(event.canon), "what was recorded is not in the ledger"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"company": " "}, "company"),
        ({"site": ""}, "site"),
        ({"counts": {3: (1, 0)}}, "counts"),
        ({"counts": {1: (-1, 0)}}, "counts"),
        ({"film": []}, "no_film"),
        ({"no_film": "忘记拍摄"}, "no_film"),
        ({"film": [segment(1), segment(1)]}, "film"),
        ({"film": [segment(1), replace(segment(2), began_at=EARLIER, ended_at=EARLIER)]}, "film"),
        ({"film": [replace(segment(1), began_at=timezone.now(), ended_at=timezone.now())]}, "film"),
        ({"film": [replace(segment(1), began_at=datetime(1, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")))]}, "film"),
        ({"began_at": timezone.now() - timedelta(days=900)}, "began_at"),
        ({"ended_at": timezone.now() - timedelta(hours=3)}, "ended_at"),
        ({"ended_at": timezone.now() + timedelta(hours=3)}, "ended_at"),
    ],
)
def test_what_cannot_be_so_is_not_recorded(
    bank: Lender, batch: DestructionBatch, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        shredding_record(actor=bank.actor("archivist"), batch=batch, record=shredding(**wrong))
    assert field in refused.value.fields
    assert shredding_of(batch) is None


def test_the_film_of_one_destruction_is_not_that_of_another(bank: Lender, batch: DestructionBatch) -> None:
    other = verified_by_hand(bank, originals=True)
    shredding_record(actor=bank.actor("archivist"), batch=other, record=shredding())
    with pytest.raises(Invalid) as refused:
        shredding_record(actor=bank.actor("archivist"), batch=batch, record=shredding(film=[segment(3), segment(2)]))
    assert str(other.number) in str(refused.value.fields["film"])
    again = shredding(site="深圳市龙岗区销毁中心")
    assert shredding_record(actor=bank.actor("archivist"), batch=other, record=again).version == 2, "its own is its own"


def test_what_the_film_does_not_show_is_told(bank: Lender, batch: DestructionBatch) -> None:
    """Cameras begin a next file within a minute; what is longer is a gap, wherever it lies."""
    first, second = segment(1), segment(2)
    late = replace(first, began_at=first.began_at + timedelta(minutes=2))
    early = replace(second, ended_at=second.ended_at - timedelta(minutes=5))
    apart = replace(second, began_at=second.began_at + timedelta(minutes=3))
    seam = replace(second, began_at=second.began_at + timedelta(seconds=40))
    around = replace(
        first, began_at=first.began_at - timedelta(minutes=10), ended_at=second.ended_at + timedelta(minutes=10)
    )
    for film, gaps in (
        ([first, second], []),
        ([first, seam], []),
        ([around], []),
        ([around, replace(second, began_at=second.began_at + timedelta(minutes=20))], []),
        ([late, second], [timedelta(minutes=2)]),
        ([first, apart], [timedelta(minutes=3)]),
        ([second, first], []),
        ([late, early], [timedelta(minutes=2), timedelta(minutes=5)]),
        ([second], [timedelta(minutes=30)]),
    ):
        told = shredding(film=film, began_at=first.began_at, ended_at=second.ended_at)
        record = shredding_record(actor=bank.actor("archivist"), batch=batch, record=told)
        found = film_gaps(shredding_told(record))
        assert [round((ended - began).total_seconds()) for began, ended in found] == [gap.seconds for gap in gaps]
    none = shredding_record(actor=bank.actor("archivist"), batch=batch, record=shredding(film=[], no_film="设备故障"))
    assert film_gaps(shredding_told(none)) == []


def test_originals_are_declared_until_the_end_and_never_denied(bank: Lender) -> None:
    with bank.open():
        batch = approved(bank, proposed(bank, *due_loans(bank, 2)))
        assert not batch.originals
        actor = bank.actor("archivist")
        with pytest.raises(Conflict):
            shredding_record(actor=actor, batch=batch, record=shredding())
        declared = originals_declare(actor=actor, batch=batch)
        assert declared.originals
        assert originals_declare(actor=actor, batch=batch).audit_event_id == declared.audit_event_id
        with pytest.raises(Conflict):
            shredding_record(actor=actor, batch=batch, record=shredding())
        say(bank, batch, another(bank, "compliance", "丙"), agrees=False, reason="仍有纠纷")
        with pytest.raises(Conflict):
            originals_declare(actor=actor, batch=batch)


def test_segments_are_read_line_by_line() -> None:
    text = f"{SHA.upper()}, 12, 2026-11-30T02:00:00, 2026-11-30T10:20:00+08:00, 甲, 乙.mp4\n\n"
    (found,) = segments_of(text, UTC)
    assert (found.name, found.size, found.sha256) == ("甲, 乙.mp4", 12, SHA)
    assert found.ended_at - found.began_at == timedelta(minutes=20)


@pytest.mark.parametrize(
    "line",
    [
        "x", f"{SHA}, 12, 2026-11-30, 2026-11-30", f"{SHA[1:]}, 12, 2026-11-30, 2026-11-30, a",
        f"{SHA}, 0, 2026-11-30, 2026-11-30, a", f"{SHA}, {2**53 + 1}, 2026-11-30, 2026-11-30, a",
        f"{SHA}, 12, 2026-11-30, 2026-11-29, a", f"{SHA}, 12, x, y, a",
        f"{SHA}, 12, 2026-11-30, 2026-11-30, ",
    ],
)  # fmt: skip
def test_a_line_that_is_no_segment_is_told(line: str) -> None:
    with pytest.raises(NoSegment) as refused:
        segments_of(f"{SHA}, 12, 2026-11-30, 2026-11-30, a\n{line}", UTC)
    assert refused.value.args == (2,)


def test_the_browser_hashes_a_film_as_everybody_else_does(tmp_path: Path) -> None:
    """Empty, around the edges of a block and of what a stream hands over, and beyond both."""
    node = next((each for each in (Path(part) / "node" for part in node_path().split(":")) if each.exists()), None)
    if node is None:
        pytest.skip("node is not here")
    module = Path(__file__).resolve().parents[2] / "frontend/src/js/sha256.js"
    program = tmp_path / "hash.mjs"
    program.write_text(
        f"import {{ openAsBlob }} from 'node:fs';\nimport {{ sha256OfFile }} from '{module.as_uri()}';\n"
        "for (const path of process.argv.slice(2)) console.log(await sha256OfFile(await openAsBlob(path)));\n"
    )
    files = []
    for size in (0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 65_536, 65_537, 3_000_001):
        path = tmp_path / f"{size}.bin"
        path.write_bytes(bytes(number * 31 % 251 for number in range(size)))
        files.append(path)
    found = subprocess.run([str(node), str(program), *map(str, files)], capture_output=True, text=True, check=True)
    assert found.stdout.split() == [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
