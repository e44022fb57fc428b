"""Facts about money: append-only. A correction is a new row; the database takes no update and no delete of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from carloan.core.models import NaturalTenantModel, TenantModel

from .loan import Loan


class ScheduleVersion(NaturalTenantModel):
    """One version of a loan's repayment plan (还款计划): how things stand from `effective_on` on.

    On a day counts the newest of the versions that are effective by then (`policies.plans`), so that a deferral can
    begin next month and a correction reach back. `recorded_at` says since when we know; the old ones stay readable.
    `replaces` is the number of the version before it.
    """

    class Reason(models.TextChoices):
        AGREED = "agreed", _("Agreed")
        DISBURSAL = "disbursal", _("Paid out")
        IMPORT = "import", _("Imported")
        CORRECTION = "correction", _("Correction")
        RESTRUCTURE = "restructure", _("Restructured")

    pk = models.CompositePrimaryKey("tenant_id", "loan_id", "version")
    loan = models.ForeignKey(Loan, models.PROTECT, related_name="schedule_versions", db_index=False)
    version = models.SmallIntegerField(_("version"))
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    method = models.CharField(_("repayment"), max_length=16, choices=Loan.Method.choices)
    principal = models.BigIntegerField(_("loan amount"))
    rate_ppm = models.IntegerField(_("yearly rate"))
    starts_on = models.DateField(_("interest from"))
    effective_on = models.DateField(_("counts from"))
    replaces = models.SmallIntegerField(_("replaces version"), null=True, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(NaturalTenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(version__gte=1, principal__gt=0, rate_ppm__gte=0), name="loans_scheduleversion_terms"
            ),
            models.CheckConstraint(
                condition=models.Q(version=1, replaces__isnull=True)
                | models.Q(version__gt=1, replaces__isnull=False, replaces__gte=1, replaces__lt=models.F("version")),
                name="loans_scheduleversion_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} v{self.version}"


class Instalment(NaturalTenantModel):
    """What is due on one day of a plan, in minor units. The database ties it to its version (migration 0009)."""

    pk = models.CompositePrimaryKey("tenant_id", "loan_id", "version", "number")
    loan = models.ForeignKey(Loan, models.PROTECT, related_name="instalments", db_index=False)
    version = models.SmallIntegerField(_("version"))
    number = models.SmallIntegerField(_("number"))
    due_on = models.DateField(_("due on"))
    principal = models.BigIntegerField(_("principal"))
    interest = models.BigIntegerField(_("interest"))
    fee = models.BigIntegerField(_("fee"), default=0)

    class Meta(NaturalTenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(version__gte=1, number__gte=1, principal__gte=0, interest__gte=0, fee__gte=0),
                name="loans_instalment_amounts",
            )
        ]
        # What falls due on a day, for every loan of a tenant: reminders, collections, close of business.
        indexes = [models.Index(fields=["tenant", "due_on"], name="loans_instalment_due")]

    def __str__(self) -> str:
        return f"{self.loan_id} #{self.number}"


class Payment(TenantModel):
    """Money that moved on a loan, with its value date (起息) and booking date (记账).

    What it pays is its `Allocation`. A reversal or chargeback is a row of its own with a negative amount that names
    the receipt it `corrects`, of the same loan, and takes back what that pays, share by share; a refund gives back no
    more than the loan has unallocated (by triggers, migration 0013). `reference` is the payer's or channel's number:
    the same one is booked once.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Receipt")
        REVERSAL = "reversal", _("Reversal")
        CHARGEBACK = "chargeback", _("Chargeback")
        REFUND = "refund", _("Refund")

    class Channel(models.TextChoices):
        DIRECT_DEBIT = "direct_debit", _("Direct debit")
        TRANSFER = "transfer", _("Bank transfer")
        WALLET = "wallet", _("Alipay or WeChat")
        CASH = "cash", _("Cash")
        IMPORTED = "imported", _("Reported by the core system")
        OTHER = "other", _("Other")

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="payments", db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.RECEIPT)
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices, default=Channel.OTHER)
    reference = models.CharField(_("reference"), max_length=80)
    amount = models.BigIntegerField(_("amount"))
    value_on = models.DateField(_("value date"))
    booked_on = models.DateField(_("booking date"))
    recorded_at = models.DateTimeField(auto_now_add=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", db_index=False
    )
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "loan", "reference"], name="loans_payment_reference"),
            models.UniqueConstraint(
                fields=["tenant", "corrects"],
                condition=models.Q(corrects__isnull=False),
                name="loans_payment_corrected_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["receipt", "reversal", "chargeback", "refund"]), name="loans_payment_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="receipt", corrects__isnull=True, amount__gt=0)
                | models.Q(kind__in=["reversal", "chargeback"], corrects__isnull=False, amount__lt=0)
                | models.Q(kind="refund", corrects__isnull=True, amount__lt=0),
                name="loans_payment_sign",
            ),
        ]
        # A loan's account in the order in which money counted.
        indexes = [models.Index(fields=["tenant", "loan", "value_on"], name="loans_payment_loan_value")]

    def __str__(self) -> str:
        return f"{self.reference} {self.amount}"


class Allocation(NaturalTenantModel):
    """One share of a payment: what it pays (冲抵), in minor units. The newest version of a payment counts.

    A version is written whole: its shares add up to the payment, and one of them, with no instalment, is what is not
    allocated, be it nothing. No payment stands without a version 1, and a refund gives back unallocated money only.
    Versions follow each other without a gap: version 3 replaces version 2. Shares go the way of their payment; only
    in a book that was taken over may a receipt use unallocated money of before (all by triggers, 0010 and 0013).
    """

    class Component(models.TextChoices):
        PRINCIPAL = "principal", _("Principal")
        INTEREST = "interest", _("Interest")
        PENALTY = "penalty", _("Penalty interest")
        COMPOUND = "compound", _("Compound interest")
        FEE = "fee", _("Fees and costs")
        OTHER = "other", _("Other")
        UNALLOCATED = "unallocated", _("Not allocated")

    class Reason(models.TextChoices):
        BOOKED = "booked", _("Booked")
        IMPORT = "import", _("Imported")
        REALLOCATED = "reallocated", _("Allocated later")
        CORRECTION = "correction", _("Correction")

    pk = models.CompositePrimaryKey("tenant_id", "payment_id", "version", "component", "instalment")
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="allocations", db_index=False)
    version = models.SmallIntegerField(_("version"))
    component = models.CharField(_("component"), max_length=11, choices=Component.choices)
    # The number in the repayment plan; 0 where the share is of no instalment, or nobody knows of which.
    instalment = models.SmallIntegerField(_("instalment"), default=0)
    amount = models.BigIntegerField(_("amount"))
    reason = models.CharField(_("reason"), max_length=11, choices=Reason.choices)
    recorded_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(NaturalTenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(component="unallocated", instalment=0)
                | (
                    models.Q(
                        component__in=["principal", "interest", "penalty", "compound", "fee", "other"],
                        instalment__gte=0,
                    )
                    & ~models.Q(amount=0)
                ),
                name="loans_allocation_share",
            ),
            models.CheckConstraint(
                condition=models.Q(version=1, reason__in=["booked", "import"])
                | models.Q(version__gt=1, reason__in=["reallocated", "correction"]),
                name="loans_allocation_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} v{self.version} {self.component} {self.amount}"


class OpeningPosition(TenantModel):
    """Where a loan stood when the book was taken over, or at a later statement of the core system (期初余额).

    Bitemporal: `as_of` is the day it speaks of, `recorded_at` when we learned it; a correction is a later row.
    NULL is what the source did not say.
    """

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="opening_positions", db_index=False)
    as_of = models.DateField(_("as of"))
    outstanding = models.BigIntegerField(_("outstanding principal"), null=True, blank=True)
    overdue = models.BigIntegerField(_("overdue amount"), null=True, blank=True)
    days_overdue = models.IntegerField(_("days overdue"), null=True, blank=True)
    periods_paid = models.IntegerField(_("instalments paid"), null=True, blank=True)
    remaining_term = models.IntegerField(_("months left"), null=True, blank=True)
    next_due_on = models.DateField(_("next due on"), null=True, blank=True)
    next_due = models.BigIntegerField(_("next amount due"), null=True, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        # The newest knowledge of a loan at a day.
        indexes = [models.Index(fields=["tenant", "loan", "as_of", "recorded_at"], name="loans_openingposition_loan")]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.as_of}"
