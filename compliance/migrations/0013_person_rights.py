"""Requests of persons and what was done about them, the consent register, stops of processing."""
import carloan.core.ids
import carloan.core.sealed
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models

from carloan.core.migration_operations import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0012_retention_units'),
        ('core', '0023_single_sign_on'),
    ]

    operations = [
        migrations.CreateModel(
            name='PersonRequest',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField(verbose_name='number')),
                ('kind', models.CharField(choices=[('copy', 'Access and copy'), ('correct', 'Correction'), ('delete', 'Deletion'), ('explain', 'Explanation of the rules'), ('review', 'Review of an automated decision'), ('withdraw', 'Withdrawal of consent'), ('objection', 'Objection to credit information'), ('complaint', 'Complaint passed on by a regulator')], max_length=9, verbose_name='kind')),
                ('state', models.CharField(choices=[('received', 'Identity to be checked'), ('working', 'Being worked on'), ('answered', 'Answered'), ('refused', 'Refused'), ('withdrawn', 'Taken back by the person')], default='received', max_length=9, verbose_name='state')),
                ('party_id', models.UUIDField()),
                ('asker', models.CharField(choices=[('self', 'The person'), ('attorney', 'Somebody with a power of attorney'), ('relative', 'A close relative of a deceased person')], default='self', max_length=8, verbose_name='who asks')),
                ('channel', models.CharField(choices=[('counter', 'At the counter'), ('phone', 'By telephone'), ('letter', 'By letter'), ('email', 'By e-mail'), ('online', 'Online'), ('regulator', 'Passed on by a regulator')], max_length=9, verbose_name='how it came')),
                ('received_on', models.DateField(verbose_name='received on')),
                ('due_on', models.DateField(verbose_name='to be answered by')),
                ('due_assumed', models.BooleanField(default=False)),
                ('words', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='what is asked for')),
                ('identity', models.CharField(blank=True, choices=[('', 'Not checked'), ('document', 'Original document seen'), ('callback', 'Called back on the number on record'), ('code', 'Code sent to the number on record'), ('authority', 'Document, and power of attorney or proof of kinship'), ('regulator', 'Named by the regulator')], default='', max_length=9, verbose_name='identity')),
                ('answer', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='answer')),
                ('evidence', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='evidence')),
                ('refusal', models.CharField(blank=True, choices=[('unproven', 'It is not shown that the person asks'), ('kept_by_law', 'The law keeps these records longer'), ('contract', 'Needed for the contract with the person'), ('duty', 'Needed for a duty that the law lays down'), ('secret', 'The law asks for secrecy or excuses from telling'), ('right_already', 'Checked, and right as it stands'), ('other_lender', 'Data are not given from one lender to another')], default='', max_length=13, verbose_name='reason of the refusal')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
                ('revision', models.IntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('assigned_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership', verbose_name='worked on by')),
                ('registered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='PersonCopy',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('party_id', models.UUIDField()),
                ('content', carloan.core.sealed.SealedText(blank=True, null=True)),
                ('digest', models.CharField(max_length=64)),
                ('records', models.IntegerField(verbose_name='records')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='compliance.personrequest')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='HumanReview',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('party_id', models.UUIDField()),
                ('decision', models.CharField(max_length=30, verbose_name='automated decision')),
                ('object_id', models.UUIDField()),
                ('rules', models.CharField(blank=True, max_length=60, verbose_name='version of the rules')),
                ('result', models.CharField(choices=[('upheld', 'It stands'), ('changed', 'It was changed'), ('void', 'It was set aside, a person decides anew')], max_length=7, verbose_name='result')),
                ('words', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='reasons')),
                ('reviewed_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('reviewed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='compliance.personrequest')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('party_id', models.UUIDField()),
                ('purpose', models.CharField(choices=[('notice', 'Statutory notices and papers of a court'), ('service', 'Running the loan'), ('collection', 'Contact about a debt'), ('marketing', 'Offers'), ('credit_query', 'Query at a credit bureau'), ('credit_report', 'Report to a credit bureau'), ('location', 'Position of the vehicle'), ('biometric', 'Face or voice recognition')], max_length=13, verbose_name='purpose')),
                ('channel', models.CharField(choices=[('any', 'Every way'), ('call', 'Telephone call'), ('sms', 'Text message'), ('email', 'E-mail'), ('wechat', 'WeChat'), ('app', 'App message'), ('letter', 'Letter'), ('visit', 'Visit')], max_length=6, verbose_name='channel')),
                ('given', models.BooleanField(choices=[(True, 'Given'), (False, 'Withdrawn')], verbose_name='what was said')),
                ('separate', models.BooleanField(default=False, verbose_name='separate consent')),
                ('proof', models.CharField(blank=True, choices=[('', 'None'), ('paper', 'Signed paper'), ('recording', 'Recording'), ('form', 'Form ticked online'), ('reply', 'Message or letter of the person'), ('counter', 'Said at the counter')], default='', max_length=9, verbose_name='shown by')),
                ('evidence', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='number of the paper, recording or form')),
                ('said_at', models.DateTimeField(verbose_name='said at')),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='compliance.personrequest')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ProcessingStop',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('party_id', models.UUIDField()),
                ('state', models.CharField(choices=[('active', 'In force'), ('lifted', 'Lifted')], default='active', max_length=6, verbose_name='state')),
                ('reason', models.CharField(choices=[('kept_by_law', 'Kept only because the law asks for it'), ('asked', 'The person refuses the processing'), ('disputed', 'Right or wrong is in dispute')], max_length=11, verbose_name='reason')),
                ('placed_at', models.DateTimeField(auto_now_add=True)),
                ('lifted_at', models.DateTimeField(null=True)),
                ('revision', models.IntegerField(default=1)),
                ('audit_event_id', models.UUIDField()),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('placed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='compliance.personrequest')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='RequestClock',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('copy', 'Access and copy'), ('correct', 'Correction'), ('delete', 'Deletion'), ('explain', 'Explanation of the rules'), ('review', 'Review of an automated decision'), ('withdraw', 'Withdrawal of consent'), ('objection', 'Objection to credit information'), ('complaint', 'Complaint passed on by a regulator')], max_length=9)),
                ('days', models.SmallIntegerField(verbose_name='days')),
                ('set_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddIndex(
            model_name='personrequest',
            index=models.Index(fields=['tenant', 'state', 'due_on'], name='compliance_request_due'),
        ),
        migrations.AddIndex(
            model_name='personrequest',
            index=models.Index(fields=['tenant', 'party_id'], name='compliance_request_party'),
        ),
        migrations.AddConstraint(
            model_name='personrequest',
            constraint=models.UniqueConstraint(fields=('tenant', 'number'), name='compliance_personrequest_number'),
        ),
        migrations.AddConstraint(
            model_name='personrequest',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['copy', 'correct', 'delete', 'explain', 'review', 'withdraw', 'objection', 'complaint'])), name='compliance_personrequest_kind'),
        ),
        migrations.AddConstraint(
            model_name='personrequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['received', 'working', 'answered', 'refused', 'withdrawn'])), name='compliance_personrequest_state'),
        ),
        migrations.AddConstraint(
            model_name='personrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['working', 'answered']), _negated=True), models.Q(('identity', ''), _negated=True), _connector='OR'), name='compliance_personrequest_identified'),
        ),
        migrations.AddConstraint(
            model_name='personrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('refusal', ''), _negated=True), _connector='OR'), name='compliance_personrequest_refusal_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='humanreview',
            constraint=models.CheckConstraint(condition=models.Q(('result__in', ['upheld', 'changed', 'void'])), name='compliance_humanreview_result'),
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(fields=['tenant', 'party_id', 'purpose'], name='compliance_consent_party'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('given', False), models.Q(('proof', ''), _negated=True), _connector='OR'), name='compliance_consent_shown'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('given', True), ('purpose__in', ['location', 'biometric']), _negated=True), ('separate', True), _connector='OR'), name='compliance_consent_separate'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['any', 'call', 'sms', 'email', 'wechat', 'app', 'letter', 'visit'])), name='compliance_consent_channel'),
        ),
        migrations.AddConstraint(
            model_name='processingstop',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('tenant', 'party_id'), name='compliance_processingstop_one'),
        ),
        migrations.AddConstraint(
            model_name='processingstop',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['active', 'lifted'])), name='compliance_processingstop_state'),
        ),
        migrations.AddConstraint(
            model_name='processingstop',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['kept_by_law', 'asked', 'disputed'])), name='compliance_processingstop_reason'),
        ),
        migrations.AddConstraint(
            model_name='requestclock',
            constraint=models.CheckConstraint(condition=models.Q(('days__gte', 1), ('days__lte', 60)), name='compliance_requestclock_days'),
        ),
        append_only("compliance_personcopy"),
        append_only("compliance_humanreview"),
        append_only("compliance_requestclock"),
        append_only("compliance_consent"),
    ]
