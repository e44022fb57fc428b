"""A time stamp a day over what all lenders have, in a thread of its own: an authority that hangs holds up nothing."""

import logging
import threading
from datetime import UTC

from django.utils import timezone

from carloan.compliance.adapters.tsa import Authority
from carloan.compliance.services.stamping import day_make, day_stamp, days_unstamped, stamped_late
from carloan.core import alarms
from carloan.lib.http import Away
from carloan.lib.timestamp import NotStamped
from carloan.sealer.rounds import Rounds, Told

logger = logging.getLogger(__name__)


def stamping(url: str, roots: str, host: str, ended: threading.Event) -> list["Stamping"]:
    """Nothing where no authority is named. Raises ValueError for one that cannot be asked or believed."""
    return [Stamping(Authority.parse(url, roots), host, ended)] if url else []


class Stamping(Rounds):
    pause = 20.0
    stalled_after = 600.0

    def __init__(self, authority: Authority, host: str, ended: threading.Event) -> None:
        super().__init__(f"time stamps of {authority.url}", ended)
        self.authority, self.host = authority, host
        self._late = Told(alarms.LEDGER_UNSTAMPED)
        self._why = ""

    def round(self) -> bool:
        now, lenders = timezone.now(), list(self.lenders())
        if self.ended.is_set():
            # They may not be all.
            return True
        day_make(self.host, now.astimezone(UTC).date(), lenders=lenders, now=now)
        why = ""
        for day in days_unstamped():
            try:
                token = day_stamp(day, self.authority)
            except (Away, NotStamped) as error:
                why = str(error) or type(error).__name__
                break
            logger.info("%s is stamped at %s by %s", day.day, token.taken_at, token.authority)
        if why != self._why and why:
            logger.warning("%s: no token: %s", self.name, why)
        self._why = why
        if stamped_late():
            self._late.stands(alarms.INSTALLATION, why)
        else:
            self._late.ends(alarms.INSTALLATION)
        return not why
