"""The roles a new tenant starts with; afterwards each tenant owns its copies."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class SystemRole:
    key: str
    name: str
    name_en: str
    purpose: Any


SYSTEM_ROLES = (
    SystemRole("admin", "系统管理员", "Administrator", _("Roles, people, branches, policies and integrations")),
    SystemRole("officer", "信贷员", "Loan officer", _("Opens and imports loans, uploads and checks papers")),
    SystemRole("archivist", "档案管理员", "Archivist", _("Files papers and keeps the originals")),
    SystemRole("collector", "催收员", "Collector", _("Works overdue loans at the desk and in the field")),
    SystemRole("release_officer", "解押专员", "Release officer", _("Reviews release cases and returns certificates")),
    SystemRole(
        "compliance", "合规专员", "Compliance officer", _("Reads the trail, approves reveals, holds and destruction")
    ),
    SystemRole("service", "客服", "Customer service", _("Sees basic facts of a loan only")),
)
