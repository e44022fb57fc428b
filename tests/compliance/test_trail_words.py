"""Nothing that an act wrote down is told to people by the code's own name."""

import ast
import re
from collections import Counter
from typing import Any

import pytest
from django.urls import get_resolver
from django.utils import translation

from carloan.archives.recognition.refusals import MESSAGES
from carloan.archives.services.filing import paper_correct
from carloan.compliance.forms import acts_by_app
from carloan.compliance.names import field_label, reason_label, type_label
from carloan.compliance.selectors.trail import trail_page
from carloan.compliance.values import changes_of
from carloan.core import audit
from carloan.core.acts import act_label, all_acts
from carloan.core.capabilities import all_capabilities
from carloan.core.models import AuditEvent
from carloan.loans.models import Loan
from tests.archives.conftest import loan_for, transcribed
from tests.cast import Lender
from tests.test_layout import sources

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])


@pytest.fixture
def loan(bank: Lender) -> Loan:
    with bank.open():
        return loan_for(bank)


def recorded_fields() -> set[tuple[str, str]]:
    """(type, field) of every field that a service writes down in so many words as before or after of its act."""
    found: set[tuple[str, str]] = set()
    for _, path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            given = {word.arg: word.value for word in node.keywords} if isinstance(node, ast.Call) else {}
            kind = given.get("object_type")
            if not isinstance(kind, ast.Constant):
                continue
            for values in (given.get("before"), given.get("after")):
                literals = [part for part in ast.walk(values) if isinstance(part, ast.Dict)] if values else []
                for literal in literals[:1]:
                    keys = [key.value for key in literal.keys if isinstance(key, ast.Constant)]
                    found |= {(str(kind.value), str(key)) for key in keys}
    return found


def test_every_field_of_an_act_has_a_name_for_people() -> None:
    fields = recorded_fields()
    assert ("core.branch", "parent") in fields
    with translation.override("zh-hans"):
        nameless = [(kind, name) for kind, name in sorted(fields) if field_label(kind, name).isascii()]
    assert not nameless, nameless


def test_every_part_of_the_api_has_a_name_for_people() -> None:
    names = [str(name) for name in get_resolver().reverse_dict if str(name).startswith("api-")]
    assert len(names) >= 7
    with translation.override("zh-hans"):
        nameless = [name for name in names if type_label(name) == name or "（API）" not in type_label(name)]
    assert not nameless, nameless


def test_every_reason_why_a_file_is_not_taken_has_few_words() -> None:
    with translation.override("zh-hans"):
        told = {code: reason_label(code) for code in [*MESSAGES, "nothing_taken"]}
    assert not [code for code, words in told.items() if words == code or len(words) > 20 or "%" in words]


# One word an act -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_act_has_a_word_of_its_own(language: str) -> None:
    """Neither the same word twice, nor two words that differ by no more than a filler."""
    with translation.override(language):
        words = [str(label) for label in all_acts().values()]
        assert len(words) > 70
        bare = Counter(re.sub(r"[\s已被了的]|\b(the|a|of)\b|s\b", "", word.lower()) for word in words)
        offered = [label for _app, acts in acts_by_app() for _code, label in acts]
    assert [word for word, count in bare.items() if count > 1] == []
    assert sorted(offered) == sorted(words)


def test_an_act_that_was_called_otherwise_before_is_one_choice_and_is_found(bank: Lender) -> None:
    with bank.open():
        for action in ("loans.saved_view.kept", "core.saved_view.kept"):
            audit.record(actor=bank.system, action=action, object_type="core.savedview")
        page = trail_page(bank.actor("compliance"), {"action": "core.saved_view.kept"}, zone="Asia/Shanghai")
        assert {entry.event.action for entry in page.entries} == {"loans.saved_view.kept", "core.saved_view.kept"}
        assert act_label("loans.saved_view.kept") == act_label("core.saved_view.kept")
    assert "loans.saved_view.kept" not in all_acts()


# Values ------------------------------------------------------------------------------------------------------------


def told(lender: Lender, action: str, object_type: str, *, language: str = "zh-hans", **after: Any) -> dict[str, Any]:
    """What the page says of the values of an act, by the name of each field."""
    event_id = audit.record(actor=lender.system, action=action, object_type=object_type, after=after)
    event = AuditEvent.objects.get(id=event_id)
    with translation.override(language):
        changes = changes_of(lender.actor("compliance"), event, audit.open_detail(event))
    return {label: value for label, _before, value in changes}


def test_a_correction_says_kinds_and_values_as_the_desk_does(bank: Lender) -> None:
    with bank.open():
        paper = transcribed(bank, {"name": "李监", "valid_to": "2030-01-01"}, kind="id_card_front")
        paper_correct(
            actor=bank.actor("archivist"), paper=paper, revision=paper.revision, kind="vehicle_licence",
            values={"name": "李蓝", "valid_to": "长期"},
        )  # fmt: skip
        event = AuditEvent.objects.get(action="archives.paper.corrected")
        for language, (label, before, after) in {
            "zh-hans": ("类型", "身份证（人像面）", "行驶证"),
            "en": ("Kind", "ID card, front", "Vehicle licence"),
        }.items():
            with translation.override(language):
                changes = {name: (old, new) for name, old, new in changes_of(
                    bank.actor("compliance"), event, audit.open_detail(event)
                )}  # fmt: skip
                assert changes[label] == (before, after)
                assert ("李监", "李蓝") in changes.values()
                assert ("2030-01-01", "长期") in changes.values()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_value_of_an_act_is_told_by_its_code(bank: Lender, loan: Loan, language: str) -> None:
    """Each way in which services write values down, with the codes, keys, amounts and ids that they write."""
    head = bank.branches["head"].code
    member, batch = bank.members["officer"], {"contract_no": "合同编号", "borrower_id": "证件号码"}
    acts: list[tuple[str, str, dict[str, Any]]] = [
        ("archives.paper.filed", "archives.paper", {"kind": "bank_card", "problems": ["id_check", "expired"]}),
        ("archives.paper.unfiled", "archives.paper", {"state": "review", "desk": True}),
        ("archives.paper.moved", "archives.paper", {"loan": loan.id}),
        ("archives.paper.received", "archives.paper", {"size": 147190}),
        ("archives.paper.given_up", "archives.paper", {"error": "worker lost"}),
        ("archives.paper.corrected", "archives.paper", {"total": "6900000", "rate": "68700",
                                                        "insurance_type": "compulsory"}),
        ("archives.page.viewed", "archives.paper", {"page": 1, "as_received": True}),
        ("archives.papers.assigned", "archives.paper", {"member": member.id}),
        ("loans.loan.opened", "loans.loan", {"principal": 10_000_000, "rate_ppm": 68_700, "method": "balloon",
                                             "state": "servicing"}),
        ("loans.loans.exported", "loans.loan", {"kind": "csv", "state": "servicing", "age": "0", "mine": True,
                                                "least": 100_000, "sort": "-opened", "text_search": True,
                                                "branch_id": bank.branches["east"].id}),
        ("loans.loans.read", "loans.loan", {"loans": [str(loan.id)]}),
        ("loans.loan_party.added", "loans.loanparty", {"role": "co_borrower", "guarantee": "joint"}),
        ("loans.vehicle.entered", "loans.vehicle", {"condition": "new", "use": "ride_hailing", "price": 12_000_000}),
        ("loans.payment.booked", "loans.payment", {"amount": 123_456, "penalty": 0}),
        ("loans.contact_point.ended", "loans.contactpoint", {"state": "invalid"}),
        ("loans.import.mapped", "loans.importbatch", {"columns": batch}),
        ("loans.import.uploaded", "loans.importbatch", {"profile": "core-cn", "masked": False}),
        ("core.job.started", "core.job", {"kind": "loans.import", "total": 3}),
        ("core.search.read", "core.search", {"hits": [f"loan {loan.id}"]}),
        ("core.api_key.made", "core.apikey", {"role": "archivist", "scopes": ["papers.view", "trail.view"]}),
        ("core.saved_view.kept", "core.savedview", {"query": "state=servicing&age=1-30&sort=-overdue"}),
        ("core.branch.changed", "core.branch", {"parent": head, "name": "城东支行", "time_zone": ""}),
        ("core.member.deactivated", "core.membership", {"roles": ["officer *", f"archivist {head}"]}),
        ("core.role.assigned", "core.membership", {"role": "officer", "branch": "*"}),
        ("core.roles.changed", "core.role", {"officer.papers.view": "branch", "officer.trail.view": "none"}),
        ("core.role.added", "core.role", {"like": "officer"}),
        ("core.tenant.changed", "core.tenant", {"kind": "leasing", "require_mfa": True}),
        ("core.calendar.day_set", "core.calendarday", {"is_off": True}),
        ("compliance.trail.read", "core.auditevent", {"filters": ["action", "since", "loan_id"]}),
    ]  # fmt: skip
    raw = re.compile(r"[a-z]+([_.][a-z0-9]+)*|\d{6,}|[0-9a-f-]{36}|True|False")
    with bank.open():
        for action, object_type, after in acts:
            for label, value in told(bank, action, object_type, language=language, **after).items():
                said = re.split(r"[、,:]\s?", str(value))
                assert not [part for part in said if raw.fullmatch(part) and part not in ("yes", "no", "none")], (
                    action, label, value,
                )  # fmt: skip
                assert not raw.fullmatch(label), (action, label)
                if language == "zh-hans":
                    assert not label.isascii(), (action, label)


def test_amounts_rates_and_rights_are_told_as_pages_show_them(bank: Lender, loan: Loan) -> None:
    with bank.open():
        opened = told(bank, "loans.loan.opened", "loans.loan", principal=10_000_000, rate_ppm=68_700)
        assert list(opened.values()) == ["¥100,000.00", "6.87%"]
        again = told(bank, "loans.payment.reallocated", "loans.payment", compound=10_000, unallocated=0)
        assert again == {"复利": "¥100.00", "未分配": "¥0.00"}
        for shown, words in (("", "全部"), ("doubtful", "存疑行"), ("rejected", "未导入")):
            taken = told(bank, "loans.import.results_downloaded", "loans.importbatch", shown=shown)
            assert taken == {"导出的行": words}
        matrix = told(bank, "core.roles.changed", "core.role", **{"officer.papers.view": "branch"})
        assert matrix == {"信贷员 · 查看材料及识别结果": "本网点及下级"}
        assert told(bank, "core.saved_view.kept", "core.savedview", name="逾期") == {"名称": "逾期"}
        assert told(bank, "loans.loans.read", "loans.loan", loans=[str(loan.id)]) == {"贷款": loan.contract_no}


def test_the_page_of_an_event_costs_the_same_however_much_it_tells(
    bank: Lender, django_assert_max_num_queries: Any
) -> None:
    with bank.open():
        values = {f"officer.{code.code}": "all" for code in all_capabilities()}
        event_id = audit.record(actor=bank.system, action="core.roles.changed", object_type="core.role", after=values)
        event = AuditEvent.objects.get(id=event_id)
        detail = audit.open_detail(event)
        with django_assert_max_num_queries(4):
            assert len(changes_of(bank.actor("compliance"), event, detail)) == len(values)
