"""Dossiers and template packs in the trail: what they are called, and what the values of their acts say."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carloan.archives.dossier_faces import STAGE_WORDS
from carloan.archives.models import Dossier, PackItem, PackVersion, TemplatePack
from carloan.archives.policies.conditions import PARTIES, PRODUCTS
from carloan.archives.ready_packs import READY
from carloan.archives.selectors.packs import named
from carloan.compliance.names import Named, register_field_words, register_namer
from carloan.compliance.values import Words, register_value_words
from carloan.core.actors import Actor
from carloan.core.models import AuditEvent
from carloan.loans.selectors.loans import visible_loans

WORDS: Final = {
    "item": _("Item of the checklist"),
    "party": _("Whose paper"),
    "until": _("Until"),
    "stage": _("Stage"),
    "pack_version": _("Template pack"),
    "version": _("Version"),
    "packs": _("Template packs"),
    "papers": _("Papers"),
    "name": _("Name of the pack"),
    "name_en": _("Name in English"),
    "products": _("Products"),
}
OBJECTS: Final = ("archives.dossier", "archives.templatepack")


def word_of(name: str) -> str | None:
    """What a value of these acts is called."""
    return str(WORDS[name]) if name in WORDS else None


def values_told(event: AuditEvent) -> Words:
    """Values of one event about a dossier or a pack."""
    return Words(_value)


def _value(name: str, value: Any) -> Any:
    if name == "stage":
        return STAGE_WORDS.get(value)
    if name == "item":
        return item_called(str(value))
    if name == "pack_version":
        version = PackVersion.objects.select_related("pack").filter(id=value).first()
        return f"{named(version.pack.name, version.pack.name_en)} · v{version.number}" if version else None
    if name == "products" and isinstance(value, str):
        return PRODUCTS.get(value)
    if name == "party":
        return PARTIES.get(value)
    if name == "packs" and isinstance(value, str):
        return next((named(ready.name, ready.name_en) for ready in READY if ready.code == value), None)
    return None


def item_called(key: str) -> str | None:
    """What an item is called in the newest version that has its key."""
    item = PackItem.objects.filter(key=key).order_by("-version_id").first()
    return named(item.name, item.name_en) if item else None


def dossiers_named(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Named]:
    """Dossiers are called by their loans' contract numbers."""
    rows = Dossier.objects.select_related("loan").filter(id__in=list(ids), loan__in=visible_loans(actor))
    return {
        row.id: Named(row.loan.contract_no, f"{reverse('loans:detail', args=[row.loan_id])}?tab=papers")
        for row in rows
    }  # fmt: skip


def packs_named(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Named]:
    """Template packs by their names."""
    return {
        pack.id: Named(named(pack.name, pack.name_en), reverse("archives:packs"))
        for pack in TemplatePack.objects.filter(id__in=list(ids))
    }


register_namer("archives.dossier", _("Dossier"), dossiers_named)
register_namer("archives.templatepack", _("Template pack"), packs_named)
for _object in OBJECTS:
    register_field_words(_object, word_of)
    register_value_words(_object, values_told)
