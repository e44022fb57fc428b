"""The end of a destruction: the shredding of its paper originals, its certificate and its notary. All append-only."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloan.compliance.models.destruction import DestructionBatch
from carloan.core.keys import Subject
from carloan.core.models import Membership, TenantModel
from carloan.core.sealed import SealedText
from carloan.core.tenancy import current_tenant_id


class OfBatch(TenantModel):
    """What belongs to one batch and is sealed by the lender's key, which outlives everything on the list."""

    batch = models.ForeignKey(DestructionBatch, models.PROTECT, related_name="+")
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        abstract = True

    def key_subject(self) -> Subject:
        return Subject("tenant", current_tenant_id())


class DestructionShredding(OfBatch):
    """How the paper originals (纸质原件) of a batch were destroyed, and the film of it (销毁录像).

    `counts` are boxes and papers by the place on the list; `film` is the JSON of the film's segments in their order,
    which lie with the lender: only names, sizes, times and SHA-256 are here. `digest` is the hash of all of it, which
    witnesses speak about. What was wrong is recorded anew: the last version counts.
    """

    class Method(models.TextChoices):
        SHREDDED = "shredded", _("Shredded")
        PULPED = "pulped", _("Pulped")
        BURNT = "burnt", _("Burnt")

    version = models.IntegerField(_("version"))
    method = models.CharField(_("method"), max_length=8, choices=Method.choices)
    company = SealedText(_("destroying company"))
    site = SealedText(_("place of the destruction"))
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"))
    counts = models.JSONField(_("boxes and papers"))
    film = SealedText(_("segments of the film"))
    no_film = SealedText(_("why there is no film"))
    digest = models.CharField(_("hash"), max_length=64)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(OfBatch.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "batch", "version"], name="compliance_destructionshredding_once"),
            models.CheckConstraint(
                condition=models.Q(method__in=["shredded", "pulped", "burnt"]),
                name="compliance_destructionshredding_method",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__gte=models.F("began_at")), name="compliance_destructionshredding_time"
            ),
        ]

    def __str__(self) -> str:
        return f"shredding {self.version} of {self.batch_id}"


class ShreddingWitness(OfBatch):
    """One of the two who saw the papers go (监销人): neither who proposed the batch nor who recorded the shredding."""

    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    digest = models.CharField(_("hash"), max_length=64)
    said_at = models.DateTimeField(auto_now_add=True)

    class Meta(OfBatch.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "batch", "digest", "member"], name="compliance_shreddingwitness_once"
            )
        ]

    def __str__(self) -> str:
        return f"witness of {self.batch_id}"


class DestructionCertificate(OfBatch):
    """The certificate of a batch (销毁证明), one for ever: `body` is the machine-readable list with its proofs, `pdf`
    what people keep, in which the body lies too. The trail holds the hashes of both."""

    body = SealedText(_("certificate"))
    pdf = SealedText(_("PDF"))
    digest = models.CharField(_("hash"), max_length=64)
    pdf_digest = models.CharField(_("hash of the PDF"), max_length=64)
    root = models.CharField(_("root of the list"), max_length=64)
    made_at = models.DateTimeField(_("made at"))

    class Meta(OfBatch.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "batch"], name="compliance_destructioncertificate_once")
        ]

    def __str__(self) -> str:
        return f"certificate of {self.batch_id}"


class DestructionNotary(OfBatch):
    """What a notary made of a certificate (公证): number, office and day; or why there is none."""

    number = SealedText(_("number of the notarial deed"))
    office = SealedText(_("notary office"))
    notarised_on = models.DateField(_("notarised on"), null=True)
    reason = SealedText(_("why there is no notary"))
    said_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    said_at = models.DateTimeField(auto_now_add=True)

    class Meta(OfBatch.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "batch"],
                condition=models.Q(notarised_on__isnull=False),
                name="compliance_destructionnotary_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "batch"],
                condition=models.Q(notarised_on=None),
                name="compliance_destructionnotary_none_once",
            ),
            models.CheckConstraint(
                condition=models.Q(notarised_on=None, number=None, office=None, reason__isnull=False)
                | models.Q(notarised_on__isnull=False, number__isnull=False, office__isnull=False, reason=None),
                name="compliance_destructionnotary_either",
            ),
        ]

    def __str__(self) -> str:
        return f"notary of {self.batch_id}"
