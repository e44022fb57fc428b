"""Secrets of second factors behind a change of the root key."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from carloan.core.pages.second_factors import SUITE, MFAAdapter, is_current


def factors_rewrap() -> int:
    """Seal the secrets that stand under another root key with the one that seals; returns how many those were.

    As the database's owner: no other role both reads and changes them beside the web.
    """
    adapter, moved = MFAAdapter(), 0
    with transaction.atomic():
        for factor in Authenticator.objects.select_for_update().order_by("id"):
            sealed = {name: value for name, value in factor.data.items() if str(value).startswith(SUITE)}
            old = {name: value for name, value in sealed.items() if not is_current(value)}
            if old:
                factor.data |= {name: adapter.encrypt(adapter.decrypt(value)) for name, value in old.items()}
                factor.save(update_fields=["data"])
                moved += 1
    return moved
