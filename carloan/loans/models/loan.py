"""The loan, who stands in it, what it pays for, and who may exceptionally see it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.managers import UserObjectPermissionManager
from guardian.models import UserObjectPermissionBase

from carloan.core.ids import uuid7
from carloan.core.keys import Subject
from carloan.core.models import Branch, Membership, Tenant, TenantManager, TenantModel
from carloan.core.sealed import SealedText
from carloan.core.tenancy import current_tenant_id

from .people import Party


class Loan(TenantModel):  # type: ignore[django-manager-missing]  # guardian's manager has no types
    """A car loan or lease (贷款合同): its terms, where it stands, and the latest known balances.

    `contract_no` is the natural key: an import finds a loan by it. `external_no` is another system's number, which need
    not be unique. Balances are what `as_of` knew; the facts behind them are opening positions and payments. A balance
    that is NULL was not said by its source: unknown, never nothing. A loan that begins here owes nothing yet.
    `revision` counts changes, so that a change made from an old page is refused (compare-and-set).
    """

    class State(models.TextChoices):
        APPLICATION = "application", _("Application")
        APPROVAL = "approval", _("In approval")
        DISBURSAL = "disbursal", _("To be paid out")
        SERVICING = "servicing", _("In repayment")
        SETTLED = "settled", _("Settled")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        WRITTEN_OFF = "written_off", _("Written off")

    class Method(models.TextChoices):
        EQUAL_INSTALMENT = "equal_instalment", _("Equal instalments")
        EQUAL_PRINCIPAL = "equal_principal", _("Equal principal")
        INTEREST_FIRST = "interest_first", _("Interest first, principal at the end")
        BALLOON = "balloon", _("Equal instalments with a balloon")
        CUSTOM = "custom", _("Individual plan")

    contract_no = models.CharField(_("contract number"), max_length=64)
    external_no = models.CharField(_("number in the other system"), max_length=64, blank=True)
    product = models.CharField(_("product"), max_length=60, blank=True)
    state = models.CharField(_("stage"), max_length=12, choices=State.choices, default=State.APPLICATION)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    principal = models.BigIntegerField(_("loan amount"))
    rate_ppm = models.IntegerField(_("yearly rate"))
    term = models.IntegerField(_("months"))
    method = models.CharField(_("repayment"), max_length=16, choices=Method.choices, default=Method.EQUAL_INSTALMENT)
    balloon = models.BigIntegerField(_("balloon"), default=0)
    due_day = models.SmallIntegerField(_("due day"), default=1)
    opened_on = models.DateField(_("opened on"))
    disbursed_on = models.DateField(_("paid out on"), null=True, blank=True)
    first_due_on = models.DateField(_("first due on"), null=True, blank=True)
    matures_on = models.DateField(_("matures on"), null=True, blank=True)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, related_name="loans", verbose_name=_("branch")
    )
    officer = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="loans", verbose_name=_("loan officer")
    )
    outstanding = models.BigIntegerField(_("outstanding principal"), null=True, blank=True, default=0)
    overdue = models.BigIntegerField(_("overdue amount"), null=True, blank=True, default=0)
    days_overdue = models.IntegerField(_("days overdue"), null=True, blank=True, default=0)
    periods_paid = models.IntegerField(_("instalments paid"), null=True, blank=True, default=0)
    next_due_on = models.DateField(_("next due on"), null=True, blank=True)
    next_due = models.BigIntegerField(_("next amount due"), null=True, blank=True, default=0)
    as_of = models.DateField(_("balances as of"), null=True, blank=True)
    # Of the row of a file that it was last renewed from, under `index_version` of the lender's index key.
    import_digest = models.BinaryField(max_length=16, null=True)
    index_version = models.SmallIntegerField(default=1, db_default=1)
    revision = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "contract_no"], name="loans_loan_contract_no"),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "application",
                        "approval",
                        "disbursal",
                        "servicing",
                        "settled",
                        "declined",
                        "withdrawn",
                        "written_off",
                    ]
                ),
                name="loans_loan_state",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    method__in=["equal_instalment", "equal_principal", "interest_first", "balloon", "custom"]
                ),
                name="loans_loan_method",
            ),
            models.CheckConstraint(
                condition=models.Q(principal__gt=0, rate_ppm__gte=0, term__gt=0, balloon__gte=0),
                name="loans_loan_terms",
            ),
            models.CheckConstraint(condition=models.Q(due_day__gte=1, due_day__lte=31), name="loans_loan_due_day"),
        ]
        indexes = [
            # One index for each order of the list; each ends in id, which the keyset of a page needs.
            models.Index(fields=["tenant", "opened_on", "id"], name="loans_loan_opened"),
            models.Index(fields=["tenant", "principal", "id"], name="loans_loan_principal"),
            models.Index(fields=["tenant", "days_overdue", "id"], name="loans_loan_days_overdue"),
            # Search by the other system's number.
            models.Index(fields=["tenant", "external_no"], name="loans_loan_external"),
        ]

    def __str__(self) -> str:
        return self.contract_no

    def key_subject(self) -> Subject:
        return Subject("loan", self.id)


class LoanParty(TenantModel):
    """What a party is in one loan: borrower, co-borrower, guarantor, owner of the car, emergency contact."""

    class Role(models.TextChoices):
        BORROWER = "borrower", _("Borrower")
        CO_BORROWER = "co_borrower", _("Co-borrower")
        GUARANTOR = "guarantor", _("Guarantor")
        OWNER = "owner", _("Owner of the vehicle")
        EMERGENCY_CONTACT = "emergency_contact", _("Emergency contact")

    class Guarantee(models.TextChoices):
        # 民法典 686: without a clear agreement a guarantee is a general one.
        GENERAL = "general", _("General guarantee")
        JOINT = "joint", _("Joint and several guarantee")
        NOT_APPLICABLE = "", _("None")

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="loan_parties")
    party = models.ForeignKey(Party, models.PROTECT, related_name="loan_parties")
    role = models.CharField(_("role"), max_length=17, choices=Role.choices)
    guarantee = models.CharField(_("guarantee"), max_length=7, choices=Guarantee.choices, blank=True, default="")
    relation = models.CharField(_("relation to the borrower"), max_length=20, blank=True)
    revision = models.IntegerField(default=1, db_default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "loan", "party", "role"], name="loans_loanparty_once"),
            models.UniqueConstraint(
                fields=["tenant", "loan"], condition=models.Q(role="borrower"), name="loans_loanparty_one_borrower"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["borrower", "co_borrower", "guarantor", "owner", "emergency_contact"]),
                name="loans_loanparty_role",
            ),
            models.CheckConstraint(
                condition=models.Q(role="guarantor", guarantee__in=["general", "joint"])
                | (~models.Q(role="guarantor") & models.Q(guarantee="")),
                name="loans_loanparty_guarantee",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.loan_id}"


class FormerRole(TenantModel):
    """What a party was in a loan until somebody corrected it or took it out: append-only, so that it can always be told
    who once answered for a loan, and how, until when (`recorded_at`)."""

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="former_roles")
    party = models.ForeignKey(Party, models.PROTECT, related_name="former_roles")
    role = models.CharField(_("role"), max_length=17, choices=LoanParty.Role.choices)
    guarantee = models.CharField(_("guarantee"), max_length=7, choices=LoanParty.Guarantee.choices, blank=True)
    relation = models.CharField(_("relation to the borrower"), max_length=20, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.role} of {self.loan_id} until {self.recorded_at:%Y-%m-%d}"


class Vehicle(TenantModel):
    """The car a loan pays for. Its numbers are sealed with the loan's key and die with it."""

    class Condition(models.TextChoices):
        NEW = "new", _("New car")
        USED = "used", _("Used car")
        UNKNOWN = "unknown", _("Not known")

    class Use(models.TextChoices):
        PRIVATE = "private", _("Private")
        COMMERCIAL = "commercial", _("Commercial")
        RIDE_HAILING = "ride_hailing", _("Ride-hailing")
        UNKNOWN = "unknown", _("Not known")

    loan = models.ForeignKey(Loan, models.PROTECT, related_name="vehicles")
    vin = SealedText(_("VIN"))
    plate = SealedText(_("plate number"))
    engine_no = SealedText(_("engine number"))
    make = models.CharField(_("make"), max_length=60, blank=True)
    model = models.CharField(_("model"), max_length=80, blank=True)
    model_year = models.SmallIntegerField(_("model year"), null=True, blank=True)
    condition = models.CharField(_("condition"), max_length=7, choices=Condition.choices, default=Condition.UNKNOWN)
    use = models.CharField(_("use"), max_length=12, choices=Use.choices, default=Use.UNKNOWN)
    price = models.BigIntegerField(_("price"), null=True, blank=True)
    revision = models.IntegerField(default=1, db_default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    audit_event_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(condition__in=["new", "used", "unknown"]), name="loans_vehicle_condition"
            ),
            models.CheckConstraint(
                condition=models.Q(use__in=["private", "commercial", "ride_hailing", "unknown"]),
                name="loans_vehicle_use",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.make} {self.model}".strip()

    def key_subject(self) -> Subject:
        return Subject("loan", self.loan_id)


class LoanGrantManager(TenantManager["LoanGrant"], UserObjectPermissionManager):  # type: ignore[misc]
    """Guardian's verbs (assign_perm, remove_perm) behind the tenant's fence."""

    def get_queryset(self) -> Any:
        return TenantManager.get_queryset(self)


class LoanGrant(UserObjectPermissionBase):  # type: ignore[misc]
    """An exceptional right of one person on one loan (授权), outside their branches, until a day, for a reason."""

    id: Any = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant: Any = models.ForeignKey(Tenant, models.PROTECT, default=current_tenant_id, editable=False, related_name="+")
    user: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content_object: Any = models.ForeignKey(Loan, models.CASCADE, related_name="grants", db_column="loan_id")
    reason: Any = SealedText(_("reason"))
    valid_until: Any = models.DateField(_("valid until"), null=True, blank=True)
    granted_by: Any = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    created_at: Any = models.DateTimeField(auto_now_add=True)
    audit_event_id: Any = models.UUIDField()

    objects = LoanGrantManager()

    class Meta:
        base_manager_name = "objects"
        # Guardian's own unique key lacks the tenant and would tell one lender about another.
        unique_together: list[list[str]] = []
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "user", "content_object", "permission"], name="loans_loangrant_once"
            )
        ]

    def key_subject(self) -> Subject:
        return Subject("loan", self.content_object_id)

    def __str__(self) -> str:
        return f"{self.user_id} on {self.content_object_id}"
