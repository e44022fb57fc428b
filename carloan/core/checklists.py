"""What is still to do before a joiner can work: found in the facts each time, never ticked off by hand."""

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import Membership, RoleAssignment


@dataclass(frozen=True)
class Step:
    """One line of the list, and why it is asked of this person."""

    label: Any
    done: bool
    why: Any = ""


# Rights with which somebody decides for others: their people sign in with something that cannot be read out.
STRONG = ("people.manage", "rights.assign", "roles.manage", "keys.manage")


def checklist(member: Membership, *, require_mfa: bool) -> list[Step]:
    """The steps for this person, from their branch and roles; roles and branches are loaded with the person.

    Empty for somebody who left. Two queries.
    """
    if not member.is_active:
        return []
    today = timezone.localdate()
    roles: list[RoleAssignment] = [
        each for each in member.assignments.all() if each.valid_until is None or each.valid_until >= today
    ]
    kinds = set(Authenticator.objects.filter(user_id=member.user_id).values_list("type", flat=True))
    strong = RoleAssignment.objects.filter(
        id__in=[each.id for each in roles], role__capabilities__capability__in=STRONG
    ).exists()
    steps = [
        Step(_("Branch chosen"), member.branch_id is not None),
        Step(_("Employee number entered"), bool(member.employee_no)),
        Step(_("E-mail entered"), bool(member.user.email)),
        Step(_("At least one role given"), bool(roles)),
        Step(_("Signed in for the first time"), member.user.last_login is not None),
        Step(_("First password replaced"), not member.user.must_change_password),
    ]
    elsewhere = [str(each.branch) for each in roles if each.branch_id not in (None, member.branch_id)]
    if member.branch_id and elsewhere:
        named = ", ".join(elsewhere)
        steps.append(Step(_("Roles count in the own branch"), False, _("They count in: %s") % named))
    if strong:
        steps.append(Step(_("Passkey set up"), "webauthn" in kinds, _("A role of this person decides for others.")))
    elif require_mfa:
        steps.append(Step(_("Second factor set up"), bool(kinds & {"totp", "webauthn"}), _("This lender requires it.")))
    return steps
