"""The matrix as people work with it: filtered, compared, changed with its effects told, its history, its file."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from carloan.core.errors import Invalid
from carloan.core.models import AuditEvent, MatrixChange, Role, RoleCapability
from carloan.core.selectors_rights import effects_of, matrix_acts
from carloan.core.services.roles import MatrixMoved, matrix, matrix_change, role_add
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def admin(client_of: Any, bank: Lender) -> Any:
    return client_of(bank, "admin").confirmed()


def test_a_change_without_a_reason_is_none(bank: Lender, admin: Any) -> None:
    with bank.open():
        for nothing in ("", "  ", "\u200b"):
            with pytest.raises(Invalid):
                matrix_change(actor=bank.actor("admin"), wanted={"service": {"people.view": "all"}}, reason=nothing)
    answer = admin.post("/roles/", {"service:people.view": "all", "was": "service:people.view=", "confirm": "yes"})
    assert answer.status_code == 422
    assert "id_reason_error" in text(answer)
    with bank.open():
        assert "people.view" not in matrix()["service"]


def test_the_effects_are_told_role_by_role_with_those_whom_they_touch(bank: Lender, admin: Any) -> None:
    with bank.open():
        found = {
            effect.role.key: effect
            for effect in effects_of(
                bank.actor("admin"),
                [("service", "people.view", "", "own"), ("officer", "home.view", "all", "branch")],
            )
        }
        assert [step.after for step in found["service"].gains] == ["本人"]
        assert found["service"].loses == []
        assert [step.before for step in found["officer"].loses] == ["全部"]
        assert found["officer"].people == ["officer 张"]
        assert found["officer"].keys == 1
    page = text(admin.post("/roles/", {"service:people.view": "own"}))
    assert "service 张" in page
    assert "涉及 1 人" in page


def test_whoever_was_overtaken_hears_what_changed_and_by_whom(bank: Lender, admin: Any) -> None:
    with bank.open():
        matrix_change(actor=bank.actor("admin"), wanted={"service": {"people.view": "all"}}, reason="先到")
        with pytest.raises(MatrixMoved) as moved:
            matrix_change(
                actor=bank.actor("admin"), wanted={"service": {"people.view": "own"}},
                seen={"service": {"people.view": ""}}, reason="后到",
            )  # fmt: skip
        assert moved.value.data["cells"] == [("service", "people.view", "", "all")]
    late = {"service:people.view": "own", "was": "service:people.view=", "confirm": "yes", "reason": "后到"}
    answer = admin.post("/roles/", late)
    assert answer.status_code == 409
    page = text(answer)
    assert "未保存" in page
    assert "admin 张" in page
    assert 'value="service:people.view=all"' in page, "the next try stands on what is there now"
    assert "后到" in page
    with bank.open():
        assert matrix()["service"]["people.view"] == "all"
    again = {**late, "was": "service:people.view=all"}
    assert admin.post("/roles/", again).status_code == 302
    with bank.open():
        assert matrix()["service"]["people.view"] == "own"


def test_the_history_tells_each_act_with_its_reason_and_its_event(bank: Lender, admin: Any, client_of: Any) -> None:
    with bank.open():
        actor = bank.actor("admin")
        wanted = {"service": {"people.view": "all", "home.view": "branch"}}
        matrix_change(actor=actor, wanted=wanted, reason="客服需查询通讯录")
        role_add(actor=actor, key="senior", name="高级客服", like=Role.objects.get(key="service"))
        event = AuditEvent.objects.get(action="core.roles.changed")
        acts, older = matrix_acts(actor)
        assert older is None
        assert [len(act.steps) for act in acts] == [RoleCapability.objects.filter(role__key="senior").count(), 2]
        assert (acts[1].event_id, acts[1].reason, acts[1].by) == (event.id, "客服需查询通讯录", "admin 张")
        newest, older = matrix_acts(actor, limit=1)
        assert len(newest) == 1
        assert older == newest[0].event_id
        assert [act.event_id for act in matrix_acts(actor, before=older)[0]] == [event.id]
        assert [act.event_id for act in matrix_acts(actor, role="service")[0]] == [event.id]
    page = text(admin.get("/roles/changes/"))
    assert "客服需查询通讯录" in page
    assert f"/compliance/trail/{event.id}/" in page
    assert client_of(bank, "officer").get("/roles/changes/").status_code == 403


def test_the_history_is_never_changed(bank: Lender) -> None:
    with bank.open():
        matrix_change(actor=bank.actor("admin"), wanted={"service": {"people.view": "all"}}, reason="复核")
        for act in (lambda: MatrixChange.objects.update(reason="x"), lambda: MatrixChange.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()


def test_the_filter_narrows_by_text_module_roles_and_difference(bank: Lender, admin: Any) -> None:
    def shown(query: str) -> tuple[set[str], list[str]]:
        found = admin.get(f"/roles/?{query}").context["matrix"]
        return {row.code for group in found.groups for row in group.rows}, [role.key for role in found.roles]

    everything, roles = shown("")
    assert len(roles) == 7
    assert shown("q=PEOPLE.")[0] == {"people.view", "people.manage"}
    assert shown("q=工作台")[0] == {"home.view"}
    assert shown("q=nothing-is-called-so")[0] == set()
    differ, two = shown("role=officer&also=archivist&only=differ")
    assert two == ["officer", "archivist"]
    with bank.open():
        now = matrix()
    assert differ == {code for code in everything if now["officer"].get(code) != now["archivist"].get(code)}
    assert shown("role=service&only=held")[0] == set(now["service"])
    group = admin.get("/roles/").context["matrix"].groups[0]
    assert shown(f"group={group.label}")[0] == {row.code for row in group.rows}


def test_a_matrix_of_many_roles_costs_no_more_queries(bank: Lender, admin: Any) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            admin.get("/roles/")
        return len(queries)

    asked()
    before = asked()
    with bank.open():
        for number in range(20):
            role_add(
                actor=bank.actor("admin"), key=f"r{number}", name=f"角色{number}", like=Role.objects.get(key="admin")
            )
    assert asked() == before
    assert "角色19" in text(admin.get("/roles/"))


def test_the_matrix_leaves_as_a_file_and_that_is_told(bank: Lender, admin: Any, client_of: Any) -> None:
    with bank.open():
        role_add(actor=bank.actor("admin"), key="evil", name="=1+1", like=None)
    answer = admin.get("/roles/csv/?q=people.")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "'=1+1" in lines[0]
    assert "people.view" in lines[1]
    with bank.open():
        assert AuditEvent.objects.filter(action="core.roles.exported").count() == 1
    assert client_of(bank, "officer").get("/roles/csv/").status_code == 403
