"""Time zones of lenders and branches, by the names of the IANA database."""

from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _

from carloan.core.errors import Invalid


def require_zone(name: str) -> None:
    """Raise Invalid (`time_zone`) for a name that no time zone has."""
    if name not in available_timezones():
        raise Invalid(fields={"time_zone": [_("This time zone does not exist.")]})
