"""A lender's own identity provider: set up by its administrator, trusted for who somebody is and for nothing else."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carloan.core import audit, oidc
from carloan.core.access import tenants_of
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid, NotFound
from carloan.core.ids import uuid7
from carloan.core.models import Membership, SignOn, SignOnLink, User
from carloan.core.sealed import clear, seal
from carloan.core.selectors import works_elsewhere
from carloan.core.services.sign_in import sign_in_given
from carloan.core.tenancy import beside_tenants, tenant_atomic

MANAGE = "sign_on.manage"


def sign_on_set(
    *,
    actor: Actor,
    issuer: str,
    client_id: str,
    client_secret: str,
    is_active: bool,
    passwords_closed: bool,
    break_glass: Membership | None,
) -> SignOn:
    """Set the lender's provider; an empty secret leaves the one there is, of the same issuer.

    An active one is asked first whether it is there. Raises Invalid for an address that is none, a provider that does
    not answer as itself (one sentence for every way: a form is no means to look about in our network), a missing
    secret, and closed passwords without somebody who comes in nevertheless; Conflict where somebody else set it
    meanwhile.
    """
    actor.require(MANAGE)
    issuer, client_id = issuer.strip(), client_id.strip()
    with tenant_atomic():
        seen = SignOn.objects.first()
    same = seen is not None and seen.issuer == issuer and bool(seen.client_secret)
    # Outside of any transaction: a provider that is slow holds no row.
    _check(issuer, client_id, client_secret or same, is_active)
    with tenant_atomic():
        row = SignOn.objects.select_for_update().first()
        if (row and row.audit_event_id) != (seen and seen.audit_event_id):
            raise Conflict
        if passwords_closed and (not is_active or break_glass is None or not break_glass.is_active):
            raise Invalid(
                fields={
                    "break_glass": [_("Name somebody who still signs in with a password when the provider is away.")]
                }
            )
        after = {
            "issuer": issuer,
            "client_id": client_id,
            "is_active": is_active,
            "passwords_closed": passwords_closed,
            "member": str(break_glass.id) if passwords_closed and break_glass else None,
            "secret_set": bool(client_secret),
        }
        before = None
        if row is not None:
            before = {
                "issuer": row.issuer,
                "client_id": row.client_id,
                "is_active": row.is_active,
                "passwords_closed": row.passwords_closed,
                "member": str(row.break_glass_id) if row.break_glass_id else None,
            }
        row = row or SignOn(id=uuid7())
        row.audit_event_id = audit.record(
            actor=actor, action="core.sign_on.changed", object_type="core.signon", object_id=row.id, before=before,
            after=after,
        )  # fmt: skip
        row.issuer, row.client_id, row.is_active = issuer, client_id, is_active
        row.passwords_closed, row.break_glass = passwords_closed, break_glass if passwords_closed else None
        if client_secret:
            seal(row, client_secret=client_secret)
        row.save()
    return row


def _check(issuer: str, client_id: str, has_secret: bool | str, is_active: bool) -> None:
    if not oidc.is_address(issuer) or "?" in issuer:
        raise Invalid(fields={"issuer": [_("Give the https address of the provider, as it calls itself.")]})
    if not client_id:
        raise Invalid(fields={"client_id": [_("Give the name under which the provider knows us.")]})
    if not has_secret:
        raise Invalid(fields={"client_secret": [_("Give the secret that the provider made for us.")]})
    if is_active:
        oidc.forget()
        try:
            oidc.provider_of(issuer)
        except oidc.Distrust as error:
            raise Invalid(fields={"issuer": [_("The provider does not answer there as it should.")]}) from error


def client_of(row: SignOn) -> oidc.Client:
    """We, as the lender's provider knows us; the secret in clear, for the request alone."""
    return oidc.Client(row.issuer, row.client_id, clear(row, "client_secret"))


def active_sign_on() -> SignOn | None:
    """The provider of the open tenant, where people may sign in with it."""
    return SignOn.objects.filter(is_active=True).first()


def member_of_claims(*, issuer: str, claims: Mapping[str, Any]) -> Membership:
    """The member who has linked the provider's subject.

    Nobody is added or linked and no right is given: who runs the provider could vouch for anybody's e-mail address.
    Raises Forbidden, told in the trail by whoever asks, for a subject that is linked with nobody, a leaver, and
    somebody who also works for another lender: this lender's provider does not open that.
    """
    links = SignOnLink.objects.select_related("membership__user")
    link = links.filter(issuer=issuer, subject=claims["sub"]).first()
    if link is None:
        raise Forbidden(code="sign_on_unlinked")
    _open_to(link.membership)
    return link.membership


def sign_on_link(*, actor: Actor, issuer: str, claims: Mapping[str, Any]) -> None:
    """Link the provider's subject with the member who acts, in a session that they opened by their own means.

    Raises Forbidden where the subject or the member is linked otherwise, or the member may not sign in with it.
    """
    subject = claims["sub"]
    if actor.membership_id is None:
        raise Forbidden(code="sign_on_link")
    with tenant_atomic():
        member = Membership.objects.select_related("user").get(id=actor.membership_id)
        _open_to(member)
        there = SignOnLink.objects.filter(Q(subject=subject) | Q(membership=member), issuer=issuer)
        known = list(there.values_list("membership_id", "subject"))
        if known == [(member.id, subject)]:
            return
        if known:
            raise Forbidden(code="sign_on_taken")
        event_id = audit.record(
            actor=actor, action="core.sign_on.linked", object_type="core.membership", object_id=member.id,
            after={"issuer": issuer, "subject": subject},
        )  # fmt: skip
        SignOnLink.objects.create(membership=member, issuer=issuer, subject=subject, audit_event_id=event_id)


def _open_to(member: Membership) -> None:
    if not member.is_active or not member.user.is_active or works_elsewhere(member):
        raise Forbidden(code="sign_on_nobody")


def sign_on_unlink(*, actor: Actor, membership: Membership) -> None:
    """Forget who the provider's subject is, until the person links it again. Raises NotFound without a link."""
    actor.require(MANAGE)
    with tenant_atomic():
        audit.record(
            actor=actor, action="core.sign_on.unlinked", object_type="core.membership", object_id=membership.id
        )
        if not SignOnLink.objects.filter(membership=membership).delete()[0]:
            raise NotFound
        sign_in_given(membership)


def passwords_closed_for(user: User) -> bool:
    """Whether a person signs in with their lender's provider only: from the moment on at which they are linked there.
    Somebody of several lenders is asked for the password: no lender alone decides about that account."""
    tenants = tenants_of(user)
    if len(tenants) != 1:
        return False
    with beside_tenants(), tenant_atomic(tenants[0]):
        row = SignOn.objects.filter(is_active=True, passwords_closed=True).select_related("break_glass").first()
        if row is None or (row.break_glass is not None and row.break_glass.user_id == user.pk):
            return False
        return SignOnLink.objects.filter(membership__user=user, issuer=row.issuer).exists()
