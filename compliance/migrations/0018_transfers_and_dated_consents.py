"""Transfers to a handler whom the person names (PIPL 45 para. 3); consents say truly when they were entered, and one that
is dated back names what shows it. Consents that stand already are left as they are."""

import carloan.core.ids
import carloan.core.sealed
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models

from carloan.core.migration_operations import append_only, guard_inserts

# By more than a day, so that no calendar of a lender makes a difference; the service looks at the day.
WRONG_CONSENT = """SELECT f.id::text FROM fresh f
    WHERE f.said_at > clock_timestamp() + interval '5 minutes'
        OR f.recorded_at NOT BETWEEN now() - interval '5 minutes' AND clock_timestamp() + interval '5 minutes'
        OR (f.given AND f.evidence IS NULL AND f.said_at < f.recorded_at - interval '1 day')
    LIMIT 1"""


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0017_registers_stay'),
        ('core', '0029_given_sign_in'),
    ]

    operations = [
        migrations.CreateModel(
            name='TransferRecipient',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('party_id', models.UUIDField()),
                ('name', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='handler that receives the data')),
                ('contact', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='contact of the handler')),
                ('credit_code', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='unified social credit code')),
                ('named_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('named_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recipients', to='compliance.personrequest')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='TransferCondition',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('party_id', models.UUIDField()),
                ('code', models.CharField(choices=[('identity', 'The true identity of who asks is verified'), ('scope', 'The person agreed to give the data, or they were collected under a contract with the person'), ('feasible', 'The transfer is technically feasible'), ('others', 'The transfer does no harm to the lawful rights of others')], max_length=8, verbose_name='condition')),
                ('met', models.BooleanField(choices=[(True, 'Met'), (False, 'Not met')], verbose_name='decision')),
                ('reason', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='reasons')),
                ('decided_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conditions', to='compliance.transferrecipient')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='TransferDelivery',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('party_id', models.UUIDField()),
                ('way', models.CharField(choices=[('person', 'Handed to the person, who takes it there'), ('medium', 'On a medium, to the named handler'), ('channel', "By the named handler's own way of taking data")], max_length=7, verbose_name='how it was handed over')),
                ('receiver', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='who took it')),
                ('evidence', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='receipt')),
                ('delivered_at', models.DateTimeField(verbose_name='handed over at')),
                ('digest', models.CharField(max_length=64)),
                ('fee', models.IntegerField(default=0, verbose_name='fee')),
                ('fee_reason', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='why a fee is taken')),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('copy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='compliance.personcopy')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='compliance.transferrecipient')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.RemoveConstraint(
            model_name='personrequest',
            name='compliance_personrequest_kind',
        ),
        migrations.AlterField(
            model_name='personrequest',
            name='kind',
            field=models.CharField(choices=[('copy', 'Access and copy'), ('transfer', 'Transfer to another handler'), ('correct', 'Correction'), ('delete', 'Deletion'), ('explain', 'Explanation of the rules'), ('review', 'Review of an automated decision'), ('withdraw', 'Withdrawal of consent'), ('objection', 'Objection to credit information'), ('complaint', 'Complaint passed on by a regulator')], max_length=9, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='personrequest',
            name='refusal',
            field=models.CharField(blank=True, choices=[('unproven', 'It is not shown that the person asks'), ('kept_by_law', 'The law keeps these records longer'), ('contract', 'Needed for the contract with the person'), ('duty', 'Needed for a duty that the law lays down'), ('secret', 'The law asks for secrecy or excuses from telling'), ('right_already', 'Checked, and right as it stands'), ('other_lender', 'Data are not given from one lender to another'), ('conditions', 'A condition of the transfer is not met')], default='', max_length=13, verbose_name='reason of the refusal'),
        ),
        migrations.AlterField(
            model_name='requestclock',
            name='kind',
            field=models.CharField(choices=[('copy', 'Access and copy'), ('transfer', 'Transfer to another handler'), ('correct', 'Correction'), ('delete', 'Deletion'), ('explain', 'Explanation of the rules'), ('review', 'Review of an automated decision'), ('withdraw', 'Withdrawal of consent'), ('objection', 'Objection to credit information'), ('complaint', 'Complaint passed on by a regulator')], max_length=9),
        ),
        migrations.AddConstraint(
            model_name='personrequest',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['copy', 'transfer', 'correct', 'delete', 'explain', 'review', 'withdraw', 'objection', 'complaint'])), name='compliance_personrequest_kind'),
        ),
        migrations.AddConstraint(
            model_name='transferdelivery',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ['person', 'medium', 'channel'])), name='compliance_transferdelivery_way'),
        ),
        migrations.AddConstraint(
            model_name='transferdelivery',
            constraint=models.CheckConstraint(condition=models.Q(('fee', 0), models.Q(('fee__gt', 0), ('fee__lte', 100000), ('fee_reason__isnull', False)), _connector='OR'), name='compliance_transferdelivery_fee'),
        ),
        migrations.AddConstraint(
            model_name='transferdelivery',
            constraint=models.UniqueConstraint(fields=('tenant', 'copy'), name='compliance_transferdelivery_once'),
        ),
        migrations.AddConstraint(
            model_name='transfercondition',
            constraint=models.CheckConstraint(condition=models.Q(('code__in', ['identity', 'scope', 'feasible', 'others'])), name='compliance_transfercondition_code'),
        ),
        migrations.AddConstraint(
            model_name='transfercondition',
            constraint=models.CheckConstraint(condition=models.Q(('reason__isnull', False)), name='compliance_transfercondition_reason'),
        ),
        append_only("compliance_transferrecipient"),
        append_only("compliance_transfercondition"),
        append_only("compliance_transferdelivery"),
        guard_inserts("compliance_consent", "dated", WRONG_CONSENT, "is a consent that is dated by nothing"),
    ]
