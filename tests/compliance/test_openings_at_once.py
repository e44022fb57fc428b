"""Of two words about one question one counts, and of several windows one opens; rows are really committed."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from carloan.compliance.models import Opening
from carloan.compliance.services.openings import opening_decide, opening_use
from carloan.core.errors import Conflict
from tests.at_once import at_once
from tests.cast import Lender
from tests.compliance.test_openings import acts, asked


def test_of_two_windows_one_opens_and_of_two_words_one_counts(committed: Lender) -> None:
    with committed.open():
        row = asked(committed)

    def fresh() -> Opening:
        return Opening.objects.get(id=row.id)

    def decide(role: str, approve: bool) -> Callable[[], None]:
        return lambda: opening_decide(actor=committed.actor(role), opening=fresh(), approve=approve)

    faults = at_once(committed, decide("admin", True), decide("compliance", False))
    assert [type(fault) for fault in faults] == [Conflict]
    with committed.open():
        Opening.objects.filter(id=row.id).update(
            state="approved", decided_by=committed.members["admin"], expires_at=timezone.now() + timedelta(hours=1)
        )

    def use() -> None:
        opening_use(actor=committed.actor("officer"), opening=fresh())

    assert [type(fault) for fault in at_once(committed, use, use, use)] == [Conflict, Conflict]
    with committed.open():
        assert acts(committed).count("opened") == 1
