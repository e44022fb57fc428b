"""The register of rule changes (法规变更登记): each regulation that is new or other, and what the house made of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloan.core.models import Membership, TenantModel


class RuleChange(TenantModel):
    """One change of the rules. `touches` names what it changes here (compliance/touchable.py); `due_on` is the day by
    which that is done, at the latest the day from which the rule counts."""

    class State(models.TextChoices):
        NEW = "new", _("To be read")
        READ = "read", _("To be decided")
        DECIDED = "decided", _("To be done")
        DONE = "done", _("Done")

    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("regulation"), max_length=200)
    citation = models.CharField(_("citation"), max_length=200, blank=True)
    effective_on = models.DateField(_("counts from"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.NEW)
    owner = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("owner"))
    read_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField(null=True)
    touches = models.JSONField(_("touches"), default=list)
    decision = models.TextField(_("decision"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    due_on = models.DateField(_("done by"), null=True)
    done_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    revision = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="compliance_rulechange_number"),
            models.CheckConstraint(
                condition=models.Q(state__in=["new", "read", "decided", "done"]), name="compliance_rulechange_state"
            ),
        ]

    def __str__(self) -> str:
        return self.title
