"""Which adapter carries a channel for the lender at work."""

from django.conf import settings

from carloan.core.sealed import clear

from .adapters import Carrier
from .adapters.mail import MailServer
from .adapters.sms.client import SmsGateway
from .models import Gateway
from .selectors.setup import gateway_of
from .tokens import receipts_url

# What a gateway's address says when it is the sandbox that this installation runs beside itself.
SANDBOX = "sandbox"


def carrier_of(channel: str) -> Carrier | None:
    """None where the lender has none in use."""
    row = gateway_of(channel)
    if row is None:
        return None
    if channel == "email":
        return MailServer(row.address, row.account, clear(row, "secret"), row.sender)
    inside = row.address == SANDBOX
    address = settings.SMS_SANDBOX if inside else row.address
    return SmsGateway(address, row.account, gateway_secret(row), row.sender, receipts_url(), inside=inside)


def gateway_secret(row: Gateway) -> str:
    """What both sides sign with."""
    return settings.SMS_SANDBOX_SECRET if row.address == SANDBOX else clear(row, "secret")
