"""Registers that govern the house: auditor's packs, risks, rule changes, courses with their exams and gates."""

import carloan.core.ids
import carloan.core.sealed
import carloan.core.tenancy
import django.db.models.deletion
from django.db import migrations, models

from carloan.core.migration_operations import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('compliance', '0014_assessments_and_processors'),
        ('core', '0023_single_sign_on'),
    ]

    operations = [
        migrations.CreateModel(
            name='Course',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code', models.SlugField(max_length=40, verbose_name='code')),
                ('title', models.CharField(max_length=120, verbose_name='course')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('counts_from', models.PositiveSmallIntegerField(default=1)),
                ('pass_mark', models.PositiveSmallIntegerField(verbose_name='pass mark')),
                ('valid_months', models.PositiveSmallIntegerField(verbose_name='months of validity')),
                ('revision', models.IntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ExamGate',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('capability', models.CharField(max_length=60, verbose_name='right')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('audit_event_id', models.UUIDField()),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gates', to='compliance.course')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ExamResult',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveSmallIntegerField()),
                ('taken_on', models.DateField(verbose_name='day of the exam')),
                ('score', models.PositiveSmallIntegerField(verbose_name='score')),
                ('passed', models.BooleanField(verbose_name='passed')),
                ('valid_until', models.DateField(null=True, verbose_name='valid until')),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('voided_at', models.DateTimeField(null=True)),
                ('audit_event_id', models.UUIDField()),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='compliance.course')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('voided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Risk',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('title', models.CharField(max_length=120, verbose_name='risk')),
                ('description', models.TextField(blank=True, max_length=2000, verbose_name='cause and consequence')),
                ('measures', models.TextField(blank=True, max_length=2000, verbose_name='measures')),
                ('probability', models.SmallIntegerField(choices=[(1, 'Rare'), (2, 'Unlikely'), (3, 'Likely'), (4, 'Expected')], verbose_name='probability')),
                ('loss', models.SmallIntegerField(choices=[(1, 'Minor'), (2, 'Moderate'), (3, 'Serious'), (4, 'Critical')], verbose_name='loss')),
                ('next_review_on', models.DateField(verbose_name='next review')),
                ('closed_at', models.DateTimeField(null=True)),
                ('revision', models.IntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership', verbose_name='owner')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='RiskReview',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('probability', models.SmallIntegerField(choices=[(1, 'Rare'), (2, 'Unlikely'), (3, 'Likely'), (4, 'Expected')])),
                ('loss', models.SmallIntegerField(choices=[(1, 'Minor'), (2, 'Moderate'), (3, 'Serious'), (4, 'Critical')])),
                ('note', models.TextField(blank=True, max_length=1000, verbose_name='what was found')),
                ('next_review_on', models.DateField(null=True)),
                ('reviewed_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('reviewed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('risk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='compliance.risk')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='RuleChange',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('title', models.CharField(max_length=200, verbose_name='regulation')),
                ('citation', models.CharField(blank=True, max_length=200, verbose_name='citation')),
                ('effective_on', models.DateField(verbose_name='counts from')),
                ('state', models.CharField(choices=[('new', 'To be read'), ('read', 'To be decided'), ('decided', 'To be done'), ('done', 'Done')], default='new', max_length=8, verbose_name='state')),
                ('read_at', models.DateTimeField(null=True)),
                ('touches', models.JSONField(default=list, verbose_name='touches')),
                ('decision', models.TextField(blank=True, max_length=2000, verbose_name='decision')),
                ('decided_at', models.DateTimeField(null=True)),
                ('due_on', models.DateField(null=True, verbose_name='done by')),
                ('done_at', models.DateTimeField(null=True)),
                ('revision', models.IntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership', verbose_name='owner')),
                ('read_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='AuditorPack',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('release', models.CharField(max_length=40, verbose_name='release')),
                ('content', carloan.core.sealed.SealedText(blank=True, null=True)),
                ('digest', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('counts', models.JSONField(default=dict)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.job')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'number'), name='compliance_auditorpack_number'), models.UniqueConstraint(fields=('tenant', 'job'), name='compliance_auditorpack_job')],
            },
        ),
        migrations.AddConstraint(
            model_name='course',
            constraint=models.UniqueConstraint(fields=('tenant', 'code'), name='compliance_course_code'),
        ),
        migrations.AddConstraint(
            model_name='course',
            constraint=models.CheckConstraint(condition=models.Q(('pass_mark__gte', 1), ('pass_mark__lte', 100), ('valid_months__gte', 1), ('valid_months__lte', 120)), name='compliance_course_bounds'),
        ),
        migrations.AddConstraint(
            model_name='course',
            constraint=models.CheckConstraint(condition=models.Q(('counts_from__gte', 1), ('counts_from__lte', models.F('version'))), name='compliance_course_counts_from'),
        ),
        migrations.AddConstraint(
            model_name='examgate',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('tenant', 'capability', 'course'), name='compliance_examgate_once'),
        ),
        migrations.AddIndex(
            model_name='examresult',
            index=models.Index(fields=['tenant', 'member', 'course'], name='compliance_exam_of_member'),
        ),
        migrations.AddConstraint(
            model_name='examresult',
            constraint=models.CheckConstraint(condition=models.Q(('recorded_by', models.F('member')), _negated=True), name='compliance_examresult_not_own'),
        ),
        migrations.AddConstraint(
            model_name='examresult',
            constraint=models.CheckConstraint(condition=models.Q(('score__lte', 100)), name='compliance_examresult_score'),
        ),
        migrations.AddConstraint(
            model_name='examresult',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('passed', True), ('valid_until__isnull', False)), models.Q(('passed', False), ('valid_until', None)), _connector='OR'), name='compliance_examresult_valid'),
        ),
        migrations.AddConstraint(
            model_name='examresult',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('voided_at', None), ('voided_by', None)), models.Q(('voided_at__isnull', False), ('voided_by__isnull', False)), _connector='OR'), name='compliance_examresult_voided'),
        ),
        migrations.AddConstraint(
            model_name='examresult',
            constraint=models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('tenant', 'course', 'version', 'member', 'taken_on'), name='compliance_examresult_once'),
        ),
        migrations.AddIndex(
            model_name='risk',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['tenant', 'next_review_on'], name='compliance_risk_due'),
        ),
        migrations.AddConstraint(
            model_name='risk',
            constraint=models.UniqueConstraint(fields=('tenant', 'number'), name='compliance_risk_number'),
        ),
        migrations.AddConstraint(
            model_name='risk',
            constraint=models.CheckConstraint(condition=models.Q(('loss__in', [1, 2, 3, 4]), ('probability__in', [1, 2, 3, 4])), name='compliance_risk_grades'),
        ),
        migrations.AddConstraint(
            model_name='riskreview',
            constraint=models.CheckConstraint(condition=models.Q(('loss__in', [1, 2, 3, 4]), ('probability__in', [1, 2, 3, 4])), name='compliance_riskreview_grades'),
        ),
        migrations.AddConstraint(
            model_name='rulechange',
            constraint=models.UniqueConstraint(fields=('tenant', 'number'), name='compliance_rulechange_number'),
        ),
        migrations.AddConstraint(
            model_name='rulechange',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['new', 'read', 'decided', 'done'])), name='compliance_rulechange_state'),
        ),
        append_only("compliance_auditorpack"),
        append_only("compliance_riskreview"),
    ]
