"""Forms of template packs: the pack, one paper of a draft, and its condition as lines that ask something."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carloan.archives.dossier_faces import FIELD_WORDS, OPERATOR_WORDS, STAGE_WORDS
from carloan.archives.policies.conditions import FACTS, OPERATORS, PARTIES, PRODUCTS, Condition, Fact, Question, Sort
from carloan.archives.policies.packs import CONFIDENTIALITY, EXPIRIES, MOST_COUNT, MOST_MONTHS, OF, ItemDraft
from carloan.archives.recognition.kinds import LABELS
from carloan.lib import money

AND, OR = "and", "or"
BLANK_LINES: Final = 3
MOST_LINES: Final = 25


class PackForm(forms.Form):
    """What a pack is called, for which loans it is, and why there is a new version."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Name of the pack"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)
    products = forms.MultipleChoiceField(
        label=gettext_lazy("For these products; none for any"), required=False,
        choices=list(PRODUCTS.items()), widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )  # fmt: skip
    party = forms.ChoiceField(
        label=gettext_lazy("Borrower"), required=False, choices=[("", gettext_lazy("Any")), *PARTIES.items()]
    )
    note = forms.CharField(label=gettext_lazy("Reason for this version"), max_length=200, required=False)


class CopyForm(forms.Form):
    """A pack of one's own."""

    name = forms.CharField(label=gettext_lazy("Name of the pack"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)


class RetireForm(forms.Form):
    """Why a pack is offered no more."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """The fields of one line of a condition: how it joins the line before, what it asks, and a figure."""

    join: BoundField | None
    ask: BoundField
    figure: BoundField


class ItemForm(forms.Form):
    """One paper of a draft. A condition is lines that are joined by "and" or "or"; "or" begins an alternative."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=FIELD_WORDS["name"], max_length=60)
    name_en = forms.CharField(label=FIELD_WORDS["name_en"], max_length=80, required=False)
    stage = forms.ChoiceField(label=FIELD_WORDS["stage"], choices=list(STAGE_WORDS.items()))
    of = forms.ChoiceField(label=FIELD_WORDS["of"], choices=[(of.value, label) for of, label in OF.items()])
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Recognised as; none: a person places the paper"), required=False,
        choices=[(kind, label) for kind, label in LABELS.items() if kind != "other"],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )  # fmt: skip
    required = forms.BooleanField(label=gettext_lazy("Required: keeps its stage from closing"), required=False)
    count = forms.IntegerField(label=FIELD_WORDS["count"], min_value=1, max_value=MOST_COUNT)
    expires = forms.ChoiceField(label=FIELD_WORDS["expires"], required=False, choices=list(EXPIRIES.items()))
    months = forms.IntegerField(label=FIELD_WORDS["months"], required=False, min_value=1, max_value=MOST_MONTHS)
    confidentiality = forms.ChoiceField(label=FIELD_WORDS["confidentiality"], choices=list(CONFIDENTIALITY.items()))
    urgent = forms.BooleanField(label=FIELD_WORDS["urgent"], required=False)
    important = forms.BooleanField(label=FIELD_WORDS["important"], required=False)
    original = forms.BooleanField(label=FIELD_WORDS["original"], required=False)

    def __init__(self, data: Any = None, *, item: ItemDraft, revision: int) -> None:
        initial: dict[str, Any] = {name: getattr(item, name) for name in self.base_fields if name != "revision"} | {
            "revision": revision
        }
        asked = [
            (AND if place else OR, question)
            for alternative in item.condition.alternatives
            for place, question in enumerate(alternative)
        ]
        self.lines = min(MOST_LINES, len(asked) + BLANK_LINES)
        if data is not None and str(data.get("lines", "")).isdecimal():
            self.lines = min(MOST_LINES, int(data["lines"]))
        for number, (join, question) in enumerate(asked):
            ask, figure = _line_of(question)
            initial |= {f"join_{number}": join, f"ask_{number}": ask, f"figure_{number}": figure}
        super().__init__(data, initial=initial)
        self.key = item.key
        choices = [("", "—"), *_asks()]
        for number in range(self.lines):
            told = _("Condition %(number)s") % {"number": number + 1}
            self.fields[f"join_{number}"] = forms.ChoiceField(
                label=_("%(line)s: joined by") % {"line": told}, required=False,
                choices=[(AND, _("and")), (OR, _("or"))],
            )  # fmt: skip
            self.fields[f"ask_{number}"] = forms.ChoiceField(label=told, required=False, choices=choices)
            self.fields[f"figure_{number}"] = forms.CharField(
                label=_("%(line)s: figure") % {"line": told}, required=False, max_length=30
            )

    def plain_fields(self) -> Iterator[BoundField]:
        """All fields but those of the condition."""
        return (self[name] for name in self.base_fields if name != "revision")

    def condition_lines(self) -> Iterator[ConditionLine]:
        """The lines of the condition as a page shows them."""
        for number in range(self.lines):
            yield ConditionLine(
                self[f"join_{number}"] if number else None, self[f"ask_{number}"], self[f"figure_{number}"]
            )

    def item(self) -> ItemDraft:
        """What a valid form says."""
        said = {name: self.cleaned_data[name] for name in self.base_fields if name != "revision"}
        return ItemDraft(key=self.key, condition=self.condition, **said | {"kinds": tuple(said["kinds"])})

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        alternatives: list[list[Question]] = []
        for number in range(self.lines):
            ask = data.get(f"ask_{number}")
            if not ask:
                if data.get(f"figure_{number}"):
                    self.add_error(f"ask_{number}", _("Choose what the condition asks about."))
                continue
            try:
                question = _question(ask, data.get(f"figure_{number}", ""))
            except ValueError:
                self.add_error(f"figure_{number}", _("Give the figure that it is compared with, for example 200,000."))
                continue
            if not alternatives or data.get(f"join_{number}") == OR:
                alternatives.append([])
            alternatives[-1].append(question)
        self.condition = Condition(tuple(map(tuple, alternatives)))
        return data


def _asks() -> Iterator[tuple[str, str]]:
    """Everything that a line can ask: `fact|operator|value`, the value being empty where a figure says it."""
    for fact in FACTS.values():
        for operator in OPERATORS[fact.sort]:
            yield from _asks_of(fact, operator)


def _asks_of(fact: Fact, operator: str) -> Iterator[tuple[str, str]]:
    told = f"{fact.label} {OPERATOR_WORDS[operator]}"
    match fact.sort:
        case Sort.CHOICE:
            for value, label in fact.choices.items():
                yield f"{fact.code}|{operator}|{value}", f"{told} {label}"
        case Sort.YES_NO:
            yield f"{fact.code}|{operator}|yes", str(fact.label)
            yield f"{fact.code}|{operator}|no", _("not: %(fact)s") % {"fact": fact.label}
        case _:
            yield f"{fact.code}|{operator}|", f"{told} …"


def _line_of(question: Question) -> tuple[str, str]:
    sort, value = FACTS[question.fact].sort, question.value
    said = {True: "yes", False: "no"}[bool(value)] if sort == Sort.YES_NO else str(value) if sort == Sort.CHOICE else ""
    figure = ""
    if sort == Sort.MONEY:
        figure = money.plain(int(value))
    elif sort == Sort.MONTHS:
        figure = str(value)
    return f"{question.fact}|{question.operator}|{said}", figure


def _question(ask: str, figure: str) -> Question:
    """What a line asks. Raises ValueError for a figure that is missing or none."""
    code, operator, value = ask.split("|")
    match FACTS[code].sort:
        case Sort.CHOICE:
            return Question(code, operator, value)
        case Sort.YES_NO:
            return Question(code, operator, value == "yes")
        case Sort.MONEY:
            return Question(code, operator, money.parse(figure))
        case _:
            return Question(code, operator, int(figure))
