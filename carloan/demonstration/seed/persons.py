"""What customers agreed to, and what some of them ask about their data: in time, late, answered and refused."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from carloan.compliance.models import PersonRequest
from carloan.compliance.services.consents import consent_record
from carloan.compliance.services.copies import copy_ask
from carloan.compliance.services.person_rights import (
    request_answer,
    request_identify,
    request_refuse,
    request_register,
    request_withdraw,
)
from carloan.compliance.services.stops import stop_place
from carloan.compliance.services.transfers import condition_decide, recipient_name
from carloan.core.actors import Actor
from carloan.core.models import Tenant
from carloan.core.tenancy import tenant_atomic
from carloan.demonstration.lenders import Lender
from carloan.demonstration.seed.book import actor_of
from carloan.loans.models import LoanParty

# What each of the first customers said: purpose, channel, given, separate, how it is shown, how many days ago.
_SAYINGS = (
    (("credit_query", "any", True, False, "paper", 420), ("credit_report", "any", True, False, "paper", 420),
     ("marketing", "sms", True, False, "form", 200)),
    (("credit_query", "any", True, False, "paper", 300), ("location", "any", True, True, "paper", 300),
     ("collection", "call", True, False, "recording", 30)),
    (("marketing", "wechat", True, False, "form", 150), ("marketing", "any", False, False, "", 20)),
    (("biometric", "any", True, True, "form", 90),),
)  # fmt: skip


def ask_and_agree(lender: Lender, tenant: Tenant) -> None:
    """As the compliance officer enters them: once, in one transaction."""
    with tenant_atomic(tenant.id):
        if PersonRequest.objects.exists():
            return
        officer = actor_of(tenant, f"{lender.slug}.compliance")
        people = _customers(len(_ASKS))
        for party_id, sayings in zip(people, _SAYINGS, strict=False):
            for purpose, channel, given, separate, proof, ago in sayings:
                consent_record(
                    actor=officer, party_id=party_id, purpose=purpose, channel=channel, given=given, separate=separate,
                    proof=proof, evidence="授权书" if given else "", said_at=timezone.now() - timedelta(days=ago),
                )  # fmt: skip
        for ask, party_id in zip(_ASKS, people, strict=False):
            ask(officer, party_id)


def _customers(most: int) -> list[UUID]:
    """Borrowers whose loans run, by their contracts."""
    rows = LoanParty.objects.filter(role=LoanParty.Role.BORROWER, loan__state="servicing", party__kind="person")
    return list(dict.fromkeys(rows.order_by("loan__contract_no").values_list("party_id", flat=True)[: 2 * most]))[:most]


def _asked(officer: Actor, party_id: UUID, kind: str, channel: str, words: str, *, ago: int) -> PersonRequest:
    received_on = timezone.localdate() - timedelta(days=ago)
    return request_register(
        actor=officer, party_id=party_id, kind=kind, channel=channel, received_on=received_on, words=words
    )


def _working(officer: Actor, request: PersonRequest, identity: str) -> PersonRequest:
    return request_identify(actor=officer, request=request, identity=identity)


def _copy(officer: Actor, party_id: UUID) -> None:
    """A copy, which the worker gathers."""
    request = _asked(officer, party_id, "copy", "counter", "请提供贵行持有的我的全部个人信息。", ago=3)
    copy_ask(actor=officer, request=_working(officer, request, "document"))


def _correction(officer: Actor, party_id: UUID) -> None:
    """Late: nobody has checked who asks."""
    _asked(officer, party_id, "correct", "letter", "住址已变更，请更正为新址，附派出所证明复印件。", ago=45)


def _deletion(officer: Actor, party_id: UUID) -> None:
    """Refused, because the law keeps the records: they are kept apart from use from then on."""
    request = _working(officer, _asked(officer, party_id, "delete", "online", "请删除我的全部资料。", ago=12), "code")
    stop_place(actor=officer, party_id=party_id, reason="kept_by_law", request=request)
    request_refuse(
        actor=officer, request=request, refusal="kept_by_law", evidence="保管期限策略第 1 版",
        answer="依照《反洗钱法》第三十四条，身份资料与交易记录须保存十年；已停止除存储和安全保护之外的处理。",
    )  # fmt: skip


def _review(officer: Actor, party_id: UUID) -> None:
    request = _asked(officer, party_id, "review", "phone", "对系统评分结果有异议，要求人工复核。", ago=6)
    _working(officer, request, "callback")


def _objection(officer: Actor, party_id: UUID) -> None:
    """Its twenty days are nearly over."""
    request = _asked(officer, party_id, "objection", "counter", "征信报告显示一期逾期，本人已按期还款。", ago=18)
    _working(officer, request, "document")


def _complaint(officer: Actor, party_id: UUID) -> None:
    """Passed on by the regulator, and late."""
    request = _asked(officer, party_id, "complaint", "regulator", "监管转办：客户反映催收电话频繁。", ago=20)
    _working(officer, request, "regulator")


def _withdrawal(officer: Actor, party_id: UUID) -> None:
    request = _asked(officer, party_id, "withdraw", "phone", "不再接收营销短信。", ago=4)
    request = _working(officer, request, "callback")
    consent_record(
        actor=officer, party_id=party_id, purpose="marketing", channel="any", given=False,
        said_at=timezone.now() - timedelta(days=4), request=request,
    )  # fmt: skip
    request_answer(actor=officer, request=request, answer="已撤回营销同意，即日起不再发送。", evidence="同意登记")


def _explanation(officer: Actor, party_id: UUID) -> None:
    _asked(officer, party_id, "explain", "email", "请说明资料共享给了哪些机构。", ago=2)


def _transfer(officer: Actor, party_id: UUID) -> None:
    """To a handler whom the customer names; two of the four conditions are decided."""
    request = _asked(officer, party_id, "transfer", "counter", "请将我的贷款信息转移至我指定的金融机构。", ago=5)
    request = _working(officer, request, "document")
    recipient_name(
        actor=officer, request=request, name="海城第二汽车金融有限公司", contact="021-60001234（客户服务部）"
    )
    for code, reason in (("identity", "柜面核验身份证原件，经办人二人在场。"), ("scope", "均为本人借款合同项下信息。")):
        condition_decide(actor=officer, request=request, code=code, met=True, reason=reason)


def _taken_back(officer: Actor, party_id: UUID) -> None:
    request = _asked(officer, party_id, "copy", "online", "申请查阅复制。", ago=9)
    request_withdraw(actor=officer, request=request)


_ASKS = (
    _copy, _correction, _deletion, _review, _objection, _complaint, _withdrawal, _explanation, _taken_back,
    _transfer,
)  # fmt: skip
