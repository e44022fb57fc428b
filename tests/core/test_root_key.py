"""The root key is replaced without a failed read: both open while one seals; at the end the former opens nothing."""

import os
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from carloan.core import keys
from carloan.core.ids import uuid7
from carloan.core.index_keys import newest_index_key
from carloan.core.keys import Subject, Tampered
from carloan.core.keystore.models import TenantKey
from carloan.core.models import AuditEvent, KeyCeremony, Tenant
from carloan.core.pages.second_factors import MFAAdapter
from carloan.core.services.answered import answered_once
from carloan.core.services.factors import factors_rewrap
from carloan.core.services.key_rotation import root_key_rotate
from carloan.core.store import is_marked
from carloan.core.store_mark import write_mark
from carloan.core.tenancy import tenant_atomic
from tests.cast import Lender, by_the_owner_of_keys

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def old(settings: Any) -> bytes:
    return bytes(settings.ROOT_KEY)


def sealed(lender: Lender) -> tuple[Subject, bytes, bytes]:
    subject = Subject("loan", uuid7())
    with lender.open():
        keys.make_keys([subject])
        return (
            subject,
            keys.seal_bytes(keys.secrets_of(subject).field, b"value", "t|c|1"),
            newest_index_key().blind("plate", "A"),
        )


def opens(lender: Lender, made: tuple[Subject, bytes, bytes]) -> bool:
    subject, token, term = made
    keys.forget_keys()
    with lender.open():
        value = keys.open_bytes(keys.secrets_of(subject).field, token, "t|c|1")
        return value == b"value" and newest_index_key().blind("plate", "A") == term


def test_every_stage_opens_everything_and_the_former_key_nothing_at_the_end(
    bank: Lender, old: bytes, settings: Any
) -> None:
    new = os.urandom(32)
    made = sealed(bank)
    settings.ROOT_KEY_OTHER = new  # every process knows both, the old one seals
    assert opens(bank, made)
    settings.ROOT_KEY, settings.ROOT_KEY_OTHER = new, old  # the new one seals
    assert opens(bank, made)
    with bank.open():
        with by_the_owner_of_keys():
            assert root_key_rotate(witnesses=["李见证"], reason="更换根密钥") == 2
            assert root_key_rotate(witnesses=["李见证"], reason="更换根密钥") == 0
        log = KeyCeremony.objects.get(act="rewrapped")
        assert (log.witnesses, log.by) == (["李见证"], None)
        assert AuditEvent.objects.get(id=log.audit_event_id).action == "core.keys.root_replaced"
    settings.ROOT_KEY, settings.ROOT_KEY_OTHER = old, new  # a process that was not started anew yet
    assert opens(bank, made)
    settings.ROOT_KEY, settings.ROOT_KEY_OTHER = new, b""
    assert opens(bank, made)
    settings.ROOT_KEY = old
    with pytest.raises(Tampered):
        opens(bank, made)


def test_second_factors_stay_readable(bank: Lender, old: bytes, settings: Any) -> None:
    adapter, new = MFAAdapter(), os.urandom(32)
    factor = Authenticator.objects.create(
        user=bank.users["admin"], type=Authenticator.Type.TOTP, data={"secret": adapter.encrypt("JBSWY3DP")}
    )
    settings.ROOT_KEY, settings.ROOT_KEY_OTHER = new, old
    assert adapter.decrypt(factor.data["secret"]) == "JBSWY3DP"
    assert factors_rewrap() == 1
    assert factors_rewrap() == 0
    factor.refresh_from_db()
    settings.ROOT_KEY_OTHER = b""
    assert adapter.decrypt(factor.data["secret"]) == "JBSWY3DP"
    settings.ROOT_KEY = old
    with pytest.raises(Tampered):
        adapter.decrypt(factor.data["secret"])


def test_a_request_that_was_answered_before_is_not_done_again(bank: Lender, old: bytes, settings: Any) -> None:
    with bank.open():
        actor, ids = bank.actor("officer"), [uuid7(), uuid7()]
        first = answered_once(actor=actor, place="x", key="k1", body=b"b", act=lambda: ids[0])
        settings.ROOT_KEY, settings.ROOT_KEY_OTHER = os.urandom(32), old
        again = answered_once(actor=actor, place="x", key="k1", body=b"b", act=lambda: ids[1])
    assert (first, again) == ((ids[0], True), (ids[0], False))


def keys_of_lenders() -> int:
    """Of each lender the living versions of its purposes: a retired one keeps its row, with nothing in it to move."""
    count = 0
    for tenant_id in Tenant.objects.values_list("id", flat=True):
        with tenant_atomic(tenant_id, using="keystore"):
            count += TenantKey.objects.filter(retired_at=None).count()
    return count


def test_the_command_moves_everything_and_the_stores_mark(bank: Lender, old: bytes, settings: Any) -> None:
    new, out = os.urandom(32), StringIO()
    made = sealed(bank)
    with pytest.raises(CommandError, match="no root_key_other"):
        call_command("rotate_root_key", "--witness", "x", "--reason", "y")
    settings.ROOT_KEY, settings.ROOT_KEY_OTHER = new, old
    assert is_marked()
    try:
        with by_the_owner_of_keys():
            call_command("rotate_root_key", "--witness", "李见证", "--reason", "更换", stdout=out)
        assert f"{keys_of_lenders()} keys of lenders" in out.getvalue()
        settings.ROOT_KEY_OTHER = b""
        assert is_marked()
        assert opens(bank, made)
    finally:
        settings.ROOT_KEY = old
        write_mark()
