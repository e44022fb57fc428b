"""Words of the registers that leave in the auditor's pack: they speak of the house, never of a borrower."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from carloan.lib.personal import find

NOBODYS_NUMBER = _("Leave out numbers of people, cars and cards: this register leaves the house as it is.")


def without_numbers(words: Mapping[str, str]) -> dict[str, list[Any]]:
    """The faults of what people typed, by field: each text that holds a number of somebody."""
    return {name: [NOBODYS_NUMBER] for name, text in words.items() if find(text)}
