"""Values that only their labels vouch for: the book says who plays which part, or the desk says why they wait."""

import pytest

from carloan.archives.desk_faces import desk_fields
from carloan.archives.models import Paper, PaperField
from carloan.archives.recognition.certainty import LABEL_ALONE
from carloan.archives.recognition.extract import Field, Fields
from carloan.archives.recognition.extract.field import ALONE
from carloan.archives.recognition.proof import Fault
from carloan.archives.recognition.recognise import Recognition
from carloan.archives.recognition.sheet import Line, Sheet
from carloan.archives.services.transcribing import paper_transcribe
from carloan.archives.words import PROOFS
from carloan.lib import identity_number
from carloan.loans.models import LoanParty
from carloan.loans.policies.facts import PersonFacts
from carloan.loans.services.loans import PersonIn
from tests.archives.conftest import loan_for
from tests.cast import Lender

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])
_BODY = "11010119850307122"
BORROWER = PersonFacts(name="张伟", id_kind="resident", id_number="110101199001011229")
GUARANTOR = PersonFacts(name="王芳", id_kind="resident", id_number=f"{_BODY}{identity_number.check_digit(_BODY)}")


def letter(bank: Lender, who: PersonFacts) -> Paper:
    """A letter of settlement on the desk, read well, with no value that anything but its label vouches for."""
    values = {
        "contract_no": "HX-9",
        "borrower_name": who.name,
        "borrower_id": who.id_number,
        "lender_name": bank.tenant.name,
    }
    fields = Fields({name: Field(value, LABEL_ALONE, 1, None, proofs=(ALONE,)) for name, value in values.items()})
    text = "\n".join(values.values())
    sheet = Sheet(1, 100, 100, (Line(text, 1.0, ((0, 0), (100, 0), (100, 10), (0, 10))),))
    reading = Recognition("settlement_certificate", 1.0, fields, [Fault("field_unsure", tuple(fields))], [sheet])
    return paper_transcribe(
        actor=bank.actor("officer"), data=text.encode(), media="image/png", name="结清.png", loan=None, reading=reading
    ).paper


@pytest.fixture(autouse=True)
def _loan(bank: Lender) -> None:
    with bank.open():
        loan_for(
            bank, contract_no="HX-9", vehicle=None,
            people=[PersonIn(BORROWER), PersonIn(GUARANTOR, role="guarantor", guarantee="joint")],
        )  # fmt: skip


def test_the_loan_that_a_number_names_witnesses_its_own_borrower_and_lender(bank: Lender) -> None:
    with bank.open():
        paper = letter(bank, BORROWER)
        assert (paper.state, paper.problems) == ("filed", [])
        assert {(row.name, *row.proofs) for row in PaperField.objects.filter(paper=paper)} == {
            ("contract_no", "book"), ("borrower_name", "book"), ("borrower_id", "book"), ("lender_name", "book"),
        }  # fmt: skip


def test_a_guarantor_of_the_loan_is_no_borrower_of_it_and_the_desk_says_why_the_name_waits(bank: Lender) -> None:
    with bank.open():
        assert LoanParty.objects.filter(role="guarantor").count() == 1
        paper = letter(bank, GUARANTOR)
        assert paper.state == "review"
        assert [(problem["code"], problem["fields"]) for problem in paper.problems] == [
            ("field_unsure", ["borrower_name", "borrower_id"])
        ]
        why = {field.name: field.why for field in desk_fields(bank.actor("officer"), paper)}
        assert why["borrower_name"] == [str(PROOFS[ALONE])]
        assert why["lender_name"] == []
