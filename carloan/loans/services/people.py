"""Parties: found by identity number or entered new, changed, reached."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.compliance.selectors.person_rights import CORRECTED, correction_number
from carloan.core import audit, lookup
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.index_keys import IndexKey, writing_keys
from carloan.core.indexed import Terms
from carloan.core.keys import KeyDestroyed, Subject, make_keys, secrets_of
from carloan.core.moves import step
from carloan.core.sealed import clear, seal, sealed_fields
from carloan.core.services.searching import search_asked
from carloan.core.sight import sees_clear
from carloan.core.tenancy import tenant_atomic
from carloan.lib.problems import Problem
from carloan.lib.text import fold_key
from carloan.loans.followers import loan_changed
from carloan.loans.models import ContactPoint, Loan, LoanParty, Party
from carloan.loans.policies.contacts import MOVES
from carloan.loans.policies.facts import Faults, PersonFacts, contact_kind, normal_person, person_faults
from carloan.loans.selectors.holders import is_in_sight, meant, next_place, number_digest, number_digests, number_order
from carloan.loans.selectors.loans import may, visible_loans

SEALED = sealed_fields(Party)


def people_order(facts: PersonFacts) -> bytes:
    """Where somebody stands in the order in which people are locked and entered: two loans that name the same two
    people wait for each other and never both ways."""
    return number_order(normal_person(facts).id_number)


def people_locked(people: Iterable[PersonFacts]) -> None:
    """Hold the parties that the book knows among these people, in order, before the others are entered in order."""
    digests = [digest for facts in people for digest in number_digests(normal_person(facts).id_number)]
    list(Party.objects.select_for_update(no_key=True).filter(id_digest__in=digests).order_by("id"))


def as_invalid(faults: Faults, prefix: str = "") -> Invalid:
    """The faults that a policy found, as the error that pages and API show by field."""
    return Invalid(
        fields={f"{prefix}{name}": [problem.message for problem in problems] for name, problems in faults.items()}
    )


def loan_locked(*, actor: Actor, loan: Loan) -> Loan:
    """Hold a loan's row until the transaction ends, so that two officers change its people and car one after the other;
    returns it as it stands now.

    Raises Forbidden unless the actor may edit this very loan, as it stands now. Always taken before a party's row.
    """
    now = Loan.objects.select_for_update(no_key=True).filter(id=loan.id).first()
    if now is None or not may(actor, "loans.edit", now):
        raise Forbidden(capability="loans.edit")
    return now


def is_shared_beyond(actor: Actor, party: Party, *, besides: Loan) -> bool:
    """Whether a party stands in a loan that the actor may not edit: then what is known of it is not the actor's."""
    others = LoanParty.objects.filter(party=party).exclude(loan_id=besides.id)
    return others.exclude(loan__in=visible_loans(actor, "loans.edit")).exists()


def party_enter(*, actor: Actor, loan: Loan, facts: PersonFacts, today: date | None = None) -> Party:
    """The party with this identity number, or a new one, for a loan that the actor may edit (else Forbidden).

    Without a number it is always a new one. A number that somebody in the actor's sight has under another name is
    refused (Invalid): one of the two is wrong, and a person must find out which. Of a party that the actor sees
    nowhere, or only masked, nothing is told (docs/decisions/0011): of the same name it is the one meant, else a second
    one takes the number, until somebody who sees both finds out. What is new about a known party (address, employer,
    telephone) is added to it; where it also stands in loans beyond the actor's reach only telephone numbers are.
    """
    facts = normal_person(facts)
    if faults := person_faults(facts, today=today or timezone.localdate()):
        raise as_invalid(faults)
    with tenant_atomic():
        loan_locked(actor=actor, loan=loan)
        party, is_new = party_known_or_new(actor, facts)
        return party if is_new else _party_complete(actor=actor, loan=loan, party=party, facts=facts)


def party_known_or_new(actor: Actor, facts: PersonFacts) -> tuple[Party, bool]:
    """The party that these facts (normal and without fault) mean, and whether it was entered for them.

    Raises Invalid for a number that somebody in the actor's sight has under another name.
    """
    # Before the look: between it and the write no other version of the index key comes into use.
    key = writing_keys()[0]
    holders = _holders(actor, facts.id_number)
    known = meant(actor, holders, facts.name)
    if known is None:
        try:
            with tenant_atomic():
                return _party_new(actor=actor, facts=facts, key=key, place=next_place(holders)), True
        except IntegrityError:
            # Somebody else entered the same number in this moment; their row is committed now.
            known = meant(actor, _holders(actor, facts.id_number), facts.name)
            if known is None:
                raise Conflict from None
    if fold_key(clear(known, "name")) != fold_key(facts.name):
        raise as_invalid({"name": [Problem("name_differs", _("This ID number belongs to a party with another name."))]})
    return known, False


def party_change(
    *,
    actor: Actor,
    loan: Loan,
    party: Party,
    facts: PersonFacts,
    revision: int,
    given: Collection[str] = SEALED,
    request_no: int | None = None,
) -> Party:
    """Correct what is known of a party, through a loan that it stands in and the actor may edit (else Forbidden).

    `given` are the sealed facts that the actor typed; the others are as they were. Whoever sees them masked learns from
    the answer whether they are as typed: it counts as a search, raises TooMany as one does, and a refusal does not
    depend on it (docs/decisions/0011). Raises Conflict unless the party is still at `revision`, Invalid for a number
    that another party has which is in the actor's sight (of one beyond that nothing is told, docs/decisions/0011), and
    for a change of a party that also stands in loans beyond the actor's reach: for it telephone numbers are added only.

    `request_no` is the number of the person's own request for it (PIPL 46): the event bears it as its reason. Invalid
    for one that is not being worked on.
    """
    facts = normal_person(facts)
    if request_no is not None and not correction_number(party.id, request_no):
        raise Invalid(fields={"request_no": [_("No request for correction of this person has this number now.")]})
    if faults := person_faults(facts, today=timezone.localdate()):
        raise as_invalid(faults)
    with tenant_atomic():
        loan_locked(actor=actor, loan=loan)
        now = _party_locked(loan, party.id)
        if now.revision != revision:
            raise Conflict
        party = now
        masked = not sees_clear(actor, party)
        if masked and given:
            search_asked(actor=actor, place="loans.party", query=str(party.id))
        key, digests = writing_keys()[0], number_digests(facts.id_number)
        # No number is no digest.
        if bytes(party.id_digest or b"") not in (digests or [b""]):
            others = list(Party.objects.filter(id_digest__in=digests).exclude(id=party.id))
            if any(is_in_sight(actor, other) for other in others):
                raise as_invalid({"id_number": [_ID_TAKEN]})
            party.id_digest, party.index_version = number_digest(key, facts.id_number), key.version
            party.id_place = next_place(others)
        before = _readable(party)
        after = {name: getattr(facts, name) for name in SEALED}
        changed = {name for name in SEALED if before[name] != after[name]}
        plain = party.kind != facts.kind or party.occupation != facts.occupation
        if ((given if masked else changed) or plain) and is_shared_beyond(actor, party, besides=loan):
            raise Invalid(fields={"__all__": [_SHARED]})
        if changed or plain:
            party.audit_event_id = audit.record(
                actor=actor,
                action="loans.party.changed",
                object_type="loans.party",
                object_id=party.id,
                loan_id=loan.id,
                subject=party.key_subject(),
                before={name: before[name] for name in changed},
                after={name: after[name] for name in changed},
                reason_code=CORRECTED if request_no else "",
                reason=str(request_no or ""),
            )
            seal(party, **after)
            party.kind, party.id_kind, party.occupation = facts.kind, facts.id_kind, facts.occupation
            party.revision += 1
            columns = [
                *SEALED, "kind", "id_kind", "id_digest", "index_version", "id_place", "occupation", "revision",
                "audit_event_id",
            ]  # fmt: skip
            try:
                with tenant_atomic():
                    party.save(update_fields=columns)
            except IntegrityError as error:
                # Somebody else took the number in this moment.
                raise Conflict from error
        contacts_add(actor=actor, party=party, phones=facts.phones, source="officer")
        index_party(party)
        loan_changed(loan, people=True)
    return party


def _party_locked(loan: Loan, party_id: UUID) -> Party:
    """A party that stands in a loan, held. Raises Forbidden when it does not."""
    parties = Party.objects.select_for_update(no_key=True, of=("self",))
    now = parties.filter(id=party_id, loan_parties__loan=loan).first()
    if now is None:
        raise Forbidden(capability="loans.edit")
    return now


_SHARED = _(
    "This person also stands in loans that you may not change. You can add a telephone number; for the rest ask "
    "somebody who works with all of these loans."
)
_ID_TAKEN = Problem("id_taken", _("Another party has this ID number."))


def _readable(party: Party) -> dict[str, str]:
    """What is known of a party in clear. Raises Conflict when its data were destroyed."""
    try:
        secrets_of(party.key_subject())
        return {name: clear(party, name) for name in SEALED}
    except KeyDestroyed as error:
        raise Conflict(_("The data of this person were destroyed.")) from error


def _holders(actor: Actor, id_number: str) -> list[Party]:
    """The living parties that have a number, locked. One whose key is gone gives its number free."""
    if not id_number:
        return []
    found = Party.objects.select_for_update(no_key=True).filter(id_digest__in=number_digests(id_number)).order_by("id")
    return [party for party in found if is_living(actor, party)]


def is_living(actor: Actor, party: Party) -> bool:
    """Whether a locked party can still be read; one whose key is gone is emptied, with an event."""
    try:
        secrets_of(party.key_subject())
    except KeyDestroyed:
        event_id = audit.record(
            actor=actor,
            action="loans.party.emptied",
            object_type="loans.party",
            object_id=party.id,
            subject=Subject("tenant", actor.tenant_id),
        )
        Party.objects.filter(id=party.id).update(id_digest=None, audit_event_id=event_id, **dict.fromkeys(SEALED))
        return False
    return True


def contacts_add(*, actor: Actor, party: Party, phones: Iterable[str], source: str) -> list[ContactPoint]:
    """Telephone numbers (already normalised) that the party does not have yet; one that was no longer valid is again.
    Returns those that changed.

    To whoever sees the party's numbers masked it tells whether it had these: it counts as a search and raises TooMany
    as one does (docs/decisions/0011).
    """
    with tenant_atomic():
        known = {clear(contact, "value"): contact for contact in ContactPoint.objects.filter(party=party)}
        asked = list(dict.fromkeys(phones))
        if known and not sees_clear(actor, party):
            for phone in asked:
                search_asked(actor=actor, place="loans.party", query=phone)
        ended = [known[phone] for phone in asked if phone in known and known[phone].state == ContactPoint.State.INVALID]
        for contact in ended:
            _contact_step(actor, party, contact, "restore")
        contacts = []
        for phone in asked:
            if phone in known:
                continue
            contact = ContactPoint(id=uuid7(), party=party, source=source, kind=contact_kind(phone))
            seal(contact, value=phone)
            contact.audit_event_id = audit.record(
                actor=actor,
                action="loans.contact_point.added",
                object_type="loans.contactpoint",
                object_id=contact.id,
                subject=party.key_subject(),
                after={"value": phone},
            )
            contacts.append(contact)
        ContactPoint.objects.bulk_create(contacts)
    return [*ended, *contacts]


def contact_point_end(*, actor: Actor, loan: Loan, contact: ContactPoint) -> None:
    """Say that a telephone number is no longer the person's: nobody calls it, and it finds nobody. It stays on record,
    so that no file brings it back.

    Raises Forbidden unless its person stands in this loan and the actor may edit it, Invalid for a person who also
    stands in loans beyond the actor's reach, Conflict when it was no longer valid already.
    """
    with tenant_atomic():
        loan_locked(actor=actor, loan=loan)
        party = _party_locked(loan, contact.party_id)
        if is_shared_beyond(actor, party, besides=loan):
            raise Invalid(fields={"__all__": [_SHARED]})
        _contact_step(actor, party, contact, "end", loan=loan)
        index_party(party)


def _contact_step(actor: Actor, party: Party, contact: ContactPoint, event: str, *, loan: Loan | None = None) -> None:
    move = MOVES.need(contact.state, event)
    event_id = audit.record(
        actor=actor,
        action=f"loans.contact_point.{'ended' if event == 'end' else 'restored'}",
        object_type="loans.contactpoint",
        object_id=contact.id,
        loan_id=loan.id if loan else None,
        subject=party.key_subject(),
        before={"state": move.source},
        after={"state": move.target},
    )
    step(contact, MOVES, event, audit_event_id=event_id)


def index_party(party: Party) -> None:
    """Make a party findable by name, identity number and every telephone number in use."""
    lookup.index_anew(terms_of_party(party, ContactPoint.objects.filter(party=party, state=ContactPoint.State.ACTIVE)))


def terms_of_party(party: Party, contacts: Iterable[ContactPoint]) -> list[Terms]:
    """What a party is found by: its name and number, and each of these telephone numbers."""
    own = {"name": clear(party, "name"), "id_number": clear(party, "id_number")}
    return [
        ("party", party.id, None, values) for values in (own, *({"phone": clear(each, "value")} for each in contacts))
    ]


def _party_new(*, actor: Actor, facts: PersonFacts, key: IndexKey, place: int) -> Party:
    party = Party(
        id=uuid7(),
        kind=facts.kind,
        id_kind=facts.id_kind,
        id_digest=number_digest(key, facts.id_number),
        index_version=key.version,
        id_place=place,
        occupation=facts.occupation,
    )
    make_keys([Subject("party", party.id)])
    values = {name: getattr(facts, name) for name in SEALED}
    seal(party, **values)
    party.audit_event_id = audit.record(
        actor=actor,
        action="loans.party.entered",
        object_type="loans.party",
        object_id=party.id,
        subject=party.key_subject(),
        after=values,
    )
    party.save(force_insert=True)
    contacts_add(actor=actor, party=party, phones=facts.phones, source="officer")
    index_party(party)
    return party


def _party_complete(*, actor: Actor, loan: Loan, party: Party, facts: PersonFacts) -> Party:
    """Fill in and renew what the new facts tell; what they leave open stays, and what is not the actor's to change."""
    newer = {name: getattr(facts, name) for name in ("address", "employer") if getattr(facts, name)}
    if is_shared_beyond(actor, party, besides=loan):
        newer = {}
    before = {name: clear(party, name) for name in newer}
    changed = {name: value for name, value in newer.items() if before[name] != value}
    if changed:
        party.audit_event_id = audit.record(
            actor=actor,
            action="loans.party.changed",
            object_type="loans.party",
            object_id=party.id,
            subject=party.key_subject(),
            before={name: before[name] for name in changed},
            after=changed,
        )
        seal(party, **changed)
        party.revision += 1
        party.save(update_fields=[*changed, "revision", "audit_event_id"])
    if contacts_add(actor=actor, party=party, phones=facts.phones, source="officer"):
        index_party(party)
    return party
