"""Claims: whatever dies while papers come in, none is lost, doubled, orphaned, found where it is not, or wrong.

Kills: the whole way of two papers, killed before every step at which anything outside can tell how far it came.
Outages: the same way with a server stopped, or the disk full, at steps of it, and a server away longer than a paper has
tries. Mixed papers: dropped at once on the running site. Storm: papers sent while each process and server of the site
is killed. What is wrong is told in words on the error output.
"""

from benchmarks import Claim
from carloan.supervisor.bench import Stage

STAGE = True


def run(scale: str, stage: Stage) -> list[Claim]:
    # Processes that take their settings first load single modules of this package.
    from benchmarks.faults import claims  # noqa: PLC0415

    return claims.run(scale, stage)
