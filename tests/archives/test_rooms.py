"""Doors of the archive's rooms: what they report is signed, fresh, and counts once."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from carloan.archives.models import RoomDevice, RoomEvent
from carloan.archives.policies.originals.rooms import is_signed, signature
from carloan.archives.services.originals.rooms import device_make, device_revoke
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.models import AuditEvent
from tests.archives.originals import warehouse
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
ADDRESS = "/api/v1/rooms/events/"
FILM = "ab" * 32


@pytest.fixture
def known(bank: Lender) -> tuple[RoomDevice, str]:
    with bank.open():
        place = warehouse(bank)
        return device_make(actor=bank.actor("admin"), name="一号库正门", place=place)


def report(bank: Lender, device: RoomDevice, secret: str, *, role: str = "admin", **more: Any) -> Any:
    """Send one event; `more` changes what is sent or how it is signed."""
    now = timezone.now()
    event = {"kind": "opened", "happened_at": now.isoformat(), "badge": "A-17", "video_sha256": FILM}
    sent: dict[str, Any] = {
        "timestamp": now.isoformat(),
        "nonce": "n" * 20,
        "body": json.dumps(more.pop("event", event)).encode(),
    }
    sent |= {name: more.pop(name) for name in ("timestamp", "nonce", "body") if name in more}
    signed = signature(bytes.fromhex(secret), device=str(device.id), **sent)
    headers = {
        "Authorization": bank.key(role),
        "X-Device": str(device.id),
        "X-Timestamp": sent["timestamp"],
        "X-Nonce": sent["nonce"],
        "X-Signature": more.pop("signed", signed),
    }
    body = more.pop("other_body", sent["body"])
    return Client().post(ADDRESS, body, content_type="application/json", headers=headers)


def test_a_signature_covers_each_part_apart() -> None:
    parts = {"device": "d", "timestamp": "12", "nonce": "34", "body": b"{}"}
    signed = signature(b"secret", **parts)  # type: ignore[arg-type]
    assert is_signed(signed.upper(), b"secret", **parts)  # type: ignore[arg-type]
    for change in ({"timestamp": "123", "nonce": "4"}, {"device": "e"}, {"body": b"{ }"}):
        assert not is_signed(signed, b"secret", **parts | change)  # type: ignore[arg-type]
    assert not is_signed(signed, b"other", **parts)  # type: ignore[arg-type]


def test_what_a_door_reports_counts_once_and_is_in_the_trail(bank: Lender, known: tuple[RoomDevice, str]) -> None:
    event = {"kind": "forced", "happened_at": timezone.now().isoformat(), "video_sha256": FILM}
    first, again = report(bank, *known, event=event), report(bank, *known, event=event)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = report(bank, *known, event={**event, "kind": "closed"})
    assert other.status_code == 409
    with bank.open():
        row = RoomEvent.objects.get()
        assert (row.kind, row.video_sha256, row.device) == ("forced", FILM, known[0])
        assert AuditEvent.objects.get(action="archives.room.reported").reason_code == "forced"


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"signed": "0" * 64}, 403),
        ({"other_body": b'{"kind": "closed", "happened_at": "2026-01-01T00:00:00Z"}'}, 403),
        ({"timestamp": "2026-01-01T00:00:00+00:00"}, 422),
        ({"timestamp": "yesterday"}, 422),
        ({"nonce": "short"}, 422),
        ({"event": {"kind": "flown", "happened_at": "2026-01-01T00:00:00Z"}}, 422),
        ({"event": {"kind": "opened", "happened_at": "2026-01-01T00:00:00Z", "video_sha256": "xy"}}, 422),
        ({"event": {"kind": "opened", "happened_at": "2026-01-01T00:00:00Z", "name": "x"}}, 422),
        ({"role": "officer"}, 403),
    ],
)
def test_what_is_not_signed_fresh_and_known_is_refused(
    bank: Lender, known: tuple[RoomDevice, str], how: dict[str, Any], status: int
) -> None:
    assert report(bank, *known, **how).status_code == status
    with bank.open():
        assert not RoomEvent.objects.exists()


def test_another_doors_secret_and_a_revoked_door_are_refused_alike(bank: Lender, known: tuple[RoomDevice, str]) -> None:
    device, secret = known
    with bank.open():
        other, other_secret = device_make(actor=bank.actor("admin"), name="侧门", place=device.place)
    assert report(bank, device, other_secret).status_code == 403
    with bank.open():
        device_revoke(actor=bank.actor("admin"), device=device)
        with pytest.raises(Conflict):
            device_revoke(actor=bank.actor("admin"), device=device)
    assert report(bank, device, secret).status_code == 403
    assert report(bank, other, other_secret).status_code == 201


def test_another_lenders_key_reports_for_no_door_of_this_one(
    bank: Lender, other: Lender, known: tuple[RoomDevice, str]
) -> None:
    assert report(other, *known).status_code == 403


def test_a_door_has_one_name_and_is_made_by_whoever_may(bank: Lender, known: tuple[RoomDevice, str]) -> None:
    with bank.open():
        with pytest.raises(Invalid):
            device_make(actor=bank.actor("admin"), name="一号库正门", place=known[0].place)
        with pytest.raises(Forbidden):
            device_make(actor=bank.actor("archivist"), name="后门", place=known[0].place)


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM archives_roomevent", "UPDATE archives_roomevent SET badge = ''", "DELETE FROM archives_roomdevice"],
)
def test_plain_sql_changes_nothing_that_was_reported(
    bank: Lender, known: tuple[RoomDevice, str], statement: str
) -> None:
    assert report(bank, *known).status_code == 201
    with bank.open(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_page_narrows_and_the_list_leaves_as_a_file(
    bank: Lender, known: tuple[RoomDevice, str], client_of: Any
) -> None:
    now = timezone.now()
    for serial, kind in enumerate(("opened", "denied")):
        moment = (now - timedelta(minutes=serial)).isoformat()
        sent = report(bank, *known, nonce=f"nonce-{serial:020}", event={"kind": kind, "happened_at": moment})
        assert sent.status_code == 201
    client = client_of(bank, "archivist")
    page = client.get("/archives/rooms/").content.decode()
    assert page.count("st-green") + page.count("st-orange") >= 2
    assert "st-orange" not in client.get("/archives/rooms/?kind=opened").content.decode().partition("doors-head")[0]
    assert client.get("/archives/rooms/?since=nonsense").status_code == 422
    lines = b"".join(client.get("/archives/rooms/csv/?kind=denied").streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert client_of(bank, "officer").get("/archives/rooms/").status_code == 403


def test_the_secret_of_a_new_door_is_shown_once(bank: Lender, client_of: Any) -> None:
    with bank.open():
        place = warehouse(bank)
    client, given = client_of(bank, "admin"), {"name": "正门", "place": str(place.id)}
    assert "reauthenticate" in client.post("/archives/rooms/doors/new/", given)["Location"]
    answer = client.confirmed().post("/archives/rooms/doors/new/", given)
    with bank.open():
        device = RoomDevice.objects.get()
    assert str(device.id) in answer.content.decode()
    assert client.post("/archives/rooms/doors/new/", given).status_code == 422
    assert client.post(f"/archives/rooms/doors/{device.id}/revoke/").status_code == 302
