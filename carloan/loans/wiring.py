"""What the book registers with the rooms below and with itself, once, when the site starts."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from carloan.compliance.destroying import register_destroyer, register_witness
from carloan.compliance.holds import Holdable, register_holdable
from carloan.compliance.names import register_field_words, register_namer, register_numbered, register_places
from carloan.compliance.openings import register_openable
from carloan.compliance.personal_data import register_entry, register_personal_data
from carloan.compliance.policies.floors import Nature
from carloan.compliance.retention import RecordClass, register_record_class, register_unit
from carloan.compliance.reveals import register_revealable
from carloan.compliance.things import Belongings, register_thing
from carloan.compliance.unit_parts import UnitRows, register_unit_found, register_unit_rows
from carloan.core.actors import Actor
from carloan.core.acts import register_acts
from carloan.core.branch_ties import register_tie
from carloan.core.indexed import Indexed, register_gatherer, register_indexed
from carloan.core.jobs import register_kind
from carloan.core.key_owners import register_key_owner
from carloan.core.leavers import register_farewell, register_holding
from carloan.core.models import Job, Transition
from carloan.core.pages.jobs import JobFace, register_face
from carloan.core.pages.nav import NavItem, register_nav
from carloan.core.pages.tiles import Panel, Tile, TileValue, register_panel, register_tile
from carloan.core.reach import register_reach
from carloan.core.reviewed import Kind, register_reviewed
from carloan.core.search import register_finder
from carloan.core.vault_parts import register_vault_part
from carloan.lib import money
from carloan.loans.views import opened

from . import faces, finders, personal_data
from .models import (
    Allocation,
    ContactPoint,
    FormerRole,
    ImportBatch,
    Instalment,
    Loan,
    LoanGrant,
    LoanParty,
    OpeningPosition,
    Party,
    Payment,
    ScheduleVersion,
    Vehicle,
)
from .policies.ageing import UNKNOWN, WORST
from .policies.batches import CHECK, RUN
from .policies.stages import PATH
from .selectors import backed_up, clocks, holding, reveals
from .selectors.imports import PART
from .selectors.listing import MOST_COUNTED, Filters, lines_of, loans_matching, overdue_sums
from .selectors.loans import amounts_open, loan_by_number
from .services import destroying, finding_again, renewing
from .services.askers import asker_enter
from .services.grants import member_grants_end
from .services.handing_over import cases_hand_over, grant_take, grants_held, open_cases
from .services.import_steps import import_failed
from .services.shredding import loan_shred_again, party_shred_again
from .tabs import Tab, register_tab
from .tasks import work_on_import
from .timeline import register_lane

MOST_WAITING = 6

register_acts(faces.ACTS, former=faces.FORMER_ACTS, looks=faces.LOOKS, exports=faces.EXPORTS)
register_farewell(lambda actor, member: member_grants_end(actor=actor, member=member))
register_holding(
    _("loans in progress"),
    lambda member: open_cases(member).count(),
    lambda actor, member, successor: cases_hand_over(actor=actor, member=member, successor=successor),
)
register_holding(
    _("exceptional access to loans"), lambda member: LoanGrant.objects.filter(user_id=member.user_id).count()
)
register_reviewed(Kind("grant", _("Exceptional access to a loan"), grants_held, grant_take))
register_tie(
    _("loans in progress"), lambda branch_id: Loan.objects.filter(branch_id=branch_id, state__in=PATH[:-1]).count()
)
register_key_owner("loan", Loan, shred_again=loan_shred_again)
register_key_owner("party", Party, shred_again=party_shred_again)
register_key_owner("import", ImportBatch)
register_vault_part(PART, ImportBatch, name_field="stored_as")
register_namer("loans.loan", _("Loan"), faces.loan_names)
register_numbered("loans.loan", loan_by_number)
register_places({"api-loans": _("Loans (API)"), "api-loan": _("Loan (API)"), "api-loans-import": _("Import (API)")})
register_namer("loans.importbatch", _("Import"), faces.batch_names)
register_namer("loans.party", _("Person"), faces.party_names)
register_namer("loans.vehicle", _("Vehicle"), faces.vehicle_names)
for label in ("loans.loanparty", "loans.payment", "loans.contactpoint", "loans.savedview", "loans.importprofile"):
    register_namer(label, reveals.TYPE_NAMES[label], lambda actor, ids: {})

register_field_words("loans.payment", faces.payment_word)
register_thing("loans.loan", lambda actor, loan_id: Belongings.of(loans=[loan_id]))
register_thing("loans.party", reveals.belongings_of_party)
register_revealable("loans.party", reveals.find_party, loan_of=reveals.loan_of_party)
register_revealable("loans.contactpoint", reveals.find_contact, loan_of=reveals.loan_of_contact)
register_revealable("loans.vehicle", reveals.find_vehicle, loan_of=lambda actor, vehicle, asked: vehicle.loan_id)

register_personal_data(
    "identity", _("Who you are"), personal_data.gather_identity, transfers=personal_data.TRANSFERRED["identity"]
)
register_personal_data(
    "contacts", _("How you are reached"), personal_data.gather_contacts, transfers=personal_data.TRANSFERRED["contacts"]
)
register_personal_data(
    "loans", _("Your loans"), personal_data.gather_loans, transfers=personal_data.TRANSFERRED["loans"]
)
register_entry(asker_enter)
register_personal_data(
    "payments",
    _("Payments of your loans"),
    personal_data.gather_payments,
    transfers=personal_data.TRANSFERRED["payments"],
)

register_reach("loans.loan", reveals.reached_loan_ids)
register_reach("loans.party", reveals.reached_parties)
register_reach("loans.contactpoint", reveals.reached_contacts)
register_reach("loans.loangrant", reveals.reached_grants)
register_reach("loans.vehicle", reveals.reached_rows(Vehicle))
register_reach("loans.loanparty", reveals.reached_rows(LoanParty))
register_reach("loans.payment", reveals.reached_rows(Payment))

register_finder("loan", _("Loans"), "loans.view", finders.find_loans)
register_finder("party", _("People"), "loans.view", finders.find_people)
register_finder("vehicle", _("Vehicles"), "loans.view", finders.find_vehicles)

register_unit("loan", _("Loans with their papers"))
register_unit("party", _("Identity of people"))
SETTLED, DECLINED = _("Settled"), _("Declined or withdrawn")
register_record_class(
    RecordClass(
        code="contract",
        label=_("Contract and vehicle of a loan"),
        unit="loan",
        nature=Nature.CONTRACT,
        triggers={"settled": SETTLED, "declined": DECLINED},
        clocks=clocks.CONTRACTS,
        anchor=True,
    )
)
register_record_class(
    RecordClass(
        code="transactions",
        label=_("Payments of a loan"),
        unit="loan",
        nature=Nature.TRANSACTION,
        triggers={"settled": SETTLED},
        clocks=clocks.TRANSACTIONS,
    )
)
register_record_class(
    RecordClass(
        code="identity",
        label=_("Identity of a person"),
        unit="party",
        nature=Nature.IDENTITY,
        triggers={"settled": SETTLED, "declined": DECLINED},
        clocks=clocks.CUSTOMERS,
        anchor=True,
    )
)
register_record_class(
    RecordClass(
        code="asker",
        label=_("Somebody in no loan who asked about their data"),
        unit="party",
        nature=Nature.REQUEST,
        triggers={"asked": _("Last request answered")},
        clocks=clocks.ASKERS,
        anchor=True,
    )
)

register_unit_rows(
    "loan",
    UnitRows(label=_("Loan"), model=Loan, by="id"),
    UnitRows(label=_("People of the loan"), model=LoanParty, by="loan_id", ended=backed_up.ended_roles),
    UnitRows(label=_("Former roles"), model=FormerRole, by="loan_id"),
    UnitRows(label=_("Vehicles"), model=Vehicle, by="loan_id"),
    UnitRows(label=_("Versions of the plan"), model=ScheduleVersion, by="loan_id"),
    UnitRows(label=_("Instalments"), model=Instalment, by="loan_id"),
    UnitRows(label=_("Positions taken over"), model=OpeningPosition, by="loan_id"),
    UnitRows(label=_("Payments"), model=Payment, by="loan_id"),
    UnitRows(label=_("What payments pay"), model=Allocation, by="payment__loan_id"),
    # A right that was lost is granted anew: no backup gives anybody access.
    UnitRows(label=_("Exceptional access"), model=LoanGrant, by="content_object_id", ended=backed_up.every_one),
    UnitRows(label=_("Steps of the loan"), model=Transition, by="row_id", only={"kind": "loans.loan"}),
)
register_unit_rows(
    "party",
    UnitRows(label=_("Person"), model=Party, by="id"),
    UnitRows(label=_("Contact points"), model=ContactPoint, by="party_id"),
)
register_unit_found("loan", finding_again.loan_find_again)
register_unit_found("party", finding_again.party_find_again)
register_gatherer("loan", renewing.gather_loans)
register_gatherer("vehicle", renewing.gather_vehicles)
register_gatherer("party", renewing.gather_people)
register_indexed("identity numbers", Indexed(renew=renewing.numbers_renew, left=renewing.numbers_left))
register_indexed("rows of imports", Indexed(forget=renewing.rows_forget, remains=renewing.rows_remain))
register_destroyer("loan", destroying.loan_destroy)
register_destroyer("party", destroying.party_destroy)
register_witness("loan", destroying.loan_left)
register_witness("party", destroying.party_left)
register_holdable(
    Holdable(
        kind="loan",
        label=_("Loan"),
        object_type="loans.loan",
        sees=holding.sees_loan,
        subjects=holding.subjects_of_loans,
        around=holding.around_loan,
    )
)
register_holdable(
    Holdable(
        kind="party",
        label=_("Person"),
        object_type="loans.party",
        sees=holding.sees_party,
        subjects=holding.subjects_of_parties,
        around=holding.around_party,
    )
)

register_kind(CHECK, work_on_import, on_failed=import_failed)
register_kind(RUN, work_on_import, on_failed=import_failed)


def _batch_url(job: Job) -> str:
    return reverse("loans:batch", args=[job.params["batch"]])


register_face(CHECK, JobFace(_("Check of an import file"), back=_batch_url))
register_face(RUN, JobFace(_("Import of loans"), back=_batch_url))

register_nav(
    NavItem(
        section="work",
        label=_("Loans"),
        url_name="loans:list",
        icon="car",
        capability="loans.view",
        order=10,
        key="l",
        match=frozenset(
            {
                "loans:detail",
                "loans:new",
                "loans:edit",
                "loans:move",
                "loans:pay",
                "loans:unpay",
                "loans:reallocate",
                "loans:person-new",
                "loans:person",
                "loans:person-end",
            }
        ),
    ),
    NavItem(
        section="work",
        label=_("Imports"),
        url_name="loans:imports",
        icon="table-import",
        capability="loans.import",
        order=20,
        key="i",
        match=frozenset({"loans:import", "loans:batch", "loans:batch-results"}),
    ),
)

register_tab(
    Tab(
        key="overview",
        label=_("Overview"),
        capability="loans.view",
        template="loans/_overview.html",
        context=faces.overview,
        order=0,
    )
)
register_tab(
    Tab(
        key="plan",
        label=_("Plan"),
        capability="loans.details",
        template="loans/_plan.html",
        context=faces.schedule,
        order=30,
    )
)
register_tab(
    Tab(
        key="payments",
        label=_("Payments"),
        capability="loans.details",
        template="loans/_payments.html",
        context=faces.payments,
        order=40,
    )
)
register_tab(
    Tab(
        key="timeline",
        label=_("Timeline"),
        capability="loans.details",
        template="loans/_timeline.html",
        context=faces.timeline,
        order=90,
    )
)
register_lane("acts", _("Acts"), faces.acts_lane)
register_lane("money", _("Payments"), faces.money_lane)


def _count(actor: Actor, filters: Filters) -> str:
    total = loans_matching(actor, filters).order_by()[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED:,}+" if total > MOST_COUNTED else f"{total:,}"


def _in_repayment(actor: Actor) -> TileValue:
    return TileValue(_count(actor, Filters(state=Loan.State.SERVICING)), f"{reverse('loans:list')}?state=servicing")


def _in_approval(actor: Actor) -> TileValue:
    return TileValue(_count(actor, Filters(state=Loan.State.APPROVAL)), f"{reverse('loans:list')}?state=approval")


def _late(actor: Actor) -> TileValue | None:
    """Nothing for those whose list may not be narrowed by amounts: the number would lead to another one."""
    if not amounts_open(actor):
        return None
    asked = Filters(state=Loan.State.SERVICING, age=WORST, sort="-overdue")
    late = overdue_sums(actor, asked)
    said = [money.show_large(one.owed, one.currency, language=get_language() or "") for one in late if one.owed]
    if unsaid := sum(one.unknown for one in late):
        said.append(
            ngettext("amount of %(count)s unknown", "amounts of %(count)s unknown", unsaid) % {"count": f"{unsaid:,}"}
        )
    if (unknown := _count(actor, replace(asked, age=UNKNOWN))) != "0":
        said.append(gettext("days overdue of %(count)s more unknown") % {"count": unknown})
    query = urlencode({"state": asked.state, "age": asked.age, "sort": asked.sort})
    return TileValue(f"{sum(one.loans for one in late):,}", f"{reverse('loans:list')}?{query}", " · ".join(said))


register_tile(
    Tile(
        key="loans", label=_("Loans in repayment"), icon="car", capability="loans.details", read=_in_repayment, order=10
    ),
    Tile(
        key="approval",
        label=_("Loans in approval"),
        icon="clipboard-check",
        capability="loans.edit",
        read=_in_approval,
        order=20,
    ),
    Tile(
        key="late",
        label=_("90 days overdue or more"),
        icon="alert-triangle",
        capability="loans.details",
        read=_late,
        order=30,
    ),
)


def _waiting(actor: Actor) -> dict[str, Any]:
    """The loans that wait longest for a decision."""
    rows = loans_matching(actor, Filters(state=Loan.State.APPROVAL)).order_by("opened_on", "id")[:MOST_WAITING]
    return {"lines": lines_of(list(rows))}


register_panel(
    Panel(
        key="approval",
        label=_("Waiting longest for a decision"),
        capability="loans.edit",
        template="loans/_waiting.html",
        read=_waiting,
        order=20,
    )
)

register_openable(opened.KIND, opened.OPENABLE)
