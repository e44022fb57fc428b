"""What requests of lists share: values from a closed set, sizes, names that come once, searches for nothing."""

import unicodedata
from collections.abc import Collection, Iterable
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from carloan.lib.text import fold_key

from .errors import Invalid

# Names that strangers chose are told back, but not by the thousand.
MOST_TOLD = 20
LONGEST_TOLD = 60
# Of one search, in the form in which text is compared.
MOST_SEARCHED: Final = 200
NOT_LISTED = _("This is not in the list.")
GIVEN_TWICE = _("Given more than once.")
WRONG_CURSOR = _("This is no place in this list. Take it from the page before, or start again without it.")


def one_of(query: Any, name: str, allowed: Iterable[str]) -> str:
    """The value of a parameter of a closed set, "" when it is absent. Raises Invalid that names the allowed ones."""
    value, allowed = str(query.get(name) or ""), list(allowed)
    if value and value not in allowed:
        message = _("“%(value)s” is none of: %(allowed)s.")
        raise Invalid(fields={name: [message % {"value": value[:LONGEST_TOLD], "allowed": ", ".join(allowed)}]})
    return value


def size_of(query: Any, *, usual: int, most: int, name: str = "limit") -> int:
    """How many rows are wanted: a whole number from 1 to `most`. Raises Invalid otherwise."""
    value = str(query.get(name) or usual)
    # More digits than any limit has; int() of thousands of them takes long.
    if not (value.isascii() and value.isdigit() and len(value) < 10 and 1 <= int(value) <= most):
        raise Invalid(fields={name: [_("Give a whole number from 1 to %(most)s.") % {"most": most}]})
    return int(value)


def searched(query: Any, name: str = "q") -> str:
    """What is searched for. Raises Invalid where it is longer than anything is searched for: a part of it would find
    what was not asked for."""
    text = str(query.get(name) or "")
    if max(len(text), len(unicodedata.normalize("NFKC", text[:MOST_SEARCHED]))) > MOST_SEARCHED:
        raise Invalid(fields={name: [_("Search for at most %(most)s characters.") % {"most": MOST_SEARCHED}]})
    return text


def is_nothing(query: str) -> bool:
    """Whether somebody searched, but for nothing: spaces and invisible characters find nothing, not everything."""
    return bool(query) and not fold_key(query)


def check_names(given: Any, *, known: Collection[str] | None = None) -> None:
    """Refuse what came twice, because only one would count, and with `known` what nobody here would read."""
    fields: dict[str, list[Any]] = {}
    for name in list(given)[: MOST_TOLD * 10]:
        if len(given.getlist(name)) > 1:
            fields[name[:LONGEST_TOLD]] = [GIVEN_TWICE]
        elif known is not None and name not in known and name != "csrfmiddlewaretoken":
            fields[name[:LONGEST_TOLD]] = [_("There is no field of this name; one of: %(known)s.") % {
                "known": ", ".join(known)
            }]  # fmt: skip
    if fields:
        raise Invalid(fields=dict(list(fields.items())[:MOST_TOLD]))
