"""Template packs as data: which papers a lender asks for, of which loans, in which stage, in versions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carloan.core.models import Membership, TenantModel


class TemplatePack(TenantModel):
    """A list of papers for a kind of loan (档案模板包). `products` and `party` (policies/conditions.py) say for which
    loans; empty: for any. `code` names the pack that the system ships; the lender's own have none."""

    code = models.CharField(max_length=30, blank=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    products = models.JSONField(_("products"), default=list)
    party = models.CharField(_("borrower"), max_length=12, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "code"], condition=~models.Q(code=""), name="archives_templatepack_code"
            ),
            models.CheckConstraint(
                condition=models.Q(party__in=["", "person", "organisation"]), name="archives_templatepack_party"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PackVersion(TenantModel):
    """One version of a pack. Once published nobody changes it, the owner of the database included, because dossiers
    stand on it; a newer one or its own end retires it for loans to come."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", pgettext_lazy("of a policy", "Published")
        RETIRED = "retired", pgettext_lazy("of a template pack", "Retired")

    pack = models.ForeignKey(TemplatePack, models.PROTECT, related_name="versions")
    number = models.IntegerField(_("version"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.DRAFT)
    note = models.CharField(_("reason for this version"), max_length=200, blank=True)
    made_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    published_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    revision = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "pack", "number"], name="archives_packversion_number"),
            models.UniqueConstraint(
                fields=["tenant", "pack"], condition=models.Q(state="draft"), name="archives_packversion_one_draft"
            ),
            models.UniqueConstraint(
                fields=["tenant", "pack"], condition=models.Q(state="published"), name="archives_packversion_one_live"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "published", "retired"]), name="archives_packversion_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pack_id} v{self.number}"


class PackItem(TenantModel):
    """A paper that a version asks for. `key` names it across the versions of its pack. Papers of the recognised `kinds`
    tick it by themselves; without kinds a person places them. `condition` is data (policies/conditions.py).

    `urgent` and `important` are the sides of its sensitivity: personal data that must not leak, and title to the car.
    """

    version = models.ForeignKey(PackVersion, models.PROTECT, related_name="items")
    position = models.SmallIntegerField()
    key = models.CharField(max_length=40)
    name = models.CharField(_("paper"), max_length=60)
    name_en = models.CharField(_("paper in English"), max_length=80, blank=True)
    stage = models.CharField(_("stage"), max_length=11)
    kinds = models.JSONField(_("recognised as"), default=list)
    of = models.CharField(_("of whom"), max_length=11, default="loan")
    required = models.BooleanField(_("required"), default=True)
    condition = models.JSONField(_("asked for where"), default=list)
    count = models.SmallIntegerField(_("how many"), default=1)
    expires = models.CharField(_("expires"), max_length=7, blank=True)
    months = models.SmallIntegerField(_("valid for months"), null=True, blank=True)
    confidentiality = models.CharField(_("confidentiality"), max_length=12, default="internal")
    urgent = models.BooleanField(_("urgent: personal data"), default=False)
    important = models.BooleanField(_("important: title to the car"), default=False)
    original = models.BooleanField(_("the original is kept"), default=False)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "version", "key"], name="archives_packitem_key"),
            models.CheckConstraint(
                condition=models.Q(stage__in=["application", "approval", "disbursal", "servicing", "settled"]),
                name="archives_packitem_stage",
            ),
            models.CheckConstraint(
                condition=models.Q(of__in=["loan", "borrower", "co_borrower", "guarantor", "owner"]),
                name="archives_packitem_of",
            ),
            models.CheckConstraint(condition=models.Q(count__gte=1, count__lte=20), name="archives_packitem_count"),
            models.CheckConstraint(
                condition=models.Q(expires__in=["", "printed"], months=None)
                | models.Q(expires__in=["issued", "filed"], months__gte=1, months__lte=120),
                name="archives_packitem_expires",
            ),
            models.CheckConstraint(
                condition=models.Q(confidentiality__in=["basic", "internal", "confidential"]),
                name="archives_packitem_confidentiality",
            ),
        ]

    def __str__(self) -> str:
        return self.key
