"""The printable page of an auditor's pack, and the same as PDF."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string

from carloan.compliance import controls
from carloan.compliance.control_words import OUTCOME_WORDS, STATUS_WORDS
from carloan.compliance.controls.results import results
from carloan.compliance.selectors.controls import outcome_of
from carloan.lib.pdf import PdfUnavailable, render_pdf

logger = logging.getLogger(__name__)


def page_of(frame: Mapping[str, Any], *, facts: Sequence[Mapping[str, Any]]) -> str:
    """One document that stands alone: frameworks with their rows, facts, in the language at work."""
    found = results()
    frameworks = [
        {
            "framework": each,
            "counts": [(STATUS_WORDS[status], count) for status, count in each.counts.items()],
            "chapters": [
                (key, words, [_row(row, found) for row in each.controls if row.chapter == key])
                for key, words in each.chapters.items()
            ],
        }
        for each in controls.frameworks()
    ]
    context = {"frame": frame, "frameworks": frameworks, "facts": facts, "results": found}
    return render_to_string("compliance/pdf/auditor_pack.html", context)


def _row(control: controls.Control, found: Any) -> dict[str, Any]:
    outcome = outcome_of(control.proofs, found)
    return {
        "control": control,
        "status": STATUS_WORDS[control.status],
        "tests": OUTCOME_WORDS[outcome] if outcome else "",
    }


def pdf_of(page: str) -> bytes | None:
    """The page as PDF; None, with a line in the log, where the machine cannot draw one."""
    try:
        return render_pdf(page)
    except PdfUnavailable as error:
        logger.warning("the auditor's pack goes without its PDF: %s", error)
        return None
