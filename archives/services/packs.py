"""Acts on template packs: ready ones taken in, copied, drafted, changed item by item, published, retired."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from carloan.archives.models import PackItem, PackVersion, TemplatePack
from carloan.archives.policies.checklist import STAGES
from carloan.archives.policies.packs import MOST_ITEMS, VERSION_MOVES, ItemDraft, item_problems, pack_problems
from carloan.archives.ready_packs import READY
from carloan.archives.recognition.kinds import KINDS
from carloan.archives.selectors.packs import MANAGE, draft_of, items_of
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.locks import hold
from carloan.core.moves import step
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import fold, said

Faults = dict[str, list[Any]]


def packs_install(*, actor: Actor) -> int:
    """Give the tenant in scope those ready packs that it never had, published; returns how many. For callers that have
    asked whether they may."""
    with tenant_atomic():
        hold("packs")
        known = set(TemplatePack.objects.exclude(code="").values_list("code", flat=True))
        missing = [ready for ready in READY if ready.code not in known]
        if not missing:
            return 0
        event_id = audit.record(
            actor=actor, action="archives.packs.installed", object_type="archives.templatepack",
            after={"packs": [ready.code for ready in missing]},
        )  # fmt: skip
        for ready in missing:
            pack = TemplatePack.objects.create(
                code=ready.code, name=ready.name, name_en=ready.name_en, products=list(ready.products),
                party=ready.party, audit_event_id=event_id,
            )  # fmt: skip
            version = PackVersion.objects.create(pack=pack, number=1, audit_event_id=event_id)
            _items_keep(version, ready.items)
            step(version, VERSION_MOVES, "publish", audit_event_id=event_id, published_at=timezone.now())
    return len(missing)


def pack_copy(*, actor: Actor, pack: TemplatePack, name: str, name_en: str = "") -> PackVersion:
    """Begin a pack of the lender's own with what another one asks for; returns its first draft. Raises Forbidden,
    Invalid without a name."""
    actor.require(MANAGE)
    _require_name(name)
    with tenant_atomic():
        source = _latest(pack)
        event_id = audit.record(
            actor=actor, action="archives.pack.copied", object_type="archives.templatepack", object_id=pack.id,
            after={"name": fold(name)},
        )  # fmt: skip
        made = TemplatePack.objects.create(
            name=fold(name), name_en=fold(name_en), products=pack.products, party=pack.party, audit_event_id=event_id
        )
        version = PackVersion.objects.create(
            pack=made, number=1, made_by_id=actor.membership_id, audit_event_id=event_id
        )
        _items_keep(version, [draft_of(item) for item in items_of([source.id])] if source else [])
    return version


def pack_draft(*, actor: Actor, pack: TemplatePack) -> PackVersion:
    """Begin the next version of a pack from its newest one. Raises Conflict while there is a draft, Forbidden."""
    actor.require(MANAGE)
    with tenant_atomic():
        TemplatePack.objects.select_for_update().get(id=pack.id)
        if PackVersion.objects.filter(pack=pack, state=PackVersion.State.DRAFT).exists():
            raise Conflict(_("There is a draft already. Publish it or change it."))
        source = _latest(pack)
        number = (PackVersion.objects.filter(pack=pack).aggregate(Max("number"))["number__max"] or 0) + 1
        event_id = audit.record(
            actor=actor, action="archives.pack.drafted", object_type="archives.templatepack", object_id=pack.id,
            after={"version": number},
        )  # fmt: skip
        version = PackVersion.objects.create(
            pack=pack, number=number, made_by_id=actor.membership_id, audit_event_id=event_id
        )
        _items_keep(version, [draft_of(item) for item in items_of([source.id])] if source else [])
    return version


def item_save(*, actor: Actor, version: PackVersion, revision: int, item: ItemDraft) -> PackVersion:
    """Say what a draft asks for under the item's key; a new item gets a key and goes behind the last of its stage.

    Raises Invalid by field, Conflict for a version that is no draft or was changed meanwhile, Forbidden.
    """
    actor.require(MANAGE)
    faults: Faults = {}
    for problem in item_problems(item, kinds=KINDS):
        faults.setdefault(problem.code, []).append(problem.message)
    if faults:
        raise Invalid(fields=faults)
    with tenant_atomic():
        held = _draft(version, revision)
        items = [draft_of(one) for one in items_of([held.id])]
        if item.key:
            if item.key not in {one.key for one in items}:
                raise Conflict
            changed = [item if one.key == item.key else one for one in items]
        else:
            if len(items) >= MOST_ITEMS:
                raise Invalid(_("A pack has at most eighty papers."))
            changed = [*items, _with_key(item, items)]
        return _changed(actor, held, changed)


def item_remove(*, actor: Actor, version: PackVersion, revision: int, key: str) -> PackVersion:
    """Take an item out of a draft. Raises Conflict, Forbidden."""
    actor.require(MANAGE)
    with tenant_atomic():
        held = _draft(version, revision)
        return _changed(actor, held, [one for one in map(draft_of, items_of([held.id])) if one.key != key])


def item_shift(*, actor: Actor, version: PackVersion, revision: int, key: str, up: bool) -> PackVersion:
    """Change places with the neighbour in the same stage, if there is one. Raises Conflict, Forbidden."""
    actor.require(MANAGE)
    with tenant_atomic():
        held = _draft(version, revision)
        items = [draft_of(one) for one in items_of([held.id])]
        place = next((place for place, one in enumerate(items) if one.key == key), None)
        if place is None:
            raise Conflict
        other = place - 1 if up else place + 1
        if 0 <= other < len(items) and items[other].stage == items[place].stage:
            items[place], items[other] = items[other], items[place]
        return _changed(actor, held, items)


def draft_describe(
    *, actor: Actor, version: PackVersion, revision: int, name: str, name_en: str, products: Sequence[str], party: str,
    note: str,
) -> PackVersion:  # fmt: skip
    """Say what a pack is called and for which loans it is, and why there is a new version. The pack's own facts count
    at once; its papers only when the draft is published. Raises Invalid by field, Conflict, Forbidden."""
    actor.require(MANAGE)
    _require_name(name)
    faults: Faults = {}
    for problem in pack_problems(products, party):
        faults.setdefault(problem.code, []).append(problem.message)
    if faults:
        raise Invalid(fields=faults)
    with tenant_atomic():
        held = _draft(version, revision)
        pack = TemplatePack.objects.select_for_update().get(id=held.pack_id)
        wanted = {"name": fold(name), "name_en": fold(name_en), "products": list(products), "party": party}
        before = {field: getattr(pack, field) for field in wanted}
        changed = {field for field, value in wanted.items() if before[field] != value}
        event_id = audit.record(
            actor=actor, action="archives.pack.changed", object_type="archives.templatepack", object_id=pack.id,
            before={field: before[field] for field in changed}, after={field: wanted[field] for field in changed},
        )  # fmt: skip
        TemplatePack.objects.filter(id=pack.id).update(**wanted, audit_event_id=event_id)
        PackVersion.objects.filter(id=held.id).update(
            note=said(note)[:200], revision=held.revision + 1, audit_event_id=event_id
        )
        held.refresh_from_db()
    return held


def version_publish(*, actor: Actor, version: PackVersion, revision: int) -> PackVersion:
    """Let a draft count for loans whose dossiers open from now on; the version before it is retired, and the loans on
    it stay there. Raises Invalid for a draft without a required paper, Conflict, Forbidden."""
    actor.require(MANAGE)
    with tenant_atomic():
        held = _draft(version, revision)
        items = items_of([held.id])
        if not any(item.required for item in items):
            raise Invalid(_("The draft asks for no required paper. Add one, then publish it."))
        event_id = audit.record(
            actor=actor, action="archives.pack.published", object_type="archives.templatepack", object_id=held.pack_id,
            after={"version": held.number, "papers": len(items)}, count=len(items), reason=held.note,
        )  # fmt: skip
        before = PackVersion.objects.select_for_update().filter(pack=held.pack_id, state=PackVersion.State.PUBLISHED)
        for old in before:
            step(old, VERSION_MOVES, "retire", audit_event_id=event_id, retired_at=timezone.now())
        step(
            held, VERSION_MOVES, "publish", audit_event_id=event_id, published_by_id=actor.membership_id,
            published_at=timezone.now(),
        )  # fmt: skip
    return held


def version_retire(*, actor: Actor, version: PackVersion, revision: int, reason: str) -> PackVersion:
    """Offer a pack to no further loan. Raises Invalid without a reason, Conflict, Forbidden."""
    actor.require(MANAGE)
    if not said(reason):
        raise Invalid(fields={"reason": [_("Give a reason.")]})
    with tenant_atomic():
        held = PackVersion.objects.select_for_update().get(id=version.id)
        if held.revision != revision:
            raise Conflict
        VERSION_MOVES.need(held.state, "retire")
        event_id = audit.record(
            actor=actor, action="archives.pack.retired", object_type="archives.templatepack", object_id=held.pack_id,
            after={"version": held.number}, reason=said(reason),
        )  # fmt: skip
        step(held, VERSION_MOVES, "retire", audit_event_id=event_id, retired_at=timezone.now())
    return held


def _require_name(name: str) -> None:
    if not fold(name):
        raise Invalid(fields={"name": [_("Give the pack a name.")]})


def _latest(pack: TemplatePack) -> PackVersion | None:
    versions = PackVersion.objects.filter(pack=pack).exclude(state=PackVersion.State.DRAFT)
    return versions.order_by("-number").first()


def _draft(version: PackVersion, revision: int) -> PackVersion:
    held = PackVersion.objects.select_for_update().get(id=version.id)
    VERSION_MOVES.need(held.state, "publish")
    if held.revision != revision:
        raise Conflict
    return held


def _changed(actor: Actor, held: PackVersion, items: Sequence[ItemDraft]) -> PackVersion:
    before = {one.key: one for one in map(draft_of, items_of([held.id]))}
    after = {one.key: one for one in items}
    different = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    event_id = audit.record(
        actor=actor, action="archives.pack.changed", object_type="archives.templatepack", object_id=held.pack_id,
        before={"papers": [_told(before[key]) for key in different if key in before]},
        after={"papers": [_told(after[key]) for key in different if key in after], "version": held.number},
    )  # fmt: skip
    PackItem.objects.filter(version=held).delete()
    _items_keep(held, items)
    PackVersion.objects.filter(id=held.id).update(revision=held.revision + 1, audit_event_id=event_id)
    held.revision, held.audit_event_id = held.revision + 1, event_id
    return held


def _told(item: ItemDraft) -> str:
    """An item in the trail: its name; the versions themselves stay and say the rest."""
    return item.name if item.count == 1 else f"{item.name} × {item.count}"


def _items_keep(version: PackVersion, items: Iterable[ItemDraft]) -> None:
    """Write the items of a draft in the order of the stages; within one as they come."""
    ordered = sorted(items, key=lambda item: STAGES.index(item.stage))
    rows = [
        PackItem(
            version=version, position=place, key=item.key, name=fold(item.name), name_en=fold(item.name_en),
            stage=item.stage, kinds=list(item.kinds), of=item.of, required=item.required,
            condition=item.condition.as_json(), count=item.count, expires=item.expires, months=item.months,
            confidentiality=item.confidentiality, urgent=item.urgent, important=item.important, original=item.original,
        )
        for place, item in enumerate(ordered, start=1)
    ]  # fmt: skip
    PackItem.objects.bulk_create(rows)


def _with_key(item: ItemDraft, items: Sequence[ItemDraft]) -> ItemDraft:
    taken = {one.key for one in items}
    number = next(number for number in range(1, MOST_ITEMS + 2) if f"item_{number}" not in taken)
    return replace(item, key=f"item_{number}")
