"""A person's data go to a handler whom they name (PIPL 45 para. 3): to whom, why it may be, and when it went.

Rows are never changed: what was wrong is said anew, and the last word counts. Words are sealed with the person's key.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carloan.compliance.models.person_rights import PersonCopy, PersonRequest
from carloan.compliance.policies.transfers import CONDITIONS, MOST_FEE
from carloan.core.keys import Subject
from carloan.core.models import Membership, TenantModel
from carloan.core.sealed import SealedText
from carloan.lib import money


class TransferRecipient(TenantModel):
    """The handler whom a person named under a request for transfer; the newest of a request counts."""

    request = models.ForeignKey(PersonRequest, models.PROTECT, related_name="recipients")
    party_id = models.UUIDField()
    name = SealedText(_("handler that receives the data"))
    contact = SealedText(_("contact of the handler"))
    credit_code = SealedText(_("unified social credit code"))
    named_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    named_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    def __str__(self) -> str:
        return f"recipient for {self.request_id}"

    def key_subject(self) -> Subject:
        return Subject("party", self.party_id)


class TransferCondition(TenantModel):
    """The lender's word on one condition, for the handler named then; the newest of a recipient and a code counts."""

    recipient = models.ForeignKey(TransferRecipient, models.PROTECT, related_name="conditions")
    party_id = models.UUIDField()
    code = models.CharField(
        _("condition"), max_length=8, choices=[(code, each.label) for code, each in CONDITIONS.items()]
    )
    met = models.BooleanField(_("decision"), choices=[(True, _("Met")), (False, _("Not met"))])
    reason = SealedText(_("reasons"))
    decided_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(code__in=["identity", "scope", "feasible", "others"]),
                name="compliance_transfercondition_code",
            ),
            models.CheckConstraint(condition=Q(reason__isnull=False), name="compliance_transfercondition_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.met}"

    def key_subject(self) -> Subject:
        return Subject("party", self.party_id)


class TransferDelivery(TenantModel):
    """The package left the house: which (`digest` of its data), to whom, how and when; `fee` in minor units of yuan."""

    class Way(models.TextChoices):
        PERSON = "person", _("Handed to the person, who takes it there")
        MEDIUM = "medium", _("On a medium, to the named handler")
        CHANNEL = "channel", _("By the named handler's own way of taking data")

    recipient = models.ForeignKey(TransferRecipient, models.PROTECT, related_name="deliveries")
    copy = models.ForeignKey(PersonCopy, models.PROTECT, related_name="deliveries")
    party_id = models.UUIDField()
    way = models.CharField(_("how it was handed over"), max_length=7, choices=Way.choices)
    receiver = SealedText(_("who took it"))
    evidence = SealedText(_("receipt"))
    delivered_at = models.DateTimeField(_("handed over at"))
    digest = models.CharField(max_length=64)
    fee = models.IntegerField(_("fee"), default=0)
    fee_reason = SealedText(_("why a fee is taken"))
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=["person", "medium", "channel"]), name="compliance_transferdelivery_way"
            ),
            models.CheckConstraint(
                condition=Q(fee=0) | Q(fee__gt=0, fee__lte=MOST_FEE, fee_reason__isnull=False),
                name="compliance_transferdelivery_fee",
            ),
            models.UniqueConstraint(fields=["tenant", "copy"], name="compliance_transferdelivery_once"),
        ]

    @property
    def fee_shown(self) -> str:
        return money.show(self.fee, "CNY")

    def __str__(self) -> str:
        return f"delivery of {self.copy_id}"

    def key_subject(self) -> Subject:
        return Subject("party", self.party_id)
