"""What a lender decides about masking: its policy in versions, and the openings that two people decide together."""

import django.db.models.deletion
from django.db import migrations, models

import carloan.core.ids
import carloan.core.tenancy
from carloan.core.migration_operations import append_only


def tenant() -> models.ForeignKey:
    return models.ForeignKey(
        default=carloan.core.tenancy.current_tenant_id,
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="core.tenant",
    )


def own_id() -> models.UUIDField:
    return models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)


def member(**more: bool) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.membership", **more
    )


class Migration(migrations.Migration):
    dependencies = [("compliance", "0003_anomalies"), ("core", "0017_sealing")]

    operations = [
        migrations.CreateModel(
            name="MaskingPolicy",
            fields=[
                ("id", own_id()),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("effective_on", models.DateField(verbose_name="counts from")),
                ("rules", models.JSONField(default=dict, verbose_name="rules")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("audit_event_id", models.UUIDField()),
                ("tenant", tenant()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "number"), name="compliance_maskingpolicy_number"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="compliance_maskingpolicy_from_one"
                    ),
                ],
            },
        ),
        append_only("compliance_maskingpolicy"),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", own_id()),
                ("kind", models.CharField(max_length=30, verbose_name="what")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for a decision"),
                            ("approved", "Approved, not opened yet"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("opened", "Opened"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("asked", models.JSONField(default=dict, verbose_name="things")),
                ("count", models.PositiveIntegerField(verbose_name="how many")),
                ("reason_code", models.CharField(max_length=30, verbose_name="reason")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="words of who decided")),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
                ("revision", models.PositiveIntegerField(default=1)),
                ("audit_event_id", models.UUIDField()),
                ("asked_by", member()),
                ("decided_by", member(null=True)),
                ("tenant", tenant()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "state", "id"], name="compliance_opening_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "approved", "refused", "withdrawn", "opened"])),
                        name="compliance_opening_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="compliance_opening_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "refused", "opened"]), _negated=True),
                            ("decided_by__isnull", False),
                            _connector="OR",
                        ),
                        name="compliance_opening_decided",
                    ),
                ],
            },
        ),
    ]
