"""What people write is read by everybody who may see the thing, and the numbers of people in it by those with sight."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from carloan.archives.models import Paper
from carloan.compliance.models import EntrustedProcessor, ImpactAssessment, Opening, PersonRequest
from carloan.compliance.models.assessment import SECTIONS
from carloan.compliance.services.consents import consent_record
from carloan.compliance.services.masking import masking_publish
from carloan.compliance.services.openings import opening_ask, opening_decide
from carloan.compliance.services.person_rights import decision_review, request_answer
from carloan.compliance.services.processors import processor_close, processor_end, processor_supervise
from carloan.core.registry import Tighter, own_models, rule_of
from carloan.loans.models import ContactPoint, Loan, LoanParty, Payment, Vehicle
from carloan.loans.services.payments import payment_book
from tests.archives.conftest import transcribed
from tests.cast import Lender
from tests.compliance.person_asks import working
from tests.compliance.protected import assessed, entrusted
from tests.compliance.transferred import delivered, ready
from tests.loans.book import car, open_loan, person
from tests.tenancy.routes import ARGUMENTS
from tests.tenancy.test_routes import GUARDED

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
# Those who may open most: the others see less of the same pages.
MASKED_ROLES = ("collector", "compliance")
# What is agreed with a processor in words; its name and the contract's number are no words.
AGREED = ("purpose", "manner", "kinds", "measures", "duties")
# A telephone number of its own in each field where people write; each is made up and different from all others.
PLANTED = {
    label: f"139{77000000 + place}"
    for place, label in enumerate(
        (
            "loans.loan.product",
            "loans.loanparty.relation",
            "loans.formerrole.relation",
            "loans.party.occupation",
            "loans.contactpoint.source",
            "loans.vehicle.make",
            "loans.vehicle.model",
            "loans.payment.reference",
            "compliance.maskingpolicy.reason",
            "compliance.opening.reason",
            "compliance.opening.note",
            "compliance.opening.why",
            "compliance.opening.answer",
            "compliance.personrequest.words",
            "compliance.personrequest.answer",
            "compliance.personrequest.evidence",
            "compliance.humanreview.words",
            "compliance.consent.evidence",
            *(f"compliance.impactassessment.{name}" for name in ("title", *SECTIONS)),
            *(f"compliance.entrustedprocessor.{name}" for name in (*AGREED, "evidence")),
            "compliance.supervision.words",
            "compliance.transferrecipient.contact",
            "compliance.transfercondition.reason",
            *(f"compliance.transferdelivery.{name}" for name in ("receiver", "evidence", "fee_reason")),
        )
    )
}
WHOLE = {"employer": "13966000001", "note": "13966000002", "line": "13966000003"}


def written_fields() -> set[str]:
    return {
        f"{model._meta.label_lower}.{column.name}"
        for model in own_models()
        for column in model._meta.concrete_fields
        if rule_of(model, column.name).mask == "written"
    }


def words(label: str) -> str:
    return f"电{PLANTED[label]}备"


@pytest.fixture
def loan(bank: Lender) -> Loan:
    """A loan in which somebody wrote a telephone number wherever one can write, and a paper with one on it."""
    with bank.open():
        somebody = person(1, relation=words("loans.loanparty.relation"))
        facts = replace(somebody.facts, occupation=words("loans.party.occupation"), employer=f"单位{WHOLE['employer']}")
        found = open_loan(
            bank.system,
            branch_id=bank.branches["east"].id,
            product=words("loans.loan.product"),
            people=[replace(somebody, facts=facts)],
            vehicle=replace(car(1), make=words("loans.vehicle.make"), model=words("loans.vehicle.model")),
        )
        Loan.objects.filter(id=found.id).update(state=Loan.State.SERVICING)
        found.refresh_from_db()
        ContactPoint.objects.update(source=words("loans.contactpoint.source")[:20])
        paid_on = found.disbursed_on or date(2026, 1, 15)
        payment_book(
            actor=bank.system,
            loan=found,
            amount=100,
            reference=words("loans.payment.reference"),
            value_on=paid_on + timedelta(days=1),
        )
        masking_publish(
            actor=bank.system,
            rules={"loans.vehicle.engine_no": Tighter(guarded=True)},
            effective_on=timezone.localdate(),
            reason=words("compliance.maskingpolicy.reason"),
            after=0,
        )
        opening = opening_ask(
            actor=bank.actor("officer"),
            kind="loans.export",
            asked={"loans": [str(found.id)]},
            reason_code="other",
            reason=words("compliance.opening.why"),
        )
        note = words("compliance.opening.answer")
        opening_decide(actor=bank.actor("admin"), opening=opening, approve=False, note=note)
        # As an older version left it, until the sweep seals it.
        Opening.objects.update(reason=words("compliance.opening.reason"), note=words("compliance.opening.note"))
        paper = transcribed(bank, {"name": f"王{WHOLE['note']}"}, loan=found, text=f"备注{WHOLE['line']}")
        _rights(bank, found, paper)
        _transfers(bank, found)
        _protection(bank)
        assert Vehicle.objects.get(loan=found).make == words("loans.vehicle.make")
        assert LoanParty.objects.get(loan=found).relation == words("loans.loanparty.relation")
        assert Payment.objects.get(loan=found).reference == words("loans.payment.reference")
    return found


def _rights(bank: Lender, loan: Loan, paper: Paper) -> None:
    """A request of the borrower with a decision that a person reviewed, its answer, and a consent."""
    Paper.objects.filter(id=paper.id).update(state=Paper.State.FILED, reader="r", verified_by=None)
    actor = bank.actor("compliance")
    request = working(bank, loan, "review", words=words("compliance.personrequest.words"))
    decision_review(
        actor=actor,
        request=request,
        decision="filing",
        object_id=paper.id,
        result="upheld",
        words=words("compliance.humanreview.words"),
    )
    request_answer(
        actor=actor,
        request=request,
        answer=words("compliance.personrequest.answer"),
        evidence=words("compliance.personrequest.evidence"),
    )
    consent_record(
        actor=actor,
        party_id=request.party_id,
        purpose="marketing",
        channel="call",
        given=True,
        said_at=timezone.now(),
        proof="recording",
        evidence=words("compliance.consent.evidence"),
    )


def _transfers(bank: Lender, loan: Loan) -> None:
    """Two in one year: a fee is taken for the second one only."""
    delivered(bank, ready(bank, loan)[0])
    contact, reason = words("compliance.transferrecipient.contact"), words("compliance.transfercondition.reason")
    again, _copy = ready(bank, loan, contact=contact, reason=reason)
    said = {name: words(f"compliance.transferdelivery.{name}") for name in ("receiver", "evidence", "fee_reason")}
    delivered(bank, again, fee=20_00, **said)


def _protection(bank: Lender) -> None:
    """An assessment, and a contract with a processor that ended and was closed."""
    actor = bank.actor("compliance")
    assessed(bank, {name: words(f"compliance.impactassessment.{name}") for name in ("title", *SECTIONS)})
    row = entrusted(bank, {name: words(f"compliance.entrustedprocessor.{name}") for name in AGREED})
    today = timezone.localdate()
    processor_supervise(
        actor=actor, processor=row, looked_on=today, finding="good", words=words("compliance.supervision.words")
    )
    ended = processor_end(actor=actor, processor=row, ended_on=today)
    evidence = words("compliance.entrustedprocessor.evidence")
    processor_close(actor=actor, processor=ended, fate="deleted", evidence=evidence)


def test_every_field_where_people_write_is_planted() -> None:
    assert written_fields() == set(PLANTED), "plant a number in the new field, so that the walk looks for it"


def bodies(client: Any, lender: Lender, loan: Loan, *, prefix: str = "", api: bool = False, **more: Any) -> str:
    """Everything that this reader can get, one after the other."""
    told = []
    with lender.open():
        values = {
            name: find(lender)
            for name, find in ARGUMENTS.items()
            if any(name in route.arguments for route in GUARDED if route.answers_get)
        }
        values["loan_id"] = loan.id
    paths = [route.path(values) for route in GUARDED if route.answers_get and route.is_api is api]
    if not api:
        paths += [f"/loans/{loan.id}/?tab={tab}" for tab in ("plan", "payments", "timeline", "papers")]
        paths += [f"/search/?q={asked}" for asked in ("HT-000001", "粤B00001")] + ["/loans/?q=HT-000001"]
    for path in paths:
        answer = client.get(prefix + path, **more)
        told.append(
            b"".join(answer.streaming_content).decode(errors="replace")
            if answer.streaming
            else answer.content.decode(errors="replace")
        )
    return "\n".join(told)


@pytest.mark.parametrize("role", MASKED_ROLES)
def test_no_page_and_no_answer_of_the_api_tells_a_number_to_a_reader_without_sight(
    role: str, client_of: Any, bank: Lender, loan: Loan
) -> None:
    seen = bodies(client_of(bank, role).confirmed(), bank, loan)
    seen += bodies(Client(), bank, loan, api=True, headers={"Authorization": bank.key(role)})
    assert "HT-000001" in seen, "the reader sees the loan"
    assert {label: number for label, number in {**PLANTED, **WHOLE}.items() if number in seen} == {}


def test_a_reader_with_sight_reads_them_so_that_the_walk_looks_at_the_right_places(
    client_of: Any, bank: Lender, loan: Loan
) -> None:
    seen = bodies(client_of(bank, "officer").confirmed(), bank, loan)
    with bank.open():
        paths = [
            "/compliance/masking/",
            f"/compliance/requests/{PersonRequest.objects.get(kind='review').id}/",
            f"/compliance/requests/{PersonRequest.objects.filter(kind='transfer').latest('number').id}/",
            f"/compliance/assessments/{ImpactAssessment.objects.get().id}/",
            f"/compliance/processors/{EntrustedProcessor.objects.get().id}/",
        ]
    for path in paths:
        seen += client_of(bank, "admin").get(path).content.decode()
    silent = {"loans.formerrole.relation", "loans.contactpoint.source"}  # no page shows them
    assert {label for label, number in PLANTED.items() if number not in seen} == silent


def test_the_rest_of_the_words_is_read(client_of: Any, bank: Lender, loan: Loan) -> None:
    page = client_of(bank, "service").get(f"/loans/{loan.id}/").content.decode()
    hidden = PLANTED["loans.loan.product"][:3] + "****" + PLANTED["loans.loan.product"][-4:]
    assert f"电{hidden}备" in page


def test_an_export_masks_what_people_wrote(client_of: Any, bank: Lender, loan: Loan) -> None:
    answer = client_of(bank, "officer").confirmed().get("/loans/export.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "HT-000001" in text
    assert [label for label, number in PLANTED.items() if number in text] == []


def test_a_masked_text_that_comes_back_is_not_what_is_kept(client_of: Any, bank: Lender, loan: Loan) -> None:
    """An editor without sight sends the form as it was shown: the number that it hides is still there."""
    from carloan.core.models import Role, RoleCapability

    with bank.open():
        role = Role.objects.get(key="officer")
        RoleCapability.objects.filter(role=role, capability="sight.clear").delete()
    client = client_of(bank, "officer")
    page = client.get(f"/loans/{loan.id}/edit/")
    form, vehicle = page.context["form"], page.context["vehicle"]
    assert PLANTED["loans.loan.product"] not in page.content.decode()
    sent = {name: form[name].value() or "" for name in form.fields}
    sent |= {f"vehicle-{name}": vehicle[name].value() or "" for name in vehicle.fields}
    sent |= {"revision": loan.revision, "vehicle-revision": page.context["vehicle_revision"]}
    sent |= {"term": "35", "principal": "80000.00", "rate_ppm": "5.88", "vehicle-price": "130000.00"}
    answer = client.post(f"/loans/{loan.id}/edit/", {name: str(value) for name, value in sent.items()})
    assert answer.status_code in (302, 422)
    with bank.open():
        loan.refresh_from_db()
        assert loan.product == words("loans.loan.product")
        assert Vehicle.objects.get(loan=loan).make == words("loans.vehicle.make")
