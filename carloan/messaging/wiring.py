"""What messaging registers with the rooms below, once, when the site starts."""

from django.utils.translation import gettext_lazy as _

from carloan.compliance.destroying import register_witness
from carloan.compliance.names import register_field_words, register_namer, register_reasons
from carloan.compliance.personal_data import register_personal_data
from carloan.compliance.unit_parts import UnitRows, register_unit_rows
from carloan.core.acts import register_acts
from carloan.core.pages.nav import NavItem, register_nav
from carloan.core.reach import register_reach
from carloan.loans.selectors.reveals import reached_rows
from carloan.loans.services.shredding import register_party_shredder, register_shredder
from carloan.loans.tabs import Tab, register_tab
from carloan.messaging import faces
from carloan.messaging.models import Message, OneTimeLink
from carloan.messaging.services import shredding

register_acts(
    {
        "messaging.link.made": _("One-time link made"),
        "messaging.link.sent_again": _("One-time link sent again"),
        "messaging.link.revoked": _("One-time link revoked"),
        "messaging.link.opened": _("Code for a one-time link asked for"),
        "messaging.link.passed": _("Let in by one-time link and code"),
        "messaging.link.finished": _("Errand of a one-time link finished"),
        "messaging.code.made": _("Code to tell made for a one-time link"),
        "messaging.code.refused": _("Wrong code for a one-time link"),
        "messaging.upload.begun": _("File through a one-time link begun"),
        "messaging.upload.kept": _("File through a one-time link received"),
        "messaging.upload.dropped": _("File through a one-time link not taken"),
        "messaging.uploads.swept": _("Unfinished files of one-time links removed"),
        "messaging.message.queued": _("Message written"),
        "messaging.message.sent": _("Message taken by the gateway"),
        "messaging.message.delivered": _("Message delivered"),
        "messaging.message.failed": _("Message not delivered"),
        "messaging.message.unknown": _("Message without an answer"),
        "messaging.message.blocked": _("Message not allowed"),
        "messaging.message.cancelled": _("Message called off"),
        "messaging.receipts.refused": _("Receipts of a gateway refused"),
        "messaging.gateway.set": _("Gateway for messages set"),
        "messaging.quiet_hours.set": _("Quiet hours set"),
        "messaging.template.saved": _("Words of a message changed"),
    }
)
register_reasons({"wrong_code": _("Wrong code"), "signature": _("Wrong signature"), **faces.WHY_WORDS})
register_namer("messaging.onetimelink", _("One-time link"), faces.link_names)
register_namer("messaging.message", _("Message"), faces.message_names)
for _label, _words in (
    ("messaging.linkupload", _("File through a one-time link")),
    ("messaging.gateway", _("Gateway for messages")),
    ("messaging.contactpolicy", _("Quiet hours")),
    ("messaging.messagetemplate", _("Words of a message")),
):
    register_namer(_label, _words, lambda actor, ids: {})

register_field_words("messaging.gateway", lambda name: str(_("New secret")) if name == "secret_set" else None)
register_reach("messaging.message", reached_rows(Message))
register_personal_data("messages", _("Messages to you"), faces.gather_messages)
register_shredder(shredding.loan_forget)
register_party_shredder(shredding.party_forget)
register_witness("loan", shredding.loan_left)
register_witness("party", shredding.party_left)
register_unit_rows("loan", UnitRows(label=_("One-time links"), model=OneTimeLink, by="loan_id"))
register_unit_rows("party", UnitRows(label=_("Messages"), model=Message, by="party_id"))

register_tab(
    Tab(
        key="asked",
        label=_("Papers asked for"),
        capability="messages.send",
        template="messaging/_asked.html",
        context=faces.asked_tab,
        count=faces.asked_count,
        order=25,
    )
)
register_nav(
    NavItem(
        section="settings",
        label=_("Messages"),
        url_name="messaging:setup",
        icon="message-2",
        capability="messages.manage",
        group="organisation",
        order=60,
        match=frozenset({"messaging:gateway", "messaging:template"}),
    )
)
