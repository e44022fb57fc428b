"""The whole way of a paper with PgBouncer in transaction mode before both databases."""

import json
import os
import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from carloan.demonstration import papers
from carloan.loans.models import Loan
from carloan.supervisor.process import wait_until
from carloan.supervisor.roles import LOGINS, role_password, role_url
from tests.archives.specimens import deal, drawn
from tests.cast import Lender, new_lender
from tests.e2e.site import PASSWORD, Site, running_site
from tests.loans.book import open_loan
from tests.operations.pooler import POOL, PROGRAM, pooled
from tests.plugin import owner_urls
from tests.supervisor.places import open_folder

LOANS = {"pooled": range(1, 6), "pooled-too": range(11, 14)}


# Committed for good, so made once, however the tests of this module are put in order.
@pytest.fixture(scope="session")
def lenders(django_db_setup: None, django_db_blocker: Any) -> dict[str, Lender]:
    if not PROGRAM:
        pytest.skip("no PgBouncer here: apt-get install pgbouncer")
    with django_db_blocker.unblock():
        found = {slug: new_lender(slug) for slug in LOANS}
        for slug, lender in found.items():
            lender.users["officer"].set_password(PASSWORD)
            lender.users["officer"].save(update_fields=["password"])
            with lender.open():
                for serial in LOANS[slug]:
                    open_loan(lender.actor("officer"), serial)
    return found


@pytest.fixture(scope="module")
def urls(lenders: dict[str, Lender]) -> Iterator[dict[str, str]]:
    secrets = Path(os.environ["CARLOAN_HOME"]) / "secrets"
    with open_folder() as folder:
        (place := folder / "pooler").mkdir()
        with pooled(place, owner_urls, {role: role_password(role, secrets) for role in LOGINS}) as found:
            yield found


@pytest.fixture(scope="module")
def site(urls: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site"), "pooled", urls) as running:
        yield running


class Visitor:
    """A browser without a window: keeps its cookies."""

    def __init__(self, site: Site) -> None:
        self.host = site.url.removeprefix("http://")
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self.opener.open(f"http://{self.host}{path}", timeout=60) as answer:
            return str(answer.read().decode())

    def sign_in(self, username: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get("/accounts/login/"))
        assert token
        form = {"login": username, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
        request = urllib.request.Request(
            f"http://{self.host}/accounts/login/",
            urllib.parse.urlencode(form).encode(),
            {"Referer": f"http://{self.host}/"},
        )
        with self.opener.open(request, timeout=60) as answer:
            return str(answer.url)


def call(site: Site, lender: Lender, path: str, data: bytes | None = None, kind: str = "") -> dict[str, Any]:
    headers = {"Authorization": lender.key("officer"), **({"Content-Type": kind} if kind else {})}
    request = urllib.request.Request(f"http://{site.url.removeprefix('http://')}/api/v1{path}", data, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own site
        found: dict[str, Any] = json.load(answer)
        return found


def server_connections(urls: dict[str, str]) -> list[int]:
    """Connections of PgBouncer to a database, one number for each database and role."""
    secrets = Path(os.environ["CARLOAN_HOME"]) / "secrets"
    console = role_url(urls["DATABASE_URL"], "app", secrets=secrets).rpartition("/")[0] + "/pgbouncer"
    link = psycopg2.connect(console)
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            cursor.execute("SHOW POOLS")
            columns = [column.name for column in cursor.description or ()]
            rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    finally:
        link.close()
    return [
        sum(int(value) for name, value in row.items() if name in ("sv_active", "sv_idle", "sv_used", "sv_tested"))
        for row in rows
        if row["database"] != "pgbouncer"
    ]


@pytest.mark.django_db(databases=["default", "keystore"])
def test_a_person_signs_in_and_sees_the_loans(site: Site, lenders: dict[str, Lender]) -> None:
    visitor = Visitor(site)
    assert "/t/pooled/" in visitor.sign_in("officer@pooled")
    page = visitor.get("/t/pooled/loans/")
    with lenders["pooled"].open():
        numbers = list(Loan.objects.values_list("contract_no", flat=True))
    assert len(numbers) == len(LOANS["pooled"])
    assert all(number in page for number in numbers)


def test_a_paper_is_uploaded_recognised_and_found(site: Site, lenders: dict[str, Lender]) -> None:
    one = deal(5)
    _, data = drawn(papers.id_card_front(one.buyer))
    boundary = "carloan-boundary"
    body = (
        (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="card.png"\r\n'
            "Content-Type: image/png\r\n\r\n"
        ).encode()
        + data
        + f"\r\n--{boundary}--\r\n".encode()
    )
    lender = lenders["pooled"]
    kept = call(site, lender, "/papers/", body, f"multipart/form-data; boundary={boundary}")
    paper: dict[str, Any] = {}

    def is_read() -> bool:
        paper.update(call(site, lender, f"/papers/{kept['id']}/"))
        return paper["state"] not in ("received", "recognising")

    assert wait_until(is_read, seconds=120, pause=0.5), paper
    assert paper["kind"] == "id_card_front"
    assert paper["fields"]["number"]["value"] == one.buyer.id_number
    found = call(site, lender, f"/papers/?q={one.buyer.id_number}")
    assert kept["id"] in json.dumps(found)
    assert kept["id"] not in json.dumps(call(site, lenders["pooled-too"], f"/papers/?q={one.buyer.id_number}"))


def test_clients_that_share_connections_never_see_each_others_lender(
    site: Site, lenders: dict[str, Lender], urls: dict[str, str]
) -> None:
    def counted(slug: str) -> tuple[str, int]:
        return slug, len(call(site, lenders[slug], "/loans/")["results"])

    with ThreadPoolExecutor(8) as many:
        for slug, count in many.map(counted, list(LOANS) * 20):
            assert count == len(LOANS[slug])
    connections = server_connections(urls)
    assert connections
    assert max(connections) <= POOL
