"""Who acts: a person, an API key, a visitor behind a one-time link, or the system itself, with the rights of now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self
from uuid import UUID

from django.utils.translation import gettext as _

from .errors import ExamMissing, Forbidden
from .registry import Tighter

ActorKind = Literal["person", "key", "visitor", "system"]
USUAL = 5  # minutes for which a confirmation of who acts counts


@dataclass(frozen=True)
class Right:
    """How far a capability reaches: everywhere, in some branches, and over one's own cases."""

    everywhere: bool = False
    branches: frozenset[UUID] = frozenset()
    own: bool = False

    def __or__(self, other: "Right") -> "Right":
        return Right(self.everywhere or other.everywhere, self.branches | other.branches, self.own or other.own)

    def __and__(self, other: "Right") -> "Right":
        """How far both reach."""
        if self.everywhere or other.everywhere:
            return other if self.everywhere else self
        return Right(branches=self.branches & other.branches, own=self.own and other.own)

    def covers(self, other: "Right") -> bool:
        """Whether this one reaches wherever the other one does."""
        return self.everywhere or (
            not other.everywhere and other.branches <= self.branches and (self.own or not other.own)
        )


@dataclass(frozen=True)
class Actor:
    """Every service takes one. Rights are read from the database on each request, so that a change counts at once."""

    tenant_id: UUID
    kind: ActorKind
    name: str
    id: UUID | None = None
    user_id: UUID | None = None
    membership_id: UUID | None = None
    branch_id: UUID | None = None
    rights: Mapping[str, Right] = field(default_factory=dict)
    request_id: UUID | None = None
    address: str = ""
    unlimited: bool = False
    # Capabilities that reach anywhere only because colleagues lent them, with the memberships of those.
    lent: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    # Capabilities that their roles give and that wait for an exam, with its name (core/gates.py).
    shut: Mapping[str, str] = field(default_factory=dict)
    # What the lender asks of those who act (models/access_policy.py), and whether the last confirmation of this session
    # was by passkey and still counts.
    confirm_minutes: int = USUAL
    passkeys: bool = False
    by_passkey: bool = False
    # What the lender's policy of masking says today, by the key of the rule (core/tightening.py).
    masking: Mapping[str, Tighter] = field(default_factory=dict)

    @classmethod
    def system(cls, tenant_id: UUID, name: str) -> Self:
        """The installation itself: workers, sweeps, imports on behalf of nobody. It may do everything in one tenant."""
        return cls(tenant_id=tenant_id, kind="system", name=name, unlimited=True)

    @classmethod
    def visitor(cls, tenant_id: UUID, link_id: UUID, *, request_id: UUID | None = None, address: str = "") -> Self:
        """Whoever holds a one-time link: without an account and without any right but what the link is for."""
        return cls(tenant_id, "visitor", "one-time link", id=link_id, request_id=request_id, address=address)

    def right(self, capability: str) -> Right:
        return Right(everywhere=True) if self.unlimited else self.rights.get(capability, Right())

    def can(self, capability: str) -> bool:
        return self.unlimited or capability in self.rights

    def require(self, *capabilities: str) -> None:
        """Raise Forbidden unless the actor has at least one of the capabilities."""
        if not any(self.can(capability) for capability in capabilities):
            missing = " | ".join(capabilities)
            if exams := [self.shut[each] for each in capabilities if each in self.shut]:
                raise ExamMissing(exam=exams[0], capability=missing)
            # Whoever runs the sending system sees no role of it.
            words = _("This API key lacks the right %(right)s.") % {"right": missing} if self.kind == "key" else None
            raise Forbidden(words, capability=missing)

    def require_installation(self) -> None:
        """Raise Forbidden for people and keys: what the installation itself does, nobody asks for."""
        if self.kind != "system":
            raise Forbidden

    def require_person(self, capability: str) -> UUID:
        """The member who acts. Raise Forbidden without the right, and for whoever is no person: no key of another
        system and no worker gives a person's word."""
        self.require(capability)
        if self.membership_id is None:
            raise Forbidden(capability=capability)
        return self.membership_id

    def require_own(self, capability: str) -> UUID:
        """The member who speaks as one of several people that an act asks for. Raise Forbidden without the right, for
        whoever is no person, and for a right that a colleague lent: two rights of one holder are not two people."""
        member_id = self.require_person(capability)
        if self.lent.get(capability):
            words = _(
                "A right that a colleague lent you is not enough here: somebody must decide by a right of their own."
            )
            raise Forbidden(words, capability=capability)
        return member_id

    def hands(self, capability: str) -> frozenset[UUID]:
        """The members in whose place this one acts with a capability: themselves, and whoever lent it where it
        reaches further by that. A rule that keeps somebody from an act of their own asks for all of them."""
        own = frozenset() if self.membership_id is None else frozenset({self.membership_id})
        return own | self.lent.get(capability, frozenset())

    def branches(self, capability: str) -> frozenset[UUID] | None:
        """The branches in which the actor has the capability; None means all of them."""
        right = self.right(capability)
        return None if right.everywhere else right.branches

    def owns(self, capability: str) -> bool:
        """Whether the capability covers (at least) cases that are assigned to this member."""
        return self.right(capability).own
