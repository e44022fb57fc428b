"""Shapes of the book's forms; every rule is in the services and policies."""

from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carloan.core import selectors
from carloan.core.models import Membership
from carloan.lib import money

from .imports.fields import TARGETS
from .models import Loan, LoanParty, Party, Payment, Vehicle
from .policies.ageing import AGES, UNKNOWN, age_named
from .policies.allocation import Parts
from .policies.facts import FIRST_MODEL_YEAR, LAST_DAY, PersonFacts, VehicleFacts
from .selectors.listing import AMOUNT_SORTS, DEFAULT_SORT, Filters
from .services.loans import PersonIn
from .services.payments import AGAIN


class _FigureField(forms.Field):
    """A figure as people type it, kept as an integer; `read` and `write` translate."""

    wrong: Any
    code: str

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "num", "autocomplete": "off"})
        )
        super().__init__(**kwargs)

    def read(self, text: str) -> int:
        raise NotImplementedError

    def write(self, value: int) -> str:
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()[:60]
        if not text:
            return None
        try:
            return self.read(text)
        except ValueError as error:
            raise forms.ValidationError(self.wrong, code=self.code) from error

    def prepare_value(self, value: Any) -> Any:
        return self.write(value) if isinstance(value, int) else value


class MoneyField(_FigureField):
    """An amount as people type it (1,234.50, 1.2万), as minor units."""

    wrong, code = _("This is not an amount of money."), "amount"

    def read(self, text: str) -> int:
        return money.parse(text)

    def write(self, value: int) -> str:
        return money.plain(value)


class RateField(_FigureField):
    """A yearly rate in percent, as parts per million."""

    wrong, code = _("This is not a yearly rate in percent."), "rate"

    def read(self, text: str) -> int:
        return money.parse_rate(text if "%" in text or "％" in text else f"{text}%")

    def write(self, value: int) -> str:
        return money.show_rate(value).rstrip("%")


class PlanField(forms.Field):
    """An individual plan, one instalment a line (due date, principal, interest), as rows in minor units."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4, "class": "num", "autocomplete": "off"}), **kwargs)

    def to_python(self, value: Any) -> list[tuple[date, int, int]]:
        rows = []
        for number, line in enumerate(str(value or "")[:40_000].splitlines(), start=1):
            parts = line.replace("\t", " ").replace(";", " ").split()
            if not parts:
                continue
            try:
                day, principal, interest = parts
                rows.append((date.fromisoformat(day.replace("/", "-")), money.parse(principal), money.parse(interest)))
            except ValueError as error:
                message = _("Line %(number)s is not a date, a principal and an interest.")
                raise forms.ValidationError(message, code="plan", params={"number": number}) from error
        return rows


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def _branches(field: Any, allowed: frozenset[UUID] | None, empty: Any, *, also: UUID | None = None) -> None:
    """Fill a choice of branches with those of a right (None: all); `also` one that may be closed."""
    rows = selectors.branches(also=also)
    if allowed is not None:
        rows = rows.filter(id__in=list(allowed))
    field.choices = [("", empty), *((str(branch.id), branch.name) for branch in rows)]


# Phones have no heads of columns to press.
ORDERS: dict[str, Any] = {
    "-opened": _("Opened on, newest first"),
    "opened": _("Opened on, oldest first"),
    "number": _("Contract number, ascending"),
    "-number": _("Contract number, descending"),
    "-amount": _("Loan amount, largest first"),
    "amount": _("Loan amount, smallest first"),
    "-overdue": _("Days overdue, most first"),
    "overdue": _("Days overdue, fewest first"),
}


class ResultFilterForm(forms.Form):
    """Find one row of an import by its contract number; which rows are shown stays."""

    contract_no = forms.CharField(
        label=_("Contract number"),
        required=False,
        max_length=64,
        widget=forms.TextInput(attrs={"data-filter": True, "type": "search", "autocomplete": "off"}),
    )
    show = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)


class LoanFilterForm(forms.Form):
    """The query form of the list; the URL holds its values."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={
                "data-filter": True,
                "type": "search",
                "placeholder": _("Number, name or plate"),
                "title": _("Number, name, ID, phone, VIN or plate"),
                "autocomplete": "off",
            }
        ),
    )
    state = forms.ChoiceField(label=_("Stage"), required=False, choices=[("", _("All")), *Loan.State.choices])
    age = forms.ChoiceField(
        label=_("Days overdue"),
        required=False,
        choices=[("", _("All")), ("0", _("None")), *((age, age) for age in list(AGES)[1:]), (UNKNOWN, _("Unknown"))],
    )
    branch = forms.ChoiceField(label=_("Branch"), required=False)
    opened_from = _day(_("Opened from"), required=False)
    opened_to = _day(_("Opened until"), required=False)
    least = MoneyField(label=_("Amount from"), required=False)
    most = MoneyField(label=_("Amount up to"), required=False)
    mine = forms.BooleanField(label=_("Mine only"), required=False)
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=list(ORDERS.items()), widget=forms.HiddenInput)

    def __init__(self, given: QueryDict, *, branches: frozenset[UUID] | None, amounts: bool) -> None:
        asked = given.copy()
        if "age" in asked:
            asked["age"] = age_named(str(asked["age"]))
        super().__init__(asked)
        _branches(self.fields["branch"], branches, _("All"))
        self.amounts = amounts
        if not amounts:
            for name in ("age", "least", "most"):
                del self.fields[name]

    def filters(self) -> Filters:
        """What is asked; filters and orders by amounts are left out where they are not open to the reader."""
        values = {"age": "", "least": None, "most": None, **self.cleaned_data}
        sort = values["sort"] or DEFAULT_SORT
        if not self.amounts and sort.lstrip("-") in AMOUNT_SORTS:
            sort = DEFAULT_SORT
        return Filters(
            q=values["q"],
            state=values["state"],
            branch_id=UUID(values["branch"]) if values["branch"] else None,
            mine=values["mine"],
            age=values["age"],
            opened_from=values["opened_from"],
            opened_to=values["opened_to"],
            least=values["least"],
            most=values["most"],
            sort=sort,
        )


class TermsForm(forms.Form):
    """The terms of a loan."""

    contract_no = forms.CharField(
        label=_("Contract number"), required=False, max_length=64, help_text=_("Left empty, the next number is given.")
    )
    product = forms.CharField(label=_("Product"), required=False, max_length=60)
    principal = MoneyField(label=_("Loan amount"))
    rate_ppm = RateField(label=_("Yearly rate (%)"))
    term = forms.IntegerField(label=_("Months"), min_value=1, max_value=480)
    method = forms.ChoiceField(label=_("Repayment"), choices=Loan.Method.choices)
    balloon = MoneyField(label=_("Balloon"), required=False)
    opened_on = _day(_("Opened on"), initial=timezone.localdate)
    disbursed_on = _day(_("Paid out on"), required=False)
    due_day = forms.IntegerField(label=_("Due day"), min_value=1, max_value=31, initial=15)
    first_due_on = _day(
        _("First due on"), required=False, help_text=_("Left empty, the due day of the following month.")
    )
    branch = forms.ChoiceField(label=_("Branch"), required=False)
    officer = forms.ChoiceField(label=_("Loan officer"), required=False)
    rows = PlanField(
        label=_("Instalments of an individual plan"),
        required=False,
        help_text=_("One instalment a line: due date, principal, interest, such as 2026-03-15 10000.00 450.00"),
    )

    def __init__(
        self,
        *args: Any,
        branches: frozenset[UUID] | None,
        officers: list[Membership] | None = None,
        loan: Loan | None = None,
        **kwargs: Any,
    ) -> None:
        """`officers` are whom the loan may be given to (None: it is not the reader's to give). A `loan` that stands in
        a closed branch may stay there."""
        super().__init__(*args, **kwargs)
        _branches(self.fields["branch"], branches, "—", also=loan.branch_id if loan else None)
        if officers is None:
            del self.fields["officer"]
        else:
            choices = [(str(one.id), " · ".join(filter(None, (one.display_name, one.employee_no)))) for one in officers]
            self.fields["officer"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """What the services take; an officer only where the form asked for one."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in ("branch", "officer")}
        values["balloon"] = values["balloon"] or 0
        chosen = {"branch": self.cleaned_data["branch"]}
        if "officer" in self.fields and "officer" in self.data:
            chosen["officer"] = self.cleaned_data["officer"]
        return values | {f"{name}_id": UUID(text) if text else None for name, text in chosen.items()}


class VehicleForm(forms.Form):
    """The car. On change, empty identifiers stay as they are: they are not shown in clear here."""

    vin = forms.CharField(label=_("VIN"), required=False, max_length=40)
    plate = forms.CharField(label=_("Plate number"), required=False, max_length=20)
    engine_no = forms.CharField(label=_("Engine number"), required=False, max_length=40)
    make = forms.CharField(label=_("Make"), required=False, max_length=60)
    model = forms.CharField(label=_("Model"), required=False, max_length=80)
    model_year = forms.IntegerField(
        label=_("Model year"), required=False, min_value=FIRST_MODEL_YEAR, max_value=LAST_DAY.year
    )
    condition = forms.ChoiceField(label=_("Condition"), choices=Vehicle.Condition.choices, initial="new")
    use = forms.ChoiceField(label=_("Use"), choices=Vehicle.Use.choices, initial="private")
    price = MoneyField(label=_("Price"), required=False)

    def facts(self) -> VehicleFacts:
        return VehicleFacts(**self.cleaned_data)


class PersonForm(forms.Form):
    """Somebody in a loan. On change, empty guarded values stay as they are: they are not shown in clear here."""

    role = forms.ChoiceField(label=_("Role"), choices=LoanParty.Role.choices)
    name = forms.CharField(label=_("Name"), required=False, max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Party.Kind.choices, initial=Party.Kind.PERSON)
    id_kind = forms.ChoiceField(label=_("Document"), choices=Party.IdKind.choices, initial=Party.IdKind.RESIDENT)
    id_number = forms.CharField(label=_("ID number"), required=False, max_length=40)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=60)
    address = forms.CharField(label=_("Address"), required=False, max_length=300)
    employer = forms.CharField(label=_("Employer"), required=False, max_length=300)
    occupation = forms.CharField(label=_("Occupation"), required=False, max_length=60)
    guarantee = forms.ChoiceField(
        label=_("Guarantee"), required=False, choices=[("", "—"), *LoanParty.Guarantee.choices[:2]]
    )
    relation = forms.CharField(label=_("Relation to the borrower"), required=False, max_length=20)
    request_no = forms.IntegerField(
        label=_("Number of the person's request"),
        required=False,
        min_value=1,
        max_value=999_999_999,
        help_text=_("If the person asked for the correction: the change is then told with this number."),
    )

    def facts(self) -> PersonFacts:
        values = self.cleaned_data
        return PersonFacts(
            name=values["name"],
            kind=values["kind"],
            id_kind=values["id_kind"] if values["id_number"] else "none",
            id_number=values["id_number"],
            phones=tuple(values["phone"].replace("，", ",").split(",")) if values["phone"] else (),
            address=values["address"],
            employer=values["employer"],
            occupation=values["occupation"],
        )

    def person(self) -> PersonIn:
        values = self.cleaned_data
        return PersonIn(self.facts(), values["role"], values["guarantee"], values["relation"])


class PartsForm(forms.Form):
    """What a payment pays; what is left open is not allocated."""

    fee = MoneyField(label=_("of it fees and costs"), required=False)
    interest = MoneyField(label=_("of it interest"), required=False)
    compound = MoneyField(label=_("of it compound interest"), required=False)
    penalty = MoneyField(label=_("of it penalty interest"), required=False)
    principal = MoneyField(label=_("of it principal"), required=False)
    other = MoneyField(label=_("of it other"), required=False)

    def parts(self) -> Parts:
        return Parts(**{spec.name: self.cleaned_data[spec.name] or 0 for spec in fields(Parts)})


class PaymentForm(PartsForm):
    field_order = ("amount",)
    amount = MoneyField(label=_("Amount"))
    value_on = _day(_("Value date"), initial=timezone.localdate)
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[choice for choice in Payment.Channel.choices if choice[0] != "imported"]
    )
    reference = forms.CharField(
        label=_("Reference"), max_length=80, help_text=_("The bank's or channel's number of this payment.")
    )


class AllocationForm(PartsForm):
    because = forms.ChoiceField(
        label=_("Why anew"), choices=[(reason.value, reason.label) for reason in AGAIN], initial=AGAIN[0]
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class GrantForm(forms.Form):
    """Exceptional access of one member to one loan."""

    member: "forms.ModelChoiceField[Membership]" = forms.ModelChoiceField(
        label=_("Person"), queryset=None, empty_label="—"
    )
    valid_until = _day(_("Valid until"), required=False, help_text=_("Left empty, until it is ended."))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = selectors.members()  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class PayoutForm(ReasonForm):
    disbursed_on = _day(_("Paid out on"), initial=timezone.localdate)
    field_order = ("disbursed_on", "reason")


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"), allow_empty_file=True, widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        help_text=_("CSV (UTF-8 or GB 18030) or XLSX, up to 300 MB."),
    )  # fmt: skip
    profile = forms.ChoiceField(label=_("Mapping"), required=False)

    def __init__(self, *args: Any, profiles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["profile"].choices = [("", _("Recognise by the column names")), *profiles]  # type: ignore[attr-defined]


class MappingForm(forms.Form):
    """One choice a meaning: which column of the file holds it."""

    def __init__(self, *args: Any, header: list[str], spec: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spec = spec
        columns = [("", "—"), *((name, name) for name in header)]
        for name, target in TARGETS.items():
            chosen = spec.get("columns", {}).get(name, {}).get("column", "")
            self.fields[name] = forms.ChoiceField(label=target.label, choices=columns, required=False, initial=chosen)
        self.fields["rate_unit"] = forms.ChoiceField(
            label=_("Rates without a sign are"),
            choices=[("percent", _("percent (5.88)")), ("fraction", _("fractions (0.0588)"))],
            initial=spec.get("rate_unit", "percent"),
        )
        self.fields["currency"] = forms.ChoiceField(
            label=_("Currency"), choices=[(code, code) for code in money.SYMBOLS], initial=spec.get("currency", "CNY")
        )

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """Bound fields by group, for the page."""
        found: dict[Any, list[Any]] = {}
        for name, target in TARGETS.items():
            found.setdefault(str(target.group), []).append(self[name])
        return list(found.items())

    def mapping(self) -> dict[str, Any]:
        before = self.spec.get("columns", {})
        columns = {}
        for name in TARGETS:
            if column := self.cleaned_data.get(name):
                kept = before.get(name, {})
                form = {"format": kept["format"]} if kept.get("format") and kept.get("column") == column else {}
                columns[name] = {"column": column, **form}
        return {
            **self.spec,
            "columns": columns,
            "rate_unit": self.cleaned_data["rate_unit"],
            "currency": self.cleaned_data["currency"],
        }


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=40)


def add_errors(form: forms.Form, fields: dict[str, list[Any]], prefix: str = "") -> None:
    """Put a service's faults to their fields; what has no field stands on top."""
    for name, messages in fields.items():
        short = name.removeprefix(prefix)
        for message in messages:
            form.add_error(short if short in form.fields else None, message)
