"""Background work of the archive: reading papers, and the sweep that takes up what was left behind."""

from django.utils import timezone

from carloan.archives.recognition.limits import LIMITS
from carloan.core.actors import Actor
from carloan.core.tasks import for_each_tenant, platform_task, tenant_task
from carloan.core.tenancy import tenant_at_work


# The worker keeps the limits of a paper itself; whatever does not come back from its libraries is ended a little later,
# and its paper is tried again and in the end given to a person (services/reading.py).
@tenant_task(lane="recognise", time_limit=LIMITS.worker_seconds)
def recognise_paper(paper_id: str) -> None:
    from carloan.archives.services.reading import paper_recognise  # noqa: PLC0415

    paper_recognise(paper_id=paper_id)


@platform_task(lane="sweep", reason="sends papers of killed workers again; the broker knows them, no tenant is asked")
def resend_abandoned_papers() -> None:
    from carloan.archives.services.holding import abandoned  # noqa: PLC0415

    for tenant_id, paper_id in abandoned():
        recognise_paper.send(tenant_id=tenant_id, paper_id=str(paper_id))


@platform_task(lane="sweep", reason="asks each tenant for papers that nobody reads and for files without a paper")
def sweep_papers() -> None:
    for_each_tenant(sweep_papers_of_tenant)


@tenant_task(lane="sweep")
def sweep_papers_of_tenant() -> None:
    from carloan.archives.services.sweeping import papers_sweep  # noqa: PLC0415

    papers_sweep()


@platform_task(lane="sweep", reason="counts each tenant's dossiers anew: papers expire by the day alone")
def sweep_dossiers() -> None:
    for_each_tenant(sweep_dossiers_of_tenant)


@tenant_task(lane="sweep")
def sweep_dossiers_of_tenant() -> None:
    from carloan.archives.services.dossier_sweeping import dossiers_sweep  # noqa: PLC0415

    dossiers_sweep(actor=Actor.system(tenant_at_work(), "sweep"), now=timezone.now())


@platform_task(lane="sweep", reason="merges each tenant's text index and indexes what is missing in it")
def tidy_search() -> None:
    for_each_tenant(tidy_search_of_tenant)


@tenant_task(lane="sweep")
def tidy_search_of_tenant() -> None:
    from carloan.archives.services.finding import search_tidy  # noqa: PLC0415

    search_tidy()


@platform_task(lane="sweep", reason="asks each tenant for lent originals that are due or late")
def remind_of_originals() -> None:
    for_each_tenant(remind_of_originals_of_tenant)


@tenant_task(lane="sweep")
def remind_of_originals_of_tenant() -> None:
    from carloan.archives.services.originals.reminding import originals_remind  # noqa: PLC0415

    originals_remind(actor=Actor.system(tenant_at_work(), "sweep"))
