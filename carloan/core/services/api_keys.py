"""Keys for other systems: made with rights that their maker has, ended at once."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.api_keys import digest_of, token_of
from carloan.core.capabilities import is_known, label_of
from carloan.core.ended_access import Kind, note_ended
from carloan.core.errors import Invalid, NotFound
from carloan.core.families import is_separated
from carloan.core.ids import uuid7
from carloan.core.models import ApiKey, Branch, Role, RoleCapability
from carloan.core.tenancy import tenant_atomic
from carloan.core.voices import require_passkey

from .branches import require_open
from .people import ASSIGN
from .roles import require_what_is_given

LONGEST = timedelta(days=366)


def api_key_make(
    *,
    actor: Actor,
    name: str,
    role: Role,
    branch: Branch | None = None,
    scopes: list[str] | None = None,
    days: int = 90,
    secret: str | None = None,
) -> tuple[ApiKey, str]:
    """Make a key for another system; returns it and its token, which is shown once and never stored.

    It acts with `role`, in `branch` and below when given, only with `scopes` (capability codes) when given, and expires
    after `days` (at most 366; ASVS 5.0 13.2). `secret` lets the demonstration keep its keys from one start to the next.
    Where administrators are separated, whoever makes keys has no right of the business: a key that a person makes there
    opens nothing until somebody who gives roles confirms it (`api_key_confirm`).
    Raises Forbidden when the role holds more than the actor has, Invalid for a scope that the role does not hold.
    """
    actor.require("keys.manage")
    require_what_is_given(actor=actor, roles=[role])
    if not 1 <= days <= LONGEST.days:
        raise Invalid(fields={"days": [_("A key lives between 1 and 366 days.")]})
    held = set(RoleCapability.objects.filter(role=role).values_list("capability", flat=True))
    if beyond := [code for code in scopes or () if code not in held or not is_known(code)]:
        raise Invalid(
            fields={
                "scopes": [_("The role does not hold this: %s") % ", ".join(label_of(code)[:60] for code in beyond[:5])]
            }
        )
    if not name.strip() or ApiKey.objects.filter(name=name.strip()).exists():
        raise Invalid(fields={"name": [_("Give the key a name that no other key has.")]})
    secret = secret or secrets.token_urlsafe(32)
    key_id = uuid7()
    with tenant_atomic():
        require_open(branch)
        event_id = audit.record(
            actor=actor,
            action="core.api_key.made",
            object_type="core.apikey",
            object_id=key_id,
            after={"name": name.strip(), "role": role.key, "scopes": scopes or [], "days": days},
        )
        key = ApiKey.objects.create(
            id=key_id,
            name=name.strip(),
            role=role,
            branch=branch,
            digest=digest_of(secret),
            scopes=scopes or [],
            confirmed_at=None if actor.kind == "person" and is_separated() else timezone.now(),
            expires_at=timezone.now() + timedelta(days=days),
            audit_event_id=event_id,
        )
    return key, token_of(key, secret)


def api_key_confirm(*, actor: Actor, key_id: UUID) -> None:
    """Let a key count that waits for it: it gives its role to another system. Raises Forbidden without the right to
    give roles, PasskeyNeeded, NotFound when there is none that waits."""
    actor.require_person(ASSIGN)
    require_passkey(actor, ASSIGN)
    with tenant_atomic():
        rows = ApiKey.objects.select_for_update().filter(id=key_id, confirmed_at=None, revoked_at=None)
        if not rows.exists():
            raise NotFound
        event_id = audit.record(
            actor=actor, action="core.api_key.confirmed", object_type="core.apikey", object_id=key_id
        )
        ApiKey.objects.filter(id=key_id).update(confirmed_at=timezone.now(), audit_event_id=event_id)


def api_key_revoke(*, actor: Actor, key_id: UUID) -> None:
    """End a key at once; its history stays. Raises NotFound when there is none to end."""
    actor.require("keys.manage")
    if not key_end(actor=actor, key_id=key_id):
        raise NotFound


def key_end(*, actor: Actor, key_id: UUID) -> bool:
    """End a key, for callers that have asked whether they may; False when it had ended."""
    with tenant_atomic():
        if not ApiKey.objects.select_for_update().filter(id=key_id, revoked_at=None).exists():
            return False
        event_id = audit.record(actor=actor, action="core.api_key.revoked", object_type="core.apikey", object_id=key_id)
        ApiKey.objects.filter(id=key_id).update(revoked_at=timezone.now(), audit_event_id=event_id)
        note_ended(Kind.API_KEY, [key_id])
    return True
