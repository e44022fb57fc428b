"""Files on their way in through a one-time link, piece by piece, so that a broken line loses nothing."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloan.core.keys import Subject
from carloan.core.models import TenantModel
from carloan.core.sealed import SealedText

from .links import OneTimeLink


class LinkUpload(TenantModel):
    """One file that a visitor sends for one of the things that were asked for.

    `received` is the offset from which the browser goes on. Once `kept` it is a thing of whoever the errand hands it
    to, whose id is `result_id`; the pieces are gone then. `dropped`: taken again or refused, with the code of why.
    """

    class State(models.TextChoices):
        COMING = "coming", _("On its way")
        KEPT = "kept", _("Received")
        DROPPED = "dropped", _("Not taken")

    link = models.ForeignKey(OneTimeLink, models.PROTECT, related_name="uploads")
    loan_id = models.UUIDField()
    want = models.CharField(_("asked for"), max_length=40)
    name = SealedText(_("file name"))
    size = models.BigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    received = models.BigIntegerField(default=0)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.COMING)
    why = models.CharField(max_length=30, blank=True, default="")
    result_id = models.UUIDField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "link", "want", "sha256"],
                condition=models.Q(state__in=["coming", "kept"]),
                name="messaging_upload_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["coming", "kept", "dropped"]), name="messaging_upload_state"
            ),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="messaging_upload_size"),
        ]

    def __str__(self) -> str:
        return f"{self.want} {self.id}"

    def key_subject(self) -> Subject:
        return Subject("loan", self.loan_id)


class UploadPiece(TenantModel):
    """A part of such a file, sealed with the loan's key; removed as soon as the whole is kept or dropped."""

    upload = models.ForeignKey(LinkUpload, models.CASCADE, related_name="pieces")
    loan_id = models.UUIDField()
    start = models.BigIntegerField()
    body = SealedText()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "upload", "start"], name="messaging_piece_once"),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} from {self.start}"

    def key_subject(self) -> Subject:
        return Subject("loan", self.loan_id)
