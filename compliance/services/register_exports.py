"""The register of all destructions (销毁清册) as a file: a line a thing, for every batch there ever was."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.compliance.holds import holdable
from carloan.compliance.models import DestructionItem
from carloan.compliance.retention import class_label
from carloan.compliance.selectors.certificates import Entry, register_count, register_lines
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Invalid
from carloan.core.sealed import clear
from carloan.core.tenancy import tenant_atomic
from carloan.lib.spreadsheet import SHEET_ROWS, Cell

EXPORTED: Final = "compliance.destruction.register_exported"
MOST_IN_XLSX: Final = SHEET_ROWS - 1


def register_export_begin(*, actor: Actor, kind: str) -> Iterator[Sequence[Cell]]:
    """Allow and record an export of the register; header and rows, which need an open tenant while they are consumed.

    Raises Forbidden without the right, Invalid for more lines than a sheet holds.
    """
    with tenant_atomic():
        count = register_count(actor)
        if kind == "xlsx" and count > MOST_IN_XLSX:
            raise Invalid(
                code="too_many_rows",
                message=_("A spreadsheet holds at most %(most)s lines, and the register has %(count)s: export CSV.")
                % {"most": f"{MOST_IN_XLSX:,}", "count": f"{count:,}"},
            )
        audit.record(
            actor=actor,
            action=EXPORTED,
            object_type="compliance.destructionbatch",
            count=count,
            after={"kind": kind},
        )
    return _rows(actor)


def _rows(actor: Actor) -> Iterator[Sequence[Cell]]:
    yield [
        _("Batch"),
        _("State of the batch"),
        _("Proposed on"),
        _("Proposed by"),
        _("Version of the policy"),
        _("Place"),
        _("Unit"),
        _("Number of the unit"),
        _("Records"),
        _("State"),
        _("kept back because"),
        _("Destroyed on"),
        _("Files"),
        _("Hash"),
        _("Executed on"),
        _("Verified on"),
        _("Certified on"),
        _("Hash of the certificate"),
        _("number of the notarial deed"),
        _("notary office"),
        _("notarised on"),
        _("why there is no notary"),
    ]
    for entry, items in register_lines(actor):
        ahead, behind = _ahead(entry), _behind(entry)
        for item in items:
            yield [*ahead, *_item(item), *behind]


def _ahead(entry: Entry) -> list[Cell]:
    batch = entry.batch
    return [
        batch.number,
        batch.get_state_display(),
        timezone.localdate(batch.created_at),
        batch.proposed_by.display_name,
        batch.policy_version,
    ]


def _item(item: DestructionItem) -> list[Cell]:
    records = [f"{class_label(each['class'])} {each['keep_until']}" for each in item.records]
    return [
        item.place,
        str(holdable(item.unit).label),
        str(item.object_id),
        "; ".join(records),
        item.get_state_display(),
        item.get_spared_display() if item.spared else "",
        timezone.localdate(item.destroyed_at) if item.destroyed_at else None,
        item.files,
        item.digest,
    ]


def _behind(entry: Entry) -> list[Cell]:
    batch, certificate, notary = entry.batch, entry.certificate, entry.notary
    return [
        timezone.localdate(batch.executed_at) if batch.executed_at else None,
        timezone.localdate(batch.verified_at) if batch.verified_at else None,
        timezone.localdate(certificate.made_at) if certificate else None,
        certificate.digest if certificate else "",
        clear(notary, "number") if notary else "",
        clear(notary, "office") if notary else "",
        notary.notarised_on if notary else None,
        clear(notary, "reason") if notary else "",
    ]
