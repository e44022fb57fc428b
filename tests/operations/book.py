"""A small book for the tests of whole installations: run inside one through `script/manage shell`."""

import hashlib
import json
from typing import Any

from django.apps import apps

from carloan.archives.models import Paper
from carloan.archives.selectors.listing import papers_found
from carloan.archives.services.keeping import bytes_of
from carloan.core.models import Tenant
from carloan.core.sealed import clear
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.loans.models import Party
from tests.archives.conftest import transcribed
from tests.cast import Lender, new_lender
from tests.loans.book import open_loan

LOANS = 3
WORDS = "钢琴与大海的声音"


def fill() -> None:
    """Two lenders, some loans, a paper on one of them and one on the desk."""
    for slug in ("huaxin", "dongfang"):
        lender = new_lender(slug)
        with lender.open():
            loans = [open_loan(lender.actor("officer"), serial) for serial in range(1, LOANS + 1)]
        _papers(lender, loans[0])


def add() -> None:
    """One more loan for each lender."""
    for tenant in Tenant.objects.order_by("slug"):
        with tenant_atomic(tenant.id):
            open_loan(Lender(tenant).system, LOANS + 1)


def _papers(lender: Lender, loan: Any) -> None:
    with tenant_scope(lender.tenant.id):
        for place in (loan, None):
            with lender.open():
                transcribed(lender, {"name": "李蓝"}, loan=place, text=WORDS, serial=lender.tenant.slug)


def tell() -> None:
    """Print as JSON what a person would miss: rows of every table, clear names, clear papers, what the search finds."""
    print(json.dumps({tenant.slug: _told(tenant) for tenant in Tenant.objects.order_by("slug")}))


def _told(tenant: Tenant) -> dict[str, Any]:
    with tenant_atomic(tenant.id):
        actor = Lender(tenant).system
        return {
            "rows": {
                model._meta.label: model._base_manager.filter(tenant_id=tenant.id).count()
                for model in apps.get_models()
                if model.__module__.startswith("carloan.")
                and model._meta.app_label != "keystore"
                # The index of recognised text is made anew, perhaps in other pieces: whether it finds counts.
                and not model.__name__.startswith("Search")
                and any(field.column == "tenant_id" for field in model._meta.concrete_fields)
            },
            "names": sorted(clear(party, "name") for party in Party.objects.all()),
            "papers": {
                str(paper.id): hashlib.sha256(bytes_of(paper)).hexdigest() == paper.sha256
                for paper in Paper.objects.all()
            },
            "found": len(papers_found(actor, WORDS[2:5], limit=9)),
        }
