"""What a payment pays leaves its row: allocations in versions, tied to their payment by the database.

The columns of payments become version 1. Going back, the version that counts becomes columns again: fees and compound
interest, for which there are none, go to `other`, and what older versions and instalments told is gone.
"""

import django.db.models.deletion
from django.db import migrations, models

import carloan.core.tenancy
from carloan.core.migration_operations import append_only, between, guard_inserts

PARTS = ("principal", "interest", "penalty", "other")

COPY = """
INSERT INTO loans_allocation
    (tenant_id, payment_id, version, component, instalment, amount, reason, recorded_at, audit_event_id)
SELECT own.tenant_id, own.id, 1, part.component, 0, part.amount,
       CASE own.channel WHEN 'imported' THEN 'import' ELSE 'booked' END, own.recorded_at, own.audit_event_id
FROM loans_payment own CROSS JOIN LATERAL (VALUES
    ('principal', own.principal), ('interest', own.interest), ('penalty', own.penalty), ('other', own.other),
    ('unallocated', own.unallocated)
) part (component, amount)
WHERE part.amount <> 0 OR part.component = 'unallocated'
"""
RESTORE = """
UPDATE loans_payment own SET
    principal = now.principal, interest = now.interest, penalty = now.penalty,
    other = now.other, unallocated = now.unallocated
FROM (
    SELECT part.tenant_id, part.payment_id,
           coalesce(sum(part.amount) FILTER (WHERE component = 'principal'), 0) AS principal,
           coalesce(sum(part.amount) FILTER (WHERE component = 'interest'), 0) AS interest,
           coalesce(sum(part.amount) FILTER (WHERE component = 'penalty'), 0) AS penalty,
           coalesce(sum(part.amount) FILTER (WHERE component IN ('other', 'fee', 'compound')), 0) AS other,
           coalesce(sum(part.amount) FILTER (WHERE component = 'unallocated'), 0) AS unallocated
    FROM loans_allocation part
    JOIN (SELECT tenant_id, payment_id, max(version) AS version FROM loans_allocation GROUP BY 1, 2) newest
        USING (tenant_id, payment_id, version)
    GROUP BY 1, 2
) now
WHERE own.tenant_id = now.tenant_id AND own.id = now.payment_id
"""

# A version comes whole, in one statement. That it has one row of what is not allocated, whose key it shares with no
# other, keeps two transactions from making the same version, and anybody from adding to one that stands.
VERSION_IS_WHOLE = """
SELECT format('version %s of payment %s', made.version, made.payment_id)
FROM (
    SELECT tenant_id, payment_id, version, sum(amount) AS total,
           count(*) FILTER (WHERE component = 'unallocated') AS rests,
           bool_and(component = 'unallocated') AS untouched,
           count(DISTINCT audit_event_id) = 1 AND min(reason) = max(reason)
               AND min(recorded_at) = max(recorded_at) AS one_act
    FROM fresh GROUP BY tenant_id, payment_id, version
) made
LEFT JOIN loans_payment paid ON paid.tenant_id = made.tenant_id AND paid.id = made.payment_id
WHERE made.rests <> 1 OR NOT made.one_act
    OR CASE WHEN paid.id IS NULL THEN made.version > 1
            ELSE made.total <> paid.amount OR (paid.kind = 'refund' AND NOT made.untouched)
                OR (made.version > 1 AND NOT EXISTS (
                    SELECT 1 FROM loans_allocation before
                    WHERE before.tenant_id = made.tenant_id AND before.payment_id = made.payment_id
                        AND before.version = made.version - 1
                        AND before.component = 'unallocated' AND before.instalment = 0))
       END
LIMIT 1
"""
# The first version is written before its payment, so that neither is ever seen without the other.
PAYMENT_IS_ALLOCATED = """
SELECT format('payment %s', paid.id)
FROM fresh paid
WHERE paid.amount IS DISTINCT FROM (
        SELECT sum(part.amount) FROM loans_allocation part
        WHERE part.tenant_id = paid.tenant_id AND part.payment_id = paid.id AND part.version = 1)
    OR (paid.kind = 'refund' AND EXISTS (
        SELECT 1 FROM loans_allocation part
        WHERE part.tenant_id = paid.tenant_id AND part.payment_id = paid.id AND part.component <> 'unallocated'))
LIMIT 1
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0014_jurisdictions_and_calendars"), ("loans", "0009_plans_count_from_a_day")]

    operations = [
        migrations.CreateModel(
            name="Allocation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "tenant_id", "payment_id", "version", "component", "instalment",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("version", models.SmallIntegerField(verbose_name="version")),
                (
                    "component",
                    models.CharField(
                        choices=[
                            ("principal", "Principal"),
                            ("interest", "Interest"),
                            ("penalty", "Penalty interest"),
                            ("compound", "Compound interest"),
                            ("fee", "Fees and costs"),
                            ("other", "Other"),
                            ("unallocated", "Not allocated"),
                        ],
                        max_length=11,
                        verbose_name="component",
                    ),
                ),
                ("instalment", models.SmallIntegerField(default=0, verbose_name="instalment")),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("booked", "Booked"),
                            ("import", "Imported"),
                            ("reallocated", "Allocated later"),
                            ("correction", "Correction"),
                        ],
                        max_length=11,
                        verbose_name="reason",
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("audit_event_id", models.UUIDField()),
                (
                    "payment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="loans.payment",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        default=carloan.core.tenancy.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
            ],
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("component", "unallocated"), ("instalment", 0)),
                    models.Q(
                        (
                            "component__in",
                            ["principal", "interest", "penalty", "compound", "fee", "other"],
                        ),
                        ("instalment__gte", 0),
                        models.Q(("amount", 0), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="loans_allocation_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason__in", ["booked", "import"]), ("version", 1)),
                    models.Q(("reason__in", ["reallocated", "correction"]), ("version__gt", 1)),
                    _connector="OR",
                ),
                name="loans_allocation_reason",
            ),
        ),
        migrations.RemoveConstraint(model_name="payment", name="loans_payment_parts"),
        between("loans_payment", "loans_allocation", forward=COPY, back=RESTORE),
        *(migrations.RemoveField(model_name="payment", name=name) for name in (*PARTS, "unallocated")),
        append_only("loans_allocation"),
        guard_inserts("loans_allocation", "whole", VERSION_IS_WHOLE, "does not add up to its payment in one step"),
        guard_inserts("loans_payment", "allocated", PAYMENT_IS_ALLOCATED, "is not allocated to its last minor unit"),
    ]
