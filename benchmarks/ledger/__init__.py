"""Claims: the seal keeps up with what 16 writers record, costs their acts next to nothing, and is checked fast.

Writers insert events of ordinary size through the fences, as the web's role would and with the trail's triggers and
indexes, while the sealer's own process seals, on the same two cores and the same disk. The floor of an act is the same
insert into a table without trigger, fence and sealer. What an act costs in the application itself is not in these.
"""

from benchmarks import Claim
from carloan.supervisor.bench import Stage

STAGE = True


def run(scale: str, stage: Stage) -> list[Claim]:
    # The writers' processes load single modules of this package and need no settings.
    from benchmarks.ledger import claims  # noqa: PLC0415

    return claims.run(scale, stage)
