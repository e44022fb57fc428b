"""The demonstration in the database: made through the same doors as everything, whole after any interruption, once."""

import json
import re
import subprocess
import sys
from io import BytesIO, StringIO
from os import environ
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import timezone, translation
from PIL import Image

from carloan.archives.models import Paper, PaperField
from carloan.archives.selectors.papers import text_of
from carloan.archives.services.keeping import bytes_of
from carloan.compliance import models as compliance
from carloan.compliance.forms import TrailFilterForm
from carloan.compliance.models import Anomaly
from carloan.compliance.policies.destruction import APPROVERS
from carloan.compliance.selectors.person_rights import overdue_count
from carloan.compliance.values import changes_of
from carloan.core import lookup
from carloan.core.actors import Actor
from carloan.core.api_keys import key_of_token, tenant_of_token
from carloan.core.audit import open_detail
from carloan.core.families import is_separated, mixtures
from carloan.core.models import (
    AccessReview,
    ApiKey,
    AuditEvent,
    Counter,
    Delegation,
    SavedView,
    Team,
    Tenant,
    TenantModel,
)
from carloan.core.sealed import clear
from carloan.core.tenancy import tenant_atomic
from carloan.demonstration.lenders import EVERYBODY, LENDERS, ROLES, SEPARATED
from carloan.demonstration.seed import run
from carloan.demonstration.seed.activity import TRAIL_VIEWS, VIEWS
from carloan.demonstration.stories import Story, stories
from carloan.loans.forms import LoanFilterForm
from carloan.loans.models import Allocation, Loan, LoanParty, ScheduleVersion
from carloan.loans.policies.ageing import AGES, age_of
from carloan.loans.selectors.allocations import current_allocations
from tests.cast import Cast, as_platform, lender_changes
from tests.conftest import ROOT
from tests.plugin import worker_urls

pytestmark = pytest.mark.django_db(databases=["default", "keystore"])

LOANS = 40


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any) -> list[Tenant]:
    """A demonstration whose first seed was killed while it entered histories, and which a second run finished."""
    with django_db_blocker.unblock():
        command = [sys.executable, "manage.py", "seed_demonstration", "--loans", str(LOANS)]
        # Unbuffered: the line must reach us while the seed is still at work.
        told = {**environ, **worker_urls(), "PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(command, cwd=ROOT, env=told, stdout=subprocess.PIPE, text=True) as first:
            assert first.stdout is not None
            assert any("ledger" in line for line in first.stdout), "the first seed ended before it was killed"
            first.kill()
        assert run.seeded() is None
        with as_platform():
            call_command("seed_demonstration", "--loans", str(LOANS), stdout=StringIO())
        return [Tenant.objects.get(slug=lender.slug) for lender in LENDERS]


def stories_of(place: int, tenant: Tenant) -> list[Story]:
    count, lender = run.shares(LOANS)[place], LENDERS[place]
    return list(stories(lender, count, as_of=timezone.localdate(tenant.created_at), archived=lender.archived))


def state_of_everything() -> dict[str, Any]:
    """Every table of the demonstration's tenants: how many rows, and the newest of them."""
    found: dict[str, Any] = {}
    for lender in EVERYBODY:
        tenant = Tenant.objects.get(slug=lender.slug)
        with tenant_atomic(tenant.id):
            for model in apps.get_models():
                if issubclass(model, TenantModel) and model._meta.app_label != "keystore":
                    rows = model.objects.all()
                    found[f"{lender.slug} {model._meta.label}"] = (
                        rows.count(),
                        rows.order_by("-id").values_list("id", flat=True).first(),
                    )
    return found


def test_a_killed_seed_is_made_whole_by_the_next_run(seeded: list[Tenant]) -> None:
    assert run.seeded() == LOANS
    for place, tenant in enumerate(seeded):
        told = stories_of(place, tenant)
        with tenant_atomic(tenant.id):
            loans = {loan.contract_no: loan for loan in Loan.objects.all()}
            planned = set(ScheduleVersion.objects.values_list("loan_id", flat=True))
        assert set(loans) == {story.contract_no for story in told}
        for story in told:
            loan = loans[story.contract_no]
            assert loan.state == story.state, story.turn
            assert loan.settled_on == story.settled_on
            assert (loan.id in planned) == bool(story.dues)


def test_every_stage_and_every_age_of_arrears_has_a_loan(seeded: list[Tenant]) -> None:
    for tenant in seeded[:1]:
        with tenant_atomic(tenant.id):
            states = set(Loan.objects.values_list("state", flat=True))
            days = list(Loan.objects.filter(state="servicing").values_list("days_overdue", flat=True))
        assert states == set(Loan.State.values)
        assert {age_of(one) for one in days} == set(AGES)


def test_what_was_paid_and_what_is_open_make_the_whole_loan(seeded: list[Tenant]) -> None:
    for place, tenant in enumerate(seeded):
        with tenant_atomic(tenant.id):
            principal = current_allocations().filter(component=Allocation.Component.PRINCIPAL)
            paid = dict(principal.values_list("payment__loan__contract_no").annotate(Sum("amount")))
            loans = {loan.contract_no: loan for loan in Loan.objects.exclude(disbursed_on=None)}
            for story in stories_of(place, tenant):
                if story.dues:
                    loan = loans[story.contract_no]
                    assert paid.get(story.contract_no, 0) + loan.outstanding == loan.principal
                    assert loan.overdue == story.standing.overdue
                    assert loan.days_overdue == story.standing.days_overdue


def test_people_and_cars_are_found_by_what_identifies_them(seeded: list[Tenant]) -> None:
    story = next(story for story in stories_of(0, seeded[0]) if story.dues and not story.deal.company)
    with tenant_atomic(seeded[0].id):
        loan = Loan.objects.get(contract_no=story.contract_no)
        assert any(match.loan_id == loan.id for match in lookup.find(story.vehicle.vin))
        assert any(match.loan_id == loan.id for match in lookup.find(story.vehicle.plate))
        party = LoanParty.objects.get(loan=loan, role="borrower").party
        found = lookup.find(story.deal.buyer.id_number)
        assert {match.object_id for match in found if match.object_kind == "party"} == {party.id}
        assert clear(party, "name") == story.deal.buyer.name
    with tenant_atomic(seeded[1].id):
        assert lookup.find(story.vehicle.vin) == []


def test_dossiers_hold_the_papers_of_their_loans_and_say_where_the_values_come_from(seeded: list[Tenant]) -> None:
    for place, tenant in enumerate(seeded):
        told = {story.contract_no: story for story in stories_of(place, tenant)}
        with tenant_atomic(tenant.id):
            filed = list(Paper.objects.filter(source=Paper.Source.SEED).select_related("loan"))
            assert len(filed) > 5
            assert {paper.state for paper in filed} == {Paper.State.FILED}
            assert {paper.kind for paper in filed} >= {"id_card_front", "bank_card", "vehicle_licence", "loan_contract"}
            for field in PaperField.objects.filter(paper__in=filed, name="vin").select_related("paper__loan"):
                assert field.paper.loan is not None
                assert clear(field, "value") == told[field.paper.loan.contract_no].vehicle.vin
                assert field.source == "specimen"
            card = next(paper for paper in filed if paper.kind == "id_card_front")
            assert Image.open(BytesIO(bytes_of(card))).format == "JPEG"
            assert "公民身份号码" in text_of(card)


def test_some_uploads_wait_for_the_worker(seeded: list[Tenant]) -> None:
    for tenant in seeded:
        with tenant_atomic(tenant.id):
            waiting = Paper.objects.filter(source=Paper.Source.PAGE)
            assert {paper.state for paper in waiting} == {Paper.State.RECEIVED}
            assert waiting.filter(loan=None).exists()
            assert waiting.exclude(loan=None).exists()


def test_shared_views_are_filters_that_the_list_understands_and_not_empty(seeded: list[Tenant]) -> None:
    with tenant_atomic(seeded[0].id):
        views = list(SavedView.objects.filter(owner=None))
        of_trail = [view for view in views if view.page == "trail"]
        assert (len(views) - len(of_trail), len(of_trail)) == (len(VIEWS), len(TRAIL_VIEWS))
        for view in of_trail:
            assert TrailFilterForm(QueryDict(view.query)).is_valid()
        for view in [view for view in views if view.page == "loans"]:
            form = LoanFilterForm(QueryDict(view.query), branches=None, amounts=True)
            assert form.is_valid(), (view.name, form.errors)
            assert Loan.objects.filter(state=form.cleaned_data["state"]).exists()
            with translation.override("zh-hans"):
                assert re.fullmatch(r"[\u4e00-\u9fff][^·]*", str(view))
            with translation.override("en"):
                assert re.fullmatch(r"[A-Z0-9][ -~–]+", str(view))


def test_something_stands_out_and_waits_for_an_answer(seeded: list[Tenant]) -> None:
    for tenant in seeded:
        with tenant_atomic(tenant.id):
            assert "large_exports" in set(Anomaly.objects.filter(state="open").values_list("kind", flat=True))


def test_the_trail_knows_reveals_with_their_reasons(seeded: list[Tenant]) -> None:
    for tenant in seeded:
        with tenant_atomic(tenant.id):
            reveals = AuditEvent.objects.filter(action="compliance.field.revealed")
            assert {event.reason_code for event in reveals} >= {"contact", "audit"}
            assert all(event.actor_kind == "person" for event in reveals)


# What a compliance officer opens and would find empty otherwise.
REGISTERS = (
    AccessReview, Delegation, Team, compliance.Anomaly, compliance.ArchiveBackup, compliance.Consent, compliance.Course,
    compliance.DestructionBatch, compliance.EntrustedProcessor, compliance.ExamGate, compliance.ExamResult,
    compliance.HoldRelease, compliance.ImpactAssessment, compliance.LegalHold, compliance.Opening,
    compliance.PersonRequest, compliance.ProcessingStop, compliance.RetentionPolicy, compliance.RiskReview,
    compliance.RuleChange, compliance.SealedUnit, compliance.Supervision,
)  # fmt: skip


def test_no_register_is_empty(seeded: list[Tenant]) -> None:
    with tenant_atomic(seeded[0].id):
        assert [model.__name__ for model in REGISTERS if not model.objects.exists()] == []


def test_records_stand_in_every_phase_up_to_their_appraisal(seeded: list[Tenant]) -> None:
    with tenant_atomic(seeded[0].id):
        phases = set(compliance.RetentionRecord.objects.values_list("phase", flat=True))
        sealed = compliance.SealedUnit.objects.filter(keyed_at=None).exists()
    assert phases >= {"active", "sealed", "due"}
    assert not sealed, "a unit is sealed apart whose key has not followed"


def test_destructions_are_on_their_way_and_nobody_has_shortened_a_cooling_off(seeded: list[Tenant]) -> None:
    with tenant_atomic(seeded[0].id):
        batches = {batch.state: batch for batch in compliance.DestructionBatch.objects.all()}
        cooling = batches["cooling"]
        voices = compliance.DestructionVoice.objects.filter(batch=cooling, agrees=True)
        said = {(voice.part, voice.member_id) for voice in voices}
    assert set(batches) == {"proposed", "archivist_reviewed", "cooling", "refused"}
    assert cooling.approved_at is not None
    assert cooling.cooling_until is not None
    assert (cooling.cooling_until - cooling.approved_at).days == cooling.cooling_days >= 7
    assert len({member for _part, member in said} | {cooling.proposed_by_id}) == len(said) + 1 == APPROVERS + 3


def test_requests_of_persons_are_in_time_late_and_over(seeded: list[Tenant]) -> None:
    with tenant_atomic(seeded[0].id):
        actor = Actor.system(seeded[0].id, "test")
        states = set(compliance.PersonRequest.objects.values_list("state", flat=True))
        late, running = overdue_count(actor), compliance.PersonRequest.objects.filter(ended_on=None).count()
    assert states == set(compliance.PersonRequest.State.values)
    assert 0 < late < running


def test_one_lender_has_separated_administrators(seeded: list[Tenant]) -> None:
    tenant = Tenant.objects.get(slug=SEPARATED.slug)
    with tenant_atomic(tenant.id):
        assert is_separated()
        assert mixtures() == []
        assert compliance.Risk.objects.exists()
        assert set(Loan.objects.values_list("state", flat=True)) >= {"application", "approval", "declined"}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_value_in_the_trail_is_told_by_its_code(seeded: list[Tenant], language: str) -> None:
    """Names, addresses and short names that people typed are theirs; everything else has words."""
    own = {"code", "slug", "username", "name", "address", "employer", "model", "reference", "sha256", "jurisdiction"}
    raw = re.compile(r"[a-z]+([_.-][a-z0-9]+)*|True|False|[0-9a-f-]{36}")
    told, bad = 0, set[tuple[str, str, str]]()
    with translation.override(language):
        for tenant in seeded:
            with tenant_atomic(tenant.id):
                actor = Actor.system(tenant.id, "test")
                for event in AuditEvent.objects.exclude(detail=None).iterator():
                    detail = open_detail(event)
                    names = sorted({*(detail.get("before") or {}), *(detail.get("after") or {})})
                    for name, (label, *sides) in zip(names, changes_of(actor, event, detail), strict=True):
                        told += 1
                        if raw.fullmatch(label):
                            bad.add((event.action, label, ""))
                        if name not in own:
                            said = {str(side) for side in sides} - {"None", "none", "yes", "no"}
                            bad |= {(event.action, name, side) for side in said if raw.fullmatch(side)}
    assert not bad
    assert told > 500


def test_seeding_again_changes_nothing(seeded: list[Tenant]) -> None:
    """Also when the seed does not know that it is done, and looks at everything again."""
    before = state_of_everything()
    call_command("seed_demonstration", "--loans", str(LOANS), stdout=StringIO())
    assert state_of_everything() == before
    for tenant in seeded:
        with tenant_atomic(tenant.id):
            Counter.objects.filter(name=run.MARK).update(value=1)
    with as_platform():
        call_command("seed_demonstration", "--loans", str(LOANS), stdout=StringIO())
    assert state_of_everything() == before


def test_it_leaves_an_installation_alone_in_which_others_work(seeded: list[Tenant], cast: Cast) -> None:
    lender_changes(cast.bank, is_demonstration=False)
    for tenant in seeded:
        with tenant_atomic(tenant.id):
            Counter.objects.filter(name=run.MARK).delete()
    before = state_of_everything()
    out = StringIO()
    call_command("seed_demonstration", "--if-empty", stdout=out)
    assert "nothing to do" in out.getvalue()
    assert state_of_everything() == before


def credentials() -> dict[str, Any]:
    out = StringIO()
    call_command("demo_credentials", "--json", stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


def test_everybody_whose_login_is_printed_can_sign_in(seeded: list[Tenant]) -> None:
    told = credentials()
    assert [tenant["slug"] for tenant in told["tenants"]] == [lender.slug for lender in EVERYBODY]
    for tenant, lender in zip(told["tenants"], EVERYBODY, strict=True):
        assert {user["role"] for user in tenant["users"]} == set(lender.roles)
        assert set(tenant) == {"slug", "name", "users", "api_keys"}
        for user in tenant["users"]:
            assert set(user) == {"role", "username", "password"}
        for user in tenant["users"][: len(lender.roles)]:
            request = RequestFactory().post("/accounts/login/")
            assert authenticate(request, username=user["username"], password=user["password"]), user["username"]
            assert not authenticate(request, username=user["username"], password=user["password"] + "x")


def test_every_printed_api_key_opens_its_own_tenant_with_its_role(seeded: list[Tenant]) -> None:
    for told, tenant in zip(credentials()["tenants"], seeded, strict=False):
        assert set(told["api_keys"]) == set(ROLES)
        for role, token in told["api_keys"].items():
            assert tenant_of_token(token) == tenant.id
            with tenant_atomic(tenant.id):
                key = key_of_token(token)
                assert key is not None
                assert key.role.key == role


def test_a_key_is_told_by_its_secret_whatever_it_is_called(seeded: list[Tenant]) -> None:
    before = credentials()["tenants"][0]["api_keys"]
    with tenant_atomic(seeded[0].id):
        ApiKey.objects.filter(role__key="officer").update(name="under an older name")
        ApiKey.objects.filter(role__key="service").update(digest=bytes(32))
    after = credentials()["tenants"][0]["api_keys"]
    assert after == {role: key for role, key in before.items() if role != "service"}


def test_an_installation_without_a_demonstration_tells_no_logins(seeded: list[Tenant]) -> None:
    with as_platform():
        Tenant.objects.update(is_demonstration=False)
    with pytest.raises(CommandError, match="no demonstration"):
        call_command("demo_credentials")
