"""What no service books is refused by the database too, whoever writes: signs, what undoes what, what is given back."""

from django.db import migrations, models

from carloan.core.migration_operations import guard_inserts

# Whoever undoes, gives back or tells anew holds the loan until the end, as the services do: two at once see each other.
_HOLD = """
PERFORM (
    SELECT 1 FROM loans_loan loan WHERE loan.tenant_id = one.tenant_id AND loan.id = one.loan_id FOR NO KEY UPDATE
) FROM ({loans}) one;
"""
HOLD_LOANS_OF_PAYMENTS = _HOLD.format(
    loans="SELECT DISTINCT tenant_id, loan_id FROM fresh WHERE kind <> 'receipt' ORDER BY loan_id"
)
HOLD_LOANS_OF_VERSIONS = _HOLD.format(
    loans="""
    SELECT DISTINCT made.tenant_id, paid.loan_id
    FROM fresh made CROSS JOIN LATERAL (
        SELECT each.loan_id FROM loans_payment each WHERE each.tenant_id = made.tenant_id AND each.id = made.payment_id
    ) paid
    WHERE made.version > 1 ORDER BY paid.loan_id
"""
)
# What a loan has unallocated: the newest version of each of its payments, each found by its key.
UNALLOCATED = """(
    SELECT sum((
        SELECT part.amount FROM loans_allocation part
        WHERE part.tenant_id = each.tenant_id AND part.payment_id = each.id
            AND part.component = 'unallocated' AND part.instalment = 0
        ORDER BY part.version DESC LIMIT 1))
    FROM loans_payment each WHERE each.tenant_id = {row}.tenant_id AND each.loan_id = {row}.loan_id
)"""

# Shares go the way of their payment. Its rest may go the other way in a book that was taken over, where a receipt used
# what was unallocated before it, and in what undoes such a receipt.
SHARES_GO_ONE_WAY = """
SELECT format('version %s of payment %s', made.version, made.payment_id)
FROM (
    SELECT payment_id, version, sum(amount) AS total, min(reason) AS reason,
           coalesce(min(amount) FILTER (WHERE component <> 'unallocated'), 0) AS least,
           coalesce(max(amount) FILTER (WHERE component <> 'unallocated'), 0) AS most,
           min(amount) FILTER (WHERE component = 'unallocated') AS rest
    FROM fresh GROUP BY tenant_id, payment_id, version
) made
WHERE CASE WHEN made.total > 0 THEN made.least < 0 OR (made.rest < 0 AND made.reason <> 'import')
           ELSE made.most > 0 END
LIMIT 1
"""
# Only a receipt that stands is told anew, and only with money that nobody has used or given back.
TOLD_ANEW = f"""
SELECT format('version %s of payment %s', made.version, made.payment_id)
FROM fresh made LEFT JOIN loans_payment paid ON paid.tenant_id = made.tenant_id AND paid.id = made.payment_id
WHERE made.version > 1 AND made.component = 'unallocated' AND (
    paid.kind IS DISTINCT FROM 'receipt'
    OR EXISTS (
        SELECT 1 FROM loans_payment undo WHERE undo.tenant_id = made.tenant_id AND undo.corrects_id = made.payment_id)
    OR (made.amount < (
            SELECT before.amount FROM loans_allocation before
            WHERE before.tenant_id = made.tenant_id AND before.payment_id = made.payment_id
                AND before.version = made.version - 1
                AND before.component = 'unallocated' AND before.instalment = 0)
        AND {UNALLOCATED.format(row="paid")} < 0))
LIMIT 1
"""
# A reversal and what its receipt pays now leave nothing, share by share. `corrects` is unique: once.
UNDOES_A_RECEIPT = """
SELECT format('payment %s', undo.id)
FROM fresh undo LEFT JOIN loans_payment done ON done.tenant_id = undo.tenant_id AND done.id = undo.corrects_id
WHERE undo.corrects_id IS NOT NULL AND (
    done.kind IS DISTINCT FROM 'receipt' OR done.loan_id <> undo.loan_id OR done.amount <> -undo.amount
    OR EXISTS (
        SELECT 1 FROM loans_allocation part
        WHERE part.tenant_id = undo.tenant_id AND part.payment_id IN (undo.id, done.id)
            AND part.version = (
                SELECT newest.version FROM loans_allocation newest
                WHERE newest.tenant_id = part.tenant_id AND newest.payment_id = part.payment_id
                    AND newest.component = 'unallocated' AND newest.instalment = 0
                ORDER BY newest.version DESC LIMIT 1)
        GROUP BY part.component, part.instalment HAVING sum(part.amount) <> 0))
LIMIT 1
"""
# What a refund gives back, or a receipt of a book that was taken over uses, was unallocated.
TAKES_WHAT_IS_THERE = f"""
SELECT format('payment %s', paid.id)
FROM fresh paid
WHERE (paid.kind = 'refund' OR (paid.kind = 'receipt' AND EXISTS (
        SELECT 1 FROM loans_allocation part
        WHERE part.tenant_id = paid.tenant_id AND part.payment_id = paid.id AND part.version = 1
            AND part.component = 'unallocated' AND part.instalment = 0 AND part.amount < 0)))
    AND {UNALLOCATED.format(row="paid")} < 0
LIMIT 1
"""


class Migration(migrations.Migration):
    dependencies = [("loans", "0012_unknown_figures")]

    operations = [
        migrations.RemoveConstraint(model_name="payment", name="loans_payment_sign"),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gt", 0), ("corrects__isnull", True), ("kind", "receipt")),
                    models.Q(
                        ("amount__lt", 0), ("corrects__isnull", False), ("kind__in", ["reversal", "chargeback"])
                    ),
                    models.Q(("amount__lt", 0), ("corrects__isnull", True), ("kind", "refund")),
                    _connector="OR",
                ),
                name="loans_payment_sign",
            ),
        ),
        guard_inserts("loans_allocation", "one_way", SHARES_GO_ONE_WAY, "has shares that go the other way"),
        guard_inserts(
            "loans_allocation",
            "told_anew",
            TOLD_ANEW,
            "tells anew what cannot be told so",
            first=HOLD_LOANS_OF_VERSIONS,
        ),
        guard_inserts(
            "loans_payment",
            "undoes",
            UNDOES_A_RECEIPT,
            "does not undo a receipt of its loan share by share",
            first=HOLD_LOANS_OF_PAYMENTS,
        ),
        guard_inserts("loans_payment", "takes", TAKES_WHAT_IS_THERE, "takes more than the loan has unallocated"),
    ]
