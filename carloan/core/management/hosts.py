"""What the platform should hear about host names it has just given to a lender."""

from collections.abc import Iterable

from django.conf import settings
from django.http.request import validate_host


def warnings(hosts: Iterable[str]) -> list[str]:
    """One line for each host that leads to a lender but that this copy does not answer to."""
    return [
        f"{host}: not among CARLOAN_HOSTS, so requests to it are refused (400). docs/operate.md, Lenders, says how."
        for host in hosts
        if not validate_host(host, settings.ALLOWED_HOSTS)
    ]
