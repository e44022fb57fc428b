"""An impact assessment and an entrusted processor for the tests, with words of their own in every part."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from carloan.compliance.models import EntrustedProcessor, ImpactAssessment
from carloan.compliance.models.assessment import SECTIONS
from carloan.compliance.services.assessments import assessment_begin, assessment_write
from carloan.compliance.services.processors import TERMS, processor_register
from tests.cast import Lender


def assessed(lender: Lender, words: Mapping[str, str] | None = None) -> ImpactAssessment:
    """A whole draft of the compliance officer. Call it inside the open lender."""
    said = words or {}
    actor = lender.actor("compliance")
    row = assessment_begin(actor=actor, title=said.get("title", "车辆定位"), occasion="sensitive")
    sections = {name: said.get(name, f"{name}：车辆定位仅用于失联处置") for name in SECTIONS}
    return assessment_write(
        actor=actor, assessment=row, revision=row.revision, title=row.title, occasion=row.occasion, risk="medium",
        sections=sections,
    )  # fmt: skip


def entrusted(lender: Lender, words: Mapping[str, str] | None = None) -> EntrustedProcessor:
    """A contract that has run for a month."""
    begins = timezone.localdate() - timedelta(days=30)
    terms = {name: (words or {}).get(name, f"{name}：按合同") for name in TERMS}
    return processor_register(
        actor=lender.actor("compliance"), starts_on=begins, ends_on=begins + timedelta(days=365), **terms
    )
