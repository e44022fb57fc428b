"""The reconciliation of an import as people read it: what the file says beside what the book holds."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carloan.lib import money
from carloan.loans.models import ImportBatch

SUMS = {"principal": _("Loan amounts"), "outstanding": _("Outstanding principal"), "overdue": _("Overdue amounts")}
PAID = {
    "amount": _("Paid in the period"),
    "interest": _("of it interest"),
    "principal": _("of it principal"),
    "penalty": _("of it penalty interest"),
    "other": _("of it other"),
    "unallocated": _("of it not allocated"),
}
_COLUMNS = {"amount": "paid", "unallocated": ""}


@dataclass(frozen=True, slots=True)
class Figure:
    """One line. `absent`: the file has no such column, so nothing is compared; `lacking`: loans that do not have it."""

    label: str
    file: str
    book: str
    same: bool = True
    absent: bool = False
    lacking: int = 0
    # What they lack, where the line itself counts them.
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """All lines, and what the file did not say for any loan (`absent`) or for some (`lacking`), in words."""

    figures: list[Figure]
    differs: bool

    @property
    def absent(self) -> str:
        return gettext(", ").join(figure.label for figure in self.figures if figure.absent)

    @property
    def lacking(self) -> str:
        figures = (figure for figure in self.figures if figure.lacking and not figure.absent)
        return gettext(", ").join(figure.lacks or figure.label for figure in figures)

    @property
    def whole(self) -> bool:
        """Whether every figure was compared for every loan, so that "agree" means all of them."""
        return not self.absent and not self.lacking


def reconciliation_of(batch: ImportBatch) -> Reconciliation | None:
    """None before the file was read. Sums are in the currency of the mapping."""
    file, book = batch.report.get("file"), batch.report.get("book")
    if not file:
        return None
    currency = str(batch.spec.get("currency", "CNY"))
    said = {**batch.spec.get("columns", {}), **batch.spec.get("constants", {})}
    unknown = file.get("unknown", {})

    def amount(held: int | None) -> str:
        return gettext("Unknown") if held is None else money.show(held, currency)

    def sum_line(label: Any, group: str, name: str, column: str) -> Figure:
        claimed, held = file[group][name], book[group][name] if book else None
        shown = amount(held) if book else ""
        if column and column not in said:
            return Figure(str(label), gettext("not in the file"), shown, absent=True)
        same = not book or claimed == held
        return Figure(str(label), amount(claimed), shown, same, lacking=unknown.get(name, 0) if group == "sums" else 0)

    def count_line(label: str, claimed: int, held: int | None) -> Figure:
        return Figure(label, f"{claimed:,}", "" if held is None else f"{held:,}", held is None or held == claimed)

    lines = [count_line(gettext("Loans"), file["loans"], book["loans"] if book else None)]
    lines += [sum_line(label, "sums", name, name) for name, label in SUMS.items()]
    if file["paid"]["amount"]:
        lines += [sum_line(label, "paid", name, _COLUMNS.get(name, f"paid_{name}")) for name, label in PAID.items()]
    if "days_overdue" not in said:
        nowhere = book and book.get("unknown", {}).get("days_overdue") == book["loans"]
        shown = gettext("Unknown") if nowhere else ""
        lines.append(Figure(gettext("Days overdue"), gettext("not in the file"), shown, absent=True))
        return Reconciliation(lines, bool(batch.report.get("differences")))
    # The stored report does not keep the order of its names: by the first day of each.
    for name in sorted(file["buckets"], key=lambda name: int(name.partition("-")[0].rstrip("+"))):
        held = book["buckets"][name] if book else None
        lines.append(count_line(gettext("%(days)s days overdue") % {"days": name}, file["buckets"][name], held))
    if lacking := unknown.get("days_overdue", 0):
        shown = f"{book['unknown']['days_overdue']:,}" if book else ""
        same = not book or book["unknown"]["days_overdue"] == lacking
        label, lacks = gettext("Days overdue unknown"), gettext("Days overdue")
        lines.append(Figure(label, f"{lacking:,}", shown, same, lacking=lacking, lacks=lacks))
    return Reconciliation(lines, bool(batch.report.get("differences")))
