"""Parties: found by identity number or entered new, changed, reached."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core import audit, lookup
from carloan.core.actors import Actor
from carloan.core.errors import Invalid
from carloan.core.ids import uuid7
from carloan.core.keys import Subject, blind, make_keys
from carloan.core.sealed import clear, seal
from carloan.core.tenancy import tenant_atomic
from carloan.lib.problems import Problem
from carloan.lib.text import fold_key
from carloan.loans.models import ContactPoint, Party
from carloan.loans.policies.facts import Faults, PersonFacts, normal_person, person_faults

SEALED = ("name", "id_number", "address", "employer")


def id_digest(id_number: str) -> bytes | None:
    """The blind index by which one number is one party."""
    return blind("id_number", id_number) if id_number else None


def as_invalid(faults: Faults, prefix: str = "") -> Invalid:
    return Invalid(
        fields={f"{prefix}{name}": [problem.message for problem in problems] for name, problems in faults.items()}
    )


def party_enter(*, actor: Actor, facts: PersonFacts, today: date | None = None) -> Party:
    """The party with this identity number, or a new one; without a number always a new one.

    A known number with another name is refused (Invalid): one of the two is wrong, and a person must find out which.
    What is new about a known party (address, employer, telephone) is added to it.
    """
    facts = normal_person(facts)
    if faults := person_faults(facts, today=today or timezone.localdate()):
        raise as_invalid(faults)
    with tenant_atomic():
        digest = id_digest(facts.id_number)
        known = Party.objects.filter(id_digest=digest).first() if digest else None
        if known is None:
            return _party_new(actor=actor, facts=facts)
        if fold_key(clear(known, "name")) != fold_key(facts.name):
            raise as_invalid(
                {"name": [Problem("name_differs", _("This ID number belongs to a party with another name."))]}
            )
        return _party_complete(actor=actor, party=known, facts=facts)


def party_change(*, actor: Actor, party: Party, facts: PersonFacts, loan_id: UUID | None = None) -> Party:
    """Correct what is known of a party. Raises Invalid for a number that another party has."""
    actor.require("loans.edit")
    facts = normal_person(facts)
    if faults := person_faults(facts, today=timezone.localdate()):
        raise as_invalid(faults)
    with tenant_atomic():
        digest = id_digest(facts.id_number)
        if digest and Party.objects.filter(id_digest=digest).exclude(id=party.id).exists():
            raise as_invalid({"id_number": [Problem("id_taken", _("Another party has this ID number."))]})
        before = {name: clear(party, name) for name in SEALED}
        after = {name: getattr(facts, name) for name in SEALED}
        changed = {name for name in SEALED if before[name] != after[name]}
        if changed or party.kind != facts.kind or party.occupation != facts.occupation:
            party.audit_event_id = audit.record(
                actor=actor,
                action="loans.party.changed",
                object_type="loans.party",
                object_id=party.id,
                loan_id=loan_id,
                subject=party.key_subject(),
                before={name: before[name] for name in changed},
                after={name: after[name] for name in changed},
            )
            seal(party, **after)
            party.kind, party.id_kind, party.id_digest, party.occupation = (
                facts.kind,
                facts.id_kind,
                digest,
                facts.occupation,
            )
            party.save(update_fields=[*SEALED, "kind", "id_kind", "id_digest", "occupation", "audit_event_id"])
        contacts_add(actor=actor, party=party, phones=facts.phones, source="officer")
        index_party(party)
    return party


def contacts_add(*, actor: Actor, party: Party, phones: Iterable[str], source: str) -> list[ContactPoint]:
    """Telephone numbers (already normalised) that the party does not have yet."""
    with tenant_atomic():
        known = {clear(contact, "value") for contact in ContactPoint.objects.filter(party=party)}
        fresh = [phone for phone in dict.fromkeys(phones) if phone not in known]
        contacts = []
        for phone in fresh:
            contact = ContactPoint(id=uuid7(), party=party, source=source)
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
    return contacts


def index_party(party: Party) -> None:
    """Make a party findable by name, identity number and every telephone number in use."""
    phones = [
        clear(contact, "value") for contact in ContactPoint.objects.filter(party=party, state=ContactPoint.State.ACTIVE)
    ]
    lookup.index("party", party.id, None, {"name": clear(party, "name"), "id_number": clear(party, "id_number")})
    lookup.index_many(("party", party.id, None, {"phone": phone}) for phone in phones)


def _party_new(*, actor: Actor, facts: PersonFacts) -> Party:
    party = Party(
        id=uuid7(),
        kind=facts.kind,
        id_kind=facts.id_kind,
        id_digest=id_digest(facts.id_number),
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


def _party_complete(*, actor: Actor, party: Party, facts: PersonFacts) -> Party:
    """Fill in and renew what the new facts tell; what they leave open stays."""
    newer = {name: getattr(facts, name) for name in ("address", "employer") if getattr(facts, name)}
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
        party.save(update_fields=[*changed, "audit_event_id"])
    if contacts_add(actor=actor, party=party, phones=facts.phones, source="officer"):
        index_party(party)
    return party
