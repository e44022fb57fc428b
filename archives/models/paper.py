"""The dossier of a loan and its papers. What is read on a paper is sealed with the key of the loan that holds it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carloan.archives.models.pack import PackVersion
from carloan.core.keys import Subject
from carloan.core.models import Branch, Membership, TenantModel
from carloan.core.sealed import SealedText
from carloan.loans.models import Loan

# Confidences are stored as thousandths: no floats in the database.
CERTAIN = 1000


class Dossier(TenantModel):
    """The file of one loan (档案): opened with its first paper, and what stages and checklists hang on.

    `pack_version` is the checklist it was opened with, until somebody moves it on purpose; None while it is not known
    which product the loan is. The counts say how required items up to the loan's stage stand and which of that very
    stage are open (`blocking`); they are for lists and follow from papers, waivers and the day (services/reckoning.py).
    """

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="dossiers")
    pack_version = models.ForeignKey(PackVersion, models.PROTECT, null=True, blank=True, related_name="dossiers")
    required = models.SmallIntegerField(_("papers asked for"), default=0, db_default=0)
    done = models.SmallIntegerField(_("papers done"), default=0, db_default=0)
    blocking = models.SmallIntegerField(_("papers that keep the stage open"), default=0, db_default=0)
    percent = models.SmallIntegerField(_("complete"), null=True, blank=True)
    expires_on = models.DateField(_("next paper expires"), null=True, blank=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "loan"], name="archives_dossier_once")]
        indexes = [
            # The least complete first, and what expires next.
            models.Index(fields=["tenant", "percent", "id"], name="archives_dossier_percent"),
            models.Index(fields=["tenant", "expires_on", "id"], name="archives_dossier_expires"),
        ]

    def __str__(self) -> str:
        return f"dossier of {self.loan_id}"


class Paper(TenantModel):
    """One uploaded file (材料): its sealed bytes never change; what is known about it does.

    Without a dossier it lies on the intake desk (待归档), under a desk key of its own that bears the paper's id.
    `wrapped_key` is the paper's key, wrapped by the loan or desk key that holds it; moving the paper wraps it anew.
    `lease_until`, `attempts` and `outages` (how often the database went meanwhile, which is no attempt) belong to the
    worker that reads it. `problems` are faults as
    `{"code", "fields", "data"}` without any value of the paper. `reader` says by which rules and engines the machine
    read it (recognition/reader.py); it is blank where nothing was read, and for papers read before it was kept.
    `reason` is a code of the machine. Why a person filed, returned or refused it: `note_code` is the usual reason they
    chose (words.py), `note` what they typed; before the code was kept, `note` held both as a sentence. `risk` is
    what a mistake on it could cost (policies/risk.py); `assigned_to` is who is to check it, `claimed_by` who has it
    open until `claimed_until`: neither is part of the revision, because handing a paper out must not spoil a form that
    is open.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        RECOGNISING = "recognising", _("Being read")
        REVIEW = "review", _("To be checked")
        FILED = "filed", _("Filed")
        REFUSED = "refused", pgettext_lazy("paper", "Refused")

    class Source(models.TextChoices):
        PAGE = "page", _("Uploaded by a person")
        API = "api", _("Sent by another system")
        ARCHIVE = "archive", _("Out of an archive")
        BORROWER = "borrower", _("Sent by the borrower")
        SEED = "seed", _("Demonstration")

    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, blank=True, related_name="papers")
    loan = models.ForeignKey(Loan, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name=_("loan"))
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name=_("branch")
    )
    name = SealedText(_("file name"))
    media = models.CharField(_("file type"), max_length=40)
    size = models.BigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=200)
    wrapped_key = models.BinaryField()
    state = models.CharField(_("state"), max_length=11, choices=State.choices, default=State.RECEIVED)
    kind = models.CharField(_("kind"), max_length=40, blank=True)
    certainty = models.SmallIntegerField(default=0)
    reader = models.CharField(max_length=12, blank=True, default="", db_default="")
    pages = models.IntegerField(_("pages"), default=0)
    problems = models.JSONField(_("problems"), default=list)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    note_code = models.CharField(_("reason"), max_length=30, blank=True, default="", db_default="")
    note = SealedText(_("reason"))
    source = models.CharField(_("source"), max_length=8, choices=Source.choices, default=Source.PAGE)
    uploaded_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    verified_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.SmallIntegerField(default=0)
    outages = models.SmallIntegerField(default=0, db_default=0)
    risk = models.SmallIntegerField(_("risk"), default=0)
    assigned_to = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("assigned to")
    )
    claimed_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    claimed_until = models.DateTimeField(null=True, blank=True)
    revision = models.IntegerField(default=1)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    recognised_at = models.DateTimeField(null=True, blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            # The same bytes once in a dossier, and once on a branch's desk: also for two uploads at the same moment.
            models.UniqueConstraint(
                fields=["tenant", "loan", "sha256"],
                condition=models.Q(loan__isnull=False),
                name="archives_paper_once_in_loan",
            ),
            models.UniqueConstraint(
                fields=["tenant", "branch", "sha256"],
                condition=models.Q(loan__isnull=True),
                nulls_distinct=False,
                name="archives_paper_once_on_desk",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["received", "recognising", "review", "filed", "refused"]),
                name="archives_paper_state",
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=["page", "api", "archive", "borrower", "seed"]),
                name="archives_paper_source",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="filed") | models.Q(dossier__isnull=False),
                name="archives_paper_filed_in_loan",
            ),
            models.CheckConstraint(
                condition=models.Q(loan__isnull=True, dossier__isnull=True)
                | models.Q(loan__isnull=False, dossier__isnull=False),
                name="archives_paper_loan_and_dossier",
            ),
        ]
        indexes = [
            # Queues of the desk: by state, oldest first; ids are in order of time.
            models.Index(fields=["tenant", "state", "id"], name="archives_paper_queue"),
            models.Index(fields=["tenant", "state", "-risk", "id"], name="archives_paper_risk"),
            # Possible duplicates across loans.
            models.Index(fields=["tenant", "sha256"], name="archives_paper_sha256"),
        ]

    def __str__(self) -> str:
        return f"paper {self.id}"

    def key_subject(self) -> Subject:
        return Subject("loan", self.loan_id) if self.loan_id else Subject("desk", self.id)


class PaperPage(TenantModel):
    """One page as it was read: size upright, how far it was turned, its lines (sealed) and a rendition in the vault.

    Several papers on one page of the file are pages of their own: `source` is the page of the file (null: the same
    number). `corners` are the places on that page, as fractions of it, that became the upper left, upper right, lower
    right and lower left of the shown one, its turn included; null when the whole page is shown, only turned.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="page_set")
    number = models.IntegerField()
    width = models.IntegerField()
    height = models.IntegerField()
    turn = models.SmallIntegerField(default=0)
    digital = models.BooleanField(default=False)
    source = models.IntegerField(null=True)
    corners = models.JSONField(null=True)
    lines = SealedText()
    rendition = models.CharField(max_length=200, blank=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "paper", "number"], name="archives_paperpage_number"),
            models.CheckConstraint(condition=models.Q(turn__in=[0, 90, 180, 270]), name="archives_paperpage_turn"),
        ]

    def __str__(self) -> str:
        return f"page {self.number} of {self.paper_id}"

    def key_subject(self) -> Subject:
        return self.paper.key_subject()


class PaperField(TenantModel):
    """One value read from a paper or typed by a person. `original` keeps what the machine had read (更正前).

    `proofs` are the codes of the checks it went through (`words.PROOFS` names them), never a part of the value.
    """

    class Source(models.TextChoices):
        MACHINE = "machine", _("Read by the machine")
        PERSON = "person", _("Entered by a person")
        SPECIMEN = "specimen", _("Known from the specimen's renderer")

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="fields")
    name = models.CharField(max_length=30)
    value = SealedText(_("value"))
    original = SealedText(_("value before correction"))
    confidence = models.SmallIntegerField()
    page = models.IntegerField(null=True, blank=True)
    box = models.JSONField(null=True, blank=True)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.MACHINE)
    proofs = models.JSONField(default=list)
    verified_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "paper", "name"], name="archives_paperfield_name"),
            models.CheckConstraint(
                condition=models.Q(source__in=["machine", "person", "specimen"]), name="archives_paperfield_source"
            ),
            models.CheckConstraint(
                condition=models.Q(confidence__gte=0, confidence__lte=1000), name="archives_paperfield_confidence"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.paper_id}"

    def key_subject(self) -> Subject:
        return self.paper.key_subject()
