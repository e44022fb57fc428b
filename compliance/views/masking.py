"""The page on which a lender makes masking stricter, sees what would change, and publishes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from carloan.compliance.masking_words import EXPORT_WORDS, MASK_WORDS, told
from carloan.compliance.models import MaskingPolicy
from carloan.compliance.names import field_label, type_label
from carloan.compliance.selectors.masking import newest_rules, policies_for, policy_of
from carloan.compliance.services.masking import LOOSER_AHEAD_DAYS, MANAGE, masking_publish
from carloan.core.doors import ActorRequest, door
from carloan.core.errors import Invalid
from carloan.core.registry import Field, Term, Tighter
from carloan.core.stepup import reauthenticate, recently_authenticated, typed_before
from carloan.core.tightening import EXPORTS, HARDER, NOTHING, Tightenable, tightenable, tightened
from carloan.lib.masks import MASKS

# One invented value a rule: what the preview shows masked.
SAMPLES = {
    "name": "王小明",
    "id_number": "11010519491231002X",
    "phone": "13800001234",
    "card": "6222020000000000000",
    "plate": "京A12345",
    "vin": "LSVAA49J0E0000011",
    "address": "广东省深圳市南山区科技路1号",
    "date": "1990-03-07",
    "email": "wang@example.com",
    "text": "……",
}


@dataclass(frozen=True)
class Line:
    """One rule on the page: what it is about, what may be chosen, and the words of what the last version says."""

    field: Tightenable
    label: str
    mask: Any
    guarded: Any
    export: Any
    unsearched: Any
    now: str


@dataclass(frozen=True)
class Change:
    """What one rule would show after publishing, beside what it shows now."""

    label: str
    of: str
    masked: tuple[str, str]
    clear: tuple[str, str]
    export: tuple[str, str]
    searched: tuple[bool, bool]


class MaskingForm(forms.Form):
    """The whole policy: a day, a reason, and up to four choices a rule, named by the rule's place."""

    effective_on = forms.DateField(
        label=gettext_lazy("Counts from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: QueryDict | None, *, last: dict[str, Tighter], count: int) -> None:
        super().__init__(data, initial={"effective_on": timezone.localdate(), "after": count})
        self.fields["effective_on"].help_text = _(
            "A version that only tightens may count today. One that shows more than before it, in any rule, counts"
            " %(days)s days after it is published at the earliest."
        ) % {"days": LOOSER_AHEAD_DAYS}
        self._rules = tightenable()
        self._last = last
        for place, (key, field) in enumerate(self._rules.items()):
            self._add(place, field.rule, last.get(key, NOTHING), self._label(field))

    def _label(self, field: Tightenable) -> str:
        return f"{type_label(field.object_type)}: {field_label(field.object_type, field.name)}"

    def _add(self, place: int, rule: Field, said: Tighter, label: str) -> None:
        masks = HARDER.get(rule.mask or "", ())
        if masks:
            choices = [("", _("as now")), *((mask, str(MASK_WORDS[mask])) for mask in masks)]
            self._choice(f"{place}-mask", choices, said.mask, _("%(field)s: shown masked") % {"field": label})
        if not rule.guarded:
            self.fields[f"{place}-guarded"] = forms.BooleanField(
                required=False,
                initial=said.guarded,
                label=_("%(field)s: only revealed") % {"field": label},
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )
        exports = EXPORTS[EXPORTS.index(rule.export) + 1 :]
        if exports:
            kept = EXPORT_WORDS[rule.export]
            choices = [("", str(kept)), *((export, str(EXPORT_WORDS[export])) for export in exports)]
            self._choice(f"{place}-export", choices, said.export, _("%(field)s: in files") % {"field": label})
        if isinstance(rule.search, Term):
            self.fields[f"{place}-unsearched"] = forms.BooleanField(
                required=False,
                initial=said.unsearched,
                label=_("%(field)s: not searched for") % {"field": label},
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )

    def _choice(self, name: str, choices: list[tuple[str, str]], initial: str, label: str) -> None:
        self.fields[name] = forms.ChoiceField(
            choices=choices,
            initial=initial,
            required=False,
            label=label,
            widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
        )

    def lines(self) -> Iterator[Line]:
        """The rules in their order, with their controls; None where the registry is as strict as can be."""

        def control(name: str) -> Any:
            return self[name] if name in self.fields else None

        for place, (key, field) in enumerate(self._rules.items()):
            parts = {part: control(f"{place}-{part}") for part in ("mask", "guarded", "export", "unsearched")}
            label = field_label(field.object_type, field.name)
            yield Line(field, label, **parts, now=told(self._last.get(key, NOTHING), field.guarded_means))

    def rules(self) -> dict[str, Tighter]:
        """What was chosen, by the key of the rule."""
        chosen = self.cleaned_data
        found = {
            key: Tighter(
                mask=chosen.get(f"{place}-mask") or "",
                guarded=bool(chosen.get(f"{place}-guarded")),
                export=chosen.get(f"{place}-export") or "",
                unsearched=bool(chosen.get(f"{place}-unsearched")),
            )
            for place, key in enumerate(self._rules)
        }
        return {key: said for key, said in found.items() if said != NOTHING}

    def changes(self) -> list[Change]:
        """What would be shown otherwise than after the last version, by an invented value."""
        wanted = self.rules()
        return [
            _change(field, self._last.get(key, NOTHING), wanted.get(key, NOTHING))
            for key, field in self._rules.items()
            if self._last.get(key, NOTHING) != wanted.get(key, NOTHING)
        ]


def _change(field: Tightenable, before: Tighter, after: Tighter) -> Change:
    sample = SAMPLES.get(field.rule.mask or "text", "")
    rules = (tightened(field.rule, before), tightened(field.rule, after))
    masked = (MASKS[rules[0].mask or "text"](sample), MASKS[rules[1].mask or "text"](sample))
    return Change(
        label=field_label(field.object_type, field.name),
        of=type_label(field.object_type),
        masked=masked,
        clear=tuple(hidden if rule.guarded else sample for rule, hidden in zip(rules, masked, strict=True)),  # type: ignore[arg-type]
        export=tuple(_filed(rule, hidden, sample) for rule, hidden in zip(rules, masked, strict=True)),  # type: ignore[arg-type]
        searched=(isinstance(rules[0].search, Term), isinstance(rules[1].search, Term)),
    )


def _filed(rule: Field, hidden: str, sample: str) -> str:
    return {"clear": sample, "masked": hidden, "never": "—"}[rule.export]


@require_http_methods(["GET", "HEAD", "POST"])
@door("masking.view")
def policy(request: ActorRequest) -> HttpResponse:
    """The policy as it is, its versions, and for who may change it the form with its preview."""
    versions = policies_for(request.actor)
    may_manage = request.actor.can("masking.manage")
    data = request.POST if request.method == "POST" else typed_before(request)
    form = MaskingForm(data, last=newest_rules(), count=len(versions))
    changes: list[Change] | None = None
    if data is not None and form.is_valid():
        changes = form.changes()
        if request.method == "POST" and "preview" not in request.POST:
            if not recently_authenticated(request, capability=MANAGE):
                return reauthenticate(request, typed=request.POST, capability=MANAGE)
            if (published := _publish(request, form)) is not None:
                words = _("Version %(number)s counts from %(day)s.")
                messages.success(request, words % {"number": published.number, "day": published.effective_on})
                return redirect("compliance:masking")
    context = {
        "form": form,
        "lines": list(form.lines()),
        "changes": changes,
        "versions": versions,
        "in_force": policy_of(on=timezone.localdate()),
        "may_manage": may_manage,
    }
    return render(request, "compliance/masking.html", context, status=422 if form.errors else 200)


def _publish(request: ActorRequest, form: MaskingForm) -> MaskingPolicy | None:
    try:
        return masking_publish(
            actor=request.actor,
            rules=form.rules(),
            effective_on=form.cleaned_data["effective_on"],
            reason=form.cleaned_data["reason"],
            after=form.cleaned_data["after"],
        )
    except Invalid as error:
        for name, lines in error.fields.items():
            for line in lines:
                form.add_error(name, str(line))
        if not error.fields:
            form.add_error(None, str(error.message))
        return None
