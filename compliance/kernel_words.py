"""What the values of the kernel's acts say: rights, roles, branches and jobs by their names."""

from typing import Any

from django.utils.translation import gettext as _

from carloan.compliance.forms import filter_label
from carloan.compliance.values import Words, register_value_words
from carloan.core.capabilities import is_known, label_of
from carloan.core.models import AuditEvent, Branch, Role, RoleCapability
from carloan.core.pages.jobs import label_of_kind

EVERYWHERE = "*"


def _role_names() -> dict[str, str]:
    return {role.key: str(role) for role in Role.objects.all()}


def _branch_names() -> dict[str, str]:
    """By code, as acts name branches now, and by id, as some did before."""
    rows = Branch.objects.values_list("id", "code", "name")
    return {key: name for branch_id, code, name in rows for key in (str(branch_id), code)}


def _whose(event: AuditEvent) -> Words:
    """Roles and branches of people, keys and branches."""
    roles, branches = _role_names(), _branch_names()

    def branch(value: str) -> str:
        return _("Whole lender") if value == EVERYWHERE else branches.get(value, value)

    def value(name: str, value: Any) -> Any:
        if name == "scopes" and value == []:
            return _("Every right of the role")
        if not isinstance(value, str) or not value:
            return None
        if name in ("role", "like"):
            return roles.get(value, value)
        if name in ("branch", "parent"):
            return branch(value)
        if name == "roles":
            role, _space, place = value.partition(" ")
            return f"{roles.get(role, role)} ({branch(place)})" if place else roles.get(role, role)
        return label_of(value) if name == "scopes" else None

    return Words(value)


def _matrix(event: AuditEvent) -> Words:
    """Changes of the matrix are named role.right, and say how far it goes."""
    roles = _role_names()
    scopes = {str(code): str(label) for code, label in RoleCapability.Scope.choices} | {"none": _("none")}

    def right(name: str) -> tuple[str, str] | None:
        role, _dot, code = name.partition(".")
        return (role, code) if is_known(code) else None

    def value(name: str, value: Any) -> Any:
        if right(name):
            return scopes.get(value, value)
        return roles.get(value, value) if name in ("roles", "like") and isinstance(value, str) else None

    def label(name: str) -> str | None:
        if not (found := right(name)):
            return None
        return f"{roles.get(found[0], found[0])} · {label_of(found[1])}"

    return Words(value, label)


def _job(event: AuditEvent) -> Words:
    return Words(lambda name, value: label_of_kind(str(value)) if name == "kind" else None)


def _trail(event: AuditEvent) -> Words:
    """Which filters narrowed the trail that somebody read, by the names they have there."""
    return Words(lambda name, value: filter_label(value) if name == "filters" and isinstance(value, str) else None)


for object_type in (
    "core.membership",
    "core.apikey",
    "core.branch",
    "core.rolepreview",
    "core.delegation",
    "core.team",
):
    register_value_words(object_type, _whose)
register_value_words("core.role", _matrix)
register_value_words("core.job", _job)
register_value_words("core.auditevent", _trail)
