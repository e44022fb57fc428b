"""How the lender reaches people: gateways, quiet hours and words are set."""

import re
from datetime import time
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Invalid
from carloan.core.ids import uuid7
from carloan.core.locks import hold
from carloan.core.sealed import seal
from carloan.core.tenancy import tenant_atomic
from carloan.messaging.adapters import mail
from carloan.messaging.adapters.sms import client
from carloan.messaging.carriers import SANDBOX
from carloan.messaging.kinds import MessageKind
from carloan.messaging.models import ContactPolicy, Gateway, MessageTemplate
from carloan.messaging.policies import quiet, words
from carloan.messaging.selectors.setup import MANAGE, versions_of

_SIGNATURE: Final = re.compile(r"[^\s【】\[\]]{2,20}")


def gateway_set(
    *, actor: Actor, channel: str, address: str, account: str, secret: str, sender: str, is_active: bool
) -> Gateway:
    """Set who carries a channel; an empty secret leaves the one there is, of the same address.

    Raises Invalid for an address that is none of the channel, a missing secret, a sender that is no signature or mail
    address. Whether somebody answers there shows with the first message.
    """
    actor.require(MANAGE)
    address, account, sender = address.strip(), account.strip(), sender.strip().strip("【】")
    with tenant_atomic():
        hold("messaging gateway", channel)
        row = Gateway.objects.filter(channel=channel).first()
        kept = row is not None and row.address == address and bool(row.secret)
        if faults := _faults(channel, address, sender, has_secret=bool(secret) or kept):
            raise Invalid(fields=faults)
        before = None
        if row is not None:
            before = {"address": row.address, "account": row.account, "sender": row.sender, "is_active": row.is_active}
        row = row or Gateway(id=uuid7(), channel=channel)
        row.audit_event_id = audit.record(
            actor=actor, action="messaging.gateway.set", object_type="messaging.gateway", object_id=row.id,
            before=before,
            after={
                "address": address, "account": account, "sender": sender, "is_active": is_active,
                "secret_set": bool(secret),
            },
        )  # fmt: skip
        if row.address != address:
            row.secret = None
        row.address, row.account, row.sender, row.is_active = address, account, sender, is_active
        if secret:
            seal(row, secret=secret)
        row.save()
    return row


def quiet_hours_set(*, actor: Actor, quiet_from: time, quiet_until: time) -> ContactPolicy:
    """Set when nobody is written to, in the lender's local time. Raises Invalid for less than the night (22 to 8)."""
    actor.require(MANAGE)
    if not quiet.is_lawful(quiet_from, quiet_until):
        raise Invalid(
            fields={
                "quiet_from": [
                    _("Quiet hours begin between 18:00 and 22:00 and end between 8:00 and 11:00 of the next day.")
                ]
            }
        )
    with tenant_atomic():
        hold("messaging quiet hours")
        row = ContactPolicy.objects.first()
        before = None
        if row is not None:
            before = {"quiet_from": f"{row.quiet_from:%H:%M}", "quiet_until": f"{row.quiet_until:%H:%M}"}
        row = row or ContactPolicy(id=uuid7())
        row.quiet_from, row.quiet_until = quiet_from, quiet_until
        row.audit_event_id = audit.record(
            actor=actor, action="messaging.quiet_hours.set", object_type="messaging.contactpolicy", object_id=row.id,
            before=before, after={"quiet_from": f"{quiet_from:%H:%M}", "quiet_until": f"{quiet_until:%H:%M}"},
        )  # fmt: skip
        row.save()
    return row


def template_save(
    *, actor: Actor, kind: MessageKind, channel: str, language: str, subject: str, body: str, version: int
) -> MessageTemplate:
    """Write the next version of the words of a kind; `version` is the one that was read.

    Raises Invalid for unknown and missing variables and for words that are too long, Conflict where somebody wrote a
    version meanwhile.
    """
    member_id = actor.require_person(MANAGE)
    if faults := template_faults(kind, channel, subject, body):
        raise Invalid(fields=faults)
    with tenant_atomic():
        hold("messaging template", kind.code, channel, language)
        newest = versions_of(kind.code, channel, language)
        number = newest[0].version if newest else 0
        if number != version:
            raise Conflict
        row = MessageTemplate(
            id=uuid7(), kind=kind.code, channel=channel, language=language, version=number + 1,
            subject=subject if channel == "email" else "", body=body, made_by_id=member_id,
        )  # fmt: skip
        row.audit_event_id = audit.record(
            actor=actor, action="messaging.template.saved", object_type="messaging.messagetemplate", object_id=row.id,
            after={"kind": kind.code, "channel": channel, "language": language, "version": row.version, "body": body},
        )  # fmt: skip
        row.save(force_insert=True)
    return row


def template_faults(kind: MessageKind, channel: str, subject: str, body: str) -> dict[str, list[str]]:
    """What is wrong with words, by field."""
    faults: dict[str, list[str]] = {}
    for name, text in (("subject", subject), ("body", body)):
        if unknown := words.unknown_in(text, kind.variables):
            faults.setdefault(name, []).append(
                _("There is no variable %(names)s here.") % {"names": _(", ").join(unknown)}
            )
    if missing := words.missing_in(body, kind.required):
        named = _(", ").join(f"{{{name}}}" for name in missing)
        faults.setdefault("body", []).append(_("This must stand in the text: %(names)s.") % {"names": named})
    if channel == "sms" and words.length(body).characters > words.LONGEST:
        faults.setdefault("body", []).append(_("A text message holds 500 characters at most."))
    if channel == "email" and not subject.strip():
        faults.setdefault("subject", []).append(_("A mail needs a subject."))
    if any(name in words.variables(subject) for name in kind.secret):
        faults.setdefault("subject", []).append(_("What opens a door does not stand in a subject."))
    return faults


def _faults(channel: str, address: str, sender: str, *, has_secret: bool) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    if channel == "sms":
        sandbox = address == SANDBOX and bool(settings.SMS_SANDBOX)
        if not sandbox and not client.is_address(address):
            faults["address"] = [_("Give the https address of the gateway.")]
        if not _SIGNATURE.fullmatch(sender):
            faults["sender"] = [_("Give the signature that is registered for you, 2 to 20 characters without spaces.")]
        if not sandbox and not has_secret:
            faults["secret"] = [_("Give the secret that the gateway made for you.")]
        return faults
    if not mail.is_address(address):
        faults["address"] = [_("Give the mail server as smtps://host or smtp://host, with a port where it needs one.")]
    try:
        validate_email(sender)
    except ValidationError:
        faults["sender"] = [_("Give the mail address that mails come from.")]
    return faults
