"""The pages as a role sees them: masked as that role, never more than one's own, without any act, and told."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from carloan.core.access import rights_of_role
from carloan.core.actors import Actor, Right
from carloan.core.models import AuditEvent, Role, RoleCapability, RolePreview
from carloan.core.preview import both
from carloan.core.services.previews import previews_sweep
from tests.cast import Lender
from tests.loans.book import open_loan

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def begin(client: Any, lender: Lender, role: str, branch: str = "") -> None:
    with lender.open():
        chosen = Role.objects.get(key=role).id
    where = lender.branches[branch].id if branch else ""
    assert client.post("/roles/preview/", {"role": chosen, "branch": where}).status_code == 302


def acts(lender: Lender) -> list[str]:
    with lender.open():
        rows = AuditEvent.objects.filter(action__startswith="core.preview.").order_by("id")
        return list(rows.values_list("action", flat=True))


def test_pages_are_those_of_the_role_and_say_so(client_of: Any, bank: Lender) -> None:
    with bank.open():
        loan = open_loan(bank.system, branch_id=bank.branches["east"].id)
    admin = client_of(bank, "admin")
    own = text(admin.get(f"/loans/{loan.id}/"))
    begin(admin, bank, "service")
    page = admin.get("/home/")
    assert "以「客服」身份预览" in text(page)
    assert admin.get("/people/").status_code == 403
    seen, real = text(admin.get(f"/loans/{loan.id}/")), text(client_of(bank, "service").get(f"/loans/{loan.id}/"))

    def main(page: str) -> str:
        return page.partition('<div class="content">')[2].partition("</main>")[0]

    assert main(seen) == main(real) != main(own)


def test_nothing_can_be_done_and_nothing_taken_away(client_of: Any, bank: Lender) -> None:
    admin = client_of(bank, "admin").confirmed()
    begin(admin, bank, "officer")
    with bank.open():
        before = AuditEvent.objects.count()
    refused = [
        admin.post(f"/people/{bank.members['service'].id}/deactivate/"),
        admin.post("/roles/", {"service:people.view": "all", "confirm": "yes", "reason": "x"}),
        admin.post("/loans/new/", {}),
        admin.post("/api/v1/loans/", "{}", content_type="application/json"),
        admin.get("/loans/export.csv"),
    ]
    assert [answer.status_code for answer in refused] == [403] * 5
    assert refused[3].json()["error"]["code"] == "preview"
    with bank.open():
        assert AuditEvent.objects.count() == before
    assert admin.get("/loans/").status_code == 200


def test_a_branch_narrows_what_is_seen(client_of: Any, bank: Lender) -> None:
    with bank.open():
        RoleCapability.objects.filter(role__key="officer", capability="loans.view").update(scope="branch")
        east = open_loan(bank.system, branch_id=bank.branches["east"].id)
        west = open_loan(bank.system, 2, branch_id=bank.branches["west"].id)
    admin = client_of(bank, "admin")
    begin(admin, bank, "officer", "east")
    assert admin.get(f"/loans/{east.id}/").status_code == 200
    assert admin.get(f"/loans/{west.id}/").status_code == 404


def test_a_preview_shows_no_more_than_its_person_may_see(client_of: Any, bank: Lender) -> None:
    with bank.open():
        RoleCapability.objects.filter(role__key="admin", capability__startswith="loans.").delete()
        loan = open_loan(bank.system, branch_id=bank.branches["east"].id)
    admin = client_of(bank, "admin")
    assert admin.get(f"/loans/{loan.id}/").status_code == 403
    begin(admin, bank, "officer")
    page = admin.get("/home/")
    assert page.context["preview"].withheld
    assert admin.get(f"/loans/{loan.id}/").status_code == 403


def test_what_both_may(bank: Lender) -> None:
    east, west = bank.branches["east"].id, bank.branches["west"].id
    everywhere, local = Right(everywhere=True, own=True), Right(branches=frozenset({east}), own=True)
    assert everywhere & local == local == local & everywhere
    assert local & Right(branches=frozenset({west}), own=True) == Right(own=True)
    assert both({"a": local}, {"a": Right(branches=frozenset({west}))}) == {}
    assert both({"a": local, "b": local}, {"a": everywhere, "c": local}) == {"a": local}
    with bank.open():
        role = Role.objects.get(key="compliance")
        assert "trail.view" in rights_of_role(role.id, None)
        assert "trail.view" not in rights_of_role(role.id, east), "a right over the whole lender comes with no branch"


def test_begin_and_end_stand_in_the_trail(client_of: Any, bank: Lender) -> None:
    admin = client_of(bank, "admin")
    begin(admin, bank, "service")
    assert acts(bank) == ["core.preview.begun"]
    assert admin.post("/preview/end/").status_code == 302
    assert acts(bank) == ["core.preview.begun", "core.preview.ended"]
    assert admin.get("/people/").status_code == 200
    assert admin.post("/preview/end/").status_code == 302, "twice is once"
    assert len(acts(bank)) == 2
    with bank.open():
        event = AuditEvent.objects.get(action="core.preview.ended")
        assert (event.actor_id, event.reason_code) == (bank.members["admin"].id, "preview_person")


def test_a_preview_ends_by_itself(client_of: Any, bank: Lender) -> None:
    admin = client_of(bank, "admin")
    begin(admin, bank, "service")
    with bank.open():
        now = timezone.now()
        RolePreview.objects.update(started_at=now - timedelta(minutes=20), ends_at=now - timedelta(minutes=5))
    assert admin.get("/people/").status_code == 200
    assert acts(bank)[-1] == "core.preview.ended"
    with bank.open():
        assert RolePreview.objects.get().ended_by == "time"


def test_one_that_nobody_comes_back_to_is_ended_by_the_sweep(client_of: Any, bank: Lender) -> None:
    begin(client_of(bank, "admin"), bank, "service")
    with bank.open():
        system = Actor.system(bank.tenant.id, "sweep")
        assert previews_sweep(actor=system) == 0
        now = timezone.now()
        RolePreview.objects.update(started_at=now - timedelta(minutes=20), ends_at=now - timedelta(minutes=5))
        assert previews_sweep(actor=system) == 1
        assert previews_sweep(actor=system) == 0
    assert acts(bank) == ["core.preview.begun", "core.preview.ended"]


def test_only_those_who_may_see_the_matrix_look_as_a_role(client_of: Any, bank: Lender) -> None:
    officer = client_of(bank, "officer")
    with bank.open():
        role = Role.objects.get(key="admin").id
    assert officer.post("/roles/preview/", {"role": role}).status_code == 403
    assert acts(bank) == []
    reader = client_of(bank, "compliance")
    begin(reader, bank, "service")
    assert "以「客服」身份预览" in text(reader.get("/home/"))
    assert "身份预览" not in text(client_of(bank, "admin").get("/home/")), "only in the session that began it"


def test_whoever_loses_the_right_meanwhile_is_themselves_again(client_of: Any, bank: Lender) -> None:
    reader = client_of(bank, "compliance")
    begin(reader, bank, "service")
    with bank.open():
        RoleCapability.objects.filter(role__key="compliance", capability__in=["roles.view", "roles.manage"]).delete()
    assert "身份预览" not in text(reader.get("/home/"))
    with bank.open():
        assert RolePreview.objects.get().ended_at is not None
