"""How the state of an import changes: every way is a line of this table, and what has no line is refused."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from carloan.core.moves import Move, Moves

# The jobs that work on an import: one looks only, the other books.
CHECK, RUN = "loans.import_check", "loans.import"

# A check books nothing and ends in `checked`, booking ends in `done`; either may be begun again, a booking also after
# it is done, and a new mapping voids what was checked before.
MOVES: Final = Moves(
    Move("uploaded", "map", "uploaded"),
    Move("checked", "map", "uploaded"),
    Move("failed", "map", "uploaded"),
    Move("uploaded", "check", "running"),
    Move("checked", "check", "running"),
    Move("failed", "check", "running"),
    Move("uploaded", "book", "running"),
    Move("checked", "book", "running"),
    Move("failed", "book", "running"),
    Move("done", "book", "running"),
    Move("running", "end_check", "checked"),
    Move("running", "end_booking", "done"),
    Move("running", "fail", "failed"),
    refusal=_("This is not possible now: the import is running or was booked already."),
)
