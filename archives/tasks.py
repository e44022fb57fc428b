"""Background work of the archive: reading papers, and the sweep that takes up what was left behind."""

from carloan.core.tasks import for_each_tenant, platform_task, tenant_task


@tenant_task(lane="recognise")
def recognise_paper(paper_id: str) -> None:
    from carloan.archives.services.reading import paper_recognise  # noqa: PLC0415

    paper_recognise(paper_id=paper_id)


@platform_task(lane="sweep", reason="asks each tenant for papers that nobody reads and for files without a paper")
def sweep_papers() -> None:
    for_each_tenant(sweep_papers_of_tenant)


@tenant_task(lane="sweep")
def sweep_papers_of_tenant() -> None:
    from carloan.archives.services.sweeping import papers_sweep  # noqa: PLC0415

    papers_sweep()


@platform_task(lane="sweep", reason="merges each tenant's text index and indexes what is missing in it")
def tidy_search() -> None:
    for_each_tenant(tidy_search_of_tenant)


@tenant_task(lane="sweep")
def tidy_search_of_tenant() -> None:
    from carloan.archives.services.finding import search_tidy  # noqa: PLC0415

    search_tidy()
