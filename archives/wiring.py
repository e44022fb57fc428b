"""What the archive registers with the rooms below, once, when the site starts."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carloan.archives import dossier_faces, faces, finders, personal_data, trail_words, words
from carloan.archives.fields import PICTURE_OPENING, picture_rules, rules_of_papers
from carloan.archives.models import Dossier, Paper, PaperField, PaperPage, PaperTick, StageClosing, Waiver
from carloan.archives.policies.packs import CLOSING_MOVES, VERSION_MOVES, WAIVER_MOVES
from carloan.archives.recognition.kinds import KINDS
from carloan.archives.selectors.checklist import reached_closings, reached_waivers
from carloan.archives.selectors.holding import around_paper, sees_paper, subjects_of_papers
from carloan.archives.selectors.papers import get_paper_for, reached_fields, reached_papers, visible_papers
from carloan.archives.services import backing_up, renewing
from carloan.archives.services.borrowers import ERRAND
from carloan.archives.services.destroying import files_remove, papers_left
from carloan.archives.services.following import loan_follow
from carloan.archives.services.handing_over import papers_hand_over, papers_in_hand
from carloan.archives.services.tracing import RIGHT
from carloan.archives.views import opened
from carloan.compliance.automated import register_automated
from carloan.compliance.destroying import register_cleaner, register_witness
from carloan.compliance.holds import Holdable, register_holdable
from carloan.compliance.names import register_field_words, register_namer, register_places, register_reasons
from carloan.compliance.openings import register_openable
from carloan.compliance.personal_data import register_personal_data
from carloan.compliance.policies.floors import Nature
from carloan.compliance.retention import RecordClass, register_record_class
from carloan.compliance.reveals import register_revealable
from carloan.compliance.things import Belongings, register_thing
from carloan.compliance.unit_parts import UnitFiles, UnitRows, register_unit_files, register_unit_rows
from carloan.compliance.values import register_value_words
from carloan.core.actors import Actor
from carloan.core.acts import register_acts
from carloan.core.branch_ties import register_tie
from carloan.core.errors import NotFound
from carloan.core.indexed import Indexed, register_gatherer, register_indexed
from carloan.core.key_owners import register_key_owner
from carloan.core.leavers import register_holding
from carloan.core.moves import register_kept
from carloan.core.pages.nav import NavItem, register_nav
from carloan.core.pages.tiles import Panel, Tile, TileValue, register_panel, register_tile
from carloan.core.reach import register_reach
from carloan.core.search import register_finder
from carloan.core.sight import SIGHT
from carloan.core.tightening import register_rules
from carloan.core.vault_parts import register_vault_part
from carloan.loans.followers import register_follower
from carloan.loans.selectors.clocks import FILES
from carloan.loans.tabs import Tab, register_tab
from carloan.loans.timeline import register_lane
from carloan.messaging.errands import register_errand

MOST_COUNTED = 1_000
MOST_WAITING = 6

register_acts(faces.ACTS, looks=faces.LOOKS)
register_errand(ERRAND)
# A paper on the desk lives by a key of its own; one that came straight into a loan never had one.
register_key_owner("desk", Paper, needing=Q(loan=None))
register_gatherer("paper", renewing.gather_papers)
register_indexed(
    "text of papers",
    Indexed(
        renew=renewing.texts_renew,
        left=renewing.texts_left,
        forget=renewing.texts_forget,
        remains=renewing.texts_remain,
    ),
)
register_tie(
    _("papers on the desk"),
    lambda branch_id: Paper.objects.filter(branch_id=branch_id, loan=None).exclude(state=Paper.State.REFUSED).count(),
)
register_holding(
    _("papers to check"),
    lambda member: papers_in_hand(member).count(),
    lambda actor, member, successor: papers_hand_over(actor=actor, member=member, successor=successor),
)
register_kept("archives_packversion", VERSION_MOVES)
register_kept("archives_waiver", WAIVER_MOVES)
register_kept("archives_stageclosing", CLOSING_MOVES)
register_follower(loan_follow)
register_vault_part(r"original|page-\d+", Paper, name_field="stored")
register_namer("archives.paper", _("Paper"), faces.paper_names)
register_namer("archives.paperfield", _("Value on a paper"), faces.value_names)
register_namer("archives.leak", _("Leaked picture"), lambda actor, ids: {})
register_field_words("archives.leak", words.trail_word)
register_places(
    {
        "api-papers": _("Papers (API)"),
        "api-paper": _("Paper (API)"),
        "api-paper-copy": _("Copy of a paper (API)"),
        "api-paper-original": _("Original of a paper (API)"),
    }
)
register_field_words("archives.paper", words.trail_word)
register_field_words("archives.paperfield", words.policy_word)
register_value_words("archives.paper", trail_words.paper_words)
register_reasons(words.REASON_WORDS)


register_record_class(
    RecordClass(
        code="papers",
        label=_("Papers of a loan"),
        unit="loan",
        nature=Nature.IDENTITY,
        triggers={"settled": _("Settled"), "declined": _("Declined or withdrawn")},
        clocks=f"SELECT f.* FROM ({FILES}) f WHERE EXISTS (SELECT 1 FROM archives_paper p"
        f" WHERE p.tenant_id = %(tenant)s AND p.loan_id = f.object_id)",
    )
)


register_unit_rows(
    "loan",
    UnitRows(label=_("Dossier"), model=Dossier, by="loan_id"),
    UnitRows(label=_("Papers"), model=Paper, by="loan_id"),
    UnitRows(label=_("Pages of papers"), model=PaperPage, by="paper__loan_id", ended=backing_up.read_anew),
    UnitRows(label=_("Values on papers"), model=PaperField, by="paper__loan_id", ended=backing_up.read_anew),
    UnitRows(label=_("Ticks of the checklist"), model=PaperTick, by="dossier__loan_id"),
    UnitRows(label=_("Waivers"), model=Waiver, by="dossier__loan_id"),
    UnitRows(label=_("Closed stages"), model=StageClosing, by="dossier__loan_id"),
)
register_unit_files(
    "loan", UnitFiles(names=backing_up.names_of_loans, opened=backing_up.opened, digest=backing_up.digest)
)
register_cleaner("loan", files_remove)
register_witness("loan", papers_left)
register_holdable(
    Holdable(
        kind="paper",
        label=_("Paper"),
        object_type="archives.paper",
        sees=sees_paper,
        subjects=subjects_of_papers,
        around=around_paper,
    )
)


def _find_field(actor: Actor, field_id: UUID) -> PaperField:
    field = PaperField.objects.select_related("paper").filter(id=field_id).first()
    if field is None:
        raise NotFound
    field.paper = get_paper_for(actor, field.paper_id)
    return field


def _parts_of_paper(actor: Actor, paper_id: UUID) -> Belongings:
    """The values that were read on it: revealing one is a look at the paper."""
    fields = PaperField.objects.filter(paper_id=paper_id, paper__in=visible_papers(actor))
    return Belongings.of(objects=fields.values_list("id", flat=True))


register_personal_data("papers", _("Papers in your loans"), personal_data.gather_papers)
register_automated(personal_data.FILING)
register_thing("archives.paper", _parts_of_paper)
register_revealable(
    "archives.paperfield",
    _find_field,
    loan_of=lambda actor, field, asked: field.paper.loan_id,
    called=faces.value_called,
)
register_rules("paper", "archives.paperfield", rules_of_papers)
register_rules(
    "picture",
    "archives.picture",
    lambda: picture_rules(KINDS),
    guarded_means=_("seen only by an opening of two people"),
)
register_namer("archives.picture", _("Picture of a paper"), lambda actor, ids: {})
register_field_words("archives.picture", words.kind_label)
register_reach("archives.paper", reached_papers)
register_reach("archives.paperfield", reached_fields)
register_reach("archives.waiver", reached_waivers)
register_reach("archives.stageclosing", reached_closings)
register_finder("paper", _("Papers"), "papers.view", finders.find_papers)
register_tab(
    Tab(
        key="papers",
        label=_("Papers"),
        capability="papers.view",
        template="archives/_loan_papers.html",
        context=dossier_faces.papers_tab,
        count=faces.papers_count,
        scripts="archives/_upload_scripts.html",
        order=20,
    )
)
register_lane(
    "papers",
    _("Papers"),
    faces.papers_lane,
    capability="papers.view",
    acts=("archives.paper.received", "archives.paper.filed"),
)
register_nav(
    NavItem(
        section="archive",
        label=_("Intake desk"),
        url_name="archives:desk",
        icon="inbox",
        capability="papers.view",
        order=10,
        key="a",
        match=frozenset({"archives:paper", "archives:correct", "archives:move", "archives:return"}),
    )
)
register_nav(
    NavItem(
        section="archive",
        label=_("Search in papers"),
        url_name="archives:search",
        icon="file-search",
        capability=SIGHT,
        order=20,
        key="f",
    )
)
register_nav(
    NavItem(
        section="archive",
        label=_("Template packs"),
        url_name="archives:packs",
        icon="list-check",
        capability="packs.manage",
        order=60,
        match=frozenset({"archives:pack-version", "archives:pack-item", "archives:pack-item-new"}),
    )
)

register_nav(
    NavItem(
        section="oversight",
        group="trail",
        label=_("Trace a leaked picture"),
        url_name="archives:trace",
        icon="fingerprint",
        capability=RIGHT,
        order=19,
    )
)


def _waiting(actor: Actor) -> TileValue:
    papers = visible_papers(actor, "papers.review").filter(state=Paper.State.REVIEW).order_by()
    count = papers[: MOST_COUNTED + 1].count()
    shown = f"{MOST_COUNTED:,}+" if count > MOST_COUNTED else f"{count:,}"
    return TileValue(shown, f"{reverse('archives:desk')}?state=review")


register_tile(
    Tile(key="papers", label=_("Papers to check"), icon="inbox", capability="papers.review", read=_waiting, order=15)
)


def _oldest(actor: Actor) -> dict[str, Any]:
    """The papers that wait longest for somebody to check them."""
    papers = visible_papers(actor, "papers.review").filter(state=Paper.State.REVIEW).order_by("received_at", "id")
    return {"rows": faces.rows_of(actor, papers[:MOST_WAITING])}


register_panel(
    Panel(
        key="papers",
        label=_("Papers to check"),
        capability="papers.review",
        template="archives/_waiting.html",
        read=_oldest,
        url_name="archives:desk",
        order=10,
    )
)

register_openable(PICTURE_OPENING, opened.OPENABLE)
