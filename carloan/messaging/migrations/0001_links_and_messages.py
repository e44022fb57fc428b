"""One-time links, the messages that carry them, and files on their way in."""

import carloan.core.ids
import carloan.core.sealed
import carloan.core.tenancy
import datetime
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0029_given_sign_in'),
        ('loans', '0018_held_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='OneTimeLink',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('errand', models.CharField(max_length=20, verbose_name='what it is for')),
                ('wants', models.JSONField(default=list, verbose_name='asked for')),
                ('language', models.CharField(max_length=7, verbose_name='language')),
                ('channel', models.CharField(choices=[('sms', 'Text message'), ('email', 'E-mail'), ('screen', 'Copied or shown as QR code')], max_length=6, verbose_name='sent by')),
                ('code_way', models.CharField(choices=[('sms', 'Text message'), ('email', 'E-mail'), ('spoken', 'Told by the officer')], max_length=6, verbose_name='code by')),
                ('digest', models.BinaryField(max_length=32)),
                ('spoken_digest', models.BinaryField(max_length=32, null=True)),
                ('spoken_until', models.DateTimeField(null=True)),
                ('wrong', models.SmallIntegerField(default=0)),
                ('codes', models.SmallIntegerField(default=0)),
                ('uses', models.SmallIntegerField(default=0)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField(verbose_name='valid until')),
                ('opened_at', models.DateTimeField(null=True)),
                ('passed_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('audit_event_id', models.UUIDField()),
                ('code_contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.contactpoint')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.contactpoint')),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.loan')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.party')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=30, verbose_name='kind')),
                ('purpose', models.CharField(max_length=13, verbose_name='purpose')),
                ('channel', models.CharField(choices=[('sms', 'Text message'), ('email', 'E-mail')], max_length=5, verbose_name='by')),
                ('language', models.CharField(max_length=7, verbose_name='language')),
                ('template_version', models.IntegerField(default=0)),
                ('to', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='to')),
                ('subject', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='subject')),
                ('body', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='text')),
                ('secret', carloan.core.sealed.SealedText(blank=True, null=True)),
                ('state', models.CharField(choices=[('queued', 'To be sent'), ('sending', 'Being sent'), ('sent', 'Taken by the gateway'), ('delivered', 'Delivered'), ('failed', 'Not delivered'), ('unknown', 'Unknown, is asked about'), ('blocked', 'Not allowed'), ('cancelled', 'Called off')], default='queued', max_length=9, verbose_name='state')),
                ('why', models.CharField(blank=True, default='', max_length=60, verbose_name='why')),
                ('decision_id', models.UUIDField(null=True)),
                ('reference', models.CharField(blank=True, default='', max_length=100, verbose_name='number at the gateway')),
                ('due_at', models.DateTimeField(verbose_name='not before')),
                ('lease_until', models.DateTimeField(null=True)),
                ('attempts', models.SmallIntegerField(default=0)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('audit_event_id', models.UUIDField()),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.contactpoint')),
                ('loan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.loan')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='loans.party')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('link', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='messaging.onetimelink')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='LinkVisit',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('digest', models.BinaryField(max_length=32)),
                ('code_digest', models.BinaryField(max_length=32, null=True)),
                ('code_until', models.DateTimeField(null=True)),
                ('wrong', models.SmallIntegerField(default=0)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('passed_at', models.DateTimeField(null=True)),
                ('used_at', models.DateTimeField(null=True)),
                ('audit_event_id', models.UUIDField()),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='messaging.onetimelink')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='LinkUpload',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('loan_id', models.UUIDField()),
                ('want', models.CharField(max_length=40, verbose_name='asked for')),
                ('name', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='file name')),
                ('size', models.BigIntegerField(verbose_name='size')),
                ('sha256', models.CharField(max_length=64)),
                ('received', models.BigIntegerField(default=0)),
                ('state', models.CharField(choices=[('coming', 'On its way'), ('kept', 'Received'), ('dropped', 'Not taken')], default='coming', max_length=7, verbose_name='state')),
                ('why', models.CharField(blank=True, default='', max_length=30)),
                ('result_id', models.UUIDField(null=True)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uploads', to='messaging.onetimelink')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='UploadPiece',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('loan_id', models.UUIDField()),
                ('start', models.BigIntegerField()),
                ('body', carloan.core.sealed.SealedText(blank=True, null=True)),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('upload', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='messaging.linkupload')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ContactPolicy',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('quiet_from', models.TimeField(default=datetime.time(21, 0), verbose_name='Quiet from')),
                ('quiet_until', models.TimeField(default=datetime.time(8, 0), verbose_name='Quiet until')),
                ('audit_event_id', models.UUIDField()),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant',), name='messaging_contactpolicy_one')],
            },
        ),
        migrations.CreateModel(
            name='Gateway',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('sms', 'Text message'), ('email', 'E-mail')], max_length=5, verbose_name='channel')),
                ('address', models.CharField(max_length=200, verbose_name='address')),
                ('account', models.CharField(blank=True, max_length=120, verbose_name='account')),
                ('secret', carloan.core.sealed.SealedText(blank=True, null=True, verbose_name='secret')),
                ('sender', models.CharField(max_length=120, verbose_name='sender')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('audit_event_id', models.UUIDField()),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'channel'), name='messaging_gateway_channel'), models.CheckConstraint(condition=models.Q(('channel__in', ['sms', 'email'])), name='messaging_gateway_known')],
            },
        ),
        migrations.CreateModel(
            name='MessageTemplate',
            fields=[
                ('id', models.UUIDField(default=carloan.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=30, verbose_name='kind')),
                ('channel', models.CharField(choices=[('sms', 'Text message'), ('email', 'E-mail')], max_length=5, verbose_name='by')),
                ('language', models.CharField(max_length=7, verbose_name='language')),
                ('version', models.IntegerField(verbose_name='version')),
                ('subject', models.CharField(blank=True, max_length=120, verbose_name='subject')),
                ('body', models.TextField(verbose_name='text')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('audit_event_id', models.UUIDField()),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.membership')),
                ('tenant', models.ForeignKey(default=carloan.core.tenancy.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'kind', 'channel', 'language', 'version'), name='messaging_template_version')],
            },
        ),
        migrations.AddConstraint(
            model_name='onetimelink',
            constraint=models.UniqueConstraint(fields=('tenant', 'digest'), name='messaging_link_digest'),
        ),
        migrations.AddConstraint(
            model_name='onetimelink',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['sms', 'email', 'screen'])), name='messaging_link_channel'),
        ),
        migrations.AddConstraint(
            model_name='onetimelink',
            constraint=models.CheckConstraint(condition=models.Q(('code_way__in', ['sms', 'email', 'spoken'])), name='messaging_link_code_way'),
        ),
        migrations.AddConstraint(
            model_name='onetimelink',
            constraint=models.CheckConstraint(condition=models.Q(('channel', models.F('code_way')), _negated=True), name='messaging_link_two_ways'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('state__in', ['queued', 'sending', 'unknown'])), fields=['tenant', 'due_at'], name='messaging_message_due'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['tenant', 'loan', '-id'], name='messaging_message_loan'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['tenant', 'party', '-id'], name='messaging_message_party'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sending', 'sent', 'delivered', 'failed', 'unknown', 'blocked', 'cancelled'])), name='messaging_message_state'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['sms', 'email'])), name='messaging_message_channel'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sending', 'unknown']), ('secret__isnull', True), _connector='OR'), name='messaging_message_secret_gone'),
        ),
        migrations.AddConstraint(
            model_name='linkvisit',
            constraint=models.UniqueConstraint(fields=('tenant', 'digest'), name='messaging_visit_digest'),
        ),
        migrations.AddConstraint(
            model_name='linkupload',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['coming', 'kept'])), fields=('tenant', 'link', 'want', 'sha256'), name='messaging_upload_once'),
        ),
        migrations.AddConstraint(
            model_name='linkupload',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['coming', 'kept', 'dropped'])), name='messaging_upload_state'),
        ),
        migrations.AddConstraint(
            model_name='linkupload',
            constraint=models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='messaging_upload_size'),
        ),
        migrations.AddConstraint(
            model_name='uploadpiece',
            constraint=models.UniqueConstraint(fields=('tenant', 'upload', 'start'), name='messaging_piece_once'),
        ),
    ]
