"""Mapping profiles: files beside this package, or a lender's own, and what they become for one file's header."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from carloan.core.errors import Invalid
from carloan.core.selectors import currency
from carloan.lib.text import fold_key
from carloan.loans.models import ImportProfile

from .fields import REQUIRED, TARGETS

FOLDER = Path(__file__).resolve().parent.parent / "profiles"
OWN_PROFILES = "own-"
# How the days of a column are written, beside the ways that are read without being told (carloan/lib/dates.py).
DATE_FORMATS = ("month", "mdy", "dmy")
RATE_UNITS = ("percent", "fraction")


@dataclass(frozen=True, slots=True)
class Profile:
    """A mapping that is not yet tied to a file: `columns` is field -> {"names": [...], "format"?}."""

    key: str
    names: Mapping[str, str]
    columns: Mapping[str, Mapping[str, Any]]
    rest: Mapping[str, Any]

    @property
    def name(self) -> str:
        return (
            self.names.get("en", self.key)
            if (get_language() or "").startswith("en")
            else self.names.get("zh", self.key)
        )


@cache
def shipped_profiles() -> dict[str, Profile]:
    found = {}
    for path in sorted(FOLDER.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        rest = {name: value for name, value in data.items() if name not in ("key", "name", "columns")}
        found[data["key"]] = Profile(data["key"], data["name"], data["columns"], rest)
    return found


def profiles() -> dict[str, Profile]:
    """Shipped profiles and the open tenant's own, by key."""
    own = {
        f"{OWN_PROFILES}{row.key}": Profile(
            f"{OWN_PROFILES}{row.key}",
            {"zh": row.name, "en": row.name},
            row.spec.get("columns", {}),
            row.spec.get("rest", {}),
        )
        for row in ImportProfile.objects.order_by("key")
    }
    return shipped_profiles() | own


def known_names() -> list[str]:
    """Every column name that any profile knows: how the header of a file is recognised."""
    return [name for profile in profiles().values() for column in profile.columns.values() for name in column["names"]]


def best_profile(header: Sequence[str]) -> Profile:
    """The profile that understands most columns of a header."""
    return max(profiles().values(), key=lambda profile: len(resolve(profile, header)["columns"]))


def resolve(profile: Profile, header: Sequence[str]) -> dict[str, Any]:
    """A profile tied to a header: field -> {"column": name, "format"?} for the names that are there, and the rest.

    Amounts are in the lender's currency unless the profile names another one.
    """
    by_key = {fold_key(name): name for name in reversed(header)}
    columns: dict[str, dict[str, Any]] = {}
    for field, column in profile.columns.items():
        present = next((by_key[fold_key(name)] for name in column["names"] if fold_key(name) in by_key), None)
        if present is not None:
            columns[field] = {"column": present, **{key: value for key, value in column.items() if key != "names"}}
    return {"columns": columns, "currency": currency(), **profile.rest}


def check_spec(spec: Mapping[str, Any], header: Sequence[str]) -> None:
    """Raise Invalid unless the mapping fits the header and gives what a loan needs."""
    columns = spec.get("columns", {})
    faults: dict[str, list[Any]] = {}
    for field, column in columns.items():
        if field not in TARGETS or not isinstance(column, dict) or column.get("column") not in header:
            faults[str(field)] = [_("The file has no such column.")]
        elif column.get("format") and column["format"] not in DATE_FORMATS:
            faults[field] = [_("This format is not known.")]
    constants = spec.get("constants", {})
    for field in REQUIRED:
        if field not in columns and field not in constants and not (field == "contract_no" and spec.get("identity")):
            faults.setdefault(field, [_("Say which column holds this.")])
    for field in (spec.get("identity") or {}).get("fields", []):
        if field not in columns:
            faults.setdefault(field, [_("Say which column holds this.")])
    if spec.get("rate_unit", "percent") not in RATE_UNITS:
        faults["rate_unit"] = [_("This unit is not known.")]
    if faults:
        raise Invalid(code="mapping", fields=faults)
