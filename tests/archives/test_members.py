"""Members of an archive are kept one by one: what was taken before a fault is safe. Really committed, so no db mark."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from carloan.archives import api
from carloan.archives.models import Paper
from carloan.archives.services.receiving import files_receive
from carloan.core import vault
from carloan.core.errors import Unavailable
from carloan.core.models import AuditEvent
from carloan.core.tenancy import NoTenant, tenant_scope
from tests.archives.test_receiving import archive, picture
from tests.cast import Lender
from tests.conftest import TenantClient


def test_members_are_kept_one_by_one_and_each_is_committed_alone(
    committed: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fills at the third file: the two before it are safe, because each had a transaction of its own."""
    put, stored = vault.put, iter(range(9))

    def filling(*args: object, **kwargs: object) -> vault.Sealed:
        if next(stored) == 2:
            raise Unavailable
        return put(*args, **kwargs)  # type: ignore[arg-type]

    with committed.open():
        actor = committed.actor("officer")
    monkeypatch.setattr(vault, "put", filling)
    data = archive(**{f"{n}__png": picture(f"alone {n}") for n in range(4)})
    with tenant_scope(committed.tenant.id), pytest.raises(Unavailable):
        files_receive(actor=actor, files=[("all.zip", data)])
    with committed.open():
        assert Paper.objects.count() == 2


def test_a_request_that_stops_at_a_later_member_keeps_what_was_safe_and_says_so(
    committed: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through HTTP: no transaction spans the request; the answer is an error and names what is safe and what is not."""
    put, stored = vault.put, iter(range(9))

    def filling(*args: object, **kwargs: object) -> vault.Sealed:
        if next(stored) == 2:
            raise Unavailable
        return put(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(vault, "put", filling)
    members = {f"{n}__png": picture(f"stop {n}") for n in range(4)}
    data = archive(notes__txt=b"words", **members)
    key = {"Authorization": committed.key("officer")}
    answer = Client().post("/api/v1/papers/", {"file": SimpleUploadedFile("all.zip", data)}, headers=key)
    assert answer.status_code == 503
    body = answer.json()
    assert body["error"]["code"] == "interrupted"
    assert [one["name"] for one in body["refused"]] == ["notes.txt"]
    assert len(body["papers"]) == 2
    with committed.open():
        assert {str(paper.id) for paper in Paper.objects.all()} == {one["id"] for one in body["papers"]}
        assert AuditEvent.objects.filter(outcome="refused", reason_code="type_unknown").count() == 1
    monkeypatch.setattr(vault, "put", put)
    again = Client().post("/api/v1/papers/", {"file": SimpleUploadedFile("all.zip", data)}, headers=key)
    assert again.status_code == 201
    assert len(again.json()["papers"]) == 4
    with committed.open():
        assert Paper.objects.count() == 4


def test_no_transaction_spans_an_upload_and_no_table_opens_outside_of_one(
    committed: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []

    def looking(**_: object) -> None:
        seen.append(transaction.get_connection().in_atomic_block)
        Paper.objects.count()

    monkeypatch.setattr(api, "files_receive", looking)
    with pytest.raises(NoTenant):
        Client().post(
            "/api/v1/papers/",
            {"file": SimpleUploadedFile("a.png", picture("fence"))},
            headers={"Authorization": committed.key("officer")},
        )
    assert seen == [False]


def test_several_files_of_one_form_are_each_taken_or_told(committed: Lender) -> None:
    client = TenantClient(committed.tenant.slug)
    client.force_login(committed.users["officer"], backend="django.contrib.auth.backends.ModelBackend")
    files = [
        SimpleUploadedFile("one.png", picture("many 1")),
        SimpleUploadedFile("two.txt", b"words"),
        SimpleUploadedFile("three.png", picture("many 3")),
    ]
    answer = client.post("/archives/upload/", {"file": files}, headers={"Accept": "application/json"})
    assert answer.status_code == 201
    assert len(answer.json()["papers"]) == 2
    assert [one["name"] for one in answer.json()["refused"]] == ["two.txt"]
    page = client.post("/archives/upload/", {"file": [SimpleUploadedFile("x.txt", b"x"), SimpleUploadedFile("y", b"")]})
    assert page.status_code == 422
    assert "x.txt" in page.content.decode()
    with committed.open():
        assert Paper.objects.count() == 2
