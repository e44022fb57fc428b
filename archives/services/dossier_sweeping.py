"""The night of dossiers: those without a checklist get one where it is known by now, and all are counted anew."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from carloan.archives.models import Dossier
from carloan.archives.policies.packs import chosen
from carloan.archives.selectors.loan_facts import facts_of_loans
from carloan.archives.selectors.packs import offers
from carloan.archives.services.packs import packs_install
from carloan.archives.services.reckoning import dossiers_reckon
from carloan.archives.services.ticking import dossier_equip
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import SealedApart
from carloan.core.keys import KeyDestroyed
from carloan.core.tenancy import tenant_atomic

BATCH = 500


def dossiers_sweep(*, actor: Actor, now: datetime) -> int:
    """Bring all dossiers of the tenant to the day of `now`; how many are counted otherwise than before.

    A dossier gets its checklist in a transaction of its own, so that a killed run goes on where it was; one whose key
    was destroyed, or that lies sealed apart, stays as it is.
    """
    for dossier_id in list(_without_pack(actor)):
        with tenant_atomic():
            dossier = Dossier.objects.select_related("loan").get(id=dossier_id)
            try:
                dossier_equip(dossier, event_id=dossier.audit_event_id)
            except (KeyDestroyed, SealedApart):
                continue
    with tenant_atomic():
        found = dossiers_reckon(None, today=timezone.localdate(now))
        if found.changed:
            audit.record(
                actor=actor, action="archives.dossiers.swept", object_type="archives.dossier", count=found.changed,
                digest=found.digest,
            )  # fmt: skip
    return found.changed


def _without_pack(actor: Actor) -> Iterator[UUID]:
    """Dossiers whose pack is known by now."""
    with tenant_atomic():
        loans = dict(Dossier.objects.filter(pack_version=None).order_by("id").values_list("loan_id", "id"))
        if not loans:
            return
        packs_install(actor=actor)
        offered = offers()
        waiting = list(loans)
        for start in range(0, len(waiting), BATCH):
            for loan_id, facts in facts_of_loans(waiting[start : start + BATCH]).items():
                if chosen(offered, facts):
                    yield loans[loan_id]
