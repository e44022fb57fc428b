"""What acts are called for people: one table, filled by each app beside the services that record them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

_labels: dict[str, Any] = {}
# Codes that older events bear, and the act that they are now.
_former: dict[str, str] = {}
_looks: set[str] = set()
_exports: set[str] = set()


def register_acts(
    labels: Mapping[str, Any],
    *,
    former: Mapping[str, str] | None = None,
    looks: Iterable[str] = (),
    exports: Iterable[str] = (),
) -> None:
    """Words for acts, one word an act. `former` are codes of earlier releases, with the act that each is now; `looks`
    those acts by which somebody saw data of people without changing any, `exports` those by which many rows left."""
    _labels.update(labels)
    _former.update(former or {})
    _looks.update(looks)
    _exports.update(exports)


def all_looks() -> frozenset[str]:
    """The codes of acts that are looks: who looked at a thing is asked by them."""
    return frozenset(_looks)


def all_exports() -> frozenset[str]:
    """The codes of acts by which rows left the house as a file, each with their number."""
    return frozenset(_exports)


def act_label(action: str) -> str:
    """The name of an act; its code when nobody named it (a test refuses that)."""
    return str(_labels.get(_former.get(action, action), action))


def all_acts() -> dict[str, Any]:
    """Every act with its name, each once."""
    return dict(_labels)


def codes_of(action: str) -> list[str]:
    """The codes under which events of an act are found, those of earlier releases too."""
    return [action, *(code for code, now in _former.items() if now == action)]


register_acts(
    {
        "core.tenant.created": _("Lender set up"),
        "core.roles.installed": _("System roles installed"),
        "core.roles.changed": _("Permission matrix changed"),
        "core.role.added": _("Role added"),
        "core.access_policy.changed": _("Separation of administrators or ways to confirm changed"),
        "core.roles.exported": _("Permission matrix exported"),
        "core.delegation.given": _("Duties lent"),
        "core.delegation.ended": _("Lent duties taken or given back"),
        "core.delegation.ran_out": _("Lent duties ended by their last day"),
        "core.review.opened": _("Access review opened"),
        "core.review.kept": _("Access kept by a review"),
        "core.review.taken": _("Access taken away by a review"),
        "core.review.signed": _("Access review signed"),
        "core.review.exported": _("Access review exported"),
        "core.sign_on.changed": _("Single sign-on set up"),
        "core.sign_on.linked": _("Person linked with the identity provider"),
        "core.sign_on.unlinked": _("Link with the identity provider removed"),
        "core.sign_on.refused": _("Single sign-on refused"),
        "core.preview.begun": _("Preview as a role begun"),
        "core.preview.ended": _("Preview as a role ended"),
        "core.role.assigned": _("Role assigned"),
        "core.role.withdrawn": _("Role withdrawn"),
        "core.member.added": _("Person added"),
        "core.member.changed": _("Person's facts changed"),
        "core.member.deactivated": _("Person deactivated"),
        "core.member.reactivated": _("Person reactivated"),
        "core.password.renewed": _("Password renewed"),
        "core.factors.removed": _("All second factors of a person removed"),
        "core.branch.added": _("Branch added"),
        "core.branch.changed": _("Branch changed"),
        "core.branch.closed": _("Branch closed"),
        "core.branch.reopened": _("Branch opened again"),
        "core.team.added": _("Team added"),
        "core.team.changed": _("Team changed"),
        "core.team.closed": _("Team closed"),
        "core.team.reopened": _("Team opened again"),
        "core.api_key.made": _("API key made"),
        "core.api_key.confirmed": _("API key confirmed"),
        "core.api_key.revoked": _("API key revoked"),
        "core.job.started": _("Job started"),
        "core.job.finished": _("Job finished"),
        "core.job.failed": _("Job failed"),
        "core.saved_view.kept": _("View saved"),
        "core.saved_view.dropped": _("View removed"),
        "core.search.asked": _("Search"),
        "core.search.read": _("Search results read by another system"),
        "core.session.opened": _("Lender entered"),
        "core.request.refused": _("Request refused"),
        "core.entry.refused": _("Entry refused"),
        "core.form.refused": _("Stale or foreign form refused"),
        "core.sign_in.done": _("Signed in"),
        "core.sign_in.failed": _("Sign-in failed"),
        "core.sign_in.ended": _("Signed out"),
        "core.password.changed": _("Password changed"),
        "core.password.first_replaced": _("First password replaced"),
        "core.factor.added": _("Second factor added"),
        "core.factor.removed": _("Own second factor removed"),
        "core.factor.renewed": _("Recovery codes renewed"),
        "core.factor.failed": _("Second factor failed"),
        "core.session.ended": _("Session ended from another one"),
        "core.session.displaced": _("Oldest session ended by a new one"),
        "core.session.expired": _("Session over by its time"),
        "core.member.sessions_ended": _("Signed out by an administrator"),
        "core.tenant.changed": _("Lender's settings changed"),
        "core.calendar.day_set": _("Day entered in the calendar"),
        "core.calendar.day_removed": _("Day removed from the calendar"),
        "core.calendar.year_imported": _("Official days of a year entered"),
        "core.calendar.year_completed": _("Calendar year called complete"),
        "core.keys.orphans_destroyed": _("Keys without a row destroyed"),
        "core.keys.missing": _("Rows without their key found"),
        "core.keys.destroyed_again": _("Keys destroyed again that a restore had brought back"),
        "core.keys.rotated": _("New version of the lender's wrapping key"),
        "core.keys.root_replaced": _("Lender's keys put under another root key"),
        "core.keys.retired": _("Former versions of the wrapping key retired"),
        "core.keys.sealing_rotated": _("New version of the lender's sealing key"),
        "core.keys.sealing_retired": _("Former versions of the sealing key retired"),
        "core.keys.index_rotated": _("New version of the lender's index key"),
        "core.keys.index_used": _("New version of the index key taken into use"),
        "core.keys.index_retired": _("Former versions of the index key retired"),
    },
    looks=["core.search.read"],
    exports=["core.roles.exported", "core.review.exported"],
)
