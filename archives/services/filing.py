"""What people do with a paper at the desk: correct it, file it, move it, return it, refuse it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.archives.models import Paper, PaperField
from carloan.archives.models.paper import CERTAIN
from carloan.archives.policies import matching
from carloan.archives.policies.moves import MOVES, Event
from carloan.archives.policies.outcome import newly_wrong
from carloan.archives.recognition import proof
from carloan.archives.recognition.extract import Field, Fields
from carloan.archives.recognition.kinds import KINDS
from carloan.archives.recognition.proof import Fault
from carloan.archives.selectors.papers import fields_of, may_review, require_kind, require_sight, values_of
from carloan.archives.services.finding import text_renew
from carloan.archives.services.placing import facts_of, loans_named, move, save_placed
from carloan.archives.services.ticking import require_unsealed
from carloan.archives.values import normal_value, typed
from carloan.archives.words import ACCEPT_REASONS, OTHER_REASON, RETURN_REASONS
from carloan.core import audit
from carloan.core.actors import Actor
from carloan.core.errors import Conflict, Forbidden, Invalid
from carloan.core.ids import uuid7
from carloan.core.models import AuditEvent
from carloan.core.sealed import clear, seal
from carloan.core.sight import SIGHT
from carloan.core.tenancy import tenant_atomic
from carloan.lib.text import said
from carloan.loans.models import Loan
from carloan.loans.selectors.loans import may, visible_loans

REVIEW = "papers.review"
SHORTEST_REASON = 2
# How long whoever filed a paper can take that back, as if the key had not been pressed.
UNDO_WITHIN = timedelta(seconds=60)
FILED = "archives.paper.filed"
# Problems that are none any more once a person names the loan.
WITHOUT_LOAN = frozenset({"no_loan", "several_loans", "beyond_reach", "possible_duplicate", "same_paper"})


def paper_correct(
    *, actor: Actor, paper: Paper, revision: int, kind: str, values: Mapping[str, str], confirmed: bool = True,
    reason: str = "", reason_code: str = "",
) -> Paper:  # fmt: skip
    """Set the kind and the values as a person reads them; '' says that nothing stands there.

    `values` holds what the form showed.
    A value the person changed keeps the machine's beside it (`original`), and no later reading overwrites it.
    With `confirmed` the person vouches for every value in the form, so that doubts about them end; how sure the machine
    was stays beside it. Dates are normalised to ISO and money to minor units; Invalid names the fields that cannot be.
    A filed paper stays where it is. If something is wrong with it now that nobody accepted, that needs a `reason`, as
    filing does (Invalid without one), and an event says who accepted which problems. `reason_code` is one of the usual
    reasons; it is one by itself.
    Raises Conflict when the paper changed since the form was opened, Forbidden where another kind would open a picture
    that is closed (`require_kind`). Needs `papers.review` for the paper and `sight.clear`.
    """
    if kind not in KINDS:
        raise Invalid(fields={"kind": [_("Choose the kind of paper.")]})
    clean = _normalised(values)
    with tenant_atomic():
        paper = _locked(actor, paper.id, revision)
        require_kind(actor, paper, kind)
        before = values_of(paper)
        changed = {name: value for name, value in clean.items() if value != before.get(name, "")}
        event_id = audit.record(
            actor=actor, action="archives.paper.corrected", object_type="archives.paper", object_id=paper.id,
            loan_id=paper.loan_id, subject=paper.key_subject(),
            before={"kind": paper.kind, **{name: before.get(name) for name in changed}},
            after={"kind": kind, **changed},
        )  # fmt: skip
        _write(paper, clean, before, actor if confirmed else None, event_id)
        if changed:
            text_renew(paper)
        paper.kind, paper.audit_event_id = kind, event_id
        if paper.state == Paper.State.FILED:
            problems = _accept(actor, paper, {*changed}, reason=reason, reason_code=reason_code)
        else:
            problems = judge(paper)
        paper.problems = [fault.as_dict() for fault in problems]
        save_placed(paper, values_of(paper), "correct")
    return paper


def _accept(actor: Actor, paper: Paper, changed: set[str], *, reason: str, reason_code: str) -> list[Fault]:
    """What is wrong with a filed paper as its values stand now; what of it is new, the actor accepts with a reason."""
    stood = {problem["code"] for problem in paper.problems}
    problems = [fault for fault in judge(paper) if fault.code not in WITHOUT_LOAN or fault.code in stood]
    new = newly_wrong(paper.problems, problems, changed=changed)
    if new:
        _needs_reason_for(new, reason, reason_code)
        paper.audit_event_id = audit.record(
            actor=actor, action="archives.paper.accepted", object_type="archives.paper", object_id=paper.id,
            loan_id=paper.loan_id, subject=paper.key_subject(), reason=said(reason)[:500], reason_code=reason_code,
            after={"accepted": [fault.as_dict() for fault in new]},
        )  # fmt: skip
        paper.verified_by_id = actor.membership_id
        _note(paper, reason, reason_code)
    elif not problems and paper.kind != "other":
        # The reason was one for what is not wrong any more.
        _note(paper)
    return problems


def paper_file(
    *, actor: Actor, paper: Paper, revision: int, loan: Loan | None = None, reason: str = "", reason_code: str = ""
) -> Paper:
    """File a paper in a loan's dossier, as a person decided. Remaining problems need a reason, which the trail keeps.

    `reason_code` says which of the usual reasons it was; one of them needs no words. Without `loan` the paper is filed
    where it lies. Raises Invalid without a loan or without a reason for the problems, Forbidden where the actor may not
    file, Conflict when the dossier holds the same file already.
    """
    with tenant_atomic():
        paper = _locked(actor, paper.id, revision)
        target = loan or paper.loan
        if target is None:
            raise Invalid(fields={"loan": [_("Choose the loan this paper belongs to.")]})
        if target.id != paper.loan_id:
            _require_there(actor, target)
        if paper.kind in ("", "other") and not _is_given(reason, reason_code, ACCEPT_REASONS):
            raise Invalid(
                fields={"kind": [_("Choose the kind of paper, or give a reason for filing it as another paper.")]}
            )
        problems = _without_loan_problems(judge(paper, loan=target))
        if problems:
            _needs_reason_for(problems, reason, reason_code)
        event_id = _move_to(actor, paper, target)
        event_id = audit.record(
            actor=actor, action=FILED, object_type="archives.paper", object_id=paper.id,
            loan_id=target.id, reason_code=reason_code,
            reason=said(reason)[:500], after={"kind": paper.kind, "problems": [fault.code for fault in problems]},
        )  # fmt: skip
        paper.filed_at, paper.verified_by_id = timezone.now(), actor.membership_id
        paper.reason, paper.audit_event_id = "", event_id
        _note(paper, reason, reason_code)
        paper.problems = [fault.as_dict() for fault in problems]
        _save_in_place(paper, "file")
    return paper


def paper_unfile(*, actor: Actor, paper: Paper, revision: int, to_desk: bool = False) -> Paper:
    """Take a filing back at once: only by whoever filed the paper, within UNDO_WITHIN, and while nothing else happened.

    The paper waits for a check again with the values as they were entered; `to_desk` says that it had lain on the desk,
    where it returns to. Raises Conflict when it is too late.
    """
    with tenant_atomic():
        paper = _locked(actor, paper.id, revision)
        mine = AuditEvent.objects.filter(id=paper.audit_event_id, action=FILED, actor_id=actor.id).exists()
        fresh = paper.filed_at is not None and timezone.now() - paper.filed_at <= UNDO_WITHIN
        if paper.state != Paper.State.FILED or not mine or not fresh:
            raise Conflict(
                _("A filing can be taken back for a minute by whoever filed it. Now return the paper with a reason."),
                code="too_late",
            )
        event_id = audit.record(
            actor=actor, action="archives.paper.unfiled", object_type="archives.paper", object_id=paper.id,
            loan_id=paper.loan_id, subject=paper.key_subject(), before={"state": paper.state},
            after={"state": MOVES.need(paper.state, "unfile").target, "desk": to_desk},
        )  # fmt: skip
        if to_desk:
            event_id = _move_to(actor, paper, None) or event_id
        paper.filed_at, paper.verified_by_id, paper.audit_event_id = None, None, event_id
        _note(paper)
        paper.problems = [fault.as_dict() for fault in judge(paper)]
        _save_in_place(paper, "unfile")
    return paper


def paper_refile(*, actor: Actor, paper: Paper, revision: int, loan: Loan | None, reason: str) -> Paper:
    """Move a paper to another loan, or back to the desk (None): its key is wrapped anew, its bytes stay.

    Needs the right to review and to see clear values on both sides, and a reason. It waits for a check in its new
    place.
    """
    _needs_reason(reason)
    with tenant_atomic():
        paper = _locked(actor, paper.id, revision)
        if loan is not None and paper.loan_id == loan.id:
            raise Invalid(fields={"loan": [_("The paper lies on this loan already.")]})
        if loan is not None:
            _require_there(actor, loan)
        event_id = audit.record(
            actor=actor, action="archives.paper.moved", object_type="archives.paper", object_id=paper.id,
            loan_id=paper.loan_id,
            subject=paper.key_subject(), reason=said(reason)[:500],
            before={"loan": paper.loan_id}, after={"loan": loan.id if loan else None},
        )  # fmt: skip
        event_id = _move_to(actor, paper, loan) or event_id
        paper.filed_at, paper.audit_event_id = None, event_id
        paper.problems = [fault.as_dict() for fault in judge(paper)]
        _save_in_place(paper, "move")
    return paper


def paper_return(*, actor: Actor, paper: Paper, revision: int, reason: str, reason_code: str = "") -> Paper:
    """Send a filed or checked paper back to the desk's queue with a reason: somebody has to look again."""
    return _set_state(
        actor=actor, paper=paper, revision=revision, event="return", action="archives.paper.returned", reason=reason,
        reason_code=reason_code,
    )  # fmt: skip


def paper_refuse(*, actor: Actor, paper: Paper, revision: int, reason: str, reason_code: str = "") -> Paper:
    """Refuse a paper with a reason (wrong paper, unreadable): it stays in the archive, out of the dossier's count."""
    return _set_state(
        actor=actor, paper=paper, revision=revision, event="refuse", action="archives.paper.refused", reason=reason,
        reason_code=reason_code,
    )  # fmt: skip


def judge(paper: Paper, *, loan: Loan | None = None, today: date | None = None) -> list[Fault]:
    """What is wrong with a paper as its values stand now. Doubts end where a person vouched for the value."""
    fields = Fields(
        {
            row.name: Field(typed(row.name, clear(row, "value")), sureness(row) / CERTAIN, row.page or 0, None)
            for row in fields_of(paper)
            if row.value
        }
    )
    return _faults(paper, paper.kind, fields, loan or paper.loan, today or timezone.localdate())


def judge_typed(
    paper: Paper, *, kind: str, values: Mapping[str, str], loan: Loan | None = None, today: date | None = None
) -> list[Fault]:
    """What would be wrong with a paper if a person vouched for `kind` and the `values` of a form; nothing is stored.

    A value in no form that can be read says nothing: its own line in the form does.
    """
    fields = Fields(
        {
            name: Field(typed(name, value), 1.0, 0, None)
            for name, value in (values_of(paper) | _readable(values)).items()
            if value
        }
    )
    return _faults(paper, kind, fields, loan or paper.loan, today or timezone.localdate())


def loan_named(*, actor: Actor, kind: str, values: Mapping[str, str]) -> Loan | None:
    """The one loan that the values of a form name, if the actor may file there and see its people's numbers.

    Whoever sees only masks must not find out here what they hide, so that for them there is none.
    """
    loan_id, _why = matching.choose(
        [
            loans_named(matching.IDENTIFIERS[name], value)
            for name, value in matching.identifiers(kind, _readable(values)).items()
        ]
    )
    loan = visible_loans(actor).filter(id=loan_id).first() if loan_id else None
    return loan if loan and may_compare(actor, loan) else None


def may_compare(actor: Actor, loan: Loan) -> bool:
    """Whether the actor may file with a loan and sees its people's numbers: what a paper says is compared with them,
    and the answer tells what they are."""
    return may(actor, REVIEW, loan) and may(actor, SIGHT, loan)


def sureness(row: PaperField) -> int:
    """How sure a value is, in thousandths: as sure as the machine was, until a person vouched for it."""
    return CERTAIN if row.verified_by_id else row.confidence


def _faults(paper: Paper, kind: str, fields: Fields, loan: Loan | None, today: date) -> list[Fault]:
    found = [*proof.faults(kind, fields, today=today), *proof.completeness(kind, fields)]
    if kind in ("", "other"):
        found.append(Fault("kind_unknown"))
    values = {name: str(field.value) for name, field in fields.items()}
    if loan is None:
        found.append(Fault("no_loan"))
    elif differs := matching.contradictions(kind, values, facts_of(loan)):
        found.append(differs)
    if Paper.objects.filter(sha256=paper.sha256).exclude(id=paper.id).exclude(loan=None).exists():
        found.append(Fault("possible_duplicate"))
    return found


def _set_state(
    *, actor: Actor, paper: Paper, revision: int, event: Event, action: str, reason: str, reason_code: str
) -> Paper:
    _needs_reason(reason, reason_code)
    with tenant_atomic():
        paper = _locked(actor, paper.id, revision)
        event_id = audit.record(
            actor=actor, action=action, object_type="archives.paper", object_id=paper.id, loan_id=paper.loan_id,
            subject=paper.key_subject(), reason=said(reason)[:500], reason_code=reason_code,
            before={"state": paper.state}, after={"state": MOVES.need(paper.state, event).target},
        )  # fmt: skip
        paper.filed_at, paper.reason = None, ""
        _note(paper, reason, reason_code)
        paper.problems = [*(p for p in paper.problems if p["code"] != "returned"), Fault("returned").as_dict()]
        paper.audit_event_id = event_id
        save_placed(paper, values_of(paper), event)
    return paper


def _locked(actor: Actor, paper_id: UUID, revision: int) -> Paper:
    """The paper as it is now, locked. Raises Conflict when it changed, while a worker reads it, in a closed stage."""
    paper = (
        Paper.objects.select_for_update(no_key=True, of=("self",)).select_related("loan", "dossier").get(id=paper_id)
    )
    require_sight(actor, paper)
    if not may_review(actor, paper):
        raise Forbidden(capability=REVIEW)
    if paper.revision != revision:
        raise Conflict
    if paper.state in (Paper.State.RECEIVED, Paper.State.RECOGNISING):
        raise Conflict(_("This paper is still being read. Wait until it is done."))
    require_unsealed(paper)
    return paper


def _require_there(actor: Actor, loan: Loan) -> None:
    if not may_compare(actor, loan):
        raise Forbidden(capability=SIGHT if may(actor, REVIEW, loan) else REVIEW)


def _move_to(actor: Actor, paper: Paper, loan: Loan | None) -> UUID | None:
    if (loan.id if loan else None) == paper.loan_id:
        return None
    event_id = audit.record(
        actor=actor, action="archives.paper.rewrapped", object_type="archives.paper", object_id=paper.id,
        loan_id=loan.id if loan else None,
    )  # fmt: skip
    move(paper, loan, event_id=event_id)
    return event_id


def _save_in_place(paper: Paper, event: Event) -> None:
    try:
        with tenant_atomic():
            save_placed(paper, values_of(paper), event)
    except IntegrityError as error:
        raise Conflict(_("The dossier holds the same file already."), code="already_filed") from error


def _write(
    paper: Paper, values: Mapping[str, str], before: Mapping[str, str], person: Actor | None, event_id: UUID
) -> None:
    rows = {row.name: row for row in fields_of(paper)}
    for name, value in values.items():
        row = rows.get(name)
        if row is None:
            if not value:
                continue
            row = PaperField(id=uuid7(), paper=paper, name=name, source=PaperField.Source.PERSON, confidence=CERTAIN)
        elif value != before.get(name, ""):
            if row.source != PaperField.Source.PERSON:
                seal(row, original=before.get(name, ""))
            row.source, row.confidence = PaperField.Source.PERSON, CERTAIN
        elif person is None or row.source == PaperField.Source.PERSON or _confirmed(row, person):
            # Nothing new is said about it: who corrected or confirmed it, and when, stays.
            continue
        elif person.membership_id is None:
            # Another system vouches: there is no person to name, so the value itself says that it is certain.
            row.confidence = CERTAIN
        seal(row, value=value)
        row.verified_by_id = person.membership_id if person else None
        row.audit_event_id = event_id
        row.save()


def _confirmed(row: PaperField, person: Actor) -> bool:
    return person.membership_id is not None and row.verified_by_id == person.membership_id


def _normalised(values: Mapping[str, str]) -> dict[str, str]:
    clean, wrong = {}, {}
    for name, text in values.items():
        try:
            clean[name] = normal_value(name, text)
        except ValueError:
            wrong[name] = [_("This is not in a form that can be read for this field.")]
    if wrong:
        raise Invalid(fields=wrong)
    return clean


def _readable(values: Mapping[str, str]) -> dict[str, str]:
    clean = {}
    for name, text in values.items():
        with suppress(ValueError):
            clean[name] = normal_value(name, text)
    return clean


def _without_loan_problems(faults: list[Fault]) -> list[Fault]:
    return [replace(fault) for fault in faults if fault.code not in WITHOUT_LOAN]


def _note(paper: Paper, reason: str = "", reason_code: str = "") -> None:
    paper.note_code = reason_code
    seal(paper, note=said(reason)[:200])


def _is_given(reason: str, reason_code: str, usual: Mapping[str, Any]) -> bool:
    """Whether one of the usual reasons was chosen, or another one said in words. Raises Invalid for a code of none."""
    if reason_code and reason_code not in usual:
        raise Invalid(fields={"why": [_("Choose a reason of the list.")]})
    return reason_code not in ("", OTHER_REASON) or len(said(reason)) >= SHORTEST_REASON


def _needs_reason(reason: str, reason_code: str = "") -> None:
    if not _is_given(reason, reason_code, RETURN_REASONS):
        raise Invalid(fields={"reason": [_("Give a reason.")]})


def _needs_reason_for(problems: list[Fault], reason: str, reason_code: str) -> None:
    if not _is_given(reason, reason_code, ACCEPT_REASONS):
        raise Invalid(
            fields={"reason": [_("Say why the paper is filed although something is wrong with it.")]},
            problems=[fault.code for fault in problems],
        )
