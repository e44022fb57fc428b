"""People and organisations who owe, guarantee, own or answer for a loan."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloan.core.keys import Subject
from carloan.core.models import TenantModel
from carloan.core.sealed import SealedText


class Party(TenantModel):
    """A person or organisation known to the lender (当事人), once per identity number, in any number of loans.

    Everything that identifies is sealed with the party's own key, which dies with its last loan. `id_digest` is the
    blind index of the normalised number, under `index_version` of the lender's index key: it makes one number one
    party, and nothing else can be read from it.
    `id_place` counts the parties that had the number before, none of whom whoever entered this one may know of
    (docs/decisions/0011); it is 0 but for a few.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("Individual")
        ORGANISATION = "organisation", _("Organisation")

    class IdKind(models.TextChoices):
        RESIDENT = "resident", _("Resident identity card")
        USCC = "uscc", _("Unified social credit code")
        PASSPORT = "passport", _("Passport")
        PERMIT = "permit", _("Permit of Hong Kong, Macao or Taiwan residents")
        OTHER = "other", _("Other document")
        NONE = "none", _("Not known")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.PERSON)
    name = SealedText(_("name"))
    id_kind = models.CharField(_("document"), max_length=10, choices=IdKind.choices, default=IdKind.NONE)
    id_number = SealedText(_("ID number"))
    id_digest = models.BinaryField(max_length=16, null=True)
    index_version = models.SmallIntegerField(default=1, db_default=1)
    id_place = models.SmallIntegerField(default=0, db_default=0)
    address = SealedText(_("address"))
    employer = SealedText(_("employer"))
    occupation = models.CharField(_("occupation"), max_length=60, blank=True)
    revision = models.IntegerField(default=1, db_default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id_digest", "id_place"], name="loans_party_id_holder"),
            models.CheckConstraint(condition=models.Q(kind__in=["person", "organisation"]), name="loans_party_kind"),
            models.CheckConstraint(
                condition=models.Q(id_kind__in=["resident", "uscc", "passport", "permit", "other", "none"]),
                name="loans_party_id_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    def key_subject(self) -> Subject:
        return Subject("party", self.id)


class ContactPoint(TenantModel):
    """One way to reach a party: a telephone number or mail address, with where it came from."""

    class Kind(models.TextChoices):
        MOBILE = "mobile", _("Mobile")
        HOME = "home", _("Home telephone")
        WORK = "work", _("Work telephone")
        EMAIL = "email", _("E-mail")
        WECHAT = "wechat", _("WeChat")

    class State(models.TextChoices):
        ACTIVE = "active", _("In use")
        INVALID = "invalid", _("No longer valid")

    party = models.ForeignKey(Party, models.PROTECT, related_name="contact_points")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.MOBILE)
    value = SealedText(_("number or address"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ACTIVE)
    source = models.CharField(_("source"), max_length=20, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["mobile", "home", "work", "email", "wechat"]),
                name="loans_contactpoint_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["active", "invalid"]), name="loans_contactpoint_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    def key_subject(self) -> Subject:
        return Subject("party", self.party_id)
