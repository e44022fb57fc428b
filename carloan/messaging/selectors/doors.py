"""What a stranger with a link is told before the code: no more than the owner of the telephone recognises."""

from carloan.core.keys import KeyDestroyed
from carloan.core.sealed import clear
from carloan.messaging.models import OneTimeLink


def code_target(link: OneTimeLink) -> str:
    """The last two digits of the number that codes go to, or the domain of the mail address; '' for told codes."""
    if link.code_contact is None:
        return ""
    try:
        value = clear(link.code_contact, "value")
    except KeyDestroyed:
        return ""
    return f"@{value.rpartition('@')[2]}" if "@" in value else value[-2:]
