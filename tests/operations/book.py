"""A small book for the tests of whole installations: run inside one through `script/manage shell`."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.conf import settings

from carloan.archives.models import Paper
from carloan.archives.selectors.listing import papers_found
from carloan.archives.services.keeping import bytes_of
from carloan.compliance.selectors.seal_health import seal_health
from carloan.core.errors import AppError
from carloan.core.keys import KeyDestroyed, KeyMissing, Tampered, forget_keys
from carloan.core.models import LookupTerm, Tenant
from carloan.core.sealed import clear, sealed_fields
from carloan.core.tenancy import tenant_atomic, tenant_scope
from carloan.loans.models import Loan, Party
from carloan.loans.services.shredding import loan_shred
from carloan.supervisor.process import wait_until
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


def rest() -> None:
    """Wait for what the processes beside us write: rows that come later would be in a backup and not be told."""
    if not wait_until(_at_rest, seconds=60):
        raise RuntimeError("the sealer left events unsealed or unseen by its witness")


def _at_rest() -> bool:
    for tenant in Tenant.objects.all():
        with tenant_atomic(tenant.id):
            health = seal_health()
        if health.unsealed or health.unwitnessed:
            return False
    return True


def add() -> None:
    """One more loan for each lender."""
    for tenant in Tenant.objects.order_by("slug"):
        with tenant_atomic(tenant.id):
            open_loan(Lender(tenant).system, LOANS + 1)


def shred() -> None:
    """Shred the loan of each lender that holds a paper, and print which those were."""
    gone = {}
    for tenant in Tenant.objects.order_by("slug"):
        with tenant_atomic(tenant.id):
            loan = Loan.objects.get(id__in=Paper.objects.exclude(loan=None).values("loan"))
        with tenant_scope(tenant.id):
            loan_shred(actor=Lender(tenant).system, loan=loan)
        gone[tenant.slug] = str(loan.id)
    print(json.dumps(gone))


def opened(*, stolen: bool = False) -> None:
    """Print what opens: sealed fields and papers by loan ("" for what belongs to none), and indexed terms of each loan.

    `stolen`: with the main database and the store alone, as whoever took their backups has them.
    """
    print(json.dumps({tenant.slug: _opened(tenant, stolen) for tenant in Tenant.objects.order_by("slug")}))


def _opened(tenant: Tenant, stolen: bool) -> dict[str, Any]:
    with tenant_atomic(tenant.id), tenant_atomic(tenant.id, using="keystore"):
        if stolen:
            settings.ROOT_KEY, settings.ROOT_KEY_OTHER = os.urandom(32), b""
            forget_keys()
        fields, papers = Counter[str](), Counter[str]()
        for model in apps.get_models():
            if not (names := sealed_fields(model)) or not hasattr(model, "key_subject"):
                continue
            for row in model._base_manager.filter(tenant_id=tenant.id):
                for name in names:
                    if getattr(row, name) and _opens(lambda row=row, name=name: clear(row, name)):  # type: ignore[misc]
                        fields[_loan_of(row)] += 1
        for paper in Paper.objects.all():
            papers[_loan_of(paper)] += _opens(lambda paper=paper: bytes_of(paper))  # type: ignore[misc]
        terms = Counter(map(str, LookupTerm.objects.exclude(loan_id=None).values_list("loan_id", flat=True)))
    return {"fields": fields, "papers": papers, "terms": terms}


def _loan_of(row: Any) -> str:
    """By the key that seals it: the loan's own."""
    subject = row.key_subject()
    return str(subject.id) if subject.kind == "loan" else ""


def _opens(read: Callable[[], Any]) -> bool:
    try:
        return bool(read())
    except (KeyDestroyed, KeyMissing, Tampered, AppError):
        return False


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
