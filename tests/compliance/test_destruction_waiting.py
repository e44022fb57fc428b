"""Whom a destruction waits for is told at home and in the list: nobody has to open one batch after the other."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from carloan.compliance.selectors.destruction import waiting_for
from tests.cast import Lender
from tests.compliance.destroyed import due_loans, proposed, say, speakers
from tests.compliance.held import another

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])

LIST, MINE = "/compliance/destruction/", "/compliance/destruction/?only=waiting"


def test_a_batch_waits_for_who_may_speak_next_and_for_nobody_else(bank: Lender) -> None:
    batch = proposed(bank, *due_loans(bank, 1))
    with bank.open():
        proposer = another(bank, "compliance", "提议人")
        officer, archivist, first, second = (speaker() for speaker in speakers(bank))
        everybody = (proposer, officer, archivist, first, second)
        for voice, expected in ((officer, [officer]), (archivist, [archivist]), (first, [first, second])):
            assert [actor for actor in everybody if waiting_for(actor) == {batch.id}] == expected
            batch = say(bank, batch, voice)
        assert [waiting_for(actor) for actor in everybody] == [set(), set(), set(), set(), {batch.id}]
        say(bank, batch, second)
        assert not any(waiting_for(actor) for actor in everybody)


def test_the_pages_say_whom_it_waits_for_and_until_when_it_cools_off(bank: Lender, client_of: Any) -> None:
    batch = proposed(bank, *due_loans(bank, 1))
    officer, archivist = client_of(bank, "officer"), client_of(bank, "archivist")
    assert 'destruction/?only=waiting"' in officer.get("/home/").content.decode()
    page = officer.get(LIST).content.decode()
    assert "待业务复核" in page
    assert "待您表态" in page
    assert "待您表态" not in archivist.get(LIST).content.decode()
    assert "没有待您表态的销毁批次" in archivist.get(MINE).content.decode()
    with bank.open():
        *before, last = (speaker() for speaker in speakers(bank))
        for voice in before:
            batch = say(bank, batch, voice)
    assert "还差 1 人批准" in officer.get(LIST).content.decode()
    with bank.open():
        batch = say(bank, batch, last)
        assert batch.cooling_until is not None
    told = f"冷静期至 {timezone.localtime(batch.cooling_until, ZoneInfo(bank.tenant.time_zone)):%Y-%m-%d %H:%M}"
    assert told in officer.get(LIST).content.decode()
    assert told in officer.get(f"{LIST}{batch.id}/").content.decode()
