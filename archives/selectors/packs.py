"""Template packs: which there are, what their versions ask for, which one a loan takes, how two versions differ."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import get_language

from carloan.archives.models import Dossier, PackItem, PackVersion, TemplatePack
from carloan.archives.policies.checklist import ItemRule, Of
from carloan.archives.policies.conditions import condition_of
from carloan.archives.policies.packs import ItemDraft, Offer
from carloan.core.actors import Actor
from carloan.core.errors import NotFound

VIEW = "papers.view"
MANAGE = "packs.manage"


def packs_for(actor: Actor) -> "QuerySet[TemplatePack]":
    """All packs of the lender, in the order in which they were made."""
    actor.require(VIEW)
    return TemplatePack.objects.order_by("id")


def get_pack_for(actor: Actor, pack_id: UUID) -> TemplatePack:
    """One pack. Raises NotFound, Forbidden without the right to see papers."""
    found = packs_for(actor).filter(id=pack_id).first()
    if found is None:
        raise NotFound
    return found


def get_version_for(actor: Actor, version_id: UUID) -> PackVersion:
    """One version with its pack. Raises NotFound, Forbidden without the right to see papers."""
    actor.require(VIEW)
    found = PackVersion.objects.select_related("pack", "made_by", "published_by").filter(id=version_id).first()
    if found is None:
        raise NotFound
    return found


def published_versions() -> list[PackVersion]:
    """The versions that loans can take, with their packs, oldest pack first."""
    rows = PackVersion.objects.filter(state=PackVersion.State.PUBLISHED)
    return list(rows.select_related("pack").order_by("pack_id"))


def versions_of(packs: Iterable[TemplatePack]) -> dict[UUID, list[PackVersion]]:
    """All versions of these packs, the newest first."""
    found: dict[UUID, list[PackVersion]] = {pack.id: [] for pack in packs}
    for row in PackVersion.objects.filter(pack_id__in=list(found)).order_by("-number"):
        found[row.pack_id].append(row)
    return found


def dossiers_on_packs() -> dict[UUID, int]:
    """How many dossiers of the lender stand on a version of each pack."""
    counted = Dossier.objects.exclude(pack_version=None).order_by().values_list("pack_version__pack")
    return dict(counted.annotate(Count("id")))


def offers() -> list[Offer]:
    """The published versions, oldest pack first."""
    return [Offer(row.id, frozenset(row.pack.products), row.pack.party) for row in published_versions()]


def items_of(version_ids: Collection[UUID]) -> list[PackItem]:
    """What versions ask for, in the order of their stages and places."""
    return list(PackItem.objects.filter(version_id__in=list(version_ids)).order_by("version_id", "position", "id"))


def rule_of(item: PackItem) -> ItemRule:
    """An item as the plain reckoning takes it."""
    return ItemRule(
        key=item.key, stage=item.stage, kinds=frozenset(item.kinds), of=Of(item.of), required=item.required,
        condition=condition_of(item.condition), count=item.count,
    )  # fmt: skip


def draft_of(item: PackItem) -> ItemDraft:
    """An item as people say it."""
    return ItemDraft(
        key=item.key, name=item.name, name_en=item.name_en, stage=item.stage, kinds=tuple(item.kinds), of=item.of,
        required=item.required, condition=condition_of(item.condition), count=item.count, expires=item.expires,
        months=item.months, confidentiality=item.confidentiality, urgent=item.urgent, important=item.important,
        original=item.original,
    )  # fmt: skip


def named(name: str, name_en: str) -> str:
    """A name of the lender's own in the language of the page."""
    return name_en if name_en and not (get_language() or "").startswith("zh") else name


@dataclass(frozen=True, slots=True)
class Difference:
    """An item that two versions do not say alike: None where one of them does not ask for it. `fields` are what of it
    changed."""

    before: ItemDraft | None
    after: ItemDraft | None
    fields: tuple[str, ...] = ()


def differences(before: Iterable[PackItem], after: Iterable[PackItem]) -> list[Difference]:
    """How a later version differs: in its order, then what it no longer asks for."""
    old = {item.key: draft_of(item) for item in before}
    new = {item.key: draft_of(item) for item in after}
    found = []
    for key, item in new.items():
        stood = old.get(key)
        if stood is None:
            found.append(Difference(None, item))
        elif stood != item:
            changed = tuple(name for name in ItemDraft.__slots__ if getattr(stood, name) != getattr(item, name))
            found.append(Difference(stood, item, changed))
    return found + [Difference(item, None) for key, item in old.items() if key not in new]
