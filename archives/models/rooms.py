"""Who went into the rooms of the archive (库房出入): door controllers and what they report."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carloan.archives.models.storage import StoragePlace
from carloan.core.keys import Subject
from carloan.core.models import Membership, TenantModel
from carloan.core.sealed import SealedText
from carloan.core.tenancy import current_tenant_id


class RoomDevice(TenantModel):
    """The controller of one door (门禁). Its `secret` signs what it reports; it is shown once, when it is made."""

    name = models.CharField(pgettext_lazy("storage", "name"), max_length=60)
    place = models.ForeignKey(
        StoragePlace, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("storage", "place")
    )
    secret = SealedText(_("secret"))
    made_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"], condition=models.Q(revoked_at=None), name="archives_roomdevice_name"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def key_subject(self) -> Subject:
        return Subject("tenant", current_tenant_id())


class RoomEvent(TenantModel):
    """What a door reported. A fact. The film stays with the lender; here is the hash of its segment, so that one that
    is shown later is known to be the one. `nonce` comes once from a device: what was sent again is no second event."""

    class Kind(models.TextChoices):
        OPENED = "opened", pgettext_lazy("door", "Opened")
        CLOSED = "closed", pgettext_lazy("door", "Closed")
        DENIED = "denied", pgettext_lazy("door", "Refused")
        FORCED = "forced", pgettext_lazy("door", "Forced open")
        HELD_OPEN = "held_open", pgettext_lazy("door", "Held open")

    device = models.ForeignKey(RoomDevice, models.PROTECT, related_name="events")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    badge = models.CharField(_("badge"), max_length=40, blank=True, default="")
    happened_at = models.DateTimeField(_("when"))
    received_at = models.DateTimeField(auto_now_add=True)
    video_sha256 = models.CharField(_("hash of the film"), max_length=64, blank=True, default="")
    nonce = models.CharField(max_length=64)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "device", "nonce"], name="archives_roomevent_nonce"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["opened", "closed", "denied", "forced", "held_open"]),
                name="archives_roomevent_kind",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "-happened_at", "-id"], name="archives_roomevent_when")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.device_id}"
