"""Words and colours for how controls stand and what tests said."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from carloan.compliance.controls import Status
from carloan.compliance.controls.results import Outcome

STATUS_WORDS: Final[dict[Status, Any]] = {
    Status.MET: _("Met"),
    Status.PARTLY: _("Partly met"),
    Status.NOT_MET: _("Not met"),
    Status.ORGANISATIONAL: _("By the institution"),
    Status.NOT_APPLICABLE: _("Not applicable"),
}
STATUS_TONES: Final[dict[Status, str]] = {
    Status.MET: "st-green",
    Status.PARTLY: "st-yellow",
    Status.NOT_MET: "st-red",
    Status.ORGANISATIONAL: "st-blue",
    Status.NOT_APPLICABLE: "",
}
OUTCOME_WORDS: Final[dict[Outcome, Any]] = {
    Outcome.PASSED: _("Tests passed"),
    Outcome.FAILED: _("Tests failed"),
    Outcome.SKIPPED: _("Tests skipped"),
    Outcome.UNKNOWN: _("No results carried"),
}
OUTCOME_TONES: Final[dict[Outcome, str]] = {
    Outcome.PASSED: "st-green",
    Outcome.FAILED: "st-red",
    Outcome.SKIPPED: "st-yellow",
    Outcome.UNKNOWN: "",
}
