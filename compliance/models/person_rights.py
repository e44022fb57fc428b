"""What persons ask of the lender about their data (个人信息权利请求), and what was done about it.

Their words and ours are sealed with the person's own key and go with it. The rows stay, without a word of anybody: that
somebody asked, when, and how it ended, is kept.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from carloan.compliance.policies.person_rights import GROUNDS
from carloan.core.keys import Subject
from carloan.core.models import Membership, TenantModel
from carloan.core.sealed import SealedText


class PersonRequest(TenantModel):
    """One request of one person, from its receipt to its answer.

    `due_on` was counted when it came in, by the clock of its kind; `due_assumed` says that a year without entries in
    the calendar was counted by weekdays. `refusal` is a code of `policies.person_rights.GROUNDS`, whose article the
    page tells.
    """

    class Kind(models.TextChoices):
        COPY = "copy", _("Access and copy")
        TRANSFER = "transfer", _("Transfer to another handler")
        CORRECT = "correct", _("Correction")
        DELETE = "delete", _("Deletion")
        EXPLAIN = "explain", _("Explanation of the rules")
        REVIEW = "review", _("Review of an automated decision")
        WITHDRAW = "withdraw", _("Withdrawal of consent")
        OBJECTION = "objection", _("Objection to credit information")
        COMPLAINT = "complaint", _("Complaint passed on by a regulator")

    class State(models.TextChoices):
        RECEIVED = "received", _("Identity to be checked")
        WORKING = "working", _("Being worked on")
        ANSWERED = "answered", _("Answered")
        REFUSED = "refused", pgettext_lazy("of a person's request", "Refused")
        WITHDRAWN = "withdrawn", _("Taken back by the person")

    class Channel(models.TextChoices):
        COUNTER = "counter", _("At the counter")
        PHONE = "phone", _("By telephone")
        LETTER = "letter", _("By letter")
        EMAIL = "email", _("By e-mail")
        ONLINE = "online", _("Online")
        REGULATOR = "regulator", _("Passed on by a regulator")

    class Asker(models.TextChoices):
        SELF = "self", _("The person")
        ATTORNEY = "attorney", _("Somebody with a power of attorney")
        RELATIVE = "relative", _("A close relative of a deceased person")

    class Identity(models.TextChoices):
        NONE = "", _("Not checked")
        DOCUMENT = "document", _("Original document seen")
        CALLBACK = "callback", _("Called back on the number on record")
        CODE = "code", _("Code sent to the number on record")
        AUTHORITY = "authority", _("Document, and power of attorney or proof of kinship")
        REGULATOR = "regulator", _("Named by the regulator")

    number = models.IntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.RECEIVED)
    party_id = models.UUIDField()
    asker = models.CharField(_("who asks"), max_length=8, choices=Asker.choices, default=Asker.SELF)
    channel = models.CharField(_("how it came"), max_length=9, choices=Channel.choices)
    received_on = models.DateField(_("received on"))
    due_on = models.DateField(_("to be answered by"))
    due_assumed = models.BooleanField(default=False)
    words = SealedText(_("what is asked for"))
    identity = models.CharField(_("identity"), max_length=9, choices=Identity.choices, blank=True, default="")
    assigned_to = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("worked on by")
    )
    answer = SealedText(_("answer"))
    evidence = SealedText(_("evidence"))
    refusal = models.CharField(
        _("reason of the refusal"),
        max_length=13,
        choices=[(code, ground.label) for code, ground in GROUNDS.items()],
        blank=True,
        default="",
    )
    registered_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    revision = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="compliance_personrequest_number"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        *("copy", "transfer", "correct", "delete", "explain", "review", "withdraw"),
                        *("objection", "complaint"),
                    ]
                ),
                name="compliance_personrequest_kind",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["received", "working", "answered", "refused", "withdrawn"]),
                name="compliance_personrequest_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["working", "answered"]) | ~Q(identity=""),
                name="compliance_personrequest_identified",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refusal=""), name="compliance_personrequest_refusal_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "due_on"], name="compliance_request_due"),
            models.Index(fields=["tenant", "party_id"], name="compliance_request_party"),
        ]

    def __str__(self) -> str:
        return f"request {self.number}"

    def key_subject(self) -> Subject:
        return Subject("party", self.party_id)


class PersonCopy(TenantModel):
    """What the installation held of a person when the copy was made: the JSON of it, sealed with the person's key.

    For a request for transfer it holds what goes to the named handler, and no more.

    Append-only: `digest` says later what was handed out.
    """

    request = models.ForeignKey(PersonRequest, models.PROTECT, related_name="copies")
    party_id = models.UUIDField()
    content = SealedText()
    digest = models.CharField(max_length=64)
    records = models.IntegerField(_("records"))
    made_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    def __str__(self) -> str:
        return f"copy for {self.request_id}"

    def key_subject(self) -> Subject:
        return Subject("party", self.party_id)


class HumanReview(TenantModel):
    """A person looked at what a machine had decided about somebody (PIPL 24): which decision, and what came of it."""

    class Result(models.TextChoices):
        UPHELD = "upheld", _("It stands")
        CHANGED = "changed", _("It was changed")
        VOID = "void", _("It was set aside, a person decides anew")

    request = models.ForeignKey(PersonRequest, models.PROTECT, related_name="reviews")
    party_id = models.UUIDField()
    decision = models.CharField(_("automated decision"), max_length=30)
    object_id = models.UUIDField()
    rules = models.CharField(_("version of the rules"), max_length=60, blank=True)
    result = models.CharField(_("result"), max_length=7, choices=Result.choices)
    words = SealedText(_("reasons"))
    reviewed_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(result__in=["upheld", "changed", "void"]), name="compliance_humanreview_result"
            )
        ]

    def __str__(self) -> str:
        return f"review of {self.object_id}"

    def key_subject(self) -> Subject:
        return Subject("party", self.party_id)


class RequestClock(TenantModel):
    """The lender's own, shorter number of days for a kind of request; the newest of a kind counts. Append-only."""

    kind = models.CharField(max_length=9, choices=PersonRequest.Kind.choices)
    days = models.SmallIntegerField(_("days"))
    set_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=60), name="compliance_requestclock_days")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.days}"


class ProcessingStop(TenantModel):
    """Of this person the data are stored and protected, and nothing else is done with them (PIPL 47 para. 2)."""

    class State(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("of a stop", "In force")
        LIFTED = "lifted", _("Lifted")

    class Reason(models.TextChoices):
        KEPT_BY_LAW = "kept_by_law", _("Kept only because the law asks for it")
        ASKED = "asked", _("The person refuses the processing")
        DISPUTED = "disputed", _("Right or wrong is in dispute")

    party_id = models.UUIDField()
    request = models.ForeignKey(PersonRequest, models.PROTECT, null=True, related_name="stops")
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.ACTIVE)
    reason = models.CharField(_("reason"), max_length=11, choices=Reason.choices)
    placed_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(auto_now_add=True)
    lifted_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    revision = models.IntegerField(default=1)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "party_id"], condition=Q(state="active"), name="compliance_processingstop_one"
            ),
            models.CheckConstraint(condition=Q(state__in=["active", "lifted"]), name="compliance_processingstop_state"),
            models.CheckConstraint(
                condition=Q(reason__in=["kept_by_law", "asked", "disputed"]), name="compliance_processingstop_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"stop for {self.party_id}"
