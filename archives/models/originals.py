"""Paper originals and their custody (纸质原件): who has which, since when, and every hand it went through."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carloan.archives.models.paper import Paper
from carloan.archives.models.storage import StoragePlace
from carloan.core.keys import Subject
from carloan.core.models import Membership, TenantModel
from carloan.core.sealed import SealedText
from carloan.loans.models import Loan


class Original(TenantModel):
    """One sheet or bundle that lies somewhere (原件), with a code on it. `paper` is its scan, where there is one.

    Where it is now: in a `place`, with a `holder`, or with neither (on its way, missing, gone). All of it follows from
    its last hand-over, of which `hands` is the number; nothing here changes without one. `seal_no` is the number of the
    seal (封签号) that closes its bag now.
    """

    class State(models.TextChoices):
        EXPECTED = "expected", pgettext_lazy("original", "Expected")
        RECEIVED = "received", pgettext_lazy("original", "Received, to shelve")
        SHELVED = "shelved", pgettext_lazy("original", "In its place")
        LENT = "lent", pgettext_lazy("original", "Lent")
        IN_TRANSIT = "in_transit", pgettext_lazy("original", "On its way")
        MISSING = "missing", pgettext_lazy("original", "Missing")
        RELEASED = "released", pgettext_lazy("original", "Given to its owner")
        SHREDDED = "shredded", pgettext_lazy("original", "Shredded")
        VOIDED = "voided", pgettext_lazy("original", "Entered by mistake")

    number = models.IntegerField(_("number"))
    loan = models.ForeignKey(Loan, models.PROTECT, related_name="originals", verbose_name=_("loan"))
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="originals")
    kind = models.CharField(_("kind"), max_length=40)
    sheets = models.PositiveSmallIntegerField(_("sheets"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.EXPECTED)
    place = models.ForeignKey(StoragePlace, models.PROTECT, null=True, blank=True, related_name="originals")
    holder = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(_("due back on"), null=True, blank=True)
    seal_no = models.CharField(_("seal number"), max_length=40, blank=True, default="")
    hands = models.IntegerField(default=1)
    revision = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="archives_original_number"),
            models.UniqueConstraint(
                fields=["tenant", "paper"],
                condition=models.Q(paper__isnull=False) & ~models.Q(state="voided"),
                name="archives_original_once_a_paper",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "expected",
                        "received",
                        "shelved",
                        "lent",
                        "in_transit",
                        "missing",
                        "released",
                        "shredded",
                        "voided",
                    ]
                ),
                name="archives_original_state",
            ),
        ]
        indexes = [
            # The desk: by state, what is due first.
            models.Index(fields=["tenant", "state", "due_on", "id"], name="archives_original_desk"),
            models.Index(fields=["tenant", "loan"], name="archives_original_loan"),
            models.Index(fields=["tenant", "place"], name="archives_original_place_ix"),
        ]

    def __str__(self) -> str:
        return f"original {self.number}"


class OfOriginal(TenantModel):
    """What belongs to one original; what is sealed of it is sealed with the key of its loan."""

    original = models.ForeignKey(Original, models.PROTECT, related_name="+")
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        abstract = True

    def key_subject(self) -> Subject:
        return Subject("loan", self.original.loan_id)


class CustodyRequest(OfOriginal):
    """What one person asks of an original and another one decides: to borrow it, to keep it longer, to call it lost, to
    give it to its owner."""

    class Kind(models.TextChoices):
        BORROW = "borrow", _("Borrow")
        EXTEND = "extend", _("Keep longer")
        LOSS = "loss", _("Report as lost")
        RELEASE = "release", _("Give to its owner")

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("request for an original", "Asked")
        GRANTED = "granted", pgettext_lazy("request for an original", "Granted")
        USED = "used", pgettext_lazy("request for an original", "Carried out")
        REFUSED = "refused", pgettext_lazy("request for an original", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("request for an original", "Withdrawn")

    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.ASKED)
    purpose = models.CharField(pgettext_lazy("custody", "purpose"), max_length=20, blank=True, default="")
    words = SealedText(_("in words"))
    due_on = models.DateField(pgettext_lazy("custody", "until"), null=True, blank=True)
    asked_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    revision = models.IntegerField(default=1)

    class Meta(OfOriginal.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["borrow", "extend", "loss", "release"]),
                name="archives_custodyrequest_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "granted", "used", "refused", "withdrawn"]),
                name="archives_custodyrequest_state",
            ),
            # One of a kind is open at most, also for two who ask at the same moment.
            models.UniqueConstraint(
                fields=["tenant", "original", "kind"],
                condition=models.Q(state__in=["asked", "granted"]),
                name="archives_custodyrequest_once",
            ),
            # Whoever asked does not decide; they may withdraw what they asked.
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by")),
                name="archives_custodyrequest_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.original_id}"


class HandoverList(TenantModel):
    """A list of originals that one person hands to another (移交清单). `digest` is the hash of what stands on it: both
    confirm that very one, and only then is anything handed over."""

    class State(models.TextChoices):
        DRAWN = "drawn", pgettext_lazy("hand-over list", "Drawn up")
        GIVEN = "given", pgettext_lazy("hand-over list", "Handed over, not confirmed")
        TAKEN = "taken", pgettext_lazy("hand-over list", "Confirmed by both")
        REFUSED = "refused", pgettext_lazy("hand-over list", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("hand-over list", "Withdrawn")

    number = models.IntegerField(_("number"))
    giver = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("given by"))
    taker = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("taken by"))
    purpose = models.CharField(pgettext_lazy("custody", "purpose"), max_length=20)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.DRAWN)
    digest = models.CharField(pgettext_lazy("hand-over list", "hash of the list"), max_length=64)
    revision = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="archives_handoverlist_number"),
            models.CheckConstraint(
                condition=models.Q(state__in=["drawn", "given", "taken", "refused", "withdrawn"]),
                name="archives_handoverlist_state",
            ),
            models.CheckConstraint(condition=~models.Q(giver=models.F("taker")), name="archives_handoverlist_two"),
        ]

    def __str__(self) -> str:
        return f"hand-over {self.number}"


class HandoverItem(TenantModel):
    """One original on a list, as it was when the list was drawn up. A fact."""

    handover = models.ForeignKey(HandoverList, models.PROTECT, related_name="items")
    position = models.IntegerField(_("place"))
    original = models.ForeignKey(Original, models.PROTECT, related_name="+")
    sheets = models.PositiveSmallIntegerField(_("sheets"))
    seal_no = models.CharField(_("seal number"), max_length=40, blank=True, default="")
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "handover", "position"], name="archives_handoveritem_position"),
            models.UniqueConstraint(fields=["tenant", "handover", "original"], name="archives_handoveritem_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position} of {self.handover_id}"


class HandoverSignature(TenantModel):
    """The word of one side about a list, by its hash. A fact."""

    class Part(models.TextChoices):
        GIVER = "giver", pgettext_lazy("custody", "Given by")
        TAKER = "taker", pgettext_lazy("custody", "Taken by")

    handover = models.ForeignKey(HandoverList, models.PROTECT, related_name="signatures")
    part = models.CharField(_("part"), max_length=5, choices=Part.choices)
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    digest = models.CharField(pgettext_lazy("hand-over list", "hash of the list"), max_length=64)
    at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "handover", "part"], name="archives_handoversignature_part"),
            models.UniqueConstraint(fields=["tenant", "handover", "member"], name="archives_handoversignature_member"),
            models.CheckConstraint(
                condition=models.Q(part__in=["giver", "taker"]), name="archives_handoversignature_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} of {self.handover_id}"


class Custody(OfOriginal):
    """One hand that an original went through (保管链): what was done, from where and whom, to where and whom, by whom
    and before whose eyes, with which seal. Facts, numbered within the original; corrections are further hands.

    `second` is the other person of an act that takes two. `photo_sha256` is the hash of the picture that was taken.
    """

    class Act(models.TextChoices):
        EXPECT = "expect", pgettext_lazy("custody", "Registered")
        RECEIVE = "receive", pgettext_lazy("custody", "Received")
        SHELVE = "shelve", pgettext_lazy("custody", "Put into its place")
        LEND = "lend", pgettext_lazy("custody", "Lent")
        EXTEND = "extend", pgettext_lazy("custody", "Kept longer")
        GIVE_BACK = "give_back", pgettext_lazy("custody", "Given back")
        SEND = "send", pgettext_lazy("custody", "Sent on its way")
        ARRIVE = "arrive", pgettext_lazy("custody", "Arrived")
        TURN_BACK = "turn_back", pgettext_lazy("custody", "Turned back on its way")
        SEAL = "seal", pgettext_lazy("custody", "Sealed anew")
        LOSE = "lose", pgettext_lazy("custody", "Called missing")
        FIND = "find", pgettext_lazy("custody", "Found again")
        RELEASE = "release", pgettext_lazy("custody", "Given to its owner")
        SHRED = "shred", pgettext_lazy("custody", "Shredded")
        VOID = "void", pgettext_lazy("custody", "Entry called a mistake")

    number = models.IntegerField()
    act = models.CharField(_("act"), max_length=9, choices=Act.choices)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    second = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    from_place = models.ForeignKey(StoragePlace, models.PROTECT, null=True, related_name="+")
    from_holder = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    to_place = models.ForeignKey(StoragePlace, models.PROTECT, null=True, related_name="+")
    to_holder = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(pgettext_lazy("custody", "purpose"), max_length=20, blank=True, default="")
    due_on = models.DateField(_("due back on"), null=True)
    seal_no = models.CharField(_("seal number"), max_length=40, blank=True, default="")
    photo_sha256 = models.CharField(_("hash of the picture"), max_length=64, blank=True, default="")
    request = models.ForeignKey(CustodyRequest, models.PROTECT, null=True, related_name="+")
    handover = models.ForeignKey(HandoverList, models.PROTECT, null=True, related_name="+")

    class Meta(OfOriginal.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "original", "number"], name="archives_custody_number"),
            models.CheckConstraint(
                condition=models.Q(
                    act__in=[
                        "expect",
                        "receive",
                        "shelve",
                        "lend",
                        "extend",
                        "give_back",
                        "send",
                        "arrive",
                        "turn_back",
                        "seal",
                        "lose",
                        "find",
                        "release",
                        "shred",
                        "void",
                    ]
                ),
                name="archives_custody_act",
            ),
            models.CheckConstraint(
                condition=models.Q(second=None) | models.Q(by=None) | ~models.Q(second=models.F("by")),
                name="archives_custody_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} of {self.original_id}"


class CustodyDetail(TenantModel):
    """What was said at a hand, and the picture that was taken, as it came. It goes with its loan's key by being
    emptied; the hand itself stays."""

    custody = models.ForeignKey(Custody, models.PROTECT, related_name="details")
    words = SealedText(_("in words"))
    media = models.CharField(_("file type"), max_length=40, blank=True, default="")
    photo = SealedText(_("picture"))
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "custody"], name="archives_custodydetail_once")]

    def __str__(self) -> str:
        return f"detail of {self.custody_id}"

    def key_subject(self) -> Subject:
        return self.custody.key_subject()


class CustodyReminder(TenantModel):
    """That a lent original is due soon, is late, or is so late that others must know: once a step for one due date.

    A fact. The borrower is told at each step, whoever keeps originals when it is late, and whoever decides about losses
    when it is escalated.
    """

    class Step(models.TextChoices):
        SOON = "soon", _("Due soon")
        LATE = "late", _("Overdue")
        ESCALATED = "escalated", _("Overdue, told to those in charge")

    original = models.ForeignKey(Original, models.PROTECT, related_name="+")
    step = models.CharField(_("step"), max_length=9, choices=Step.choices)
    due_on = models.DateField(_("due back on"))
    holder = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "original", "holder", "due_on", "step"], name="archives_custodyreminder_once"
            ),
            models.CheckConstraint(
                condition=models.Q(step__in=["soon", "late", "escalated"]), name="archives_custodyreminder_step"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.original_id}"
