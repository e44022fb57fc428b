"""A hold and a destruction at the same moment, each on a connection of its own: one of them is refused."""

import threading
from os import environ

import psycopg2
import pytest
from django.db import connections

from carloan.compliance.models import LegalHold
from carloan.compliance.selectors.holds import notices_on, require_unheld
from carloan.core.errors import Conflict
from carloan.core.keys import Subject, is_destroyed
from carloan.core.keystore.models import HeldKey
from carloan.core.tenancy import tenant_atomic
from carloan.loans.services.shredding import loan_shred
from tests.cast import Lender
from tests.compliance.held import place
from tests.loans.book import open_loan
from tests.plugin import worker_urls


def test_a_hold_waits_for_a_destruction_and_then_finds_it_done(committed: Lender) -> None:
    """The destruction holds the thing until it commits; the hold comes behind it and says so."""
    with committed.open():
        loan = open_loan(committed.actor("admin"), 1)
    looked = threading.Event()
    placed: list[LegalHold | Conflict] = []

    def destroy() -> None:
        with committed.open():
            require_unheld([("loan", loan.id)])
            looked.set()
            # The hold is at the lock by now or will be: either way it must not be in force before this commits.
            waiting.wait(10)
            loan_shred(actor=committed.system, loan=loan)
        connections.close_all()

    def hold() -> None:
        looked.wait(10)
        try:
            with committed.open():
                placed.append(place(committed, ("loan", loan.id)))
        except Conflict as error:
            placed.append(error)
        finally:
            connections.close_all()

    waiting = threading.Event()
    threads = [threading.Thread(target=destroy), threading.Thread(target=hold)]
    for thread in threads:
        thread.start()
    looked.wait(10)
    _until_somebody_waits_for_a_lock()
    waiting.set()
    for thread in threads:
        thread.join(60)
    with committed.open():
        assert isinstance(placed[0], Conflict)
        assert is_destroyed(Subject("loan", loan.id))
        assert not notices_on([("loan", loan.id)])


def _until_somebody_waits_for_a_lock() -> None:
    for _turn in range(2_000):
        with psycopg2.connect(environ["DATABASE_URL"]) as link, link.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            found = cursor.fetchone()
        link.close()
        if found and found[0]:
            return
    raise AssertionError("nobody waits")


def test_a_destruction_that_comes_behind_a_hold_is_refused(committed: Lender) -> None:
    """Plain SQL of a worker too, begun before the hold was committed: its own look is a fresh one."""
    with committed.open():
        loan = open_loan(committed.actor("admin"), 1)
    link = psycopg2.connect(worker_urls()["DATABASE_URL"])
    with link.cursor() as cursor:
        cursor.execute(f"SET LOCAL app.tenant_id = '{committed.tenant.id}'")
        cursor.execute("SELECT count(*) FROM loans_vehicle")
        with committed.open():
            place(committed, ("loan", loan.id))
        with pytest.raises(psycopg2.errors.RestrictViolation):
            cursor.execute("UPDATE loans_vehicle SET vin = NULL")
    link.rollback()
    link.close()
    with committed.open(), tenant_atomic(using="keystore"):
        assert HeldKey.objects.filter(subject_id=loan.id).count() == 1, "behind the commit the key store holds it too"
