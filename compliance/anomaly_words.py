"""What kinds of anomalies ask, and what their numbers are called."""

from typing import Any

from django.utils.translation import gettext_lazy as _

KIND_WORDS: dict[str, Any] = {
    "mass_viewing": _("Somebody looked at many different things within one day."),
    "night_access": _("Somebody looked at data at night, or on a day on which nobody works."),
    "many_reveals": _("Somebody revealed many values, or opened many events, within one day."),
    "scraping": _("Somebody tried many addresses that lead nowhere, or looked at one thing after the other in order."),
    "large_exports": _("Somebody took many files, or many rows, out of the house within one day."),
}
NUMBER_WORDS: dict[str, Any] = {
    "objects": _("Different things"),
    "looks": _("Looks"),
    "from_hour": _("From this hour on"),
    "to_hour": _("Until this hour"),
    "day_off": _("Day off"),
    "reveals": _("Reveals"),
    "not_found": _("Addresses that lead nowhere"),
    "in_order": _("One after the other in order"),
    "minutes": _("Within minutes"),
    "exports": _("Exports"),
    "rows": _("Rows"),
}
