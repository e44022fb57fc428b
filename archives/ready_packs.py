"""The template packs that every lender begins with (车贷档案管理模板包). They are data of the lender from then on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from carloan.archives.policies.checklist import Of
from carloan.archives.policies.conditions import Condition, Question
from carloan.archives.policies.packs import PRINTED, ItemDraft

_PERSON: Final = Condition(((Question("holder", "is", "person"),),))
_COMPANY: Final = Condition(((Question("holder", "is", "organisation"),),))
_GUARANTEED: Final = Condition(((Question("guarantor", "is", True),),))
# 50 万元: from so much on the usual house rules ask for proof of income in writing.
_LARGE: Final = Condition(((Question("principal", "at_least", 50_000_000),),))
_LEASE: Final = Condition(((Question("product", "is", "lease"),),))
_NO_LEASE: Final = Condition(((Question("product", "is_not", "lease"),),))
_NEW: Final = Condition(((Question("product", "is", "new_car"),),))
_SECOND_HAND: Final = Condition(((Question("product", "is", "used_car"),), (Question("product", "is", "car_pledge"),)))


@dataclass(frozen=True, slots=True)
class ReadyPack:
    """A pack as it ships."""

    code: str
    name: str
    name_en: str
    products: tuple[str, ...]
    party: str
    items: tuple[ItemDraft, ...]


def _identity(key: str, of: Of, who: str, who_en: str, condition: Condition) -> tuple[ItemDraft, ItemDraft]:
    front = ItemDraft(
        key=f"{key}_front", name=f"{who}身份证(人像面)", name_en=f"ID card of the {who_en}, front", stage="application",
        kinds=("id_card_front",), of=of, condition=condition, confidentiality="confidential", urgent=True,
    )  # fmt: skip
    back = replace(
        front, key=f"{key}_back", name=f"{who}身份证(国徽面)", name_en=f"ID card of the {who_en}, back",
        kinds=("id_card_back",), expires=PRINTED,
    )  # fmt: skip
    return front, back


_OTHERS: Final = (
    *_identity("co_borrower_id", Of.CO_BORROWER, "共同借款人", "co-borrower", _PERSON),
    *_identity("guarantor_id", Of.GUARANTOR, "保证人", "guarantor", _PERSON),
    ItemDraft(
        key="guarantor_licence", name="保证人营业执照", name_en="Business licence of the guarantor",
        stage="application", kinds=("business_licence",), of=Of.GUARANTOR, condition=_COMPANY,
    ),
)  # fmt: skip
_APPLICANT: Final = (
    *_identity("borrower_id", Of.BORROWER, "借款人", "borrower", Condition()),
    *_OTHERS,
    ItemDraft(
        key="driving_licence", name="驾驶证", name_en="Driving licence", stage="application",
        kinds=("driving_licence",), of=Of.BORROWER, required=False, expires=PRINTED,
        confidentiality="confidential", urgent=True,
    ),
)  # fmt: skip
_ASKED: Final = (
    ItemDraft(key="application_form", name="贷款申请表", name_en="Application form", stage="application"),
    ItemDraft(
        key="credit_consent", name="征信查询授权书", name_en="Consent to the credit inquiry", stage="application",
        confidentiality="confidential", urgent=True, original=True,
    ),
    ItemDraft(
        key="income", name="收入证明", name_en="Proof of income", stage="application", condition=_LARGE,
        confidentiality="confidential", urgent=True,
    ),
    ItemDraft(
        key="bank_statement", name="银行流水", name_en="Bank statements", stage="application", required=False,
        confidentiality="confidential", urgent=True,
    ),
)  # fmt: skip
_APPROVED: Final = (
    ItemDraft(key="decision", name="审批意见表", name_en="Record of the credit decision", stage="approval"),
    ItemDraft(key="down_payment", name="首付款凭证", name_en="Proof of the down payment", stage="approval"),
)
_CONTRACT: Final = ItemDraft(
    key="contract", name="借款合同", name_en="Loan contract", stage="disbursal", kinds=("loan_contract",),
    confidentiality="confidential", important=True, original=True,
)  # fmt: skip
_MORTGAGE: Final = ItemDraft(
    key="mortgage_contract", name="抵押合同", name_en="Mortgage contract", stage="disbursal",
    kinds=("mortgage_contract",), confidentiality="confidential", important=True, original=True,
)  # fmt: skip
_GUARANTEE: Final = ItemDraft(
    key="guarantee_contract", name="保证合同", name_en="Contract of guarantee", stage="disbursal",
    condition=_GUARANTEED, confidentiality="confidential", important=True, original=True,
)  # fmt: skip
_TITLE: Final = ItemDraft(
    key="title", name="机动车登记证书", name_en="Vehicle registration certificate", stage="disbursal",
    kinds=("vehicle_registration_certificate",), confidentiality="confidential", important=True, original=True,
)  # fmt: skip
_INVOICE: Final = ItemDraft(
    key="sales_invoice", name="机动车销售统一发票", name_en="Vehicle sales invoice", stage="disbursal",
    kinds=("vehicle_sales_invoice",), important=True,
)  # fmt: skip
_PAID_OUT: Final = (
    ItemDraft(
        key="insurance", name="交强险和商业险保单", name_en="Compulsory and commercial insurance policies",
        stage="disbursal", kinds=("insurance_policy",),
    ),
    ItemDraft(
        key="bank_card", name="还款银行卡", name_en="Bank card for repayment", stage="disbursal", kinds=("bank_card",),
        confidentiality="confidential", urgent=True,
    ),
    ItemDraft(
        key="gps", name="GPS安装单", name_en="GPS installation sheet", stage="disbursal", required=False,
    ),
)  # fmt: skip
_RUNNING: Final = (
    ItemDraft(
        key="insurance_in_force", name="在保保单(第一受益人为出借人)", name_en="Insurance in force, lender endorsed",
        stage="servicing", kinds=("insurance_policy",), expires=PRINTED,
    ),
    ItemDraft(
        key="vehicle_licence", name="行驶证(年检有效)", name_en="Vehicle licence, inspection valid", stage="servicing",
        kinds=("vehicle_licence",), expires=PRINTED,
    ),
)  # fmt: skip
_SETTLED: Final = (
    ItemDraft(
        key="settlement", name="结清证明", name_en="Settlement certificate", stage="settled",
        kinds=("settlement_certificate",), original=True,
    ),
    ItemDraft(
        key="title_returned", name="登记证书领取签收单", name_en="Receipt for the returned registration certificate",
        stage="settled", important=True, original=True,
    ),
)  # fmt: skip
_SECOND_HAND_CAR: Final = (
    ItemDraft(key="valuation", name="车辆评估报告", name_en="Valuation of the car", stage="approval"),
    ItemDraft(
        key="transfer_invoice", name="二手车销售统一发票", name_en="Sales invoice of the used car", stage="disbursal",
        kinds=("vehicle_sales_invoice",), condition=Condition(((Question("product", "is", "used_car"),),)),
        important=True,
    ),
)  # fmt: skip
_LEASED: Final = (
    replace(_CONTRACT, key="lease_contract", name="融资租赁合同", name_en="Finance lease contract"),
    ItemDraft(
        key="handover", name="租赁物交接确认书", name_en="Hand-over of the leased car", stage="disbursal", original=True
    ),
)
_COMPANY_PAPERS: Final = (
    ItemDraft(
        key="licence", name="营业执照", name_en="Business licence", stage="application", kinds=("business_licence",),
        of=Of.BORROWER,
    ),
    ItemDraft(
        key="representative_id_front", name="法定代表人身份证(人像面)", name_en="ID card of the legal representative",
        stage="application", kinds=("id_card_front",), confidentiality="confidential", urgent=True,
    ),
    ItemDraft(
        key="resolution", name="股东会决议", name_en="Resolution of the shareholders", stage="application",
        confidentiality="confidential", original=True,
    ),
    ItemDraft(
        key="mandate", name="授权委托书", name_en="Power of attorney", stage="application", required=False,
        original=True,
    ),
    *_OTHERS,
)  # fmt: skip


def _where(items: Iterable[ItemDraft], condition: Condition) -> tuple[ItemDraft, ...]:
    return tuple(replace(item, condition=condition) for item in items)


READY: Final = (
    ReadyPack(
        "new_car", "新车抵押贷款", "New car, mortgage", ("new_car",), "person",
        (*_APPLICANT, *_ASKED, *_APPROVED, _CONTRACT, _MORTGAGE, _GUARANTEE, _INVOICE, _TITLE, *_PAID_OUT, *_RUNNING,
         *_SETTLED),
    ),
    ReadyPack(
        "used_car", "二手车抵押贷款", "Used car, mortgage", ("used_car", "car_pledge"), "person",
        (*_APPLICANT, *_ASKED, *_APPROVED, *_SECOND_HAND_CAR, _CONTRACT, _MORTGAGE, _GUARANTEE, _TITLE, *_PAID_OUT,
         *_RUNNING, *_SETTLED),
    ),
    ReadyPack(
        "lease", "融资租赁", "Finance lease", ("lease",), "person",
        (*_APPLICANT, *_ASKED, *_APPROVED, *_LEASED, _GUARANTEE, _TITLE, *_PAID_OUT, *_RUNNING, *_SETTLED),
    ),
    ReadyPack(
        "company", "企业车贷", "Companies", (), "organisation",
        (*_COMPANY_PAPERS, *_ASKED[:2], *_APPROVED, *_where(_LEASED, _LEASE),
         *_where((_CONTRACT, _MORTGAGE), _NO_LEASE), _GUARANTEE,
         *_where((_INVOICE,), _NEW), *_where(_SECOND_HAND_CAR[:1], _SECOND_HAND), _TITLE,
         _PAID_OUT[0], *_PAID_OUT[2:], *_RUNNING, *_SETTLED),
    ),
)  # fmt: skip
